//! Sheets: marked one criterion at a time by whoever holds the seat, submitted and locked.

use std::collections::{BTreeMap, BTreeSet};

use super::councils::bench;
use super::model::{EditRow, MarkRow, Meeting, Seat, SheetRow};
use super::rules::edits::{self, Rank};
use super::rules::{self, Choice, KnockedOut, Marks, SealedSheet, SessionStop, Sheet, SheetState, Stop, TableState};
use super::sessions::on_table;
use super::{records, store};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc, Moment};
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::{DocumentId, DossierId, SeatId, SessionMeetingId, SheetId, UserId};
use crate::refusal::Refusal;
use crate::rulebook::{self, CriteriaSet, marks};

/// A sheet that the caller may see.
///
/// # Errors
/// 404.
pub fn sheet(cx: &mut Ctx<'_>, id: SheetId) -> Result<SheetRow> {
    store::visible_sheet(cx, id)?.ok_or(AppError::NotFound)
}

/// What a list of sheets is narrowed to.
#[derive(Debug, Default)]
pub struct SheetFilter {
    /// Only of the seats of this person.
    pub mine: Option<UserId>,
    /// Only of this session.
    pub session: Option<SessionMeetingId>,
    /// Only for this dossier.
    pub dossier: Option<DossierId>,
}

/// Sheets that the caller may see, after one of them.
///
/// # Errors
/// When the database fails.
pub fn sheets(cx: &mut Ctx<'_>, filter: &SheetFilter, after: Option<SheetId>, limit: i64) -> Result<Vec<SheetRow>> {
    store::sheets(cx, filter, after, limit)
}

/// A paper of a dossier that lies before the caller: the bytes' hash, the name of the file. The reading is written down.
///
/// # Errors
/// 404.
pub fn evidence(cx: &mut Ctx<'_>, dossier: DossierId, document: DocumentId) -> Result<(String, String)> {
    let found = store::paper(cx, dossier, document)?.ok_or(AppError::NotFound)?;
    let dossier = dossiers::any(cx, dossier)?;
    dossiers::documents::note_reading(cx, &dossier, document)?;
    Ok(found)
}

/// The caller's own sheet, locked until the deed ends.
///
/// # Errors
/// 404, or 403 for a sheet that the caller only reads.
pub fn hold_sheet(cx: &mut Ctx<'_>, id: SheetId) -> Result<SheetRow> {
    let row = sheet(cx, id)?;
    let seat = store::seat(cx, row.seat_id)?.ok_or(AppError::NotFound)?;
    if cx.actor().user() != Some(seat.user_id) || !seat.holds(cx.today()) {
        return Err(AppError::Forbidden("markSheet"));
    }
    store::lock_sheet(cx, id)
}

/// The criteria set of a dossier.
pub(super) fn set_of(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<CriteriaSet> {
    let dossier = dossiers::any(cx, dossier)?;
    Ok(rulebook::set(cx, dossier.criteria_set_id)?.set)
}

/// The choices on a sheet.
pub(super) fn marks_on(cx: &mut Ctx<'_>, sheet: SheetId) -> Result<Marks> {
    Ok(store::marks(cx, sheet)?.iter().map(MarkRow::choice).collect())
}

fn must_be_draft(row: &SheetRow) -> Result<()> {
    match row.state {
        SheetState::Draft => Ok(()),
        state => Err(SessionStop::SheetLocked(state).into()),
    }
}

/// What a change of a sheet came to.
#[derive(Debug)]
pub struct Marked {
    /// The sheet.
    pub sheet: SheetRow,
    /// Points of what is marked.
    pub points: i64,
    /// Criteria marked.
    pub marked: usize,
    /// Criteria that still need a mark.
    pub unmarked: Vec<String>,
}

impl Marked {
    fn of(sheet: SheetRow, set: &CriteriaSet, marks: &Marks) -> Self {
        Self { sheet, points: points(set, marks), marked: marks.len(), unmarked: rules::sheet::unmarked(set, marks) }
    }
}

/// One change of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A criterion is marked.
    Mark(String, Choice),
    /// A mark is taken back.
    TakeBack(String),
    /// An eliminating ground is noted, or taken back.
    KnockOut(Option<KnockedOut>),
}

impl Change {
    fn criterion(&self) -> &str {
        match self {
            Self::Mark(criterion, _) | Self::TakeBack(criterion) => criterion,
            Self::KnockOut(_) => edits::KNOCK_OUT,
        }
    }

