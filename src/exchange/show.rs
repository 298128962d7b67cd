//! Rows of imports, officers' tasks and webhooks as the wire shows them, to this caller.

use super::dto::{
    DeliveryQuery, DeliveryView, ImportRowView, ImportRowsQuery, TaskQuery, TaskView, WebhookQuery, WebhookView,
};
use super::model::webhooks::{Delivery, DeliveryState, Webhook};
use super::model::{ImportRow, OfficerTask, TaskSubject};
use super::{store, webhooks as hooks};
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::{DeliveryId, JobId, ProducerId, ProductId, RowId, WebhookId};
use crate::web::{Page, page};

/// A page of the rows of an import, in the order of its list.
pub(super) fn rows(cx: &mut Ctx<'_>, import: JobId, query: &ImportRowsQuery) -> Result<Page<ImportRowView>> {
    store::import(cx, import)?.ok_or(AppError::NotFound)?;
    let limit = page::limit(query.limit)?;
    let after: i32 = page::read_cursor(query.cursor.as_deref())?.unwrap_or(0);
    let rows = store::rows(cx, import, query.class, after, limit + 1)?;
    let page = Page::cut(rows, limit, |r| r.line);
    let data = page.data.iter().map(row_view).collect::<Result<Vec<_>>>()?;
    Ok(Page { data, page: page.page })
}

fn row_view(row: &ImportRow) -> Result<ImportRowView> {
    let report = row.report.read().map_err(AppError::internal)?;
    Ok(ImportRowView { line: row.line, class: row.class, report, product_id: row.product_id })
}

/// A page of what an officer of the territory has to find out, the oldest first.
pub(super) fn tasks(cx: &mut Ctx<'_>, query: &TaskQuery) -> Result<Page<TaskView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i64, RowId)> = page::read_cursor(query.cursor.as_deref())?;
    let after = after.map(|(at, id)| (Moment::from_micros(at), id));
    let rows = store::tasks(cx, query.kind, query.state, after, limit)?;
    let page = Page::cut(rows, limit, |t| (t.created_at.micros(), t.id));
    let data = page.data.into_iter().map(|t| self::task(cx, t)).collect::<Result<Vec<_>>>()?;
    Ok(Page { data, page: page.page })
}

/// One task.
pub(super) fn task(cx: &mut Ctx<'_>, task: OfficerTask) -> Result<TaskView> {
    let subject_name = match task.subject_kind {
        TaskSubject::Product => store::product_name(cx, ProductId(task.subject_id.0))?,
        TaskSubject::Producer => store::producer_name(cx, ProducerId(task.subject_id.0))?,
    };
    Ok(TaskView {
        id: task.id,
        kind: task.kind,
        label: task.kind.label(),
        subject_kind: task.subject_kind,
        subject_id: task.subject_id,
        subject_name,
        place_id: task.place_id,
        detail: task.detail.0,
        state: task.state,
        created_at: task.created_at,
        closed_at: task.closed_at,
    })
}

/// A page of the caller's webhooks, the oldest first.
pub(super) fn webhooks(cx: &mut Ctx<'_>, query: &WebhookQuery) -> Result<Page<WebhookView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i64, WebhookId)> = page::read_cursor(query.cursor.as_deref())?;
    let rows = store::webhooks::page(cx, after.map(|(at, id)| (Moment::from_micros(at), id)), limit)?;
    Page::cut(rows, limit, |w| (w.created_at.micros(), w.id)).try_map(|row| webhook(cx, &row, None))
}

/// One webhook, with its secret where it was just made.
pub(super) fn webhook(cx: &mut Ctx<'_>, row: &Webhook, secret: Option<String>) -> Result<WebhookView> {
    Ok(WebhookView {
        topics: hooks::topics_of(row),
        waiting: store::webhooks::count(cx, row.id, DeliveryState::Waiting)?,
        dead: store::webhooks::count(cx, row.id, DeliveryState::Dead)?,
        id: row.id,
        name: row.name.clone(),
        url: row.url.clone(),
        active: row.active,
        stopped_why: row.stopped_why,
        secret,
        previous_until: row.previous_until.filter(|until| *until > cx.now),
        created_at: row.created_at,
    })
}

/// A page of what went to a webhook, the newest first.
pub(super) fn deliveries(cx: &mut Ctx<'_>, row: &Webhook, query: &DeliveryQuery) -> Result<Page<DeliveryView>> {
    let limit = page::limit(query.limit)?;
    let before: Option<(i64, DeliveryId)> = page::read_cursor(query.cursor.as_deref())?;
    let before = before.map(|(at, id)| (Moment::from_micros(at), id));
    let rows = store::webhooks::deliveries(cx, row.id, query.state, before, limit)?;
    Page::cut(rows, limit, |d| (d.created_at.micros(), d.id)).try_map(delivery)
}

/// One delivery.
pub(super) fn delivery(row: Delivery) -> Result<DeliveryView> {
    Ok(DeliveryView {
        body: serde_json::from_str(&row.body).map_err(AppError::internal)?,
        next_at: (row.state == DeliveryState::Waiting).then_some(row.try_after),
        id: row.id,
        event: row.event,
        state: row.state,
        attempts: row.attempts,
        status: row.status,
        error: row.error,
        created_at: row.created_at,
        done_at: row.done_at,
    })
}
