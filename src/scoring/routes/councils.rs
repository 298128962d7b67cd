//! Councils over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::councils::{self, NewCouncil, NewSeat};
use super::super::dto::{AppointCouncil, AppointSeat, ChangeSeats, CouncilQuery, CouncilView};
use super::super::seats::{self, SeatChange};
use super::super::views;
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::Result;
use crate::ids::CouncilId;
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(appoint_council).service(list_councils).service(get_council).service(change_seats);
}

/// Enter the decision that sets up a council
///
/// Each appointment gives the rights of its office; no grant does.
#[utoipa::path(tag = "Scoring", operation_id = "appoint_council",
    request_body(content = AppointCouncil, example = json!({
        "level": "province", "placeId": "0b0c6f6e-2f1f-5d53-9d5a-2f9d5a1c0a01", "name": "Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh",
        "decisionNumber": "1234/QĐ-UBND", "decidedOn": "2026-05-25", "regulation": {"quorumPercent": 75, "spreadLimit": 10},
        "seats": [{"userId": "01980000-0000-7000-8000-000000000001", "office": "chair", "title": "Phó Chủ tịch UBND tỉnh"}]})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key is done once")),
    responses((status = 201, body = CouncilView, description = "The council with its seats")))]
#[post("/councils")]
async fn appoint_council(caller: Caller, db: Data<Db>, once: Once, body: Body<AppointCouncil>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::AppointCouncils)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(councils::add_council(cx, new_council(asked))?.id.0))?;
        let row = councils::council(cx, CouncilId(done.id))?;
        created(done, &format!("/v1/councils/{}", done.id), row.version, &views::council(cx, row)?)
    })
    .await
}

fn new_seat(s: &AppointSeat) -> NewSeat {
    NewSeat {
        user_id: s.user_id,
        title: s.title.clone(),
        organisation: s.organisation.clone(),
        office: s.office,
        votes: s.votes,
        alternate_for: s.alternate_for,
    }
}

fn new_council(asked: &AppointCouncil) -> NewCouncil {
    NewCouncil {
        level: asked.level,
        place_id: asked.place_id,
        name: asked.name.clone(),
        decision_number: asked.decision_number.clone(),
        decided_on: asked.decided_on,
        valid_from: asked.valid_from.unwrap_or(asked.decided_on),
        valid_to: asked.valid_to,
        regulation: asked.regulation.clone(),
        seats: asked.seats.iter().map(new_seat).collect(),
    }
}

/// Councils of the caller's territory and those the caller sits in
#[utoipa::path(tag = "Scoring", operation_id = "list_councils", params(CouncilQuery),
    responses((status = 200, body = Page<CouncilView>, description = "A page of councils")))]
#[get("/councils")]
async fn list_councils(caller: Caller, db: Data<Db>, query: Query<CouncilQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<CouncilId> = page::read_cursor(query.cursor.as_deref())?;
    db.read(caller, move |cx| {
        let rows = councils::councils(cx, after, limit + 1)?;
        Page::cut(rows, limit, |r| r.id).try_map(|row| views::council(cx, row))?.answer()
    })
    .await
}

/// One council with its regulation and seats
#[utoipa::path(tag = "Scoring", operation_id = "get_council",
    params(("id" = CouncilId, Path, description = "The council")),
    responses((status = 200, body = CouncilView, description = "The council")))]
#[get("/councils/{id}")]
async fn get_council(caller: Caller, db: Data<Db>, id: Path<CouncilId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = councils::council(cx, *id)?;
        found(row.version, &views::council(cx, row)?)
    })
    .await
}

/// Enter a decision that changes who sits in a council
///
/// From its first day on whoever leaves is out of the sessions and whoever joins is in; what was marked
/// before is kept. Conflicts of interest of whoever joins are detected.
#[utoipa::path(tag = "Scoring", operation_id = "change_seats",
    request_body(content = ChangeSeats, example = json!({"decisionNumber": "2001/QĐ-UBND", "decidedOn": "2026-06-01", "from": "2026-06-02",
        "joins": {"userId": "01980000-0000-7000-8000-000000000001", "office": "member", "organisation": "Sở Y tế"}})),
    params(("id" = CouncilId, Path, description = "The council"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = CouncilView, description = "The council with its seats, those that ended too")))]
#[post("/councils/{id}/seats")]
async fn change_seats(
    caller: Caller,
    db: Data<Db>,
    id: Path<CouncilId>,
    tag: IfMatch,
    body: Body<ChangeSeats>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        councils::council(cx, *id)?;
        policy::must(cx, Act::AppointCouncils)?;
        let row = seats::hold_council(cx, *id)?;
        tag.check(row.version)?;
        let asked = body.valid()?;
        let change = SeatChange {
            decision_number: asked.decision_number.clone(),
            decided_on: asked.decided_on,
            from: asked.from,
            leaves: asked.leaves,
            joins: asked.joins.as_ref().map(new_seat),
        };
        let row = seats::change_seats(cx, row, &change)?;
        found(row.version, &views::council(cx, row)?)
    })
    .await
}
