//! What the sheets of closed sessions tell besides their results: simulations, figures, precedents.

use std::collections::BTreeMap;

use super::councils::{Bench, bench};
use super::model::{Meeting, ResultRow, SheetRow};
use super::results::{self, Case};
use super::rules::figures::{Figures, Judged, figures};
use super::rules::whatif::{self, Refused, Untaken, Variant};
use super::rules::{
    self, Bands, Conclusions, Finding, Matter, Paragraph, Phase, References, Regulation, SessionState, SessionStop,
    TableState, Viewer, may_see,
};
use super::store;
use crate::db::Ctx;
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, RulebookId};
use crate::rulebook::{self, Authority};

/// The bench of a session, for whoever may see what is computed from its sheets.
fn organiser(cx: &mut Ctx<'_>, meeting: &Meeting, dossier: Option<DossierId>) -> Result<Bench> {
    let bench = bench(cx, meeting)?;
    let viewer = match bench.own {
        None if cx.actor().reads_early() => Viewer::Official,
        _ => bench.viewer(dossier),
    };
    match may_see(viewer, Phase::Concluded, Matter::Figures, &bench.rules) {
        true => Ok(bench),
        false => Err(AppError::Forbidden("readFigures")),
    }
}

/// Whether the caller reads what is computed from the sheets behind the newest result of a dossier.
///
/// # Errors
/// 404 where the caller reads no result, 403 for whoever reads no figures.
pub fn must_read_figures(cx: &mut Ctx<'_>, id: DossierId) -> Result<()> {
    let newest = results::readable_results(cx, id)?.into_iter().next().ok_or(AppError::NotFound)?;
    let meeting = store::session(cx, newest.session_id)?;
    organiser(cx, &meeting, Some(id)).map(drop)
}

/// What to try on the sheets behind a result.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// The result of this level; the newest when not said.
    pub level: Option<Authority>,
    /// Another decision, with its own bands and its own table.
    pub rulebook_id: Option<RulebookId>,
    /// Another regulation.
    pub regulation: Option<Regulation>,
}

/// What a trial gives. It is a simulation and changes nothing.
#[derive(Debug)]
pub struct Simulated {
    /// The result that the sheets gave.
    pub result: ResultRow,
    /// The decision that was tried.
    pub rulebook_id: RulebookId,
    /// Code of the table that was tried.
    pub set: String,
    /// The regulation that was tried.
    pub regulation: Regulation,
    /// What it would give, with its reasons; or why it gives nothing.
    pub outcome: std::result::Result<(Finding, Vec<Paragraph>), Refused>,
    /// Sheets that the other table does not take.
    pub untaken: Vec<Untaken>,
    /// How firmly it stands.
    pub sensitivity: Vec<Variant>,
}

