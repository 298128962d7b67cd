//! Rows of imports and officers' tasks as the wire shows them, to this caller.

use super::dto::{ImportRowView, ImportRowsQuery, TaskQuery, TaskView};
use super::model::{ImportRow, OfficerTask, TaskSubject};
use super::store;
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::{JobId, ProducerId, ProductId, RowId};
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
