//! Conflicts of interest that nobody declares: detected on the table and in the seats; who stands in; what
//! becomes of a member who leaves half-way.

use ocop::actor::Role;
use ocop::auth::Right;
use serde_json::{Value, json};

use super::PROVINCE;
use crate::world::scoring::Council;
use crate::world::{Person, Reply, World};

async fn conflicts(council: &Council, who: &Person, session: &str) -> Value {
    let reply = who.get(&format!("/v1/sessions/{session}/conflicts")).await.is(200);
    let all = reply.body["data"].as_array().unwrap().clone();
    let seat = |c: &Value| council.voters.iter().position(|s| c["seatId"] == json!(s.seat)).unwrap();
    all.iter().map(|c| json!([seat(c), c["dossierId"], c["basis"]])).collect()
}

async fn sheets_of(person: &Person, session: &str) -> Vec<Value> {
    let mine = person.get(&format!("/v1/sheets?mine=true&session={session}")).await.is(200);
    mine.body["data"].as_array().unwrap().clone()
}

/// A right of somebody who sits in a council.
fn give(world: &World, person: &Person, role: Role, right: Right) {
    let id = person.id.unwrap();
    world.as_service(move |cx| ocop::auth::grant(cx, id, role, right.clone()).map(drop));
}

async fn change_seats(council: &Council, body: Value) -> Reply {
    let at = format!("/v1/councils/{}", council.id);
    let tag = council.officer.get(&at).await.is(200).tag().to_owned();
    let request = council.officer.request(actix_web::http::Method::POST, &format!("{at}/seats"));
    council.world.send(request.insert_header(("If-Match", tag)).set_json(body)).await
}

#[actix_web::test]
async fn whoever_belongs_to_the_producer_keeps_away_without_being_asked() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 5).await;
    let (kin, other) = (world.in_review("07", province), world.in_review("07", province));
    let producer = world.dossier(kin).producer_id;
    // A right that has ended counts: the person spoke for the producer.
    let ended = Right {
        producer: Some(producer),
        from: Some("2025-01-01".parse().unwrap()),
        to: Some("2026-01-01".parse().unwrap()),
        basis: "test".into(),
        ..Right::default()
    };
    give(&world, &council.voters[3].person, Role::Producer, ended);
    let reached = council.voters[4].person.id.unwrap();
    world.as_service(move |cx| {
        let user = ocop::auth::user(cx, reached)?.unwrap();
        let row = ocop::producers::hold(cx, producer)?;
        let known = ocop::producers::model::Particulars {
            email: Some(user.email.to_uppercase()),
            ..ocop::producers::model::Particulars::none(producer)
        };
        ocop::producers::write_particulars(cx, &row, known).map(drop)
    });
    let session = council.convene(&[kin, other]).await;
    let found = json!([[3, kin, "sameProducer"], [4, kin, "sameProducer"]]);
    assert_eq!(conflicts(&council, &council.secretary.person, &session).await, found);
    assert_eq!(conflicts(&council, council.chair(), &session).await, found);
    assert_eq!(conflicts(&council, &council.officer, &session).await, found);
    council.voters[2].person.get(&format!("/v1/sessions/{session}/conflicts")).await.is(403);
    world.plain().get(&format!("/v1/sessions/{session}/conflicts")).await.is(404);

    // The same effect as a declared one: no sheet, no access, no part of the number.
    council.attend(&session, 5).await;
    let table = council.chair().get(&format!("/v1/sessions/{session}")).await.is(200).body;
    let quorum =
        |at: usize| json!([table["dossiers"][at]["quorum"]["seats"], table["dossiers"][at]["quorum"]["needed"]]);
    assert_eq!((quorum(0), quorum(1)), (json!([3, 3]), json!([5, 4])));
    council.open(&session).await.is(200);
    for away in [3, 4] {
        let mine = sheets_of(&council.voters[away].person, &session).await;
        assert_eq!(mine.iter().map(|s| &s["dossier"]["id"]).collect::<Vec<_>>(), [&json!(other)]);
        council.voters[away]
            .person
            .post("/v1/conflicts", json!({ "dossierId": kin, "reason": "x" }))
            .await
            .refused("conflict_declared");
    }
    council.totals(&session, kin, "07", &[75, 76, 77], 4).await;
    council.totals(&session, other, "07", &[75, 76, 77, 78, 79], 4).await;
    council.close(&session).await;
    assert_eq!(council.record(&session, kin, json!({})).await.is(201).body["mean"]["sheets"], 3);
    assert_eq!(council.record(&session, other, json!({})).await.is(201).body["mean"]["sheets"], 5);
    council.voters[3].person.get(&format!("/v1/dossiers/{kin}/result")).await.is(404);
    let at = format!("/v1/sessions/{session}/minutes");
    let drawn = council.secretary.person.post(&at, json!({})).await.is(201).body;
    let why = drawn["minutes"]["conflicts"][0]["reason"].as_str().unwrap();
    assert!(why.contains("hệ thống phát hiện"), "{why}");
}

