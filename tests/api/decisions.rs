//! The bounds of a decision: whose it is, of which day, what it may say, and what happens when the world
//! moves on between its signature and its publication.

use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::dossiers::Status;
use ocop::ids::DossierId;
use ocop::places::Level;
use ocop::rulebook::{Authority, DossierKind};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::certification::{Filed, Office, Scored};

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn moves(id: impl std::fmt::Display) -> String {
    format!("/v1/decisions/{id}/moves")
}

fn case(certificate: &str, dated: &str) -> Value {
    json!({ "certificateId": certificate, "ground": "lawBroken",
        "evidence": { "kind": "conclusion", "number": "15/KL-SYT", "dated": dated, "body": "Sở Y tế" } })
}

#[actix_web::test]
async fn a_decision_is_of_a_day_on_which_its_office_stood_and_its_subject_was_recognised() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, number, _) = office.certified(&world, "Mật dừa", "1/QĐ-UBND").await;
    let draft = office.officer.post_once("/v1/decisions", &key(), office.withdrawal(&id, "review")).await.is(201);
    let absurd = office.sign(&draft, "9/QĐ-UBND", "1000-01-01").await.is(422);
    assert_eq!(absurd.body["errors"][0]["pointer"], "/signedOn");
    office.sign(&draft, "9/QĐ-UBND", "2019-01-01").await.refused("decision_office_not_there");
    let early = office.sign(&draft, "9/QĐ-UBND", "2026-05-31").await;
    assert_eq!(early.body["errors"][0]["pointer"], "Mật dừa", "which of the lines it is");
    early.refused("decision_before_recognition");
    let signed = office.sign(&draft, "9/QĐ-UBND", "2026-06-01").await.is(200);
    office.publish(&signed).await.is(200);
    let seen = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200);
    assert_eq!((&seen.body["state"], &seen.body["since"]), (&json!("withdrawn"), &json!("2026-06-01")));

    // What no longer is decides nothing any more.
    let gone = world.province_office(world.unit("84", Level::Province, "2025-01-01"));
    let filed = world.scored(&Scored {
        commune: world.commune_of(gone.place.unwrap()),
        ..world.asked_of_province("Dừa sáp", 4, (746, 9))
    });
    let draft = gone.prepare("recognition", &[filed.dossier]).await.is(201);
    gone.sign(&draft, "1/QĐ-UBND", "2026-06-01").await.refused("decision_office_not_there");
}

#[actix_web::test]
async fn number_and_signer_are_one_line_that_says_something() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Gạo sạch", 3, (540, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    for (number, signer, pointer) in
        [("   ", "Trần Thị B", "/number"), ("7/QĐ\nX", "Trần Thị B", "/number"), ("7/QĐ", "  \t", "/signerName")]
    {
        let body = json!({ "action": "sign", "number": number, "signedOn": "2026-06-01", "signerName": signer });
        let said = office.signer.move_on(&moves(draft.id()), draft.tag(), body).await.is(422);
        assert_eq!(said.body["errors"][0]["pointer"], pointer, "{number:?} {signer:?}");
    }
    let mut blank = office.body("notRecognition", &[filed.dossier]);
    blank["reason"] = json!("   ");
    office.officer.post_once("/v1/decisions", &key(), blank).await.is(422);
    let twice = office.body("recognition", &[filed.dossier, filed.dossier]);
    let said = office.officer.post_once("/v1/decisions", &key(), twice).await.is(422);
    assert_eq!(said.body["errors"][0]["code"], "named_twice");
    office.sign(&draft, "7/QĐ-UBND", "2026-06-01").await.is(200);
}

#[actix_web::test]
async fn the_line_that_does_not_belong_is_pointed_at() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let good = world.scored_at_province("Gạo sạch", 3, (540, 9));
    let five = world.scored_at_province("Tôm khô", 5, (830, 9));
    let said = office.prepare("recognition", &[good.dossier, five.dossier]).await;
    assert_eq!(said.body["errors"][0]["pointer"], "/dossiers/1");
    said.refused("decision_authority_differs");
}

