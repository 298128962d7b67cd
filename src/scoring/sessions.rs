//! Sessions of a council: dossiers come on the table, members mark, marking ends.

use chrono::NaiveDate;
use serde_json::json;

use super::conflicts;
use super::councils::{Bench, bench};
use super::model::{CouncilRow, Meeting, Seat, SheetRow, Tabled};
use super::rules::{self, Form, SessionMove, SessionState, SessionStop, SheetState, TableState};
use super::store;
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc, Moment};
use crate::dossiers::rules::Need;
use crate::dossiers::{self, Action, Deed, Dossier, Party, Status};
use crate::error::{AppError, Result};
use crate::ids::{CouncilId, DossierId, RoundId, SeatId, SessionMeetingId, SheetId};
use crate::rulebook::Authority;

/// A report that a session works on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamReport {
    /// Its number, as printed.
    #[schema(max_length = 100, example = "12/BC-TTV")]
    pub number: String,
    /// Its day.
    pub dated: NaiveDate,
}

/// A session to convene.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The council.
    pub council_id: CouncilId,
    /// The round; none outside rounds.
    pub round_id: Option<RoundId>,
    /// Its day.
    pub held_on: NaiveDate,
    /// A meeting, or written opinions; the regulation's when not said.
    pub form: Option<Form>,
    /// The report of the advisory team or of the agency on these dossiers.
    pub report: Option<TeamReport>,
    /// When members may read the dossiers; when marking is opened, where not said.
    pub release_at: Option<Moment>,
    /// The dossiers, in the order of the session.
    pub dossiers: Vec<DossierId>,
}

/// The party of a council's level in the life of a dossier.
pub(super) fn party(level: Authority) -> Party {
    match level {
        Authority::District => Party::District,
        Authority::Province => Party::Province,
        Authority::Central => Party::Central,
    }
}

/// A session that the caller may know about.
///
/// # Errors
/// 404.
pub fn session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Meeting> {
    store::visible_session(cx, id)?.ok_or(AppError::NotFound)
}

