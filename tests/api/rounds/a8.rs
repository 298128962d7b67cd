//! A8: one provincial session of 21 November 2024 under 148 that mixes kinds of dossier and groups of
//! products: 18 dossiers of 8 producers in 7 districts; 6 first evaluations, 11 re-evaluations, 1 upgrade;
//! 13 processed foods, 2 seasonings, 3 fresh foods.

use std::collections::BTreeMap;

use ocop::places::Level;
use ocop::producers::ProducerType;
use ocop::rulebook::Authority;
use serde_json::json;

use super::{decide, figures, hand_over, key, office, plain, review, sheets, sit, units, verify_all};
use crate::world::World;
use crate::world::dossiers::{Case, Played};

const SET: &str = "T40";

/// What a producer brings: kind of dossier, group of the product.
type Brought = (&'static str, &'static str);

const FIRST: &str = "first";
const AGAIN: &str = "reEvaluation";
const FRESH: &str = "1.1";
const PROCESSED: &str = "1.3";
const SEASONING: &str = "1.4";

/// The producers of each of the seven districts.
const DISTRICTS: [&[&[Brought]]; 7] = [
    &[&[(FIRST, PROCESSED), (FIRST, PROCESSED), (AGAIN, PROCESSED)], &[(AGAIN, PROCESSED), (AGAIN, PROCESSED)]],
    &[&[(AGAIN, FRESH), (FIRST, FRESH)]],
    &[&[(AGAIN, SEASONING), ("upgrade", PROCESSED)]],
    &[&[(AGAIN, PROCESSED), (AGAIN, PROCESSED), (FIRST, PROCESSED)]],
    &[&[(AGAIN, PROCESSED), (FIRST, SEASONING)]],
    &[&[(AGAIN, PROCESSED), (AGAIN, PROCESSED)]],
    &[&[(AGAIN, FRESH), (FIRST, PROCESSED)]],
];

fn counts<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for word in words {
        *found.entry(word.to_owned()).or_default() += 1;
    }
    found
}

fn expected(rows: &[(&str, usize)]) -> BTreeMap<String, usize> {
    rows.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect()
}

#[actix_web::test]
async fn one_session_mixes_kinds_and_groups_and_both_tables_balance() {
    let world = World::on("2024-10-01").await;
    let province = world.province("94");
    let codes = units(&world, province, "district").await;
    let mut all: Vec<Played> = Vec::new();
    for (code, producers) in codes.iter().zip(DISTRICTS) {
        world.today("2024-10-01");
        let district = world.unit_today(Level::District, code);
        let offices = world.offices(&units(&world, district, "commune").await[0]);
        let mut own = Vec::new();
        for products in producers {
            let owner = world.registered(&offices, ProducerType::Cooperative).await;
            for (kind, group) in *products {
                let case = Case { kind: (*kind).to_owned(), ..Case::of(SET) };
                let body = json!({"producer": owner.0, "name": case.name, "sector": "1", "group": group});
                let product = owner.1.post_once("/v1/products", &key(), body).await.is(201).id().parse().unwrap();
                if *kind != FIRST {
                    let stars = if *kind == AGAIN { 4 } else { 3 };
                    world.hold_star(product, stars, "2022-01-10", "2025-01-10");
                }
                own.push(world.applied_for(&offices, &case, &owner, product).await);
            }
        }
        let dossiers: Vec<&Played> = own.iter().collect();
        let receiver = offices.district.as_ref().unwrap();
        hand_over(&offices.commune, "district", receiver, &dossiers).await;
        world.today("2024-10-22");
        let council = world.council(Authority::District, Some(district), 3).await;
        let plan: Vec<_> = dossiers.iter().map(|p| (*p, sheets(SET, &[72, 73, 77], 4))).collect();
        sit(&council, "inPerson", &plan).await;
        hand_over(receiver, "province", &offices.province, &dossiers).await;
        review(&offices.province, &dossiers).await;
        all.append(&mut own);
    }
    assert_eq!(all.len(), 18);

    world.today("2024-11-21");
    let council = world.council(Authority::Province, Some(province), 3).await;
    let plan: Vec<_> = all.iter().map(|p| (p, sheets(SET, &[71, 75, 80], 4))).collect();
    let results = sit(&council, "inPerson", &plan).await;
    assert!(results.iter().all(|r| r.body["stars"] == 4), "all of the session's dossiers come to four stars");

    // What the office sees of the session, by kind.
    let decider = office(&world, Authority::Province, Some(province));
    let mut kinds = Vec::new();
    for played in &all {
        kinds.push(decider.officer.get(&played.path("")).await.is(200).body["kind"].as_str().unwrap().to_owned());
    }
    let by_kind = counts(kinds.iter().map(String::as_str));
    assert_eq!(by_kind, expected(&[(FIRST, 6), (AGAIN, 11), ("upgrade", 1)]));

    world.today("2024-12-02");
    let dossiers: Vec<&Played> = all.iter().collect();
    let decision = decide(&decider, "recognition", &plain(&dossiers), "88/QĐ-UBND").await;
    assert_eq!(verify_all(&world, &decision).await.len(), 18);

    // What anybody sees of the same eighteen, by group; both tables have the same total.
    let total = figures(&world, "94", "2024-12-02").await;
    assert_eq!(total.by_star, [(4, 18)].into());
    let groups = world.stranger().get("/v1/catalogue/stats?by=group&place=94&on=2024-12-02").await.is(200).body;
    let by_group: BTreeMap<String, usize> = groups["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["key"].as_str().unwrap().to_owned(), usize::try_from(r["recognised"].as_i64().unwrap()).unwrap()))
        .collect();
    assert_eq!(by_group, expected(&[(FRESH, 3), (PROCESSED, 13), (SEASONING, 2)]));
    assert_eq!(by_group.values().sum::<usize>(), by_kind.values().sum::<usize>());
    assert_eq!(total.total["producers"], 8);
}
