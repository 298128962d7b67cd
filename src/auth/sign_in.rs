//! Signing in and what surrounds it: passwords, refresh, the second factor, resets, the first
//! administrator. What a refusal leaves behind (a failure counted, a family ended) must be kept, so
//! acts that refuse answer an [`Outcome`]; the handler turns it into an error after the commit.

use super::model::{OneTimeCode, User};
use super::rules::{self, Stop};
use super::{policy, second_factor, store};
use crate::actor::{Role, Who};
use crate::audit::{self, Details};
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::{RowId, SessionId, UserId};
use crate::keys::{self, MasterKey};

/// How many spent refresh tokens of a sign-in are remembered.
const SPENT_KEPT: usize = 200;
/// How long a one-time code works, in seconds.
pub const CODE_SECONDS: i64 = 24 * 3600;
/// How many letters with a code an account gets in 24 hours.
const LETTERS_A_DAY: i64 = 3;
/// What one-time codes are guessed under.
const CODES: &str = "one-time-codes";

/// What a one-time code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFor {
    /// A new password.
    Reset,
    /// The first administrator.
    FirstAdministrator,
}

impl CodeFor {
    fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::FirstAdministrator => "first-administrator",
        }
    }
}

/// What came of an attempt.
#[derive(Debug)]
pub enum Outcome<T> {
    /// Done.
    Done(T),
    /// Refused, with the reason's word.
    Refused(&'static str),
    /// Too many failures before: seconds to wait.
    Wait(i64),
}

impl<T> Outcome<T> {
    /// The value, or 401 with the word, or 429.
    ///
    /// # Errors
    /// What the outcome says.
    pub fn or_unauthenticated(self) -> Result<T> {
        match self {
            Self::Done(value) => Ok(value),
            Self::Refused(word) => Err(AppError::Unauthenticated(word)),
            Self::Wait(seconds) => Err(wait(seconds)),
        }
    }

    /// The value, or 422 about one field, or 429. The value that was sent is not repeated.
    ///
    /// # Errors
    /// What the outcome says.
    pub fn or_field(self, pointer: &str, vi: &str, en: &str) -> Result<T> {
        match self {
            Self::Done(value) => Ok(value),
            Self::Refused(word) => Err(AppError::field(pointer, word, vi, en)),
            Self::Wait(seconds) => Err(wait(seconds)),
        }
    }
}

fn wait(seconds: i64) -> AppError {
    AppError::TooMany(u64::try_from(seconds).unwrap_or(1))
}

/// A sign-in that has been opened or renewed.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The person.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
    /// The next refresh token; shown once.
    pub refresh: String,
    /// Whether rights are withheld until a second factor is shown.
    pub withheld: bool,
}

/// What is known of an account before its password is checked.
#[derive(Debug, Clone)]
pub struct Known {
    user: Option<UserId>,
    /// The hash to check against; none for nobody.
    pub hash: Option<String>,
}

/// Reads the account with an e-mail; refuses early while the network must wait.
///
/// # Errors
/// 429.
pub fn known(cx: &mut Ctx<'_>, email: &str) -> Result<Known> {
    let network = cx.caller.network.clone();
    match seconds_to_wait(cx, &account(email), &network)? {
        0 => {}
        seconds => return Err(wait(seconds)),
    }
    let user = store::user_by_email(cx, &folded(email))?;
    Ok(match user {
        Some(user) => Known { user: Some(user.id), hash: user.password_hash },
        None => Known { user: None, hash: None },
    })
}

/// Opens a sign-in for somebody whose password has been checked.
///
/// # Errors
/// When the database or the master key fails.
pub fn enter(cx: &mut Ctx<'_>, attempt: &Attempt, master: &MasterKey, waived: bool) -> Result<Outcome<Entered>> {
    let user = match proven(cx, attempt)? {
        Outcome::Done(user) => user,
        Outcome::Refused(word) => return Ok(Outcome::Refused(word)),
        Outcome::Wait(seconds) => return Ok(Outcome::Wait(seconds)),
    };
    let shown = match (user.totp_confirmed, &attempt.totp) {
        (false, _) => false,
        (true, None) if waived => false,
        (true, None) => return Ok(Outcome::Refused("second_factor_required")),
        (true, Some(typed)) => {
            let sealed = user.totp_secret.as_deref().unwrap_or_default();
            match second_factor::step(master, user.id, sealed, typed, cx.now, user.totp_last_step)? {
                None => return failed(cx, &attempt.email, Some(user.id), "second_factor_wrong"),
                Some(step) => {
                    store::spend_totp_step(cx, user.id, step)?;
                    true
                }
            }
        }
    };
    let network = cx.caller.network.clone();
    store::forget_failures(cx, &account(&attempt.email), &network)?;
    let (session, refresh) = super::open_session(cx, user.id, shown)?;
    let withheld = !shown && !waived && decides(cx, user.id)?;
    Ok(Outcome::Done(Entered { user: user.id, session, refresh, withheld }))
}