/// The sessions of the councils that the caller may know about, newest first.
///
/// # Errors
/// When the database fails.
pub fn sessions(
    cx: &mut Ctx<'_>,
    council: Option<CouncilId>,
    after: Option<(NaiveDate, SessionMeetingId)>,
    limit: i64,
) -> Result<Vec<Meeting>> {
    store::sessions(cx, council, after, limit)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold_session(cx: &mut Ctx<'_>, id: SessionMeetingId) -> Result<Meeting> {
    session(cx, id)?;
    store::lock_session(cx, id)
}

/// Convenes a session and puts dossiers on its table.
///
/// # Errors
/// 403 for whom neither office nor appointment allows it, 422 for what is not there, 409 where a
/// dossier cannot come on the table.
pub fn convene(cx: &mut Ctx<'_>, new: NewSession) -> Result<Meeting> {
    let absent = |at: &str| AppError::field(at, "not_found", "Không có mục này.", "There is no such thing here.");
    let council = store::visible_council(cx, new.council_id)?.ok_or_else(|| absent("/councilId"))?;
    let meeting = Meeting {
        id: SessionMeetingId::new(),
        council_id: council.id,
        round_id: new.round_id,
        held_on: new.held_on,
        form: new.form.unwrap_or(council.rules()?.form),
        state: SessionState::Planned,
        attendance: Doc::of(&Vec::<SeatId>::new()),
        chaired_by: None,
        report: new.report.as_ref().map(Doc::of),
        opened_at: None,
        closed_at: None,
        created_by: cx.actor().user(),
        created_at: cx.now,
        version: 1,
        release_at: new.release_at,
    };
    let bench = bench(cx, &meeting)?;
    bench.must_keep()?;
    if new.held_on < council.valid_from || council.valid_to.is_some_and(|last| last < new.held_on) {
        return Err(SessionStop::CouncilNotInOffice.into());
    }
    if new.release_at.is_some_and(|at| new.held_on < at.vietnam_day()) {
        return Err(AppError::field(
            "/releaseAt",
            "after_session",
            "Thời điểm gửi hồ sơ cho thành viên không sau ngày họp.",
            "Members are given the dossiers no later than the day of the session.",
        ));
    }
    if let Some(round) = new.round_id {
        let found = store::round(cx, round)?.filter(|r| (r.level, r.place_id) == (council.level, council.place_id));
        found.ok_or_else(|| absent("/roundId"))?;
    }
    let table = lay_table(cx, &bench, &meeting, &new.dossiers)?;
    store::insert_session(cx, &meeting, &table)?;
    conflicts::detect(cx, &meeting, &bench.seats, &bench.rules)?;
    let details = Details::none()
        .with("council", council.id)
        .with("heldOn", meeting.held_on)
        .with("form", meeting.form)
        .with("dossiers", &new.dossiers);
    audit::record(cx, "session.convened", "session", meeting.id.0, details)?;
    Ok(meeting)
}

/// Dossiers are held in the order of their identifiers, and lie in the order of the session.
fn lay_table(cx: &mut Ctx<'_>, bench: &Bench, meeting: &Meeting, asked: &[DossierId]) -> Result<Vec<Tabled>> {
    let mut order: Vec<(usize, DossierId)> = asked.iter().copied().enumerate().collect();
    order.sort_by_key(|(_, id)| *id);
    let mut table = Vec::new();
    for (at, id) in order {
        let pointer = format!("/dossiers/{at}");
        let absent = || AppError::field(&pointer, "not_found", "Không có hồ sơ này.", "There is no such dossier here.");
        let dossier = match dossiers::hold_any(cx, id) {
            Err(AppError::NotFound) => return Err(absent()),
            held => held?,
        };
        if !bench.reaches(cx, &dossier)? || dossier.status == Status::Draft {
            return Err(absent());
        }
        bring(cx, &bench.council, meeting, &dossier)?;
        table.push(Tabled {
            session_id: meeting.id,
            dossier_id: id,
            ordinal: i32::try_from(at).unwrap_or(i32::MAX) + 1,
            state: TableState::Waiting,
            scoring_round: 1,
            conclusions: store::no_conclusions(),
            reason: None,
            starts_at: None,
        });
    }
    table.sort_by_key(|t| t.ordinal);
    Ok(table)
}

/// Brings one dossier on the table: into a session, or to the members for written opinions.
fn bring(cx: &mut Ctx<'_>, council: &CouncilRow, meeting: &Meeting, dossier: &Dossier) -> Result<()> {
    let others: Vec<Tabled> = store::tables_with(cx, dossier.id)?;
    let busy = others
        .iter()
        .filter(|t| !matches!(t.state, TableState::Postponed | TableState::Concluded | TableState::ToMeeting));
    let busy: Vec<&Tabled> = busy.collect();
    let asked_already = matches!(dossier.status, Status::InOpinions | Status::CentreOpinions);
    let action = match meeting.form {
        Form::InPerson => Action::Schedule,
        Form::WrittenOpinions => Action::CallOpinions,
    };
    if asked_already && action == Action::CallOpinions {
        // Back from the centre to a council that gives opinions: the members are asked without a move.
        return if busy.is_empty() { Ok(()) } else { Err(SessionStop::OnOtherTable.into()) };
    }
    let by = party(council.level);
    let needs = dossiers::moment_of(cx, dossier)?.find_move(action, by)?.needs;
    if needs.contains(&Need::Divergence) {
        diverged(cx, &busy)?;
    } else if !busy.is_empty() {
        return Err(SessionStop::OnOtherTable.into());
    }
    if needs.contains(&Need::FiveStarNotHeld) {
        let held = dossiers::held_stars(cx, dossier)?;
        if dossiers::book_of(cx, dossier)?.straight_to_centre(dossier.kind, held) {
            return Err(SessionStop::StraightToCentre.into());
        }
    }
    let wants_report = needs.contains(&Need::AdvisoryReport) || needs.contains(&Need::AgencyReport);
    if wants_report && meeting.report.is_none() && !store::has_team_report(cx, dossier.id)? {
        return Err(SessionStop::ReportMissing.into());
    }
    let details = json!({ "session": meeting.id, "heldOn": meeting.held_on, "report": meeting.report });
    dossiers::advance(cx, dossier, action, by, Deed::with(details))?;
    Ok(())
}

/// A meeting takes over what written opinions could not settle.
fn diverged(cx: &mut Ctx<'_>, earlier: &[&Tabled]) -> Result<()> {
    let mut found = false;
    for tabled in earlier {
        let settled = super::results::try_settle(cx, tabled)?;
        if tabled.state != TableState::Closed || settled {
            return Err(SessionStop::OpinionsAgree.into());
        }
        store::save_tabled(cx, &Tabled { state: TableState::ToMeeting, ..(*tabled).clone() })?;
        found = true;
    }
    if found { Ok(()) } else { Err(SessionStop::OpinionsAgree.into()) }
}

/// Records who is present and who presides. While sheets are marked members can only be added:
/// each gets a sheet for every dossier that is being marked.
///
/// # Errors
/// 403 for others than who keeps the session, 422 for seats that are not there, 409 once closed.
pub fn record_attendance(
    cx: &mut Ctx<'_>,
    mut meeting: Meeting,
    present: Vec<SeatId>,
    chaired_by: Option<SeatId>,
) -> Result<Meeting> {
    let bench = bench(cx, &meeting)?;
    bench.must_keep()?;
    let mut present = present;
    present.sort_unstable();
    present.dedup();
    if let Some(at) = present.iter().position(|id| bench.seats.iter().all(|s| s.id != *id)) {
        let pointer = format!("/present/{at}");
        return Err(AppError::field(&pointer, "not_found", "Không có ghế này.", "There is no such seat."));
    }
    if let Some(id) = chaired_by
        && !bench.seats.iter().any(|s| s.id == id && s.office.may_preside())
    {
        return Err(AppError::field(
            "/chairedBy",
            "not_chair",
            "Chủ trì là chủ tịch hoặc phó chủ tịch hội đồng.",
            "The chair or a deputy presides.",
        ));
    }
    // Whoever left the council meanwhile is no part of it.
    let before: Vec<SeatId> =
        meeting.present().into_iter().filter(|id| bench.seats.iter().any(|s| s.id == *id)).collect();
    match meeting.state {
        SessionState::Closed => return Err(SessionStop::WrongState(meeting.state).into()),
        SessionState::Open if before.iter().any(|id| !present.contains(id)) => {
            return Err(SessionStop::PresentMember.into());
        }
        SessionState::Open | SessionState::Planned => {}
    }
    meeting.attendance = Doc::of(&present);
    meeting.chaired_by = chaired_by;
    meeting.version += 1;
    store::save_session(cx, &meeting)?;
    if meeting.state == SessionState::Open && meeting.form == Form::InPerson {
        let came = |s: &&Seat| !before.contains(&s.id);
        let late: Vec<&Seat> = marking_seats(&bench, &meeting).into_iter().filter(came).collect();
        for tabled in store::table_of(cx, meeting.id)?.iter().filter(|t| t.state == TableState::Scoring) {
            deal(cx, &bench, tabled, &late)?;
        }
    }
    let details = Details::none().with("present", &present).with("chairedBy", chaired_by);
    audit::record(cx, "session.attended", "session", meeting.id.0, details)?;
    Ok(meeting)
}

/// One place in the agenda of a session.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The dossier.
    pub dossier: DossierId,
    /// When it is taken up: `HH:MM` in Việt Nam.
    pub starts_at: Option<String>,
}

