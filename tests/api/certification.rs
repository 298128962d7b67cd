//! Decisions, certificates, revocation.

use futures_util::future::join;
use ocop::actor::Role;
use ocop::auth::Right;
use ocop::dossiers::Status;
use ocop::places::Level;
use ocop::producers::ProducerType;
use ocop::rulebook::{Authority, DossierKind};
use serde_json::{Value, json};

use crate::world::certification::Scored;
use crate::world::gate::{hold_counters, hold_row, release_when_waiting};
use crate::world::register::because;
use crate::world::{Reply, World, stock};

#[actix_web::test]
async fn a_recognition_is_public_only_when_published_and_never_signed_by_who_prepared_it() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Mật hoa dừa", 4, (746, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    assert_eq!(draft.body["items"][0]["certificateNumber"], json!(null), "a draft has no number");
    assert_eq!(draft.body["items"][0]["mean"], "82.88");

    let both = world.officer(Role::Signer, world.vinh_long());
    let moves = format!("/v1/decisions/{}/moves", draft.id());
    let body = json!({ "action": "sign", "number": "12/QĐ-UBND", "signedOn": "2026-06-01", "signerName": "A B" });
    office.officer.move_on(&moves, draft.tag(), body.clone()).await.is(403);
    let signed = both.move_once(&moves, draft.tag(), "key-1", body.clone()).await.is(200);
    assert_eq!(signed.body["state"], "signed");
    let number = signed.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    assert!(number.starts_with("OCOP-86-2026-000001-"), "{number}");
    let again = both.move_once(&moves, draft.tag(), "key-1", body.clone()).await.is(200);
    assert_eq!(again.body["version"], signed.body["version"], "the same key does it once");
    both.move_once(&moves, draft.tag(), "key-2", body).await.is(412);

    let stranger = world.stranger();
    stranger.get(&format!("/v1/verify/{number}")).await.is(404);
    stranger.get(&format!("/v1/catalogue/products/{}", filed.product)).await.is(404);
    office.publish(&signed).await.is(200);
    let seen = stranger.get(&format!("/v1/verify/{number}")).await.is(200);
    assert_eq!((&seen.body["state"], &seen.body["stars"]), (&json!("valid"), &json!(4)));
    assert_eq!(seen.body["validThrough"], "2029-06-01");
    assert_eq!(seen.body["decision"]["authorityName"], "Ủy ban nhân dân tỉnh Vĩnh Long");
    office.publish(&signed).await.is(412);
    let page = stranger.get(&format!("/v1/catalogue/decisions/{}", draft.id())).await.is(200);
    assert_eq!(page.body["items"][0]["certificateNumber"], json!(number));
    assert_eq!(page.body["items"][0]["mean"], json!(null), "means are published for potential five stars only");
}

#[actix_web::test]
async fn a_certificate_issued_after_its_decision_counts_its_months_from_that_day() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Mật hoa dừa", 4, (746, 9));
    let other = world.scored_at_province("Gạo sạch", 2, (360, 9));
    world.today("2026-06-12");
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    let moves = format!("/v1/decisions/{}/moves", draft.id());
    let sign = |day: &str| {
        json!({ "action": "sign", "number": "12/QĐ-UBND", "signedOn": "2026-06-01", "signerName": "Trần Thị B",
                "issuedOn": day })
    };
    for wrong in ["2026-05-31", "2026-06-13"] {
        let reply = office.signer.move_on(&moves, draft.tag(), sign(wrong)).await.is(422);
        assert_eq!(reply.body["errors"][0]["pointer"], "/issuedOn", "{wrong}");
    }
    office.officer.move_on(&moves, draft.tag(), json!({ "action": "publish", "issuedOn": "2026-06-10" })).await.is(422);
    let signed = office.signer.move_on(&moves, draft.tag(), sign("2026-06-10")).await.is(200);
    let number = signed.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    office.publish(&signed).await.is(200);
    let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200);
    assert_eq!(seen.body["issuedOn"], "2026-06-10");
    assert_eq!(seen.body["validThrough"], "2029-06-10");
    assert_eq!(seen.body["decision"]["signedOn"], "2026-06-01");
    let before = world.stranger().get(&format!("/v1/verify/{number}?on=2026-06-09")).await.is(200);
    assert_eq!(before.body["state"], "notYet");

    // A notice issues no certificates.
    let body = json!({ "kind": "notRecognition", "level": "province", "placeId": office.place,
        "legalBases": ["Quyết định 26/2026/QĐ-TTg"], "reason": "Chưa đạt 3 sao",
        "dossiers": [{ "dossierId": other.dossier, "note": "" }] });
    let notice = office.officer.post_once("/v1/decisions", "notice", body).await.is(201);
    let moves = format!("/v1/decisions/{}/moves", notice.id());
    let reply = office.signer.move_on(&moves, notice.tag(), sign("2026-06-10")).await.is(422);
    assert_eq!(reply.body["errors"][0]["pointer"], "/issuedOn");
}

