//! Publishing rulebooks and criteria sets: the ones that ship, and those that are imported.
//!
//! A record that a dossier pins never changes. Another content under the same key is a new revision
//! of a set; a rulebook that nothing pins yet is replaced, one in use is refused.

use serde_json::Value;

use super::criteria::{self, CriteriaSet, Wording, from_official};
use super::model::{RulebookRow, SetRow};
use super::rules::{self, Rulebook, check_all, settle};
use super::stop::Stop;
use super::store;
use crate::actor::Caller;
use crate::audit::{self, Details};
use crate::db::{Ctx, Db, Doc};
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{CriteriaSetId, RulebookId};
use crate::keys::sha256_hex;
use crate::outbox::{self, Topic};

crate::words! {
    /// What an import came to.
    pub enum Change {
        /// New.
        Added = "added",
        /// A new revision of a set, or a rulebook that nothing pinned yet.
        Revised = "revised",
        /// The same content was there.
        Unchanged = "unchanged",
    }
}

/// A rulebook that was published.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedRulebook {
    /// Identifier.
    pub id: RulebookId,
    /// Its code.
    pub code: String,
    /// What it came to.
    pub change: Change,
}

/// A criteria set that was published under one rulebook.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedSet {
    /// Identifier of the revision.
    pub id: CriteriaSetId,
    /// Code of the rulebook.
    pub rulebook: String,
    /// Code of the set.
    pub code: String,
    /// Its revision.
    pub revision: i32,
    /// What it came to.
    pub change: Change,
}

/// Publishes a rulebook, when it gets along with those that are there.
///
/// # Errors
/// 409 when it contradicts itself or another, or changes one that dossiers pin.
pub fn publish_rulebook(cx: &mut Ctx<'_>, book: &Rulebook) -> Result<PublishedRulebook> {
    let published = put_rulebook(cx, book)?;
    if published.change != Change::Unchanged {
        let details = Details::none().with("code", &published.code).with("change", published.change);
        audit::record(cx, "rulebook.published", "rulebook", published.id.0, details)?;
        outbox::tell(cx, Topic::Reference, published.id.0, serde_json::json!({ "rulebook": published.code }))?;
    }
    Ok(published)
}

fn put_rulebook(cx: &mut Ctx<'_>, book: &Rulebook) -> Result<PublishedRulebook> {
    book.check()?;
    let mut row = row_of(cx, book);
    let done = |row: &RulebookRow, change| PublishedRulebook { id: row.id, code: row.code.clone(), change };
    match store::hold_rulebook(cx, &book.id)? {
        Some(old) if old.sha256 == row.sha256 => Ok(done(&old, Change::Unchanged)),
        Some(old) => {
            gets_along(cx, book)?;
            row.id = old.id;
            match store::replace_unused(cx, &row)? {
                0 => Err(Stop::RulebookInUse(book.id.clone()).into()),
                _ => Ok(done(&row, Change::Revised)),
            }
        }
        None => {
            gets_along(cx, book)?;
            cx.try_step(|cx| store::insert_rulebook(cx, &row))
                .on_constraint("rulebooks_one_per_code", || Stop::RulebookInUse(book.id.clone()))?;
            Ok(done(&row, Change::Added))
        }
    }
}

fn row_of(cx: &Ctx<'_>, book: &Rulebook) -> RulebookRow {
    let body = Doc::of(book);
    RulebookRow {
        id: RulebookId::of_code(&book.id),
        code: book.id.clone(),
        number: book.decisions.last().map(|d| d.number.clone()).unwrap_or_default(),
        valid_from: book.valid_from,
        sha256: sha256_hex(body.text().as_bytes()),
        body,
        used: false,
        created_at: cx.now,
    }
}

/// Together with the others, settled: no kind of dossier has two rulebooks on one day.
fn gets_along(cx: &mut Ctx<'_>, book: &Rulebook) -> Result<()> {
    let mut books = read_all(cx)?;
    books.retain(|b| b.id != book.id);
    books.push(book.clone());
    Ok(check_all(&settle(books))?)
}

/// Every record as it was published, not settled.
pub(super) fn read_all(cx: &mut Ctx<'_>) -> Result<Vec<Rulebook>> {
    store::rulebooks(cx)?.iter().map(|row| row.body.read().map_err(AppError::internal)).collect()
}

