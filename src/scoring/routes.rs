//! Rounds, councils, sessions, sheets and results over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;

use super::councils::Bench;
use super::dto::{
    AddRound, AppointCouncil, ConflictView, ConveneSession, CouncilQuery, CouncilView, DeclareConflict, DossierReason,
    DossierResult, MoveSession, PutKnockOut, PutMark, RecordAttendance, RecordResult, ReopenSheet, ResultQuery,
    ResultView, RoundQuery, RoundView, SessionBrief, SessionProgress, SessionQuery, SessionSheetQuery, SessionView,
    SheetBrief, SheetProgress, SheetQuery, SheetView, SubmitSheet,
};
use super::sheets::Marked;
use super::{NewCouncil, NewRound, NewSeat, NewSession, RoundFilter, SheetFilter, views};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Asked, Files};
use crate::ids::{CouncilId, DocumentId, DossierId, ResultId, RoundId, RowId, SessionMeetingId, SheetId};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, page};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_round).service(list_rounds).service(get_round);
    cfg.service(appoint_council).service(list_councils).service(get_council);
    cfg.service(convene_session).service(list_sessions).service(get_session).service(get_session_progress);
    cfg.service(record_attendance).service(move_session).service(postpone_dossier).service(discuss_dossier);
    cfg.service(reopen_sheet).service(record_result).service(list_session_sheets);
    cfg.service(declare_conflict);
    cfg.service(list_sheets).service(get_sheet).service(put_mark).service(delete_mark);
    cfg.service(get_sheet_document).service(put_knock_out).service(delete_knock_out).service(submit_sheet);
    cfg.service(get_dossier_result);
}

// Rounds

/// Set up a round of evaluation
///
/// Cut-off and last day come from the decision when they are not said; a round beyond those of the
/// decision names the plan that foresees it.
#[utoipa::path(tag = "Scoring", operation_id = "add_round",
    request_body(content = AddRound, example = json!({"level": "province", "placeId": "0b0c6f6e-2f1f-5d53-9d5a-2f9d5a1c0a01", "year": 2026, "number": 2})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = RoundView, description = "The round")))]
#[post("/rounds")]
async fn add_round(caller: Caller, db: Data<Db>, once: Once, body: Body<AddRound>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::ManageRounds)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewRound {
                level: asked.level,
                place_id: asked.place_id,
                rulebook_id: asked.rulebook_id,
                year: asked.year,
                number: asked.number,
                name: asked.name.clone(),
                cutoff: asked.cutoff,
                hold_before: asked.hold_before,
                plan: asked.plan.clone().unwrap_or_default(),
            };
            Ok(super::add_round(cx, new)?.id.0)
        })?;
        let row = super::round(cx, RoundId(done.id))?;
        created(done, &format!("/v1/rounds/{}", done.id), row.version, &RoundView::from(row))
    })
    .await
}

/// Rounds of evaluation, newest year first
#[utoipa::path(tag = "Scoring", operation_id = "list_rounds", params(RoundQuery),
    responses((status = 200, body = Page<RoundView>, description = "A page of rounds")))]
#[get("/rounds")]
async fn list_rounds(caller: Caller, db: Data<Db>, query: Query<RoundQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i32, RoundId)> = page::read_cursor(query.cursor.as_deref())?;
    let filter = RoundFilter { level: query.level, place: query.place, year: query.year };
    db.read(caller, move |cx| {
        let rows = super::rounds(cx, &filter, after, limit + 1)?;
        Page::cut(rows, limit, |r| (r.year, r.id)).map(RoundView::from).answer()
    })
    .await
}

/// One round of evaluation
#[utoipa::path(tag = "Scoring", operation_id = "get_round",
    params(("id" = RoundId, Path, description = "The round")),
    responses((status = 200, body = RoundView, description = "The round")))]
#[get("/rounds/{id}")]
async fn get_round(caller: Caller, db: Data<Db>, id: Path<RoundId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::round(cx, *id)?;
        found(row.version, &RoundView::from(row))
    })
    .await
}

// Councils

