//! Who sees what of a sheet, and when.

use ocop::actor::Role;
use ocop::ids::DossierId;
use ocop::scoring;
use serde_json::json;

use super::PROVINCE;
use crate::world::{Person, Reply, World};

/// What each viewer sees of a member's sheet, of lists, of results.
struct Viewers {
    names: Vec<&'static str>,
    people: Vec<Person>,
}

async fn seen(viewers: &Viewers, sheet: &str, session: &str, dossier: DossierId) -> Vec<String> {
    let mut out = Vec::new();
    for (name, person) in viewers.names.iter().zip(&viewers.people) {
        let one = person.get(&format!("/v1/sheets/{sheet}")).await.status.as_u16();
        let list = person.get(&format!("/v1/sheets?session={session}&limit=100")).await.is(200);
        let count = list.body["data"].as_array().unwrap().len();
        let inside = person.get(&format!("/v1/sessions/{session}/sheets?limit=100")).await;
        let inside =
            if inside.status == 200 { inside.body["data"].as_array().unwrap().len().to_string() } else { "-".into() };
        let result = person.get(&format!("/v1/dossiers/{dossier}/result")).await.status.as_u16();
        let progress = person.get(&format!("/v1/sessions/{session}/progress")).await.status.as_u16();
        out.push(format!("{name}: sheet {one}, lists {count} {inside}, result {result}, progress {progress}"));
    }
    out
}

#[actix_web::test]
async fn nobody_sees_another_sheet_or_any_aggregate_before_marking_has_ended() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 4).await;
    let dossier = world.in_review("07", province);
    let producer = world.dossier(dossier).producer_id;
    let viewers = Viewers {
        names: vec![
            "member",
            "other member",
            "chair",
            "secretary",
            "officer",
            "producer",
            "other province",
            "commune",
            "auditor",
        ],
        people: vec![
            council.voters[3].person.clone(),
            council.voters[2].person.clone(),
            council.chair().clone(),
            council.secretary.person.clone(),
            council.officer.clone(),
            world.speaker(producer),
            world.of_office(Role::Province, Some(world.province("25"))),
            world.of_office(Role::Commune, Some(world.dossier(dossier).place_id)),
            world.with_role(Role::Auditor),
        ],
    };
    let session = council.convene(&[dossier]).await;
    council.attend(&session, 4).await;
    let tag_before = council.officer.get(&format!("/v1/sessions/{session}")).await.is(200).tag().to_owned();
    council.open(&session).await.is(200);
    let sheet = council.sheet_of(&council.voters[3], &session, dossier).await;
    let draft = [
        "member: sheet 200, lists 1 1, result 404, progress 403",
        "other member: sheet 404, lists 1 1, result 404, progress 403",
        "chair: sheet 404, lists 1 1, result 404, progress 200",
        "secretary: sheet 404, lists 0 0, result 404, progress 200",
        "officer: sheet 404, lists 0 0, result 404, progress 403",
        "producer: sheet 404, lists 0 -, result 404, progress 404",
        "other province: sheet 404, lists 0 -, result 404, progress 404",
        "commune: sheet 404, lists 0 -, result 404, progress 404",
        "auditor: sheet 404, lists 0 0, result 404, progress 403",
    ];
    assert_eq!(seen(&viewers, &sheet, &session, dossier).await, draft);
    let open_tags: Vec<String> = tags(&viewers, &session).await;
    assert_ne!(open_tags[4], tag_before, "opening is no secret");

    council.totals(&session, dossier, "07", &[78, 80, 82, 79], 4).await;
    assert_eq!(seen(&viewers, &sheet, &session, dossier).await, draft, "submitted sheets stay hidden");
    assert_eq!(tags(&viewers, &session).await, open_tags, "no tag changes when a sheet is submitted");
    let progress = council.chair().get(&format!("/v1/sessions/{session}/progress")).await.is(200);
    assert_eq!(progress.body["data"].as_array().unwrap().len(), 4);
    for row in progress.body["data"].as_array().unwrap() {
        let told: Vec<&String> = row.as_object().unwrap().keys().collect();
        assert_eq!(told, ["dossierId", "scoringRound", "seatId", "state"], "who, never what: {}", progress.text);
    }
    council.record(&session, dossier, json!({})).await.refused("session_not_closed");
    for word in ["sort=total", "expand=marks", "state=submitted", "total=78"] {
        viewers.people[1].get(&format!("/v1/sheets?{word}")).await.is(400);
    }

    council.close(&session).await;
    council.record(&session, dossier, json!({})).await.is(201);
    let closed = [
        "member: sheet 200, lists 4 4, result 200, progress 403",
        "other member: sheet 200, lists 4 4, result 200, progress 403",
        "chair: sheet 200, lists 4 4, result 200, progress 200",
        "secretary: sheet 200, lists 4 4, result 200, progress 200",
        "officer: sheet 200, lists 4 4, result 200, progress 403",
        "producer: sheet 404, lists 0 -, result 404, progress 404",
        "other province: sheet 404, lists 0 -, result 404, progress 404",
        "commune: sheet 404, lists 0 -, result 404, progress 404",
        "auditor: sheet 200, lists 4 4, result 200, progress 403",
    ];
    assert_eq!(seen(&viewers, &sheet, &session, dossier).await, closed);

    // The notice or decision makes it known to producer and commune; sheets stay with the officials.
    world.as_service(move |cx| {
        let today = cx.today();
        scoring::publish_results(cx, dossier, today)
    });
    let after = seen(&viewers, &sheet, &session, dossier).await;
    assert_eq!(after[5], "producer: sheet 404, lists 0 -, result 200, progress 404");
    assert_eq!(after[6], closed[6]);
    assert_eq!(after[7], "commune: sheet 404, lists 0 -, result 200, progress 404");
}

