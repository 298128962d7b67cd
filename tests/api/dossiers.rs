//! A dossier from the first word to the commune's report; who may, when, and what is refused.

use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::dossiers::{Action, Party};
use ocop::places::Level;
use serde_json::{Value, json};

use crate::world::dossiers::{Case, best_marks, pdf, shipped};
use crate::world::{Person, World};

fn actions(view: &Value) -> Vec<&str> {
    view["openActions"].as_array().unwrap().iter().map(|a| a["action"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_producer_writes_marks_and_files_and_the_commune_reports() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let (producer_id, producer) = world.producer_in(offices.place, ocop::producers::ProducerType::Cooperative);
    let product = world.product_of(producer_id, "Dưa cải muối", "07");
    let opened = producer.post("/v1/dossiers", json!({"product": product, "kind": "first"})).await.is(201);
    let (path, mut tag) = (opened.headers["location"].clone(), opened.tag().to_owned());
    assert_eq!(
        (&opened.body["status"]["code"], &opened.body["rulebook"], &opened.body["set"]),
        (&json!("draft"), &json!("26-2026"), &json!("07"))
    );
    assert_eq!(opened.body["whoseMove"], json!(["producer"]));

    // One criterion at a time; the preview grows.
    for (criterion, mark) in best_marks("07")["marks"].as_object().unwrap() {
        let marked = producer.put(&format!("{path}/self-assessment/{criterion}"), &tag, mark.clone()).await.is(200);
        marked.tag().clone_into(&mut tag);
    }
    let own = producer.get(&format!("{path}/self-assessment")).await.is(200);
    assert_eq!(
        (&own.body["total"], &own.body["preview"]["star"], &own.body["preview"]["unmarked"]),
        (&json!(100), &json!(5), &json!([]))
    );

    // Papers are missing: the check says which, and filing says the same.
    let check = producer.get(&format!("{path}/completeness")).await.is(200);
    assert_eq!(check.body["complete"], false);
    let submit = |tag: String, key: &'static str| {
        let request = producer.request(actix_web::http::Method::POST, &format!("{path}/moves"));
        let request = request.insert_header(("If-Match", tag)).insert_header(("Idempotency-Key", key));
        producer.world.send(request.set_json(json!({"action": "submit"})))
    };
    let refused = submit(tag.clone(), "s1").await.refused("dossier_incomplete");
    let missing: Vec<&str> =
        refused.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(missing, ["form01", "form02"]);
    let form = json!({"form": {"description": "Dưa cải của xã", "samples": 5, "commitment": true}});
    let written = producer.put(&path, &tag, form).await.is(200);
    let filed = submit(written.tag().to_owned(), "s2").await.is(201);
    assert_eq!(filed.body["status"]["code"], "submitted");
    assert_eq!(
        (&filed.body["receiptNumber"], &filed.body["filedOn"]),
        (&json!("1-X/PĐK-86-29242-2026"), &json!("2026-06-01"))
    );
    assert_eq!(filed.body["whoseMove"], json!(["commune"]));
    // Fifteen working days from Monday 1 June, the first day not counted.
    assert_eq!(filed.body["clocks"][0]["deadline"], "2026-06-22");

    // The same deed again is answered, not done; a stale tag is told so.
    let again = submit(written.tag().to_owned(), "s2").await.is(201);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    submit(written.tag().to_owned(), "s3").await.is(412);
    assert_eq!(producer.put(&path, filed.tag(), json!({"form": {}})).await.word(), "dossier_not_with_producer");

    let commune = &offices.commune;
    let seen = commune.get(&path).await.is(200);
    assert_eq!(actions(&seen.body), ["return", "report", "refuse", "endProduction"]);
    let report = json!({"origin": "Của xã", "labour": "Mười người", "idea": "Nghề xưa", "identity": "Công thức", "proposed": true, "proposal": "Đề nghị đánh giá"});
    let wrote = commune.put(&format!("{path}/commune-report"), seen.tag(), report).await.is(200);
    assert_eq!(wrote.body["communeReport"]["origin"], "Của xã");
    let life = producer.get(&format!("{path}/history")).await.is(200);
    assert_eq!(life.body["moves"].as_array().unwrap().len(), 1);
    assert_eq!(life.body["moves"][0]["details"]["receipt"], "1-X/PĐK-86-29242-2026");
}

#[actix_web::test]
async fn a_draft_is_the_producers_alone_and_a_filed_dossier_the_territorys() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    for who in [&offices.commune, &offices.province, &offices.central] {
        who.get(&draft.path("")).await.is(404);
        who.get(&draft.path("/documents")).await.is(404);
    }
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    for who in [&offices.commune, &offices.province, &offices.central] {
        who.get(&draft.path("")).await.is(200);
    }
    let (_, stranger) = world.producer_in(offices.place, ocop::producers::ProducerType::Company);
    let far = world.officer(Role::Commune, world.unit_today(Level::Commune, "28756"));
    for who in [&stranger, &far, &world.with_role(Role::Editor)] {
        who.get(&draft.path("")).await.is(404);
        assert!(who.get("/v1/dossiers").await.is(200).body["data"].as_array().unwrap().is_empty());
        draft.act(who, json!({"action": "withdraw"})).await.is(404);
    }
    world.stranger().get(&draft.path("")).await.is(401);
    let inspector = world.with_role(Role::Inspector);
    inspector.get(&draft.path("")).await.is(200);
    draft.act(&inspector, json!({"action": "return", "reason": "x"})).await.is(403);
    // The right role, but not its turn: the regulation says whose it is.
    draft.act(&offices.province, json!({"action": "return", "reason": "x"})).await.refused("dossier_not_your_move");
    draft.act(&draft.producer, json!({"action": "submit"})).await.refused("dossier_wrong_moment");
}