#[actix_web::test]
async fn four_eyes_hold_even_for_a_leader_who_writes_in_the_draft() {
    let world = World::new().await;
    let place = world.vinh_long();
    let office = world.province_office(place);
    let filed = world.scored_at_province("Gạo sạch", 3, (540, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    // The second officer, who also signs, writes in the draft.
    let second = world.officer(Role::Province, place);
    world
        .db()
        .write_now(&ocop::actor::Caller::system("test"), {
            let id = second.id.unwrap();
            move |cx| {
                let right = Right { place: Some(place), basis: "test".into(), ..Right::default() };
                ocop::auth::grant(cx, id, Role::Signer, right).map(|_| ())
            }
        })
        .unwrap();
    let path = format!("/v1/decisions/{}", draft.id());
    let rewritten = second.put(&path, draft.tag(), office.body("recognition", &[filed.dossier])).await.is(200);
    let body = json!({ "action": "sign", "number": "1/QĐ-UBND", "signedOn": "2026-06-01", "signerName": "A B" });
    let moves = format!("{path}/moves");
    second.move_on(&moves, rewritten.tag(), body).await.refused("decision_signer_prepared");
    office.sign(&rewritten, "1/QĐ-UBND", "2026-06-01").await.is(200);
}

#[actix_web::test]
async fn each_role_does_its_own_part_and_strangers_to_the_territory_see_nothing() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Trà mãng cầu", 4, (720, 9));
    let body = office.body("recognition", &[filed.dossier]);
    world.stranger().post("/v1/decisions", body.clone()).await.is(401);
    for role in [Role::Producer, Role::Commune, Role::Inspector, Role::Auditor, Role::Signer] {
        world.officer(role, world.vinh_long()).post_once("/v1/decisions", "k", body.clone()).await.is(403);
    }
    office.officer.post("/v1/decisions", body.clone()).await.is(428);
    let draft = office.officer.post_once("/v1/decisions", "k", body.clone()).await.is(201);
    let same = office.officer.post_once("/v1/decisions", "k", body.clone()).await.is(201);
    assert_eq!(same.id(), draft.id());
    assert_eq!(same.headers["idempotency-replayed"], "true");

    let elsewhere = world.officer(Role::Signer, world.unit("25", Level::Province, "2026-01-01"));
    let path = format!("/v1/decisions/{}", draft.id());
    elsewhere.get(&path).await.is(404);
    let sign = json!({ "action": "sign", "number": "1/QĐ-UBND", "signedOn": "2026-06-01", "signerName": "A B" });
    elsewhere.move_on(&format!("{path}/moves"), draft.tag(), sign.clone()).await.is(404);
    let commune_signer = world.officer(Role::Signer, world.commune_of(world.vinh_long()));
    commune_signer.get(&path).await.is(404);
    office.signer.post(&format!("{path}/moves"), sign).await.is(428);
    assert_eq!(office.officer.get("/v1/decisions?state=draft").await.is(200).body["data"][0]["id"], json!(draft.id()));
    // The same dossier in a second draft.
    office.prepare("recognition", &[filed.dossier]).await.refused("decision_in_other");
    let discard = json!({ "action": "discard" });
    office.officer.move_on(&format!("{path}/moves"), draft.tag(), discard).await.is(200);
    office.prepare("recognition", &[filed.dossier]).await.is(201);
}

#[actix_web::test]
async fn a_decision_carries_only_what_the_law_gives_its_authority() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let five = world.scored_at_province("Sáp ong", 5, (855, 9));
    let four = world.scored_at_province("Dừa sáp sợi", 4, (700, 9));
    let two = world.scored_at_province("Bánh tét", 2, (400, 9));
    office.prepare("recognition", &[five.dossier]).await.refused("decision_authority_differs");
    office.prepare("resultApproval", &[four.dossier]).await.refused("decision_nothing_to_approve");
    office.prepare("recognition", &[two.dossier]).await.refused("decision_authority_differs");
    let mut notice = office.body("notRecognition", &[four.dossier]);
    office.officer.post_once("/v1/decisions", "n0", notice.clone()).await.is(422);
    notice["reason"] = json!("Dưới 50 điểm");
    office.officer.post_once("/v1/decisions", "n1", notice).await.refused("decision_star_recognised");

    let mut notice = office.body("notRecognition", &[two.dossier]);
    notice["dossiers"][0]["note"] = json!("Phần C dưới mức tối thiểu");
    let draft = office.officer.post_once("/v1/decisions", "n2", notice).await.is(201);
    let signed = office.sign(&draft, "5/TB-UBND", "2026-06-01").await.is(200);
    office.publish(&signed).await.is(200);
    world.stranger().get(&format!("/v1/catalogue/decisions/{}", draft.id())).await.is(404);
    world.stranger().get(&format!("/v1/catalogue/products/{}", two.product)).await.is(404);
    let draft = office.prepare("recognition", &[four.dossier]).await.is(201);
    office.sign(&draft, "5/TB-UBND", "2026-06-01").await.refused("decision_number_taken");
    office.sign(&draft, "6/QĐ-UBND", "2026-06-02").await.is(422);
    office.sign(&draft, "6/QĐ-UBND", "2026-05-31").await.refused("decision_before_result");
    office.sign(&draft, "6/QĐ-UBND", "2026-06-01").await.is(200);
}

