//! What anybody may know of a printed number.

use actix_web::test::TestRequest;
use serde_json::json;

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
    world
        .db()
        .write_now(&ocop::actor::Caller::system("test"), move |cx| {
            use diesel::prelude::*;
            use ocop::db::schema::product_codes as c;
            let row = (
                c::id.eq(ocop::ids::ProductCodeId::new()),
                c::product_id.eq(product),
                c::code.eq("84-845-29338-1-2021"),
                c::province.eq("84"),
                c::district.eq(Some("845")),
                c::commune.eq("29338"),
                c::sequence.eq(1_i64),
                c::year.eq(2021),
                c::valid_from.eq(cx.today()),
            );
            diesel::insert_into(c::table).values(row).execute(cx.conn)?;
            Ok(())
        })
        .unwrap();
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
}
