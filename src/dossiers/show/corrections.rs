//! Requests for completion as the wire shows them, with what was changed since.

use super::super::corrections;
use super::super::dto::{CorrectionCounts, CorrectionItemView, CorrectionView, CorrectionsView};
use super::super::model::Dossier;
use super::super::model::corrections::{Correction, CorrectionItem};
use super::super::opened::Opened;
use super::super::rules::{Content, CorrectionState, Difference, changes, touching};
use super::clock_views;
use crate::db::Ctx;
use crate::error::Result;

/// Every request, the newest first. What changed is told up to the next request, or to this day.
pub(in super::super) fn corrections(cx: &mut Ctx<'_>, row: &Dossier) -> Result<CorrectionsView> {
    let opened = Opened::of(row);
    let set = &opened.set(cx)?.set;
    let mut until = corrections::content(cx, &opened)?;
    let mut data = Vec::new();
    for (request, items) in corrections::list(cx, row)? {
        let asked: Content = request.as_asked.read().unwrap_or_default();
        let changed = changes(set, &asked, &until, cx.today());
        data.push(view(cx, request, items, changed));
        until = asked;
    }
    Ok(CorrectionsView { data, clocks: clock_views(cx, &opened)? })
}

fn view(cx: &Ctx<'_>, request: Correction, items: Vec<CorrectionItem>, changes: Vec<Difference>) -> CorrectionView {
    CorrectionView {
        late: is_late(cx, &request),
        id: request.id,
        ordinal: request.ordinal,
        party: request.party,
        asked_by: request.asked_by,
        asked_at: request.asked_at,
        reason: request.reason,
        due_on: request.due_on,
        sent_back_at: request.sent_back_at,
        items: items.into_iter().map(|i| item(i, &changes)).collect(),
        changes,
    }
}

/// The dossier came back after the last day, or has not come back and the day is over.
fn is_late(cx: &Ctx<'_>, request: &Correction) -> bool {
    let came = request.sent_back_at.map_or(cx.today(), |at| at.vietnam_day());
    request.due_on.is_some_and(|day| came > day)
}

fn item(row: CorrectionItem, changes: &[Difference]) -> CorrectionItemView {
    CorrectionItemView {
        changes: touching(row.about, &row.name, changes),
        id: row.id,
        reason: row.reason,
        reason_label: row.reason.label(),
        about: row.about,
        name: row.name,
        document: row.document_id,
        words: row.words,
        state: row.state,
        answer: row.answer,
        answered_by: row.answered_party,
        answered_by_user: row.answered_by,
        answered_at: row.answered_at,
        note: row.note,
        settled_at: row.settled_at,
        again_of: row.again_of,
    }
}

/// The newest request in numbers; none where nothing was ever asked.
pub(super) fn counts(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Option<CorrectionCounts>> {
    let Some((request, items)) = corrections::newest(cx, row)? else { return Ok(None) };
    let with = |state| items.iter().filter(|i| i.state == state).count();
    Ok(Some(CorrectionCounts {
        id: request.id,
        items: items.len(),
        unanswered: with(CorrectionState::Asked),
        unsettled: with(CorrectionState::Answered),
        due_on: request.due_on,
        late: is_late(cx, &request),
    }))
}
