//! All queries about lots and their events.

use diesel::prelude::*;

use super::model::{Lot, TraceEvent};
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{lots, place_reach, places, producers, products, trace_events};
use crate::db::{Conn, Ctx, Moment, MultiBackend};
use crate::error::Result;
use crate::ids::{LotId, PlaceId, ProducerId, ProductId};
use crate::producers::ProducerType;

/// The lots that the caller may know about: of the own producer, or of products in the territory.
fn visible(cx: &Ctx<'_>) -> lots::BoxedQuery<'static, MultiBackend> {
    let offices = match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => return lots::table.into_boxed(),
        Reach::Offices(offices) => offices,
    };
    let own: Vec<Option<ProducerId>> = cx.actor().producers().into_iter().map(Some).collect();
    let reached =
        place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id.nullable());
    let of_mine = products::producer_id.eq_any(own).or(products::place_id.eq_any(reached));
    let mine = products::table.filter(of_mine.assume_not_null()).select(products::id);
    lots::table.filter(lots::product_id.eq_any(mine)).into_boxed()
}

pub(super) fn find(cx: &mut Ctx<'_>, id: LotId) -> Result<Option<Lot>> {
    Ok(visible(cx).filter(lots::id.eq(id)).select(Lot::as_select()).first(cx.conn).optional()?)
}

/// A page of lots, the newest first.
pub(super) fn page(
    cx: &mut Ctx<'_>,
    product: Option<ProductId>,
    after: Option<(Moment, LotId)>,
    limit: i64,
) -> Result<Vec<Lot>> {
    let mut query = visible(cx);
    if let Some(product) = product {
        query = query.filter(lots::product_id.eq(product));
    }
    if let Some((at, id)) = after {
        query = query.filter(lots::created_at.le(at).and(lots::created_at.lt(at).or(lots::id.lt(id))));
    }
    let query = query.order((lots::created_at.desc(), lots::id.desc())).limit(limit + 1);
    Ok(query.select(Lot::as_select()).load(cx.conn)?)
}

/// A lot, locked until the deed ends.
pub(super) fn lock(cx: &mut Ctx<'_>, id: LotId) -> Result<Lot> {
    Ok(match cx.conn {
        Conn::Pg(c) => lots::table.find(id).for_update().select(Lot::as_select()).first(c)?,
        Conn::Sqlite(c) => lots::table.find(id).select(Lot::as_select()).first(c)?,
    })
}

/// What a label's code leads to; for everyone.
pub(super) fn by_code(cx: &mut Ctx<'_>, code: &str) -> Result<Option<Lot>> {
    Ok(lots::table.filter(lots::code.eq(code)).select(Lot::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &Lot) -> Result<()> {
    diesel::insert_into(lots::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn events(cx: &mut Ctx<'_>, lot: LotId) -> Result<Vec<TraceEvent>> {
    let of_lot = trace_events::table.filter(trace_events::lot_id.eq(lot)).order(trace_events::ordinal);
    Ok(of_lot.select(TraceEvent::as_select()).load(cx.conn)?)
}

pub(super) fn insert_event(cx: &mut Ctx<'_>, row: &TraceEvent) -> Result<()> {
    diesel::insert_into(trace_events::table).values(row).execute(cx.conn)?;
    diesel::update(lots::table.find(row.lot_id)).set(lots::version.eq(lots::version + 1)).execute(cx.conn)?;
    Ok(())
}

/// Name and group of a product, and its producer; whoever asks.
pub(super) fn product(
    cx: &mut Ctx<'_>,
    id: ProductId,
) -> Result<(String, String, Option<ProducerId>, Option<PlaceId>)> {
    let columns = (products::name, products::group_code, products::producer_id, products::place_id);
    Ok(products::table.find(id).select(columns).first(cx.conn)?)
}

/// Name and type of a producer; whoever asks.
pub(super) fn producer(cx: &mut Ctx<'_>, id: ProducerId) -> Result<(String, Option<ProducerType>, Option<PlaceId>)> {
    let columns = (producers::name, producers::kind, producers::place_id);
    Ok(producers::table.find(id).select(columns).first(cx.conn)?)
}

/// A unit with the names above it: "Xã Tam Ngãi, Tỉnh Vĩnh Long".
pub(super) fn place_in_words(cx: &mut Ctx<'_>, place: PlaceId) -> Result<String> {
    let mut names = Vec::new();
    let mut at = Some(place);
    while let Some(id) = at.filter(|_| names.len() < 3) {
        let (name, parent): (String, Option<PlaceId>) =
            places::table.find(id).select((places::full_name, places::parent_id)).first(cx.conn)?;
        names.push(name);
        at = parent;
    }
    Ok(names.join(", "))
}
