//! The clocks of a dossier: started by events, paused while completion is awaited, ended when the
//! dossier leaves the desk.

use chrono::NaiveDate;

use super::model::{ClockRow, Dossier, PauseRow};
use super::opened::Opened;
use super::rules::Status;
use super::store;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::RowId;
use crate::places;
use crate::places::calendar::{Calendar, Deadlines, Pause};
use crate::rulebook::Rulebook;
use crate::rulebook::rules::{Clock, ClockEvent};

/// Keeps the clocks after a move from `before`; sets the dossier's nearest deadlines.
pub(super) fn keep(
    cx: &mut Ctx<'_>,
    book: &Rulebook,
    before: &Dossier,
    after: &mut Dossier,
    why: Option<&str>,
) -> Result<()> {
    if after.status.is_final() || before.level != after.level {
        end_all(cx, after)?;
    }
    if before.status.awaits_completion() {
        end_pauses(cx, after)?;
    }
    if after.status.awaits_completion() {
        let pause = PauseRow {
            id: RowId::new(),
            dossier_id: after.id,
            from_day: cx.today(),
            to_day: None,
            why: why.unwrap_or_default().to_owned(),
        };
        store::insert_pause(cx, &pause)?;
    }
    if let Some(event) = event(before, after) {
        start(cx, book, after, event)?;
    }
    let open: Vec<ClockRow> = store::clocks(cx, after.id)?.into_iter().filter(|c| c.ended_on.is_none()).collect();
    after.deadline_plain = open.iter().map(|c| c.deadline_plain).min();
    after.deadline_paused = open.iter().map(|c| c.deadline_paused).min();
    Ok(())
}

/// The event that a move is, if clocks run from it.
fn event(before: &Dossier, after: &Dossier) -> Option<ClockEvent> {
    match (before.status, after.status) {
        (Status::Draft, Status::Submitted) => Some(ClockEvent::Submitted),
        (Status::Proposed, Status::AtDistrict | Status::AtProvince)
        | (Status::SentToProvince, Status::AtProvince)
        | (Status::SentToCentre, Status::AtCentre) => Some(ClockEvent::HandedOver),
        _ => None,
    }
}

fn start(cx: &mut Ctx<'_>, book: &Rulebook, dossier: &Dossier, event: ClockEvent) -> Result<()> {
    let runs = |c: &&Clock| c.from == event && (c.kinds.is_empty() || c.kinds.contains(&dossier.kind));
    for clock in book.clocks.iter().filter(runs) {
        let calendar = places::calendar(cx)?;
        let ends = calendar.deadline(cx.today(), clock.period, &[], book.counting())?;
        let row = ClockRow {
            id: RowId::new(),
            dossier_id: dossier.id,
            clock: clock.name.clone(),
            started_on: cx.today(),
            deadline_plain: ends.plain,
            deadline_paused: ends.with_pauses,
            ended_on: None,
        };
        store::insert_clock(cx, &row)?;
    }
    Ok(())
}

fn end_all(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    for mut clock in store::clocks(cx, dossier.id)? {
        if clock.ended_on.is_none() {
            clock.ended_on = Some(cx.today());
            store::save_clock(cx, &clock)?;
        }
    }
    Ok(())
}

/// The pause is over: what still runs has a new last day.
fn end_pauses(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    let today = cx.today();
    for pause in store::pauses(cx, dossier.id)? {
        if pause.to_day.is_none() {
            store::end_pause(cx, pause.id, today)?;
        }
    }
    for (mut clock, ends) in running(cx, &Opened::of(dossier))? {
        clock.deadline_paused = ends.with_pauses;
        store::save_clock(cx, &clock)?;
    }
    Ok(())
}

/// The clocks that run, with both deadlines as of today: a pause still open counts up to today.
pub(super) fn running(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<Vec<(ClockRow, Deadlines)>> {
    let open: Vec<&ClockRow> = opened.clocks(cx)?.iter().filter(|c| c.ended_on.is_none()).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let (book, calendar, today) = (opened.book(cx)?, opened.calendar(cx)?, cx.today());
    let pauses: Vec<Pause> = opened.pauses(cx)?.iter().map(|p| (p.from_day, p.to_day.unwrap_or(today))).collect();
    open.into_iter().map(|clock| deadline(book, calendar, clock.clone(), &pauses)).collect()
}

fn deadline(book: &Rulebook, calendar: &Calendar, clock: ClockRow, pauses: &[Pause]) -> Result<(ClockRow, Deadlines)> {
    let started: NaiveDate = clock.started_on;
    let of_clock: Vec<Pause> = pauses.iter().copied().filter(|(_, to)| *to >= started).collect();
    let period = book.clock(&clock.clock)?.period;
    let ends = calendar.deadline(started, period, &of_clock, book.counting())?;
    Ok((clock, ends))
}
