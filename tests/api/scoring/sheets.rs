//! Sheets: marked, submitted, locked, given back.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{PROVINCE, mark_by_hand, paper_in, submit};
use crate::world::World;
use crate::world::gate::{hold_row, release_when_waiting};
use crate::world::scoring::{choice, marks, meets, set};

#[actix_web::test]
async fn a_mark_is_checked_against_the_set_the_sheet_and_its_version() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let (tea, tourism) = (world.in_review("11", province), world.in_review("26", province));
    let session = council.sits(&[tea, tourism]).await;
    let member = &council.voters[2];
    let sheet = council.sheet_of(member, &session, tea).await;
    let at = format!("/v1/sheets/{sheet}");
    let tag = member.person.get(&at).await.is(200).tag().to_owned();
    let put = |criterion: &str, body: Value| {
        let (person, path, tag) = (member.person.clone(), format!("{at}/marks/{criterion}"), tag.clone());
        async move { person.put(&path, &tag, body).await }
    };
    put("99.9", json!({ "option": "a" })).await.refused("sheet_criterion_unknown");
    put("6.1", json!({ "option": "a" })).await.refused("sheet_criterion_not_scored");
    put("6.1.1", json!({ "option": "z" })).await.refused("sheet_option_unknown");
    put("6.1.1", json!({ "option": null })).await.refused("sheet_none_needs_comment");
    put("6.1.1", json!({ "choice": "a" })).await.is(422);
    // Two options are no option.
    put("6.1.1", json!({ "option": ["a", "b"] })).await.is(422);
    let done = put("6.1.1", json!({ "option": null, "comment": "Không có mẫu" })).await.is(200);
    assert_eq!((&done.body["points"], &done.body["marked"]), (&json!(0), &json!(1)));
    put("6.1.1", json!({ "option": "a" })).await.is(412);
    member
        .person
        .world
        .send(member.person.request(Method::PUT, &format!("{at}/marks/6.1.1")).set_json(json!({ "option": "a" })))
        .await
        .is(428);
    let back = member.person.delete(&format!("{at}/marks/6.1.1"), done.tag()).await.is(200);
    assert_eq!(back.body["marked"], 0);
    let early = submit(&member.person, &sheet, back.tag()).await.refused("sheet_incomplete");
    assert!(early.body["errors"].as_array().unwrap().len() > 20);

    // Tourism has cases.
    let sheet = council.sheet_of(member, &session, tourism).await;
    let at = format!("/v1/sheets/{sheet}");
    let tag = member.person.get(&at).await.is(200).tag().to_owned();
    let cases = set("26").scored().into_iter().find(|c| !c.cases.is_empty()).unwrap();
    let of = |case: u8| cases.options.iter().find(|o| o.case == Some(case)).unwrap().code.clone();
    let path = format!("{at}/marks/{}", cases.code);
    member.person.put(&path, &tag, json!({ "option": of(1) })).await.refused("sheet_case_required");
    member.person.put(&path, &tag, json!({ "option": of(2), "case": 1 })).await.refused("sheet_option_other_case");
    member.person.put(&path, &tag, json!({ "option": of(2), "case": 9 })).await.refused("sheet_case_unknown");
    let done = member.person.put(&path, &tag, json!({ "option": of(2), "case": 2 })).await.is(200);
    let shown = member.person.get(&at).await.is(200);
    assert_eq!(shown.tag(), done.tag());
    assert!(shown.text.contains("\"case\":2"));

    // Nobody else's.
    council.voters[1].person.put(&path, done.tag(), json!({ "option": of(2), "case": 2 })).await.is(404);
    council.officer.put(&path, done.tag(), json!({ "option": of(2), "case": 2 })).await.is(404);
}

