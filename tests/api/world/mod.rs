//! A World is a whole service with a database of its own, and people who can do things in it.

pub mod certification;
pub mod cast;
pub mod database;
pub mod dossiers;
pub mod gate;
pub mod register;
pub mod scoring;
pub mod rows;
pub mod identity;
pub mod many;
pub mod stock;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::dev::Service;
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, init_service, read_body};
use chrono::NaiveDate;
use serde_json::Value;

use ocop::actor::{Caller, Role};
use ocop::app::{State, application};
use ocop::auth::{self, Right};
use ocop::config::Config;
use ocop::db::{Clock, Db};
use ocop::ids::UserId;
use ocop::keys::MasterKey;

type Answering = Pin<Box<dyn Future<Output = Reply>>>;

/// A whole service. It is dropped with the test; its database goes back to the pool.
#[derive(Clone)]
pub struct World {
    pub state: State,
    call: Rc<dyn Fn(TestRequest) -> Answering>,
    _lease: Rc<database::Lease>,
}

/// An answer, read.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
    pub text: String,
    /// As sent: for what is no text.
    pub bytes: Vec<u8>,
}

impl World {
    /// A service on a migrated database with the reference data, at nine in the morning of 1 June 2026.
    pub async fn new() -> Self {
        Self::on("2026-06-01").await
    }

    /// The same on another day (Việt Nam).
    pub async fn on(day: &str) -> Self {
        Self::with_settings(day, |_| {}).await
    }

    /// The same with other settings.
    pub async fn with_settings(day: &str, settings: impl FnOnce(&mut Config)) -> Self {
        // The cause behind an answer of 500 is shown with the scene that fails.
        let log = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_test_writer();
        let _ = log.try_init();
        let lease = database::lease();
        let clock = Clock::real();
        clock.set_day(day.parse().unwrap());
        let db = Db::open(&lease.url, 4, clock).unwrap();
        let mut config = Config::read(|_| None).unwrap();
        config.database = lease.url.clone();
        config.data_dir = lease.folder.path().to_path_buf();
        config.public_url = "https://ocop.example".into();
        settings(&mut config);
        let state = State::with(config, db, MasterKey::for_test()).unwrap();
        let app = Rc::new(init_service(application(&state)).await);
        let call = move |request: TestRequest| -> Answering {
            let app = Rc::clone(&app);
            Box::pin(async move {
                match app.call(request.to_request()).await {
                    Ok(response) => Reply::read(response).await,
                    Err(e) => Reply::read_error(&e).await,
                }
            })
        };
        Self { state, call: Rc::new(call), _lease: Rc::new(lease) }
    }

    /// Sets the day, at nine in the morning in Việt Nam.
    pub fn today(&self, day: &str) {
        self.state.db.clock().set_day(day.parse::<NaiveDate>().unwrap());
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.state.db
    }

    /// This scene changes reference data: its database is not used again.
    pub fn spoil(&self) {
        self._lease.spoiled.set(true);
    }

    /// Lets the recorder run until nothing waits.
    pub fn record(&self) {
        ocop::recorder::drain(self.db(), &self.state.master).unwrap();
    }

    /// Somebody who has not signed in.
    pub fn stranger(&self) -> Person {
        Person { world: self.clone(), id: None, token: None }
    }

    /// A person with a right, signed in (with a second factor).
    pub fn person(&self, role: Role, right: Right) -> Person {
        let db = self.db().clone();
        let tokens = self.state.tokens.clone();
        let (id, session) = db
            .write_now(&Caller::system("test"), move |cx| {
                let email = format!("{}-{}@example.vn", role.word(), uuid::Uuid::now_v7().simple());
                let id = auth::add_user(cx, &email, &format!("{} Nguyễn", role.word()), None, None)?;
                let mut right = right.clone();
                right.from = right.from.or(Some("2019-01-01".parse().unwrap()));
                auth::grant(cx, id, role, right)?;
                Ok((id, auth::open_session(cx, id, true)?.0))
            })
            .unwrap();
        let token = tokens.issue(id, session, self.db().clock().now().plus_seconds(3600 * 24 * 365 * 20)).unwrap();
        Person { world: self.clone(), id: Some(id), token: Some(token) }
    }

    /// The same person in another sign-in.
    pub fn again(&self, person: &Person) -> Person {
        let Some(id) = person.id else { return self.stranger() };
        let session = self.db().write_now(&Caller::system("test"), move |cx| Ok(auth::open_session(cx, id, true)?.0));
        let until = self.db().clock().now().plus_seconds(3600 * 24 * 365 * 20);
        let token = self.state.tokens.issue(id, session.unwrap(), until).unwrap();
        Person { token: Some(token), ..person.clone() }
    }

    /// A person with a role for the whole instance.
    pub fn with_role(&self, role: Role) -> Person {
        self.person(role, Right { basis: "test".into(), ..Right::default() })
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: TestRequest) -> Reply {
        (self.call)(request).await
    }
}

/// Somebody who can call.
#[derive(Clone)]
pub struct Person {
    pub world: World,
    pub id: Option<UserId>,
    pub token: Option<String>,
}

impl Person {
    /// A request with the person's token.
    pub fn request(&self, method: Method, path: &str) -> TestRequest {
        let request = TestRequest::default().method(method).uri(path);
        match &self.token {
            Some(token) => request.insert_header(("Authorization", format!("Bearer {token}"))),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.world.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.world.send(self.request(Method::POST, path).set_json(body)).await
    }

    /// A creating call with a retry key.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Reply {
        self.world.send(self.request(Method::POST, path).insert_header(("Idempotency-Key", key)).set_json(body)).await
    }

    /// A change of the version with this tag.
    pub async fn put(&self, path: &str, tag: &str, body: Value) -> Reply {
        self.world.send(self.request(Method::PUT, path).insert_header(("If-Match", tag)).set_json(body)).await
    }

    pub async fn delete(&self, path: &str, tag: &str) -> Reply {
        self.world.send(self.request(Method::DELETE, path).insert_header(("If-Match", tag))).await
    }
}

impl Reply {
    async fn read<B>(response: actix_web::dev::ServiceResponse<B>) -> Self
    where
        B: actix_web::body::MessageBody,
    {
        let status = response.status();
        let headers = response
            .headers()
            .iter()
            .map(|(n, v)| (n.as_str().to_owned(), v.to_str().unwrap_or_default().to_owned()))
            .collect();
        let bytes = read_body(response).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, body, text, bytes: bytes.to_vec() }
    }

    async fn read_error(e: &actix_web::Error) -> Self {
        let response = e.error_response();
        Self {
            status: response.status(),
            headers: BTreeMap::new(),
            body: Value::Null,
            text: e.to_string(),
            bytes: Vec::new(),
        }
    }

    /// The answer must have this status; otherwise the scene stops and shows it.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// 409 with this word.
    #[track_caller]
    pub fn refused(self, word: &str) -> Self {
        assert_eq!((self.status.as_u16(), self.word()), (409, word), "{}", self.text);
        self
    }

    /// The stable word of a problem.
    pub fn word(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The `id` of the body.
    #[track_caller]
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }

    /// The tag of the resource.
    #[track_caller]
    pub fn tag(&self) -> &str {
        self.headers.get("etag").map_or_else(|| panic!("no ETag: {}", self.text), String::as_str)
    }
}
