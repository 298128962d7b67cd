//! Rulebooks, who deals with which star on which day, criteria sets; new ones without a rebuild.

use ocop::actor::Caller;
use ocop::db::Ctx;
use ocop::error::{AppError, Result};
use ocop::ids::{CriteriaSetId, RulebookId};
use ocop::rulebook::{self, Change, DossierKind, Rulebook, Wording, criteria};
use serde_json::{Value, json};

use crate::world::World;

fn deed<T: Send + 'static>(world: &World, f: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static) -> Result<T> {
    world.db().write_now(&Caller::system("test"), f)
}

fn refused<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(AppError::Refused(why)) => why.word(),
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn who_scores_recognises_and_sends_on() {
    let world = World::new().await;
    let (d, p, c) = ("district", "province", "central");
    let by_districts: [(&[&str], Option<&str>); 5] =
        [(&[d], None), (&[d], None), (&[d], Some(d)), (&[d, p], Some(p)), (&[d, p, c], Some(c))];
    let selecting = [by_districts[0], by_districts[1], (&[d, p][..], Some(p)), by_districts[3], by_districts[4]];
    let direct: [(&[&str], Option<&str>); 5] =
        [(&[p], None), (&[p], None), (&[p], Some(p)), (&[p], Some(p)), (&[p, c], Some(c))];
    let table = [
        ("2023-02-23", "1048-781", "districtSelects", selecting),
        ("2023-02-24", "148", "districtRecognises", by_districts),
        ("2025-06-30", "148", "districtRecognises", by_districts),
        ("2025-07-03", "148", "provinceDirect", direct), // except 3★: no text names an authority
        ("2025-07-06", "1489", "provinceDirect", direct),
        ("2026-05-21", "1489", "provinceDirect", direct),
        ("2026-05-22", "26-2026", "provinceDirect", direct),
    ];
    for (day, book, pattern, cells) in table {
        for (stars, (scores, recognises)) in (1..).zip(cells) {
            let answer = world.stranger().get(&format!("/v1/rulebooks/authority?on={day}&stars={stars}")).await;
            if (day, stars) == ("2025-07-03", 3) {
                let stop = answer.refused("authority_unnamed");
                assert!(stop.body["detail"].as_str().unwrap().contains("3 sao"));
                continue;
            }
            let got = answer.is(200).body;
            assert_eq!((&got["rulebook"], &got["pattern"]), (&json!(book), &json!(pattern)), "{day} {stars}★");
            assert_eq!((&got["scores"], &got["recognises"]), (&json!(scores), &json!(recognises)), "{day} {stars}★");
            let on: Vec<Value> = scores.windows(2).map(|w| json!({"from": w[0], "to": w[1]})).collect();
            assert_eq!(got["sendsOn"], json!(on), "{day} {stars}★");
        }
    }
    world.stranger().get("/v1/rulebooks/authority?on=2019-01-01&stars=3").await.refused("rulebook_none_in_force");
    world.stranger().get("/v1/rulebooks/authority?on=2026-05-22&stars=6").await.is(400);
    world.stranger().get("/v1/rulebooks/authority?stars=3").await.is(400);
    // a dossier of 2024 that is decided in August 2025
    let pinned = world.stranger().get("/v1/rulebooks/authority?on=2025-08-01&stars=3&rulebook=148").await.is(200);
    assert_eq!(pinned.body["recognises"], "province");
}

