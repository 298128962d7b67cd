//! All queries about rounds, councils, sessions, sheets and results.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dto::{DossierHead, EvidenceView};
use super::model::{Conflict, CouncilRow, MarkRow, Meeting, ResultRow, RoundRow, Seat, SheetRow, Tabled};
use super::rounds::RoundFilter;
use super::rules::{Office, SheetState, TableState, Visibility};
use super::sheets::SheetFilter;
use crate::actor::{OFFICIALS, Reach, Role};
use crate::db::schema::{
    conflicts, council_seats, council_sessions, councils, criteria_sets, dossier_documents, dossiers, evidence,
    evidence_versions, place_reach, producers, products, results, rounds, self_marks, session_dossiers, sheet_marks,
    sheets,
};
use crate::db::{Conn, Ctx, Doc, MultiBackend};
use crate::each;
use crate::error::Result;
use crate::ids::{
    CouncilId, CriteriaSetId, DocumentId, DossierId, ResultId, RoundId, RowId, SeatId, SessionMeetingId, SheetId,
    UserId,
};
use crate::rulebook::DossierKind;

/// The officials who see the sheets of a council after marking has ended.
const READERS: &[Role] =
    &[Role::District, Role::Province, Role::Central, Role::Advisory, Role::Signer, Role::Inspector, Role::Auditor];

// Rounds

