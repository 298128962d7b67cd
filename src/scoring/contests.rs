//! A result that is contested: by the producer's complaint, or by the Ministry's check of the evaluation
//! (26/2026, Điều 10.1 b). Either may lead to an evaluation anew, by members who did not mark before.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{ComplaintRow, CouncilRow, OrderRow, ResultRow};
use super::rules::SessionStop;
use super::rules::contest::{self, ComplaintState};
use super::sessions::party;
use super::{results, store};
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::db::Ctx;
use crate::dossiers::{self, Action, Deed, Dossier, Party, Status};
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{DossierId, RowId};
use crate::rulebook::Authority;

/// The result that the producer can complain about, and the day on which it was made known.
fn known_result(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<(ResultRow, NaiveDate)> {
    let newest = results::readable_results(cx, dossier.id)?.into_iter().next().ok_or(AppError::NotFound)?;
    let notice = dossiers::told_by_notice(cx, &[dossier.id])?.remove(&dossier.id);
    let notice = notice.filter(|at| newest.recorded_at <= *at);
    let known = newest.published_on.or(notice.map(crate::db::Moment::vietnam_day));
    known.map(|on| (newest, on)).ok_or_else(|| SessionStop::ResultNotKnown.into())
}

/// The producer complains about the newest result, in the time that the council's regulation gives.
///
/// # Errors
/// 404 where the caller knows of no result, 409 out of time or where the result has its complaint.
pub fn complain(cx: &mut Ctx<'_>, dossier: &Dossier, grounds: &str) -> Result<ComplaintRow> {
    let (result, known_on) = known_result(cx, dossier)?;
    let meeting = store::session(cx, result.session_id)?;
    let days = store::council(cx, meeting.council_id)?.rules()?.complaint_days;
    contest::in_time(known_on, days, cx.today())?;
    let row = ComplaintRow {
        id: RowId::new(),
        dossier_id: dossier.id,
        result_id: result.id,
        grounds: grounds.to_owned(),
        filed_on: cx.today(),
        filed_by: cx.actor().user(),
        filed_at: cx.now,
        state: ComplaintState::Open,
        answer: None,
        other_members: false,
        answered_by: None,
        answered_at: None,
        version: 1,
    };
    cx.try_step(|cx| store::insert_complaint(cx, &row))
        .on_constraint("complaints_one_per_result", || SessionStop::ComplaintFiled)?;
    let details = Details::none().with("dossier", dossier.id).with("result", result.id);
    audit::record(cx, "complaint.filed", "complaint", row.id.0, details)?;
    Ok(row)
}

/// The complaints about a dossier, for its producer and the officials who read its results.
///
/// # Errors
/// 404, or 403 for roles that read neither.
pub fn complaints(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<ComplaintRow>> {
    let row = dossiers::get(cx, dossier)?;
    let own = cx.actor().producers().contains(&row.producer_id);
    if !own {
        policy::must(cx, Act::ReadComplaints)?;
    }
    store::complaints_of(cx, dossier)
}

/// A complaint that the caller may know about.
///
/// # Errors
/// 404, or 403 for roles that do not read complaints.
pub fn complaint(cx: &mut Ctx<'_>, id: RowId) -> Result<ComplaintRow> {
    let row = store::complaint(cx, id)?.ok_or(AppError::NotFound)?;
    complaints(cx, row.dossier_id)?;
    Ok(row)
}

/// The same, with its dossier, locked until the deed ends, for the office that answers it.
///
/// # Errors
/// 404, or 403 for the office of another level.
pub fn hold_complaint(cx: &mut Ctx<'_>, id: RowId) -> Result<(Dossier, ComplaintRow)> {
    let found = store::complaint(cx, id)?.ok_or(AppError::NotFound)?;
    let dossier = dossiers::hold(cx, found.dossier_id)?;
    policy::must(cx, Act::AnswerComplaint)?;
    let row = store::complaint(cx, id)?.ok_or(AppError::NotFound)?;
    let council = council_of(cx, &row)?;
    match super::rounds::in_office(cx, Act::AnswerComplaint, council.level, council.place_id)? {
        true => Ok((dossier, row)),
        false => Err(AppError::Forbidden(Act::AnswerComplaint.word())),
    }
}

/// The council whose result is contested.
fn council_of(cx: &mut Ctx<'_>, row: &ComplaintRow) -> Result<CouncilRow> {
    let result = store::result(cx, row.result_id)?.ok_or(AppError::NotFound)?;
    let meeting = store::session(cx, result.session_id)?;
    store::council(cx, meeting.council_id)
}

/// How a complaint is answered.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Whether it is upheld: the dossier is evaluated anew.
    pub upheld: bool,
    /// Whether whoever marked before keeps away from the new evaluation.
    pub other_members: bool,
    /// Why.
    pub reasons: String,
}

/// The office of the level answers with reasons; a complaint that is upheld leads to a new evaluation.
///
/// # Errors
/// 409 where it is answered already or the dossier has gone on.
pub fn answer(cx: &mut Ctx<'_>, dossier: &Dossier, before: ComplaintRow, verdict: &Verdict) -> Result<ComplaintRow> {
    let council = council_of(cx, &before)?;
    if before.state != ComplaintState::Open {
        return Err(SessionStop::ComplaintAnswered.into());
    }
    if verdict.upheld {
        // What was recognised on the centre's result goes back to the centre, not to the province.
        let action = match (council.level, dossier.status) {
            (Authority::Central, Status::Recognised) => Action::ReviewAnew,
            _ => Action::EvaluateAnew,
        };
        let deed = Deed::because(&verdict.reasons, json!({ "complaint": before.id }));
        anew(cx, dossier, action, party(council.level), deed)?;
    }
    let row = ComplaintRow {
        state: if verdict.upheld { ComplaintState::Upheld } else { ComplaintState::Dismissed },
        answer: Some(verdict.reasons.clone()),
        other_members: verdict.upheld && verdict.other_members,
        answered_by: cx.actor().user(),
        answered_at: Some(cx.now),
        version: before.version + 1,
        ..before
    };
    store::save_complaint(cx, &row)?;
    let details = Details::none().with("upheld", verdict.upheld).with("otherMembers", row.other_members);
    audit::record(cx, "complaint.answered", "complaint", row.id.0, details)?;
    Ok(row)
}

/// The dossier goes back to where its council is called. A recognition that rests on it stands until a new
/// decision.
fn anew(cx: &mut Ctx<'_>, dossier: &Dossier, action: Action, by: Party, deed: Deed) -> Result<()> {
    if dossier.status.is_final() && dossiers::has_open(cx, dossier.product_id)? {
        return Err(SessionStop::OtherDossierOpen.into());
    }
    dossiers::advance(cx, dossier, action, by, deed).map(drop)
}

/// An order of the Ministry to evaluate again, to give.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Number of the conclusion of the check.
    pub conclusion_number: String,
    /// Its day.
    pub concluded_on: NaiveDate,
    /// What was not lawful.
    pub grounds: String,
    /// Whether whoever marked before keeps away from the new evaluation.
    pub other_members: bool,
}

