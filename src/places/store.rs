//! All queries about units, calendars and reforms.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{DayRow, Place, ReachRow, Spelling, Succeeded};
use super::rules::Level;
use crate::db::schema::{calendar_days, place_reach, place_spellings, place_successions, places};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::PlaceId;

/// Inserts the rows whose key is not there yet, many in one statement.
macro_rules! insert_missing {
    ($cx:expr, $table:expr, $rows:expr) => {
        Ok(match &mut *$cx.conn {
            Conn::Pg(c) => diesel::insert_into($table).values($rows).on_conflict_do_nothing().execute(c)?,
            Conn::Sqlite(c) => diesel::insert_or_ignore_into($table).values($rows).execute(c)?,
        })
    };
}

type Query = places::BoxedQuery<'static, MultiBackend>;

/// Units are public: everybody sees all of them.
fn visible() -> Query {
    places::table.into_boxed()
}

fn in_force(query: Query, on: NaiveDate) -> Query {
    query
        .filter(places::valid_from.is_null().or(places::valid_from.le(on)))
        .filter(places::valid_to.is_null().or(places::valid_to.ge(on)))
}

pub(super) fn place(cx: &mut Ctx<'_>, id: PlaceId) -> Result<Option<Place>> {
    Ok(visible().filter(places::id.eq(id)).select(Place::as_select()).first(cx.conn).optional()?)
}

pub(super) fn places(cx: &mut Ctx<'_>, ids: &[PlaceId]) -> Result<Vec<Place>> {
    let query = visible().filter(places::id.eq_any(ids.to_vec())).order((places::name_sort, places::id));
    Ok(query.select(Place::as_select()).load(cx.conn)?)
}

pub(super) fn at(cx: &mut Ctx<'_>, code: &str, level: Level, on: NaiveDate) -> Result<Option<Place>> {
    let query = visible().filter(places::code.eq(code.to_owned())).filter(places::level.eq(level));
    Ok(in_force(query, on).select(Place::as_select()).first(cx.conn).optional()?)
}

pub(super) fn reaches(cx: &mut Ctx<'_>, office: PlaceId, place: PlaceId) -> Result<bool> {
    let found: Option<PlaceId> =
        place_reach::table.find((office, place)).select(place_reach::place_id).first(cx.conn).optional()?;
    Ok(found.is_some())
}

/// What followed these units up to a day.
pub(super) fn followers(cx: &mut Ctx<'_>, old: &[PlaceId], until: NaiveDate) -> Result<Vec<Succeeded>> {
    Ok(place_successions::table
        .filter(place_successions::old_id.eq_any(old.to_vec()))
        .filter(place_successions::on_day.le(until))
        .select(Succeeded::as_select())
        .load(cx.conn)?)
}

/// What stood where this unit stands, in the step before.
pub(super) fn predecessors(cx: &mut Ctx<'_>, new: PlaceId) -> Result<Vec<Succeeded>> {
    Ok(place_successions::table
        .filter(place_successions::new_id.eq(new))
        .select(Succeeded::as_select())
        .load(cx.conn)?)
}

/// The units directly under any period of a unit.
pub(super) fn children(cx: &mut Ctx<'_>, of: &Place, on: Option<NaiveDate>) -> Result<Vec<Place>> {
    let periods: Vec<PlaceId> = visible()
        .filter(places::code.eq(of.code.clone()))
        .filter(places::level.eq(of.level))
        .filter(places::regime.eq(of.regime))
        .select(places::id)
        .load(cx.conn)?;
    let under = visible().filter(places::parent_id.eq_any(periods));
    let under = match on {
        Some(day) => in_force(under, day),
        None => under,
    };
    Ok(under.order((places::name_sort, places::id)).select(Place::as_select()).load(cx.conn)?)
}

pub(super) fn calendar_days(cx: &mut Ctx<'_>) -> Result<Vec<DayRow>> {
    Ok(calendar_days::table.order(calendar_days::day).select(DayRow::as_select()).load(cx.conn)?)
}

pub(super) fn all_places(cx: &mut Ctx<'_>) -> Result<Vec<Place>> {
    Ok(visible().select(Place::as_select()).load(cx.conn)?)
}

pub(super) fn all_successions(cx: &mut Ctx<'_>) -> Result<Vec<Succeeded>> {
    Ok(place_successions::table.select(Succeeded::as_select()).load(cx.conn)?)
}

pub(super) fn all_reach(cx: &mut Ctx<'_>) -> Result<Vec<ReachRow>> {
    Ok(place_reach::table.select(ReachRow::as_select()).load(cx.conn)?)
}

pub(super) fn insert_places(cx: &mut Ctx<'_>, rows: &[Place]) -> Result<usize> {
    insert_missing!(cx, places::table, rows)
}

pub(super) fn insert_spellings(cx: &mut Ctx<'_>, rows: &[Spelling]) -> Result<usize> {
    insert_missing!(cx, place_spellings::table, rows)
}

pub(super) fn insert_successions(cx: &mut Ctx<'_>, rows: &[Succeeded]) -> Result<usize> {
    insert_missing!(cx, place_successions::table, rows)
}

pub(super) fn insert_reach(cx: &mut Ctx<'_>, rows: &[ReachRow]) -> Result<usize> {
    insert_missing!(cx, place_reach::table, rows)
}

pub(super) fn delete_reach(cx: &mut Ctx<'_>, row: &ReachRow) -> Result<usize> {
    Ok(diesel::delete(place_reach::table.find((row.office_id, row.place_id))).execute(cx.conn)?)
}

pub(super) fn insert_days(cx: &mut Ctx<'_>, rows: &[DayRow]) -> Result<usize> {
    insert_missing!(cx, calendar_days::table, rows)
}

/// How many units and successions there are.
pub(super) fn counts(cx: &mut Ctx<'_>) -> Result<(usize, usize)> {
    let units: i64 = places::table.count().get_result(cx.conn)?;
    let steps: i64 = place_successions::table.count().get_result(cx.conn)?;
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok((size(units), size(steps)))
}
