//! Completion asked for item by item, answered item by item, and looked at by the office that asked.

use ocop::actor::Role;
use serde_json::{Value, json};

use crate::world::dossiers::{Case, Played, pdf};
use crate::world::{Person, Reply, World};

/// Tags of the items of the newest request.
fn items(view: &Reply) -> Vec<Value> {
    view.body["data"][0]["items"].as_array().unwrap().clone()
}

async fn corrections(played: &Played, who: &Person) -> Reply {
    who.get(&played.path("/corrections")).await.is(200)
}

async fn patch(played: &Played, who: &Person, what: &str, body: Value) -> Reply {
    let tag = played.tag().await;
    let path = played.path(&format!("/corrections/{what}"));
    let request = who.request(actix_web::http::Method::PATCH, &path).insert_header(("If-Match", tag));
    who.world.send(request.set_json(body)).await
}

async fn answer(played: &Played, who: &Person, id: &Value, words: &str) -> Reply {
    patch(played, who, "answers", json!({"answers": [{"item": id, "answer": words}]})).await
}

/// Gives the dossier back for three things.
async fn given_back(world: &World, played: &Played) -> Reply {
    world.today("2026-06-03");
    let asked = json!({"action": "return", "items": [
        {"reason": "missing", "about": "paper", "name": "testReport", "words": "Nộp phiếu kiểm nghiệm"},
        {"reason": "unclear", "about": "field", "name": "plan", "words": "Nói rõ kế hoạch năm tới"},
        {"reason": "incorrect", "about": "criterion", "name": "1.1", "words": "Xem lại điểm tiêu chí 1.1"}]});
    played.act(&played.offices.commune, asked).await.is(201)
}

#[actix_web::test]
async fn completion_is_asked_item_by_item_answered_item_by_item_and_the_office_sees_old_and_new() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    let back = given_back(&world, &played).await;
    assert_eq!(
        back.body["correction"],
        json!({"id": back.body["correction"]["id"], "items": 3, "unanswered": 3, "unsettled": 0, "dueOn": "2026-06-13", "late": false})
    );
    let life = played.producer.get(&played.path("/history")).await.is(200);
    assert_eq!(life.body["moves"][1]["details"]["correction"]["dueOn"], "2026-06-13");
    assert_eq!(
        life.body["pauses"][0]["why"],
        "Nộp phiếu kiểm nghiệm; Nói rõ kế hoạch năm tới; Xem lại điểm tiêu chí 1.1"
    );

    // The producer changes one paper, two fields and one option; what nobody asked about is told too.
    let before = played.view().await.body["form"].clone();
    let mut form = before.clone();
    form["plan"] = json!("Thêm hai héc-ta vùng nguyên liệu");
    form["history"] = json!("Nghề có từ 1990");
    played.producer.put(&played.path(""), &played.tag().await, json!({"form": form})).await.is(200);
    played.upload(&played.producer, &[("paper", "testReport"), ("number", "12/KN")], &pdf("kiểm nghiệm")).await.is(201);
    let mark = json!({"option": null, "comment": "không có"});
    played.producer.put(&played.path("/self-assessment/1.1"), &played.tag().await, mark).await.is(200);

    // Nothing goes back before every item has its answer: the refusal names those that have none.
    let asked = items(&corrections(&played, &played.producer).await);
    answer(&played, &played.producer, &asked[0]["id"], "Đã nộp phiếu 12/KN").await.is(200);
    let refused = played.act(&played.producer, json!({"action": "submit"})).await;
    let refused = refused.refused("dossier_corrections_unanswered");
    let open: Vec<&Value> = refused.body["errors"].as_array().unwrap().iter().map(|e| &e["pointer"]).collect();
    assert_eq!(open, [&asked[1]["id"], &asked[2]["id"]]);
    for item in &asked[1..] {
        answer(&played, &played.producer, &item["id"], "Đã sửa").await.is(200);
    }
    world.today("2026-06-10");
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);

    let seen = corrections(&played, &offices.commune).await;
    let told = |changes: &Value| -> Vec<(String, Value, Value)> {
        let line =
            |c: &Value| (c["subject"].as_str().unwrap().to_owned(), c["old"]["text"].clone(), c["new"]["text"].clone());
        changes.as_array().unwrap().iter().map(line).collect()
    };
    let items = items(&seen);
    assert_eq!(told(&items[0]["changes"]), [("testReport".into(), Value::Null, json!("12/KN"))]);
    assert_eq!(
        told(&items[1]["changes"]),
        [("plan".into(), before["plan"].clone(), json!("Thêm hai héc-ta vùng nguyên liệu"))]
    );
    assert_eq!(told(&items[2]["changes"])[0].0, "1.1");
    assert_eq!(items[2]["changes"][0]["change"], "optionChanged");
    let all: Vec<String> = told(&seen.body["data"][0]["changes"]).into_iter().map(|c| c.0).collect();
    assert_eq!(all, ["1.1", "testReport", "history", "plan"]);
    assert_eq!((&items[0]["answer"], &items[0]["answeredBy"]), (&json!("Đã nộp phiếu 12/KN"), &json!("producer")));
    // The clock stood still from the asking to the answer: both last days are there.
    assert_eq!(
        (&seen.body["clocks"][0]["deadline"], &seen.body["clocks"][0]["deadlineWithPauses"]),
        (&json!("2026-06-22"), &json!("2026-06-29"))
    );
}

