//! The public read side.

use std::collections::BTreeSet;
use std::time::Duration;

use ocop::actor::Caller;
use ocop::certification::{ImportedRecognition, import_recognition};
use ocop::db::{Clock, Db};
use ocop::places::Level;
use ocop::products::{self, NewProduct};
use ocop::rulebook::Authority;
use serde_json::{Value, json};

use crate::world::World;

/// Three recognised products, one that awaits the centre, one of unknown history.
async fn shelf(world: &World) {
    let office = world.province_office(world.vinh_long());
    for (at, (name, stars, sum)) in
        [("Ăn quả sấy", 3, 500), ("An cá khô", 4, 700), ("Đu đủ", 3, 540)].into_iter().enumerate()
    {
        let filed = world.scored_at_province(name, stars, (sum, 9));
        office.decide("recognition", &[filed.dossier], &format!("{}/QĐ-UBND", at + 1), "2026-06-01").await;
    }
    let five = world.scored_at_province("Mật dừa", 5, (830, 9));
    office.decide("resultApproval", &[five.dossier], "9/QĐ-UBND", "2026-06-01").await;
    world.scored_at_province("Chưa công bố", 4, (700, 9));
    unknown_history(world, "Bánh ống");
}

fn unknown_history(world: &World, name: &'static str) {
    use diesel::prelude::*;
    let done = world.db().write_now(&Caller::system("test"), move |cx| {
        let row = products::add(cx, NewProduct { name: name.into(), ..NewProduct::default() })?;
        use ocop::db::schema::products as p;
        diesel::update(p::table.find(row.id)).set(p::history_unknown.eq(true)).execute(cx.conn)?;
        Ok(())
    });
    done.unwrap();
}

fn names(body: &Value) -> Vec<String> {
    body["data"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn the_list_shows_what_is_public_in_every_order_and_page_by_page() {
    let world = World::new().await;
    shelf(&world).await;
    let all = world.stranger().get("/v1/catalogue/products").await.is(200);
    assert_eq!(names(&all.body), ["An cá khô", "Ăn quả sấy", "Bánh ống", "Đu đủ", "Mật dừa"]);
    assert!(all.headers["cache-control"].starts_with("public"));
    for sort in ["name", "newest", "stars"] {
        let mut seen = Vec::new();
        let mut next = String::new();
        loop {
            let page = world.stranger().get(&format!("/v1/catalogue/products?sort={sort}&limit=2{next}")).await.is(200);
            seen.extend(names(&page.body));
            match page.body["page"]["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5, "{sort}: {seen:?}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 5, "{sort}: {seen:?}");
        if sort == "stars" {
            assert_eq!(seen[0], "An cá khô");
        }
    }
    let card = &all.body["data"][0];
    assert_eq!((&card["state"], &card["stars"], &card["year"]), (&json!("valid"), &json!(4), &json!(2026)));
    assert_eq!(card["producer"]["producerType"], "cooperative");
    assert_eq!(card["place"]["current"][1]["name"], "Tỉnh Vĩnh Long");
    assert!(!all.text.contains("Ấp 1"), "no address of a producer");
}

#[actix_web::test]
async fn the_list_is_narrowed_by_what_the_website_asks() {
    let world = World::new().await;
    shelf(&world).await;
    let rows = [
        ("state=potentialFive", vec!["Mật dừa"]),
        ("state=historyUnknown", vec!["Bánh ống"]),
        ("state=valid", vec!["An cá khô", "Ăn quả sấy", "Đu đủ"]),
        ("state=expired", vec![]),
        ("stars=4", vec!["An cá khô"]),
        ("q=du+du", vec!["Đu đủ"]),
        ("q=ca", vec!["An cá khô"]),
        ("q=a%25", vec!["An cá khô", "Ăn quả sấy"]),
        ("year=2026", vec!["An cá khô", "Ăn quả sấy", "Đu đủ"]),
        ("year=2025", vec![]),
        ("producerType=cooperative", vec!["An cá khô", "Ăn quả sấy", "Đu đủ", "Mật dừa"]),
        ("producerType=company", vec![]),
        ("group=1.1&state=valid", vec!["An cá khô", "Ăn quả sấy", "Đu đủ"]),
        ("place=86&state=valid", vec!["An cá khô", "Ăn quả sấy", "Đu đủ"]),
        ("place=25", vec![]),
    ];
    for (query, expected) in rows {
        let page = world.stranger().get(&format!("/v1/catalogue/products?{query}")).await.is(200);
        assert_eq!(names(&page.body), expected, "{query}");
    }
    for bad in ["place=99999", "limit=0", "x=1", "sort=age", "cursor=abc", "state=good"] {
        world.stranger().get(&format!("/v1/catalogue/products?{bad}")).await.is(400);
    }
}

#[actix_web::test]
async fn stock_on_a_day_counts_products_once_and_potential_five_apart() {
    let world = World::new().await;
    shelf(&world).await;
    let total = json!({ "recognised": 3, "potentialFive": 1, "totalAsPublished": 4, "producers": 3 });
    for by in ["place", "star", "group", "producerType", "year"] {
        let stats = world.stranger().get(&format!("/v1/catalogue/stats?by={by}")).await.is(200);
        assert_eq!(stats.body["total"], total, "{by}");
    }
    let stars = world.stranger().get("/v1/catalogue/stats?by=star").await.is(200);
    let rows: Vec<_> = stars.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["key"].as_str().unwrap().to_owned(), r["recognised"].clone(), r["potentialFive"].clone()))
        .collect();
    assert_eq!(
        rows,
        [("3".into(), json!(2), json!(0)), ("4".into(), json!(1), json!(0)), ("5".into(), json!(0), json!(1))]
    );
    let places = world.stranger().get("/v1/catalogue/stats?by=place&place=86").await.is(200);
    assert_eq!(places.body["data"][0]["place"]["level"], "commune");
    assert_eq!(
        world.stranger().get("/v1/catalogue/stats?by=star&on=2026-05-31").await.is(200).body["total"]["recognised"],
        0
    );
    assert_eq!(
        world.stranger().get("/v1/catalogue/stats?by=star&on=2029-06-02").await.is(200).body["total"]["recognised"],
        0
    );
    assert_eq!(
        world.stranger().get("/v1/catalogue/stats?by=star&place=25").await.is(200).body["total"]["recognised"],
        0
    );
}

#[actix_web::test]
async fn a_certificate_ends_at_midnight_without_a_write() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Cốm dẹp", 3, (500, 9));
    office.decide("recognition", &[filed.dossier], "1/QĐ-UBND", "2026-06-01").await;
    let path = format!("/v1/catalogue/products/{}", filed.product);
    world.today("2029-06-01");
    let before = world.stranger().get(&path).await.is(200);
    assert_eq!(before.body["state"], "expiring");
    world.today("2029-06-02");
    let after = world.stranger().get(&path).await.is(200);
    assert_eq!(after.body["state"], "expired");
    assert_ne!(before.tag(), after.tag());
}

