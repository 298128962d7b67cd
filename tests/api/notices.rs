//! Decisions in writing, to producer and commune.

use ocop::actor::Role;
use serde_json::{Value, json};

use crate::world::World;

#[actix_web::test]
async fn every_result_goes_in_writing_to_producer_and_commune_once_it_is_published() {
    let world = World::new().await;
    let place = world.vinh_long();
    let office = world.province_office(place);
    let commune = world.officer(Role::Commune, world.commune_of(place));
    let four = world.scored_at_province("Mật hoa dừa", 4, (746, 9));
    let five = world.scored_at_province("Mật ong rừng", 5, (855, 9));
    let two = world.scored_at_province("Bánh tét", 2, (400, 9));
    let mut refusal = office.body("notRecognition", &[two.dossier]);
    refusal["dossiers"][0]["note"] = json!("Phần C dưới mức tối thiểu");
    let drafts = [
        office.prepare("recognition", &[four.dossier]).await.is(201),
        office.prepare("resultApproval", &[five.dossier]).await.is(201),
        office.officer.post_once("/v1/decisions", "n", refusal).await.is(201),
    ];
    let mut signed = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        signed.push(office.sign(draft, &format!("{}/QĐ-UBND", at + 1), "2026-06-01").await.is(200));
    }
    assert_eq!(commune.get("/v1/notices").await.is(200).body["data"], json!([]), "nothing before publication");
    for decision in &signed {
        office.publish(decision).await.is(200);
    }
    let told = |body: &serde_json::Value| {
        let line = |n: &serde_json::Value| format!("{} {} {} {}", n["number"], n["outcome"], n["stars"], n["reason"]);
        let mut all: Vec<String> = body["data"].as_array().unwrap().iter().map(line).collect();
        all.sort();
        all.join("\n").replace('"', "")
    };
    assert_eq!(
        told(&commune.get("/v1/notices").await.is(200).body),
        "TB-OCOP-86-2026-000001 recognised 4 \nTB-OCOP-86-2026-000002 resultApproved 5 \n\
         TB-OCOP-86-2026-000003 notRecognised 2 Phần C dưới mức tối thiểu"
    );
    let producer = world.of_producer(two.producer);
    let own = producer.get("/v1/notices").await.is(200);
    assert_eq!(told(&own.body), "TB-OCOP-86-2026-000003 notRecognised 2 Phần C dưới mức tối thiểu");
    let notice = own.body["data"][0].clone();
    assert_eq!((&notice["decision"]["number"], &notice["issuedOn"]), (&json!("3/QĐ-UBND"), &json!("2026-06-01")));
    let path = format!("/v1/notices/{}", notice["id"].as_str().unwrap());
    let read = producer.get(&path).await.is(200);

    // Each confirms for itself, once.
    let receipt = format!("{path}/receipt");
    producer.post(&receipt, json!(null)).await.is(428);
    let got = producer.world.send(with_tag(&producer, &receipt, read.tag())).await.is(200);
    assert!(!got.body["producerReadAt"].is_null() && got.body["communeReadAt"].is_null());
    world.send(with_tag(&commune, &receipt, read.tag())).await.is(412);
    let both = world.send(with_tag(&commune, &receipt, got.tag())).await.is(200);
    assert_eq!(both.body["producerReadAt"], got.body["producerReadAt"]);
    assert!(!both.body["communeReadAt"].is_null());
    let again = world.send(with_tag(&commune, &receipt, both.tag())).await.is(200);
    assert_eq!(again.body, both.body, "a second time changes nothing");
    world.send(with_tag(&office.officer, &receipt, both.tag())).await.is(403);
    world.of_producer(four.producer).get(&path).await.is(404);
    world.stranger().get("/v1/notices").await.is(401);
    let elsewhere = world.officer(Role::Province, world.unit("25", ocop::places::Level::Province, "2026-01-01"));
    elsewhere.get(&path).await.is(404);
}

fn with_tag(person: &crate::world::Person, path: &str, tag: &str) -> actix_web::test::TestRequest {
    person.request(actix_web::http::Method::POST, path).insert_header(("If-Match", tag.to_owned()))
}

