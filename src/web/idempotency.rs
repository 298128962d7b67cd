//! Retries: a creating call with an `Idempotency-Key` is done once. The row is inserted first in
//! the deed's own transaction, so the second caller waits and gets the first one's answer.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::Ctx;
use crate::db::schema::idempotency;
use crate::each;
use crate::error::{AppError, FieldError, Result};
use crate::ids::RowId;

/// How long a key is kept, in seconds: 48 hours.
pub const KEPT_SECONDS: i64 = 48 * 3600;

/// The retry key of a request, when it was sent.
#[derive(Debug, Clone)]
pub struct Once {
    key: Option<String>,
    request: String,
}

/// What a creating call came to.
#[derive(Debug, Clone, Copy)]
pub struct Done {
    /// What was created.
    pub id: Uuid,
    /// Whether it was created by an earlier call with the same key.
    pub replayed: bool,
}

impl Once {
    /// For deeds of which a double would be an official act.
    ///
    /// # Errors
    /// 428 when no key was sent.
    pub fn required(&self) -> Result<&Self> {
        match self.key {
            Some(_) => Ok(self),
            None => Err(AppError::PreconditionRequired("Idempotency-Key")),
        }
    }

    /// Does the deed, unless the same request with the same key has done it before.
    ///
    /// # Errors
    /// What the deed answers (then no key is kept), or 422 when the key belongs to another request.
    pub fn run(
        &self,
        cx: &mut Ctx<'_>,
        fingerprint: &str,
        deed: impl FnOnce(&mut Ctx<'_>) -> Result<Uuid>,
    ) -> Result<Done> {
        let Some(key) = &self.key else { return Ok(Done { id: deed(cx)?, replayed: false }) };
        let scope = match cx.actor().user() {
            Some(user) => user.to_string(),
            None => format!("{}@{}", self.request, cx.caller.network),
        };
        let fingerprint = format!("{} {fingerprint}", self.request);
        let expired = cx.now.plus_seconds(-KEPT_SECONDS);
        diesel::delete(idempotency::table.find((&scope, key)).filter(idempotency::at.lt(expired))).execute(cx.conn)?;
        let row = (
            idempotency::scope.eq(&scope),
            idempotency::key.eq(key),
            idempotency::fingerprint.eq(&fingerprint),
            idempotency::status.eq(0),
            idempotency::subject_id.eq(RowId(Uuid::nil())),
            idempotency::at.eq(cx.now),
        );
        let first = each!(&mut *cx.conn, c => diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing().execute(c))?;
        if first == 0 {
            return self.replay(cx, &scope, key, &fingerprint);
        }
        let id = deed(cx)?;
        diesel::update(idempotency::table.find((&scope, key)))
            .set((idempotency::status.eq(201), idempotency::subject_id.eq(RowId(id))))
            .execute(cx.conn)?;
        Ok(Done { id, replayed: false })
    }

    fn replay(&self, cx: &mut Ctx<'_>, scope: &str, key: &str, fingerprint: &str) -> Result<Done> {
        let (kept, subject): (String, RowId) = idempotency::table
            .find((scope, key))
            .select((idempotency::fingerprint, idempotency::subject_id))
            .first(cx.conn)?;
        match kept == fingerprint {
            true => Ok(Done { id: subject.0, replayed: true }),
            false => Err(AppError::IdempotencyKeyReused),
        }
    }
}

impl FromRequest for Once {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = match req.headers().get("Idempotency-Key").map(|v| v.to_str()) {
            None => None,
            Some(Ok(k)) if (1..=200).contains(&k.len()) => Some(k.to_owned()),
            Some(_) => {
                return ready(Err(AppError::BadParameter(vec![FieldError::new(
                    "Idempotency-Key",
                    "wrong_form",
                    "Khóa gồm 1 đến 200 ký tự ASCII.",
                    "The key has 1 to 200 ASCII characters.",
                )])));
            }
        };
        ready(Ok(Self { key, request: format!("{} {}", req.method(), req.path()) }))
    }
}

/// Forgets keys older than 48 hours; part of `ocop sweep`.
///
/// # Errors
/// When the database fails.
pub fn sweep(cx: &mut Ctx<'_>) -> Result<usize> {
    let expired = cx.now.plus_seconds(-KEPT_SECONDS);
    Ok(diesel::delete(idempotency::table.filter(idempotency::at.lt(expired))).execute(cx.conn)?)
}
