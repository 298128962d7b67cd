//! Results over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{DossierResult, RecordResult, ResultQuery, ResultView, SessionResults};
use super::super::{councils, results, sessions, views};
use crate::actor::Caller;
use crate::db::Db;
use crate::error::Result;
use crate::ids::{DossierId, ResultId, SessionMeetingId};
use crate::web::{Answer, Body, Once, created};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_result).service(get_dossier_result).service(list_session_results);
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
        let row = sessions::session(cx, *id)?;
        councils::bench(cx, &row)?.must_be_able_to_preside()?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let row = sessions::hold_session(cx, *id)?;
            Ok(results::record(cx, row, asked.dossier_id, &asked.conclusions)?.id.0)
        })?;
        let row = results::result(cx, ResultId(done.id))?;
        created(done, &format!("/v1/dossiers/{}/result", row.dossier_id), 1, &views::result(cx, &row)?)
    })
    .await
}

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
    db.read(caller, move |cx| Answer::of(&views::dossier_result(cx, *id, level)?)).await
}

/// What the council found for the dossiers of a session, in one answer
///
/// Each is to the letter what `/v1/dossiers/{id}/result` answers; dossiers without a result that the
/// caller may read are left out.
#[utoipa::path(tag = "Scoring", operation_id = "list_session_results",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, body = SessionResults, description = "In the order of the session")))]
#[get("/sessions/{id}/results")]
async fn list_session_results(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    db.snapshot(caller, move |cx| {
        let row = sessions::session(cx, *id)?;
        Answer::of(&views::session_results(cx, &row)?)
    })
    .await
}
