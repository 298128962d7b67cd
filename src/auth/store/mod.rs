//! All queries about users, grants, sign-ins, one-time codes and registrations.

mod letters;
mod registrations;
mod sign_in;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{GrantRow, User};
use crate::actor::{Reach, Role};
use crate::db::schema::{grants, place_reach, producers, users};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{GrantId, OrganisationId, PlaceId, ProducerId, UserId};

pub(super) use letters::{forget_letter, holders, insert_letter, put_letter_off, speakers, sweep_letters, take_letter};
pub(super) use registrations::{
    hold_registration, insert_registration, registration, registrations_page, save_decision,
};
pub(super) use sign_in::{
    code_by_hash, codes_of_day, end_session, end_sessions_but, failures, forget_failures, hold_session, insert_code,
    insert_session, mark_with_totp, note_failure, rotate, session, spend_code, spend_codes, sweep_failures,
};

/// Roles that may know of every account.
const EVERY_ACCOUNT: &[Role] = &[Role::Administrator, Role::Auditor];
/// Offices that may know of the accounts of producers in their territory.
const OFFICES: &[Role] = &[Role::Commune, Role::District, Role::Province];

/// The accounts this caller may know about: all for administrators and auditors, those of producers
/// in the territory for officers. Territory is the join that every slice makes.
pub(super) fn visible(cx: &Ctx<'_>) -> users::BoxedQuery<'static, MultiBackend> {
    let all = users::table.into_boxed();
    if cx.actor().is_system() || cx.actor().is_any(EVERY_ACCOUNT) {
        return all;
    }
    let offices = match cx.actor().reach(OFFICES) {
        Reach::Everywhere => return all,
        Reach::Offices(offices) => offices,
    };
    let today = cx.today();
    let territory =
        place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id.nullable());
    let theirs = producers::table.filter(producers::place_id.eq_any(territory)).select(producers::id.nullable());
    let holders = grants::table
        .filter(grants::producer_id.eq_any(theirs))
        .filter(grants::ended_at.is_null())
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .select(grants::user_id);
    all.filter(users::id.eq_any(holders))
}

pub(super) fn visible_user(cx: &mut Ctx<'_>, id: UserId) -> Result<Option<User>> {
    Ok(visible(cx).filter(users::id.eq(id)).select(User::as_select()).first(cx.conn).optional()?)
}

pub(super) fn user(cx: &mut Ctx<'_>, id: UserId) -> Result<Option<User>> {
    Ok(users::table.find(id).select(User::as_select()).first(cx.conn).optional()?)
}

