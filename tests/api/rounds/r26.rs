//! R26: one dossier in each of the 26 sets of 26/2026, with the ways that a dossier can go: five stars
//! at the centre, below ninety there, a minimum missed, "none", a knock-out, tourism without samples,
//! and a re-evaluation by written opinions of what a district recognised under the law before.

use std::collections::BTreeMap;

use ocop::ids::{ProducerId, ProductId};
use ocop::places::Level;
use ocop::producers::ProducerType;
use ocop::rulebook::Authority;
use ocop::rulebook::marks::{Choice, Marks};
use serde_json::{Value, json};

use super::{Sheet, decide, figures, hand_over, id_of, office, plain, review, sheets, sit, units, verify_all};
use crate::world::certification::Office;
use crate::world::dossiers::{Case, Played, send_letter};
use crate::world::scoring::{meets, set, ways};
use crate::world::{Person, Reply, World};

/// The set of the product that is re-evaluated.
const AGAIN: &str = "07";

/// A product that a district recognised in 2023, and the commune where it is made now.
struct Held {
    owner: (ProducerId, Person),
    product: ProductId,
    certificate: String,
    commune_now: String,
}

/// 2023 under 148: a district of Trà Vinh recognises three stars.
async fn recognised_in_2023(world: &World) -> Held {
    let district = world.unit_today(Level::District, "845");
    let communes = units(world, district, "commune").await;
    let offices = world.offices(&communes[0]);
    let owner = world.registered(&offices, ProducerType::Cooperative).await;
    let played = world.applied(&offices, &Case::of("T40"), &owner).await;
    let officer = offices.district.clone().unwrap();
    hand_over(&offices.commune, "district", &officer, &[&played]).await;
    let council = world.council(Authority::District, Some(district), 3).await;
    sit(&council, "inPerson", &[(&played, sheets("T40", &[60, 62, 64], 3))]).await;
    world.today("2023-11-06");
    let below = office(world, Authority::District, Some(district));
    let decided = decide(&below, "recognition", &[(&played, "")], "9/QĐ-UBND").await;
    let certificate = decided.body["items"][0]["certificateNumber"].as_str().unwrap().to_owned();
    let unit = world.stranger().get(&format!("/v1/places/{}", offices.place)).await.is(200).body;
    let after: Vec<&Value> = unit["successors"].as_array().unwrap().iter().collect();
    assert_eq!(after.len(), 1, "{unit}");
    let commune_now = after[0]["place"]["code"].as_str().unwrap().to_owned();
    Held { owner, product: played.product_id, certificate, commune_now }
}

/// 92 points with every minimum of five stars met but one: the criterion and the marks.
fn one_minimum_missed(code: &str) -> (String, Marks) {
    let table = set(code);
    let all = table.scored();
    let wanted = all.iter().filter(|c| c.minimum_stars().contains(&5)).find_map(|missed| {
        let found = ways(table, |c, o| match c.code == missed.code {
            true => meets(4)(c, o) && !meets(5)(c, o),
            false => meets(5)(c, o),
        });
        Some((missed.code.clone(), found.get(&92)?.clone()))
    });
    wanted.unwrap_or_else(|| panic!("{code}: no 92 with one minimum missed"))
}

/// A sheet of four stars in points, where one criterion with a minimum of four stars is marked "none".
fn one_none(code: &str) -> (String, Marks) {
    let table = set(code);
    let full = ways(table, meets(4)).remove(&84).unwrap();
    let fits = |c: &&&ocop::rulebook::Criterion| {
        let chosen = full[&c.code].option.as_deref().and_then(|o| c.option(o)).map_or(0, |o| o.points);
        c.minimum_stars().first() == Some(&4) && (1..=14).contains(&chosen)
    };
    let all = table.scored();
    let at = all.iter().find(fits).unwrap_or_else(|| panic!("{code}: no minimum of four stars")).code.clone();
    let mut sheet = full.clone();
    let comment = Some("Mẫu nộp không có thông tin này".to_owned());
    sheet.insert(at.clone(), Choice { comment, ..Choice::default() });
    (at, sheet)
}

/// What the three members of the provincial council say about the dossier of a set.
fn provincial(code: &str) -> Vec<Sheet> {
    let table = set(code);
    match code {
        "01" => sheets(code, &[91, 92, 94], 5),
        "02" => sheets(code, &[90, 91, 92], 5),
        "03" => vec![Sheet::Marked(one_minimum_missed(code).1); 3],
        "04" => vec![Sheet::Marked(one_none(code).1); 3],
        "05" => vec![Sheet::Stopped(&table.disqualifiers[0].code, "Hồ sơ không đúng sự thật"); 3],
        "06" => sheets(code, &[40, 43, 46], 2),
        AGAIN => sheets(code, &[74, 75, 77], 4),
        even if even.ends_with(['0', '2', '4', '6', '8']) => sheets(code, &[72, 75, 78], 4),
        _ => sheets(code, &[55, 58, 61], 3),
    }
}

