//! All queries about imported lists and officers' tasks, and what an import asks of the register.

pub(super) mod webhooks;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Import, ImportRow, OfficerTask, TaskKind, TaskState};
use crate::actor::{OFFICIALS, Reach};
use crate::catalogue::import::RowClass;
use crate::db::schema::{
    decisions, import_rows, imports, officer_tasks, place_reach, place_spellings, place_successions, places, producers,
    products, recognitions,
};
use crate::db::{Conn, Ctx, Doc, Moment, MultiBackend};
use crate::each;
use crate::error::Result;
use crate::ids::{JobId, PlaceId, ProducerId, ProductId, RowId};
use crate::places::{Level, Place};
use crate::rulebook::Authority;

/// Keys of one statement, below the 32,766 variables of the embedded engine.
const CHUNK: usize = 5_000;

pub(super) fn insert_import(cx: &mut Ctx<'_>, row: &Import) -> Result<()> {
    diesel::insert_into(imports::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn import(cx: &mut Ctx<'_>, job: JobId) -> Result<Option<Import>> {
    Ok(imports::table.find(job).select(Import::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert_rows(cx: &mut Ctx<'_>, rows: &Vec<ImportRow>) -> Result<()> {
    each!(&mut *cx.conn, c => diesel::insert_into(import_rows::table).values(rows).execute(c))?;
    Ok(())
}

/// The rows of a job after a line, of all classes or of one.
pub(super) fn rows(
    cx: &mut Ctx<'_>,
    job: JobId,
    class: Option<RowClass>,
    after: i32,
    limit: i64,
) -> Result<Vec<ImportRow>> {
    let of_job =
        import_rows::table.filter(import_rows::job_id.eq(job)).filter(import_rows::line.gt(after)).into_boxed();
    let of_job: import_rows::BoxedQuery<'static, MultiBackend> = match class {
        Some(class) => of_job.filter(import_rows::class.eq(class)),
        None => of_job,
    };
    Ok(of_job.order(import_rows::line).limit(limit).select(ImportRow::as_select()).load(cx.conn)?)
}

pub(super) fn product_of_line(cx: &mut Ctx<'_>, job: JobId, line: i32) -> Result<Option<ProductId>> {
    let found: Option<Option<ProductId>> =
        import_rows::table.find((job, line)).select(import_rows::product_id).first(cx.conn).optional()?;
    Ok(found.flatten())
}

pub(super) fn set_product(cx: &mut Ctx<'_>, job: JobId, line: i32, product: ProductId) -> Result<()> {
    diesel::update(import_rows::table.find((job, line)))
        .set(import_rows::product_id.eq(Some(product)))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn count(cx: &mut Ctx<'_>, job: JobId, class: RowClass) -> Result<i64> {
    let of_class = import_rows::table.filter(import_rows::job_id.eq(job)).filter(import_rows::class.eq(class));
    Ok(of_class.count().get_result(cx.conn)?)
}

/// Two imports do not take rows over at the same moment; on SQLite the writer is alone anyway.
pub(super) fn one_at_a_time(cx: &mut Ctx<'_>) -> Result<()> {
    if let Conn::Pg(c) = cx.conn {
        diesel::sql_query("select pg_advisory_xact_lock(7046029254386353131)").execute(c)?;
    }
    Ok(())
}

pub(super) fn all_places(cx: &mut Ctx<'_>) -> Result<Vec<Place>> {
    Ok(places::table.select(Place::as_select()).load(cx.conn)?)
}

pub(super) fn spellings(cx: &mut Ctx<'_>) -> Result<Vec<(PlaceId, String)>> {
    Ok(place_spellings::table.select((place_spellings::place_id, place_spellings::variant)).load(cx.conn)?)
}

pub(super) fn successions(cx: &mut Ctx<'_>) -> Result<Vec<(PlaceId, PlaceId)>> {
    Ok(place_successions::table.select((place_successions::old_id, place_successions::new_id)).load(cx.conn)?)
}

/// A recognition as an import compares it.
#[derive(Debug, Queryable)]
pub(super) struct Recognised {
    pub product: ProductId,
    pub stars: i32,
    pub level: Authority,
    pub on: NaiveDate,
    pub number: Option<String>,
}

pub(super) fn recognised(cx: &mut Ctx<'_>, ids: &[ProductId]) -> Result<Vec<Recognised>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<Recognised> = recognitions::table
            .inner_join(decisions::table.on(decisions::id.eq(recognitions::decision_id)))
            .filter(recognitions::product_id.eq_any(chunk.to_vec()))
            .select((
                recognitions::product_id,
                recognitions::stars,
                recognitions::level,
                recognitions::recognised_on,
                decisions::number,
            ))
            .load(cx.conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The provinces that the caller's offices reach, old and new; none for the whole instance.
pub(super) fn provinces_in_reach(cx: &mut Ctx<'_>, offices: Vec<PlaceId>) -> Result<Vec<String>> {
    let reached = place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id);
    let provinces = places::table.filter(places::level.eq(Level::Province)).filter(places::id.eq_any(reached));
    Ok(provinces.select(places::name).load(cx.conn)?)
}

/// Writes a task down, unless this question about this subject was asked before.
pub(super) fn insert_task(cx: &mut Ctx<'_>, row: &OfficerTask) -> Result<bool> {
    let added = each!(&mut *cx.conn, c => diesel::insert_into(officer_tasks::table)
        .values(row)
        .on_conflict((officer_tasks::kind, officer_tasks::subject_id))
        .do_nothing()
        .execute(c))?;
    Ok(added == 1)
}

/// The tasks that the caller may know about: those in the territory.
fn visible(cx: &Ctx<'_>) -> officer_tasks::BoxedQuery<'static, MultiBackend> {
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => officer_tasks::table.into_boxed(),
        Reach::Offices(offices) => {
            let reached = place_reach::table
                .filter(place_reach::office_id.eq_any(offices))
                .select(place_reach::place_id.nullable());
            officer_tasks::table.filter(officer_tasks::place_id.eq_any(reached)).into_boxed()
        }
    }
}

pub(super) fn task(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<OfficerTask>> {
    Ok(visible(cx).filter(officer_tasks::id.eq(id)).select(OfficerTask::as_select()).first(cx.conn).optional()?)
}

pub(super) fn lock_task(cx: &mut Ctx<'_>, id: RowId) -> Result<OfficerTask> {
    Ok(match cx.conn {
        Conn::Pg(c) => officer_tasks::table.find(id).for_update().select(OfficerTask::as_select()).first(c)?,
        Conn::Sqlite(c) => officer_tasks::table.find(id).select(OfficerTask::as_select()).first(c)?,
    })
}

/// A page of tasks, the oldest first.
pub(super) fn tasks(
    cx: &mut Ctx<'_>,
    kind: Option<TaskKind>,
    state: Option<TaskState>,
    after: Option<(Moment, RowId)>,
    limit: i64,
) -> Result<Vec<OfficerTask>> {
    let mut query = visible(cx);
    if let Some(kind) = kind {
        query = query.filter(officer_tasks::kind.eq(kind));
    }
    if let Some(state) = state {
        query = query.filter(officer_tasks::state.eq(state));
    }
    if let Some((at, id)) = after {
        query = query.filter(
            officer_tasks::created_at.ge(at).and(officer_tasks::created_at.gt(at).or(officer_tasks::id.gt(id))),
        );
    }
    let query = query.order((officer_tasks::created_at, officer_tasks::id)).limit(limit + 1);
    Ok(query.select(OfficerTask::as_select()).load(cx.conn)?)
}

pub(super) fn settle_task(cx: &mut Ctx<'_>, id: RowId, detail: &Doc) -> Result<()> {
    diesel::update(officer_tasks::table.find(id))
        .set((
            officer_tasks::state.eq(TaskState::Settled),
            officer_tasks::detail.eq(detail.clone()),
            officer_tasks::closed_at.eq(Some(cx.now)),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// The name of what a task is about.
pub(super) fn product_name(cx: &mut Ctx<'_>, id: ProductId) -> Result<Option<String>> {
    Ok(products::table.find(id).select(products::name).first(cx.conn).optional()?)
}

/// The name of what a task is about.
pub(super) fn producer_name(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Option<String>> {
    Ok(producers::table.find(id).select(producers::name).first(cx.conn).optional()?)
}
