//! Webhooks over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{DeliveryQuery, DeliveryView, WebhookQuery, WebhookRequest, WebhookView};
use super::super::{show, webhooks};
use crate::actor::Caller;
use crate::config::Config;
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::ids::{DeliveryId, WebhookId};
use crate::keys::MasterKey;
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, nothing};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_webhooks)
        .service(add_webhook)
        .service(get_webhook)
        .service(edit_webhook)
        .service(end_webhook)
        .service(renew_webhook_secret)
        .service(test_webhook)
        .service(list_webhook_deliveries)
        .service(resend_webhook_delivery);
}

/// The webhooks of my account; all of them for administrators
#[utoipa::path(tag = "Exchange", operation_id = "list_webhooks", params(WebhookQuery),
    responses((status = 200, description = "A page of webhooks, the oldest first", body = Page<WebhookView>)))]
#[get("/webhooks")]
async fn list_webhooks(caller: Caller, db: Data<Db>, query: Query<WebhookQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::webhooks(cx, &query)?.answer()).await
}

/// Be told by a call to an address of mine what happens from now on, as far as I may see it
///
/// Messages are signed as Standard Webhooks 1.0 says (`webhook-id`, `webhook-timestamp`, `webhook-signature`); the
/// secret stands in this answer only. The body is a CloudEvent 1.0 that says what happened to what: read more under
/// `data.href`, with your own rights. Nothing of a result is told before its publication, nothing of people at all. A
/// message is done when it is answered with 2xx within 15 seconds; else it is tried ten times in some three days. A
/// redirect is a failure, 410 stops the webhook, `Retry-After` is kept. Messages may come twice and in another order:
/// `webhook-id` and `sequence` tell.
#[utoipa::path(tag = "Exchange", operation_id = "add_webhook",
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key makes one webhook; the secret is not shown again")),
    request_body(content = WebhookRequest, example = json!({"name": "Sàn thương mại", "url": "https://shop.example.vn/ocop",
        "topics": ["recognition", "revocation"]})),
    responses((status = 201, description = "The webhook with its secret", body = WebhookView),
        (status = 409, description = "webhooks_too_many", body = Problem),
        (status = 422, description = "An address or a topic that is not taken", body = Problem)))]
#[post("/webhooks")]
async fn add_webhook(
    caller: Caller,
    db: Data<Db>,
    master: Data<MasterKey>,
    config: Data<Config>,
    once: Once,
    body: Body<WebhookRequest>,
) -> Result<Answer> {
    let receivers = config.get_ref().into();
    db.write(caller, move |cx| {
        let asked = body.valid()?;
        let mut secret = None;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let (id, made) = webhooks::add(cx, &master, receivers, asked)?;
            secret = Some(made);
            Ok(id.0)
        })?;
        let row = webhooks::get(cx, WebhookId(done.id))?;
        created(done, &format!("/v1/webhooks/{}", row.id), row.version, &show::webhook(cx, &row, secret)?)
    })
    .await
}

/// One webhook
#[utoipa::path(tag = "Exchange", operation_id = "get_webhook",
    params(("id" = WebhookId, Path, description = "Identifier of the webhook")),
    responses((status = 200, description = "The webhook, without its secret", body = WebhookView)))]
#[get("/webhooks/{id}")]
async fn get_webhook(caller: Caller, db: Data<Db>, id: Path<WebhookId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = webhooks::get(cx, *id)?;
        found(row.version, &show::webhook(cx, &row, None)?)
    })
    .await
}

/// Change a webhook of mine; switch it off and on
///
/// What happened while it was off is told when it is on again.
#[utoipa::path(tag = "Exchange", operation_id = "edit_webhook",
    params(("id" = WebhookId, Path, description = "Identifier of the webhook"),
        ("If-Match" = String, Header, description = "The tag of the version that is changed")),
    request_body(content = WebhookRequest, example = json!({"name": "Sàn thương mại", "url": "https://shop.example.vn/ocop",
        "topics": ["recognition"], "active": true})),
    responses((status = 200, description = "The webhook as it is now", body = WebhookView),
        (status = 422, description = "An address or a topic that is not taken", body = Problem)))]
#[put("/webhooks/{id}")]
async fn edit_webhook(
    caller: Caller,
    db: Data<Db>,
    config: Data<Config>,
    id: Path<WebhookId>,
    tag: IfMatch,
    body: Body<WebhookRequest>,
) -> Result<Answer> {
    let receivers = config.get_ref().into();
    db.write(caller, move |cx| {
        let row = webhooks::hold_own(cx, *id)?;
        tag.check(row.version)?;
        let row = webhooks::edit(cx, receivers, &row, body.valid()?)?;
        found(row.version, &show::webhook(cx, &row, None)?)
    })
    .await
}

