//! Declare, preview and carry out a reform; choose where a unit was divided.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ChoiceQuery, ChoiceView, Choose, DeclareReform, ReformLine, ReformStarted, ReformView};
use super::{Movers, Report};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::ids::RowId;
use crate::places::dto::PlaceView;
use crate::places::model::{Choice, Reform};
use crate::web::{Answer, Body, IfMatch, Once, Page, accepted, created, found, page};

/// The routes of this room.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_reforms)
        .service(declare_reform)
        .service(get_reform)
        .service(start_reform)
        .service(list_choices)
        .service(get_choice)
        .service(choose_successor);
}

fn lines(report: &Report) -> Vec<ReformLine> {
    let line = |(subject, n): (&_, &crate::places::rules::Preview)| ReformLine {
        subject: *subject,
        go: n.go,
        choose: n.choose,
        go_up: n.go_up,
        stay: n.stay,
    };
    report.iter().map(line).collect()
}

fn view(reform: &Reform, preview: Option<Report>) -> Result<ReformView> {
    let report: Report = reform.report.read().map_err(AppError::internal)?;
    Ok(ReformView {
        id: reform.id,
        on: reform.on_day,
        title: reform.title.clone(),
        state: reform.state,
        job: reform.job_id,
        report: lines(&report),
        preview: preview.as_ref().map(lines),
        created_at: reform.created_at,
    })
}

/// The reforms of units that are declared or were carried out
#[utoipa::path(tag = "Reforms", operation_id = "list_reforms",
    responses((status = 200, description = "Reforms, the newest first", body = Page<ReformView>)))]
#[get("/reforms")]
async fn list_reforms(caller: Caller, db: Data<Db>) -> Result<Answer> {
    db.read(caller, |cx| {
        policy::must(cx, Act::ReadReforms)?;
        let views = super::list(cx)?.iter().map(|r| view(r, None)).collect::<Result<Vec<_>>>()?;
        Page::cut(views, i64::MAX, |r| r.id).answer()
    })
    .await
}

/// Declare a reform of units
///
/// Nothing moves yet. The successions of that day must be known; read the reform to preview it.
#[utoipa::path(tag = "Reforms", operation_id = "declare_reform",
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of your own; the same request with the same key is done once")),
    request_body(content = DeclareReform, example = json!({"on": "2025-07-01", "title": "Sắp xếp đơn vị hành chính theo 202/2025/QH15"})),
    responses((status = 201, description = "Declared", body = ReformView),
        (status = 409, description = "reform_nothing_follows, reform_declared", body = Problem)))]
#[post("/reforms")]
async fn declare_reform(caller: Caller, db: Data<Db>, once: Once, body: Body<DeclareReform>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::DeclareReform)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(super::declare(cx, asked.on, &asked.title)?.id.0))?;
        let reform = super::get(cx, RowId(done.id))?;
        created(done, &format!("/v1/reforms/{}", done.id), reform.version, &view(&reform, None)?)
    })
    .await
}

/// One reform with what it would move now
#[utoipa::path(tag = "Reforms", operation_id = "get_reform",
    params(("id" = RowId, Path, description = "Identifier of the reform")),
    responses((status = 200, description = "The reform", body = ReformView)))]
#[get("/reforms/{id}")]
async fn get_reform(caller: Caller, db: Data<Db>, movers: Data<Movers>, id: Path<RowId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let reform = super::get(cx, *id)?;
        policy::must(cx, Act::ReadReforms)?;
        let preview = super::preview(cx, &reform, &movers)?;
        found(reform.version, &view(&reform, Some(preview))?)
    })
    .await
}

/// Carry a reform out
///
/// A job moves what goes by itself; where a unit was divided, officers choose.
#[utoipa::path(tag = "Reforms", operation_id = "start_reform",
    params(("id" = RowId, Path, description = "Identifier of the reform"),
        ("If-Match" = String, Header, description = "The ETag of the reform as you read it")),
    responses((status = 202, description = "The job", body = ReformStarted),
        (status = 409, description = "reform_too_early, reform_started", body = Problem)))]
