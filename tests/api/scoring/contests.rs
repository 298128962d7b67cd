//! Results that are contested: complaints, and the Ministry's order to evaluate again.

use ocop::actor::Role;
use ocop::dossiers::Status;
use ocop::ids::DossierId;
use ocop::scoring;
use serde_json::{Value, json};

use super::PROVINCE;
use crate::world::certification::Scored;
use crate::world::scoring::{Council, Seated};
use crate::world::{Person, World};

fn make_known(world: &World, dossier: DossierId) {
    world.as_service(move |cx| {
        let today = cx.today();
        scoring::publish_results(cx, dossier, today)
    });
}

/// A second council of the same office, in which one member of the first sits too, in the last seat.
async fn other_council(world: &World, first: &Council, shared: &Seated) -> Council {
    let mut council = world.council(PROVINCE, Some(world.province("86")), 4).await;
    let people: Vec<&Person> = council.voters.iter().map(|s| &s.person).chain([&shared.person]).collect();
    let office = |i: usize| ["chair", "deputy"].get(i).copied().unwrap_or("member");
    let seats: Vec<Value> =
        people.iter().enumerate().map(|(i, p)| json!({ "userId": p.id, "office": office(i) })).collect();
    let secretary = json!({ "userId": council.secretary.person.id, "office": "secretary" });
    let body = json!({ "level": "province", "placeId": world.province("86"), "name": "Hội đồng đánh giá lại",
        "decisionNumber": "99/QĐ-UBND", "decidedOn": "2019-12-01",
        "seats": seats.into_iter().chain([secretary]).collect::<Vec<_>>() });
    let made = first.officer.post("/v1/councils", body).await.is(201);
    let seat = |i: usize| made.body["seats"][i]["id"].as_str().unwrap().to_owned();
    council.voters =
        people.into_iter().cloned().enumerate().map(|(i, person)| Seated { person, seat: seat(i) }).collect();
    council.secretary.seat = seat(5);
    council.id = made.id();
    council.officer = first.officer.clone();
    council
}

