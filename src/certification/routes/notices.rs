//! Notices of decisions.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::certification::dto::{NoticeView, NoticesQuery};
use crate::certification::{notices, paper, show};
use crate::config::Config;
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::ids::NoticeId;
use crate::paper::{Imprint, Press};
use crate::web::{Answer, IfMatch, Page, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_notices).service(get_notice).service(get_notice_pdf).service(receive_notice);
}

/// Notices of decisions of the territory, or one's own, the newest first
///
/// One for each product of a published decision or notice: results, also where nothing was recognised (Điều 7.3 g),
/// revocations, withdrawals, extensions and corrections.
#[utoipa::path(tag = "Certification", operation_id = "list_notices", params(NoticesQuery),
    responses((status = 200, body = Page<NoticeView>, description = "A page of notices")))]
#[get("/notices")]
async fn list_notices(caller: Caller, db: Data<Db>, query: Query<NoticesQuery>) -> Result<Answer> {
    let query = query.into_inner();
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReadNotices)?;
        show::notices(cx, &query)?.answer()
    })
    .await
}

/// One notice of a decision
#[utoipa::path(tag = "Certification", operation_id = "get_notice",
    params(("id" = NoticeId, Path, description = "The notice")),
    responses((status = 200, body = NoticeView, description = "The notice")))]
#[get("/notices/{id}")]
async fn get_notice(caller: Caller, db: Data<Db>, id: Path<NoticeId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = notices::seen(cx, *id)?;
        policy::must(cx, Act::ReadNotices)?;
        found(row.version, &show::notice(cx, row)?)
    })
    .await
}

/// A notice of a decision as PDF/A, for whoever it goes to and for its file
#[utoipa::path(tag = "Certification", operation_id = "get_notice_pdf",
    params(("id" = NoticeId, Path, description = "The notice")),
    responses((status = 200, description = "The notice", content((Vec<u8> = "application/pdf"))),
        (status = 503, body = Problem, description = "Too many papers at once, try again")))]
#[get("/notices/{id}/pdf")]
async fn get_notice_pdf(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    id: Path<NoticeId>,
) -> Result<Answer> {
    let imprint = Imprint::from(config.get_ref());
    let (number, sheet) = db
        .read(caller, move |cx| {
            let row = notices::seen(cx, *id)?;
            policy::must(cx, Act::ReadNotices)?;
            Ok((row.number.clone(), paper::notice(cx, &row, &imprint)?))
        })
        .await?;
    press.answer(sheet, &format!("{number}.pdf")).await
}

/// Confirm the receipt of a notice
///
/// By its producer and by its commune, each for itself; a second time changes nothing.
#[utoipa::path(tag = "Certification", operation_id = "receive_notice",
    params(("id" = NoticeId, Path, description = "The notice"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, body = NoticeView, description = "The notice with its receipt"),
        (status = 412, body = Problem, description = "Somebody changed it meanwhile"),
        (status = 428, body = Problem, description = "No If-Match")))]
#[post("/notices/{id}/receipt")]
async fn receive_notice(caller: Caller, db: Data<Db>, id: Path<NoticeId>, if_match: IfMatch) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = notices::hold(cx, *id)?;
        policy::must(cx, Act::ConfirmNotice)?;
        if_match.check(row.version)?;
        let row = notices::receive(cx, &row)?;
        found(row.version, &show::notice(cx, row)?)
    })
    .await
}
