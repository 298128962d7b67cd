//! `ocop backup DIR` and `ocop restore DIR`.

use std::path::PathBuf;

use clap::Args;
use ocop::backup::{self, Report};
use ocop::config::Config;

/// Where to.
#[derive(Args)]
pub struct Backup {
    /// A new or empty folder.
    pub folder: PathBuf,
}

/// Where from.
#[derive(Args)]
pub struct Restore {
    /// The folder of a backup.
    pub folder: PathBuf,
    /// Replace a database that holds data; it is kept beside the restored one.
    #[arg(long)]
    pub force: bool,
}

/// Backs up.
///
/// # Errors
/// As [`backup::backup`].
pub fn backup(json: bool, config: &Config, args: &Backup) -> anyhow::Result<()> {
    let done = backup::backup(config, &args.folder, &mut super::progress())?;
    super::print(json, &done, || say("backed up to", &args.folder, &done))
}

/// Restores.
///
/// # Errors
/// As [`backup::restore`].
pub fn restore(json: bool, config: &Config, args: &Restore) -> anyhow::Result<()> {
    let done = backup::restore(config, &args.folder, args.force, &mut super::progress())?;
    super::print(json, &done, || say("verified and restored from", &args.folder, &done))
}

fn say(what: &str, folder: &std::path::Path, done: &Report) -> String {
    let head = done.audit_head.as_deref().map(|h| format!("; newest block of the audit {h}")).unwrap_or_default();
    let next: String = done.next.iter().map(|line| format!("\nnext: {line}")).collect();
    format!("{what} {}: {} rows, {} documents, {} bytes{head}{next}", folder.display(), done.rows, done.files, done.bytes)
}
