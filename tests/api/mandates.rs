//! Somebody files for a household: by a mandate on paper, for its time, and under both names.

use actix_web::http::Method;
use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::producers::ProducerType;
use serde_json::{Value, json};

use crate::world::dossiers::{Case, Played, multipart, pdf};
use crate::world::{Person, Reply, World};

async fn mandate(world: &World, who: &Person, producer: &str, from: &str, to: &str, user: Option<&str>) -> Reply {
    let path = format!("/v1/producers/{producer}/mandates");
    let mut fields = vec![("number", "01/GUQ"), ("signedOn", "2026-05-30"), ("validFrom", from), ("validTo", to)];
    fields.extend(user.map(|u| ("user", u)));
    world.send(multipart(who.request(Method::POST, &path), &fields, &pdf("ủy quyền"))).await
}

#[actix_web::test]
async fn a_commune_officer_files_for_a_household_while_the_mandate_holds() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let (household, owner) = world.producer_in(offices.place, ProducerType::HouseholdBusiness);
    let product = world.product_of(household, "Kẹo dừa", "07");
    let officer = &offices.commune;
    let open = json!({"product": product, "kind": "first", "set": "07"});
    officer.post("/v1/dossiers", open.clone()).await.is(403);
    let id = household.to_string();
    let given = mandate(&world, officer, &id, "2026-06-01", "2026-06-30", None).await.is(201);
    assert_eq!((&given.body["holds"], &given.body["number"]), (&json!(true), &json!("01/GUQ")));
    let me = officer.get("/v1/auth/me").await.is(200).body;

    // The draft is the household's, written by the officer: both names stand on it.
    let played = world.draft_for(&offices, &Case::of("07"), (household, officer.clone()), product).await;
    let seen = owner.get(&played.path("")).await.is(200);
    let behalf = &seen.body["onBehalf"][0];
    assert_eq!(
        (&seen.body["producer"], &behalf["number"], &behalf["validTo"], &behalf["mandate"]),
        (&json!(household), &json!("01/GUQ"), &json!("2026-06-30"), &given.body["id"])
    );
    assert_eq!(behalf["user"], me["id"]);
    played.act(officer, json!({"action": "submit"})).await.is(201);
    let life = owner.get(&played.path("/history")).await.is(200);
    let filed = &life.body["moves"][0];
    assert_eq!(
        (&filed["party"], &filed["by"], &filed["details"]["onBehalf"]["number"], &filed["details"]["receipt"]),
        (&json!("producer"), &me["id"], &json!("01/GUQ"), &json!("1-X/PĐK-86-29242-2026"))
    );

    // Items are answered by the mandate too, while it holds.
    let items = json!([{"reason": "missing", "about": "other", "words": "Ghi rõ hộ liên kết"}]);
    let ask = json!({"action": "return", "reason": "Thiếu", "items": items, "dueOn": "2026-07-10"});
    played.act(officer, ask).await.is(201);
    let asked = owner.get(&played.path("/corrections")).await.is(200);
    let item = asked.body["data"][0]["items"][0]["id"].clone();
    let answers = json!({"answers": [{"item": item, "answer": "Đã ghi"}]});
    let patch = async |who: &Person| {
        let tag = owner.get(&played.path("")).await.tag().to_owned();
        let request = who.request(Method::PATCH, &played.path("/corrections/answers")).insert_header(("If-Match", tag));
        world.send(request.set_json(answers.clone())).await
    };
    patch(officer).await.is(200);

    // The mandate is over: the officer is an officer again.
    world.today("2026-07-01");
    patch(officer).await.refused("dossier_not_your_move");
    let late =
        played.act_on(officer, owner.get(&played.path("")).await.tag(), "late", json!({"action": "submit"})).await;
    late.refused("dossier_not_your_move");
    let list = owner.get(&format!("/v1/producers/{household}/mandates")).await.is(200);
    assert_eq!(list.body["data"][0]["holds"], false);
    let back = Played { producer: owner.clone(), ..played };
    let own = back.act(&owner, json!({"action": "submit"})).await.is(201);
    assert_eq!(own.body["onBehalf"].as_array().unwrap().len(), 1);
    let life = owner.get(&back.path("/history")).await.is(200);
    assert_eq!(life.body["moves"][2]["details"]["onBehalf"], Value::Null);
}

