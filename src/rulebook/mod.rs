//! The regulation as dated data: decisions, bands, authorities, rounds, clocks, papers, criteria.

pub mod advice; // what to change for the next star
pub mod bands; // the mean as an exact fraction, and the bands of points that give the stars
pub mod criteria; // criteria sets: the record, its check, the sets that ship
pub mod dto;
mod kept; // records that were read once
pub mod marks; // what is chosen for each criterion, and its check
mod model;
pub mod preview; // what the marks give so far, and what the next star needs
mod publish; // rulebooks and sets that ship, and those that are imported
pub mod routes;
pub mod rules; // the record of a decision, its check, and what it answers
mod stop;
mod store;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CriteriaSetId, RulebookId};

pub use criteria::{
    ChoiceKind, CriteriaSet, Criterion, CriterionOption, KnockOut, KnockOutKind, Named, Section, Wording,
};
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
    /// SHA-256 of its canonical JSON.
    pub sha256: String,
    /// The table.
    pub set: CriteriaSet,
}

/// The heads of the rulebooks, and the records in order of validity, settled.
fn settled(cx: &mut Ctx<'_>) -> Result<(Vec<model::RulebookHead>, Arc<Vec<Rulebook>>)> {
    let heads = store::rulebook_heads(cx)?;
    let hashes: String = heads.iter().map(|head| head.sha256.as_str()).collect();
    let read = || {
        let mut books = Vec::new();
        for head in &heads {
            let body = store::rulebook_body(cx, head.id, &head.sha256)?.ok_or(AppError::NotFound)?;
            books.push(body.read().map_err(AppError::internal)?);
        }
        Ok(settle(books))
    };
    match kept::BOOKS.get(&hashes, read) {
        // An importer has put another record in its place meanwhile.
        Err(AppError::NotFound) => settled(cx),
        books => Ok((heads, books?)),
    }
}

/// A settled record with what its row says.
fn stored_book(heads: &[model::RulebookHead], book: &Rulebook) -> Option<StoredRulebook> {
    let head = heads.iter().find(|head| head.code == book.id)?;
    Some(StoredRulebook { id: head.id, used: head.used, book: book.clone() })
}

/// Every rulebook, in order of validity, settled.
///
/// # Errors
/// When the database fails.
pub fn all(cx: &mut Ctx<'_>) -> Result<Vec<StoredRulebook>> {
    let (heads, books) = settled(cx)?;
    Ok(books.iter().filter_map(|book| stored_book(&heads, book)).collect())
}

/// A rulebook by its identifier.
///
/// # Errors
/// 404 when there is none.
pub fn get(cx: &mut Ctx<'_>, id: RulebookId) -> Result<StoredRulebook> {
    let (heads, books) = settled(cx)?;
    let head = heads.iter().find(|head| head.id == id).ok_or(AppError::NotFound)?;
    find(&books, &head.code).and_then(|book| stored_book(&heads, book)).ok_or(AppError::NotFound)
}

/// The code of a rulebook and the SHA-256 of its record, as it stands: what a sealed document pins.
///
/// # Errors
/// 404 when there is none.
pub fn pinned(cx: &mut Ctx<'_>, id: RulebookId) -> Result<(String, String)> {
    let head = store::rulebook_heads(cx)?.into_iter().find(|h| h.id == id).ok_or(AppError::NotFound)?;
    Ok((head.code, head.sha256))
}

/// A rulebook by its code.
///
/// # Errors
/// 404 when there is none.
pub fn by_code(cx: &mut Ctx<'_>, code: &str) -> Result<StoredRulebook> {
    let (heads, books) = settled(cx)?;
    find(&books, code).and_then(|book| stored_book(&heads, book)).ok_or(AppError::NotFound)
}

/// The rulebook under which a dossier of a kind is filed on a day.
///
/// # Errors
/// 409 when none is in force, or two are.
pub fn for_filing(cx: &mut Ctx<'_>, kind: DossierKind, on: NaiveDate) -> Result<StoredRulebook> {
    let (heads, books) = settled(cx)?;
    let book = in_force(&books, kind, on)?;
    stored_book(&heads, book).ok_or(AppError::NotFound)
}

/// A criteria set by its identifier.
///
/// # Errors
/// 404 when there is none.
pub fn set(cx: &mut Ctx<'_>, id: CriteriaSetId) -> Result<StoredSet> {
    let head = store::set_head(cx, id)?.ok_or(AppError::NotFound)?;
    whole_set(cx, head)
}

