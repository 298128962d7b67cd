//! A demonstration: seasons of fictitious producers in communes of the former Trà Vinh, played
//! through the service's own door under the laws of their days, and a tour of what came of it.
//!
//! The database of a demonstration is marked: `serve` refuses it, every answer and page says so,
//! and only in it is the second factor waived.

mod agenda; // the days of a play
mod life; // one dossier from the draft to the certificate
mod seasons; // who comes, in the order of time
mod sheets; // marks that come to a total
mod stage; // the door, the clock, the people
mod tour; // what a visitor can ask, and what is answered

use anyhow::{bail, ensure};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::actor::Caller;
use crate::app::{self, State};
use crate::auth::{self, sign_in, tokens, users};
use crate::config::{Config, DatabaseUrl, Profile};
use crate::db::{Clock, Ctx, Db, Moment, care};
use crate::error::{AppError, Result};
use crate::{places, recorder};

use agenda::Agenda;
use seasons::Outcome;
use stage::Stage;
pub use tour::{Account, Step, Tour};

/// The name of the fact that marks the database of a demonstration.
const FACT: &str = "demo";
/// The folder of a demonstration inside the data directory.
const FOLDER: &str = "demo";

/// What a marked database keeps about its play.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Mark {
    /// The day that it was played for.
    on: NaiveDate,
    /// How far its clock goes from the machine's, in microseconds: nothing unless a day was fixed.
    moved: i64,
    /// What came of it; nothing while it is being played.
    outcome: Option<Outcome>,
}

/// The settings of a demonstration: its own folder, its own embedded database, the loopback.
///
/// # Errors
/// For PostgreSQL, for the production profile, and for an address that others can reach.
pub fn settings(mut config: Config) -> anyhow::Result<Config> {
    if matches!(config.database, DatabaseUrl::Postgres(_)) {
        bail!("a demonstration makes an embedded database of its own and never touches PostgreSQL: unset DATABASE_URL");
    }
    ensure!(config.profile == Profile::Dev, "a demonstration does not run under the production profile: OCOP_PROFILE");
    ensure!(
        config.listen.ip().is_loopback(),
        "a demonstration waives the second factor: it listens on the loopback only, not on {} (OCOP_LISTEN)",
        config.listen
    );
    config.data_dir = config.data_dir.join(FOLDER);
    config.database = DatabaseUrl::Sqlite(config.data_dir.join("ocop.sqlite"));
    config.master_key_file = config.data_dir.join("master.key");
    config.storage = crate::config::Storage::Folder(None);
    // A proxy on this machine may give it a name of the machine; any other name would not lead here.
    let named = ["http://localhost", "https://localhost"].iter().filter_map(|n| config.public_url.strip_prefix(n));
    if !named.into_iter().any(|rest| rest.is_empty() || rest.starts_with(':')) {
        config.public_url = format!("http://{}", config.listen);
    }
    config.demo = true;
    Ok(config)
}

/// Whether a database is that of a demonstration.
///
/// # Errors
/// When the database fails.
pub fn is_marked(db: &Db) -> Result<bool> {
    db.read_now(&Caller::system(FACT), |cx| Ok(care::fact(cx, FACT)?.is_some()))
}

/// What is found in the folder of a demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or an empty database.
    Nothing,
    /// A play that was cut off.
    HalfPlayed,
    /// A play that can be served, and how far its clock goes from the machine's.
    Played {
        /// The day that it was played for.
        on: NaiveDate,
        /// Microseconds.
        moved: i64,
    },
    /// A database that is no demonstration.
    Foreign,
}

/// Looks at a migrated database before it is opened for good.
///
/// # Errors
/// When the database fails.
pub fn look(url: &DatabaseUrl) -> Result<Found> {
    let db = Db::open(url, 1, Clock::real())?;
    let kept = db.read_now(&Caller::system(FACT), mark)?;
    Ok(match kept {
        Some(Mark { outcome: Some(_), on, moved }) => Found::Played { on, moved },
        Some(_) => Found::HalfPlayed,
        None if app::has_reference(&db)? => Found::Foreign,
        None => Found::Nothing,
    })
}

