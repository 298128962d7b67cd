//! Conflicts of interest: declared by the member, or detected from what the registers know when a dossier
//! comes on the table and when a seat is filled. Both have one effect, and nothing that was marked before
//! is deleted.

use super::councils::{bench, own_seat};
use super::model::{Conflict, Meeting, Seat, Tabled};
use super::rules::interests::{self, Member};
use super::rules::{ConflictBasis, Regulation, SessionStop, SheetState, TableState};
use super::{sessions, store};
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth;
use crate::db::Ctx;
use crate::dossiers::{self, Dossier};
use crate::error::{AppError, Result};
use crate::ids::{DossierId, RowId};
use crate::producers;

/// A member keeps away from a dossier: no access, no sheet, not counted among those present.
///
/// # Errors
/// 422 when no council of the caller has the dossier on its table, 409 when it is declared already
/// or marking has ended.
pub fn declare(cx: &mut Ctx<'_>, dossier: DossierId, reason: &str) -> Result<Conflict> {
    let unknown = || {
        AppError::field(
            "/dossierId",
            "not_found",
            "Hồ sơ này không có trong phiên họp nào của bạn.",
            "The dossier is on no table of yours.",
        )
    };
    let (mut declared, mut refused) = (None, None);
    for tabled in store::tables_with(cx, dossier)? {
        let mut meeting = store::lock_session(cx, tabled.session_id)?;
        let Some(seat) = own_seat(cx, &meeting)? else { continue };
        // Read again behind the lock: marking may have ended meanwhile.
        let now = store::tabled(cx, meeting.id, dossier)?.ok_or(AppError::NotFound)?;
        if is_known(cx, &meeting, &seat, dossier)? {
            refused = Some(SessionStop::ConflictDeclared);
        } else if !matches!(now.state, TableState::Waiting | TableState::Scoring) {
            refused = refused.or(Some(SessionStop::MarkingEnded));
        } else {
            let row = enter(cx, &meeting, &seat, &now, ConflictBasis::Declared, reason)?;
            meeting.version += 1;
            store::save_session(cx, &meeting)?;
            declared = Some(row);
        }
    }
    match (declared, refused) {
        (Some(row), _) => Ok(row),
        (None, Some(stop)) => Err(stop.into()),
        (None, None) => Err(unknown()),
    }
}

fn is_known(cx: &mut Ctx<'_>, meeting: &Meeting, seat: &Seat, dossier: DossierId) -> Result<bool> {
    let known = store::conflicts_in(cx, meeting.council_id)?;
    Ok(known.iter().any(|c| c.seat_id == seat.id && c.dossier_id == dossier))
}

/// From here on the seat keeps away: its open sheets count no more and are kept, and whoever is named to
/// stand in for it is given one.
fn enter(
    cx: &mut Ctx<'_>,
    meeting: &Meeting,
    seat: &Seat,
    tabled: &Tabled,
    basis: ConflictBasis,
    reason: &str,
) -> Result<Conflict> {
    let dossier = tabled.dossier_id;
    let row = Conflict {
        id: RowId::new(),
        seat_id: seat.id,
        dossier_id: dossier,
        reason: reason.to_owned(),
        declared_by: cx.actor().user().filter(|_| basis == ConflictBasis::Declared),
        declared_at: cx.now,
        basis,
    };
    store::insert_conflict(cx, &row)?;
    let ended = [SheetState::Draft, SheetState::Submitted];
    store::end_sheets(cx, meeting.id, Some(dossier), Some(seat.id), &ended, SheetState::Void)?;
    if tabled.state == TableState::Scoring {
        sessions::deal_to_alternates(cx, meeting, tabled, seat.id)?;
    }
    let act = if basis == ConflictBasis::Declared { "conflict.declared" } else { "conflict.detected" };
    let details = Details::none().with("session", meeting.id).with("dossier", dossier).with("reason", reason);
    audit::record(cx, act, "seat", seat.id.0, details.with("basis", basis))?;
    Ok(row)
}

/// Detects what nobody declared, for these seats and the dossiers on the table that still can be marked.
///
/// # Errors
/// When the database fails.
pub(super) fn detect(cx: &mut Ctx<'_>, meeting: &Meeting, seats: &[Seat], regulation: &Regulation) -> Result<()> {
    for tabled in store::table_of(cx, meeting.id)? {
        if !matches!(tabled.state, TableState::Waiting | TableState::Scoring) {
            continue;
        }
        let dossier = dossiers::any(cx, tabled.dossier_id)?;
        let same = producers::same_as(cx, dossier.producer_id)?;
        let producer = producers::any(cx, dossier.producer_id)?;
        let names = producers::all_names(cx, &producer)?;
        for seat in seats {
            let member = known_of(cx, seat, &dossier, &same)?;
            let Some(basis) = interests::detected(&member, &names, regulation) else { continue };
            if !is_known(cx, meeting, seat, dossier.id)? {
                enter(cx, meeting, seat, &tabled, basis, interests::reason(basis))?;
            }
        }
    }
    Ok(())
}

/// What the registers know of a member and the producer of a dossier.
fn known_of(cx: &mut Ctx<'_>, seat: &Seat, dossier: &Dossier, same: &[crate::ids::ProducerId]) -> Result<Member> {
    let rights = auth::users::grants(cx, seat.user_id)?;
    let today = cx.today();
    let person = auth::user(cx, seat.user_id)?.ok_or(AppError::NotFound)?;
    Ok(Member {
        speaks_for_producer: rights.iter().any(|g| g.producer_id.is_some_and(|p| same.contains(&p))),
        represents_producer: producers::is_reached_at(cx, dossier.producer_id, &person.email, person.phone.as_deref())?,
        organisation: seat.organisation.clone(),
        of_commune: rights.iter().any(|g| {
            let holds = g.ended_at.is_none() && g.valid_from <= today && g.valid_to.is_none_or(|last| today <= last);
            g.role == Role::Commune && holds && g.place_id == Some(dossier.place_id)
        }),
    })
}

/// Who keeps away from which dossier of a session, and why: told to whoever keeps the session.
///
/// # Errors
/// 403 for everybody else.
pub(super) fn of_session(cx: &mut Ctx<'_>, meeting: &Meeting) -> Result<Vec<Conflict>> {
    let bench = bench(cx, meeting)?;
    bench.must_keep()?;
    let table = store::table_of(cx, meeting.id)?;
    let here = |c: &Conflict| table.iter().any(|t| t.dossier_id == c.dossier_id);
    let seated = |c: &Conflict| bench.seats.iter().any(|s| s.id == c.seat_id);
    Ok(bench.conflicts.iter().filter(|c| here(c) && seated(c)).cloned().collect())
}

/// A declared conflict, for whoever has just declared it.
///
/// # Errors
/// 404.
pub fn find(cx: &mut Ctx<'_>, id: RowId) -> Result<Conflict> {
    store::conflict(cx, id)?.filter(|c| c.declared_by == cx.actor().user()).ok_or(AppError::NotFound)
}
