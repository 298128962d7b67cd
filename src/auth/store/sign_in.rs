//! Queries about sign-ins, failures and one-time codes.

use diesel::prelude::*;

use crate::auth::model::{OneTimeCode, Session};
use crate::auth::rules::FAILURES_KEPT;
use crate::db::schema::{one_time_codes, sessions, sign_in_failures};
use crate::db::{Conn, Ctx, Doc, Moment};
use crate::each;
use crate::error::Result;
use crate::ids::{RowId, SessionId, UserId};

pub(in crate::auth) fn session(cx: &mut Ctx<'_>, id: SessionId) -> Result<Option<Session>> {
    Ok(sessions::table.find(id).select(Session::as_select()).first(cx.conn).optional()?)
}

/// The row, locked until the deed ends: two uses of one token at once are one use and one reuse.
pub(in crate::auth) fn hold_session(cx: &mut Ctx<'_>, id: SessionId) -> Result<Option<Session>> {
    let row = sessions::table.find(id);
    Ok(match cx.conn {
        Conn::Pg(c) => row.for_update().select(Session::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => row.select(Session::as_select()).first(c).optional()?,
    })
}

pub(in crate::auth) fn insert_session(cx: &mut Ctx<'_>, session: &Session) -> Result<()> {
    diesel::insert_into(sessions::table).values(session).execute(cx.conn)?;
    Ok(())
}

pub(in crate::auth) fn rotate(cx: &mut Ctx<'_>, id: SessionId, fresh: &str, spent: &[String]) -> Result<()> {
    diesel::update(sessions::table.find(id))
        .set((sessions::refresh_hash.eq(fresh), sessions::spent_hashes.eq(Doc::of(&spent))))
        .execute(cx.conn)?;
    Ok(())
}

pub(in crate::auth) fn mark_with_totp(cx: &mut Ctx<'_>, id: SessionId) -> Result<()> {
    diesel::update(sessions::table.find(id)).set(sessions::with_totp.eq(true)).execute(cx.conn)?;
    Ok(())
}

pub(in crate::auth) fn end_session(cx: &mut Ctx<'_>, id: SessionId, why: &str) -> Result<usize> {
    Ok(diesel::update(sessions::table.find(id).filter(sessions::ended_at.is_null()))
        .set((sessions::ended_at.eq(Some(cx.now)), sessions::ended_why.eq(Some(why))))
        .execute(cx.conn)?)
}

/// Ends every open sign-in of a user but one.
pub(in crate::auth) fn end_sessions_but(
    cx: &mut Ctx<'_>,
    user: UserId,
    but: Option<SessionId>,
    why: &str,
) -> Result<usize> {
    let open = sessions::table.filter(sessions::user_id.eq(user)).filter(sessions::ended_at.is_null());
    let ended = (sessions::ended_at.eq(Some(cx.now)), sessions::ended_why.eq(Some(why)));
    Ok(match but {
        Some(but) => diesel::update(open.filter(sessions::id.ne(but))).set(ended).execute(cx.conn)?,
        None => diesel::update(open).set(ended).execute(cx.conn)?,
    })
}

/// Failures of an account from a network, and when the last one was.
pub(in crate::auth) fn failures(cx: &mut Ctx<'_>, account: &str, network: &str) -> Result<Option<(i32, Moment)>> {
    Ok(sign_in_failures::table
        .find((account, network))
        .filter(sign_in_failures::last_at.gt(cx.now.plus_seconds(-FAILURES_KEPT)))
        .select((sign_in_failures::failures, sign_in_failures::last_at))
        .first(cx.conn)
        .optional()?)
}

/// One more failure; those of long ago are forgotten first.
pub(in crate::auth) fn note_failure(cx: &mut Ctx<'_>, account: &str, network: &str) -> Result<()> {
    let old = cx.now.plus_seconds(-FAILURES_KEPT);
    diesel::delete(sign_in_failures::table.find((account, network)).filter(sign_in_failures::last_at.le(old)))
        .execute(cx.conn)?;
    let row = (
        sign_in_failures::account.eq(account),
        sign_in_failures::network.eq(network),
        sign_in_failures::failures.eq(1),
        sign_in_failures::last_at.eq(cx.now),
    );
    let now = cx.now;
    each!(&mut *cx.conn, c => diesel::insert_into(sign_in_failures::table).values(row)
        .on_conflict((sign_in_failures::account, sign_in_failures::network)).do_update()
        .set((sign_in_failures::failures.eq(sign_in_failures::failures + 1), sign_in_failures::last_at.eq(now)))
        .execute(c))?;
    Ok(())
}

pub(in crate::auth) fn forget_failures(cx: &mut Ctx<'_>, account: &str, network: &str) -> Result<()> {
    diesel::delete(sign_in_failures::table.find((account, network))).execute(cx.conn)?;
    Ok(())
}

pub(in crate::auth) fn sweep_failures(cx: &mut Ctx<'_>) -> Result<usize> {
    let old = cx.now.plus_seconds(-FAILURES_KEPT);
    Ok(diesel::delete(sign_in_failures::table.filter(sign_in_failures::last_at.le(old))).execute(cx.conn)?)
}

pub(in crate::auth) fn insert_code(cx: &mut Ctx<'_>, code: &OneTimeCode) -> Result<()> {
    diesel::insert_into(one_time_codes::table).values(code).execute(cx.conn)?;
    Ok(())
}

/// A code that still works, locked until the deed ends.
pub(in crate::auth) fn code_by_hash(cx: &mut Ctx<'_>, purpose: &str, hash: &str) -> Result<Option<OneTimeCode>> {
    let good = one_time_codes::table
        .filter(one_time_codes::code_hash.eq(hash))
        .filter(one_time_codes::purpose.eq(purpose))
        .filter(one_time_codes::used_at.is_null())
        .filter(one_time_codes::expires_at.gt(cx.now));
    Ok(match cx.conn {
        Conn::Pg(c) => good.for_update().select(OneTimeCode::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => good.select(OneTimeCode::as_select()).first(c).optional()?,
    })
}

/// How many codes the account asked for itself in the last 24 hours.
pub(in crate::auth) fn codes_of_day(cx: &mut Ctx<'_>, purpose: &str, user: UserId) -> Result<i64> {
    Ok(one_time_codes::table
        .filter(one_time_codes::user_id.eq(user))
        .filter(one_time_codes::purpose.eq(purpose))
        .filter(one_time_codes::made_by.is_null())
        .filter(one_time_codes::created_at.gt(cx.now.plus_seconds(-86_400)))
        .count()
        .get_result(cx.conn)?)
}

pub(in crate::auth) fn spend_code(cx: &mut Ctx<'_>, id: RowId) -> Result<()> {
    diesel::update(one_time_codes::table.find(id)).set(one_time_codes::used_at.eq(Some(cx.now))).execute(cx.conn)?;
    Ok(())
}

/// Codes of a purpose and a user that were not used work no more: only the newest does.
pub(in crate::auth) fn spend_codes(cx: &mut Ctx<'_>, purpose: &str, user: Option<UserId>) -> Result<()> {
    let open = one_time_codes::table
        .filter(one_time_codes::purpose.eq(purpose.to_owned()))
        .filter(one_time_codes::used_at.is_null());
    let used = one_time_codes::used_at.eq(Some(cx.now));
    match user {
        Some(user) => diesel::update(open.filter(one_time_codes::user_id.eq(user))).set(used).execute(cx.conn)?,
        None => diesel::update(open.filter(one_time_codes::user_id.is_null())).set(used).execute(cx.conn)?,
    };
    Ok(())
}