#[actix_web::test]
async fn between_1_and_5_july_2025_nobody_recognises_three_stars() {
    let world = World::on("2025-07-02").await;
    let province = world.unit("86", Level::Province, "2025-07-02");
    let office = world.province_office(province);
    let scored = |name, stars| Scored {
        name,
        rulebook: "148",
        set: "T40",
        kind: DossierKind::First,
        commune: world.commune_of(province),
        status: Status::Scored,
        level: Authority::Province,
        stars,
        mean: (600, 9),
        filed_on: "2025-05-01",
        product: None,
    };
    let three = world.scored(&scored("Cốm dẹp", 3));
    office.prepare("recognition", &[three.dossier]).await.refused("authority_unnamed");
    let four = world.scored(&scored("Tôm khô", 4));
    office.decide("recognition", &[four.dossier], "9/QĐ-UBND", "2025-07-02").await;
    world.today("2025-07-06");
    office.decide("recognition", &[three.dossier], "10/QĐ-UBND", "2025-07-06").await;
}

#[actix_web::test]
async fn ninety_five_is_approved_and_below_ninety_at_the_centre_the_province_recognises() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Mật ong rừng", 5, (855, 9));
    office.decide("resultApproval", &[filed.dossier], "1673/QĐ-UBND", "2026-06-01").await;
    let stats = world.stranger().get("/v1/catalogue/stats?by=star&on=2026-06-01").await.is(200);
    assert_eq!(
        stats.body["total"],
        json!({ "recognised": 0, "potentialFive": 1, "totalAsPublished": 1, "producers": 0 })
    );
    let page = world.stranger().get(&format!("/v1/catalogue/products/{}", filed.product)).await.is(200);
    assert_eq!((&page.body["state"], &page.body["stars"]), (&json!("potentialFive"), &json!(null)));
    assert_eq!(page.body["approvals"][0]["mean"], "95.00");

    world.today("2026-09-01");
    let central = Scored {
        name: "",
        rulebook: "26-2026",
        set: "01",
        kind: DossierKind::First,
        commune: world.commune_of(world.vinh_long()),
        status: Status::BackFromCentre,
        level: Authority::Central,
        stars: 4,
        mean: (1070, 12),
        filed_on: "2026-05-22",
        product: None,
    };
    world.back_from_centre(filed, &central);
    let decided = office.decide("recognition", &[filed.dossier], "2001/QĐ-UBND", "2026-09-01").await;
    assert_eq!((&decided.body["items"][0]["stars"], &decided.body["items"][0]["mean"]), (&json!(4), &json!("89.16")));
    let stats = world.stranger().get("/v1/catalogue/stats?by=star&on=2026-09-01").await.is(200);
    assert_eq!((&stats.body["total"]["recognised"], &stats.body["total"]["potentialFive"]), (&json!(1), &json!(0)));
    let then = world.stranger().get("/v1/catalogue/stats?by=star&on=2026-08-31").await.is(200);
    assert_eq!(then.body["total"]["potentialFive"], 1);
}

