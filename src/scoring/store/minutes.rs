//! Queries about minutes.

use diesel::prelude::*;

use super::super::model::MinutesRow;
use crate::db::Ctx;
use crate::db::schema::session_minutes;
use crate::error::Result;
use crate::ids::SessionMeetingId;

pub(in crate::scoring) fn minutes(cx: &mut Ctx<'_>, session: SessionMeetingId) -> Result<Option<MinutesRow>> {
    Ok(session_minutes::table.find(session).select(MinutesRow::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn insert_minutes(cx: &mut Ctx<'_>, row: &MinutesRow) -> Result<()> {
    diesel::insert_into(session_minutes::table).values(row).execute(cx.conn)?;
    Ok(())
}
