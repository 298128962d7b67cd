//! What happens is told to the addresses that asked for it: signed, once, as far as their owner may see it,
//! and nowhere that the service must not be led to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as B64;
use hmac::{Hmac, KeyInit, Mac};
use ocop::actor::Role;
use ocop::db::{Clock, Db};
use ocop::exchange::webhooks::{sending, telling};
use ocop::outbox::{self, Topic};
use ocop::producers::ProducerType;
use serde_json::{Value, json};

use crate::world::dossiers::Case;
use crate::world::{Person, World};

const SOURCE: &str = "https://ocop.example";

/// A message as a receiver got it.
#[derive(Debug)]
struct Got {
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Got {
    fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// How many of its signatures are by this secret, over what was sent.
    fn signed_by(&self, secret: &str) -> usize {
        let key = B64.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id(), self.headers["webhook-timestamp"], self.body).as_bytes());
        let own = format!("v1,{}", B64.encode(mac.finalize().into_bytes()));
        self.headers["webhook-signature"].split(' ').filter(|s| *s == own).count()
    }
}

/// A receiver that answers these lines of status and headers in turn, the last one again and again.
struct Endpoint {
    url: String,
    got: Receiver<Got>,
}

impl Endpoint {
    fn answering(answers: &[&str]) -> Self {
        Self::answering_when(answers, || {})
    }

    /// Each answer waits for `ready`.
    fn answering_when(answers: &[&str], ready: impl Fn() + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://127.0.0.1:{}/hook", listener.local_addr().unwrap().port());
        let answers: Vec<String> = answers.iter().map(|a| (*a).to_owned()).collect();
        let (taken, got) = channel();
        std::thread::spawn(move || {
            for (n, stream) in listener.incoming().flatten().enumerate() {
                let Some(message) = read(&stream) else { continue };
                let answer = &answers[n.min(answers.len() - 1)];
                let _ = taken.send(message);
                ready();
                let _ = (&stream).write_all(
                    format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes(),
                );
            }
        });
        Self { url, got }
    }

    fn next(&self) -> Got {
        self.got.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    fn silent(&self) -> bool {
        self.got.recv_timeout(Duration::from_millis(200)).is_err()
    }
}

fn read(stream: &TcpStream) -> Option<Got> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    lines.read_exact(&mut body).ok()?;
    Some(Got { path: first.split(' ').nth(1)?.to_owned(), headers, body: String::from_utf8(body).ok()? })
}

async fn open() -> World {
    World::with_settings("2026-06-01", |config| config.webhooks_private = true).await
}

async fn hook(who: &Person, url: &str, topics: &[&str]) -> (String, String) {
    // What happened before has its place in the order.
    who.world.record();
    let body = json!({"name": "Của tôi", "url": url, "topics": topics});
    let made = who.post("/v1/webhooks", body).await.is(201);
    (made.headers["location"].clone(), made.body["secret"].as_str().unwrap().to_owned())
}

/// One node: everything that waits is written and sent.
fn node(world: &World, db: &Db) {
    let (master, receivers) = (world.state.master.clone(), world.state.config.as_ref().into());
    let db = db.clone();
    // Senders are threads of their own, as in a running service.
    let work = move || {
        while telling::work_once(&db, SOURCE).unwrap() {}
        while sending::work_once(&db, &master, receivers).unwrap() {}
    };
    std::thread::spawn(work).join().unwrap();
}

fn deliver(world: &World) {
    world.record();
    node(world, world.db());
}

/// Something that concerns everybody.
fn happen(world: &World) {
    world.deed(|cx| outbox::tell(cx, Topic::Reference, uuid::Uuid::now_v7(), json!({"imported": 1})));
}

