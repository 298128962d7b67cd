//! The evidence library over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{
    DescribeEvidence, EvidenceForm, EvidenceQuery, EvidenceVersionForm, LibraryPaper, LibraryPaperHistory,
};
use super::super::evidence::{self, NewEvidence, NewVersion};
use super::super::show;
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Accept, Asked, DOCUMENTS, Files, Form, Upload};
use crate::ids::{EvidenceId, EvidenceVersionId, ProducerId};
use crate::producers::must_have_ground;
use crate::rulebook::{self, DossierKind};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, nothing};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_evidence)
        .service(add_evidence)
        .service(get_evidence)
        .service(describe_evidence)
        .service(retire_evidence)
        .service(renew_evidence)
        .service(get_evidence_content)
        .service(get_evidence_thumbnail);
}

/// The papers of the caller's library, in their newest versions
#[utoipa::path(tag = "Register", operation_id = "list_evidence", params(EvidenceQuery),
    responses((status = 200, body = Page<LibraryPaper>, description = "A page, the last added first",
        example = json!({"data": [], "page": {"next": null}}))))]
#[get("/evidence")]
async fn list_evidence(caller: Caller, db: Data<Db>, query: Query<EvidenceQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::evidence_page(cx, &query)?.answer()).await
}

/// Put a paper into the library
#[utoipa::path(tag = "Register", operation_id = "add_evidence",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, body = LibraryPaperHistory, description = "The paper, with its first version"),
        (status = 422, body = Problem, description = "A type, day or product that is none")))]
#[post("/evidence")]
async fn add_evidence(caller: Caller, db: Data<Db>, files: Data<Files>, once: Once, upload: Upload) -> Result<Answer> {
    db.read(caller.clone(), |cx| policy::must(cx, Act::KeepEvidence)).await?;
    let accept = Accept { kinds: DOCUMENTS, limit: files.limit, fields: evidence::FIELDS };
    let form = upload.receive(&files, accept).await?;
    db.write(caller, move |cx| {
        let done = once.run(cx, &form.fingerprint, |cx| {
            let producer = producer_of(cx, &form)?;
            let new = NewEvidence::of(&form)?;
            must_be_known(cx, &new.paper)?;
            evidence::add(cx, producer, false, &form.file, new).map(|(row, _)| row.id.0)
        })?;
        let row = evidence::get(cx, EvidenceId(done.id))?;
        let version = row.version;
        created(done, &format!("/v1/evidence/{}", row.id), version, &show::evidence(cx, row)?)
    })
    .await
}

/// The producer that a form names, or the only one that the caller speaks for.
fn producer_of(cx: &mut Ctx<'_>, form: &Form) -> Result<ProducerId> {
    let wrong = |code: &str, vi: &str, en: &str| AppError::field("/producer", code, vi, en);
    let producer = match (form.text("producer"), cx.actor().producers().as_slice()) {
        (Some(text), _) => {
            text.parse().map_err(|_| wrong("wrong_type", "Mã chủ thể viết dạng UUID.", "Write it as a UUID."))?
        }
        (None, [one]) => *one,
        (None, _) => return Err(wrong("required", "Ghi chủ thể nào.", "Say which producer.")),
    };
    must_have_ground(cx, Act::KeepEvidence, Some(producer), None)?;
    Ok(producer)
}

/// Refuses a type of paper that no rulebook in force asks for when a dossier is filed.
fn must_be_known(cx: &mut Ctx<'_>, paper: &str) -> Result<()> {
    let book = rulebook::for_filing(cx, DossierKind::First, cx.today())?.book;
    match book.papers.iter().any(|p| p.paper == paper) {
        true => Ok(()),
        false => Err(AppError::field(
            "/paper",
            "unknown_paper",
            "Loại giấy tờ không có trong bộ quy định đang áp dụng; xem ở /v1/rulebooks.",
            "The rulebook in force has no such type of paper; see /v1/rulebooks.",
        )),
    }
}

/// One paper with every version
#[utoipa::path(tag = "Register", operation_id = "get_evidence",
    params(("id" = EvidenceId, Path, description = "The paper")),
    responses((status = 200, body = LibraryPaperHistory, description = "The paper")))]
#[get("/evidence/{id}")]
async fn get_evidence(caller: Caller, db: Data<Db>, id: Path<EvidenceId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = evidence::get(cx, *id)?;
        found(row.version, &show::evidence(cx, row)?)
    })
    .await
}

/// Change what is told about a paper
#[utoipa::path(tag = "Register", operation_id = "describe_evidence",
    params(("id" = EvidenceId, Path, description = "The paper"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = DescribeEvidence, example = json!({"title": "Phiếu kiểm nghiệm tôm khô", "criteria": ["10.1"], "products": []})),
    responses((status = 200, body = LibraryPaperHistory, description = "As it is told now"),
        (status = 409, body = Problem, description = "evidence_retired")))]