/// A password that has been checked outside the transaction.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The account, as typed.
    pub email: String,
    /// What was known of it when the password was checked.
    pub known: Known,
    /// Whether the password fits.
    pub right: bool,
    /// The code of the second factor.
    pub totp: Option<String>,
}

/// The user, held, when the password that was checked still is the password of an open account.
fn proven(cx: &mut Ctx<'_>, attempt: &Attempt) -> Result<Outcome<User>> {
    let user = match attempt.known.user {
        Some(id) => store::hold_user(cx, id)?,
        None => None,
    };
    let network = cx.caller.network.clone();
    match seconds_to_wait(cx, &account(&attempt.email), &network)? {
        0 => {}
        seconds => return Ok(Outcome::Wait(seconds)),
    }
    let open = |u: &User| attempt.right && u.disabled_at.is_none() && u.password_hash == attempt.known.hash;
    match user {
        Some(user) if open(&user) => Ok(Outcome::Done(user)),
        _ => failed(cx, &attempt.email, attempt.known.user, "credentials_wrong"),
    }
}

fn failed<T>(cx: &mut Ctx<'_>, email: &str, user: Option<UserId>, word: &'static str) -> Result<Outcome<T>> {
    let network = cx.caller.network.clone();
    store::note_failure(cx, &account(email), &network)?;
    if let Some(user) = user {
        audit::record(cx, "session.refused", "user", user.0, Details::none().with("why", word))?;
    }
    Ok(Outcome::Refused(word))
}

/// Seconds until an account may be tried again from a network.
fn seconds_to_wait(cx: &mut Ctx<'_>, account: &str, network: &str) -> Result<i64> {
    let Some((failures, last)) = store::failures(cx, account, network)? else { return Ok(0) };
    Ok(left(last.plus_seconds(rules::delay(failures)), cx.now))
}

