//! What is shown of a council, a session, a sheet, a result.

mod found;

use std::collections::{BTreeMap, BTreeSet};

use super::councils::{Bench, bench};
use super::dto::{
    CouncilView, DossierHead, EvidenceView, LaidDossier, MeanView, QuorumView, SeatProgress, SessionProgress,
    SessionView, SheetBrief, SheetCriterion, SheetPart, SheetSection, SheetView, SiteVisitView, TabledView,
    TestRequestView,
};
use super::model::{AdvisoryRemark, CouncilRow, Meeting, Seat, SheetRow, Tabled};
use super::rules::{self, Form, Matter, Mean, Phase, SheetState, may_see};
use super::{advisory, sessions, sheets, store};
use crate::db::Ctx;
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, SheetId};
use crate::rulebook::marks::Marks;
use crate::rulebook::{self, CriteriaSet, Criterion};
use crate::text::Lang;

pub(super) use found::{dossier_result, result, session_results};

pub(super) fn council(cx: &mut Ctx<'_>, row: CouncilRow) -> Result<CouncilView> {
    let seats = store::seats(cx, row.id)?;
    CouncilView::of(row, seats)
}

fn distinct<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    ids.collect::<BTreeSet<T>>().into_iter().collect()
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
    let marked = match table.iter().any(|t| shows_mean(&bench, t)) {
        true => store::sheets_in(cx, row.id)?,
        false => Vec::new(),
    };
    let mut dossiers = Vec::new();
    for tabled in table {
        let Some(head) = heads.remove(&tabled.dossier_id) else { continue };
        let conflict = bench.own.as_ref().is_some_and(|s| bench.in_conflict(s.id, tabled.dossier_id));
        let mean = if conflict { None } else { open_mean(&bench, &tabled, &marked, cx.lang()) };
        let quorum = quorum(&bench, row, Some(tabled.dossier_id));
        dossiers.push(TabledView::of(tabled, head, conflict, quorum, mean));
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
        release_at: row.release_at,
        quorum: quorum(&bench, row, None),
        seat: bench.own.map(|s| s.id),
        dossiers,
    })
}

/// The number that takes part as attendance stands: of the council, or for one dossier.
fn quorum(bench: &Bench, row: &Meeting, dossier: Option<DossierId>) -> Option<QuorumView> {
    if row.form == Form::WrittenOpinions {
        return None;
    }
    let counts = |s: &&Seat| match dossier {
        Some(id) => bench.scores(s, id),
        None => s.votes && s.alternate_for.is_none(),
    };
    let there: Vec<&Seat> = sessions::marking_seats(bench, row).into_iter().filter(counts).collect();
    let seats = sessions::count(bench.seats.iter().filter(counts).count());
    let (present, chaired) = (sessions::count(there.len()), there.iter().any(|s| bench.presides(s, dossier)));
    Some(QuorumView {
        seats,
        needed: bench.rules.quorum_of(seats).max(1),
        present,
        chaired,
        met: rules::quorum(&bench.rules, seats, present, chaired).is_ok(),
    })
}

/// Whether the mean is shown while marking goes on: to members only, and only where the regulation
/// discloses it.
fn shows_mean(bench: &Bench, tabled: &Tabled) -> bool {
    let viewer = bench.viewer(Some(tabled.dossier_id));
    let phase = Phase::of(tabled.state, false, true, false);
    phase.is_some_and(|p| may_see(viewer, p, Matter::OpenMean, &bench.rules))
}

/// The mean of what is submitted so far, where it is shown.
fn open_mean(bench: &Bench, tabled: &Tabled, sheets: &[SheetRow], lang: Lang) -> Option<MeanView> {
    let of = |s: &&SheetRow| {
        s.dossier_id == tabled.dossier_id && s.scoring_round == tabled.scoring_round && s.state == SheetState::Submitted
    };
    let totals: Vec<i64> = sheets.iter().filter(of).filter_map(|s| s.total).collect();
    let mean = if shows_mean(bench, tabled) { Mean::of(&totals, bench.rules.aggregation) } else { None };
    mean.map(|m| MeanView::of(m, lang))
}

/// Who has submitted, for whoever leads the session: states and nothing else.
pub(super) fn progress(cx: &mut Ctx<'_>, row: &Meeting) -> Result<SessionProgress> {
    let bench = bench(cx, row)?;
    let table = store::table_of(cx, row.id)?;
    if !bench.sees_progress(Phase::Waiting) {
        return Err(AppError::Forbidden("leadSession"));
    }
    let seen = |s: &SheetRow| {
        let tabled = table.iter().find(|t| t.dossier_id == s.dossier_id);
        let earlier = tabled.is_some_and(|t| s.scoring_round < t.scoring_round);
        let phase = tabled.and_then(|t| Phase::of(t.state, earlier, s.state == SheetState::Submitted, false));
        phase.is_none_or(|p| bench.sees_progress(p))
    };
    let one = |s: SheetRow| SeatProgress {
        dossier_id: s.dossier_id,
        seat_id: s.seat_id,
        scoring_round: s.scoring_round,
        state: s.state,
    };
    Ok(SessionProgress { data: store::sheets_in(cx, row.id)?.into_iter().filter(seen).map(one).collect() })
}

