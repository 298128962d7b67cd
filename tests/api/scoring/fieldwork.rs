//! The advisory team's site visits, pictures and extra tests; what members read of them, and from when on.

use actix_web::http::Method;
use ocop::actor::Role;
use serde_json::{Value, json};

use super::PROVINCE;
use crate::world::World;
use crate::world::dossiers::{Case, multipart, pdf};
use crate::world::register::a_picture;
use crate::world::rows::outbox_of;

#[actix_web::test]
async fn site_visits_and_extra_tests_are_written_before_marking_and_read_as_the_regulation_says() {
    let world = World::new().await;
    let province = world.province("86");
    let advisor = world.of_office(Role::Advisory, Some(province));
    let turns = [
        ("nothing", false, ["2026-06-01", "2026-06-02", "2026-06-03"]),
        ("remarks", true, ["2026-06-04", "2026-06-05", "2026-06-08"]),
    ];
    for (view, shown, [today, released, held]) in turns {
        world.today(today);
        let council = world.council_with(PROVINCE, Some(province), 3, json!({ "advisoryView": view })).await;
        let dossier = world.in_review("07", province);
        let producer = world.speaker(world.dossier(dossier).producer_id);
        let (visits, tests) =
            (format!("/v1/dossiers/{dossier}/site-visits"), format!("/v1/dossiers/{dossier}/test-requests"));
        let seen =
            |day: &str| json!({ "visitedOn": day, "people": "Tổ tư vấn, chủ thể", "seen": "Kho sạch, sổ ghi đủ" });
        council.officer.post(&visits, seen("2026-05-30")).await.is(403);
        let late = advisor.post(&visits, seen("2026-07-30")).await.is(422);
        assert_eq!(late.body["errors"][0]["pointer"], "/visitedOn");
        let visit = advisor.post_once(&visits, "visit", seen("2026-05-30")).await.is(201);
        assert_eq!(advisor.post_once(&visits, "visit", seen("2026-05-30")).await.is(201).id(), visit.id());

        // Pictures go through the room where every file is received: only pictures are taken.
        let at = format!("/v1/site-visits/{}/pictures", visit.id());
        world.send(multipart(advisor.request(Method::POST, &at), &[], &pdf("biên bản"))).await.is(415);
        let kept = advisor.uploads(&at, "kho.png", &a_picture(), &[("caption", "Kho")]).await.is(201);
        assert_eq!((&kept.body["caption"], &kept.body["fileName"]), (&json!("Kho"), &json!("kho.png")));
        let bytes = council.officer.get(&format!("{at}/{}", kept.id())).await.is(200);
        assert_eq!(bytes.bytes, a_picture());
        let listed = council.officer.get(&visits).await.is(200);
        assert_eq!(listed.body["data"][0]["pictures"][0]["id"], kept.id());
        producer.get(&visits).await.is(403);
        producer.get(&format!("{at}/{}", kept.id())).await.is(403);
        world.of_office(Role::Province, Some(world.province("25"))).get(&visits).await.is(404);

        // The producer reads which tests are asked, and nobody is told more than that one is.
        let asked = |due: &str| json!({ "askedOf": "Trung tâm Kiểm nghiệm", "wanted": "Vi sinh", "dueOn": due });
        let past = advisor.post(&tests, asked(today)).await.is(422);
        assert_eq!(past.body["errors"][0]["code"], "not_after_today");
        let test = advisor.post(&tests, asked("2026-06-20")).await.is(201);
        assert_eq!(producer.get(&tests).await.is(200).body["data"][0]["wanted"], "Vi sinh");
        let told = world.as_service(move |cx| Ok(outbox_of(cx, dossier.0)));
        assert_eq!(told.last().unwrap(), &json!({ "testRequest": test.id(), "is": "asked", "dueOn": "2026-06-20" }));
        let at = format!("/v1/test-requests/{}/result", test.id());
        let came = |paper: Value| json!({ "result": "Đạt", "receivedOn": "2026-06-01", "documentId": paper });
        producer.put(&at, test.tag(), came(Value::Null)).await.is(403);
        advisor.put(&at, "\"9\"", came(Value::Null)).await.is(412);
        let absent = advisor.put(&at, test.tag(), came(json!(uuid::Uuid::now_v7()))).await.is(422);
        assert_eq!(absent.body["errors"][0]["pointer"], "/documentId");
        let got = advisor.put(&at, test.tag(), came(Value::Null)).await.is(200);
        advisor.put(&at, got.tag(), came(Value::Null)).await.refused("test_received");

        // Members read of it what the regulation shows, from the release on.
        let member = &council.voters[2].person;
        let body = json!({ "councilId": council.id, "heldOn": held, "releaseAt": format!("{released}T00:30:00Z"),
            "report": { "number": "07/BC-TTV", "dated": "2026-06-01" }, "dossiers": [dossier] });
        let session = council.officer.post("/v1/sessions", body).await.is(201).id();
        let laid = format!("/v1/sessions/{session}/dossiers/{dossier}");
        let picture_path = format!("{laid}/pictures/{}", kept.id());
        let stop = member.get(&laid).await.refused("session_not_released");
        assert!(stop.body["detail"].as_str().unwrap().contains("07:30 0"), "{}", stop.text);
        member.get(&picture_path).await.refused("session_not_released");
        member.get(&visits).await.is(404);
        world.today(released);
        let read = member.get(&laid).await.is(200).body;
        assert_eq!(read["siteVisits"].as_array().unwrap().len(), usize::from(shown), "{view}");
        assert_eq!(read["testRequests"].as_array().unwrap().len(), usize::from(shown), "{view}");
        member.get(&picture_path).await.is(if shown { 200 } else { 404 });
        council.officer.get(&laid).await.is(403);
        world.plain().get(&laid).await.is(404);
        // A member in conflict reads nothing of it, the others do.
        let kin = &council.voters[1].person;
        kin.post("/v1/conflicts", json!({ "dossierId": dossier, "reason": "Họ hàng" })).await.is(201);
        kin.get(&laid).await.is(404);
        kin.get(&picture_path).await.is(404);
    }
}

