//! What anybody may know of a printed number.

use std::time::Duration;

use actix_web::test::TestRequest;
use ocop::actor::Caller;
use ocop::db::{Clock, Ctx, Db};
use ocop::dossiers::Status;
use ocop::ids::{DossierId, ProductId};
use ocop::places::Level;
use ocop::rulebook::{Authority, DossierKind};
use serde_json::json;

use crate::world::certification::{Filed, Scored};
use crate::world::{Reply, World};

/// What a browser asks for.
fn browser(path: &str) -> TestRequest {
    TestRequest::get().uri(path).insert_header(("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"))
}

async fn browse(world: &World, path: &str) -> Reply {
    world.send(browser(path)).await
}

async fn certified(world: &World) -> (String, ocop::ids::ProductId) {
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Dừa sáp Cầu Kè", 4, (700, 9));
    let decided = office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    (decided.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned(), filed.product)
}

#[actix_web::test]
async fn the_page_says_the_verdict_first_in_two_languages_without_a_script() {
    let world = World::new().await;
    let (number, _) = certified(&world).await;
    let page = browse(&world, &format!("/v/{number}")).await.is(200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(page.headers["content-security-policy"].contains("default-src 'none'"));
    assert!(page.text.len() < 50_000 && !page.text.contains("<script"));
    let (verdict, product) =
        (page.text.find("<h1>Chứng nhận còn hiệu lực").unwrap(), page.text.find("<h2>Dừa sáp Cầu Kè").unwrap());
    assert!(verdict < product);
    let english = browse(&world, &format!("/v/{number}?lang=en&fbclid=x")).await.is(200);
    assert!(english.text.contains("<html lang=\"en\">") && english.text.contains("Certificate valid"));
    let by_header = browser(&format!("/v/{number}")).insert_header(("Accept-Language", "en"));
    assert!(world.send(by_header).await.text.contains("Certificate valid"));
    let for_programs = TestRequest::get().uri(&format!("/v/{number}")).insert_header(("Accept", "application/json"));
    assert_eq!(world.send(for_programs).await.is(200).body["state"], "valid");
    let tag = page.headers["etag"].clone();
    let again = browser(&format!("/v/{number}")).insert_header(("If-None-Match", tag));
    world.send(again).await.is(304);
    world.today("2029-06-02");
    let late = browse(&world, &format!("/v/{number}")).await.is(200);
    assert!(late.text.contains("Chứng nhận đã hết hạn"));
}

#[actix_web::test]
async fn an_unknown_number_is_said_to_be_unknown_and_a_slip_is_asked_about() {
    let world = World::new().await;
    let (number, _) = certified(&world).await;
    let slip = number.replacen("000001", "OOOOO1", 1);
    let asked = world.stranger().get(&format!("/v1/verify/{slip}")).await.is(404);
    assert_eq!((asked.word(), &asked.body["suggestion"]), ("number_unknown", &json!(number)));
    let told = world.stranger().get(&format!("/v/{slip}")).await.is(404);
    assert_eq!((told.headers["content-type"].as_str(), told.word()), ("application/problem+json", "number_unknown"));
    let page = browse(&world, &format!("/v/{slip}")).await.is(404);
    assert!(page.headers["content-type"].starts_with("text/html"), "{}", page.text);
    assert!(page.text.contains(&format!("href=\"/v/{number}\"")), "{}", page.text);
    for nonsense in ["OCOP-86-2026-000999-1", "xin-chao", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"] {
        let page = browse(&world, &format!("/v/{nonsense}")).await.is(404);
        assert!(page.text.contains("Không có số này") && !page.text.contains("<script"));
        assert_eq!(
            world.stranger().get(&format!("/v1/verify/{nonsense}")).await.is(404).body["suggestion"],
            json!(null)
        );
    }
}

#[actix_web::test]
async fn a_product_is_found_by_a_code_that_it_bore() {
    let world = World::new().await;
    let (number, product) = certified(&world).await;
    world.coded(product, "84-845-29338-1-2021");
    let seen = world.stranger().get("/v1/verify/84-845-29338-1-2021").await.is(200);
    assert_eq!(seen.body["number"], json!(number));
    assert_eq!(seen.body["product"]["codes"], json!(["84-845-29338-1-2021"]));
    assert_eq!(seen.body["place"]["current"].as_array().unwrap().last().unwrap()["name"], "Tỉnh Vĩnh Long");
    world.stranger().get("/v/84-845-29338-2-2021").await.is(404);

    let many = json!({ "numbers": [number, "84-845-29338-1-2021", "OCOP-86-2026-000002-X"] });
    let answers = world.stranger().post("/v1/verify", many).await.is(200);
    let known: Vec<_> = answers.body["data"].as_array().unwrap().iter().map(|a| a["known"].clone()).collect();
    assert_eq!(known, [json!(true), json!(true), json!(false)]);
    let too_many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    world.stranger().post("/v1/verify", json!({ "numbers": too_many })).await.is(422);
    let odd = json!({ "numbers": ["84-845-29338-1-2021", "", "x".repeat(65)] });
    let said = world.stranger().post("/v1/verify", odd).await.is(422);
    let wrong: Vec<_> = said.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(wrong, ["/numbers/1", "/numbers/2"]);
}

#[actix_web::test]
async fn a_code_of_an_abolished_commune_finds_the_product_its_old_and_its_present_units() {
    let world = World::on("2026-06-01").await;
    let old = world.unit("29338", Level::Commune, "2021-06-01");
    let made = world.recognised("Tôm khô Vinh Kim", 3, "2024-01-15", old);
    let product = made.product;
    world.deed(move |cx| {
        let row = ocop::products::get(cx, product)?;
        let code = "84-845-29338-1-2021".parse().unwrap();
        ocop::products::import_code(cx, &row, &code, "2021-03-30".parse().unwrap()).map(|_| ())
    });
    for typed in ["84-845-29338-1-2021", "84 845 29338 01 2021", "84%E2%80%93845%E2%80%9329338%E2%80%931%E2%80%932021"]
    {
        let seen = world.stranger().get(&format!("/v1/verify/{typed}").replace(' ', "%20")).await.is(200);
        assert_eq!(seen.body["product"]["codes"], json!(["84-845-29338-1-2021"]), "{typed}");
        let last = |field: &str| seen.body["place"][field].as_array().unwrap().last().unwrap()["name"].clone();
        assert_eq!((last("then"), last("current")), (json!("Tỉnh Trà Vinh"), json!("Tỉnh Vĩnh Long")));
        assert_eq!(seen.body["place"]["then"][0]["code"], "29338");
    }
    for typed in ["84-B45-29338-1-2021", "84-845-2933B-l-2O21"] {
        let asked = world.stranger().get(&format!("/v1/verify/{typed}")).await.is(404);
        assert_eq!(
            (asked.word(), &asked.body["suggestion"]),
            ("number_unknown", &json!("84-845-29338-1-2021")),
            "{typed}"
        );
    }
    let nobody = world.stranger().get("/v1/verify/84-B45-29338-2-2021").await.is(404);
    assert_eq!(nobody.body["suggestion"], json!(null), "only what exists is suggested");
    let page = browse(&world, "/v/84-845-29338-1-2021").await.is(200);
    assert!(page.text.contains("Nay là: ") && page.text.contains("Tỉnh Vĩnh Long"), "{}", page.text);
}

#[actix_web::test]
async fn each_state_has_its_own_verdict_on_a_light_page_and_on_the_badge() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (number, _) = certified(&world).await;
    let five = world.scored_at_province("Mật ong", 5, (855, 9));
    office.decide("resultApproval", &[five.dossier], "2/QĐ-UBND", "2026-06-01").await;
    let product = five.product;
    world.deed(move |cx| {
        let row = ocop::products::get(cx, product)?;
        let code = "86-29242-3-2026".parse().unwrap();
        ocop::products::import_code(cx, &row, &code, "2026-05-20".parse().unwrap()).map(|_| ())
    });
    let mut heads = std::collections::BTreeSet::new();
    let mut look = async |named: &str, state: &str, word: &str| {
        let json = world.stranger().get(&format!("/v1/verify/{named}")).await.is(200);
        assert_eq!(json.body["state"], state);
        for lang in ["vi", "en"] {
            let page = browse(&world, &format!("/v/{named}?lang={lang}")).await.is(200);
            assert!(page.text.len() < 50_000 && !page.text.contains("<script"), "{state}");
            heads.insert(page.text.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap().to_owned());
        }
        let badge = world.stranger().get(&format!("/v1/certificates/{named}/badge.svg?lang=vi")).await.is(200);
        assert_eq!(badge.headers["content-type"], "image/svg+xml");
        assert!(badge.headers["cache-control"].contains("max-age=60"), "{:?}", badge.headers);
        assert!(badge.text.contains(word), "{state}: {}", badge.text);
        badge.text
    };
    let valid = look(&number, "valid", "còn hiệu lực").await;
    assert!(valid.contains("#ffc83d"), "gold stars");
    look("86-29242-3-2026", "potentialFive", "tiềm năng 5 sao").await;
    world.today("2028-12-10");
    look(&number, "expiring", "sắp hết hiệu lực").await;
    let certificate = number.clone();
    world.deed(move |cx| {
        use diesel::prelude::*;
        use ocop::db::schema::{certificates as c, recognitions as r};
        let through = Some("2029-11-28".parse::<chrono::NaiveDate>().unwrap());
        diesel::update(c::table.filter(c::number.eq(&certificate)))
            .set(c::extended_through.eq(through))
            .execute(cx.conn)?;
        diesel::update(r::table).set(r::extended_through.eq(through)).execute(cx.conn)?;
        Ok(())
    });
    world.today("2029-06-02");
    look(&number, "extended", "được kéo dài").await;
    world.today("2029-11-29");
    let expired = look(&number, "expired", "hết hiệu lực").await;
    assert!(!expired.contains("#ffc83d") && expired.contains("#b3201f"), "grey and struck out");
    let set = |revoked: bool| {
        world.deed(move |cx| {
            use diesel::prelude::*;
            use ocop::db::schema::certificates as c;
            let day = Some("2029-01-01".parse::<chrono::NaiveDate>().unwrap());
            match revoked {
                true => diesel::update(c::table)
                    .set((c::revoked_on.eq(day), c::revocation_ground.eq(Some("lawBroken"))))
                    .execute(cx.conn)?,
                false => diesel::update(c::table).set(c::withdrawn_on.eq(day)).execute(cx.conn)?,
            };
            Ok(())
        })
    };
    set(true);
    look(&number, "revoked", "đã bị thu hồi").await;
    set(false);
    look(&number, "withdrawn", "công nhận đã bị thu hồi").await;
    assert_eq!(heads.len(), 14, "seven states, two languages, no two alike: {heads:?}");
    world.stranger().get("/v1/certificates/OCOP-86-2026-000999-1/badge.svg").await.is(404);
    // What web sites hang on to an address of a picture changes nothing.
    let plain = world.stranger().get(&format!("/v1/certificates/{number}/badge.svg")).await.is(200).text;
    let marked = world.stranger().get(&format!("/v1/certificates/{number}/badge.svg?v=2&lang=fr")).await.is(200).text;
    assert_eq!(plain, marked);
}

