//! Queries about results.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::ResultRow;
use crate::db::Ctx;
use crate::db::schema::results;
use crate::error::Result;
use crate::ids::{DossierId, ResultId};

pub(in crate::scoring) fn insert_result(cx: &mut Ctx<'_>, row: &ResultRow) -> Result<()> {
    diesel::insert_into(results::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn result(cx: &mut Ctx<'_>, id: ResultId) -> Result<Option<ResultRow>> {
    Ok(results::table.find(id).select(ResultRow::as_select()).first(cx.conn).optional()?)
}

/// The results of these dossiers, newest first.
pub(in crate::scoring) fn results_of(cx: &mut Ctx<'_>, dossiers: &[DossierId]) -> Result<Vec<ResultRow>> {
    let query = results::table.filter(results::dossier_id.eq_any(dossiers.to_vec()));
    let ordered = query.order((results::recorded_at.desc(), results::id.desc()));
    Ok(ordered.select(ResultRow::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn publish_results(cx: &mut Ctx<'_>, dossier: DossierId, on: NaiveDate) -> Result<usize> {
    let hidden = results::table.filter(results::dossier_id.eq(dossier)).filter(results::published_on.is_null());
    Ok(diesel::update(hidden).set(results::published_on.eq(on)).execute(cx.conn)?)
}
