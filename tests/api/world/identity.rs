//! People with passwords, offices and producers, for scenes about who may do what.

use std::sync::mpsc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use ocop::actor::{Caller, Role};
use ocop::auth::{self, Right, second_factor, tokens};
use ocop::db::Ctx;
use ocop::error::Result;
use ocop::ids::{PlaceId, ProducerId, UserId};
use ocop::places::{self, Level};
use ocop::producers::{self, NewProducer, ProducerType};

use super::{Person, Reply, World};

/// The password of everybody who has one.
pub const PASSWORD: &str = "con trâu đi trước cái cày";

impl World {
    /// A unit in force today.
    pub fn place(&self, code: &'static str, level: Level) -> PlaceId {
        let found = self.db().read_now(&Caller::system("test"), |cx| places::at(cx, code, level, cx.today())).unwrap();
        found.unwrap_or_else(|| panic!("no {level} {code}")).id
    }

    /// The officer of a commune.
    pub fn commune_officer(&self, code: &'static str) -> Person {
        let place = Some(self.place(code, Level::Commune));
        self.person(Role::Commune, Right { place, basis: "test".into(), ..Right::default() })
    }

    /// An officer of a province.
    pub fn province_officer(&self, code: &'static str) -> Person {
        let place = Some(self.place(code, Level::Province));
        self.person(Role::Province, Right { place, basis: "test".into(), ..Right::default() })
    }

    /// A producer in a commune.
    pub fn producer_at(&self, code: &'static str, name: &'static str) -> ProducerId {
        let place_id = Some(self.place(code, Level::Commune));
        self.db()
            .write_now(&Caller::system("test"), move |cx| {
                let kind = Some(ProducerType::Cooperative);
                Ok(producers::add(cx, NewProducer { name: name.into(), kind, place_id, ..NewProducer::default() })?.id)
            })
            .unwrap()
    }

    /// Somebody of a producer.
    pub fn producer_person(&self, producer: ProducerId) -> Person {
        self.person(Role::Producer, Right { producer: Some(producer), basis: "test".into(), ..Right::default() })
    }

    /// An account that signs in with [`PASSWORD`], with a right or without.
    pub fn account(&self, email: &'static str, right: Option<(Role, Right)>) -> UserId {
        let hash = tokens::hash_password(PASSWORD).unwrap();
        self.db()
            .write_now(&Caller::system("test"), move |cx| {
                let id = auth::add_user(cx, email, "Nguyễn Thị Lan", None, Some(&hash))?;
                if let Some((role, right)) = right.clone() {
                    auth::grant(cx, id, role, right)?;
                }
                Ok(id)
            })
            .unwrap()
    }

    /// Tries to sign in.
    pub async fn try_sign_in(&self, email: &str, password: &str) -> Reply {
        let body = json!({"grantType": "password", "email": email, "password": password});
        self.stranger().post("/v1/auth/token", body).await
    }

    /// The same with the six digits of a second factor.
    pub async fn try_sign_in_with(&self, email: &str, password: &str, totp: &str) -> Reply {
        let body = json!({"grantType": "password", "email": email, "password": password, "totp": totp});
        self.stranger().post("/v1/auth/token", body).await
    }

    /// The same from another network.
    pub async fn try_sign_in_from(&self, address: &str, email: &str, password: &str) -> Reply {
        let body = json!({"grantType": "password", "email": email, "password": password});
        let request = TestRequest::post().uri("/v1/auth/token").peer_addr(format!("{address}:4000").parse().unwrap());
        self.send(request.set_json(body)).await
    }

    /// Renews a sign-in.
    pub async fn renew(&self, refresh: &str) -> Reply {
        self.stranger().post("/v1/auth/token", json!({"grantType": "refresh_token", "refreshToken": refresh})).await
    }

    /// Somebody who calls with the access token of an answer.
    pub fn holder(&self, answer: &Reply) -> Person {
        Person { world: self.clone(), id: None, token: Some(text(&answer.body["accessToken"])) }
    }

    /// Time passes.
    pub fn later(&self, seconds: i64) {
        let clock = self.db().clock();
        clock.set(clock.now().plus_seconds(seconds));
    }

    /// The six digits that an authenticator with this secret shows now.
    pub fn digits(&self, secret: &str) -> String {
        second_factor::code_at(&second_factor::read(secret).unwrap(), self.db().clock().now())
    }

    /// Two deeds at once: the second begins while the first has done its work and not committed. A
    /// deed that holds its row waits for the commit; one that does not sees what was before it.
    pub fn race<T: Send + 'static>(
        &self,
        first: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
        second: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    ) -> (Result<T>, Result<T>) {
        let (did, wait_did) = mpsc::channel();
        let (db, other) = (self.db().clone(), self.db().clone());
        let one = std::thread::spawn(move || {
            db.write_now(&Caller::system("first"), move |cx| {
                let done = first(cx);
                let _ = did.send(());
                // Long enough for the second to have read, had nothing held it.
                std::thread::sleep(Duration::from_millis(400));
                done
            })
        });
        wait_did.recv().unwrap();
        let two = std::thread::spawn(move || other.write_now(&Caller::system("second"), second));
        (one.join().unwrap(), two.join().unwrap())
    }

    /// Every row of the audit and the outbox as one text: what a secret must not be found in.
    pub fn everything_told(&self) -> String {
        self.record();
        self.db()
            .read_now(&Caller::system("test"), |cx| {
                let audit = ocop::audit::page(cx, 0, &ocop::audit::Narrow::default(), 10_000)?;
                let outbox = ocop::outbox::after(cx, 0, 10_000)?;
                Ok(format!("{audit:?} {outbox:?}"))
            })
            .unwrap()
    }
}

impl Person {
    /// A POST on something that exists, of the version with this tag.
    pub async fn post_on(&self, path: &str, tag: &str, body: Value) -> Reply {
        self.world.send(self.request(Method::POST, path).insert_header(("If-Match", tag)).set_json(body)).await
    }

    /// A POST without a body.
    pub async fn post_nothing(&self, path: &str) -> Reply {
        self.world.send(self.request(Method::POST, path)).await
    }

    /// The same with a retry key.
    pub async fn post_nothing_once(&self, path: &str, key: &str) -> Reply {
        self.world.send(self.request(Method::POST, path).insert_header(("Idempotency-Key", key))).await
    }
}

/// A text of a body.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
