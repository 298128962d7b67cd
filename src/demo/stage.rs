//! The stage: the service behind a door of its own on the loopback, its clock, and the people who
//! come in. Everything that the law knows goes through the door; only accounts and rights are made
//! by the service itself, as an administrator's command would.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use anyhow::{Context, bail, ensure};
use chrono::NaiveDate;
use serde_json::{Value, json};
use ureq::http::{Method, Request};

use crate::actor::{Actor, Caller, Role, Who};
use crate::app::{self, State};
use crate::auth::{self, Right};
use crate::db::Moment;
use crate::ids::{PlaceId, ProducerId, SessionId, UserId};
use crate::places::{self, Level, Place};

/// Where the accounts of a demonstration are at home; the domain is reserved for examples.
const DOMAIN: &str = "demo.example";
/// Cuts the parts of an upload.
const BOUNDARY: &str = "ocop-demo-part";

/// The play's own door: a server on a free port of the loopback.
struct Door {
    address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Door {
    fn open(state: &State) -> anyhow::Result<Self> {
        let (tell, told) = channel();
        let state = state.clone();
        let body = move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || app::application(&state)).workers(1).disable_signals();
                let server = server.shutdown_timeout(1).bind(("127.0.0.1", 0))?;
                let address = server.addrs().first().copied();
                let running = server.run();
                // Nobody waits any more when the play has given up.
                let _ = tell.send((address, running.handle()));
                running.await
            })
        };
        let thread = std::thread::Builder::new().name("demo".into()).spawn(body)?;
        let (address, handle) = told.recv().context("no free port on the loopback")?;
        Ok(Self { address: address.context("no free port on the loopback")?, handle, thread: Some(thread) })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // The order to stop is sent by the call; its end is that of the thread.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Somebody with an account, signed in.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub id: UserId,
    session: SessionId,
    pub name: String,
    pub email: String,
}

impl Person {
    /// As an act sees a person whose rights come from an appointment alone.
    pub fn caller(&self) -> Caller {
        let who = Who::User { user: self.id, session: self.session };
        Caller { actor: Actor { who, grants: Vec::new() }, ..Caller::system("demo") }
    }
}

/// An answer of the service.
#[derive(Debug)]
pub(super) struct Reply {
    pub tag: String,
    pub body: Value,
}

impl Reply {
    /// A text of the body, by its pointer.
    pub fn text(&self, pointer: &str) -> anyhow::Result<String> {
        text(&self.body, pointer)
    }

    /// The identifier of what was made.
    pub fn id(&self) -> anyhow::Result<String> {
        self.text("/id")
    }
}

/// A text inside an answer, by its pointer.
pub(super) fn text(body: &Value, pointer: &str) -> anyhow::Result<String> {
    let found = body.pointer(pointer).and_then(Value::as_str);
    Ok(found.with_context(|| format!("no text at {pointer} of {body}"))?.to_owned())
}

/// The stage.
pub(super) struct Stage<'a> {
    pub state: &'a State,
    agent: ureq::Agent,
    door: Door,
    today: NaiveDate,
    last: Moment,
    officers: BTreeMap<(Role, PlaceId), Person>,
    people: usize,
    letters: u32,
}

impl<'a> Stage<'a> {
    /// Opens the door. `last` is the moment at which the play ends.
    pub fn open(state: &'a State, last: Moment) -> anyhow::Result<Self> {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().new_agent();
        let today = state.db.clock().now().vietnam_day();
        let door = Door::open(state)?;
        Ok(Self { state, agent, door, today, last, officers: BTreeMap::new(), people: 0, letters: 0 })
    }

    /// The day of the play.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// Goes on to a day; the time of a play runs one way.
    pub fn day(&mut self, day: NaiveDate) -> anyhow::Result<()> {
        ensure!(day >= self.today, "the play goes from {} back to {day}", self.today);
        if day > self.today {
            self.today = day;
            match day == self.last.vietnam_day() {
                true => self.state.db.clock().set(self.last),
                false => self.state.db.clock().set_day(day),
            }
        }
        Ok(())
    }

    /// The next number of a letter, a report, a decision.
    pub fn number(&mut self, suffix: &str) -> String {
        self.letters += 1;
        format!("{}/{suffix}", self.letters)
    }

    /// An account with a right; somebody who sits in a council needs none.
    pub fn person(&mut self, name: &str, email: Option<&str>, right: Option<(Role, Right)>) -> anyhow::Result<Person> {
        self.people += 1;
        let email = match email {
            Some(word) => format!("{word}@{DOMAIN}"),
            None => format!("nguoi-{}@{DOMAIN}", self.people),
        };
        let (name, address) = (name.to_owned(), email.clone());
        let (id, session) = self.state.db.write_now(&Caller::system("demo"), {
            let name = name.clone();
            move |cx| {
                let id = auth::add_user(cx, &address, &name, None, None)?;
                if let Some((role, right)) = right.clone() {
                    auth::grant(cx, id, role, right)?;
                }
                Ok((id, auth::open_session(cx, id, false)?.0))
            }
        })?;
        Ok(Person { id, session, name, email })
    }

    /// Somebody who speaks for a producer.
    pub fn speaker(&mut self, name: &str, email: Option<&str>, producer: &str) -> anyhow::Result<Person> {
        let producer: ProducerId = producer.parse()?;
        let right =
            Right { producer: Some(producer), basis: "Giấy giới thiệu (minh họa)".into(), ..Right::default() };
        self.person(name, email, Some((Role::Producer, right)))
    }

