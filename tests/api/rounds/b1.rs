//! B1: 47 certificates of 27 producers, recognised in 2021 under 1048/781, are revoked on one day: 41
//! were not evaluated again in 36 months, 6 were and missed what three stars compel. Both are grounds
//! of the rulebooks before 26/2026. Under 26/2026 the same 41 have expired, and nobody revokes them.

use std::collections::BTreeMap;

use ocop::dossiers::Status;
use ocop::places::Level;
use ocop::producers::ProducerType;
use ocop::rulebook::{Authority, DossierKind};
use serde_json::{Value, json};

use super::b2::states;
use super::{key, office};
use crate::world::certification::{Filed, Office, Scored};
use crate::world::{World, stock};

/// Certificates, producers, four-star certificates, those that were evaluated again.
const ALL: usize = 47;
const PRODUCERS: usize = 27;
const FOUR: usize = 3;
const AGAIN: usize = 6;

/// The 47 certificates of 1 December 2021: identifiers and numbers, the six that come again first.
async fn recognised(world: &World) -> (Office, Vec<Filed>, Vec<(String, String)>) {
    let province = world.unit("84", Level::Province, "2021-12-01");
    let commune = world.commune_of(province);
    let products: Vec<Filed> = world.deed(move |cx| {
        let mut producers = Vec::new();
        for at in 0..PRODUCERS {
            producers.push(stock::producer(cx, &format!("Chủ thể {at}"), ProducerType::HouseholdBusiness, commune)?);
        }
        let of = |cx: &mut ocop::db::Ctx<'_>, at: usize| {
            let producer = producers[at % PRODUCERS];
            let product = stock::product(cx, &format!("Sản phẩm {at}"), producer, commune)?;
            Ok(Filed { dossier: ocop::ids::DossierId::new(), product, producer })
        };
        (0..ALL).map(|at| of(cx, at)).collect()
    });
    let first = |at: usize| {
        let stars = if (AGAIN..AGAIN + FOUR).contains(&at) { 4 } else { 3 };
        world.scored(&Scored {
            name: "",
            rulebook: "1048-781",
            set: "T35",
            kind: DossierKind::First,
            commune,
            status: Status::Scored,
            level: Authority::Province,
            stars,
            mean: (if stars == 4 { 720 } else { 550 }, 10),
            filed_on: "2021-10-20",
            product: Some(products[at]),
        })
    };
    let filed: Vec<Filed> = (0..ALL).map(first).collect();
    let office = office(world, Authority::Province, Some(province));
    let ids: Vec<_> = filed.iter().map(|f| f.dossier).collect();
    let decided = office.decide("recognition", &ids, "1900/QĐ-UBND", "2021-12-01").await;
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    let items = decided.body["items"].as_array().unwrap();
    let issued = items.iter().map(|i| (text(i, "certificateId"), text(i, "certificateNumber"))).collect();
    (office, filed, issued)
}

fn case(certificate: &str, ground: &str, kind: &str, dated: &str) -> Value {
    json!({ "certificateId": certificate, "ground": ground,
        "evidence": { "kind": kind, "number": "88/BC-VPĐP", "dated": dated, "body": "Văn phòng điều phối nông thôn mới" } })
}

