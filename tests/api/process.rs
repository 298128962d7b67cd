//! The real binary: a clean end under way, sudden ends in the middle, backup and restore.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ocop::config::DatabaseUrl;
use ocop::db::open;
use serde_json::{Value, json};

use crate::world::database::{Lease, lease};
use crate::world::rows::count;

/// A data directory and a database that a service can be started on again and again.
struct Home {
    lease: Lease,
    data: PathBuf,
}

impl Home {
    fn new() -> Self {
        let lease = lease();
        lease.spoiled.set(true);
        let data = lease.folder.path().join("data");
        Self { lease, data }
    }

    fn url(&self) -> String {
        match &self.lease.url {
            DatabaseUrl::Sqlite(path) => path.display().to_string(),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    fn command(&self, port: u16) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ocop"));
        command
            .env("DATABASE_URL", self.url())
            .env("OCOP_DATA_DIR", &self.data)
            .env("OCOP_LISTEN", format!("127.0.0.1:{port}"))
            // The same name at every start, whatever the port: tokens outlive a restart.
            .env("OCOP_PUBLIC_URL", "http://ocop.example")
            .env("OCOP_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(0).args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap()
    }

    #[track_caller]
    fn done(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    fn serve(&self) -> Service {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = self.command(port).arg("serve").spawn().unwrap();
        let service = Service { child, port };
        let begun = Instant::now();
        while service.get("/readyz").map_or(0, |(status, _)| status) != 200 {
            assert!(begun.elapsed() < Duration::from_secs(180), "the service does not become ready");
            std::thread::sleep(Duration::from_millis(30));
        }
        service
    }
}

/// A running service; it is killed with the test.
struct Service {
    child: Child,
    port: u16,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    fn get(&self, path: &str) -> Option<(u16, Value)> {
        call(self.port, "GET", path, &[], None)
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

/// One request; none when the connection breaks.
fn call(port: u16, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let text = body.map(Value::to_string).unwrap_or_default();
    stream.write_all(head(method, path, headers, text.len()).as_bytes()).ok()?;
    stream.write_all(text.as_bytes()).ok()?;
    answer(&mut stream)
}

fn head(method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
    head_of("application/json", method, path, headers, length)
}

fn head_of(kind: &str, method: &str, path: &str, headers: &[(&str, &str)], length: usize) -> String {
    let more: String = headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n"
    )
}

fn answer(stream: &mut TcpStream) -> Option<(u16, Value)> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // A chunked body is one JSON text between its sizes.
    let json =
        body.find(['{', '[']).and_then(|i| serde_json::Deserializer::from_str(&body[i..]).into_iter().next()?.ok());
    Some((status, json.unwrap_or(Value::Null)))
}

const PASSWORD: &str = "gió đưa cành trúc la đà";

/// The body of a registration: the document's own example, in a place that is there.
fn registration(place: &str) -> Value {
    let operation = crate::walk::operations().into_iter().find(|o| o.name() == "POST /v1/registrations").unwrap();
    let mut body = (*operation.body_examples()[0]).clone();
    body["place"] = json!(place);
    body
}

fn producer(n: usize, place: &str) -> Value {
    json!({"name": format!("Hợp tác xã số {n}"), "kind": "cooperative", "place": place, "address": "Ấp 1", "foundedOn": "2019-03-01"})
}

/// A product of a new producer; its identifier.
fn product(service: &Service, bearer: &str, place: &str) -> String {
    let head = [("Authorization", bearer)];
    let made = |path: &str, body: &Value| {
        let (status, said) = call(service.port, "POST", path, &head, Some(body)).unwrap();
        assert_eq!(status, 201, "{said}");
        said["id"].as_str().unwrap().to_owned()
    };
    let producer = made("/v1/producers", &producer(0, place));
    made("/v1/products", &json!({"producer": producer, "name": "Dừa sáp sợi", "set": "07"}))
}

/// A picture of some 300 kB with its description, as a form in parts.
fn picture_form() -> Vec<u8> {
    let part = |name: &str, more: &str| {
        format!("--xOCOPx\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n").into_bytes()
    };
    let mut form =
        [part("alt", ""), b"Anh\r\n".to_vec(), part("file", "; filename=\"a.png\"\r\nContent-Type: image/png")]
            .concat();
    form.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    form.extend(std::iter::repeat_n(0_u8, 300_000));
    form.extend_from_slice(b"\r\n--xOCOPx--\r\n");
    form
}

/// An officer of this commune signs in.
fn officer(home: &Home, service: &Service, code: &str) -> String {
    let mut adding = home.command(0);
    adding.args([
        "user",
        "add",
        "--email",
        "can-bo@example.vn",
        "--role",
        "commune",
        "--place",
        code,
        "--password-stdin",
    ]);
    let mut adding = adding.stdin(Stdio::piped()).spawn().unwrap();
    adding.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(adding.wait().unwrap().success());
    let asked = json!({"grantType": "password", "email": "can-bo@example.vn", "password": PASSWORD});
    let (status, tokens) = call(service.port, "POST", "/v1/auth/token", &[], Some(&asked)).unwrap();
    assert_eq!(status, 200, "{tokens}");
    format!("Bearer {}", tokens["accessToken"].as_str().unwrap())
}

/// A commune of today, from the public list: its identifier and its code.
fn commune(service: &Service) -> (String, String) {
    let today = ocop::db::Clock::real().now().vietnam_day();
    let (status, page) = service.get(&format!("/v1/places?level=commune&limit=1&on={today}")).unwrap();
    assert_eq!(status, 200, "{page}");
    let text = |field: &str| page["data"][0][field].as_str().unwrap().to_owned();
    (text("id"), text("code"))
}

#[test]
fn a_clean_end_lets_what_is_under_way_finish_and_takes_nothing_new() {
    let home = Home::new();
    let mut service = home.serve();
    let (place, code) = commune(&service);
    let bearer = officer(&home, &service, &code);
    let product = product(&service, &bearer, &place);
    let body = registration(&place).to_string();
    // A save that has begun: half of its body is still to come.
    let mut slow = TcpStream::connect(("127.0.0.1", service.port)).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    slow.write_all(head("POST", "/v1/registrations", &[("Idempotency-Key", "slow")], body.len()).as_bytes()).unwrap();
    let half = body.len() / 2 - body[..body.len() / 2].bytes().rev().take_while(|b| b & 0xC0 == 0x80).count();
    slow.write_all(&body.as_bytes()[..half]).unwrap();
    // An upload that has begun: half of the picture is still to come.
    let picture = picture_form();
    let mut upload = TcpStream::connect(("127.0.0.1", service.port)).unwrap();
    upload.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let to = format!("/v1/products/{product}/photos");
    let kind = "multipart/form-data; boundary=xOCOPx";
    let beginning = head_of(kind, "POST", &to, &[("Authorization", &bearer)], picture.len());
    upload.write_all(beginning.as_bytes()).unwrap();
    upload.write_all(&picture[..picture.len() / 2]).unwrap();
    std::thread::sleep(Duration::from_millis(400));

    let told = Instant::now();
    service.signal("-TERM");
    std::thread::sleep(Duration::from_millis(700));
    let refused = TcpStream::connect(("127.0.0.1", service.port)).is_err() || service.get("/healthz").is_none();
    assert!(refused, "a new connection was taken after SIGTERM");
    slow.write_all(&body.as_bytes()[half..]).unwrap();
    upload.write_all(&picture[picture.len() / 2..]).unwrap();
    let (saved, said) = answer(&mut slow).expect("the save was cut off");
    assert_eq!(saved, 201, "{said}");
    let (taken, said) = answer(&mut upload).expect("the upload was cut off");
    assert_eq!(taken, 201, "{said}");
    let code = service.child.wait().unwrap();
    assert!(code.success(), "{code}");
    assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
    let mut conn = open(&home.lease.url).unwrap();
    assert_eq!(count(&mut conn, "select count(*) as n from registrations"), 1);
    assert_eq!(count(&mut conn, "select count(*) as n from product_photos"), 1);
}

/// Killed in the middle of a stream of writes: what was acknowledged is there, nothing is half done.
#[test]
fn a_sudden_end_loses_nothing_that_was_acknowledged_twenty_times() {
    let home = Home::new();
    let mut acknowledged: Vec<usize> = Vec::new();
    let mut next = 0;
    let (place, bearer) = {
        let service = home.serve();
        let (place, code) = commune(&service);
        (place, officer(&home, &service, &code))
    };
    for round in 0..20 {
        let mut service = home.serve();
        let port = service.port;
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..3)
            .map(|w| {
                let (stop, place, bearer) = (Arc::clone(&stop), place.clone(), bearer.clone());
                let first = next + w * 100_000;
                std::thread::spawn(move || {
                    let mut done = Vec::new();
                    for n in first.. {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let key = format!("key-{n}");
                        let head = [("Idempotency-Key", key.as_str()), ("Authorization", bearer.as_str())];
                        match call(port, "POST", "/v1/producers", &head, Some(&producer(n, &place))) {
                            Some((201, _)) => done.push(n),
                            Some((status, said)) => assert_eq!(status, 503, "{said}"),
                            None => break,
                        }
                    }
                    done
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(120 + 37 * round));
        service.child.kill().unwrap();
        service.child.wait().unwrap();
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            acknowledged.extend(writer.join().unwrap());
        }
        next += 1000;
    }
    assert!(acknowledged.len() >= 20, "{} writes were acknowledged: too few to tell", acknowledged.len());
    let mut conn = open(&home.lease.url).unwrap();
    for n in &acknowledged {
        let there = format!("select count(*) as n from producers where name = 'Hợp tác xã số {n}'");
        assert_eq!(count(&mut conn, &there), 1, "producer {n} was acknowledged");
    }
    // Each producer has its audit row, its message and its key: the four are one deed.
    let mut n = |sql: &str| count(&mut conn, sql);
    let rows = n("select count(*) as n from producers");
    let audited = n(
        "select count(*) as n from audit a where a.deed like 'producer.%' and a.subject_id in (select id from producers)",
    );
    let told = n(
        "select count(*) as n from outbox o where o.topic = 'producer' and o.subject_id in (select id from producers)",
    );
    let keyed = n("select count(*) as n from idempotency i where i.subject_id in (select id from producers)");
    assert!(rows >= acknowledged.len() as i64);
    assert_eq!((audited, told, keyed), (rows, rows, rows));
    drop(conn);
    // The recorder seals what the last kill left, then the audit verifies.
    let service = home.serve();
    std::thread::sleep(Duration::from_secs(2));
    drop(service);
    let verdict = home.done(&["--json", "verify-audit"]);
    assert_eq!(verdict["faults"], json!([]), "{verdict}");
    assert!(verdict["rows"].as_i64().unwrap() >= rows);
}

fn copy_of(home: &Home, folder: &Path) -> Home {
    // Another machine: its own data directory and its own, empty database.
    let lease = crate::world::database::bare();
    let _ = (home, folder);
    let data = lease.folder.path().join("data");
    Home { lease, data }
}

fn put_document(home: &Home) -> String {
    let bytes = b"%PDF-1.7 a paper of somebody";
    let hash = ocop::keys::sha256_hex(bytes);
    let path = home.data.join("files").join(ocop::files::key_of(&hash));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    let mut conn = open(&home.lease.url).unwrap();
    let at = if matches!(home.lease.url, DatabaseUrl::Sqlite(_)) { "1780000000000000" } else { "now()" };
    use diesel::connection::SimpleConnection;
    conn.batch_execute(&format!(
        "insert into stored_files (sha256, bytes, media_type, created_at) values ('{hash}', {}, 'application/pdf', {at})",
        bytes.len()
    ))
    .unwrap();
    hash
}

#[test]
fn a_backup_is_verified_and_put_back_elsewhere_and_damage_is_named() {
    let home = Home::new();
    home.done(&["--json", "migrate"]);
    let sqlite = matches!(home.lease.url, DatabaseUrl::Sqlite(_));
    home.done(&["--json", "user", "add", "--email", "kiem-toan@example.vn", "--role", "auditor"]);
    let document = put_document(&home);
    let folder = home.lease.folder.path().join("backup");
    let report = home.done(&["--json", "backup", &folder.display().to_string()]);
    assert_eq!(report["files"], 1, "{report}");
    assert!(
        !home.run(&["backup", &folder.display().to_string()]).status.success(),
        "a backup never mixes with another"
    );
    if !sqlite {
        assert!(report["next"][0].as_str().unwrap().starts_with("pg_dump"), "{report}");
    }

    // To a new machine: everything is there, the key opens the database, the audit verifies.
    let other = copy_of(&home, &folder);
    let back = other.done(&["--json", "restore", &folder.display().to_string()]);
    let stored = other.data.join("files").join(ocop::files::key_of(&document));
    assert!(stored.exists());
    if sqlite {
        assert_eq!(back["auditHead"], report["auditHead"]);
        assert_eq!(other.done(&["--json", "verify-audit"])["faults"], json!([]));
        let mut conn = open(&other.lease.url).unwrap();
        assert_eq!(count(&mut conn, "select count(*) as n from users where email = 'kiem-toan@example.vn'"), 1);
        // Over data only when told to, and what was there is kept.
        let refused = other.run(&["restore", &folder.display().to_string()]);
        assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("--force"));
        drop(conn);
        other.done(&["--json", "restore", &folder.display().to_string(), "--force"]);
        let kept = std::fs::read_dir(other.lease.folder.path()).unwrap();
        assert!(kept.into_iter().any(|f| f.unwrap().file_name().to_string_lossy().contains("before-restore")));
    } else {
        assert!(back["next"][0].as_str().unwrap().starts_with("pg_restore"), "{back}");
    }

    // One byte of a document changes: nothing is restored, and the file is named.
    let damaged = folder.join("files").join(ocop::files::key_of(&document));
    std::fs::write(&damaged, b"%PDF-1.7 a paper of somebodi").unwrap();
    let third = copy_of(&home, &folder);
    let refused = third.run(&["restore", &folder.display().to_string()]);
    assert!(!refused.status.success());
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains(&document),
        "{}",
        String::from_utf8_lossy(&refused.stderr)
    );
    assert!(!third.data.join("master.key").exists());
    // A lost document makes the backup itself fail.
    std::fs::remove_file(home.data.join("files").join(ocop::files::key_of(&document))).unwrap();
    let again = home.lease.folder.path().join("backup-2");
    assert!(!home.run(&["backup", &again.display().to_string()]).status.success());
    assert!(!again.join("manifest.json").exists(), "a backup that failed has no manifest");
}

#[test]
fn the_doctor_finds_a_healthy_instance_well_and_a_lost_key_broken() {
    let home = Home::new();
    home.done(&["--json", "migrate"]);
    drop(home.serve());
    let well = home.done(&["--json", "doctor"]);
    let states: Vec<&str> = well.as_array().unwrap().iter().filter_map(|f| f["state"].as_str()).collect();
    assert!(!states.contains(&"broken"), "{well}");
    for matter in ["settings", "disk", "storage", "database", "clock", "keys", "audit"] {
        assert!(well.as_array().unwrap().iter().any(|f| f["matter"] == matter), "{matter}: {well}");
    }
    std::fs::write(home.data.join("master.key"), [9_u8; 32]).unwrap();
    let sick = home.run(&["--json", "doctor"]);
    assert!(!sick.status.success());
    assert!(String::from_utf8_lossy(&sick.stdout).contains("master key"), "{}", String::from_utf8_lossy(&sick.stdout));
    let swept = home.done(&["--json", "sweep"]);
    assert_eq!((&swept["idempotencyKeys"], &swept["reminders"]["failures"]), (&json!(0), &json!(0)));
}
