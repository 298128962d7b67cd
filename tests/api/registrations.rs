//! Applications for an account, filed by anybody, decided by the officer of the commune.

use ocop::actor::Role;
use ocop::app::NEIGHBOURS;
use ocop::auth::{Right, registrations};
use ocop::db::Ctx;
use ocop::ids::RegistrationId;
use ocop::places::Level;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::identity::{PASSWORD, text};

const HERE: &str = "29266";
const THERE: &str = "29308";

fn application(world: &World, email: &str) -> Value {
    json!({"email": email, "phone": "0294 3855 246", "name": "Nguyễn Thị Lan", "password": PASSWORD,
        "place": world.place(HERE, Level::Commune), "producerName": "HTX Tân Qui", "producerKind": "cooperative",
        "taxCode": "0100109106"})
}

#[actix_web::test]
async fn an_approved_applicant_signs_in_for_the_new_producer() {
    let world = World::new().await;
    let filed = world.stranger().post("/v1/registrations", application(&world, "Lan@example.vn")).await.is(201);
    assert!(!filed.text.contains(PASSWORD) && !filed.text.contains("example.vn"));
    world.try_sign_in("lan@example.vn", PASSWORD).await.is(401);

    let officer = world.commune_officer(HERE);
    let list = officer.get("/v1/registrations?state=waiting").await.is(200);
    assert_eq!(list.body["data"][0]["id"], json!(filed.id()));
    assert!(!list.text.contains("3855") && !list.text.contains("lan@"), "no telephone, no e-mail in lists");
    let path = format!("/v1/registrations/{}", filed.id());
    let seen = officer.get(&path).await.is(200);
    assert_eq!((&seen.body["phone"], &seen.body["hasAccount"]), (&json!("+842943855246"), &json!(false)));

    let decisions = format!("{path}/decisions");
    officer.post(&decisions, json!({"decision": "approve"})).await.is(428);
    officer.post_on(&decisions, "\"7\"", json!({"decision": "approve"})).await.is(412);
    let done = officer.post_on(&decisions, seen.tag(), json!({"decision": "approve"})).await.is(200);
    assert_eq!(done.body["state"], "approved");
    officer.post_on(&decisions, done.tag(), json!({"decision": "approve"})).await.refused("registration_decided");

    let lan = world.holder(&world.try_sign_in("lan@example.vn", PASSWORD).await.is(200));
    let me = lan.get("/v1/auth/me").await.is(200);
    assert_eq!(me.body["grants"], json!([{"role": "producer", "producer": done.body["producer"]}]));
    let told = world.everything_told();
    assert!(!told.contains(PASSWORD) && !told.contains("lan@example.vn") && !told.contains("3855"));
}

#[actix_web::test]
async fn a_refusal_needs_a_reason_and_makes_no_account() {
    let world = World::new().await;
    let filed = world.stranger().post("/v1/registrations", application(&world, "lan@example.vn")).await.is(201);
    let officer = world.commune_officer(HERE);
    let path = format!("/v1/registrations/{}", filed.id());
    let tag = officer.get(&path).await.is(200).tag().to_owned();
    let decisions = format!("{path}/decisions");
    let none = officer.post_on(&decisions, &tag, json!({"decision": "refuse"})).await.is(422);
    assert_eq!(none.body["errors"][0]["pointer"], "/reason");
    let body = json!({"decision": "refuse", "reason": "Không có cơ sở này trên địa bàn"});
    assert_eq!(officer.post_on(&decisions, &tag, body).await.is(200).body["state"], "refused");
    world.try_sign_in("lan@example.vn", PASSWORD).await.is(401);
}