#[actix_web::test]
async fn the_office_settles_every_answer_before_it_goes_on_and_asks_again_for_the_rest() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    given_back(&world, &played).await;
    let asked = items(&corrections(&played, &played.producer).await);
    let settle = |n: usize, accepted: bool| json!({"item": asked[n]["id"], "accepted": accepted});
    patch(&played, &offices.commune, "settlements", json!({"settled": [settle(0, true)]}))
        .await
        .refused("dossier_correction_not_back");
    let all: Vec<Value> = asked.iter().map(|i| json!({"item": i["id"], "answer": "Đã sửa"})).collect();
    patch(&played, &played.producer, "answers", json!({"answers": all})).await.is(200);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    let late = answer(&played, &played.producer, &asked[0]["id"], "Thêm").await;
    late.refused("dossier_correction_not_asked");

    let report = json!({"origin": "Của xã", "labour": "Mười người", "idea": "Nghề xưa", "identity": "Công thức", "proposed": true, "proposal": "Đề nghị đánh giá"});
    offices.commune.put(&played.path("/commune-report"), &played.tag().await, report).await.is(200);
    let refused = played.act(&offices.commune, json!({"action": "report"})).await;
    assert_eq!(refused.refused("dossier_corrections_unsettled").body["errors"].as_array().unwrap().len(), 3);

    // One is accepted, one is not, one is not mentioned: the last two are asked for again, and one more.
    let again = json!({"action": "return", "dueOn": "2026-06-20", "settled": [settle(0, true), settle(1, false)],
        "items": [{"reason": "expired", "about": "other", "words": "Giấy giới thiệu đã hết hạn"}]});
    played.act(&offices.commune, again).await.is(201);
    let view = corrections(&played, &offices.commune).await;
    let fresh = items(&view);
    assert_eq!(
        fresh.iter().map(|i| i["againOf"].clone()).collect::<Vec<_>>(),
        [asked[1]["id"].clone(), asked[2]["id"].clone(), Value::Null]
    );
    assert_eq!((&view.body["data"][0]["dueOn"], &view.body["data"][0]["ordinal"]), (&json!("2026-06-20"), &json!(2)));
    let states: Vec<&Value> = view.body["data"][1]["items"].as_array().unwrap().iter().map(|i| &i["state"]).collect();
    assert_eq!(states, ["accepted", "stillOpen", "answered"]);
    // An item of the request before is not answered any more.
    let old = answer(&played, &played.producer, &asked[1]["id"], "Đã sửa").await.is(422);
    assert_eq!(old.body["errors"][0]["pointer"], "/answers/0/item");

    let all: Vec<Value> = fresh.iter().map(|i| json!({"item": i["id"], "answer": "Đã sửa lại"})).collect();
    patch(&played, &played.producer, "answers", json!({"answers": all})).await.is(200);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    let all: Vec<Value> = fresh.iter().map(|i| json!({"item": i["id"], "accepted": true})).collect();
    let gone = played.act(&offices.commune, json!({"action": "report", "settled": all})).await.is(201);
    assert_eq!(
        (&gone.body["status"]["code"], &gone.body["correction"]["unsettled"]),
        (&json!("communeReviewed"), &json!(0))
    );
}

