//! Rounds, councils, sessions, sheets, results.

use actix_web::http::Method;
use ocop::actor::Role;
use ocop::dossiers::{self, Action, Deed, Desk, Party, Status};
use ocop::ids::DossierId;
use ocop::rulebook::marks::{Choice, Marks};
use ocop::rulebook::{Authority, DossierKind, Outcome};
use ocop::scoring;
use serde_json::{Value, json};

use crate::world::gate::{hold_row, release_when_waiting};
use crate::world::scoring::{Council, Laid, but, choice, marks, meets, set};
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

async fn submit(person: &Person, sheet: &str, tag: &str) -> Reply {
    let request = person.request(Method::POST, &format!("/v1/sheets/{sheet}/submission"));
    person.world.send(request.insert_header(("If-Match", tag)).set_json(json!({ "opinion": "Đạt" }))).await
}

#[actix_web::test]
async fn nine_sheets_of_a_real_set_give_an_exact_mean_and_a_star() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 9).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    assert_eq!(world.dossier(dossier).status, Status::Scheduled);

    let totals = [78, 80, 82, 79, 81, 80, 77, 84, 80];
    council.totals(&session, dossier, "07", &totals[..8], 4).await;
    let last = &council.voters[8];
    let sheet = council.sheet_of(last, &session, dossier).await;
    let tag = mark_by_hand(&last.person, &sheet, &marks(set("07"), 80, meets(4))).await;
    let locked = submit(&last.person, &sheet, &tag).await.is(200);
    assert_eq!((locked.body["total"].as_i64(), &locked.body["state"]), (Some(80), &json!("submitted")));

    council.close(&session).await;
    let result = council.record(&session, dossier, json!({})).await.is(201);
    assert_eq!(result.body["stars"], 4);
    assert_eq!(result.body["mean"], json!({ "sum": 721, "sheets": 9, "shown": "80,11" }));
    assert!(reasons(&result, "mean").contains("721 điểm của 9 phiếu"));
    assert!(reasons(&result, "consequence").contains("quyết định công nhận 4 sao"));
    let row = world.dossier(dossier);
    assert_eq!((row.status, row.level), (Status::Scored, Desk::Province));
    let next = world.as_service(move |cx| {
        let row = dossiers::any(cx, dossier)?;
        scoring::outcome_for(cx, &row)
    });
    assert_eq!(next, Outcome::Recognise);
    council.record(&session, dossier, json!({})).await.refused("session_result_recorded");
}

#[actix_web::test]
async fn ninety_two_points_with_one_minimum_missed_stay_at_four_stars() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 5).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    let sheet = but(set("07"), 92, 5, "4.1", "c");
    council.mark(&session, dossier, &vec![sheet; 5]).await;
    council.close(&session).await;
    let result = council.record(&session, dossier, json!({})).await.is(201);
    assert_eq!((&result.body["stars"], &result.body["starsByBand"]), (&json!(4), &json!(5)));
    let sentence = reasons(&result, "minimum");
    for part in ["Bộ 07, tiêu chí 4.1", "5 sao cần ít nhất", "Đã chọn: mức c", "Số phiếu đạt: 0 trên 5"]
    {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
}

#[actix_web::test]
async fn a_spread_of_ten_is_within_and_eleven_goes_back_for_discussion() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 4).await;
    let (ten, eleven) = (world.in_review("07", province), world.in_review("07", province));
    let session = council.sits(&[ten, eleven]).await;
    council.totals(&session, ten, "07", &[72, 82, 75, 76], 4).await;
    council.totals(&session, eleven, "07", &[72, 83, 75, 76], 4).await;
    let note = json!({ "dossierId": eleven, "reason": "Thảo luận về thị trường" });
    council.post(council.chair(), &session, "discussion", note.clone()).await.refused("session_not_closed");
    council.close(&session).await;

    council.record(&session, ten, json!({})).await.is(201);
    let stop = council.record(&session, eleven, json!({})).await.refused("session_spread_beyond_limit");
    assert!(stop.body["detail"].as_str().unwrap().contains("83"));
    assert_eq!(world.dossier(eleven).status, Status::Scheduled);

    let member = &council.voters[3].person;
    council.post(member, &session, "discussion", note.clone()).await.is(403);
    let again = council.post(council.chair(), &session, "discussion", note).await.is(200);
    assert_eq!((&again.body["state"], &again.body["dossiers"][1]["scoringRound"]), (&json!("open"), &json!(2)));
    council.totals(&session, eleven, "07", &[74, 80, 75, 76], 4).await;
    council.close(&session).await;
    let nothing = json!({ "dossierId": eleven, "reason": "Chưa ưng ý" });
    council.post(council.chair(), &session, "discussion", nothing).await.refused("session_nothing_to_discuss");
    let result = council.record(&session, eleven, json!({})).await.is(201);
    assert_eq!(result.body["mean"]["sum"], 305);
    let kept = council.chair().get(&format!("/v1/sheets?session={session}&dossier={eleven}&limit=100")).await.is(200);
    assert_eq!(kept.body["data"].as_array().unwrap().len(), 8, "the sheets of the first round are kept");
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

