//! All queries about plans and what they count.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Fact, PlanRow, ProducerFact};
use crate::db::Ctx;
use crate::db::schema::{decisions, place_reach, plans, producers, products, recognitions};
use crate::error::Result;
use crate::ids::{PlaceId, PlanId, ProducerId};

/// Identifiers of one statement, below the 32,766 variables of the embedded engine.
const CHUNK: usize = 10_000;

/// Plans are public: everybody sees all of them.
pub(super) fn all(cx: &mut Ctx<'_>) -> Result<Vec<PlanRow>> {
    Ok(plans::table.order(plans::code).select(PlanRow::as_select()).load(cx.conn)?)
}

pub(super) fn find(cx: &mut Ctx<'_>, id: PlanId) -> Result<Option<PlanRow>> {
    Ok(plans::table.find(id).select(PlanRow::as_select()).first(cx.conn).optional()?)
}

pub(super) fn by_code(cx: &mut Ctx<'_>, code: &str) -> Result<Option<PlanRow>> {
    Ok(plans::table.filter(plans::code.eq(code)).select(PlanRow::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &PlanRow) -> Result<()> {
    diesel::insert_into(plans::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Every recognition that is valid on a day. It ends on the day that it was ended, and after its
/// last day.
pub(super) fn valid_on(cx: &mut Ctx<'_>, on: NaiveDate) -> Result<Vec<Fact>> {
    let rows = recognitions::table
        .inner_join(products::table.on(products::id.eq(recognitions::product_id)))
        .inner_join(decisions::table.on(decisions::id.eq(recognitions::decision_id)))
        .filter(recognitions::recognised_on.le(on))
        .filter(recognitions::valid_through.ge(on))
        .filter(recognitions::ended_on.is_null().or(recognitions::ended_on.gt(on)))
        .order((products::name_sort, products::id, recognitions::recognised_on, recognitions::id));
    let columns = (
        products::id,
        products::name,
        products::name_sort,
        recognitions::producer_id,
        products::producer_id,
        recognitions::stars,
        recognitions::recognised_on,
        recognitions::valid_through,
        recognitions::place_id,
        products::place_id,
        decisions::place_id,
    );
    Ok(rows.select(columns).load(cx.conn)?)
}

pub(super) fn producers(cx: &mut Ctx<'_>, ids: &[ProducerId]) -> Result<Vec<ProducerFact>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let named = producers::table.filter(producers::id.eq_any(chunk.to_vec()));
        let rows: Vec<ProducerFact> =
            named.select((producers::id, producers::name, producers::name_sort, producers::kind)).load(cx.conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The units of a plan's territory: its own, and those that they became.
pub(super) fn territory(cx: &mut Ctx<'_>, place: PlaceId) -> Result<Vec<PlaceId>> {
    let reached = place_reach::table.filter(place_reach::office_id.eq(place));
    Ok(reached.select(place_reach::place_id).load(cx.conn)?)
}
