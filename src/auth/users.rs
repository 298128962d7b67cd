//! Accounts and their dated rights, as administrators keep them; reset codes that officers print.

use super::model::{GrantRow, User};
use super::rules::{self, Stop};
use super::sign_in::{self, CodeFor};
use super::{Neighbours, Right, store};
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::{GrantId, RowId, UserId};

/// An account that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: UserId) -> Result<User> {
    store::visible_user(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: UserId) -> Result<User> {
    get(cx, id)?;
    store::hold_user(cx, id)?.ok_or(AppError::NotFound)
}

/// The account with an e-mail, for commands on the machine.
///
/// # Errors
/// 404.
pub fn by_email(cx: &mut Ctx<'_>, email: &str) -> Result<User> {
    store::user_by_email(cx, &email.trim().to_lowercase())?.ok_or(AppError::NotFound)
}

/// Accounts that the caller may know about, by e-mail.
///
/// # Errors
/// When the database fails.
pub fn page(
    cx: &mut Ctx<'_>,
    email: Option<&str>,
    role: Option<Role>,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<User>> {
    let email = email.map(|e| e.trim().to_lowercase());
    store::users_page(cx, email.as_deref(), role, after, limit)
}

/// Every right of an account: those that hold, those to come, those that have ended.
///
/// # Errors
/// When the database fails.
pub fn grants(cx: &mut Ctx<'_>, id: UserId) -> Result<Vec<GrantRow>> {
    store::all_grants(cx, id)
}

/// Gives a right after checking that it is for what its role needs.
///
/// # Errors
/// 422 when it is not.
pub fn give(cx: &mut Ctx<'_>, ask: &Neighbours, user: &User, role: Role, right: Right) -> Result<GrantId> {
    let mut faults = rules::right_faults(role, right.place, right.producer, right.organisation);
    let from = right.from.unwrap_or_else(|| cx.today());
    if !rules::period_holds(from, right.to) {
        faults.push(crate::error::FieldError::new(
            "/validTo",
            "before_valid_from",
            "Ngày cuối không được trước ngày đầu.",
            "The last day must not be before the first.",
        ));
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    if user.disabled_at.is_some() {
        return Err(Stop::AccountClosed.into());
    }
    must_fit(cx, ask, role, &right)?;
    let id = super::grant(cx, user.id, role, right)?;
    store::touch_user(cx, user.id)?;
    Ok(id)
}

/// The place is one of the role's level; the producer is in the register.
fn must_fit(cx: &mut Ctx<'_>, ask: &Neighbours, role: Role, right: &Right) -> Result<()> {
    if let Some(place) = right.place {
        let level = (ask.unit)(cx, place)?.map(|unit| unit.level);
        let bound = matches!(role, Role::Commune | Role::District | Role::Province);
        if level.is_none() || (bound && level != Some(role.word())) {
            return Err(AppError::field(
                "/place",
                "wrong_level",
                "Đơn vị phải có và đúng cấp của vai trò (xã, huyện, tỉnh).",
                "The unit must exist and be of the role's level (commune, district, province).",
            ));
        }
    }
    if let Some(producer) = right.producer
        && (ask.producer)(cx, producer)?.is_none()
    {
        return Err(AppError::field(
            "/producer",
            "unknown_producer",
            "Không có chủ thể này.",
            "There is no such producer.",
        ));
    }
    Ok(())
}

/// Takes a right away, from this moment on.
///
/// # Errors
/// 404 when the account has no such right; 409 when it has ended, or is the last administrator's.
pub fn end_grant(cx: &mut Ctx<'_>, user: &User, id: GrantId) -> Result<()> {
    let row = store::all_grants(cx, user.id)?.into_iter().find(|g| g.id == id).ok_or(AppError::NotFound)?;
    if row.ended_at.is_some() || row.valid_to.is_some_and(|to| to < cx.today()) {
        return Err(Stop::GrantEnded.into());
    }
    if row.role == Role::Administrator {
        must_leave_an_administrator(cx, user)?;
    }
    store::end_grant(cx, id)?;
    store::touch_user(cx, user.id)?;
    audit::record(cx, "grant.ended", "user", user.id.0, Details::none().with("grant", id).with("role", row.role))
}

/// Closes an account: every sign-in ends now.
///
/// # Errors
/// 409 when it is closed already, or is the last administrator's.
pub fn disable(cx: &mut Ctx<'_>, user: &User, reason: &str) -> Result<()> {
    if user.disabled_at.is_some() {
        return Err(Stop::AccountClosed.into());
    }
    if store::grants_today(cx, user.id)?.iter().any(|g| g.role == Role::Administrator) {
        must_leave_an_administrator(cx, user)?;
    }
    store::disable(cx, user.id)?;
    let ended = store::end_sessions_but(cx, user.id, None, "disabled")?;
    let details = Details::none().with("reason", reason).with("sessionsEnded", ended);
    audit::record(cx, "user.disabled", "user", user.id.0, details)
}

/// Somebody else administers; a command on the machine may take the last one away.
fn must_leave_an_administrator(cx: &mut Ctx<'_>, but: &User) -> Result<()> {
    if !cx.actor().is_system() && store::other_administrators(cx, Some(but.id))? == 0 {
        return Err(Stop::LastAdministrator.into());
    }
    Ok(())
}

/// Drops the second factor of somebody who has lost it; rights that need one are withheld until a new one is set up.
///
/// # Errors
/// When the database fails.
pub fn drop_second_factor(cx: &mut Ctx<'_>, user: &User) -> Result<()> {
    store::drop_totp(cx, user.id)?;
    let ended = store::end_sessions_but(cx, user.id, None, "second factor dropped")?;
    audit::record(cx, "secondFactor.dropped", "user", user.id.0, Details::none().with("sessionsEnded", ended))
}

/// Prints a reset code for an account. An officer answers for accounts of producers only: one that
/// also decides or administers gets its code from an administrator.
///
/// # Errors
/// 409 when the account is closed, or holds more than a producer's rights.
pub fn reset_code(cx: &mut Ctx<'_>, user: &User) -> Result<(RowId, String, Moment)> {
    if user.disabled_at.is_some() {
        return Err(Stop::AccountClosed.into());
    }
    let over = cx.actor().is_system() || cx.actor().is(Role::Administrator);
    let of_a_producer = |g: &GrantRow| matches!(g.role, Role::Producer | Role::Consultant);
    if !over && !store::all_grants(cx, user.id)?.iter().filter(|g| g.ended_at.is_none()).all(of_a_producer) {
        return Err(Stop::BeyondOfficer.into());
    }
    let made = sign_in::make_code(cx, CodeFor::Reset, Some(user.id))?;
    audit::record(cx, "resetCode.printed", "user", user.id.0, Details::none().with("expiresAt", made.2))?;
    Ok(made)
}