/// Enter the decision that sets up a council
///
/// Each appointment gives the rights of its office; no grant does.
#[utoipa::path(tag = "Scoring", operation_id = "appoint_council",
    request_body(content = AppointCouncil, example = json!({
        "level": "province", "placeId": "0b0c6f6e-2f1f-5d53-9d5a-2f9d5a1c0a01", "name": "Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh",
        "decisionNumber": "1234/QĐ-UBND", "decidedOn": "2026-05-25", "regulation": {"quorumPercent": 75, "spreadLimit": 10},
        "seats": [{"userId": "01980000-0000-7000-8000-000000000001", "office": "chair", "title": "Phó Chủ tịch UBND tỉnh"}]})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = CouncilView, description = "The council with its seats")))]
#[post("/councils")]
async fn appoint_council(caller: Caller, db: Data<Db>, once: Once, body: Body<AppointCouncil>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::AppointCouncils)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(super::add_council(cx, new_council(asked))?.id.0))?;
        let row = super::council(cx, CouncilId(done.id))?;
        created(done, &format!("/v1/councils/{}", done.id), row.version, &views::council(cx, row)?)
    })
    .await
}

fn new_council(asked: &AppointCouncil) -> NewCouncil {
    let seat = |s: &super::dto::AppointSeat| NewSeat {
        user_id: s.user_id,
        title: s.title.clone(),
        organisation: s.organisation.clone(),
        office: s.office,
        votes: s.votes,
    };
    NewCouncil {
        level: asked.level,
        place_id: asked.place_id,
        name: asked.name.clone(),
        decision_number: asked.decision_number.clone(),
        decided_on: asked.decided_on,
        valid_from: asked.valid_from.unwrap_or(asked.decided_on),
        valid_to: asked.valid_to,
        regulation: asked.regulation.clone(),
        seats: asked.seats.iter().map(seat).collect(),
    }
}

/// Councils of the caller's territory and those the caller sits in
#[utoipa::path(tag = "Scoring", operation_id = "list_councils", params(CouncilQuery),
    responses((status = 200, body = Page<CouncilView>, description = "A page of councils")))]
#[get("/councils")]
async fn list_councils(caller: Caller, db: Data<Db>, query: Query<CouncilQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<CouncilId> = page::read_cursor(query.cursor.as_deref())?;
    db.read(caller, move |cx| {
        let rows = super::councils(cx, after, limit + 1)?;
        Page::cut(rows, limit, |r| r.id).try_map(|row| views::council(cx, row))?.answer()
    })
    .await
}

/// One council with its regulation and seats
#[utoipa::path(tag = "Scoring", operation_id = "get_council",
    params(("id" = CouncilId, Path, description = "The council")),
    responses((status = 200, body = CouncilView, description = "The council")))]
#[get("/councils/{id}")]
async fn get_council(caller: Caller, db: Data<Db>, id: Path<CouncilId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::council(cx, *id)?;
        found(row.version, &views::council(cx, row)?)
    })
    .await
}

// Sessions

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
        if !policy::may(cx, Act::ConveneSessions) && !super::has_seat(cx)? {
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
                dossiers: asked.dossiers.clone(),
            };
            Ok(super::convene(cx, new)?.id.0)
        })?;
        let row = super::session(cx, SessionMeetingId(done.id))?;
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
        let rows = super::sessions(cx, council, after, limit + 1)?;
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
        let row = super::session(cx, *id)?;
        shown(cx, row)
    })
    .await
}

/// A session for whoever may do this with it, locked, of the version that was read.
fn held(
    cx: &mut Ctx<'_>,
    id: SessionMeetingId,
    tag: &IfMatch,
    may: fn(&Bench) -> Result<()>,
) -> Result<super::Meeting> {
    let row = super::hold_session(cx, id)?;
    may(&super::councils::bench(cx, &row)?)?;
    tag.check(row.version)?;
    Ok(row)
}

fn shown(cx: &mut Ctx<'_>, row: super::Meeting) -> Result<Answer> {
    let row = super::session(cx, row.id)?;
    found(row.version, &views::session(cx, &row)?)
}

