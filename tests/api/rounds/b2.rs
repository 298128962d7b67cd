//! B2: a whole decision of 4 February 2020 ends on one day under 1048/781; eight of its 48 products came
//! to re-evaluation before: one lowered, five kept, two raised. What the 48 certificates are on any day.

use std::collections::BTreeMap;

use ocop::dossiers::Status;
use ocop::places::Level;
use ocop::rulebook::{Authority, DossierKind};
use serde_json::{Value, json};

use super::{decide, figures, hand_over, office, plain, review, sheets, sit, units};
use crate::world::World;
use crate::world::certification::{Filed, Office, Scored};
use crate::world::dossiers::{Case, Played};

const SET: &str = "T35";

/// What the eight held and what the council found: one down, five the same, two up.
const AGAIN: [(i32, u8); 8] = [(4, 3), (3, 3), (3, 3), (3, 3), (3, 3), (3, 3), (3, 4), (3, 4)];

/// States of the decision's own certificates on a day, each counted by its filtered list.
pub(super) async fn states(office: &Office, numbers: &[String], on: &str) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for state in ["valid", "expiring", "expired", "superseded", "revoked"] {
        let (mut own, mut next) = (0, String::new());
        loop {
            let path = format!("/v1/certificates?state={state}&on={on}&limit=100{next}");
            let page = office.officer.get(&path).await.is(200).body;
            let rows = page["data"].as_array().unwrap();
            own += rows.iter().filter(|c| numbers.iter().any(|n| c["number"] == json!(n))).count();
            match page["page"]["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        if own > 0 {
            found.insert(state, own);
        }
    }
    found
}

#[actix_web::test]
async fn forty_of_forty_eight_end_on_one_day_and_eight_came_before() {
    let world = World::on("2020-01-20").await;
    let province = world.province("94");
    let place = world.unit_today(Level::District, &units(&world, province, "district").await[0]);
    let code = units(&world, place, "commune").await[0].clone();
    let commune = world.unit_today(Level::Commune, &code);
    let earlier = |stars: i32| Scored {
        name: "Sản phẩm của Quyết định 303",
        rulebook: "1048-781",
        set: SET,
        kind: DossierKind::First,
        commune,
        status: Status::Scored,
        level: Authority::Province,
        stars,
        mean: (if stars == 4 { 720 } else { 550 }, 10),
        filed_on: "2019-11-20",
        product: None,
    };
    let decider = office(&world, Authority::Province, Some(province));
    world.today("2020-02-04");
    let filed: Vec<Filed> =
        (0..48).map(|at| world.scored(&earlier(AGAIN.get(at).map_or(3, |(held, _)| *held)))).collect();
    let ids: Vec<_> = filed.iter().map(|f| f.dossier).collect();
    let first = decider.decide("recognition", &ids, "303/QĐ-UBND", "2020-02-04").await;
    let numbers: Vec<String> = first.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["certificateNumber"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(numbers.len(), 48);
    assert_eq!(figures(&world, "94", "2020-02-04").await.by_star, [(3, 47), (4, 1)].into());

    // Eight file again in the autumn before the end, through commune, district and province.
    world.today("2022-10-03");
    let offices = world.offices(&code);
    let district = offices.district.clone().unwrap();
    let mut again: Vec<(Played, u8)> = Vec::new();
    for (at, (_, found)) in AGAIN.iter().enumerate() {
        let owner = (filed[at].producer, world.of_producer(filed[at].producer));
        let case = Case { kind: "reEvaluation".to_owned(), ..Case::of(SET) };
        again.push((world.applied_for(&offices, &case, &owner, filed[at].product).await, *found));
    }
    let dossiers: Vec<&Played> = again.iter().map(|(played, _)| played).collect();
    for played in &dossiers {
        assert!(played.view().await.body["heldRecognition"].is_string());
    }
    hand_over(&offices.commune, "district", &district, &dossiers).await;
    world.today("2022-11-01");
    let below = world.council(Authority::District, Some(place), 3).await;
    let totals = |star: u8| -> &[i64] { if star == 4 { &[71, 74, 77] } else { &[55, 58, 62] } };
    let plan: Vec<_> = again.iter().map(|(p, star)| (p, sheets(SET, totals(*star), *star))).collect();
    sit(&below, "inPerson", &plan).await;
    hand_over(&district, "province", &offices.province, &dossiers).await;
    review(&offices.province, &dossiers).await;
    world.today("2022-12-12");
    let council = world.council(Authority::Province, Some(province), 3).await;
    for (result, (_, star)) in sit(&council, "inPerson", &plan).await.iter().zip(&again) {
        assert_eq!(result.body["stars"], json!(star));
    }
    world.today("2023-01-16");
    let second = decide(&decider, "recognition", &plain(&dossiers), "12/QĐ-UBND").await;
    assert_eq!(second.body["items"].as_array().unwrap().len(), 8);

    // Any day asked for, before and after it happened.
    let last = "2023-02-04";
    for (on, expected) in [
        ("2020-02-04", BTreeMap::from([("valid", 48)])),
        ("2022-08-07", BTreeMap::from([("valid", 48)])),
        ("2022-08-08", BTreeMap::from([("expiring", 48)])),
        ("2023-01-15", BTreeMap::from([("expiring", 48)])),
        ("2023-01-16", BTreeMap::from([("expiring", 40), ("superseded", 8)])),
        (last, BTreeMap::from([("expiring", 40), ("superseded", 8)])),
        ("2023-02-05", BTreeMap::from([("expired", 40), ("superseded", 8)])),
    ] {
        assert_eq!(states(&decider, &numbers, on).await, expected, "on {on}");
    }
    // Forty may no longer use the mark; of the eight, six have three stars and two have four.
    assert_eq!(figures(&world, "94", last).await.by_star, [(3, 46), (4, 2)].into());
    assert_eq!(figures(&world, "94", "2023-02-05").await.by_star, [(3, 6), (4, 2)].into());
    world.today("2023-02-06");
    for (number, at) in numbers.iter().zip(0..) {
        let told = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200).body;
        let expected = if at < AGAIN.len() { "superseded" } else { "expired" };
        assert_eq!((&told["state"], &told["inForce"]), (&json!(expected), &json!(false)), "{number}");
    }
    // Nobody took anything away: an end of time is no revocation.
    let cases: Value = decider.officer.get("/v1/revocations").await.is(200).body;
    assert_eq!(cases["data"], json!([]));
}
