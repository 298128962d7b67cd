//! Sessions, the dossiers on their tables, and conflicts of interest over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::super::councils::{self, Bench};
use super::super::dto::{
    AgendaSlot, ConflictView, ConveneSession, DeclareConflict, DossierReason, MoveSession, RecordAttendance,
    ReopenSheet, SessionBrief, SessionConflicts, SessionProgress, SessionQuery, SessionView, SetAgenda,
};
use super::super::sessions::{self, NewSession, Slot};
use super::super::{Meeting, conflicts, sheets, views};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Result};
use crate::ids::{RowId, SessionMeetingId};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(convene_session)
        .service(list_sessions)
        .service(get_session)
        .service(get_session_progress)
        .service(record_attendance)
        .service(set_agenda)
        .service(list_session_conflicts)
        .service(move_session)
        .service(postpone_dossier)
        .service(discuss_dossier)
        .service(reopen_sheet)
        .service(declare_conflict);
}

/// Convene a session and put dossiers on its table
#[utoipa::path(tag = "Scoring", operation_id = "convene_session",
    request_body(content = ConveneSession, example = json!({
        "councilId": "01980000-0000-7000-8000-000000000002", "heldOn": "2026-06-12", "form": "inPerson",
        "report": {"number": "12/BC-TTV", "dated": "2026-06-05"}, "dossiers": ["01980000-0000-7000-8000-000000000003"]})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = SessionView, description = "The session")))]
#[post("/sessions")]
async fn convene_session(caller: Caller, db: Data<Db>, once: Once, body: Body<ConveneSession>) -> Result<Answer> {
    db.write(caller, move |cx| {
        if !policy::may(cx, Act::ConveneSessions) && !councils::has_seat(cx)? {
            return Err(AppError::Forbidden(Act::ConveneSessions.word()));
        }
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewSession {
                council_id: asked.council_id,
                round_id: asked.round_id,
                held_on: asked.held_on,
                form: asked.form,
                report: asked.report.clone(),
                release_at: asked.release_at,
                dossiers: asked.dossiers.clone(),
            };
            Ok(sessions::convene(cx, new)?.id.0)
        })?;
        let row = sessions::session(cx, SessionMeetingId(done.id))?;
        created(done, &format!("/v1/sessions/{}", done.id), row.version, &views::session(cx, &row)?)
    })
    .await
}

/// Sessions of the councils that the caller knows, newest first
#[utoipa::path(tag = "Scoring", operation_id = "list_sessions", params(SessionQuery),
    responses((status = 200, body = Page<SessionBrief>, description = "A page of sessions")))]
#[get("/sessions")]
async fn list_sessions(caller: Caller, db: Data<Db>, query: Query<SessionQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, SessionMeetingId)> = page::read_cursor(query.cursor.as_deref())?;
    let council = query.council;
    db.read(caller, move |cx| {
        let rows = sessions::sessions(cx, council, after, limit + 1)?;
        Page::cut(rows, limit, |m| (m.held_on, m.id)).map(SessionBrief::from).answer()
    })
    .await
}

/// One session with its dossiers
#[utoipa::path(tag = "Scoring", operation_id = "get_session",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, body = SessionView, description = "The session")))]
#[get("/sessions/{id}")]
async fn get_session(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = sessions::session(cx, *id)?;
        shown(cx, row)
    })
    .await
}

/// One act on a session: for whoever may do it, on the version that was read, answered with the session.
async fn act<T: Validate + Send + 'static>(
    caller: Caller,
    db: Data<Db>,
    (id, tag): (SessionMeetingId, IfMatch),
    body: Body<T>,
    may: fn(&Bench) -> Result<()>,
    deed: fn(&mut Ctx<'_>, Meeting, &T) -> Result<Meeting>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = sessions::hold_session(cx, id)?;
        may(&councils::bench(cx, &row)?)?;
        tag.check(row.version)?;
        let row = deed(cx, row, body.valid()?)?;
        shown(cx, row)
    })
    .await
}

fn shown(cx: &mut Ctx<'_>, row: Meeting) -> Result<Answer> {
    let row = sessions::session(cx, row.id)?;
    found(row.version, &views::session(cx, &row)?)
}

/// Who has submitted, for the chair and the secretary: never what
#[utoipa::path(tag = "Scoring", operation_id = "get_session_progress",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, body = SessionProgress, description = "Each dossier and seat")))]
#[get("/sessions/{id}/progress")]
async fn get_session_progress(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = sessions::session(cx, *id)?;
        Answer::of(&views::progress(cx, &row)?)
    })
    .await
}

/// Record who is present and who presides
#[utoipa::path(tag = "Scoring", operation_id = "record_attendance",
    request_body(content = RecordAttendance, example = json!({"present": ["01980000-0000-7000-8000-000000000004"], "chairedBy": null})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SessionView, description = "The session")))]
#[put("/sessions/{id}/attendance")]
async fn record_attendance(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    tag: IfMatch,
    body: Body<RecordAttendance>,
) -> Result<Answer> {
    act(caller, db, (*id, tag), body, Bench::must_keep, |cx, row, asked| {
        sessions::record_attendance(cx, row, asked.present.clone(), asked.chaired_by)
    })
    .await
}

/// Set the order of a session, and the times at which its dossiers are taken up
#[utoipa::path(tag = "Scoring", operation_id = "set_agenda",
    request_body(content = SetAgenda, example = json!({"dossiers": [{"dossierId": "01980000-0000-7000-8000-000000000003", "startsAt": "08:00"}]})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SessionView, description = "The session")))]
