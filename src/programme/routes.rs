//! Plans over HTTP, for everyone.

use actix_web::get;
use actix_web::web::{Data, Path, Query};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{PlanDetail, PlanView, ProgressLine, ProgressQuery, ProgressRow, ProgressView, RowsQuery};
use super::model::PlanRow;
use super::rules::{Line, LineState};
use crate::auth::Visitor;
use crate::db::Db;
use crate::error::{AppError, FieldError, Result};
use crate::web::{Answer, Page, page, public};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_plans).service(get_plan).service(get_plan_progress).service(list_plan_rows);
}

/// The plans whose targets are followed here
#[utoipa::path(tag = "Programme", operation_id = "list_plans", security(()),
    responses((status = 200, description = "All plans; one page", body = Page<PlanView>)))]
#[get("/plans")]
async fn list_plans(Visitor(caller): Visitor, db: Data<Db>) -> Result<Answer> {
    db.read(caller, |cx| {
        let data = super::all(cx)?.iter().map(view).collect::<Result<Vec<_>>>()?;
        Page { data, page: crate::web::PageInfo { next: None } }.public()
    })
    .await
}

fn view(row: &PlanRow) -> Result<PlanView> {
    let plan = super::plan_of(row)?;
    Ok(PlanView {
        id: row.id,
        code: row.code.clone(),
        number: row.number.clone(),
        label: plan.label,
        place_id: row.place_id,
        from: plan.from,
        to: plan.to,
    })
}

/// One plan with its indicators and targets
#[utoipa::path(tag = "Programme", operation_id = "get_plan", security(()),
    params(("id" = String, Path, description = "Identifier or stable word", example = "2207-2022")),
    responses((status = 200, description = "The plan", body = PlanDetail)))]
#[get("/plans/{id}")]
async fn get_plan(Visitor(caller): Visitor, db: Data<Db>, id: Path<String>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::get(cx, &id)?;
        let plan = super::plan_of(&row)?;
        let progress = format!("/v1/plans/{}/progress", row.code);
        public(&PlanDetail { id: row.id, place_id: row.place_id, plan, progress })
    })
    .await
}

/// How far each target of a plan is reached on a day; what nobody records is unknown, never 0
#[utoipa::path(tag = "Programme", operation_id = "get_plan_progress", security(()),
    params(("id" = String, Path, description = "Identifier or stable word", example = "2207-2022"), ProgressQuery),
    responses((status = 200, description = "Every indicator with numerator, denominator, value, met or not", body = ProgressView)))]
#[get("/plans/{id}/progress")]
async fn get_plan_progress(
    Visitor(caller): Visitor,
    db: Data<Db>,
    id: Path<String>,
    query: Query<ProgressQuery>,
) -> Result<Answer> {
    db.snapshot(caller, move |cx| {
        let row = super::get(cx, &id)?;
        let on = query.on.unwrap_or_else(|| cx.today());
        let progress = super::progress(cx, &row, on)?;
        let link = |line: &Line| {
            let known = line.state == LineState::Computed;
            known.then(|| format!("/v1/plans/{}/rows?indicator={}&on={on}", row.code, line.indicator))
        };
        let indicators = progress.lines.into_iter().map(|line| ProgressLine { rows: link(&line), line }).collect();
        public(&ProgressView { id: row.id, code: row.code.clone(), on, indicators })
    })
    .await
}

/// The rows behind an indicator on a day: products, or the producers of a share
#[utoipa::path(tag = "Programme", operation_id = "list_plan_rows", security(()),
    params(("id" = String, Path, description = "Identifier or stable word", example = "2207-2022"), RowsQuery),
    responses((status = 200, description = "A page of rows, in the order of names", body = Page<ProgressRow>)))]
#[get("/plans/{id}/rows")]
async fn list_plan_rows(
    Visitor(caller): Visitor,
    db: Data<Db>,
    id: Path<String>,
    query: Query<RowsQuery>,
) -> Result<Answer> {
    db.snapshot(caller, move |cx| {
        let row = super::get(cx, &id)?;
        let limit = page::limit(query.limit)?;
        let after: Option<(String, uuid::Uuid)> = page::read_cursor(query.cursor.as_deref())?;
        let on = query.on.unwrap_or_else(|| cx.today());
        let progress = super::progress(cx, &row, on)?;
        let rows = progress.indicator(&query.indicator).and_then(|i| progress.rows(i)).ok_or_else(no_rows)?;
        let rest = rows.into_iter().filter(|r| after.as_ref().is_none_or(|after| r.sort > *after));
        let most = usize::try_from(limit + 1).unwrap_or(usize::MAX);
        Page::cut(rest.take(most).collect(), limit, |r: &ProgressRow| r.sort.clone()).public()
    })
    .await
}

fn no_rows() -> AppError {
    AppError::BadParameter(vec![FieldError::new(
        "indicator",
        "no_rows",
        "Kế hoạch không có chỉ tiêu này, hoặc chỉ tiêu chưa có số liệu.",
        "The plan has no such indicator, or the indicator is not computed.",
    )])
}
