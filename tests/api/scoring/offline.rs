//! What devices kept while they were off line, and what the advisory team wrote beforehand.

use ocop::actor::Role;
use ocop::ids::{DossierId, SheetId};
use ocop::rulebook::marks::{Marks, points};
use serde_json::{Value, json};

use super::{PROVINCE, submit};
use crate::world::scoring::{Council, marks, meets, set};
use crate::world::{Person, World};

/// The same order in every run, and no order that anybody meant.
fn shuffled<T>(mut items: Vec<T>, mut seed: u64) -> Vec<T> {
    for i in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(i, usize::try_from(seed >> 33).unwrap() % (i + 1));
    }
    items
}

fn edit(sheet: &str, criterion: &str, marks: &Marks, edited_at: &str) -> Value {
    let mark = &marks[criterion];
    json!({ "sheetId": sheet, "criterion": criterion, "option": mark.option, "case": mark.case,
        "comment": mark.comment, "editedAt": edited_at })
}

fn rows(list: &Value) -> Vec<Value> {
    list["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn forty_sheets_filled_off_line_come_in_any_order_twice_from_two_devices() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossiers: Vec<DossierId> = (0..40).map(|_| world.in_review("07", province)).collect();
    let session = council.sits(&dossiers).await;
    let member = &council.voters[2].person;
    let mine = format!("/v1/sheets?mine=true&session={session}&limit=100");
    let needed = set("07").scored().len();
    let before = rows(&member.get(&mine).await.is(200).body);
    assert_eq!(before.len(), 40, "forty dossiers are one list");
    assert!(before.iter().all(|r| r["marked"] == 0 && r["unmarked"] == json!(needed)));

    // The tablet at ten past, the laptop at twenty past, but for every third criterion at five past.
    let (tablet, laptop) = (marks(set("07"), 75, meets(4)), marks(set("07"), 80, meets(4)));
    let mut expected = laptop.clone();
    let mut brought: Vec<(&str, Value)> = Vec::new();
    for row in &before {
        let sheet = row["id"].as_str().unwrap();
        for (i, criterion) in tablet.keys().enumerate() {
            let early = i % 3 == 0;
            if early {
                expected.insert(criterion.clone(), tablet[criterion].clone());
            }
            brought.push(("tablet", edit(sheet, criterion, &tablet, "2026-06-01T01:10:00Z")));
            let at = if early { "2026-06-01T01:05:00Z" } else { "2026-06-01T01:20:00.5Z" };
            brought.push(("laptop", edit(sheet, criterion, &laptop, at)));
        }
    }
    let parts = |seed: u64| {
        let mut parts = Vec::new();
        for device in ["tablet", "laptop"] {
            let own: Vec<Value> = brought.iter().filter(|(d, _)| *d == device).map(|(_, e)| e.clone()).collect();
            let own = shuffled(own, seed);
            parts.extend(own.chunks(500).map(|part| json!({ "device": device, "marks": part })));
        }
        shuffled(parts, seed + 1)
    };
    for (seed, repeated) in [(7, false), (11, true)] {
        for part in parts(seed) {
            let saved = member.post("/v1/sheets/marks", part).await.is(200);
            for fate in saved.body["edits"].as_array().unwrap() {
                assert_ne!(fate["outcome"], "refused", "{fate}");
                assert_eq!(fate["repeated"], repeated, "{fate}");
            }
        }
    }
    let sum: i64 = expected.iter().map(|(c, choice)| points(set("07"), c, choice)).sum();
    let after = rows(&member.get(&mine).await.is(200).body);
    assert!(after.iter().all(|r| r["marked"] == json!(needed) && r["unmarked"] == 0));
    for row in &after {
        let id: SheetId = row["id"].as_str().unwrap().parse().unwrap();
        let shown = member.get(&format!("/v1/sheets/{id}")).await.is(200);
        assert_eq!(shown.body["points"], sum);
        let locked = submit(member, &id.to_string(), shown.tag()).await.is(200);
        assert_eq!(locked.body["total"], sum);
        let silent = world.as_service(move |cx| ocop::audit::of_subject(cx, id.0));
        assert_eq!(silent.len(), 1, "drafts are told to nobody: only the submission is written down");
    }
    // Both values are kept; the one that stands is marked.
    let one = format!("/v1/sheets/{}/history", after[17]["id"].as_str().unwrap());
    let kept = member.get(&one).await.is(200).body["edits"].as_array().unwrap().clone();
    assert_eq!(kept.len(), 2 * needed);
    for (criterion, choice) in &expected {
        let of: Vec<&Value> = kept.iter().filter(|e| e["criterion"] == json!(criterion)).collect();
        let standing: Vec<&&Value> = of.iter().filter(|e| e["stands"] == true).collect();
        assert_eq!((of.len(), standing.len()), (2, 1), "{criterion}");
        assert_eq!(standing[0]["mark"]["option"], json!(choice.option), "{criterion}");
    }
    council.voters[1].person.get(&one).await.is(404);
    council.officer.get(&one).await.is(404);
}

async fn save(person: &Person, device: &str, marks: Value) -> Vec<Value> {
    let saved = person.post("/v1/sheets/marks", json!({ "device": device, "marks": marks })).await.is(200);
    saved.body["edits"].as_array().unwrap().clone()
}

async fn sitting(world: &World, code: &'static str) -> (Council, DossierId, String) {
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review(code, province);
    let session = council.sits(&[dossier]).await;
    (council, dossier, session)
}

#[actix_web::test]
async fn what_a_device_brings_wrongly_is_answered_one_by_one_and_nothing_else_is_lost() {
    let world = World::new().await;
    let (council, dossier, session) = sitting(&world, "26").await;
    let member = &council.voters[2];
    let sheet = council.sheet_of(member, &session, dossier).await;
    let foreign = council.sheet_of(&council.voters[1], &session, dossier).await;
    let cases = set("26").scored().into_iter().find(|c| !c.cases.is_empty()).unwrap();
    let of = |case: u8| cases.options.iter().find(|o| o.case == Some(case)).unwrap().code.clone();
    let plain = set("26").scored().into_iter().find(|c| c.cases.is_empty() && c.applies_if.is_none()).unwrap();
    let (a, at) = (plain.options[0].code.clone(), "2026-06-01T01:00:00Z");
    let brought = json!([
        { "sheetId": sheet, "criterion": plain.code, "option": a, "editedAt": at },
        { "sheetId": sheet, "criterion": plain.code, "option": "zz", "editedAt": at },
        { "sheetId": sheet, "criterion": "99.9", "option": "a", "editedAt": at },
        { "sheetId": sheet, "criterion": cases.code, "option": of(2), "editedAt": at },
        { "sheetId": sheet, "criterion": cases.code, "option": of(2), "case": 1, "editedAt": at },
        { "sheetId": sheet, "criterion": plain.code, "option": null, "editedAt": at },
        { "sheetId": foreign, "criterion": plain.code, "option": a, "editedAt": at },
        { "sheetId": uuid::Uuid::now_v7(), "criterion": plain.code, "option": a, "editedAt": at },
        { "sheetId": sheet, "criterion": cases.code, "option": of(2), "case": 2, "editedAt": at },
    ]);
    let fates = save(&member.person, "tablet", brought).await;
    let words: Vec<&str> = fates.iter().map(|f| f["code"].as_str().unwrap_or(f["outcome"].as_str().unwrap())).collect();
    assert_eq!(
        words,
        [
            "stands",
            "sheet_option_unknown",
            "sheet_criterion_unknown",
            "sheet_case_required",
            "sheet_option_other_case",
            "sheet_none_needs_comment",
            "sheet_not_yours",
            "sheet_not_yours",
            "stands",
        ]
    );
    assert_eq!(fates[6]["detail"], fates[7]["detail"], "another's sheet is as one that does not exist");

    // A clock that runs a year ahead wins nothing by it: what is marked on line afterwards stands.
    let ahead = json!([{ "sheetId": sheet, "criterion": plain.code, "option": plain.options[1].code, "editedAt": "2027-06-01T01:00:00Z" }]);
    assert_eq!(save(&member.person, "laptop", ahead.clone()).await[0]["outcome"], "stands");
    let path = format!("/v1/sheets/{sheet}");
    let tag = member.person.get(&path).await.is(200).tag().to_owned();
    member.person.put(&format!("{path}/marks/{}", plain.code), &tag, json!({ "option": a })).await.is(200);
    let again = save(&member.person, "laptop", ahead).await;
    assert_eq!((&again[0]["outcome"], &again[0]["repeated"]), (&json!("superseded"), &json!(true)));
    // A clock moved back: the older value is kept, and does not stand.
    let back = json!([{ "sheetId": sheet, "criterion": plain.code, "option": plain.options[1].code, "editedAt": "2026-05-01T01:00:00Z" }]);
    assert_eq!(save(&member.person, "tablet", back).await[0]["outcome"], "superseded");
    // Taken back, and an eliminating ground noted, off line.
    let late = "2026-06-01T02:30:00Z";
    let other = world.in_review("07", world.province("86"));
    let second = council.sits(&[other]).await;
    let stopped = council.sheet_of(member, &second, other).await;
    world.today("2026-06-02");
    let body = json!({ "device": "tablet",
        "marks": [{ "sheetId": sheet, "criterion": plain.code, "takenBack": true, "editedAt": late }],
        "knockOuts": [
            { "sheetId": stopped, "editedAt": late, "found": { "at": "forgedDossier", "reason": "Phiếu giả" } },
            { "sheetId": stopped, "editedAt": late, "found": { "at": "nowhere", "reason": "x" } }] });
    let saved = member.person.post("/v1/sheets/marks", body).await.is(200);
    assert_eq!(saved.body["edits"][2]["code"], "sheet_knock_out_unknown");
    let shown = member.person.get(&format!("/v1/sheets/{stopped}")).await.is(200);
    assert_eq!(shown.body["knockOut"]["at"], "forgedDossier");
    let tags: Vec<&Value> = saved.body["sheets"].as_array().unwrap().iter().map(|s| &s["etag"]).collect();
    assert!(tags.contains(&&json!(shown.tag())), "{tags:?}");
    let kept = member.person.get(&format!("{path}/history")).await.is(200);
    let last = kept.body["edits"].as_array().unwrap().iter().rfind(|e| e["criterion"] == json!(plain.code)).unwrap();
    assert_eq!((&last["mark"], &last["stands"]), (&Value::Null, &json!(true)), "taken back");

    // After the lock nothing is taken, and the device is told to keep it.
    submit(&member.person, &stopped, shown.tag()).await.is(200);
    let locked = json!([{ "sheetId": stopped, "criterion": plain.code, "option": a, "editedAt": late }]);
    let fate = &save(&member.person, "tablet", locked).await[0];
    assert_eq!((&fate["outcome"], &fate["code"]), (&json!("refused"), &json!("sheet_locked")));
    let body = json!({ "device": "", "marks": [] });
    assert_eq!(member.person.post("/v1/sheets/marks", body).await.is(422).body["errors"][0]["pointer"], "/device");
    world.plain().post("/v1/sheets/marks", json!({ "device": "x", "marks": [] })).await.is(403);
}

#[actix_web::test]
async fn the_advisory_remark_lies_beside_its_criterion_as_the_regulation_says() {
    let world = World::new().await;
    let province = world.province("86");
    let advisor = world.of_office(Role::Advisory, Some(province));
    for (view, remark, mark) in [("nothing", false, false), ("remarks", true, false), ("remarksAndMarks", true, true)] {
        let council = world.council_with(PROVINCE, Some(province), 3, json!({ "advisoryView": view })).await;
        let dossier = world.in_review("07", province);
        let at = format!("/v1/dossiers/{dossier}/advisory-review");
        let empty = advisor.get(&at).await.is(200);
        let body = json!({ "opinion": "Đủ điều kiện", "remarks": [
            { "criterion": "4.1", "remark": "Hợp đồng còn hạn", "mark": { "option": "b" } }] });
        council.officer.put(&at, empty.tag(), body.clone()).await.is(403);
        let unknown = json!({ "opinion": "", "remarks": [{ "criterion": "99", "remark": "x" }] });
        advisor.put(&at, empty.tag(), unknown).await.refused("sheet_criterion_unknown");
        let written = advisor.put(&at, empty.tag(), body.clone()).await.is(200);
        advisor.put(&at, empty.tag(), body.clone()).await.is(412);
        world.speaker(world.dossier(dossier).producer_id).get(&at).await.is(403);

        let session = council.sits(&[dossier]).await;
        advisor.put(&at, written.tag(), body).await.refused("advisory_review_closed");
        let member = &council.voters[2];
        member.person.get(&at).await.is(404);
        let sheet = council.sheet_of(member, &session, dossier).await;
        let shown = member.person.get(&format!("/v1/sheets/{sheet}")).await.is(200);
        let sections = shown.body["parts"].as_array().unwrap().iter().flat_map(|p| p["sections"].as_array().unwrap());
        let all: Vec<Value> = sections.flat_map(|s| s["criteria"].as_array().unwrap().clone()).collect();
        let found = all.iter().find(|c| c["criterion"]["code"] == "4.1").unwrap();
        assert_eq!(found["advisory"]["remark"].is_string(), remark, "{view}");
        assert_eq!(found["advisory"]["mark"]["option"].is_string(), mark, "{view}");
        assert_eq!(shown.body["advisoryOpinion"].is_string(), remark, "{view}");
    }
}

#[actix_web::test]
async fn members_in_conflict_are_no_part_of_the_number_that_the_quorum_is_taken_of() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 9).await;
    let dossier = world.in_review("07", province);
    let session = council.convene(&[dossier]).await;
    council.attend(&session, 9).await;
    for member in &council.voters[6..] {
        let body = json!({ "dossierId": dossier, "reason": "Họ hàng của chủ thể" });
        member.person.post("/v1/conflicts", body).await.is(201);
    }
    council.open(&session).await.is(200);
    // Six may score; three quarters of six are five.
    council.totals(&session, dossier, "07", &[75, 76, 77, 78], 4).await;
    council.close(&session).await;
    let stop = council.record(&session, dossier, json!({})).await.refused("session_quorum_missing");
    let said = stop.body["detail"].as_str().unwrap();
    assert!(said.contains("4 trên 6") && said.contains("ít nhất 5"), "{said}");
    let note = json!({ "dossierId": dossier, "reason": "Thiếu một phiếu" });
    council.post(council.chair(), &session, "discussion", note).await.is(200);
    council.totals(&session, dossier, "07", &[75, 76, 77, 78, 79], 4).await;
    council.close(&session).await;
    assert_eq!(council.record(&session, dossier, json!({})).await.is(201).body["mean"]["sheets"], 5);
}