async fn deliveries(who: &Person, path: &str) -> Vec<Value> {
    let list = who.get(&format!("{path}/deliveries?limit=100")).await.is(200);
    list.body["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_message_is_signed_and_says_what_happened_to_what_and_nothing_more() {
    let world = open().await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let (own, office, else_where) =
        (Endpoint::answering(&["204 ok"]), Endpoint::answering(&["200 ok"]), Endpoint::answering(&["200 ok"]));
    let (_, secret) = hook(&draft.producer, &own.url, &["dossier"]).await;
    hook(&offices.commune, &office.url, &["dossier", "evidence"]).await;
    let (_, stranger) = world.producer_in(offices.place, ProducerType::Company);
    hook(&stranger, &else_where.url, &["dossier", "product", "producer"]).await;
    hook(&world.offices("28756").commune, &else_where.url, &["dossier", "product"]).await;
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    deliver(&world);
    let got = own.next();
    assert_eq!((got.path.as_str(), got.signed_by(&secret)), ("/hook", 1));
    assert!(got.id().starts_with("msg_") && got.headers["content-type"] == "application/json");
    let said = got.json();
    assert_eq!(
        (&said["specversion"], &said["type"], &said["subject"], &said["source"]),
        (&json!("1.0"), &json!("vn.ocop.dossier.moved"), &json!(draft.id), &json!(SOURCE))
    );
    let data = json!({"topic": "dossier", "event": "moved", "href": format!("{SOURCE}/v1/dossiers/{}", draft.id)});
    assert_eq!(said["data"], data, "no name, no number, no state: whoever may, reads it there");
    assert_eq!(office.next().json()["data"], data);
    assert!(own.silent() && office.silent() && else_where.silent());

    // A note of the office is the office's; a question to a department is not the producer's.
    offices.commune.post(&draft.path("/notes"), json!({"words": "Đã gọi điện"})).await.is(201);
    offices.commune.post(&draft.path("/messages"), json!({"words": "Mời mang mẫu"})).await.is(201);
    deliver(&world);
    assert_eq!(own.next().json()["type"], "vn.ocop.dossier.message");
    assert_eq!(office.next().json()["type"], "vn.ocop.dossier.message");
    assert!(own.silent() && office.silent() && else_where.silent());

    // Rights are those of the day: an account that was closed is told nothing any more.
    let admin = world.with_role(Role::Administrator);
    let user = format!("/v1/users/{}", offices.commune.id.unwrap());
    let tag = admin.get(&user).await.is(200).tag().to_owned();
    let closing = admin.request(actix_web::http::Method::POST, &format!("{user}/disable"));
    let closing = closing.insert_header(("If-Match", tag)).insert_header(("Idempotency-Key", "k"));
    let closed = world.send(closing.set_json(json!({"reason": "Nghỉ việc"}))).await;
    assert!(closed.status.is_success(), "{}", closed.text);
    offices.province.get(&draft.path("")).await.is(200);
    draft.producer.post(&draft.path("/messages"), json!({"words": "Vâng"})).await.is(201);
    deliver(&world);
    assert_eq!(own.next().json()["type"], "vn.ocop.dossier.message");
    assert!(office.silent());
}

#[actix_web::test]
async fn a_failure_is_tried_again_later_with_the_same_name_until_it_is_given_up() {
    let world = open().await;
    let who = world.with_role(Role::Editor);
    let twice = Endpoint::answering(&["500 no", "503 no\r\nretry-after: 4000", "200 ok"]);
    let (path, secret) = hook(&who, &twice.url, &["reference"]).await;
    happen(&world);
    deliver(&world);
    let first = twice.next();
    let waiting = deliveries(&who, &path).await;
    assert_eq!(
        (&waiting[0]["state"], &waiting[0]["attempts"], &waiting[0]["status"]),
        (&json!("waiting"), &json!(1), &json!(500))
    );
    node(&world, world.db());
    assert!(twice.silent(), "not before its time");
    world.later(6);
    node(&world, world.db());
    let second = twice.next();
    world.later(400);
    node(&world, world.db());
    assert!(twice.silent(), "the receiver asked for more than an hour");
    world.later(4000);
    node(&world, world.db());
    let third = twice.next();
    assert!(first.id() == second.id() && second.id() == third.id() && first.body == third.body);
    assert!(first.headers["webhook-timestamp"] != third.headers["webhook-timestamp"] && third.signed_by(&secret) == 1);
    let done = deliveries(&who, &path).await;
    assert_eq!(
        (&done[0]["state"], &done[0]["attempts"], &done[0]["error"]),
        (&json!("delivered"), &json!(3), &Value::Null)
    );

    let never = Endpoint::answering(&["500 no"]);
    let (path, _) = hook(&who, &never.url, &["reference"]).await;
    happen(&world);
    deliver(&world);
    for _ in 0..12 {
        world.later(100_000);
        node(&world, world.db());
    }
    let mut tries = 0;
    while !never.silent() {
        tries += 1;
    }
    let dead = deliveries(&who, &path).await;
    assert_eq!((&dead[0]["state"], &dead[0]["attempts"], tries >= 9), (&json!("dead"), &json!(10), true));
    assert_eq!(who.get(&path).await.is(200).body["dead"], 1);
    // By hand it goes out once more.
    let again = format!("{path}/deliveries/{}/attempts", dead[0]["id"].as_str().unwrap());
    assert_eq!(who.post_nothing(&again).await.is(201).body["state"], "waiting");
    node(&world, world.db());
    assert_eq!(never.next().id(), format!("msg_{}", dead[0]["id"].as_str().unwrap()));
}

#[actix_web::test]
async fn a_redirect_is_not_followed_and_whoever_is_gone_is_asked_no_more() {
    let world = open().await;
    let who = world.with_role(Role::Editor);
    let inside = Endpoint::answering(&["200 ok"]);
    let redirect = format!("302 elsewhere\r\nlocation: {}", inside.url);
    let (sly, gone) = (Endpoint::answering(&[&redirect]), Endpoint::answering(&["410 gone", "200 ok"]));
    let (path, _) = hook(&who, &sly.url, &["reference"]).await;
    let (ended, _) = hook(&who, &gone.url, &["reference"]).await;
    happen(&world);
    deliver(&world);
    sly.next();
    gone.next();
    assert!(inside.silent());
    let kept = deliveries(&who, &path).await;
    assert_eq!((&kept[0]["state"], &kept[0]["error"]), (&json!("waiting"), &json!("302: redirects are not followed")));
    let stopped = who.get(&ended).await.is(200);
    assert_eq!((&stopped.body["active"], &stopped.body["stoppedWhy"]), (&json!(false), &json!("gone")));
    who.post_nothing(&format!("{ended}/tests")).await.refused("webhook_inactive");
    happen(&world);
    deliver(&world);
    assert!(gone.silent());
    // Switched on again, it is told what happened meanwhile.
    let body = json!({"name": "Lại", "url": gone.url, "topics": ["reference"], "active": true});
    let on = who.put(&ended, stopped.tag(), body).await.is(200);
    assert_eq!((&on.body["active"], &on.body["stoppedWhy"]), (&json!(true), &Value::Null));
    node(&world, world.db());
    assert_eq!(gone.next().json()["type"], "vn.ocop.reference.changed");
}

#[actix_web::test]
async fn two_nodes_deliver_each_message_once() {
    let world = open().await;
    let who = world.with_role(Role::Editor);
    let endpoint = Endpoint::answering(&["200 ok"]);
    // What happened before is not told, even where it has no place in the order yet.
    world.record();
    happen(&world);
    world.later(1);
    let body = json!({"name": "Của tôi", "url": endpoint.url, "topics": ["reference"]});
    let path = who.post("/v1/webhooks", body).await.is(201).headers["location"].clone();
    for _ in 0..20 {
        happen(&world);
    }
    world.record();
    let clock = Clock::real();
    clock.set(world.db().clock().now());
    let other = Db::open(world.db().url(), 3, clock).unwrap();
    let (master, receivers) = (world.state.master.clone(), (*world.state.config).clone());
    let threads: Vec<_> = [world.db().clone(), other.clone(), other]
        .into_iter()
        .map(|db| {
            let (master, receivers) = (master.clone(), (&receivers).into());
            std::thread::spawn(move || {
                while telling::work_once(&db, SOURCE).unwrap() {}
                while sending::work_once(&db, &master, receivers).unwrap() {}
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    node(&world, world.db());
    let mut ids: Vec<String> = (0..20).map(|_| endpoint.next().id().to_owned()).collect();
    assert!(endpoint.silent(), "each once");
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), deliveries(&who, &path).await.len()), (20, 20));
}

#[actix_web::test]
async fn a_slow_receiver_keeps_one_sender_waiting_and_no_other_receiver() {
    let world = open().await;
    let who = world.with_role(Role::Editor);
    let (answer, may_answer) = channel::<()>();
    let slow = Endpoint::answering_when(&["200 ok"], move || {
        let _ = may_answer.recv();
    });
    let quick = Endpoint::answering(&["200 ok"]);
    let path = hook(&who, &slow.url, &["reference"]).await.0;
    hook(&who, &quick.url, &["reference"]).await;
    for _ in 0..3 {
        happen(&world);
    }
    world.record();
    while telling::work_once(world.db(), SOURCE).unwrap() {}
    let senders: Vec<_> = (0..3)
        .map(|_| {
            let (db, master) = (world.db().clone(), world.state.master.clone());
            let receivers = world.state.config.as_ref().into();
            std::thread::spawn(move || while sending::work_once(&db, &master, receivers).unwrap() {})
        })
        .collect();
    for _ in 0..3 {
        quick.next();
    }
    slow.next();
    assert!(slow.silent(), "one at a time");
    drop(answer);
    senders.into_iter().for_each(|s| s.join().unwrap());
    node(&world, world.db());
    slow.next();
    slow.next();
    let states: Vec<Value> = deliveries(&who, &path).await.into_iter().map(|d| d["state"].clone()).collect();
    assert_eq!(states, ["delivered", "delivered", "delivered"]);
}

#[actix_web::test]
async fn nothing_of_a_result_is_told_before_its_publication() {
    let world = open().await;
    let filed = world.scored_at_province("Mứt dừa", 4, (8000, 1));
    let office = world.province_office(world.vinh_long());
    let public = Endpoint::answering(&["200 ok"]);
    let topics = ["recognition", "decision", "dossier", "product", "revocation"];
    hook(&world.with_role(Role::Editor), &public.url, &topics).await;
    deliver(&world);
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    let signed = office.sign(&draft, "12/QĐ-UBND", "2026-06-01").await.is(200);
    deliver(&world);
    assert!(public.silent());
    office.publish(&signed).await.is(200);
    deliver(&world);
    let mut told: Vec<String> = Vec::new();
    while let Ok(got) = public.got.recv_timeout(Duration::from_millis(500)) {
        let said = got.json();
        told.push(said["type"].as_str().unwrap().to_owned());
        let href = said["data"]["href"].as_str().unwrap().strip_prefix(SOURCE).unwrap();
        world.stranger().get(href).await.is(200);
    }
    told.sort();
    assert_eq!(told, ["vn.ocop.decision.published", "vn.ocop.recognition.recognised"]);
}

#[actix_web::test]
async fn nobody_is_led_into_the_network_of_the_service() {
    let world = World::on("2026-06-01").await;
    let who = world.with_role(Role::Editor);
    let add = async |url: &str, topic: &str| {
        let reply = who.post("/v1/webhooks", json!({"name": "x", "url": url, "topics": [topic]})).await;
        (reply.status.as_u16(), reply.body["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned())
    };
    for url in [
        "http://example.vn/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://10.0.0.1/",
        "https://2130706433/",
        "x",
    ] {
        assert_eq!(add(url, "reference").await, (422, "/url".into()), "{url}");
    }
    assert_eq!(add("https://example.vn/", "account").await, (422, "/topics/0".into()));
    // A name that leads inside is found out when it is called.
    let (path, _) = hook(&who, "https://localhost:9/x", &["reference"]).await;
    happen(&world);
    deliver(&world);
    let kept = deliveries(&who, &path).await;
    let why = kept[0]["error"].as_str().unwrap();
    assert!(why.contains("not on the Internet") && kept[0]["status"].is_null(), "{why}");
}

#[actix_web::test]
async fn a_secret_is_shown_once_and_the_one_before_signs_for_a_day() {
    let world = open().await;
    let who = world.with_role(Role::Editor);
    let endpoint = Endpoint::answering(&["200 ok"]);
    let body = json!({"name": "Sàn", "url": endpoint.url, "topics": ["reference", "reference"]});
    let made = who.post_once("/v1/webhooks", "k", body.clone()).await.is(201);
    let again = who.post_once("/v1/webhooks", "k", body.clone()).await.is(201);
    let (path, old) = (made.headers["location"].clone(), made.body["secret"].as_str().unwrap().to_owned());
    assert!(again.id() == made.id() && again.body["secret"].is_null() && made.body["topics"] == json!(["reference"]));
    assert!(who.get(&path).await.is(200).body["secret"].is_null());
    let renewed = who.post_nothing(&format!("{path}/secret")).await.is(201);
    let new = renewed.body["secret"].as_str().unwrap().to_owned();
    let sent = who.post_nothing(&format!("{path}/tests")).await.is(201);
    node(&world, world.db());
    let got = endpoint.next();
    assert_eq!((got.signed_by(&old), got.signed_by(&new)), (1, 1));
    assert_eq!(
        (got.id().to_owned(), &got.json()["type"]),
        (format!("msg_{}", sent.id()), &json!("vn.ocop.webhook.test"))
    );
    world.later(25 * 3600);
    who.post_nothing(&format!("{path}/tests")).await.is(201);
    node(&world, world.db());
    let got = endpoint.next();
    assert_eq!((got.signed_by(&old), got.signed_by(&new)), (0, 1));
    let told = world.everything_told();
    assert!(!told.contains(&old) && !told.contains(&new));

    // An administrator sees it and may end it, and does nothing else with it; nobody else knows of it.
    let admin = world.with_role(Role::Administrator);
    admin.get(&path).await.is(200);
    admin.post_nothing(&format!("{path}/secret")).await.is(403);
    admin.post_nothing(&format!("{path}/tests")).await.is(403);
    world.with_role(Role::Central).get(&path).await.is(404);
    for n in 1..10 {
        who.post_once("/v1/webhooks", &format!("n{n}"), body.clone()).await.is(201);
    }
    who.post("/v1/webhooks", body).await.refused("webhooks_too_many");
    admin.delete(&path, "\"1\"").await.is(412);
    admin.delete(&path, admin.get(&path).await.tag()).await.is(204);
    who.get(&path).await.is(404);
    happen(&world);
    deliver(&world);
    assert_eq!((0..9).map(|_| endpoint.next().signed_by(&new)).sum::<usize>(), 0);
    assert!(endpoint.silent());
}
