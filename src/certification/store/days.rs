//! Queries of the daily sweep.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::{Certificate, Recognition};
use super::super::rules::DayEvent;
use crate::db::schema::{certificates, recognition_days, recognitions};
use crate::db::{Conn, Ctx};
use crate::error::Result;
use crate::ids::{RecognitionId, RowId};

/// The recognitions that no act has ended, whose printed last day lies between two days, or whose
/// extension ends around two others; by identifier, after one.
pub(in crate::certification) fn nearing(
    cx: &mut Ctx<'_>,
    printed: (NaiveDate, NaiveDate),
    extended: (NaiveDate, NaiveDate),
    after: Option<RecognitionId>,
    limit: i64,
) -> Result<Vec<(Recognition, Option<Certificate>)>> {
    // The day after the last one is the first of the end.
    let before = |day: NaiveDate| day.pred_opt().unwrap_or(day);
    let near = recognitions::valid_through
        .between(before(printed.0), printed.1)
        .or(recognitions::extended_through.between(before(extended.0), extended.1));
    let mut query = recognitions::table
        .left_join(certificates::table.on(certificates::recognition_id.eq(recognitions::id)))
        .filter(recognitions::ended_on.is_null())
        .filter(near)
        .order(recognitions::id)
        .limit(limit)
        .select((Recognition::as_select(), Option::<Certificate>::as_select()))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(recognitions::id.gt(after));
    }
    Ok(query.load(cx.conn)?)
}

/// Writes what a day has brought to a recognition; gives false when it was written before.
pub(in crate::certification) fn note_day(
    cx: &mut Ctx<'_>,
    recognition: RecognitionId,
    kind: DayEvent,
    day: NaiveDate,
) -> Result<bool> {
    let row = (
        recognition_days::id.eq(RowId::new()),
        recognition_days::recognition_id.eq(recognition),
        recognition_days::kind.eq(kind.word()),
        recognition_days::on_day.eq(day),
        recognition_days::told_at.eq(cx.now),
    );
    let written = match &mut *cx.conn {
        Conn::Pg(c) => diesel::insert_into(recognition_days::table).values(row).on_conflict_do_nothing().execute(c)?,
        Conn::Sqlite(c) => diesel::insert_or_ignore_into(recognition_days::table).values(row).execute(c)?,
    };
    Ok(written == 1)
}
