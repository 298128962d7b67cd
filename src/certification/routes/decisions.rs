//! Decisions: prepare, rewrite, sign, publish.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::certification::decisions::{self, Signing};
use crate::certification::dto::{
    DecisionAction, DecisionHead, DecisionLine, DecisionView, MoveDecision, PrepareDecision,
};
use crate::certification::model::{Decision, DecisionState};
use crate::certification::rules::DecisionKind;
use crate::certification::{offices, store};
use crate::db::{Ctx, Db, Moment};
use crate::error::{AppError, Problem, Result};
use crate::ids::{DecisionId, PlaceId};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(prepare_decision)
        .service(list_decisions)
        .service(get_decision)
        .service(rewrite_decision)
        .service(move_decision);
}

/// The decision with its lines.
fn show(cx: &mut Ctx<'_>, row: &Decision) -> Result<DecisionView> {
    let items = store::named_items(cx, row.id)?;
    Ok(DecisionView {
        head: row.into(),
        legal_bases: row.bases(),
        items: items.into_iter().map(|(item, p, q, n)| DecisionLine::of(item, p, q, n)).collect(),
    })
}

/// A decision that the caller may know of; read, not locked.
fn seen(cx: &mut Ctx<'_>, id: DecisionId) -> Result<Decision> {
    let row = store::visible_decision(cx, id)?.ok_or(AppError::NotFound)?;
    policy::must(cx, Act::ReadDecisions)?;
    Ok(row)
}

/// Prepare a decision or a notice
///
/// A draft: nothing of it is public, no number is given. One or more products, each by its dossier (recognition,
/// approval of a result of 90 or more, notice), by a case (revocation) or by its certificate (withdrawal). Each is
/// checked here against the law of today, and again at signing against the law of the day of signing.
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
        let row = seen(cx, DecisionId(done.id))?;
        let view = show(cx, &row)?;
        created(done, &format!("/v1/decisions/{}", row.id), row.version, &view)
    })
    .await
}

/// What a list of decisions is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct DecisionsQuery {
    /// What it does.
    kind: Option<DecisionKind>,
    /// Where it stands.
    state: Option<DecisionState>,
    /// The unit of the authority.
    place_id: Option<PlaceId>,
    /// 1 to 100; 20 unless said.
    limit: Option<i64>,
    /// `page.next` of the page before.
    cursor: Option<String>,
}

/// The decisions of the territory, the newest first
#[utoipa::path(tag = "Certification", operation_id = "list_decisions", params(DecisionsQuery),
    responses((status = 200, body = Page<DecisionHead>, description = "A page of decisions, drafts included")))]
#[get("/decisions")]
async fn list_decisions(caller: Caller, db: Data<Db>, query: Query<DecisionsQuery>) -> Result<Answer> {
    let query = query.into_inner();
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReadDecisions)?;
        let limit = page::limit(query.limit)?;
        let after: Option<(i64, DecisionId)> = page::read_cursor(query.cursor.as_deref())?;
        let after = after.map(|(at, id)| (Moment::from_micros(at), id));
        let filter = store::DecisionFilter { kind: query.kind, state: query.state, place: query.place_id };
        let rows = store::decisions_page(cx, &filter, after, limit)?;
        Page::cut(rows, limit, |d| (d.created_at.micros(), d.id)).map(|d| DecisionHead::from(&d)).answer()
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
        let row = seen(cx, *id)?;
        found(row.version, &show(cx, &row)?)
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
        found(row.version, &show(cx, &row)?)
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
        found(row.version, &show(cx, &row)?)
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
            let signing = Signing { number: number.trim().to_owned(), signed_on, signer_name: name.trim().to_owned() };
            decisions::sign(cx, row, &signing)
        }
        (DecisionAction::Publish, ..) => decisions::publish(cx, row),
        (DecisionAction::Discard, ..) => decisions::discard(cx, row),
        (DecisionAction::Sign, ..) => Err(AppError::internal("a signing without its parts passed its rules")),
    }
}
