//! Departments are asked, see the dossier while they are asked, and answer.

use ocop::actor::Role;
use ocop::auth::Right;
use ocop::ids::OrganisationId;
use ocop::places::Level;
use serde_json::{Value, json};

use crate::world::dossiers::{Case, Played, multipart, pdf};
use crate::world::{Person, Reply, World};

/// A department of the province, and one of its officers.
async fn department(world: &World, name: &str) -> (OrganisationId, Person) {
    let admin = world.with_role(Role::Administrator);
    let body = json!({"name": name, "kind": "department", "level": "province", "validFrom": "2025-07-01"});
    let id: OrganisationId = admin.post("/v1/organisations", body).await.is(201).id().parse().unwrap();
    let right = Right { organisation: Some(id), basis: "QĐ 1/2026".into(), ..Right::default() };
    (id, world.person(Role::Department, right))
}

async fn ask(played: &Played, who: &Person, department: OrganisationId, due: &str) -> Reply {
    let body = json!({"department": department, "question": "Đủ điều kiện không?", "dueOn": due});
    who.post(&played.path("/opinions"), body).await
}

async fn answer(who: &Person, opinion: &str, words: &str) -> Reply {
    let path = format!("/v1/opinions/{opinion}");
    let tag = who.get(&path).await.is(200).tag().to_owned();
    who.put(&format!("{path}/answer"), &tag, json!({"answer": words})).await
}

#[actix_web::test]
async fn departments_are_asked_and_two_of_three_answer_in_time() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.dossier_at_province(&offices, &Case::of("07")).await;
    let (health, doctor) = department(&world, "Sở Y tế").await;
    let (trade, trader) = department(&world, "Sở Công Thương").await;
    let (science, scientist) = department(&world, "Sở Khoa học và Công nghệ").await;
    // Nobody of them knows the dossier before.
    for who in [&doctor, &trader, &scientist] {
        who.get(&played.path("")).await.is(404);
        assert!(who.get("/v1/dossiers").await.is(200).body["data"].as_array().unwrap().is_empty());
    }
    let mut asked = Vec::new();
    for id in [health, trade, science] {
        asked.push(ask(&played, &offices.province, id, "2026-06-10").await.is(201).id());
    }
    ask(&played, &offices.province, health, "2026-06-10").await.refused("opinion_asked_already");
    assert_eq!(doctor.get("/v1/dossiers").await.is(200).body["data"][0]["id"], played.id);
    let mine = doctor.get("/v1/opinions?open=true").await.is(200);
    assert_eq!(
        (&mine.body["data"][0]["id"], &mine.body["data"][0]["departmentName"]),
        (&json!(asked[0]), &json!("Sở Y tế"))
    );
    // It reads its own question, and may move nothing.
    let own = doctor.get(&played.path("/opinions")).await.is(200);
    assert_eq!((own.body["data"].as_array().unwrap().len(), &own.body["counts"]["asked"]), (1, &json!(3)));
    assert_eq!(doctor.get(&played.path("")).await.is(200).body["openActions"], json!([]));
    played.act(&doctor, json!({"action": "startReview"})).await.is(403);
    doctor.get(&format!("/v1/opinions/{}", asked[1])).await.is(403);

    // A file and words; from then on the dossier is out of sight, the answer is not.
    let files = format!("/v1/opinions/{}/files", asked[0]);
    let upload = multipart(doctor.request(actix_web::http::Method::POST, &files), &[], &pdf("biên bản"));
    let file = world.send(upload).await.is(201);
    let done = answer(&doctor, &asked[0], "Đủ điều kiện an toàn thực phẩm").await.is(200);
    assert_eq!((&done.body["late"], &done.body["files"][0]["id"]), (&json!(false), &file.body["id"]));
    doctor.get(&played.path("")).await.is(404);
    assert_eq!(doctor.get("/v1/opinions?open=false").await.is(200).body["data"][0]["id"], asked[0]);
    answer(&doctor, &asked[0], "Nghĩ lại").await.refused("opinion_answered");
    let bytes = offices.province.get(file.body["content"].as_str().unwrap()).await.is(200);
    assert_eq!(bytes.text.as_bytes(), pdf("biên bản"));
    trader.get(file.body["content"].as_str().unwrap()).await.is(403);

    // One is late, one never answers.
    world.today("2026-06-12");
    assert_eq!(answer(&trader, &asked[1], "Đồng ý").await.is(200).body["late"], true);
    let counts = json!({"asked": 3, "answered": 2, "late": 2});
    assert_eq!(offices.province.get(&played.path("/opinions")).await.is(200).body["counts"], counts);
    assert_eq!(played.view().await.body["opinions"], counts);
    // The producer knows how many, not what.
    played.producer.get(&played.path("/opinions")).await.is(403);
    played.producer.get(&format!("/v1/opinions/{}", asked[0])).await.is(403);
}