/// Sets the order of a session and the times at which its dossiers are taken up, before marking is opened.
///
/// # Errors
/// 403 for others than who keeps the session, 422 unless every dossier of the session is named once and
/// no time lies before an earlier one, 409 once it is opened.
pub fn set_agenda(cx: &mut Ctx<'_>, mut meeting: Meeting, slots: &[Slot]) -> Result<Meeting> {
    let bench = bench(cx, &meeting)?;
    bench.must_keep()?;
    if meeting.state != SessionState::Planned {
        return Err(SessionStop::WrongState(meeting.state).into());
    }
    let mut table = store::table_of(cx, meeting.id)?;
    let mut asked: Vec<DossierId> = slots.iter().map(|s| s.dossier).collect();
    let mut there: Vec<DossierId> = table.iter().map(|t| t.dossier_id).collect();
    asked.sort_unstable();
    there.sort_unstable();
    if asked != there {
        return Err(AppError::field(
            "/dossiers",
            "not_the_table",
            "Nêu mỗi hồ sơ của phiên họp đúng một lần.",
            "Name every dossier of the session exactly once.",
        ));
    }
    let times: Vec<(usize, &str)> =
        slots.iter().enumerate().filter_map(|(at, s)| Some((at, s.starts_at.as_deref()?))).collect();
    if let Some(pair) = times.windows(2).find(|pair| pair[1].1 < pair[0].1) {
        return Err(AppError::field(
            &format!("/dossiers/{}/startsAt", pair[1].0),
            "before_earlier",
            "Giờ của hồ sơ này trước giờ của hồ sơ đứng trên.",
            "This time lies before that of an earlier dossier.",
        ));
    }
    for tabled in &mut table {
        let at = slots.iter().position(|s| s.dossier == tabled.dossier_id).unwrap_or_default();
        tabled.ordinal = i32::try_from(at).unwrap_or(i32::MAX) + 1;
        tabled.starts_at.clone_from(&slots[at].starts_at);
        store::save_tabled(cx, tabled)?;
    }
    meeting.version += 1;
    store::save_session(cx, &meeting)?;
    let details = Details::none().with("dossiers", slots.iter().map(|s| s.dossier).collect::<Vec<_>>());
    audit::record(cx, "session.agenda_set", "session", meeting.id.0, details)?;
    Ok(meeting)
}

