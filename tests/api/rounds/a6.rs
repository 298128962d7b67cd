//! A6: a province of two tiers in 2025 under 1489. Dossiers come straight from the communes; those
//! that the council does not propose are told why.

use std::collections::BTreeMap;

use ocop::producers::ProducerType;
use ocop::rulebook::Authority;
use serde_json::json;

use super::{Sheet, decide, figures, hand_over, id_of, office, plain, review, sheets, sit, units, verify_all};
use crate::world::World;
use crate::world::dossiers::{Case, Played};
use crate::world::scoring::{marks, set};

const SET: &str = "T40";

/// What becomes of a dossier at the council, and the reason that the notice gives where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Four,
    Three,
    Not(&'static str, Why),
}

/// Why the council does not propose one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Below 50 points.
    Points,
    /// Enough points, but a minimum of three stars missed.
    Minimum,
    /// A ground of disqualification.
    Ground,
}

/// The seven that are not proposed.
const NOT: [End; 7] = [
    End::Not("Vùng nguyên liệu chưa ổn định, bao bì chưa hoàn thiện", Why::Points),
    End::Not("Chưa có phương án thị trường", Why::Points),
    End::Not("Chất lượng cảm quan chưa đạt", Why::Points),
    End::Not("Chưa có liên kết sản xuất", Why::Points),
    End::Not("Một tiêu chí bắt buộc của ba sao chưa đạt", Why::Minimum),
    End::Not("Nguồn nguyên liệu ngoài xã, tiêu chí bắt buộc chưa đạt", Why::Minimum),
    End::Not("Phiếu kiểm nghiệm không do đơn vị ghi trên phiếu cấp", Why::Ground),
];

fn end_of(n: usize) -> End {
    match n {
        n if n % 10 == 3 && n / 10 < NOT.len() => NOT[n / 10],
        n if n % 3 == 0 => End::Four,
        _ => End::Three,
    }
}

fn sheets_of(end: End) -> Vec<Sheet> {
    match end {
        End::Four => sheets(SET, &[72, 75, 79], 4),
        End::Three => sheets(SET, &[55, 57, 61], 3),
        End::Not(_, Why::Points) => sheets(SET, &[41, 44, 48], 2),
        End::Not(_, Why::Minimum) => {
            // Criterion 1.1 stays one option below what three stars need.
            let low = |total| marks(set(SET), total, |c, o| c.code != "1.1" || o.code == "a");
            [58, 60, 63].into_iter().map(|t| Sheet::Marked(low(t))).collect()
        }
        End::Not(reason, Why::Ground) => vec![Sheet::Stopped("forgedDossier", reason); 3],
    }
}