async fn tags(viewers: &Viewers, session: &str) -> Vec<String> {
    let mut out = Vec::new();
    for person in &viewers.people {
        let reply = person.get(&format!("/v1/sessions/{session}")).await;
        out.push(reply.headers.get("etag").cloned().unwrap_or_default());
    }
    out
}

#[actix_web::test]
async fn a_member_in_conflict_has_no_access_and_does_not_count() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 4).await;
    let (kin, other) = (world.in_review("07", province), world.in_review("07", province));
    let session = council.convene(&[kin, other]).await;
    council.attend(&session, 4).await;
    let member = &council.voters[3];
    let body = json!({ "dossierId": kin, "reason": "Là em của chủ thể" });
    world.of_office(Role::Province, Some(province)).post("/v1/conflicts", body.clone()).await.is(403);
    let absent = json!({ "dossierId": DossierId::new(), "reason": "x" });
    assert_eq!(member.person.post("/v1/conflicts", absent).await.is(422).body["errors"][0]["pointer"], "/dossierId");
    member.person.post("/v1/conflicts", body.clone()).await.is(201);
    member.person.post("/v1/conflicts", body).await.refused("conflict_declared");
    council.open(&session).await.is(200);
    council.totals(&session, other, "07", &[75, 76, 77, 78], 4).await;
    council.totals(&session, kin, "07", &[75, 76, 77], 4).await;
    council.close(&session).await;
    let mine = member.person.get(&format!("/v1/sheets?session={session}&limit=100")).await.is(200);
    let of: Vec<&str> =
        mine.body["data"].as_array().unwrap().iter().map(|s| s["dossier"]["id"].as_str().unwrap()).collect();
    assert_eq!(of, vec![other.to_string(); 4], "nothing of the other dossier, after closing too");
    let result = council.record(&session, kin, json!({})).await.is(201);
    assert_eq!(result.body["mean"]["sheets"], 3);
    member.person.get(&format!("/v1/dossiers/{kin}/result")).await.is(404);
    let session_seen = member.person.get(&format!("/v1/sessions/{session}")).await.is(200);
    assert_eq!(
        (&session_seen.body["dossiers"][0]["conflict"], &session_seen.body["dossiers"][1]["conflict"]),
        (&json!(true), &json!(false))
    );
}

#[actix_web::test]
async fn members_see_the_open_mean_only_where_the_regulation_says_so() {
    let world = World::new().await;
    let province = world.province("86");
    let rules = json!({ "discloseMeanToMembers": true, "visibility": "never" });
    let council = world.council_with(PROVINCE, Some(province), 3, rules).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    council.totals(&session, dossier, "07", &[75, 77], 4).await;
    let at = format!("/v1/sessions/{session}");
    let shown = council.voters[2].person.get(&at).await.is(200);
    assert_eq!(shown.body["dossiers"][0]["openMean"]["sum"], 152);
    assert!(council.officer.get(&at).await.is(200).body["dossiers"][0]["openMean"].is_null());
    council.close(&session).await;
    let count = |reply: Reply| reply.body["data"].as_array().unwrap().len();
    let list = format!("/v1/sheets?session={session}");
    assert_eq!(
        count(council.voters[2].person.get(&list).await.is(200)),
        1,
        "members never see each other's sheets here"
    );
    assert_eq!(count(council.chair().get(&list).await.is(200)), 3, "the chair does");
}
