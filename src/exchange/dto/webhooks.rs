//! What travels for webhooks.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::webhooks::{DeliveryState, StoppedWhy};
use crate::db::Moment;
use crate::ids::{DeliveryId, WebhookId};
use crate::outbox::Topic;
use crate::web::body::not_blank;

/// What its owner says of a webhook.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WebhookRequest {
    /// What it is for, in your words.
    #[validate(length(min = 1, max = 200), custom(function = not_blank))]
    pub name: String,
    /// Where messages go: https, a name or address that is reached from the Internet, no user and password.
    #[validate(length(min = 1, max = 500))]
    pub url: String,
    /// Of which topics: every one but `account`.
    #[validate(length(min = 1, max = 20))]
    pub topics: Vec<Topic>,
    /// Whether messages go out; `true` when not said. What happened while it was off comes when it is on again.
    #[serde(default = "on")]
    pub active: bool,
}

fn on() -> bool {
    true
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookView {
    /// Identifier.
    pub id: WebhookId,
    /// What it is for.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// Of which topics.
    pub topics: Vec<Topic>,
    /// Whether messages go out.
    pub active: bool,
    /// Why the service stopped it: `gone` (the receiver answered 410) or `accountClosed`.
    pub stopped_why: Option<StoppedWhy>,
    /// The secret that signs (Standard Webhooks), only in the answer that made it.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")]
    pub secret: Option<String>,
    /// Until when the secret before still signs beside it.
    pub previous_until: Option<Moment>,
    /// Messages that wait.
    pub waiting: i64,
    /// Messages that were given up.
    pub dead: i64,
    /// When it was made.
    pub created_at: Moment,
}

/// One message and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView {
    /// Identifier; `webhook-id` is `msg_` with it, the same at each attempt.
    pub id: DeliveryId,
    /// What happened.
    #[schema(example = "vn.ocop.recognition.recognised")]
    pub event: String,
    /// The body as it is sent.
    pub body: serde_json::Value,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is tried next.
    pub next_at: Option<Moment>,
    /// What the receiver answered last.
    pub status: Option<i32>,
    /// Why that was no success.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: Moment,
    /// When it was taken, or given up.
    pub done_at: Option<Moment>,
}

/// Which webhooks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct WebhookQuery {
    /// Rows of a page: 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// In this state only.
    pub state: Option<DeliveryState>,
    /// Rows of a page: 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