/// The letters that wait to be sent: whose, and what they say.
fn letters(world: &World) -> Vec<(ocop::ids::UserId, String)> {
    use diesel::prelude::*;
    use ocop::db::schema::letters as l;
    let read = |cx: &mut ocop::db::Ctx<'_>| Ok(l::table.order(l::id).select((l::user_id, l::body)).load(cx.conn)?);
    world.db().read_now(&ocop::actor::Caller::system("test"), read).unwrap()
}

#[actix_web::test]
async fn a_revocation_is_told_to_producer_and_commune_with_its_ground_and_never_before_its_publication() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Rượu dừa", 4, (700, 9));
    let decided = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let item = decided.body["items"][0].clone();
    let producer = world.of_producer(filed.producer);
    let commune = world.officer(Role::Commune, world.commune_of(world.vinh_long()));
    world.today("2026-07-10");
    let case = json!({ "certificateId": item["certificateId"], "ground": "lawBroken",
        "evidence": { "kind": "conclusion", "number": "15/KL-SYT", "dated": "2026-07-01", "body": "Sở Y tế" } });
    let case = office.officer.post_once("/v1/revocations", "case", case).await.is(201);
    let body = json!({ "kind": "revocation", "level": "province", "placeId": office.place,
        "reason": "Theo kết luận của Sở Y tế", "revocations": [case.id()] });
    let draft = office.officer.post_once("/v1/decisions", "draft", body).await.is(201);
    let signed = office.sign(&draft, "8/QĐ-UBND", "2026-07-09").await.is(200);
    let outcomes = async |reader: &crate::world::Person| -> Vec<Value> {
        let page = reader.get("/v1/notices").await.is(200).body;
        page["data"].as_array().unwrap().iter().map(|n| n["outcome"].clone()).collect()
    };
    for reader in [&producer, &commune] {
        assert_eq!(outcomes(reader).await, ["recognised"], "signed is not published");
    }
    assert_eq!(letters(&world), [], "the accounts are younger than the recognition");
    office.publish(&signed).await.is(200);

    for reader in [&producer, &commune] {
        assert_eq!(outcomes(reader).await, ["revoked", "recognised"]);
    }
    let told = producer.get(&format!("/v1/notices?dossierId={}", filed.dossier)).await.is(200).body["data"][0].clone();
    assert_eq!((&told["number"], &told["issuedOn"]), (&json!("TB-OCOP-86-2026-000002"), &json!("2026-07-10")));
    assert_eq!((&told["ground"], &told["article"]), (&json!("lawBroken"), &json!("Điều 8.1 c")));
    assert!(told["groundLabel"]["vi"].as_str().unwrap().contains("vi phạm pháp luật"), "{told}");
    let decision = &told["decision"];
    assert_eq!((&decision["number"], &decision["signedOn"]), (&json!("8/QĐ-UBND"), &json!("2026-07-09")));
    assert_eq!((&told["certificateNumber"], &told["stars"]), (&item["certificateNumber"], &Value::Null));
    assert_eq!(told["reason"], "Theo kết luận của Sở Y tế");
    let written = letters(&world);
    assert_eq!(written.len(), 2, "one to each account: {written:?}");
    for (_, body) in &written {
        for word in ["TB-OCOP-86-2026-000002", "Rượu dừa", "8/QĐ-UBND", "09/07/2026", "Điều 8.1 c", "is revoked"]
        {
            assert!(body.contains(word), "{word}: {body}");
        }
    }
    // As a paper, too: the same bytes whoever reads it.
    let paper = format!("/v1/notices/{}/pdf", told["id"].as_str().unwrap());
    let read = producer.get(&paper).await.is(200);
    assert!(read.headers["content-type"] == "application/pdf" && read.bytes.starts_with(b"%PDF-1.7"));
    assert!(commune.get(&paper).await.is(200).bytes == read.bytes);
    // Each confirms for itself, as with a result.
    let receipt = format!("/v1/notices/{}/receipt", told["id"].as_str().unwrap());
    let got = world.send(with_tag(&producer, &receipt, "\"1\"")).await.is(200);
    let both = world.send(with_tag(&commune, &receipt, got.tag())).await.is(200);
    assert!(!both.body["producerReadAt"].is_null() && !both.body["communeReadAt"].is_null());
    let another = world.of_producer(world.scored_at_province("Khác", 3, (500, 9)).producer);
    another.get(&format!("/v1/notices/{}", told["id"].as_str().unwrap())).await.is(404);
}