/// Publishes a criteria set under every rulebook that names its decision.
///
/// # Errors
/// 409 when it contradicts itself or no rulebook names its decision.
pub fn publish_set(cx: &mut Ctx<'_>, set: &CriteriaSet) -> Result<Vec<PublishedSet>> {
    criteria::check(set).map_err(criteria::Stop::Inconsistent)?;
    let mut published = Vec::new();
    for (id, code) in rulebooks_of(cx, &set.rulebook)? {
        let done = put_set(cx, set, id, &code)?;
        if done.change != Change::Unchanged {
            let details = Details::none()
                .with("rulebook", &done.rulebook)
                .with("set", &done.code)
                .with("revision", done.revision)
                .with("wording", set.wording);
            audit::record(cx, "criteria_set.published", "criteria_set", done.id.0, details)?;
            outbox::tell(cx, Topic::Reference, done.id.0, serde_json::json!({ "criteriaSet": done.code }))?;
        }
        published.push(done);
    }
    match published.is_empty() {
        true => Err(Stop::DecisionUnknown(set.rulebook.clone()).into()),
        false => Ok(published),
    }
}

fn rulebooks_of(cx: &mut Ctx<'_>, decision: &str) -> Result<Vec<(RulebookId, String)>> {
    let mut found = Vec::new();
    for row in store::rulebooks(cx)? {
        let book: Rulebook = row.body.read().map_err(AppError::internal)?;
        // A table amended later names both decisions: `1048/QĐ-TTg + 781/QĐ-TTg`.
        if decision.split('+').map(str::trim).all(|n| book.decisions.iter().any(|d| d.number == n)) {
            found.push((row.id, row.code));
        }
    }
    Ok(found)
}

fn put_set(cx: &mut Ctx<'_>, set: &CriteriaSet, rulebook: RulebookId, book: &str) -> Result<PublishedSet> {
    // Held, so that two importers give revisions one after the other.
    store::hold_rulebook(cx, book)?;
    let body = Doc::of(set);
    let sha256 = sha256_hex(body.text().as_bytes());
    let before = store::revisions(cx, rulebook, &set.code)?;
    let done =
        |id, revision, change| PublishedSet { id, rulebook: book.to_owned(), code: set.code.clone(), revision, change };
    if let Some(same) = before.iter().find(|row| row.sha256 == sha256) {
        return Ok(done(same.id, same.revision, Change::Unchanged));
    }
    let revision = before.first().map_or(1, |newest| newest.revision + 1);
    let row = SetRow {
        id: CriteriaSetId::of_content(rulebook, &set.code, &sha256),
        rulebook_id: rulebook,
        code: set.code.clone(),
        wording: set.wording,
        revision,
        name_vi: set.name.vi.clone(),
        name_en: set.name.en.clone(),
        body,
        sha256,
        used: false,
        created_at: cx.now,
    };
    store::insert_set(cx, &row)?;
    Ok(done(row.id, revision, if revision == 1 { Change::Added } else { Change::Revised }))
}

/// Reads a criteria set: our shape, or the table of a decision in its own words.
///
/// # Errors
/// 409 when it cannot be read, says itself that it is incomplete, or contradicts itself.
pub fn read_set(json: &Value) -> Result<CriteriaSet> {
    if json.get("decision_number").is_some() {
        return Ok(from_official(json)?);
    }
    let set: CriteriaSet = serde_path_to_error::deserialize(json)
        .map_err(|e| criteria::Stop::Unreadable { at: format!("{}: {}", e.path(), e.inner()) })?;
    criteria::check(&set).map_err(criteria::Stop::Inconsistent)?;
    Ok(set)
}

/// Loads the rulebooks and criteria sets that ship; what is there stays. `progress` hears (what,
/// done, all).
///
/// # Errors
/// When the database fails.
pub fn load(db: &Db, progress: &mut dyn FnMut(&str, usize, usize)) -> Result<()> {
    let system = Caller::system("reference");
    let books = rules::embedded()?;
    progress("rulebooks", 0, books.len());
    let all = books.len();
    db.write_now(&system, move |cx| books.iter().try_for_each(|book| seed_rulebook(cx, book)))?;
    progress("rulebooks", all, all);
    let sets: Vec<&'static CriteriaSet> = criteria::sets().iter().chain(criteria::test_sets()).collect();
    let all = sets.len();
    progress("criteria sets", 0, all);
    db.write_now(&system, move |cx| sets.iter().try_for_each(|set| seed_set(cx, set)))?;
    progress("criteria sets", all, all);
    Ok(())
}

fn seed_rulebook(cx: &mut Ctx<'_>, book: &Rulebook) -> Result<()> {
    match store::hold_rulebook(cx, &book.id)? {
        Some(_) => Ok(()),
        None => store::insert_rulebook(cx, &row_of(cx, book)),
    }
}

fn seed_set(cx: &mut Ctx<'_>, set: &CriteriaSet) -> Result<()> {
    for (id, code) in rulebooks_of(cx, &set.rulebook)? {
        if store::revisions(cx, id, &set.code)?.iter().all(|row| row.wording != Wording::Short) {
            put_set(cx, set, id, &code)?;
        }
    }
    Ok(())
}
