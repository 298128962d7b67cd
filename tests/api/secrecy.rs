//! Between signature and publication a result is told to nobody outside the deciding levels: whatever
//! they ask for answers as it did before the signature.

use std::collections::BTreeMap;

use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::dossiers::Status;
use ocop::rulebook::{Authority, DossierKind};
use serde_json::{Value, json};

use crate::world::certification::{Filed, Scored};
use crate::world::{Person, Reply, World};

/// Everything that could tell, of one product and its dossier.
fn routes(filed: Filed, code: &str) -> Vec<String> {
    let (dossier, product) = (filed.dossier, filed.product);
    vec![
        format!("/v1/dossiers/{dossier}"),
        format!("/v1/dossiers/{dossier}/history"),
        format!("/v1/dossiers/{dossier}/result"),
        format!("/v1/dossiers/{dossier}/completeness"),
        format!("/v1/dossiers?product={product}"),
        format!("/v1/products/{product}"),
        format!("/v1/products?limit=100"),
        format!("/v1/catalogue/products/{product}"),
        format!("/v1/catalogue/products/{product}/history"),
        format!("/v1/verify/{code}"),
        format!("/v/{code}"),
        format!("/v1/certificates/{code}/badge.svg"),
    ]
}

/// Everything that could tell, whatever it is about.
const COMMON: &[&str] = &[
    "/v1/dossiers?status=scored",
    "/v1/dossiers?status=recognised",
    "/v1/dossiers?status=notRecognised",
    "/v1/dossiers?status=resultApproved",
    "/v1/dossiers?status=sentToCentre",
    "/v1/queue",
    "/v1/decisions",
    "/v1/decisions?state=signed",
    "/v1/decisions?kind=recognition",
    "/v1/certificates",
    "/v1/revocations",
    "/v1/notices",
    "/v1/catalogue/products",
    "/v1/catalogue/products?state=potentialFive",
    "/v1/catalogue/decisions",
    "/v1/catalogue/stats?by=star",
    "/v1/catalogue/stats?by=place",
    "/v1/catalogue/stats?by=group",
    "/v1/catalogue/stats?by=year",
    "/v1/catalogue/stats?by=producerType",
    "/v1/plans/2207/progress",
    "/v1/credentials/status",
];

/// An answer without the moments and versions, which tell that something was done and not what.
fn plain(reply: &Reply) -> String {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for name in ["movedAt", "version", "instance", "traceId"] {
                    fields.remove(name);
                }
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => {
                items.iter_mut().for_each(strip);
                // Lists by the last move change their order when something moves.
                items.sort_by_key(Value::to_string);
            }
            _ => {}
        }
    }
    let mut body = reply.body.clone();
    strip(&mut body);
    let text = if body.is_null() { reply.text.clone() } else { body.to_string() };
    format!("{} {text}", reply.status.as_u16())
}

async fn seen(person: &Person, paths: &[String]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for path in paths {
        out.insert(path.clone(), plain(&person.get(path).await));
    }
    out
}

fn scored(world: &World, name: &'static str, stars: i32, mean: (i64, i32)) -> Filed {
    world.scored_at_province(name, stars, mean)
}

fn bears(world: &World, filed: Filed, code: &'static str) {
    let product = filed.product;
    world.deed(move |cx| {
        let row = ocop::products::get(cx, product)?;
        ocop::products::import_code(cx, &row, &code.parse().unwrap(), cx.today()).map(|_| ())
    });
}

/// Rows of the outbox: topic and body.
fn messages(world: &World) -> Vec<String> {
    let rows = world.db().read_now(&Caller::system("test"), |cx| {
        use diesel::prelude::*;
        use ocop::db::schema::outbox as o;
        Ok(o::table.select((o::topic, o::body)).load::<(String, String)>(cx.conn)?)
    });
    rows.unwrap().into_iter().map(|(topic, body)| format!("{topic} {body}")).collect()
}