#[actix_web::test]
async fn a_test_is_received_with_the_paper_that_says_so_and_the_review_closes_when_marking_opens() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.dossier_at_province(&offices, &Case::of("07")).await;
    played.act(&offices.province, json!({"action": "startReview"})).await.is(201);
    let advisor = world.of_office(Role::Advisory, Some(offices.province_place));
    let tests = played.path("/test-requests");
    let asked = json!({ "askedOf": "Chủ thể", "wanted": "Kim loại nặng", "dueOn": "2026-06-20" });
    let test = advisor.post(&tests, asked.clone()).await.is(201);
    let paper =
        played.upload(&advisor, &[("paper", "testReport"), ("title", "Phiếu kiểm nghiệm")], &pdf("kết quả")).await;
    let body = json!({ "result": "Đạt", "receivedOn": "2026-06-01", "documentId": paper.is(201).id() });
    let got = advisor.put(&format!("/v1/test-requests/{}/result", test.id()), test.tag(), body.clone()).await.is(200);
    assert_eq!(got.body["documentId"], body["documentId"]);

    let council = world.council(PROVINCE, Some(offices.province_place), 3).await;
    let id = played.id.parse().unwrap();
    let session = council.sits(&[id]).await;
    let member = &council.voters[2];
    let laid = format!("/v1/sessions/{session}/dossiers/{id}");
    let read = member.person.get(&laid).await.is(200);
    assert_eq!(read.body["testRequests"][0]["result"], "Đạt");
    let document = body["documentId"].as_str().unwrap();
    assert_eq!(member.person.get(&format!("{laid}/documents/{document}")).await.is(200).bytes, pdf("kết quả"));
    let sheet = council.sheet_of(member, &session, id).await;
    let on_sheet = member.person.get(&format!("/v1/sheets/{sheet}")).await.is(200);
    assert_eq!(on_sheet.body["testRequests"], read.body["testRequests"]);
    advisor.post(&tests, asked).await.refused("advisory_review_closed");
    let seen = json!({ "visitedOn": "2026-06-01", "people": "A", "seen": "B" });
    advisor.post(&played.path("/site-visits"), seen).await.refused("advisory_review_closed");
}
