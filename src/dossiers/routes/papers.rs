//! Papers over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, delete, get, post};
use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::documents::{self, NewDocument};
use super::super::dto::{CompletenessQuery, CompletenessView, DocumentForm, DocumentList, DocumentView};
use super::super::{get, hold, show};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Accept, DOCUMENTS, Files, Form, Upload};
use crate::ids::{DocumentId, DossierId};
use crate::web::{Answer, IfMatch, Once, created, found, nothing};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_document)
        .service(list_documents)
        .service(get_document_content)
        .service(remove_document)
        .service(get_completeness);
}

const FIELDS: &[&str] = &["paper", "title", "number", "issuer", "issuedOn", "expiresOn", "criteria"];

/// Put a paper into a dossier
#[utoipa::path(tag = "Dossiers", operation_id = "add_document",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = DocumentForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The paper", body = DocumentView),
        (status = 409, description = "dossier_not_with_producer, dossier_paper_unknown, dossier_finished", body = Problem)))]
#[post("/dossiers/{id}/documents")]
async fn add_document(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<DossierId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let id = *id;
    db.read(caller.clone(), move |cx| {
        let row = get(cx, id)?;
        policy::must(cx, Act::MoveDossier)?;
        documents::may_add(cx, &row)
    })
    .await?;
    let form = upload.receive(&files, Accept { kinds: DOCUMENTS, limit: files.limit, fields: FIELDS }).await?;
    let new = described(&form)?;
    db.write(caller, move |cx| {
        let row = hold(cx, id)?;
        let done =
            once.run(cx, &form.fingerprint, |cx| documents::add(cx, &row, &form.file, new.clone()).map(|d| d.id.0))?;
        let added = documents::get(cx, id, DocumentId(done.id))?;
        let view = show::document(cx, added);
        created(done, &format!("/v1/dossiers/{id}/documents/{}", done.id), row.version, &view)
    })
    .await
}

/// Reads what the form tells about the paper.
fn described(form: &Form) -> Result<NewDocument> {
    let limited = |name: &str, most: usize| match form.text(name) {
        Some(text) if text.chars().count() > most => Err(AppError::field(
            &format!("/{name}"),
            "length",
            &format!("Không dài quá {most}."),
            &format!("No longer than {most}."),
        )),
        text => Ok(text),
    };
    let paper = limited("paper", 60)?
        .ok_or_else(|| AppError::field("/paper", "required", "Ghi loại giấy tờ.", "Say which type of paper it is."))?;
    let criteria = limited("criteria", 500)?.unwrap_or_default();
    Ok(NewDocument {
        paper,
        title: limited("title", 300)?.unwrap_or_default(),
        file_name: form.file_name.clone(),
        number: limited("number", 100)?,
        issuer: limited("issuer", 300)?,
        issued_on: day(form, "issuedOn")?,
        expires_on: day(form, "expiresOn")?,
        criteria: criteria.split(',').map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned).collect(),
    })
}

fn day(form: &Form, name: &str) -> Result<Option<NaiveDate>> {
    let wrong = |_| {
        AppError::field(&format!("/{name}"), "wrong_type", "Ngày viết dạng YYYY-MM-DD.", "Write the day as YYYY-MM-DD.")
    };
    form.text(name).map(|text| text.parse().map_err(wrong)).transpose()
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
        let rows = documents::list(cx, row.id)?;
        let data = rows.into_iter().map(|d| show::document(cx, d)).collect();
        found(row.version, &DocumentList { data })
    })
    .await
}

/// The bytes of a paper
#[utoipa::path(tag = "Dossiers", operation_id = "get_document_content",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("document" = DocumentId, Path, description = "Identifier of the paper")),
    responses((status = 200, description = "An attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4")))))]
#[get("/dossiers/{id}/documents/{document}/content")]
async fn get_document_content(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(DossierId, DocumentId)>,
) -> Result<HttpResponse> {
    let (id, document) = path.into_inner();
    let (row, stored) = db
        .read(caller, move |cx| {
            get(cx, id)?;
            let row = documents::get(cx, id, document)?;
            let stored = files::find(cx, &row.sha256)?;
            Ok((row, stored))
        })
        .await?;
    files.send(&row.sha256, &stored.media_type, &row.file_name, "private, no-store").await
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
        found(row.version, &show::completeness(cx, &row, query.stage)?)
    })
    .await
}