#[put("/evidence/{id}")]
async fn describe_evidence(
    caller: Caller,
    db: Data<Db>,
    id: Path<EvidenceId>,
    if_match: IfMatch,
    body: Body<DescribeEvidence>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = evidence::hold(cx, *id)?;
        must_have_ground(cx, Act::KeepEvidence, Some(held.producer_id), None)?;
        if_match.check(held.version)?;
        let asked = body.valid()?;
        let row = evidence::describe(cx, &held, &asked.title, &asked.criteria, &asked.products)?;
        found(row.version, &show::evidence(cx, row)?)
    })
    .await
}

/// Put a paper away; dossiers that refer to it keep it
#[utoipa::path(tag = "Register", operation_id = "retire_evidence",
    params(("id" = EvidenceId, Path, description = "The paper"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 204, description = "Put away"),
        (status = 409, body = Problem, description = "evidence_retired")))]
#[delete("/evidence/{id}")]
async fn retire_evidence(caller: Caller, db: Data<Db>, id: Path<EvidenceId>, if_match: IfMatch) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = evidence::hold(cx, *id)?;
        must_have_ground(cx, Act::KeepEvidence, Some(held.producer_id), None)?;
        if_match.check(held.version)?;
        evidence::retire(cx, &held)?;
        Ok(nothing())
    })
    .await
}

/// Put a new version of a paper behind the others
#[utoipa::path(tag = "Register", operation_id = "renew_evidence",
    params(("id" = EvidenceId, Path, description = "The paper"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = EvidenceVersionForm, content_type = "multipart/form-data"),
    responses((status = 201, body = LibraryPaperHistory, description = "The paper with its versions"),
        (status = 409, body = Problem, description = "evidence_retired")))]
#[post("/evidence/{id}/versions")]
async fn renew_evidence(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<EvidenceId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let id = *id;
    db.read(caller.clone(), move |cx| {
        let row = evidence::get(cx, id)?;
        must_have_ground(cx, Act::KeepEvidence, Some(row.producer_id), None)
    })
    .await?;
    let accept = Accept { kinds: DOCUMENTS, limit: files.limit, fields: evidence::VERSION_FIELDS };
    let form = upload.receive(&files, accept).await?;
    db.write(caller, move |cx| {
        let held = evidence::hold(cx, id)?;
        must_have_ground(cx, Act::KeepEvidence, Some(held.producer_id), None)?;
        let done = once.run(cx, &form.fingerprint, |cx| {
            evidence::renew(cx, &held, &form.file, NewVersion::of(&form)?).map(|v| v.id.0)
        })?;
        let row = evidence::get(cx, id)?;
        let version = row.version;
        created(done, &format!("/v1/evidence/{id}"), version, &show::evidence(cx, row)?)
    })
    .await
}

/// The bytes of one version
#[utoipa::path(tag = "Register", operation_id = "get_evidence_content",
    params(("id" = EvidenceId, Path, description = "The paper"),
        ("version" = EvidenceVersionId, Path, description = "The version")),
    responses((status = 200, description = "An attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/evidence/{id}/versions/{version}/content")]
async fn get_evidence_content(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(EvidenceId, EvidenceVersionId)>,
) -> Result<HttpResponse> {
    let (id, version) = path.into_inner();
    let (row, stored) = db
        .read(caller, move |cx| {
            evidence::get(cx, id)?;
            let row = evidence::version(cx, id, version)?;
            let stored = files::find(cx, &row.sha256)?;
            Ok((row, stored))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &row.file_name, "private, no-store").await
}

/// The small picture of one version that is a picture
#[utoipa::path(tag = "Register", operation_id = "get_evidence_thumbnail",
    params(("id" = EvidenceId, Path, description = "The paper"),
        ("version" = EvidenceVersionId, Path, description = "The version")),
    responses((status = 200, description = "At most 320 pixels on its longer side", content((Vec<u8> = "image/jpeg"))),
        (status = 409, description = "picture_none, picture_too_large, picture_broken, file_pending, file_infected", body = Problem)))]
#[get("/evidence/{id}/versions/{version}/thumbnail")]
async fn get_evidence_thumbnail(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(EvidenceId, EvidenceVersionId)>,
) -> Result<HttpResponse> {
    let (id, version) = path.into_inner();
    let stored = db
        .read(caller, move |cx| {
            evidence::get(cx, id)?;
            let row = evidence::version(cx, id, version)?;
            files::find(cx, &row.sha256)
        })
        .await?;
    files.send_thumbnail(&stored, "private, no-store").await
}
