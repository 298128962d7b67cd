//! Minutes of a session, its summary table and single sheets on paper, over HTTP.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderName};
use actix_web::web::{Data, Path};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{DrawUpMinutes, MinutesView};
use super::super::print::page::{Page, SUMMARY, TEMPLATE};
use super::super::{councils, minutes, print, records, sessions};
use crate::actor::Caller;
use crate::config::Config;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::ids::{SessionMeetingId, SheetId};
use crate::paper::{Imprint, Press, Sheet};
use crate::web::{Answer, Body, Once, created};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(draw_up_minutes)
        .service(get_minutes)
        .service(get_minutes_workbook)
        .service(get_minutes_page)
        .service(get_summary_workbook)
        .service(get_summary_page)
        .service(get_sheet_workbook)
        .service(get_sheet_page);
}

/// Draw up the minutes of a session
///
/// By whoever leads the session, once every dossier has a result or was taken out. From here on the
/// minutes are printed from what was frozen, the same bytes each time.
#[utoipa::path(tag = "Scoring", operation_id = "draw_up_minutes",
    request_body(content = DrawUpMinutes, example = json!({"remarks": "Hội đồng nhất trí thông qua lúc 17 giờ"})),
    params(("id" = SessionMeetingId, Path, description = "The session"), ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = MinutesView, description = "The minutes")))]
#[post("/sessions/{id}/minutes")]
async fn draw_up_minutes(
    caller: Caller,
    db: Data<Db>,
    id: Path<SessionMeetingId>,
    once: Once,
    body: Body<DrawUpMinutes>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = sessions::hold_session(cx, *id)?;
        councils::bench(cx, &row)?.must_lead()?;
        let asked = body.valid()?;
        let done =
            once.run(cx, &body.fingerprint, |cx| Ok(minutes::draw_up(cx, &row, &asked.remarks)?.session_id.0))?;
        let (content, drawn_up_at) = minutes::minutes(cx, &row)?;
        let view = MinutesView { session_id: row.id, drawn_up_at, minutes: content };
        created(done, &format!("/v1/sessions/{}/minutes", row.id), 1, &view)
    })
    .await
}

/// The minutes of a session, as they were frozen
///
/// For the council and the offices that read sheets; a dossier from which the caller keeps away is left
/// blank.
#[utoipa::path(tag = "Scoring", operation_id = "get_minutes",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, body = MinutesView, description = "The minutes")))]
#[get("/sessions/{id}/minutes")]
async fn get_minutes(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = sessions::session(cx, *id)?;
        let (content, drawn_up_at) = minutes::minutes(cx, &row)?;
        Answer::of(&MinutesView { session_id: row.id, drawn_up_at, minutes: content })
    })
    .await
}

/// The minutes as a workbook: the record, the summary table by seat, the attendance
#[utoipa::path(tag = "Scoring", operation_id = "get_minutes_workbook",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, description = "The workbook, the same bytes each time", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>)))]
#[get("/sessions/{id}/minutes.xlsx")]
async fn get_minutes_workbook(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    let content = frozen(caller, db, *id).await?;
    workbook("bien-ban.xlsx", move || print::workbook::minutes(&content)).await
}

/// The minutes as a page to sign (PDF/A), the same bytes each time
#[utoipa::path(tag = "Scoring", operation_id = "get_minutes_page",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, description = "The page", content((Vec<u8> = "application/pdf"))),
        (status = 503, description = "Too many papers at once, try again", body = Problem)))]
#[get("/sessions/{id}/minutes.pdf")]
async fn get_minutes_page(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    id: Path<SessionMeetingId>,
) -> Result<Answer> {
    let content = frozen(caller, db, *id).await?;
    let page = Page::of(&content, Imprint::from(config.get_ref()).demonstration());
    let sheet = Sheet::new(TEMPLATE, format!("minutes/{id}"), content.drawn_up_on, &page)?;
    press.answer(sheet, "bien-ban.pdf").await
}