#[actix_web::test]
async fn forty_seven_are_revoked_on_the_grounds_of_their_own_time() {
    let world = World::on("2021-12-01").await;
    let (office, filed, issued) = recognised(&world).await;
    assert_eq!(issued.len(), ALL);
    let open = async |body: Value| office.officer.post_once("/v1/revocations", &key(), body).await;

    // Six come again in the autumn before the end and miss what three stars compel.
    world.today("2024-11-15");
    let failed = |at: usize| {
        world.scored(&Scored {
            name: "",
            rulebook: "148",
            set: "T40",
            kind: DossierKind::ReEvaluation,
            commune: world.commune_of(office.place.unwrap()),
            status: Status::Scored,
            level: Authority::Province,
            stars: 2,
            mean: (450, 10),
            filed_on: "2024-09-02",
            product: Some(filed[at]),
        })
    };
    let again: Vec<Filed> = (0..AGAIN).map(failed).collect();
    let conclusion = |at: usize| case(&issued[at].0, "reEvaluationFailed", "conclusion", "2024-11-15");
    open(conclusion(0)).await.refused("revocation_no_failed_re_evaluation");
    let mut notice = office.body("notRecognition", &again.iter().map(|f| f.dossier).collect::<Vec<_>>());
    notice["reason"] = json!("Không đạt tiêu chí bắt buộc của hạng 3 sao");
    let draft = office.officer.post_once("/v1/decisions", &key(), notice).await.is(201);
    let signed = office.sign(&draft, "77/TB-UBND", "2024-11-15").await.is(200);
    office.publish(&signed).await.is(200);
    // Nobody can say before the last day that the others do not come.
    let lapsed = |at: usize| case(&issued[at].0, "notReEvaluated", "verificationReport", "2024-11-15");
    world.today("2024-12-01");
    open(lapsed(AGAIN)).await.refused("revocation_not_lapsed");

    world.today("2024-12-20");
    open(case(&issued[AGAIN].0, "notReEvaluated", "conclusion", "2024-12-10"))
        .await
        .refused("revocation_evidence_kind");
    let mut cases = Vec::new();
    for (at, (certificate, _)) in issued.iter().enumerate() {
        let body = match at < AGAIN {
            true => conclusion(at),
            false => case(certificate, "notReEvaluated", "verificationReport", "2024-12-10"),
        };
        cases.push(open(body).await.is(201).id());
    }
    world.today("2024-12-21");
    let body = json!({ "kind": "revocation", "level": office.level, "placeId": office.place,
        "legalBases": ["Quyết định 148/QĐ-TTg"], "revocations": cases });
    let draft = office.officer.post_once("/v1/decisions", &key(), body).await.is(201);
    let signed = office.sign(&draft, "2100/QĐ-UBND", "2024-12-21").await.is(200);
    let done = office.publish(&signed).await.is(200);
    assert_eq!(done.body["items"].as_array().unwrap().len(), ALL);

    let numbers: Vec<String> = issued.iter().map(|(_, number)| number.clone()).collect();
    for (on, expected) in [
        ("2021-12-01", BTreeMap::from([("valid", ALL)])),
        ("2024-06-04", BTreeMap::from([("expiring", ALL)])),
        ("2024-12-01", BTreeMap::from([("expiring", ALL)])),
        ("2024-12-02", BTreeMap::from([("expired", ALL)])),
        ("2024-12-20", BTreeMap::from([("expired", ALL)])),
        ("2024-12-21", BTreeMap::from([("revoked", ALL)])),
        ("2026-06-01", BTreeMap::from([("revoked", ALL)])),
    ] {
        assert_eq!(states(&office, &numbers, on).await, expected, "on {on}");
    }
    let told = async |at: usize| world.stranger().get(&format!("/v1/verify/{}", numbers[at])).await.is(200).body;
    let (six, rest) = (told(0).await, told(AGAIN).await);
    assert!(six["reason"]["vi"].as_str().unwrap().contains("tiêu chí bắt buộc"), "{six}");
    assert!(rest["reason"]["vi"].as_str().unwrap().contains("không đánh giá lại"), "{rest}");
    assert_eq!(rest["stars"], 4);
    // Producers of before are 27, and nobody is revoked twice.
    let listed = office.officer.get("/v1/revocations?state=revoked&limit=100").await.is(200).body;
    let grounds = |word: &str| listed["data"].as_array().unwrap().iter().filter(|c| c["ground"] == word).count();
    assert_eq!((grounds("notReEvaluated"), grounds("reEvaluationFailed")), (ALL - AGAIN, AGAIN));
    open(lapsed(AGAIN)).await.refused("certificate_already_ended");
}

#[actix_web::test]
async fn under_26_2026_the_same_forty_one_have_expired() {
    let world = World::on("2021-12-01").await;
    let (office, _, issued) = recognised(&world).await;
    world.today("2026-06-01");
    let today = super::office(&world, Authority::Province, Some(world.unit("86", Level::Province, "2026-06-01")));
    for at in [AGAIN, ALL - 1] {
        let body = case(&issued[at].0, "notReEvaluated", "verificationReport", "2026-05-25");
        today.officer.post_once("/v1/revocations", &key(), body).await.refused("revocation_ground_unknown");
    }
    let numbers: Vec<String> = issued[AGAIN..].iter().map(|(_, number)| number.clone()).collect();
    let expected = BTreeMap::from([("expired", ALL - AGAIN)]);
    assert_eq!(states(&office, &numbers, "2026-06-01").await, expected);
    let cases = today.officer.get("/v1/revocations").await.is(200).body;
    assert_eq!(cases["data"], json!([]), "an end of time is no revocation");
}
