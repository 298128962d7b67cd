//! The agenda of a session, the quorum while people come, and what members read before they meet.

use serde_json::{Value, json};

use super::PROVINCE;
use crate::world::scoring::Council;
use crate::world::{Person, Reply, World};

async fn put(who: &Person, session: &str, act: &str, body: Value) -> Reply {
    let at = format!("/v1/sessions/{session}");
    let tag = who.get(&at).await.is(200).tag().to_owned();
    who.put(&format!("{at}/{act}"), &tag, body).await
}

fn quorum(session: &Reply) -> Value {
    let q = &session.body["quorum"];
    json!([q["present"], q["needed"], q["seats"], q["chaired"], q["met"]])
}

async fn attended(council: &Council, session: &str, seats: &[usize]) -> Value {
    let present: Vec<&str> = seats.iter().map(|s| council.voters[*s].seat.as_str()).collect();
    quorum(&put(&council.secretary.person, session, "attendance", json!({ "present": present })).await.is(200))
}

#[actix_web::test]
async fn the_agenda_has_an_order_and_times_until_marking_is_opened() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let (a, b) = (world.in_review("07", province), world.in_review("14", province));
    let session = council.convene(&[a, b]).await;
    let slot = |dossier, at: Value| json!({ "dossierId": dossier, "startsAt": at });
    let agenda = |slots: &[Value]| json!({ "dossiers": slots });
    let good = agenda(&[slot(b, json!("08:00")), slot(a, json!("08:30"))]);
    put(&council.voters[2].person, &session, "agenda", good.clone()).await.is(403);
    let faults = [
        (agenda(&[slot(b, json!("08:00"))]), "/dossiers"),
        (agenda(&[slot(b, json!("08:00")), slot(b, json!("08:30"))]), "/dossiers"),
        (agenda(&[slot(b, json!("09:00")), slot(a, json!("08:30"))]), "/dossiers/1/startsAt"),
        (agenda(&[slot(b, json!("24:00")), slot(a, Value::Null)]), "/dossiers/0/startsAt"),
        (agenda(&[slot(b, json!("8:00")), slot(a, Value::Null)]), "/dossiers/0/startsAt"),
    ];
    for (wrong, pointer) in faults {
        let reply = put(&council.officer, &session, "agenda", wrong).await.is(422);
        assert_eq!(reply.body["errors"][0]["pointer"], pointer, "{}", reply.text);
    }
    let set = put(&council.secretary.person, &session, "agenda", good.clone()).await.is(200);
    let order: Vec<Value> =
        set.body["dossiers"].as_array().unwrap().iter().map(|d| json!([d["dossier"]["id"], d["startsAt"]])).collect();
    assert_eq!(order, [json!([b, "08:00"]), json!([a, "08:30"])]);
    council.attend(&session, 3).await;
    council.open(&session).await.is(200);
    put(&council.officer, &session, "agenda", good).await.refused("session_wrong_state");
}

#[actix_web::test]
async fn the_quorum_is_told_as_people_come() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 9).await;
    let dossier = world.in_review("07", province);
    let session = council.convene(&[dossier]).await;
    let at = format!("/v1/sessions/{session}");
    assert_eq!(quorum(&council.officer.get(&at).await.is(200)), json!([0, 7, 9, false, false]));
    assert_eq!(attended(&council, &session, &[1, 2, 3, 4, 5, 6, 7]).await, json!([7, 7, 9, false, false]));
    council.open(&session).await.refused("session_chair_missing");
    assert_eq!(attended(&council, &session, &[0, 1, 2, 3, 4, 5]).await, json!([6, 7, 9, true, false]));
    assert_eq!(attended(&council, &session, &[0, 1, 2, 3, 4, 5, 6]).await, json!([7, 7, 9, true, true]));
    // For one dossier, without those who keep away from it.
    council.voters[6].person.post("/v1/conflicts", json!({ "dossierId": dossier, "reason": "Góp vốn" })).await.is(201);
    let seen = council.voters[2].person.get(&at).await.is(200);
    let one = &seen.body["dossiers"][0]["quorum"];
    assert_eq!(json!([one["present"], one["needed"], one["seats"], one["met"]]), json!([6, 6, 8, true]));
    assert_eq!(quorum(&seen), json!([7, 7, 9, true, true]));
    council.open(&session).await.is(200);
}

#[actix_web::test]
async fn without_a_time_of_release_the_dossiers_are_read_when_marking_opens() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let body = json!({ "councilId": council.id, "heldOn": "2026-06-03", "releaseAt": "2026-06-03T17:30:00Z",
        "report": { "number": "1", "dated": "2026-06-01" }, "dossiers": [dossier] });
    let late = council.officer.post("/v1/sessions", body).await.is(422);
    assert_eq!(late.body["errors"][0]["pointer"], "/releaseAt");
    let session = council.convene(&[dossier]).await;
    let laid = format!("/v1/sessions/{session}/dossiers/{dossier}");
    let member = &council.voters[2].person;
    member.get(&laid).await.refused("session_not_released");
    council.attend(&session, 3).await;
    council.open(&session).await.is(200);
    let read = member.get(&laid).await.is(200).body;
    assert_eq!(read["dossier"]["id"], json!(dossier));
    assert!(!read["parts"].as_array().unwrap().is_empty() && read["siteVisits"] == json!([]), "{read}");
    member.get(&format!("/v1/sessions/{session}/dossiers/{}", uuid::Uuid::now_v7())).await.is(404);
    member.get(&format!("{laid}/documents/{}", uuid::Uuid::now_v7())).await.is(404);
    let why = json!({ "dossierId": dossier, "reason": "Chờ kiểm nghiệm" });
    council.post(&council.officer, &session, "postponements", why).await.is(200);
    member.get(&laid).await.refused("session_dossier_not_on_table");
}
