//! Rounds, councils, sessions, sheets, results.

mod agenda;
mod conflicts;
mod contests;
mod fieldwork;
mod independence;
mod insight;
mod minutes;
mod offline;
mod phases;
mod results;
mod sheets;

use actix_web::http::Method;
use ocop::actor::Role;
use ocop::dossiers::{self, Status};
use ocop::ids::{DocumentId, DossierId};
use ocop::products::evidence::{NewEvidence, NewVersion};
use ocop::rulebook::Authority;
use ocop::rulebook::marks::Marks;
use serde_json::{Value, json};

use crate::world::scoring::{marks, meets, set};
use crate::world::{Person, Reply, World};

const PROVINCE: Authority = Authority::Province;

fn reasons(reply: &Reply, about: &str) -> String {
    let body = if reply.body["newest"].is_null() { &reply.body } else { &reply.body["newest"] };
    let all = body["reasons"].as_array().unwrap();
    let found: Vec<&str> =
        all.iter().filter(|p| p["about"] == about).map(|p| p["text"]["vi"].as_str().unwrap()).collect();
    found.join("\n")
}

/// Marks one criterion after the other over HTTP.
async fn mark_by_hand(person: &Person, sheet: &str, marks: &Marks) -> String {
    let at = format!("/v1/sheets/{sheet}");
    let mut tag = person.get(&at).await.is(200).tag().to_owned();
    for (criterion, mark) in marks {
        let body = json!({ "option": mark.option, "case": mark.case, "comment": mark.comment });
        tag = person.put(&format!("{at}/marks/{criterion}"), &tag, body).await.is(200).tag().to_owned();
    }
    tag
}

/// A paper that lies in a dossier and proves these criteria.
async fn paper_in(world: &World, dossier: DossierId, title: &str, criteria: &[&str]) -> DocumentId {
    let bytes = actix_web::web::Bytes::from(format!("%PDF-1.4\n{title}\n%%EOF"));
    let stream = futures_util::stream::once(std::future::ready(Ok::<_, std::io::Error>(bytes)));
    let received = world.state.files.receive(stream, 1000, ocop::files::DOCUMENTS).await.unwrap();
    let new = NewEvidence {
        paper: "marketDevelopment".into(),
        title: title.into(),
        criteria: criteria.iter().map(|c| (*c).to_owned()).collect(),
        version: NewVersion { file_name: "hop-dong.pdf".into(), ..Default::default() },
        ..Default::default()
    };
    world.as_service(move |cx| {
        let row = dossiers::any(cx, dossier)?;
        dossiers::documents::add(cx, &row, &received, new.clone())
    })
}

async fn submit(person: &Person, sheet: &str, tag: &str) -> Reply {
    let request = person.request(Method::POST, &format!("/v1/sheets/{sheet}/submission"));
    person.world.send(request.insert_header(("If-Match", tag)).set_json(json!({ "opinion": "Đạt" }))).await
}

#[actix_web::test]
async fn seven_of_nine_are_a_quorum_and_six_are_not() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 9).await;
    let dossier = world.in_review("21", province);
    let session = council.convene(&[dossier]).await;
    council.open(&session).await.refused("session_quorum_missing");
    council.attend(&session, 6).await;
    council.open(&session).await.refused("session_quorum_missing");
    council.attend(&session, 7).await;
    council.open(&session).await.is(200);
    council.totals(&session, dossier, "21", &[60, 61, 62, 63, 64, 65], 3).await;
    council.close(&session).await;
    council.record(&session, dossier, json!({})).await.refused("session_quorum_missing");
    // Too few valid sheets: the members are asked again.
    let note = json!({ "dossierId": dossier, "reason": "Thiếu một phiếu" });
    council.post(council.chair(), &session, "discussion", note).await.is(200);
    council.totals(&session, dossier, "21", &[60, 61, 62, 63, 64, 65, 66], 3).await;
    council.close(&session).await;
    assert_eq!(council.record(&session, dossier, json!({})).await.is(201).body["stars"], 3);
}

#[actix_web::test]
async fn a_chair_in_conflict_leaves_the_dossier_to_the_deputy() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 5).await;
    let dossier = world.in_review("07", province);
    let session = council.convene(&[dossier]).await;
    council.attend(&session, 5).await;
    council.chair().post("/v1/conflicts", json!({ "dossierId": dossier, "reason": "Góp vốn" })).await.is(201);
    council.open(&session).await.is(200);
    for seat in 1..5 {
        let seated = &council.voters[seat];
        let sheet = council.sheet_of(seated, &session, dossier).await;
        let tag = mark_by_hand(&seated.person, &sheet, &marks(set("07"), 75, meets(4))).await;
        submit(&seated.person, &sheet, &tag).await.is(200);
    }
    council.close(&session).await;
    council.record(&session, dossier, json!({})).await.is(403);
    let body = json!({ "dossierId": dossier });
    let result = council.voters[1].person.post(&format!("/v1/sessions/{session}/results"), body).await.is(201);
    assert_eq!(result.body["stars"], 4);
}

