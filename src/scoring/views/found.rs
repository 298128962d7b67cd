//! What councils found, with what stands behind it. Everything is read for many results at once: one
//! result is the least of many.

use std::collections::BTreeMap;

use super::super::dto::{DossierResult, MeanView, MinimumBehind, ResultView, SessionResults, SheetBehind};
use super::super::model::{Meeting, ResultRow, SheetRow};
use super::super::rules::{MinimumFinding, References};
use super::super::{results, store};
use super::{Papers, distinct, papers};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CriteriaSetId, DossierId, ResultId, RulebookId, SessionMeetingId};
use crate::rulebook::{self, Authority, CriteriaSet, Rulebook};
use crate::text::{Label, Lang};

/// One result with what stands behind it.
pub(in crate::scoring) fn result(cx: &mut Ctx<'_>, row: &ResultRow) -> Result<ResultView> {
    views(cx, std::slice::from_ref(row))?.pop().ok_or(AppError::NotFound)
}

/// The results of a dossier that the caller may read: the newest, and those before it.
pub(in crate::scoring) fn dossier_result(
    cx: &mut Ctx<'_>,
    id: DossierId,
    level: Option<Authority>,
) -> Result<DossierResult> {
    dossier_results(cx, &[id], level)?.pop().ok_or(AppError::NotFound)
}

/// The results of a session, each as it is answered for its dossier.
pub(in crate::scoring) fn session_results(cx: &mut Ctx<'_>, row: &Meeting) -> Result<SessionResults> {
    let ids: Vec<DossierId> = store::table_of(cx, row.id)?.iter().map(|t| t.dossier_id).collect();
    Ok(SessionResults { data: dossier_results(cx, &ids, None)? })
}

/// The same of these dossiers, in their order. A dossier without a result for the caller is left out.
fn dossier_results(cx: &mut Ctx<'_>, ids: &[DossierId], level: Option<Authority>) -> Result<Vec<DossierResult>> {
    let mut readable = results::readable(cx, ids)?;
    let of_dossier = |id: &DossierId| readable.remove(id).unwrap_or_default();
    let rows: Vec<ResultRow> = ids.iter().flat_map(of_dossier).filter(|r| level.is_none_or(|l| r.level == l)).collect();
    let mut out: Vec<DossierResult> = Vec::new();
    for view in views(cx, &rows)? {
        match out.last_mut() {
            Some(last) if last.newest.dossier_id == view.dossier_id => last.earlier.push(view),
            _ => out.push(DossierResult { newest: view, earlier: Vec::new() }),
        }
    }
    Ok(out)
}

/// Results with what stands behind them, in their order.
fn views(cx: &mut Ctx<'_>, rows: &[ResultRow]) -> Result<Vec<ResultView>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut behind = Behind::read(cx, rows)?;
    let lang = cx.lang();
    rows.iter().map(|row| behind.view(row, lang)).collect()
}

/// What stands behind some results.
struct Behind {
    tables: BTreeMap<DossierId, CriteriaSetId>,
    sets: BTreeMap<CriteriaSetId, CriteriaSet>,
    books: BTreeMap<RulebookId, Rulebook>,
    papers: BTreeMap<DossierId, Papers>,
    sheets: BTreeMap<(SessionMeetingId, DossierId), Vec<SheetBehind>>,
    under_complaint: Vec<ResultId>,
}

impl Behind {
    fn read(cx: &mut Ctx<'_>, rows: &[ResultRow]) -> Result<Self> {
        let dossiers = distinct(rows.iter().map(|r| r.dossier_id));
        let tables = store::filed(cx, &dossiers)?;
        Ok(Self {
            sets: rulebook::sets(cx, &distinct(tables.values().copied()))?,
            books: rulebook::all(cx)?.into_iter().map(|stored| (stored.id, stored.book)).collect(),
            papers: papers(cx, &dossiers)?,
            sheets: sheets_behind(cx, rows, &dossiers)?,
            under_complaint: store::under_complaint(cx, &rows.iter().map(|r| r.id).collect::<Vec<_>>())?,
            tables,
        })
    }

    fn view(&mut self, row: &ResultRow, lang: Lang) -> Result<ResultView> {
        let finding = row.finding()?;
        Ok(ResultView {
            id: row.id,
            dossier_id: row.dossier_id,
            session_id: row.session_id,
            level: row.level,
            rulebook_id: row.rulebook_id,
            stars: row.stars,
            stars_by_band: row.stars_by_band,
            mean: row.mean().map(|m| MeanView::of(m, lang)),
            rejected: row.rejected,
            sensitive: row.sensitive,
            under_complaint: self.under_complaint.contains(&row.id),
            reasons: row.reasons()?,
            minima: self.minima(row, &finding.minima)?,
            finding,
            sheets: self.sheets.remove(&(row.session_id, row.dossier_id)).unwrap_or_default(),
            recorded_at: row.recorded_at,
            published_on: row.published_on,
        })
    }

    fn minima(&self, row: &ResultRow, found: &[MinimumFinding]) -> Result<Vec<MinimumBehind>> {
        let table = self.tables.get(&row.dossier_id).and_then(|id| self.sets.get(id)).ok_or(AppError::NotFound)?;
        let book = self.books.get(&row.rulebook_id).ok_or(AppError::NotFound)?;
        let article = References::of(book, row.level, row.recorded_at.vietnam_day()).minima;
        let papers = self.papers.get(&row.dossier_id);
        let behind = |m: &MinimumFinding| MinimumBehind {
            title: table.criterion(&m.criterion).map_or_else(|| Label::new("", ""), |c| c.title.clone()),
            criterion: m.criterion.clone(),
            star: m.star,
            article: article.clone(),
            needed: m.needed.clone(),
            holds: m.holds,
            reached: m.reached,
            sheets: m.sheets,
            evidence: papers.and_then(|p| p.get(&m.criterion)).cloned().unwrap_or_default(),
        };
        Ok(found.iter().map(behind).collect())
    }
}

/// The sheets of the rounds that gave results, by seat, as far as the caller may see them. A dossier has
/// one result of a session.
fn sheets_behind(
    cx: &mut Ctx<'_>,
    rows: &[ResultRow],
    dossiers: &[DossierId],
) -> Result<BTreeMap<(SessionMeetingId, DossierId), Vec<SheetBehind>>> {
    let sessions = distinct(rows.iter().map(|r| r.session_id));
    let rounds = store::scoring_rounds(cx, &sessions, dossiers)?;
    let of_last_round = |sheet: &SheetRow| {
        let last = rounds.get(&(sheet.session_id, sheet.dossier_id)).copied().unwrap_or(1);
        sheet.scoring_round == last
    };
    let seen: Vec<SheetRow> =
        store::sheets_behind(cx, &sessions, dossiers)?.into_iter().filter(of_last_round).collect();
    let seats = store::seats_by_id(cx, &distinct(seen.iter().map(|s| s.seat_id)))?;
    let seated = |sheet: SheetRow| Ok((seats.get(&sheet.seat_id).ok_or(AppError::NotFound)?, sheet));
    let mut seated: Vec<_> = seen.into_iter().map(seated).collect::<Result<_>>()?;
    seated.sort_by_key(|(seat, _)| seat.ordinal);
    let mut behind: BTreeMap<_, Vec<SheetBehind>> = BTreeMap::new();
    for (seat, sheet) in seated {
        let one = SheetBehind { sheet_id: sheet.id, seat: seat.label(), total: sheet.total };
        behind.entry((sheet.session_id, sheet.dossier_id)).or_default().push(one);
    }
    Ok(behind)
}