#[actix_web::test]
async fn what_a_second_process_writes_is_seen_within_the_second() {
    let world = World::new().await;
    let commune = world.commune_of(world.vinh_long());
    unknown_history(&world, "Bánh tráng");
    world.record();
    let listed = world.stranger().get("/v1/catalogue/products").await.is(200);
    let id: ocop::ids::ProductId = listed.body["data"][0]["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/v1/catalogue/products/{id}");
    assert_eq!(world.stranger().get(&path).await.is(200).body["state"], "historyUnknown");
    let clock = Clock::real();
    clock.set_day("2026-06-01".parse().unwrap());
    let second = Db::open(world.db().url(), 2, clock).unwrap();
    let recognition = ImportedRecognition {
        product_id: id,
        producer_id: None,
        star: 4,
        level: Authority::Province,
        decision_number: Some("1693/QĐ-UBND".into()),
        decided_on: "2025-08-22".parse().unwrap(),
        place_id: Some(commune),
        printed_place: "Xã Phú Cần, Huyện Tiểu Cần".into(),
        authority_name: "UBND tỉnh".into(),
    };
    let import = recognition.clone();
    second.write_now(&Caller::system("import"), move |cx| import_recognition(cx, import.clone()).map(|_| ())).unwrap();
    ocop::recorder::drain(&second, &world.state.master).unwrap();
    std::thread::sleep(Duration::from_millis(1050));
    let seen = world.stranger().get(&path).await.is(200);
    assert_eq!((&seen.body["state"], &seen.body["stars"]), (&json!("valid"), &json!(4)));
    assert_eq!(seen.body["certificateNumber"], json!(null), "no certificate is made up for a list");
    assert_eq!(seen.body["history"][0]["decision"]["number"], "1693/QĐ-UBND");
    // The same row again changes nothing.
    let first =
        second.write_now(&Caller::system("import"), move |cx| import_recognition(cx, recognition.clone())).unwrap();
    assert_eq!(seen.body["history"][0]["id"], json!(first));
}

#[actix_web::test]
async fn lists_of_before_make_decisions_and_never_certificates() {
    let world = World::new().await;
    let old = world.unit("84", Level::Province, "2022-08-22");
    let commune = world.commune_of(old);
    for (name, number) in [("Một", Some("1693/QĐ-UBND")), ("Hai", Some("1693/QĐ-UBND")), ("Ba", None)] {
        let done = world.db().write_now(&Caller::system("import"), move |cx| {
            let product =
                products::add(cx, NewProduct { name: name.into(), place_id: Some(commune), ..NewProduct::default() })?;
            import_recognition(
                cx,
                ImportedRecognition {
                    product_id: product.id,
                    producer_id: None,
                    star: 3,
                    level: Authority::Province,
                    decision_number: number.map(str::to_owned),
                    decided_on: "2022-08-22".parse().unwrap(),
                    place_id: Some(commune),
                    printed_place: "Huyện Tiểu Cần".into(),
                    authority_name: "UBND tỉnh Trà Vinh".into(),
                },
            )
            .map(|_| ())
        });
        done.unwrap();
    }
    let decisions = world.stranger().get("/v1/catalogue/decisions?year=2022&place=84").await.is(200);
    let counts: BTreeSet<_> =
        decisions.body["data"].as_array().unwrap().iter().map(|d| d["products"].as_i64().unwrap()).collect();
    assert_eq!(counts, BTreeSet::from([1, 2]), "{}", decisions.text);
    // 36 months later they have run out; then they counted, by district.
    assert_eq!(
        world.stranger().get("/v1/catalogue/products?state=expired").await.is(200).body["data"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let then = world.stranger().get("/v1/catalogue/stats?by=place&place=84&on=2023-01-01").await.is(200);
    assert_eq!(then.body["total"]["recognised"], 3);
    assert_eq!(then.body["data"][0]["place"]["level"], "district");
    assert_eq!(
        world.stranger().get("/v1/catalogue/products?place=84").await.is(200).body["data"].as_array().unwrap().len(),
        3
    );
    assert_eq!(
        world.stranger().get("/v1/catalogue/products?place=86").await.is(200).body["data"].as_array().unwrap().len(),
        3
    );
}
