//! All queries about letters on their way, and about who is to get them.

use diesel::prelude::*;

use super::super::model::{LetterRow, User};
use crate::actor::Role;
use crate::db::schema::{grants, letters, place_reach, users};
use crate::db::{Conn, Ctx, Moment};
use crate::error::Result;
use crate::ids::{PlaceId, ProducerId, RowId, UserId};

pub(in crate::auth) fn insert_letter(cx: &mut Ctx<'_>, row: &LetterRow) -> Result<()> {
    diesel::insert_into(letters::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The next letter whose turn it is, with whom it is for; nobody else gets it before `until`.
pub(in crate::auth) fn take_letter(cx: &mut Ctx<'_>, until: Moment) -> Result<Option<(LetterRow, User)>> {
    let next = letters::table.filter(letters::try_after.le(cx.now)).order((letters::try_after, letters::id)).limit(1);
    let found: Option<RowId> = match cx.conn {
        Conn::Pg(c) => next.for_update().skip_locked().select(letters::id).first(c).optional()?,
        Conn::Sqlite(c) => next.select(letters::id).first(c).optional()?,
    };
    let Some(id) = found else { return Ok(None) };
    diesel::update(letters::table.find(id))
        .set((letters::try_after.eq(until), letters::attempts.eq(letters::attempts + 1)))
        .execute(cx.conn)?;
    Ok(Some(
        letters::table
            .inner_join(users::table.on(users::id.eq(letters::user_id)))
            .filter(letters::id.eq(id))
            .select((LetterRow::as_select(), User::as_select()))
            .first(cx.conn)?,
    ))
}

pub(in crate::auth) fn put_letter_off(cx: &mut Ctx<'_>, id: RowId, until: Moment) -> Result<()> {
    diesel::update(letters::table.find(id)).set(letters::try_after.eq(until)).execute(cx.conn)?;
    Ok(())
}

pub(in crate::auth) fn forget_letter(cx: &mut Ctx<'_>, id: RowId) -> Result<()> {
    diesel::delete(letters::table.find(id)).execute(cx.conn)?;
    Ok(())
}

/// Forgets letters written before a moment.
pub(in crate::auth) fn sweep_letters(cx: &mut Ctx<'_>, before: Moment) -> Result<usize> {
    Ok(diesel::delete(letters::table.filter(letters::created_at.lt(before))).execute(cx.conn)?)
}

/// The open accounts with this role today, where an office of theirs reaches a place; a right without an
/// office reaches everywhere.
pub(in crate::auth) fn holders(cx: &mut Ctx<'_>, role: Role, at: PlaceId) -> Result<Vec<UserId>> {
    let today = cx.today();
    let offices = place_reach::table.filter(place_reach::place_id.eq(at)).select(place_reach::office_id.nullable());
    Ok(grants::table
        .inner_join(users::table.on(users::id.eq(grants::user_id)))
        .filter(grants::role.eq(role))
        .filter(grants::place_id.is_null().or(grants::place_id.eq_any(offices)))
        .filter(grants::ended_at.is_null())
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .filter(users::disabled_at.is_null())
        .order(grants::user_id)
        .select(grants::user_id)
        .distinct()
        .load(cx.conn)?)
}

/// The open accounts that speak for a producer today.
pub(in crate::auth) fn speakers(cx: &mut Ctx<'_>, producer: ProducerId) -> Result<Vec<UserId>> {
    let today = cx.today();
    Ok(grants::table
        .inner_join(users::table.on(users::id.eq(grants::user_id)))
        .filter(grants::producer_id.eq(producer))
        .filter(grants::ended_at.is_null())
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .filter(users::disabled_at.is_null())
        .order(grants::user_id)
        .select(grants::user_id)
        .distinct()
        .load(cx.conn)?)
}
