//! Products of the register as the wire shows them, to this caller.

use chrono::Days;

use super::dto::{
    EXPIRING_WITHIN, EvidenceQuery, EvidenceState, EvidenceVersionView, LibraryPaper, LibraryPaperHistory, ProductCard,
    ProductQuery, ProductView,
};
use super::model::{Evidence, Product};
use super::store;
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::EvidenceId;
use crate::producers;
use crate::web::{Page, page};

/// A product with what belongs to it.
pub(super) fn product(cx: &mut Ctx<'_>, row: Product) -> Result<ProductView> {
    let id = row.id;
    let place = producers::briefs(cx, [row.place_id])?.pop();
    Ok(ProductView {
        place,
        aliases: store::aliases(cx, id)?.into_iter().filter(|a| *a != row.name).collect(),
        codes: store::codes(cx, id)?.into_iter().map(Into::into).collect(),
        photos: store::photos(cx, id)?.into_iter().map(Into::into).collect(),
        acts: producers::acts_on(cx, id.0)?.into_iter().map(Into::into).collect(),
        ..ProductView::bare(row)
    })
}

/// A page of the caller's products, by name.
pub(super) fn products(cx: &mut Ctx<'_>, query: &ProductQuery) -> Result<Page<ProductCard>> {
    let limit = page::limit(query.limit)?;
    let after = page::read_cursor(query.cursor.as_deref())?;
    let producers = query.producer.map(|p| producers::same_as(cx, p)).transpose()?;
    let filter = store::Filter {
        q: query.q.clone(),
        place: query.place,
        producers,
        group: query.group.clone(),
        set: query.set.clone(),
    };
    let rows = store::page(cx, &filter, after, limit)?;
    let briefs = producers::briefs(cx, rows.iter().map(|r| r.place_id))?;
    let place = |r: &Product| briefs.iter().find(|b| Some(b.id) == r.place_id).cloned();
    Ok(Page::cut(rows, limit, |r| (r.name_sort.clone(), r.id)).map(|r| ProductCard::of(&r, place(&r))))
}

/// A paper with every version.
pub(super) fn evidence(cx: &mut Ctx<'_>, row: Evidence) -> Result<LibraryPaperHistory> {
    let versions = store::evidence::versions(cx, row.id)?;
    let newest = versions.last().cloned().ok_or(AppError::NotFound)?;
    let used = store::evidence::used_in(cx, &versions.iter().map(|v| v.id).collect::<Vec<_>>())?;
    Ok(LibraryPaperHistory {
        evidence: LibraryPaper::of((row, newest), &used, cx.today(), EXPIRING_WITHIN),
        versions: versions.into_iter().map(|v| EvidenceVersionView::of(v, &used)).collect(),
    })
}

/// A page of the caller's papers, the last added first.
pub(super) fn evidence_page(cx: &mut Ctx<'_>, query: &EvidenceQuery) -> Result<Page<LibraryPaper>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i64, EvidenceId)> = page::read_cursor(query.cursor.as_deref())?;
    let after = after.map(|(at, id)| (Moment::from_micros(at), id));
    let within = query.within.unwrap_or(EXPIRING_WITHIN);
    let today = cx.today();
    // The first day that is not "expiring" any more.
    let calm = today + Days::new(u64::from(within) + 1);
    let (ends_from, ends_before) = match query.state {
        None => (None, None),
        Some(EvidenceState::Expired) => (None, Some(today)),
        Some(EvidenceState::Expiring) => (Some(today), Some(calm)),
        Some(EvidenceState::Valid) => (Some(calm), None),
    };
    let filter = store::evidence::Filter {
        producers: query.producer.map(|p| producers::same_as(cx, p)).transpose()?,
        paper: query.paper.clone(),
        product: query.product,
        criterion: query.criterion.clone(),
        retired: query.retired,
        ends_from,
        ends_before,
    };
    let rows = store::evidence::page(cx, &filter, after, limit)?;
    let page = Page::cut(rows, limit, |(row, _)| (row.created_at.micros(), row.id));
    let used = store::evidence::used_in(cx, &page.data.iter().map(|(_, v)| v.id).collect::<Vec<_>>())?;
    Ok(page.map(|paper| LibraryPaper::of(paper, &used, today, within)))
}