#[actix_web::test]
async fn a_complaint_that_is_upheld_leads_to_a_new_round_with_other_members() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let first = council.scores(dossier, "07", &[66, 67, 68], 3).await.is(201);
    let producer = world.speaker(world.dossier(dossier).producer_id);
    let (at, result) = (format!("/v1/dossiers/{dossier}/complaints"), format!("/v1/dossiers/{dossier}/result"));
    let grounds = json!({ "grounds": "Hội đồng chưa xem hợp đồng bao tiêu" });
    producer.post(&at, grounds.clone()).await.is(404);
    make_known(&world, dossier);
    council.officer.post(&at, grounds.clone()).await.is(403);
    producer.post(&at, json!({ "grounds": " " })).await.is(422);

    // The last day is within.
    world.today("2026-06-16");
    let filed = producer.post(&at, grounds.clone()).await.is(201);
    producer.post(&at, grounds).await.refused("complaint_filed");
    assert_eq!(producer.get(&result).await.is(200).body["newest"]["underComplaint"], true);
    assert_eq!(producer.get(&at).await.is(200).body["data"][0]["state"], "open");

    let answer = format!("/v1/complaints/{}/answer", filed.id());
    let upheld = json!({ "upheld": true, "reasons": "Hợp đồng nộp đúng hạn, chưa được xem" });
    world
        .of_office(Role::Province, Some(world.province("25")))
        .move_on(&answer, filed.tag(), upheld.clone())
        .await
        .is(404);
    world.with_role(Role::Central).move_on(&answer, filed.tag(), upheld.clone()).await.is(403);
    producer.move_on(&answer, filed.tag(), upheld.clone()).await.is(403);
    let done = council.officer.move_on(&answer, filed.tag(), upheld.clone()).await.is(200);
    assert_eq!((&done.body["state"], &done.body["otherMembers"]), (&json!("upheld"), &json!(true)));
    council.officer.move_on(&answer, done.tag(), upheld).await.refused("complaint_answered");
    assert_eq!(world.dossier(dossier).status, Status::InReview);
    assert_eq!(producer.get(&result).await.is(200).body["newest"]["underComplaint"], false);

    // Whoever marked before has no sheet, is no part of the number, and sees nothing of the new round.
    let shared = &council.voters[2];
    let second = other_council(&world, &council, shared).await;
    let session = second.convene(&[dossier]).await;
    second.attend(&session, 5).await;
    second.open(&session).await.is(200);
    let mine = shared.person.get(&format!("/v1/sheets?mine=true&session={session}")).await.is(200);
    assert_eq!(mine.body["data"], json!([]));
    assert_eq!(
        shared.person.get(&format!("/v1/sessions/{session}")).await.is(200).body["dossiers"][0]["conflict"],
        true
    );
    second.totals(&session, dossier, "07", &[74, 75, 76], 4).await;
    second.close(&session).await;
    // Three quarters of four are three: with the fifth in the base it would have been four.
    let anew = second.record(&session, dossier, json!({})).await.is(201);
    assert_eq!((&anew.body["stars"], &first.body["stars"]), (&json!(4), &json!(3)));
    let new = shared.person.get(&format!("/v1/sheets?session={session}&limit=100")).await.is(200);
    assert_eq!(new.body["data"], json!([]), "no sheet of the new round, after closing too");
    assert_eq!(
        second.voters[0].person.get(&format!("/v1/sheets?session={session}")).await.is(200).body["data"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    let both = council.officer.get(&result).await.is(200);
    assert_eq!((&both.body["newest"]["stars"], &both.body["earlier"][0]["stars"]), (&json!(4), &json!(3)));
    assert_eq!(producer.get(&result).await.is(200).body["newest"]["stars"], 3, "the new one is not made known yet");
}

#[actix_web::test]
async fn a_complaint_comes_in_the_time_of_the_regulation_and_may_be_dismissed() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council_with(PROVINCE, Some(province), 3, json!({ "complaintDays": 5 })).await;
    let (late, dismissed) = (world.in_review("07", province), world.in_review("07", province));
    for dossier in [late, dismissed] {
        council.scores(dossier, "07", &[66, 67, 68], 3).await.is(201);
        make_known(&world, dossier);
    }
    let grounds = json!({ "grounds": "Điểm thấp hơn năm trước" });
    let speaker = |dossier| world.speaker(world.dossier(dossier).producer_id);
    let filed = speaker(dismissed).post(&format!("/v1/dossiers/{dismissed}/complaints"), grounds.clone()).await.is(201);
    world.today("2026-06-07");
    let stop = speaker(late).post(&format!("/v1/dossiers/{late}/complaints"), grounds).await;
    assert!(stop.refused("complaint_too_late").body["detail"].as_str().unwrap().contains("06/06/2026"));
    let no = json!({ "upheld": false, "reasons": "Không có tình tiết mới" });
    let done = council.officer.move_on(&format!("/v1/complaints/{}/answer", filed.id()), filed.tag(), no).await.is(200);
    assert_eq!((&done.body["state"], &done.body["otherMembers"]), (&json!("dismissed"), &json!(false)));
    assert_eq!(world.dossier(dismissed).status, Status::Scored);
    let told = speaker(dismissed).get(&format!("/v1/complaints/{}", filed.id())).await.is(200);
    assert_eq!(told.body["answer"], "Không có tình tiết mới");
}

#[actix_web::test]
async fn the_ministry_orders_a_province_to_evaluate_again() {
    let world = World::new().await;
    let filed = world.scored_at_province("Mật dừa", 4, (240, 3));
    let office = world.province_office(world.vinh_long());
    office.decide("recognition", &[filed.dossier], "61/QĐ-UBND", "2026-06-01").await;
    assert_eq!(world.dossier(filed.dossier).status, Status::Recognised);
    let centre = world.with_role(Role::Central);
    let order = |on: &str| {
        json!({ "dossierId": filed.dossier, "conclusionNumber": "45/KL-BNNMT", "concludedOn": on,
        "grounds": "Hội đồng họp không đủ số thành viên" })
    };
    office.officer.post("/v1/evaluation-reviews", order("2026-05-30")).await.is(403);
    assert_eq!(
        centre.post("/v1/evaluation-reviews", order("2026-07-30")).await.is(422).body["errors"][0]["pointer"],
        "/concludedOn"
    );
    let given = centre.post("/v1/evaluation-reviews", order("2026-05-30")).await.is(201);
    centre.post("/v1/evaluation-reviews", order("2026-05-30")).await.refused("evaluation_order_given");
    assert_eq!(world.dossier(filed.dossier).status, Status::InReview);
    let seen = office.officer.get("/v1/evaluation-reviews").await.is(200);
    assert_eq!(seen.body["data"][0]["id"], given.id());
    let elsewhere = world.of_office(Role::Province, Some(world.province("25")));
    assert_eq!(elsewhere.get("/v1/evaluation-reviews").await.is(200).body["data"], json!([]));
    elsewhere.get(&format!("/v1/evaluation-reviews/{}", given.id())).await.is(404);
}

