//! A council at work: the results of a session of a hundred dossiers in one answer, beside the rows that
//! they are made of; and forty members who mark at once.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use ocop::actor::Caller;
use ocop::auth;
use ocop::db::schema::{
    conflicts, council_seats, council_sessions, councils, criteria_sets, dossier_documents, dossiers, producers,
    products, results, session_dossiers, sheet_marks, sheets,
};
use ocop::db::{Clock, Conn, Db, Doc, open};
use ocop::dossiers::Status;
use ocop::each;
use ocop::ids::{CouncilId, DossierId, ResultId, RulebookId, SeatId, SessionMeetingId, SheetId, UserId};
use ocop::places::{self, Level};
use ocop::rulebook::marks::points;
use ocop::rulebook::{self, Authority, CriteriaSet, DossierKind, Rulebook};
use ocop::scoring::model::{Conflict, MarkRow, Tabled};
use ocop::scoring::rules::{
    Bands, Choice, Conclusions, Finding, Form, Office, References, Regulation, SessionState, SheetState, TableState,
    explain, outcome,
};
use ocop::scoring::{CouncilRow, Meeting, ResultRow, Seat, SheetRow};

use crate::load::{self, Request};
use crate::service::{Engine, PASSWORD, Service};
use crate::{raw, scoring};

/// Dossiers on the table of the session whose results are read.
const TABLED: usize = 100;
/// Sheets for each of them.
const SHEETS: usize = 9;
/// Members who mark at once.
const MEMBERS: usize = 40;

/// What was made.
pub struct Sitting {
    results: SessionMeetingId,
    own: Vec<(String, SheetId)>,
    criteria: Vec<(String, serde_json::Value)>,
}

fn email(seat: usize) -> String {
    format!("bench-member-{seat}@example.vn")
}

/// Stores a council of forty, a session whose hundred dossiers have results, and one in which every
/// member has an open sheet.
pub fn fill(engine: &Engine) -> Sitting {
    let db = Db::open(&engine.url, 2, Clock::real()).unwrap();
    let hash = auth::tokens::hash_password(PASSWORD).unwrap();
    let users: Vec<UserId> = db
        .write_now(&Caller::system("bench"), move |cx| {
            (1..=MEMBERS).map(|n| auth::add_user(cx, &email(n), &format!("Ủy viên {n}"), None, Some(&hash))).collect()
        })
        .unwrap();
    let (province, book, set) = db
        .read_now(&Caller::system("bench"), |cx| {
            let book = rulebook::for_filing(cx, DossierKind::First, cx.today())?;
            let set = rulebook::newest_set(cx, book.id, "07")?;
            Ok((places::at(cx, "86", Level::Province, cx.today())?.unwrap().id, book, set.set))
        })
        .unwrap();
    let mut conn = open(&engine.url).unwrap();
    let (now, today) = (Clock::real().now(), Clock::real().now().vietnam_day());
    let council = CouncilRow {
        id: CouncilId::new(),
        level: Authority::Province,
        place_id: Some(province),
        name: "Hội đồng cấp tỉnh".to_owned(),
        decision_number: "1/QĐ-UBND".to_owned(),
        decided_on: today,
        valid_from: today,
        valid_to: None,
        regulation: Doc::of(&Regulation::default()),
        created_at: now,
        version: 1,
    };
    let seat = |(n, user_id): (usize, UserId)| Seat {
        id: SeatId::new(),
        council_id: council.id,
        user_id,
        ordinal: i32::try_from(n + 1).unwrap(),
        name: format!("Ủy viên {}", n + 1),
        title: String::new(),
        organisation: "Sở Nông nghiệp và Môi trường".to_owned(),
        office: if n == 0 { Office::Chair } else { Office::Member },
        votes: true,
        valid_from: today,
        valid_to: None,
        alternate_for: None,
    };
    let seats: Vec<Seat> = users.into_iter().enumerate().map(seat).collect();
    let meeting = |state: SessionState| Meeting {
        id: SessionMeetingId::new(),
        council_id: council.id,
        round_id: None,
        held_on: today,
        form: Form::InPerson,
        state,
        attendance: Doc::of(&seats.iter().map(|s| s.id).collect::<Vec<_>>()),
        chaired_by: None,
        report: None,
        opened_at: Some(now),
        closed_at: (state == SessionState::Closed).then_some(now),
        created_by: None,
        created_at: now,
        version: 1,
        release_at: None,
    };
    let (closed, opened) = (meeting(SessionState::Closed), meeting(SessionState::Open));
    diesel::insert_into(councils::table).values(&council).execute(&mut conn).unwrap();
    each!(&mut conn, c => diesel::insert_into(council_seats::table).values(&seats).execute(c)).unwrap();
    for row in [&closed, &opened] {
        diesel::insert_into(council_sessions::table).values(row).execute(&mut conn).unwrap();
    }
    let lying: Vec<DossierId> = dossiers::table
        .filter(dossiers::status.eq(Status::Scored))
        .order(dossiers::id)
        .limit(i64::try_from(TABLED).unwrap())
        .select(dossiers::id)
        .load(&mut conn)
        .unwrap();
    assert_eq!(lying.len(), TABLED, "OCOP_BENCH_DOSSIERS is too small for a session");
    let judged = Judged::of(&set, &book.book);
    for (n, dossier) in lying.iter().enumerate() {
        conclude(&mut conn, &closed, &seats[..SHEETS], (n, *dossier), &judged, book.id);
    }
    let next = dossiers::table.filter(dossiers::status.eq(Status::Scheduled)).order(dossiers::id);
    let marked: DossierId = next.select(dossiers::id).first(&mut conn).unwrap();
    put_on_table(&mut conn, &opened, (0, marked), TableState::Scoring);
    let drafts: Vec<SheetRow> = seats.iter().map(|s| sheet(&opened, marked, s.id, None)).collect();
    each!(&mut conn, c => diesel::insert_into(sheets::table).values(&drafts).execute(c)).unwrap();
    diesel::sql_query("analyze").execute(&mut conn).unwrap();
    let choices = scoring::marks(&set, 0).into_iter();
    Sitting {
        results: closed.id,
        own: drafts.iter().enumerate().map(|(n, s)| (email(n + 1), s.id)).collect(),
        criteria: choices.map(|(c, m)| (c, serde_json::json!({"option": m.option, "case": m.case}))).collect(),
    }
}

