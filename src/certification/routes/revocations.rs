//! Cases for revocation.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::certification::dto::{CaseAction, CasesQuery, MoveRevocation, OpenRevocation, RevocationView};
use crate::certification::revoke::{self, NewCase};
use crate::certification::show;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::ids::RevocationId;
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(open_revocation).service(list_revocations).service(get_revocation).service(move_revocation);
}

/// Open a case for revocation on a recorded paper
///
/// Each of the six grounds (Điều 8) rests on its own kind of paper: a dated conclusion (b, c, e), the commune's
/// confirmation (đ) or a verification report (a, d). The decision is due 15 days after it. A recognition that a list
/// tells of has no certificate: the case names `recognitionId`.
#[utoipa::path(tag = "Certification", operation_id = "open_revocation",
    params(("Idempotency-Key" = String, Header, description = "Required: a double would be a second case")),
    request_body(content = OpenRevocation, example = json!({
        "certificateId": "0198b0a0-0000-7000-8000-000000000001", "ground": "lawBroken",
        "evidence": { "kind": "conclusion", "number": "15/KL-SYT", "dated": "2026-05-20", "body": "Sở Y tế" } })),
    responses((status = 201, body = RevocationView, description = "The case"),
        (status = 409, body = Problem, description = "The paper does not carry the ground, or a case is open"),
        (status = 428, body = Problem, description = "No Idempotency-Key")))]
#[post("/revocations")]
async fn open_revocation(caller: Caller, db: Data<Db>, once: Once, body: Body<OpenRevocation>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::OpenRevocation)?;
        once.required()?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(revoke::open(cx, &case(asked)?)?.id.0))?;
        let row = show::case(cx, RevocationId(done.id))?;
        created(done, &format!("/v1/revocations/{}", row.id), row.version, &RevocationView::of(&row, cx.today()))
    })
    .await
}

fn case(asked: &OpenRevocation) -> Result<NewCase> {
    Ok(NewCase {
        about: asked.about().ok_or_else(|| AppError::internal("a case without its subject passed its rules"))?,
        ground: asked.ground,
        kind: asked.evidence.kind,
        number: asked.evidence.number.clone(),
        dated: asked.evidence.dated,
        body: asked.evidence.body.clone(),
        inspection: asked.evidence.inspection_id,
        note: asked.note.clone(),
    })
}

/// Cases for revocation, those due soonest first
#[utoipa::path(tag = "Certification", operation_id = "list_revocations", params(CasesQuery),
    responses((status = 200, body = Page<RevocationView>, description = "A page of cases")))]
#[get("/revocations")]
async fn list_revocations(caller: Caller, db: Data<Db>, query: Query<CasesQuery>) -> Result<Answer> {
    let query = query.into_inner();
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReadDecisions)?;
        show::cases(cx, &query)?.answer()
    })
    .await
}

/// One case for revocation
#[utoipa::path(tag = "Certification", operation_id = "get_revocation",
    params(("id" = RevocationId, Path, description = "The case")),
    responses((status = 200, body = RevocationView, description = "The case")))]
#[get("/revocations/{id}")]
async fn get_revocation(caller: Caller, db: Data<Db>, id: Path<RevocationId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = show::case(cx, *id)?;
        policy::must(cx, Act::ReadDecisions)?;
        found(row.version, &RevocationView::of(&row, cx.today()))
    })
    .await
}

/// Close a case without a revocation
///
/// The revocation itself is a decision of the kind `revocation` that carries the case.
#[utoipa::path(tag = "Certification", operation_id = "move_revocation",
    params(("id" = RevocationId, Path, description = "The case"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = MoveRevocation, example = json!({ "action": "drop", "reason": "Kết luận đã được rút" })),
    responses((status = 200, body = RevocationView, description = "The case as it is now"),
        (status = 409, body = Problem, description = "It is not open"),
        (status = 412, body = Problem, description = "Somebody changed it meanwhile"),
        (status = 428, body = Problem, description = "No If-Match")))]
#[post("/revocations/{id}/moves")]
async fn move_revocation(
    caller: Caller,
    db: Data<Db>,
    id: Path<RevocationId>,
    if_match: IfMatch,
    body: Body<MoveRevocation>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = revoke::hold(cx, *id)?;
        policy::must(cx, Act::OpenRevocation)?;
        if_match.check(row.version)?;
        let asked = body.valid()?;
        let CaseAction::Drop = asked.action;
        let row = revoke::drop_case(cx, &row, &asked.reason)?;
        found(row.version, &RevocationView::of(&row, cx.today()))
    })
    .await
}
