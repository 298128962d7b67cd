//! Sheets over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{
    HistoryOfMark, PutKnockOut, PutMark, SaveMarks, SavedEdit, SavedMarks, SavedSheet, SessionSheetQuery, SheetBrief,
    SheetHistory, SheetProgress, SheetQuery, SheetView, SubmitSheet,
};
use super::super::sheets::{self, Change, Marked, SheetFilter};
use super::super::{councils, sessions, views};
use crate::actor::Caller;
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Asked, Files};
use crate::ids::{DocumentId, SessionMeetingId, SheetId};
use crate::web::{Answer, Body, IfMatch, Page, etag, found, page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_session_sheets)
        .service(list_sheets)
        .service(get_sheet)
        .service(save_marks)
        .service(get_sheet_history)
        .service(put_mark)
        .service(delete_mark)
        .service(get_sheet_document)
        .service(put_knock_out)
        .service(delete_knock_out)
        .service(submit_sheet);
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
        let session = sessions::session(cx, *id)?.id;
        sheet_page(cx, &SheetFilter { session: Some(session), ..SheetFilter::default() }, after, limit)
    })
    .await
}

fn sheet_page(cx: &mut Ctx<'_>, filter: &SheetFilter, after: Option<SheetId>, limit: i64) -> Result<Answer> {
    let cut = Page::cut(sheets::sheets(cx, filter, after, limit + 1)?, limit, |s| s.id);
    Page { data: views::sheet_rows(cx, cut.data)?, page: cut.page }.answer()
}

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
        let row = sheets::sheet(cx, *id)?;
        found(row.version, &views::sheet(cx, row)?)
    })
    .await
}

/// A paper of the dossier of a sheet: the evidence beside a criterion; every reading is written down
#[utoipa::path(tag = "Scoring", operation_id = "get_sheet_document",
    params(("id" = SheetId, Path, description = "The sheet"), ("document" = DocumentId, Path, description = "The paper")),
    responses((status = 200, description = "The file, as an attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
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
            let row = sheets::sheet(cx, id)?;
            let (sha256, name) = sheets::evidence(cx, row.dossier_id, document)?;
            Ok((name, files::find(cx, &sha256)?))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &name, "private, no-store").await
}

fn progress_of(done: &Marked) -> SheetProgress {
    SheetProgress {
        id: done.sheet.id,
        state: done.sheet.state,
        points: done.points,
        marked: done.marked,
        unmarked: done.unmarked.clone(),
    }
}

fn progress(done: Marked) -> Result<Answer> {
    found(done.sheet.version, &progress_of(&done))
}

/// Save what a device kept while it was off line, for any of one's own sheets
///
/// May be sent in any order, in parts, and again: of several values of a criterion the last editor's
/// stands, by the editor's moment, and all stay in the history of the sheet. Each edit is answered for
/// itself; what cannot be taken stops nothing else. Needs no `If-Match` and no retry key.
#[utoipa::path(tag = "Scoring", operation_id = "save_marks",
    request_body(content = SaveMarks, example = json!({"device": "may-tinh-bang-1",
        "marks": [{"sheetId": "01980000-0000-7000-8000-000000000005", "criterion": "4.1", "option": "b", "editedAt": "2026-06-01T03:10:00Z"}],
        "knockOuts": [{"sheetId": "01980000-0000-7000-8000-000000000005", "editedAt": "2026-06-01T03:12:00Z", "found": {"at": "forgedDossier", "reason": "Phiếu kiểm nghiệm không do đơn vị ghi trên phiếu cấp"}}]})),
    responses((status = 200, body = SavedMarks, description = "What became of each edit, and what the sheets come to")))]
#[post("/sheets/marks")]
async fn save_marks(caller: Caller, db: Data<Db>, body: Body<SaveMarks>) -> Result<Answer> {
    db.write(caller, move |cx| {
        if !councils::has_seat(cx)? {
            return Err(AppError::Forbidden("markSheet"));
        }
        let asked = body.valid()?;
        let brought = asked.edits();
        let (fates, reached) = sheets::save(cx, &asked.device, &brought)?;
        let saved = SavedMarks {
            edits: brought.iter().zip(fates).map(|(edit, fate)| SavedEdit::of(edit, fate)).collect(),
            sheets: reached
                .iter()
                .map(|done| SavedSheet { etag: etag::tag(done.sheet.version), progress: progress_of(done) })
                .collect(),
        };
        Answer::of(&saved)
    })
    .await
}

/// Every value that one's own sheet had, whichever device it came from
#[utoipa::path(tag = "Scoring", operation_id = "get_sheet_history",
    params(("id" = SheetId, Path, description = "The sheet")),
    responses((status = 200, body = SheetHistory, description = "In the order of the editors' moments")))]
#[get("/sheets/{id}/history")]
async fn get_sheet_history(caller: Caller, db: Data<Db>, id: Path<SheetId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let edits = sheets::history(cx, *id)?;
        Answer::of(&SheetHistory { edits: edits.into_iter().map(|(e, stands)| HistoryOfMark::of(e, stands)).collect() })
    })
    .await
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
        let row = sheets::hold_sheet(cx, id)?;
        tag.check(row.version)?;
        progress(sheets::change(cx, row, &Change::Mark(criterion.clone(), body.valid()?.choice()))?)
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
        let row = sheets::hold_sheet(cx, id)?;
        tag.check(row.version)?;
        progress(sheets::change(cx, row, &Change::TakeBack(criterion.clone()))?)
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
        let row = sheets::hold_sheet(cx, *id)?;
        tag.check(row.version)?;
        progress(sheets::change(cx, row, &Change::KnockOut(Some(body.valid()?.found())))?)
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
        let row = sheets::hold_sheet(cx, *id)?;
        tag.check(row.version)?;
        progress(sheets::change(cx, row, &Change::KnockOut(None))?)
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
        let row = sheets::hold_sheet(cx, *id)?;
        tag.check(row.version)?;
        let row = sheets::submit(cx, row, &body.valid()?.opinion)?;
        found(row.version, &views::sheet(cx, row)?)
    })
    .await
}
