//! Letters that carry dossiers from office to office: codes, samples, rounds, receipts.

use ocop::dossiers::Party;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::dossiers::{Case, receive, send_letter};

#[actix_web::test]
async fn a_letter_gives_codes_decides_the_round_and_seals_what_it_carries() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let (a, b) = (world.reported(&offices, &Case::of("07")).await, world.reported(&offices, &Case::of("08")).await);
    let sent = send_letter(&offices.commune, "province", &[&a, &b]).await.is(201);
    assert_eq!((&sent.body["fromLevel"], &sent.body["toLevel"]), (&json!("commune"), &json!("province")));
    let codes: Vec<&str> =
        sent.body["dossiers"].as_array().unwrap().iter().map(|d| d["productCode"].as_str().unwrap()).collect();
    assert!(codes.contains(&"86-29242-1-2026") && codes.contains(&"86-29242-2-2026"), "{codes:?}");
    // Before 30 October: the second round of the province.
    assert_eq!(
        (&sent.body["dossiers"][0]["round"]["number"], &sent.body["dossiers"][0]["round"]["year"]),
        (&json!(2), &json!(2026))
    );
    let seen = a.view().await;
    assert_eq!(
        (&seen.body["status"]["code"], &seen.body["level"], &seen.body["whoseMove"]),
        (&json!("proposed"), &json!("province"), &json!(["province"]))
    );
    assert_eq!(seen.body["productCode"], "86-29242-1-2026");

    let path = sent.headers["location"].clone();
    let sealed = offices.province.get(&format!("{path}/manifests/{}", a.id)).await.is(200);
    let text = serde_json_canonicalizer_of(&sealed.body["manifest"]);
    assert_eq!(sealed.body["sha256"], ocop::keys::sha256_hex(text.as_bytes()));
    assert_eq!(sealed.body["manifest"]["samples"], 5);
    a.producer.get(&path).await.is(404);

    // The province receives one and refuses the other, which can be received later.
    let letter = sent.id();
    let receipts = json!({"receipts": [{"dossier": a.id, "received": true}, {"dossier": b.id, "received": false}]});
    let receipt_path = format!("/v1/handovers/{letter}/receipts");
    offices.province.post_once(&receipt_path, "r1", receipts).await.is(422);
    let receipts = json!({"receipts": [{"dossier": a.id, "received": true}, {"dossier": b.id, "received": false, "reason": "Mẫu bị vỡ"}]});
    offices.province.post(&receipt_path, receipts.clone()).await.is(428);
    offices.commune.post_once(&receipt_path, "r1", receipts.clone()).await.refused("dossier_not_your_move");
    let done = offices.province.post_once(&receipt_path, "r1", receipts.clone()).await.is(201);
    assert_eq!(done.tag(), "\"2\"");
    let replay = offices.province.post_once(&receipt_path, "r1", receipts).await.is(201);
    assert_eq!(replay.headers["idempotency-replayed"], "true");
    assert_eq!((a.status().await.as_str(), b.status().await.as_str()), ("atProvince", "proposed"));
    let twice = json!({"receipts": [{"dossier": a.id, "received": true}]});
    offices.province.post_once(&receipt_path, "r2", twice).await.refused("handover_not_on_its_way");
    receive(&offices.province, &letter, &[&b]).await;
    assert_eq!(b.status().await, "atProvince");
    let life = a.producer.get(&a.path("/history")).await.is(200);
    let last = life.body["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["details"]["receipt"], "1-T/PĐK-86-29242-2026");
}

fn serde_json_canonicalizer_of(value: &Value) -> String {
    ocop::db::Doc(value.clone()).text()
}

