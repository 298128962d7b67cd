//! Work queues and lists of dossiers: every count is the length of its list, for everybody, at any moment.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::dossiers::{self, Action, Deed, Party, Status};
use ocop::ids::DossierId;
use ocop::producers::ProducerType;
use ocop::rulebook::DossierKind;
use serde_json::{Value, json};

use crate::world::dossiers::{Case, Offices, Played};
use crate::world::many::Copy;
use crate::world::{Person, World};

const BUCKETS: [&str; 5] = ["mine", "near", "overdue", "waitingForProducer", "escalated"];

/// Every row of a list, page by page.
async fn whole(who: &Person, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let joint = if path.contains('?') { '&' } else { '?' };
        let page = who.get(&format!("{path}{joint}limit=7{cursor}")).await.is(200);
        rows.extend(page.body["data"].as_array().unwrap().clone());
        match page.body["page"]["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))).unwrap()
}

/// Whether every count of the queue is the length of its list, whatever narrows it; gives the counts.
async fn queue_agrees(who: &Person, narrowed: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for bucket in BUCKETS {
        let path = format!("/v1/queue?bucket={bucket}{narrowed}");
        let (first, rows) = (who.get(&path).await.is(200), whole(who, &path).await);
        for other in BUCKETS {
            let n = number(&first.body["counts"][other]);
            assert_eq!(*counts.entry(other.to_owned()).or_insert(n), n, "{other} is the same in every answer");
        }
        assert_eq!(number(&first.body["counts"][bucket]), rows.len(), "{path}");
        let due: Vec<&str> =
            rows.iter().map(|r| r["dossier"]["deadlineWithPauses"].as_str().unwrap_or("9999-12-31")).collect();
        assert!(due.is_sorted(), "{path}: {due:?}");
        for part in first.body["counts"]["byStatus"].as_array().unwrap() {
            let path = format!("{path}&status={}", part["status"]["code"].as_str().unwrap());
            if !narrowed.contains("status=") {
                assert_eq!(number(&part["count"]), whole(who, &path).await.len(), "{path}");
            }
        }
    }
    counts
}

/// Whether every count of every facet is the length of the list with its value as the filter.
async fn facets_agree(who: &Person, narrowed: &[(&str, &str)]) -> Value {
    let query = |parts: &[(&str, &str)]| {
        let parts: Vec<String> = parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("/v1/dossiers?{}", parts.join("&"))
    };
    let asked = format!("{}&facets=status,place,kind,set,round", query(narrowed));
    let facets = who.get(&asked).await.is(200).body["facets"].clone();
    for (facet, values) in facets.as_object().unwrap() {
        for value in values.as_array().unwrap() {
            let mut parts: Vec<(&str, &str)> = narrowed.iter().copied().filter(|(name, _)| name != facet).collect();
            parts.push((facet, value["value"].as_str().unwrap()));
            let path = query(&parts);
            assert_eq!(number(&value["count"]), whole(who, &path).await.len(), "{path}");
        }
    }
    facets
}

/// A province with dossiers of every kind, in every state, in three communes and a neighbour's.
struct Stock {
    world: World,
    offices: Offices,
    model: Played,
    people: Vec<Person>,
}

async fn stock() -> Stock {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let model = world.filed(&offices, &Case::of("07")).await;
    let second = world.neighbours(&offices, "29254");
    let far = world.offices("04831");
    let (other_producer, other) = world.producer_in(second.place, ProducerType::Company);
    let other_product = world.product_of(other_producer, "Nước mắm rươi", "09");
    let days = ["2026-05-20", "2026-06-01", "2026-06-03", "2026-06-22", "2026-07-15"];
    let mut copies = Vec::new();
    for (n, status) in Status::ALL.iter().enumerate() {
        for (m, place) in [offices.place, second.place, far.place].into_iter().enumerate() {
            let kind = DossierKind::ALL[(n + m) % DossierKind::ALL.len()];
            let (producer, product) =
                if m == 0 { (model.producer_id, model.product_id) } else { (other_producer, other_product) };
            let deadline = (!status.is_final() && *status != Status::Draft).then(|| days[(n + m) % 5].parse().unwrap());
            let set = (m == 1).then(|| world.set_id("09"));
            copies.push(Copy { place, producer, product, status: *status, kind, set, deadline });
        }
    }
    model.copied(&copies);
    let both =
        world.person(Role::Commune, Right { place: Some(offices.place), basis: "test".into(), ..Right::default() });
    let also = Right { place: Some(offices.province_place), basis: "test".into(), ..Right::default() };
    let id = both.id.unwrap();
    world.deed(move |cx| ocop::auth::grant(cx, id, Role::Department, also.clone()).map(|_| ()));
    let people = vec![
        model.producer.clone(),
        other,
        offices.commune.clone(),
        second.commune.clone(),
        far.commune.clone(),
        offices.province.clone(),
        far.province.clone(),
        offices.central.clone(),
        world.officer(Role::Signer, offices.province_place),
        world.with_role(Role::Advisory),
        world.with_role(Role::Inspector),
        world.with_role(Role::Auditor),
        world.with_role(Role::Editor),
        both,
    ];
    Stock { world, offices, model, people }
}

#[actix_web::test]
async fn every_count_of_a_queue_is_the_length_of_its_list_for_everybody() {
    let stock = stock().await;
    let mut seen = BTreeMap::new();
    for who in &stock.people {
        for narrowed in
            ["", "&kind=upgrade", "&status=submitted", "&set=09", &format!("&place={}", stock.offices.place)]
        {
            for (bucket, n) in queue_agrees(who, narrowed).await {
                *seen.entry(bucket).or_insert(0) += n;
            }
        }
    }
    assert!(seen.values().all(|n| *n > 0), "every part of a queue was met: {seen:?}");
    let nothing = queue_agrees(&stock.people[11], "").await;
    assert!(nothing.values().all(|n| *n == 0), "an auditor moves nothing: {nothing:?}");
}

#[actix_web::test]
async fn a_page_is_full_though_most_of_what_is_seen_is_somebody_elses_move() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let model = world.filed(&offices, &Case::of("07")).await;
    let second = world.neighbours(&offices, "29254");
    // Thirty of the neighbour's, all due before the caller's own three: the same status, not the caller's move.
    let day = |text: &str| Some(text.parse().unwrap());
    let theirs = Copy { place: second.place, deadline: day("2026-06-02"), ..model.copy() };
    let own = Copy { deadline: day("2026-06-20"), ..model.copy() };
    model.copied(&[vec![theirs; 30], vec![own; 3]].concat());
    let both = world.officer(Role::Commune, offices.place);
    let (id, province) = (both.id.unwrap(), offices.province_place);
    world.deed(move |cx| {
        let right = Right { place: Some(province), basis: "test".into(), ..Right::default() };
        ocop::auth::grant(cx, id, Role::Inspector, right).map(|_| ())
    });
    let queue = both.get("/v1/queue?status=submitted").await.is(200);
    assert_eq!(both.get("/v1/dossiers?status=submitted&limit=100").await.body["data"].as_array().unwrap().len(), 34);
    assert_eq!(queue.body["data"].as_array().unwrap().len(), 4, "the page holds what is the caller's, whole");
    assert_eq!((&queue.body["counts"]["mine"], &queue.body["page"]["next"]), (&json!(4), &Value::Null));
}

