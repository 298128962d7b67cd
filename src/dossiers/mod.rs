//! Intake: three kinds of dossier, the life of a dossier, hand-overs.

mod carrying; // what goes from one dossier into the next
mod clocks; // legal clocks, pauses, deadlines
pub mod documents; // papers put in and taken out
pub mod dto;
pub mod handing; // hand-over letters and their receipt
mod intake; // opened, written, marked, filed, reported on
pub mod model;
mod moving; // one move: who may make it, what it writes
mod papers; // which papers are there for a step
mod queue; // what waits for the caller, with counts
mod reform; // what a reform of units moves
mod refile; // filed again under the law in force
pub mod reminders; // deadlines and papers that must be told, once
pub mod routes;
pub mod rules; // the table of moves, who moves, which papers make a dossier complete
mod search; // dossiers found, with facets
mod show; // rows as the wire shows them, for this caller, today
mod steps; // the moves that a person makes directly
mod store;
mod voices; // for whom the caller speaks, and where

use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, ProducerId};
use crate::rulebook::marks::{Choice, Marks};

pub use handing::round_of;
pub use intake::{NewDossier, OwnMark, edit, held_stars, mark, open, report};
pub use model::Dossier;
pub use moving::{Deed, advance, book_of, moment_of, party_of};
pub use reform::MOVER;
pub use rules::{Action, Desk, Moment, Party, Status};
pub use steps::{Notice, Step, found_stars, step, told_by_notice};
pub use voices::parties_of;

/// A dossier that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// A dossier for an act whose ground is not the caller's territory: a seat in a council, a sheet.
/// The act looks that ground up first.
///
/// # Errors
/// 404 when there is none.
pub fn any(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    store::any(cx, id)?.ok_or(AppError::NotFound)
}

/// [`any`], locked until the deed ends.
///
/// # Errors
/// 404 when there is none.
pub fn hold_any(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    store::lock(cx, id)
}

/// The dossiers of an entry of the register go along when it leads to another one.
///
/// # Errors
/// When the database fails.
pub fn follow_producer(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()> {
    for id in store::move_producer(cx, from, into)? {
        audit::record(cx, "dossier.followed", "dossier", id.0, Details::none().with("producer", into))?;
    }
    Ok(())
}

/// What the producer marked about himself.
///
/// # Errors
/// When the database fails.
pub fn marks_of(cx: &mut Ctx<'_>, id: DossierId) -> Result<Marks> {
    let choice = |m: model::SelfMark| {
        let case = m.case_code.and_then(|c| c.parse().ok());
        (m.criterion, Choice { option: m.option_code, case, comment: m.comment })
    };
    Ok(store::marks(cx, id)?.into_iter().map(choice).collect())
}
