//! `ocop sweep`: forgets what is no longer needed. For a timer, once a day.

use ocop::actor::Caller;
use ocop::db::Db;
use ocop::{auth, web};

/// What was forgotten.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Swept {
    idempotency_keys: usize,
    sign_ins: usize,
}

/// Sweeps.
///
/// # Errors
/// When the database fails.
pub fn sweep(json: bool, db: &Db) -> anyhow::Result<()> {
    let swept = db.write_now(&Caller::system("sweep"), |cx| {
        Ok(Swept { idempotency_keys: web::idempotency::sweep(cx)?, sign_ins: auth::sweep(cx)? })
    })?;
    super::print(json, &swept, || {
        format!("forgot {} retry keys, {} rows of sign-ins and one-time codes", swept.idempotency_keys, swept.sign_ins)
    })
}