#[actix_web::test]
async fn what_is_near_overdue_paused_and_escalated_is_said_of_each() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let filed = world.filed(&offices, &Case::of("07")).await;
    let due = async |who: &Person, bucket: &str| {
        let queue = who.get(&format!("/v1/queue?bucket={bucket}&expand=producer,place,set")).await.is(200);
        queue.body["data"].as_array().unwrap().iter().map(|r| r["dossier"]["due"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(due(&offices.commune, "mine").await, [json!("onTime")]);
    // Fifteen working days end on Monday 22 June; three working days before is Wednesday 17 June.
    world.today("2026-06-16");
    assert_eq!(due(&offices.commune, "near").await, Vec::<Value>::new());
    world.today("2026-06-17");
    assert_eq!(due(&offices.commune, "near").await, [json!("near")]);
    world.today("2026-06-22");
    assert_eq!(due(&offices.commune, "near").await, [json!("near")]);
    assert_eq!(due(&offices.province, "escalated").await, Vec::<Value>::new());
    world.today("2026-06-23");
    assert_eq!(due(&offices.commune, "overdue").await, [json!("overdue")]);
    assert_eq!(due(&offices.province, "escalated").await, [json!("overdue")]);
    assert!(due(&offices.central, "escalated").await.is_empty(), "the centre is above the province, not the commune");
    // Given back, the clock stands still: nobody is late.
    filed.act(&offices.commune, json!({"action": "return", "reason": "Thiếu phiếu kiểm nghiệm"})).await.is(201);
    assert!(due(&offices.commune, "overdue").await.is_empty());
    assert!(due(&offices.province, "escalated").await.is_empty());
    assert_eq!(due(&offices.commune, "waitingForProducer").await, [json!("paused")]);
    assert_eq!(due(&filed.producer, "mine").await, [json!("paused")]);
    let shown = filed.producer.get("/v1/queue?expand=producer,place,set").await.is(200);
    let beside = &shown.body["data"][0]["dossier"]["expanded"];
    assert_eq!((&beside["set"]["value"], &beside["producer"]["value"]), (&json!("07"), &json!(filed.producer_id)));
    assert!(
        beside["place"]["label"]["vi"].as_str().unwrap().starts_with("Phường")
            || beside["place"]["label"]["vi"].as_str().unwrap().starts_with("Xã")
    );
    filed.producer.get("/v1/queue?expand=everything").await.is(400);
    filed.producer.get("/v1/queue?bucket=yours").await.is(400);
}

#[actix_web::test]
async fn a_draft_waits_for_its_producer_alone_and_shows_what_can_be_done() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let queue = draft.producer.get("/v1/queue").await.is(200);
    assert_eq!(queue.body["counts"]["byStatus"][0]["status"]["code"], "draft");
    assert_eq!(queue.body["data"][0]["openActions"], draft.view().await.body["openActions"]);
    for who in [&offices.commune, &offices.province, &offices.central] {
        assert_eq!(who.get("/v1/queue").await.is(200).body["counts"]["mine"], 0);
    }
}

/// While dossiers are moved to and fro, each answer agrees with itself: rows and counts are of one moment.
#[actix_web::test]
async fn counts_and_rows_are_of_one_moment_while_others_move_dossiers() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let model = world.filed(&offices, &Case::of("07")).await;
    let day = |n: usize| Some(["2026-05-20", "2026-06-02", "2026-06-30"][n % 3].parse().unwrap());
    let at_province = |n: usize| Copy { status: Status::AtProvince, deadline: day(n), ..model.copy() };
    let ids = model.copied(&(0..60).map(at_province).collect::<Vec<_>>());
    let stop = Arc::new(AtomicBool::new(false));
    let movers: Vec<_> = ids
        .chunks(30)
        .map(|ids| {
            let (db, ids, stop) = (world.db().clone(), ids.to_vec(), Arc::clone(&stop));
            std::thread::spawn(move || {
                let mut moved = 0_usize;
                while !stop.load(Ordering::Relaxed) {
                    let id = ids[moved * 7 % ids.len()];
                    db.write_now(&Caller::system("test"), move |cx| to_and_fro(cx, id)).unwrap();
                    moved += 1;
                }
                moved
            })
        })
        .collect();
    for round in 0..25 {
        for who in [&offices.province, &model.producer, &offices.commune] {
            for bucket in BUCKETS {
                let queue = who.get(&format!("/v1/queue?bucket={bucket}&limit=100")).await.is(200).body;
                let (rows, counts) = (queue["data"].as_array().unwrap().len(), &queue["counts"]);
                assert_eq!(rows, number(&counts[bucket]), "{bucket} in round {round}");
                let by_status: usize = counts["byStatus"].as_array().unwrap().iter().map(|s| number(&s["count"])).sum();
                assert_eq!(by_status, rows);
                assert!(number(&counts["near"]) + number(&counts["overdue"]) <= number(&counts["mine"]));
            }
        }
        let found = offices.province.get("/v1/dossiers?limit=100&facets=status,kind,place").await.is(200).body;
        let rows = found["data"].as_array().unwrap().len();
        for facet in ["status", "kind", "place"] {
            let sum: usize = found["facets"][facet].as_array().unwrap().iter().map(|v| number(&v["count"])).sum();
            assert_eq!(sum, rows, "{facet} in round {round}");
        }
        // What is at the province and what waits for the producer are the same sixty at every moment.
        let counts = offices.province.get("/v1/queue").await.is(200).body["counts"].clone();
        assert_eq!(number(&counts["mine"]) + number(&counts["waitingForProducer"]), 60, "{counts}");
    }
    stop.store(true, Ordering::Relaxed);
    let moved: usize = movers.into_iter().map(|t| t.join().unwrap()).sum();
    assert!(moved > 20, "{moved} moves while reading");
    for who in [&offices.province, &model.producer, &offices.commune, &offices.central] {
        queue_agrees(who, "").await;
    }
}

