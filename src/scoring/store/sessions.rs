//! Queries about sessions and the dossiers on their tables.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::{Meeting, Tabled};
use super::councils::{visible_council, visible_councils};
use crate::db::schema::{council_sessions, councils, dossier_documents, evidence, evidence_versions, session_dossiers};
use crate::db::{Conn, Ctx, Doc, MultiBackend};
use crate::error::Result;
use crate::ids::{CouncilId, DossierId, SessionMeetingId};

pub(in crate::scoring) fn insert_session(cx: &mut Ctx<'_>, row: &Meeting, table: &[Tabled]) -> Result<()> {
    diesel::insert_into(council_sessions::table).values(row).execute(cx.conn)?;
    for tabled in table {
        diesel::insert_into(session_dossiers::table).values(tabled).execute(cx.conn)?;
    }
    Ok(())
}

/// A session of a council that the caller may know about.
pub(in crate::scoring) fn visible_session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Option<Meeting>> {
    let query = council_sessions::table.find(id);
    let found: Option<Meeting> = query.select(Meeting::as_select()).first(cx.conn).optional()?;
    let Some(found) = found else { return Ok(None) };
    Ok(visible_council(cx, found.council_id)?.map(|_| found))
}

pub(in crate::scoring) fn sessions(
    cx: &mut Ctx<'_>,
    council: Option<CouncilId>,
    after: Option<(NaiveDate, SessionMeetingId)>,
    limit: i64,
) -> Result<Vec<Meeting>> {
    let known: Vec<CouncilId> = visible_councils(cx).select(councils::id).load(cx.conn)?;
    let mut query =
        council_sessions::table.filter(council_sessions::council_id.eq_any(known)).into_boxed::<MultiBackend>();
    if let Some(id) = council {
        query = query.filter(council_sessions::council_id.eq(id));
    }
    if let Some((day, id)) = after {
        let same_day = council_sessions::held_on.lt(day).or(council_sessions::id.lt(id));
        query = query.filter(council_sessions::held_on.le(day).and(same_day));
    }
    let ordered = query.order((council_sessions::held_on.desc(), council_sessions::id.desc())).limit(limit);
    Ok(ordered.select(Meeting::as_select()).load(cx.conn)?)
}

/// Any session, for acts that have already found what belongs to it.
pub(in crate::scoring) fn session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Meeting> {
    Ok(council_sessions::table.find(id).select(Meeting::as_select()).first(cx.conn)?)
}

/// These sessions, for acts that have already found what belongs to them.
pub(in crate::scoring) fn sessions_by_id(cx: &mut Ctx<'_>, ids: &[SessionMeetingId]) -> Result<Vec<Meeting>> {
    let query = council_sessions::table.filter(council_sessions::id.eq_any(ids.to_vec()));
    Ok(query.select(Meeting::as_select()).load(cx.conn)?)
}

/// The session, locked until the deed ends.
pub(in crate::scoring) fn lock_session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Meeting> {
    Ok(match cx.conn {
        Conn::Pg(c) => council_sessions::table.find(id).for_update().select(Meeting::as_select()).first(c)?,
        Conn::Sqlite(c) => council_sessions::table.find(id).select(Meeting::as_select()).first(c)?,
    })
}

pub(in crate::scoring) fn save_session(cx: &mut Ctx<'_>, row: &Meeting) -> Result<()> {
    diesel::update(council_sessions::table.find(row.id))
        .set((
            council_sessions::state.eq(row.state),
            council_sessions::attendance.eq(&row.attendance),
            council_sessions::chaired_by.eq(row.chaired_by),
            council_sessions::opened_at.eq(row.opened_at),
            council_sessions::closed_at.eq(row.closed_at),
            council_sessions::version.eq(row.version),
        ))
        .execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn table_of(cx: &mut Ctx<'_>, session: SessionMeetingId) -> Result<Vec<Tabled>> {
    let query =
        session_dossiers::table.filter(session_dossiers::session_id.eq(session)).order(session_dossiers::ordinal);
    Ok(query.select(Tabled::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn tabled(
    cx: &mut Ctx<'_>,
    session: SessionMeetingId,
    dossier: DossierId,
) -> Result<Option<Tabled>> {
    let query = session_dossiers::table.find((session, dossier));
    Ok(query.select(Tabled::as_select()).first(cx.conn).optional()?)
}

/// In which round of sheets these dossiers are, or were, on the tables of these sessions.
pub(in crate::scoring) fn scoring_rounds(
    cx: &mut Ctx<'_>,
    sessions: &[SessionMeetingId],
    dossiers: &[DossierId],
) -> Result<BTreeMap<(SessionMeetingId, DossierId), i32>> {
    let rows: Vec<(SessionMeetingId, DossierId, i32)> = session_dossiers::table
        .filter(session_dossiers::session_id.eq_any(sessions.to_vec()))
        .filter(session_dossiers::dossier_id.eq_any(dossiers.to_vec()))
        .select((session_dossiers::session_id, session_dossiers::dossier_id, session_dossiers::scoring_round))
        .load(cx.conn)?;
    Ok(rows.into_iter().map(|(session, dossier, round)| ((session, dossier), round)).collect())
}

/// Every session in which a dossier was on the table.
pub(in crate::scoring) fn tables_with(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<Tabled>> {
    let query = session_dossiers::table.filter(session_dossiers::dossier_id.eq(dossier));
    Ok(query.select(Tabled::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn save_tabled(cx: &mut Ctx<'_>, row: &Tabled) -> Result<()> {
    diesel::update(session_dossiers::table.find((row.session_id, row.dossier_id)))
        .set((
            session_dossiers::state.eq(row.state),
            session_dossiers::scoring_round.eq(row.scoring_round),
            session_dossiers::conclusions.eq(&row.conclusions),
            session_dossiers::reason.eq(&row.reason),
            session_dossiers::ordinal.eq(row.ordinal),
            session_dossiers::starts_at.eq(&row.starts_at),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// Whether a dossier holds the report of an advisory team or agency among its papers.
pub(in crate::scoring) fn has_team_report(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<bool> {
    let papers = dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .inner_join(evidence::table.on(evidence::id.eq(evidence_versions::evidence_id)))
        .filter(dossier_documents::dossier_id.eq(dossier))
        .filter(dossier_documents::removed_at.is_null())
        .filter(evidence::paper.eq_any(["advisoryReport", "agencyReport"]));
    Ok(papers.count().get_result::<i64>(cx.conn)? > 0)
}

/// What the writing acts need of a document that does not exist yet.
pub(in crate::scoring) fn no_conclusions() -> Doc {
    Doc::of(&super::super::rules::Conclusions::default())
}
