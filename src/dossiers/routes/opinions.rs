//! Opinions of departments over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{
    AnswerOpinion, AskOpinion, OpinionFileForm, OpinionFileView, OpinionQuery, OpinionView, OpinionsView,
};
use super::super::opinions::{self, Question};
use super::super::{get, hold, show};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Accept, Asked, DOCUMENTS, Files, Upload};
use crate::ids::{DossierId, OpinionId, RowId};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ask_opinion)
        .service(list_dossier_opinions)
        .service(list_opinions)
        .service(get_opinion)
        .service(answer_opinion)
        .service(take_back_opinion)
        .service(add_opinion_file)
        .service(get_opinion_file);
}

/// Ask a department for its opinion
///
/// Its officers see the dossier until they have answered, or until the question is taken back.
#[utoipa::path(tag = "Opinions", operation_id = "ask_opinion",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = AskOpinion, example = json!({
        "department": "01978a3e-0000-7000-8000-000000000001", "dueOn": "2026-06-20",
        "question": "Cơ sở có đủ điều kiện an toàn thực phẩm không?"})),
    responses((status = 201, description = "Asked", body = OpinionView),
        (status = 409, description = "dossier_not_on_desk, dossier_finished, opinion_asked_already", body = Problem),
        (status = 422, description = "No such department, nobody answers for it, or the day is over", body = Problem)))]
#[post("/dossiers/{id}/opinions")]
async fn ask_opinion(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    once: Once,
    body: Body<AskOpinion>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        policy::must(cx, Act::AskOpinion)?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let asked = body.valid()?;
            let question = Question {
                department: asked.department,
                question: asked.question.clone(),
                due_on: asked.due_on,
                documents: asked.documents.clone(),
            };
            opinions::ask(cx, &row, &question).map(|id| id.0)
        })?;
        let row = opinions::get(cx, OpinionId(done.id))?;
        created(done, &format!("/v1/opinions/{}", row.id), row.version, &show::opinion(cx, &row)?)
    })
    .await
}

/// The opinions about a dossier: "2 of 3 answered" in numbers, and what they say
#[utoipa::path(tag = "Opinions", operation_id = "list_dossier_opinions",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "Offices read all, a department its own", body = OpinionsView)))]
#[get("/dossiers/{id}/opinions")]
async fn list_dossier_opinions(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        policy::must(cx, Act::ReadOpinions)?;
        found(row.version, &show::opinions(cx, &row)?)
    })
    .await
}

/// The questions to my department, the nearest day first
#[utoipa::path(tag = "Opinions", operation_id = "list_opinions", params(OpinionQuery),
    responses((status = 200, description = "Questions, answered ones too", body = Page<OpinionView>,
        example = json!({"data": [], "page": {"next": null}}))))]
#[get("/opinions")]
async fn list_opinions(caller: Caller, db: Data<Db>, query: Query<OpinionQuery>) -> Result<Answer> {
    db.read(caller, move |cx| {
        policy::must(cx, Act::AnswerOpinion)?;
        show::questions(cx, &query)?.answer()
    })
    .await
}

/// One question to a department, with its answer
#[utoipa::path(tag = "Opinions", operation_id = "get_opinion",
    params(("id" = OpinionId, Path, description = "Identifier of the opinion")),
    responses((status = 200, description = "The opinion", body = OpinionView)))]
#[get("/opinions/{id}")]
async fn get_opinion(caller: Caller, db: Data<Db>, id: Path<OpinionId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = opinions::get(cx, *id)?;
        opinions::must_read(cx, &row)?;
        found(row.version, &show::opinion(cx, &row)?)
    })
    .await
}

/// Answer for my department
#[utoipa::path(tag = "Opinions", operation_id = "answer_opinion",
    params(("id" = OpinionId, Path, description = "Identifier of the opinion"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = AnswerOpinion, example = json!({"answer": "Cơ sở đủ điều kiện an toàn thực phẩm, giấy số 12/2026"})),
    responses((status = 200, description = "Answered", body = OpinionView),
        (status = 409, description = "opinion_answered, opinion_taken_back, dossier_finished", body = Problem)))]
