//! Recognitions withdrawn after the Ministry's check, certificates corrected, scans of decisions.

use ocop::actor::Role;
use ocop::dossiers::Status;
use ocop::rulebook::DossierKind;
use serde_json::{Value, json};

use crate::world::certification::{Filed, Office, Scored};
use crate::world::dossiers::pdf;
use crate::world::{Reply, World};

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

async fn published(office: &Office, body: Value, number: &str, on: &str) -> Reply {
    let draft = office.officer.post_once("/v1/decisions", &key(), body).await.is(201);
    let signed = office.sign(&draft, number, on).await.is(200);
    office.publish(&signed).await.is(200)
}

#[actix_web::test]
async fn a_withdrawal_undoes_the_recognition_from_its_day_and_takes_the_dossier_up_at_its_step() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, number, filed) = office.certified(&world, "Mật dừa", "1/QĐ-UBND").await;
    world.today("2026-07-10");
    let mut body = office.withdrawal(&id, "receipt");
    body["reopenAt"] = Value::Null;
    office.officer.post_once("/v1/decisions", &key(), body.clone()).await.is(422);
    body["reopenAt"] = json!("somewhere");
    office.officer.post_once("/v1/decisions", &key(), body).await.is(422);
    let draft = office.officer.post_once("/v1/decisions", &key(), office.withdrawal(&id, "receipt")).await.is(201);
    assert_eq!(draft.body["reopenAt"], "receipt");
    let signed = office.sign(&draft, "9/QĐ-UBND", "2026-07-09").await.is(200);
    let verify = format!("/v1/verify/{number}");
    let stranger = world.stranger();
    assert_eq!(stranger.get(&verify).await.is(200).body["state"], "valid", "signed is not published");
    assert_eq!(world.dossier(filed.dossier).status, Status::Recognised);
    let done = office.publish(&signed).await.is(200);
    assert_eq!(done.body["items"][0]["reopened"], "atProvince");
    assert_eq!(done.body["items"][0]["evaluationReview"], Value::Null);

    // On any date: from the day of the decision, and not before.
    for (on, state) in [("2026-07-08", "valid"), ("2026-07-09", "withdrawn"), ("2029-06-02", "withdrawn")] {
        let seen = stranger.get(&format!("{verify}?on={on}")).await.is(200);
        assert_eq!(seen.body["state"], state, "{on}");
        assert_eq!(seen.body["withdrawnBecause"].is_string(), state == "withdrawn", "{on}");
        let one = office.officer.get(&format!("/v1/certificates/{id}?on={on}")).await.is(200);
        assert_eq!(one.body["standing"]["state"], state, "{on}");
        let listed = office.officer.get(&format!("/v1/certificates?state={state}&on={on}")).await.is(200);
        assert_eq!(listed.body["data"][0]["number"], json!(number), "{on}");
    }
    let seen = stranger.get(&verify).await.is(200);
    assert_eq!((&seen.body["inForce"], &seen.body["endedBy"]["number"]), (&json!(false), &json!("9/QĐ-UBND")));
    assert_eq!(seen.body["withdrawnBecause"], "Hội đồng họp không đủ số thành viên");
    let stock = async |on: &str| {
        stranger.get(&format!("/v1/catalogue/stats?by=star&on={on}")).await.is(200).body["total"]["recognised"].clone()
    };
    assert_eq!((stock("2026-07-08").await, stock("2026-07-09").await), (json!(1), json!(0)));
    let life = stranger.get(&format!("/v1/catalogue/products/{}/history", filed.product)).await.is(200);
    let last = life.body["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["on"]), (&json!("withdrawn"), &json!("2026-07-09")));
    assert_eq!(last["reason"]["vi"], "Hội đồng họp không đủ số thành viên");
    let page = stranger.get(&format!("/v1/catalogue/decisions/{}", draft.id())).await.is(200);
    assert_eq!(page.body["items"][0]["certificateNumber"], json!(number));

    // In writing to producer and commune; nobody withdraws or revokes it twice.
    for reader in [world.of_producer(filed.producer), world.officer(Role::Commune, world.commune_of(world.vinh_long()))]
    {
        let told = reader.get(&format!("/v1/notices?dossierId={}", filed.dossier)).await.is(200);
        let newest = &told.body["data"][0];
        assert_eq!((&newest["outcome"], &newest["reason"]), (&json!("withdrawn"), &seen.body["withdrawnBecause"]));
    }
    let again = office.officer.post_once("/v1/decisions", &key(), office.withdrawal(&id, "review")).await;
    again.refused("certificate_already_ended");

    // The dossier goes on from where it is, and may be recognised again.
    assert_eq!(world.dossier(filed.dossier).status, Status::AtProvince);
    let moves = world.of_producer(filed.producer).get(&format!("/v1/dossiers/{}/history", filed.dossier)).await.is(200);
    let newest = moves.body["moves"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&newest["action"], &newest["reason"]), (&json!("reopen"), &seen.body["withdrawnBecause"]));
    let row = office.officer.get(&format!("/v1/dossiers/{}", filed.dossier)).await.is(200);
    let go = json!({ "action": "startReview" });
    office.officer.acts(&format!("/v1/dossiers/{}/moves", filed.dossier), row.tag(), &key(), go).await.is(201);
    assert_eq!(world.dossier(filed.dossier).status, Status::InReview);
}

