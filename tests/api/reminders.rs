//! What must be told every day is told once, by whoever comes first: deadlines that are near or past, to
//! the level above too, and papers about to expire.

use std::time::Duration;

use actix_web::http::Method;
use diesel::{ExpressionMethods, RunQueryDsl};
use ocop::actor::Caller;
use ocop::db::Db;
use ocop::db::schema::dossiers as table;
use ocop::dossiers::Status;
use ocop::dossiers::reminders::{self, Phase, Progress, Swept};
use ocop::places::Level;
use serde_json::{Value, json};

use crate::mail::{mail_server, plain};
use crate::world::World;
use crate::world::dossiers::{Case, multipart, pdf};
use crate::world::many::Copy;

/// The whole sweep, as the command does it.
fn sweep(db: &Db) -> Swept {
    let mut progress = Progress::default();
    while progress.phase != Phase::Done {
        let from = progress.clone();
        progress = db.write_now(&Caller::system("sweep"), move |cx| reminders::sweep(cx, &from)).unwrap();
    }
    progress.swept
}

/// What the outside world was told with this event: subject and body.
fn told(world: &World, event: &str) -> Vec<Value> {
    world.record();
    let all = world.deed(|cx| ocop::outbox::after(cx, 0, 100_000));
    all.into_iter().map(|row| row.body.0).filter(|body| body["event"] == event).collect()
}

#[actix_web::test]
async fn a_deadline_is_told_once_when_near_and_once_when_past_to_the_level_above_too() {
    let (port, taken) = mail_server();
    let world = World::with_settings("2026-06-01", |config| {
        config.smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
        config.mail_from = Some("OCOP <ocop@example.vn>".to_owned());
    })
    .await;
    let offices = world.offices("29242");
    let far = world.officer(ocop::actor::Role::Commune, world.unit_today(Level::Commune, "28756"));
    assert!(far.id.is_some());
    let filed = world.filed(&offices, &Case::of("07")).await;
    let post = || while ocop::auth::letters::deliver(world.db(), &world.state.mailer).unwrap() {};
    let letter = || {
        let (to, text) = taken.recv_timeout(Duration::from_secs(20)).expect("a letter");
        (to, plain(&text))
    };
    let silent = || taken.recv_timeout(Duration::from_millis(200)).is_err();

    assert_eq!(sweep(world.db()), Swept::default(), "fifteen working days are left");
    world.today("2026-06-17");
    let near = sweep(world.db());
    assert_eq!((near.near, near.overdue, near.letters, near.failures), (1, 0, 1, 0), "the commune's officer");
    post();
    let (to, text) = letter();
    assert!(to.contains("commune-"), "{to}");
    assert!(
        text.contains("sắp đến hạn") && text.contains("hạn 22/06/2026") && text.contains("last day 2026-06-22"),
        "{text}"
    );
    assert_eq!(sweep(world.db()), Swept::default(), "told once");
    world.today("2026-06-22");
    assert_eq!(sweep(world.db()), Swept::default(), "the last day itself is near, and told");
    let event = told(&world, "deadlineNear");
    assert_eq!(event.len(), 1);
    assert_eq!((&event[0]["deadlineWithPauses"], &event[0]["escalatedTo"]), (&json!("2026-06-22"), &Value::Null));

    // Given back: the clock stands still, whatever the day.
    filed.act(&offices.commune, json!({"action": "return", "reason": "Thiếu"})).await.is(201);
    world.today("2026-06-24");
    assert_eq!(sweep(world.db()), Swept::default());
    filed.act(&filed.producer, json!({"action": "submit"})).await.is(201);
    // The day it came again, 24 June, counts as the day it was asked for did: nothing was left but that.
    let last = filed.view().await.body["clocks"][0]["deadlineWithPauses"].as_str().unwrap().to_owned();
    world.today("2026-07-03");
    let past = sweep(world.db());
    assert_eq!((past.near, past.overdue, past.letters), (0, 1, 2), "the commune and the province above; due {last}");
    post();
    let mut letters = [letter(), letter()];
    letters.sort();
    assert!(letters[0].0.contains("commune-") && letters[0].1.contains("ở cơ quan của bạn"), "{letters:?}");
    assert!(letters[1].0.contains("province-") && letters[1].1.contains("ở cấp dưới"), "{letters:?}");
    let event = told(&world, "deadlineOverdue");
    assert_eq!((event.len(), &event[0]["escalatedTo"], &event[0]["level"]), (1, &json!("province"), &json!("commune")));
    assert_eq!(sweep(world.db()), Swept::default());
    post();
    assert!(silent(), "nobody else, and nothing twice");
    let said = world.everything_told();
    assert!(!said.contains("@example.vn"), "no address is told");
}