#[post("/reforms/{id}/runs")]
async fn start_reform(caller: Caller, db: Data<Db>, id: Path<RowId>, if_match: IfMatch) -> Result<Answer> {
    db.write(caller, move |cx| {
        let reform = super::hold(cx, *id)?;
        policy::must(cx, Act::DeclareReform)?;
        if_match.check(reform.version)?;
        let job = super::start(cx, &reform)?;
        accepted(&format!("/v1/jobs/{job}"), &ReformStarted { reform: reform.id, job })
    })
    .await
}

fn choice_view(cx: &mut Ctx<'_>, reform: &Reform, choice: &Choice) -> Result<ChoiceView> {
    Ok(ChoiceView {
        id: choice.id,
        subject: choice.subject_kind,
        subject_id: choice.subject_id,
        old_place: choice.old_place_id,
        candidates: super::candidates(cx, choice, reform.on_day)?.iter().map(PlaceView::from).collect(),
        chosen: choice.chosen_id,
    })
}

/// 1 until the choice is made, 2 after.
fn version(choice: &Choice) -> i32 {
    if choice.chosen_id.is_some() { 2 } else { 1 }
}

/// What waits at divided units of the caller's territory
#[utoipa::path(tag = "Reforms", operation_id = "list_choices",
    params(("id" = RowId, Path, description = "Identifier of the reform"), ChoiceQuery),
    responses((status = 200, description = "Choices", body = Page<ChoiceView>)))]
#[get("/reforms/{id}/choices")]
async fn list_choices(caller: Caller, db: Data<Db>, id: Path<RowId>, query: Query<ChoiceQuery>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after = page::read_cursor::<RowId>(query.cursor.as_deref())?;
    db.read(caller, move |cx| {
        let reform = super::get(cx, *id)?;
        policy::must(cx, Act::ReadReforms)?;
        let rows = super::choices(cx, reform.id, query.open.unwrap_or(false), after, limit + 1)?;
        let page = Page::cut(rows, limit, |c| c.id);
        let views = page.data.iter().map(|c| choice_view(cx, &reform, c)).collect::<Result<Vec<_>>>()?;
        Page { data: views, page: page.page }.answer()
    })
    .await
}

/// One thing at a divided unit
#[utoipa::path(tag = "Reforms", operation_id = "get_choice",
    params(("id" = RowId, Path, description = "Identifier of the reform"), ("choice" = RowId, Path, description = "Identifier of the choice")),
    responses((status = 200, description = "The choice", body = ChoiceView)))]
#[get("/reforms/{id}/choices/{choice}")]
async fn get_choice(caller: Caller, db: Data<Db>, path: Path<(RowId, RowId)>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let reform = super::get(cx, path.0)?;
        let choice = super::choice(cx, reform.id, path.1)?;
        policy::must(cx, Act::ReadReforms)?;
        found(version(&choice), &choice_view(cx, &reform, &choice)?)
    })
    .await
}

/// Give something at a divided unit to one of its successors
#[utoipa::path(tag = "Reforms", operation_id = "choose_successor",
    params(("id" = RowId, Path, description = "Identifier of the reform"), ("choice" = RowId, Path, description = "Identifier of the choice"),
        ("If-Match" = String, Header, description = "The ETag of the choice as you read it")),
    request_body(content = Choose, example = json!({"place": "3bba27e0-8a38-5d05-9b2f-b8a1f46e3d0c"})),
    responses((status = 200, description = "The choice, made", body = ChoiceView),
        (status = 409, description = "reform_choice_made, reform_not_a_successor, reform_choice_gone", body = Problem)))]
#[put("/reforms/{id}/choices/{choice}")]
async fn choose_successor(
    caller: Caller,
    db: Data<Db>,
    movers: Data<Movers>,
    path: Path<(RowId, RowId)>,
    if_match: IfMatch,
    body: Body<Choose>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let reform = super::get(cx, path.0)?;
        let choice = super::hold_choice(cx, reform.id, path.1)?;
        policy::must(cx, Act::ChooseSuccessor)?;
        if_match.check(version(&choice))?;
        let asked = body.valid()?;
        let chosen = super::choose(cx, &reform, &choice, asked.place, &movers)?;
        found(version(&chosen), &choice_view(cx, &reform, &chosen)?)
    })
    .await
}
