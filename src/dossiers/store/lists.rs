//! Dossiers in lists, counted and divided.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{case_when, count, count_star};
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::super::model::{Dossier, RoundRow};
use super::super::rules::{BookToday, Case, Status};
use super::super::voices::Voice;
use super::filter::{self, Condition, Filter, RoundKey, Veil};
use crate::db::schema::{criteria_sets, dossier_rounds, dossiers, place_reach, places, producers};
use crate::db::{Ctx, Moment, MultiBackend};
use crate::each;
use crate::error::Result;
use crate::ids::{CriteriaSetId, DossierId, PlaceId, ProducerId};
use crate::rulebook::{Authority, DossierKind};
use crate::text::Label;

fn all_of(conditions: impl IntoIterator<Item = Condition>) -> dossiers::BoxedQuery<'static, MultiBackend> {
    dossiers::table.into_boxed().filter(filter::all_of(conditions))
}

/// Which dossiers a list holds: those that the caller may know about, narrowed.
fn found(cx: &Ctx<'_>, narrowed: &Filter, veil: &Veil) -> Condition {
    filter::all_of([filter::visible(cx), narrowed.condition(veil)])
}

/// A page of the visible dossiers, the last moved first.
pub(in crate::dossiers) fn page(
    cx: &mut Ctx<'_>,
    narrowed: &Filter,
    veil: &Veil,
    after: Option<(Moment, DossierId)>,
    limit: i64,
) -> Result<Vec<Dossier>> {
    let mut query = all_of([found(cx, narrowed, veil)]);
    if let Some((at, id)) = after {
        query = query.filter(dossiers::moved_at.le(at).and(dossiers::moved_at.lt(at).or(dossiers::id.lt(id))));
    }
    let newest = (dossiers::moved_at.desc(), dossiers::id.desc());
    Ok(query.order(newest).limit(limit + 1).select(Dossier::as_select()).load(cx.conn)?)
}

/// How the deadlines of a part of a queue lie to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dossiers) enum Urgency {
    Any,
    Near,
    Overdue,
}

/// A part of the caller's queue: the cases of each voice, narrowed.
#[derive(Debug, Clone)]
pub(in crate::dossiers) struct Part<'a> {
    pub shares: &'a [(Voice, Vec<Case>)],
    pub books: &'a [BookToday],
    pub narrowed: &'a Filter,
    pub veil: &'a Veil,
}

impl Part<'_> {
    fn condition(&self) -> Condition {
        filter::all_of([filter::shares(self.shares, self.veil), self.narrowed.condition(self.veil)])
    }
}

/// How many dossiers of a status a part of the queue holds, and how their deadlines lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::dossiers) struct Tally {
    pub all: i64,
    pub near: i64,
    pub overdue: i64,
}

impl Tally {
    /// How many of this urgency.
    pub(in crate::dossiers) fn of(self, urgency: Urgency) -> i64 {
        match urgency {
            Urgency::Any => self.all,
            Urgency::Near => self.near,
            Urgency::Overdue => self.overdue,
        }
    }

    fn add(&mut self, (all, near, overdue): (i64, i64, i64)) {
        self.all += all;
        self.near += near;
        self.overdue += overdue;
    }
}

/// A page of a part of the queue, the nearest deadline first.
pub(in crate::dossiers) fn waiting(
    cx: &mut Ctx<'_>,
    part: &Part<'_>,
    urgency: Urgency,
    after: Option<(NaiveDate, DossierId)>,
    limit: i64,
) -> Result<Vec<Dossier>> {
    let due = filter::due_on;
    let urgent = match urgency {
        Urgency::Any => None,
        Urgency::Near => Some(filter::near(cx.today(), part.books)),
        Urgency::Overdue => Some(filter::overdue(cx.today())),
    };
    let mut query = all_of([part.condition()].into_iter().chain(urgent));
    if let Some((day, id)) = after {
        query = query.filter(due().ge(day).and(due().gt(day).or(dossiers::id.gt(id))));
    }
    Ok(query.order((due(), dossiers::id)).limit(limit + 1).select(Dossier::as_select()).load(cx.conn)?)
}