fn to_and_fro(cx: &mut ocop::db::Ctx<'_>, id: DossierId) -> ocop::error::Result<()> {
    let row = dossiers::hold(cx, id)?;
    let (action, party) = match row.status {
        Status::AtProvince => (Action::AskCorrection, Party::Province),
        _ => (Action::Answer, Party::Producer),
    };
    dossiers::advance(cx, &row, action, party, Deed::because("thử", json!({}))).map(|_| ())
}

#[actix_web::test]
async fn every_facet_counts_what_its_list_holds_for_everybody() {
    let stock = stock().await;
    let (_, letter) = stock.world.proposed(&stock.offices, &Case::of("07")).await;
    assert!(!letter.is_empty());
    for who in &stock.people {
        facets_agree(who, &[]).await;
    }
    let place = stock.offices.province_place.to_string();
    let all = facets_agree(&stock.offices.central, &[]).await;
    assert_eq!(all["round"][0]["value"], "province-2-2026", "a letter of 1 June reaches the second round");
    assert_eq!(all["place"].as_array().unwrap().len(), 2, "two provinces have dossiers");
    let commune = stock.offices.place.to_string();
    for who in [&stock.offices.central, &stock.offices.commune, &stock.people[1]] {
        facets_agree(who, &[("place", &place)]).await;
        facets_agree(who, &[("place", &commune), ("kind", "upgrade")]).await;
        facets_agree(who, &[("status", "submitted"), ("set", "07")]).await;
        facets_agree(who, &[("q", "ruoi"), ("filedFrom", "2026-05-01")]).await;
        facets_agree(who, &[("round", "province-2-2026"), ("level", "province")]).await;
    }
    let bad = stock.offices.central.get("/v1/dossiers?facets=stars").await.is(400);
    assert_eq!(bad.body["errors"][0]["code"], "not_allowed");
    stock.offices.central.get("/v1/dossiers?round=2026").await.is(400);
}

