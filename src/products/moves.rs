//! What a reform of units moves in the register: a producer with the products it makes there, and
//! products that are made elsewhere than where their producer is.

use chrono::NaiveDate;

use super::model::Product;
use super::{save, store};
use crate::audit::Details;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{PlaceId, ProducerId, ProductId};
use crate::places::reform::{Kept, Mover, Shift};
use crate::places::rules::SubjectKind;
use crate::producers;

/// Producers with their products; then the other products.
pub const MOVERS: [Mover; 2] = [
    Mover { subject: SubjectKind::Producer, kept_at: producers_at, shift: shift_producer },
    Mover { subject: SubjectKind::Product, kept_at: products_at, shift: shift_product },
];

fn producers_at(cx: &mut Ctx<'_>, units: &[PlaceId], _: NaiveDate) -> Result<Vec<Kept>> {
    let kept = producers::kept_at(cx, units)?;
    Ok(kept.into_iter().map(|(id, at)| Kept { subject: id.0, at }).collect())
}

fn shift_producer(cx: &mut Ctx<'_>, shift: &Shift) -> Result<()> {
    let producer = ProducerId(shift.subject);
    producers::shift(cx, producer, shift.from, shift.to, &shift.title)?;
    for product in store::made_at(cx, producer, shift.from)? {
        go(cx, product, shift)?;
    }
    Ok(())
}

fn products_at(cx: &mut Ctx<'_>, units: &[PlaceId], _: NaiveDate) -> Result<Vec<Kept>> {
    let kept = store::kept_apart(cx, units)?;
    Ok(kept.into_iter().map(|(id, at)| Kept { subject: id.0, at }).collect())
}

fn shift_product(cx: &mut Ctx<'_>, shift: &Shift) -> Result<()> {
    go(cx, ProductId(shift.subject), shift)
}

fn go(cx: &mut Ctx<'_>, id: ProductId, shift: &Shift) -> Result<()> {
    let held = store::lock(cx, id)?;
    let row = Product { place_id: Some(shift.to), ..held.clone() };
    let row = save(cx, &held, row, "product.moved", Details::none().with("basis", &shift.title))?;
    store::follow(cx, &row)
}
