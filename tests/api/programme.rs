//! The plan and how far it is reached.

use ocop::db::Ctx;
use ocop::error::Result;
use ocop::ids::PlaceId;
use ocop::places::Level;
use ocop::producers::ProducerType;
use ocop::programme;
use serde_json::{Value, json};

use crate::world::stock::{producer, product, recognise};
use crate::world::World;

/// The published stock of 5/4/2024: 291 = 3 five-star + 7 potential + 42 four-star + 239 three-star
/// products of 197 producers. The potential ones are recognised by nobody yet.
fn stock(cx: &mut Ctx<'_>, place: PlaceId) -> Result<()> {
    let kinds = [
        (ProducerType::Company, 25),
        (ProducerType::Enterprise, 6),
        (ProducerType::Cooperative, 30),
        (ProducerType::CooperativeGroup, 3),
        (ProducerType::HouseholdBusiness, 133),
    ];
    let mut owners = Vec::new();
    for (kind, count) in kinds {
        for n in 0..count {
            owners.push(producer(cx, &format!("{kind} {n}"), kind, place)?);
        }
    }
    let stars = [(5, 3), (4, 42), (3, 239), (0, 7)];
    let each = stars.iter().flat_map(|(star, count)| std::iter::repeat_n(*star, *count));
    for (n, star) in each.enumerate() {
        let owner = owners[n % owners.len()];
        let made = product(cx, &format!("Sản phẩm {n}"), owner, place)?;
        if star > 0 {
            recognise(cx, made, owner, star, "2023-06-01".parse().unwrap(), place)?;
        }
    }
    Ok(())
}

fn of<'a>(progress: &'a Value, word: &str) -> &'a Value {
    progress["indicators"].as_array().unwrap().iter().find(|l| l["indicator"] == word).unwrap()
}

fn told(line: &Value) -> Value {
    json!([line["numerator"], line["denominator"], line["value"], line["met"]])
}

#[actix_web::test]
async fn the_published_stock_of_april_2024_meets_a_and_c2_and_misses_c1() {
    let world = World::on("2026-06-10").await;
    let place = world.unit("29242", Level::Commune, "2024-04-05");
    world.deed(move |cx| stock(cx, place));
    let anyone = world.stranger();
    let progress = anyone.get("/v1/plans/2207-2022/progress?on=2024-04-05").await.is(200).body;
    assert_eq!(told(of(&progress, "a")), json!([284, null, "284", true]));
    assert_eq!(told(of(&progress, "c1")), json!([30, 197, "15.2", false]));
    assert_eq!(told(of(&progress, "c2")), json!([164, 197, "83.2", true]));
    let lines = progress["indicators"].as_array().unwrap();
    let unknown: Vec<&Value> = lines.iter().filter(|l| l["state"] == "unknown").collect();
    assert_eq!((lines.len(), unknown.len()), (11, 8));
    assert!(unknown.iter().all(|l| told(l) == json!([null, null, null, null]) && l["needs"]["en"].is_string()));

    let (mut seen, mut counted, mut next) = (0, 0, String::new());
    loop {
        let page = anyone.get(&format!("{}&limit=100{next}", of(&progress, "c1")["rows"].as_str().unwrap())).await.is(200);
        let rows = page.body["data"].as_array().unwrap();
        seen += rows.len();
        counted += rows.iter().filter(|r| r["counts"] == true).count();
        match page.body["page"]["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!((seen, counted), (197, 30));
    let expired = anyone.get("/v1/plans/2207-2022/progress?on=2026-06-02").await.is(200).body;
    assert_eq!(of(&expired, "a")["numerator"], 0);
    anyone.get("/v1/plans/2207-2022/rows?indicator=b").await.is(400);
}

#[actix_web::test]
async fn the_old_province_is_answered_over_the_units_that_followed_it() {
    let world = World::on("2026-06-10").await;
    let new = world.unit("29242", Level::Commune, "2026-06-10");
    let elsewhere = world.unit("25", Level::Province, "2026-06-10");
    world.recognised("Trong tỉnh", 3, "2026-01-10", new);
    world.recognised("Ngoài tỉnh", 3, "2026-01-10", elsewhere);
    let progress = world.stranger().get("/v1/plans/2207-2022/progress").await.is(200).body;
    assert_eq!(of(&progress, "a")["numerator"], 1);
}

#[actix_web::test]
async fn another_plan_with_another_target_is_data() {
    let world = World::on("2026-06-10").await;
    world.spoil();
    let mut plan: Value = serde_json::from_str(programme::rules::PLAN_2207).unwrap();
    plan["id"] = json!("2207-adjusted");
    plan["indicators"][0]["target"]["value"] = json!(1);
    let json = plan.to_string();
    let again = json.clone();
    assert!(world.deed(move |cx| programme::import(cx, &json)).1);
    assert!(!world.deed(move |cx| programme::import(cx, &again)).1);
    world.recognised("Một", 3, "2026-01-10", world.unit("29242", Level::Commune, "2026-06-10"));
    let line = |body: &Value| of(body, "a")["met"].clone();
    let anyone = world.stranger();
    assert_eq!(line(&anyone.get("/v1/plans/2207-adjusted/progress").await.is(200).body), true);
    assert_eq!(line(&anyone.get("/v1/plans/2207-2022/progress").await.is(200).body), false);
    assert_eq!(anyone.get("/v1/plans").await.is(200).body["data"].as_array().unwrap().len(), 2);
}
