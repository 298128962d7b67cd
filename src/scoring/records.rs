//! Sheets as they are printed: frozen at the submission, readable by whoever may see the sheet.

use super::model::{SheetRecordRow, SheetRow};
use super::rules::record::{SheetRecord, lines};
use super::rules::{KnockedOut, SessionStop, SheetState};
use super::{sheets, store};
use crate::db::{Ctx, Doc};
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::SheetId;
use crate::producers;
use crate::rulebook::CriteriaSet;

/// Freezes a sheet that is being submitted; one that was given back and submitted again is frozen anew.
pub(super) fn freeze(cx: &mut Ctx<'_>, row: &SheetRow, set: &CriteriaSet) -> Result<()> {
    let meeting = store::session(cx, row.session_id)?;
    let council = store::council(cx, meeting.council_id)?;
    let seat = store::seat(cx, row.seat_id)?.ok_or(AppError::NotFound)?;
    let dossier = dossiers::any(cx, row.dossier_id)?;
    let head = store::heads(cx, &[row.dossier_id])?.pop().ok_or(AppError::NotFound)?;
    let knock_out: Option<KnockedOut> = match &row.knock_out {
        Some(found) => Some(found.read().map_err(AppError::internal)?),
        None => None,
    };
    let content = SheetRecord {
        council: council.name,
        decision_number: council.decision_number,
        decided_on: council.decided_on,
        held_on: meeting.held_on,
        product: head.product,
        product_code: head.product_code,
        producer: head.producer,
        address: producers::any(cx, dossier.producer_id)?.address,
        set: set.code.clone(),
        set_name: set.name.clone(),
        seat: seat.ordinal,
        member: seat.name,
        title: seat.title,
        scoring_round: row.scoring_round,
        lines: lines(set, &sheets::marks_on(cx, row.id)?),
        knock_out,
        total: row.total,
        opinion: row.opinion.clone(),
        submitted_on: cx.today(),
    };
    let row = SheetRecordRow { sheet_id: row.id, content: Doc::of(&content), frozen_at: cx.now };
    store::put_record(cx, &row)
}

/// A sheet as it is printed, for whoever may see it.
///
/// # Errors
/// 404, or 409 while it is not submitted.
pub fn printed(cx: &mut Ctx<'_>, id: SheetId) -> Result<SheetRecord> {
    let row = sheets::sheet(cx, id)?;
    let record = store::record(cx, row.id)?.filter(|_| row.state == SheetState::Submitted);
    let record = record.ok_or(SessionStop::SheetNotPrinted)?;
    record.content.read().map_err(AppError::internal)
}
