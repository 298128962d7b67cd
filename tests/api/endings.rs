//! How a dossier leaves before its result: withdrawn, stopped for good, or stopped until a later round.

use ocop::actor::Role;
use ocop::dossiers::{Action, Party};
use ocop::places::Level;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::dossiers::{Case, multipart, pdf};

#[actix_web::test]
async fn a_filed_dossier_is_withdrawn_with_a_reason_and_a_draft_without() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    draft.act(&draft.producer, json!({"action": "withdraw"})).await.is(201);
    let filed = world.dossier_at_province(&offices, &Case::of("07")).await;
    let bare = filed.act(&filed.producer, json!({"action": "withdraw"})).await.is(422);
    assert_eq!(bare.body["errors"][0]["pointer"], "/reason");
    filed.act(&offices.province, json!({"action": "withdraw", "reason": "x"})).await.refused("dossier_not_your_move");
    let gone = filed.act(&filed.producer, json!({"action": "withdraw", "reason": "Chưa đủ máy sấy"})).await.is(201);
    assert_eq!((&gone.body["status"]["code"], &gone.body["openActions"]), (&json!("withdrawn"), &json!([])));
    let life = offices.province.get(&filed.path("/history")).await.is(200);
    let last = life.body["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["action"], &last["reason"]), (&json!("withdraw"), &json!("Chưa đủ máy sấy")));
    // The product is free for another dossier.
    let again = json!({"product": filed.product_id, "kind": "first", "set": "07"});
    filed.producer.post("/v1/dossiers", again).await.is(201);
}

#[actix_web::test]
async fn what_is_made_no_more_stops_wherever_it_is_and_is_not_opened_again() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let played = world.dossier_in_review(&offices, &Case::of("07")).await;
    let path = format!("/v1/products/{}/production-end", played.product_id);
    let body =
        json!({"endedOn": "2026-05-31", "number": "12/GXN", "issuedOn": "2026-06-09", "reason": "Nghỉ làm nghề"});
    offices.commune.post(&path, body.clone()).await.is(428);
    offices.province.post_once(&path, "e0", body.clone()).await.is(403);
    played.producer.post_once(&path, "e0", body.clone()).await.is(403);
    let far = world.officer(Role::Commune, world.unit_today(Level::Commune, "28756"));
    far.post_once(&path, "e0", body.clone()).await.is(404);
    let mut ahead = body.clone();
    ahead["endedOn"] = json!("2026-06-11");
    let fault = offices.commune.post_once(&path, "e0", ahead).await.is(422);
    assert_eq!(fault.body["errors"][0]["pointer"], "/endedOn");
    offices.commune.get(&path).await.is(404);
    played
        .act(
            &offices.commune,
            json!({"action": "endProduction", "reason": "x",
        "notice": {"number": "1", "issuedOn": "2026-06-09"}}),
        )
        .await
        .refused("dossier_move_elsewhere");

    let done = offices.commune.post_once(&path, "e1", body.clone()).await.is(201);
    assert_eq!(done.body["dossiers"], json!([played.id]));
    let again = offices.commune.post_once(&path, "e1", body.clone()).await.is(201);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    offices.commune.post_once(&path, "e2", body).await.refused("dossier_production_ended");

    let seen = played.view().await;
    assert_eq!((&seen.body["status"]["code"], &seen.body["whoseMove"]), (&json!("productionEnded"), &json!([])));
    assert!(seen.body["clocks"].as_array().unwrap().iter().all(|c| c["endedOn"] == "2026-06-10"), "{}", seen.text);
    let life = played.producer.get(&played.path("/history")).await.is(200);
    let last = life.body["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["party"], &last["reason"], &last["details"]["notice"]["number"]),
        (&json!("commune"), &json!("Nghỉ làm nghề"), &json!("12/GXN"))
    );
    assert_eq!(played.producer.get(&path).await.is(200).body["endedOn"], "2026-05-31");
    let again = json!({"product": played.product_id, "kind": "first", "set": "07"});
    played.producer.post("/v1/dossiers", again.clone()).await.refused("dossier_production_ended");

    // A mistake is annulled with a reason by the same commune; what it stopped is filed anew, not brought back.
    let (annul, why) = (format!("{path}/annulment"), json!({"reason": "Nhầm với hộ khác"}));
    far.post_once(&annul, "a0", why.clone()).await.is(404);
    played.producer.post_once(&annul, "a0", why.clone()).await.is(403);
    offices.commune.post_once(&annul, "a0", json!({"reason": " "})).await.is(422);
    let annulled = offices.commune.post_once(&annul, "a1", why.clone()).await.is(201);
    assert_eq!(
        (&annulled.body["annulledWhy"], &annulled.body["dossiers"]),
        (&json!("Nhầm với hộ khác"), &json!([played.id]))
    );
    let replayed = offices.commune.post_once(&annul, "a1", why.clone()).await.is(201);
    assert_eq!(replayed.body, annulled.body);
    offices.commune.post_once(&annul, "a2", why).await.is(404);
    offices.commune.get(&path).await.is(404);
    assert_eq!(played.status().await, "productionEnded");
    let anew = played.producer.post("/v1/dossiers", again).await.is(201);
    let award = played.producer.request(actix_web::http::Method::POST, "/v1/evidence");
    world.send(multipart(award, &[("paper", "award")], &pdf("giải thưởng"))).await.is(201);
    let library = played.producer.get("/v1/evidence").await.is(200);
    let papers: Vec<Value> = library.body["data"].as_array().unwrap().iter().map(|p| p["id"].clone()).collect();
    let references = format!("/v1/dossiers/{}/references", anew.id());
    let lying = played.producer.put(&references, anew.tag(), json!({"evidence": papers})).await.is(200);
    assert_eq!(lying.body["data"].as_array().unwrap().len(), papers.len(), "nothing is sent twice");
    let subject: uuid::Uuid = played.product_id.to_string().parse().unwrap();
    let deeds = world.deed(move |cx| ocop::audit::of_subject(cx, subject));
    assert_eq!(deeds.iter().filter(|d| d.deed == "product.production_end_annulled").count(), 1);
    // It can be confirmed again.
    let body = json!({"endedOn": "2026-06-09", "number": "13/GXN", "issuedOn": "2026-06-10", "reason": "Nghỉ hẳn"});
    offices.commune.post_once(&path, "e3", body).await.is(201);
}