#[actix_web::test]
async fn a_new_recognition_takes_the_place_of_the_one_before() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Nước mắm rươi", 3, (500, 9));
    let first = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let old = first.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    world.today("2027-03-01");
    let again = Scored {
        kind: DossierKind::Upgrade,
        filed_on: "2027-01-05",
        product: Some(filed),
        ..world.asked_of_province("Nước mắm rươi", 4, (700, 9))
    };
    let upgrade = world.scored(&again);
    let second = office.decide("recognition", &[upgrade.dossier], "2/QĐ-UBND", "2027-03-01").await;
    let new = second.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    let seen = world.stranger().get(&format!("/v1/verify/{old}")).await.is(200);
    assert_eq!((&seen.body["state"], &seen.body["since"]), (&json!("superseded"), &json!("2027-03-01")));
    assert_eq!(seen.body["supersededBy"], json!(new));
    let page = world.stranger().get(&format!("/v1/catalogue/products/{}", filed.product)).await.is(200);
    assert_eq!((&page.body["stars"], page.body["history"].as_array().unwrap().len()), (&json!(4), 2));
    assert_eq!(page.body["history"][1]["state"], "superseded");
    let stats = world.stranger().get("/v1/catalogue/stats?by=star").await.is(200);
    assert_eq!(stats.body["total"]["recognised"], 1, "one product, counted once");
}

#[actix_web::test]
async fn a_refused_upgrade_leaves_the_present_certificate_as_it_was() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Nước mắm rươi", 3, (500, 9));
    let first = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let item = &first.body["items"][0];
    let path = format!("/v1/certificates/{}", item["certificateId"].as_str().unwrap());
    let verify = format!("/v1/verify/{}", item["certificateNumber"].as_str().unwrap());
    world.today("2027-03-01");
    let (before, seen) = (office.officer.get(&path).await.is(200), world.stranger().get(&verify).await.is(200));
    let upgrade = world.scored(&Scored {
        kind: DossierKind::Upgrade,
        filed_on: "2027-01-05",
        product: Some(filed),
        ..world.asked_of_province("Nước mắm rươi", 2, (420, 9))
    });
    let mut refusal = office.body("notRecognition", &[upgrade.dossier]);
    refusal["reason"] = json!("Chưa đạt hạng cao hơn");
    let draft = office.officer.post_once("/v1/decisions", "n", refusal).await.is(201);
    let signed = office.sign(&draft, "5/TB-UBND", "2027-03-01").await.is(200);
    office.publish(&signed).await.is(200);
    assert_eq!(world.dossier(upgrade.dossier).status, Status::NotRecognised);
    assert_eq!(office.officer.get(&path).await.is(200).body, before.body);
    assert_eq!(world.stranger().get(&verify).await.is(200).body, seen.body);
    assert_eq!((&seen.body["state"], &seen.body["stars"]), (&json!("valid"), &json!(3)));
    let life = world.stranger().get(&format!("/v1/catalogue/products/{}/history", filed.product)).await.is(200);
    let kinds: Vec<&Value> = life.body["events"].as_array().unwrap().iter().map(|e| &e["kind"]).collect();
    assert_eq!(kinds, [&json!("recognised")], "a refusal is no event of its recognition");
    let told = world.of_producer(filed.producer).get("/v1/notices").await.is(200).body["data"][0].clone();
    assert_eq!((&told["outcome"], &told["reason"]), (&json!("notRecognised"), &json!("Chưa đạt hạng cao hơn")));
}

#[actix_web::test]
async fn the_states_of_a_certificate_on_the_days_that_matter() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Cua biển", 4, (700, 9));
    let decided = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let item = &decided.body["items"][0];
    let (id, number) = (item["certificateId"].as_str().unwrap(), item["certificateNumber"].as_str().unwrap());
    let rows = [
        ("2026-05-31", "notYet"),
        ("2026-06-01", "valid"),
        ("2028-12-02", "valid"),
        ("2028-12-03", "expiring"),
        ("2029-06-01", "expiring"),
        ("2029-06-02", "expired"),
    ];
    for (on, state) in rows {
        let one = office.officer.get(&format!("/v1/certificates/{id}?on={on}")).await.is(200);
        assert_eq!(one.body["standing"]["state"], state, "{on}");
        let listed = office.officer.get(&format!("/v1/certificates?state={state}&on={on}")).await.is(200);
        assert_eq!(listed.body["data"][0]["number"], json!(number), "{on}");
        if on >= "2026-06-01" {
            world.today(on);
            let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200);
            assert_eq!(seen.body["state"], state, "{on}");
        }
    }
    world.today("2026-07-10");
    office.revoke(id, "2026-07-01", "77/QĐ-UBND", "2026-07-10").await;
    for (on, state) in [("2026-07-09", "valid"), ("2026-07-10", "revoked"), ("2029-06-02", "revoked")] {
        let one = office.officer.get(&format!("/v1/certificates/{id}?on={on}")).await.is(200);
        assert_eq!(one.body["standing"]["state"], state, "{on}");
    }
}

