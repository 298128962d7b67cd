//! Councils, and the rights that come from an appointment.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::model::{Conflict, CouncilRow, Meeting, Seat};
use super::rounds::must_be_in_office;
use super::rules::{Matter, Office, Phase, Regulation, Viewer, may_see};
use super::store;
use crate::audit::{self, Details};
use crate::auth::{self, policy::Act};
use crate::db::{Ctx, Doc};
use crate::dossiers::Dossier;
use crate::error::{AppError, Result};
use crate::ids::{CouncilId, DossierId, PlaceId, SeatId, SessionMeetingId, UserId};
use crate::places;
use crate::rulebook::Authority;

/// A council to set up.
#[derive(Debug, Clone)]
pub struct NewCouncil {
    /// Its level.
    pub level: Authority,
    /// The province or district; none at the centre.
    pub place_id: Option<PlaceId>,
    /// Its name.
    pub name: String,
    /// The decision.
    pub decision_number: String,
    /// Its day.
    pub decided_on: NaiveDate,
    /// First day of the term.
    pub valid_from: NaiveDate,
    /// Last day of the term.
    pub valid_to: Option<NaiveDate>,
    /// How it works.
    pub regulation: Regulation,
    /// Who sits in it.
    pub seats: Vec<NewSeat>,
}

/// An appointment to enter.
#[derive(Debug, Clone)]
pub struct NewSeat {
    /// Who.
    pub user_id: UserId,
    /// Position in the person's own office.
    pub title: String,
    /// The person's own office.
    pub organisation: String,
    /// Office in the council.
    pub office: Office,
    /// Whether it scores; all but secretaries when not said.
    pub votes: Option<bool>,
    /// Number of the seat for which it stands in, where that one keeps away from a dossier.
    pub alternate_for: Option<i32>,
}

/// Enters a decision that sets up a council. Every appointment gives the rights of its office, and
/// nothing else does.
///
/// # Errors
/// 422 for what is not there, 409 for a regulation that makes no sense.
pub fn add_council(cx: &mut Ctx<'_>, new: NewCouncil) -> Result<CouncilRow> {
    must_be_in_office(cx, Act::AppointCouncils, new.level, new.place_id)?;
    check_seats(&new)?;
    new.regulation.check()?;
    let row = CouncilRow {
        id: CouncilId::new(),
        level: new.level,
        place_id: new.place_id,
        name: new.name,
        decision_number: new.decision_number,
        decided_on: new.decided_on,
        valid_from: new.valid_from,
        valid_to: new.valid_to,
        regulation: Doc::of(&new.regulation),
        created_at: cx.now,
        version: 1,
    };
    let mut seats: Vec<Seat> = Vec::new();
    for (at, seat) in (0..).zip(&new.seats) {
        let appointed = appointed(cx, &row, &seats, seat, row.valid_from, &format!("/seats/{at}"))?;
        seats.push(appointed);
    }
    store::insert_council(cx, &row, &seats)?;
    let appointed: Vec<_> =
        seats.iter().map(|s| serde_json::json!({ "user": s.user_id, "office": s.office, "votes": s.votes })).collect();
    let details = Details::none()
        .with("level", row.level)
        .with("place", row.place_id)
        .with("decision", &row.decision_number)
        .with("seats", appointed)
        .with("regulation", &row.regulation);
    audit::record(cx, "council.appointed", "council", row.id.0, details)?;
    Ok(row)
}

/// The seat of an appointment, beside those that are there.
pub(super) fn appointed(
    cx: &mut Ctx<'_>,
    council: &CouncilRow,
    others: &[Seat],
    seat: &NewSeat,
    from: NaiveDate,
    at: &str,
) -> Result<Seat> {
    let missing =
        || AppError::field(&format!("{at}/userId"), "not_found", "Không có người dùng này.", "There is no such user.");
    let person = auth::user(cx, seat.user_id)?.ok_or_else(missing)?;
    let votes = seat.votes.unwrap_or_else(|| seat.office.votes_by_default());
    let stands_in = |number: i32| {
        let of = others.iter().find(|s| s.ordinal == number && s.votes && s.alternate_for.is_none() && votes);
        of.map(|s| s.id).ok_or_else(|| {
            AppError::field(
                &format!("{at}/alternateFor"),
                "not_found",
                "Chọn số của một ghế chấm điểm đứng trước trong danh sách; người thay thế cũng phải chấm điểm.",
                "Name the number of a voting seat earlier in the list; who stands in for it votes too.",
            )
        })
    };
    Ok(Seat {
        id: SeatId::new(),
        council_id: council.id,
        user_id: person.id,
        ordinal: others.iter().map(|s| s.ordinal).max().unwrap_or(0) + 1,
        name: person.name,
        title: seat.title.clone(),
        organisation: seat.organisation.clone(),
        office: seat.office,
        votes,
        valid_from: from,
        valid_to: council.valid_to,
        alternate_for: seat.alternate_for.map(stands_in).transpose()?,
    })
}