#[actix_web::test]
async fn only_ones_own_product_is_opened_once_at_a_time() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let body = |kind: &str| json!({"product": draft.product_id, "kind": kind, "set": "07"});
    draft.producer.post("/v1/dossiers", body("first")).await.refused("dossier_open_already");
    offices.commune.post("/v1/dossiers", body("first")).await.is(403);
    let (_, other) = world.producer_in(offices.place, ocop::producers::ProducerType::Company);
    other.post("/v1/dossiers", body("first")).await.is(404);
    draft.act(&draft.producer, json!({"action": "withdraw"})).await.is(201);
    draft.producer.post("/v1/dossiers", body("upgrade")).await.refused("dossier_nothing_held");
    draft
        .producer
        .post("/v1/dossiers", json!({"product": draft.product_id, "kind": "first", "set": "77"}))
        .await
        .refused("criteria_set_unknown");
    draft.producer.post("/v1/dossiers", body("first")).await.is(201);
}

#[actix_web::test]
async fn waiting_for_completion_stops_the_clock() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let filed = world.filed(&offices, &Case::of("07")).await;
    let bare = filed.act(&offices.commune, json!({"action": "return"})).await.is(422);
    assert_eq!(bare.body["errors"][0]["pointer"], "/reason");
    world.today("2026-06-03");
    filed.act(&offices.commune, json!({"action": "return", "reason": "Thiếu phiếu kiểm nghiệm"})).await.is(201);
    assert_eq!(filed.producer.get("/v1/queue").await.is(200).body["data"][0]["dossier"]["id"], filed.id);
    world.today("2026-06-08");
    let waiting = filed.view().await;
    assert_eq!(waiting.body["clocks"][0]["deadline"], "2026-06-22");
    assert_eq!(waiting.body["clocks"][0]["deadlineWithPauses"], "2026-06-25");
    world.today("2026-06-10");
    let back = filed.act(&filed.producer, json!({"action": "submit"})).await.is(201);
    assert_eq!(back.body["clocks"][0]["deadlineWithPauses"], "2026-06-29");
    assert_eq!(back.body["receiptNumber"], "1-X/PĐK-86-29242-2026");
    assert_eq!(back.body["filedOn"], "2026-06-01");
    let queue = offices.commune.get("/v1/queue").await.is(200);
    assert_eq!(
        (&queue.body["data"][0]["dossier"]["id"], &queue.body["data"][0]["dossier"]["deadlineWithPauses"]),
        (&json!(filed.id), &json!("2026-06-29"))
    );
    let life = filed.producer.get(&filed.path("/history")).await.is(200);
    assert_eq!(
        life.body["pauses"],
        json!([{"from": "2026-06-03", "to": "2026-06-10", "why": "Thiếu phiếu kiểm nghiệm"}])
    );
}