#[actix_web::test]
async fn a_withdrawal_links_up_with_the_ministrys_order_and_leaves_another_open_dossier_alone() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (ordered, _, filed) = office.certified(&world, "Mật dừa", "1/QĐ-UBND").await;
    let order = json!({ "dossierId": filed.dossier, "conclusionNumber": "45/KL-BNNMT", "concludedOn": "2026-05-30",
        "grounds": "Hội đồng họp không đủ số thành viên" });
    let order = world.with_role(Role::Central).post("/v1/evaluation-reviews", order).await.is(201);
    assert_eq!(world.dossier(filed.dossier).status, Status::InReview);
    let (other, number, before) = office.certified(&world, "Dừa sáp", "2/QĐ-UBND").await;
    world.today("2026-07-10");
    let version = world.dossier(filed.dossier).version;
    let done = published(&office, office.withdrawal(&ordered, "receipt"), "9/QĐ-UBND", "2026-07-10").await;
    assert_eq!(done.body["items"][0]["reopened"], "inReview", "it was taken up by the order");
    assert_eq!(done.body["items"][0]["evaluationReview"], json!(order.id()));
    assert_eq!(world.dossier(filed.dossier).version, version, "and is not moved twice");

    // An upgrade of the product is under way: the dossier of before stays closed.
    let upgrade = world.scored(&Scored {
        kind: DossierKind::Upgrade,
        status: Status::InReview,
        filed_on: "2026-06-20",
        product: Some(before),
        ..world.asked_of_province("", 4, (700, 9))
    });
    let done = published(&office, office.withdrawal(&other, "review"), "10/QĐ-UBND", "2026-07-10").await;
    assert_eq!(done.body["items"][0]["reopened"], Value::Null);
    assert_eq!(world.dossier(before.dossier).status, Status::Recognised);
    assert_eq!(world.dossier(upgrade.dossier).status, Status::InReview);
    let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200);
    assert_eq!(seen.body["state"], "withdrawn");
}

