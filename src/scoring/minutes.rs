//! The minutes (biên bản) of a session: drawn up once from the record, and printed from what was frozen then.

use chrono::TimeDelta;

use super::councils::{Bench, bench};
use super::model::{Meeting, MinutesRow, ResultRow, Seat, SheetRow, Tabled};
use super::rules::explain::About;
use super::rules::minutes::{
    Minutes, MinutesConflict, MinutesCouncil, MinutesDossier, MinutesFinding, MinutesOffice, MinutesPerson,
    MinutesQuorum,
};
use super::rules::{Conclusions, Form, Matter, Phase, SessionState, SessionStop, SheetState, TableState, may_see};
use super::sessions::{TeamReport, count};
use super::{results, store};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc, Moment};
use crate::error::{AppError, Result};
use crate::ids::DossierId;
use crate::places;
use crate::text::Label;

/// Draws up the minutes: from here on they are printed from this record alone.
///
/// # Errors
/// 403 for others than who leads the session, 409 while a dossier has no result yet, or where the
/// minutes are drawn up already.
pub fn draw_up(cx: &mut Ctx<'_>, meeting: &Meeting, remarks: &str) -> Result<MinutesRow> {
    let bench = bench(cx, meeting)?;
    bench.must_lead()?;
    if store::minutes(cx, meeting.id)?.is_some() {
        return Err(SessionStop::MinutesDrawnUp.into());
    }
    let table = store::table_of(cx, meeting.id)?;
    let settled = |t: &Tabled| matches!(t.state, TableState::Concluded | TableState::Postponed | TableState::ToMeeting);
    if meeting.state != SessionState::Closed || !table.iter().all(settled) {
        return Err(SessionStop::ResultsOpen.into());
    }
    let content = compose(cx, meeting, &bench, &table, remarks)?;
    let row = MinutesRow {
        session_id: meeting.id,
        content: Doc::of(&content),
        drawn_up_by: cx.actor().user(),
        drawn_up_at: cx.now,
    };
    store::insert_minutes(cx, &row)?;
    audit::record(cx, "minutes.drawn_up", "session", meeting.id.0, Details::none().with("dossiers", table.len()))?;
    Ok(row)
}

/// The minutes of a session for the caller; a dossier from which the caller keeps away is left blank.
///
/// # Errors
/// 404 where they are not drawn up, or not for the caller.
pub fn minutes(cx: &mut Ctx<'_>, meeting: &Meeting) -> Result<(Minutes, Moment)> {
    let row = store::minutes(cx, meeting.id)?.ok_or(AppError::NotFound)?;
    let bench = bench(cx, meeting)?;
    let reader = cx.actor().reads_early();
    let viewer = match bench.own {
        None if reader => super::rules::Viewer::Official,
        _ => bench.viewer(None),
    };
    if !may_see(viewer, Phase::Concluded, Matter::Minutes, &bench.rules) {
        return Err(AppError::NotFound);
    }
    let mut content: Minutes = row.content.read().map_err(AppError::internal)?;
    if let Some(own) = &bench.own {
        let away: Vec<i32> = content.conflicts.iter().filter(|c| c.seat == own.ordinal).map(|c| c.dossier).collect();
        for dossier in content.dossiers.iter_mut().filter(|d| away.contains(&d.ordinal)) {
            *dossier = dossier.withheld();
        }
    }
    Ok((content, row.drawn_up_at))
}

/// A moment as a clock in Việt Nam shows it.
pub(super) fn clock(at: Moment) -> String {
    (at.utc() + TimeDelta::hours(7)).format("%H:%M %d/%m/%Y").to_string()
}

fn compose(cx: &mut Ctx<'_>, meeting: &Meeting, bench: &Bench, table: &[Tabled], remarks: &str) -> Result<Minutes> {
    let sheets = store::sheets_in(cx, meeting.id)?;
    let gave = |s: &Seat| sheets.iter().any(|x| x.seat_id == s.id && x.state == SheetState::Submitted);
    let present = meeting.present();
    let there = |s: &Seat| match meeting.form {
        Form::InPerson => present.contains(&s.id),
        Form::WrittenOpinions => gave(s),
    };
    let council = &bench.council;
    let place = match council.place_id {
        Some(id) => Some(places::get(cx, id)?.full_name),
        None => None,
    };
    let seats = count(bench.voters().count());
    let mut dossiers = Vec::new();
    for tabled in table {
        dossiers.push(dossier(cx, bench, tabled, &sheets)?);
    }
    let report: Option<TeamReport> = meeting.report.as_ref().and_then(|r| r.read().ok());
    Ok(Minutes {
        council: MinutesCouncil {
            name: council.name.clone(),
            level: council.level,
            place,
            decision_number: council.decision_number.clone(),
            decided_on: council.decided_on,
        },
        held_on: meeting.held_on,
        opened_at: meeting.opened_at.map(clock),
        closed_at: meeting.closed_at.map(clock),
        form: meeting.form,
        report: report.map(|r| (r.number, r.dated)),
        attendance: attendance(bench, there),
        quorum: MinutesQuorum {
            seats,
            needed: bench.rules.quorum_of(seats).max(1),
            present: count(bench.voters().filter(|s| there(s)).count()),
        },
        presided_by: bench.presiding().map(|s| s.ordinal),
        conflicts: conflicts(bench, table),
        dossiers,
        remarks: remarks.to_owned(),
        drawn_up_on: cx.today(),
    })
}

