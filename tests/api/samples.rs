//! Samples: handed over with a letter, counted where they arrive, used; with whom.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::dossiers::{Case, send_letter};

#[actix_web::test]
async fn samples_are_followed_from_desk_to_desk() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let played = world.reported(&offices, &Case::of("07")).await;
    let path = played.path("/samples");
    let told = |deed: &str, count: u16| json!({"deed": deed, "count": count, "on": "2026-06-10", "person": "Lê Thị C"});
    let received = |count: u16| json!({"deed": "received", "count": count, "on": "2026-06-09", "condition": "good", "person": "Lê Thị C"});
    assert_eq!(played.producer.get(&path).await.is(200).body, json!({"asked": 5, "held": [], "data": []}));
    played.producer.post(&path, received(5)).await.is(403);
    offices.province.post(&path, received(5)).await.refused("dossier_not_with_producer");
    let unknown = offices.commune.post(&path, told("received", 5)).await.is(422);
    assert_eq!(unknown.body["errors"][0]["pointer"], "/condition");
    let late = json!({"deed": "used", "count": 1, "on": "2026-06-11", "person": "C"});
    assert_eq!(offices.commune.post(&path, late).await.is(422).body["errors"][0]["pointer"], "/on");
    assert_eq!(offices.commune.post(&path, told("handedOver", 5)).await.is(422).body["errors"][0]["pointer"], "/deed");
    offices.commune.post(&path, told("used", 1)).await.refused("samples_too_few");
    let once = offices.commune.post_once(&path, "k1", received(7)).await.is(201);
    let again = offices.commune.post_once(&path, "k1", received(7)).await.is(201);
    assert_eq!((&once.body, again.headers["idempotency-replayed"].as_str()), (&again.body, "true"));
    let used = offices.commune.post(&path, told("used", 1)).await.is(201);
    assert_eq!(used.body["held"], json!([{"level": "commune", "received": 7, "used": 1, "handedOver": 0, "left": 6}]));

    // The letter counts them; the province counts what came.
    let letter = send_letter(&offices.commune, "province", &[&played]).await.is(201);
    assert_eq!((&letter.body["samples"], &letter.body["dossiers"][0]["samples"]), (&json!(5), &json!(5)));
    let receipts = json!({"receipts": [{"dossier": played.id, "received": true,
        "samples": {"count": 4, "condition": "damaged", "person": "Phạm D", "note": "Một hũ vỡ"}}]});
    let at = format!("/v1/handovers/{}/receipts", letter.id());
    offices.province.post_once(&at, "r1", receipts).await.is(201);
    offices.commune.post(&path, told("used", 1)).await.is(409);
    offices.province.post(&path, told("used", 5)).await.refused("samples_too_few");
    offices.province.post(&path, told("used", 4)).await.is(201);
    let seen = played.producer.get(&path).await.is(200).body;
    let left: Vec<(&Value, &Value)> =
        seen["held"].as_array().unwrap().iter().map(|h| (&h["level"], &h["left"])).collect();
    assert_eq!(left, [(&json!("commune"), &json!(1)), (&json!("province"), &json!(0))]);
    let deeds: Vec<&str> = seen["data"].as_array().unwrap().iter().map(|d| d["deed"].as_str().unwrap()).collect();
    assert_eq!(deeds, ["received", "used", "handedOver", "received", "used"]);
    let came = &seen["data"][3];
    assert_eq!(
        (&came["condition"], &came["person"], &came["handover"]),
        (&json!("damaged"), &json!("Phạm D"), &json!(letter.id()))
    );
    world.offices("29335").commune.get(&path).await.is(404);
}

#[actix_web::test]
async fn tourism_has_no_samples() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let played = world.reported(&offices, &Case { samples: 0, ..Case::of("26") }).await;
    assert_eq!(played.producer.get(&played.path("/samples")).await.is(200).body["asked"], 0);
    let letter = send_letter(&offices.commune, "province", &[&played]).await.is(201);
    assert_eq!(letter.body["samples"], 0);
    assert_eq!(played.producer.get(&played.path("/samples")).await.body["data"], json!([]));
}
