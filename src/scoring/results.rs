//! From the submitted sheets of a council to the recorded result of a dossier.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::councils::{Bench, bench, benches};
use super::model::{Meeting, ResultRow, Tabled};
use super::rules::minutes::Dissent;
use super::rules::regulation::BandWithMinimumMissed;
use super::rules::{
    self, Bands, Conclusions, Finding, Matter, Phase, References, Regulation, SealedSheet, SessionStop, SheetState,
    Stop, TableState, Viewer, may_see,
};
use super::sessions::{count, on_table, party};
use super::{sheets, store};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::dossiers::{self, Action, Deed, Desk, Dossier};
use crate::error::{AppError, Result};
use crate::ids::{DossierId, ProducerId, ResultId, SessionMeetingId};
use crate::rulebook::rules::MinimumMissed;
use crate::rulebook::{self, Authority, CriteriaSet, Outcome, Rulebook};

pub(super) fn must_be_closed(tabled: &Tabled) -> Result<()> {
    match tabled.state {
        TableState::Closed => Ok(()),
        TableState::Waiting | TableState::Scoring => Err(SessionStop::NotClosed.into()),
        TableState::Concluded => Err(SessionStop::ResultRecorded.into()),
        state => Err(SessionStop::NotOnTable(state).into()),
    }
}

/// Records what the council found for a dossier. Marking must have ended: until then nobody, the
/// chair among them, may learn anything from the sheets.
///
/// # Errors
/// 403 for others than who presides, 409 where the regulation of the council gives no result.
pub fn record(
    cx: &mut Ctx<'_>,
    mut meeting: Meeting,
    dossier: DossierId,
    concluded: &Conclusions,
) -> Result<ResultRow> {
    let bench = bench(cx, &meeting)?;
    bench.must_preside(Some(dossier))?;
    let mut tabled = on_table(cx, &meeting, dossier)?;
    must_be_closed(&tabled)?;
    let held = dossiers::hold_any(cx, dossier)?;
    let case = Case::read(cx, &bench, &tabled, &held)?;
    let finding = case.settle(&bench, dossier, concluded)?;
    let row = case.row(cx, &meeting, &bench, &held, &finding)?;
    store::insert_result(cx, &row)?;
    tabled.state = TableState::Concluded;
    tabled.conclusions = Doc::of(concluded);
    store::save_tabled(cx, &tabled)?;
    meeting.version += 1;
    store::save_session(cx, &meeting)?;
    // What follows is decided on the star of this move; who reads the moves is shown the result's name alone.
    let details = json!({ "session": meeting.id, "result": row.id, "stars": row.stars, "rejected": row.rejected });
    dossiers::advance(cx, &held, Action::RecordResult, party(bench.council.level), Deed::with(details))?;
    let details = Details::none()
        .with("dossier", dossier)
        .with("session", meeting.id)
        .with("star", finding.star)
        .with("mean", finding.mean)
        .with("rejected", finding.rejected())
        .with("conclusions", concluded);
    audit::record(cx, "result.recorded", "result", row.id.0, details)?;
    Ok(row)
}

/// Whether the sheets of a dossier give a result as they are. What only the chair's conclusion can
/// settle is settled; a missing quorum, a spread beyond the limit and a disputed knock-out are not.
pub(super) fn try_settle(cx: &mut Ctx<'_>, tabled: &Tabled) -> Result<bool> {
    let meeting = store::session(cx, tabled.session_id)?;
    let bench = bench(cx, &meeting)?;
    let dossier = dossiers::any(cx, tabled.dossier_id)?;
    let case = Case::read(cx, &bench, tabled, &dossier)?;
    match case.settle(&bench, tabled.dossier_id, &Conclusions::default()) {
        Ok(_) | Err(Stop::ConclusionNeeded { .. }) => Ok(true),
        Err(
            Stop::QuorumMissing { .. }
            | Stop::ChairMissing
            | Stop::NoSheets
            | Stop::SpreadBeyondLimit { .. }
            | Stop::KnockOutDisputed { .. },
        ) => Ok(false),
        Err(stop) => Err(stop.into()),
    }
}

/// All that a result is made of.
pub(super) struct Case {
    pub set: CriteriaSet,
    book: Rulebook,
    pub bands: Bands,
    pub rules: Regulation,
    pub sheets: Vec<SealedSheet>,
}