    fn value(&self) -> Option<Doc> {
        match self {
            Self::Mark(_, choice) => Some(Doc::of(choice)),
            Self::KnockOut(Some(found)) => Some(Doc::of(found)),
            Self::TakeBack(_) | Self::KnockOut(None) => None,
        }
    }

    /// Whether the set takes it, beside these other marks.
    fn check(&self, set: &CriteriaSet, others: &Marks) -> Result<(), Stop> {
        match self {
            Self::Mark(criterion, choice) => rules::check_mark(set, criterion, choice, others).map(drop)?,
            Self::TakeBack(criterion) if set.criterion(criterion).is_none() => {
                return Err(marks::Stop::CriterionUnknown { criterion: criterion.clone() }.into());
            }
            Self::KnockOut(Some(found)) => {
                let probe = Sheet { set: set.code.clone(), marks: Marks::new(), knock_out: Some(found.clone()) };
                rules::seal(set, &probe, "", false)?;
            }
            Self::TakeBack(_) | Self::KnockOut(None) => {}
        }
        Ok(())
    }

    fn edit(&self, sheet: SheetId, device: &str, edited_at: Moment, now: Moment) -> EditRow {
        let value = self.value();
        EditRow {
            sheet_id: sheet,
            criterion: self.criterion().to_owned(),
            device: device.to_owned(),
            edited_at,
            digest: crate::keys::sha256_hex(value.as_ref().map(Doc::text).unwrap_or_default().as_bytes()),
            counts_at: Moment::from_micros(edits::counts_at(edited_at.micros(), now.micros())),
            arrived_at: now,
            value,
        }
    }
}

/// Changes one's own sheet on line, now: what the member has read is what is changed. Drafts are not
/// audited: nobody but the member may learn of them.
///
/// # Errors
/// 409 where the set, the case or the state of the sheet does not allow it.
pub fn change(cx: &mut Ctx<'_>, row: SheetRow, what: &Change) -> Result<Marked> {
    change_all(cx, row, std::slice::from_ref(what))
}

/// Marks many criteria at once, for whoever brings a whole sheet (a demonstration, an import).
///
/// # Errors
/// 409 as for one mark.
pub fn put_marks(cx: &mut Ctx<'_>, row: SheetRow, marks: &Marks) -> Result<Marked> {
    let changes: Vec<Change> = marks.iter().map(|(c, choice)| Change::Mark(c.clone(), choice.clone())).collect();
    change_all(cx, row, &changes)
}

fn change_all(cx: &mut Ctx<'_>, mut row: SheetRow, changes: &[Change]) -> Result<Marked> {
    must_be_draft(&row)?;
    let set = set_of(cx, row.dossier_id)?;
    let mut marks = marks_on(cx, row.id)?;
    for what in changes {
        if let Change::Mark(criterion, choice) = what {
            marks.insert(criterion.clone(), choice.clone());
        }
    }
    let history = store::edits(cx, row.id)?;
    // What is changed on line comes after whatever stands, even where the clock was moved back.
    let last = history.iter().map(|e| e.counts_at.micros() + 1).max().unwrap_or(0);
    let now = Moment::from_micros(cx.now.micros().max(last));
    let mut rows = Vec::new();
    for what in changes {
        what.check(&set, &marks)?;
        rows.push(what.edit(row.id, "", now, now));
    }
    enter(cx, &mut row, &set, history, rows)?;
    let marks = marks_on(cx, row.id)?;
    Ok(Marked::of(row, &set, &marks))
}

/// One change that a device brings, with the moment at which the member made it.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The sheet.
    pub sheet: SheetId,
    /// What was changed.
    pub change: Change,
    /// When, by the device's clock.
    pub edited_at: Moment,
}

/// What became of one change that a device brought.
#[derive(Debug)]
pub enum Fate {
    /// It is in the history of the sheet.
    Kept {
        /// Whether it is the value that stands.
        stands: bool,
        /// Whether it had been brought before.
        repeated: bool,
    },
    /// It is not: the device keeps it, and shows why.
    Refused(Box<dyn Refusal>),
}

