//! Webhooks: an account names an address and topics, and is told there what it may see, when it happens.
//! Signed as Standard Webhooks 1.0 says; the body is a CloudEvent 1.0 that says what happened to what and
//! nothing more.

mod events; // what a message is called outside, and who may be told of it
pub mod receiver; // where messages go: which addresses are taken, the connection
mod secret; // secrets and signatures
pub mod sending; // deliveries, one by one, outside of transactions
pub mod telling; // from the outbox to deliveries

use serde_json::json;

use super::dto::WebhookRequest;
use super::model::webhooks::{Delivery, DeliveryState, StoppedWhy, Webhook};
use super::store::webhooks as store;
use crate::audit::{self, Details};
use crate::auth::policy;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{DeliveryId, UserId, WebhookId};
use crate::keys::MasterKey;
use crate::outbox::{self, Topic};

use events::{AT_MOST, OVERLAP_SECONDS, Stop, TOPICS};
pub use receiver::Receivers;

/// How long deliveries that are done are kept, in seconds.
const KEPT_SECONDS: i64 = 30 * 24 * 3600;

/// A webhook that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: WebhookId) -> Result<Webhook> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, locked, for its owner: others who see it may only end it.
///
/// # Errors
/// 404, 403.
pub fn hold_own(cx: &mut Ctx<'_>, id: WebhookId) -> Result<Webhook> {
    let row = hold(cx, id)?;
    owner(cx, &row)?;
    Ok(row)
}

/// Refuses who is not its owner.
fn owner(cx: &Ctx<'_>, row: &Webhook) -> Result<()> {
    match cx.actor().user() == Some(row.user_id) {
        true => Ok(()),
        false => Err(AppError::Forbidden("ownWebhook")),
    }
}

/// A webhook that the caller may know about, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: WebhookId) -> Result<Webhook> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// Makes a webhook; it is told what happens from now on. Gives the secret too, which is not shown again.
///
/// # Errors
/// 409 when the account has as many as it may, 422 for an address or a topic that is not taken.
pub fn add(
    cx: &mut Ctx<'_>,
    master: &MasterKey,
    receivers: Receivers,
    asked: &WebhookRequest,
) -> Result<(WebhookId, String)> {
    let user: UserId = cx.actor().user().ok_or(AppError::Unauthenticated("token_missing"))?;
    let (url, topics) = checked(receivers, asked)?;
    if store::count_of(cx, user)? >= AT_MOST {
        return Err(Stop::TooMany.into());
    }
    let secret = secret::fresh();
    let row = Webhook {
        id: WebhookId::new(),
        user_id: user,
        second_factor: cx.actor().is_any(policy::SECOND_FACTOR),
        name: asked.name.trim().to_owned(),
        url,
        topics: Doc::of(&topics),
        sealed_secret: secret::seal(master, &secret)?,
        sealed_previous: None,
        previous_until: None,
        cursor: outbox::newest(cx)?,
        active: asked.active,
        stopped_why: None,
        created_at: cx.now,
        ended_at: None,
        version: 1,
    };
    store::insert(cx, &row)?;
    note(cx, "webhook.made", &row)?;
    Ok((row.id, secret))
}

fn checked(receivers: Receivers, asked: &WebhookRequest) -> Result<(String, Vec<Topic>)> {
    if let Some(n) = asked.topics.iter().position(|topic| !TOPICS.contains(topic)) {
        let known = TOPICS.iter().map(|t| t.word()).collect::<Vec<_>>().join(", ");
        return Err(AppError::field(
            &format!("/topics/{n}"),
            "not_allowed",
            &format!("Chọn trong: {known}."),
            &format!("Choose from: {known}."),
        ));
    }
    let mut topics = asked.topics.clone();
    topics.sort();
    topics.dedup();
    Ok((receivers.read(&asked.url)?.to_string(), topics))
}

/// Which topics it is told of.
pub(super) fn topics_of(row: &Webhook) -> Vec<Topic> {
    row.topics.read().unwrap_or_default()
}