impl Case {
    pub fn read(cx: &mut Ctx<'_>, bench: &Bench, tabled: &Tabled, dossier: &Dossier) -> Result<Self> {
        let set = rulebook::set(cx, dossier.criteria_set_id)?.set;
        let book = rulebook::get(cx, dossier.rulebook_id)?.book;
        let mut rules = bench.rules.clone();
        if book.parameters.band_with_minimum_missed == MinimumMissed::NoStar {
            rules.band_with_minimum_missed = BandWithMinimumMissed::None;
        }
        Ok(Self {
            sheets: sealed_sheets(cx, bench, tabled, &set)?,
            bands: Bands::of_rulebook(&book)?,
            set,
            book,
            rules,
        })
    }

    fn settle(&self, bench: &Bench, dossier: DossierId, concluded: &Conclusions) -> Result<Finding, Stop> {
        let seats = count(bench.base(dossier));
        let chaired = bench
            .voters()
            .any(|s| bench.presides(s, Some(dossier)) && self.sheets.iter().any(|sheet| sheet.seat == s.label()));
        rules::quorum(&self.rules, seats, count(self.sheets.len()), chaired)?;
        rules::outcome(&self.set, &self.bands, &self.sheets, &self.rules, concluded)
    }

    fn row(
        &self,
        cx: &Ctx<'_>,
        meeting: &Meeting,
        bench: &Bench,
        dossier: &Dossier,
        found: &Finding,
    ) -> Result<ResultRow> {
        let references = References::of(&self.book, bench.council.level, cx.today());
        let reasons = rules::explain(found, &self.set, &self.bands, &references);
        Ok(ResultRow {
            id: ResultId::new(),
            dossier_id: dossier.id,
            session_id: meeting.id,
            level: bench.council.level,
            rulebook_id: dossier.rulebook_id,
            stars: found.star.unwrap_or(0).into(),
            stars_by_band: found.star_by_band.unwrap_or(0).into(),
            mean_sum: found.mean.map_or(0, |m| m.sum),
            mean_sheets: found.mean.map_or(Ok(0), |m| m.sheets.try_into()).map_err(AppError::internal)?,
            rejected: found.rejected(),
            sensitive: found.sensitive,
            finding: Doc::of(found),
            explanation: Doc::of(&reasons),
            recorded_by: cx.actor().user(),
            recorded_at: cx.now,
            published_on: None,
        })
    }
}

/// The submitted sheets of the present round, each sealed again from its marks and compared with
/// the total it was submitted with.
fn sealed_sheets(cx: &mut Ctx<'_>, bench: &Bench, tabled: &Tabled, set: &CriteriaSet) -> Result<Vec<SealedSheet>> {
    let mut out = Vec::new();
    for row in store::sheets_in(cx, tabled.session_id)? {
        let counts = row.dossier_id == tabled.dossier_id
            && row.scoring_round == tabled.scoring_round
            && row.state == SheetState::Submitted;
        let Some(seat) = bench.seats.iter().find(|s| counts && s.id == row.seat_id) else { continue };
        let sealed = sheets::sealed(cx, &row, set, &seat.label(), bench.presides(seat, Some(row.dossier_id)))?;
        if sealed.total != row.total {
            return Err(Stop::SealBroken { seat: seat.label() }.into());
        }
        out.push(sealed);
    }
    out.sort_by(|a, b| a.seat.len().cmp(&b.seat.len()).then_with(|| a.seat.cmp(&b.seat)));
    Ok(out)
}

/// The sheets of the round that gave a result that by themselves give another star.
pub(super) fn dissent(cx: &mut Ctx<'_>, bench: &Bench, tabled: &Tabled, stars: u8) -> Result<Vec<Dissent>> {
    let dossier = dossiers::any(cx, tabled.dossier_id)?;
    let case = Case::read(cx, bench, tabled, &dossier)?;
    let mut opinions = BTreeMap::new();
    for row in store::sheets_in(cx, tabled.session_id)? {
        let seat = bench.seats.iter().find(|s| s.id == row.seat_id);
        if let Some(seat) =
            seat.filter(|_| (row.dossier_id, row.scoring_round) == (tabled.dossier_id, tabled.scoring_round))
        {
            opinions.insert(seat.label(), row.opinion);
        }
    }
    let with_opinion = |s: SealedSheet| {
        let opinion = opinions.get(&s.seat).cloned().unwrap_or_default();
        (s, opinion)
    };
    let sheets: Vec<(SealedSheet, String)> = case.sheets.into_iter().map(with_opinion).collect();
    Ok(rules::minutes::dissent(&case.set, &case.bands, &sheets, &case.rules, stars))
}

