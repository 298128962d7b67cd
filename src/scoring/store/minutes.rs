//! Queries about minutes, and about sheets as they are printed.

use diesel::prelude::*;

use super::super::model::{MinutesRow, SheetRecordRow};
use crate::db::Ctx;
use crate::db::schema::{session_minutes, sheet_records};
use crate::each;
use crate::error::Result;
use crate::ids::{SessionMeetingId, SheetId};

pub(in crate::scoring) fn minutes(cx: &mut Ctx<'_>, session: SessionMeetingId) -> Result<Option<MinutesRow>> {
    Ok(session_minutes::table.find(session).select(MinutesRow::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn insert_minutes(cx: &mut Ctx<'_>, row: &MinutesRow) -> Result<()> {
    diesel::insert_into(session_minutes::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn record(cx: &mut Ctx<'_>, sheet: SheetId) -> Result<Option<SheetRecordRow>> {
    Ok(sheet_records::table.find(sheet).select(SheetRecordRow::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn put_record(cx: &mut Ctx<'_>, row: &SheetRecordRow) -> Result<()> {
    let set = (sheet_records::content.eq(&row.content), sheet_records::frozen_at.eq(row.frozen_at));
    each!(&mut *cx.conn, c => diesel::insert_into(sheet_records::table).values(row)
        .on_conflict(sheet_records::sheet_id).do_update().set(set).execute(c))?;
    Ok(())
}