fn check_seats(new: &NewCouncil) -> Result<()> {
    let field = |at: &str, code: &str, vi: &str, en: &str| Err(AppError::field(at, code, vi, en));
    if new.seats.iter().filter(|s| s.office == Office::Chair).count() != 1 {
        return field("/seats", "one_chair", "Hội đồng có đúng một chủ tịch.", "A council has exactly one chair.");
    }
    let mut users: Vec<UserId> = new.seats.iter().map(|s| s.user_id).collect();
    users.sort_unstable();
    users.dedup();
    if users.len() != new.seats.len() {
        return field("/seats", "repeated", "Một người chỉ có một ghế.", "A person has one seat only.");
    }
    if new.valid_to.is_some_and(|last| last < new.valid_from) {
        return field(
            "/validTo",
            "before_start",
            "Ngày kết thúc trước ngày bắt đầu.",
            "The term ends before it begins.",
        );
    }
    Ok(())
}

/// A council that the caller may know about.
///
/// # Errors
/// 404.
pub fn council(cx: &mut Ctx<'_>, id: CouncilId) -> Result<CouncilRow> {
    store::visible_council(cx, id)?.ok_or(AppError::NotFound)
}

/// The councils that the caller may know about, newest first.
///
/// # Errors
/// When the database fails.
pub fn councils(cx: &mut Ctx<'_>, after: Option<CouncilId>, limit: i64) -> Result<Vec<CouncilRow>> {
    store::councils(cx, after, limit)
}

/// Whether the caller sits in any council.
///
/// # Errors
/// When the database fails.
pub fn has_seat(cx: &mut Ctx<'_>) -> Result<bool> {
    store::has_seat(cx)
}

/// The caller's own seat in the council of a session, while the appointment holds.
///
/// # Errors
/// When the database fails.
pub fn seat_of(cx: &mut Ctx<'_>, session: SessionMeetingId) -> Result<Option<Seat>> {
    let meeting = store::session(cx, session)?;
    own_seat(cx, &meeting)
}

pub(super) fn own_seat(cx: &mut Ctx<'_>, meeting: &Meeting) -> Result<Option<Seat>> {
    let Some(user) = cx.actor().user() else { return Ok(None) };
    let seat = store::seat_of(cx, meeting.council_id, user)?;
    Ok(seat.filter(|s| s.holds(meeting.held_on)))
}

/// The people of a council on the day of a session, and what each of them may do.
#[derive(Debug)]
pub(super) struct Bench {
    pub council: CouncilRow,
    pub rules: Regulation,
    pub seats: Vec<Seat>,
    pub conflicts: Vec<Conflict>,
    pub own: Option<Seat>,
    presiding: Option<SeatId>,
    official: bool,
}

/// Reads the council of a session as it stands on the day of the session.
pub(super) fn bench(cx: &mut Ctx<'_>, meeting: &Meeting) -> Result<Bench> {
    let council = store::council(cx, meeting.council_id)?;
    let seats: Vec<Seat> = store::seats(cx, council.id)?.into_iter().filter(|s| s.holds(meeting.held_on)).collect();
    let mut conflicts = store::conflicts_in(cx, council.id)?;
    conflicts.extend(store::kept_away(cx, meeting.id, meeting.created_at, &seats)?);
    let chair = || seats.iter().find(|s| s.office == Office::Chair).map(|s| s.id);
    Ok(Bench {
        rules: council.rules()?,
        presiding: meeting.chaired_by.filter(|id| seats.iter().any(|s| s.id == *id)).or_else(chair),
        own: cx.actor().user().and_then(|user| seats.iter().find(|s| s.user_id == user).cloned()),
        official: super::rounds::in_office(cx, Act::ConveneSessions, council.level, council.place_id)?,
        conflicts,
        seats,
        council,
    })
}