#[actix_web::test]
async fn a_letter_goes_whole_or_not_at_all_and_names_the_dossier() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let ready = world.reported(&offices, &Case::of("07")).await;
    let filed = world.filed(&offices, &Case::of("07")).await;
    send_letter(&offices.commune, "province", &[&ready, &filed]).await.refused("handover_no_such_way");
    send_letter(&offices.commune, "province", &[&ready, &ready]).await.refused("handover_repeats");
    send_letter(&offices.commune, "central", &[&ready]).await.refused("handover_no_such_way");
    send_letter(&offices.province, "province", &[&ready]).await.refused("dossier_not_your_move");
    send_letter(&ready.producer, "province", &[&ready]).await.is(403);

    // Five samples, except tourism.
    let poor = world.reported(&offices, &Case { samples: 4, ..Case::of("07") }).await;
    let refused = send_letter(&offices.commune, "province", &[&ready, &poor]).await.refused("dossier_incomplete");
    assert_eq!(refused.body["errors"][0]["pointer"], "/dossiers/1");
    assert_eq!(
        (refused.body["errors"][1]["pointer"].as_str(), refused.body["errors"][1]["code"].as_str()),
        (Some("samples"), Some("paper_too_few"))
    );
    assert_eq!(ready.status().await, "communeReviewed");
    let tourism = world.reported(&offices, &Case::of("26")).await;
    send_letter(&offices.commune, "province", &[&tourism]).await.is(201);

    // Nothing of the refused letters was kept: the next code is the second one.
    let sent = send_letter(&offices.commune, "province", &[&ready]).await.is(201);
    assert_eq!(sent.body["dossiers"][0]["productCode"], "86-29242-2-2026");
    let far = world.offices("29335");
    let elsewhere = world.reported(&far, &Case::of("07")).await;
    let here = world.reported(&offices, &Case::of("07")).await;
    send_letter(&offices.commune, "province", &[&here, &elsewhere]).await.is(404);
    let listed = offices.province.get("/v1/handovers?toLevel=province").await.is(200);
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 2);
    assert!(far.commune.get("/v1/handovers").await.is(200).body["data"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn the_commune_may_give_its_own_number_and_never_one_twice() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let mut codes = Vec::new();
    for (sequence, word) in [(json!(7), None), (json!(7), Some("number_taken")), (Value::Null, None)] {
        let played = world.reported(&offices, &Case::of("07")).await;
        let body = json!({"toLevel": "province", "number": "1/TTr", "signedOn": "2026-06-10", "signer": "A",
            "dossiers": [{"id": played.id, "samples": 5, "sequence": sequence}]});
        let sent = offices.commune.post_once("/v1/handovers", &played.id, body).await;
        match word {
            Some(word) => drop(sent.refused(word)),
            None => codes.push(sent.is(201).body["dossiers"][0]["productCode"].as_str().unwrap().to_owned()),
        }
    }
    assert_eq!(codes, ["86-29242-7-2026", "86-29242-8-2026"]);
}

#[actix_web::test]
async fn the_district_sends_on_what_belongs_above_and_gets_back_what_is_its_own() {
    let world = World::on("2024-05-06").await;
    let offices = world.offices("29245");
    let district = offices.district.clone().unwrap();
    let (four, three) =
        (world.received(&offices, &Case::of("T40")).await, world.received(&offices, &Case::of("T40")).await);
    assert_eq!(four.view().await.body["rulebook"], "148");
    assert!(four.view().await.body["productCode"].as_str().unwrap().starts_with("84-842-29245-"));
    send_letter(&district, "province", &[&four]).await.refused("handover_no_such_way");
    four.scored_at(Party::District, 4);
    three.scored_at(Party::District, 3);
    let stop = send_letter(&district, "province", &[&four, &three]).await.refused("dossier_star_does_not_fit");
    assert_eq!(stop.body["errors"][0]["pointer"], "/dossiers/1");
    let letter = send_letter(&district, "province", &[&four]).await.is(201).id();
    receive(&offices.province, &letter, &[&four]).await;
    four.act(&offices.province, json!({"action": "startReview"})).await.is(201);
    four.scored_at(Party::Province, 3);
    // Scored 3★ at the province: it goes back and is recognised by the district.
    let back = send_letter(&offices.province, "district", &[&four]).await.is(201);
    assert_eq!(back.body["dossiers"][0]["state"], "received");
    assert_eq!(four.status().await, "handedBack");
    assert_eq!(four.view().await.body["whoseMove"], json!(["district"]));
}

#[actix_web::test]
async fn the_province_sends_ninety_points_to_the_centre_and_a_five_star_re_evaluation_straight() {
    let world = World::on("2026-07-06").await;
    let offices = world.offices("29242");
    let best = world.dossier_in_review(&offices, &Case::of("07")).await;
    best.scored_at(Party::Province, 5);
    send_letter(&offices.province, "central", &[&best]).await.refused("handover_no_such_way");
    best.moved_by_service(ocop::dossiers::Action::ApproveResult, Party::Province, json!({}));
    let sent = send_letter(&offices.province, "central", &[&best]).await.is(201);
    assert_eq!(sent.body["toPlace"], Value::Null);
    assert_eq!(sent.body["dossiers"][0]["round"]["level"], "central");
    receive(&offices.central, &sent.id(), &[&best]).await;
    assert_eq!(best.status().await, "atCentre");

    let (producer_id, producer) = world.producer_in(offices.place, ocop::producers::ProducerType::Cooperative);
    for (stars, word) in [(4, Some("dossier_not_straight_to_centre")), (5, None)] {
        let product = world.product_of(producer_id, "Dừa sáp", "07");
        world.hold_star(product, stars, "2023-12-01", "2026-12-31");
        let case = Case { kind: "reEvaluation".to_owned(), ..Case::of("07") };
        let played = world.draft_for(&offices, &case, (producer_id, producer.clone()), product).await;
        played.act(&played.producer, json!({"action": "submit"})).await.is(201);
        played.report().await;
        let letter = played.hand_over(&offices.commune, "province").await;
        receive(&offices.province, &letter, &[&played]).await;
        let clocks = played.view().await.body["clocks"].clone();
        // Forty-five days from the receipt of 6 July; outside the rounds.
        assert!(
            clocks.as_array().unwrap().iter().any(|c| c["clock"] == "reEvaluation" && c["deadline"] == "2026-08-20"),
            "{clocks}"
        );
        assert_eq!(played.view().await.body["round"], Value::Null);
        let pdf = crate::world::dossiers::pdf("báo cáo");
        played.upload(&offices.province, &[("paper", "agencyReport")], &pdf).await.is(201);
        let sent = send_letter(&offices.province, "central", &[&played]).await;
        match word {
            Some(word) => drop(sent.refused(word)),
            None => drop(sent.is(201)),
        }
    }
}

#[actix_web::test]
async fn two_proposals_of_a_commune_at_once_draw_two_numbers() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let first = world.reported(&offices, &Case::of("07")).await;
    send_letter(&offices.commune, "province", &[&first]).await.is(201);
    let (a, b) = (world.reported(&offices, &Case::of("07")).await, world.reported(&offices, &Case::of("07")).await);
    let other = world.officer(ocop::actor::Role::Commune, offices.place);
    let gate = crate::world::gate::hold_counters(&world);
    let (sent_a, sent_b) = ([&a], [&b]);
    let both = async {
        futures_util::join!(
            send_letter(&offices.commune, "province", &sent_a),
            send_letter(&other, "province", &sent_b)
        )
    };
    let (x, y) = crate::world::gate::release_when_waiting(&world, gate, 2, both).await;
    let mut codes: Vec<String> = [x.is(201), y.is(201)]
        .iter()
        .map(|r| r.body["dossiers"][0]["productCode"].as_str().unwrap().to_owned())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["86-29242-2-2026", "86-29242-3-2026"]);
}

#[actix_web::test]
async fn two_letters_with_one_dossier_at_once_and_only_one_carries_it() {
    let world = World::on("2026-06-10").await;
    let offices = world.offices("29242");
    let played = world.reported(&offices, &Case::of("07")).await;
    let other = world.officer(ocop::actor::Role::Commune, offices.place);
    let gate = crate::world::gate::hold_row(&world, "dossiers", &played.id);
    let one = [&played];
    let both = async {
        futures_util::join!(send_letter(&offices.commune, "province", &one), send_letter(&other, "province", &one))
    };
    let (x, y) = crate::world::gate::release_when_waiting(&world, gate, 2, both).await;
    let mut answers = [x.status.as_u16(), y.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
    assert_eq!(offices.commune.get("/v1/handovers").await.is(200).body["data"].as_array().unwrap().len(), 1);
}