/// The summary table of a session as a workbook, from its minutes
#[utoipa::path(tag = "Scoring", operation_id = "get_summary_workbook",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, description = "The workbook, the same bytes each time", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>)))]
#[get("/sessions/{id}/summary.xlsx")]
async fn get_summary_workbook(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    let content = frozen(caller, db, *id).await?;
    workbook("bang-tong-hop.xlsx", move || print::workbook::summary(&content)).await
}

/// The summary table of a session as a page to sign (PDF/A), from its minutes
#[utoipa::path(tag = "Scoring", operation_id = "get_summary_page",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, description = "The page, the same bytes each time", content((Vec<u8> = "application/pdf"))),
        (status = 503, description = "Too many papers at once, try again", body = Problem)))]
#[get("/sessions/{id}/summary.pdf")]
async fn get_summary_page(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    id: Path<SessionMeetingId>,
) -> Result<Answer> {
    let content = frozen(caller, db, *id).await?;
    let page = Page::of(&content, Imprint::from(config.get_ref()).demonstration());
    let sheet = Sheet::new(SUMMARY, format!("summary/{id}"), content.drawn_up_on, &page)?;
    press.answer(sheet, "bang-tong-hop.pdf").await
}

/// A submitted sheet as a workbook, as it was frozen
///
/// For whoever may see the sheet.
#[utoipa::path(tag = "Scoring", operation_id = "get_sheet_workbook",
    params(("id" = SheetId, Path, description = "The sheet")),
    responses((status = 200, description = "The workbook, the same bytes each time", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
        (status = 409, description = "sheet_not_printed", body = Problem)))]
#[get("/sheets/{id}/print.xlsx")]
async fn get_sheet_workbook(caller: Caller, db: Data<Db>, id: Path<SheetId>) -> Result<Answer> {
    let id = *id;
    let content = db.read(caller, move |cx| records::printed(cx, id)).await?;
    workbook("phieu-danh-gia.xlsx", move || print::workbook::sheet(&content)).await
}

/// A submitted sheet as a page to sign (PDF/A), as it was frozen
///
/// For whoever may see the sheet.
#[utoipa::path(tag = "Scoring", operation_id = "get_sheet_page",
    params(("id" = SheetId, Path, description = "The sheet")),
    responses((status = 200, description = "The page, the same bytes each time", content((Vec<u8> = "application/pdf"))),
        (status = 409, description = "sheet_not_printed", body = Problem),
        (status = 503, description = "Too many papers at once, try again", body = Problem)))]
#[get("/sheets/{id}/print.pdf")]
async fn get_sheet_page(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    id: Path<SheetId>,
) -> Result<Answer> {
    let id = *id;
    let content = db.read(caller, move |cx| records::printed(cx, id)).await?;
    let page = print::sheet::Page::of(&content, Imprint::from(config.get_ref()).demonstration());
    let sheet = Sheet::new(print::sheet::TEMPLATE, format!("sheet/{id}"), content.submitted_on, &page)?;
    press.answer(sheet, "phieu-danh-gia.pdf").await
}

async fn workbook(name: &str, make: impl FnOnce() -> Result<Vec<u8>> + Send + 'static) -> Result<Answer> {
    let bytes = actix_web::web::block(make).await.map_err(AppError::internal)??;
    Ok(attached(Answer::bytes(XLSX, bytes), name))
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn frozen(caller: Caller, db: Data<Db>, id: SessionMeetingId) -> Result<super::super::rules::minutes::Minutes> {
    db.read(caller, move |cx| {
        let row = sessions::session(cx, id)?;
        Ok(minutes::minutes(cx, &row)?.0)
    })
    .await
}

fn attached(answer: Answer, name: &str) -> Answer {
    answer
        .with(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .with(HeaderName::from_static("cache-control"), "private, no-store")
}