/// The nine sheets that every dossier is given, and what follows from them.
struct Judged {
    marks: Vec<Vec<(String, Choice, i64)>>,
    totals: Vec<Option<i64>>,
    finding: Finding,
    reasons: Doc,
}

impl Judged {
    fn of(set: &CriteriaSet, book: &Rulebook) -> Self {
        let bands = Bands::of_rulebook(book).unwrap();
        let sealed = scoring::sealed(set, SHEETS);
        let finding = outcome(set, &bands, &sealed, &Regulation::default(), &Conclusions::default()).unwrap();
        let references = References::of(book, Authority::Province, Clock::real().now().vietnam_day());
        let marks = (0..SHEETS).map(|seat| {
            let all = scoring::marks(set, seat).into_iter();
            all.map(|(c, m)| {
                let worth = points(set, &c, &m);
                (c, m, worth)
            })
            .collect()
        });
        Self {
            marks: marks.collect(),
            totals: sealed.iter().map(|s| s.total).collect(),
            reasons: Doc::of(&explain(&finding, set, &bands, &references)),
            finding,
        }
    }
}

fn put_on_table(conn: &mut Conn, meeting: &Meeting, (n, dossier): (usize, DossierId), state: TableState) {
    let row = Tabled {
        session_id: meeting.id,
        dossier_id: dossier,
        ordinal: i32::try_from(n + 1).unwrap(),
        state,
        scoring_round: 1,
        conclusions: Doc::of(&Conclusions::default()),
        reason: None,
        starts_at: None,
    };
    diesel::insert_into(session_dossiers::table).values(&row).execute(conn).unwrap();
}

fn sheet(meeting: &Meeting, dossier: DossierId, seat: SeatId, total: Option<i64>) -> SheetRow {
    SheetRow {
        id: SheetId::new(),
        session_id: meeting.id,
        dossier_id: dossier,
        seat_id: seat,
        scoring_round: 1,
        state: if total.is_some() { SheetState::Submitted } else { SheetState::Draft },
        knock_out: None,
        opinion: String::new(),
        total,
        submitted_at: total.map(|_| meeting.created_at),
        created_at: meeting.created_at,
        version: 1,
    }
}

/// Nine submitted sheets and a recorded result.
fn conclude(
    conn: &mut Conn,
    meeting: &Meeting,
    seats: &[Seat],
    (n, dossier): (usize, DossierId),
    judged: &Judged,
    book: RulebookId,
) {
    put_on_table(conn, meeting, (n, dossier), TableState::Concluded);
    let with_total = seats.iter().zip(&judged.totals);
    let rows: Vec<SheetRow> = with_total.map(|(s, total)| sheet(meeting, dossier, s.id, *total)).collect();
    each!(&mut *conn, c => diesel::insert_into(sheets::table).values(&rows).execute(c)).unwrap();
    for (row, marks) in rows.iter().zip(&judged.marks) {
        let of = |(criterion, choice, points): &(String, Choice, i64)| MarkRow {
            sheet_id: row.id,
            criterion: criterion.clone(),
            option_code: choice.option.clone(),
            case_code: choice.case.map(|c| c.to_string()),
            comment: None,
            points: *points,
            updated_at: meeting.created_at,
        };
        let marks: Vec<MarkRow> = marks.iter().map(of).collect();
        each!(&mut *conn, c => diesel::insert_into(sheet_marks::table).values(&marks).execute(c)).unwrap();
    }
    let found = &judged.finding;
    let result = ResultRow {
        id: ResultId::new(),
        dossier_id: dossier,
        session_id: meeting.id,
        level: Authority::Province,
        rulebook_id: book,
        stars: found.star.unwrap_or(0).into(),
        stars_by_band: found.star_by_band.unwrap_or(0).into(),
        mean_sum: found.mean.map_or(0, |m| m.sum),
        mean_sheets: found.mean.map_or(0, |m| i32::try_from(m.sheets).unwrap()),
        rejected: found.rejected(),
        sensitive: found.sensitive,
        finding: Doc::of(found),
        explanation: judged.reasons.clone(),
        recorded_by: None,
        recorded_at: meeting.created_at,
        published_on: None,
    };
    diesel::insert_into(results::table).values(&result).execute(conn).unwrap();
}

