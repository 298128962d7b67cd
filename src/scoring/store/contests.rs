//! Queries about complaints, orders to evaluate again, and whom they keep away.

use diesel::prelude::*;

use super::super::model::{ComplaintRow, Conflict, OrderRow, Seat};
use super::super::rules::contest::ComplaintState;
use super::super::rules::{ConflictBasis, SheetState, interests};
use crate::db::schema::{complaints, council_seats, evaluation_orders, results, session_dossiers, sheets};
use crate::db::{Ctx, Moment, MultiBackend};
use crate::error::Result;
use crate::ids::{DossierId, ResultId, RowId, SessionMeetingId, UserId};

pub(in crate::scoring) fn insert_complaint(cx: &mut Ctx<'_>, row: &ComplaintRow) -> Result<()> {
    diesel::insert_into(complaints::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn complaint(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<ComplaintRow>> {
    Ok(complaints::table.find(id).select(ComplaintRow::as_select()).first(cx.conn).optional()?)
}

/// The complaints about a dossier, newest first.
pub(in crate::scoring) fn complaints_of(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<ComplaintRow>> {
    let query = complaints::table.filter(complaints::dossier_id.eq(dossier)).order(complaints::id.desc());
    Ok(query.select(ComplaintRow::as_select()).load(cx.conn)?)
}

/// Of these results, those whose complaint waits for its answer.
pub(in crate::scoring) fn under_complaint(cx: &mut Ctx<'_>, results: &[ResultId]) -> Result<Vec<ResultId>> {
    let open = complaints::table
        .filter(complaints::result_id.eq_any(results.to_vec()))
        .filter(complaints::state.eq(ComplaintState::Open));
    Ok(open.select(complaints::result_id).load(cx.conn)?)
}

pub(in crate::scoring) fn save_complaint(cx: &mut Ctx<'_>, row: &ComplaintRow) -> Result<()> {
    diesel::update(complaints::table.find(row.id))
        .set((
            complaints::state.eq(row.state),
            complaints::answer.eq(&row.answer),
            complaints::other_members.eq(row.other_members),
            complaints::answered_by.eq(row.answered_by),
            complaints::answered_at.eq(row.answered_at),
            complaints::version.eq(row.version),
        ))
        .execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn insert_order(cx: &mut Ctx<'_>, row: &OrderRow) -> Result<()> {
    diesel::insert_into(evaluation_orders::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn order(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<OrderRow>> {
    Ok(evaluation_orders::table.find(id).select(OrderRow::as_select()).first(cx.conn).optional()?)
}

/// The newest order about a dossier.
pub(in crate::scoring) fn order_of(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Option<OrderRow>> {
    Ok(evaluation_orders::table
        .filter(evaluation_orders::dossier_id.eq(dossier))
        .order(evaluation_orders::id.desc())
        .select(OrderRow::as_select())
        .first(cx.conn)
        .optional()?)
}

/// Orders, newest first.
pub(in crate::scoring) fn orders(cx: &mut Ctx<'_>, after: Option<RowId>, limit: i64) -> Result<Vec<OrderRow>> {
    let mut query = evaluation_orders::table.into_boxed::<MultiBackend>();
    if let Some(id) = after {
        query = query.filter(evaluation_orders::id.lt(id));
    }
    let ordered = query.order(evaluation_orders::id.desc()).limit(limit);
    Ok(ordered.select(OrderRow::as_select()).load(cx.conn)?)
}

/// The dossiers whose contested result this person marked, with the moment from which on a session that is
/// convened for them is out of sight.
pub(in crate::scoring) fn marked_before(cx: &mut Ctx<'_>, user: UserId) -> Result<Vec<(DossierId, Moment)>> {
    let marked = council_seats::user_id.eq(user).and(sheets::state.eq(SheetState::Submitted));
    let upheld: Vec<(DossierId, Option<Moment>)> = complaints::table
        .inner_join(results::table.on(results::id.eq(complaints::result_id)))
        .inner_join(sheets::table.on(sheets::session_id.eq(results::session_id)))
        .inner_join(council_seats::table.on(council_seats::id.eq(sheets::seat_id)))
        .filter(sheets::dossier_id.eq(complaints::dossier_id))
        .filter(complaints::other_members.eq(true))
        .filter(marked)
        .select((complaints::dossier_id, complaints::answered_at))
        .load(cx.conn)?;
    let ordered: Vec<(DossierId, Moment)> = evaluation_orders::table
        .inner_join(results::table.on(results::id.eq(evaluation_orders::result_id)))
        .inner_join(sheets::table.on(sheets::session_id.eq(results::session_id)))
        .inner_join(council_seats::table.on(council_seats::id.eq(sheets::seat_id)))
        .filter(sheets::dossier_id.eq(evaluation_orders::dossier_id))
        .filter(evaluation_orders::other_members.eq(true))
        .filter(marked)
        .select((evaluation_orders::dossier_id, evaluation_orders::ordered_at))
        .load(cx.conn)?;
    let upheld = upheld.into_iter().filter_map(|(dossier, at)| Some((dossier, at?)));
    Ok(upheld.chain(ordered).collect())
}

/// Seats whose holders marked a result that was contested since: they keep away from the dossier in
/// sessions that were convened after that.
pub(in crate::scoring) fn kept_away(
    cx: &mut Ctx<'_>,
    session: SessionMeetingId,
    convened_at: Moment,
    seats: &[Seat],
) -> Result<Vec<Conflict>> {
    let upheld: Vec<(DossierId, ResultId, Option<Moment>)> = complaints::table
        .inner_join(session_dossiers::table.on(session_dossiers::dossier_id.eq(complaints::dossier_id)))
        .filter(session_dossiers::session_id.eq(session))
        .filter(complaints::other_members.eq(true))
        .select((complaints::dossier_id, complaints::result_id, complaints::answered_at))
        .load(cx.conn)?;
    let ordered: Vec<(DossierId, ResultId, Moment)> = evaluation_orders::table
        .inner_join(session_dossiers::table.on(session_dossiers::dossier_id.eq(evaluation_orders::dossier_id)))
        .filter(session_dossiers::session_id.eq(session))
        .filter(evaluation_orders::other_members.eq(true))
        .select((evaluation_orders::dossier_id, evaluation_orders::result_id, evaluation_orders::ordered_at))
        .load(cx.conn)?;
    let all = upheld.into_iter().map(|(d, r, at)| (d, r, at.unwrap_or(convened_at))).chain(ordered);
    let contested: Vec<_> = all.filter(|(.., at)| *at <= convened_at).collect();
    if contested.is_empty() {
        return Ok(Vec::new());
    }
    let marked: Vec<(ResultId, DossierId, UserId)> = sheets::table
        .inner_join(council_seats::table.on(council_seats::id.eq(sheets::seat_id)))
        .inner_join(results::table.on(results::session_id.eq(sheets::session_id)))
        .filter(results::id.eq_any(contested.iter().map(|(_, result, _)| *result).collect::<Vec<_>>()))
        .filter(sheets::dossier_id.eq_any(contested.iter().map(|(dossier, ..)| *dossier).collect::<Vec<_>>()))
        .filter(sheets::state.eq(SheetState::Submitted))
        .select((results::id, sheets::dossier_id, council_seats::user_id))
        .load(cx.conn)?;
    let mut out = Vec::new();
    for (dossier, result, at) in contested {
        for seat in seats.iter().filter(|s| marked.contains(&(result, dossier, s.user_id))) {
            out.push(Conflict {
                id: RowId(result.0),
                seat_id: seat.id,
                dossier_id: dossier,
                reason: interests::reason(ConflictBasis::MarkedBefore).to_owned(),
                declared_by: None,
                declared_at: at,
                basis: ConflictBasis::MarkedBefore,
            });
        }
    }
    Ok(out)
}