/// What it comes to.
fn expected(code: &str) -> i64 {
    match code {
        "01" | "02" => 5,
        "03" | AGAIN => 4,
        "04" => 3,
        "05" => 0,
        "06" => 2,
        even if even.ends_with(['0', '2', '4', '6', '8']) => 4,
        _ => 3,
    }
}

fn sentences(result: &Reply, about: &str) -> String {
    let all = result.body["reasons"].as_array().unwrap().iter().filter(|p| p["about"] == about);
    all.map(|p| p["text"]["vi"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

/// To the centre: one keeps its five stars, the other comes back below ninety.
async fn at_the_centre(world: &World, from: &Office, best: &Played, second: &Played) -> Reply {
    let centre = office(world, Authority::Central, None);
    world.today("2026-07-06");
    hand_over(&from.officer, "central", &centre.officer, &[best, second]).await;
    review(&centre.officer, &[best, second]).await;
    world.today("2026-09-01");
    let council = world.council(Authority::Central, None, 3).await;
    let plan = [(best, sheets("01", &[91, 93, 95], 5)), (second, sheets("02", &[86, 88, 90], 4))];
    let results = sit(&council, "inPerson", &plan).await;
    assert_eq!((&results[0].body["stars"], &results[1].body["stars"]), (&json!(5), &json!(4)));
    world.today("2026-09-15");
    // Five stars are not sent back, four are not for the centre to recognise.
    send_letter(&centre.officer, "province", &[best]).await.refused("dossier_star_does_not_fit");
    centre.prepare("recognition", &[id_of(second)]).await.refused("decision_authority_differs");
    send_letter(&centre.officer, "province", &[second]).await.is(201);
    assert_eq!(second.status().await, "backFromCentre");
    decide(&centre, "recognition", &[(best, "")], "301/QĐ-BNNMT").await
}

#[actix_web::test]
async fn one_dossier_in_each_of_the_26_sets_goes_its_own_way() {
    let world = World::on("2023-09-04").await;
    let held = recognised_in_2023(&world).await;

    // June 2026, under 26/2026: five communes propose, and the commune that follows that of 2023.
    world.today("2026-06-10");
    let province = world.province("86");
    let home = world.offices(&held.commune_now);
    let codes: Vec<String> = units(&world, province, "commune").await;
    let mut all: BTreeMap<String, Played> = BTreeMap::new();
    let again = Case { kind: "reEvaluation".to_owned(), ..Case::of(AGAIN) };
    let renewed = world.applied_for(&home, &again, &held.owner, held.product).await;
    hand_over(&home.commune, "province", &home.province, &[&renewed]).await;
    all.insert(AGAIN.to_owned(), renewed);
    let firsts: Vec<String> = (1..=26).map(|n| format!("{n:02}")).filter(|code| code != AGAIN).collect();
    for (group, commune) in firsts.chunks(5).zip(codes.iter().filter(|code| **code != held.commune_now)) {
        let offices = world.neighbours(&home, commune);
        let owner = world.registered(&offices, ProducerType::Cooperative).await;
        let mut own = Vec::new();
        for code in group {
            own.push(world.applied(&offices, &Case::of(code), &owner).await);
        }
        hand_over(&offices.commune, "province", &offices.province, &own.iter().collect::<Vec<_>>()).await;
        all.extend(group.iter().cloned().zip(own));
    }
    assert_eq!((all.len(), all["26"].case.samples), (26, 0));
    let seen = all["26"].view().await.body;
    assert_eq!(
        (&seen["rulebook"], &seen["set"], &seen["round"]["number"]),
        (&json!("26-2026"), &json!("26"), &json!(2))
    );
    assert_eq!(all[AGAIN].view().await.body["round"], Value::Null, "a re-evaluation is outside the rounds");

    // One session for the first evaluations; the re-evaluation is settled in writing.
    review(&home.province, &all.values().collect::<Vec<_>>()).await;
    world.today("2026-06-24");
    let council = world.council(Authority::Province, Some(province), 3).await;
    council.convene_as("inPerson", &[id_of(&all[AGAIN])]).await.refused("dossier_wrong_moment");
    let plan: Vec<_> = firsts.iter().map(|code| (&all[code], provincial(code))).collect();
    let results = sit(&council, "inPerson", &plan).await;
    let written = sit(&council, "writtenOpinions", &[(&all[AGAIN], provincial(AGAIN))]).await;
    let results: BTreeMap<&str, &Reply> =
        firsts.iter().map(String::as_str).zip(&results).chain([(AGAIN, &written[0])]).collect();
    for (code, result) in &results {
        assert_eq!(result.body["stars"], expected(code), "{code}: {}", result.text);
        assert_eq!(result.body["finding"]["set"], json!(code));
    }
    assert_eq!(
        (&results["03"].body["starsByBand"], &results["03"].body["mean"]["shown"]),
        (&json!(5), &json!("92,00"))
    );
    assert!(sentences(results["03"], "minimum").contains(&format!("tiêu chí {}", one_minimum_missed("03").0)));
    assert_eq!(results["04"].body["starsByBand"], 4);
    let none = sentences(results["04"], "minimum");
    assert!(
        none.contains(&format!("tiêu chí {}", one_none("04").0)) && none.contains("“không mức nào”: 3 phiếu"),
        "{none}"
    );
    assert_eq!((&results["05"].body["rejected"], &results["05"].body["mean"]), (&json!(true), &Value::Null));
    assert!(sentences(results["05"], "knockOut").contains("3 trên 3"));

    // The province decides: recognition, approval of two results, notice.
    world.today("2026-07-01");
    let decider = office(&world, Authority::Province, Some(province));
    let recognised: Vec<&Played> =
        all.iter().filter(|(code, _)| matches!(expected(code), 3 | 4)).map(|(_, played)| played).collect();
    let first = decide(&decider, "recognition", &plain(&recognised), "71/QĐ-UBND").await;
    let (best, second) = (&all["01"], &all["02"]);
    decide(&decider, "resultApproval", &plain(&[best, second]), "72/QĐ-UBND").await;
    // The one is told by a notice of the authority, the other by a written notice of the office.
    let (stopped, below) = ((&all["05"], "Hồ sơ không đúng sự thật"), (&all["06"], "Dưới 50 điểm"));
    decide(&decider, "notRecognition", &[stopped], "73/TB-UBND").await;
    below.0.producer.get(&below.0.path("/result")).await.is(404);
    let notice = json!({"number": "74/TB-VP", "issuedOn": "2026-07-01"});
    let told = json!({"action": "reject", "reason": below.1, "notice": notice});
    second.act(&decider.officer, told.clone()).await.refused("dossier_wrong_moment");
    below.0.act(&decider.officer, told).await.is(201);
    for (played, why) in [stopped, below] {
        assert_eq!(played.status().await, "notRecognised");
        let life = played.producer.get(&played.path("/history")).await.is(200).body;
        assert_eq!(life["moves"].as_array().unwrap().last().unwrap()["reason"], json!(why));
        played.producer.get(&played.path("/result")).await.is(200);
    }

    let fifth = at_the_centre(&world, &decider, best, second).await;
    world.today("2026-09-21");
    let fourth = decide(&decider, "recognition", &[(second, "Theo kết quả của Trung ương")], "88/QĐ-UBND").await;
    let line = &fourth.body["items"][0];
    assert_eq!((&line["stars"], &line["mean"]), (&json!(4), &json!("88.00")));

    // What anybody reads.
    assert_eq!(verify_all(&world, &first).await.len(), 22);
    assert_eq!(verify_all(&world, &fourth).await.len(), 1);
    let five = verify_all(&world, &fifth).await;
    assert_eq!(
        (&five[0]["stars"], &five[0]["decision"]["authorityName"]),
        (&json!(5), &json!("Bộ Nông nghiệp và Môi trường"))
    );
    let old = world.stranger().get(&format!("/v1/verify/{}", held.certificate)).await.is(200).body;
    assert_eq!((&old["state"], &old["since"]), (&json!("superseded"), &json!("2026-07-01")));
    let at = first.body["items"].as_array().unwrap();
    let renewed = at.iter().find(|i| i["productId"] == json!(held.product)).unwrap();
    assert_eq!(old["supersededBy"], renewed["certificateNumber"], "the product keeps its identity");
    let card = world.stranger().get(&format!("/v1/catalogue/products/{}", held.product)).await.is(200).body;
    assert_eq!((&card["stars"], card["history"].as_array().map(Vec::len)), (&json!(4), Some(2)));

    type Day = (&'static str, &'static [(i64, i64)], i64);
    let days: [Day; 4] = [
        ("2026-06-30", &[(3, 1)], 0),
        ("2026-07-01", &[(3, 10), (4, 12)], 2),
        ("2026-09-15", &[(3, 10), (4, 12), (5, 1)], 0),
        ("2026-09-21", &[(3, 10), (4, 13), (5, 1)], 0),
    ];
    for (on, stars, potential) in days {
        let then = figures(&world, "86", on).await;
        assert_eq!((then.by_star, then.potential_five), (stars.iter().copied().collect(), potential), "{on}");
    }
}