async fn knock_out(council: &Council, seat: usize, session: &str, dossier: DossierId) {
    let seated = &council.voters[seat];
    let sheet = council.sheet_of(seated, session, dossier).await;
    let at = format!("/v1/sheets/{sheet}");
    let tag = seated.person.get(&at).await.is(200).tag().to_owned();
    let unknown = json!({ "at": "nowhere", "reason": "x" });
    seated.person.put(&format!("{at}/knock-out"), &tag, unknown).await.refused("sheet_knock_out_unknown");
    let found = json!({ "at": "forgedDossier", "reason": "Phiếu kiểm nghiệm giả" });
    let noted = seated.person.put(&format!("{at}/knock-out"), &tag, found).await.is(200);
    let locked = submit(&seated.person, &sheet, noted.tag()).await.is(200);
    assert_eq!((&locked.body["total"], &locked.body["knockOut"]["at"]), (&Value::Null, &json!("forgedDossier")));
}

#[actix_web::test]
async fn a_majority_of_knock_outs_rejects_and_a_minority_needs_the_chair() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 4).await;
    let (most, one) = (world.in_review("07", province), world.in_review("07", province));
    let session = council.sits(&[most, one]).await;
    for seat in [0, 1, 2] {
        knock_out(&council, seat, &session, most).await;
    }
    knock_out(&council, 0, &session, one).await;
    for (dossier, seats) in [(most, 3..4), (one, 1..4)] {
        for seat in seats {
            let seated = &council.voters[seat];
            let sheet = council.sheet_of(seated, &session, dossier).await;
            let tag = mark_by_hand(&seated.person, &sheet, &marks(set("07"), 75, meets(4))).await;
            submit(&seated.person, &sheet, &tag).await.is(200);
        }
    }
    council.close(&session).await;
    let rejected = council.record(&session, most, json!({})).await.is(201);
    assert_eq!((&rejected.body["rejected"], &rejected.body["stars"]), (&json!(true), &json!(0)));
    assert!(!rejected.text.contains("Nguyễn"), "the reasons name seats, not people");
    assert!(reasons(&rejected, "knockOut").contains("3 trên 4"));

    council.record(&session, one, json!({})).await.refused("session_knock_out_disputed");
    let silent = json!({ "minima": [], "knockOut": { "reject": false, "reason": " " } });
    council.record(&session, one, silent).await.refused("session_conclusion_needs_reason");
    let concluded =
        json!({ "minima": [], "knockOut": { "reject": false, "reason": "Đơn vị kiểm nghiệm đã xác nhận" } });
    let result = council.record(&session, one, concluded).await.is(201);
    assert_eq!((&result.body["stars"], &result.body["mean"]["sheets"]), (&json!(4), &json!(3)));
}

