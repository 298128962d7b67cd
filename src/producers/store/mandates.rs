//! Mandates.

use diesel::prelude::*;

use super::super::model::mandates::Mandate;
use crate::db::schema::mandates;
use crate::db::{Ctx, Moment};
use crate::error::Result;
use crate::ids::{MandateId, ProducerId, UserId};

/// The mandates of a producer, the newest first.
pub(in super::super) fn of_producers(cx: &mut Ctx<'_>, producers: &[ProducerId]) -> Result<Vec<Mandate>> {
    Ok(mandates::table
        .filter(mandates::producer_id.eq_any(producers))
        .order((mandates::recorded_at.desc(), mandates::id.desc()))
        .select(Mandate::as_select())
        .load(cx.conn)?)
}

/// The mandate by which a person acts for one of these today: the one that holds longest.
pub(in super::super) fn holding(cx: &mut Ctx<'_>, user: UserId, producers: &[ProducerId]) -> Result<Option<Mandate>> {
    let today = cx.today();
    Ok(mandates::table
        .filter(mandates::user_id.eq(user))
        .filter(mandates::producer_id.eq_any(producers))
        .filter(mandates::ended_at.is_null())
        .filter(mandates::valid_from.le(today))
        .filter(mandates::valid_to.ge(today))
        .order((mandates::valid_to.desc(), mandates::id))
        .select(Mandate::as_select())
        .first(cx.conn)
        .optional()?)
}

pub(in super::super) fn find(cx: &mut Ctx<'_>, id: MandateId) -> Result<Option<Mandate>> {
    Ok(mandates::table.find(id).select(Mandate::as_select()).first(cx.conn).optional()?)
}

pub(in super::super) fn insert(cx: &mut Ctx<'_>, row: &Mandate) -> Result<()> {
    diesel::insert_into(mandates::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in super::super) fn end(cx: &mut Ctx<'_>, id: MandateId, at: Moment) -> Result<()> {
    diesel::update(mandates::table.find(id)).set(mandates::ended_at.eq(at)).execute(cx.conn)?;
    Ok(())
}