/// A dossier of a session for whoever sits over it: from the moment of release, or the opening.
///
/// # Errors
/// 404 for a dossier that is not on the table and for a member who keeps away from it, 403 for whoever
/// has no seat, 409 before the release and for a dossier that was taken out.
pub fn laid_before_members(cx: &mut Ctx<'_>, id: SessionMeetingId, dossier: DossierId) -> Result<(Bench, Tabled)> {
    let meeting = session(cx, id)?;
    let bench = bench(cx, &meeting)?;
    let tabled = store::tabled(cx, id, dossier)?;
    let own = bench.own.as_ref().ok_or(AppError::Forbidden("sitInCouncil"))?;
    let tabled = tabled.filter(|_| !bench.in_conflict(own.id, dossier)).ok_or(AppError::NotFound)?;
    if !meeting.released(cx.now) {
        return Err(SessionStop::NotReleased { at: meeting.release_at.map(super::minutes::clock) }.into());
    }
    match tabled.state {
        TableState::Postponed => Err(SessionStop::NotOnTable(tabled.state).into()),
        _ => Ok((bench, tabled)),
    }
}

/// Opens or closes marking.
///
/// # Errors
/// 403 for others than who leads the session, 409 where it stands elsewhere or the quorum is missing.
pub fn move_session(cx: &mut Ctx<'_>, meeting: Meeting, action: SessionMove) -> Result<Meeting> {
    let bench = bench(cx, &meeting)?;
    bench.must_lead()?;
    match (action, meeting.state) {
        (SessionMove::Open, SessionState::Planned) => open(cx, &bench, meeting),
        (SessionMove::Close, SessionState::Open) => close(cx, meeting),
        (_, state) => Err(SessionStop::WrongState(state).into()),
    }
}

fn open(cx: &mut Ctx<'_>, bench: &Bench, mut meeting: Meeting) -> Result<Meeting> {
    let marking = marking_seats(bench, &meeting);
    if meeting.form == Form::InPerson {
        let chaired = marking.iter().any(|s| bench.presides(s, None));
        let members = marking.iter().filter(|s| s.alternate_for.is_none()).count();
        rules::quorum(&bench.rules, count(bench.voters().count()), count(members), chaired)?;
    }
    for mut tabled in store::table_of(cx, meeting.id)? {
        if tabled.state == TableState::Waiting {
            deal(cx, bench, &tabled, &marking)?;
            tabled.state = TableState::Scoring;
            store::save_tabled(cx, &tabled)?;
        }
    }
    meeting.state = SessionState::Open;
    meeting.opened_at = Some(cx.now);
    meeting.version += 1;
    store::save_session(cx, &meeting)?;
    audit::record(cx, "session.opened", "session", meeting.id.0, Details::none().with("sheets", marking.len()))?;
    Ok(meeting)
}

/// Who may mark: of a meeting the voting members present, for written opinions all who vote; whoever
/// stands in for another only where that one keeps away.
pub(super) fn marking_seats<'a>(bench: &'a Bench, meeting: &Meeting) -> Vec<&'a Seat> {
    let present = meeting.present();
    let there = |s: &&Seat| meeting.form == Form::WrittenOpinions || present.contains(&s.id);
    bench.seats.iter().filter(|s| s.votes).filter(there).collect()
}

/// A sheet for whoever is named to stand in for a seat that keeps away from a dossier from now on.
pub(super) fn deal_to_alternates(cx: &mut Ctx<'_>, meeting: &Meeting, tabled: &Tabled, seat: SeatId) -> Result<()> {
    let bench = bench(cx, meeting)?;
    let named: Vec<&Seat> =
        marking_seats(&bench, meeting).into_iter().filter(|s| s.alternate_for == Some(seat)).collect();
    deal(cx, &bench, tabled, &named)
}

pub(super) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// One sheet for each of these seats that scores the dossier.
fn deal(cx: &mut Ctx<'_>, bench: &Bench, tabled: &Tabled, seats: &[&Seat]) -> Result<()> {
    for seat in seats.iter().filter(|s| bench.scores(s, tabled.dossier_id)) {
        let sheet = SheetRow {
            id: SheetId::new(),
            session_id: tabled.session_id,
            dossier_id: tabled.dossier_id,
            seat_id: seat.id,
            scoring_round: tabled.scoring_round,
            state: SheetState::Draft,
            knock_out: None,
            opinion: String::new(),
            total: None,
            submitted_at: None,
            created_at: cx.now,
            version: 1,
        };
        store::insert_sheet(cx, &sheet)?;
    }
    Ok(())
}