#[actix_web::test]
async fn half_of_the_sheets_on_a_minimum_need_the_chairs_conclusion() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 4).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    let (good, bad) = (marks(set("07"), 92, meets(5)), but(set("07"), 92, 5, "4.1", "c"));
    council.mark(&session, dossier, &[good.clone(), good, bad.clone(), bad]).await;
    council.close(&session).await;
    let stop = council.record(&session, dossier, json!({})).await.refused("session_conclusion_needed");
    assert_eq!(stop.body["errors"][0]["pointer"], "4.1");
    let concluded = json!({ "minima": [{ "criterion": "4.1", "star": 5, "holds": true, "reason": "Có tờ khai hải quan" }], "knockOut": null });
    let result = council.record(&session, dossier, concluded).await.is(201);
    assert_eq!(result.body["stars"], 5);
    assert!(reasons(&result, "minimum").contains("chủ tịch kết luận đạt"));
    let next = world.as_service(move |cx| {
        let row = dossiers::any(cx, dossier)?;
        scoring::outcome_for(cx, &row)
    });
    assert_eq!(next, Outcome::SendOn(Authority::Central));
}

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
async fn a_none_option_costs_its_points_and_every_minimum_of_the_criterion() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("14", province);
    let session = council.sits(&[dossier]).await;
    let mut sheet = marks(set("14"), 84, meets(4));
    sheet.insert("2.3".into(), Choice { comment: Some("Mẫu nộp không có nhãn".into()), ..Choice::default() });
    council.mark(&session, dossier, &vec![sheet; 3]).await;
    council.close(&session).await;
    let result = council.record(&session, dossier, json!({})).await.is(201);
    assert!(result.body["stars"].as_i64() < result.body["starsByBand"].as_i64());
    assert!(reasons(&result, "minimum").contains("“không mức nào”: 3 phiếu"));
}

#[actix_web::test]
async fn nested_criteria_and_cases_are_scored_to_the_end() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    for (code, totals) in [("11", [76, 78, 80]), ("13", [71, 73, 75]), ("26", [60, 62, 64])] {
        let dossier = world.in_review(code, province);
        let result = council.scores(dossier, code, &totals, if totals[0] >= 70 { 4 } else { 3 }).await.is(201);
        assert_eq!(result.body["mean"]["sum"].as_i64(), Some(totals.iter().sum()), "{code}");
        assert_eq!(result.body["finding"]["set"], code);
    }
}

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
async fn a_re_evaluation_is_settled_by_written_opinions() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 4).await;
    let again =
        Laid { set: "07", kind: DossierKind::ReEvaluation, status: Status::InReview, desk: Desk::Province, province };
    let (calm, split) = (world.laid(again), world.laid(again));
    council.convene_as("inPerson", &[calm]).await.refused("dossier_wrong_moment");
    let session = council.convene_as("writtenOpinions", &[calm, split]).await.is(201).id();
    assert_eq!(world.dossier(calm).status, Status::InOpinions);
    council.open(&session).await.is(200);
    council.totals(&session, calm, "07", &[75, 76, 77, 78], 4).await;
    council.totals(&session, split, "07", &[70, 76, 77, 84], 4).await;
    council.convene_as("inPerson", &[split]).await.refused("session_opinions_agree");
    council.close(&session).await;
    assert_eq!(council.record(&session, calm, json!({})).await.is(201).body["stars"], 4);
    assert_eq!(world.dossier(calm).status, Status::Scored);
    council.record(&session, split, json!({})).await.refused("session_spread_beyond_limit");

    // Divergence: a meeting takes it over.
    let meeting = council.convene(&[split]).await;
    assert_eq!(world.dossier(split).status, Status::Scheduled);
    council.record(&session, split, json!({})).await.refused("session_dossier_not_on_table");
    council.attend(&meeting, 4).await;
    council.open(&meeting).await.is(200);
    council.totals(&meeting, split, "07", &[75, 76, 77, 78], 4).await;
    council.close(&meeting).await;
    council.record(&meeting, split, json!({})).await.is(201);
}

