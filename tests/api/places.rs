//! Units by code and day, by folded words, as a tree; what an office reaches; calendars.

use ocop::actor::{Caller, Role};
use ocop::app::{ReferenceScope, load_reference};
use ocop::ids::PlaceId;
use ocop::places::{self, Level};
use serde_json::{Value, json};

use crate::world::{Reply, World};

fn names(reply: &Reply) -> Vec<&str> {
    reply.body["data"].as_array().unwrap().iter().map(|p| p["fullName"].as_str().unwrap()).collect()
}

/// The unit that bore a code on a day.
async fn unit(world: &World, level: &str, code: &str, on: &str) -> Value {
    let found = world.stranger().get(&format!("/v1/places?level={level}&code={code}&on={on}")).await.is(200);
    assert_eq!(found.body["data"].as_array().unwrap().len(), 1, "{code} on {on}: {}", found.text);
    found.body["data"][0].clone()
}

async fn id(world: &World, level: &str, code: &str, on: &str) -> String {
    unit(world, level, code, on).await["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn words_without_marks_find_the_unit() {
    let world = World::new().await;
    let found = world.stranger().get("/v1/places?q=tra%20vinh").await.is(200);
    let mut all = names(&found);
    all.sort_unstable();
    assert_eq!(all, ["Phường Trà Vinh", "Thành phố Trà Vinh", "Tỉnh Trà Vinh"]);
    assert!(found.headers["cache-control"].starts_with("public"));
    let today = world.stranger().get("/v1/places?q=TR%C3%80%20VINH&on=2026-06-01").await.is(200);
    assert_eq!(names(&today), ["Phường Trà Vinh"]);
    let kind = world.stranger().get("/v1/places?q=xa%20tam%20ngai&on=2025-06-30").await.is(200);
    assert_eq!(kind.body["data"][0]["code"], "29332");
    assert!(names(&world.stranger().get("/v1/places?q=%25").await.is(200)).is_empty(), "a percent sign is a letter");
}

#[actix_web::test]
async fn a_code_names_another_unit_on_another_day() {
    let world = World::new().await;
    let before = unit(&world, "commune", "29335", "2025-06-30").await;
    let after = unit(&world, "commune", "29335", "2025-07-01").await;
    assert_eq!((&before["fullName"], &after["fullName"]), (&json!("Xã Thông Hòa"), &json!("Xã Tam Ngãi")));
    assert_ne!(before["id"], after["id"]);
    assert_eq!((&before["regime"], &after["regime"]), (&json!("three-tier"), &json!("two-tier")));
    let ended = world.stranger().get("/v1/places?level=province&code=84&on=2025-07-01").await.is(200);
    assert!(names(&ended).is_empty(), "84 ended on 30 June 2025");
}

#[actix_web::test]
async fn a_unit_shows_what_is_above_before_and_after_it() {
    let world = World::new().await;
    let old = id(&world, "commune", "29335", "2025-06-30").await;
    let shown = world.stranger().get(&format!("/v1/places/{old}")).await.is(200).body;
    let above: Vec<&str> = shown["ancestors"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(above, ["Cầu Kè", "Trà Vinh"]);
    assert_eq!(shown["successors"][0]["place"]["fullName"], "Xã Tam Ngãi");
    assert_eq!(shown["successors"][0]["on"], "2025-07-01");
    assert_eq!(shown["successors"][0]["kind"], "absorbed");
    let new = shown["current"][0]["id"].as_str().unwrap();
    let shown = world.stranger().get(&format!("/v1/places/{new}")).await.is(200).body;
    let before: Vec<&str> =
        shown["predecessors"].as_array().unwrap().iter().map(|p| p["place"]["name"].as_str().unwrap()).collect();
    assert!(before.contains(&"Thông Hòa") && before.contains(&"Tam Ngãi"), "{before:?}");
    assert_eq!(shown["ancestors"][0]["fullName"], "Tỉnh Vĩnh Long");
    let missing = PlaceId::of_key("00000", "commune", None, "three-tier");
    world.stranger().get(&format!("/v1/places/{missing}")).await.is(404);
    assert_eq!(world.stranger().get("/v1/places/29335").await.is(400).word(), "bad_parameter");
}

#[actix_web::test]
async fn the_tree_is_walked_page_by_page() {
    let world = World::new().await;
    let province = id(&world, "province", "84", "2025-06-30").await;
    let districts = world.stranger().get(&format!("/v1/places/{province}/children")).await.is(200);
    assert_eq!(districts.body["data"].as_array().unwrap().len(), 9);
    let vinh_long = id(&world, "province", "86", "2025-07-01").await;
    let mut path = format!("/v1/places/{vinh_long}/children?on=2026-06-01&limit=50");
    let mut all: Vec<String> = Vec::new();
    loop {
        let page = world.stranger().get(&path).await.is(200);
        all.extend(names(&page).iter().map(|n| (*n).to_owned()));
        let Some(next) = page.body["page"]["next"].as_str() else { break };
        assert!(page.headers["link"].contains("rel=\"next\""));
        path = format!("/v1/places/{vinh_long}/children?on=2026-06-01&limit=50&cursor={next}");
    }
    assert_eq!(all.len(), 124);
    world.stranger().get("/v1/places?limit=101").await.is(400);
    world.stranger().get("/v1/places?colour=red").await.is(400);
    world.stranger().get("/v1/places?cursor=abc").await.is(400);
}

#[actix_web::test]
async fn an_office_reaches_its_territory_through_the_reform_and_no_further() {
    let world = World::new().await;
    let reaches = |office: (&'static str, Level, &'static str), place: (&'static str, Level, &'static str)| {
        let day = |d: &str| d.parse().unwrap();
        world
            .db()
            .read_now(&Caller::system("test"), |cx| {
                let office = places::at(cx, office.0, office.1, day(office.2))?.unwrap();
                let place = places::at(cx, place.0, place.1, day(place.2))?.unwrap();
                places::reaches(cx, office.id, place.id)
            })
            .unwrap()
    };
    let (old, new) = ("2025-06-30", "2025-07-01");
    let (tra_vinh, vinh_long) = (("84", Level::Province, old), ("86", Level::Province, new));
    let (cau_ke, thong_hoa) = (("845", Level::District, old), ("29335", Level::Commune, old));
    let tam_ngai = ("29335", Level::Commune, new);
    for (office, place, expected) in [
        (tra_vinh, thong_hoa, true),  // down
        (cau_ke, thong_hoa, true),    // down
        (vinh_long, tam_ngai, true),  // down
        (vinh_long, thong_hoa, true), // back: dossiers still kept at an old commune
        (vinh_long, cau_ke, true),    // back: and at an old district
        (vinh_long, tra_vinh, true),  // back
        (tam_ngai, thong_hoa, true),  // back
        (tra_vinh, tam_ngai, true),   // forward: the communes that followed
        (thong_hoa, tam_ngai, true),  // forward
        (tra_vinh, vinh_long, false), // never the whole province it became a part of
        (tra_vinh, ("29740", Level::Commune, new), false),
        (thong_hoa, cau_ke, false), // never up
        (("83", Level::Province, old), tam_ngai, false),
        (("25", Level::Province, new), thong_hoa, false),
    ] {
        assert_eq!(reaches(office, place), expected, "{office:?} {place:?}");
    }
}

#[actix_web::test]
async fn the_units_that_stand_today_for_an_old_one() {
    let world = World::new().await;
    let current = |code: &'static str, level: Level, on: &'static str| {
        world
            .db()
            .read_now(&Caller::system("test"), |cx| {
                let old = places::at(cx, code, level, "2024-12-31".parse().unwrap())?.unwrap();
                let now = places::current(cx, old.id, on.parse().unwrap())?;
                Ok(now.into_iter().map(|p| p.full_name).collect::<Vec<_>>())
            })
            .unwrap()
    };
    assert_eq!(current("84", Level::Province, "2025-06-30"), ["Tỉnh Trà Vinh"]);
    assert_eq!(current("84", Level::Province, "2026-06-01"), ["Tỉnh Vĩnh Long"]);
    // Phường 2 went into Phường 3 on 1/1/2025, and that into Phường Trà Vinh
    assert_eq!(current("29245", Level::Commune, "2025-03-01"), ["Phường 3"]);
    assert_eq!(current("29245", Level::Commune, "2026-06-01"), ["Phường Trà Vinh"]);
    assert!(current("845", Level::District, "2026-06-01").contains(&"Xã Tam Ngãi".to_owned()));
}

#[actix_web::test]
async fn reference_data_loaded_again_changes_nothing() {
    let world = World::new().await;
    let count = || {
        let all = |cx: &mut ocop::db::Ctx<'_>| {
            use diesel::RunQueryDsl;
            #[derive(diesel::QueryableByName)]
            struct N {
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                n: i64,
            }
            let mut counts = Vec::new();
            for table in ocop::app::REFERENCE_TABLES {
                let row: N = diesel::sql_query(format!("select count(*) as n from {table}")).get_result(cx.conn)?;
                counts.push((*table, row.n));
            }
            Ok(counts)
        };
        world.db().read_now(&Caller::system("test"), all).unwrap()
    };
    let before = count();
    assert!(before.iter().all(|(_, n)| *n > 0), "{before:?}");
    load_reference(world.db(), ReferenceScope::Sample, &mut |_, _, _| {}).unwrap();
    assert_eq!(count(), before);
}

#[actix_web::test]
async fn a_year_without_holidays_is_refused() {
    let world = World::new().await;
    let years = world.stranger().get("/v1/calendars").await.is(200).body;
    assert_eq!(
        (&years["data"][0]["year"], &years["data"][8]),
        (&json!(2019), &json!({"year": 2027, "confirmed": false}))
    );
    let year = world.stranger().get("/v1/calendars/2026").await.is(200).body;
    assert_eq!((&year["days"][0]["date"], &year["confirmed"]), (&json!("2026-01-01"), &json!(true)));
    let unknown = world.stranger().get("/v1/calendars/2028").await.refused("calendar_year_unknown");
    assert!(unknown.body["detail"].as_str().unwrap().contains("2028"));
}

#[actix_web::test]
async fn administrators_keep_the_list_of_organisations() {
    let world = World::new().await;
    let place = id(&world, "province", "86", "2025-07-01").await;
    let facts = json!({"name": "Sở Nông nghiệp và Môi trường tỉnh Vĩnh Long", "kind": "department", "level": "province",
        "place": place, "validFrom": "2025-07-01"});
    world.stranger().post("/v1/organisations", facts.clone()).await.is(401);
    world.with_role(Role::Province).post("/v1/organisations", facts.clone()).await.is(403);
    let keeper = world.with_role(Role::Administrator);
    let made = keeper.post_once("/v1/organisations", "a", facts.clone()).await.is(201);
    let again = keeper.post_once("/v1/organisations", "a", facts.clone()).await.is(201);
    assert_eq!((made.id(), &again.headers["idempotency-replayed"]), (again.id(), &"true".to_owned()));
    let found = world.stranger().get("/v1/organisations?q=so%20nong%20nghiep&on=2026-06-01").await.is(200);
    assert_eq!(found.body["data"][0]["id"], made.id());
    let path = format!("/v1/organisations/{}", made.id());
    let shown = world.stranger().get(&path).await.is(200);
    let mut ended = facts.clone();
    ended["validTo"] = json!("2026-05-31");
    assert_eq!(keeper.put(&path, "\"7\"", ended.clone()).await.is(412).word(), "stale");
    keeper.put(&path, shown.tag(), ended.clone()).await.is(200);
    assert!(
        world.stranger().get("/v1/organisations?on=2026-06-01").await.is(200).body["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    ended["validTo"] = json!("2020-01-01");
    keeper.put(&path, "\"2\"", ended).await.is(422);
    let mut nowhere = facts;
    nowhere["place"] = json!(made.id());
    assert_eq!(keeper.post("/v1/organisations", nowhere).await.is(422).body["errors"][0]["pointer"], "/place");
}
