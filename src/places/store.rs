//! All queries about units, calendars and reforms.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dto::PlaceQuery;
use super::model::{Choice, DayRow, Place, ReachRow, Reform, Spelling, Succeeded};
use super::reference::Counts;
use super::reform::WATCHERS;
use super::rules::{Level, ReformState, SubjectKind};
use crate::actor::Reach;
use crate::db::schema::{
    calendar_days, place_reach, place_spellings, place_successions, places, reform_choices, reforms,
};
use crate::db::{Conn, Ctx, Doc, MultiBackend};
use crate::error::Result;
use crate::ids::{JobId, PlaceId, RowId};
use crate::text::{containing, fold_tone_place};

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

/// What followed these units, up to a day when one is given.
pub(super) fn followers(cx: &mut Ctx<'_>, old: &[PlaceId], until: Option<NaiveDate>) -> Result<Vec<Succeeded>> {
    let mut query = place_successions::table.filter(place_successions::old_id.eq_any(old.to_vec())).into_boxed();
    if let Some(day) = until {
        query = query.filter(place_successions::on_day.le(day));
    }
    Ok(query.select(Succeeded::as_select()).load(cx.conn)?)
}

/// What stood where this unit stands, in the step before.
pub(super) fn predecessors(cx: &mut Ctx<'_>, new: PlaceId) -> Result<Vec<Succeeded>> {
    Ok(place_successions::table
        .filter(place_successions::new_id.eq(new))
        .select(Succeeded::as_select())
        .load(cx.conn)?)
}

/// Every period of a unit within its regime.
pub(super) fn periods(cx: &mut Ctx<'_>, of: &Place) -> Result<Vec<PlaceId>> {
    Ok(visible()
        .filter(places::code.eq(of.code.clone()))
        .filter(places::level.eq(of.level))
        .filter(places::regime.eq(of.regime))
        .select(places::id)
        .load(cx.conn)?)
}

/// The units directly under any period of a unit.
pub(super) fn children(cx: &mut Ctx<'_>, of: &Place) -> Result<Vec<Place>> {
    let periods = periods(cx, of)?;
    let under = visible().filter(places::parent_id.eq_any(periods)).order((places::name_sort, places::id));
    Ok(under.select(Place::as_select()).load(cx.conn)?)
}

/// The provinces of a day, by name.
pub(super) fn provinces(cx: &mut Ctx<'_>, on: NaiveDate) -> Result<Vec<Place>> {
    let query = in_force(visible().filter(places::level.eq(Level::Province)), on);
    Ok(query.order((places::name_sort, places::id)).select(Place::as_select()).load(cx.conn)?)
}