/// What follows from the newest result of a dossier at the level that holds it now: this level
/// recognises, sends on, hands back, or nobody recognises the star.
///
/// # Errors
/// 409 when there is no result, or no text names an authority for the star today.
pub fn outcome_for(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Outcome> {
    let result = super::result_of(cx, dossier.id, None)?.ok_or(SessionStop::NoResult)?;
    if result.rejected || result.stars == 0 {
        return Ok(Outcome::NotRecognised);
    }
    let level = match dossier.level {
        Desk::Commune | Desk::District => Authority::District,
        Desk::Province => Authority::Province,
        Desk::Central => Authority::Central,
    };
    let book = rulebook::get(cx, dossier.rulebook_id)?.book;
    Ok(book.outcome(cx.today(), level, result.star())?)
}

/// The results of a dossier that the caller may read, newest first, as [`rules::independence::TABLE`]
/// says: officials of the deciding levels and the council that found them at once; producer and
/// commune after the act that makes them known.
///
/// # Errors
/// 404 when there is none for the caller.
pub fn readable_results(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<ResultRow>> {
    readable(cx, &[dossier])?.remove(&dossier).ok_or(AppError::NotFound)
}

/// The same of several dossiers. What the caller reads no result of is left out.
pub(super) fn readable(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<BTreeMap<DossierId, Vec<ResultRow>>> {
    // No council has seen a draft: whatever is recorded beside one is no result of it.
    let filed: Vec<DossierId> = store::filed(cx, ids)?.into_keys().collect();
    let seen = dossiers::known(cx, &filed)?;
    let noticed = dossiers::told_by_notice(cx, &seen.keys().copied().collect::<Vec<_>>())?;
    let rows = store::results_of(cx, &filed)?;
    let sessions: BTreeSet<SessionMeetingId> = rows.iter().map(|r| r.session_id).collect();
    let benches = benches(cx, &sessions.into_iter().collect::<Vec<_>>())?;
    let mut out: BTreeMap<DossierId, Vec<ResultRow>> = BTreeMap::new();
    for row in rows {
        let bench = benches.get(&row.session_id).ok_or(AppError::NotFound)?;
        let noticed = noticed.get(&row.dossier_id).is_some_and(|at| row.recorded_at <= *at);
        if is_readable(cx, &row, seen.get(&row.dossier_id).copied(), noticed, bench) {
            out.entry(row.dossier_id).or_default().push(row);
        }
    }
    Ok(out)
}

/// Whether the caller may read a result: of a dossier that the caller knows, whose producer is given
/// then, or by a seat in the council that found it.
fn is_readable(cx: &Ctx<'_>, row: &ResultRow, seen: Option<ProducerId>, noticed: bool, bench: &Bench) -> bool {
    let own = seen.is_some_and(|producer| cx.actor().producers().contains(&producer));
    let official = cx.actor().reads_early() && seen.is_some() && !own;
    let known = noticed || super::result_visible_to_producer(row, cx.today());
    let phase = if known { Phase::Published } else { Phase::Concluded };
    let seat = bench.own.is_some().then(|| bench.viewer(Some(row.dossier_id)));
    let viewers = [official.then_some(Viewer::Official), seen.is_some().then_some(Viewer::Outsider), seat];
    let shown = viewers.into_iter().flatten().any(|v| may_see(v, phase, Matter::Result, &bench.rules));
    shown || cx.actor().is_system()
}

/// A result that was just recorded.
///
/// # Errors
/// 404.
pub fn result(cx: &mut Ctx<'_>, id: ResultId) -> Result<ResultRow> {
    let row = store::result(cx, id)?.ok_or(AppError::NotFound)?;
    let readable = readable_results(cx, row.dossier_id)?;
    readable.into_iter().find(|r| r.id == id).ok_or(AppError::NotFound)
}
