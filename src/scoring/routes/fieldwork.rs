//! Site visits and extra tests of the advisory team over HTTP.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{
    AskTest, RecordSiteVisit, RecordTestResult, SiteVisitView, SiteVisits, TestRequestView, TestRequests,
    VisitPictureForm, VisitPictureView,
};
use super::super::fieldwork::{self, NewTest, NewVisit, TestResult};
use crate::actor::Caller;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Accept, Asked, Files, IMAGES, Upload};
use crate::ids::{DossierId, RowId};
use crate::web::{Answer, Body, IfMatch, Once, created, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_site_visit)
        .service(list_site_visits)
        .service(add_visit_picture)
        .service(get_visit_picture)
        .service(ask_test)
        .service(list_test_requests)
        .service(record_test_result);
}

/// Write a site visit of the advisory team down, until marking is opened
#[utoipa::path(tag = "Scoring", operation_id = "record_site_visit",
    request_body(content = RecordSiteVisit, example = json!({"visitedOn": "2026-05-28",
        "people": "Tổ tư vấn: 02 người; đại diện chủ thể", "seen": "Kho nguyên liệu tách riêng; sổ nhập hàng ghi đủ"})),
    params(("id" = DossierId, Path, description = "The dossier"), ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = SiteVisitView, description = "The visit, without pictures yet")))]
#[post("/dossiers/{id}/site-visits")]
async fn record_site_visit(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    once: Once,
    body: Body<RecordSiteVisit>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let dossier = fieldwork::hold_for_team(cx, *id)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewVisit { visited_on: asked.visited_on, people: asked.people.clone(), seen: asked.seen.clone() };
            Ok(fieldwork::record_visit(cx, &dossier, new)?.id.0)
        })?;
        let (_, row) = fieldwork::visit(cx, RowId(done.id))?;
        created(done, &format!("/v1/dossiers/{id}/site-visits"), 1, &SiteVisitView::of(row, Vec::new()))
    })
    .await
}

/// The site visits of the advisory team to a dossier's producer
#[utoipa::path(tag = "Scoring", operation_id = "list_site_visits",
    params(("id" = DossierId, Path, description = "The dossier")),
    responses((status = 200, body = SiteVisits, description = "Those of the level that holds the dossier, with their pictures")))]
#[get("/dossiers/{id}/site-visits")]
async fn list_site_visits(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let all = fieldwork::visits(cx, *id)?;
        Answer::of(&SiteVisits { data: all.into_iter().map(|(v, p)| SiteVisitView::of(v, p)).collect() })
    })
    .await
}

/// Put a picture to a site visit, until marking is opened
#[utoipa::path(tag = "Scoring", operation_id = "add_visit_picture",
    params(("id" = RowId, Path, description = "The visit"), ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    request_body(content = VisitPictureForm, content_type = "multipart/form-data"),
    responses((status = 201, body = VisitPictureView, description = "The picture"),
        (status = 409, description = "advisory_review_closed, file_infected", body = Problem)))]
#[post("/site-visits/{id}/pictures")]
async fn add_visit_picture(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<RowId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let id = *id;
    db.read(caller.clone(), move |cx| fieldwork::may_add_picture(cx, id)).await?;
    let form = upload.receive(&files, Accept { kinds: IMAGES, limit: files.limit, fields: &["caption"] }).await?;
    let caption = form.text("caption").unwrap_or_default();
    if caption.chars().count() > 500 {
        return Err(AppError::field(
            "/caption",
            "length",
            "Chú thích dài nhất 500 ký tự.",
            "A caption has at most 500 characters.",
        ));
    }
    db.write(caller, move |cx| {
        let row = fieldwork::may_add_picture(cx, id)?;
        let done = once.run(cx, &form.fingerprint, |cx| {
            fieldwork::add_picture(cx, &row, &form.file, &form.file_name, caption.clone()).map(|id| id.0)
        })?;
        let view = VisitPictureView::from(fieldwork::picture(cx, id, RowId(done.id))?);
        created(done, &format!("/v1/site-visits/{id}/pictures/{}", view.id), 1, &view)
    })
    .await
}