/// End a webhook: nothing more goes out
#[utoipa::path(tag = "Exchange", operation_id = "end_webhook",
    params(("id" = WebhookId, Path, description = "Identifier of the webhook"),
        ("If-Match" = String, Header, description = "The tag of the version that is ended")),
    responses((status = 204, description = "It is no more")))]
#[delete("/webhooks/{id}")]
async fn end_webhook(caller: Caller, db: Data<Db>, id: Path<WebhookId>, tag: IfMatch) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = webhooks::hold(cx, *id)?;
        tag.check(row.version)?;
        webhooks::end(cx, &row)?;
        Ok(nothing())
    })
    .await
}

/// A new secret; the one before signs beside it for 24 hours
#[utoipa::path(tag = "Exchange", operation_id = "renew_webhook_secret",
    params(("id" = WebhookId, Path, description = "Identifier of the webhook"),
        ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key renews once; the secret is not shown again")),
    responses((status = 201, description = "The webhook with its new secret", body = WebhookView)))]
#[post("/webhooks/{id}/secret")]
async fn renew_webhook_secret(
    caller: Caller,
    db: Data<Db>,
    master: Data<MasterKey>,
    id: Path<WebhookId>,
    once: Once,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = webhooks::hold_own(cx, *id)?;
        let mut secret = None;
        let done = once.run(cx, "", |cx| {
            secret = Some(webhooks::renew_secret(cx, &master, &row)?);
            Ok(row.id.0)
        })?;
        let row = webhooks::get(cx, *id)?;
        created(done, &format!("/v1/webhooks/{}", row.id), row.version, &show::webhook(cx, &row, secret)?)
    })
    .await
}

/// Send a test to a webhook of mine
#[utoipa::path(tag = "Exchange", operation_id = "test_webhook",
    params(("id" = WebhookId, Path, description = "Identifier of the webhook"),
        ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key sends one test")),
    responses((status = 201, description = "The delivery; it goes out at once", body = DeliveryView),
        (status = 409, description = "webhook_inactive", body = Problem)))]
#[post("/webhooks/{id}/tests")]
async fn test_webhook(
    caller: Caller,
    db: Data<Db>,
    config: Data<Config>,
    id: Path<WebhookId>,
    once: Once,
) -> Result<Answer> {
    let source = config.public_url.clone();
    db.write(caller, move |cx| {
        let row = webhooks::hold_own(cx, *id)?;
        let done = once.run(cx, "", |cx| Ok(webhooks::test(cx, &source, &row)?.0))?;
        let sent = webhooks::delivery(cx, &row, DeliveryId(done.id))?;
        created(done, &format!("/v1/webhooks/{}/deliveries", row.id), 1, &show::delivery(sent)?)
    })
    .await
}

/// What went to a webhook and what came of it, the newest first; what is done is kept for 30 days
#[utoipa::path(tag = "Exchange", operation_id = "list_webhook_deliveries",
    params(("id" = WebhookId, Path, description = "Identifier of the webhook"), DeliveryQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliveryView>)))]
#[get("/webhooks/{id}/deliveries")]
async fn list_webhook_deliveries(
    caller: Caller,
    db: Data<Db>,
    id: Path<WebhookId>,
    query: Query<DeliveryQuery>,
) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = webhooks::get(cx, *id)?;
        show::deliveries(cx, &row, &query)?.answer()
    })
    .await
}

/// Send a message to a webhook of mine again, with the same identifier
#[utoipa::path(tag = "Exchange", operation_id = "resend_webhook_delivery",
    params(("id" = WebhookId, Path, description = "Identifier of the webhook"),
        ("delivery" = DeliveryId, Path, description = "Identifier of the delivery"),
        ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key sends it once")),
    responses((status = 201, description = "The delivery; it waits for its turn", body = DeliveryView),
        (status = 409, description = "webhook_inactive", body = Problem)))]
#[post("/webhooks/{id}/deliveries/{delivery}/attempts")]
async fn resend_webhook_delivery(
    caller: Caller,
    db: Data<Db>,
    path: Path<(WebhookId, DeliveryId)>,
    once: Once,
) -> Result<Answer> {
    let (id, delivery) = path.into_inner();
    db.write(caller, move |cx| {
        let row = webhooks::hold_own(cx, id)?;
        let done = once.run(cx, "", |cx| Ok(webhooks::resend(cx, &row, delivery)?.0))?;
        let again = webhooks::delivery(cx, &row, delivery)?;
        created(done, &format!("/v1/webhooks/{id}/deliveries"), 1, &show::delivery(again)?)
    })
    .await
}
