//! What the command line does, one file per command.

pub mod backup;
pub mod demo;
pub mod doctor;
pub mod import;
pub mod keys;
pub mod reference;
pub mod products;
pub mod serve;
pub mod sweep;
pub mod template;
pub mod user;
pub mod verify;
pub mod verify_audit;
pub mod verify_dossier;

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use ocop::config::Config;
use ocop::db::{Clock, Db, migrate};
use ocop::error::AppError;
use ocop::text::Lang;

/// The database, brought up to date and with the reference data that the service ships with.
///
/// # Errors
/// When it cannot be reached.
pub fn open(config: &Config) -> anyhow::Result<Db> {
    migrate::up(&config.database)?;
    let db = Db::open(&config.database, config.pool, Clock::real())?;
    reference::load(&db)?;
    Ok(db)
}

/// A refusal as a sentence for the terminal.
pub fn in_words(error: AppError) -> anyhow::Error {
    let problem = error.problem(Lang::En, "", "");
    let items: String = problem.errors.iter().map(|e| format!("\n  {}: {}", e.pointer, e.detail)).collect();
    anyhow::anyhow!("{}{items}", problem.detail)
}

/// Prints a result: as JSON, or in words.
///
/// # Errors
/// When it cannot be written.
pub fn print<T: serde::Serialize>(json: bool, value: &T, words: impl FnOnce() -> String) -> anyhow::Result<()> {
    say(&if json { serde_json::to_string(value)? } else { words() })
}

/// A text for the terminal. Whoever stops reading (`| head`) has read enough: that is no fault.
///
/// # Errors
/// When it cannot be written.
pub fn say(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(()),
    }
}

/// Shows how far long work is: a bar on a terminal, a line per tenth elsewhere; on stderr.
pub fn progress() -> impl FnMut(&str, usize, usize) {
    let bar = std::io::stderr().is_terminal().then(|| {
        let style = ProgressStyle::with_template("{msg:20} [{bar:30}] {pos}/{len}");
        ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    });
    let mut last = String::new();
    move |what, done, all| match &bar {
        Some(bar) => {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
            bar.set_message(what.to_owned());
        }
        None => {
            let tenths = (done * 10).checked_div(all).unwrap_or(10);
            let line = format!("{what}: {} %", tenths * 10);
            if line != last {
                eprintln!("{line}");
                last = line;
            }
        }
    }
}
