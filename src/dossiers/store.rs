//! All queries about intake.

use diesel::prelude::*;

use super::model::{ClockRow, Dossier, MoveRow, PauseRow, SelfMark};
use super::rules::Status;
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{dossier_clocks, dossier_moves, dossier_pauses, dossiers, place_reach, self_marks};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::{AppError, Result};
use crate::ids::{DossierId, RowId};

/// The dossiers this caller may know about. Every read starts here. A draft is the producer's alone.
pub(super) fn visible(cx: &Ctx<'_>) -> dossiers::BoxedQuery<'static, MultiBackend> {
    let all = dossiers::table.into_boxed();
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere if cx.actor().is_system() => all,
        Reach::Everywhere => {
            all.filter(dossiers::status.ne(Status::Draft).or(dossiers::producer_id.eq_any(cx.actor().producers())))
        }
        Reach::Offices(offices) => {
            let territory = place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id);
            all.filter(
                dossiers::place_id
                    .eq_any(territory)
                    .and(dossiers::status.ne(Status::Draft))
                    .or(dossiers::producer_id.eq_any(cx.actor().producers())),
            )
        }
    }
}

pub(super) fn find(cx: &mut Ctx<'_>, id: DossierId) -> Result<Option<Dossier>> {
    Ok(visible(cx).filter(dossiers::id.eq(id)).select(Dossier::as_select()).first(cx.conn).optional()?)
}

/// Any dossier, whoever asks: for acts whose ground was looked up elsewhere.
pub(super) fn any(cx: &mut Ctx<'_>, id: DossierId) -> Result<Option<Dossier>> {
    Ok(dossiers::table.find(id).select(Dossier::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    let row = match cx.conn {
        Conn::Pg(c) => dossiers::table.find(id).for_update().select(Dossier::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => dossiers::table.find(id).select(Dossier::as_select()).first(c).optional()?,
    };
    row.ok_or(AppError::NotFound)
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &Dossier) -> Result<()> {
    diesel::insert_into(dossiers::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Saves a row that was read in the version before; gives false when somebody was faster.
pub(super) fn save(cx: &mut Ctx<'_>, row: &Dossier) -> Result<bool> {
    let held = dossiers::table.filter(dossiers::id.eq(row.id)).filter(dossiers::version.eq(row.version - 1));
    Ok(diesel::update(held).set(row).execute(cx.conn)? == 1)
}

pub(super) fn insert_move(cx: &mut Ctx<'_>, row: &MoveRow) -> Result<()> {
    diesel::insert_into(dossier_moves::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn moves(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<MoveRow>> {
    Ok(dossier_moves::table
        .filter(dossier_moves::dossier_id.eq(id))
        .order(dossier_moves::ordinal)
        .select(MoveRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn last_ordinal(cx: &mut Ctx<'_>, id: DossierId) -> Result<i32> {
    let last: Option<i32> = dossier_moves::table
        .filter(dossier_moves::dossier_id.eq(id))
        .select(diesel::dsl::max(dossier_moves::ordinal))
        .first(cx.conn)?;
    Ok(last.unwrap_or(0))
}

pub(super) fn marks(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<SelfMark>> {
    Ok(self_marks::table
        .filter(self_marks::dossier_id.eq(id))
        .order(self_marks::criterion)
        .select(SelfMark::as_select())
        .load(cx.conn)?)
}

pub(super) fn clocks(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<ClockRow>> {
    Ok(dossier_clocks::table
        .filter(dossier_clocks::dossier_id.eq(id))
        .order((dossier_clocks::started_on, dossier_clocks::id))
        .select(ClockRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn insert_clock(cx: &mut Ctx<'_>, row: &ClockRow) -> Result<()> {
    diesel::insert_into(dossier_clocks::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn save_clock(cx: &mut Ctx<'_>, row: &ClockRow) -> Result<()> {
    diesel::update(dossier_clocks::table.find(row.id))
        .set((dossier_clocks::deadline_paused.eq(row.deadline_paused), dossier_clocks::ended_on.eq(row.ended_on)))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn pauses(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<PauseRow>> {
    Ok(dossier_pauses::table
        .filter(dossier_pauses::dossier_id.eq(id))
        .order((dossier_pauses::from_day, dossier_pauses::id))
        .select(PauseRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn insert_pause(cx: &mut Ctx<'_>, row: &PauseRow) -> Result<()> {
    diesel::insert_into(dossier_pauses::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn end_pause(cx: &mut Ctx<'_>, id: RowId, on: chrono::NaiveDate) -> Result<()> {
    diesel::update(dossier_pauses::table.find(id)).set(dossier_pauses::to_day.eq(on)).execute(cx.conn)?;
    Ok(())
}
