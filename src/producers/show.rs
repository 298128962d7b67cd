//! Producers, growing areas and craft villages as the wire shows them, to this caller.

use super::dto::{
    CraftVillageQuery, CraftVillageView, GrowingAreaQuery, GrowingAreaView, ProducerCard, ProducerQuery, ProducerView,
};
use super::model::Producer;
use super::store;
use crate::db::Ctx;
use crate::error::Result;
use crate::web::{Page, page};

/// A producer with what belongs to it.
///
/// # Errors
/// When the database fails.
pub fn producer(cx: &mut Ctx<'_>, row: Producer) -> Result<ProducerView> {
    let place = super::briefs(cx, [row.place_id])?.pop();
    let aliases = store::aliases(cx, row.id)?.into_iter().filter(|a| *a != row.name).collect();
    let acts = super::acts_on(cx, row.id.0)?;
    Ok(ProducerView::of(row, place, aliases, acts))
}

/// A page of the caller's producers, by name.
pub(super) fn producers(cx: &mut Ctx<'_>, query: &ProducerQuery) -> Result<Page<ProducerCard>> {
    let limit = page::limit(query.limit)?;
    let after = page::read_cursor(query.cursor.as_deref())?;
    let filter = store::Filter { q: query.q.clone(), place: query.place, kind: query.kind };
    let rows = store::page(cx, &filter, after, limit)?;
    let briefs = super::briefs(cx, rows.iter().map(|r| r.place_id))?;
    let place = |r: &Producer| briefs.iter().find(|b| Some(b.id) == r.place_id).cloned();
    Ok(Page::cut(rows, limit, |r| (r.name_sort.clone(), r.id)).map(|r| ProducerCard::of(&r, place(&r))))
}

/// A page of the growing areas of the caller's producers.
pub(super) fn growing_areas(cx: &mut Ctx<'_>, query: &GrowingAreaQuery) -> Result<Page<GrowingAreaView>> {
    let limit = page::limit(query.limit)?;
    let after = page::read_cursor(query.cursor.as_deref())?;
    let rows = store::areas(cx, query.producer, after, limit)?;
    Ok(Page::cut(rows, limit, |r| r.id).map(|r| GrowingAreaView::from(&r)))
}

/// A page of craft villages, by name.
pub(super) fn craft_villages(cx: &mut Ctx<'_>, query: &CraftVillageQuery) -> Result<Page<CraftVillageView>> {
    let limit = page::limit(query.limit)?;
    let after = page::read_cursor(query.cursor.as_deref())?;
    let rows = store::villages(cx, query.q.as_deref(), query.place, after, limit)?;
    Ok(Page::cut(rows, limit, |r| (r.name_sort.clone(), r.id)).map(|r| CraftVillageView::from(&r)))
}
