//! A work queue over many dossiers, and one dossier with everything beside it, beside the same SQL by hand.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date};
use ocop::actor::Caller;
use ocop::db::schema::{
    criteria_sets, dossier_clocks, dossier_documents, dossier_moves, dossier_pauses, dossiers, evidence,
    evidence_versions, place_reach, products, self_marks, stored_files,
};
use ocop::db::{Clock, Conn, Db, Doc, open};
use ocop::dossiers::model::{ClockRow, MoveRow, PauseRow, Reference, SelfMark};
use ocop::dossiers::rules::{BookToday, awaiting, turns};
use ocop::dossiers::{Action, Desk, Dossier, Party, Status};
use ocop::each;
use ocop::ids::{DocumentId, DossierId, EvidenceId, EvidenceVersionId, PlaceId, ProducerId, ProductId, RowId};
use ocop::products::{Evidence, EvidenceVersion};
use ocop::rulebook::{self, CriteriaSet, DossierKind, Pattern};

use crate::raw;
use crate::service::Engine;
use crate::stock::Stocked;

/// What was made.
pub struct Lying {
    pub place: PlaceId,
    pub full: DossierId,
    today: NaiveDate,
    near: NaiveDate,
    mine: Vec<Status>,
}

/// Stores so many dossiers in one commune, one of them with everything that can lie beside it.
pub fn fill(engine: &Engine, stocked: &Stocked, count: usize) -> Lying {
    let db = Db::open(&engine.url, 2, Clock::real()).unwrap();
    let (book, set, today, near) = db
        .read_now(&Caller::system("bench"), |cx| {
            let book = rulebook::for_filing(cx, DossierKind::First, cx.today())?;
            let set = rulebook::newest_set(cx, book.id, "07")?;
            let near = ocop::places::calendar(cx)?.about_working_days(cx.today(), 3);
            Ok((book, set, cx.today(), near))
        })
        .unwrap();
    let mut conn = open(&engine.url).unwrap();
    let owners: Vec<(ProductId, Option<ProducerId>)> =
        products::table.select((products::id, products::producer_id)).limit(5000).load(&mut conn).unwrap();
    let owners: Vec<(ProductId, ProducerId)> = owners.into_iter().filter_map(|(p, o)| Some((p, o?))).collect();
    let now = Clock::real().now();
    let row = |n: usize| {
        // One in ten is the commune's move; the rest lies everywhere a dossier can lie.
        let status = match n % 10 {
            0 => [Status::Submitted, Status::CommuneReviewed][n / 10 % 2],
            _ => Status::ALL[n % Status::ALL.len()],
        };
        let (product_id, producer_id) = owners[n % owners.len()];
        let open = !status.is_final() && status != Status::Draft;
        let deadline = open.then(|| today + Days::new(n as u64 % 60) - Days::new(5));
        Dossier {
            id: DossierId::new(),
            product_id,
            producer_id,
            kind: DossierKind::First,
            rulebook_id: book.id,
            criteria_set_id: set.id,
            status,
            filed_place_id: stocked.place,
            place_id: stocked.place,
            level: Desk::of(status, Pattern::ProvinceDirect).unwrap_or(Desk::Province),
            filed_on: Some(today - Days::new(n as u64 % 300)),
            form: Doc(
                serde_json::json!({"description": "Dưa cải muối truyền thống", "samples": 5, "commitment": true}),
            ),
            commune_report: None,
            receipt_number: Some(format!("{n}-X/PĐK-86-29242-2026")),
            product_code: Some(format!("86-29242-{n}-2026")),
            held_recognition_id: None,
            copied_from: None,
            refiled_as: None,
            refiled_from: None,
            deadline_plain: deadline,
            deadline_paused: deadline,
            created_by: None,
            created_at: now,
            moved_at: now.plus_seconds(-(n as i64)),
            version: 1,
        }
    };
    let rows: Vec<Dossier> = (0..count).map(row).collect();
    for chunk in rows.chunks(500) {
        let chunk = chunk.to_vec();
        each!(&mut conn, c => diesel::insert_into(dossiers::table).values(&chunk).execute(c)).unwrap();
    }
    let full = rows.iter().find(|r| r.status == Status::Submitted).unwrap();
    fill_one(&mut conn, full, &set.set);
    diesel::sql_query("analyze").execute(&mut conn).unwrap();
    let today_book = BookToday { id: book.id, pattern: Some(Pattern::ProvinceDirect), near_until: near };
    let mine = turns(Party::Commune, &[today_book]).into_iter().flat_map(|c| c.statuses).collect();
    Lying { place: stocked.place, full: full.id, today, near, mine }
}

