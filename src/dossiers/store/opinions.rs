//! Opinions asked of departments.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::opinions::{Opinion, OpinionFile};
use crate::db::schema::{opinion_files, opinions};
use crate::db::{Conn, Ctx};
use crate::error::{AppError, Result};
use crate::ids::{DossierId, OpinionId, OrganisationId};

/// All that were asked about a dossier, the first one first.
pub(in super::super) fn of_dossier(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<Opinion>> {
    Ok(opinions::table
        .filter(opinions::dossier_id.eq(id))
        .order((opinions::asked_at, opinions::id))
        .select(Opinion::as_select())
        .load(cx.conn)?)
}

/// Any of them, whoever asks: its ground is looked up by the act.
pub(in super::super) fn any(cx: &mut Ctx<'_>, id: OpinionId) -> Result<Option<Opinion>> {
    Ok(opinions::table.find(id).select(Opinion::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(in super::super) fn lock(cx: &mut Ctx<'_>, id: OpinionId) -> Result<Opinion> {
    let row = match cx.conn {
        Conn::Pg(c) => opinions::table.find(id).for_update().select(Opinion::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => opinions::table.find(id).select(Opinion::as_select()).first(c).optional()?,
    };
    row.ok_or(AppError::NotFound)
}

/// A page of the questions to these departments, the nearest day first.
pub(in super::super) fn page(
    cx: &mut Ctx<'_>,
    departments: &[OrganisationId],
    open: Option<bool>,
    after: Option<(NaiveDate, OpinionId)>,
    limit: i64,
) -> Result<Vec<Opinion>> {
    let mut query = opinions::table
        .filter(opinions::organisation_id.eq_any(departments.to_vec()))
        .filter(opinions::withdrawn_at.is_null())
        .into_boxed();
    match open {
        Some(true) => query = query.filter(opinions::answered_at.is_null()),
        Some(false) => query = query.filter(opinions::answered_at.is_not_null()),
        None => {}
    }
    if let Some((day, id)) = after {
        query = query.filter(opinions::due_on.ge(day).and(opinions::due_on.gt(day).or(opinions::id.gt(id))));
    }
    let nearest = (opinions::due_on, opinions::id);
    Ok(query.order(nearest).limit(limit + 1).select(Opinion::as_select()).load(cx.conn)?)
}

pub(in super::super) fn insert(cx: &mut Ctx<'_>, row: &Opinion) -> Result<()> {
    diesel::insert_into(opinions::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Saves a row that was held.
pub(in super::super) fn save(cx: &mut Ctx<'_>, row: &Opinion) -> Result<()> {
    diesel::update(opinions::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// The files that go with an answer, in the order in which they came.
pub(in super::super) fn files(cx: &mut Ctx<'_>, id: OpinionId) -> Result<Vec<OpinionFile>> {
    Ok(opinion_files::table
        .filter(opinion_files::opinion_id.eq(id))
        .order((opinion_files::uploaded_at, opinion_files::id))
        .select(OpinionFile::as_select())
        .load(cx.conn)?)
}

pub(in super::super) fn insert_file(cx: &mut Ctx<'_>, row: &OpinionFile) -> Result<()> {
    diesel::insert_into(opinion_files::table).values(row).execute(cx.conn)?;
    Ok(())
}
