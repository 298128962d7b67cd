//! All queries about webhooks and their deliveries.

use diesel::alias;
use diesel::prelude::*;

use super::super::model::webhooks::{Delivery, DeliveryState, Webhook};
use crate::actor::Role;
use crate::db::schema::{webhook_deliveries, webhooks};
use crate::db::{Conn, Ctx, Moment, MultiBackend};
use crate::each;
use crate::error::Result;
use crate::ids::{DeliveryId, RowId, UserId, WebhookId};

/// The caller's own, and all of them for administrators.
fn visible(cx: &Ctx<'_>) -> webhooks::BoxedQuery<'static, MultiBackend> {
    let alive = webhooks::table.filter(webhooks::ended_at.is_null()).into_boxed();
    match (cx.actor().user(), cx.actor().is(Role::Administrator)) {
        (_, true) => alive,
        (Some(user), false) => alive.filter(webhooks::user_id.eq(user)),
        (None, false) => alive.filter(webhooks::id.is_null()),
    }
}

pub(in crate::exchange) fn find(cx: &mut Ctx<'_>, id: WebhookId) -> Result<Option<Webhook>> {
    Ok(visible(cx).filter(webhooks::id.eq(id)).select(Webhook::as_select()).first(cx.conn).optional()?)
}

pub(in crate::exchange) fn page(
    cx: &mut Ctx<'_>,
    after: Option<(Moment, WebhookId)>,
    limit: i64,
) -> Result<Vec<Webhook>> {
    let mut query = visible(cx);
    if let Some((at, id)) = after {
        query = query.filter(webhooks::created_at.ge(at).and(webhooks::created_at.gt(at).or(webhooks::id.gt(id))));
    }
    let oldest = (webhooks::created_at, webhooks::id);
    Ok(query.order(oldest).limit(limit + 1).select(Webhook::as_select()).load(cx.conn)?)
}

/// How many an account has.
pub(in crate::exchange) fn count_of(cx: &mut Ctx<'_>, user: UserId) -> Result<i64> {
    let theirs = webhooks::table.filter(webhooks::user_id.eq(user)).filter(webhooks::ended_at.is_null());
    Ok(theirs.count().get_result(cx.conn)?)
}

/// Locks the row until the deed ends.
pub(in crate::exchange) fn lock(cx: &mut Ctx<'_>, id: WebhookId) -> Result<Webhook> {
    Ok(match cx.conn {
        Conn::Pg(c) => webhooks::table.find(id).for_update().select(Webhook::as_select()).first(c)?,
        Conn::Sqlite(c) => webhooks::table.find(id).select(Webhook::as_select()).first(c)?,
    })
}

pub(in crate::exchange) fn insert(cx: &mut Ctx<'_>, row: &Webhook) -> Result<()> {
    diesel::insert_into(webhooks::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::exchange) fn save(cx: &mut Ctx<'_>, row: &Webhook) -> Result<()> {
    diesel::update(webhooks::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// Active webhooks that have not looked at everything through a position.
pub(in crate::exchange) fn behind(cx: &mut Ctx<'_>, position: i64, limit: i64) -> Result<Vec<Webhook>> {
    Ok(webhooks::table
        .filter(webhooks::active.eq(true))
        .filter(webhooks::ended_at.is_null())
        .filter(webhooks::cursor.lt(position))
        .order((webhooks::cursor, webhooks::id))
        .limit(limit)
        .select(Webhook::as_select())
        .load(cx.conn)?)
}

pub(in crate::exchange) fn set_cursor(cx: &mut Ctx<'_>, id: WebhookId, cursor: i64) -> Result<()> {
    diesel::update(webhooks::table.find(id)).set(webhooks::cursor.eq(cursor)).execute(cx.conn)?;
    Ok(())
}

/// Writes a delivery, unless this message has one for this webhook.
pub(in crate::exchange) fn insert_delivery(cx: &mut Ctx<'_>, row: &Delivery) -> Result<()> {
    each!(&mut *cx.conn, c => diesel::insert_into(webhook_deliveries::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The next delivery whose turn it is; nobody else gets it before `until`. A webhook has one under way at a
/// time, so that a slow receiver keeps one sender waiting and not all of them: its row is locked too.
pub(in crate::exchange) fn take(cx: &mut Ctx<'_>, until: Moment) -> Result<Option<(Delivery, Webhook)>> {
    let under_way = alias!(webhook_deliveries as under_way);
    let busy = under_way
        .filter(under_way.field(webhook_deliveries::state).eq(DeliveryState::Waiting))
        .filter(under_way.field(webhook_deliveries::lease_token).is_not_null())
        .filter(under_way.field(webhook_deliveries::try_after).gt(cx.now))
        .select(under_way.field(webhook_deliveries::webhook_id));
    let next = webhook_deliveries::table
        .inner_join(webhooks::table.on(webhooks::id.eq(webhook_deliveries::webhook_id)))
        .filter(webhook_deliveries::state.eq(DeliveryState::Waiting))
        .filter(webhook_deliveries::try_after.le(cx.now))
        .filter(webhooks::active.eq(true).and(webhooks::ended_at.is_null()).and(webhooks::id.ne_all(busy)))
        .order((webhook_deliveries::try_after, webhook_deliveries::id))
        .limit(1);
    let found: Option<DeliveryId> = match cx.conn {
        Conn::Pg(c) => next.for_update().skip_locked().select(webhook_deliveries::id).first(c).optional()?,
        Conn::Sqlite(c) => next.select(webhook_deliveries::id).first(c).optional()?,
    };
    let Some(id) = found else { return Ok(None) };
    diesel::update(webhook_deliveries::table.find(id))
        .set((
            webhook_deliveries::try_after.eq(until),
            webhook_deliveries::attempts.eq(webhook_deliveries::attempts + 1),
            webhook_deliveries::lease_token.eq(Some(RowId::new())),
        ))
        .execute(cx.conn)?;
    let delivery = webhook_deliveries::table.find(id).select(Delivery::as_select()).first(cx.conn)?;
    let Delivery { webhook_id, .. } = delivery;
    Ok(Some((delivery, webhooks::table.find(webhook_id).select(Webhook::as_select()).first(cx.conn)?)))
}

/// Writes what came of a delivery; the lease must still be the one it was taken with.
pub(in crate::exchange) fn settle(cx: &mut Ctx<'_>, row: &Delivery, lease: Option<RowId>) -> Result<bool> {
    let mine = webhook_deliveries::table.find(row.id).filter(webhook_deliveries::lease_token.eq(lease));
    Ok(diesel::update(mine).set(row).execute(cx.conn)? == 1)
}

/// Puts a delivery in the queue again; a sender that still holds it writes nothing any more.
pub(in crate::exchange) fn wait_again(cx: &mut Ctx<'_>, row: &Delivery) -> Result<()> {
    diesel::update(webhook_deliveries::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// A delivery of a webhook.
pub(in crate::exchange) fn delivery(cx: &mut Ctx<'_>, webhook: WebhookId, id: DeliveryId) -> Result<Option<Delivery>> {
    let of_webhook = webhook_deliveries::table.find(id).filter(webhook_deliveries::webhook_id.eq(webhook));
    Ok(of_webhook.select(Delivery::as_select()).first(cx.conn).optional()?)
}

/// A page of the deliveries of a webhook, the newest first.
pub(in crate::exchange) fn deliveries(
    cx: &mut Ctx<'_>,
    webhook: WebhookId,
    state: Option<DeliveryState>,
    before: Option<(Moment, DeliveryId)>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    let mut query = webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(webhook)).into_boxed();
    if let Some(state) = state {
        query = query.filter(webhook_deliveries::state.eq(state));
    }
    if let Some((at, id)) = before {
        query = query.filter(
            webhook_deliveries::created_at
                .le(at)
                .and(webhook_deliveries::created_at.lt(at).or(webhook_deliveries::id.lt(id))),
        );
    }
    let newest = (webhook_deliveries::created_at.desc(), webhook_deliveries::id.desc());
    Ok(query.order(newest).limit(limit + 1).select(Delivery::as_select()).load(cx.conn)?)
}

/// How many deliveries of a webhook are in a state.
pub(in crate::exchange) fn count(cx: &mut Ctx<'_>, webhook: WebhookId, state: DeliveryState) -> Result<i64> {
    Ok(webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook))
        .filter(webhook_deliveries::state.eq(state))
        .count()
        .get_result(cx.conn)?)
}

/// Forgets deliveries that were done before a moment, and everything of webhooks that ended before it.
pub(in crate::exchange) fn forget(cx: &mut Ctx<'_>, before: Moment) -> Result<usize> {
    let ended = webhooks::table.filter(webhooks::ended_at.lt(before)).select(webhooks::id);
    let old = webhook_deliveries::table
        .filter(webhook_deliveries::done_at.lt(before).or(webhook_deliveries::webhook_id.eq_any(ended)));
    let forgotten = diesel::delete(old).execute(cx.conn)?;
    diesel::delete(webhooks::table.filter(webhooks::ended_at.lt(before))).execute(cx.conn)?;
    Ok(forgotten)
}
