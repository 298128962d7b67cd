//! Intake: three kinds of dossier, the life of a dossier, hand-overs.

pub mod archive; // a dossier as one file that proves itself
mod behalf; // acting for the producer by a mandate
mod carrying; // what goes from one dossier into the next
mod corrections; // completion asked for, answered, settled
mod clocks; // legal clocks, pauses, deadlines
pub mod documents; // papers put in and taken out
pub mod dto;
pub mod forms; // Mẫu 01, 02, 03 as papers
pub mod handing; // hand-over letters and their receipt
mod ending; // a product is made no more: its dossiers stop
mod intake; // opened, written, marked, filed, reported on
pub mod model;
mod later; // stopped here, carried to a later round
mod messages; // messages, and notes of an office
mod moving; // one move: who may make it, what it writes
mod opened; // one dossier, each thing read once
mod opinions; // asked of departments
mod papers; // which papers are there for a step
mod queue; // what waits for the caller, with counts
pub mod receipts; // numbers of receipts, kept for paper dossiers
mod reform; // what a reform of units moves
mod refile; // filed again under the law in force
pub mod reminders; // deadlines and papers that must be told, once
pub mod routes;
pub mod rules; // the table of moves, who moves, which papers make a dossier complete
pub mod samples; // handed over, received, used
pub mod seals; // what was submitted, frozen and signed
mod search; // dossiers found, with facets
mod show; // rows as the wire shows them, for this caller, today
mod steps; // the moves that a person makes directly
mod store;
mod untold; // what a signed decision keeps to itself until it is published
mod voices; // for whom the caller speaks, and where

use std::collections::BTreeMap;

use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, ProducerId, ProductId};
use crate::rulebook::marks::{Choice, Marks};

pub use handing::round_of;
pub use intake::{NewDossier, OwnMark, edit, held_stars, mark, open, report};
pub use model::Dossier;
pub use moving::{Deed, advance, book_of, is_open, moment_of, party_of};
pub use reform::MOVER;
pub use rules::{Action, Desk, Moment, Party, Status};
pub use seals::Sealer;
pub use steps::{Notice, Step, found_stars, step, told_by_notice};
pub use voices::parties_of;

/// A dossier that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    let row = store::find(cx, id)?.ok_or(AppError::NotFound)?;
    untold::as_told(cx, row)
}

/// Of these dossiers, those that the caller may know about, each with its producer.
///
/// # Errors
/// When the database fails.
pub fn known(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<BTreeMap<DossierId, ProducerId>> {
    store::known(cx, ids)
}

/// A dossier that the caller may know about, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    get(cx, id)?;
    let row = store::lock(cx, id)?;
    untold::as_told(cx, row)
}

/// Of these dossiers, those about which a decision is signed and not published.
///
/// # Errors
/// When the database fails.
pub fn undisclosed(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<Vec<DossierId>> {
    store::undisclosed(cx, ids)
}

/// Tells by message what a decision did to a dossier: part of its publication, never before.
///
/// # Errors
/// When the database fails.
pub fn tell_decided(cx: &mut Ctx<'_>, id: DossierId) -> Result<()> {
    moving::tell_decided(cx, id)
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

/// Whether a product has a dossier that has not ended.
///
/// # Errors
/// When the database fails.
pub fn has_open(cx: &mut Ctx<'_>, product: ProductId) -> Result<bool> {
    store::has_open(cx, &[product])
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
    Ok(choices(&store::marks(cx, id)?))
}

fn choices(rows: &[model::SelfMark]) -> Marks {
    let choice = |m: &model::SelfMark| {
        let case = m.case_code.as_ref().and_then(|c| c.parse().ok());
        (m.criterion.clone(), Choice { option: m.option_code.clone(), case, comment: m.comment.clone() })
    };
    rows.iter().map(choice).collect()
}