/// Who has submitted, for the chair and the secretary: never what
#[utoipa::path(tag = "Scoring", operation_id = "get_session_progress",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, body = SessionProgress, description = "Each dossier and seat")))]
#[get("/sessions/{id}/progress")]
async fn get_session_progress(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::session(cx, *id)?;
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
    db.write(caller, move |cx| {
        let row = held(cx, *id, &tag, Bench::must_keep)?;
        let asked = body.valid()?;
        let row = super::record_attendance(cx, row, asked.present.clone(), asked.chaired_by)?;
        shown(cx, row)
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
    db.write(caller, move |cx| {
        let row = held(cx, *id, &tag, Bench::must_lead)?;
        let row = super::move_session(cx, row, body.valid()?.action)?;
        shown(cx, row)
    })
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
    db.write(caller, move |cx| {
        let row = held(cx, *id, &tag, Bench::must_keep)?;
        let asked = body.valid()?;
        let row = super::postpone(cx, row, asked.dossier_id, &asked.reason)?;
        shown(cx, row)
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
    db.write(caller, move |cx| {
        let row = held(cx, *id, &tag, Bench::must_be_able_to_preside)?;
        let asked = body.valid()?;
        let row = super::discuss(cx, row, asked.dossier_id, &asked.reason)?;
        shown(cx, row)
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
    db.write(caller, move |cx| {
        let row = held(cx, *id, &tag, Bench::must_be_able_to_preside)?;
        let asked = body.valid()?;
        let row = super::reopen(cx, row, asked.dossier_id, asked.seat_id, &asked.reason)?;
        shown(cx, row)
    })
    .await
}

/// Record what the council found for a dossier
///
/// By whoever presides, after marking has ended. The answer of a spread beyond the limit, a disputed
/// knock-out or an open minimum says what the chair must do.
#[utoipa::path(tag = "Scoring", operation_id = "record_result",
    request_body(content = RecordResult, example = json!({"dossierId": "01980000-0000-7000-8000-000000000003"})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = ResultView, description = "The result with its written reasons")))]
#[post("/sessions/{id}/results")]
async fn record_result(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    once: Once,
    body: Body<RecordResult>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = super::session(cx, *id)?;
        super::councils::bench(cx, &row)?.must_be_able_to_preside()?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let row = super::hold_session(cx, *id)?;
            Ok(super::record(cx, row, asked.dossier_id, &asked.conclusions)?.id.0)
        })?;
        let row = super::result(cx, ResultId(done.id))?;
        let view = ResultView::of(&row, cx.lang())?;
        created(done, &format!("/v1/dossiers/{}/result", row.dossier_id), 1, &view)
    })
    .await
}

/// The sheets of a session that the caller may see
#[utoipa::path(tag = "Scoring", operation_id = "list_session_sheets",
    params(("id" = SessionMeetingId, Path, description = "The session"), SessionSheetQuery),
    responses((status = 200, body = Page<SheetBrief>, description = "A page of sheets")))]
#[get("/sessions/{id}/sheets")]
async fn list_session_sheets(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    query: Query<SessionSheetQuery>,
) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<SheetId> = page::read_cursor(query.cursor.as_deref())?;
    db.read(caller, move |cx| {
        let session = super::session(cx, *id)?.id;
        sheet_page(cx, &SheetFilter { session: Some(session), ..SheetFilter::default() }, after, limit)
    })
    .await
}

fn sheet_page(cx: &mut Ctx<'_>, filter: &SheetFilter, after: Option<SheetId>, limit: i64) -> Result<Answer> {
    let cut = Page::cut(super::sheets(cx, filter, after, limit + 1)?, limit, |s| s.id);
    Page { data: views::sheet_rows(cx, cut.data)?, page: cut.page }.answer()
}

// Conflicts

/// Declare a conflict of interest: no access to the dossier, no sheet, not counted
#[utoipa::path(tag = "Scoring", operation_id = "declare_conflict",
    request_body(content = DeclareConflict, example = json!({"dossierId": "01980000-0000-7000-8000-000000000003", "reason": "Là người thân của chủ thể"})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = ConflictView, description = "The conflict")))]