/// A part of the queue, counted by status as the caller is told it, in one reading of its rows.
pub(in crate::dossiers) fn tally(cx: &mut Ctx<'_>, part: &Part<'_>) -> Result<HashMap<Status, Tally>> {
    let today = cx.today();
    let counts = || {
        let near = case_when(filter::near(today, part.books), 1.into_sql::<Integer>());
        let overdue = case_when(filter::overdue(today), 1.into_sql::<Integer>());
        (count_star(), count(near), count(overdue))
    };
    let mut tallies: HashMap<Status, Tally> = HashMap::new();
    let stands = filter::all_of([part.condition(), part.veil.open()]);
    let query = dossiers::table.filter(stands).group_by(dossiers::status).select((dossiers::status, counts()));
    let rows: Vec<(Status, (i64, i64, i64))> = query.load(cx.conn)?;
    for (status, counted) in rows {
        tallies.entry(status).or_default().add(counted);
    }
    if let Some(hidden) = part.veil.hidden() {
        let found = filter::all_of([part.condition(), hidden]);
        let query = dossiers::table.filter(found).group_by(dossiers::id).select((dossiers::id, counts()));
        let rows: Vec<(DossierId, (i64, i64, i64))> = query.load(cx.conn)?;
        for (id, counted) in rows {
            if let Some(before) = part.veil.told(id) {
                tallies.entry(before).or_default().add(counted);
            }
        }
    }
    Ok(tallies)
}

/// The visible dossiers by status, as the caller is told it.
pub(in crate::dossiers) fn found_by_status(
    cx: &mut Ctx<'_>,
    narrowed: &Filter,
    veil: &Veil,
) -> Result<HashMap<Status, i64>> {
    let query =
        dossiers::table.filter(filter::all_of([found(cx, narrowed, veil), veil.open()])).group_by(dossiers::status);
    let rows: Vec<(Status, i64)> = query.select((dossiers::status, count_star())).load(cx.conn)?;
    let mut counted: HashMap<Status, i64> = rows.into_iter().collect();
    if let Some(hidden) = veil.hidden() {
        let query = all_of([found(cx, narrowed, veil), hidden]);
        let ids: Vec<DossierId> = query.select(dossiers::id).load(cx.conn)?;
        for before in ids.into_iter().filter_map(|id| veil.told(id)) {
            *counted.entry(before).or_default() += 1;
        }
    }
    Ok(counted)
}

/// The visible dossiers by kind.
pub(in crate::dossiers) fn found_by_kind(
    cx: &mut Ctx<'_>,
    narrowed: &Filter,
    veil: &Veil,
) -> Result<Vec<(DossierKind, i64)>> {
    let query = dossiers::table.filter(found(cx, narrowed, veil)).group_by(dossiers::kind);
    Ok(query.select((dossiers::kind, count_star())).load(cx.conn)?)
}

/// The visible dossiers by revision of a criteria set.
pub(in crate::dossiers) fn found_by_set(
    cx: &mut Ctx<'_>,
    narrowed: &Filter,
    veil: &Veil,
) -> Result<Vec<(CriteriaSetId, i64)>> {
    let query = dossiers::table.filter(found(cx, narrowed, veil)).group_by(dossiers::criteria_set_id);
    Ok(query.select((dossiers::criteria_set_id, count_star())).load(cx.conn)?)
}

/// The visible dossiers by the commune in whose territory they are.
pub(in crate::dossiers) fn found_by_place(
    cx: &mut Ctx<'_>,
    narrowed: &Filter,
    veil: &Veil,
) -> Result<Vec<(PlaceId, i64)>> {
    let query = dossiers::table.filter(found(cx, narrowed, veil)).group_by(dossiers::place_id);
    Ok(query.select((dossiers::place_id, count_star())).load(cx.conn)?)
}

