//! All queries about rulebooks and criteria sets.

use diesel::prelude::*;

use super::model::{RulebookHead, RulebookRow, SetHead, SetRow};
use crate::db::schema::{criteria_sets, rulebooks};
use crate::db::{Conn, Ctx, Doc, MultiBackend};
use crate::error::Result;
use crate::ids::{CriteriaSetId, RulebookId};

/// Rulebooks are public: everybody sees all of them.
pub(super) fn rulebooks(cx: &mut Ctx<'_>) -> Result<Vec<RulebookRow>> {
    Ok(rulebooks::table
        .order((rulebooks::valid_from, rulebooks::code))
        .select(RulebookRow::as_select())
        .load(cx.conn)?)
}

/// The same without the records.
pub(super) fn rulebook_heads(cx: &mut Ctx<'_>) -> Result<Vec<RulebookHead>> {
    Ok(rulebooks::table
        .order((rulebooks::valid_from, rulebooks::code))
        .select(RulebookHead::as_select())
        .load(cx.conn)?)
}

/// The record of a rulebook, while it has this hash.
pub(super) fn rulebook_body(cx: &mut Ctx<'_>, id: RulebookId, sha256: &str) -> Result<Option<Doc>> {
    let query = rulebooks::table.find(id).filter(rulebooks::sha256.eq(sha256.to_owned()));
    Ok(query.select(rulebooks::body).first(cx.conn).optional()?)
}

/// The rulebook with a code, held against other importers and against those who pin it.
pub(super) fn hold_rulebook(cx: &mut Ctx<'_>, code: &str) -> Result<Option<RulebookRow>> {
    let query = rulebooks::table.filter(rulebooks::code.eq(code));
    Ok(match cx.conn {
        Conn::Pg(c) => query.for_update().select(RulebookRow::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => query.select(RulebookRow::as_select()).first(c).optional()?,
    })
}

pub(super) fn insert_rulebook(cx: &mut Ctx<'_>, row: &RulebookRow) -> Result<()> {
    diesel::insert_into(rulebooks::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Puts another record in the place of one that nothing pins yet; answers how many were changed.
pub(super) fn replace_unused(cx: &mut Ctx<'_>, row: &RulebookRow) -> Result<usize> {
    Ok(diesel::update(rulebooks::table.find(row.id).filter(rulebooks::used.eq(false)))
        .set((
            rulebooks::number.eq(&row.number),
            rulebooks::valid_from.eq(row.valid_from),
            rulebooks::body.eq(&row.body),
            rulebooks::sha256.eq(&row.sha256),
        ))
        .execute(cx.conn)?)
}

pub(super) fn mark_rulebook(cx: &mut Ctx<'_>, id: RulebookId) -> Result<()> {
    diesel::update(rulebooks::table.find(id).filter(rulebooks::used.eq(false)))
        .set(rulebooks::used.eq(true))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn mark_set(cx: &mut Ctx<'_>, id: CriteriaSetId) -> Result<()> {
    diesel::update(criteria_sets::table.find(id).filter(criteria_sets::used.eq(false)))
        .set(criteria_sets::used.eq(true))
        .execute(cx.conn)?;
    Ok(())
}

type Query = criteria_sets::BoxedQuery<'static, MultiBackend>;

/// Criteria sets are public: everybody sees all of them.
fn visible() -> Query {
    criteria_sets::table.into_boxed()
}

pub(super) fn set_head(cx: &mut Ctx<'_>, id: CriteriaSetId) -> Result<Option<SetHead>> {
    Ok(visible().filter(criteria_sets::id.eq(id)).select(SetHead::as_select()).first(cx.conn).optional()?)
}

pub(super) fn set_heads(cx: &mut Ctx<'_>, ids: &[CriteriaSetId]) -> Result<Vec<SetHead>> {
    Ok(visible().filter(criteria_sets::id.eq_any(ids.to_vec())).select(SetHead::as_select()).load(cx.conn)?)
}

pub(super) fn set_body(cx: &mut Ctx<'_>, id: CriteriaSetId) -> Result<Doc> {
    Ok(visible().filter(criteria_sets::id.eq(id)).select(criteria_sets::body).first(cx.conn)?)
}

/// The newest revision of a set, without its table.
pub(super) fn newest_head(cx: &mut Ctx<'_>, rulebook: RulebookId, code: &str) -> Result<Option<SetHead>> {
    Ok(visible()
        .filter(criteria_sets::rulebook_id.eq(rulebook))
        .filter(criteria_sets::code.eq(code.to_owned()))
        .order(criteria_sets::revision.desc())
        .select(SetHead::as_select())
        .first(cx.conn)
        .optional()?)
}

/// The revisions of a set, the newest first.
pub(super) fn revisions(cx: &mut Ctx<'_>, rulebook: RulebookId, code: &str) -> Result<Vec<SetRow>> {
    Ok(visible()
        .filter(criteria_sets::rulebook_id.eq(rulebook))
        .filter(criteria_sets::code.eq(code.to_owned()))
        .order(criteria_sets::revision.desc())
        .select(SetRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn insert_set(cx: &mut Ctx<'_>, row: &SetRow) -> Result<()> {
    diesel::insert_into(criteria_sets::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// What names a revision of a set.
pub(super) struct SetKey {
    pub(super) id: CriteriaSetId,
    pub(super) rulebook: String,
    pub(super) code: String,
    pub(super) revision: i32,
}

/// The names of all revisions, by rulebook, code and revision: a small table, read without bodies.
pub(super) fn set_keys(cx: &mut Ctx<'_>) -> Result<Vec<SetKey>> {
    let rows: Vec<(CriteriaSetId, String, String, i32)> = criteria_sets::table
        .inner_join(rulebooks::table.on(rulebooks::id.eq(criteria_sets::rulebook_id)))
        .select((criteria_sets::id, rulebooks::code, criteria_sets::code, criteria_sets::revision))
        .load(cx.conn)?;
    let key = |(id, rulebook, code, revision)| SetKey { id, rulebook, code, revision };
    let mut keys: Vec<SetKey> = rows.into_iter().map(key).collect();
    keys.sort_by(|a, b| (&a.rulebook, &a.code, a.revision).cmp(&(&b.rulebook, &b.code, b.revision)));
    Ok(keys)
}

/// Every revision of the sets of a rulebook, by code, the newest first.
pub(super) fn sets_of(cx: &mut Ctx<'_>, rulebook: RulebookId) -> Result<Vec<SetRow>> {
    Ok(visible()
        .filter(criteria_sets::rulebook_id.eq(rulebook))
        .order((criteria_sets::code, criteria_sets::revision.desc()))
        .select(SetRow::as_select())
        .load(cx.conn)?)
}