#[actix_web::test]
async fn the_daily_job_and_the_command_do_the_same_deed_and_each_thing_once() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let model = world.filed(&offices, &Case::of("07")).await;
    let late = Copy { deadline: Some("2026-05-20".parse().unwrap()), ..model.copy() };
    model.copied(&[late; 230]);
    // Two nodes order the work of the day: one job.
    let order =
        |db: &Db| db.write_now(&Caller::system("daily"), |cx| ocop::jobs::enqueue_daily(cx, reminders::KIND)).unwrap();
    let (first, second) = (order(world.db()), order(world.db()));
    assert!(first.is_some() && second.is_none());
    // The worker and two sweeps at once.
    let handlers = ocop::app::handlers();
    let run = |work: Box<dyn Fn(&Db) + Send>| {
        let db = world.db().clone();
        std::thread::spawn(move || work(&db))
    };
    let worker = run(Box::new(move |db| while ocop::jobs::work_once(db, &handlers).unwrap() {}));
    let sweeps = [run(Box::new(|db| drop(sweep(db)))), run(Box::new(|db| drop(sweep(db))))];
    worker.join().unwrap();
    sweeps.into_iter().for_each(|s| s.join().unwrap());
    let job = world.deed(move |cx| ocop::jobs::get(cx, first.unwrap()));
    assert_eq!((job.state, job.error), (ocop::jobs::JobState::Done, None));
    assert_eq!(told(&world, "deadlineOverdue").len(), 230, "each once, whoever told it");
    assert_eq!(sweep(world.db()).overdue, 0);
    world.today("2026-06-02");
    assert!(order(world.db()).is_some(), "another day, another job");
}

/// A sweep over so many late dossiers of which one cannot be read.
async fn one_poisoned_of(n: usize) {
    let world = World::on("2026-06-01").await;
    world.spoil();
    let offices = world.offices("29242");
    let model = world.filed(&offices, &Case::of("07")).await;
    let late = Copy { status: Status::Submitted, deadline: Some("2026-05-20".parse().unwrap()), ..model.copy() };
    let ids = model.copied(&vec![late; n]);
    let bad = ids[n / 2];
    world.deed(move |cx| {
        let row = diesel::update(table::table).filter(table::id.eq(bad));
        Ok(row.set(table::kind.eq("poisoned")).execute(cx.conn)?)
    });
    let swept = sweep(world.db());
    assert_eq!((swept.overdue, swept.failures), (n - 1, 1));
    assert_eq!(swept.failed[0].id, bad.to_string());
    assert!(swept.failed[0].why.contains("kind"), "{}", swept.failed[0].why);
    assert_eq!(told(&world, "deadlineOverdue").len(), n - 1);
    // The next day it is reported again, and nothing else is told again.
    let again = sweep(world.db());
    assert_eq!((again.overdue, again.failures, again.letters), (0, 1, 0));
}