pub(super) fn insert_round(cx: &mut Ctx<'_>, row: &RoundRow) -> Result<()> {
    diesel::insert_into(rounds::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn round(cx: &mut Ctx<'_>, id: RoundId) -> Result<Option<RoundRow>> {
    Ok(rounds::table.find(id).select(RoundRow::as_select()).first(cx.conn).optional()?)
}

pub(super) fn rounds(
    cx: &mut Ctx<'_>,
    filter: &RoundFilter,
    after: Option<(i32, RoundId)>,
    limit: i64,
) -> Result<Vec<RoundRow>> {
    let mut query = rounds::table.into_boxed::<MultiBackend>();
    if let Some(level) = filter.level {
        query = query.filter(rounds::level.eq(level));
    }
    if let Some(place) = filter.place {
        query = query.filter(rounds::place_id.eq(place));
    }
    if let Some(year) = filter.year {
        query = query.filter(rounds::year.eq(year));
    }
    if let Some((year, id)) = after {
        query = query.filter(rounds::year.le(year).and(rounds::year.lt(year).or(rounds::id.lt(id))));
    }
    let ordered = query.order((rounds::year.desc(), rounds::id.desc())).limit(limit);
    Ok(ordered.select(RoundRow::as_select()).load(cx.conn)?)
}

// Councils and seats

/// The councils that the caller may know about: of the caller's territory, and those with a seat.
fn visible_councils(cx: &Ctx<'_>) -> councils::BoxedQuery<'static, MultiBackend> {
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

pub(super) fn insert_council(cx: &mut Ctx<'_>, row: &CouncilRow, seats: &[Seat]) -> Result<()> {
    diesel::insert_into(councils::table).values(row).execute(cx.conn)?;
    for seat in seats {
        diesel::insert_into(council_seats::table).values(seat).execute(cx.conn)?;
    }
    Ok(())
}

pub(super) fn visible_council(cx: &mut Ctx<'_>, id: CouncilId) -> Result<Option<CouncilRow>> {
    let query = visible_councils(cx).filter(councils::id.eq(id));
    Ok(query.select(CouncilRow::as_select()).first(cx.conn).optional()?)
}

/// Any council, for acts that have already found what belongs to it.
pub(super) fn council(cx: &mut Ctx<'_>, id: CouncilId) -> Result<CouncilRow> {
    Ok(councils::table.find(id).select(CouncilRow::as_select()).first(cx.conn)?)
}

pub(super) fn councils(cx: &mut Ctx<'_>, after: Option<CouncilId>, limit: i64) -> Result<Vec<CouncilRow>> {
    let mut query = visible_councils(cx);
    if let Some(id) = after {
        query = query.filter(councils::id.lt(id));
    }
    Ok(query.order(councils::id.desc()).limit(limit).select(CouncilRow::as_select()).load(cx.conn)?)
}

pub(super) fn seats(cx: &mut Ctx<'_>, council: CouncilId) -> Result<Vec<Seat>> {
    let query = council_seats::table.filter(council_seats::council_id.eq(council)).order(council_seats::ordinal);
    Ok(query.select(Seat::as_select()).load(cx.conn)?)
}

pub(super) fn seat(cx: &mut Ctx<'_>, id: SeatId) -> Result<Option<Seat>> {
    Ok(council_seats::table.find(id).select(Seat::as_select()).first(cx.conn).optional()?)
}

pub(super) fn seat_of(cx: &mut Ctx<'_>, council: CouncilId, user: UserId) -> Result<Option<Seat>> {
    let query = council_seats::table
        .filter(council_seats::council_id.eq(council))
        .filter(council_seats::user_id.eq(user))
        .order(council_seats::ordinal);
    Ok(query.select(Seat::as_select()).first(cx.conn).optional()?)
}

/// Whether the caller sits in any council.
pub(super) fn has_seat(cx: &mut Ctx<'_>) -> Result<bool> {
    Ok(!own_seats(cx)?.is_empty())
}

// Sessions

pub(super) fn insert_session(cx: &mut Ctx<'_>, row: &Meeting, table: &[Tabled]) -> Result<()> {
    diesel::insert_into(council_sessions::table).values(row).execute(cx.conn)?;
    for tabled in table {
        diesel::insert_into(session_dossiers::table).values(tabled).execute(cx.conn)?;
    }
    Ok(())
}

/// A session of a council that the caller may know about.
pub(super) fn visible_session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Option<Meeting>> {
    let query = council_sessions::table.find(id);
    let found: Option<Meeting> = query.select(Meeting::as_select()).first(cx.conn).optional()?;
    let Some(found) = found else { return Ok(None) };
    Ok(visible_council(cx, found.council_id)?.map(|_| found))
}

pub(super) fn sessions(
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
pub(super) fn session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Meeting> {
    Ok(council_sessions::table.find(id).select(Meeting::as_select()).first(cx.conn)?)
}

/// The session, locked until the deed ends.
pub(super) fn lock_session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Meeting> {
    Ok(match cx.conn {
        Conn::Pg(c) => council_sessions::table.find(id).for_update().select(Meeting::as_select()).first(c)?,
        Conn::Sqlite(c) => council_sessions::table.find(id).select(Meeting::as_select()).first(c)?,
    })
}

pub(super) fn save_session(cx: &mut Ctx<'_>, row: &Meeting) -> Result<()> {
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

pub(super) fn table_of(cx: &mut Ctx<'_>, session: SessionMeetingId) -> Result<Vec<Tabled>> {
    let query =
        session_dossiers::table.filter(session_dossiers::session_id.eq(session)).order(session_dossiers::ordinal);
    Ok(query.select(Tabled::as_select()).load(cx.conn)?)
}

pub(super) fn tabled(cx: &mut Ctx<'_>, session: SessionMeetingId, dossier: DossierId) -> Result<Option<Tabled>> {
    let query = session_dossiers::table.find((session, dossier));
    Ok(query.select(Tabled::as_select()).first(cx.conn).optional()?)
}

/// Every session in which a dossier was on the table.
pub(super) fn tables_with(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<Tabled>> {
    let query = session_dossiers::table.filter(session_dossiers::dossier_id.eq(dossier));
    Ok(query.select(Tabled::as_select()).load(cx.conn)?)
}

pub(super) fn save_tabled(cx: &mut Ctx<'_>, row: &Tabled) -> Result<()> {
    diesel::update(session_dossiers::table.find((row.session_id, row.dossier_id)))
        .set((
            session_dossiers::state.eq(row.state),
            session_dossiers::scoring_round.eq(row.scoring_round),
            session_dossiers::conclusions.eq(&row.conclusions),
            session_dossiers::reason.eq(&row.reason),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// Whether a dossier holds the report of an advisory team or agency among its papers.
pub(super) fn has_team_report(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<bool> {
    let papers = dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .inner_join(evidence::table.on(evidence::id.eq(evidence_versions::evidence_id)))
        .filter(dossier_documents::dossier_id.eq(dossier))
        .filter(dossier_documents::removed_at.is_null())
        .filter(evidence::paper.eq_any(["advisoryReport", "agencyReport"]));
    Ok(papers.count().get_result::<i64>(cx.conn)? > 0)
}

// Conflicts

pub(super) fn insert_conflict(cx: &mut Ctx<'_>, row: &Conflict) -> Result<()> {
    diesel::insert_into(conflicts::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The conflicts of the seats of a council.
pub(super) fn conflicts_in(cx: &mut Ctx<'_>, council: CouncilId) -> Result<Vec<Conflict>> {
    let seats = council_seats::table.filter(council_seats::council_id.eq(council)).select(council_seats::id);
    let query = conflicts::table.filter(conflicts::seat_id.eq_any(seats)).order(conflicts::id);
    Ok(query.select(Conflict::as_select()).load(cx.conn)?)
}

pub(super) fn conflict(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<Conflict>> {
    Ok(conflicts::table.find(id).select(Conflict::as_select()).first(cx.conn).optional()?)
}

// Sheets

/// The sheets that the caller may see: the caller's own, unless a conflict was declared, and where
/// marking of a dossier has ended those of the councils of the caller's territory and, as far as
/// the regulation says, of the caller's own councils.
///
/// No other query may show a sheet that is not the caller's: a count, a tag or an order would tell.
fn visible_sheets(cx: &mut Ctx<'_>) -> Result<sheets::BoxedQuery<'static, MultiBackend>> {
    let query = sheets::table.into_boxed::<MultiBackend>();
    if cx.actor().is_system() {
        return Ok(query);
    }
    let own_seats = own_seats(cx)?;
    let kept_out = conflicts::table.filter(conflicts::seat_id.eq_any(own_seats.clone())).select(conflicts::dossier_id);
    let sessions_read = council_sessions::table
        .filter(council_sessions::council_id.eq_any(councils_whose_sheets(cx)?))
        .select(council_sessions::id);
    let over = session_dossiers::table
        .filter(session_dossiers::session_id.eq(sheets::session_id))
        .filter(session_dossiers::dossier_id.eq(sheets::dossier_id))
        .filter(
            session_dossiers::state
                .ne_all(vec![TableState::Waiting, TableState::Scoring])
                .or(session_dossiers::scoring_round.gt(sheets::scoring_round)),
        );
    let settled = sheets::session_id.eq_any(sessions_read).and(diesel::dsl::exists(over));
    Ok(query.filter(sheets::dossier_id.ne_all(kept_out)).filter(sheets::seat_id.eq_any(own_seats).or(settled)))
}

fn own_seats(cx: &mut Ctx<'_>) -> Result<Vec<SeatId>> {
    let Some(user) = cx.actor().user() else { return Ok(Vec::new()) };
    Ok(council_seats::table.filter(council_seats::user_id.eq(user)).select(council_seats::id).load(cx.conn)?)
}

/// The councils whose settled sheets the caller may read: by territory, or by a seat where the
/// regulation lets members read (the chair and the secretary always).
fn councils_whose_sheets(cx: &mut Ctx<'_>) -> Result<Vec<CouncilId>> {
    let mut ids = match cx.actor().reach(READERS) {
        Reach::Everywhere => return Ok(councils::table.select(councils::id).load(cx.conn)?),
        Reach::Offices(offices) => {
            let reached =
                place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id);
            let query = councils::table.filter(councils::place_id.eq_any(reached.nullable()));
            query.select(councils::id).load::<CouncilId>(cx.conn)?
        }
    };
    let Some(user) = cx.actor().user() else { return Ok(ids) };
    let seated: Vec<(CouncilRow, Office)> = council_seats::table
        .inner_join(councils::table.on(councils::id.eq(council_seats::council_id)))
        .filter(council_seats::user_id.eq(user))
        .select((CouncilRow::as_select(), council_seats::office))
        .load(cx.conn)?;
    for (council, office) in seated {
        if office != Office::Member || council.rules()?.visibility != Visibility::Never {
            ids.push(council.id);
        }
    }
    Ok(ids)
}

pub(super) fn insert_sheet(cx: &mut Ctx<'_>, row: &SheetRow) -> Result<()> {
    diesel::insert_into(sheets::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn visible_sheet(cx: &mut Ctx<'_>, id: SheetId) -> Result<Option<SheetRow>> {
    let query = visible_sheets(cx)?.filter(sheets::id.eq(id));
    Ok(query.select(SheetRow::as_select()).first(cx.conn).optional()?)
}

pub(super) fn sheets(
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

/// The sheet, locked until the deed ends; its state is the gate of every mark.
pub(super) fn lock_sheet(cx: &mut Ctx<'_>, id: SheetId) -> Result<SheetRow> {
    Ok(match cx.conn {
        Conn::Pg(c) => sheets::table.find(id).for_update().select(SheetRow::as_select()).first(c)?,
        Conn::Sqlite(c) => sheets::table.find(id).select(SheetRow::as_select()).first(c)?,
    })
}

pub(super) fn save_sheet(cx: &mut Ctx<'_>, row: &SheetRow) -> Result<()> {
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
pub(super) fn sheets_in(cx: &mut Ctx<'_>, session: SessionMeetingId) -> Result<Vec<SheetRow>> {
    let query = sheets::table.filter(sheets::session_id.eq(session)).order(sheets::id);
    Ok(query.select(SheetRow::as_select()).load(cx.conn)?)
}

/// Ends open sheets: of a whole session, of one dossier, or of one seat for one dossier.
pub(super) fn end_sheets(
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

pub(super) fn marks(cx: &mut Ctx<'_>, sheet: SheetId) -> Result<Vec<MarkRow>> {
    let query = sheet_marks::table.filter(sheet_marks::sheet_id.eq(sheet)).order(sheet_marks::criterion);
    Ok(query.select(MarkRow::as_select()).load(cx.conn)?)
}

/// How many marks each of these sheets has.
pub(super) fn marked(cx: &mut Ctx<'_>, ids: &[SheetId]) -> Result<Vec<(SheetId, i64)>> {
    let query = sheet_marks::table.filter(sheet_marks::sheet_id.eq_any(ids.to_vec())).group_by(sheet_marks::sheet_id);
    Ok(query.select((sheet_marks::sheet_id, diesel::dsl::count_star())).load(cx.conn)?)
}

pub(super) fn put_mark(cx: &mut Ctx<'_>, row: &MarkRow) -> Result<()> {
    let set = (
        sheet_marks::option_code.eq(&row.option_code),
        sheet_marks::case_code.eq(&row.case_code),
        sheet_marks::comment.eq(&row.comment),
        sheet_marks::points.eq(row.points),
        sheet_marks::updated_at.eq(row.updated_at),
    );
    each!(&mut *cx.conn, c => diesel::insert_into(sheet_marks::table).values(row)
        .on_conflict((sheet_marks::sheet_id, sheet_marks::criterion)).do_update().set(set).execute(c))?;
    Ok(())
}

pub(super) fn remove_mark(cx: &mut Ctx<'_>, sheet: SheetId, criterion: &str) -> Result<usize> {
    Ok(diesel::delete(sheet_marks::table.find((sheet, criterion))).execute(cx.conn)?)
}

// Results

pub(super) fn insert_result(cx: &mut Ctx<'_>, row: &ResultRow) -> Result<()> {
    diesel::insert_into(results::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn result(cx: &mut Ctx<'_>, id: ResultId) -> Result<Option<ResultRow>> {
    Ok(results::table.find(id).select(ResultRow::as_select()).first(cx.conn).optional()?)
}

/// The results of a dossier, newest first.
pub(super) fn results_of(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<ResultRow>> {
    let query = results::table.filter(results::dossier_id.eq(dossier));
    let ordered = query.order((results::recorded_at.desc(), results::id.desc()));
    Ok(ordered.select(ResultRow::as_select()).load(cx.conn)?)
}

pub(super) fn publish_results(cx: &mut Ctx<'_>, dossier: DossierId, on: NaiveDate) -> Result<usize> {
    let hidden = results::table.filter(results::dossier_id.eq(dossier)).filter(results::published_on.is_null());
    Ok(diesel::update(hidden).set(results::published_on.eq(on)).execute(cx.conn)?)
}

/// What the writing acts need of a document that does not exist yet.
pub(super) fn no_conclusions() -> Doc {
    Doc::of(&super::rules::Conclusions::default())
}

// What is shown of earlier slices

/// Dossiers with the names that a council reads.
pub(super) fn heads(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<Vec<DossierHead>> {
    type Row = (DossierId, DossierKind, String, Option<String>, String, String, CriteriaSetId);
    let rows: Vec<Row> = dossiers::table
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .inner_join(producers::table.on(producers::id.eq(dossiers::producer_id)))
        .inner_join(criteria_sets::table.on(criteria_sets::id.eq(dossiers::criteria_set_id)))
        .filter(dossiers::id.eq_any(ids.to_vec()))
        .select((
            dossiers::id,
            dossiers::kind,
            products::name,
            dossiers::product_code,
            producers::name,
            criteria_sets::code,
            dossiers::criteria_set_id,
        ))
        .load(cx.conn)?;
    let head = |(id, kind, product, product_code, producer, set, criteria_set_id): Row| DossierHead {
        id,
        kind,
        product,
        product_code,
        producer,
        set,
        criteria_set_id,
    };
    Ok(rows.into_iter().map(head).collect())
}

/// The papers of a dossier, each with the criteria that it proves.
pub(super) fn evidence(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<(EvidenceView, Vec<String>)>> {
    let rows: Vec<(DocumentId, String, String, String, Doc)> = dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .inner_join(evidence::table.on(evidence::id.eq(evidence_versions::evidence_id)))
        .filter(dossier_documents::dossier_id.eq(dossier))
        .filter(dossier_documents::removed_at.is_null())
        .order(dossier_documents::id)
        .select((
            dossier_documents::id,
            evidence::paper,
            evidence::title,
            evidence_versions::file_name,
            dossier_documents::criteria,
        ))
        .load(cx.conn)?;
    let paper = |(id, paper, title, file_name, criteria): (DocumentId, String, String, String, Doc)| {
        (EvidenceView { id, paper, title, file_name }, criteria.read().unwrap_or_default())
    };
    Ok(rows.into_iter().map(paper).collect())
}

/// The documents that a producer named with each self-mark.
pub(super) fn named_evidence(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<(String, Vec<DocumentId>)>> {
    let rows: Vec<(String, Doc)> = self_marks::table
        .filter(self_marks::dossier_id.eq(dossier))
        .select((self_marks::criterion, self_marks::evidence))
        .load(cx.conn)?;
    Ok(rows.into_iter().map(|(criterion, list)| (criterion, list.read().unwrap_or_default())).collect())
}

/// Bytes and name of a paper of a dossier.
pub(super) fn paper(cx: &mut Ctx<'_>, dossier: DossierId, document: DocumentId) -> Result<Option<(String, String)>> {
    let paper = dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .filter(dossier_documents::id.eq(document))
        .filter(dossier_documents::dossier_id.eq(dossier))
        .filter(dossier_documents::removed_at.is_null())
        .select((evidence_versions::sha256, evidence_versions::file_name));
    Ok(paper.first(cx.conn).optional()?)
}