/// Changes a webhook of the caller.
///
/// # Errors
/// 422 for an address or a topic that is not taken.
pub fn edit(cx: &mut Ctx<'_>, receivers: Receivers, row: &Webhook, asked: &WebhookRequest) -> Result<Webhook> {
    let (url, topics) = checked(receivers, asked)?;
    let row = Webhook {
        name: asked.name.trim().to_owned(),
        url,
        topics: Doc::of(&topics),
        active: asked.active,
        stopped_why: row.stopped_why.filter(|_| !asked.active),
        second_factor: cx.actor().is_any(policy::SECOND_FACTOR),
        version: row.version + 1,
        ..row.clone()
    };
    store::save(cx, &row)?;
    note(cx, "webhook.changed", &row)?;
    Ok(row)
}

/// Gives a webhook of the caller a new secret; the one before signs beside it for a day.
///
/// # Errors
/// When the database or the master key fails.
pub fn renew_secret(cx: &mut Ctx<'_>, master: &MasterKey, row: &Webhook) -> Result<String> {
    let secret = secret::fresh();
    let row = Webhook {
        sealed_previous: Some(row.sealed_secret.clone()),
        sealed_secret: secret::seal(master, &secret)?,
        previous_until: Some(cx.now.plus_seconds(OVERLAP_SECONDS)),
        version: row.version + 1,
        ..row.clone()
    };
    store::save(cx, &row)?;
    note(cx, "webhook.secret_renewed", &row)?;
    Ok(secret)
}

/// Ends a webhook: nothing more goes out, and it is shown no more.
///
/// # Errors
/// When the database fails.
pub fn end(cx: &mut Ctx<'_>, row: &Webhook) -> Result<()> {
    let row = Webhook { active: false, ended_at: Some(cx.now), version: row.version + 1, ..row.clone() };
    store::save(cx, &row)?;
    note(cx, "webhook.ended", &row)
}

/// The address is the owner's own affair, and may hold a token: only the host is written down.
fn note(cx: &mut Ctx<'_>, deed: &str, row: &Webhook) -> Result<()> {
    let details = Details::none()
        .with("host", receiver::host_of(&row.url))
        .with("topics", &row.topics)
        .with("active", row.active);
    audit::record(cx, deed, "webhook", row.id.0, details)
}

/// Puts a test in the queue.
///
/// # Errors
/// 409 when the webhook is switched off.
pub fn test(cx: &mut Ctx<'_>, source: &str, row: &Webhook) -> Result<DeliveryId> {
    must_be_active(row)?;
    let id = DeliveryId::new();
    let event = "vn.ocop.webhook.test";
    let body = json!({
        "specversion": "1.0", "id": id, "source": source, "type": event, "subject": row.id, "time": cx.now,
        "datacontenttype": "application/json", "data": { "name": row.name },
    });
    store::insert_delivery(cx, &Delivery::waiting(id, row.id, event.to_owned(), body, cx.now))?;
    Ok(id)
}

fn must_be_active(row: &Webhook) -> Result<()> {
    match row.active {
        true => Ok(()),
        false => Err(Stop::Inactive.into()),
    }
}

/// A delivery of a webhook.
///
/// # Errors
/// 404.
pub fn delivery(cx: &mut Ctx<'_>, row: &Webhook, id: DeliveryId) -> Result<Delivery> {
    store::delivery(cx, row.id, id)?.ok_or(AppError::NotFound)
}

/// Sends a delivery again, whatever came of it; the receiver knows it by the same identifier.
///
/// # Errors
/// 404, 409 when the webhook is switched off.
pub fn resend(cx: &mut Ctx<'_>, row: &Webhook, id: DeliveryId) -> Result<DeliveryId> {
    must_be_active(row)?;
    let again = Delivery {
        state: DeliveryState::Waiting,
        attempts: 0,
        try_after: cx.now,
        lease_token: None,
        done_at: None,
        ..delivery(cx, row, id)?
    };
    store::wait_again(cx, &again)?;
    Ok(id)
}

/// Stops a webhook, without its owner.
fn stop(cx: &mut Ctx<'_>, id: WebhookId, why: StoppedWhy) -> Result<()> {
    let row = store::lock(cx, id)?;
    if !row.active {
        return Ok(());
    }
    let row = Webhook { active: false, stopped_why: Some(why), version: row.version + 1, ..row };
    store::save(cx, &row)?;
    note(cx, "webhook.stopped", &row)
}

/// Forgets deliveries that were done a month ago; part of `ocop sweep`.
///
/// # Errors
/// When the database fails.
pub fn sweep(cx: &mut Ctx<'_>) -> Result<usize> {
    store::forget(cx, cx.now.plus_seconds(-KEPT_SECONDS))
}