#[actix_web::test]
async fn a_locked_sheet_is_given_back_by_the_chair_with_a_reason() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    council.totals(&session, dossier, "07", &[75, 76, 77], 4).await;
    let member = &council.voters[2];
    let sheet = council.sheet_of(member, &session, dossier).await;
    let at = format!("/v1/sheets/{sheet}");
    let tag = member.person.get(&at).await.is(200).tag().to_owned();
    member.person.put(&format!("{at}/marks/1.1"), &tag, json!({ "option": "a" })).await.refused("sheet_locked");
    submit(&member.person, &sheet, &tag).await.refused("sheet_locked");
    let give = json!({ "dossierId": dossier, "seatId": member.seat, "reason": "Thành viên chấm nhầm tiêu chí 1.1" });
    council.post(&member.person, &session, "reopenings", give.clone()).await.is(403);
    let reply = council.post(council.chair(), &session, "reopenings", give.clone()).await.is(200);
    assert!(!reply.text.contains("total"));
    council.post(council.chair(), &session, "reopenings", give).await.refused("sheet_not_submitted");
    let open = member.person.get(&at).await.is(200);
    assert_eq!((&open.body["state"], &open.body["total"]), (&json!("draft"), &Value::Null));
    submit(&member.person, &sheet, open.tag()).await.is(200);
    let id: uuid::Uuid = sheet.parse().unwrap();
    let deeds: Vec<String> = world
        .as_service(move |cx| ocop::audit::of_subject(cx, id))
        .into_iter()
        .map(|r| r.deed + &r.details.text())
        .collect();
    assert_eq!(deeds.len(), 3, "submitted, reopened, submitted; drafts are not audited: {deeds:?}");
    let tells = |d: &String| {
        ["total", "mark", "option", "points"].iter().any(|w| d.to_lowercase().contains(&format!("{w}\":")))
    };
    assert!(!deeds.iter().any(tells), "the audit does not tell what a sheet says: {deeds:?}");
}

#[actix_web::test]
async fn two_submissions_of_one_sheet_at_once_lock_it_once() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    let member = &council.voters[2];
    let sheet = council.sheet_of(member, &session, dossier).await;
    let tag = mark_by_hand(&member.person, &sheet, &marks(set("07"), 75, meets(4))).await;
    let gate = hold_row(&world, "sheets", &sheet);
    let both = futures_util::future::join_all((0..3).map(|_| submit(&member.person, &sheet, &tag)));
    let replies = release_when_waiting(&world, gate, 3, both).await;
    let done = replies.iter().filter(|r| r.status == 200).count();
    let stale = replies.iter().filter(|r| r.status == 412).count();
    assert_eq!((done, stale), (1, 2), "the others find a newer version");
    let id: uuid::Uuid = sheet.parse().unwrap();
    assert_eq!(world.as_service(move |cx| ocop::audit::of_subject(cx, id)).len(), 1);
}

#[actix_web::test]
async fn a_mark_that_meets_the_end_of_marking_is_in_time_or_refused() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    let member = &council.voters[2];
    let sheet = council.sheet_of(member, &session, dossier).await;
    let tag = mark_by_hand(&member.person, &sheet, &marks(set("07"), 75, meets(4))).await;
    let gate = hold_row(&world, "sheets", &sheet);
    let both = futures_util::future::join(submit(&member.person, &sheet, &tag), council.close(&session));
    let (submitted, ()) = release_when_waiting(&world, gate, 1, both).await;
    let state = member.person.get(&format!("/v1/sheets/{sheet}")).await.is(200).body["state"].clone();
    match submitted.status.as_u16() {
        200 => assert_eq!(state, "submitted"),
        409 | 412 => assert_eq!(state, "lapsed"),
        other => panic!("{other}: {}", submitted.text),
    }
    let path = format!("/v1/sheets/{sheet}/marks/1.1");
    let late = member.person.get(&format!("/v1/sheets/{sheet}")).await.is(200);
    member.person.put(&path, late.tag(), json!({ "option": choice("a").option })).await.refused("sheet_locked");
}

#[actix_web::test]
async fn a_member_reads_the_evidence_beside_a_criterion() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let paper = paper_in(&world, dossier, "Hợp đồng phân phối", &["4.1"]).await;
    let session = council.sits(&[dossier]).await;
    let (member, other) = (&council.voters[2], &council.voters[1]);
    let sheet = council.sheet_of(member, &session, dossier).await;
    let shown = member.person.get(&format!("/v1/sheets/{sheet}")).await.is(200);
    let sections = shown.body["parts"].as_array().unwrap().iter().flat_map(|p| p["sections"].as_array().unwrap());
    let criteria: Vec<&Value> = sections.flat_map(|s| s["criteria"].as_array().unwrap()).collect();
    let found = criteria.iter().find(|c| c["criterion"]["code"] == "4.1").unwrap();
    assert_eq!(found["evidence"][0]["title"], "Hợp đồng phân phối");
    let at = format!("/v1/sheets/{sheet}/documents/{paper}");
    let file = member.person.get(&at).await.is(200);
    assert!(file.text.starts_with("%PDF"));
    assert!(file.headers["content-disposition"].starts_with("attachment"));
    other.person.get(&at).await.is(404);
    member.person.get(&format!("/v1/sheets/{sheet}/documents/{}", uuid::Uuid::now_v7())).await.is(404);
    let written = world.as_service(move |cx| ocop::audit::of_subject(cx, dossier.0));
    assert_eq!(written.iter().filter(|r| r.deed == "dossier.document_read").count(), 1, "one paper was read, once");
}