#[actix_web::test]
async fn a_dossier_is_found_by_what_people_type() {
    let stock = stock().await;
    let central = &stock.offices.central;
    let found = async |query: &str| whole(central, &format!("/v1/dossiers?{query}")).await.len();
    let filed = Status::ALL.len() - 1;
    assert_eq!(found("q=nuoc%20mam%20RUOI").await, 2 * filed);
    assert_eq!(found("q=r%C6%B0%C6%A1i").await, 2 * filed, "with diacritics");
    assert_eq!(found("q=nuoc%20dua").await, 0, "every word must be found");
    let view = stock.model.view().await;
    let producer = stock.world.deed({
        let id = stock.model.producer_id;
        move |cx| Ok(ocop::producers::get(cx, id)?.name)
    });
    let last = producer.rsplit(' ').next().unwrap().to_owned();
    assert_eq!(found(&format!("q=chu%20the%20{last}")).await, filed + 1, "by the producer");
    assert_eq!(found("code=86-29242-4-2026").await, 1);
    assert_eq!(found("code=86-29242-4").await, 11, "4, and 40 to 49");
    let receipt = view.body["receiptNumber"].as_str().unwrap().replace('/', "%2F").replace('Đ', "%C4%90");
    assert_eq!(found(&format!("code={receipt}")).await, 1);
    assert_eq!(
        found("dueTo=2026-05-31&status=submitted").await + found("dueFrom=2026-06-01&status=submitted").await,
        4
    );
    assert_eq!(found("filedFrom=2026-06-02").await, 0);
    assert_eq!(found("q=%25").await, 3 * filed + 1, "signs are no words");
    central.get("/v1/dossiers?filedFrom=0001-01-01").await.is(400);
    // Nobody finds what he may not see.
    let stranger = &stock.people[12];
    assert_eq!(whole(stranger, "/v1/dossiers?q=ruoi").await.len(), 0);
}

#[actix_web::test]
async fn one_answer_shows_beside_a_dossier_what_its_own_paths_answer() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let filed = world.filed(&offices, &Case::of("07")).await;
    let all = "documents,completeness,selfAssessment,history,differences,names";
    let whole = offices.commune.get(&filed.path(&format!("?expand={all}"))).await.is(200);
    let beside = &whole.body["expanded"];
    let own = async |rest: &str| offices.commune.get(&filed.path(rest)).await.is(200).body;
    assert_eq!(beside["documents"], own("/documents").await["data"]);
    assert_eq!(beside["completeness"], own("/completeness").await);
    assert_eq!(beside["selfAssessment"], own("/self-assessment").await);
    assert_eq!(beside["history"], own("/history").await);
    assert_eq!(beside["differences"], own("/differences").await);
    assert_eq!(beside["names"]["set"]["value"], "07");
    let plain = own("").await;
    assert_eq!(plain.get("expanded"), None);
    assert_eq!(
        (&plain["deadline"], &plain["deadlineWithPauses"], &plain["due"]),
        (&json!("2026-06-22"), &json!("2026-06-22"), &json!("onTime"))
    );
    offices.commune.get(&filed.path("?expand=secrets")).await.is(400);
}
