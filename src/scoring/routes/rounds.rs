//! Rounds of evaluation over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{AddRound, RoundQuery, RoundView};
use super::super::rounds::{self, NewRound, RoundFilter};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::Result;
use crate::ids::RoundId;
use crate::web::{Answer, Body, Once, Page, created, found, page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(add_round).service(list_rounds).service(get_round);
}

/// Set up a round of evaluation
///
/// Cut-off and last day come from the decision when they are not said; a round beyond those of the
/// decision names the plan that foresees it.
#[utoipa::path(tag = "Scoring", operation_id = "add_round",
    request_body(content = AddRound, example = json!({"level": "province", "placeId": "0b0c6f6e-2f1f-5d53-9d5a-2f9d5a1c0a01", "year": 2026, "number": 2})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = RoundView, description = "The round")))]
#[post("/rounds")]
async fn add_round(caller: Caller, db: Data<Db>, once: Once, body: Body<AddRound>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::ManageRounds)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewRound {
                level: asked.level,
                place_id: asked.place_id,
                rulebook_id: asked.rulebook_id,
                year: asked.year,
                number: asked.number,
                name: asked.name.clone(),
                cutoff: asked.cutoff,
                hold_before: asked.hold_before,
                plan: asked.plan.clone().unwrap_or_default(),
            };
            Ok(rounds::add_round(cx, new)?.id.0)
        })?;
        let row = rounds::round(cx, RoundId(done.id))?;
        created(done, &format!("/v1/rounds/{}", done.id), row.version, &RoundView::from(row))
    })
    .await
}

/// Rounds of evaluation, newest year first
#[utoipa::path(tag = "Scoring", operation_id = "list_rounds", params(RoundQuery),
    responses((status = 200, body = Page<RoundView>, description = "A page of rounds")))]
#[get("/rounds")]
async fn list_rounds(caller: Caller, db: Data<Db>, query: Query<RoundQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i32, RoundId)> = page::read_cursor(query.cursor.as_deref())?;
    let filter = RoundFilter { level: query.level, place: query.place, year: query.year };
    db.read(caller, move |cx| {
        let rows = rounds::rounds(cx, &filter, after, limit + 1)?;
        Page::cut(rows, limit, |r| (r.year, r.id)).map(RoundView::from).answer()
    })
    .await
}

/// One round of evaluation
#[utoipa::path(tag = "Scoring", operation_id = "get_round",
    params(("id" = RoundId, Path, description = "The round")),
    responses((status = 200, body = RoundView, description = "The round")))]
#[get("/rounds/{id}")]
async fn get_round(caller: Caller, db: Data<Db>, id: Path<RoundId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = rounds::round(cx, *id)?;
        found(row.version, &RoundView::from(row))
    })
    .await
}