#[actix_web::test]
async fn the_four_generations_are_there_one_after_another() {
    let world = World::new().await;
    let list = world.stranger().get("/v1/rulebooks").await.is(200).body;
    let codes: Vec<&str> = list["data"].as_array().unwrap().iter().map(|b| b["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["1048-781", "148", "1489", "26-2026"]);
    assert_eq!(list["data"][2]["validTo"], "2026-05-21");
    let id = list["data"][3]["id"].as_str().unwrap();
    assert_eq!(id, RulebookId::of_code("26-2026").to_string());
    let book = world.stranger().get(&format!("/v1/rulebooks/{id}")).await.is(200).body;
    assert_eq!((&book["book"]["certificate"]["months"], &book["used"]), (&json!(36), &json!(false)));
    for (sum, stars) in [(810, 5), (809, 4), (630, 4), (629, 3), (450, 3), (449, 2), (0, 1)] {
        let band = world.stranger().get(&format!("/v1/rulebooks/{id}/band?sum={sum}&sheets=9")).await.is(200).body;
        assert_eq!(band["stars"], stars, "{sum}/9");
    }
    world.stranger().get(&format!("/v1/rulebooks/{id}/band?sum=901&sheets=9")).await.is(400);
    world.stranger().get(&format!("/v1/rulebooks/{id}/band?sum=0&sheets=0")).await.is(400);
}

#[actix_web::test]
async fn the_26_sets_are_read_with_their_remarks_and_doubts() {
    let world = World::new().await;
    let first = world.stranger().get("/v1/criteria-sets?rulebook=26-2026").await.is(200);
    let next = first.body["page"]["next"].as_str().unwrap();
    let second = world.stranger().get(&format!("/v1/criteria-sets?rulebook=26-2026&cursor={next}")).await.is(200);
    let heads: Vec<&Value> =
        [&first, &second].into_iter().flat_map(|page| page.body["data"].as_array().unwrap()).collect();
    let codes: Vec<&str> = heads.iter().map(|h| h["code"].as_str().unwrap()).collect();
    assert_eq!(codes, (1..=26).map(|n| format!("{n:02}")).collect::<Vec<_>>());
    let doubted = heads.iter().find(|h| h["remarks"].as_u64().unwrap() > 0).unwrap();
    let path = format!("/v1/criteria-sets/{}", doubted["id"].as_str().unwrap());
    let set = world.stranger().get(&path).await.is(200);
    assert!(!set.body["set"]["remarks"][0]["vi"].as_str().unwrap().is_empty());
    assert_eq!((&set.body["rulebook"], &set.body["revision"]), (&json!("26-2026"), &json!(1)));
    let tag = set.headers["etag"].clone();
    let kept = world.stranger().request(actix_web::http::Method::GET, &path).insert_header(("If-None-Match", tag));
    world.send(kept).await.is(304);
    let all = world.stranger().get("/v1/criteria-sets?limit=100").await.is(200);
    let others: Vec<(&str, &str)> = all.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| (h["rulebook"].as_str().unwrap(), h["code"].as_str().unwrap()))
        .filter(|(book, _)| *book != "26-2026")
        .collect();
    assert_eq!(others, [("1048-781", "T35"), ("148", "T40"), ("1489", "T40")]);
}

#[actix_web::test]
async fn the_words_of_a_product_suggest_its_set() {
    let world = World::new().await;
    for (product, code) in
        [("ca%20phe%20rang%20xay", "13"), ("r%C6%B0%E1%BB%A3u%20tr%E1%BA%AFng", "14"), ("fish%20sauce", "09")]
    {
        let got = world.stranger().get(&format!("/v1/criteria-sets/suggest?product={product}")).await.is(200).body;
        assert_eq!(got["data"][0]["code"], code, "{product}: {got}");
        let set = format!("/v1/criteria-sets/{}", got["data"][0]["id"].as_str().unwrap());
        world.stranger().get(&set).await.is(200);
    }
    world.stranger().get("/v1/criteria-sets/suggest?product=").await.is(400);
    world.stranger().get("/v1/criteria-sets/suggest?product=gao&on=2018-01-01").await.refused("rulebook_none_in_force");
}

/// A rulebook that replaces 26/2026 from 2028 on, with other bands and another authority for 4★.
fn coming() -> Rulebook {
    let mut book: Value = serde_json::to_value(rulebook::embedded().unwrap().pop().unwrap()).unwrap();
    book["id"] = json!("99-2027");
    book["decisions"] = json!([{"number": "99/2027/QĐ-TTg", "adoptedOn": "2027-12-01"}]);
    book["validFrom"] = json!("2028-01-01");
    book["replaces"] = json!({"rulebooks": ["26-2026"], "finish": [
        {"kind": "first", "until": "2028-03-31", "article": "Điều 12"}], "article": "Điều 13"});
    book["bands"] = json!([{"star": 5, "from": 85}, {"star": 4, "from": 60, "below": 85}, {"star": 3, "from": 40, "below": 60},
        {"star": 2, "from": 20, "below": 40}, {"star": 1, "from": 0, "below": 20}]);
    for row in book["authorities"].as_array_mut().unwrap() {
        if row["star"] == 4 {
            (row["scores"], row["recognises"]) = (json!(["province", "central"]), json!("central"));
        }
    }
    Rulebook::parse(&book.to_string()).unwrap()
}

#[actix_web::test]
async fn a_new_rulebook_is_used_without_a_rebuild() {
    let world = World::new().await;
    world.spoil();
    let before = world.stranger().get("/v1/rulebooks/authority?on=2028-01-01&stars=4").await.is(200).body;
    assert_eq!((&before["rulebook"], &before["recognises"]), (&json!("26-2026"), &json!("province")));
    let published = deed(&world, |cx| rulebook::publish_rulebook(cx, &coming())).unwrap();
    assert_eq!(published.change, Change::Added);
    let last = world.stranger().get("/v1/rulebooks/authority?on=2027-12-31&stars=4").await.is(200).body;
    assert_eq!(last["rulebook"], "26-2026");
    let first = world.stranger().get("/v1/rulebooks/authority?on=2028-01-01&stars=4").await.is(200).body;
    assert_eq!((&first["rulebook"], &first["recognises"]), (&json!("99-2027"), &json!("central")));
    let list = world.stranger().get("/v1/rulebooks").await.is(200).body;
    assert_eq!(list["data"][3]["validTo"], "2027-12-31", "the one before is ended by the new one");
    let band =
        world.stranger().get(&format!("/v1/rulebooks/{}/band?sum=765&sheets=9", published.id)).await.is(200).body;
    assert_eq!(band["stars"], 5, "85 of 100 are five stars under the new bands");
    let filed = deed(&world, |cx| rulebook::for_filing(cx, DossierKind::First, "2028-01-01".parse().unwrap())).unwrap();
    assert_eq!(filed.id, published.id);

    let mut clash = coming();
    clash.id = "100-2027".into();
    assert_eq!(refused(deed(&world, move |cx| rulebook::publish_rulebook(cx, &clash))), "rulebook_overlap");
    let mut unsound = coming();
    unsound.bands.pop();
    assert_eq!(refused(deed(&world, move |cx| rulebook::publish_rulebook(cx, &unsound))), "rulebook_unsound");
}

#[actix_web::test]
async fn a_rulebook_never_changes_once_a_dossier_pins_it() {
    let world = World::new().await;
    world.spoil();
    let publish = |change: fn(&mut Rulebook)| {
        let mut book = coming();
        change(&mut book);
        deed(&world, move |cx| rulebook::publish_rulebook(cx, &book))
    };
    let first = publish(|_| ()).unwrap();
    assert_eq!(publish(|_| ()).unwrap().change, Change::Unchanged);
    let again = publish(|b| b.title.en = "Another title".into()).unwrap();
    assert_eq!((again.id, again.change), (first.id, Change::Revised));
    let set = deed(&world, |cx| rulebook::newest_set(cx, RulebookId::of_code("26-2026"), "13")).unwrap();
    deed(&world, move |cx| rulebook::mark_used(cx, first.id, set.id)).unwrap();
    assert_eq!(refused(publish(|b| b.title.en = "A third title".into())), "rulebook_in_use");
    assert_eq!(publish(|b| b.title.en = "Another title".into()).unwrap().change, Change::Unchanged);
    let shown = world.stranger().get(&format!("/v1/rulebooks/{}", first.id)).await.is(200).body;
    assert_eq!((&shown["used"], &shown["book"]["title"]["en"]), (&json!(true), &json!("Another title")));
}

#[actix_web::test]
async fn another_wording_of_a_set_is_a_new_revision() {
    let world = World::new().await;
    world.spoil();
    let coffee = || criteria::sets().iter().find(|s| s.code == "13").unwrap().clone();
    let publish = move |change: fn(&mut rulebook::CriteriaSet)| {
        let mut set = coffee();
        change(&mut set);
        move |cx: &mut Ctx<'_>| rulebook::publish_set(cx, &set)
    };
    let same = deed(&world, publish(|_| ())).unwrap();
    assert_eq!((same[0].change, same[0].revision), (Change::Unchanged, 1));
    let official = |s: &mut rulebook::CriteriaSet| {
        s.wording = Wording::Official;
        s.name.vi = "Cà phê, ca cao (nguyên văn)".into();
    };
    let new = deed(&world, publish(official)).unwrap();
    assert_eq!((new[0].change, new[0].revision), (Change::Revised, 2));
    assert_eq!(deed(&world, publish(official)).unwrap()[0].change, Change::Unchanged);
    let book = RulebookId::of_code("26-2026");
    let newest = deed(&world, move |cx| rulebook::newest_set(cx, book, "13")).unwrap();
    assert_eq!((newest.id, newest.wording), (new[0].id, Wording::Official));
    let old: CriteriaSetId = same[0].id;
    let shown = world.stranger().get(&format!("/v1/criteria-sets/{old}")).await.is(200).body;
    assert_eq!((&shown["revision"], &shown["wording"]), (&json!(1), &json!("short")), "the first stays as it was");
    let list = world.stranger().get("/v1/criteria-sets?rulebook=26-2026&set=13").await.is(200).body;
    assert_eq!((list["data"].as_array().unwrap().len(), &list["data"][0]["revision"]), (1, &json!(2)));
    let every = world.stranger().get("/v1/criteria-sets?rulebook=26-2026&set=13&revisions=true").await.is(200).body;
    assert_eq!(every["data"].as_array().unwrap().len(), 2);

    let unsound = publish(|s| s.parts[0].max_points += 1);
    assert_eq!(refused(deed(&world, unsound)), "criteria_inconsistent");
    let nowhere = publish(|s| s.rulebook = "77/2030/QĐ-TTg".into());
    assert_eq!(refused(deed(&world, nowhere)), "criteria_decision_unknown");
    assert_eq!(refused(deed(&world, move |cx| rulebook::newest_set(cx, book, "99"))), "criteria_set_unknown");
}