/// The row, locked until the deed ends.
pub(super) fn hold_user(cx: &mut Ctx<'_>, id: UserId) -> Result<Option<User>> {
    let row = users::table.find(id);
    Ok(match cx.conn {
        Conn::Pg(c) => row.for_update().select(User::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => row.select(User::as_select()).first(c).optional()?,
    })
}

pub(super) fn user_by_email(cx: &mut Ctx<'_>, email: &str) -> Result<Option<User>> {
    Ok(users::table.filter(users::email.eq(email)).select(User::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert_user(cx: &mut Ctx<'_>, user: &User) -> Result<()> {
    diesel::insert_into(users::table).values(user).execute(cx.conn)?;
    Ok(())
}

/// A page of accounts by e-mail.
pub(super) fn users_page(
    cx: &mut Ctx<'_>,
    email: Option<&str>,
    role: Option<Role>,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<User>> {
    let mut query = visible(cx);
    if let Some(email) = email {
        query = query.filter(users::email.eq(email.to_owned()));
    }
    if let Some(role) = role {
        let today = cx.today();
        let holders = grants::table
            .filter(grants::role.eq(role))
            .filter(grants::ended_at.is_null())
            .filter(grants::valid_from.le(today))
            .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
            .select(grants::user_id);
        query = query.filter(users::id.eq_any(holders));
    }
    if let Some(after) = after {
        query = query.filter(users::email.gt(after));
    }
    Ok(query.order(users::email).limit(limit + 1).select(User::as_select()).load(cx.conn)?)
}

/// A change of the row; every change makes a new version.
pub(super) fn set_password(cx: &mut Ctx<'_>, id: UserId, hash: &str) -> Result<()> {
    diesel::update(users::table.find(id))
        .set((users::password_hash.eq(Some(hash)), users::version.eq(users::version + 1)))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn set_pending_totp(cx: &mut Ctx<'_>, id: UserId, sealed: &str) -> Result<()> {
    diesel::update(users::table.find(id)).set(users::totp_pending.eq(Some(sealed))).execute(cx.conn)?;
    Ok(())
}

/// The pending secret becomes the one that works; its first code is spent.
pub(super) fn confirm_totp(cx: &mut Ctx<'_>, id: UserId, sealed: &str, step: i64) -> Result<()> {
    diesel::update(users::table.find(id))
        .set((
            users::totp_secret.eq(Some(sealed)),
            users::totp_pending.eq(None::<String>),
            users::totp_confirmed.eq(true),
            users::totp_last_step.eq(step),
            users::version.eq(users::version + 1),
        ))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn drop_totp(cx: &mut Ctx<'_>, id: UserId) -> Result<()> {
    diesel::update(users::table.find(id))
        .set((
            users::totp_secret.eq(None::<String>),
            users::totp_pending.eq(None::<String>),
            users::totp_confirmed.eq(false),
            users::version.eq(users::version + 1),
        ))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn spend_totp_step(cx: &mut Ctx<'_>, id: UserId, step: i64) -> Result<()> {
    diesel::update(users::table.find(id)).set(users::totp_last_step.eq(step)).execute(cx.conn)?;
    Ok(())
}

pub(super) fn disable(cx: &mut Ctx<'_>, id: UserId) -> Result<()> {
    diesel::update(users::table.find(id))
        .set((users::disabled_at.eq(Some(cx.now)), users::version.eq(users::version + 1)))
        .execute(cx.conn)?;
    Ok(())
}

/// A new version of the account: something that belongs to it changed.
pub(super) fn touch_user(cx: &mut Ctx<'_>, id: UserId) -> Result<()> {
    diesel::update(users::table.find(id)).set(users::version.eq(users::version + 1)).execute(cx.conn)?;
    Ok(())
}

pub(super) fn insert_grant(cx: &mut Ctx<'_>, grant: &GrantRow) -> Result<()> {
    diesel::insert_into(grants::table).values(grant).execute(cx.conn)?;
    Ok(())
}

/// Takes a right away from this moment on.
pub(super) fn end_grant(cx: &mut Ctx<'_>, id: GrantId) -> Result<()> {
    let by = cx.actor().user();
    diesel::update(grants::table.find(id))
        .set((grants::ended_at.eq(Some(cx.now)), grants::ended_by.eq(by)))
        .execute(cx.conn)?;
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

/// A grant ends with this day.
pub(super) fn end_grant_on(cx: &mut Ctx<'_>, id: GrantId, last_day: NaiveDate) -> Result<()> {
    diesel::update(grants::table.find(id)).set(grants::valid_to.eq(Some(last_day))).execute(cx.conn)?;
    Ok(())
}

/// The grants for a producer that hold today.
pub(super) fn grants_of_producer(cx: &mut Ctx<'_>, producer: ProducerId) -> Result<Vec<GrantRow>> {
    let today = cx.today();
    Ok(grants::table
        .filter(grants::producer_id.eq(producer))
        .filter(grants::ended_at.is_null())
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(cx.conn)?)
}

/// Whether a grant of this role for an organisation holds today.
pub(super) fn holds_for(cx: &mut Ctx<'_>, organisation: OrganisationId, role: Role) -> Result<bool> {
    let today = cx.today();
    let held = grants::table
        .filter(grants::organisation_id.eq(organisation))
        .filter(grants::role.eq(role))
        .filter(grants::ended_at.is_null())
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)));
    Ok(diesel::select(diesel::dsl::exists(held)).get_result(cx.conn)?)
}

/// The grants that hold today.
pub(super) fn grants_today(cx: &mut Ctx<'_>, user: UserId) -> Result<Vec<GrantRow>> {
    let today = cx.today();
    Ok(grants::table
        .filter(grants::user_id.eq(user))
        .filter(grants::ended_at.is_null())
        .filter(grants::valid_from.le(today))
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .order(grants::id)
        .select(GrantRow::as_select())
        .load(cx.conn)?)
}

/// Every grant, those to come and those that have ended too.
pub(super) fn all_grants(cx: &mut Ctx<'_>, user: UserId) -> Result<Vec<GrantRow>> {
    Ok(grants::table
        .filter(grants::user_id.eq(user))
        .order((grants::valid_from, grants::created_at, grants::id))
        .select(GrantRow::as_select())
        .load(cx.conn)?)
}

/// People who administer today or will, other than this one.
pub(super) fn other_administrators(cx: &mut Ctx<'_>, but: Option<UserId>) -> Result<i64> {
    let today = cx.today();
    let mut query = grants::table
        .inner_join(users::table.on(users::id.eq(grants::user_id)))
        .filter(grants::role.eq(Role::Administrator))
        .filter(grants::ended_at.is_null())
        .filter(grants::valid_to.is_null().or(grants::valid_to.ge(today)))
        .filter(users::disabled_at.is_null())
        .into_boxed();
    if let Some(but) = but {
        query = query.filter(users::id.ne(but));
    }
    Ok(query.count().get_result(cx.conn)?)
}

/// Whether these offices reach the place.
pub(super) fn reached(cx: &mut Ctx<'_>, offices: Vec<PlaceId>, place: PlaceId) -> Result<bool> {
    let found: i64 = place_reach::table
        .filter(place_reach::place_id.eq(place))
        .filter(place_reach::office_id.eq_any(offices))
        .count()
        .get_result(cx.conn)?;
    Ok(found > 0)
}

/// Whether the user speaks for the producer today.
pub(super) fn speaks_for(cx: &mut Ctx<'_>, user: UserId, producer: ProducerId) -> Result<bool> {
    Ok(grants_today(cx, user)?.iter().any(|g| g.producer_id == Some(producer)))
}
