//! What is shown of a council, a session, a sheet, a result.

use std::collections::BTreeMap;

use super::councils::{Bench, bench};
use super::dto::{
    CouncilView, DossierHead, EvidenceView, MeanView, SeatProgress, SessionProgress, SessionView, SheetBrief,
    SheetCriterion, SheetPart, SheetSection, SheetView, TabledView,
};
use super::model::{CouncilRow, Meeting, SheetRow, Tabled};
use super::rules::{self, Mean, SheetState, TableState};
use super::{sheets, store};
use crate::db::Ctx;
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, SheetId};
use crate::rulebook::marks::Marks;
use crate::rulebook::{CriteriaSet, Criterion};

pub(super) fn council(cx: &mut Ctx<'_>, row: CouncilRow) -> Result<CouncilView> {
    let seats = store::seats(cx, row.id)?;
    CouncilView::of(row, seats)
}

fn heads(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<BTreeMap<DossierId, DossierHead>> {
    Ok(store::heads(cx, ids)?.into_iter().map(|h| (h.id, h)).collect())
}

/// A session. Nothing in it, its tag included, changes when a member submits a sheet.
pub(super) fn session(cx: &mut Ctx<'_>, row: &Meeting) -> Result<SessionView> {
    let bench = bench(cx, row)?;
    let table = store::table_of(cx, row.id)?;
    let ids: Vec<DossierId> = table.iter().map(|t| t.dossier_id).collect();
    let mut heads = heads(cx, &ids)?;
    let mut dossiers = Vec::new();
    for tabled in table {
        let Some(head) = heads.remove(&tabled.dossier_id) else { continue };
        let conflict = bench.own.as_ref().is_some_and(|s| bench.in_conflict(s.id, tabled.dossier_id));
        let mean = if conflict { None } else { open_mean(cx, &bench, &tabled)? };
        dossiers.push(TabledView::of(tabled, head, conflict, mean));
    }
    Ok(SessionView {
        id: row.id,
        council_id: row.council_id,
        round_id: row.round_id,
        held_on: row.held_on,
        form: row.form,
        state: row.state,
        present: row.present(),
        chaired_by: row.chaired_by,
        report: row.report.as_ref().and_then(|r| r.read().ok()),
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        seat: bench.own.map(|s| s.id),
        dossiers,
    })
}

/// The mean while marking goes on: to members only, and only where the regulation discloses it.
fn open_mean(cx: &mut Ctx<'_>, bench: &Bench, tabled: &Tabled) -> Result<Option<MeanView>> {
    if !bench.rules.disclose_mean_to_members || bench.own.is_none() || tabled.state != TableState::Scoring {
        return Ok(None);
    }
    let of = |s: &SheetRow| {
        s.dossier_id == tabled.dossier_id && s.scoring_round == tabled.scoring_round && s.state == SheetState::Submitted
    };
    let totals: Vec<i64> =
        store::sheets_in(cx, tabled.session_id)?.into_iter().filter(of).filter_map(|s| s.total).collect();
    let lang = cx.lang();
    Ok(Mean::of(&totals, bench.rules.aggregation).map(|m| MeanView::of(m, lang)))
}

/// Who has submitted, for whoever leads the session: states and nothing else.
pub(super) fn progress(cx: &mut Ctx<'_>, row: &Meeting) -> Result<SessionProgress> {
    let bench = bench(cx, row)?;
    if !bench.sees_progress() {
        return Err(AppError::Forbidden("leadSession"));
    }
    let one = |s: SheetRow| SeatProgress {
        dossier_id: s.dossier_id,
        seat_id: s.seat_id,
        scoring_round: s.scoring_round,
        state: s.state,
    };
    Ok(SessionProgress { data: store::sheets_in(cx, row.id)?.into_iter().map(one).collect() })
}

/// Rows of a list of sheets that the caller may see.
pub(super) fn sheet_rows(cx: &mut Ctx<'_>, rows: Vec<SheetRow>) -> Result<Vec<SheetBrief>> {
    let ids: Vec<DossierId> = rows.iter().map(|r| r.dossier_id).collect();
    let heads = heads(cx, &ids)?;
    let keys: Vec<SheetId> = rows.iter().map(|r| r.id).collect();
    let marked: BTreeMap<SheetId, i64> = store::marked(cx, &keys)?.into_iter().collect();
    let mut out = Vec::new();
    for row in rows {
        let Some(head) = heads.get(&row.dossier_id).cloned() else { continue };
        let seat = store::seat(cx, row.seat_id)?.ok_or(AppError::NotFound)?;
        let count = marked.get(&row.id).copied().unwrap_or(0);
        out.push(SheetBrief::of(row, head, sheets::is_own(cx, &seat), count));
    }
    Ok(out)
}

/// One sheet with the whole table of its set.
pub(super) fn sheet(cx: &mut Ctx<'_>, row: SheetRow) -> Result<SheetView> {
    let set = sheets::set_of(cx, row.dossier_id)?;
    let head = heads(cx, &[row.dossier_id])?.remove(&row.dossier_id).ok_or(AppError::NotFound)?;
    let seat = store::seat(cx, row.seat_id)?.ok_or(AppError::NotFound)?;
    let marks = sheets::marks_on(cx, row.id)?;
    let on = Desk {
        own: dossiers::marks_of(cx, row.dossier_id)?,
        papers: papers(cx, row.dossier_id)?,
        marks: &marks,
        set: &set,
    };
    Ok(SheetView {
        id: row.id,
        session_id: row.session_id,
        dossier: head,
        set_name: set.name.clone(),
        seat_id: row.seat_id,
        seat_number: seat.ordinal,
        mine: sheets::is_own(cx, &seat),
        member: seat.name,
        scoring_round: row.scoring_round,
        state: row.state,
        knock_out: row.knock_out.as_ref().and_then(|k| k.read().ok()),
        opinion: row.opinion,
        points: sheets::points(&set, &marks),
        total: row.total,
        unmarked: rules::sheet::unmarked(&set, &marks),
        disqualifiers: set.disqualifiers.clone(),
        parts: on.parts(),
    })
}

/// The papers behind each criterion: those that name it, and those that its self-mark names.
fn papers(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<BTreeMap<String, Vec<EvidenceView>>> {
    let all = store::evidence(cx, dossier)?;
    let mut out: BTreeMap<String, Vec<EvidenceView>> = BTreeMap::new();
    for (paper, criteria) in &all {
        for criterion in criteria {
            out.entry(criterion.clone()).or_default().push(paper.clone());
        }
    }
    for (criterion, named) in store::named_evidence(cx, dossier)? {
        let list = out.entry(criterion).or_default();
        let more = all.iter().map(|(p, _)| p).filter(|p| named.contains(&p.id));
        for paper in more {
            if list.iter().all(|p| p.id != paper.id) {
                list.push(paper.clone());
            }
        }
    }
    Ok(out)
}

/// All that lies on the desk of whoever marks a sheet.
struct Desk<'a> {
    set: &'a CriteriaSet,
    marks: &'a Marks,
    own: Marks,
    papers: BTreeMap<String, Vec<EvidenceView>>,
}

impl Desk<'_> {
    fn parts(&self) -> Vec<SheetPart> {
        let section = |s: &crate::rulebook::Section| SheetSection {
            code: s.code.clone(),
            title: s.title.clone(),
            max_points: s.max_points,
            knock_out: s.knock_out.clone(),
            criteria: s.criteria.iter().map(|c| self.criterion(c)).collect(),
        };
        let parts = self.set.parts.iter().map(|p| SheetPart {
            code: p.code.clone(),
            title: p.title.clone(),
            max_points: p.max_points,
            sections: p.sections.iter().map(section).collect(),
        });
        parts.collect()
    }

    fn criterion(&self, criterion: &Criterion) -> SheetCriterion {
        let mark = self.marks.get(&criterion.code);
        SheetCriterion {
            criterion: Criterion { criteria: Vec::new(), ..criterion.clone() },
            points: mark.and_then(|m| rules::check_mark(self.set, &criterion.code, m, self.marks).ok()),
            mark: mark.cloned(),
            self_mark: self.own.get(&criterion.code).cloned(),
            evidence: self.papers.get(&criterion.code).cloned().unwrap_or_default(),
            nested: criterion.criteria.iter().map(|c| self.criterion(c)).collect(),
        }
    }
}
