//! Intake over HTTP.

mod corrections;
mod ending;
mod forms;
mod handovers;
mod messages;
mod opinions;
mod papers;
mod receipts;
mod samples;
mod seals;
mod writing;

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::corrections::{Completion, NewItem};
use super::dto::{
    DossierPage, DossierQuery, DossierView, ExpandQuery, HistoryView, MoveRequest, NewCorrectionItem, QueuePage,
    QueueQuery,
};
use super::model::Dossier;
use super::opened::Opened;
use super::seals::Sealer;
use super::steps::{Notice, Step, step};
use super::{queue, search, show};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{Problem, Result};
use crate::ids::DossierId;
use crate::web::{Answer, Body, IfMatch, Once, created, found};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(writing::routes)
        .service(list_dossiers)
        .service(get_queue)
        .service(get_dossier)
        .service(get_dossier_history)
        .service(move_dossier)
        .configure(corrections::routes)
        .configure(messages::routes)
        .configure(ending::routes)
        .configure(opinions::routes)
        .configure(papers::routes)
        .configure(receipts::routes)
        .configure(forms::routes)
        .configure(handovers::routes)
        .configure(seals::routes)
        .configure(samples::routes);
}

/// The dossiers that I may know about, the last moved first; found by words, code, place, state and days
///
/// With `facets` the answer also divides everything found, by state, place, kind, set and round. The count of a value
/// is the length of the list with that value as its filter; list and counts are read in one moment.
#[utoipa::path(tag = "Dossiers", operation_id = "list_dossiers", params(DossierQuery),
    responses((status = 200, description = "Dossiers", body = DossierPage,
        example = json!({"data": [], "page": {"next": null},
            "facets": {"kind": [{"value": "first", "label": {"vi": "lần đầu", "en": "first evaluation"}, "count": 12}]}}))))]
#[get("/dossiers")]
async fn list_dossiers(caller: Caller, db: Data<Db>, query: Query<DossierQuery>) -> Result<Answer> {
    db.snapshot(caller, move |cx| {
        let found = search::page(cx, &query)?;
        found.page.answer(&found)
    })
    .await
}

/// The dossiers that wait for me, the nearest deadline first, with how many there are
///
/// `near` and `overdue` are parts of `mine`; `waitingForProducer` lies on the caller's desk until the producer has
/// completed it; `escalated` is overdue on a desk of the level below. Page and counts are read in one moment.
#[utoipa::path(tag = "Dossiers", operation_id = "get_queue", params(QueueQuery),
    responses((status = 200, description = "What waits, with what to do, and the counts", body = QueuePage,
        example = json!({"data": [], "page": {"next": null}, "counts": {"mine": 3, "near": 1, "overdue": 0,
            "waitingForProducer": 2, "escalated": 0, "byStatus": [{"status": {"code": "submitted",
                "label": {"vi": "đã nộp tại cấp xã", "en": "filed at the commune"}}, "count": 3}]}}))))]
#[get("/queue")]
async fn get_queue(caller: Caller, db: Data<Db>, query: Query<QueueQuery>) -> Result<Answer> {
    db.snapshot(caller, move |cx| {
        let queue = queue::page(cx, &query)?;
        queue.page.answer(&queue)
    })
    .await
}

/// One dossier: where it stands, whose move it is, what I may do
#[utoipa::path(tag = "Dossiers", operation_id = "get_dossier",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"), ExpandQuery),
    responses((status = 200, description = "The dossier", body = DossierView)))]
#[get("/dossiers/{id}")]
async fn get_dossier(caller: Caller, db: Data<Db>, id: Path<DossierId>, query: Query<ExpandQuery>) -> Result<Answer> {
    db.snapshot(caller, move |cx| {
        let row = super::get(cx, *id)?;
        found(row.version, &show::expanded(cx, &row, query.expand.as_deref())?)
    })
    .await
}

/// Every move of a dossier, in order, and every time of waiting
#[utoipa::path(tag = "Dossiers", operation_id = "get_dossier_history",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "Its life", body = HistoryView,
        example = json!({"moves": [{"ordinal": 1, "at": "2026-06-01T02:00:00Z", "action": "submit",
            "label": {"vi": "nộp hồ sơ", "en": "file the dossier"}, "from": "draft", "to": "submitted",
            "party": "producer", "by": null, "reason": null, "details": {"receipt": "1-X/PĐK-86-29242-2026"}}],
            "pauses": []}))))]
#[get("/dossiers/{id}/history")]
async fn get_dossier_history(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::get(cx, *id)?;
        found(row.version, &show::history(cx, &Opened::of(&row))?)
    })
    .await
}

/// Move a dossier: file, give back, report, refuse, ask, answer, review, withdraw, close, file again
///
/// Moves that belong to a letter, a session or a decision are made there; the refusal
/// `dossier_move_elsewhere` names the place.
#[utoipa::path(tag = "Dossiers", operation_id = "move_dossier",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("If-Match" = String, Header, description = "Tag of the version that was read"),
        ("Idempotency-Key" = String, Header, description = "A name of this deed, for retries")),
    request_body(content = MoveRequest, example = json!({"action": "submit"})),
    responses((status = 201, description = "Moved", body = DossierView),
        (status = 409, description = "dossier_wrong_moment, dossier_not_your_move, dossier_incomplete, dossier_finished, dossier_move_elsewhere, dossier_report_missing, dossier_corrections_unanswered, dossier_corrections_unsettled, dossier_correction_not_due, number_not_reserved, rulebook_transition_over, re_evaluation_too_early, re_evaluation_too_late", body = Problem),
        (status = 412, description = "The dossier has moved since", body = Problem),
        (status = 428, description = "If-Match and Idempotency-Key are required", body = Problem)))]
#[post("/dossiers/{id}/moves")]
async fn move_dossier(
    caller: Caller,
    db: Data<Db>,
    sealer: Data<Sealer>,
    id: Path<DossierId>,
    if_match: IfMatch,
    once: Once,
    body: Body<MoveRequest>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = super::hold(cx, *id)?;
        policy::must(cx, Act::MoveDossier)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            if_match.check(row.version)?;
            step(cx, &sealer, &row, &wanted(body.valid()?)).map(|row| row.id.0)
        })?;
        let row = super::get(cx, *id)?;
        created(done, &format!("/v1/dossiers/{}/history", row.id), row.version, &show::dossier(cx, &row)?)
    })
    .await
}

fn wanted(body: &MoveRequest) -> Step {
    let notice = body.notice.as_ref().map(|n| Notice { number: n.number.clone(), issued_on: n.issued_on });
    let item = |i: &NewCorrectionItem| NewItem {
        reason: i.reason,
        about: i.about,
        name: i.name.clone(),
        document: i.document,
        words: i.words.clone(),
    };
    let completion = Completion {
        items: body.items.iter().map(item).collect(),
        due_on: body.due_on,
        settled: body.settled.iter().map(corrections::settled).collect(),
    };
    Step {
        action: body.action,
        reason: body.reason.clone(),
        notice,
        set: body.set.clone(),
        completion,
        receipt: body.receipt,
    }
}

/// A dossier with its tag.
fn answer(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Answer> {
    found(row.version, &show::dossier(cx, row)?)
}