    /// The one who holds an office at a unit; appointed when first asked for.
    pub fn officer(&mut self, role: Role, place: PlaceId) -> anyhow::Result<Person> {
        if let Some(known) = self.officers.get(&(role, place)) {
            return Ok(known.clone());
        }
        let unit = self.read(move |cx| places::get(cx, place))?;
        let tier = match unit.level {
            Level::Commune => "cấp xã",
            Level::District => "cấp huyện",
            Level::Province => "cấp tỉnh",
        };
        let name = match role {
            Role::Signer => format!("Lãnh đạo UBND {tier} (minh họa)"),
            Role::Inspector => format!("Đoàn kiểm tra {tier} (minh họa)"),
            _ => format!("Cán bộ OCOP {tier} (minh họa)"),
        };
        let email = format!("{}-{}", role.word(), unit.code);
        let right =
            Right { place: Some(place), basis: "Quyết định phân công (minh họa)".into(), ..Right::default() };
        let person = self.person(&name, Some(&email), Some((role, right)))?;
        self.officers.insert((role, place), person.clone());
        Ok(person)
    }

    /// The unit with a code today.
    pub fn unit(&self, level: Level, code: &str) -> anyhow::Result<Place> {
        let wanted = code.to_owned();
        let found = self.read(move |cx| {
            let today = cx.today();
            places::at(cx, &wanted, level, today)
        })?;
        found.with_context(|| format!("no {level} {code} on {}", self.today))
    }

    /// What follows a unit today, when it is one; itself while it is in force.
    pub fn unit_today(&self, place: PlaceId) -> anyhow::Result<Place> {
        let mut units = self.read(move |cx| {
            let today = cx.today();
            places::current(cx, place, today)
        })?;
        ensure!(units.len() == 1, "{} units follow {place}", units.len());
        units.pop().context("no unit follows")
    }

    /// The unit of a level above another.
    pub fn above(&self, place: PlaceId, level: Level) -> anyhow::Result<Place> {
        let line = self.read(move |cx| places::ancestors(cx, place))?;
        line.into_iter().find(|p| p.level == level).with_context(|| format!("no {level} above {place}"))
    }

    fn read<T>(&self, f: impl FnOnce(&mut crate::db::Ctx<'_>) -> crate::error::Result<T>) -> anyhow::Result<T> {
        Ok(self.state.db.read_now(&Caller::system("demo"), f)?)
    }

    /// After a reform of units those who hold an office hold it at the successor.
    pub fn follow_reform(&mut self) {
        for ((role, place), person) in std::mem::take(&mut self.officers) {
            if let Ok(unit) = self.unit_today(place) {
                self.officers.entry((role, unit.id)).or_insert(person);
            }
        }
    }

    /// Asks for something.
    pub fn get(&self, who: &Person, path: &str) -> anyhow::Result<Reply> {
        self.send(who, Method::GET, path, None, None)
    }

    /// Makes something, with a retry key.
    pub fn post(&self, who: &Person, path: &str, body: &Value) -> anyhow::Result<Reply> {
        self.send(who, Method::POST, path, None, Some(&("application/json".into(), body.to_string().into_bytes())))
    }

    /// Does something to what is there, of the version that `seen_by` reads at `at`.
    pub fn act(&self, who: &Person, method: Method, path: &str, seen: &Reply, body: &Value) -> anyhow::Result<Reply> {
        let json = ("application/json".into(), body.to_string().into_bytes());
        self.send(who, method, path, Some(&seen.tag), Some(&json))
    }

    /// Puts a paper into a dossier.
    pub fn upload(&self, who: &Person, path: &str, paper: &str, told: &[(&str, &str)]) -> anyhow::Result<Reply> {
        let mut body = String::new();
        for (name, value) in [("paper", paper), ("title", paper)].iter().chain(told) {
            body += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{paper}.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n%PDF-1.4\n% {paper} ({path})\n%%EOF\n\r\n--{BOUNDARY}--\r\n"
        );
        let media = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(who, Method::POST, path, None, Some(&(media, body.into_bytes())))
    }

    fn send(
        &self,
        who: &Person,
        method: Method,
        path: &str,
        tag: Option<&str>,
        body: Option<&(String, Vec<u8>)>,
    ) -> anyhow::Result<Reply> {
        let token = self.state.tokens.issue(who.id, who.session, self.state.db.clock().now())?;
        let key = uuid::Uuid::now_v7().to_string();
        let mut request = Request::builder()
            .method(method.clone())
            .uri(format!("http://{}{path}", self.door.address))
            .header("Authorization", format!("Bearer {token}"));
        if method == Method::POST {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(tag) = tag {
            request = request.header("If-Match", tag);
        }
        let mut answer = match body {
            None => self.agent.run(request.body(())?)?,
            Some((media, bytes)) => self.agent.run(request.header("Content-Type", media).body(&bytes[..])?)?,
        };
        let told = answer.body_mut().read_to_string()?;
        if !answer.status().is_success() {
            bail!("{method} {path} as {} on {}: {} {told}", who.name, self.today, answer.status());
        }
        let tag = answer.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Reply { tag, body: serde_json::from_str(&told).unwrap_or(json!(null)) })
    }
}