#[actix_web::test]
async fn a_dossier_handed_back_keeps_the_results_of_both_levels() {
    let world = World::on("2024-06-03").await;
    let province = world.province("84");
    let commune = world.commune_in(province);
    let district = world.as_service(move |cx| Ok(ocop::places::get(cx, commune)?.parent_id.unwrap()));
    let asked = Laid { set: "T40", kind: DossierKind::First, status: Status::InReview, desk: Desk::Province, province };
    let dossier = world.laid(asked);
    let above = world.council(PROVINCE, Some(province), 3).await;
    let found = above.scores(dossier, "T40", &[60, 62, 64], 3).await.is(201);
    assert_eq!((&found.body["stars"], &found.body["level"]), (&json!(3), &json!("province")));
    assert!(reasons(&found, "consequence").contains("cấp huyện"));
    let next = world.as_service(move |cx| {
        let row = dossiers::hold_any(cx, dossier)?;
        let next = scoring::outcome_for(cx, &row)?;
        dossiers::advance(cx, &row, Action::HandBack, Party::Province, Deed::with(json!({})))?;
        Ok(next)
    });
    assert_eq!(next, Outcome::HandBack(Authority::District));
    let back = world.as_service(move |cx| {
        let row = dossiers::any(cx, dossier)?;
        scoring::outcome_for(cx, &row)
    });
    assert_eq!(back, Outcome::Recognise, "the district recognises on the province's result");

    let below = world.council(Authority::District, Some(district), 3).await;
    below.scores(dossier, "T40", &[61, 62, 63], 3).await.is(201);
    let officer = &above.officer;
    let both = officer.get(&format!("/v1/dossiers/{dossier}/result")).await.is(200);
    assert_eq!(
        (&both.body["newest"]["level"], &both.body["earlier"][0]["level"]),
        (&json!("district"), &json!("province"))
    );
    let one = officer.get(&format!("/v1/dossiers/{dossier}/result?level=province")).await.is(200);
    assert_eq!(one.body["newest"]["mean"]["sum"], 186);
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

#[actix_web::test]
async fn two_results_of_one_dossier_at_once_become_one() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("21", province);
    let session = council.sits(&[dossier]).await;
    council.totals(&session, dossier, "21", &[75, 76, 77], 4).await;
    council.close(&session).await;
    let gate = hold_row(&world, "council_sessions", &session);
    let both = futures_util::future::join_all((0..3).map(|_| council.record(&session, dossier, json!({}))));
    let replies = release_when_waiting(&world, gate, 3, both).await;
    let mut statuses: Vec<u16> = replies.iter().map(|r| r.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409]);
    assert!(replies.iter().filter(|r| r.status == 409).all(|r| r.word() == "session_result_recorded"));
    let all = world.as_service(move |cx| scoring::results_of(cx, dossier));
    assert_eq!(all.len(), 1);
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
    let bytes = actix_web::web::Bytes::from_static(b"%PDF-1.4\nHop dong\n%%EOF");
    let stream = futures_util::stream::once(std::future::ready(Ok::<_, std::io::Error>(bytes)));
    let received = world.state.files.receive(stream, 1000, ocop::files::DOCUMENTS).await.unwrap();
    let new = ocop::products::evidence::NewEvidence {
        paper: "marketDevelopment".into(),
        title: "Hợp đồng phân phối".into(),
        criteria: vec!["4.1".into()],
        version: ocop::products::evidence::NewVersion { file_name: "hop-dong.pdf".into(), ..Default::default() },
        ..Default::default()
    };
    let paper = world.as_service(move |cx| {
        let row = dossiers::any(cx, dossier)?;
        dossiers::documents::add(cx, &row, &received, new.clone())
    });
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

#[actix_web::test]
async fn a_product_with_five_stars_is_re_evaluated_without_the_provincial_council() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let again =
        Laid { set: "07", kind: DossierKind::ReEvaluation, status: Status::InReview, desk: Desk::Province, province };
    let (four, five) = (world.laid(again), world.laid(again));
    for (dossier, stars) in [(four, 4), (five, 5)] {
        let held = world.hold_star(world.dossier(dossier).product_id, stars, "2023-10-01", "2026-10-01");
        world.as_service(move |cx| {
            use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
            use ocop::db::schema::dossiers::dsl;
            diesel::update(dsl::dossiers.find(dossier))
                .set(dsl::held_recognition_id.eq(Some(held)))
                .execute(cx.conn)?;
            Ok(())
        });
    }
    council.convene_as("writtenOpinions", &[five]).await.refused("session_straight_to_centre");
    council.convene_as("writtenOpinions", &[four]).await.is(201);
}

#[actix_web::test]
async fn the_centre_scores_five_stars_and_sends_less_back() {
    let world = World::new().await;
    let province = world.province("86");
    let centre = world.council(Authority::Central, None, 7).await;
    for (totals, star, next) in [
        ([91, 92, 93, 94, 92, 91, 93], 5, Outcome::Recognise),
        ([86, 87, 88, 89, 88, 87, 86], 4, Outcome::HandBack(PROVINCE)),
    ] {
        let dossier = world.laid(Laid {
            set: "07",
            kind: DossierKind::First,
            status: Status::CentreReview,
            desk: Desk::Central,
            province,
        });
        let found = centre.scores(dossier, "07", &totals, star).await.is(201);
        assert_eq!(found.body["stars"], star);
        assert_eq!(world.dossier(dossier).status, Status::CentreScored);
        let follows = world.as_service(move |cx| {
            let row = dossiers::any(cx, dossier)?;
            scoring::outcome_for(cx, &row)
        });
        assert_eq!(follows, next);
    }
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
