//! A1: a province in 2022 under 1048/781. The districts score and select, the province recognises.

use std::collections::BTreeMap;

use ocop::ids::PlaceId;
use ocop::places::Level;
use ocop::producers::ProducerType;
use ocop::rulebook::Authority;
use serde_json::json;

use super::{decide, figures, hand_over, indicator, office, plain, review, sheets, sit, units, verify_all};
use crate::world::World;
use crate::world::dossiers::{Case, Offices, Played};

const SET: &str = "T35";

/// Who comes from each of the seven districts: type of the producer, stars that the province will find
/// for each of its products.
const DISTRICTS: [(&str, &[(ProducerType, &[u8])]); 7] = {
    use ProducerType::{Company, Cooperative, CooperativeGroup, Enterprise, HouseholdBusiness};
    [
        ("842", &[(Company, &[4, 4]), (HouseholdBusiness, &[3]), (HouseholdBusiness, &[3]), (Company, &[5])]),
        ("844", &[(Cooperative, &[4]), (HouseholdBusiness, &[3]), (HouseholdBusiness, &[3]), (Company, &[3])]),
        ("845", &[(Cooperative, &[4, 3]), (HouseholdBusiness, &[3]), (HouseholdBusiness, &[3])]),
        ("846", &[(Company, &[4]), (Cooperative, &[3]), (HouseholdBusiness, &[3]), (HouseholdBusiness, &[3])]),
        ("847", &[(Enterprise, &[4]), (HouseholdBusiness, &[3]), (HouseholdBusiness, &[3])]),
        ("848", &[(Company, &[3]), (Cooperative, &[3]), (HouseholdBusiness, &[3]), (HouseholdBusiness, &[3])]),
        ("849", &[(Company, &[4]), (Cooperative, &[3, 3]), (CooperativeGroup, &[3]), (HouseholdBusiness, &[3])]),
    ]
};