#[actix_web::test]
async fn what_a_caller_accepts_is_read_as_the_protocol_says() {
    let world = World::new().await;
    let (number, _) = certified(&world).await;
    let page = async |accept: &str| {
        let asked = TestRequest::get().uri(&format!("/v/{number}")).insert_header(("Accept", accept));
        let asked = world.send(asked).await.is(200);
        asked.headers["content-type"].starts_with("text/html")
    };
    for wanted in
        ["text/html", "TEXT/HTML", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json;q=0.5, text/html"]
    {
        assert!(page(wanted).await, "{wanted}");
    }
    for other in
        ["*/*", "text/html;q=0", "text/html;q=0, application/json", "xtext/html", "application/json, text/html"]
    {
        assert!(!page(other).await, "{other}");
    }
    // Nothing stands behind an address with more at its end; GET is not refused where it is named as allowed.
    world.stranger().get(&format!("/v/{number}/")).await.is(404);
    let asked = TestRequest::with_uri("/v1/verify").method(actix_web::http::Method::OPTIONS);
    let asked = asked.insert_header(("Access-Control-Request-Method", "POST"));
    let asked = asked.insert_header(("Access-Control-Request-Headers", "content-type"));
    world.send(asked.insert_header(("Origin", "https://wallet.example"))).await.is(200);
    // From a page of anybody's: reading a credential and asking for several numbers, too many of them said plainly.
    let credential = format!("/v1/certificates/{number}/credential");
    let theirs = |request: TestRequest| request.insert_header(("Origin", "https://wallet.example"));
    let read = world.send(theirs(TestRequest::get().uri(&credential))).await.is(200);
    assert_eq!(read.headers["access-control-allow-origin"], "https://wallet.example");
    let many = json!({ "numbers": vec!["OCOP-86-2026-000123-1"; 101] });
    let many = TestRequest::post().uri("/v1/verify").insert_header(("Accept-Language", "en")).set_json(many);
    let refused = world.send(theirs(many)).await.is(422);
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    assert_eq!(refused.headers["access-control-allow-origin"], "https://wallet.example");
    assert!(refused.text.contains("Between 1 and 100 entries."), "{}", refused.text);
}

#[actix_web::test]
async fn a_revocation_shows_at_once_where_it_is_written_and_within_a_second_elsewhere() {
    let world = World::new().await;
    let (number, _) = certified(&world).await;
    let state = async || world.stranger().get(&format!("/v1/verify/{number}")).await.is(200).body["state"].clone();
    let revoked = |number: String, on: Option<&'static str>| {
        move |cx: &mut Ctx<'_>| {
            use diesel::prelude::*;
            use ocop::db::schema::certificates as c;
            let day: Option<chrono::NaiveDate> = on.map(|day| day.parse().unwrap());
            diesel::update(c::table.filter(c::number.eq(&number)))
                .set((c::revoked_on.eq(day), c::revocation_ground.eq(day.map(|_| "lawBroken"))))
                .execute(cx.conn)?;
            Ok(())
        }
    };
    for _ in 0..3 {
        assert_eq!(state().await, "valid");
    }
    world.deed(revoked(number.clone(), Some("2026-06-01")));
    assert_eq!(state().await, "revoked");
    world.deed(revoked(number.clone(), None));
    assert_eq!(state().await, "valid");
    let clock = Clock::real();
    clock.set(world.db().clock().now());
    let elsewhere = Db::open(world.db().url(), 1, clock).unwrap();
    elsewhere.write_now(&Caller::system("elsewhere"), revoked(number.clone(), Some("2026-06-01"))).unwrap();
    std::thread::sleep(Duration::from_millis(1050));
    assert_eq!(state().await, "revoked");
}