#[actix_web::test]
async fn the_commune_of_a_member_counts_only_where_the_regulation_says_so() {
    let world = World::new().await;
    let province = world.province("86");
    for (strict, found) in [(false, 0), (true, 1)] {
        let council = world.council_with(PROVINCE, Some(province), 3, json!({ "conflictSameCommune": strict })).await;
        let dossier = world.in_review("07", province);
        let right = Right { place: Some(world.dossier(dossier).place_id), basis: "test".into(), ..Right::default() };
        give(&world, &council.voters[2].person, Role::Commune, right);
        let session = council.convene(&[dossier]).await;
        assert_eq!(conflicts(&council, council.chair(), &session).await.as_array().unwrap().len(), found, "{strict}");
    }
}

#[actix_web::test]
async fn a_named_deputy_fills_the_seat_of_whoever_keeps_away() {
    let world = World::new().await;
    let province = world.province("86");
    let mut council = world.council(PROVINCE, Some(province), 4).await;
    let stand_in = world.plain();
    let named = |alternate: i32| {
        json!({ "decisionNumber": "13/QĐ-UBND", "decidedOn": "2026-05-20", "from": "2026-05-21",
            "joins": { "userId": stand_in.id, "office": "member", "alternateFor": alternate } })
    };
    // The secretary's seat does not vote, and there is no seat 9.
    for wrong in [5, 9] {
        let reply = change_seats(&council, named(wrong)).await.is(422);
        assert_eq!(reply.body["errors"][0]["pointer"], "/joins/alternateFor");
    }
    let changed = change_seats(&council, named(4)).await.is(200);
    let seat = changed.body["seats"][5].clone();
    assert_eq!(seat["alternateFor"], json!(council.voters[3].seat));
    council.voters.push(crate::world::scoring::Seated { person: stand_in, seat: seat["id"].as_str().unwrap().into() });

    let (kin, other) = (world.in_review("07", province), world.in_review("07", province));
    let session = council.convene(&[kin, other]).await;
    council.attend(&session, 5).await;
    let before = council.chair().get(&format!("/v1/sessions/{session}")).await.is(200).body;
    assert_eq!((&before["quorum"]["seats"], &before["quorum"]["present"]), (&json!(4), &json!(4)));
    council.open(&session).await.is(200);
    assert_eq!(sheets_of(&council.voters[4].person, &session).await, Vec::<Value>::new(), "nobody keeps away yet");
    // Half-way: what was marked is kept, and the deputy is given a sheet.
    council.totals(&session, kin, "07", &[75, 76, 77, 50], 3).await;
    let member = &council.voters[3];
    let lost = council.sheet_of(member, &session, kin).await;
    member.person.post("/v1/conflicts", json!({ "dossierId": kin, "reason": "Góp vốn" })).await.is(201);
    let id: ocop::ids::SheetId = lost.parse().unwrap();
    let kept = world.as_service(move |cx| {
        use diesel::prelude::*;
        use ocop::db::schema::{sheet_marks, sheets};
        let marks: i64 = sheet_marks::table.filter(sheet_marks::sheet_id.eq(id)).count().get_result(cx.conn)?;
        let state: String = sheets::table.find(id).select(sheets::state).first(cx.conn)?;
        Ok((marks > 0, state))
    });
    assert_eq!(kept, (true, "void".to_owned()), "nothing that was marked is deleted");
    let mine = sheets_of(&council.voters[4].person, &session).await;
    assert_eq!(mine.iter().map(|s| &s["dossier"]["id"]).collect::<Vec<_>>(), [&json!(kin)]);
    let deputy = Council { voters: vec![council.voters[4].clone()], ..council.clone() };
    deputy.totals(&session, kin, "07", &[78], 3).await;
    council.totals(&session, other, "07", &[75, 76, 77, 78], 4).await;
    council.close(&session).await;
    let result = council.record(&session, kin, json!({})).await.is(201).body;
    assert_eq!((&result["mean"]["sheets"], &result["mean"]["sum"]), (&json!(4), &json!(306)));
    assert_eq!(council.record(&session, other, json!({})).await.is(201).body["mean"]["sheets"], 4);
}