#[actix_web::test]
async fn a_consultant_without_a_mandate_that_holds_today_files_nothing() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let (household, owner) = world.producer_in(offices.place, ProducerType::HouseholdBusiness);
    let product = world.product_of(household, "Kẹo dừa", "07");
    let right = Right { producer: Some(household), basis: "giới thiệu".into(), ..Right::default() };
    let consultant = world.person(Role::Consultant, right);
    let open = json!({"product": product, "kind": "first", "set": "07"});
    consultant.post("/v1/dossiers", open.clone()).await.refused("dossier_mandate_missing");
    let me = consultant.get("/v1/auth/me").await.is(200).body["id"].as_str().unwrap().to_owned();
    let id = household.to_string();
    // One that begins later does not hold today; one that was ended does not either.
    mandate(&world, &owner, &id, "2026-06-05", "2026-12-31", Some(&me)).await.is(201);
    consultant.post("/v1/dossiers", open.clone()).await.refused("dossier_mandate_missing");
    world.today("2026-06-05");
    let draft = consultant.post("/v1/dossiers", open).await.is(201);
    assert_eq!(draft.body["onBehalf"][0]["user"], json!(me));
    let list = format!("/v1/producers/{household}/mandates");
    let mandates = owner.get(&list).await.is(200);
    let one = format!("{list}/{}", mandates.body["data"][0]["id"].as_str().unwrap());
    consultant.delete(&one, mandates.tag()).await.is(403);
    owner.delete(&one, mandates.tag()).await.is(204);
    let path = draft.headers["location"].clone();
    let request = consultant.request(Method::POST, &format!("{path}/moves"));
    let request = request.insert_header(("If-Match", draft.tag())).insert_header(("Idempotency-Key", "w"));
    world.send(request.set_json(json!({"action": "submit"}))).await.refused("dossier_mandate_missing");
}

#[actix_web::test]
async fn items_of_a_request_are_answered_for_a_producer_only_by_a_mandate_that_holds() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    let right = Right { producer: Some(played.producer_id), basis: "giới thiệu".into(), ..Right::default() };
    let consultant = world.person(Role::Consultant, right);
    let items = json!([{"reason": "unclear", "about": "other", "words": "Ghi rõ nguồn nguyên liệu"}]);
    played.act(&offices.commune, json!({"action": "return", "items": items, "dueOn": "2026-06-20"})).await.is(201);
    let item =
        played.producer.get(&played.path("/corrections")).await.is(200).body["data"][0]["items"][0]["id"].clone();
    let answer = async |who: &Person| {
        let request = who.request(Method::PATCH, &played.path("/corrections/answers"));
        let request = request.insert_header(("If-Match", played.tag().await));
        world.send(request.set_json(json!({"answers": [{"item": item, "answer": "Đã ghi"}]}))).await
    };
    answer(&consultant).await.refused("dossier_mandate_missing");
    let me = consultant.id.unwrap().to_string();
    mandate(&world, &played.producer, &played.producer_id.to_string(), "2026-06-01", "2026-06-30", Some(&me))
        .await
        .is(201);
    answer(&consultant).await.is(200);
    let seen = played.view().await;
    assert_eq!(seen.body["onBehalf"][0]["user"], json!(me), "both names stand on it");
}

#[actix_web::test]
async fn a_mandate_has_days_that_follow_and_a_paper_that_is_private() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let (household, owner) = world.producer_in(offices.place, ProducerType::HouseholdBusiness);
    let id = household.to_string();
    let fault = async |from: &str, to: &str, user: Option<&str>| {
        let reply = mandate(&world, &offices.commune, &id, from, to, user).await.is(422);
        (reply.body["errors"][0]["pointer"].clone(), reply.body["errors"][0]["code"].clone())
    };
    assert_eq!(fault("2026-06-02", "2026-06-01", None).await, (json!("/validTo"), json!("dates_swapped")));
    assert_eq!(fault("2026-01-01", "2026-05-31", None).await, (json!("/validTo"), json!("over")));
    assert_eq!(fault("2026-06-01", "tháng sau", None).await, (json!("/validTo"), json!("wrong_type")));
    assert_eq!(fault("2026-06-01", "2026-06-30", Some(&id)).await, (json!("/user"), json!("unknown_user")));
    let given = mandate(&world, &offices.commune, &id, "2026-06-01", "2026-06-30", None).await.is(201);
    let at = given.body["content"].as_str().unwrap();
    assert_eq!(owner.get(at).await.is(200).text.as_bytes(), pdf("ủy quyền"));
    offices.commune.get(at).await.is(200);
    world.with_role(Role::Inspector).get(at).await.is(403);
    let (_, stranger) = world.producer_in(offices.place, ProducerType::Company);
    stranger.get(at).await.is(404);
    let rows =
        world.db().read_now(&Caller::system("test"), move |cx| ocop::audit::of_subject(cx, household.0)).unwrap();
    assert_eq!(rows.iter().filter(|r| r.deed == "producer.mandate_read").count(), 1);
    assert_eq!(rows.iter().filter(|r| r.deed == "producer.mandate_recorded").count(), 1);
}