#[actix_web::test]
async fn a_certificate_ends_at_midnight_in_viet_nam_and_any_day_can_be_asked_for() {
    let world = World::new().await;
    let (number, product) = certified(&world).await;
    let state = async |at: &str| {
        world.db().clock().set(ocop::db::Moment::new(at.parse().unwrap()));
        world.stranger().get(&format!("/v1/verify/{number}")).await.is(200).body["state"].clone()
    };
    assert_eq!(state("2029-06-01T16:59:58Z").await, "expiring");
    assert_eq!(state("2029-06-01T17:00:00Z").await, "expired");
    assert_eq!(state("2028-12-02T16:59:58Z").await, "valid");
    assert_eq!(state("2028-12-02T17:00:00Z").await, "expiring");
    world.today("2026-06-02");
    for (on, state, assumed) in [
        ("2026-05-31", "notYet", false),
        ("2026-06-01", "valid", false),
        ("2026-06-02", "valid", false),
        ("2026-06-03", "valid", true),
        ("2029-06-01", "expiring", true),
        ("2029-06-02", "expired", true),
    ] {
        let seen = world.stranger().get(&format!("/v1/verify/{number}?on={on}")).await.is(200);
        assert_eq!((&seen.body["state"], seen.body["assumes"].is_null()), (&json!(state), !assumed), "{on}");
        let life = world.stranger().get(&format!("/v1/catalogue/products/{product}/history?on={on}")).await.is(200);
        let then = if state == "notYet" { json!(null) } else { json!(state) };
        assert_eq!((&life.body["standing"]["state"], life.body["assumes"].is_null()), (&then, !assumed), "{on}");
    }
    world.stranger().get(&format!("/v1/verify/{number}?on=soon")).await.is(400);
}