/// Saves what a device kept while it was off line: any sheets of the caller's, in any order, any
/// number of times. Of several values of a criterion the last editor's stands, by the editor's moment;
/// all of them stay in the history. What cannot be taken is answered one by one and stops nothing else.
///
/// Whether a criterion applies at all is asked when the sheet is submitted: its condition may arrive later.
///
/// # Errors
/// When the database fails.
pub fn save(cx: &mut Ctx<'_>, device: &str, brought: &[Edit]) -> Result<(Vec<Fate>, Vec<Marked>)> {
    let mut by_sheet: BTreeMap<SheetId, Vec<usize>> = BTreeMap::new();
    for (at, edit) in brought.iter().enumerate() {
        by_sheet.entry(edit.sheet).or_default().push(at);
    }
    let mut fates: BTreeMap<usize, Fate> = BTreeMap::new();
    let mut sheets = Vec::new();
    for (id, places) in by_sheet {
        let mut row = match hold_draft(cx, id)? {
            Ok(row) => row,
            Err(stop) => {
                fates.extend(places.into_iter().map(|at| (at, Fate::Refused(Box::new(stop.clone())))));
                continue;
            }
        };
        let set = set_of(cx, row.dossier_id)?;
        let (mut rows, mut at_of) = (Vec::new(), Vec::new());
        for at in places {
            match brought[at].change.check(&set, &Marks::new()) {
                Ok(()) => {
                    rows.push(brought[at].change.edit(id, device, brought[at].edited_at, cx.now));
                    at_of.push(at);
                }
                Err(stop) => drop(fates.insert(at, Fate::Refused(Box::new(stop)))),
            }
        }
        let history = store::edits(cx, id)?;
        let kept = enter(cx, &mut row, &set, history, rows)?;
        fates.extend(at_of.into_iter().zip(kept));
        let marks = marks_on(cx, id)?;
        sheets.push(Marked::of(row, &set, &marks));
    }
    Ok((fates.into_values().collect(), sheets))
}

/// The caller's own draft, locked; or why there is none.
fn hold_draft(cx: &mut Ctx<'_>, id: SheetId) -> Result<Result<SheetRow, SessionStop>> {
    match hold_sheet(cx, id) {
        Ok(row) if row.state == SheetState::Draft => Ok(Ok(row)),
        Ok(row) => Ok(Err(SessionStop::SheetLocked(row.state))),
        Err(AppError::NotFound | AppError::Forbidden(_)) => Ok(Err(SessionStop::SheetNotYours)),
        Err(e) => Err(e),
    }
}

/// Enters edits of a held draft into its history, and lets the one that stands be the mark.
fn enter(
    cx: &mut Ctx<'_>,
    row: &mut SheetRow,
    set: &CriteriaSet,
    mut history: Vec<EditRow>,
    brought: Vec<EditRow>,
) -> Result<Vec<Fate>> {
    let mut fresh = Vec::new();
    let mut repeated = Vec::new();
    for edit in &brought {
        let known = history.iter().any(|e| e.criterion == edit.criterion && e.rank().is_same(&edit.rank()));
        repeated.push(known);
        if !known {
            history.push(edit.clone());
            fresh.push(edit.clone());
        }
    }
    store::insert_edits(cx, &fresh)?;
    let stands = |criterion: &str| edits::standing(history.iter().filter(|e| e.criterion == criterion), EditRow::rank);
    let touched: BTreeSet<&str> = fresh.iter().map(|e| e.criterion.as_str()).collect();
    let mut marks = Vec::new();
    for criterion in &touched {
        let value = stands(criterion).and_then(|e| e.value.as_ref());
        match value {
            found if *criterion == edits::KNOCK_OUT => row.knock_out = found.cloned(),
            Some(doc) => marks.push(mark(cx, row, set, criterion, &doc.read().map_err(AppError::internal)?)),
            None => {}
        }
    }
    if !touched.is_empty() {
        let criteria: Vec<&str> = touched.iter().copied().filter(|c| *c != edits::KNOCK_OUT).collect();
        store::replace_marks(cx, row.id, &criteria, &marks)?;
        row.version += 1;
        store::save_sheet(cx, row)?;
    }
    let fate = |(edit, repeated): (&EditRow, bool)| Fate::Kept {
        stands: stands(&edit.criterion).is_some_and(|e| e.rank().is_same(&edit.rank())),
        repeated,
    };
    Ok(brought.iter().zip(repeated).map(fate).collect())
}

fn mark(cx: &Ctx<'_>, row: &SheetRow, set: &CriteriaSet, criterion: &str, choice: &Choice) -> MarkRow {
    MarkRow {
        sheet_id: row.id,
        criterion: criterion.to_owned(),
        option_code: choice.option.clone(),
        case_code: choice.case.map(|c| c.to_string()),
        comment: choice.comment.clone(),
        points: marks::points(set, criterion, choice),
        updated_at: cx.now,
    }
}