#[actix_web::test]
async fn a_dossier_stops_and_waits_for_a_later_round_with_its_number_papers_and_marks() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.dossier_in_review(&offices, &Case::of("07")).await;
    let before = played.view().await;
    assert_eq!(before.body["round"]["cutoff"], "2026-10-30");
    let marks = played.producer.get(&played.path("/self-assessment")).await.is(200).body["marks"].clone();
    played.act(&offices.province, json!({"action": "carryOver"})).await.is(422);
    let reason = "Chờ kết quả kiểm nghiệm bổ sung";
    played
        .act(&played.producer, json!({"action": "carryOver", "reason": reason}))
        .await
        .refused("dossier_not_your_move");
    let carried = played.act(&offices.province, json!({"action": "carryOver", "reason": reason})).await.is(201);
    assert_eq!(
        (&carried.body["round"]["cutoff"], &carried.body["status"]["code"], &carried.body["productCode"]),
        (&json!("2027-04-30"), &json!("inReview"), &before.body["productCode"])
    );
    assert_eq!(carried.body["whoseMove"], json!(["province"]));
    // The producer is told: in the history, with the round, and the outside world with the move.
    let life = played.producer.get(&played.path("/history")).await.is(200);
    let last = life.body["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["reason"], &last["details"]["round"]["number"]), (&json!(reason), &json!(1)));
    assert_eq!(played.producer.get(&played.path("/self-assessment")).await.is(200).body["marks"], marks);
    let again = played.act(&offices.province, json!({"action": "carryOver", "reason": reason})).await.is(201);
    assert_eq!(again.body["round"]["cutoff"], "2027-10-30");
    // It goes on from where it stopped.
    played.scored_at(Party::Province, 4);
    assert_eq!(played.status().await, "scored");
}

#[actix_web::test]
async fn what_goes_by_no_round_is_carried_to_none_and_a_withdrawn_one_leaves_the_table() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let (producer_id, producer) = world.producer_in(offices.place, ocop::producers::ProducerType::Cooperative);
    let product = world.product_of(producer_id, "Dưa cải muối", "07");
    world.hold_star(product, 3, "2023-12-01", "2026-10-31");
    let case = Case { kind: "reEvaluation".into(), ..Case::of("07") };
    let played = world.draft_for(&offices, &case, (producer_id, producer), product).await;
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    played.report().await;
    let letter = played.hand_over(&offices.commune, "province").await;
    crate::world::dossiers::receive(&offices.province, &letter, &[&played]).await;
    let carry = json!({"action": "carryOver", "reason": "Chờ"});
    played.act(&offices.province, carry).await.refused("dossier_no_round");

    let other = world.dossier_in_review(&offices, &Case::of("07")).await;
    other.moved_by_service(Action::Schedule, Party::Province, json!({}));
    let gone = other.act(&other.producer, json!({"action": "withdraw", "reason": "Rút"})).await.is(201);
    assert_eq!(gone.body["status"]["code"], Value::from("withdrawn"));
}
