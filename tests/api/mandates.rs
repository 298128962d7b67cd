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

    // The mandate is over: the officer is an officer again.
    played.act(officer, json!({"action": "return", "reason": "Thiếu"})).await.is(201);
    world.today("2026-07-01");
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