/// Every value that the caller's own sheet had, in the order of the editors' moments.
///
/// # Errors
/// 404, or 403 for a sheet that the caller only reads.
pub fn history(cx: &mut Ctx<'_>, id: SheetId) -> Result<Vec<(EditRow, bool)>> {
    let row = sheet(cx, id)?;
    let seat = store::seat(cx, row.seat_id)?.ok_or(AppError::NotFound)?;
    if !is_own(cx, &seat) {
        return Err(AppError::Forbidden("markSheet"));
    }
    let mut all = store::edits(cx, id)?;
    all.sort_by_key(|e| (e.rank(), e.criterion.clone()));
    let last: BTreeMap<String, Rank> = all.iter().map(|e| (e.criterion.clone(), e.rank())).collect();
    let stands = |e: &EditRow| last.get(&e.criterion) == Some(&e.rank());
    Ok(all.iter().map(|e| (e.clone(), stands(e))).collect())
}

/// Points of what is marked and applies.
pub(super) fn points(set: &CriteriaSet, marks: &Marks) -> i64 {
    marks.iter().filter_map(|(criterion, choice)| rules::check_mark(set, criterion, choice, marks).ok()).sum()
}

/// Submits a complete sheet and locks it. The audit says that it was submitted, never what it says.
///
/// # Errors
/// 409 where criteria are not marked, or the sheet is locked.
pub fn submit(cx: &mut Ctx<'_>, mut row: SheetRow, opinion: &str) -> Result<SheetRow> {
    must_be_draft(&row)?;
    let set = set_of(cx, row.dossier_id)?;
    let sealed = sealed(cx, &row, &set, "", false)?;
    row.state = SheetState::Submitted;
    row.total = sealed.total;
    // A ground that follows from the marks is kept with the sheet as if it had been noted.
    row.knock_out = sealed.knocked_out.as_ref().map(Doc::of);
    row.opinion = opinion.to_owned();
    row.submitted_at = Some(cx.now);
    row.version += 1;
    store::save_sheet(cx, &row)?;
    records::freeze(cx, &row, &set)?;
    let details = Details::none().with("session", row.session_id).with("dossier", row.dossier_id);
    audit::record(cx, "sheet.submitted", "sheet", row.id.0, details)?;
    Ok(row)
}

pub(super) fn sealed(
    cx: &mut Ctx<'_>,
    row: &SheetRow,
    set: &CriteriaSet,
    label: &str,
    chair: bool,
) -> Result<SealedSheet> {
    let knock_out = match &row.knock_out {
        Some(found) => Some(found.read().map_err(AppError::internal)?),
        None => None,
    };
    let sheet = Sheet { set: set.code.clone(), marks: marks_on(cx, row.id)?, knock_out };
    Ok(rules::seal(set, &sheet, label, chair)?)
}

/// Who presides gives a submitted sheet back to its member, with a reason and without seeing it.
///
/// # Errors
/// 403 for others, 422 for a seat without a sheet, 409 where it is not submitted or marking has ended.
pub fn reopen(cx: &mut Ctx<'_>, meeting: Meeting, dossier: DossierId, seat: SeatId, reason: &str) -> Result<Meeting> {
    let bench = bench(cx, &meeting)?;
    bench.must_preside(Some(dossier))?;
    let tabled = on_table(cx, &meeting, dossier)?;
    let sheets = store::sheets_in(cx, meeting.id)?;
    let found = sheets
        .iter()
        .find(|s| s.dossier_id == dossier && s.seat_id == seat && s.scoring_round == tabled.scoring_round)
        .ok_or_else(|| AppError::field("/seatId", "not_found", "Ghế này không có phiếu.", "This seat has no sheet."))?;
    if tabled.state != TableState::Scoring {
        return Err(SessionStop::MarkingEnded.into());
    }
    let mut row = store::lock_sheet(cx, found.id)?;
    if row.state != SheetState::Submitted {
        return Err(SessionStop::SheetNotSubmitted.into());
    }
    row.state = SheetState::Draft;
    row.total = None;
    row.submitted_at = None;
    row.version += 1;
    store::save_sheet(cx, &row)?;
    let details = Details::none().with("session", meeting.id).with("dossier", dossier).with("reason", reason);
    audit::record(cx, "sheet.reopened", "sheet", row.id.0, details)?;
    Ok(meeting)
}

/// Whether a sheet is the caller's own.
pub(super) fn is_own(cx: &Ctx<'_>, seat: &Seat) -> bool {
    cx.actor().user() == Some(seat.user_id)
}
