//! Simulations, figures, precedents; and that nothing of a criterion reaches the public.

use std::collections::BTreeMap;

use actix_web::http::Method;
use diesel::connection::SimpleConnection;
use ocop::ids::DossierId;
use ocop::outbox::{self, Topic};
use serde_json::{Value, json};

use super::PROVINCE;
use crate::walk::{Operation, operations};
use crate::world::World;
use crate::world::scoring::{marks, meets, set};

#[actix_web::test]
async fn what_if_is_marked_as_a_simulation_and_changes_nothing() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 5).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    let mut sheets = vec![marks(set("07"), 70, meets(4)); 4];
    sheets.push(marks(set("07"), 60, meets(3)));
    council.mark(&session, dossier, &sheets).await;
    let (at, figures) = (format!("/v1/dossiers/{dossier}/what-if"), format!("/v1/sessions/{session}/analytics"));
    let trimmed = json!({ "regulation": { "aggregation": "trimmedMean" } });
    council.chair().post(&at, trimmed.clone()).await.is(404);
    council.chair().get(&figures).await.refused("session_not_closed");
    council.close(&session).await;
    let result = council.record(&session, dossier, json!({})).await.is(201);
    assert_eq!((&result.body["stars"], &result.body["sensitive"]), (&json!(3), &json!(true)));

    let tried = council.officer.post(&at, trimmed.clone()).await.is(200).body;
    assert_eq!((&tried["simulation"], &tried["recordedStars"]), (&json!(true), &json!(3)));
    assert!(tried["notice"]["vi"].as_str().unwrap().contains("Mô phỏng"));
    assert_eq!((&tried["outcome"]["stars"], &tried["outcome"]["mean"]["shown"]), (&json!(4), &json!("70,00")));
    let ways: Vec<Value> =
        tried["sensitivity"].as_array().unwrap().iter().map(|v| json!([v["way"], v["without"], v["stars"]])).collect();
    assert_eq!(ways[..2], [json!(["mean", null, 3]), json!(["trimmedMean", null, 4])]);
    assert_eq!(ways.len(), 7);
    let plain = council.officer.post(&at, json!({})).await.is(200).body;
    assert_eq!(plain["outcome"]["stars"], 3);
    assert_eq!(plain["sensitivity"][6]["without"], "Ghế 5");
    assert_eq!(plain["sensitivity"][6]["stars"], 4, "without the lowest sheet it would be four");
    let strict = json!({ "regulation": { "spreadLimit": 5 } });
    assert_eq!(council.officer.post(&at, strict).await.is(200).body["refused"]["code"], "session_spread_beyond_limit");
    council.officer.post(&at, json!({ "regulation": { "quorumPercent": 0 } })).await.refused("regulation_wrong");
    let unknown = json!({ "rulebookId": uuid::Uuid::now_v7() });
    assert_eq!(council.officer.post(&at, unknown).await.is(422).body["errors"][0]["pointer"], "/rulebookId");
    let books = world.as_service(|cx| {
        Ok(ocop::rulebook::all(cx)?.into_iter().map(|b| (b.book.id, b.id)).collect::<BTreeMap<_, _>>())
    });
    for (name, id) in books {
        let other = council.officer.post(&at, json!({ "rulebookId": id })).await.is(200).body;
        let said = other["outcome"].is_object() || other["refused"].is_object();
        assert!(said && other["rulebookId"] == json!(id), "{name}: {other}");
    }
    let again = council.officer.get(&format!("/v1/dossiers/{dossier}/result")).await.is(200).body;
    assert_eq!((&again["newest"]["stars"], &again["earlier"]), (&json!(3), &json!([])), "nothing changed");

    // Whoever reads the result need not read what is computed from the sheets.
    council.voters[2].person.post(&at, trimmed.clone()).await.is(403);
    council.voters[2].person.get(&figures).await.is(403);
    world.plain().post(&at, trimmed).await.is(404);

    let shown = council.secretary.person.get(&figures).await.is(200).body;
    let strictness = shown["strictness"].as_array().unwrap();
    assert_eq!(strictness.len(), 5);
    assert_eq!(strictness[4], json!({ "seat": "Ghế 5", "dossiers": 1, "aboveOthers": -10.0 }));
    assert_eq!(strictness[0]["aboveOthers"], 2.5);
    assert_eq!(shown["distribution"], json!([{ "set": "07", "byStar": { "3": 1 }, "means": [68.0, 68.0, 68.0] }]));
    assert_eq!(shown["agreement"].as_array().unwrap().len(), set("07").scored().len());
}

#[actix_web::test]
async fn precedents_come_from_three_closed_cases_and_bear_no_names() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossiers: Vec<DossierId> = (0..3).map(|_| world.in_review("07", province)).collect();
    let other = world.in_review("14", province);
    let fresh = world.in_review("07", province);
    for dossier in &dossiers[..2] {
        council.scores(*dossier, "07", &[75, 76, 77], 4).await.is(201);
    }
    council.scores(other, "14", &[75, 76, 77], 4).await.is(201);
    let session = council.sits(&[fresh]).await;
    let member = &council.voters[2];
    let at = format!("/v1/sheets/{}/precedents", council.sheet_of(member, &session, fresh).await);
    assert_eq!(member.person.get(&at).await.is(200).body, json!({ "criteria": [] }), "two would tell of one");
    council.scores(dossiers[2], "07", &[75, 76, 77], 4).await.is(201);
    let told = member.person.get(&at).await.is(200);
    let criteria = told.body["criteria"].as_array().unwrap();
    assert_eq!(criteria.len(), set("07").scored().len());
    for one in criteria {
        let sheets: i64 = one["options"].as_array().unwrap().iter().map(|o| o["sheets"].as_i64().unwrap()).sum();
        assert_eq!((&one["cases"], sheets), (&json!(3), 9), "{one}");
    }
    for name in ["HTX", "Mứt", "Nguyễn", &dossiers[0].to_string()] {
        assert!(!told.text.contains(name), "{name}");
    }
    council.voters[1].person.get(&at).await.is(404);
}

