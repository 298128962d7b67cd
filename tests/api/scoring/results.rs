//! From the sheets to the star.

use ocop::dossiers::{self, Action, Deed, Desk, Party, Status};
use ocop::ids::DossierId;
use ocop::rulebook::marks::Choice;
use ocop::rulebook::{Authority, DossierKind, Outcome};
use ocop::scoring;
use serde_json::{Value, json};

use super::{PROVINCE, mark_by_hand, reasons, submit};
use crate::world::World;
use crate::world::gate::{hold_row, release_when_waiting};
use crate::world::scoring::{Council, Laid, but, marks, meets, set};

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
    // The session of either level answers both, to the letter, and each with its own sheets.
    for session in [&found.body["sessionId"], &both.body["newest"]["sessionId"]] {
        let whole = officer.get(&format!("/v1/sessions/{}/results", session.as_str().unwrap())).await.is(200);
        assert_eq!(whole.text, format!(r#"{{"data":[{}]}}"#, both.text));
    }
    let sheets = [&both.body["newest"]["sheets"], &both.body["earlier"][0]["sheets"]];
    assert_ne!(sheets[0], sheets[1]);
    assert!(sheets.iter().all(|s| s.as_array().unwrap().len() == 3), "{sheets:?}");
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
async fn below_ninety_at_the_centre_the_province_may_evaluate_again() {
    let world = World::new().await;
    let province = world.province("86");
    let centre = world.council(Authority::Central, None, 3).await;
    let council = world.council(PROVINCE, Some(province), 3).await;
    let at_centre =
        Laid { set: "07", kind: DossierKind::First, status: Status::CentreReview, desk: Desk::Central, province };
    let dossier = world.laid(at_centre);
    assert_eq!(centre.scores(dossier, "07", &[86, 87, 88], 4).await.is(201).body["stars"], 4);
    world.as_service(move |cx| {
        let row = dossiers::hold_any(cx, dossier)?;
        dossiers::advance(cx, &row, Action::SendBack, Party::Central, Deed::with(json!({})))
    });
    // Both branches are open: the centre's result stands, or the province evaluates again.
    let at = format!("/v1/dossiers/{dossier}/moves");
    let shown = council.officer.get(&format!("/v1/dossiers/{dossier}")).await.is(200);
    council.officer.move_on(&at, shown.tag(), json!({ "action": "evaluateAgain" })).await.is(422);
    let again = json!({ "action": "evaluateAgain", "reason": "Bổ sung phiếu kiểm nghiệm mới" });
    council.officer.move_on(&at, shown.tag(), again).await.is(201);
    assert_eq!(world.dossier(dossier).status, Status::InReview);
    let found = council.scores(dossier, "07", &[91, 92, 93], 5).await.is(201);
    assert_eq!((&found.body["stars"], &found.body["level"]), (&json!(5), &json!("province")));
    let all = council.officer.get(&format!("/v1/dossiers/{dossier}/result")).await.is(200);
    assert_eq!(all.body["earlier"][0]["level"], "central", "the centre's result is kept");
}
