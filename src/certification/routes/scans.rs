//! Scans of decisions as they were signed on paper.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::certification::dto::{MarkScan, ScanForm, ScanList, ScanView};
use crate::certification::{scans, show};
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::files::{self, Accept, Asked, Files, Upload};
use crate::ids::{DecisionId, RowId};
use crate::web::{Answer, Body, Once, created, shown};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(attach_scan).service(list_scans).service(mark_scan).service(get_scan_content);
}

/// Attach a scan of the decision as it was signed and stamped on paper
///
/// Kept beside the record, in place of nothing; the answer tells its hash. A scan may bear personal data: it is for
/// offices alone, unless `public` says otherwise and the decision is published.
#[utoipa::path(tag = "Certification", operation_id = "attach_decision_scan",
    params(("id" = DecisionId, Path, description = "The decision, signed or published"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = ScanForm, content_type = "multipart/form-data"),
    responses((status = 201, body = ScanView, description = "The scan"),
        (status = 409, body = Problem, description = "The decision is not signed"),
        (status = 415, body = Problem, description = "Neither PDF nor a picture")))]
#[post("/decisions/{id}/scans")]
async fn attach_scan(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<DecisionId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let id = *id;
    db.read(caller.clone(), move |cx| {
        let row = show::seen(cx, id)?;
        scans::must_keep(cx, &row)
    })
    .await?;
    let form =
        upload.receive(&files, Accept { kinds: scans::KINDS, limit: files.limit, fields: scans::FIELDS }).await?;
    db.write(caller, move |cx| {
        let row = show::seen(cx, id)?;
        scans::must_keep(cx, &row)?;
        let done = once.run(cx, &form.fingerprint, |cx| Ok(scans::attach(cx, &row, &form)?.0))?;
        let view = ScanView::from(scans::one(cx, id, RowId(done.id))?);
        created(done, &view.content.clone(), 1, &view)
    })
    .await
}

/// The scans of a decision
#[utoipa::path(tag = "Certification", operation_id = "list_decision_scans",
    params(("id" = DecisionId, Path, description = "The decision")),
    responses((status = 200, body = ScanList, description = "Its scans")))]
#[get("/decisions/{id}/scans")]
async fn list_scans(caller: Caller, db: Data<Db>, id: Path<DecisionId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = show::seen(cx, *id)?;
        policy::must(cx, Act::ReadDecisionScans)?;
        shown(&ScanList { data: scans::of(cx, row.id)?.into_iter().map(ScanView::from).collect() })
    })
    .await
}

/// Say whether everybody may read a scan once the decision is published
#[utoipa::path(tag = "Certification", operation_id = "mark_decision_scan",
    params(("id" = DecisionId, Path, description = "The decision"), ("scan" = RowId, Path, description = "The scan")),
    request_body(content = MarkScan, example = json!({ "public": true })),
    responses((status = 200, body = ScanView, description = "The scan as it is now")))]
#[put("/decisions/{id}/scans/{scan}")]
async fn mark_scan(
    caller: Caller,
    db: Data<Db>,
    path: Path<(DecisionId, RowId)>,
    body: Body<MarkScan>,
) -> Result<Answer> {
    let (id, scan) = path.into_inner();
    db.write(caller, move |cx| {
        let row = show::seen(cx, id)?;
        scans::must_keep(cx, &row)?;
        let scan = scans::one(cx, id, scan)?;
        shown(&ScanView::from(scans::mark(cx, &row, scan.id, body.valid()?.public)?))
    })
    .await
}

/// The bytes of a scan, for the offices; every reading is written down
#[utoipa::path(tag = "Certification", operation_id = "get_decision_scan",
    params(("id" = DecisionId, Path, description = "The decision"), ("scan" = RowId, Path, description = "The scan")),
    responses((status = 200, description = "An attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/decisions/{id}/scans/{scan}/content")]
async fn get_scan_content(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(DecisionId, RowId)>,
) -> Result<HttpResponse> {
    let (id, scan) = path.into_inner();
    let (scan, stored) = db
        .write(caller, move |cx| {
            let row = show::seen(cx, id)?;
            policy::must(cx, Act::ReadDecisionScans)?;
            let scan = scans::one(cx, row.id, scan)?;
            let stored = files::find(cx, &scan.sha256)?;
            scans::note_reading(cx, &scan)?;
            Ok((scan, stored))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &scan.file_name, "private, no-store").await
}