/// Marks for every criterion, twenty papers, ten moves, two clocks and a pause.
fn fill_one(conn: &mut Conn, of: &Dossier, set: &CriteriaSet) {
    let now = Clock::real().now();
    for criterion in set.scored() {
        let case = criterion.cases.first().map(|c| c.case);
        let best = criterion.branch(case).max_by_key(|o| o.points).unwrap();
        let mark = SelfMark {
            dossier_id: of.id,
            criterion: criterion.code.clone(),
            option_code: Some(best.code.clone()),
            case_code: best.case.map(|c| c.to_string()),
            comment: None,
            evidence: Doc(serde_json::json!([])),
            points: best.points,
            updated_at: now,
        };
        diesel::insert_into(self_marks::table).values(&mark).execute(conn).unwrap();
    }
    let sha256 = ocop::keys::sha256_hex(b"bench");
    diesel::insert_into(stored_files::table)
        .values((
            stored_files::sha256.eq(&sha256),
            stored_files::bytes.eq(5_i64),
            stored_files::media_type.eq("application/pdf"),
            stored_files::created_at.eq(now),
        ))
        .execute(conn)
        .unwrap();
    for n in 0..20 {
        let paper = Evidence {
            id: EvidenceId::new(),
            producer_id: of.producer_id,
            paper: "testReport".to_owned(),
            title: format!("Phiếu kiểm nghiệm {n}"),
            criteria: Doc(serde_json::json!([])),
            products: Doc(serde_json::json!([])),
            by_office: false,
            created_by: None,
            created_at: now,
            retired_at: None,
            version: 1,
        };
        let version = EvidenceVersion {
            id: EvidenceVersionId::new(),
            evidence_id: paper.id,
            ordinal: 1,
            sha256: sha256.clone(),
            file_name: "giay.pdf".to_owned(),
            number: Some(format!("{n}/KN")),
            issuer: None,
            issued_on: None,
            expires_on: None,
            holder_name: None,
            holder_tax_code: None,
            uploaded_by: None,
            uploaded_at: now,
            newest: true,
        };
        let lying = Reference {
            id: DocumentId::new(),
            dossier_id: of.id,
            version_id: version.id,
            criteria: Doc(serde_json::json!([])),
            added_by: None,
            added_at: now,
            removed_at: None,
        };
        diesel::insert_into(evidence::table).values(&paper).execute(conn).unwrap();
        diesel::insert_into(evidence_versions::table).values(&version).execute(conn).unwrap();
        diesel::insert_into(dossier_documents::table).values(&lying).execute(conn).unwrap();
    }
    for n in 1..=10 {
        let step = MoveRow {
            id: RowId::new(),
            dossier_id: of.id,
            from_status: Status::Returned,
            action: Action::Submit,
            to_status: Status::Submitted,
            party: Party::Producer,
            reason: Some("Bổ sung".to_owned()),
            details: Doc(serde_json::json!({})),
            by_user: None,
            at: now,
            ordinal: n,
        };
        diesel::insert_into(dossier_moves::table).values(&step).execute(conn).unwrap();
    }
    let today = now.vietnam_day();
    let clock = ClockRow {
        id: RowId::new(),
        dossier_id: of.id,
        clock: "communeReview".to_owned(),
        started_on: today,
        deadline_plain: today + Days::new(21),
        deadline_paused: today + Days::new(21),
        ended_on: None,
    };
    diesel::insert_into(dossier_clocks::table).values(&clock).execute(conn).unwrap();
    let pause =
        PauseRow {
            id: RowId::new(), dossier_id: of.id, from_day: today, to_day: Some(today), why: "Thiếu".to_owned()
        };
    diesel::insert_into(dossier_pauses::table).values(&pause).execute(conn).unwrap();
}

/// The question for a page of the queue with its counts.
pub const QUEUE: &str = "/v1/queue?limit=20";

/// The question for one dossier with everything beside it.
pub fn full(lying: &Lying) -> String {
    format!("/v1/dossiers/{}?expand=documents,completeness,selfAssessment,history,differences,names", lying.full)
}

/// Work queues per second by hand: twenty rows with names, and the five counts.
pub fn queues(engine: &Engine, lying: &Lying, window: Duration) -> f64 {
    raw::run(engine, 2, window, |conn| queue_by_hand(conn, lying))
}