#[actix_web::test]
async fn a_mark_is_checked_as_on_a_sheet() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let put = async |criterion: &str, mark: Value| {
        let tag = draft.tag().await;
        draft.producer.put(&draft.path(&format!("/self-assessment/{criterion}")), &tag, mark).await
    };
    put("1.1", json!({"option": "z"})).await.refused("sheet_option_unknown");
    put("99", json!({"option": "a"})).await.refused("sheet_criterion_unknown");
    put("1.1", json!({"option": null})).await.refused("sheet_none_needs_comment");
    put("1.1", json!({"option": null, "comment": "chưa có"})).await.is(200);
    put("1.1", json!({"option": "a", "evidence": [draft.product_id]})).await.is(422);
    draft.producer.put(&draft.path("/self-assessment/1.1"), "\"1\"", json!({"option": "a"})).await.is(412);
    let tag = draft.tag().await;
    let partner = world.person(
        Role::Consultant,
        Right { producer: Some(draft.producer_id), basis: "ủy quyền".into(), ..Right::default() },
    );
    let marked = partner.put(&draft.path("/self-assessment/1.1"), &tag, json!({"option": "a"})).await.is(200);
    let best: i64 = shipped("07").scored().iter().map(|c| c.max_points).sum();
    assert!(marked.body["total"].as_i64().unwrap() < best);
    assert_eq!(marked.body["marks"].as_array().unwrap().len(), shipped("07").scored().len());
}

#[actix_web::test]
async fn the_advice_for_the_next_star_is_followed_and_reaches_it() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let put = async |marks: Value| {
        let tag = draft.tag().await;
        draft.producer.put(&draft.path("/self-assessment"), &tag, marks).await.is(200).body
    };
    assert_eq!(put(best_marks("07")).await["advice"], Value::Null);
    let mut modest = best_marks("07");
    for (criterion, mark) in modest["marks"].as_object_mut().unwrap().iter_mut().take(12) {
        let worst = shipped("07").criterion(criterion).unwrap().options.iter().min_by_key(|o| o.points).unwrap();
        *mark = json!({"option": worst.code, "case": worst.case});
    }
    let before = put(modest).await;
    let star = before["advice"]["star"].as_u64().unwrap();
    assert!(before["preview"]["star"].as_u64().unwrap() < star);
    let mut marks = serde_json::Map::new();
    for step in before["advice"]["steps"].as_array().unwrap() {
        marks.insert(
            step["criterion"].as_str().unwrap().to_owned(),
            json!({"option": step["to"], "case": step["case"]}),
        );
    }
    let after = put(json!({ "marks": marks })).await;
    assert_eq!((&after["preview"]["star"], &after["total"]), (&json!(star), &before["advice"]["total"]));
}

#[actix_web::test]
async fn papers_are_kept_by_their_bytes_and_end_with_their_day() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let fields = [
        ("paper", "testReport"),
        ("number", "12/KN"),
        ("issuedOn", "2026-01-05"),
        ("expiresOn", "2026-05-31"),
        ("criteria", "10.1, 10.2"),
    ];
    let added = draft.upload(&draft.producer, &fields, &pdf("kiểm nghiệm")).await.is(201);
    assert_eq!((&added.body["holds"], &added.body["criteria"]), (&json!(false), &json!(["10.1", "10.2"])));
    draft.upload(&draft.producer, &[("paper", "poem")], &pdf("thơ")).await.refused("dossier_paper_unknown");
    draft.upload(&draft.producer, &[("paper", "award")], b"no document").await.is(415);
    draft.upload(&draft.producer, &[("paper", "award"), ("issuedOn", "31/5")], &pdf("x")).await.is(422);
    let sent = draft.producer.get(added.body["content"].as_str().unwrap()).await.is(200);
    assert_eq!(sent.text.as_bytes(), pdf("kiểm nghiệm"));
    assert!(sent.headers["content-disposition"].starts_with("attachment"));
    offices.commune.get(added.body["content"].as_str().unwrap()).await.is(404);
    let (tag, path) = (draft.tag().await, draft.path(&format!("/documents/{}", added.id())));
    assert_eq!(draft.producer.delete(&path, "\"0\"").await.status.as_u16(), 412);
    draft.producer.delete(&path, &tag).await.is(204);
    assert!(draft.producer.get(&draft.path("/documents")).await.is(200).body["data"].as_array().unwrap().is_empty());
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    draft.upload(&draft.producer, &[("paper", "award")], &pdf("x")).await.refused("dossier_not_with_producer");
}