#[actix_web::test]
async fn only_the_officers_of_the_territory_know_of_it() {
    let world = World::new().await;
    let filed = world.stranger().post("/v1/registrations", application(&world, "lan@example.vn")).await.is(201);
    let path = format!("/v1/registrations/{}", filed.id());
    let decisions = format!("{path}/decisions");
    let other = world.commune_officer(THERE);
    assert_eq!(other.get("/v1/registrations").await.is(200).body["data"], json!([]));
    other.get(&path).await.is(404);
    other.post_on(&decisions, "\"1\"", json!({"decision": "approve"})).await.is(404);
    world.stranger().get(&path).await.is(401);
    world.with_role(Role::Central).get("/v1/registrations").await.is(403);
    let producer = world.producer_at(HERE, "HTX Khác");
    world.producer_person(producer).get(&path).await.is(404);
    world.province_officer("86").get(&path).await.is(200);
}

#[actix_web::test]
async fn an_imported_producer_is_claimed_with_the_confirmation_of_its_own_commune() {
    let world = World::new().await;
    let producer = world.producer_at(THERE, "HTX Cầu Kè");
    let mut body = application(&world, "lan@example.vn");
    body["producer"] = json!(producer);
    let both = world.stranger().post("/v1/registrations", body.clone()).await.is(422);
    assert_eq!(both.body["errors"][0]["code"], "not_with_producer");
    for field in ["producerName", "producerKind"] {
        body.as_object_mut().unwrap().remove(field);
    }
    let filed = world.stranger().post("/v1/registrations", body.clone()).await.is(201);
    let path = format!("/v1/registrations/{}", filed.id());
    // The commune that the applicant named does not decide on another commune's producer.
    world.commune_officer(HERE).get(&path).await.is(404);
    let officer = world.commune_officer(THERE);
    let tag = officer.get(&path).await.is(200).tag().to_owned();
    let done = officer.post_on(&format!("{path}/decisions"), &tag, json!({"decision": "approve"})).await.is(200);
    assert_eq!(done.body["producer"], json!(producer));
    body["producer"] = json!(uuid::Uuid::now_v7());
    world.stranger().post("/v1/registrations", body).await.is(422);
}

#[actix_web::test]
async fn an_officer_links_an_applicant_to_the_producer_found_in_the_register() {
    let world = World::new().await;
    let known = world.producer_at(HERE, "HTX Tân Qui");
    let elsewhere = world.producer_at(THERE, "HTX Cầu Kè");
    let filed = world.stranger().post("/v1/registrations", application(&world, "lan@example.vn")).await.is(201);
    let officer = world.commune_officer(HERE);
    let decisions = format!("/v1/registrations/{}/decisions", filed.id());
    let wrong = json!({"decision": "approve", "producer": elsewhere});
    officer.post_on(&decisions, "\"1\"", wrong).await.refused("registration_producer_unknown");
    let done = officer.post_on(&decisions, "\"1\"", json!({"decision": "approve", "producer": known})).await.is(200);
    assert_eq!(done.body["producer"], json!(known));
}

#[actix_web::test]
async fn an_email_with_an_account_is_answered_alike_and_keeps_its_own_password() {
    let world = World::new().await;
    let first = world.producer_at(THERE, "HTX Cầu Kè");
    let right = Right { producer: Some(first), basis: "test".into(), ..Right::default() };
    world.account("lan@example.vn", Some((Role::Producer, right)));
    let mut body = application(&world, "lan@example.vn");
    body["password"] = json!("mật khẩu của người khác");
    let known = world.stranger().post("/v1/registrations", body).await.is(201);
    let unknown = world.stranger().post("/v1/registrations", application(&world, "new@example.vn")).await.is(201);
    assert_eq!(known.body["next"], unknown.body["next"]);
    let officer = world.commune_officer(HERE);
    let path = format!("/v1/registrations/{}", known.id());
    assert_eq!(officer.get(&path).await.is(200).body["hasAccount"], true);
    officer.post_on(&format!("{path}/decisions"), "\"1\"", json!({"decision": "approve"})).await.is(200);
    world.try_sign_in("lan@example.vn", "mật khẩu của người khác").await.is(401);
    let lan = world.holder(&world.try_sign_in("lan@example.vn", PASSWORD).await.is(200));
    assert_eq!(lan.get("/v1/auth/me").await.is(200).body["grants"].as_array().unwrap().len(), 2);
    // The tax code of the second application belongs to the producer of the first by now.
    let path = format!("/v1/registrations/{}", unknown.id());
    let taken = officer.post_on(&format!("{path}/decisions"), "\"1\"", json!({"decision": "approve"})).await.is(409);
    assert_eq!(taken.word(), "producer_tax_code_taken");
}