/// The tables of these criteria sets.
///
/// # Errors
/// When the database fails.
pub fn sets(cx: &mut Ctx<'_>, ids: &[CriteriaSetId]) -> Result<BTreeMap<CriteriaSetId, CriteriaSet>> {
    let heads = store::set_heads(cx, ids)?;
    heads.into_iter().map(|head| Ok((head.id, whole_set(cx, head)?.set))).collect()
}

/// The newest revision of a set of a rulebook, whatever its wording.
///
/// # Errors
/// 409 when the rulebook has no such set.
pub fn newest_set(cx: &mut Ctx<'_>, rulebook: RulebookId, code: &str) -> Result<StoredSet> {
    let newest = store::newest_head(cx, rulebook, code)?;
    whole_set(cx, newest.ok_or_else(|| stop::Stop::SetUnknown(code.to_owned()))?)
}

fn whole_set(cx: &mut Ctx<'_>, head: model::SetHead) -> Result<StoredSet> {
    let read = || store::set_body(cx, head.id)?.read().map_err(AppError::internal);
    let set = kept::SETS.get(&head.sha256, read)?.as_ref().clone();
    Ok(StoredSet {
        id: head.id,
        rulebook_id: head.rulebook_id,
        set,
        code: head.code,
        wording: head.wording,
        revision: head.revision,
        used: head.used,
        sha256: head.sha256,
    })
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
        sha256: row.sha256,
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

/// Criteria sets that fit a query, by rulebook, code and revision, after a key.
///
/// # Errors
/// When the database fails.
pub fn heads(
    cx: &mut Ctx<'_>,
    asked: &dto::CriteriaQuery,
    after: Option<(String, String, i32)>,
    limit: i64,
) -> Result<Vec<dto::CriteriaSetHead>> {
    let keys = store::set_keys(cx)?;
    let newest = |k: &store::SetKey| {
        keys.iter()
            .all(|other| (&other.rulebook, &other.code) != (&k.rulebook, &k.code) || other.revision <= k.revision)
    };
    let every = asked.revisions.unwrap_or(false);
    let wanted = keys.iter().filter(|k| {
        asked.rulebook.as_ref().is_none_or(|code| *code == k.rulebook)
            && asked.set.as_ref().is_none_or(|code| *code == k.code)
            && (every || newest(k))
            && after.as_ref().is_none_or(|a| (&k.rulebook, &k.code, k.revision) > (&a.0, &a.1, a.2))
    });
    let limit = usize::try_from(limit).unwrap_or(0);
    wanted.take(limit).map(|k| Ok(set_head(set(cx, k.id)?, k, newest(k)))).collect()
}

fn set_head(stored: StoredSet, key: &store::SetKey, newest: bool) -> dto::CriteriaSetHead {
    dto::CriteriaSetHead {
        id: stored.id,
        rulebook: key.rulebook.clone(),
        code: stored.code,
        name: stored.set.name,
        wording: stored.wording,
        revision: stored.revision,
        newest,
        sector: stored.set.sector,
        group: stored.set.group,
        remarks: stored.set.remarks.len(),
        used: stored.used,
    }
}

/// The sets in which a product of this name may be filed on a day, the likeliest first.
///
/// # Errors
/// 409 when no rulebook is in force on that day.
pub fn suggest(cx: &mut Ctx<'_>, product: &str, on: NaiveDate) -> Result<Vec<dto::Suggestion>> {
    let book = for_filing(cx, DossierKind::First, on)?;
    let mut newest: Vec<StoredSet> = Vec::new();
    for row in store::sets_of(cx, book.id)? {
        if newest.last().is_none_or(|last| last.code != row.code) {
            newest.push(stored_set(row)?);
        }
    }
    let sets: Vec<CriteriaSet> = newest.iter().map(|s| s.set.clone()).collect();
    let suggestion = |(code, matched): (&str, &str)| {
        let stored = newest.iter().find(|s| s.set.code == code)?;
        Some(dto::Suggestion {
            id: stored.id,
            rulebook: book.book.id.clone(),
            code: code.to_owned(),
            name: stored.set.name.clone(),
            matched: matched.to_owned(),
        })
    };
    Ok(criteria::suggest(&sets, product).into_iter().take(10).filter_map(suggestion).collect())
}