/// The seats by organisation, in the order in which the decision first names each.
fn attendance(bench: &Bench, there: impl Fn(&Seat) -> bool) -> Vec<MinutesOffice> {
    let mut offices: Vec<MinutesOffice> = Vec::new();
    for seat in &bench.seats {
        let person = MinutesPerson {
            seat: seat.ordinal,
            name: seat.name.clone(),
            title: seat.title.clone(),
            office: seat.office,
            votes: seat.votes,
            present: there(seat),
        };
        match offices.iter_mut().find(|o| o.organisation == seat.organisation) {
            Some(known) => known.people.push(person),
            None => offices.push(MinutesOffice { organisation: seat.organisation.clone(), people: vec![person] }),
        }
    }
    offices
}

fn conflicts(bench: &Bench, table: &[Tabled]) -> Vec<MinutesConflict> {
    let ordinal = |dossier: DossierId| table.iter().find(|t| t.dossier_id == dossier).map(|t| t.ordinal);
    let seat = |id| bench.seats.iter().find(|s| s.id == id).map(|s| s.ordinal);
    let one = |c: &super::model::Conflict| {
        Some(MinutesConflict { seat: seat(c.seat_id)?, dossier: ordinal(c.dossier_id)?, reason: c.reason.clone() })
    };
    let mut all: Vec<MinutesConflict> = bench.conflicts.iter().filter_map(one).collect();
    all.sort_by_key(|c| (c.dossier, c.seat));
    all
}

fn dossier(cx: &mut Ctx<'_>, bench: &Bench, tabled: &Tabled, sheets: &[SheetRow]) -> Result<MinutesDossier> {
    let head = store::heads(cx, &[tabled.dossier_id])?.pop().ok_or(AppError::NotFound)?;
    let result = store::results_of(cx, &[tabled.dossier_id])?.into_iter().find(|r| r.session_id == tabled.session_id);
    let counts = |s: &&SheetRow| {
        s.dossier_id == tabled.dossier_id
            && s.scoring_round == tabled.scoring_round
            && s.state == SheetState::Submitted
            && result.is_some()
    };
    let seat = |s: &SheetRow| bench.seats.iter().find(|x| x.id == s.seat_id).map(|x| (x.ordinal, s.total));
    let mut totals: Vec<(i32, Option<i64>)> = sheets.iter().filter(counts).filter_map(seat).collect();
    totals.sort_unstable();
    let found = match &result {
        Some(row) => Some(finding(cx, bench, tabled, row)?),
        None => None,
    };
    Ok(MinutesDossier {
        ordinal: tabled.ordinal,
        product: head.product,
        product_code: head.product_code,
        producer: head.producer,
        set: head.set,
        scoring_round: tabled.scoring_round,
        totals,
        found,
        reason: tabled.reason.clone(),
        withheld: false,
    })
}

fn finding(cx: &mut Ctx<'_>, bench: &Bench, tabled: &Tabled, row: &ResultRow) -> Result<MinutesFinding> {
    let found = row.finding()?;
    let concluded: Conclusions = tabled.conclusions.read().map_err(AppError::internal)?;
    let follows = row.reasons()?.into_iter().find(|p| p.about == About::Consequence).map(|p| p.text);
    let ends =
        || Label::new("Thông báo không công nhận, nêu rõ lý do.", "Notice of non-recognition, with the reasons.");
    Ok(MinutesFinding {
        mean: row.mean(),
        spread: found.spread,
        stars: row.star(),
        stars_by_band: u8::try_from(row.stars_by_band).unwrap_or(0),
        rejected: row.rejected,
        sensitive: row.sensitive,
        minima: found.minima,
        conclusions: concluded.minima,
        knock_out: concluded.knock_out,
        dissent: results::dissent(cx, bench, tabled, row.star())?,
        next_step: follows.unwrap_or_else(ends),
    })
}
