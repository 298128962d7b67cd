//! The advisory team (Tổ tư vấn): what it makes of a dossier before the council sits (26/2026, Điều 7.3 c).

use std::collections::BTreeSet;

use super::model::{AdvisoryRemark, AdvisoryRow, SheetRow};
use super::rules::{self, AdvisoryView, SessionStop, TableState};
use super::{sheets, store};
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Doc};
use crate::dossiers::{self, Desk, Dossier, Status};
use crate::error::{AppError, Result};
use crate::ids::DossierId;
use crate::rulebook::{Authority, marks};

/// The level whose team works on a dossier now.
fn level_of(dossier: &Dossier) -> Authority {
    match dossier.level {
        Desk::Commune | Desk::District => Authority::District,
        Desk::Province => Authority::Province,
        Desk::Central => Authority::Central,
    }
}

/// The review of a dossier at its level, empty where none is written. A member of a council reads of it
/// what the regulation shows, beside each criterion, and not here.
///
/// # Errors
/// 404, or 403 for roles that do not read it.
pub fn review(cx: &mut Ctx<'_>, id: DossierId) -> Result<AdvisoryRow> {
    let dossier = dossiers::get(cx, id)?;
    must_read(cx, &dossier)?;
    found(cx, &dossier)
}

fn must_read(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    policy::must(cx, Act::ReadAdvisoryReview)?;
    match store::sits_over(cx, dossier.id)? {
        true => Err(AppError::Forbidden(Act::ReadAdvisoryReview.word())),
        false => Ok(()),
    }
}

fn found(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<AdvisoryRow> {
    let level = level_of(dossier);
    let none = || AdvisoryRow {
        dossier_id: dossier.id,
        level,
        opinion: String::new(),
        remarks: Doc::of(&Vec::<AdvisoryRemark>::new()),
        written_by: None,
        written_at: cx.now,
        version: 0,
    };
    let none = none();
    Ok(store::advisory(cx, dossier.id, level)?.unwrap_or(none))
}

/// The same, with the dossier locked until the deed ends.
///
/// # Errors
/// 404, or 403 for roles that do not write it.
pub fn hold_review(cx: &mut Ctx<'_>, id: DossierId) -> Result<(Dossier, AdvisoryRow)> {
    let dossier = dossiers::hold(cx, id)?;
    policy::must(cx, Act::WriteAdvisoryReview)?;
    must_read(cx, &dossier)?;
    let row = found(cx, &dossier)?;
    Ok((dossier, row))
}

/// Writes the review, until the dossier is marked.
///
/// # Errors
/// 422 for remarks about what the set does not have, 409 once marking was opened.
pub fn write_review(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    before: AdvisoryRow,
    opinion: &str,
    remarks: &[AdvisoryRemark],
) -> Result<AdvisoryRow> {
    let set = sheets::set_of(cx, dossier.id)?;
    let mut named = BTreeSet::new();
    for (at, remark) in remarks.iter().enumerate() {
        let pointer = format!("/remarks/{at}/criterion");
        if !named.insert(&remark.criterion) {
            return Err(AppError::field(&pointer, "repeated", "Mỗi tiêu chí một nhận xét.", "One remark a criterion."));
        }
        match &remark.mark {
            Some(mark) => rules::check_mark(&set, &remark.criterion, mark, &marks::Marks::new()).map(drop)?,
            None if set.criterion(&remark.criterion).is_none() => {
                return Err(marks::Stop::CriterionUnknown { criterion: remark.criterion.clone() }.into());
            }
            None => {}
        }
    }
    let open = |t: &super::Tabled| matches!(t.state, TableState::Scoring | TableState::Closed);
    if !BEFORE_MARKING.contains(&dossier.status) || store::tables_with(cx, dossier.id)?.iter().any(open) {
        return Err(SessionStop::ReviewClosed.into());
    }
    let row = AdvisoryRow {
        opinion: opinion.to_owned(),
        remarks: Doc::of(&remarks),
        written_by: cx.actor().user(),
        written_at: cx.now,
        version: before.version + 1,
        ..before
    };
    store::put_advisory(cx, &row)?;
    let details = Details::none().with("level", row.level).with("remarks", remarks.len());
    audit::record(cx, "advisory.written", "dossier", dossier.id.0, details)?;
    Ok(row)
}

/// Where a dossier is with the office whose team reviews it, or waits for its council.
const BEFORE_MARKING: &[Status] = &[
    Status::AtDistrict,
    Status::DistrictScheduled,
    Status::AtProvince,
    Status::CorrectionAsked,
    Status::InReview,
    Status::Scheduled,
    Status::InOpinions,
    Status::AtCentre,
    Status::CentreCorrectionAsked,
    Status::CentreReview,
    Status::CentreScheduled,
    Status::CentreOpinions,
];

/// What lies of the review beside the criteria of a sheet.
pub(super) struct Beside {
    pub opinion: String,
    pub remarks: Vec<AdvisoryRemark>,
}

/// What the regulation of the council shows of the review to whoever sees a sheet.
pub(super) fn beside(cx: &mut Ctx<'_>, sheet: &SheetRow) -> Result<Option<Beside>> {
    let meeting = store::session(cx, sheet.session_id)?;
    let council = store::council(cx, meeting.council_id)?;
    let Some(row) = store::advisory(cx, sheet.dossier_id, council.level)? else { return Ok(None) };
    let mut remarks = row.remarks()?;
    match council.rules()?.advisory_view {
        AdvisoryView::Nothing => return Ok(None),
        AdvisoryView::Remarks => remarks.iter_mut().for_each(|r| r.mark = None),
        AdvisoryView::RemarksAndMarks => {}
    }
    Ok(Some(Beside { opinion: row.opinion, remarks }))
}