#[actix_web::test]
async fn a_member_who_is_replaced_half_way_loses_no_mark_and_sees_no_other_sheet() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 5).await;
    let dossier = world.in_review("07", province);
    let session = council.convene(&[dossier]).await;
    council.attend(&session, 5).await;
    council.open(&session).await.is(200);
    let leaver = &council.voters[4];
    let sheet = council.sheet_of(leaver, &session, dossier).await;
    council.totals(&session, dossier, "07", &[75, 76, 77, 78], 4).await;
    let tag = leaver.person.get(&format!("/v1/sheets/{sheet}")).await.is(200).tag().to_owned();
    let mark = format!("/v1/sheets/{sheet}/marks/1.1");
    let option = crate::world::scoring::set("07").scored()[0].options[0].code.clone();
    let code = crate::world::scoring::set("07").scored()[0].code.clone();
    let mark = mark.replace("1.1", &code);
    leaver.person.put(&mark, &tag, json!({ "option": option })).await.is(200);

    let newcomer = world.plain();
    let body = |leaves: &str, user: Option<ocop::ids::UserId>| {
        json!({ "decisionNumber": "14/QĐ-UBND", "decidedOn": "2026-06-01", "from": "2026-06-01", "leaves": leaves,
            "joins": user.map(|u| json!({ "userId": u, "office": "member" })) })
    };
    let faults = [
        (body(&uuid::Uuid::now_v7().to_string(), None), "/leaves"),
        (body(&council.voters[0].seat, None), "/leaves"),
        (body(&leaver.seat, council.voters[1].person.id), "/joins/userId"),
        (
            json!({ "decisionNumber": "14/QĐ-UBND", "decidedOn": "2026-06-01", "from": "2019-01-01", "leaves": leaver.seat }),
            "/from",
        ),
        (json!({ "decisionNumber": "14/QĐ-UBND", "decidedOn": "2026-06-01", "from": "2026-06-01" }), ""),
    ];
    for (wrong, pointer) in faults {
        assert_eq!(change_seats(&council, wrong).await.is(422).body["errors"][0]["pointer"], pointer);
    }
    let clerk = world.of_office(Role::Signer, Some(province));
    clerk.post(&format!("/v1/councils/{}/seats", council.id), body(&leaver.seat, None)).await.is(403);
    // Whoever joins is looked at too.
    let right = Right { producer: Some(world.dossier(dossier).producer_id), basis: "test".into(), ..Right::default() };
    give(&world, &newcomer, Role::Producer, right);
    change_seats(&council, body(&leaver.seat, newcomer.id)).await.is(200);
    let all = council.chair().get(&format!("/v1/sessions/{session}/conflicts")).await.is(200);
    assert_eq!(all.body["data"][0]["basis"], "sameProducer");

    // The sheet is closed with a clear answer, and its marks are there.
    let shown = leaver.person.get(&format!("/v1/sheets/{sheet}")).await.is(200);
    assert_eq!(shown.body["state"], "void");
    assert!(shown.body["points"].as_i64().is_some_and(|p| p >= 0));
    leaver.person.put(&mark, shown.tag(), json!({ "option": option })).await.is(403);
    let brought = json!({ "device": "tablet", "marks": [{ "sheetId": sheet, "criterion": code, "option": option, "editedAt": "2026-06-01T01:00:00Z" }] });
    let fate = leaver.person.post("/v1/sheets/marks", brought).await.is(200);
    assert_eq!(fate.body["edits"][0]["code"], "sheet_not_yours");
    // Attendance goes on without the seat.
    council.attend(&session, 4).await;
    council.close(&session).await;
    assert_eq!(council.record(&session, dossier, json!({})).await.is(201).body["mean"]["sheets"], 4);
    let seen = leaver.person.get(&format!("/v1/sheets?session={session}&limit=100")).await.is(200);
    let ids: Vec<&Value> = seen.body["data"].as_array().unwrap().iter().map(|s| &s["id"]).collect();
    assert_eq!(ids, [&json!(sheet)], "whoever left before the day of the session sees nobody else's sheet");
    leaver.person.get(&format!("/v1/dossiers/{dossier}/result")).await.is(404);
}