#[post("/conflicts")]
async fn declare_conflict(caller: Caller, db: Data<Db>, once: Once, body: Body<DeclareConflict>) -> Result<Answer> {
    db.write(caller, move |cx| {
        if !super::has_seat(cx)? {
            return Err(AppError::Forbidden("declareConflict"));
        }
        let asked = body.valid()?;
        let done = once
            .run(cx, &body.fingerprint, |cx| Ok(super::declare_conflict(cx, asked.dossier_id, &asked.reason)?.id.0))?;
        let row = super::conflict(cx, RowId(done.id))?;
        created(done, &format!("/v1/conflicts/{}", done.id), 1, &ConflictView::from(row))
    })
    .await
}

// Sheets

/// Sheets that the caller may see: with `mine=true` the caller's own, with their progress
#[utoipa::path(tag = "Scoring", operation_id = "list_sheets", params(SheetQuery),
    responses((status = 200, body = Page<SheetBrief>, description = "A page of sheets")))]
#[get("/sheets")]
async fn list_sheets(caller: Caller, db: Data<Db>, query: Query<SheetQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<SheetId> = page::read_cursor(query.cursor.as_deref())?;
    let query = query.into_inner();
    db.read(caller, move |cx| {
        let mine = if query.mine == Some(true) { cx.actor().user() } else { None };
        let filter = SheetFilter { mine, session: query.session, dossier: query.dossier };
        sheet_page(cx, &filter, after, limit)
    })
    .await
}

/// One sheet: the table of its set with the marks, the producer's self-marks and the evidence
#[utoipa::path(tag = "Scoring", operation_id = "get_sheet",
    params(("id" = SheetId, Path, description = "The sheet")),
    responses((status = 200, body = SheetView, description = "The sheet")))]
#[get("/sheets/{id}")]
async fn get_sheet(caller: Caller, db: Data<Db>, id: Path<SheetId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::sheet(cx, *id)?;
        found(row.version, &views::sheet(cx, row)?)
    })
    .await
}

/// A paper of the dossier of a sheet: the evidence beside a criterion; every reading is written down
#[utoipa::path(tag = "Scoring", operation_id = "get_sheet_document",
    params(("id" = SheetId, Path, description = "The sheet"), ("document" = DocumentId, Path, description = "The paper")),
    responses((status = 200, description = "The file, as an attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4"))),
        (status = 206, description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/sheets/{id}/documents/{document}")]
async fn get_sheet_document(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    at: Path<(SheetId, DocumentId)>,
) -> Result<HttpResponse> {
    let (id, document) = at.into_inner();
    let (name, stored) = db
        .write(caller, move |cx| {
            let row = super::sheet(cx, id)?;
            let (sha256, name) = super::evidence(cx, &row, document)?;
            Ok((name, files::find(cx, &sha256)?))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &name, "private, no-store").await
}

fn progress(done: Marked) -> Result<Answer> {
    let view = SheetProgress {
        id: done.sheet.id,
        state: done.sheet.state,
        points: done.points,
        marked: done.marked,
        unmarked: done.unmarked,
    };
    found(done.sheet.version, &view)
}

/// Mark one criterion of one's own sheet
#[utoipa::path(tag = "Scoring", operation_id = "put_mark",
    request_body(content = PutMark, example = json!({"option": "b", "comment": "Có hợp đồng liên kết"})),
    params(("id" = SheetId, Path, description = "The sheet"), ("criterion" = String, Path, description = "Code of the criterion, for example 6.1.1"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SheetProgress, description = "What the sheet comes to")))]
#[put("/sheets/{id}/marks/{criterion}")]
async fn put_mark(
    caller: Caller,
    db: Data<Db>,
    at: Path<(SheetId, String)>,
    tag: IfMatch,
    body: Body<PutMark>,
) -> Result<Answer> {
    let (id, criterion) = at.into_inner();
    db.write(caller, move |cx| {
        let row = super::hold_sheet(cx, id)?;
        tag.check(row.version)?;
        progress(super::put_mark(cx, row, &criterion, &body.valid()?.choice())?)
    })
    .await
}

