//! Results in writing, to producer and commune.

use ocop::actor::Role;
use serde_json::json;

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