#[actix_web::test]
async fn a_revocation_rests_on_its_own_paper_and_counts_at_once() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Rượu dừa", 4, (700, 9));
    let decided = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let item = decided.body["items"][0].clone();
    let (id, number) = (item["certificateId"].as_str().unwrap(), item["certificateNumber"].as_str().unwrap());
    world.today("2026-07-10");
    let case = |ground: &str, kind: &str, dated: &str| {
        json!({ "certificateId": id, "ground": ground,
                "evidence": { "kind": kind, "number": "1", "dated": dated, "body": "UBND xã" } })
    };
    let stop = |body| {
        let officer = office.officer.clone();
        async move { officer.post_once("/v1/revocations", &uuid::Uuid::now_v7().to_string(), body).await }
    };
    stop(case("productionEnded", "conclusion", "2026-07-01")).await.refused("revocation_evidence_kind");
    stop(case("lawBroken", "conclusion", "2026-07-11")).await.refused("revocation_evidence_after_decision");
    world
        .officer(Role::Commune, world.vinh_long())
        .post_once("/v1/revocations", "c", case("lawBroken", "conclusion", "2026-07-01"))
        .await
        .is(403);
    let opened = stop(case("productionEnded", "communeConfirmation", "2026-07-01")).await.is(201);
    assert_eq!((&opened.body["dueOn"], &opened.body["letter"]), (&json!("2026-07-16"), &json!("đ")));
    stop(case("lawBroken", "conclusion", "2026-07-01")).await.refused("revocation_case_open");
    let listed = office.officer.get("/v1/revocations?state=open").await.is(200);
    assert_eq!(listed.body["data"][0]["id"], json!(opened.id()));

    let body =
        json!({ "kind": "revocation", "level": "province", "placeId": office.place, "revocations": [opened.id()] });
    let draft = office.officer.post_once("/v1/decisions", "r1", body).await.is(201);
    let signed = office.sign(&draft, "8/QĐ-UBND", "2026-07-10").await.is(200);
    assert_eq!(world.stranger().get(&format!("/v1/verify/{number}")).await.is(200).body["state"], "valid");
    office.publish(&signed).await.is(200);
    let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200);
    assert_eq!((&seen.body["state"], &seen.body["inForce"]), (&json!("revoked"), &json!(false)));
    assert_eq!(seen.body["endedBy"]["number"], "8/QĐ-UBND");
    assert!(seen.body["reason"]["vi"].as_str().unwrap().contains("không còn sản xuất"));
    assert_eq!(office.officer.get(&format!("/v1/revocations/{}", opened.id())).await.is(200).body["state"], "revoked");
    stop(case("lawBroken", "conclusion", "2026-07-01")).await.refused("certificate_already_ended");
    let stats = world.stranger().get("/v1/catalogue/stats?by=star&on=2026-07-10").await.is(200);
    assert_eq!(stats.body["total"]["recognised"], 0);
    let before = world.stranger().get("/v1/catalogue/stats?by=star&on=2026-07-09").await.is(200);
    assert_eq!(before.body["total"]["recognised"], 1);
}

/// The body of a move that signs.
fn signature(number: &str) -> Value {
    json!({ "action": "sign", "number": number, "signedOn": "2026-06-01", "signerName": "A B" })
}

fn moves_of(decision: &Reply) -> String {
    format!("/v1/decisions/{}/moves", decision.id())
}

