//! Sheets: marked one criterion at a time by whoever holds the seat, submitted and locked.

use super::councils::bench;
use super::model::{MarkRow, Meeting, Seat, SheetRow};
use super::rules::{self, Choice, KnockedOut, Marks, SealedSheet, SessionStop, Sheet, SheetState, TableState};
use super::sessions::on_table;
use super::store;
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::{DocumentId, DossierId, SeatId, SessionMeetingId, SheetId, UserId};
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

/// A paper of the dossier of a sheet: the bytes' hash, the name of the file. The reading is written down.
///
/// # Errors
/// 404.
pub fn evidence(cx: &mut Ctx<'_>, sheet: &SheetRow, document: DocumentId) -> Result<(String, String)> {
    let found = store::paper(cx, sheet.dossier_id, document)?.ok_or(AppError::NotFound)?;
    let dossier = dossiers::any(cx, sheet.dossier_id)?;
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
    let choice = |m: MarkRow| {
        let case = m.case_code.and_then(|c| c.parse().ok());
        (m.criterion, Choice { option: m.option_code, case, comment: m.comment })
    };
    Ok(store::marks(cx, sheet)?.into_iter().map(choice).collect())
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

/// Marks one criterion. Drafts are not audited: nobody but the member may learn of them.
///
/// # Errors
/// 409 where the set, the case or the state of the sheet does not allow it.
pub fn put_mark(cx: &mut Ctx<'_>, row: SheetRow, criterion: &str, choice: &Choice) -> Result<Marked> {
    must_be_draft(&row)?;
    let set = set_of(cx, row.dossier_id)?;
    let mut marks = marks_on(cx, row.id)?;
    let points = rules::check_mark(&set, criterion, choice, &marks)?;
    write_mark(cx, &row, criterion, choice, points)?;
    marks.insert(criterion.to_owned(), choice.clone());
    touched(cx, row, &set, &marks)
}

/// Marks many criteria at once, for whoever brings a whole sheet (a demonstration, an import).
///
/// # Errors
/// 409 as for one mark.
pub fn put_marks(cx: &mut Ctx<'_>, row: SheetRow, marks: &Marks) -> Result<Marked> {
    must_be_draft(&row)?;
    let set = set_of(cx, row.dossier_id)?;
    let mut on = marks_on(cx, row.id)?;
    on.extend(marks.clone());
    for (criterion, choice) in marks {
        let points = rules::check_mark(&set, criterion, choice, &on)?;
        write_mark(cx, &row, criterion, choice, points)?;
    }
    touched(cx, row, &set, &on)
}

fn write_mark(cx: &mut Ctx<'_>, row: &SheetRow, criterion: &str, choice: &Choice, points: i64) -> Result<()> {
    let mark = MarkRow {
        sheet_id: row.id,
        criterion: criterion.to_owned(),
        option_code: choice.option.clone(),
        case_code: choice.case.map(|c| c.to_string()),
        comment: choice.comment.clone(),
        points,
        updated_at: cx.now,
    };
    store::put_mark(cx, &mark)
}

/// Takes a mark back.
///
/// # Errors
/// 409 where the sheet is locked or the set has no such criterion.
pub fn take_back_mark(cx: &mut Ctx<'_>, row: SheetRow, criterion: &str) -> Result<Marked> {
    must_be_draft(&row)?;
    let set = set_of(cx, row.dossier_id)?;
    if set.criterion(criterion).is_none() {
        return Err(marks::Stop::CriterionUnknown { criterion: criterion.to_owned() }.into());
    }
    store::remove_mark(cx, row.id, criterion)?;
    let marks = marks_on(cx, row.id)?;
    touched(cx, row, &set, &marks)
}

/// Notes an eliminating ground, which stops the sheet, or takes it back.
///
/// # Errors
/// 409 where the set knows no such ground or the sheet is locked.
pub fn put_knock_out(cx: &mut Ctx<'_>, mut row: SheetRow, found: Option<&KnockedOut>) -> Result<Marked> {
    must_be_draft(&row)?;
    let set = set_of(cx, row.dossier_id)?;
    if let Some(found) = found {
        let probe = Sheet { set: set.code.clone(), marks: Marks::new(), knock_out: Some(found.clone()) };
        rules::seal(&set, &probe, "", false)?;
    }
    row.knock_out = found.map(Doc::of);
    let marks = marks_on(cx, row.id)?;
    touched(cx, row, &set, &marks)
}

fn touched(cx: &mut Ctx<'_>, mut row: SheetRow, set: &CriteriaSet, marks: &Marks) -> Result<Marked> {
    row.version += 1;
    store::save_sheet(cx, &row)?;
    Ok(Marked {
        sheet: row,
        points: points(set, marks),
        marked: marks.len(),
        unmarked: rules::sheet::unmarked(set, marks),
    })
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