#[put("/sessions/{id}/agenda")]
async fn set_agenda(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    tag: IfMatch,
    body: Body<SetAgenda>,
) -> Result<Answer> {
    act(caller, db, (*id, tag), body, Bench::must_keep, |cx, row, asked| {
        let slot = |s: &AgendaSlot| Slot { dossier: s.dossier_id, starts_at: s.starts_at.clone() };
        sessions::set_agenda(cx, row, &asked.dossiers.iter().map(slot).collect::<Vec<_>>())
    })
    .await
}

/// Who keeps away from which dossier of a session, and why
///
/// Declared and detected conflicts of interest, for whoever keeps the session.
#[utoipa::path(tag = "Scoring", operation_id = "list_session_conflicts",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, body = SessionConflicts, description = "Each seat and dossier")))]
#[get("/sessions/{id}/conflicts")]
async fn list_session_conflicts(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = sessions::session(cx, *id)?;
        let all = conflicts::of_session(cx, &row)?;
        Answer::of(&SessionConflicts { data: all.into_iter().map(ConflictView::from).collect() })
    })
    .await
}

/// Open or close marking
///
/// Opening gives every voting member present a sheet for each dossier. Closing ends marking: what is
/// not submitted lapses, and from then on sheets and results may be seen as the regulation says.
#[utoipa::path(tag = "Scoring", operation_id = "move_session",
    request_body(content = MoveSession, example = json!({"action": "open"})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SessionView, description = "The session")))]
#[post("/sessions/{id}/moves")]
async fn move_session(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    tag: IfMatch,
    body: Body<MoveSession>,
) -> Result<Answer> {
    act(caller, db, (*id, tag), body, Bench::must_lead, |cx, row, asked| sessions::move_session(cx, row, asked.action))
        .await
}

/// Take a dossier out of a session, with a reason
#[utoipa::path(tag = "Scoring", operation_id = "postpone_dossier",
    request_body(content = DossierReason, example = json!({"dossierId": "01980000-0000-7000-8000-000000000003", "reason": "Chờ kết quả kiểm nghiệm lại"})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SessionView, description = "The session")))]
#[post("/sessions/{id}/postponements")]
async fn postpone_dossier(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    tag: IfMatch,
    body: Body<DossierReason>,
) -> Result<Answer> {
    act(caller, db, (*id, tag), body, Bench::must_keep, |cx, row, asked| {
        sessions::postpone(cx, row, asked.dossier_id, &asked.reason)
    })
    .await
}

/// Send a dossier back to the members after a discussion: a new round of sheets
///
/// Only where the spread is beyond the limit, a knock-out is disputed or valid sheets are too few.
/// The earlier sheets are kept.
#[utoipa::path(tag = "Scoring", operation_id = "discuss_dossier",
    request_body(content = DossierReason, example = json!({"dossierId": "01980000-0000-7000-8000-000000000003", "reason": "Thảo luận tiêu chí 4.1; chấm lại"})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SessionView, description = "The session")))]
#[post("/sessions/{id}/discussion")]
async fn discuss_dossier(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    tag: IfMatch,
    body: Body<DossierReason>,
) -> Result<Answer> {
    act(caller, db, (*id, tag), body, Bench::must_be_able_to_preside, |cx, row, asked| {
        sessions::discuss(cx, row, asked.dossier_id, &asked.reason)
    })
    .await
}

/// Give a submitted sheet back to its member, with a reason and without seeing it
#[utoipa::path(tag = "Scoring", operation_id = "reopen_sheet",
    request_body(content = ReopenSheet, example = json!({"dossierId": "01980000-0000-7000-8000-000000000003", "seatId": "01980000-0000-7000-8000-000000000004", "reason": "Thành viên đề nghị sửa"})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SessionView, description = "The session")))]
#[post("/sessions/{id}/reopenings")]
async fn reopen_sheet(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    tag: IfMatch,
    body: Body<ReopenSheet>,
) -> Result<Answer> {
    act(caller, db, (*id, tag), body, Bench::must_be_able_to_preside, |cx, row, asked| {
        sheets::reopen(cx, row, asked.dossier_id, asked.seat_id, &asked.reason)
    })
    .await
}

/// Declare a conflict of interest: no access to the dossier, no sheet, not counted
#[utoipa::path(tag = "Scoring", operation_id = "declare_conflict",
    request_body(content = DeclareConflict, example = json!({"dossierId": "01980000-0000-7000-8000-000000000003", "reason": "Là người thân của chủ thể"})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = ConflictView, description = "The conflict")))]
#[post("/conflicts")]
async fn declare_conflict(caller: Caller, db: Data<Db>, once: Once, body: Body<DeclareConflict>) -> Result<Answer> {
    db.write(caller, move |cx| {
        if !councils::has_seat(cx)? {
            return Err(AppError::Forbidden("declareConflict"));
        }
        let asked = body.valid()?;
        let done =
            once.run(cx, &body.fingerprint, |cx| Ok(conflicts::declare(cx, asked.dossier_id, &asked.reason)?.id.0))?;
        let row = conflicts::find(cx, RowId(done.id))?;
        created(done, &format!("/v1/conflicts/{}", done.id), 1, &ConflictView::from(row))
    })
    .await
}
