//! Letters by e-mail to accounts: written in the deed's transaction, sent behind it, then forgotten.
//! Neither addresses nor what a letter says reach the log.

use super::model::LetterRow;
use super::store;
use crate::actor::{Caller, Role};
use crate::db::{Ctx, Db};
use crate::error::Result;
use crate::ids::{PlaceId, ProducerId, RowId, UserId};
use crate::mail::Mailer;

/// How long one sender has a letter for itself, in seconds.
const LEASE_SECONDS: i64 = 120;
/// How often a letter is tried: after 2, 4, 8, 16 and 32 minutes.
const MAX_ATTEMPTS: i32 = 6;
/// A letter that was not sent for so long says nothing new any more, in seconds.
const KEPT_SECONDS: i64 = 3 * 24 * 3600;

/// Writes a letter to an account; it is sent where a mail server is named, else forgotten after three days.
///
/// # Errors
/// When the database fails.
pub fn post(cx: &mut Ctx<'_>, to: UserId, subject: &str, text: &str) -> Result<()> {
    let row = LetterRow {
        id: RowId::new(),
        user_id: to,
        subject: subject.to_owned(),
        body: text.to_owned(),
        attempts: 0,
        try_after: cx.now,
        created_at: cx.now,
    };
    store::insert_letter(cx, &row)
}

/// The accounts that hold a role where a place is.
///
/// # Errors
/// When the database fails.
pub fn holders(cx: &mut Ctx<'_>, role: Role, at: PlaceId) -> Result<Vec<UserId>> {
    store::holders(cx, role, at)
}

/// The accounts that speak for a producer.
///
/// # Errors
/// When the database fails.
pub fn speakers(cx: &mut Ctx<'_>, producer: ProducerId) -> Result<Vec<UserId>> {
    store::speakers(cx, producer)
}

/// Sends one letter, outside of any transaction. Answers whether there was one.
///
/// # Errors
/// When the database fails; a mail server that fails only puts the letter off.
pub fn deliver(db: &Db, mailer: &Mailer) -> Result<bool> {
    let worker = Caller::system("letters");
    let taken = db.take_now(&worker, |cx| store::take_letter(cx, cx.now.plus_seconds(LEASE_SECONDS)))?;
    let Some((letter, to)) = taken else { return Ok(false) };
    let sent = match to.disabled_at {
        Some(_) => Ok(()),
        None => mailer.send(&to.email, &letter.subject, letter.body.clone()),
    };
    let (id, attempts) = (letter.id, letter.attempts);
    match sent {
        Ok(()) => db.write_now(&worker, move |cx| store::forget_letter(cx, id))?,
        Err(_) if attempts >= MAX_ATTEMPTS => {
            tracing::warn!(letter = %id, attempts, "a letter was not taken by the mail server and is given up");
            db.write_now(&worker, move |cx| store::forget_letter(cx, id))?;
        }
        Err(_) => {
            tracing::warn!(letter = %id, attempts, "a letter was not taken by the mail server; it is tried again later");
            db.write_now(&worker, move |cx| {
                store::put_letter_off(cx, id, cx.now.plus_seconds(60 << attempts.clamp(1, 5)))
            })?;
        }
    }
    Ok(true)
}

/// Forgets letters that nobody sent in time.
pub(super) fn sweep(cx: &mut Ctx<'_>) -> Result<usize> {
    store::sweep_letters(cx, cx.now.plus_seconds(-KEPT_SECONDS))
}