/// The Ministry orders a province to evaluate a dossier again. A recognition that stands meanwhile is
/// withdrawn by a decision of its own.
///
/// # Errors
/// 422 for a dossier that is not there or has no result of a province, 409 where one is ordered already.
pub fn order(cx: &mut Ctx<'_>, new: &NewOrder) -> Result<OrderRow> {
    let absent = || AppError::field("/dossierId", "not_found", "Không có hồ sơ này.", "There is no such dossier here.");
    let dossier = match dossiers::hold(cx, new.dossier_id) {
        Err(AppError::NotFound) => return Err(absent()),
        held => held?,
    };
    if new.concluded_on > cx.today() {
        return Err(AppError::field(
            "/concludedOn",
            "future",
            "Ngày kết luận không ở tương lai.",
            "The conclusion is not dated in the future.",
        ));
    }
    let newest = store::results_of(cx, &[dossier.id])?.into_iter().find(|r| r.level != Authority::Central);
    let result = newest.ok_or(SessionStop::NoResult)?;
    let row = OrderRow {
        id: RowId::new(),
        dossier_id: dossier.id,
        result_id: result.id,
        conclusion_number: new.conclusion_number.clone(),
        concluded_on: new.concluded_on,
        grounds: new.grounds.clone(),
        other_members: new.other_members,
        ordered_by: cx.actor().user(),
        ordered_at: cx.now,
    };
    cx.try_step(|cx| store::insert_order(cx, &row))
        .on_constraint("evaluation_orders_one_per_result", || SessionStop::OrderGiven)?;
    let details = json!({ "order": row.id, "conclusion": row.conclusion_number });
    anew(cx, &dossier, Action::EvaluateAnew, Party::Central, Deed::because(&new.grounds, details))?;
    let details = Details::none()
        .with("dossier", dossier.id)
        .with("result", result.id)
        .with("conclusion", &row.conclusion_number)
        .with("otherMembers", row.other_members);
    audit::record(cx, "evaluation.ordered", "evaluationReview", row.id.0, details)?;
    Ok(row)
}

/// The orders about dossiers that the caller may know about, newest first.
///
/// # Errors
/// When the database fails.
pub fn orders(cx: &mut Ctx<'_>, after: Option<RowId>, limit: i64) -> Result<Vec<OrderRow>> {
    let mut out = Vec::new();
    let mut after = after;
    while (out.len() as i64) < limit {
        let rows = store::orders(cx, after, limit)?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        for row in rows {
            match dossiers::get(cx, row.dossier_id) {
                Ok(_) if (out.len() as i64) < limit => out.push(row),
                Ok(_) | Err(AppError::NotFound) => {}
                Err(e) => return Err(e),
            }
        }
    }
    Ok(out)
}

/// An order that the caller may know about.
///
/// # Errors
/// 404.
pub fn find_order(cx: &mut Ctx<'_>, id: RowId) -> Result<OrderRow> {
    let row = store::order(cx, id)?.ok_or(AppError::NotFound)?;
    dossiers::get(cx, row.dossier_id)?;
    Ok(row)
}

/// The newest order to evaluate a dossier again, for an act whose ground is the dossier.
///
/// # Errors
/// When the database fails.
pub fn order_about(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Option<OrderRow>> {
    store::order_of(cx, dossier)
}
