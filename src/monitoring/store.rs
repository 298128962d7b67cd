//! All queries about inspections.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::Inspection;
use super::rules::InspectionState;
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{inspections, place_reach};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{InspectionId, ProducerId, ProductId};

/// The inspections that the caller may know about: those in the territory, and the concluded ones
/// of the own producer (nobody is told before of an inspection without notice).
fn visible(cx: &Ctx<'_>) -> inspections::BoxedQuery<'static, MultiBackend> {
    let offices = match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => return inspections::table.into_boxed(),
        Reach::Offices(offices) => offices,
    };
    let own: Vec<Option<ProducerId>> = cx.actor().producers().into_iter().map(Some).collect();
    let reached =
        place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id.nullable());
    let told = inspections::producer_id.eq_any(own).and(inspections::state.eq(InspectionState::Concluded).nullable());
    inspections::table.filter(told.or(inspections::place_id.eq_any(reached))).into_boxed()
}

pub(super) fn find(cx: &mut Ctx<'_>, id: InspectionId) -> Result<Option<Inspection>> {
    Ok(visible(cx).filter(inspections::id.eq(id)).select(Inspection::as_select()).first(cx.conn).optional()?)
}

/// A page of inspections, the latest planned day first.
pub(super) fn page(
    cx: &mut Ctx<'_>,
    product: Option<ProductId>,
    state: Option<InspectionState>,
    after: Option<(NaiveDate, InspectionId)>,
    limit: i64,
) -> Result<Vec<Inspection>> {
    let mut query = visible(cx);
    if let Some(product) = product {
        query = query.filter(inspections::product_id.eq(product));
    }
    if let Some(state) = state {
        query = query.filter(inspections::state.eq(state));
    }
    if let Some((day, id)) = after {
        query = query
            .filter(inspections::planned_on.le(day).and(inspections::planned_on.lt(day).or(inspections::id.lt(id))));
    }
    let query = query.order((inspections::planned_on.desc(), inspections::id.desc())).limit(limit + 1);
    Ok(query.select(Inspection::as_select()).load(cx.conn)?)
}

/// An inspection, locked until the deed ends.
pub(super) fn lock(cx: &mut Ctx<'_>, id: InspectionId) -> Result<Inspection> {
    Ok(match cx.conn {
        Conn::Pg(c) => inspections::table.find(id).for_update().select(Inspection::as_select()).first(c)?,
        Conn::Sqlite(c) => inspections::table.find(id).select(Inspection::as_select()).first(c)?,
    })
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &Inspection) -> Result<()> {
    diesel::insert_into(inspections::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The inspections of one producer go to another.
pub(super) fn move_producer(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()> {
    diesel::update(inspections::table.filter(inspections::producer_id.eq(from)))
        .set((inspections::producer_id.eq(into), inspections::version.eq(inspections::version + 1)))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn save(cx: &mut Ctx<'_>, row: &Inspection) -> Result<()> {
    diesel::update(inspections::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}