macro_rules! seen {
    ($lying:expr) => {
        dossiers::table
            .filter(dossiers::place_id.eq_any(
                place_reach::table.filter(place_reach::office_id.eq($lying.place)).select(place_reach::place_id),
            ))
            .filter(dossiers::status.ne(Status::Draft))
    };
}

fn queue_by_hand(conn: &mut Conn, lying: &Lying) {
    let due = || diesel::dsl::sql::<Date>("coalesce(deadline_paused, '9999-12-31')");
    let mine = || seen!(lying).filter(dossiers::status.eq_any(lying.mine.clone()));
    let running = || dossiers::status.ne_all(awaiting());
    let rows: Vec<Dossier> =
        mine().order((due(), dossiers::id)).limit(21).select(Dossier::as_select()).load(conn).unwrap();
    assert_eq!(rows.len(), 21);
    let ids: Vec<ProductId> = rows.iter().map(|r| r.product_id).collect();
    let names: Vec<(ProductId, String)> =
        products::table.filter(products::id.eq_any(ids)).select((products::id, products::name)).load(conn).unwrap();
    let by_status: Vec<(Status, i64)> =
        mine().group_by(dossiers::status).select((dossiers::status, diesel::dsl::count_star())).load(conn).unwrap();
    let count = diesel::dsl::count_star;
    let near: i64 = mine()
        .filter(due().ge(lying.today).and(due().le(lying.near)))
        .filter(running())
        .select(count())
        .get_result(conn)
        .unwrap();
    let overdue: i64 = mine().filter(due().lt(lying.today)).filter(running()).select(count()).get_result(conn).unwrap();
    let waiting: i64 = seen!(lying)
        .filter(dossiers::level.eq(Desk::Commune))
        .filter(dossiers::status.eq_any(awaiting()))
        .select(count())
        .get_result(conn)
        .unwrap();
    let escalated: i64 = seen!(lying)
        .filter(diesel::dsl::sql::<Bool>("1 = 0"))
        .select(diesel::dsl::sql::<BigInt>("count(*)"))
        .get_result(conn)
        .unwrap();
    let found = names.len() as i64 + by_status.len() as i64 + near + overdue + waiting + escalated;
    assert!(found > 0);
}

/// Dossiers per second by hand: the rows of all that lies beside one.
pub fn fulls(engine: &Engine, lying: &Lying, window: Duration) -> f64 {
    let read = AtomicUsize::new(0);
    raw::run(engine, 2, window, |conn| {
        read.fetch_add(full_by_hand(conn, lying.full), Ordering::Relaxed);
    })
}

fn full_by_hand(conn: &mut Conn, id: DossierId) -> usize {
    let row: Dossier = dossiers::table.find(id).select(Dossier::as_select()).first(conn).unwrap();
    let name: String = products::table.find(row.product_id).select(products::name).first(conn).unwrap();
    let set: String = criteria_sets::table.find(row.criteria_set_id).select(criteria_sets::code).first(conn).unwrap();
    let marks: Vec<SelfMark> = self_marks::table
        .filter(self_marks::dossier_id.eq(id))
        .order(self_marks::criterion)
        .select(SelfMark::as_select())
        .load(conn)
        .unwrap();
    let papers: Vec<(Reference, Evidence, EvidenceVersion)> = dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .inner_join(evidence::table.on(evidence::id.eq(evidence_versions::evidence_id)))
        .filter(dossier_documents::dossier_id.eq(id))
        .filter(dossier_documents::removed_at.is_null())
        .select((Reference::as_select(), Evidence::as_select(), EvidenceVersion::as_select()))
        .load(conn)
        .unwrap();
    let moves: Vec<MoveRow> = dossier_moves::table
        .filter(dossier_moves::dossier_id.eq(id))
        .order(dossier_moves::ordinal)
        .select(MoveRow::as_select())
        .load(conn)
        .unwrap();
    let clocks: Vec<ClockRow> = dossier_clocks::table
        .filter(dossier_clocks::dossier_id.eq(id))
        .select(ClockRow::as_select())
        .load(conn)
        .unwrap();
    let pauses: Vec<PauseRow> = dossier_pauses::table
        .filter(dossier_pauses::dossier_id.eq(id))
        .select(PauseRow::as_select())
        .load(conn)
        .unwrap();
    assert!(marks.len() > 10 && papers.len() == 20 && moves.len() == 10 && pauses.len() == 1);
    name.len() + set.len() + clocks.len()
}
