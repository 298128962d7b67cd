//! The reference data that the binary carries, loaded with visible progress.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use ocop::app::{ReferenceScope, load_reference};
use ocop::db::Db;

/// Loads what is missing: a bar on a terminal, nothing when all is there.
///
/// # Errors
/// When the database fails.
pub fn load(db: &Db) -> anyhow::Result<()> {
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{msg:>14} {wide_bar} {pos}/{len}")?);
    bar.enable_steady_tick(Duration::from_millis(200));
    load_reference(db, ReferenceScope::Whole, &mut |what, done, all| {
        bar.set_message(what.to_owned());
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    Ok(())
}
