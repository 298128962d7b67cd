//! Queries about councils, seats and conflicts of interest.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::{Conflict, CouncilRow, Meeting, Seat};
use super::super::rules::SessionState;
use super::sessions::lock_session;
use super::sheets::own_seats;
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{conflicts, council_seats, council_sessions, councils, place_reach};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{CouncilId, RowId, SeatId, SessionMeetingId, UserId};

/// The councils that the caller may know about: of the caller's territory, and those with a seat.
pub(super) fn visible_councils(cx: &Ctx<'_>) -> councils::BoxedQuery<'static, MultiBackend> {
    let query = councils::table.into_boxed::<MultiBackend>();
    match (cx.actor().reach(OFFICIALS), cx.actor().user()) {
        (Reach::Everywhere, _) => query,
        (Reach::Offices(offices), Some(user)) => {
            let reached =
                place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id);
            let seated = council_seats::table.filter(council_seats::user_id.eq(user)).select(council_seats::council_id);
            query.filter(councils::place_id.eq_any(reached.nullable()).or(councils::id.eq_any(seated)))
        }
        (Reach::Offices(_), None) => query.filter(councils::decision_number.eq("").and(councils::name.eq(""))),
    }
}

pub(in crate::scoring) fn insert_council(cx: &mut Ctx<'_>, row: &CouncilRow, seats: &[Seat]) -> Result<()> {
    diesel::insert_into(councils::table).values(row).execute(cx.conn)?;
    seats.iter().try_for_each(|seat| insert_seat(cx, seat))
}

pub(in crate::scoring) fn insert_seat(cx: &mut Ctx<'_>, row: &Seat) -> Result<()> {
    diesel::insert_into(council_seats::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// A seat ends with this day.
pub(in crate::scoring) fn end_seat(cx: &mut Ctx<'_>, id: SeatId, last: NaiveDate) -> Result<()> {
    diesel::update(council_seats::table.find(id)).set(council_seats::valid_to.eq(Some(last))).execute(cx.conn)?;
    Ok(())
}

/// The council, locked until the deed ends.
pub(in crate::scoring) fn lock_council(cx: &mut Ctx<'_>, id: CouncilId) -> Result<CouncilRow> {
    Ok(match cx.conn {
        Conn::Pg(c) => councils::table.find(id).for_update().select(CouncilRow::as_select()).first(c)?,
        Conn::Sqlite(c) => councils::table.find(id).select(CouncilRow::as_select()).first(c)?,
    })
}

/// What changes of a council: its version, where its seats do.
pub(in crate::scoring) fn save_council(cx: &mut Ctx<'_>, row: &CouncilRow) -> Result<()> {
    diesel::update(councils::table.find(row.id)).set(councils::version.eq(row.version)).execute(cx.conn)?;
    Ok(())
}

/// The sessions of a council that are held on or after a day and have not ended, in the order of their
/// identifiers, locked until the deed ends.
pub(in crate::scoring) fn open_sessions(cx: &mut Ctx<'_>, council: CouncilId, from: NaiveDate) -> Result<Vec<Meeting>> {
    let open = council_sessions::table
        .filter(council_sessions::council_id.eq(council))
        .filter(council_sessions::held_on.ge(from))
        .filter(council_sessions::state.ne(SessionState::Closed))
        .order(council_sessions::id);
    let ids: Vec<SessionMeetingId> = open.select(council_sessions::id).load(cx.conn)?;
    ids.into_iter().map(|id| lock_session(cx, id)).collect()
}

pub(in crate::scoring) fn visible_council(cx: &mut Ctx<'_>, id: CouncilId) -> Result<Option<CouncilRow>> {
    let query = visible_councils(cx).filter(councils::id.eq(id));
    Ok(query.select(CouncilRow::as_select()).first(cx.conn).optional()?)
}

/// Any council, for acts that have already found what belongs to it.
pub(in crate::scoring) fn council(cx: &mut Ctx<'_>, id: CouncilId) -> Result<CouncilRow> {
    Ok(councils::table.find(id).select(CouncilRow::as_select()).first(cx.conn)?)
}

pub(in crate::scoring) fn councils(cx: &mut Ctx<'_>, after: Option<CouncilId>, limit: i64) -> Result<Vec<CouncilRow>> {
    let mut query = visible_councils(cx);
    if let Some(id) = after {
        query = query.filter(councils::id.lt(id));
    }
    Ok(query.order(councils::id.desc()).limit(limit).select(CouncilRow::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn seats(cx: &mut Ctx<'_>, council: CouncilId) -> Result<Vec<Seat>> {
    let query = council_seats::table.filter(council_seats::council_id.eq(council)).order(council_seats::ordinal);
    Ok(query.select(Seat::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn seat(cx: &mut Ctx<'_>, id: SeatId) -> Result<Option<Seat>> {
    Ok(council_seats::table.find(id).select(Seat::as_select()).first(cx.conn).optional()?)
}

/// These seats.
pub(in crate::scoring) fn seats_by_id(cx: &mut Ctx<'_>, ids: &[SeatId]) -> Result<BTreeMap<SeatId, Seat>> {
    let query = council_seats::table.filter(council_seats::id.eq_any(ids.to_vec()));
    let rows: Vec<Seat> = query.select(Seat::as_select()).load(cx.conn)?;
    Ok(rows.into_iter().map(|seat| (seat.id, seat)).collect())
}

pub(in crate::scoring) fn seat_of(cx: &mut Ctx<'_>, council: CouncilId, user: UserId) -> Result<Option<Seat>> {
    let query = council_seats::table
        .filter(council_seats::council_id.eq(council))
        .filter(council_seats::user_id.eq(user))
        .order(council_seats::ordinal);
    Ok(query.select(Seat::as_select()).first(cx.conn).optional()?)
}

/// Whether the caller sits in any council.
pub(in crate::scoring) fn has_seat(cx: &mut Ctx<'_>) -> Result<bool> {
    Ok(!own_seats(cx)?.is_empty())
}

pub(in crate::scoring) fn insert_conflict(cx: &mut Ctx<'_>, row: &Conflict) -> Result<()> {
    diesel::insert_into(conflicts::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The conflicts of the seats of a council.
pub(in crate::scoring) fn conflicts_in(cx: &mut Ctx<'_>, council: CouncilId) -> Result<Vec<Conflict>> {
    let seats = council_seats::table.filter(council_seats::council_id.eq(council)).select(council_seats::id);
    let query = conflicts::table.filter(conflicts::seat_id.eq_any(seats)).order(conflicts::id);
    Ok(query.select(Conflict::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn conflict(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<Conflict>> {
    Ok(conflicts::table.find(id).select(Conflict::as_select()).first(cx.conn).optional()?)
}