#[actix_web::test]
async fn seven_districts_select_and_the_95_is_in_no_recognised_count() {
    let world = World::on("2022-05-30").await;
    let province = world.province("84");
    // The commune proposes, the district receives.
    let mut districts: Vec<(Offices, PlaceId, Vec<(Played, u8)>)> = Vec::new();
    for (code, producers) in DISTRICTS {
        let district = world.unit_today(Level::District, code);
        let communes = units(&world, district, "commune").await;
        let offices = world.offices(&communes[0]);
        let mut own = Vec::new();
        for (kind, stars) in producers {
            let owner = world.registered(&offices, *kind).await;
            for star in *stars {
                own.push((world.applied(&offices, &Case::of(SET), &owner).await, *star));
            }
        }
        let dossiers: Vec<&Played> = own.iter().map(|(played, _)| played).collect();
        hand_over(&offices.commune, "district", offices.district.as_ref().unwrap(), &dossiers).await;
        districts.push((offices, district, own));
    }

    // Its council scores, its letter sends on what was selected.
    world.today("2022-06-14");
    for (offices, district, own) in &districts {
        let council = world.council(Authority::District, Some(*district), 3).await;
        let plan: Vec<_> = own.iter().map(|(p, star)| (p, sheets(SET, at_district(*star), *star))).collect();
        for (result, (_, star)) in sit(&council, "inPerson", &plan).await.iter().zip(own) {
            assert_eq!((&result.body["stars"], &result.body["level"]), (&json!(star), &json!("district")));
        }
        // Under this law no district recognises.
        let below = office(&world, Authority::District, Some(*district));
        let first = [own[0].0.id.parse().unwrap()];
        below.prepare("recognition", &first).await.refused("dossier_wrong_moment");
        let dossiers: Vec<&Played> = own.iter().map(|(played, _)| played).collect();
        hand_over(offices.district.as_ref().unwrap(), "province", &offices.province, &dossiers).await;
        review(&offices.province, &dossiers).await;
    }
    let all: Vec<(Played, u8)> = districts.into_iter().flat_map(|(_, _, own)| own).collect();
    assert_eq!(all.len(), 29);
    assert!(all[0].0.view().await.body["productCode"].as_str().unwrap().starts_with("84-842-"));

    world.today("2022-07-28");
    let council = world.council(Authority::Province, Some(province), 5).await;
    let plan: Vec<_> = all.iter().map(|(p, star)| (p, sheets(SET, at_province(*star), *star))).collect();
    let results = sit(&council, "inPerson", &plan).await;
    let mut found: BTreeMap<i64, usize> = BTreeMap::new();
    for result in &results {
        *found.entry(result.body["stars"].as_i64().unwrap()).or_default() += 1;
    }
    assert_eq!(found, [(3, 21), (4, 7), (5, 1)].into());

    // Nothing of it is known to anybody before a decision is published.
    let of = |star: u8| all.iter().filter(|(_, s)| *s == star).map(|(p, _)| p).collect::<Vec<&Played>>();
    let (best, mut recognised) = (of(5), of(4));
    recognised.extend(of(3));
    best[0].producer.get(&best[0].path("/result")).await.is(404);
    let told = best[0].producer.get(&best[0].path("/history")).await.is(200);
    assert!(!told.text.contains("stars"), "{}", told.text);

    let decider = office(&world, Authority::Province, Some(province));
    world.today("2022-08-17");
    let approval = decide(&decider, "resultApproval", &plain(&best), "41/QĐ-UBND").await;
    let line = &approval.body["items"][0];
    assert_eq!((&line["mean"], &line["stars"], &line["certificateNumber"]), (&json!("95.00"), &json!(5), &json!(null)));
    assert_eq!(best[0].producer.get(&best[0].path("/result")).await.is(200).body["newest"]["mean"]["shown"], "95,00");
    // The 95 is not for the province to recognise.
    let both: Vec<_> = recognised.iter().chain(&best).map(|p| p.id.parse().unwrap()).collect();
    decider.prepare("recognition", &both).await.refused("dossier_wrong_moment");
    world.today("2022-08-22");
    let recognition = decide(&decider, "recognition", &plain(&recognised), "42/QĐ-UBND").await;

    // What anybody reads.
    let seen = verify_all(&world, &recognition).await;
    assert_eq!(seen.len(), 28);
    assert!(seen.iter().all(|c| c["issuedOn"] == "2022-08-22" && c["validThrough"] == "2025-08-22"));
    let now = figures(&world, "84", "2022-08-22").await;
    assert_eq!((now.by_star, now.potential_five), ([(3, 21), (4, 7)].into(), 1));
    let total = json!({"recognised": 28, "potentialFive": 1, "totalAsPublished": 29, "producers": 25});
    assert_eq!(now.total, total);
    let between = figures(&world, "84", "2022-08-21").await;
    assert_eq!((between.by_star, between.potential_five), (BTreeMap::new(), 1));
    let card = world.stranger().get(&format!("/v1/catalogue/products/{}", best[0].product_id)).await.is(200).body;
    assert_eq!((&card["state"], &card["stars"], &card["history"]), (&json!("potentialFive"), &json!(null), &json!([])));
    let list = world.stranger().get("/v1/catalogue/decisions?year=2022&place=84").await.is(200).body;
    let decisions: Vec<_> =
        list["data"].as_array().unwrap().iter().map(|d| (d["number"].clone(), d["products"].clone())).collect();
    assert_eq!(decisions, [(json!("42/QĐ-UBND"), json!(28)), (json!("41/QĐ-UBND"), json!(1))]);

    let types = world.stranger().get("/v1/catalogue/stats?by=producerType&on=2022-08-22").await.is(200).body;
    let producers: BTreeMap<_, _> = types["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["key"].as_str().unwrap(), r["producers"].as_i64().unwrap()))
        .collect();
    let published =
        [("company", 5), ("cooperative", 5), ("cooperativeGroup", 1), ("enterprise", 1), ("householdBusiness", 13)];
    assert_eq!(producers, published.into());
    let districts = world.stranger().get("/v1/catalogue/stats?by=place&place=84&on=2022-08-22").await.is(200).body;
    assert_eq!(districts["data"].as_array().unwrap().len(), 7);

    // A step of the plan: 28 products; 5 co-operatives, 19 enterprises and households among 25 producers.
    assert_eq!(indicator(&world, "a", "2022-08-22").await, json!([28, null, "28"]));
    assert_eq!(indicator(&world, "c1", "2022-08-22").await, json!([5, 25, "20.0"]));
    assert_eq!(indicator(&world, "c2", "2022-08-22").await, json!([19, 25, "76.0"]));
}

fn at_district(star: u8) -> &'static [i64] {
    match star {
        5 => &[91, 93, 94],
        4 => &[71, 74, 77],
        _ => &[55, 58, 62],
    }
}

/// Five members; the best one comes to exactly 95.
fn at_province(star: u8) -> &'static [i64] {
    match star {
        5 => &[93, 94, 95, 96, 97],
        4 => &[72, 74, 75, 77, 80],
        _ => &[54, 56, 58, 60, 63],
    }
}