#[actix_web::test]
async fn the_life_of_a_product_is_one_time_line_with_what_lists_tell() {
    let world = World::on("2026-06-10").await;
    let office = world.province_office(world.vinh_long());
    let made = world.recognised("Nước mắm rươi", 3, "2020-03-30", world.commune_of(world.vinh_long()));
    let filed = world.scored(&Scored {
        name: "",
        rulebook: "26-2026",
        set: "01",
        kind: DossierKind::First,
        commune: world.commune_of(world.vinh_long()),
        status: Status::Scored,
        level: Authority::Province,
        stars: 4,
        mean: (700, 9),
        filed_on: "2026-05-22",
        product: Some(Filed { dossier: DossierId::new(), product: made.product, producer: made.producer }),
    });
    let decided = office.decide("recognition", &[filed.dossier], "9/QĐ-UBND", "2026-06-10").await;
    let id = decided.body["items"][0]["certificateId"].as_str().unwrap().to_owned();
    world.today("2026-07-10");
    office.revoke(&id, "2026-07-01", "10/QĐ-UBND", "2026-07-10").await;
    world.record();
    let path = format!("/v1/catalogue/products/{}/history", made.product);
    let life = world.stranger().get(&path).await.is(200);
    let told: Vec<_> = life.body["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| format!("{} {} {} {}", e["on"], e["kind"], e["stars"], e["decision"]["number"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        [
            "2020-03-30 recognised 3 3/QĐ",
            "2023-03-31 expired 3 null",
            "2026-06-10 upgraded 4 9/QĐ-UBND",
            "2026-07-10 revoked 4 10/QĐ-UBND",
        ]
    );
    assert_eq!(
        (&life.body["events"][0]["cameBy"], &life.body["standing"]["state"]),
        (&json!("listed"), &json!("revoked"))
    );
    assert!(life.body["events"][3]["reason"]["vi"].as_str().unwrap().contains("vi phạm pháp luật"));
    let then = world.stranger().get(&format!("{path}?on=2026-06-09")).await.is(200);
    assert_eq!(
        (&then.body["standing"]["state"], then.body["events"].as_array().unwrap().len()),
        (&json!("expired"), 2)
    );
    world.stranger().get(&format!("/v1/catalogue/products/{}/history", ProductId::new())).await.is(404);
}

