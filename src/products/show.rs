//! Products of the register as the wire shows them, to this caller.

use super::dto::{ProductCard, ProductQuery, ProductView};
use super::model::Product;
use super::store;
use crate::db::Ctx;
use crate::error::Result;
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
