//! Minutes of a session over HTTP.

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderName};
use actix_web::web::{Data, Path};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{DrawUpMinutes, MinutesView};
use super::super::print::page::{Page, TEMPLATE};
use super::super::{councils, minutes, print, sessions};
use crate::actor::Caller;
use crate::config::Config;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::ids::SessionMeetingId;
use crate::paper::{Imprint, Press, Sheet};
use crate::web::{Answer, Body, Once, created};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(draw_up_minutes).service(get_minutes).service(get_minutes_workbook).service(get_minutes_page);
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
    let bytes =
        actix_web::web::block(move || print::workbook::minutes(&content)).await.map_err(AppError::internal)??;
    Ok(attached(Answer::bytes(XLSX, bytes), "bien-ban.xlsx"))
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