/// What a stranger is answered by every public question that can be about this product.
async fn public_answers(
    world: &World,
    questions: &[Operation],
    known: &BTreeMap<&str, String>,
) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for question in questions {
        let path = question.path_with(|name, before| {
            let by = |key: &str| known.get(key).cloned();
            match (name, before) {
                ("number" | "certificate", _) => by("certificate"),
                ("id", "products") => by("product"),
                ("id", "producers") => by("producer"),
                ("id", "decisions") => by("decision"),
                ("id", "certificates") => by("certificateId"),
                ("year", _) => Some("2026".into()),
                _ => None,
            }
            .unwrap_or_else(|| uuid::Uuid::nil().to_string())
        });
        let reply = world.stranger().get(&path).await;
        let tag = reply.headers.get("etag").cloned().unwrap_or_default();
        let mut body = reply.body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("traceId");
        }
        let text = if body.is_null() { reply.text } else { body.to_string() };
        out.insert(question.id.clone(), format!("{}|{tag}|{text}", reply.status.as_u16()));
    }
    out
}

#[actix_web::test]
async fn nobody_can_derive_the_mark_of_a_criterion_from_what_is_public() {
    let world = World::new().await;
    let province = world.vinh_long();
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let row = world.dossier(dossier);
    // What is said of 3.2 cannot be taken for anything else.
    let secret = "criterionlevelsecret";
    let mut sheet = marks(set("07"), 75, meets(4));
    sheet.get_mut("3.2").unwrap().comment = Some(secret.into());
    let session = council.sits(&[dossier]).await;
    council.mark(&session, dossier, &vec![sheet; 3]).await;
    council.close(&session).await;
    council.record(&session, dossier, json!({})).await.is(201);
    let office = world.province_office(province);
    let decision = office.decide("recognition", &[dossier], "71/QĐ-UBND", "2026-06-01").await.body;
    let number = decision["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    let known: BTreeMap<&str, String> = [
        ("certificate", number.replace(' ', "%20")),
        ("product", row.product_id.to_string()),
        ("producer", row.producer_id.to_string()),
        ("decision", decision["id"].as_str().unwrap().to_owned()),
        ("certificateId", decision["items"][0]["certificateId"].as_str().unwrap_or_default().to_owned()),
    ]
    .into();
    let public = |o: &Operation| o.method == Method::GET && o.is_public();
    let questions: Vec<Operation> = operations().into_iter().filter(public).collect();
    assert!(questions.len() > 20, "{}", questions.len());

    // The catalogue is read afresh after each of these; what moves by itself moves both times.
    let stir = || {
        world.as_service(move |cx| outbox::tell(cx, Topic::Product, uuid::Uuid::nil(), json!({})));
        world.record();
    };
    stir();
    let first = public_answers(&world, &questions, &known).await;
    stir();
    let second = public_answers(&world, &questions, &known).await;
    let key = world.as_service(move |cx| {
        Ok(match cx.conn {
            ocop::db::Conn::Pg(_) => format!("'{dossier}'::uuid"),
            ocop::db::Conn::Sqlite(_) => format!("x'{}'", dossier.0.simple()),
        })
    });
    let other = set("07").criterion("3.2").unwrap().options.last().unwrap().code.clone();
    let script = format!(
        "update sheet_marks set option_code = '{other}', points = points + 1
            where criterion = '3.2' and sheet_id in (select id from sheets where dossier_id = {key});
         update results set finding = '{{\"secret\": \"{secret}\"}}', explanation = '[]' where dossier_id = {key};"
    );
    world.as_service(move |cx| Ok(cx.conn.batch_execute(&script)?));
    stir();
    let third = public_answers(&world, &questions, &known).await;

    let about: Vec<&String> = second.keys().filter(|q| second[*q].starts_with("200")).collect();
    assert!(about.len() > 10, "the questions find the product: {about:?}");
    assert!(second.values().any(|a| a.contains(&row.product_id.to_string())));
    let mut restless = Vec::new();
    for (question, answer) in &second {
        match first[question] == *answer {
            true => assert_eq!(*answer, third[question], "{question} tells of criterion 3.2"),
            false => restless.push(question.as_str()),
        }
        for text in [answer, &third[question]] {
            assert!(!text.contains(secret), "{question}");
            let body: Value = serde_json::from_str(text.splitn(3, '|').last().unwrap_or("")).unwrap_or(Value::Null);
            assert!(!names_criteria(&body) || question.contains("criteria"), "{question} names criteria of a dossier");
        }
    }
    // The counts of requests grow with every question; they name routes, and nothing that was asked about.
    assert_eq!(restless, ["metrics"], "these change by themselves");
    scoring_is_private();
}

/// Whether an answer has a field that holds marks or findings by criterion.
fn names_criteria(body: &Value) -> bool {
    match body {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            ["marks", "minima", "finding", "selfMarks", "unmarked"].contains(&name.as_str()) || names_criteria(value)
        }),
        Value::Array(items) => items.iter().any(names_criteria),
        _ => false,
    }
}

/// No route of scoring is public.
fn scoring_is_private() {
    let scoring = operations().into_iter().filter(|o| o.spec["tags"][0] == "Scoring");
    let open: Vec<String> = scoring.filter(Operation::is_public).map(|o| o.id).collect();
    assert!(open.is_empty(), "{open:?}");
}
