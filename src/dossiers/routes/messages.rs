//! Messages and notes over HTTP: the same deeds on two shelves.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{MessageQuery, MessageView, NewMessage, ReadUpTo, UnreadView};
use super::super::opened::Opened;
use super::super::rules::MessageKind;
use super::super::{get, hold, messages, show};
use crate::actor::Caller;
use crate::auth::policy;
use crate::db::{Ctx, Db};
use crate::error::{Problem, Result};
use crate::ids::{DossierId, RowId};
use crate::web::{Answer, Body, Once, Page, created, shown};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_messages)
        .service(write_message)
        .service(read_messages)
        .service(list_notes)
        .service(write_note)
        .service(read_notes);
}

fn list(cx: &mut Ctx<'_>, id: DossierId, kind: MessageKind, query: &MessageQuery) -> Result<Answer> {
    let row = get(cx, id)?;
    policy::must(cx, messages::act(kind))?;
    let parties = messages::parties(cx, &Opened::of(&row), kind)?;
    show::messages(cx, &row, kind, &parties, query)?.answer()
}

fn write(cx: &mut Ctx<'_>, id: DossierId, kind: MessageKind, once: &Once, body: &Body<NewMessage>) -> Result<Answer> {
    let row = hold(cx, id)?;
    policy::must(cx, messages::act(kind))?;
    let parties = messages::parties(cx, &Opened::of(&row), kind)?;
    let done = once.run(cx, &body.fingerprint, |cx| {
        let new = body.valid()?;
        messages::write(cx, &row, kind, &parties, &new.words, &new.documents).map(|id| id.0)
    })?;
    let written = messages::find(cx, &row, kind, &parties, RowId(done.id))?;
    let view = show::message(cx, written);
    created(done, &format!("/v1/dossiers/{id}/{kind}s"), row.version, &view)
}

fn read(cx: &mut Ctx<'_>, id: DossierId, kind: MessageKind, body: &Body<ReadUpTo>) -> Result<Answer> {
    let row = hold(cx, id)?;
    policy::must(cx, messages::act(kind))?;
    messages::parties(cx, &Opened::of(&row), kind)?;
    messages::mark_read(cx, &row, kind, body.valid()?.up_to)?;
    shown(&show::unread(cx, &Opened::of(&row))?)
}

/// What producer and offices wrote to each other about a dossier, the newest first
#[utoipa::path(tag = "Dossiers", operation_id = "list_messages",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"), MessageQuery),
    responses((status = 200, description = "Messages", body = Page<MessageView>,
        example = json!({"data": [], "page": {"next": null}}))))]
#[get("/dossiers/{id}/messages")]
async fn list_messages(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    query: Query<MessageQuery>,
) -> Result<Answer> {
    db.read(caller, move |cx| list(cx, *id, MessageKind::Message, &query)).await
}

/// Write a message: the producer reads it, and every office that handles the dossier
#[utoipa::path(tag = "Dossiers", operation_id = "write_message",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = NewMessage, example = json!({"words": "Xã mời chủ thể mang mẫu đến ngày 5/6/2026"})),
    responses((status = 201, description = "Written", body = MessageView),
        (status = 409, description = "dossier_not_filed", body = Problem),
        (status = 422, description = "No text, or papers of another dossier", body = Problem)))]
#[post("/dossiers/{id}/messages")]
async fn write_message(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    once: Once,
    body: Body<NewMessage>,
) -> Result<Answer> {
    db.write(caller, move |cx| write(cx, *id, MessageKind::Message, &once, &body)).await
}

/// Say up to which message I have read
#[utoipa::path(tag = "Dossiers", operation_id = "read_messages",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    request_body(content = ReadUpTo, example = json!({"upTo": 1})),
    responses((status = 200, description = "What is unread now", body = UnreadView)))]
#[put("/dossiers/{id}/messages/read")]
async fn read_messages(caller: Caller, db: Data<Db>, id: Path<DossierId>, body: Body<ReadUpTo>) -> Result<Answer> {
    db.write(caller, move |cx| read(cx, *id, MessageKind::Message, &body)).await
}

/// Notes of my office about a dossier, the newest first: no producer and no other level reads them
#[utoipa::path(tag = "Dossiers", operation_id = "list_notes",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"), MessageQuery),
    responses((status = 200, description = "Notes", body = Page<MessageView>,
        example = json!({"data": [], "page": {"next": null}}))))]
#[get("/dossiers/{id}/notes")]
async fn list_notes(caller: Caller, db: Data<Db>, id: Path<DossierId>, query: Query<MessageQuery>) -> Result<Answer> {
    db.read(caller, move |cx| list(cx, *id, MessageKind::Note, &query)).await
}

/// Write a note for my own office
#[utoipa::path(tag = "Dossiers", operation_id = "write_note",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = NewMessage, example = json!({"words": "Đã gọi điện cho chủ thể, hẹn khảo sát ngày 6/6/2026"})),
    responses((status = 201, description = "Written", body = MessageView),
        (status = 409, description = "dossier_not_filed", body = Problem),
        (status = 422, description = "No text, or papers of another dossier", body = Problem)))]
#[post("/dossiers/{id}/notes")]
async fn write_note(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    once: Once,
    body: Body<NewMessage>,
) -> Result<Answer> {
    db.write(caller, move |cx| write(cx, *id, MessageKind::Note, &once, &body)).await
}

/// Say up to which note I have read
#[utoipa::path(tag = "Dossiers", operation_id = "read_notes",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    request_body(content = ReadUpTo, example = json!({"upTo": 1})),
    responses((status = 200, description = "What is unread now", body = UnreadView)))]
#[put("/dossiers/{id}/notes/read")]
async fn read_notes(caller: Caller, db: Data<Db>, id: Path<DossierId>, body: Body<ReadUpTo>) -> Result<Answer> {
    db.write(caller, move |cx| read(cx, *id, MessageKind::Note, &body)).await
}