/// A picture of a site visit
///
/// For whoever reads the review. A member of the council reads it through the session
/// (`/v1/sessions/{id}/dossiers/{dossier}/pictures/{picture}`).
#[utoipa::path(tag = "Scoring", operation_id = "get_visit_picture",
    params(("id" = RowId, Path, description = "The visit"), ("picture" = RowId, Path, description = "The picture")),
    responses((status = 200, description = "The picture, as an attachment", content((Vec<u8> = "image/*"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/site-visits/{id}/pictures/{picture}")]
async fn get_visit_picture(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    at: Path<(RowId, RowId)>,
) -> Result<HttpResponse> {
    let (id, picture) = at.into_inner();
    let (row, stored) = db
        .read(caller, move |cx| {
            fieldwork::visit(cx, id)?;
            let row = fieldwork::picture(cx, id, picture)?;
            let stored = files::find(cx, &row.sha256)?;
            Ok((row, stored))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &row.file_name, "private, no-store").await
}

/// Ask for an extra test: of whom, what, until when
#[utoipa::path(tag = "Scoring", operation_id = "ask_test",
    request_body(content = AskTest, example = json!({"askedOf": "Trung tâm Kiểm nghiệm tỉnh", "wanted": "Chỉ tiêu vi sinh, kim loại nặng", "dueOn": "2026-06-20"})),
    params(("id" = DossierId, Path, description = "The dossier"), ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = TestRequestView, description = "What is asked")))]
#[post("/dossiers/{id}/test-requests")]
async fn ask_test(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    once: Once,
    body: Body<AskTest>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let dossier = fieldwork::hold_for_team(cx, *id)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewTest { asked_of: asked.asked_of.clone(), wanted: asked.wanted.clone(), due_on: asked.due_on };
            Ok(fieldwork::ask_test(cx, &dossier, new)?.id.0)
        })?;
        let row = fieldwork::test(cx, RowId(done.id))?;
        created(done, &format!("/v1/dossiers/{id}/test-requests"), row.version, &TestRequestView::from(row))
    })
    .await
}

/// The extra tests asked about a dossier, with what came of them
///
/// For whoever reads the advisory team's review, and for the dossier's own producer.
#[utoipa::path(tag = "Scoring", operation_id = "list_test_requests",
    params(("id" = DossierId, Path, description = "The dossier")),
    responses((status = 200, body = TestRequests, description = "Those of the level that holds the dossier")))]
#[get("/dossiers/{id}/test-requests")]
async fn list_test_requests(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let all = fieldwork::tests(cx, *id)?;
        Answer::of(&TestRequests { data: all.into_iter().map(TestRequestView::from).collect() })
    })
    .await
}

/// Write the result of an extra test down, with the paper that says so
#[utoipa::path(tag = "Scoring", operation_id = "record_test_result",
    request_body(content = RecordTestResult, example = json!({"result": "Đạt mọi chỉ tiêu", "receivedOn": "2026-06-18"})),
    params(("id" = RowId, Path, description = "The test"), ("If-Match" = String, Header, description = "The tag of the version that was read")),
    responses((status = 200, body = TestRequestView, description = "The test with its result")))]
#[put("/test-requests/{id}/result")]
async fn record_test_result(
    caller: Caller,
    db: Data<Db>,
    id: Path<RowId>,
    tag: IfMatch,
    body: Body<RecordTestResult>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let (dossier, row) = fieldwork::hold_test(cx, *id)?;
        tag.check(row.version)?;
        let asked = body.valid()?;
        let got =
            TestResult { result: asked.result.clone(), document_id: asked.document_id, received_on: asked.received_on };
        let row = fieldwork::receive_test(cx, &dossier, row, got)?;
        found(row.version, &TestRequestView::from(row))
    })
    .await
}