/// What is not submitted lapses; from here on no sheet changes, and sheets may be seen.
fn close(cx: &mut Ctx<'_>, mut meeting: Meeting) -> Result<Meeting> {
    let lapsed = store::end_sheets(cx, meeting.id, None, None, &[SheetState::Draft], SheetState::Lapsed)?;
    for mut tabled in store::table_of(cx, meeting.id)? {
        if tabled.state == TableState::Scoring {
            tabled.state = TableState::Closed;
            store::save_tabled(cx, &tabled)?;
        }
    }
    meeting.state = SessionState::Closed;
    meeting.closed_at = Some(cx.now);
    meeting.version += 1;
    store::save_session(cx, &meeting)?;
    audit::record(cx, "session.closed", "session", meeting.id.0, Details::none().with("lapsed", lapsed))?;
    Ok(meeting)
}

/// Takes a dossier out of the session. Its sheets do not count any more.
///
/// # Errors
/// 403, 422 for a dossier that is not on the table, 409 where its result is recorded.
pub fn postpone(cx: &mut Ctx<'_>, mut meeting: Meeting, dossier: DossierId, reason: &str) -> Result<Meeting> {
    let bench = bench(cx, &meeting)?;
    bench.must_keep()?;
    let mut tabled = on_table(cx, &meeting, dossier)?;
    match tabled.state {
        TableState::Waiting | TableState::Scoring | TableState::Closed => {}
        TableState::Concluded => return Err(SessionStop::ResultRecorded.into()),
        state => return Err(SessionStop::NotOnTable(state).into()),
    }
    let row = dossiers::hold_any(cx, dossier)?;
    // One that has ended meanwhile (withdrawn, production ended) only leaves the table.
    if !row.status.is_final() && !matches!(row.status, Status::InOpinions | Status::CentreOpinions) {
        let deed = Deed::because(reason, json!({ "session": meeting.id }));
        dossiers::advance(cx, &row, Action::Postpone, party(bench.council.level), deed)?;
    }
    tabled.state = TableState::Postponed;
    tabled.reason = Some(reason.to_owned());
    store::save_tabled(cx, &tabled)?;
    let ended = [SheetState::Draft, SheetState::Submitted];
    store::end_sheets(cx, meeting.id, Some(dossier), None, &ended, SheetState::Void)?;
    meeting.version += 1;
    store::save_session(cx, &meeting)?;
    let details = Details::none().with("dossier", dossier).with("reason", reason);
    audit::record(cx, "session.postponed", "session", meeting.id.0, details)?;
    Ok(meeting)
}

/// Sends a dossier back to the members after a discussion: a new round of sheets, the earlier ones
/// are kept. Only where the sheets ask for it, never because a result does not please.
///
/// # Errors
/// 403 for others than who presides, 409 where nothing asks for it or the rounds are spent.
pub fn discuss(cx: &mut Ctx<'_>, mut meeting: Meeting, dossier: DossierId, note: &str) -> Result<Meeting> {
    let bench = bench(cx, &meeting)?;
    bench.must_preside(Some(dossier))?;
    let mut tabled = on_table(cx, &meeting, dossier)?;
    super::results::must_be_closed(&tabled)?;
    if super::results::try_settle(cx, &tabled)? {
        return Err(SessionStop::NothingToDiscuss.into());
    }
    let rounds = bench.rules.rounds_at_most;
    if tabled.scoring_round >= i32::from(rounds) {
        return Err(SessionStop::RoundsSpent { rounds }.into());
    }
    tabled.scoring_round += 1;
    tabled.state = TableState::Scoring;
    tabled.reason = Some(note.to_owned());
    store::save_tabled(cx, &tabled)?;
    deal(cx, &bench, &tabled, &marking_seats(&bench, &meeting))?;
    meeting.state = SessionState::Open;
    meeting.version += 1;
    store::save_session(cx, &meeting)?;
    let details = Details::none().with("dossier", dossier).with("round", tabled.scoring_round).with("note", note);
    audit::record(cx, "session.discussed", "session", meeting.id.0, details)?;
    Ok(meeting)
}

pub(super) fn on_table(cx: &mut Ctx<'_>, meeting: &Meeting, dossier: DossierId) -> Result<Tabled> {
    store::tabled(cx, meeting.id, dossier)?.ok_or_else(|| {
        AppError::field(
            "/dossierId",
            "not_found",
            "Hồ sơ không có trong phiên họp này.",
            "The dossier is not on this table.",
        )
    })
}