#[actix_web::test]
async fn a_right_to_sign_without_a_place_is_the_centres() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Gạo sạch", 3, (540, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    let central = world.person(Role::Signer, Right { basis: "test".into(), ..Right::default() });
    let body = json!({ "action": "sign", "number": "7/QĐ", "signedOn": "2026-06-01", "signerName": "Trần Thị B" });
    central.move_on(&moves(draft.id()), draft.tag(), body).await.is(403);
    let signed = office.sign(&draft, "7/QĐ-UBND", "2026-06-01").await.is(200);
    central.move_on(&moves(signed.id()), signed.tag(), json!({ "action": "publish" })).await.is(403);
}

#[actix_web::test]
async fn what_one_decision_revokes_another_does_not_withdraw() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, ..) = office.certified(&world, "Mật dừa", "1/QĐ-UBND").await;
    world.today("2026-07-10");
    let opened = office.officer.post_once("/v1/revocations", &key(), case(&id, "2026-07-01")).await.is(201);
    let body =
        json!({ "kind": "revocation", "level": "province", "placeId": office.place, "revocations": [opened.id()] });
    office.officer.post_once("/v1/decisions", &key(), body).await.is(201);
    let said = office.officer.post_once("/v1/decisions", &key(), office.withdrawal(&id, "review")).await;
    assert_eq!(said.body["errors"][0]["pointer"], "/certificates/0");
    said.refused("decision_in_other");
}

#[actix_web::test]
async fn a_case_is_opened_and_dropped_by_whose_right_to_it_reaches_there() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, ..) = office.certified(&world, "Mật dừa", "1/QĐ-UBND").await;
    world.today("2026-07-10");
    // An officer of another province who also sits in a commune of this one sees the certificate.
    let other = world.officer(Role::Province, world.unit("92", Level::Province, "2026-01-01"));
    let (who, commune) = (other.id.unwrap(), world.commune_of(world.vinh_long()));
    let seat = move |cx: &mut ocop::db::Ctx<'_>| {
        let right = Right { place: Some(commune), basis: "test".into(), ..Right::default() };
        ocop::auth::grant(cx, who, Role::Commune, right).map(|_| ())
    };
    world.db().write_now(&Caller::system("test"), seat).unwrap();
    other.get(&format!("/v1/certificates/{id}")).await.is(200);
    other.post_once("/v1/revocations", &key(), case(&id, "2026-07-01")).await.is(403);
    let absurd = office.officer.post_once("/v1/revocations", &key(), case(&id, "-200000-01-01")).await;
    assert!(absurd.status.is_client_error(), "{}", absurd.text);
    let opened = office.officer.post_once("/v1/revocations", &key(), case(&id, "2026-07-01")).await.is(201);
    let path = format!("/v1/revocations/{}/moves", opened.id());
    let drop = json!({ "action": "drop", "reason": "Kết luận đã được rút" });
    other.move_on(&path, opened.tag(), drop.clone()).await.is(403);
    office.officer.move_on(&path, opened.tag(), json!({ "action": "drop", "reason": "   " })).await.is(422);
    office.officer.move_on(&path, opened.tag(), drop).await.is(200);
}

/// Two certificates of before 26/2026 whose window had closed, each with a re-evaluation that a council scored.
struct Extended {
    office: Office,
    certificates: Vec<ocop::ids::CertificateId>,
    again: Vec<Filed>,
}

