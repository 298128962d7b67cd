//! The moves that a person makes directly: `POST …/moves`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::corrections::Completion;
use super::model::{Dossier, MoveRow};
use super::moving::{Deed, advance, party_of};
use super::rules::{Action, Move, Need, Status, Stop, elsewhere};
use super::seals::{self, Sealer};
use super::{behalf, book_of, corrections, documents, intake, later, moment_of, papers, refile, store};
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::DossierId;
use crate::rulebook::{Authority, Outcome, Stage};

/// A written notice to commune and producer.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its number.
    pub number: String,
    /// Its date.
    pub issued_on: NaiveDate,
}

/// What a person asks for.
#[derive(Debug, Clone)]
pub struct Step {
    /// The move.
    pub action: Action,
    /// Why.
    pub reason: Option<String>,
    /// The notice that goes with it.
    pub notice: Option<Notice>,
    /// The set under the new law, when a dossier is filed again.
    pub set: Option<String>,
    /// What it says about completion.
    pub completion: Completion,
    /// The number that stands on a paper dossier already.
    pub receipt: Option<i64>,
}

/// Makes one move for the caller, with everything it takes. What is submitted or sent back is sealed.
///
/// # Errors
/// 403 for who has no part in it, 422 for what is missing, 409 for what the regulation says.
pub fn step(cx: &mut Ctx<'_>, sealer: &Sealer, dossier: &Dossier, step: &Step) -> Result<Dossier> {
    let party = party_of(cx, dossier, step.action)?;
    if let Some(path) = elsewhere(step.action) {
        return Err(Stop::DoneElsewhere(step.action, path).into());
    }
    let row = moment_of(cx, dossier)?.find_move(step.action, party)?;
    if step.receipt.is_some() && (step.action != Action::Submit || dossier.filed_on.is_some()) {
        return Err(AppError::field(
            "/receipt",
            "not_for_this_move",
            "Số phiếu chỉ ghi khi nộp hồ sơ lần đầu.",
            "A receipt number goes with the first filing.",
        ));
    }
    let mut deed = deed(row, step)?;
    needs(cx, dossier, row)?;
    behalf::attend(cx, dossier, party, step.action, &mut deed)?;
    corrections::attend(cx, dossier, party, step.action, &step.completion, &mut deed)?;
    let after = match step.action {
        Action::Submit => intake::submit(cx, dossier, party, deed, step.receipt),
        Action::CarryOver => later::carry_to_later_round(cx, dossier, party, deed),
        Action::Refile => refile::refile(cx, dossier, party, deed, step.set.as_deref()),
        action => advance(cx, dossier, action, party, deed),
    }?;
    if step.action.is_sealed() {
        documents::must_be_clean(cx, &after)?;
        seals::seal(cx, sealer, &after, (step.action, party), None)?;
    }
    Ok(after)
}

/// The reason and the notice, when the move takes them.
fn deed(row: &Move, step: &Step) -> Result<Deed> {
    let said = step.reason.as_deref().map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned);
    let reason = said.or_else(|| step.completion.words());
    if row.needs.contains(&Need::Reason) && reason.is_none() {
        return Err(AppError::field(
            "/reason",
            "required",
            "Ghi lý do; lý do được lưu trong quá trình của hồ sơ, chủ thể và các cấp đều đọc được.",
            "Give a reason; it stays in the history of the dossier, where producer and offices read it.",
        ));
    }
    if row.needs.contains(&Need::Notice) && step.notice.is_none() {
        return Err(AppError::field(
            "/notice",
            "required",
            "Ghi số và ngày thông báo bằng văn bản cho chủ thể.",
            "Give number and date of the written notice to the producer.",
        ));
    }
    let details = match &step.notice {
        Some(notice) => json!({ "notice": { "number": notice.number, "issuedOn": notice.issued_on } }),
        None => json!({}),
    };
    Ok(Deed { reason, details })
}

/// What lies in the database and must be at hand.
fn needs(cx: &mut Ctx<'_>, dossier: &Dossier, row: &Move) -> Result<()> {
    for need in row.needs {
        match need {
            Need::CommuneReport if dossier.commune_report.is_none() => return Err(Stop::ReportMissing.into()),
            Need::StarNone => must_lead(cx, dossier, row.action, |o| o == Outcome::NotRecognised)?,
            // Filing checks its papers itself, after the law of the day is pinned.
            Need::Papers if row.action != Action::Submit => {
                let book = book_of(cx, dossier)?;
                papers::must_be_complete(cx, &book, dossier, &[Stage::Filing], None)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// When a written notice last told the producers of these dossiers how the evaluation ended.
///
/// # Errors
/// When the database fails.
pub fn told_by_notice(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<BTreeMap<DossierId, Moment>> {
    let mut told: BTreeMap<DossierId, Moment> = BTreeMap::new();
    let moves = store::moves_by(cx, ids, Action::Reject)?;
    for row in moves.iter().filter(|m| !m.details.0["notice"].is_null()) {
        let last = told.entry(row.dossier_id).or_insert(row.at);
        *last = row.at.max(*last);
    }
    Ok(told)
}

/// The star that the last council found, from the details of its move (`stars`, `rejected`).
///
/// # Errors
/// 409 when no council has recorded one.
pub fn found_stars(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<u8> {
    let moves = store::moves(cx, dossier.id)?;
    let last = moves.iter().rev().find(|m: &&MoveRow| m.action == Action::RecordResult).ok_or(Stop::StarUnknown)?;
    if last.details.0["rejected"].as_bool() == Some(true) {
        return Ok(0);
    }
    let stars = last.details.0["stars"].as_u64().and_then(|n| u8::try_from(n).ok());
    Ok(stars.ok_or(Stop::StarUnknown)?)
}

/// Refuses a move that the found star does not lead to.
pub(super) fn must_lead(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    action: Action,
    fits: impl Fn(Outcome) -> bool,
) -> Result<()> {
    let stars = found_stars(cx, dossier)?;
    let level = match dossier.status {
        Status::DistrictScored | Status::HandedBack => Authority::District,
        Status::CentreScored => Authority::Central,
        _ => Authority::Province,
    };
    // A rejected dossier has no star, which nobody recognises.
    let outcome = match stars {
        0 => Outcome::NotRecognised,
        stars => book_of(cx, dossier)?.outcome(cx.today(), level, stars)?,
    };
    match fits(outcome) {
        true => Ok(()),
        false => Err(Stop::StarDoesNotFit(action, stars).into()),
    }
}