#[actix_web::test]
async fn one_poisoned_row_stops_none_of_the_others() {
    // `OCOP_TEST_ROWS=10000` in an own step of `.ci/run`: half a minute.
    let rows = std::env::var("OCOP_TEST_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(450);
    one_poisoned_of(rows).await;
}

#[actix_web::test]
async fn a_paper_about_to_expire_is_told_once_for_each_version_and_warning() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let who = &draft.producer;
    let put = async |path: &str, ends: &str| {
        let fields =
            [("paper", "testReport"), ("title", "Phiếu kiểm nghiệm"), ("number", "12/KN"), ("expiresOn", ends)];
        let fields = if path == "/v1/evidence" { &fields[..] } else { &fields[2..] };
        let bytes = pdf(&format!("{path} {ends}"));
        world.send(multipart(who.request(Method::POST, path), fields, &bytes)).await.is(201)
    };
    let paper = put("/v1/evidence", "2026-08-15").await;
    let _far = put("/v1/evidence", "2027-06-01").await;
    let mut days = Vec::new();
    for day in [
        "2026-06-01",
        "2026-06-16",
        "2026-06-17",
        "2026-07-15",
        "2026-07-16",
        "2026-08-07",
        "2026-08-08",
        "2026-08-15",
        "2026-08-16",
    ] {
        world.today(day);
        let swept = sweep(world.db());
        if swept.papers > 0 {
            assert_eq!((swept.papers, swept.letters), (1, 1), "{day}");
            days.push(day);
        }
        assert_eq!(sweep(world.db()).papers, 0, "{day}: told once");
    }
    assert_eq!(days, ["2026-06-16", "2026-07-16", "2026-08-08"], "60, 30 and 7 days before");
    let events = told(&world, "paperExpires");
    assert_eq!(events.iter().map(|e| e["days"].clone()).collect::<Vec<_>>(), [json!(60), json!(30), json!(7)]);
    assert!(events[0]["producer"].is_string() && events[0]["expiresOn"] == "2026-08-15");
    // Renewed late, with an end that is near: one warning, the nearest, and the longer ones never after it.
    let versions = format!("{}/versions", paper.headers["location"]);
    put(&versions, "2026-09-10").await;
    assert_eq!(sweep(world.db()).papers, 1);
    assert_eq!(told(&world, "paperExpires").last().unwrap()["days"], 30);
    assert_eq!(sweep(world.db()).papers, 0);
}

#[actix_web::test]
async fn a_producer_whose_dossier_waits_for_completion_is_told_before_the_last_day_and_after_it() {
    let (port, taken) = mail_server();
    let world = World::with_settings("2026-06-01", |config| {
        config.smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
        config.mail_from = Some("OCOP <ocop@example.vn>".to_owned());
    })
    .await;
    let offices = world.offices("29242");
    let filed = world.filed(&offices, &Case::of("07")).await;
    let items = json!([{"reason": "missing", "about": "paper", "name": "award", "words": "Nộp giấy giải thưởng"}]);
    let ask = json!({"action": "return", "items": items, "dueOn": "2026-06-30"});
    filed.act(&offices.commune, ask).await.is(201);
    assert_eq!(sweep(world.db()), Swept::default(), "a month is left");
    world.today("2026-06-29");
    let near = sweep(world.db());
    assert_eq!((near.completions, near.letters, near.near, near.overdue), (1, 1, 0, 0));
    assert_eq!(sweep(world.db()), Swept::default(), "told once");
    world.today("2026-07-01");
    assert_eq!((sweep(world.db()).completions, sweep(world.db())), (1, Swept::default()));
    while ocop::auth::letters::deliver(world.db(), &world.state.mailer).unwrap() {}
    let mut letters: Vec<String> = (0..2)
        .map(|_| {
            let (to, text) = taken.recv_timeout(Duration::from_secs(20)).expect("a letter");
            assert!(to.contains("producer-"), "{to}");
            plain(&text)
        })
        .collect();
    letters.sort();
    assert!(
        letters.iter().any(|t| t.contains("trước hết ngày 30/06/2026") && t.contains("by 2026-06-30")),
        "{letters:?}"
    );
    assert!(letters.iter().any(|t| t.contains("đã quá ngày 30/06/2026")), "{letters:?}");
    let events = (told(&world, "completionNear"), told(&world, "completionOverdue"));
    assert_eq!((events.0.len(), events.1.len(), &events.0[0]["dueOn"]), (1, 1, &json!("2026-06-30")));

    // What came back is told no more.
    let other = world.filed(&offices, &Case::of("07")).await;
    let ask = json!({"action": "return", "items": [], "reason": "Thiếu", "dueOn": "2026-07-10"});
    other.act(&offices.commune, ask).await.is(201);
    other.act(&other.producer, json!({"action": "submit"})).await.is(201);
    world.today("2026-07-10");
    assert_eq!(sweep(world.db()).completions, 0);
}
