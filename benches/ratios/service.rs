//! The service as a process of its own, on an engine; and a bare server that answers fixed bytes.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection;
use ocop::config::DatabaseUrl;
use ocop::db::open;
use ocop::ids::PlaceId;
use serde_json::{Value, json};

use crate::load::{self, Request};

pub const PASSWORD: &str = "gió đưa cành trúc la đà";

/// An engine with a database of this run.
pub struct Engine {
    pub url: DatabaseUrl,
    folder: tempfile::TempDir,
    server: Option<(String, String)>,
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            let mut conn = open(&DatabaseUrl::Postgres(server.clone())).unwrap();
            let _ = conn.batch_execute(&format!("drop database if exists {name} with (force)"));
        }
    }
}

impl Engine {
    /// SQLite always; PostgreSQL when a server is named.
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::sqlite()];
        match std::env::var("OCOP_TEST_DATABASE_URL") {
            Ok(server) => all.push(Self::postgres(server)),
            Err(_) => eprintln!("OCOP_TEST_DATABASE_URL is not set: PostgreSQL is left out"),
        }
        all
    }

    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: DatabaseUrl::Sqlite(folder.path().join("ocop.sqlite")), folder, server: None }
    }

    fn postgres(server: String) -> Self {
        let name = format!("ocop_bench_{}", std::process::id());
        let mut conn = open(&DatabaseUrl::Postgres(server.clone())).unwrap();
        conn.batch_execute(&format!("create database {name}")).unwrap();
        let url = DatabaseUrl::Postgres(format!("{}/{name}", server.rsplit_once('/').unwrap().0));
        Self { url, folder: tempfile::tempdir().unwrap(), server: Some((server, name)) }
    }

    pub fn name(&self) -> &'static str {
        match self.url {
            DatabaseUrl::Sqlite(_) => "SQLite",
            DatabaseUrl::Postgres(_) => "PostgreSQL",
        }
    }

    /// Seconds to the first answer: with everything to be made, and with everything there.
    pub fn start_ups(&self) -> (f64, f64) {
        let time = || {
            let begun = Instant::now();
            drop(Service::start(self));
            begun.elapsed().as_secs_f64()
        };
        (time(), time())
    }

    fn command(&self, port: u16) -> Command {
        let url = match &self.url {
            DatabaseUrl::Sqlite(path) => path.display().to_string(),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let data: PathBuf = self.folder.path().join("data");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ocop"));
        command
            .env("DATABASE_URL", url)
            .env("OCOP_DATA_DIR", data)
            .env("OCOP_LISTEN", format!("127.0.0.1:{port}"))
            .env("OCOP_PUBLIC_URL", "http://bench.example")
            .env("OCOP_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

/// A running service; it is killed when dropped.
pub struct Service {
    child: Child,
    pub port: u16,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    pub fn start(engine: &Engine) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = engine.command(port).arg("serve").spawn().unwrap();
        let service = Self { child, port };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err()
            || !load::once(port, &Request::get("/readyz")).starts_with(b"HTTP/1.1 200")
        {
            assert!(begun.elapsed() < Duration::from_secs(120), "the service does not become ready");
            std::thread::sleep(Duration::from_millis(5));
        }
        service
    }

    /// Megabytes that the process keeps in memory.
    pub fn resident_mb(&self) -> f64 {
        resident_mb(self.child.id())
    }

    /// A commune's officer signs in; the header of a request.
    pub fn sign_in(&self, engine: &Engine, commune: &str) -> String {
        self.sign_in_as(engine, "bench@example.vn", &["--role", "commune", "--place", commune])
    }

    /// Somebody with a right signs in; the header of a request.
    pub fn sign_in_as(&self, engine: &Engine, email: &str, right: &[&str]) -> String {
        let words = ["user", "add", "--email", email, "--password-stdin"];
        let mut adding = engine.command(0).args(words).args(right).stdin(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut adding.stdin.take().unwrap(), PASSWORD.as_bytes()).unwrap();
        assert!(adding.wait().unwrap().success());
        self.sign_in_with(email)
    }

    /// Somebody who has an account signs in; the header of a request.
    pub fn sign_in_with(&self, email: &str) -> String {
        let asked = json!({"grantType": "password", "email": email, "password": PASSWORD});
        let answer = load::once(self.port, &Request::post("/v1/auth/token", "", &asked));
        let text = String::from_utf8_lossy(&answer).into_owned();
        let body = text.split_once("\r\n\r\n").unwrap().1;
        let tokens: Value = serde_json::from_str(body).unwrap();
        format!("Bearer {}", tokens["accessToken"].as_str().expect("signed in"))
    }
}

/// Megabytes that a process keeps in memory.
pub fn resident_mb(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}

/// What is registered, again and again.
pub fn producer(place: PlaceId, n: usize) -> Value {
    json!({"name": format!("Hợp tác xã số {n}"), "kind": "cooperative", "place": place, "address": "Ấp 1", "foundedOn": "2019-03-01"})
}

/// A server without a service: the same bytes to every request.
pub struct Bare {
    pub port: u16,
    handle: actix_web::dev::ServerHandle,
}

impl Drop for Bare {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// Starts one that answers with the body of this answer.
pub fn bare(answer: &[u8]) -> Bare {
    let start = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let body = web::Bytes::copy_from_slice(&answer[start..]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (told, handle) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || {
                let body = body.clone();
                let same = move || {
                    let body = body.clone();
                    async move { HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(body) }
                };
                App::new().default_service(web::to(same))
            })
            .workers(std::thread::available_parallelism().map_or(2, usize::from))
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
            told.send(server.handle()).unwrap();
            let _ = server.await;
        });
    });
    Bare { port, handle: handle.recv().unwrap() }
}