fn mark(cx: &mut Ctx<'_>) -> Result<Option<Mark>> {
    let kept = care::fact(cx, FACT)?;
    kept.map(|text| serde_json::from_str(&text).map_err(AppError::internal)).transpose()
}

fn keep(db: &Db, mark: &Mark) -> Result<()> {
    let text = serde_json::to_string(mark).map_err(AppError::internal)?;
    db.write_now(&Caller::system(FACT), move |cx| care::keep_fact(cx, FACT, &text))
}

/// The day that a play without a fixed one ends on: this one, or the nearest for which holidays are
/// recorded. Periods of a year without holidays are never guessed, in a play as little as in earnest.
///
/// # Errors
/// When the calendar that ships cannot be read.
pub fn day_of(today: NaiveDate) -> anyhow::Result<NaiveDate> {
    agenda::nearest(today)
}

/// Marks a new database before anything is put into it.
///
/// # Errors
/// When the database fails.
pub fn begin(db: &Db, on: NaiveDate) -> Result<()> {
    keep(db, &Mark { on, moved: 0, outcome: None })
}

/// Plays the seasons up to a day. Without a fixed day the clock is the machine's afterwards.
///
/// # Errors
/// With the first act that was refused, or when the seasons do not fit before that day.
pub fn play(
    state: &State,
    on: NaiveDate,
    fixed: bool,
    progress: &mut dyn FnMut(&str, usize, usize),
) -> anyhow::Result<()> {
    let calendar = state.db.read_now(&Caller::system(FACT), places::calendar)?;
    let agenda = Agenda::ending(on, &calendar)?;
    let clock = state.db.clock();
    let real = Clock::real();
    let morning = Clock::real();
    morning.set_day(on);
    let last = if fixed { morning.now() } else { real.now() };
    clock.set_day(agenda.first - chrono::Days::new(life::LEAD));
    let mut done = 0;
    progress("seasons", done, seasons::ACTS);
    let outcome = {
        let mut stage = Stage::open(state, last)?;
        seasons::play(&mut stage, &agenda, &mut |_| {
            done += 1;
            progress("seasons", done, seasons::ACTS);
        })?
    };
    if !fixed {
        clock.set(real.now());
    }
    recorder::drain(&state.db, &state.master)?;
    let moved = if fixed { clock.now().micros() - real.now().micros() } else { 0 };
    keep(&state.db, &Mark { on, moved, outcome: Some(outcome) })?;
    Ok(())
}

/// The clock of a play that was kept.
pub fn clock(moved: i64) -> Clock {
    let clock = Clock::real();
    if moved != 0 {
        clock.set(Moment::from_micros(Clock::real().now().micros() + moved));
    }
    clock
}

/// The tour, with new passwords for its accounts: those of an earlier start end.
///
/// # Errors
/// When the database fails or nothing was played.
pub fn tour(state: &State) -> anyhow::Result<Tour> {
    let kept = state.db.read_now(&Caller::system(FACT), mark)?;
    let Some(Mark { on, outcome: Some(outcome), .. }) = kept else { bail!("nothing was played here") };
    let mut accounts = Vec::new();
    for account in &outcome.accounts {
        let password = auth::rules::code(rand::random());
        let hash = tokens::hash_password(&password)?;
        let email = account.email.clone();
        let set = state.db.write_now(&Caller::system(FACT), move |cx| {
            let user = users::by_email(cx, &email)?;
            let (_, code, _) = users::reset_code(cx, &user)?;
            sign_in::reset(cx, &code, &hash)
        })?;
        set.or_unauthenticated()?;
        accounts.push(Account {
            role: account.role.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            password,
        });
    }
    std::fs::write(state.config.data_dir.join("list.csv"), tour::LIST)?;
    tour::write(&state.config, on, &outcome, accounts)
}
