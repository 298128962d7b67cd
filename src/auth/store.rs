//! All queries about users, grants and sign-ins.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{GrantRow, Session, User};
use crate::db::Ctx;
use crate::db::schema::{grants, sessions, sign_in_failures, users};
use crate::each;
use crate::error::Result;
use crate::ids::{GrantId, PlaceId, SessionId, UserId};

pub(super) fn user(cx: &mut Ctx<'_>, id: UserId) -> Result<Option<User>> {
    Ok(users::table.find(id).select(User::as_select()).first(cx.conn).optional()?)
}

pub(super) fn user_by_email(cx: &mut Ctx<'_>, email: &str) -> Result<Option<User>> {
    Ok(users::table.filter(users::email.eq(email)).select(User::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert_user(cx: &mut Ctx<'_>, user: &User) -> Result<()> {
    diesel::insert_into(users::table).values(user).execute(cx.conn)?;
    Ok(())
}

pub(super) fn insert_grant(cx: &mut Ctx<'_>, grant: &GrantRow) -> Result<()> {
    diesel::insert_into(grants::table).values(grant).execute(cx.conn)?;
    Ok(())
}

pub(super) fn grant(cx: &mut Ctx<'_>, id: GrantId) -> Result<Option<GrantRow>> {
    Ok(grants::table.find(id).select(GrantRow::as_select()).first(cx.conn).optional()?)
}

/// The grants for these offices that have not ended before a day.
pub(super) fn grants_at(cx: &mut Ctx<'_>, offices: &[PlaceId], from: NaiveDate) -> Result<Vec<GrantRow>> {
    Ok(grants::table
        .filter(grants::place_id.eq_any(offices.iter().map(|id| Some(*id)).collect::<Vec<_>>()))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(from)))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn end_grant(cx: &mut Ctx<'_>, id: GrantId, last_day: NaiveDate) -> Result<()> {
    diesel::update(grants::table.find(id)).set(grants::valid_to.eq(Some(last_day))).execute(cx.conn)?;
    Ok(())
}

/// The grants that hold today.
pub(super) fn grants_today(cx: &mut Ctx<'_>, user: UserId) -> Result<Vec<GrantRow>> {
    let today = cx.today();
    Ok(grants::table
        .filter(grants::user_id.eq(user))
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn session(cx: &mut Ctx<'_>, id: SessionId) -> Result<Option<Session>> {
    Ok(sessions::table.find(id).select(Session::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert_session(cx: &mut Ctx<'_>, session: &Session) -> Result<()> {
    diesel::insert_into(sessions::table).values(session).execute(cx.conn)?;
    Ok(())
}

/// Failures of an account from a network, and when the last one was.
pub(super) fn failures(cx: &mut Ctx<'_>, account: &str, network: &str) -> Result<Option<(i32, crate::db::Moment)>> {
    Ok(sign_in_failures::table
        .find((account, network))
        .select((sign_in_failures::failures, sign_in_failures::last_at))
        .first(cx.conn)
        .optional()?)
}

pub(super) fn note_failure(cx: &mut Ctx<'_>, account: &str, network: &str) -> Result<()> {
    let row = (
        sign_in_failures::account.eq(account),
        sign_in_failures::network.eq(network),
        sign_in_failures::failures.eq(1),
        sign_in_failures::last_at.eq(cx.now),
    );
    each!(&mut *cx.conn, c => diesel::insert_into(sign_in_failures::table).values(row)
        .on_conflict((sign_in_failures::account, sign_in_failures::network)).do_update()
        .set((sign_in_failures::failures.eq(sign_in_failures::failures + 1), sign_in_failures::last_at.eq(cx.now)))
        .execute(c))?;
    Ok(())
}

pub(super) fn forget_failures(cx: &mut Ctx<'_>, account: &str, network: &str) -> Result<()> {
    diesel::delete(sign_in_failures::table.find((account, network))).execute(cx.conn)?;
    Ok(())
}
