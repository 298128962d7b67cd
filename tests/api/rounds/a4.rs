//! A4: a provincial council in November 2024 under 148. What it scores 3★ goes back to its district,
//! which recognises it: lowered to another authority, not failed.

use std::collections::BTreeMap;

use ocop::ids::PlaceId;
use ocop::places::Level;
use ocop::producers::ProducerType;
use ocop::rulebook::Authority;
use serde_json::json;

use super::{decide, figures, hand_over, office, plain, review, sheets, sit, units, verify_all};
use crate::world::World;
use crate::world::dossiers::{Case, Offices, Played, send_letter};

const SET: &str = "T40";

/// Per district: stars that the province will find.
const FOUND: [&[u8]; 3] = [&[5, 4, 4, 4], &[4, 4, 4, 3], &[4, 4, 4]];

#[actix_web::test]
async fn a_3_star_of_the_province_goes_back_and_its_district_recognises_it() {
    let world = World::on("2024-10-01").await;
    let province = world.province("94");
    let codes = units(&world, province, "district").await;
    let mut districts: Vec<(Offices, PlaceId, Vec<(Played, u8)>)> = Vec::new();
    for (code, stars) in codes.iter().zip(FOUND) {
        let district = world.unit_today(Level::District, code);
        let communes = units(&world, district, "commune").await;
        let offices = world.offices(&communes[0]);
        let mut own = Vec::new();
        for star in stars {
            let owner = world.registered(&offices, ProducerType::Company).await;
            own.push((world.applied(&offices, &Case::of(SET), &owner).await, *star));
        }
        let dossiers: Vec<&Played> = own.iter().map(|(played, _)| played).collect();
        hand_over(&offices.commune, "district", offices.district.as_ref().unwrap(), &dossiers).await;
        districts.push((offices, district, own));
    }
    assert_eq!(districts.len(), 3);

    // Every district finds four stars at least: its letter sends them on.
    world.today("2024-10-22");
    for (offices, district, own) in &districts {
        let council = world.council(Authority::District, Some(*district), 3).await;
        let plan: Vec<_> = own.iter().map(|(p, _)| (p, sheets(SET, &[72, 73, 77], 4))).collect();
        sit(&council, "inPerson", &plan).await;
        let dossiers: Vec<&Played> = own.iter().map(|(played, _)| played).collect();
        hand_over(offices.district.as_ref().unwrap(), "province", &offices.province, &dossiers).await;
        review(&offices.province, &dossiers).await;
    }
    let all: Vec<&(Played, u8)> = districts.iter().flat_map(|(_, _, own)| own).collect();
    assert_eq!(all.len(), 11);

    world.today("2024-11-04");
    let council = world.council(Authority::Province, Some(province), 3).await;
    let totals = |star: u8| -> &[i64] {
        match star {
            5 => &[90, 92, 94],
            4 => &[71, 75, 80],
            _ => &[62, 66, 69],
        }
    };
    let plan: Vec<_> = all.iter().map(|(p, star)| (p, sheets(SET, totals(*star), *star))).collect();
    let mut found: BTreeMap<i64, usize> = BTreeMap::new();
    for result in sit(&council, "inPerson", &plan).await {
        *found.entry(result.body["stars"].as_i64().unwrap()).or_default() += 1;
    }
    assert_eq!(found, [(3, 1), (4, 9), (5, 1)].into());
    let of = |star: u8| all.iter().filter(|(_, s)| *s == star).map(|(p, _)| p).collect::<Vec<&Played>>();
    let (best, fours, back) = (of(5), of(4), of(3)[0]);

    // The province recognises four stars only; a four does not go back, a three does.
    let above = office(&world, Authority::Province, Some(province));
    let ids = |dossiers: &[&Played]| dossiers.iter().map(|d| d.id.parse().unwrap()).collect::<Vec<_>>();
    above.prepare("recognition", &ids(&[back])).await.refused("decision_authority_differs");
    send_letter(&above.officer, "district", &[fours[0]]).await.refused("dossier_star_does_not_fit");
    let letter = send_letter(&above.officer, "district", &[back]).await.is(201);
    assert_eq!(letter.body["dossiers"][0]["state"], "received");
    let seen = back.view().await;
    let stands = (&seen.body["status"]["code"], &seen.body["whoseMove"]);
    assert_eq!(stands, (&json!("handedBack"), &json!(["district"])));

    world.today("2024-11-18");
    let approval = decide(&above, "resultApproval", &plain(&best), "51/QĐ-UBND").await;
    assert_eq!(approval.body["items"][0]["mean"], "92.00");
    let provincial = decide(&above, "recognition", &plain(&fours), "52/QĐ-UBND").await;
    world.today("2024-11-25");
    let (_, district, _) = districts.iter().find(|(.., own)| own.iter().any(|(_, s)| *s == 3)).unwrap();
    let below = office(&world, Authority::District, Some(*district));
    let local = decide(&below, "recognition", &[(back, "Theo kết quả của Hội đồng cấp tỉnh")], "7/QĐ-UBND").await;
    assert_eq!((&local.body["items"][0]["stars"], &local.body["level"]), (&json!(3), &json!("district")));

    // Nobody failed: ten recognised by two levels, one on its way to the centre.
    assert_eq!(verify_all(&world, &provincial).await.len(), 9);
    let seen = verify_all(&world, &local).await;
    assert_eq!((seen.len(), &seen[0]["decision"]["number"]), (1, &json!("7/QĐ-UBND")));
    assert!(seen[0]["decision"]["authorityName"].as_str().unwrap().starts_with("Ủy ban nhân dân "));
    assert_ne!(seen[0]["decision"]["authorityName"], provincial.body["authorityName"]);
    let now = figures(&world, "94", "2024-11-25").await;
    assert_eq!((now.by_star, now.potential_five), ([(3, 1), (4, 9)].into(), 1));
    assert_eq!(now.total, json!({"recognised": 10, "potentialFive": 1, "totalAsPublished": 11, "producers": 10}));
    let before = figures(&world, "94", "2024-11-24").await;
    assert_eq!((before.by_star, before.potential_five), ([(4, 9)].into(), 1));
    let told = back.producer.get(&back.path("/result")).await.is(200);
    assert_eq!((&told.body["newest"]["level"], &told.body["newest"]["stars"]), (&json!("province"), &json!(3)));
    let earlier = &told.body["earlier"];
    assert_eq!((&earlier[0]["level"], &earlier[0]["stars"]), (&json!("district"), &json!(4)), "{}", told.text);
    let life = back.producer.get(&back.path("/history")).await.is(200);
    let actions: Vec<&str> =
        life.body["moves"].as_array().unwrap().iter().map(|m| m["action"].as_str().unwrap()).collect();
    assert_eq!(actions[actions.len() - 3..], ["recordResult", "handBack", "recognise"]);
}
