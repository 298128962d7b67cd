//! Deliveries, one by one, outside of any transaction: taken with a lease, sent, and what came of it written
//! down by whoever still holds the lease.

use rand::RngExt;

use super::super::model::webhooks::{Delivery, DeliveryState, StoppedWhy};
use super::events::wait;
use super::receiver::{Answered, Receivers};
use super::{secret, store};
use crate::actor::Caller;
use crate::db::{Ctx, Db};
use crate::error::{AppError, Result};
use crate::keys::MasterKey;

/// How long one sender has a delivery for itself, in seconds.
const LEASE_SECONDS: i64 = 60;
/// The longest wait that a receiver can ask for, in seconds.
const LONGEST_WAIT: i64 = 24 * 3600;
/// A part of the wait that is added by chance, so that not all come back at once.
const JITTER: i64 = 10;

/// Sends one delivery. Answers whether there was one.
///
/// # Errors
/// When the database or the master key fails; a receiver that fails only puts the delivery off.
pub fn work_once(db: &Db, master: &MasterKey, receivers: Receivers) -> Result<bool> {
    let worker = Caller::system("webhooks");
    let taken = db.take_now(&worker, |cx| store::take(cx, cx.now.plus_seconds(LEASE_SECONDS)))?;
    let Some((delivery, webhook)) = taken else { return Ok(false) };
    let now = db.clock().now();
    let id = format!("msg_{}", delivery.id);
    let headers = [
        ("webhook-timestamp", now.utc().timestamp().to_string()),
        ("webhook-signature", secret::signatures(master, &webhook, (&id, now, &delivery.body))?),
        ("webhook-id", id),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AppError::internal)?;
    let answered = runtime.block_on(receivers.post(&webhook.url, &headers, delivery.body.clone()));
    db.write_now(&worker, move |cx| settle(cx, &delivery, &answered))?;
    Ok(true)
}

fn settle(cx: &mut Ctx<'_>, taken: &Delivery, answered: &std::result::Result<Answered, String>) -> Result<()> {
    let mut row = Delivery { lease_token: None, ..taken.clone() };
    row.status = answered.as_ref().ok().map(|a| i32::from(a.status));
    row.error = match answered {
        Ok(Answered { status: 200..=299, .. }) => None,
        Ok(Answered { status: status @ 300..=399, .. }) => Some(format!("{status}: redirects are not followed")),
        Ok(Answered { status, .. }) => Some(format!("the receiver answered {status}")),
        Err(why) => Some(why.chars().take(500).collect()),
    };
    let gone = row.status == Some(410);
    match (&row.error, wait(taken.attempts).filter(|_| !gone)) {
        (None, _) => (row.state, row.done_at) = (DeliveryState::Delivered, Some(cx.now)),
        (Some(_), None) => (row.state, row.done_at) = (DeliveryState::Dead, Some(cx.now)),
        (Some(_), Some(seconds)) => {
            let asked = answered.as_ref().ok().and_then(|a| a.retry_after).unwrap_or(0);
            let by_chance = rand::rng().random_range(0..=seconds / JITTER);
            let seconds = (seconds + by_chance).max(asked.clamp(0, LONGEST_WAIT));
            row.try_after = cx.now.plus_seconds(seconds);
        }
    }
    let mine = store::settle(cx, &row, taken.lease_token)?;
    match mine && gone {
        true => super::stop(cx, taken.webhook_id, StoppedWhy::Gone),
        false => Ok(()),
    }
}