#[actix_web::test]
async fn a_correction_changes_the_words_and_never_what_was_decided() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, number, filed) = office.certified(&world, "Rượu dừa", "1/QĐ-UBND").await;
    let print = |reason: &str| {
        let (officer, path, body) =
            (&office.officer, format!("/v1/certificates/{id}/prints"), json!({ "reason": reason }));
        async move { officer.post_once(&path, &key(), body).await.is(201) }
    };
    print("").await;
    let first = format!("/v1/certificates/{id}/prints/1/pdf");
    let paper = office.officer.get(&first).await.is(200).bytes;
    let name_of = async || {
        let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200);
        seen.body["producer"]["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(name_of().await, "Hợp tác xã Rượu dừa");
    world.today("2026-07-10");
    let body = |lines: &[(&str, &str)]| {
        let line = |(field, to): &(&str, &str)| json!({ "certificateId": id, "field": field, "to": to });
        json!({ "kind": "correction", "level": office.level, "placeId": office.place, "legalBases": ["Đơn của chủ thể"],
            "reason": "Sai chính tả", "corrections": lines.iter().map(line).collect::<Vec<_>>() })
    };
    let ask = async |body: Value| office.officer.post_once("/v1/decisions", &key(), body).await;
    for field in ["stars", "validThrough", "signedOn", "number", "decisionNumber"] {
        ask(body(&[(field, "5")])).await.refused("correction_not_clerical");
    }
    ask(body(&[("producerName", "Hợp tác xã Rượu dừa")])).await.refused("correction_changes_nothing");
    ask(body(&[("productCode", "86-29242-3-2026")])).await.refused("correction_code_of_another");
    ask(body(&[("mean", "90")])).await.is(422);
    ask(body(&[("place", "  ")])).await.is(422);
    ask(body(&[("place", "A"), ("place", "B")])).await.is(422);
    let mut nobody = body(&[("place", "A")]);
    nobody["corrections"][0]["certificateId"] = json!(key());
    assert_eq!(ask(nobody).await.is(422).body["errors"][0]["pointer"], "/corrections/0");
    let lines = [("producerName", "Hợp tác xã Rượu Dừa Ba Tri"), ("place", "xã Ba Tri, tỉnh Vĩnh Long")];
    let draft = ask(body(&lines)).await.is(201);
    ask(body(&lines)).await.refused("decision_in_other");
    let change = draft.body["items"][0]["corrections"][0].clone();
    assert_eq!((&change["before"], &change["after"]), (&json!("Hợp tác xã Rượu dừa"), &json!(lines[0].1)));
    let signed = office.sign(&draft, "12/QĐ-UBND", "2026-07-10").await.is(200);
    assert_eq!(name_of().await, "Hợp tác xã Rượu dừa", "signed is not published");
    let credential = format!("/v1/certificates/{id}/credential");
    let issued = world.stranger().get(&credential).await.is(200).text;
    office.publish(&signed).await.is(200);

    // At once for everybody, with what was decided untouched.
    assert_eq!(name_of().await, lines[0].1);
    let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200).body;
    assert_eq!((&seen["place"]["printed"], &seen["stars"]), (&json!(lines[1].1), &json!(4)));
    assert_eq!((&seen["state"], &seen["validThrough"]), (&json!("valid"), &json!("2029-06-01")));
    assert_eq!(seen["corrections"][0]["field"], "producerName");
    assert_eq!(seen["corrections"][0]["decision"]["number"], "12/QĐ-UBND");
    assert!(!seen.to_string().contains("Hợp tác xã Rượu dừa"), "the wording of before is in the decision");
    assert_ne!(world.stranger().get(&credential).await.is(200).text, issued, "a new credential says the new words");
    let page = world.stranger().get(&format!("/v1/catalogue/decisions/{}", draft.id())).await.is(200).body;
    assert_eq!(page["items"][0]["corrections"][1]["after"], json!(lines[1].1));
    let own = world.of_producer(filed.producer).get(&format!("/v1/certificates/{id}")).await.is(200).body;
    assert_eq!(own["corrections"][0]["lines"][0]["before"], "Hợp tác xã Rượu dừa");
    assert_eq!(own["printed"]["producerName"], json!(lines[0].1));
    let life = world.stranger().get(&format!("/v1/catalogue/products/{}/history", filed.product)).await.is(200);
    let kinds: Vec<&Value> = life.body["events"].as_array().unwrap().iter().map(|e| &e["kind"]).collect();
    assert_eq!(kinds, [&json!("recognised"), &json!("corrected")]);

    let told = world.of_producer(filed.producer).get("/v1/notices").await.is(200).body["data"][0].clone();
    assert_eq!((&told["outcome"], &told["certificateNumber"]), (&json!("corrected"), &json!(number)));
    assert_eq!((&told["reason"], &told["decision"]["number"]), (&json!("Sai chính tả"), &json!("12/QĐ-UBND")));

    // A print stays what it was; the next one bears the corrected words.
    assert!(office.officer.get(&first).await.is(200).bytes == paper, "the first print is what it was");
    print("Đính chính").await;
    assert!(office.officer.get(&format!("/v1/certificates/{id}/prints/2/pdf")).await.is(200).bytes != paper);
    office.officer.get(&format!("/v1/decisions/{}/pdf", draft.id())).await.is(200);
    // And may itself be corrected, from the words of now.
    let second = ask(body(&[("producerName", "Hợp tác xã Rượu Dừa Ba Tri 2")])).await.is(201);
    assert_eq!(second.body["items"][0]["corrections"][0]["before"], json!(lines[0].1));
    let signed = office.sign(&second, "13/QĐ-UBND", "2026-07-10").await.is(200);
    office.publish(&signed).await.is(200);
    assert_eq!(name_of().await, "Hợp tác xã Rượu Dừa Ba Tri 2");
    assert!(office.officer.get(&first).await.is(200).bytes == paper, "two corrections later, too");
}