#[put("/opinions/{id}/answer")]
async fn answer_opinion(
    caller: Caller,
    db: Data<Db>,
    id: Path<OpinionId>,
    if_match: IfMatch,
    body: Body<AnswerOpinion>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = opinions::hold(cx, *id)?;
        opinions::must_be_asked(cx, &row)?;
        if_match.check(row.version)?;
        let row = opinions::answer(cx, &row, &body.valid()?.answer)?;
        found(row.version, &show::opinion(cx, &row)?)
    })
    .await
}

/// Take a question back: the department sees the dossier no more
#[utoipa::path(tag = "Opinions", operation_id = "take_back_opinion",
    params(("id" = OpinionId, Path, description = "Identifier of the opinion"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    responses((status = 200, description = "Taken back", body = OpinionView),
        (status = 409, description = "opinion_answered, opinion_taken_back, opinion_asked_by_another", body = Problem)))]
#[delete("/opinions/{id}")]
async fn take_back_opinion(caller: Caller, db: Data<Db>, id: Path<OpinionId>, if_match: IfMatch) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = opinions::hold(cx, *id)?;
        policy::must(cx, Act::AskOpinion)?;
        if_match.check(row.version)?;
        let row = opinions::take_back(cx, &row)?;
        found(row.version, &show::opinion(cx, &row)?)
    })
    .await
}

/// Put a file to the answer of my department
#[utoipa::path(tag = "Opinions", operation_id = "add_opinion_file",
    params(("id" = OpinionId, Path, description = "Identifier of the opinion"),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = OpinionFileForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The file", body = OpinionFileView),
        (status = 409, description = "opinion_answered, opinion_taken_back, dossier_finished", body = Problem)))]
#[post("/opinions/{id}/files")]
async fn add_opinion_file(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<OpinionId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let id = *id;
    db.read(caller.clone(), move |cx| {
        let row = opinions::get(cx, id)?;
        opinions::must_be_asked(cx, &row)?;
        opinions::may_add_file(cx, &row)
    })
    .await?;
    let form = upload.receive(&files, Accept { kinds: DOCUMENTS, limit: files.limit, fields: &[] }).await?;
    db.write(caller, move |cx| {
        let row = opinions::hold(cx, id)?;
        opinions::must_be_asked(cx, &row)?;
        let done = once.run(cx, &form.fingerprint, |cx| {
            opinions::add_file(cx, &row, &form.file, &form.file_name).map(|id| id.0)
        })?;
        let all = opinions::files_of(cx, &row)?;
        let added = all.into_iter().find(|f| f.id == RowId(done.id)).ok_or(AppError::NotFound)?;
        let view = show::opinion_file(added);
        created(done, &view.content, row.version, &view)
    })
    .await
}

/// The bytes of a file of an answer
#[utoipa::path(tag = "Opinions", operation_id = "get_opinion_file",
    params(("id" = OpinionId, Path, description = "Identifier of the opinion"),
        ("file" = RowId, Path, description = "Identifier of the file")),
    responses((status = 200, description = "An attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/opinions/{id}/files/{file}")]
async fn get_opinion_file(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(OpinionId, RowId)>,
) -> Result<HttpResponse> {
    let (id, file) = path.into_inner();
    let (row, stored) = db
        .read(caller, move |cx| {
            let row = opinions::get(cx, id)?;
            opinions::must_read(cx, &row)?;
            let file = opinions::files_of(cx, &row)?.into_iter().find(|f| f.id == file).ok_or(AppError::NotFound)?;
            let stored = files::find(cx, &file.sha256)?;
            Ok((file, stored))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &row.file_name, "private, no-store").await
}