#[actix_web::test]
async fn an_extension_is_for_windows_that_had_closed_and_for_a_re_evaluation_under_way() {
    let world = World::on("2026-06-01").await;
    let office = world.province_office(world.vinh_long());
    let commune = world.commune_of(world.vinh_long());
    let (covered, late) =
        (world.recognised("Dừa sáp", 4, "2023-06-10", commune), world.recognised("Kẹo dừa", 4, "2023-10-10", commune));
    let body = |certificate: ocop::ids::CertificateId| {
        json!({ "kind": "extension", "level": "province", "placeId": office.place,
            "legalBases": ["Điều 12.3 Quyết định 26/2026/QĐ-TTg"], "certificates": [certificate] })
    };
    let ask = async |certificate, key: &str| office.officer.post_once("/v1/decisions", key, body(certificate)).await;
    ask(late.certificate, "a").await.refused("extension_not_open");
    ask(covered.certificate, "b").await.refused("extension_no_re_evaluation");
    let filed = |status| Scored {
        name: "",
        rulebook: "26-2026",
        set: "01",
        kind: DossierKind::ReEvaluation,
        commune,
        status,
        level: Authority::Province,
        stars: 2,
        mean: (400, 9),
        filed_on: "2026-05-25",
        product: Some(Filed { dossier: DossierId::new(), product: covered.product, producer: covered.producer }),
    };
    let again = world.scored(&filed(Status::Scored));
    let draft = ask(covered.certificate, "c").await.is(201);
    ask(covered.certificate, "d").await.refused("decision_in_other");
    let signed = office.sign(&draft, "20/QĐ-UBND", "2026-06-01").await.is(200);
    let path = format!("/v1/certificates/{}", covered.certificate);
    assert_eq!(office.officer.get(&format!("{path}?on=2026-06-11")).await.is(200).body["standing"]["state"], "expired");
    office.publish(&signed).await.is(200);
    ask(covered.certificate, "e").await.refused("extension_given_already");
    let told = world.of_producer(covered.producer).get("/v1/notices").await.is(200).body["data"][0].clone();
    assert_eq!((&told["outcome"], &told["extendedThrough"]), (&json!("extended"), &json!("2026-12-07")));
    assert_eq!((&told["article"], &told["decision"]["number"]), (&json!("Điều 12.3"), &json!("20/QĐ-UBND")));
    for (on, state) in
        [("2026-06-10", "expiring"), ("2026-06-11", "extended"), ("2026-12-07", "extended"), ("2026-12-08", "expired")]
    {
        let one = office.officer.get(&format!("{path}?on={on}")).await.is(200);
        assert_eq!(one.body["standing"]["state"], state, "{on}");
        let listed = office.officer.get(&format!("/v1/certificates?state={state}&on={on}")).await.is(200);
        assert!(listed.text.contains(&covered.certificate.to_string()), "{on}");
        let stats = world.stranger().get(&format!("/v1/catalogue/stats?by=star&on={on}")).await.is(200);
        let others = usize::from(on <= "2026-10-10");
        assert_eq!(stats.body["total"]["recognised"], json!(others + usize::from(state != "expired")), "{on}");
    }
    // The answer ends it, on its day.
    world.today("2026-08-01");
    let mut notice = office.body("notRecognition", &[again.dossier]);
    notice["reason"] = json!("Dưới 50 điểm");
    let draft = office.officer.post_once("/v1/decisions", "f", notice).await.is(201);
    let signed = office.sign(&draft, "21/TB-UBND", "2026-08-01").await.is(200);
    office.publish(&signed).await.is(200);
    for (on, state) in [("2026-08-01", "extended"), ("2026-08-02", "expired")] {
        let one = office.officer.get(&format!("{path}?on={on}")).await.is(200);
        assert_eq!(one.body["standing"]["state"], state, "{on}");
    }
}