/// The question for all results of the session, by whoever chairs it.
pub fn question(service: &Service, sitting: &Sitting) -> Request {
    let bearer = service.sign_in_with(&email(1));
    Request::get_as(&format!("/v1/sessions/{}/results", sitting.results), &bearer)
}

/// Sessions per second by hand: council, seats, table, dossiers with their names, results and sheets.
pub fn by_hand(engine: &Engine, sitting: &Sitting, window: Duration) -> f64 {
    raw::run(engine, 2, window, |conn| session_by_hand(conn, sitting.results))
}

fn session_by_hand(conn: &mut Conn, id: SessionMeetingId) {
    let meeting: Meeting = council_sessions::table.find(id).select(Meeting::as_select()).first(conn).unwrap();
    let seats: Vec<Seat> = council_seats::table
        .filter(council_seats::council_id.eq(meeting.council_id))
        .select(Seat::as_select())
        .load(conn)
        .unwrap();
    let away: Vec<Conflict> = conflicts::table
        .inner_join(council_seats::table.on(council_seats::id.eq(conflicts::seat_id)))
        .filter(council_seats::council_id.eq(meeting.council_id))
        .select(Conflict::as_select())
        .load(conn)
        .unwrap();
    let table: Vec<Tabled> = session_dossiers::table
        .filter(session_dossiers::session_id.eq(id))
        .order(session_dossiers::ordinal)
        .select(Tabled::as_select())
        .load(conn)
        .unwrap();
    let ids: Vec<DossierId> = table.iter().map(|t| t.dossier_id).collect();
    let names: Vec<(DossierId, String, String, String)> = dossiers::table
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .inner_join(producers::table.on(producers::id.eq(dossiers::producer_id)))
        .inner_join(criteria_sets::table.on(criteria_sets::id.eq(dossiers::criteria_set_id)))
        .filter(dossiers::id.eq_any(ids.clone()))
        .select((dossiers::id, products::name, producers::name, criteria_sets::code))
        .load(conn)
        .unwrap();
    let papers: i64 = dossier_documents::table
        .filter(dossier_documents::dossier_id.eq_any(ids.clone()))
        .count()
        .get_result(conn)
        .unwrap();
    let found: Vec<ResultRow> =
        results::table.filter(results::dossier_id.eq_any(ids)).select(ResultRow::as_select()).load(conn).unwrap();
    let marked: Vec<SheetRow> =
        sheets::table.filter(sheets::session_id.eq(id)).select(SheetRow::as_select()).load(conn).unwrap();
    assert!(seats.len() == MEMBERS && away.is_empty() && papers >= 0);
    assert!(names.len() == TABLED && found.len() == TABLED && marked.len() == TABLED * SHEETS);
}

/// Forty members mark every criterion of their sheets, all at the same time: nobody is refused, and how
/// long the slowest hundredth waits.
pub fn marking(engine: &Engine, service: &Service, sitting: &Sitting) -> String {
    let bearers: Vec<String> = sitting.own.iter().map(|(email, _)| service.sign_in_with(email)).collect();
    let begun = Instant::now();
    let mut took: Vec<Duration> = std::thread::scope(|threads| {
        let marking = |(bearer, id): (&String, SheetId)| {
            let bearer = bearer.clone();
            move || -> Vec<Duration> {
                let mut member = load::Connection::open(service.port);
                let (mut tag, mut took) = ("\"1\"".to_owned(), Vec::new());
                for (criterion, choice) in &sitting.criteria {
                    let path = format!("/v1/sheets/{id}/marks/{criterion}");
                    let begun = Instant::now();
                    let answer = member.ask(&Request::put(&path, &bearer, &tag, choice));
                    took.push(begun.elapsed());
                    assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
                    tag = load::header(&answer, "etag").expect("a tag").to_owned();
                }
                took
            }
        };
        let all: Vec<_> =
            bearers.iter().zip(&sitting.own).map(|(b, (_, id))| threads.spawn(marking((b, *id)))).collect();
        all.into_iter().flat_map(|member| member.join().unwrap()).collect()
    });
    let whole = begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    format!(
        "{}: {MEMBERS} members marked {} criteria at the same time in {whole:.1} s, none refused; half within {:.0} ms, 99 of 100 within {:.0} ms",
        engine.name(),
        took.len(),
        at(50),
        at(99)
    )
}