#[actix_web::test]
async fn two_signers_sign_one_decision_at_once_and_it_is_signed_once() {
    let world = World::new().await;
    let place = world.vinh_long();
    let office = world.province_office(place);
    let other = world.officer(Role::Signer, place);
    let filed = world.scored_at_province("Khô cá", 4, (700, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    let path = moves_of(&draft);
    let gate = hold_row(&world, "decisions", &draft.id());
    let both = join(
        office.signer.move_on(&path, draft.tag(), signature("1/QĐ-UBND")),
        other.move_on(&path, draft.tag(), signature("2/QĐ-UBND")),
    );
    let (a, b) = release_when_waiting(&world, gate, 2, both).await;
    assert_eq!(statuses(&a, &b), [200, 412], "{} {}", a.text, b.text);
    let signed = if a.status == 200 { a } else { b };
    let number = signed.body["items"][0]["certificateNumber"].as_str().unwrap();
    assert!(number.starts_with("OCOP-86-2026-000001-"), "{number}");
}

#[actix_web::test]
async fn two_decisions_signed_at_once_never_share_a_number() {
    let world = World::new().await;
    let place = world.vinh_long();
    let office = world.province_office(place);
    let other = world.officer(Role::Signer, place);
    let dossier = |name: &'static str| world.scored_at_province(name, 4, (700, 9)).dossier;
    let first = office.prepare("recognition", &[dossier("Khô cá")]).await.is(201);
    let second = office.prepare("recognition", &[dossier("Mắm tôm")]).await.is(201);
    let third = office.prepare("recognition", &[dossier("Dừa sáp")]).await.is(201);
    // The first signature makes the counter, so that there is a row to wait for.
    let first = office.signer.move_on(&moves_of(&first), first.tag(), signature("1/QĐ-UBND")).await.is(200);
    let (second_path, third_path) = (moves_of(&second), moves_of(&third));
    let gate = hold_counters(&world);
    let both = join(
        office.signer.move_on(&second_path, second.tag(), signature("2/QĐ-UBND")),
        other.move_on(&third_path, third.tag(), signature("3/QĐ-UBND")),
    );
    let (second, third) = release_when_waiting(&world, gate, 2, both).await;
    let mut numbers = [first, second.is(200), third.is(200)]
        .map(|r| r.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned());
    numbers.sort();
    for (number, sequence) in numbers.iter().zip(["000001", "000002", "000003"]) {
        assert!(number.starts_with(&format!("OCOP-86-2026-{sequence}-")), "{numbers:?}");
    }
}

/// Two answers, the lower status first.
fn statuses(a: &Reply, b: &Reply) -> [u16; 2] {
    let mut both = [a.status.as_u16(), b.status.as_u16()];
    both.sort_unstable();
    both
}

#[actix_web::test]
async fn two_officers_publish_one_decision_at_once_and_it_is_published_once() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Khô cá", 4, (700, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    let signed = office.sign(&draft, "1/QĐ-UBND", "2026-06-01").await.is(200);
    let path = moves_of(&draft);
    let publish = json!({ "action": "publish" });
    let gate = hold_row(&world, "decisions", &draft.id());
    let both = join(
        office.officer.move_on(&path, signed.tag(), publish.clone()),
        office.signer.move_on(&path, signed.tag(), publish),
    );
    let (a, b) = release_when_waiting(&world, gate, 2, both).await;
    assert_eq!(statuses(&a, &b), [200, 412], "{} {}", a.text, b.text);
    let held = office.officer.get("/v1/certificates").await.is(200);
    assert_eq!(held.body["data"].as_array().unwrap().len(), 1, "{}", held.text);
}

/// A certificate of the office, on a day when its case can be opened.
async fn certified(world: &World, office: &crate::world::certification::Office) -> String {
    let filed = world.scored_at_province("Rượu dừa", 4, (700, 9));
    let decided = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    world.today("2026-07-10");
    decided.body["items"][0]["certificateId"].as_str().unwrap().to_owned()
}

fn case_about(certificate: &str) -> Value {
    json!({ "certificateId": certificate, "ground": "lawBroken",
            "evidence": { "kind": "conclusion", "number": "1", "dated": "2026-07-01", "body": "Sở Y tế" } })
}

#[actix_web::test]
async fn two_officers_open_a_case_about_one_certificate_at_once_and_one_is_open() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let id = certified(&world, &office).await;
    let gate = hold_row(&world, "certificates", &id);
    let both = join(
        office.officer.post_once("/v1/revocations", "one", case_about(&id)),
        office.officer.post_once("/v1/revocations", "two", case_about(&id)),
    );
    let (a, b) = release_when_waiting(&world, gate, 2, both).await;
    assert_eq!(statuses(&a, &b), [201, 409], "{} {}", a.text, b.text);
    let refused = if a.status == 409 { a } else { b };
    refused.refused("revocation_case_open");
}

