//! Queries about sheets and marks; who may see them.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::super::model::{CouncilRow, EditRow, MarkRow, SheetRow};
use super::super::rules::{Office, Regulation, SheetState, Viewer, independence};
use super::super::sheets::SheetFilter;
use super::contests;
use crate::actor::{EARLY_READERS, Reach};
use crate::db::schema::{
    conflicts, council_seats, council_sessions, councils, place_reach, session_dossiers, sheet_edits, sheet_marks,
    sheets,
};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::each;
use crate::error::Result;
use crate::ids::{CouncilId, DossierId, SeatId, SessionMeetingId, SheetId};

/// The sheets that the caller may see, as [`independence::TABLE`] says: the caller's own, unless a
/// conflict was declared, and those that the table shows to what the caller is to each council.
///
/// No other query may show a sheet that is not the caller's: a count, a tag or an order would tell.
fn visible_sheets(cx: &mut Ctx<'_>) -> Result<sheets::BoxedQuery<'static, MultiBackend>> {
    let query = sheets::table.into_boxed::<MultiBackend>();
    if cx.actor().is_system() {
        return Ok(query);
    }
    let own_seats = own_seats(cx)?;
    let marked_before = match cx.actor().user() {
        Some(user) => contests::marked_before(cx, user)?,
        None => Vec::new(),
    };
    let kept_out = conflicts::table.filter(conflicts::seat_id.eq_any(own_seats.clone())).select(conflicts::dossier_id);
    let (office, seated) = (councils_in_territory(cx)?, councils_by_seat(cx)?);
    let shown = |viewer: Viewer| {
        let (states, earlier) = independence::sheets_seen(viewer, &Regulation::default());
        // A regulation that shows less than the usual one shows nothing.
        let as_usual = |r: &Regulation| independence::sheets_seen(viewer, r) == (states.clone(), earlier);
        let councils: Vec<CouncilId> = match viewer {
            Viewer::Official => office.clone(),
            _ => {
                seated.iter().filter(|(v, _, r)| *v == viewer && as_usual(r)).map(|(_, council, _)| *council).collect()
            }
        };
        // Whoever sits in a council sees the sessions of the days on which the seat is held.
        let held = council_seats::table
            .filter(council_seats::council_id.eq(council_sessions::council_id))
            .filter(council_seats::id.eq_any(own_seats.clone()))
            .filter(council_seats::valid_from.le(council_sessions::held_on))
            .filter(
                council_seats::valid_to.is_null().or(council_seats::valid_to.ge(council_sessions::held_on.nullable())),
            );
        let by_office = viewer == Viewer::Official;
        let sessions = council_sessions::table
            .filter(council_sessions::council_id.eq_any(councils))
            .filter(exists(held).or(by_office.into_sql::<Bool>()))
            .select(council_sessions::id);
        let seen = session_dossiers::state.eq_any(states).or(session_dossiers::state
            .eq_any(independence::MARKED)
            .and(session_dossiers::scoring_round.gt(sheets::scoring_round))
            .and(earlier.into_sql::<Bool>()));
        let table = session_dossiers::table
            .filter(session_dossiers::session_id.eq(sheets::session_id))
            .filter(session_dossiers::dossier_id.eq(sheets::dossier_id))
            .filter(seen);
        sheets::session_id.eq_any(sessions).and(exists(table))
    };
    let seen = shown(Viewer::Fellow)
        .or(shown(Viewer::Presiding))
        .or(shown(Viewer::Secretary))
        .or(shown(Viewer::Official))
        .or(sheets::seat_id.eq_any(own_seats));
    let mut query = query.filter(sheets::dossier_id.ne_all(kept_out)).filter(seen);
    // Whoever marked a contested result sees nothing of the new evaluation.
    for (dossier, since) in marked_before {
        let anew = council_sessions::table.filter(council_sessions::created_at.ge(since)).select(council_sessions::id);
        query = query.filter(sheets::dossier_id.ne(dossier).or(sheets::session_id.ne_all(anew)));
    }
    Ok(query)
}

pub(super) fn own_seats(cx: &mut Ctx<'_>) -> Result<Vec<SeatId>> {
    let Some(user) = cx.actor().user() else { return Ok(Vec::new()) };
    Ok(council_seats::table.filter(council_seats::user_id.eq(user)).select(council_seats::id).load(cx.conn)?)
}

/// The councils that lie in the territory of an official who reads sheets.
fn councils_in_territory(cx: &mut Ctx<'_>) -> Result<Vec<CouncilId>> {
    match cx.actor().reach(EARLY_READERS) {
        Reach::Everywhere => Ok(councils::table.select(councils::id).load(cx.conn)?),
        Reach::Offices(offices) => {
            let reached =
                place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id);
            let query = councils::table.filter(councils::place_id.eq_any(reached.nullable()));
            Ok(query.select(councils::id).load(cx.conn)?)
        }
    }
}