#[actix_web::test]
async fn whoever_else_reads_a_paper_leaves_a_trace_and_its_producer_none() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let paper = draft.upload(&draft.producer, &[("paper", "award")], &pdf("bằng khen")).await.is(201);
    let at = paper.body["content"].as_str().unwrap();
    offices.commune.get(at).await.is(404);
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    let mandate = Right { producer: Some(draft.producer_id), basis: "test".into(), ..Right::default() };
    let consultant = world.person(Role::Consultant, mandate);
    for who in [&draft.producer, &offices.commune, &consultant] {
        assert_eq!(who.get(at).await.is(200).headers["cache-control"], "private, no-store");
    }
    offices.commune.get(&draft.path("/documents")).await.is(200);
    let id: ocop::ids::DossierId = draft.id.parse().unwrap();
    let rows = world.db().read_now(&Caller::system("test"), move |cx| ocop::audit::of_subject(cx, id.0)).unwrap();
    let read: Vec<_> = rows.iter().filter(|r| r.deed == "dossier.document_read").collect();
    assert_eq!(read.len(), 2, "{read:?}");
    assert!(read.iter().all(|r| r.details.0["document"] == json!(paper.id()) && r.actor_user.is_some()));
    assert_ne!(read[0].actor_user, read[1].actor_user);
}

async fn of_kind(world: &World, kind: &str, through: &str, stars: i32) -> crate::world::dossiers::Played {
    let offices = world.offices("29242");
    let (producer_id, producer) = world.producer_in(offices.place, ocop::producers::ProducerType::Cooperative);
    let product = world.product_of(producer_id, "Dưa cải muối", "07");
    world.hold_star(product, stars, "2023-12-01", through);
    let case = Case { kind: kind.to_owned(), ..Case::of("07") };
    world.draft_for(&offices, &case, (producer_id, producer), product).await
}

#[actix_web::test]
async fn a_re_evaluation_is_filed_in_its_window_and_the_refusal_names_three_dates() {
    let world = World::on("2026-06-01").await;
    let early = of_kind(&world, "reEvaluation", "2026-12-31", 4).await;
    let stop = early.act(&early.producer, json!({"action": "submit"})).await.refused("re_evaluation_too_early");
    let days: Vec<&str> =
        stop.body["errors"].as_array().unwrap().iter().map(|e| e["detail"].as_str().unwrap()).collect();
    assert_eq!(days, ["4/7/2026", "2/9/2026", "31/12/2026"]);
    world.today("2026-07-04");
    early.act(&early.producer, json!({"action": "submit"})).await.is(201);
    let late = of_kind(&world, "reEvaluation", "2026-10-01", 3).await;
    late.act(&late.producer, json!({"action": "submit"})).await.refused("re_evaluation_too_late");
    // The window had closed before 26/2026 came: the transition extends it (Điều 12.3).
    let extended = of_kind(&world, "reEvaluation", "2026-07-31", 3).await;
    extended.act(&extended.producer, json!({"action": "submit"})).await.is(201);
    // An upgrade has no window.
    let upgrade = of_kind(&world, "upgrade", "2026-12-31", 3).await;
    let check = upgrade.producer.get(&upgrade.path("/completeness")).await.is(200);
    let papers = check.body["papers"].as_array().unwrap();
    assert!(
        papers.iter().any(|p| p["paper"] == "changesSinceRecognition" && p["need"] == "required"),
        "{}",
        check.text
    );
    upgrade.act(&upgrade.producer, json!({"action": "submit"})).await.is(201);
}