/// Tries the sheets behind a result under another decision or regulation.
///
/// # Errors
/// 404 where the caller reads no result, 403 for whoever reads no figures, 422 for a decision that is
/// not there, 409 for a regulation that makes no sense.
pub fn what_if(cx: &mut Ctx<'_>, id: DossierId, trial: &Trial) -> Result<Simulated> {
    let all = results::readable_results(cx, id)?;
    let result = all.into_iter().find(|r| trial.level.is_none_or(|l| r.level == l)).ok_or(AppError::NotFound)?;
    let meeting = store::session(cx, result.session_id)?;
    let bench = organiser(cx, &meeting, Some(id))?;
    let dossier = dossiers::any(cx, id)?;
    let tabled = store::tabled(cx, meeting.id, id)?.ok_or(AppError::NotFound)?;
    let case = Case::read(cx, &bench, &tabled, &dossier)?;
    let conclusions: Conclusions = tabled.conclusions.read().map_err(AppError::internal)?;
    let regulation = trial.regulation.clone().unwrap_or_else(|| case.rules.clone());
    regulation.check()?;
    let book_id = trial.rulebook_id.unwrap_or(result.rulebook_id);
    let absent =
        || AppError::field("/rulebookId", "not_found", "Không có quyết định này.", "There is no such rulebook.");
    let book = match rulebook::get(cx, book_id) {
        Err(AppError::NotFound) => return Err(absent()),
        found => found?.book,
    };
    let set = match trial.rulebook_id {
        Some(other) if other != result.rulebook_id => match rulebook::newest_set(cx, other, &case.set.code) {
            Ok(row) => row.set,
            // A decision without a table of this code: the same table, its own bands.
            Err(AppError::NotFound | AppError::Refused(_)) => case.set.clone(),
            Err(e) => return Err(e),
        },
        _ => case.set.clone(),
    };
    let bands = Bands::of_rulebook(&book)?;
    let (sheets, untaken) = match whatif::carried(&case.sheets, &set) {
        Ok(sheets) => (sheets, Vec::new()),
        Err(untaken) => (Vec::new(), untaken),
    };
    let references = References::of(&book, result.level, result.recorded_at.vietnam_day());
    let found = rules::outcome(&set, &bands, &sheets, &regulation, &conclusions);
    let outcome = found.map(|f| {
        let reasons = rules::explain(&f, &set, &bands, &references);
        (f, reasons)
    });
    Ok(Simulated {
        sensitivity: whatif::sensitivity(&set, &bands, &sheets, &regulation, &conclusions),
        outcome: outcome.map_err(Refused::from),
        rulebook_id: book_id,
        set: set.code.clone(),
        regulation,
        untaken,
        result,
    })
}

/// The figures of a closed session.
///
/// # Errors
/// 403 for whoever reads no figures, 409 while marking goes on.
pub fn session_figures(cx: &mut Ctx<'_>, meeting: &Meeting) -> Result<Figures> {
    let bench = organiser(cx, meeting, None)?;
    if meeting.state != SessionState::Closed {
        return Err(SessionStop::NotClosed.into());
    }
    let mut judged = Vec::new();
    for tabled in store::table_of(cx, meeting.id)?.iter().filter(|t| t.state == TableState::Concluded) {
        if bench.own.is_some() && bench.viewer(Some(tabled.dossier_id)) == Viewer::Outsider {
            continue;
        }
        let found = store::results_of(cx, &[tabled.dossier_id])?;
        let Some(result) = found.into_iter().find(|r| r.session_id == meeting.id) else { continue };
        let dossier = dossiers::any(cx, tabled.dossier_id)?;
        let case = Case::read(cx, &bench, tabled, &dossier)?;
        judged.push(Judged {
            set: case.set,
            sheets: case.sheets,
            own: dossiers::marks_of(cx, tabled.dossier_id)?,
            stars: result.star(),
            mean: result.mean().map(|m| m.sum as f64 / m.sheets as f64),
        });
    }
    Ok(figures(&judged))
}

/// The fewest dossiers from which precedents are told: fewer would tell of one.
pub const PRECEDENTS_FROM: usize = 3;

/// How councils marked one criterion before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedent {
    /// The criterion.
    pub criterion: String,
    /// Dossiers.
    pub cases: usize,
    /// Each option with the sheets that chose it; none stands for "none fits".
    pub options: Vec<(Option<String>, i64)>,
}

/// How councils marked the criteria of this table in closed sessions: three dossiers at least, no names.
///
/// # Errors
/// When the database fails.
pub fn precedents(cx: &mut Ctx<'_>, sheet: &SheetRow) -> Result<Vec<Precedent>> {
    let dossier = dossiers::any(cx, sheet.dossier_id)?;
    let (cases, options) = store::precedents(cx, dossier.criteria_set_id, dossier.id)?;
    let mut of: BTreeMap<String, Vec<(Option<String>, i64)>> = BTreeMap::new();
    for (criterion, option, sheets) in options {
        of.entry(criterion).or_default().push((option, sheets));
    }
    let one = |(criterion, cases): (String, i64)| {
        let mut options = of.remove(&criterion).unwrap_or_default();
        // None comes first on one engine and last on the other.
        options.sort();
        Precedent { criterion, cases: usize::try_from(cases).unwrap_or(0), options }
    };
    Ok(cases.into_iter().map(one).filter(|p| p.cases >= PRECEDENTS_FROM).collect())
}