#[actix_web::test]
async fn forty_members_save_at_once_without_an_error() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 40).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    let (all, session) = (marks(set("07"), 75, meets(4)), &session);
    let saved = futures_util::future::join_all(council.voters.iter().map(|seated| {
        let (council, all) = (&council, &all);
        async move {
            let sheet = council.sheet_of(seated, session, dossier).await;
            let mut took = Vec::new();
            for (criterion, _) in all.iter().take(5) {
                let began = std::time::Instant::now();
                let at = "2026-06-01T01:00:00Z";
                let body = json!({ "device": "tablet", "marks": [edit(&sheet, criterion, all, at)] });
                let reply = seated.person.post("/v1/sheets/marks", body).await.is(200);
                assert_eq!(reply.body["edits"][0]["outcome"], "stands");
                took.push(began.elapsed());
            }
            took
        }
    }))
    .await;
    let mut took: Vec<_> = saved.into_iter().flatten().collect();
    took.sort_unstable();
    println!(
        "{} saves of forty members at once: median {:?}, p99 {:?}",
        took.len(),
        took[took.len() / 2],
        took[took.len() * 99 / 100]
    );
    let list = council.chair().get(&format!("/v1/sheets?mine=true&session={session}")).await.is(200);
    assert_eq!(list.body["data"][0]["marked"], 5);
}
