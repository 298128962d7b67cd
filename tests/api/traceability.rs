//! Lots, their events, and what a label leads to.

use actix_web::test::TestRequest;
use ocop::actor::Role;
use ocop::places::Level;
use serde_json::{Value, json};

use crate::world::stock::Made;
use crate::world::{Person, World};

async fn world() -> (World, Made, Person) {
    let world = World::on("2026-06-10").await;
    let place = world.unit("29242", Level::Commune, "2026-06-10");
    let made = world.recognised("Mật hoa dừa", 4, "2025-08-01", place);
    let producer = world.of_producer(made.producer);
    (world, made, producer)
}

fn lot(made: &Made, batch: &str) -> Value {
    json!({"productId": made.product, "batch": batch, "madeOn": "2026-06-01", "expiresOn": "2027-06-01",
        "quantity": "100", "unit": "kg"})
}

fn event(kind: &str, at: &str, quantity: &str) -> Value {
    json!({"kind": kind, "at": at, "place": "Xưởng Tam Ngãi", "quantity": quantity, "unit": "kg", "actor": "HTX Mật hoa dừa"})
}

#[actix_web::test]
async fn a_lot_goes_from_harvest_to_sale_and_its_label_tells_everything_at_once() {
    let (world, made, producer) = world().await;
    let lot = producer.post("/v1/lots", lot(&made, "MH-01")).await.is(201);
    let events = format!("/v1/lots/{}/events", lot.id());
    let early = producer.post(&events, event("ship", "2026-06-04T01:00:00Z", "10")).await;
    early.refused("event_not_yet");
    for (kind, day) in [("harvest", 1), ("process", 2), ("pack", 3), ("ship", 4), ("sell", 5)] {
        producer.post(&events, event(kind, &format!("2026-06-0{day}T01:00:00Z"), "90")).await.is(201);
    }
    producer.post(&events, event("ship", "2026-06-06T01:00:00Z", "10.001")).await.refused("event_too_much");

    let code = lot.body["code"].as_str().unwrap();
    let told = world.stranger().get(&format!("/v1/trace/{code}")).await.is(200);
    assert_eq!(told.body["product"]["name"], "Mật hoa dừa");
    assert_eq!(told.body["producer"]["name"], "HTX Mật hoa dừa");
    assert_eq!(told.body["certificate"]["standing"]["state"], "valid");
    assert_eq!(told.body["events"].as_array().unwrap().len(), 5);
    assert_eq!(told.body["events"][4]["amount"]["quantity"], "90");
    let page = TestRequest::get().uri(&format!("/t/{code}")).insert_header(("Accept", "text/html,*/*"));
    let page = world.send(page).await.is(200);
    assert!(
        page.headers["content-type"].starts_with("text/html") && page.text.contains("Mật hoa dừa"),
        "{}",
        page.text
    );
    assert_eq!(world.stranger().get(&format!("/t/{code}")).await.is(200).body["batch"], "MH-01");
    let nothing = TestRequest::get().uri("/t/xin-chao").insert_header(("Accept", "text/html,*/*"));
    let nothing = world.send(nothing).await.is(404);
    assert!(nothing.headers["content-type"].starts_with("text/html"), "{}", nothing.text);
    assert_eq!(world.stranger().get("/t/xin-chao").await.is(404).word(), "not_found");

    world.revoke(made.certificate, "2026-06-10");
    let told = world.stranger().get(&format!("/v1/trace/{code}")).await.is(200);
    assert_eq!(told.body["certificate"]["standing"]["state"], "revoked");
}

#[actix_web::test]
async fn only_a_certificate_in_force_and_only_the_own_producer_make_a_lot() {
    let (world, made, producer) = world().await;
    let other = world.recognised("Dừa sáp", 4, "2025-08-01", made.place);
    world.of_producer(other.producer).post("/v1/lots", lot(&made, "X")).await.is(422);
    world.officer(Role::Province, made.place).post("/v1/lots", lot(&made, "X")).await.is(403);
    producer.post("/v1/lots", lot(&made, "A")).await.is(201);
    producer.post("/v1/lots", lot(&made, "A")).await.refused("lot_batch_taken");
    let once = producer.post_once("/v1/lots", "k-1", lot(&made, "B")).await.is(201).id();
    assert_eq!(producer.post_once("/v1/lots", "k-1", lot(&made, "B")).await.is(201).id(), once);
    let mut before = lot(&made, "C");
    before["madeOn"] = json!("2025-07-31");
    producer.post("/v1/lots", before).await.refused("lot_made_outside");
    world.revoke(made.certificate, "2026-06-10");
    producer.post("/v1/lots", lot(&made, "D")).await.refused("lot_no_certificate");
    assert_eq!(producer.get("/v1/lots").await.is(200).body["data"].as_array().unwrap().len(), 2);
    assert_eq!(world.of_producer(other.producer).get("/v1/lots").await.is(200).body["data"], json!([]));
    world.of_producer(other.producer).get(&format!("/v1/lots/{once}")).await.is(404);
}

#[actix_web::test]
async fn a_mistyped_label_is_asked_about_never_guessed() {
    let (world, made, producer) = world().await;
    let code = producer.post("/v1/lots", lot(&made, "A")).await.is(201).body["code"].as_str().unwrap().to_owned();
    let lower = code.to_lowercase().replace('-', "");
    world.stranger().get(&format!("/v1/trace/{lower}")).await.is(200);
    let last = if code.ends_with('A') { 'C' } else { 'A' };
    let wrong = format!("{}{last}", &code[..code.len() - 1]);
    let answer = world.stranger().get(&format!("/v1/trace/{wrong}")).await.is(400);
    assert!(["suggestion", "codeCheck"].contains(&answer.body["errors"][0]["code"].as_str().unwrap()));
    assert_eq!(world.stranger().get("/v1/trace/abc").await.is(400).body["errors"][0]["code"], "codeShape");
}