#[actix_web::test]
async fn items_fit_the_dossier_and_days_lie_ahead() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    let ask = async |items: Value, due: &str| {
        played.act(&offices.commune, json!({"action": "return", "items": items, "dueOn": due})).await.is(422).body
    };
    let of = |about: &str, name: &str| json!([{"reason": "missing", "about": about, "name": name, "words": "Bổ sung"}]);
    for (about, name) in [("field", "colour"), ("criterion", "99"), ("paper", "poem"), ("field", "")] {
        assert_eq!(ask(of(about, name), "2026-06-09").await["errors"][0]["pointer"], "/items/0/name", "{about} {name}");
    }
    assert_eq!(ask(of("other", ""), "2026-06-01").await["errors"][0]["code"], "not_after_today");
    let blank = json!([{"reason": "missing", "about": "other", "words": " "}]);
    assert_eq!(ask(blank, "2026-06-09").await["errors"][0]["pointer"], "/items/0/words");
    let wrong = json!([{"reason": "unclear", "about": "field", "name": "plan", "document": played.product_id, "words": "Bổ sung"}]);
    assert_eq!(ask(wrong, "2026-06-09").await["errors"][0]["code"], "unknown_document");
    let elsewhere = json!({"action": "report", "items": of("other", "")});
    played.act(&offices.commune, elsewhere).await.refused("dossier_report_missing");
    let elsewhere = json!({"action": "refuse", "reason": "x", "items": of("other", ""),
        "notice": {"number": "1/TB", "issuedOn": "2026-06-01"}});
    assert_eq!(played.act(&offices.commune, elsewhere).await.is(422).body["errors"][0]["code"], "not_for_this_move");
    assert_eq!(played.status().await, "submitted");
    assert!(corrections(&played, &offices.commune).await.body["data"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn nobody_answers_or_settles_for_another_and_nothing_is_closed_before_its_day() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    given_back(&world, &played).await;
    let asked = items(&corrections(&played, &played.producer).await);
    let id = &asked[0]["id"];
    answer(&played, &offices.commune, id, "x").await.refused("dossier_not_your_move");
    answer(&played, &world.with_role(Role::Inspector), id, "x").await.is(403);
    let (_, stranger) = world.producer_in(offices.place, ocop::producers::ProducerType::Company);
    answer(&played, &stranger, id, "x").await.is(404);
    stranger.get(&played.path("/corrections")).await.is(404);
    let accept = json!({"settled": [{"item": id, "accepted": true}]});
    patch(&played, &played.producer, "settlements", accept.clone()).await.is(403);
    patch(&played, &offices.province, "settlements", accept).await.refused("dossier_not_on_desk");

    let close =
        json!({"action": "close", "reason": "Không bổ sung", "notice": {"number": "3/TB", "issuedOn": "2026-06-03"}});
    world.today("2026-06-13");
    played.act(&offices.commune, close.clone()).await.refused("dossier_correction_not_due");
    world.today("2026-06-14");
    assert_eq!(played.view().await.body["correction"]["late"], true);
    played.act(&offices.commune, close).await.is(201);
}

#[actix_web::test]
async fn the_province_asks_too_and_a_reason_in_words_is_still_enough() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.dossier_at_province(&offices, &Case::of("07")).await;
    let plain =
        played.act(&offices.province, json!({"action": "askCorrection", "reason": "Bổ sung hồ sơ"})).await.is(201);
    assert_eq!((&plain.body["correction"]["items"], &plain.body["correction"]["dueOn"]), (&json!(0), &Value::Null));
    let form = json!({"form": {"description": "Viết lại", "samples": 5, "commitment": true}});
    played.producer.put(&played.path(""), &played.tag().await, form).await.is(200);
    played.act(&played.producer, json!({"action": "answer"})).await.is(201);
    let seen = corrections(&played, &offices.province).await;
    let changed: Vec<&Value> =
        seen.body["data"][0]["changes"].as_array().unwrap().iter().map(|c| &c["subject"]).collect();
    assert_eq!(changed, ["description", "organisation", "plan", "updates"]);

    // The commune may answer what the province asks (Điều 7.3 a); who answered stands with the item.
    let items = json!([{"reason": "unclear", "about": "other", "words": "Xác nhận nguồn nguyên liệu"}]);
    played.act(&offices.province, json!({"action": "askCorrection", "items": items})).await.is(201);
    let id = self::items(&corrections(&played, &offices.province).await)[0]["id"].clone();
    answer(&played, &offices.commune, &id, "Xã xác nhận").await.is(200);
    played.act(&offices.commune, json!({"action": "answer"})).await.is(201);
    played.act(&offices.province, json!({"action": "startReview"})).await.refused("dossier_corrections_unsettled");
    let accept = json!({"settled": [{"item": id, "accepted": true, "note": "Đủ"}]});
    let settled = patch(&played, &offices.province, "settlements", accept).await.is(200);
    let item = &settled.body["data"][0]["items"][0];
    assert_eq!(
        (&item["answeredBy"], &item["state"], &item["note"]),
        (&json!("commune"), &json!("accepted"), &json!("Đủ"))
    );
    played.act(&offices.province, json!({"action": "startReview"})).await.is(201);
}