#[actix_web::test]
async fn a_recognition_stands_while_its_result_is_contested_and_a_new_decision_takes_its_place() {
    let world = World::new().await;
    let province = world.vinh_long();
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    council.scores(dossier, "07", &[66, 67, 68], 3).await.is(201);
    let office = world.province_office(province);
    let first = office.decide("recognition", &[dossier], "61/QĐ-UBND", "2026-06-01").await;
    let old = first.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    let producer = world.speaker(world.dossier(dossier).producer_id);
    let (at, result) = (format!("/v1/dossiers/{dossier}/complaints"), format!("/v1/dossiers/{dossier}/result"));
    let verified = async |number: &str| {
        let told = world.stranger().get(&format!("/v1/verify/{}", number.replace(' ', "%20"))).await.is(200).body;
        (told["state"].as_str().unwrap().to_owned(), told["stars"].clone())
    };
    let filed = producer.post(&at, json!({ "grounds": "Chưa xem hợp đồng bao tiêu" })).await.is(201);
    assert_eq!(producer.get(&result).await.is(200).body["newest"]["underComplaint"], true);
    assert_eq!(verified(&old).await, ("valid".to_owned(), json!(3)), "a complaint takes nothing away");
    let upheld = json!({ "upheld": true, "reasons": "Hợp đồng nộp đúng hạn" });
    let answer = format!("/v1/complaints/{}/answer", filed.id());
    council.officer.move_on(&answer, filed.tag(), upheld).await.is(200);
    assert_eq!(world.dossier(dossier).status, Status::InReview);
    assert_eq!(verified(&old).await, ("valid".to_owned(), json!(3)), "valid until a new decision");

    let second = world.council(PROVINCE, Some(province), 3).await;
    assert_eq!(second.scores(dossier, "07", &[75, 76, 77], 4).await.is(201).body["stars"], 4);
    assert_eq!(verified(&old).await, ("valid".to_owned(), json!(3)));
    world.today("2026-06-10");
    let decided = office.decide("recognition", &[dossier], "75/QĐ-UBND", "2026-06-10").await;
    let new = decided.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    assert_eq!(verified(&new).await, ("valid".to_owned(), json!(4)));
    assert_eq!(verified(&old).await.0, "superseded");
}

#[actix_web::test]
async fn a_complaint_about_the_centres_result_goes_back_to_the_centre() {
    let world = World::new().await;
    let place = world.vinh_long();
    let filed = world.scored(&five_stars(&world));
    let centre = crate::world::certification::Office {
        level: "central",
        place: None,
        officer: world.with_role(Role::Central),
        signer: world.with_role(Role::Signer),
    };
    centre.decide("recognition", &[filed.dossier], "9/QĐ-BNNMT", "2026-06-01").await;
    let producer = world.of_producer(filed.producer);
    let at = format!("/v1/dossiers/{}/complaints", filed.dossier);
    let complaint = producer.post(&at, json!({ "grounds": "Điểm phần C" })).await.is(201);
    let answer = format!("/v1/complaints/{}/answer", complaint.id());
    let upheld = json!({ "upheld": true, "reasons": "Chấm thiếu phần C" });
    world.province_office(place).officer.move_on(&answer, complaint.tag(), upheld.clone()).await.is(403);
    centre.officer.move_on(&answer, complaint.tag(), upheld).await.is(200);
    assert_eq!(world.dossier(filed.dossier).status, Status::CentreReview);
}

fn five_stars(world: &World) -> Scored {
    Scored {
        name: "Mật dừa",
        rulebook: "26-2026",
        set: "01",
        kind: ocop::rulebook::DossierKind::First,
        commune: world.commune_of(world.vinh_long()),
        status: Status::CentreScored,
        level: ocop::rulebook::Authority::Central,
        stars: 5,
        mean: (276, 3),
        filed_on: "2026-05-22",
        product: None,
    }
}
