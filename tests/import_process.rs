//! The real binary, killed in the middle of an import: another worker finishes, no row twice,
//! progress never falls. On the engine that `OCOP_TEST_DATABASE_URL` names.
#![expect(clippy::unwrap_used, reason = "a scene stops where something is not as it says")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use ocop::actor::Caller;
use ocop::app::{self, ReferenceScope};
use ocop::config::DatabaseUrl;
use ocop::db::schema::{import_rows, jobs as jobs_table, products};
use ocop::db::{Clock, Db, migrate, open};
use ocop::ids::JobId;
use ocop::jobs::{self, JobState};

const ROWS: i64 = 3_000;

fn list() -> String {
    let mut list = String::from("name,producer,province,commune,district\n");
    for n in 0..ROWS {
        list.push_str(&format!("Sản phẩm {n},HTX {},Trà Vinh,xã Đông Hải,huyện Duyên Hải\n", n % 100));
    }
    list
}

/// A database of its own, and what brings it away again.
fn database(folder: &std::path::Path) -> (DatabaseUrl, String, Option<(String, String)>) {
    match std::env::var("OCOP_TEST_DATABASE_URL").ok().filter(|u| u.starts_with("postgres")) {
        None => {
            let path = folder.join("ocop.sqlite");
            (DatabaseUrl::Sqlite(path.clone()), path.display().to_string(), None)
        }
        Some(server) => {
            let name = format!("ocop_test_{}_import", std::process::id());
            open(&DatabaseUrl::Postgres(server.clone())).unwrap().batch_execute(&format!("create database {name}")).unwrap();
            let (base, _) = server.rsplit_once('/').unwrap();
            let url = format!("{base}/{name}");
            (DatabaseUrl::Postgres(url.clone()), url, Some((server, name)))
        }
    }
}

fn job(db: &Db) -> Option<(JobId, i64, i64)> {
    db.read_now(&Caller::system("test"), |cx| {
        let columns = (jobs_table::id, jobs_table::done, jobs_table::total);
        Ok(jobs_table::table.select(columns).first(cx.conn).optional()?)
    })
    .unwrap()
}

#[test]
fn an_import_survives_kill_nine() {
    let folder = tempfile::tempdir().unwrap();
    let (url, text, server) = database(folder.path());
    migrate::up(&url).unwrap();
    let db = Db::open(&url, 2, Clock::real()).unwrap();
    app::load_reference(&db, ReferenceScope::Sample, &mut |_, _, _| {}).unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, list()).unwrap();
    let key = folder.path().join("master.key");
    std::fs::write(&key, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef").unwrap();

    let mut child = Command::new(env!("CARGO_BIN_EXE_ocop"))
        .args(["import", "products"])
        .arg(&file)
        .env("DATABASE_URL", &text)
        .env("OCOP_DATA_DIR", folder.path())
        .env("OCOP_MASTER_KEY_FILE", &key)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Killed while rows are being taken over, after the reports of all of them were kept.
    let begun = Instant::now();
    let (id, done) = loop {
        assert!(begun.elapsed() < Duration::from_secs(240), "the import did not get going: {:?}", job(&db));
        if let Some((id, done, total)) = job(&db)
            && total > 0
            && done > ROWS + 200
        {
            break (id, done);
        }
        assert!(child.try_wait().unwrap().is_none(), "the import ended before it could be killed");
        std::thread::sleep(Duration::from_millis(5));
    };
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    let at_death = job(&db).unwrap();
    assert!(at_death.1 >= done && at_death.1 < at_death.2, "{at_death:?}");

    // Another worker, once the lease has run out.
    let clock = Clock::real();
    let tomorrow = clock.now().plus_seconds(86_400).vietnam_day();
    clock.set_day(tomorrow);
    let other = Db::open(&url, 2, clock).unwrap();
    let handlers = app::handlers();
    let working = std::thread::spawn(move || while jobs::work_once(&other, &handlers).unwrap() {});
    let mut seen = at_death.1;
    while !working.is_finished() {
        let now = job(&db).unwrap().1;
        assert!(now >= seen, "progress fell from {seen} to {now}");
        seen = now;
        std::thread::sleep(Duration::from_millis(5));
    }
    working.join().unwrap();
    let ended = db.read_now(&Caller::system("test"), |cx| jobs::get(cx, id)).unwrap();
    assert_eq!(ended.state, JobState::Done, "{:?}", ended.error);
    let counts: (i64, i64) = db
        .read_now(&Caller::system("test"), |cx| {
            Ok((products::table.count().get_result(cx.conn)?, import_rows::table.count().get_result(cx.conn)?))
        })
        .unwrap();
    assert_eq!(counts, (ROWS, ROWS));
    drop(db);
    if let Some((server, name)) = server {
        let drop = format!("drop database if exists {name} with (force)");
        open(&DatabaseUrl::Postgres(server)).unwrap().batch_execute(&drop).unwrap();
    }
}