#[actix_web::test]
async fn a_dossier_of_the_old_law_finishes_in_time_or_is_filed_again_in_one_call() {
    let world = World::on("2026-05-20").await;
    let offices = world.offices("29242");
    let old = world.filed(&offices, &Case { samples: 5, ..Case::of("T40") }).await;
    let pinned = old.view().await;
    assert_eq!((&pinned.body["rulebook"], &pinned.body["lastDayToMove"]), (&json!("1489"), &json!("2026-07-21")));
    world.today("2026-07-21");
    old.report().await;
    old.act(&old.producer, json!({"action": "refile"})).await.refused("dossier_transition_not_over");
    world.today("2026-07-22");
    let refused = old.act(&offices.commune, json!({"action": "return", "reason": "x"})).await;
    refused.refused("rulebook_transition_over");
    old.act(&old.producer, json!({"action": "refile"})).await.refused("criteria_set_unknown");
    let ended = old.act(&old.producer, json!({"action": "refile", "set": "07"})).await.is(201);
    assert_eq!(ended.body["status"]["code"], "refiled");
    let fresh = ended.body["refiledAs"].as_str().unwrap();
    let fresh = old.producer.get(&format!("/v1/dossiers/{fresh}")).await.is(200);
    assert_eq!(
        (&fresh.body["rulebook"], &fresh.body["set"], &fresh.body["status"]["code"]),
        (&json!("26-2026"), &json!("07"), &json!("draft"))
    );
    assert_eq!((&fresh.body["refiledFrom"], &fresh.body["form"]["samples"]), (&json!(old.id), &json!(5)));
    old.act(&old.producer, json!({"action": "withdraw"})).await.refused("dossier_finished");
}

#[actix_web::test]
async fn a_draft_of_before_is_filed_under_the_law_of_its_day() {
    let world = World::on("2026-05-20").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("T40")).await;
    world.today("2026-05-22");
    draft.act(&draft.producer, json!({"action": "submit"})).await.refused("criteria_set_unknown");
    let tag = draft.tag().await;
    let form = draft.view().await.body["form"].clone();
    draft.producer.put(&draft.path(""), &tag, json!({"form": form, "set": "07"})).await.is(200);
    let again = crate::world::dossiers::Played { case: Case::of("07"), ..draft };
    again.mark_best().await;
    let filed = again.act(&again.producer, json!({"action": "submit"})).await.is(201);
    assert_eq!((&filed.body["rulebook"], &filed.body["set"]), (&json!("26-2026"), &json!("07")));
}

#[actix_web::test]
async fn moves_of_other_acts_are_refused_with_the_place_where_they_are_made() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let reported = world.reported(&offices, &Case::of("07")).await;
    for (action, place) in [
        ("propose", "/v1/handovers"),
        ("recordResult", "/result"),
        ("recognise", "/v1/decisions"),
        ("schedule", "/v1/sessions"),
    ] {
        let refused = reported.act(&offices.commune, json!({"action": action})).await.refused("dossier_move_elsewhere");
        assert!(refused.body["detail"].as_str().unwrap().contains(place), "{}", refused.text);
    }
    let tag = reported.tag().await;
    let moves = reported.path("/moves");
    let body =
        json!({"action": "refuse", "reason": "Ngoài danh mục", "notice": {"number": "9/TB", "issuedOn": "2026-06-01"}});
    offices.commune.post(&moves, body.clone()).await.is(428);
    let keyed = offices.commune.request(actix_web::http::Method::POST, &moves).insert_header(("Idempotency-Key", "k"));
    world.send(keyed.set_json(body.clone())).await.is(428);
    let bare = reported.act(&offices.commune, json!({"action": "refuse", "reason": "Ngoài danh mục"})).await.is(422);
    assert_eq!(bare.body["errors"][0]["pointer"], "/notice");
    let ended = reported.act_on(&offices.commune, &tag, "k", body).await.is(201);
    assert_eq!((&ended.body["status"]["code"], &ended.body["whoseMove"]), (&json!("notProposed"), &json!([])));
    assert_eq!(ended.body["clocks"][0]["endedOn"], "2026-06-01");
}