/// Take a mark of one's own sheet back
#[utoipa::path(tag = "Scoring", operation_id = "delete_mark",
    params(("id" = SheetId, Path, description = "The sheet"), ("criterion" = String, Path, description = "Code of the criterion"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SheetProgress, description = "What the sheet comes to")))]
#[delete("/sheets/{id}/marks/{criterion}")]
async fn delete_mark(caller: Caller, db: Data<Db>, at: Path<(SheetId, String)>, tag: IfMatch) -> Result<Answer> {
    let (id, criterion) = at.into_inner();
    db.write(caller, move |cx| {
        let row = super::hold_sheet(cx, id)?;
        tag.check(row.version)?;
        progress(super::take_back_mark(cx, row, &criterion)?)
    })
    .await
}

/// Note an eliminating ground on one's own sheet, which stops it
#[utoipa::path(tag = "Scoring", operation_id = "put_knock_out",
    request_body(content = PutKnockOut, example = json!({"at": "forgedDossier", "reason": "Phiếu kiểm nghiệm không do đơn vị ghi trên phiếu cấp"})),
    params(("id" = SheetId, Path, description = "The sheet"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SheetProgress, description = "What the sheet comes to")))]
#[put("/sheets/{id}/knock-out")]
async fn put_knock_out(
    caller: Caller,
    db: Data<Db>,
    id: Path<SheetId>,
    tag: IfMatch,
    body: Body<PutKnockOut>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = super::hold_sheet(cx, *id)?;
        tag.check(row.version)?;
        progress(super::put_knock_out(cx, row, Some(&body.valid()?.found()))?)
    })
    .await
}

/// Take an eliminating ground of one's own sheet back
#[utoipa::path(tag = "Scoring", operation_id = "delete_knock_out",
    params(("id" = SheetId, Path, description = "The sheet"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SheetProgress, description = "What the sheet comes to")))]
#[delete("/sheets/{id}/knock-out")]
async fn delete_knock_out(caller: Caller, db: Data<Db>, id: Path<SheetId>, tag: IfMatch) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = super::hold_sheet(cx, *id)?;
        tag.check(row.version)?;
        progress(super::put_knock_out(cx, row, None)?)
    })
    .await
}

/// Submit one's own sheet: complete, added up and locked
#[utoipa::path(tag = "Scoring", operation_id = "submit_sheet",
    request_body(content = SubmitSheet, example = json!({"opinion": "Sản phẩm tốt, cần hoàn thiện nhãn"})),
    params(("id" = SheetId, Path, description = "The sheet"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = SheetView, description = "The sheet, locked")))]
#[post("/sheets/{id}/submission")]
async fn submit_sheet(
    caller: Caller,
    db: Data<Db>,
    id: Path<SheetId>,
    tag: IfMatch,
    body: Body<SubmitSheet>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = super::hold_sheet(cx, *id)?;
        tag.check(row.version)?;
        let row = super::submit(cx, row, &body.valid()?.opinion)?;
        found(row.version, &views::sheet(cx, row)?)
    })
    .await
}

// Results

/// What councils found for a dossier
///
/// For officials of the deciding levels and the council from the moment it is recorded; for the
/// producer and the commune after the notice or decision that makes it known.
#[utoipa::path(tag = "Scoring", operation_id = "get_dossier_result",
    params(("id" = DossierId, Path, description = "The dossier"), ResultQuery),
    responses((status = 200, body = DossierResult, description = "The newest result and those before it")))]
#[get("/dossiers/{id}/result")]
async fn get_dossier_result(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    query: Query<ResultQuery>,
) -> Result<Answer> {
    let level = query.level;
    db.read(caller, move |cx| {
        let rows = super::readable_results(cx, *id)?;
        let lang = cx.lang();
        let kept = rows.iter().filter(|r| level.is_none_or(|l| r.level == l));
        let mut views = kept.map(|r| ResultView::of(r, lang)).collect::<Result<Vec<_>>>()?.into_iter();
        let newest = views.next().ok_or(AppError::NotFound)?;
        Answer::of(&DossierResult { newest, earlier: views.collect() })
    })
    .await
}