/// The councils in which the caller sits: what the caller is to the other seats, and how each works.
fn councils_by_seat(cx: &mut Ctx<'_>) -> Result<Vec<(Viewer, CouncilId, Regulation)>> {
    let Some(user) = cx.actor().user() else { return Ok(Vec::new()) };
    let seated: Vec<(CouncilRow, Office)> = council_seats::table
        .inner_join(councils::table.on(councils::id.eq(council_seats::council_id)))
        .filter(council_seats::user_id.eq(user))
        .select((CouncilRow::as_select(), council_seats::office))
        .load(cx.conn)?;
    seated.into_iter().map(|(council, office)| Ok((Viewer::of_office(office), council.id, council.rules()?))).collect()
}

pub(in crate::scoring) fn insert_sheet(cx: &mut Ctx<'_>, row: &SheetRow) -> Result<()> {
    diesel::insert_into(sheets::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn visible_sheet(cx: &mut Ctx<'_>, id: SheetId) -> Result<Option<SheetRow>> {
    let query = visible_sheets(cx)?.filter(sheets::id.eq(id));
    Ok(query.select(SheetRow::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn sheets(
    cx: &mut Ctx<'_>,
    filter: &SheetFilter,
    after: Option<SheetId>,
    limit: i64,
) -> Result<Vec<SheetRow>> {
    let mut query = visible_sheets(cx)?;
    if let Some(user) = filter.mine {
        let own = council_seats::table.filter(council_seats::user_id.eq(user)).select(council_seats::id);
        query = query.filter(sheets::seat_id.eq_any(own));
    }
    if let Some(session) = filter.session {
        query = query.filter(sheets::session_id.eq(session));
    }
    if let Some(dossier) = filter.dossier {
        query = query.filter(sheets::dossier_id.eq(dossier));
    }
    if let Some(id) = after {
        query = query.filter(sheets::id.gt(id));
    }
    Ok(query.order(sheets::id).limit(limit).select(SheetRow::as_select()).load(cx.conn)?)
}

/// The submitted sheets for these dossiers in these sessions that the caller may see.
pub(in crate::scoring) fn sheets_behind(
    cx: &mut Ctx<'_>,
    sessions: &[SessionMeetingId],
    dossiers: &[DossierId],
) -> Result<Vec<SheetRow>> {
    let query = visible_sheets(cx)?
        .filter(sheets::session_id.eq_any(sessions.to_vec()))
        .filter(sheets::dossier_id.eq_any(dossiers.to_vec()))
        .filter(sheets::state.eq(SheetState::Submitted));
    Ok(query.order(sheets::id).select(SheetRow::as_select()).load(cx.conn)?)
}

/// The sheet, locked until the deed ends; its state is the gate of every mark.
pub(in crate::scoring) fn lock_sheet(cx: &mut Ctx<'_>, id: SheetId) -> Result<SheetRow> {
    Ok(match cx.conn {
        Conn::Pg(c) => sheets::table.find(id).for_update().select(SheetRow::as_select()).first(c)?,
        Conn::Sqlite(c) => sheets::table.find(id).select(SheetRow::as_select()).first(c)?,
    })
}

pub(in crate::scoring) fn save_sheet(cx: &mut Ctx<'_>, row: &SheetRow) -> Result<()> {
    diesel::update(sheets::table.find(row.id))
        .set((
            sheets::state.eq(row.state),
            sheets::knock_out.eq(&row.knock_out),
            sheets::opinion.eq(&row.opinion),
            sheets::total.eq(row.total),
            sheets::submitted_at.eq(row.submitted_at),
            sheets::version.eq(row.version),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// The sheets of a session, for its own acts only: never shown before marking has ended.
pub(in crate::scoring) fn sheets_in(cx: &mut Ctx<'_>, session: SessionMeetingId) -> Result<Vec<SheetRow>> {
    let query = sheets::table.filter(sheets::session_id.eq(session)).order(sheets::id);
    Ok(query.select(SheetRow::as_select()).load(cx.conn)?)
}

/// Ends open sheets: of a whole session, of one dossier, or of one seat for one dossier.
pub(in crate::scoring) fn end_sheets(
    cx: &mut Ctx<'_>,
    session: SessionMeetingId,
    dossier: Option<DossierId>,
    seat: Option<SeatId>,
    from: &[SheetState],
    to: SheetState,
) -> Result<usize> {
    let mut query = diesel::update(sheets::table)
        .filter(sheets::session_id.eq(session))
        .filter(sheets::state.eq_any(from.to_vec()))
        .set((sheets::state.eq(to), sheets::version.eq(sheets::version + 1)))
        .into_boxed::<MultiBackend>();
    if let Some(dossier) = dossier {
        query = query.filter(sheets::dossier_id.eq(dossier));
    }
    if let Some(seat) = seat {
        query = query.filter(sheets::seat_id.eq(seat));
    }
    Ok(query.execute(cx.conn)?)
}

pub(in crate::scoring) fn marks(cx: &mut Ctx<'_>, sheet: SheetId) -> Result<Vec<MarkRow>> {
    let query = sheet_marks::table.filter(sheet_marks::sheet_id.eq(sheet)).order(sheet_marks::criterion);
    Ok(query.select(MarkRow::as_select()).load(cx.conn)?)
}

/// The marks of these criteria become these; a criterion without one loses it.
pub(in crate::scoring) fn replace_marks(
    cx: &mut Ctx<'_>,
    sheet: SheetId,
    criteria: &[&str],
    marks: &Vec<MarkRow>,
) -> Result<()> {
    let old = sheet_marks::table
        .filter(sheet_marks::sheet_id.eq(sheet))
        .filter(sheet_marks::criterion.eq_any(criteria.to_vec()));
    diesel::delete(old).execute(cx.conn)?;
    if !marks.is_empty() {
        each!(&mut *cx.conn, c => diesel::insert_into(sheet_marks::table).values(marks).execute(c))?;
    }
    Ok(())
}

/// Every value that the criteria of a sheet had.
pub(in crate::scoring) fn edits(cx: &mut Ctx<'_>, sheet: SheetId) -> Result<Vec<EditRow>> {
    let query = sheet_edits::table.filter(sheet_edits::sheet_id.eq(sheet));
    Ok(query.select(EditRow::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn insert_edits(cx: &mut Ctx<'_>, rows: &Vec<EditRow>) -> Result<()> {
    if !rows.is_empty() {
        each!(&mut *cx.conn, c => diesel::insert_into(sheet_edits::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// The marks of several sheets.
pub(in crate::scoring) fn marks_of_sheets(cx: &mut Ctx<'_>, ids: &[SheetId]) -> Result<Vec<MarkRow>> {
    let query = sheet_marks::table.filter(sheet_marks::sheet_id.eq_any(ids.to_vec()));
    Ok(query.order((sheet_marks::sheet_id, sheet_marks::criterion)).select(MarkRow::as_select()).load(cx.conn)?)
}
