//! What lies before the members of a council, over HTTP: the dossiers of a session from their release on.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::LaidDossier;
use super::super::{advisory, sessions, sheets, views};
use crate::actor::Caller;
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::files::{self, Asked, Files};
use crate::ids::{DocumentId, DossierId, RowId, SessionMeetingId};
use crate::web::Answer;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_laid_dossier).service(get_laid_document).service(get_laid_picture);
}

/// A dossier of a session as it lies before the members: table, self-marks, papers, the advisory review
///
/// For whoever has a seat, from the moment of release on (without one: from the opening of marking).
#[utoipa::path(tag = "Scoring", operation_id = "get_laid_dossier",
    params(("id" = SessionMeetingId, Path, description = "The session"), ("dossier" = DossierId, Path, description = "The dossier")),
    responses((status = 200, body = LaidDossier, description = "The dossier"),
        (status = 409, description = "session_not_released, session_dossier_not_on_table", body = Problem)))]
#[get("/sessions/{id}/dossiers/{dossier}")]
async fn get_laid_dossier(caller: Caller, db: Data<Db>, at: Path<(SessionMeetingId, DossierId)>) -> Result<Answer> {
    let (id, dossier) = at.into_inner();
    db.read(caller, move |cx| {
        let (bench, _) = sessions::laid_before_members(cx, id, dossier)?;
        Answer::of(&views::laid_dossier(cx, &bench.council, dossier)?)
    })
    .await
}

/// A paper of a dossier of a session; every reading is written down
#[utoipa::path(tag = "Scoring", operation_id = "get_laid_document",
    params(("id" = SessionMeetingId, Path, description = "The session"), ("dossier" = DossierId, Path, description = "The dossier"),
        ("document" = DocumentId, Path, description = "The paper")),
    responses((status = 200, description = "The file, as an attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "session_not_released, file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/sessions/{id}/dossiers/{dossier}/documents/{document}")]
async fn get_laid_document(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    at: Path<(SessionMeetingId, DossierId, DocumentId)>,
) -> Result<HttpResponse> {
    let (id, dossier, document) = at.into_inner();
    let (name, stored) = db
        .write(caller, move |cx| {
            sessions::laid_before_members(cx, id, dossier)?;
            let (sha256, name) = sheets::evidence(cx, dossier, document)?;
            Ok((name, files::find(cx, &sha256)?))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &name, "private, no-store").await
}

/// A picture of the advisory team's site visit, as far as the regulation shows the review
#[utoipa::path(tag = "Scoring", operation_id = "get_laid_picture",
    params(("id" = SessionMeetingId, Path, description = "The session"), ("dossier" = DossierId, Path, description = "The dossier"),
        ("picture" = RowId, Path, description = "The picture")),
    responses((status = 200, description = "The picture, as an attachment", content((Vec<u8> = "image/*"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "session_not_released, file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/sessions/{id}/dossiers/{dossier}/pictures/{picture}")]
async fn get_laid_picture(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    at: Path<(SessionMeetingId, DossierId, RowId)>,
) -> Result<HttpResponse> {
    let (id, dossier, picture) = at.into_inner();
    let (name, stored) = db
        .read(caller, move |cx| {
            let (bench, _) = sessions::laid_before_members(cx, id, dossier)?;
            let row = advisory::picture_beside(cx, dossier, &bench.council, picture)?;
            Ok((row.file_name, files::find(cx, &row.sha256)?))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &name, "private, no-store").await
}