#[actix_web::test]
async fn a_scan_of_a_signed_decision_is_kept_beside_it_and_is_public_only_where_it_says_so() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Trà mãng cầu", 4, (720, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    let path = format!("/v1/decisions/{}/scans", draft.id());
    let public = format!("/v1/catalogue/decisions/{}", draft.id());
    let (paper, other) = (pdf("có chữ ký và dấu"), pdf("bản che số định danh"));
    office.officer.uploads(&path, "qd.pdf", &paper, &[]).await.refused("decision_wrong_moment");
    let signed = office.sign(&draft, "7/QĐ-UBND", "2026-06-01").await.is(200);
    office.signer.uploads(&path, "qd.pdf", &paper, &[]).await.is(403);
    office.officer.uploads(&path, "qd.pdf", &paper, &[("public", "maybe")]).await.is(422);
    office.officer.uploads(&path, "qd.docx", b"PK\x03\x04 a macro", &[]).await.is(415);
    let kept = office.officer.uploads(&path, "qd.pdf", &paper, &[]).await.is(201).body;
    let shown = office.officer.uploads(&path, "qd-cong-khai.pdf", &other, &[("public", "true")]).await.is(201).body;
    assert_eq!((&kept["public"], kept["sha256"].as_str().unwrap().len()), (&json!(false), 64));
    let stranger = world.stranger();
    let scan = |row: &Value| format!("{public}/scans/{}", row["id"].as_str().unwrap());
    stranger.get(&scan(&shown)).await.is(404);
    office.publish(&signed).await.is(200);
    let page = stranger.get(&public).await.is(200).body;
    assert_eq!(page["scans"].as_array().unwrap().len(), 1);
    assert_eq!((&page["scans"][0]["id"], &page["scans"][0]["sha256"]), (&shown["id"], &shown["sha256"]));
    assert!(stranger.get(&scan(&shown)).await.is(200).bytes == other);
    stranger.get(&scan(&kept)).await.is(404);
    // Officials of the deciding levels read both; a commune and a department read neither.
    let content = kept["content"].as_str().unwrap();
    assert!(office.signer.get(content).await.is(200).bytes == paper);
    for role in [Role::Commune, Role::Department] {
        world.officer(role, world.vinh_long()).get(content).await.is(403);
    }
    world
        .officer(Role::Province, world.unit("25", ocop::places::Level::Province, "2026-01-01"))
        .get(content)
        .await
        .is(404);
    assert_eq!(
        office.officer.get(&path).await.is(200).body["data"].as_array().unwrap().len(),
        2,
        "nothing is replaced"
    );
    // What was marked by mistake is unmarked, and the catalogue says so a second later.
    let one = format!("{path}/{}", shown["id"].as_str().unwrap());
    office.officer.put(&one, "\"1\"", json!({ "public": false })).await.is(200);
    stranger.get(&scan(&shown)).await.is(404);
    world.record();
    actix_web::rt::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(stranger.get(&public).await.is(200).body["scans"], json!([]));
}

const CODE: &str = "84-845-29338-1-2021";

/// A withdrawal of a recognition that a list tells of.
fn of_a_list(office: &Office, recognition: &Value) -> Value {
    json!({ "kind": "withdrawal", "level": office.level, "placeId": office.place,
        "legalBases": ["Kết luận kiểm tra 45/KL-BNNMT"], "reason": "Hội đồng họp không đủ số thành viên",
        "recognitions": [recognition] })
}

/// The recognitions of a product, the latest first, as anybody reads them.
async fn history(world: &World, product: ocop::ids::ProductId) -> Value {
    world.stranger().get(&format!("/v1/catalogue/products/{product}")).await.is(200).body["history"].clone()
}