#[actix_web::test]
async fn lists_are_narrowed_and_go_on_page_by_page() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(world.filed(&offices, &Case::of("07")).await);
    }
    let page = offices.province.get("/v1/dossiers?limit=2&status=submitted&kind=first").await.is(200);
    assert_eq!(page.body["data"].as_array().unwrap().len(), 2);
    let next = page.body["page"]["next"].as_str().unwrap();
    let rest = offices.province.get(&format!("/v1/dossiers?limit=2&cursor={next}")).await.is(200);
    assert_eq!((&rest.body["data"][0]["id"], &rest.body["page"]["next"]), (&json!(all[0].id), &Value::Null));
    let inside = format!("/v1/dossiers?place={}", offices.province_place);
    assert_eq!(offices.central.get(&inside).await.is(200).body["data"].as_array().unwrap().len(), 3);
    let of_product = format!("/v1/dossiers?product={}", all[1].product_id);
    assert_eq!(offices.commune.get(&of_product).await.is(200).body["data"][0]["id"], all[1].id);
    let queue = offices.commune.get("/v1/queue?limit=2").await.is(200);
    assert_eq!(queue.body["data"].as_array().unwrap().len(), 2);
    let next = queue.body["page"]["next"].as_str().unwrap();
    assert_eq!(
        offices.commune.get(&format!("/v1/queue?cursor={next}")).await.is(200).body["data"].as_array().unwrap().len(),
        1
    );
    assert!(offices.province.get("/v1/queue").await.is(200).body["data"].as_array().unwrap().is_empty());
    assert_eq!(offices.commune.get("/v1/dossiers?status=lost").await.is(400).word(), "bad_parameter");
}

/// Two people move one dossier at once; gives the two answers.
async fn at_once(world: &World, played: &crate::world::dossiers::Played, who: [(&Person, Value); 2]) -> Vec<u16> {
    let tag = played.tag().await;
    let gate = crate::world::gate::hold_row(world, "dossiers", &played.id);
    let [(a, first), (b, second)] = who;
    let both = async {
        let (x, y) =
            futures_util::join!(played.act_on(a, &tag, "race-a", first), played.act_on(b, &tag, "race-b", second));
        vec![x.status.as_u16(), y.status.as_u16()]
    };
    let mut answers = crate::world::gate::release_when_waiting(world, gate, 2, both).await;
    answers.sort_unstable();
    answers
}

#[actix_web::test]
async fn two_officers_move_one_dossier_and_one_of_them_is_told_to_look_again() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let filed = world.filed(&offices, &Case::of("07")).await;
    let other = world.officer(Role::Commune, offices.place);
    let returns = |why: &str| json!({"action": "return", "reason": why});
    let answers = at_once(&world, &filed, [(&offices.commune, returns("Thiếu A")), (&other, returns("Thiếu B"))]).await;
    assert_eq!(answers, [201, 412]);
    let life = filed.producer.get(&filed.path("/history")).await.is(200);
    assert_eq!(life.body["moves"].as_array().unwrap().len(), 2, "{}", life.text);
    assert_eq!(life.body["pauses"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn what_lay_at_districts_that_ended_goes_to_the_province() {
    let world = World::on("2025-06-30").await;
    let mut all = Vec::new();
    // Thành phố Trà Vinh, Cầu Kè, Càng Long: received, asked for completion, scored.
    for (commune, then) in [("29242", "received"), ("29335", "asked"), ("29275", "scored")] {
        let offices = world.offices(commune);
        let played = world.received(&offices, &Case::of("T40")).await;
        let district = offices.district.clone().unwrap();
        match then {
            "asked" => drop(played.act(&district, json!({"action": "askCorrection", "reason": "Thiếu"})).await.is(201)),
            "scored" => played.scored_at(Party::District, 4),
            _ => {}
        }
        all.push(played);
    }
    world.spoil();
    world.today("2025-07-01");
    let admin = world.with_role(Role::Administrator);
    let reform =
        admin.post_once("/v1/reforms", "r1", json!({"on": "2025-07-01", "title": "NQ 202/2025/QH15"})).await.is(201);
    crate::world::dossiers::carry_out_reform(&world, &admin, &reform).await;
    let province = world.officer(Role::Province, world.unit_today(Level::Province, "86"));
    for played in &all {
        let seen = province.get(&played.path("")).await.is(200);
        assert_eq!(
            (&seen.body["status"]["code"], &seen.body["level"]),
            (&json!("atProvince"), &json!("province")),
            "{}",
            seen.text
        );
        assert_ne!(seen.body["place"], seen.body["filedPlace"]);
        let life = province.get(&played.path("/history")).await.is(200);
        let last = life.body["moves"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["action"], &last["party"]), (&json!(Action::TakeOver), &json!("system")));
    }
}