/// Whole seconds from now to then, rounded up; 0 when it has passed.
fn left(then: Moment, now: Moment) -> i64 {
    let micros = (then.micros() - now.micros()).max(0);
    micros / 1_000_000 + i64::from(micros % 1_000_000 > 0)
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The name under which failures are counted: hashed, because strangers type what they like.
fn account(email: &str) -> String {
    keys::sha256_hex(folded(email).as_bytes())
}

/// Whether the user holds rights that need a second factor.
fn decides(cx: &mut Ctx<'_>, user: UserId) -> Result<bool> {
    Ok(store::grants_today(cx, user)?.iter().any(|g| policy::SECOND_FACTOR.contains(&g.role)))
}

/// Renews a sign-in. A refresh token works once: one that comes back ends the whole family.
///
/// # Errors
/// When the database fails.
pub fn renew(cx: &mut Ctx<'_>, token: &str, waived: bool) -> Result<Outcome<Entered>> {
    let Some((id, secret)) =
        token.split_once('.').and_then(|(id, secret)| Some((id.parse::<SessionId>().ok()?, secret)))
    else {
        return Ok(Outcome::Refused("refresh_invalid"));
    };
    let Some(session) = store::hold_session(cx, id)? else { return Ok(Outcome::Refused("refresh_invalid")) };
    let sent = keys::sha256_hex(secret.as_bytes());
    let mut spent: Vec<String> = session.spent_hashes.read().unwrap_or_default();
    if sent != session.refresh_hash {
        if !spent.contains(&sent) {
            return Ok(Outcome::Refused("refresh_invalid"));
        }
        if store::end_session(cx, id, "reuse")? > 0 {
            audit::record(cx, "session.ended", "user", session.user_id.0, Details::none().with("why", "reuse"))?;
        }
        return Ok(Outcome::Refused("refresh_reused"));
    }
    let person = store::user(cx, session.user_id)?.filter(|u| u.disabled_at.is_none());
    if session.ended_at.is_some() || session.expires_at <= cx.now || person.is_none() {
        return Ok(Outcome::Refused("session_ended"));
    }
    let fresh = keys::random_secret();
    spent.push(sent);
    let kept = &spent[spent.len().saturating_sub(SPENT_KEPT)..];
    store::rotate(cx, id, &keys::sha256_hex(fresh.as_bytes()), kept)?;
    let withheld = !session.with_totp && !waived && decides(cx, session.user_id)?;
    Ok(Outcome::Done(Entered { user: session.user_id, session: id, refresh: format!("{id}.{fresh}"), withheld }))
}

/// The signed-in person and their sign-in.
fn myself(cx: &Ctx<'_>) -> Result<(UserId, SessionId)> {
    match cx.actor().who {
        Who::User { user, session } => Ok((user, session)),
        _ => Err(AppError::Unauthenticated("token_missing")),
    }
}

/// The account of the signed-in person.
///
/// # Errors
/// 404 when there is none.
pub fn me(cx: &mut Ctx<'_>) -> Result<User> {
    let (user, _) = myself(cx)?;
    store::user(cx, user)?.ok_or(AppError::NotFound)
}

/// Ends the sign-in that the request came with.
///
/// # Errors
/// When the database fails.
pub fn leave(cx: &mut Ctx<'_>) -> Result<()> {
    let (user, session) = myself(cx)?;
    if store::end_session(cx, session, "signed out")? > 0 {
        audit::record(cx, "session.ended", "user", user.0, Details::none().with("why", "signed out"))?;
    }
    Ok(())
}

/// Changes the password of the signed-in person; every other sign-in ends.
///
/// # Errors
/// When the database fails.
pub fn change_password(cx: &mut Ctx<'_>, attempt: &Attempt, hash: &str) -> Result<Outcome<()>> {
    let (_, session) = myself(cx)?;
    let user = match proven(cx, attempt)? {
        Outcome::Done(user) => user,
        Outcome::Refused(_) => return Ok(Outcome::Refused("password_wrong")),
        Outcome::Wait(seconds) => return Ok(Outcome::Wait(seconds)),
    };
    put_password(cx, &user, hash, Some(session), "password.changed")?;
    Ok(Outcome::Done(()))
}

fn put_password(cx: &mut Ctx<'_>, user: &User, hash: &str, keep: Option<SessionId>, deed: &str) -> Result<()> {
    store::set_password(cx, user.id, hash)?;
    let ended = store::end_sessions_but(cx, user.id, keep, "password")?;
    let network = cx.caller.network.clone();
    store::forget_failures(cx, &account(&user.email), &network)?;
    store::spend_codes(cx, CodeFor::Reset.word(), Some(user.id))?;
    audit::record(cx, deed, "user", user.id.0, Details::none().private("password").with("sessionsEnded", ended))
}

/// Begins a second factor for the signed-in person, whose password has been checked: the new secret
/// waits for its first code, an old one works until then.
///
/// # Errors
/// 409 when the account has one that this sign-in did not show.
pub fn begin_second_factor(
    cx: &mut Ctx<'_>,
    attempt: &Attempt,
    master: &MasterKey,
    secret: [u8; 20],
) -> Result<Outcome<()>> {
    let (_, session) = myself(cx)?;
    let user = match proven(cx, attempt)? {
        Outcome::Done(user) => user,
        Outcome::Refused(_) => return Ok(Outcome::Refused("password_wrong")),
        Outcome::Wait(seconds) => return Ok(Outcome::Wait(seconds)),
    };
    let shown = store::session(cx, session)?.is_some_and(|s| s.with_totp);
    if user.totp_confirmed && !shown {
        return Err(Stop::SecondFactorKept.into());
    }
    store::set_pending_totp(cx, user.id, &second_factor::seal(master, user.id, &secret)?)?;
    audit::record(cx, "secondFactor.begun", "user", user.id.0, Details::none())?;
    Ok(Outcome::Done(()))
}

/// Confirms the second factor with its first code; this sign-in then counts as one that showed it.
///
/// # Errors
/// 409 when none waits.
pub fn confirm_second_factor(cx: &mut Ctx<'_>, master: &MasterKey, typed: &str) -> Result<Outcome<()>> {
    let (id, session) = myself(cx)?;
    let user = store::hold_user(cx, id)?.ok_or(AppError::NotFound)?;
    let Some(pending) = user.totp_pending.clone() else { return Err(Stop::NothingToConfirm.into()) };
    let Some(step) = second_factor::step(master, id, &pending, typed, cx.now, 0)? else {
        return Ok(Outcome::Refused("second_factor_wrong"));
    };
    store::confirm_totp(cx, id, &pending, step)?;
    store::mark_with_totp(cx, session)?;
    audit::record(cx, "secondFactor.confirmed", "user", id.0, Details::none())?;
    Ok(Outcome::Done(()))
}

/// Makes a one-time code; those before it for the same purpose and person work no more. The code is
/// given once and kept as a hash.
///
/// # Errors
/// When the database fails.
pub fn make_code(cx: &mut Ctx<'_>, purpose: CodeFor, user: Option<UserId>) -> Result<(RowId, String, Moment)> {
    store::spend_codes(cx, purpose.word(), user)?;
    add_code(cx, purpose, user)
}

fn add_code(cx: &mut Ctx<'_>, purpose: CodeFor, user: Option<UserId>) -> Result<(RowId, String, Moment)> {
    let mut random = [0_u8; 20];
    rand::fill(&mut random);
    let code = rules::code(random);
    let row = OneTimeCode {
        id: RowId::new(),
        user_id: user,
        purpose: purpose.word().to_owned(),
        code_hash: code_hash(&code),
        made_by: cx.actor().user(),
        expires_at: cx.now.plus_seconds(CODE_SECONDS),
        used_at: None,
        created_at: cx.now,
    };
    store::insert_code(cx, &row)?;
    Ok((row.id, code, row.expires_at))
}

/// Makes a one-time code to be sent to the account's own address. Codes that were printed go on
/// working: somebody else's asking must not spend them. Three letters a day are the most.
///
/// Gives nothing for an address without an open account, and beyond the third letter; the caller is
/// told the same in every case.
///
/// # Errors
/// When the database fails.
pub fn code_by_mail(cx: &mut Ctx<'_>, email: &str) -> Result<Option<(String, String)>> {
    let email = email.trim().to_lowercase();
    let Some(user) = store::user_by_email(cx, &email)?.filter(|u| u.disabled_at.is_none()) else { return Ok(None) };
    // The account's row stands for its letters: two askings at once count one after the other.
    store::hold_user(cx, user.id)?;
    if store::codes_of_day(cx, CodeFor::Reset.word(), user.id)? >= LETTERS_A_DAY {
        return Ok(None);
    }
    let (_, code, expires) = add_code(cx, CodeFor::Reset, Some(user.id))?;
    let details = Details::none().with("expiresAt", expires);
    audit::record(cx, "resetCode.mailed", "user", user.id.0, details)?;
    Ok(Some((user.email, code)))
}

fn code_hash(code: &str) -> String {
    keys::sha256_hex(rules::read_code(code).as_bytes())
}

/// Checks a one-time code before anything costly is done for it. Gives the e-mail of its account.
///
/// # Errors
/// When the database fails.
pub fn try_code(cx: &mut Ctx<'_>, purpose: CodeFor, code: &str) -> Result<Outcome<Option<String>>> {
    let network = cx.caller.network.clone();
    match seconds_to_wait(cx, CODES, &network)? {
        0 => {}
        seconds => return Ok(Outcome::Wait(seconds)),
    }
    let Some(row) = store::code_by_hash(cx, purpose.word(), &code_hash(code))? else {
        store::note_failure(cx, CODES, &network)?;
        return Ok(Outcome::Refused("code_wrong"));
    };
    let user = match row.user_id {
        Some(id) => store::user(cx, id)?.filter(|u| u.disabled_at.is_none()),
        None => None,
    };
    match (purpose, user) {
        (CodeFor::Reset, None) => Ok(Outcome::Refused("code_wrong")),
        (_, user) => Ok(Outcome::Done(user.map(|u| u.email))),
    }
}

/// Sets a new password by a one-time code. Every sign-in ends; the second factor stays.
///
/// # Errors
/// When the database fails.
pub fn reset(cx: &mut Ctx<'_>, code: &str, hash: &str) -> Result<Outcome<()>> {
    let Some(row) = store::code_by_hash(cx, CodeFor::Reset.word(), &code_hash(code))? else {
        return Ok(Outcome::Refused("code_wrong"));
    };
    let user = match row.user_id {
        Some(id) => store::hold_user(cx, id)?.filter(|u| u.disabled_at.is_none()),
        None => None,
    };
    let Some(user) = user else { return Ok(Outcome::Refused("code_wrong")) };
    store::spend_code(cx, row.id)?;
    let network = cx.caller.network.clone();
    store::forget_failures(cx, CODES, &network)?;
    put_password(cx, &user, hash, None, "password.reset")?;
    Ok(Outcome::Done(()))
}

/// Whether somebody administers this instance, today or from a day to come.
///
/// # Errors
/// When the database fails.
pub fn has_administrator(cx: &mut Ctx<'_>) -> Result<bool> {
    Ok(store::other_administrators(cx, None)? > 0)
}

/// Makes the first administrator by the one-time code that the operator was given.
///
/// # Errors
/// 409 when there is an administrator already; 422 when the e-mail is taken.
pub fn first_administrator(
    cx: &mut Ctx<'_>,
    code: &str,
    email: &str,
    name: &str,
    hash: &str,
) -> Result<Outcome<UserId>> {
    let Some(row) = store::code_by_hash(cx, CodeFor::FirstAdministrator.word(), &code_hash(code))? else {
        return Ok(Outcome::Refused("code_wrong"));
    };
    if has_administrator(cx)? {
        return Err(Stop::AdministratorExists.into());
    }
    store::spend_code(cx, row.id)?;
    let id = super::add_user(cx, email, name, None, Some(hash))?;
    let right = super::Right { basis: "first administrator".into(), ..super::Right::default() };
    super::grant(cx, id, Role::Administrator, right)?;
    Ok(Outcome::Done(id))
}