#[actix_web::test]
async fn a_recognition_that_a_list_tells_of_is_withdrawn_like_any_other_and_takes_up_no_dossier() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let commune = world.commune_of(world.vinh_long());
    let (_, _, held) = office.certified(&world, "Mật dừa", "1/QĐ-UBND").await;
    world.today("2026-07-10");
    let (product, producer, _) = world.listed("Mắm bò hóc", 4, "2024-12-30", commune);
    world.coded(product, CODE);
    let id = history(&world, product).await[0]["id"].clone();
    let ask = async |body: Value| office.officer.post_once("/v1/decisions", &key(), body).await;
    let with = |field: &str, value: Value| {
        let mut body = of_a_list(&office, &id);
        body[field] = value;
        body
    };
    ask(with("reopenAt", json!("receipt"))).await.is(422);
    ask(with("recognitions", json!([]))).await.is(422);
    ask(with("kind", json!("extension"))).await.is(422);
    let nobody = ask(with("recognitions", json!([key()]))).await.is(422);
    assert_eq!(nobody.body["errors"][0]["pointer"], "/recognitions/0");
    let elsewhere = world.province_office(world.unit("25", ocop::places::Level::Province, "2026-01-01"));
    let theirs = elsewhere.officer.post_once("/v1/decisions", &key(), of_a_list(&elsewhere, &id)).await.is(422);
    assert_eq!(theirs.body["errors"][0]["pointer"], "/recognitions/0");
    let bears = history(&world, held.product).await[0]["id"].clone();
    ask(of_a_list(&office, &bears)).await.refused("recognition_has_certificate");

    let draft = ask(of_a_list(&office, &id)).await.is(201);
    assert_eq!((&draft.body["items"][0]["recognitionId"], &draft.body["reopenAt"]), (&id, &Value::Null));
    ask(of_a_list(&office, &id)).await.refused("decision_in_other");
    let signed = office.sign(&draft, "9/QĐ-UBND", "2026-07-09").await.is(200);
    let stranger = world.stranger();
    let verify = format!("/v1/verify/{CODE}");
    assert_eq!(stranger.get(&verify).await.is(200).body["state"], "valid", "signed is not published");
    let done = office.publish(&signed).await.is(200);
    assert_eq!(done.body["items"][0]["reopened"], Value::Null);

    // By the product's code, on any date.
    for (on, state) in [("2026-07-08", "valid"), ("2026-07-09", "withdrawn"), ("2028-01-01", "withdrawn")] {
        assert_eq!(stranger.get(&format!("{verify}?on={on}")).await.is(200).body["state"], state, "{on}");
    }
    let seen = stranger.get(&verify).await.is(200).body;
    assert_eq!((&seen["inForce"], &seen["endedBy"]["number"]), (&json!(false), &json!("9/QĐ-UBND")));
    assert_eq!((&seen["since"], &seen["number"]), (&json!("2026-07-09"), &Value::Null));
    assert_eq!(seen["withdrawnBecause"], "Hội đồng họp không đủ số thành viên");
    let life = stranger.get(&format!("/v1/catalogue/products/{product}/history")).await.is(200).body;
    let last = life["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["on"]), (&json!("withdrawn"), &json!("2026-07-09")));
    assert_eq!(last["decision"]["number"], "9/QĐ-UBND");
    assert_eq!(last["decision"]["authorityName"], "Ủy ban nhân dân tỉnh Vĩnh Long");
    assert_eq!(last["reason"]["vi"], "Hội đồng họp không đủ số thành viên");
    world.record();
    let revoked = stranger.get("/v1/catalogue/products?state=revoked").await.is(200).body;
    assert_eq!(revoked["data"][0]["id"], json!(product));
    assert_eq!(history(&world, product).await[0]["state"], "withdrawn");
    let stock = async |on: &str| {
        stranger.get(&format!("/v1/catalogue/stats?by=star&on={on}")).await.is(200).body["total"]["recognised"].clone()
    };
    assert_eq!((stock("2026-07-08").await, stock("2026-07-09").await), (json!(2), json!(1)));

    // In writing, once; and no second time.
    for reader in [world.of_producer(producer), world.officer(Role::Commune, commune)] {
        let all = reader.get("/v1/notices").await.is(200).body["data"].clone();
        let told = all.as_array().unwrap().iter().find(|n| n["productId"] == json!(product)).unwrap();
        assert_eq!((&told["outcome"], &told["dossierId"]), (&json!("withdrawn"), &Value::Null));
        assert_eq!((&told["article"], &told["reason"]), (&json!("Điều 10.1 b"), &seen["withdrawnBecause"]));
    }
    ask(of_a_list(&office, &id)).await.refused("certificate_already_ended");
    office.officer.get(&format!("/v1/decisions/{}/pdf", draft.id())).await.is(200);
    let public = stranger.get(&format!("/v1/catalogue/decisions/{}", draft.id())).await.is(200).body;
    assert_eq!(public["items"][0]["certificateNumber"], Value::Null);
}

