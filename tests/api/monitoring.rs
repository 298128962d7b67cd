//! Inspections: planned, recorded, concluded and sealed.

use actix_web::http::Method;
use ocop::actor::Role;
use ocop::places::Level;
use serde_json::{Value, json};

use crate::world::{Person, Reply, World};

async fn conclude(person: &Person, id: &str, tag: &str, key: &str, body: Value) -> Reply {
    let path = format!("/v1/inspections/{id}/conclusion");
    let request = person.request(Method::POST, &path).insert_header(("If-Match", tag.to_owned()));
    person.world.send(request.insert_header(("Idempotency-Key", key.to_owned())).set_json(body)).await
}

#[actix_web::test]
async fn an_inspection_is_concluded_once_and_sealed() {
    let world = World::on("2026-06-20").await;
    let place = world.unit("29242", Level::Commune, "2026-06-20");
    let made = world.recognised("Dừa sáp", 4, "2025-08-01", place);
    let inspector = world.officer(Role::Inspector, world.unit("86", Level::Province, "2026-06-20"));
    let far = world.officer(Role::Inspector, world.unit("25", Level::Province, "2026-06-20"));
    let producer = world.of_producer(made.producer);
    let plan =
        json!({"productId": made.product, "kind": "unscheduled", "plannedOn": "2026-06-15", "body": "Đoàn kiểm tra"});
    far.post("/v1/inspections", plan.clone()).await.is(422);
    producer.post("/v1/inspections", plan.clone()).await.is(403);
    let planned = inspector.post("/v1/inspections", plan).await.is(201);
    let id = planned.id();
    let path = format!("/v1/inspections/{id}");
    far.get(&path).await.is(404);
    producer.get(&path).await.is(404);

    let end =
        json!({"outcome": "notKept", "text": "Không còn đáp ứng", "number": "12/KL", "concludedOn": "2026-06-18"});
    conclude(&inspector, &id, planned.tag(), "k0", end.clone()).await.refused("inspection_not_inspected");
    let findings =
        json!({"inspectedOn": "2026-06-15", "findings": [{"criterion": "Nhãn", "finding": "Thiếu mã", "met": false}]});
    inspector.put(&format!("{path}/findings"), "\"9\"", findings.clone()).await.is(412);
    let recorded = inspector.put(&format!("{path}/findings"), planned.tag(), findings.clone()).await.is(200);
    let done = conclude(&inspector, &id, recorded.tag(), "k1", end.clone()).await.is(201);
    assert_eq!(done.body["conclusion"]["outcome"], "notKept");
    conclude(&inspector, &id, recorded.tag(), "k1", end.clone()).await.is(201);
    inspector.put(&format!("{path}/findings"), done.tag(), findings).await.refused("inspection_sealed");
    conclude(&inspector, &id, done.tag(), "k2", end).await.refused("inspection_sealed");
    assert_eq!(producer.get("/v1/inspections?state=concluded").await.is(200).body["data"][0]["id"], id);
    assert_eq!(far.get("/v1/inspections").await.is(200).body["data"], json!([]));
}