#[actix_web::test]
async fn seventy_one_come_from_29_communes_64_are_proposed_and_7_know_why_not() {
    let world = World::on("2025-10-20").await;
    let province = world.province("25");
    let codes = units(&world, province, "commune").await;
    let first = world.offices(&codes[0]);
    let kinds = [ProducerType::Cooperative, ProducerType::HouseholdBusiness, ProducerType::Company];
    let mut all: Vec<(Played, End)> = Vec::new();
    for (n, code) in codes.iter().take(29).enumerate() {
        let offices = if n == 0 { first.clone() } else { world.neighbours(&first, code) };
        let owner = world.registered(&offices, kinds[n % 3]).await;
        let mut own = Vec::new();
        for _ in 0..if n < 13 { 3 } else { 2 } {
            own.push(world.applied(&offices, &Case::of(SET), &owner).await);
        }
        let dossiers: Vec<&Played> = own.iter().collect();
        hand_over(&offices.commune, "province", &offices.province, &dossiers).await;
        for played in own {
            let end = end_of(all.len());
            all.push((played, end));
        }
    }
    let communes: std::collections::BTreeSet<_> = all.iter().map(|(p, _)| p.offices.place).collect();
    assert_eq!((all.len(), communes.len()), (71, 29));
    let seen = all[0].0.view().await.body;
    assert_eq!((&seen["rulebook"], &seen["level"]), (&json!("1489"), &json!("province")));

    world.today("2025-11-24");
    review(&first.province, &all.iter().map(|(p, _)| p).collect::<Vec<_>>()).await;
    world.today("2025-11-28");
    let council = world.council(Authority::Province, Some(province), 3).await;
    let plan: Vec<_> = all.iter().map(|(p, end)| (p, sheets_of(*end))).collect();
    let results = sit(&council, "inPerson", &plan).await;
    let mut found: BTreeMap<i64, usize> = BTreeMap::new();
    for (result, (_, end)) in results.iter().zip(&all) {
        *found.entry(result.body["stars"].as_i64().unwrap()).or_default() += 1;
        let why = match end {
            End::Not(_, Why::Ground) => result.body["rejected"] == true,
            End::Not(_, Why::Minimum) => result.body["starsByBand"] == 3 && result.body["stars"] == 2,
            _ => result.body["rejected"] == false && result.body["stars"] == result.body["starsByBand"],
        };
        assert!(why, "{}", result.text);
    }
    let fours = all.iter().filter(|(_, end)| *end == End::Four).count();
    assert_eq!(found, [(0, 1), (2, 6), (3, 64 - fours), (4, fours)].into());

    // One decision, one notice; each line of the notice has its reason.
    world.today("2025-12-15");
    let decider = office(&world, Authority::Province, Some(province));
    let proposed: Vec<&Played> = all.iter().filter(|(_, e)| !matches!(e, End::Not(..))).map(|(p, _)| p).collect();
    let others: Vec<(&Played, &str)> =
        all.iter().filter_map(|(p, e)| if let End::Not(why, _) = e { Some((p, *why)) } else { None }).collect();
    assert_eq!((proposed.len(), others.len()), (64, 7));
    decider.prepare("recognition", &[id_of(others[0].0)]).await.refused("decision_authority_differs");
    let recognition = decide(&decider, "recognition", &plain(&proposed), "61/QĐ-UBND").await;
    let notice = decide(&decider, "notRecognition", &others, "62/TB-UBND").await;

    // Each of the seven reads the reason: in the history, and in what the council found.
    for (played, why) in &others {
        assert_eq!(played.status().await, "notRecognised");
        let life = played.producer.get(&played.path("/history")).await.is(200).body;
        let last = life["moves"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["action"], &last["reason"]), (&json!("reject"), &json!(why)));
        assert_eq!(last["details"]["number"], notice.body["number"]);
        for reader in [&played.producer, &played.offices.commune] {
            let found = reader.get(&played.path("/result")).await.is(200).body;
            assert!(!found["newest"]["reasons"].as_array().unwrap().is_empty());
        }
        // Nothing of it is public.
        world.stranger().get(&format!("/v1/catalogue/products/{}", played.product_id)).await.is(404);
    }
    world.stranger().get(&format!("/v1/catalogue/decisions/{}", notice.id())).await.is(404);
    let listed = decider.officer.get(&format!("/v1/decisions/{}", notice.id())).await.is(200).body;
    let notes: Vec<&str> = listed["items"].as_array().unwrap().iter().map(|l| l["note"].as_str().unwrap()).collect();
    assert_eq!(notes, others.iter().map(|(_, why)| *why).collect::<Vec<_>>());

    assert_eq!(verify_all(&world, &recognition).await.len(), 64);
    let now = figures(&world, "25", "2025-12-15").await;
    let (three, four) = (i64::try_from(64 - fours).unwrap(), i64::try_from(fours).unwrap());
    assert_eq!((now.by_star, now.potential_five), ([(3, three), (4, four)].into(), 0));
    assert_eq!((&now.total["recognised"], &now.total["totalAsPublished"]), (&json!(64), &json!(64)));
    let decision = world.stranger().get(&format!("/v1/catalogue/decisions/{}", recognition.id())).await.is(200).body;
    assert_eq!(decision["items"].as_array().map(Vec::len), Some(64), "{decision}");
}
