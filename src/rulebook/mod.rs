//! The regulation as dated data: decisions, bands, authorities, rounds, clocks, papers, criteria.

pub mod bands; // the mean as an exact fraction, and the bands of points that give the stars
pub mod criteria; // criteria sets: the record, its check, the sets that ship
pub mod marks; // what is chosen for each criterion, and its check
mod model;
pub mod preview; // what the marks give so far, and what the next star needs
mod publish; // rulebooks and sets that ship, and those that are imported
pub mod rules; // the record of a decision, its check, and what it answers
mod stop;
mod store;

use chrono::NaiveDate;

use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CriteriaSetId, RulebookId};

pub use criteria::{ChoiceKind, CriteriaSet, Criterion, CriterionOption, KnockOut, KnockOutKind, Named, Section, Wording};
pub use publish::{Change, PublishedRulebook, PublishedSet, load, publish_rulebook, publish_set, read_set};
pub use rules::{
    Authority, CodePattern, DossierKind, Outcome, PaperNeed, PaperRule, Pattern, Rulebook, Stage, Stop, embedded, find,
    in_force, settle,
};

/// A rulebook in the database, settled: ended by the newer one that replaces it.
#[derive(Debug, Clone)]
pub struct StoredRulebook {
    /// Identifier.
    pub id: RulebookId,
    /// Whether a dossier pins it.
    pub used: bool,
    /// The record.
    pub book: Rulebook,
}

/// One revision of a criteria set in the database.
#[derive(Debug, Clone)]
pub struct StoredSet {
    /// Identifier.
    pub id: CriteriaSetId,
    /// The rulebook it belongs to.
    pub rulebook_id: RulebookId,
    /// Its code.
    pub code: String,
    /// Whose words.
    pub wording: Wording,
    /// 1, 2, 3…
    pub revision: i32,
    /// Whether a dossier pins it.
    pub used: bool,
    /// The table.
    pub set: CriteriaSet,
}

/// Every rulebook, in order of validity, settled.
///
/// # Errors
/// When the database fails.
pub fn all(cx: &mut Ctx<'_>) -> Result<Vec<StoredRulebook>> {
    let rows = store::rulebooks(cx)?;
    let books = rows.iter().map(|row| row.body.read().map_err(AppError::internal)).collect::<Result<Vec<Rulebook>>>()?;
    let stored = |book: Rulebook| {
        let row = rows.iter().find(|row| row.code == book.id)?;
        Some(StoredRulebook { id: row.id, used: row.used, book })
    };
    Ok(settle(books).into_iter().filter_map(stored).collect())
}

/// A rulebook by its identifier.
///
/// # Errors
/// 404 when there is none.
pub fn get(cx: &mut Ctx<'_>, id: RulebookId) -> Result<StoredRulebook> {
    all(cx)?.into_iter().find(|b| b.id == id).ok_or(AppError::NotFound)
}

/// The rulebook under which a dossier of a kind is filed on a day.
///
/// # Errors
/// 409 when none is in force, or two are.
pub fn for_filing(cx: &mut Ctx<'_>, kind: DossierKind, on: NaiveDate) -> Result<StoredRulebook> {
    let stored = all(cx)?;
    let books: Vec<Rulebook> = stored.iter().map(|s| s.book.clone()).collect();
    let code = in_force(&books, kind, on)?.id.clone();
    stored.into_iter().find(|s| s.book.id == code).ok_or(AppError::NotFound)
}

/// A criteria set by its identifier.
///
/// # Errors
/// 404 when there is none.
pub fn set(cx: &mut Ctx<'_>, id: CriteriaSetId) -> Result<StoredSet> {
    stored_set(store::set(cx, id)?.ok_or(AppError::NotFound)?)
}

/// The newest revision of a set of a rulebook, whatever its wording.
///
/// # Errors
/// 409 when the rulebook has no such set.
pub fn newest_set(cx: &mut Ctx<'_>, rulebook: RulebookId, code: &str) -> Result<StoredSet> {
    let newest = store::revisions(cx, rulebook, code)?.into_iter().next();
    stored_set(newest.ok_or_else(|| stop::Stop::SetUnknown(code.to_owned()))?)
}

fn stored_set(row: model::SetRow) -> Result<StoredSet> {
    Ok(StoredSet {
        id: row.id,
        rulebook_id: row.rulebook_id,
        set: row.body.read().map_err(AppError::internal)?,
        code: row.code,
        wording: row.wording,
        revision: row.revision,
        used: row.used,
    })
}

/// Notes that a dossier pins both: from now on neither changes.
///
/// # Errors
/// When the database fails.
pub fn mark_used(cx: &mut Ctx<'_>, rulebook: RulebookId, set: CriteriaSetId) -> Result<()> {
    store::mark_rulebook(cx, rulebook)?;
    store::mark_set(cx, set)
}