/// The councils of these sessions, each read once.
pub(super) fn benches(cx: &mut Ctx<'_>, sessions: &[SessionMeetingId]) -> Result<BTreeMap<SessionMeetingId, Bench>> {
    let meetings = store::sessions_by_id(cx, sessions)?;
    meetings.iter().map(|meeting| Ok((meeting.id, bench(cx, meeting)?))).collect()
}

impl Bench {
    /// What the caller is to the other seats' sheets for a dossier (or for any, where none is named).
    pub fn viewer(&self, dossier: Option<DossierId>) -> Viewer {
        let away = |s: &Seat| dossier.is_some_and(|d| self.in_conflict(s.id, d));
        match &self.own {
            Some(seat) if !away(seat) => Viewer::of_office(seat.office),
            Some(_) => Viewer::Outsider,
            None if self.official => Viewer::Official,
            None => Viewer::Outsider,
        }
    }

    /// Seats that score; those that only stand in for another are no part of them.
    pub fn voters(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|s| s.votes && s.alternate_for.is_none())
    }

    /// Whether a seat scores a dossier: it votes and does not keep away, and where it only stands in for
    /// another, that one keeps away.
    pub fn scores(&self, seat: &Seat, dossier: DossierId) -> bool {
        seat.votes
            && !self.in_conflict(seat.id, dossier)
            && seat.alternate_for.is_none_or(|whose| self.in_conflict(whose, dossier))
    }

    /// How many seats score a dossier: those that keep away from it are no part of the council's number,
    /// and whoever is named to stand in for them is.
    pub fn base(&self, dossier: DossierId) -> usize {
        self.seats.iter().filter(|s| self.scores(s, dossier)).count()
    }

    /// Whether a seat keeps away from a dossier.
    pub fn in_conflict(&self, seat: SeatId, dossier: DossierId) -> bool {
        self.conflicts.iter().any(|c| c.seat_id == seat && c.dossier_id == dossier)
    }

    /// Whether a seat presides when this dossier is dealt with: the one that chairs the session, or
    /// where that one keeps away, the chair or a deputy who does not.
    pub fn presides(&self, seat: &Seat, dossier: Option<DossierId>) -> bool {
        let away = |id: SeatId| dossier.is_some_and(|d| self.in_conflict(id, d));
        if away(seat.id) {
            return false;
        }
        match self.presiding {
            Some(id) if !away(id) => id == seat.id,
            _ => seat.office.may_preside(),
        }
    }

    /// The seat that presides over the session.
    pub fn presiding(&self) -> Option<&Seat> {
        self.seats.iter().find(|s| Some(s.id) == self.presiding)
    }

    /// Only who presides.
    pub fn must_preside(&self, dossier: Option<DossierId>) -> Result<&Seat> {
        let own = self.own.as_ref().filter(|s| self.presides(s, dossier));
        own.ok_or(AppError::Forbidden("presideOverSession"))
    }

    /// Only who may come to preside over some dossier.
    pub fn must_be_able_to_preside(&self) -> Result<()> {
        match self.own.as_ref().is_some_and(|s| s.office.may_preside()) {
            true => Ok(()),
            false => Err(AppError::Forbidden("presideOverSession")),
        }
    }

    /// Who presides, or the secretary.
    pub fn must_lead(&self) -> Result<()> {
        let leads = |s: &Seat| s.office == Office::Secretary || self.presides(s, None);
        match self.own.as_ref().is_some_and(leads) {
            true => Ok(()),
            false => Err(AppError::Forbidden("leadSession")),
        }
    }

    /// Who leads, or an official of the level.
    pub fn must_keep(&self) -> Result<()> {
        if self.official { Ok(()) } else { self.must_lead() }
    }

    /// Whether the caller sees who has submitted a dossier's sheets (never what).
    pub fn sees_progress(&self, phase: Phase) -> bool {
        may_see(self.viewer(None), phase, Matter::Progress, &self.rules)
    }

    /// Whether a dossier lies in the council's territory.
    pub fn reaches(&self, cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<bool> {
        match self.council.place_id {
            None => Ok(true),
            Some(place) => places::reaches(cx, place, dossier.place_id),
        }
    }
}
