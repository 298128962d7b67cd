//! `ocop demo` from outside: what it refuses, and who may not serve what it made. What it plays is
//! shown by `.ci/demo-run`, which runs every command of the tour.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use ocop::actor::Caller;
use ocop::app::{ReferenceScope, load_reference};
use ocop::config::{Config, DatabaseUrl};
use ocop::db::{Clock, Db, migrate};
use ocop::demo::{self, Found};

use crate::world::World;

/// Runs the binary in a data directory of its own, and ends it when it does not end by itself.
fn run(data: &Path, settings: &[(&str, &str)], words: &[&str]) -> Output {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ocop"));
    command.env_remove("DATABASE_URL").env_remove("OCOP_PROFILE").env_remove("OCOP_PUBLIC_URL");
    command.env("OCOP_DATA_DIR", data).env("OCOP_LISTEN", format!("127.0.0.1:{port}")).env("OCOP_LOG", "warn");
    let child = command.envs(settings.iter().copied()).args(words).stdin(Stdio::null());
    let child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if wait.recv_timeout(std::time::Duration::from_secs(120)).is_err() {
            let _ = Command::new("kill").args(["-9", &id]).status();
        }
    });
    let output = child.wait_with_output().unwrap();
    let _ = done.send(());
    watch.join().unwrap();
    output
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(why), "{why}: {told}");
}

#[test]
fn a_demonstration_refuses_what_is_for_real_use_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let real = [
        (vec![("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")], "never touches PostgreSQL"),
        (vec![("OCOP_PROFILE", "production"), ("OCOP_PUBLIC_URL", "https://ocop.example")], "production profile"),
        (vec![("OCOP_LISTEN", "0.0.0.0:8080")], "loopback only"),
    ];
    for (settings, why) in real {
        refused(&run(data, &settings, &["demo"]), why);
        assert_eq!(std::fs::read_dir(data).unwrap().count(), 0, "{why}");
    }
}

#[test]
fn a_marked_database_is_a_demonstrations_alone() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("ocop.sqlite"));
    migrate::up(&url).unwrap();
    assert_eq!(demo::look(&url).unwrap(), Found::Nothing);
    let db = Db::open(&url, 1, Clock::real()).unwrap();
    assert!(!demo::is_marked(&db).unwrap());
    demo::begin(&db, "2026-11-24".parse().unwrap()).unwrap();
    assert!(demo::is_marked(&db).unwrap());
    // Marked and not played to its end: it is played again, never served.
    assert_eq!(demo::look(&url).unwrap(), Found::HalfPlayed);
    refused(&run(folder.path(), &[], &["serve"]), "this database is a demonstration");
}

#[test]
fn a_demonstration_does_not_take_a_database_of_real_work() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    std::fs::create_dir(&data).unwrap();
    let url = DatabaseUrl::Sqlite(data.join("ocop.sqlite"));
    migrate::up(&url).unwrap();
    let db = Db::open(&url, 1, Clock::real()).unwrap();
    load_reference(&db, ReferenceScope::Sample, &mut |_, _, _| {}).unwrap();
    refused(&run(folder.path(), &[], &["demo"]), "no demonstration");
    let kept = db.read_now(&Caller::system("test"), ocop::programme::is_loaded).unwrap();
    assert!(kept, "the database of real work was touched");
}

#[test]
fn the_flag_of_a_demonstration_comes_from_the_command_alone() {
    let every = Config::read(|name| match name {
        "OCOP_DEMO" | "OCOP_PROFILE" => Some(if name == "OCOP_PROFILE" { "dev" } else { "true" }.to_owned()),
        _ => None,
    });
    assert!(!every.unwrap().demo);
    let config = demo::settings(Config::read(|_| None).unwrap()).unwrap();
    assert!(config.demo);
    assert_eq!(config.database, DatabaseUrl::Sqlite("./data/demo/ocop.sqlite".into()));
}

#[actix_web::test]
async fn answers_and_pages_of_real_use_do_not_call_themselves_a_demonstration() {
    let world = World::new().await;
    let answer = world.stranger().get("/v/OCOP-86-2026-000123-1").await;
    assert!(!answer.headers.contains_key("ocop-demo"));
    assert!(!answer.text.contains("Bản trình diễn"), "{}", answer.text);
}
