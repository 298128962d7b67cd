//! The advisory team (Tổ tư vấn): what it makes of a dossier before the council sits (26/2026, Điều 7.3 c).

use std::collections::BTreeSet;

use super::model::{AdvisoryRemark, AdvisoryRow, CouncilRow, SiteVisit, TestRequest, VisitPicture};
use super::rules::{self, AdvisoryView, SessionStop, TableState};
use super::{sheets, store};
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Doc};
use crate::dossiers::{self, Desk, Dossier, Status};
use crate::error::{AppError, Result};
use crate::ids::{DossierId, RowId};
use crate::rulebook::{Authority, marks};

/// The level whose team works on a dossier now.
pub(super) fn level_of(dossier: &Dossier) -> Authority {
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

pub(super) fn must_read(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
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
    must_be_before_marking(cx, dossier)?;
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

/// The team writes before the dossier is marked.
pub(super) fn must_be_before_marking(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    let open = |t: &super::Tabled| matches!(t.state, TableState::Scoring | TableState::Closed);
    match BEFORE_MARKING.contains(&dossier.status) && !store::tables_with(cx, dossier.id)?.iter().any(open) {
        true => Ok(()),
        false => Err(SessionStop::ReviewClosed.into()),
    }
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
#[derive(Default)]
pub(super) struct Beside {
    pub opinion: Option<String>,
    pub remarks: Vec<AdvisoryRemark>,
    pub visits: Vec<(SiteVisit, Vec<VisitPicture>)>,
    pub tests: Vec<TestRequest>,
}

/// What the regulation of a council shows of the review to whoever sits in it: nothing; the opinion, the
/// remarks, the site visits and the extra tests; or the preliminary marks too.
pub(super) fn beside(cx: &mut Ctx<'_>, dossier: DossierId, council: &CouncilRow) -> Result<Beside> {
    let view = council.rules()?.advisory_view;
    if view == AdvisoryView::Nothing {
        return Ok(Beside::default());
    }
    let row = store::advisory(cx, dossier, council.level)?;
    let mut remarks = match &row {
        Some(row) => row.remarks()?,
        None => Vec::new(),
    };
    if view == AdvisoryView::Remarks {
        remarks.iter_mut().for_each(|r| r.mark = None);
    }
    Ok(Beside {
        opinion: row.map(|r| r.opinion),
        remarks,
        visits: store::visits(cx, dossier, council.level)?,
        tests: store::tests(cx, dossier, council.level)?,
    })
}

/// A picture of a site visit, as far as the regulation of a council shows the review.
///
/// # Errors
/// 404.
pub(super) fn picture_beside(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    council: &CouncilRow,
    id: RowId,
) -> Result<VisitPicture> {
    let visits = beside(cx, dossier, council)?.visits;
    visits.into_iter().flat_map(|(_, pictures)| pictures).find(|p| p.id == id).ok_or(AppError::NotFound)
}
