//! Queries about rounds of evaluation.

use diesel::prelude::*;

use super::super::model::RoundRow;
use super::super::rounds::RoundFilter;
use crate::db::schema::rounds;
use crate::db::{Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::RoundId;

pub(in crate::scoring) fn insert_round(cx: &mut Ctx<'_>, row: &RoundRow) -> Result<()> {
    diesel::insert_into(rounds::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn round(cx: &mut Ctx<'_>, id: RoundId) -> Result<Option<RoundRow>> {
    Ok(rounds::table.find(id).select(RoundRow::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn rounds(
    cx: &mut Ctx<'_>,
    filter: &RoundFilter,
    after: Option<(i32, RoundId)>,
    limit: i64,
) -> Result<Vec<RoundRow>> {
    let mut query = rounds::table.into_boxed::<MultiBackend>();
    if let Some(level) = filter.level {
        query = query.filter(rounds::level.eq(level));
    }
    if let Some(place) = filter.place {
        query = query.filter(rounds::place_id.eq(place));
    }
    if let Some(year) = filter.year {
        query = query.filter(rounds::year.eq(year));
    }
    if let Some((year, id)) = after {
        query = query.filter(rounds::year.le(year).and(rounds::year.lt(year).or(rounds::id.lt(id))));
    }
    let ordered = query.order((rounds::year.desc(), rounds::id.desc())).limit(limit);
    Ok(ordered.select(RoundRow::as_select()).load(cx.conn)?)
}
