//! Complaints, and orders to evaluate again, over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::contests::{self, NewOrder, Verdict};
use super::super::dto::{
    AnswerComplaint, ComplaintView, DossierComplaints, EvaluationReview, EvaluationReviewQuery, FileComplaint,
    OrderEvaluation,
};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, RowId};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(file_complaint)
        .service(list_complaints)
        .service(get_complaint)
        .service(answer_complaint)
        .service(order_evaluation)
        .service(list_evaluation_reviews)
        .service(get_evaluation_review);
}

/// Complain about the newest result of one's own dossier
///
/// In the time that the council's regulation gives, counted from the day on which the result was made
/// known. Until it is answered the result is under complaint.
#[utoipa::path(tag = "Scoring", operation_id = "file_complaint",
    request_body(content = FileComplaint, example = json!({"grounds": "Hội đồng chưa xem hợp đồng bao tiêu nộp bổ sung ngày 02/6"})),
    params(("id" = DossierId, Path, description = "The dossier"), ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = ComplaintView, description = "The complaint")))]
#[post("/dossiers/{id}/complaints")]
async fn file_complaint(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    once: Once,
    body: Body<FileComplaint>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let dossier = dossiers::hold(cx, *id)?;
        policy::must(cx, Act::FileComplaint)?;
        if !cx.actor().producers().contains(&dossier.producer_id) {
            return Err(AppError::Forbidden(Act::FileComplaint.word()));
        }
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(contests::complain(cx, &dossier, &asked.grounds)?.id.0))?;
        let row = contests::complaint(cx, RowId(done.id))?;
        created(done, &format!("/v1/complaints/{}", row.id), row.version, &ComplaintView::from(row))
    })
    .await
}

/// The complaints about a dossier, newest first
#[utoipa::path(tag = "Scoring", operation_id = "list_complaints",
    params(("id" = DossierId, Path, description = "The dossier")),
    responses((status = 200, body = DossierComplaints, description = "At most one for each result")))]
#[get("/dossiers/{id}/complaints")]
async fn list_complaints(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let rows = contests::complaints(cx, *id)?;
        Answer::of(&DossierComplaints { data: rows.into_iter().map(ComplaintView::from).collect() })
    })
    .await
}

/// One complaint
#[utoipa::path(tag = "Scoring", operation_id = "get_complaint",
    params(("id" = RowId, Path, description = "The complaint")),
    responses((status = 200, body = ComplaintView, description = "The complaint")))]
#[get("/complaints/{id}")]
async fn get_complaint(caller: Caller, db: Data<Db>, id: Path<RowId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = contests::complaint(cx, *id)?;
        found(row.version, &ComplaintView::from(row))
    })
    .await
}

/// Answer a complaint with reasons
///
/// By the office of the level whose council found the result. A complaint that is upheld sends the
/// dossier back to be evaluated anew, without those who marked before unless the answer says otherwise.
#[utoipa::path(tag = "Scoring", operation_id = "answer_complaint",
    request_body(content = AnswerComplaint, example = json!({"upheld": true, "otherMembers": true, "reasons": "Hợp đồng nộp bổ sung đúng hạn nhưng chưa được đưa vào hồ sơ chấm"})),
    params(("id" = RowId, Path, description = "The complaint"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = ComplaintView, description = "The complaint with its answer")))]
#[post("/complaints/{id}/answer")]
async fn answer_complaint(
    caller: Caller,
    db: Data<Db>,
    id: Path<RowId>,
    tag: IfMatch,
    body: Body<AnswerComplaint>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let (dossier, row) = contests::hold_complaint(cx, *id)?;
        tag.check(row.version)?;
        let asked = body.valid()?;
        let verdict =
            Verdict { upheld: asked.upheld, other_members: asked.other_members, reasons: asked.reasons.clone() };
        let row = contests::answer(cx, &dossier, row, &verdict)?;
        found(row.version, &ComplaintView::from(row))
    })
    .await
}

/// Order a province to evaluate a dossier again, after a check of its evaluation (Điều 10.1 b)
///
/// A recognition that stands meanwhile is withdrawn by a decision of its own.
#[utoipa::path(tag = "Scoring", operation_id = "order_evaluation",
    request_body(content = OrderEvaluation, example = json!({"dossierId": "01980000-0000-7000-8000-000000000003", "conclusionNumber": "45/KL-BNNMT", "concludedOn": "2026-05-20", "grounds": "Hội đồng họp không đủ số thành viên theo quy chế"})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = EvaluationReview, description = "The order")))]
#[post("/evaluation-reviews")]
async fn order_evaluation(caller: Caller, db: Data<Db>, once: Once, body: Body<OrderEvaluation>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::OrderEvaluation)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewOrder {
                dossier_id: asked.dossier_id,
                conclusion_number: asked.conclusion_number.clone(),
                concluded_on: asked.concluded_on,
                grounds: asked.grounds.clone(),
                other_members: asked.other_members,
            };
            Ok(contests::order(cx, &new)?.id.0)
        })?;
        let row = contests::find_order(cx, RowId(done.id))?;
        created(done, &format!("/v1/evaluation-reviews/{}", done.id), 1, &EvaluationReview::from(row))
    })
    .await
}

/// Orders to evaluate again, about dossiers that the caller knows, newest first
#[utoipa::path(tag = "Scoring", operation_id = "list_evaluation_reviews", params(EvaluationReviewQuery),
    responses((status = 200, body = Page<EvaluationReview>, description = "A page of orders")))]
#[get("/evaluation-reviews")]
async fn list_evaluation_reviews(caller: Caller, db: Data<Db>, query: Query<EvaluationReviewQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<RowId> = page::read_cursor(query.cursor.as_deref())?;
    db.read(caller, move |cx| {
        let rows = contests::orders(cx, after, limit + 1)?;
        Page::cut(rows, limit, |r| r.id).map(EvaluationReview::from).answer()
    })
    .await
}

/// One order to evaluate again
#[utoipa::path(tag = "Scoring", operation_id = "get_evaluation_review",
    params(("id" = RowId, Path, description = "The order")),
    responses((status = 200, body = EvaluationReview, description = "The order")))]
#[get("/evaluation-reviews/{id}")]
async fn get_evaluation_review(caller: Caller, db: Data<Db>, id: Path<RowId>) -> Result<Answer> {
    db.read(caller, move |cx| found(1, &EvaluationReview::from(contests::find_order(cx, *id)?))).await
}
