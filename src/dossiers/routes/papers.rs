//! Papers over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::documents;
use super::super::dto::{
    CompletenessQuery, CompletenessView, DifferencesView, DocumentForm, DocumentList, DocumentView, ReferTo,
};
use super::super::model::Dossier;
use super::super::opened::Opened;
use super::super::{get, hold, show};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Accept, Asked, DOCUMENTS, Files, Upload};
use crate::ids::{DocumentId, DossierId};
use crate::products::evidence::NewEvidence;
use crate::web::{Answer, Body, IfMatch, Once, created, found, nothing};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_document)
        .service(list_documents)
        .service(refer_to_evidence)
        .service(get_differences)
        .service(get_document_content)
        .service(get_document_thumbnail)
        .service(remove_document)
        .service(get_completeness);
}

const FIELDS: &[&str] =
    &["paper", "title", "number", "issuer", "issuedOn", "expiresOn", "holderName", "holderTaxCode", "criteria"];

/// Put a paper into a dossier
#[utoipa::path(tag = "Dossiers", operation_id = "add_document",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = DocumentForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The paper", body = DocumentView),
        (status = 409, description = "dossier_not_with_producer, dossier_paper_unknown, dossier_finished, dossier_full, file_infected", body = Problem)))]
#[post("/dossiers/{id}/documents")]
async fn add_document(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<DossierId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let (id, dossier_limit) = (*id, files.dossier_limit);
    db.read(caller.clone(), move |cx| {
        let row = get(cx, id)?;
        policy::must(cx, Act::MoveDossier)?;
        documents::may_add(cx, &row)?;
        documents::must_have_room(cx, &row, dossier_limit)
    })
    .await?;
    let form = upload.receive(&files, Accept { kinds: DOCUMENTS, limit: files.limit, fields: FIELDS }).await?;
    let new = NewEvidence::of(&form)?;
    db.write(caller, move |cx| {
        let row = hold(cx, id)?;
        let done = once.run(cx, &form.fingerprint, |cx| {
            let added = documents::add(cx, &row, &form.file, new.clone())?;
            documents::must_have_room(cx, &row, dossier_limit).map(|()| added.0)
        })?;
        let added = documents::get(cx, id, DocumentId(done.id))?;
        let views = show::documents_of(cx, vec![added])?;
        let view = views.first().ok_or(AppError::NotFound)?;
        created(done, &format!("/v1/dossiers/{id}/documents/{}", done.id), row.version, view)
    })
    .await
}

/// The papers of a dossier
#[utoipa::path(tag = "Dossiers", operation_id = "list_documents",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "Papers, in the order in which they came", body = DocumentList,
        example = json!({"data": []}))))]
#[get("/dossiers/{id}/documents")]
async fn list_documents(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        papers(cx, &row)
    })
    .await
}

fn papers(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Answer> {
    let rows = documents::list(cx, row.id)?;
    let data = show::documents_of(cx, rows)?;
    found(row.version, &DocumentList { data })
}

/// Refer to papers of the library, in their newest versions
#[utoipa::path(tag = "Dossiers", operation_id = "refer_to_evidence",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = ReferTo, example = json!({"evidence": ["01978a3e-0000-7000-8000-000000000001"]})),
    responses((status = 200, description = "The papers that lie in the dossier now", body = DocumentList),
        (status = 409, description = "dossier_not_with_producer, dossier_paper_unknown, evidence_retired, dossier_full", body = Problem),
        (status = 422, description = "A paper of another producer, or about other products", body = Problem)))]
#[put("/dossiers/{id}/references")]
async fn refer_to_evidence(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<DossierId>,
    if_match: IfMatch,
    body: Body<ReferTo>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        policy::must(cx, Act::EditDossier)?;
        if_match.check(row.version)?;
        let row = documents::refer(cx, &row, &body.valid()?.evidence)?;
        documents::must_have_room(cx, &row, files.dossier_limit)?;
        papers(cx, &row)
    })
    .await
}

/// What changed since the dossier on which the present recognition rests
#[utoipa::path(tag = "Dossiers", operation_id = "get_differences",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "Line by line, in the order of the criteria", body = DifferencesView)))]
#[get("/dossiers/{id}/differences")]
async fn get_differences(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        found(row.version, &show::differences(cx, &Opened::of(&row))?)
    })
    .await
}

/// The bytes of a paper; every reading by others than its producer is written down
#[utoipa::path(tag = "Dossiers", operation_id = "get_document_content",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("document" = DocumentId, Path, description = "Identifier of the paper")),
    responses((status = 200, description = "An attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/dossiers/{id}/documents/{document}/content")]
async fn get_document_content(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(DossierId, DocumentId)>,
) -> Result<HttpResponse> {
    let (id, document) = path.into_inner();
    let (row, stored) = db
        .write(caller, move |cx| {
            let dossier = get(cx, id)?;
            let row = documents::get(cx, id, document)?;
            let stored = files::find(cx, &row.version.sha256)?;
            documents::note_reading(cx, &dossier, document)?;
            Ok((row.version, stored))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &row.file_name, "private, no-store").await
}

/// The small picture of a paper that is a picture
#[utoipa::path(tag = "Dossiers", operation_id = "get_document_thumbnail",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("document" = DocumentId, Path, description = "Identifier of the paper")),
    responses((status = 200, description = "At most 320 pixels on its longer side", content((Vec<u8> = "image/jpeg"))),
        (status = 409, description = "picture_none, picture_too_large, picture_broken, file_pending, file_infected", body = Problem)))]
#[get("/dossiers/{id}/documents/{document}/thumbnail")]
async fn get_document_thumbnail(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(DossierId, DocumentId)>,
) -> Result<HttpResponse> {
    let (id, document) = path.into_inner();
    let stored = db
        .write(caller, move |cx| {
            let dossier = get(cx, id)?;
            let row = documents::get(cx, id, document)?;
            let stored = files::find(cx, &row.version.sha256)?;
            documents::note_reading(cx, &dossier, document)?;
            Ok(stored)
        })
        .await?;
    files.send_thumbnail(&stored, "private, no-store").await
}

/// Take a paper out of a dossier
#[utoipa::path(tag = "Dossiers", operation_id = "remove_document",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("document" = DocumentId, Path, description = "Identifier of the paper"),
        ("If-Match" = String, Header, description = "Tag of the dossier's version that was read")),
    responses((status = 204, description = "Taken out"),
        (status = 409, description = "dossier_not_with_producer", body = Problem)))]
#[delete("/dossiers/{id}/documents/{document}")]
async fn remove_document(
    caller: Caller,
    db: Data<Db>,
    path: Path<(DossierId, DocumentId)>,
    if_match: IfMatch,
) -> Result<Answer> {
    let (id, document) = path.into_inner();
    db.write(caller, move |cx| {
        let row = hold(cx, id)?;
        policy::must(cx, Act::MoveDossier)?;
        documents::get(cx, id, document)?;
        if_match.check(row.version)?;
        documents::remove(cx, &row, document)?;
        Ok(nothing())
    })
    .await
}

/// Which papers a step asks for, which are there, which are expired
#[utoipa::path(tag = "Dossiers", operation_id = "get_completeness",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"), CompletenessQuery),
    responses((status = 200, description = "Paper by paper", body = CompletenessView)))]
#[get("/dossiers/{id}/completeness")]
async fn get_completeness(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    query: Query<CompletenessQuery>,
) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        found(row.version, &show::completeness(cx, &Opened::of(&row), query.stage)?)
    })
    .await
}