#[actix_web::test]
async fn a_question_that_is_taken_back_takes_the_dossier_out_of_sight() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.dossier_at_province(&offices, &Case::of("07")).await;
    let (health, doctor) = department(&world, "Sở Y tế").await;
    let asked = ask(&played, &offices.province, health, "2026-06-10").await.is(201);
    let path = format!("/v1/opinions/{}", asked.id());
    doctor.get(&played.path("/documents")).await.is(200);
    offices.commune.delete(&path, asked.tag()).await.refused("opinion_asked_by_another");
    doctor.delete(&path, asked.tag()).await.is(403);
    assert_eq!(offices.province.delete(&path, "\"9\"").await.status.as_u16(), 412);
    let back = offices.province.delete(&path, asked.tag()).await.is(200);
    assert!(back.body["takenBackAt"].is_string());
    doctor.get(&played.path("")).await.is(404);
    answer(&doctor, &asked.id(), "Đồng ý").await.refused("opinion_taken_back");
    assert_eq!(played.view().await.body["opinions"]["asked"], 0);
    ask(&played, &offices.province, health, "2026-06-10").await.is(201);
}

#[actix_web::test]
async fn only_the_office_that_has_it_asks_and_only_departments_that_can_answer() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.dossier_at_province(&offices, &Case::of("07")).await;
    let (health, doctor) = department(&world, "Sở Y tế").await;
    ask(&played, &offices.commune, health, "2026-06-10").await.refused("dossier_not_on_desk");
    ask(&played, &played.producer, health, "2026-06-10").await.is(403);
    ask(&played, &doctor, health, "2026-06-10").await.is(404);
    let pointer = |reply: Reply| (reply.body["errors"][0]["pointer"].clone(), reply.body["errors"][0]["code"].clone());
    let fault = |field: &str, code: &str| (json!(field), json!(code));
    let nobody = OrganisationId::new();
    let answer = ask(&played, &offices.province, nobody, "2026-06-10").await.is(422);
    assert_eq!(pointer(answer), fault("/department", "unknown_organisation"));
    let admin = world.with_role(Role::Administrator);
    let silent = json!({"name": "Sở Văn hóa", "kind": "department", "level": "province", "validFrom": "2025-07-01"});
    let silent = admin.post("/v1/organisations", silent).await.is(201).id().parse().unwrap();
    let answer = ask(&played, &offices.province, silent, "2026-06-10").await.is(422);
    assert_eq!(pointer(answer), fault("/department", "nobody_answers"));
    let answer = ask(&played, &offices.province, health, "2026-06-01").await.is(422);
    assert_eq!(pointer(answer), fault("/dueOn", "not_after_today"));
    let body = json!({"department": health, "question": "?", "dueOn": "2026-06-10", "documents": [nobody]});
    let answer = offices.province.post(&played.path("/opinions"), body).await.is(422);
    assert_eq!(pointer(answer), fault("/documents/0", "unknown_document"));
    assert_eq!(played.view().await.body["opinions"]["asked"], Value::from(0));
    // A department of a territory, asked nothing, knows of no dossier.
    let right = Right { place: Some(offices.province_place), basis: "test".into(), ..Right::default() };
    world.person(Role::Department, right).get(&played.path("")).await.is(404);
}

#[actix_web::test]
async fn a_department_without_a_territory_sees_what_it_is_asked_and_nothing_else() {
    let world = World::on("2026-06-20").await;
    let place = world.unit("29242", Level::Commune, "2026-06-20");
    let province = world.unit("86", Level::Province, "2026-06-20");
    let made = world.recognised("Dừa sáp", 4, "2025-08-01", place);
    let filed = world.scored_at_province("Mật hoa dừa", 4, (746, 9));
    let office = world.province_office(province);
    let decided = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-20").await;
    let issued = decided.body["items"][0]["certificateId"].as_str().unwrap();
    let plan =
        json!({"productId": made.product, "kind": "unscheduled", "plannedOn": "2026-06-15", "body": "Đoàn kiểm tra"});
    let inspection = world.officer(Role::Inspector, province).post("/v1/inspections", plan).await.is(201);
    let lot = json!({"productId": made.product, "batch": "A", "madeOn": "2026-06-01", "expiresOn": "2027-06-01",
        "quantity": "100", "unit": "kg"});
    let lot = world.of_producer(made.producer).post("/v1/lots", lot).await.is(201);
    let case = json!({ "certificateId": issued, "ground": "lawBroken",
        "evidence": { "kind": "conclusion", "number": "15/KL-SYT", "dated": "2026-06-18", "body": "Sở Y tế" } });
    let case = office.officer.post_once("/v1/revocations", "case", case).await.is(201);

    let (_, nowhere) = department(&world, "Sở Y tế").await;
    let there = world.officer(Role::Department, province);
    for (list, id) in [
        ("/v1/decisions", decided.id()),
        ("/v1/certificates", issued.to_owned()),
        ("/v1/revocations", case.id()),
        ("/v1/inspections", inspection.id()),
        ("/v1/lots", lot.id()),
    ] {
        let rows = async |who: &Person| who.get(list).await.is(200).body["data"].as_array().unwrap().len();
        assert!(rows(&there).await > 0, "{list}: of its territory");
        assert_eq!(rows(&nowhere).await, 0, "{list}");
        there.get(&format!("{list}/{id}")).await.is(200);
        nowhere.get(&format!("{list}/{id}")).await.is(404);
    }
    let producer = format!("/v1/producers/{}", made.producer);
    there.get(&producer).await.is(200);
    nowhere.get(&producer).await.is(404);
}