#[actix_web::test]
async fn a_paper_dossier_is_entered_with_its_scans_under_the_number_that_was_kept_for_it() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let (household, _) = world.producer_in(offices.place, ProducerType::HouseholdBusiness);
    let product = world.product_of(household, "Kẹo dừa", "07");
    let officer = &offices.commune;
    let keep = async |who: &Person, key: &str| {
        who.post_once("/v1/receipt-numbers", key, json!({"place": offices.place})).await
    };
    let first = keep(officer, "k1").await.is(201);
    assert_eq!((&first.body["written"], &first.body["state"]), (&json!("1-X/PĐK-86-29242-2026"), &json!("reserved")));
    assert_eq!(keep(officer, "k1").await.is(201).body, first.body, "the same call keeps one number");
    let second = keep(officer, "k2").await.is(201);
    keep(&offices.province, "k3").await.is(403);
    keep(&world.offices("28756").commune, "k4").await.is(403);

    // Who files electronically gets the next number, not one that is kept.
    let electronic = world.filed(&offices, &Case::of("07")).await;
    assert_eq!(electronic.view().await.body["receiptNumber"], "3-X/PĐK-86-29242-2026");
    let own = world.draft(&offices, &Case::of("07")).await;
    let stolen = own.act(&own.producer, json!({"action": "submit", "receipt": 1})).await.is(422);
    assert_eq!(stolen.body["errors"][0]["pointer"], "/receipt");

    // The officer enters the paper with its scans, by a mandate.
    mandate(&world, officer, &household.to_string(), "2026-06-01", "2026-06-30", None).await.is(201);
    let played = world.draft_for(&offices, &Case::of("07"), (household, officer.clone()), product).await;
    played.act(officer, json!({"action": "submit", "receipt": 3})).await.refused("number_not_reserved");
    let filed = played.act(officer, json!({"action": "submit", "receipt": 2})).await.is(201);
    assert_eq!(filed.body["receiptNumber"], "2-X/PĐK-86-29242-2026");
    let void = |id: String| format!("/v1/receipt-numbers/{id}/void");
    let why = json!({"reason": "Chủ thể rút hồ sơ giấy"});
    officer.post_once(&void(second.id()), "v0", why.clone()).await.refused("number_not_reserved");
    world.offices("28756").commune.post_once(&void(first.id()), "v0", why.clone()).await.is(404);
    officer.post_once(&void(first.id()), "v1", json!({"reason": " "})).await.is(422);
    officer.post_once(&void(first.id()), "v2", why.clone()).await.is(201);
    officer.post_once(&void(first.id()), "v3", why).await.refused("number_not_reserved");
    let all = officer.get("/v1/receipt-numbers").await.is(200);
    let states: Vec<_> =
        all.body["data"].as_array().unwrap().iter().map(|n| (&n["number"], &n["state"], &n["dossier"])).collect();
    let none = Value::Null;
    assert_eq!(
        states,
        [
            (&json!(1), &json!("void"), &none),
            (&json!(2), &json!("issued"), &json!(played.id)),
            (&json!(3), &json!("issued"), &json!(electronic.id)),
        ]
    );
    assert_eq!(all.body["data"][0]["reason"], "Chủ thể rút hồ sơ giấy");
    assert!(officer.get("/v1/receipt-numbers?year=2025").await.is(200).body["data"].as_array().unwrap().is_empty());
}