#[actix_web::test]
async fn each_field_that_is_wrong_is_named() {
    let world = World::new().await;
    let wrong = |field: &'static str, value: Value| {
        let mut body = application(&world, "lan@example.vn");
        body[field] = value;
        let stranger = world.stranger();
        async move {
            let answer = stranger.post("/v1/registrations", body).await.is(422);
            (text(&answer.body["errors"][0]["pointer"]), answer.text)
        }
    };
    assert_eq!(wrong("place", json!(world.place("86", Level::Province))).await.0, "/place");
    assert_eq!(wrong("place", json!(uuid::Uuid::now_v7())).await.0, "/place");
    assert_eq!(wrong("phone", json!("12345678")).await.0, "/phone");
    assert_eq!(wrong("taxCode", json!("0100109107")).await.0, "/taxCode");
    assert_eq!(wrong("producerKind", json!("circus")).await.0, "/producerKind");
    assert_eq!(wrong("email", json!("không phải e-mail")).await.0, "/email");
    let (pointer, told) = wrong("password", json!("quá ngắn")).await;
    assert_eq!(pointer, "/password");
    assert!(!told.contains("quá ngắn"));
    let mut none = application(&world, "lan@example.vn");
    none.as_object_mut().unwrap().remove("taxCode");
    assert_eq!(world.stranger().post("/v1/registrations", none).await.is(422).body["errors"][0]["code"], "one_of");
}

#[actix_web::test]
async fn a_retry_files_once_and_twenty_an_hour_is_the_most() {
    let world = World::new().await;
    let body = application(&world, "lan@example.vn");
    let first = world.stranger().post_once("/v1/registrations", "r1", body.clone()).await.is(201);
    let again = world.stranger().post_once("/v1/registrations", "r1", body.clone()).await.is(201);
    assert_eq!((again.id(), again.headers["idempotency-replayed"].as_str()), (first.id(), "true"));
    let mut other = body.clone();
    other["name"] = json!("Người khác");
    world.stranger().post_once("/v1/registrations", "r1", other).await.is(422);
    for _ in 1..20 {
        world.stranger().post("/v1/registrations", body.clone()).await.is(201);
    }
    let wait = world.stranger().post("/v1/registrations", body.clone()).await.is(429);
    assert!(wait.headers["retry-after"].parse::<i64>().unwrap() <= 3600);
    world.later(3600);
    world.stranger().post("/v1/registrations", body).await.is(201);
}

#[actix_web::test]
async fn two_officers_at_once_decide_once() {
    let world = World::new().await;
    let filed = world.stranger().post("/v1/registrations", application(&world, "lan@example.vn")).await.is(201);
    let id: RegistrationId = filed.id().parse().unwrap();
    let approve = move |cx: &mut Ctx<'_>| {
        let row = registrations::hold(cx, id)?;
        registrations::approve(cx, &NEIGHBOURS, row, None, None)
    };
    let refuse = move |cx: &mut Ctx<'_>| {
        let row = registrations::hold(cx, id)?;
        registrations::refuse(cx, row, "muộn")
    };
    let (first, second) = world.race(approve, refuse);
    let first = first.unwrap();
    assert_eq!(first.state.word(), "approved");
    assert_eq!(second.unwrap_err().to_string(), "refused: registration_decided");
}