/// Rows of a list of sheets that the caller may see.
pub(super) fn sheet_rows(cx: &mut Ctx<'_>, rows: Vec<SheetRow>) -> Result<Vec<SheetBrief>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<DossierId> = rows.iter().map(|r| r.dossier_id).collect();
    let heads = heads(cx, &ids)?;
    let keys: Vec<SheetId> = rows.iter().map(|r| r.id).collect();
    let mut marks: BTreeMap<SheetId, Marks> = BTreeMap::new();
    for mark in store::marks_of_sheets(cx, &keys)? {
        let (criterion, choice) = mark.choice();
        marks.entry(mark.sheet_id).or_default().insert(criterion, choice);
    }
    let sets = rulebook::sets(cx, &distinct(heads.values().map(|h| h.criteria_set_id)))?;
    let seats = store::seats_by_id(cx, &distinct(rows.iter().map(|r| r.seat_id)))?;
    let mut out = Vec::new();
    for row in rows {
        let Some(head) = heads.get(&row.dossier_id).cloned() else { continue };
        let seat = seats.get(&row.seat_id).ok_or(AppError::NotFound)?;
        let set = sets.get(&head.criteria_set_id).ok_or(AppError::NotFound)?;
        let on = marks.remove(&row.id).unwrap_or_default();
        let unmarked = rules::sheet::unmarked(set, &on).len();
        out.push(SheetBrief::of(row, head, sheets::is_own(cx, seat), on.len(), unmarked));
    }
    Ok(out)
}

/// One sheet with the whole table of its set.
pub(super) fn sheet(cx: &mut Ctx<'_>, row: SheetRow) -> Result<SheetView> {
    let marks = sheets::marks_on(cx, row.id)?;
    let meeting = store::session(cx, row.session_id)?;
    let council = store::council(cx, meeting.council_id)?;
    let seat = store::seat(cx, row.seat_id)?.ok_or(AppError::NotFound)?;
    let (desk, laid) = laid(cx, row.dossier_id, &council, marks)?;
    Ok(SheetView {
        id: row.id,
        session_id: row.session_id,
        dossier: laid.dossier,
        set_name: laid.set_name,
        seat_id: row.seat_id,
        seat_number: seat.ordinal,
        mine: sheets::is_own(cx, &seat),
        member: seat.name,
        scoring_round: row.scoring_round,
        state: row.state,
        knock_out: row.knock_out.as_ref().and_then(|k| k.read().ok()),
        opinion: row.opinion,
        points: sheets::points(&desk.set, &desk.marks),
        total: row.total,
        unmarked: rules::sheet::unmarked(&desk.set, &desk.marks),
        disqualifiers: laid.disqualifiers,
        advisory_opinion: laid.advisory_opinion,
        site_visits: laid.site_visits,
        test_requests: laid.test_requests,
        parts: laid.parts,
    })
}

/// A dossier as it lies before the members of a council, without any member's marks.
pub(super) fn laid_dossier(cx: &mut Ctx<'_>, council: &CouncilRow, dossier: DossierId) -> Result<LaidDossier> {
    Ok(laid(cx, dossier, council, Marks::new())?.1)
}

fn laid(cx: &mut Ctx<'_>, id: DossierId, council: &CouncilRow, marks: Marks) -> Result<(Desk, LaidDossier)> {
    let set = sheets::set_of(cx, id)?;
    let dossier = heads(cx, &[id])?.remove(&id).ok_or(AppError::NotFound)?;
    let beside = advisory::beside(cx, id, council)?;
    let desk = Desk {
        own: dossiers::marks_of(cx, id)?,
        papers: papers(cx, &[id])?.remove(&id).unwrap_or_default(),
        advisory: beside.remarks,
        marks,
        set,
    };
    let laid = LaidDossier {
        dossier,
        set_name: desk.set.name.clone(),
        disqualifiers: desk.set.disqualifiers.clone(),
        advisory_opinion: beside.opinion,
        site_visits: beside.visits.into_iter().map(|(v, p)| SiteVisitView::of(v, p)).collect(),
        test_requests: beside.tests.into_iter().map(TestRequestView::from).collect(),
        parts: desk.parts(),
    };
    Ok((desk, laid))
}

/// The papers of a dossier behind each criterion.
type Papers = BTreeMap<String, Vec<EvidenceView>>;

/// The papers of dossiers behind each criterion: those that name it, and those that its self-mark names.
fn papers(cx: &mut Ctx<'_>, dossiers: &[DossierId]) -> Result<BTreeMap<DossierId, Papers>> {
    let mut lying: BTreeMap<DossierId, Vec<EvidenceView>> = BTreeMap::new();
    let mut out: BTreeMap<DossierId, Papers> = BTreeMap::new();
    for (dossier, paper, criteria) in store::evidence(cx, dossiers)? {
        let behind = out.entry(dossier).or_default();
        for criterion in criteria {
            behind.entry(criterion).or_default().push(paper.clone());
        }
        lying.entry(dossier).or_default().push(paper);
    }
    let with_papers: Vec<DossierId> = lying.keys().copied().collect();
    for (dossier, criterion, named) in store::named_evidence(cx, &with_papers)? {
        let list = out.entry(dossier).or_default().entry(criterion).or_default();
        for paper in lying.get(&dossier).into_iter().flatten().filter(|p| named.contains(&p.id)) {
            if list.iter().all(|p| p.id != paper.id) {
                list.push(paper.clone());
            }
        }
    }
    Ok(out)
}

/// All that lies on the desk of whoever marks a sheet.
struct Desk {
    set: CriteriaSet,
    marks: Marks,
    own: Marks,
    papers: Papers,
    advisory: Vec<AdvisoryRemark>,
}

impl Desk {
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
            points: mark.and_then(|m| rules::check_mark(&self.set, &criterion.code, m, &self.marks).ok()),
            mark: mark.cloned(),
            self_mark: self.own.get(&criterion.code).cloned(),
            advisory: self.advisory.iter().find(|a| a.criterion == criterion.code).cloned(),
            evidence: self.papers.get(&criterion.code).cloned().unwrap_or_default(),
            nested: criterion.criteria.iter().map(|c| self.criterion(c)).collect(),
        }
    }
}
