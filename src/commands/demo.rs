//! `ocop demo`: a service with seasons of fictitious producers, and a tour.

use std::net::TcpListener;

use anyhow::{Context, bail, ensure};
use chrono::NaiveDate;
use clap::Args;
use ocop::app::{ReferenceScope, State, load_reference};
use ocop::config::Config;
use ocop::db::{Clock, migrate};
use ocop::demo::{self, Found, Tour};
use ocop::server;

use super::{print, progress};

/// The day of a demonstration.
#[derive(Args)]
pub struct Demo {
    /// Play as if this were today (Việt Nam); for tests. The clock runs on from nine in the morning.
    #[arg(long)]
    on: Option<NaiveDate>,
}

/// Plays the seasons when nothing is there, prints the tour, and serves until it is told to stop.
///
/// # Errors
/// When a setting does not fit a demonstration, or the address cannot be used.
pub fn demo(json: bool, config: Config, args: &Demo) -> anyhow::Result<()> {
    let config = demo::settings(config)?;
    // Requests are logged from `info` on: they would bury the tour.
    let filter = if config.log == "info" { "warn" } else { &config.log };
    let filter = tracing_subscriber::EnvFilter::try_new(filter).context("OCOP_LOG")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    drop(TcpListener::bind(config.listen).with_context(|| format!("OCOP_LISTEN {}", config.listen))?);

    migrate::up(&config.database)?;
    let mut found = demo::look(&config.database)?;
    if found == Found::HalfPlayed {
        eprintln!("The play in {} was cut off; it begins again.", config.data_dir.display());
        std::fs::remove_dir_all(&config.data_dir).with_context(|| config.data_dir.display().to_string())?;
        migrate::up(&config.database)?;
        found = Found::Nothing;
    }
    let state = match found {
        Found::Foreign => bail!("{} holds a database that is no demonstration", config.data_dir.display()),
        Found::Played { on, moved } => {
            ensure!(
                args.on.is_none_or(|asked| asked == on),
                "{} was played for {on}; remove that folder to play for another day",
                config.data_dir.display()
            );
            State::open(config, demo::clock(moved))?
        }
        Found::Nothing | Found::HalfPlayed => played(config, args.on)?,
    };
    let tour = demo::tour(&state)?;
    print(json, &tour, || in_words(&state.config, &tour))?;
    actix_web::rt::System::new().block_on(server::serve(state))?;
    Ok(())
}

/// A new database with reference data and seasons.
fn played(config: Config, on: Option<NaiveDate>) -> anyhow::Result<State> {
    let state = State::open(config, Clock::real())?;
    let today = state.db.clock().now().vietnam_day();
    let day = on.map_or_else(|| demo::day_of(today), Ok)?;
    if on.is_none() && day != today {
        eprintln!("Holidays are not recorded for {today}: the seasons are played as if today were {day}.");
    }
    demo::begin(&state.db, day)?;
    let mut shown = progress();
    load_reference(&state.db, ReferenceScope::Whole, &mut shown)?;
    demo::play(&state, day, day != today || on.is_some(), &mut shown)?;
    Ok(state)
}

fn in_words(config: &Config, tour: &Tour) -> String {
    let mut text = format!(
        "\nOCOP demonstration, played for {} – everything in it is made up.\n\nAPI and pages: {}\nData: {} (remove the folder to play again)\n\nAccounts (passwords of this start):\n",
        tour.on,
        tour.docs,
        config.data_dir.display()
    );
    for account in &tour.accounts {
        text += &format!("  {:<9} {:<34} {}   {}\n", account.role, account.email, account.password, account.name);
    }
    text += &format!("\nIn a shell, first sign in (for 15 minutes):\n\n{}\n", tour.sign_in);
    for (n, step) in tour.steps.iter().enumerate() {
        text += &format!("\n{}. {}\n\n", n + 1, step.title.en);
        if step.restart {
            text += &format!("kill -9 {}\n# start it again as before, with the same data, then:\n", std::process::id());
        }
        text += &format!("{}\n\n", step.run);
        for line in &step.expect {
            text += &format!("   → {line}\n");
        }
    }
    text
}