#[actix_web::test]
async fn a_case_is_dropped_and_put_in_a_decision_at_once_and_only_one_of_it_happens() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let id = certified(&world, &office).await;
    let case = office.officer.post_once("/v1/revocations", "one", case_about(&id)).await.is(201);
    let path = format!("/v1/revocations/{}/moves", case.id());
    let body =
        json!({ "kind": "revocation", "level": "province", "placeId": office.place, "revocations": [case.id()] });
    let gate = hold_row(&world, "revocations", &case.id());
    let both = join(
        office.officer.move_on(&path, case.tag(), json!({ "action": "drop", "reason": "Kết luận đã bị hủy" })),
        office.officer.post_once("/v1/decisions", "two", body),
    );
    let (dropped, prepared) = release_when_waiting(&world, gate, 2, both).await;
    let now = office.officer.get(&format!("/v1/revocations/{}", case.id())).await.is(200);
    match prepared.status.as_u16() {
        201 => {
            dropped.is(412);
            assert_eq!(now.body["state"], "inDecision");
        }
        _ => {
            dropped.is(200);
            prepared.refused("revocation_case_closed");
            assert_eq!(now.body["state"], "dropped");
        }
    }
}

#[actix_web::test]
async fn what_a_merged_producer_holds_is_shown_under_the_entry_that_stays_and_its_papers_keep_their_name() {
    let world = World::new().await;
    let place = world.vinh_long();
    let office = world.province_office(place);
    let filed = world.scored_at_province("Mắm tôm", 4, (700, 9));
    let decided = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let line = &decided.body["items"][0];
    let (number, printed) = (line["certificateNumber"].as_str().unwrap(), line["producerName"].as_str().unwrap());
    let commune = world.commune_of(place);
    let stays = world.deed(move |cx| stock::producer(cx, "Hợp tác xã Mới", ProducerType::Cooperative, commune));

    let path = format!("/v1/producers/{}", filed.producer);
    let tag = office.officer.get(&path).await.is(200).tag().to_owned();
    let merge = because("Ghi hai lần", json!({ "into": stays }));
    office.officer.acts(&format!("{path}/merge"), &tag, "merge", merge).await.is(201);
    world.record();

    // Whoever speaks for the entry that stays, from now on too, has all of it.
    let new_person = world.of_producer(stays);
    let id = json!(stays);
    let certificates = new_person.get("/v1/certificates").await.is(200);
    let certificate = &certificates.body["data"][0];
    assert_eq!((&certificate["producerId"], &certificate["printed"]["producerName"]), (&id, &json!(printed)));
    assert_eq!(new_person.get(&format!("/v1/dossiers/{}", filed.dossier)).await.is(200).body["producer"], id);
    for asked in [stays, filed.producer] {
        let found = office.officer.get(&format!("/v1/certificates?producerId={asked}")).await.is(200);
        assert_eq!(found.body["data"][0]["number"], json!(number), "{asked}");
    }
    let nobodys = office.officer.get(&format!("/v1/certificates?producerId={}", uuid::Uuid::now_v7())).await.is(200);
    assert_eq!(nobodys.body["data"], json!([]));
    let card = world.stranger().get(&format!("/v1/catalogue/products/{}", filed.product)).await.is(200);
    assert_eq!((&card.body["producer"]["id"], &card.body["producer"]["name"]), (&id, &json!("Hợp tác xã Mới")));
    // What figures and the rows of a plan count.
    let product = filed.product;
    let counted = world.deed(move |cx| ocop::certification::recognitions_of(cx, product));
    assert_eq!(counted.iter().map(|r| r.producer_id).collect::<Vec<_>>(), [Some(stays)]);

    // Papers bear the name that they were issued with.
    let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200);
    assert_eq!(seen.body["producer"]["name"], json!(printed));
    let again = office.officer.get(&format!("/v1/decisions/{}", decided.id())).await.is(200);
    let line = &again.body["items"][0];
    assert_eq!((&line["producerId"], &line["producerName"]), (&id, &json!(printed)));
    let public = world.stranger().get(&format!("/v1/catalogue/decisions/{}", decided.id())).await.is(200);
    assert_eq!(public.body["items"][0]["producerName"], json!(printed));
}