async fn to_be_extended(world: &World) -> Extended {
    let office = world.province_office(world.vinh_long());
    let commune = world.commune_of(world.vinh_long());
    let (mut certificates, mut again) = (Vec::new(), Vec::new());
    for name in ["Dừa sáp", "Kẹo dừa"] {
        let held = world.recognised(name, 4, "2023-06-10", commune);
        certificates.push(held.certificate);
        again.push(world.scored(&Scored {
            name: "",
            rulebook: "26-2026",
            set: "01",
            kind: DossierKind::ReEvaluation,
            commune,
            status: Status::Scored,
            level: Authority::Province,
            stars: 2,
            mean: (400, 9),
            filed_on: "2026-05-25",
            product: Some(Filed { dossier: DossierId::new(), product: held.product, producer: held.producer }),
        }));
    }
    Extended { office, certificates, again }
}

#[actix_web::test]
async fn an_extension_that_is_published_late_gives_no_more_than_is_left() {
    let world = World::on("2026-06-01").await;
    let Extended { office, certificates, again } = to_be_extended(&world).await;
    let body = json!({ "kind": "extension", "level": "province", "placeId": office.place,
        "legalBases": ["Điều 12.3 Quyết định 26/2026/QĐ-TTg"], "certificates": certificates });
    let draft = office.officer.post_once("/v1/decisions", &key(), body).await.is(201);
    let extension = office.sign(&draft, "20/QĐ-UBND", "2026-06-01").await.is(200);
    // Meanwhile one re-evaluation is answered, and the other certificate is revoked.
    world.today("2026-06-20");
    let mut notice = office.body("notRecognition", &[again[0].dossier]);
    notice["reason"] = json!("Dưới 50 điểm");
    let notice = office.officer.post_once("/v1/decisions", &key(), notice).await.is(201);
    let notice = office.sign(&notice, "21/TB-UBND", "2026-06-20").await.is(200);
    office.publish(&notice).await.is(200);
    office.revoke(&certificates[1].to_string(), "2026-06-15", "22/QĐ-UBND", "2026-06-20").await;
    world.today("2026-07-01");
    office.publish(&extension).await.is(200);
    let state = async |at: usize, on: &str| {
        let path = format!("/v1/certificates/{}?on={on}", certificates[at]);
        office.officer.get(&path).await.is(200).body["standing"]["state"].clone()
    };
    for (on, stands) in [("2026-06-10", "expiring"), ("2026-06-20", "extended"), ("2026-06-21", "expired")] {
        assert_eq!(state(0, on).await, stands, "{on}");
    }
    assert_eq!(state(1, "2026-07-01").await, "revoked");
    // Nobody is told that what was revoked goes on.
    let told = world.of_producer(again[1].producer).get("/v1/notices").await.is(200);
    assert!(!told.text.contains("\"extended\""), "{}", told.text);
}

#[actix_web::test]
async fn a_certificate_goes_on_until_the_next_one_is_issued() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let commune = world.commune_of(world.vinh_long());
    let held = world.recognised("Dừa sáp", 3, "2025-10-10", commune);
    let again = world.scored(&Scored {
        kind: DossierKind::ReEvaluation,
        product: Some(Filed { dossier: DossierId::new(), product: held.product, producer: held.producer }),
        ..world.asked_of_province("Dừa sáp", 4, (746, 9))
    });
    world.today("2026-06-12");
    let draft = office.prepare("recognition", &[again.dossier]).await.is(201);
    let body = json!({ "action": "sign", "number": "12/QĐ-UBND", "signedOn": "2026-06-02", "issuedOn": "2026-06-10",
        "signerName": "Trần Thị B" });
    let signed = office.signer.move_on(&moves(draft.id()), draft.tag(), body).await.is(200);
    office.publish(&signed).await.is(200);
    let next = signed.body["items"][0]["certificateId"].as_str().unwrap().to_owned();
    for (on, before, after) in
        [("2026-06-02", "valid", "notYet"), ("2026-06-09", "valid", "notYet"), ("2026-06-10", "superseded", "valid")]
    {
        for (id, stands) in [(held.certificate.to_string(), before), (next.clone(), after)] {
            let seen = office.officer.get(&format!("/v1/certificates/{id}?on={on}")).await.is(200);
            assert_eq!(seen.body["standing"]["state"], stands, "{on}");
        }
    }
}