#[actix_web::test]
async fn a_recognition_that_a_list_tells_of_is_revoked_on_its_ground_and_what_was_succeeded_counts_no_longer() {
    let world = World::on("2026-06-01").await;
    let office = world.province_office(world.vinh_long());
    let commune = world.commune_of(world.vinh_long());
    let (product, producer, recognition) = world.listed("Mắm bò hóc", 3, "2024-12-30", commune);
    world.coded(product, CODE);
    let case = |ground: &str, kind: &str| {
        json!({ "recognitionId": recognition, "ground": ground,
            "evidence": { "kind": kind, "number": "15/KL-SYT", "dated": "2026-05-30", "body": "Sở Y tế" } })
    };
    let open = async |body: Value| office.officer.post_once("/v1/revocations", &key(), body).await;
    let mut both = case("lawBroken", "conclusion");
    both["certificateId"] = json!(key());
    open(both).await.is(422);
    let mut none = case("lawBroken", "conclusion");
    none["recognitionId"] = Value::Null;
    open(none).await.is(422);
    let mut nobody = case("lawBroken", "conclusion");
    nobody["recognitionId"] = json!(key());
    assert_eq!(open(nobody).await.is(422).body["errors"][0]["pointer"], "/recognitionId");
    open(case("productionEnded", "conclusion")).await.refused("revocation_evidence_kind");
    // Under 26/2026 an end by time is no revocation, for these as for the others.
    open(case("notReEvaluated", "verificationReport")).await.refused("revocation_ground_unknown");
    let opened = open(case("lawBroken", "conclusion")).await.is(201);
    assert_eq!((&opened.body["certificateId"], &opened.body["recognitionId"]), (&Value::Null, &json!(recognition)));
    open(case("lawBroken", "conclusion")).await.refused("revocation_case_open");
    assert_eq!(office.officer.get("/v1/revocations").await.is(200).body["data"][0]["id"], json!(opened.id()));
    let elsewhere = world.province_office(world.unit("25", ocop::places::Level::Province, "2026-01-01"));
    elsewhere.officer.get(&format!("/v1/revocations/{}", opened.id())).await.is(404);

    // A new recognition takes its place before the decision comes.
    let filed = Filed { dossier: ocop::ids::DossierId::new(), product, producer };
    let again = world.scored(&Scored {
        kind: DossierKind::Upgrade,
        commune,
        filed_on: "2026-05-25",
        product: Some(filed),
        ..world.asked_of_province("", 4, (700, 9))
    });
    office.decide("recognition", &[again.dossier], "2/QĐ-UBND", "2026-06-01").await;
    world.today("2026-06-10");
    let body = json!({ "kind": "revocation", "level": office.level, "placeId": office.place,
        "revocations": [opened.id()] });
    let done = published(&office, body, "3/QĐ-UBND", "2026-06-10").await;
    assert_eq!(done.body["items"][0]["recognitionId"], json!(recognition));
    assert_eq!(office.officer.get(&format!("/v1/revocations/{}", opened.id())).await.is(200).body["state"], "revoked");
    let life = world.stranger().get(&format!("/v1/catalogue/products/{product}/history")).await.is(200).body;
    let revoked = life["events"].as_array().unwrap().iter().find(|e| e["kind"] == "revoked").unwrap();
    assert_eq!((&revoked["on"], &revoked["decision"]["number"]), (&json!("2026-06-10"), &json!("3/QĐ-UBND")));
    assert!(revoked["reason"]["vi"].as_str().unwrap().contains("vi phạm pháp luật"), "{revoked}");
    let all = history(&world, product).await;
    assert_eq!((&all[0]["state"], &all[1]["state"]), (&json!("valid"), &json!("revoked")));
    assert!(all[1]["reason"]["vi"].as_str().unwrap().contains("vi phạm pháp luật"), "{all}");
    world.record();
    for on in ["2026-05-31", "2026-06-01", "2026-06-09", "2026-06-10"] {
        let stats = world.stranger().get(&format!("/v1/catalogue/stats?by=star&on={on}")).await.is(200);
        assert_eq!(stats.body["total"]["recognised"], 1, "one product, counted once on {on}");
        let seen = world.stranger().get(&format!("/v1/verify/{CODE}?on={on}")).await.is(200).body;
        assert_eq!((&seen["inForce"], &seen["stars"]), (&json!(true), &json!(if on < "2026-06-01" { 3 } else { 4 })));
    }
    let told = world.of_producer(producer).get("/v1/notices").await.is(200).body["data"][0].clone();
    assert_eq!((&told["outcome"], &told["ground"]), (&json!("revoked"), &json!("lawBroken")));
    assert_eq!((&told["dossierId"], &told["certificateNumber"]), (&Value::Null, &Value::Null));
    open(case("lawBroken", "conclusion")).await.refused("certificate_already_ended");
}
