//! `ocop serve`.

use std::io::IsTerminal;

use anyhow::{Context, bail};
use ocop::app::State;
use ocop::config::Config;
use ocop::db::{Clock, migrate};
use ocop::{demo, server};

/// Serves until it is told to stop.
///
/// # Errors
/// When a setting, the database or the address cannot be used.
pub fn serve(config: Config) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).context("OCOP_LOG")?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_json {
        true => subscriber.json().init(),
        false => subscriber.init(),
    }
    migrate::up(&config.database)?;
    let state = State::open(config, Clock::real())?;
    if demo::is_marked(&state.db)? {
        bail!("this database is a demonstration: `ocop demo` serves it; give real work another OCOP_DATA_DIR");
    }
    super::reference::load(&state.db)?;
    if let Some(text) = server::offer_first_administrator(&state)? {
        let path = state.config.data_dir.join("first-admin-link.txt");
        tracing::info!(file = %path.display(), "there is no administrator yet: the file holds a one-time code for the first one");
        // The log goes to stderr: the code may be shown there to a person only, and never into a file.
        if std::io::stdout().is_terminal() {
            println!("{text}");
        } else if std::io::stderr().is_terminal() {
            eprintln!("{text}");
        }
    }
    actix_web::rt::System::new().block_on(server::serve(state))?;
    Ok(())
}