/// Units that fit a query, by name; `parents` are the periods of the unit above.
pub(super) fn search(
    cx: &mut Ctx<'_>,
    asked: &PlaceQuery,
    parents: Option<Vec<PlaceId>>,
    after: Option<(String, PlaceId)>,
    limit: i64,
) -> Result<Vec<Place>> {
    let mut query = visible();
    if let Some(words) = asked.q.as_deref().filter(|q| !q.trim().is_empty()) {
        let spelt = place_spellings::table
            .filter(place_spellings::tone_key.eq(fold_tone_place(words)))
            .select(place_spellings::place_id);
        query = query.filter(places::folded.like(containing(words)).escape('\\').or(places::id.eq_any(spelt)));
    }
    if let Some(level) = asked.level {
        query = query.filter(places::level.eq(level));
    }
    if let Some(code) = &asked.code {
        query = query.filter(places::code.eq(code.clone()));
    }
    if let Some(day) = asked.on {
        query = in_force(query, day);
    }
    if let Some(parents) = parents {
        query = query.filter(places::parent_id.eq_any(parents));
    }
    if let Some((sort, id)) = after {
        query = query.filter(places::name_sort.ge(sort.clone()).and(places::name_sort.gt(sort).or(places::id.gt(id))));
    }
    Ok(query.order((places::name_sort, places::id)).limit(limit).select(Place::as_select()).load(cx.conn)?)
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

pub(super) fn update_day(cx: &mut Ctx<'_>, row: &DayRow) -> Result<()> {
    diesel::update(calendar_days::table.find(row.day))
        .set((
            calendar_days::kind.eq(row.kind),
            calendar_days::name.eq(&row.name),
            calendar_days::status.eq(row.status),
        ))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn delete_day(cx: &mut Ctx<'_>, day: NaiveDate) -> Result<usize> {
    Ok(diesel::delete(calendar_days::table.find(day)).execute(cx.conn)?)
}

/// The facts of a unit that may change under its key: its names, its parent, its last day.
pub(super) fn update_place(cx: &mut Ctx<'_>, row: &Place) -> Result<()> {
    diesel::update(places::table.find(row.id))
        .set((
            places::kind.eq(row.kind),
            places::name.eq(&row.name),
            places::full_name.eq(&row.full_name),
            places::folded.eq(&row.folded),
            places::tone_key.eq(&row.tone_key),
            places::name_sort.eq(&row.name_sort),
            places::parent_id.eq(row.parent_id),
            places::valid_to.eq(row.valid_to),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// How many units, successions and calendar days there are.
pub(super) fn counts(cx: &mut Ctx<'_>) -> Result<Counts> {
    Ok(Counts {
        units: places::table.count().get_result(cx.conn)?,
        steps: place_successions::table.count().get_result(cx.conn)?,
        days: calendar_days::table.count().get_result(cx.conn)?,
    })
}

pub(super) fn follows_on(cx: &mut Ctx<'_>, on: NaiveDate) -> Result<bool> {
    let first: Option<PlaceId> = place_successions::table
        .filter(place_successions::on_day.eq(on))
        .select(place_successions::new_id)
        .first(cx.conn)
        .optional()?;
    Ok(first.is_some())
}

/// What follows these units on one day.
pub(super) fn followers_on(cx: &mut Ctx<'_>, old: &[PlaceId], on: NaiveDate) -> Result<Vec<Succeeded>> {
    Ok(place_successions::table
        .filter(place_successions::old_id.eq_any(old.to_vec()))
        .filter(place_successions::on_day.eq(on))
        .select(Succeeded::as_select())
        .load(cx.conn)?)
}

fn ended(before: NaiveDate) -> Query {
    visible().filter(places::valid_to.eq(before.pred_opt()))
}

/// The units that ended the day before, by identifier.
pub(super) fn ended_before(cx: &mut Ctx<'_>, on: NaiveDate, after: Option<PlaceId>, limit: i64) -> Result<Vec<Place>> {
    let mut query = ended(on);
    if let Some(last) = after {
        query = query.filter(places::id.gt(last));
    }
    Ok(query.order(places::id).limit(limit).select(Place::as_select()).load(cx.conn)?)
}

pub(super) fn count_ended_before(cx: &mut Ctx<'_>, on: NaiveDate) -> Result<i64> {
    Ok(ended(on).count().get_result(cx.conn)?)
}

pub(super) fn reform(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<Reform>> {
    Ok(reforms::table.find(id).select(Reform::as_select()).first(cx.conn).optional()?)
}

pub(super) fn hold_reform(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<Reform>> {
    Ok(match cx.conn {
        Conn::Pg(c) => reforms::table.find(id).for_update().select(Reform::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => reforms::table.find(id).select(Reform::as_select()).first(c).optional()?,
    })
}

pub(super) fn reforms(cx: &mut Ctx<'_>) -> Result<Vec<Reform>> {
    Ok(reforms::table.order(reforms::on_day.desc()).select(Reform::as_select()).load(cx.conn)?)
}

pub(super) fn insert_reform(cx: &mut Ctx<'_>, row: &Reform) -> Result<()> {
    diesel::insert_into(reforms::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn note_reform(
    cx: &mut Ctx<'_>,
    reform: &Reform,
    state: ReformState,
    job: Option<JobId>,
    report: &Doc,
) -> Result<()> {
    diesel::update(reforms::table.find(reform.id))
        .set((
            reforms::state.eq(state),
            reforms::job_id.eq(job),
            reforms::report.eq(report),
            reforms::version.eq(reform.version + 1),
        ))
        .execute(cx.conn)?;
    Ok(())
}

type Choices = reform_choices::BoxedQuery<'static, MultiBackend>;

/// The choices at units that the caller's offices reach.
fn visible_choices(cx: &Ctx<'_>, reform: RowId) -> Choices {
    let of_reform = reform_choices::table.filter(reform_choices::reform_id.eq(reform)).into_boxed();
    match cx.actor().reach(WATCHERS) {
        Reach::Everywhere => of_reform,
        Reach::Offices(offices) => {
            of_reform.filter(reform_choices::old_place_id.eq_any(
                place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id),
            ))
        }
    }
}

pub(super) fn choices(
    cx: &mut Ctx<'_>,
    reform: RowId,
    open_only: bool,
    after: Option<RowId>,
    limit: i64,
) -> Result<Vec<Choice>> {
    let mut query = visible_choices(cx, reform);
    if open_only {
        query = query.filter(reform_choices::chosen_id.is_null());
    }
    if let Some(last) = after {
        query = query.filter(reform_choices::id.gt(last));
    }
    Ok(query.order(reform_choices::id).limit(limit).select(Choice::as_select()).load(cx.conn)?)
}

pub(super) fn choice(cx: &mut Ctx<'_>, reform: RowId, id: RowId) -> Result<Option<Choice>> {
    let query = visible_choices(cx, reform).filter(reform_choices::id.eq(id));
    Ok(query.select(Choice::as_select()).first(cx.conn).optional()?)
}

pub(super) fn hold_choice(cx: &mut Ctx<'_>, reform: RowId, id: RowId) -> Result<Option<Choice>> {
    if choice(cx, reform, id)?.is_none() {
        return Ok(None);
    }
    let row = reform_choices::table.find(id);
    Ok(match cx.conn {
        Conn::Pg(c) => row.for_update().select(Choice::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => row.select(Choice::as_select()).first(c).optional()?,
    })
}

pub(super) fn insert_choice(cx: &mut Ctx<'_>, row: &Choice) -> Result<()> {
    diesel::insert_into(reform_choices::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn note_choice(cx: &mut Ctx<'_>, row: &Choice) -> Result<()> {
    diesel::update(reform_choices::table.find(row.id))
        .set((reform_choices::chosen_id.eq(row.chosen_id), reform_choices::chosen_by.eq(row.chosen_by)))
        .execute(cx.conn)?;
    Ok(())
}

/// What already waits for an officer in a reform.
pub(super) fn asked_about(cx: &mut Ctx<'_>, reform: RowId, subject: SubjectKind) -> Result<HashSet<RowId>> {
    let ids: Vec<RowId> = reform_choices::table
        .filter(reform_choices::reform_id.eq(reform))
        .filter(reform_choices::subject_kind.eq(subject))
        .select(reform_choices::subject_id)
        .load(cx.conn)?;
    Ok(ids.into_iter().collect())
}