#[actix_web::test]
async fn between_signature_and_publication_the_star_is_told_to_nobody_outside_the_deciding_levels() {
    let world = World::new().await;
    let place = world.vinh_long();
    let office = world.province_office(place);
    let commune = world.commune_of(place);
    let codes = ["86-29242-3-2026", "86-29242-4-2026", "86-29242-5-2026", "86-29242-6-2026"];
    let four = scored(&world, "Mật hoa dừa", 4, (746, 9));
    let five = scored(&world, "Mật ong rừng", 5, (855, 9));
    let two = scored(&world, "Bánh tét", 2, (400, 9));
    // One that awaits the centre already, whose answer is signed here.
    let awaits = scored(&world, "Sáp ong", 5, (855, 9));
    for (filed, code) in [four, five, two, awaits].into_iter().zip(codes) {
        bears(&world, filed, code);
    }
    office.decide("resultApproval", &[awaits.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let central = Scored {
        name: "",
        rulebook: "26-2026",
        set: "01",
        kind: DossierKind::First,
        commune,
        status: Status::BackFromCentre,
        level: Authority::Central,
        stars: 4,
        mean: (1070, 12),
        filed_on: "2026-05-22",
        product: None,
    };
    world.back_from_centre(awaits, &central);
    world.record();

    let producer = |filed: Filed| world.of_producer(filed.producer);
    let mut outsiders = vec![
        ("a stranger", world.stranger()),
        ("the commune", world.officer(Role::Commune, commune)),
        ("a department", world.officer(Role::Department, place)),
        ("an editor", world.with_role(Role::Editor)),
        ("an administrator", world.with_role(Role::Administrator)),
        (
            "another province",
            world.officer(Role::Province, world.unit("25", ocop::places::Level::Province, "2026-01-01")),
        ),
    ];
    for filed in [four, five, two, awaits] {
        outsiders.push(("its producer", producer(filed)));
        let right = Right { producer: Some(filed.producer), basis: "test".into(), ..Right::default() };
        outsiders.push(("its consultant", world.person(Role::Consultant, right)));
    }
    let mut paths: Vec<String> = COMMON.iter().map(|p| (*p).to_owned()).collect();
    for (filed, code) in [four, five, two, awaits].into_iter().zip(codes) {
        paths.extend(routes(filed, code));
    }
    let mut before = Vec::new();
    for (_, person) in &outsiders {
        before.push(seen(person, &paths).await);
    }
    let told_before = messages(&world);

    let mut signed = Vec::new();
    for (at, (kind, filed)) in
        [("recognition", four), ("resultApproval", five), ("notRecognition", two), ("recognition", awaits)]
            .into_iter()
            .enumerate()
    {
        let mut body = office.body(kind, &[filed.dossier]);
        if kind == "notRecognition" {
            body["reason"] = json!("Dưới 50 điểm");
        }
        let draft = office.officer.post_once("/v1/decisions", &format!("d{at}"), body).await.is(201);
        signed.push(office.sign(&draft, &format!("{}/QĐ-UBND", 10 + at), "2026-06-01").await.is(200));
    }
    world.record();
    let numbers: Vec<String> =
        signed.iter().filter_map(|s| s.body["items"][0]["certificateNumber"].as_str().map(str::to_owned)).collect();
    assert_eq!(numbers.len(), 2);
    let mut faults = Vec::new();
    for ((who, person), before) in outsiders.iter().zip(&before) {
        for (path, now) in seen(person, &paths).await {
            if before[&path] != now {
                faults.push(format!("{who}, {path}:\n  before {}\n  after  {now}", before[&path]));
            }
        }
        for decision in &signed {
            let answer = person.get(&format!("/v1/decisions/{}", decision.id())).await;
            if answer.status.as_u16() < 400 {
                faults.push(format!("{who} reads the signed decision: {}", answer.text));
            }
            let public = person.get(&format!("/v1/catalogue/decisions/{}", decision.id())).await;
            if public.status.as_u16() != 404 {
                faults.push(format!("{who} reads the decision in the catalogue: {}", public.text));
            }
        }
        for number in &numbers {
            for path in [
                format!("/v1/verify/{number}"),
                format!("/v/{number}"),
                format!("/v1/certificates/{number}/badge.svg"),
                format!("/v1/certificates/{number}/credential"),
                format!("/v1/certificates/{number}/credential/short"),
            ] {
                let answer = person.get(&path).await;
                if answer.status.as_u16() != 404 {
                    faults.push(format!("{who}, {path}: {}", answer.text));
                }
            }
        }
    }
    // What a person tries is refused in the same words, whatever was decided.
    let mut refusals = std::collections::BTreeSet::new();
    for filed in [four, five, two] {
        let own = producer(filed);
        let dossier = own.get(&format!("/v1/dossiers/{}", filed.dossier)).await.is(200);
        let path = format!("/v1/dossiers/{}/moves", filed.dossier);
        let tried = own.move_on(&path, dossier.tag(), json!({ "action": "withdraw" })).await;
        refusals.insert(plain(&tried));
        let kind = json!({ "product": filed.product, "kind": "first" });
        let again = own.post_once("/v1/dossiers", &uuid::Uuid::now_v7().to_string(), kind).await;
        refusals.insert(plain(&again));
    }
    if refusals.len() != 2 {
        faults.push(format!("refusals differ: {refusals:#?}"));
    }
    // No message, however worded, follows the signature before the publication.
    let since: Vec<String> = messages(&world).into_iter().filter(|m| !told_before.contains(m)).collect();
    if !since.is_empty() {
        faults.push(format!("messages before publication: {since:#?}"));
    }
    assert!(faults.is_empty(), "{} leaks\n{}", faults.len(), faults.join("\n"));

    // The deciding level sees what it signed.
    let inside = office.officer.get(&format!("/v1/dossiers/{}", four.dossier)).await.is(200);
    assert_eq!(inside.body["status"]["code"], "recognised");
    // Nothing moves on meanwhile.
    let approved = office.officer.get(&format!("/v1/dossiers/{}", five.dossier)).await.is(200);
    assert_eq!(approved.body["status"]["code"], "resultApproved");

    for decision in &signed {
        office.publish(decision).await.is(200);
    }
    world.record();
    let own = producer(four).get(&format!("/v1/dossiers/{}", four.dossier)).await.is(200);
    assert_eq!(own.body["status"]["code"], "recognised");
    world.stranger().get(&format!("/v1/verify/{}", numbers[0])).await.is(200);
    let told: Vec<String> = messages(&world).into_iter().filter(|m| !told_before.contains(m)).collect();
    assert!(told.iter().any(|m| m.starts_with("dossier") && m.contains("\"to\":\"recognised\"")), "{told:#?}");
}
