//! Requests for completion over HTTP. They are made with the move that asks.

use actix_web::web::{Data, Path};
use actix_web::{get, patch};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::corrections::{self, Settled};
use super::super::dto::{AnswerCorrections, CorrectionsView, SettleCorrections, SettledItem};
use super::super::model::Dossier;
use super::super::{get, hold, show};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{Problem, Result};
use crate::ids::DossierId;
use crate::web::{Answer, Body, IfMatch, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_corrections).service(answer_corrections).service(settle_corrections);
}

fn shown(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Answer> {
    found(row.version, &show::corrections(cx, row)?)
}

/// What was asked for, what was answered, and what was changed since: old and new
#[utoipa::path(tag = "Dossiers", operation_id = "get_corrections",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "Requests for completion, the newest first", body = CorrectionsView)))]
#[get("/dossiers/{id}/corrections")]
async fn get_corrections(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        shown(cx, &row)
    })
    .await
}

/// Answer items of the request that waits
///
/// The dossier goes back with `submit` or `answer` when every item has its answer.
#[utoipa::path(tag = "Dossiers", operation_id = "answer_corrections",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = AnswerCorrections, example = json!({"answers": [
        {"item": "01978a3e-0000-7000-8000-000000000001", "answer": "Đã nộp phiếu kiểm nghiệm mới ngày 3/6/2026"}]})),
    responses((status = 200, description = "The requests as they stand", body = CorrectionsView),
        (status = 409, description = "dossier_correction_not_asked, dossier_not_your_move, dossier_mandate_missing", body = Problem),
        (status = 422, description = "An item of another request, or no answer in words", body = Problem)))]
#[patch("/dossiers/{id}/corrections/answers")]
async fn answer_corrections(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    if_match: IfMatch,
    body: Body<AnswerCorrections>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        policy::must(cx, Act::MoveDossier)?;
        let party = corrections::answering(cx, &row)?;
        if_match.check(row.version)?;
        let answers: Vec<_> = body.valid()?.answers.iter().map(|a| (a.item, a.answer.clone())).collect();
        let row = corrections::answer(cx, &row, party, &answers)?;
        shown(cx, &row)
    })
    .await
}

/// Say what the office thinks of answers: accepted, or still open
///
/// Moves that ask again or carry the dossier on take the same list (`settled`).
#[utoipa::path(tag = "Dossiers", operation_id = "settle_corrections",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = SettleCorrections, example = json!({"settled": [
        {"item": "01978a3e-0000-7000-8000-000000000001", "accepted": false, "note": "Phiếu chưa có chỉ tiêu vi sinh"}]})),
    responses((status = 200, description = "The requests as they stand", body = CorrectionsView),
        (status = 409, description = "dossier_not_on_desk, dossier_correction_not_back", body = Problem),
        (status = 422, description = "An item of another request", body = Problem)))]
#[patch("/dossiers/{id}/corrections/settlements")]
async fn settle_corrections(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    if_match: IfMatch,
    body: Body<SettleCorrections>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        policy::must(cx, Act::MoveDossier)?;
        corrections::must_be_office(cx, &row)?;
        if_match.check(row.version)?;
        let all: Vec<Settled> = body.valid()?.settled.iter().map(settled).collect();
        let row = corrections::settle(cx, &row, &all)?;
        shown(cx, &row)
    })
    .await
}

pub(super) fn settled(input: &SettledItem) -> Settled {
    Settled { item: input.item, accepted: input.accepted, note: input.note.clone() }
}