#[actix_web::test]
async fn rounds_take_their_days_from_the_decision() {
    let world = World::new().await;
    let province = world.province("86");
    let officer = world.of_office(Role::Province, Some(province));
    let round = |number: i32| json!({ "level": "province", "placeId": province, "year": 2026, "number": number });
    let second = officer.post("/v1/rounds", round(2)).await.is(201);
    assert_eq!((&second.body["cutoff"], &second.body["holdBefore"]), (&json!("2026-10-30"), &json!("2026-12-30")));
    officer.post("/v1/rounds", round(2)).await.refused("round_exists");
    officer.post("/v1/rounds", round(3)).await.refused("round_plan_missing");
    let mut extra = round(3);
    extra["plan"] = json!("Kế hoạch 99/KH-UBND, Điều 6 Quy chế");
    officer.post("/v1/rounds", extra).await.is(201);
    world.of_office(Role::Commune, Some(province)).post("/v1/rounds", round(1)).await.is(403);
    let elsewhere =
        world.of_office(Role::Province, Some(world.province("25"))).post("/v1/rounds", round(1)).await.is(422);
    assert_eq!(elsewhere.body["errors"][0]["code"], "outside_territory");
    let centre = world.of_office(Role::Central, None);
    let central = json!({ "level": "central", "year": 2026, "number": 2 });
    assert_eq!(centre.post("/v1/rounds", central.clone()).await.is(201).body["cutoff"], "2027-01-30");
    centre.post("/v1/rounds", central).await.refused("round_exists");
    let listed = world.plain().get(&format!("/v1/rounds?level=province&place={province}&year=2026")).await.is(200);
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_council_is_appointed_by_its_own_level_and_seats_give_the_rights() {
    let world = World::new().await;
    let province = world.province("86");
    let officer = world.of_office(Role::Province, Some(province));
    let body = |seats: Value| json!({ "level": "province", "placeId": province, "name": "Hội đồng", "decisionNumber": "1/QĐ", "decidedOn": "2026-05-25", "seats": seats });
    let chair = json!({ "userId": world.plain().id, "office": "chair" });
    officer.post("/v1/councils", body(json!([]))).await.is(422);
    officer.post("/v1/councils", body(json!([chair, chair]))).await.is(422);
    let unknown = json!([chair, { "userId": uuid::Uuid::now_v7(), "office": "member" }]);
    assert_eq!(
        officer.post("/v1/councils", body(unknown)).await.is(422).body["errors"][0]["pointer"],
        "/seats/1/userId"
    );
    let mut odd = body(json!([chair]));
    odd["regulation"] = json!({ "quorumPercent": 0 });
    officer.post("/v1/councils", odd).await.refused("regulation_wrong");
    world.of_office(Role::Signer, Some(province)).post("/v1/councils", body(json!([chair]))).await.is(403);
    let made = officer.post_once("/v1/councils", "k-1", body(json!([chair]))).await.is(201);
    let again = officer.post_once("/v1/councils", "k-1", body(json!([chair]))).await.is(201);
    assert_eq!((made.id(), again.headers["idempotency-replayed"].as_str()), (again.id(), "true"));
    assert_eq!(made.body["regulation"]["spreadLimit"], 10);

    let council = world.council(PROVINCE, Some(province), 3).await;
    let at = format!("/v1/councils/{}", council.id);
    council.voters[2].person.get(&at).await.is(200);
    world.plain().get(&at).await.is(404);
    world.of_office(Role::Province, Some(world.province("25"))).get(&at).await.is(404);
}

#[actix_web::test]
async fn a_dossier_is_postponed_with_a_reason_and_can_come_again() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let (stays, goes) = (world.in_review("07", province), world.in_review("14", province));
    let session = council.sits(&[stays, goes]).await;
    council.convene_as("inPerson", &[goes]).await.refused("dossier_wrong_moment");
    council.post(&council.officer, &session, "postponements", json!({ "dossierId": goes, "reason": "" })).await.is(422);
    let why = json!({ "dossierId": goes, "reason": "Chờ kiểm nghiệm lại" });
    council.post(&council.officer, &session, "postponements", why.clone()).await.is(200);
    council.post(&council.officer, &session, "postponements", why).await.refused("session_dossier_not_on_table");
    assert_eq!(world.dossier(goes).status, Status::InReview);
    council.totals(&session, stays, "07", &[75, 76, 77], 4).await;
    council.close(&session).await;
    council.record(&session, goes, json!({})).await.refused("session_dossier_not_on_table");
    council.record(&session, stays, json!({})).await.is(201);
    council.scores(goes, "14", &[75, 76, 77], 4).await.is(201);
}

#[actix_web::test]
async fn only_dossiers_of_the_territory_with_a_report_come_on_the_table() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let far = world.in_review("07", world.province("25"));
    let reply = council.convene_as("inPerson", &[far]).await.is(422);
    assert_eq!(reply.body["errors"][0]["pointer"], "/dossiers/0");
    let near = world.in_review("07", province);
    let body =
        |held_on: &str| json!({ "councilId": council.id, "heldOn": held_on, "form": "inPerson", "dossiers": [near] });
    council.officer.post("/v1/sessions", body("2026-06-01")).await.refused("session_report_missing");
    council.officer.post("/v1/sessions", body("2019-06-01")).await.refused("council_not_in_office");
    council.voters[2].person.post("/v1/sessions", body("2026-06-01")).await.is(403);
    world.plain().post("/v1/sessions", body("2026-06-01")).await.is(403);
    assert_eq!(world.dossier(near).status, Status::InReview, "a refused session moves nothing");
}