/// Every round that a letter reached, whoever may see its dossiers.
pub(in crate::dossiers) fn rounds(cx: &mut Ctx<'_>) -> Result<Vec<RoundKey>> {
    let of = dossier_rounds::table.select((dossier_rounds::level, dossier_rounds::number, dossier_rounds::year));
    let rows: Vec<(Authority, i32, i32)> = of.distinct().load(cx.conn)?;
    Ok(rows.into_iter().map(|(level, number, year)| RoundKey { level, number, year }).collect())
}

/// How many dossiers the caller finds.
pub(in crate::dossiers) fn count_found(cx: &mut Ctx<'_>, narrowed: &Filter, veil: &Veil) -> Result<i64> {
    Ok(all_of([found(cx, narrowed, veil)]).count().get_result(cx.conn)?)
}

/// Beyond so many places a question does not name them.
const NAMED_AT_MOST: usize = 2000;

/// Of these offices and places: the pairs in which the office reaches the place.
pub(in crate::dossiers) fn reached(
    cx: &mut Ctx<'_>,
    offices: &[PlaceId],
    at: &[PlaceId],
) -> Result<Vec<(PlaceId, PlaceId)>> {
    if offices.is_empty() || at.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = place_reach::table.filter(place_reach::office_id.eq_any(offices.to_vec())).into_boxed();
    if at.len() <= NAMED_AT_MOST {
        query = query.filter(place_reach::place_id.eq_any(at.to_vec()));
    }
    Ok(query.select((place_reach::office_id, place_reach::place_id)).load(cx.conn)?)
}

/// Codes and names of these criteria sets.
pub(in crate::dossiers) fn set_names(
    cx: &mut Ctx<'_>,
    ids: &[CriteriaSetId],
) -> Result<Vec<(CriteriaSetId, String, Label)>> {
    let rows: Vec<(CriteriaSetId, String, String, String)> = criteria_sets::table
        .filter(criteria_sets::id.eq_any(ids.to_vec()))
        .order((criteria_sets::code, criteria_sets::created_at.desc(), criteria_sets::id))
        .select((criteria_sets::id, criteria_sets::code, criteria_sets::name_vi, criteria_sets::name_en))
        .load(cx.conn)?;
    Ok(rows.into_iter().map(|(id, code, vi, en)| (id, code, Label::new(vi, en))).collect())
}

/// Names of these producers.
pub(in crate::dossiers) fn producer_names(cx: &mut Ctx<'_>, ids: &[ProducerId]) -> Result<Vec<(ProducerId, String)>> {
    let query = producers::table.filter(producers::id.eq_any(ids.to_vec()));
    Ok(query.select((producers::id, producers::name)).load(cx.conn)?)
}

/// Full names of these units.
pub(in crate::dossiers) fn place_names(cx: &mut Ctx<'_>, ids: &[PlaceId]) -> Result<Vec<(PlaceId, String)>> {
    let query = places::table.filter(places::id.eq_any(ids.to_vec()));
    Ok(query.select((places::id, places::full_name)).load(cx.conn)?)
}

/// Notes the round that a letter to a level reached; the newest letter counts.
pub(in crate::dossiers) fn put_round(cx: &mut Ctx<'_>, row: &RoundRow) -> Result<()> {
    each!(&mut *cx.conn, c => diesel::insert_into(dossier_rounds::table)
        .values(row)
        .on_conflict((dossier_rounds::dossier_id, dossier_rounds::level))
        .do_update()
        .set((dossier_rounds::number.eq(row.number), dossier_rounds::year.eq(row.year)))
        .execute(c))?;
    Ok(())
}

/// The newest letter to a level reached no round.
pub(in crate::dossiers) fn remove_round(cx: &mut Ctx<'_>, dossier: DossierId, level: Authority) -> Result<()> {
    diesel::delete(dossier_rounds::table.find((dossier, level))).execute(cx.conn)?;
    Ok(())
}
