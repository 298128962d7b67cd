//! Commands of the operator: backup, restore, doctor, sweep.

pub mod backup;
pub mod doctor;
pub mod sweep;

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Prints a result: as JSON, or in words.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn print<T: serde::Serialize>(json: bool, value: &T, words: impl FnOnce() -> String) -> anyhow::Result<()> {
    match json {
        true => println!("{}", serde_json::to_string(value)?),
        false => println!("{}", words()),
    }
    Ok(())
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
