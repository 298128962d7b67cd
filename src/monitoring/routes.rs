//! Inspections over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ConcludeInspection, ConclusionView, InspectionQuery, InspectionView, PlanInspection, RecordFindings};
use super::model::Inspection;
use super::{Conclusion, NewInspection};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::ids::InspectionId;
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found};
use crate::{producers, products};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_inspections)
        .service(plan_inspection)
        .service(get_inspection)
        .service(record_findings)
        .service(conclude_inspection);
}

/// Inspections in the territory; a producer sees the own concluded ones
#[utoipa::path(tag = "Monitoring", operation_id = "list_inspections", params(InspectionQuery),
    responses((status = 200, description = "A page of inspections", body = Page<InspectionView>)))]
#[get("/inspections")]
async fn list_inspections(caller: Caller, db: Data<Db>, query: Query<InspectionQuery>) -> Result<Answer> {
    db.read(caller, move |cx| super::inspections(cx, &query)?.try_map(|row| view(&row))?.answer()).await
}

/// Plan an inspection of a product in the territory
#[utoipa::path(tag = "Monitoring", operation_id = "plan_inspection",
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key plans one inspection")),
    request_body(content = PlanInspection, example = json!({"productId": "01926f00-0000-7000-8000-000000000001", "kind": "scheduled", "plannedOn": "2026-06-15", "body": "Đoàn kiểm tra Sở Nông nghiệp và Môi trường"})),
    responses((status = 201, description = "The inspection", body = InspectionView)))]
#[post("/inspections")]
async fn plan_inspection(caller: Caller, db: Data<Db>, once: Once, body: Body<PlanInspection>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::PlanInspection)?;
        let asked = body.valid()?;
        let product = products::get(cx, asked.product_id).map_err(unknown_product)?;
        producers::must_have_ground(cx, Act::PlanInspection, None, product.place_id)?;
        let new = NewInspection {
            product: asked.product_id,
            kind: asked.kind,
            planned_on: asked.planned_on,
            body: asked.body.trim().to_owned(),
        };
        let done = once.run(cx, &body.fingerprint, |cx| Ok(super::plan(cx, new)?.id.0))?;
        let row = super::get(cx, InspectionId(done.id))?;
        created(done, &format!("/v1/inspections/{}", done.id), row.version, &view(&row)?)
    })
    .await
}

fn unknown_product(e: AppError) -> AppError {
    match e {
        AppError::NotFound => AppError::field(
            "/productId",
            "unknown_product",
            "Không có sản phẩm này trên địa bàn.",
            "There is no such product in the territory.",
        ),
        other => other,
    }
}

/// One inspection
#[utoipa::path(tag = "Monitoring", operation_id = "get_inspection",
    params(("id" = InspectionId, Path, description = "The inspection")),
    responses((status = 200, description = "The inspection", body = InspectionView)))]
#[get("/inspections/{id}")]
async fn get_inspection(caller: Caller, db: Data<Db>, id: Path<InspectionId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::get(cx, *id)?;
        found(row.version, &view(&row)?)
    })
    .await
}

/// Record what was found; replaces what was recorded before
#[utoipa::path(tag = "Monitoring", operation_id = "record_findings",
    params(("id" = InspectionId, Path, description = "The inspection"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = RecordFindings, example = json!({"inspectedOn": "2026-06-15", "findings": [{"criterion": "Nhãn hàng hóa", "finding": "Nhãn thiếu mã truy xuất nguồn gốc", "met": false}]})),
    responses((status = 200, description = "The inspection", body = InspectionView),
        (status = 409, description = "It is concluded", body = Problem)))]
#[put("/inspections/{id}/findings")]
async fn record_findings(
    caller: Caller,
    db: Data<Db>,
    id: Path<InspectionId>,
    if_match: IfMatch,
    body: Body<RecordFindings>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = held(cx, *id)?;
        if_match.check(held.version)?;
        let asked = body.valid()?;
        let row = super::record_findings(cx, &held, asked.inspected_on, &asked.findings)?;
        found(row.version, &view(&row)?)
    })
    .await
}

fn held(cx: &mut Ctx<'_>, id: InspectionId) -> Result<Inspection> {
    let held = super::hold(cx, id)?;
    policy::must(cx, Act::RecordInspection)?;
    producers::must_have_ground(cx, Act::RecordInspection, None, held.place_id)?;
    Ok(held)
}

/// Conclude an inspection; it is sealed, and its id names the evidence of a revocation
#[utoipa::path(tag = "Monitoring", operation_id = "conclude_inspection",
    params(("id" = InspectionId, Path, description = "The inspection"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = String, Header, description = "A conclusion is an official act: required")),
    request_body(content = ConcludeInspection, example = json!({"outcome": "notKept", "text": "Sản phẩm không còn đáp ứng tiêu chí về nhãn và truy xuất nguồn gốc.", "number": "12/KL-SNNMT", "concludedOn": "2026-06-20"})),
    responses((status = 201, description = "The inspection, concluded", body = InspectionView),
        (status = 409, description = "No findings, an impossible day, or concluded already", body = Problem)))]
#[post("/inspections/{id}/conclusion")]
async fn conclude_inspection(
    caller: Caller,
    db: Data<Db>,
    id: Path<InspectionId>,
    if_match: IfMatch,
    once: Once,
    body: Body<ConcludeInspection>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = held(cx, *id)?;
        once.required()?;
        let asked = body.valid();
        let done = once.run(cx, &body.fingerprint, |cx| {
            if_match.check(held.version)?;
            Ok(super::conclude(cx, &held, conclusion(asked?))?.id.0)
        })?;
        let row = super::get(cx, held.id)?;
        created(done, &format!("/v1/inspections/{}", row.id), row.version, &view(&row)?)
    })
    .await
}

fn conclusion(asked: &ConcludeInspection) -> Conclusion {
    Conclusion {
        outcome: asked.outcome,
        text: asked.text.clone(),
        number: asked.number.trim().to_owned(),
        concluded_on: asked.concluded_on,
        body: asked.body.clone(),
    }
}

fn view(row: &Inspection) -> Result<InspectionView> {
    let conclusion = row.outcome.zip(row.concluded_on).map(|(outcome, concluded_on)| ConclusionView {
        outcome,
        outcome_label: outcome.label(),
        text: row.conclusion.clone().unwrap_or_default(),
        number: row.conclusion_number.clone().unwrap_or_default(),
        concluded_on,
    });
    Ok(InspectionView {
        id: row.id,
        product_id: row.product_id,
        producer_id: row.producer_id,
        place_id: row.place_id,
        kind: row.kind,
        state: row.state,
        state_label: row.state.label(),
        planned_on: row.planned_on,
        inspected_on: row.inspected_on,
        body: row.body_name.clone(),
        findings: super::findings_of(row)?,
        conclusion,
        created_at: row.created_at,
        version: row.version,
    })
}
