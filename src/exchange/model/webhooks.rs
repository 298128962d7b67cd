//! Rows of webhooks.

use diesel::prelude::*;

use crate::db::schema::{webhook_deliveries, webhooks};
use crate::db::{Doc, Moment};
use crate::ids::{DeliveryId, OutboxId, RowId, UserId, WebhookId};

crate::words! {
    /// Where a delivery stands.
    pub enum DeliveryState {
        /// Waits to be sent, or to be sent again.
        Waiting = "waiting",
        /// The receiver has taken it.
        Delivered = "delivered",
        /// Given up; it can be sent again by hand.
        Dead = "dead",
    }
}

crate::words! {
    /// Why the service stopped a webhook.
    pub enum StoppedWhy {
        /// The receiver answered 410: it wants nothing more.
        Gone = "gone",
        /// The account behind it was closed.
        AccountClosed = "accountClosed",
    }
}
crate::stored_words!(DeliveryState, StoppedWhy);

/// Who wants to be told, where, and of what.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhooks, treat_none_as_null = true)]
pub struct Webhook {
    /// Identifier.
    pub id: WebhookId,
    /// The account that it belongs to.
    pub user_id: UserId,
    /// Whether the rights of roles that decide count.
    pub second_factor: bool,
    /// In the owner's words.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// Which topics.
    pub topics: Doc,
    /// The secret, sealed.
    pub sealed_secret: String,
    /// The secret before, sealed.
    pub sealed_previous: Option<String>,
    /// Until when that one still signs.
    pub previous_until: Option<Moment>,
    /// The last position of the outbox that was looked at.
    pub cursor: i64,
    /// Whether messages go out.
    pub active: bool,
    /// Why the service stopped it.
    pub stopped_why: Option<StoppedWhy>,
    /// When it was made.
    pub created_at: Moment,
    /// When its owner ended it.
    pub ended_at: Option<Moment>,
    /// Row version.
    pub version: i32,
}

/// One message to one address.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_deliveries, treat_none_as_null = true)]
pub struct Delivery {
    /// Identifier; the receiver knows it as `webhook-id`.
    pub id: DeliveryId,
    /// To which webhook.
    pub webhook_id: WebhookId,
    /// The message; none for a test.
    pub outbox_id: Option<OutboxId>,
    /// What happened.
    pub event: String,
    /// What is signed and sent.
    pub body: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// Not before.
    pub try_after: Moment,
    /// The sender that holds it.
    pub lease_token: Option<RowId>,
    /// The last answer.
    pub status: Option<i32>,
    /// Why there was none, or why it was no success.
    pub error: Option<String>,
    /// When it was written.
    pub created_at: Moment,
    /// When it was taken or given up.
    pub done_at: Option<Moment>,
}

impl Delivery {
    /// One that waits to be sent for the first time, at once.
    pub fn waiting(id: DeliveryId, webhook_id: WebhookId, event: String, body: serde_json::Value, now: Moment) -> Self {
        Self {
            id,
            webhook_id,
            outbox_id: None,
            event,
            body: Doc(body).text(),
            state: DeliveryState::Waiting,
            attempts: 0,
            try_after: now,
            lease_token: None,
            status: None,
            error: None,
            created_at: now,
            done_at: None,
        }
    }
}
