//! Decisions: prepare, rewrite, sign, publish.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::certification::decisions::{self, Signing};
use crate::certification::dto::{
    DecisionAction, DecisionHead, DecisionView, DecisionsQuery, MoveDecision, PrepareDecision,
};
use crate::certification::model::Decision;
use crate::certification::{offices, show};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::ids::DecisionId;
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(prepare_decision)
        .service(list_decisions)
        .service(get_decision)
        .service(rewrite_decision)
        .service(move_decision);
}

/// Prepare a decision or a notice
///
/// A draft: nothing of it is public, no number is given. One or more products, each by its dossier (recognition,
/// approval of a result of 90 or more, notice), by a case (revocation), by its certificate, or by its recognition where
/// no certificate was issued (withdrawal). Each is checked here against the law of today, and again at signing against
/// the law of the day of signing.
#[utoipa::path(tag = "Certification", operation_id = "prepare_decision",
    params(("Idempotency-Key" = String, Header, description = "Required: a double would be a second draft")),
    request_body(content = PrepareDecision, example = json!({
        "kind": "recognition", "level": "province", "placeId": "0198b0a0-0000-7000-8000-000000000001",
        "legalBases": ["Quyết định 26/2026/QĐ-TTg"],
        "dossiers": [{ "dossierId": "0198b0a0-0000-7000-8000-000000000002", "note": "" }] })),
    responses((status = 201, body = DecisionView, description = "The draft"),
        (status = 409, body = Problem, description = "A product does not belong in such a decision"),
        (status = 428, body = Problem, description = "No Idempotency-Key")))]
#[post("/decisions")]
async fn prepare_decision(caller: Caller, db: Data<Db>, once: Once, body: Body<PrepareDecision>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::PrepareDecision)?;
        once.required()?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(decisions::prepare(cx, &asked.draft())?.id.0))?;
        let row = show::seen(cx, DecisionId(done.id))?;
        let view = show::decision(cx, &row)?;
        created(done, &format!("/v1/decisions/{}", row.id), row.version, &view)
    })
    .await
}

/// The decisions of the territory, the newest first
#[utoipa::path(tag = "Certification", operation_id = "list_decisions", params(DecisionsQuery),
    responses((status = 200, body = Page<DecisionHead>, description = "A page of decisions, drafts included")))]
#[get("/decisions")]
async fn list_decisions(caller: Caller, db: Data<Db>, query: Query<DecisionsQuery>) -> Result<Answer> {
    let query = query.into_inner();
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReadDecisions)?;
        show::decisions(cx, &query)?.answer()
    })
    .await
}

/// One decision with its products
#[utoipa::path(tag = "Certification", operation_id = "get_decision",
    params(("id" = DecisionId, Path, description = "The decision")),
    responses((status = 200, body = DecisionView, description = "The decision")))]
#[get("/decisions/{id}")]
async fn get_decision(caller: Caller, db: Data<Db>, id: Path<DecisionId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = show::seen(cx, *id)?;
        found(row.version, &show::decision(cx, &row)?)
    })
    .await
}

/// Write a draft anew
///
/// Kind and authority stay; everything else is replaced. Whoever writes in a draft can no longer sign it.
#[utoipa::path(tag = "Certification", operation_id = "rewrite_decision",
    params(("id" = DecisionId, Path, description = "The draft"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = PrepareDecision, example = json!({
        "kind": "notRecognition", "level": "province", "placeId": "0198b0a0-0000-7000-8000-000000000001",
        "reason": "Dưới 50 điểm",
        "dossiers": [{ "dossierId": "0198b0a0-0000-7000-8000-000000000002", "note": "Phần C dưới mức tối thiểu" }] })),
    responses((status = 200, body = DecisionView, description = "The draft as it is now"),
        (status = 409, body = Problem, description = "It is signed, or a product does not belong in it"),
        (status = 412, body = Problem, description = "Somebody changed it meanwhile"),
        (status = 428, body = Problem, description = "No If-Match")))]
#[put("/decisions/{id}")]
async fn rewrite_decision(
    caller: Caller,
    db: Data<Db>,
    id: Path<DecisionId>,
    if_match: IfMatch,
    body: Body<PrepareDecision>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = decisions::hold(cx, *id)?;
        offices::must_prepare(cx, row.level, row.place_id)?;
        if_match.check(row.version)?;
        let row = decisions::rewrite(cx, &row, &body.valid()?.draft())?;
        found(row.version, &show::decision(cx, &row)?)
    })
    .await
}

/// Sign, publish or give up a decision
///
/// `sign` by a leader who did not write in it: the dossiers are closed under the law of the day of signing, the
/// certificates get their numbers. `publish`: only now recognitions, certificates and revocations stand and are
/// public. `discard` gives a draft up.
#[utoipa::path(tag = "Certification", operation_id = "move_decision",
    params(("id" = DecisionId, Path, description = "The decision"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = String, Header, description = "Required: this is an official act")),
    request_body(content = MoveDecision, example = json!({
        "action": "sign", "number": "1693/QĐ-UBND", "signedOn": "2026-06-01", "signerName": "Nguyễn Văn A" })),
    responses((status = 200, body = DecisionView, description = "The decision as it is now"),
        (status = 409, body = Problem, description = "Four eyes, the authority, the number or the moment say no"),
        (status = 412, body = Problem, description = "Somebody changed it meanwhile"),
        (status = 428, body = Problem, description = "No If-Match or no Idempotency-Key")))]
#[post("/decisions/{id}/moves")]
async fn move_decision(
    caller: Caller,
    db: Data<Db>,
    id: Path<DecisionId>,
    if_match: IfMatch,
    once: Once,
    body: Body<MoveDecision>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = decisions::hold(cx, *id)?;
        may_move(cx, &row, body.valid().ok().map(|b| b.action))?;
        once.required()?.run(cx, &body.fingerprint, |cx| {
            if_match.check(row.version)?;
            Ok(carry_out(cx, &row, body.valid()?)?.id.0)
        })?;
        let row = decisions::hold(cx, *id)?;
        found(row.version, &show::decision(cx, &row)?)
    })
    .await
}

/// 403 comes before what is wrong with the body: without an action, anybody who could do any of them passes.
fn may_move(cx: &mut Ctx<'_>, row: &Decision, action: Option<DecisionAction>) -> Result<()> {
    match action {
        Some(DecisionAction::Sign) => offices::must_sign(cx, row.level, row.place_id),
        Some(DecisionAction::Discard) => offices::must_prepare(cx, row.level, row.place_id),
        Some(DecisionAction::Publish) | None => offices::must_publish(cx, row.level, row.place_id),
    }
}

fn carry_out(cx: &mut Ctx<'_>, row: &Decision, asked: &MoveDecision) -> Result<Decision> {
    match (asked.action, &asked.number, asked.signed_on, &asked.signer_name) {
        (DecisionAction::Sign, Some(number), Some(signed_on), Some(name)) => {
            let (number, signer_name) = (number.trim().to_owned(), name.trim().to_owned());
            let signing = Signing { number, signed_on, signer_name, issued_on: asked.issued_on };
            decisions::sign(cx, row, &signing)
        }
        (DecisionAction::Publish, ..) => decisions::publish(cx, row),
        (DecisionAction::Discard, ..) => decisions::discard(cx, row),
        (DecisionAction::Sign, ..) => Err(AppError::internal("a signing without its parts passed its rules")),
    }
}
