//! The register: who sees and changes producers and products, what stays private, what a merge, a
//! transfer and a correction leave behind, codes without doubles, pictures.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::http::Method;
use serde_json::{Value, json};

use ocop::actor::{Caller, Role};
use ocop::app::FOLLOWERS;
use ocop::db::Ctx;
use ocop::error::{AppError, Result};
use ocop::ids::{DossierId, PlaceId, ProductId};
use ocop::places::reform::Shift;
use ocop::places::{self, Level};
use ocop::products::{self, CodeRules};
use ocop::rulebook::CodePattern;

use crate::world::register::{a_picture, because, unit};
use crate::world::{Person, World};

/// Xã Cầu Kè and Xã Tiểu Cần, Vĩnh Long, from 1 July 2025.
const CAU_KE: &str = "29308";
const TIEU_CAN: &str = "29341";
const VINH_LONG: &str = "86";

fn officer(world: &World, commune: &'static str) -> Person {
    world.official(Role::Commune, commune, Level::Commune)
}

async fn tag_of(person: &Person, path: &str) -> String {
    person.get(path).await.is(200).tag().to_owned()
}

#[actix_web::test]
async fn an_officer_registers_producers_of_the_own_territory_only() {
    let world = World::new().await;
    let here = unit(&world, CAU_KE, Level::Commune);
    let there = unit(&world, TIEU_CAN, Level::Commune);
    let body = |place: PlaceId| json!({"name": "Hộ kinh doanh Năm Thụy", "kind": "householdBusiness", "taxCode": "0100109106", "place": place});
    let officer = officer(&world, CAU_KE);

    let made = officer.post("/v1/producers", body(here)).await.is(201);
    assert_eq!(made.headers["location"], format!("/v1/producers/{}", made.id()));
    assert_eq!(made.body["place"]["name"], "Xã Cầu Kè");
    officer.post("/v1/producers", body(here)).await.refused("producer_tax_code_taken");
    officer.post("/v1/producers", body(there)).await.is(403);
    let wrong = officer
        .post("/v1/producers", json!({"name": "A", "kind": "company", "taxCode": "0100109107", "place": here}))
        .await;
    assert_eq!(wrong.is(422).body["errors"][0]["code"], "taxCode_check");
    let nowhere = officer.post("/v1/producers", body(PlaceId::new())).await.is(422);
    assert_eq!(nowhere.body["errors"][0]["pointer"], "/place");
    world.a_producer(CAU_KE).person.post("/v1/producers", body(here)).await.is(403);
    world.stranger().post("/v1/producers", body(here)).await.is(401);
}

#[actix_web::test]
async fn a_repeated_registration_is_one() {
    let world = World::new().await;
    let here = unit(&world, CAU_KE, Level::Commune);
    let officer = officer(&world, CAU_KE);
    let body = json!({"name": "Trang trại Ba Tơ", "kind": "farm", "place": here});
    let first = officer.post_once("/v1/producers", "k1", body.clone()).await.is(201);
    let again = officer.post_once("/v1/producers", "k1", body).await.is(201);
    assert_eq!((first.id(), again.headers["idempotency-replayed"].as_str()), (again.id(), "true"));
    assert_eq!(officer.get("/v1/producers?q=trang%20trai").await.is(200).body["data"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_list_holds_the_territory_in_the_order_of_names_and_is_cut_by_key() {
    let world = World::new().await;
    let names = ["Hợp tác xã Ăn", "Hợp tác xã An", "Hợp tác xã Ân", "Hợp tác xã Đu đủ"];
    for name in names {
        world.a_producer_named(CAU_KE, name);
    }
    world.a_producer_named(TIEU_CAN, "Hợp tác xã Khác");
    let officer = officer(&world, CAU_KE);
    let first = officer.get("/v1/producers?limit=3").await.is(200);
    let seen: Vec<&str> = first.body["data"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(seen, ["Hợp tác xã An", "Hợp tác xã Ăn", "Hợp tác xã Ân"]);
    let next = first.body["page"]["next"].as_str().unwrap();
    let rest = officer.get(&format!("/v1/producers?limit=3&cursor={next}")).await.is(200);
    assert_eq!(rest.body["data"].as_array().unwrap().len(), 1);
    assert_eq!(rest.body["page"]["next"], Value::Null);
    let province = world.official(Role::Province, VINH_LONG, Level::Province);
    assert_eq!(province.get("/v1/producers?q=HOP%20tac").await.is(200).body["data"].as_array().unwrap().len(), 5);
    let place = unit(&world, TIEU_CAN, Level::Commune);
    let there = province.get(&format!("/v1/producers?place={place}&kind=cooperative")).await.is(200);
    assert_eq!(there.body["data"].as_array().unwrap().len(), 1);
    province.get("/v1/producers?colour=red").await.is(400);
    province.get("/v1/producers?q=%00").await.is(400);
}

#[actix_web::test]
async fn a_producer_is_seen_and_described_by_its_own_people_and_its_commune() {
    let world = World::new().await;
    let (owner, other) = (world.a_producer(CAU_KE), world.a_producer(CAU_KE));
    let path = format!("/v1/producers/{}", owner.id);
    other.person.get(&path).await.is(404);
    officer(&world, TIEU_CAN).get(&path).await.is(404);
    world.official(Role::Inspector, CAU_KE, Level::Commune).get(&path).await.is(200);
    let tag = tag_of(&owner.person, &path).await;
    let body = json!({"name": "Hợp tác xã Dừa sáp Trà Vinh", "address": "Ấp 2"});
    let inspector = world.official(Role::Inspector, CAU_KE, Level::Commune);
    inspector.put(&path, &tag, body.clone()).await.is(403);
    world.send(owner.person.request(Method::PUT, &path).set_json(&body)).await.is(428);
    let changed = owner.person.put(&path, &tag, body.clone()).await.is(200);
    assert_eq!(changed.body["aliases"], json!(["Hợp tác xã Dừa sáp Cầu Kè"]));
    owner.person.put(&path, &tag, body).await.is(412);
    let found = owner.person.get("/v1/producers?q=dua%20sap%20cau%20ke").await.is(200);
    assert_eq!(found.body["data"][0]["name"], "Hợp tác xã Dừa sáp Trà Vinh");
}

#[actix_web::test]
async fn particulars_leave_only_with_a_ground_and_every_reading_is_written_down() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let path = format!("/v1/producers/{}/private", owner.id);
    let tag = tag_of(&owner.person, &path).await;
    let body = json!({"representativeName": "Thạch Thị Sa", "sex": "female", "ethnicity": "Khmer", "disability": false, "phone": "0912 345 678"});
    let written = owner.person.put(&path, &tag, body).await.is(200);
    assert_eq!(written.body["phone"], "+84912345678");

    for (role, code, level) in [
        (Role::Commune, CAU_KE, Level::Commune),
        (Role::Province, VINH_LONG, Level::Province),
        (Role::Advisory, VINH_LONG, Level::Province),
    ] {
        assert_eq!(world.official(role, code, level).get(&path).await.is(200).body["ethnicity"], "Khmer");
    }
    for role in [Role::Inspector, Role::Department, Role::Signer] {
        world.official(role, VINH_LONG, Level::Province).get(&path).await.is(403);
    }
    for role in [Role::Central, Role::Auditor] {
        world.with_role(role).get(&path).await.is(403);
    }
    for role in [Role::Administrator, Role::Editor] {
        world.with_role(role).get(&path).await.is(404);
    }
    officer(&world, TIEU_CAN).get(&path).await.is(404);
    world.a_producer(CAU_KE).person.get(&path).await.is(404);
    world.stranger().get(&path).await.is(401);

    let rows = world.db().read_now(&Caller::system("test"), |cx| ocop::audit::of_subject(cx, owner.id.0)).unwrap();
    let reads = rows.iter().filter(|r| r.deed == "producer.particulars_read").count();
    assert_eq!(reads, 4);
    let all = rows.iter().map(|r| r.details.text()).collect::<String>();
    assert!(!all.contains("Khmer") && !all.contains("912345678") && !all.contains("Sa\""), "{all}");
    let changed = rows.iter().find(|r| r.deed == "producer.particulars_changed").unwrap();
    assert_eq!(changed.details.0["ethnicity"], "private");
}

#[actix_web::test]
async fn a_personal_number_stands_in_the_particulars_only() {
    let world = World::new().await;
    let here = unit(&world, CAU_KE, Level::Commune);
    let officer = officer(&world, CAU_KE);
    let body = json!({"name": "Hộ Kim Thị Sô", "kind": "householdBusiness", "taxCode": "084190123456", "place": here});
    let made = officer.post("/v1/producers", body).await.is(201);
    assert!(!made.text.contains("084190123456"));
    assert!(!officer.get("/v1/producers").await.text.contains("084190123456"));
    let private = officer.get(&format!("/v1/producers/{}/private", made.id())).await.is(200);
    assert_eq!(private.body["taxCode"], "084190123456");
}

#[actix_web::test]
async fn a_correction_needs_a_reason_an_officer_and_something_to_correct() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let path = format!("/v1/producers/{}", owner.id);
    let act = format!("{path}/correct");
    let officer = officer(&world, CAU_KE);
    let tag = tag_of(&officer, &path).await;
    let body = because("Giấy đăng ký ghi công ty", json!({"fields": {"kind": "company", "taxCode": "0100109106"}}));

    owner.person.acts(&act, &tag, "k", body.clone()).await.is(403);
    officer.acts(&act, &tag, "k0", json!({"fields": {"kind": "company"}})).await.is(422);
    world
        .send(officer.request(Method::POST, &act).insert_header(("If-Match", tag.clone())).set_json(&body))
        .await
        .is(428);
    officer.post_once(&act, "k1", body.clone()).await.is(428);
    let done = officer.acts(&act, &tag, "k1", body.clone()).await.is(201);
    assert_eq!((done.body["kind"].as_str(), done.body["taxCode"].as_str()), (Some("company"), Some("0100109106")));
    assert_eq!(done.body["acts"][0]["act"], "correct");
    assert_eq!(done.body["acts"][0]["details"]["kind"], json!({"before": "cooperative", "after": "company"}));
    let again = officer.acts(&act, &tag, "k1", body.clone()).await.is(201);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    officer.acts(&act, &tag, "k2", body.clone()).await.is(412);
    officer.acts(&act, done.tag(), "k3", body).await.refused("register_nothing_to_correct");
    let emptied = because("Không có mã số thuế", json!({"fields": {"taxCode": null}}));
    let done = officer.acts(&act, done.tag(), "k4", emptied).await.is(201);
    assert_eq!(done.body.get("taxCode"), None);
}

#[actix_web::test]
async fn a_merged_producer_leads_to_the_one_that_stays_and_brings_everything_along() {
    let world = World::new().await;
    let old = world.a_producer_named(CAU_KE, "HTX Dừa sáp");
    let stays = world.a_producer(CAU_KE);
    let product = world.a_product(old.id, "Dừa sáp sợi");
    let officer = officer(&world, CAU_KE);
    let (path, act) = (format!("/v1/producers/{}", old.id), format!("/v1/producers/{}/merge", old.id));
    let tag = tag_of(&officer, &path).await;
    let body = because("Một hợp tác xã ghi hai tên", json!({"into": stays.id}));

    old.person.acts(&act, &tag, "k", body.clone()).await.is(403);
    officer
        .acts(&act, &tag, "k0", because("Nhầm", json!({"into": old.id})))
        .await
        .refused("register_merge_with_itself");
    let foreign = world.a_producer(TIEU_CAN);
    officer.acts(&act, &tag, "k0", because("Nhầm", json!({"into": foreign.id}))).await.is(422);
    let done = officer.acts(&act, &tag, "k1", body.clone()).await.is(201);
    assert_eq!(done.id(), stays.id.to_string());
    assert_eq!(done.body["aliases"], json!(["HTX Dừa sáp"]));
    officer.acts(&act, &tag, "k1", body.clone()).await.is(201);
    officer.acts(&act, "*", "k2", body).await.refused("register_merged");

    for person in [&officer, &old.person, &stays.person] {
        let led = person.get(&path).await.is(308);
        assert_eq!(led.headers["location"], format!("/v1/producers/{}", stays.id));
        let product = person.get(&format!("/v1/products/{product}")).await.is(200);
        assert_eq!(product.body["producer"], json!(stays.id));
        person.get(&format!("/v1/producers/{}", stays.id)).await.is(200);
        let of_old = person.get(&format!("/v1/products?producer={}", stays.id)).await.is(200);
        assert_eq!(of_old.body["data"].as_array().unwrap().len(), 1);
    }
    officer.put(&path, "*", json!({"name": "X"})).await.refused("register_merged");
    // A chain of merges leads to its end in one step.
    let last = world.a_producer_named(CAU_KE, "HTX cuối");
    let act = format!("/v1/producers/{}/merge", stays.id);
    officer.acts(&act, "*", "k3", because("Lại trùng", json!({"into": last.id}))).await.is(201);
    assert_eq!(old.person.get(&path).await.is(308).headers["location"], format!("/v1/producers/{}", last.id));
    old.person.get(&format!("/v1/producers/{}", last.id)).await.is(200);
}

#[actix_web::test]
async fn a_product_is_registered_with_codes_that_belong_together() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let body = |more: Value| {
        let mut body = json!({"producer": owner.id, "name": "Dừa sáp sợi"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let made = owner.person.post("/v1/products", body(json!({"set": "07", "gtin": "8934563138165"}))).await.is(201);
    assert_eq!((made.body["sector"].as_str(), made.body["group"].as_str()), (Some("1"), Some("1.3")));
    assert_eq!(made.body["place"]["code"], CAU_KE);
    owner.person.post("/v1/products", body(json!({"set": "T40"}))).await.is(201);
    for (wrong, pointer) in [
        (json!({"set": "99"}), "/set"),
        (json!({"set": "07", "group": "2.1"}), "/group"),
        (json!({"group": "1.3", "sector": "2"}), "/sector"),
        (json!({"gtin": "8934563138166"}), "/gtin"),
        (json!({"place": PlaceId::new()}), "/place"),
        (json!({"producer": world.a_producer(CAU_KE).id}), "/producer"),
    ] {
        let answer = owner.person.post("/v1/products", body(wrong)).await.is(422);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer);
    }
    let path = format!("/v1/products/{}", made.id());
    let change = json!({"name": "Dừa sáp sợi Cầu Kè", "set": "08", "story": "Trái dừa sáp…"});
    world.official(Role::Department, VINH_LONG, Level::Province).put(&path, made.tag(), change.clone()).await.is(403);
    world.a_producer(TIEU_CAN).person.get(&path).await.is(404);
    let changed = owner.person.put(&path, made.tag(), change).await.is(200);
    assert_eq!(changed.body["aliases"], json!(["Dừa sáp sợi"]));
    let found = owner.person.get("/v1/products?q=dua%20sap%20soi&set=08").await.is(200);
    assert_eq!(found.body["data"][0]["id"], made.body["id"]);
}

fn given_in(cx: &mut Ctx<'_>, product: ProductId, year: i32, wanted: Option<i64>) -> Result<String> {
    let row = products::get(cx, product)?;
    let commune = places::at(cx, CAU_KE, Level::Commune, cx.today())?.unwrap();
    let rules = CodeRules { pattern: CodePattern::WithoutDistrict, year, per_year: false };
    Ok(products::give_code(cx, &row, DossierId::new(), &commune, rules, wanted)?.to_string())
}

fn give(world: &World, product: ProductId, year: i32, wanted: Option<i64>) -> Result<String> {
    world.db().write_now(&Caller::system("test"), move |cx| given_in(cx, product, year, wanted))
}

#[actix_web::test]
async fn a_code_is_given_once_kept_for_life_and_found_again() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let (one, two) = (world.a_product(owner.id, "Dừa sáp sợi"), world.a_product(owner.id, "Dầu dừa"));
    assert_eq!(give(&world, one, 2026, None).unwrap(), "86-29308-1-2026");
    assert_eq!(give(&world, one, 2026, None).unwrap(), "86-29308-1-2026");
    assert_eq!(give(&world, two, 2026, Some(7)).unwrap(), "86-29308-7-2026");
    assert!(give(&world, two, 2026, Some(8)).is_err());
    assert!(give(&world, world.a_product(owner.id, "Kẹo dừa"), 2026, Some(7)).is_err());
    assert_eq!(give(&world, world.a_product(owner.id, "Mứt dừa"), 2026, None).unwrap(), "86-29308-8-2026");
    world.today("2029-06-01");
    assert_eq!(give(&world, one, 2029, None).unwrap(), "86-29308-1-2029");
    for code in ["86-29308-1-2026", "86-29308-1-2029", "86%20-%2029308-001-2029"] {
        let found = owner.person.get(&format!("/v1/products/by-code/{code}")).await.is(200);
        assert_eq!(found.id(), one.to_string());
        assert_eq!(found.body["codes"][0]["code"], "86-29308-1-2029");
        assert_eq!(found.body["codes"][1]["validTo"], "2029-05-31");
    }
    owner.person.get("/v1/products/by-code/86-29308-99-2026").await.is(404);
    owner.person.get("/v1/products/by-code/abc").await.is(400);
    world.a_producer(TIEU_CAN).person.get("/v1/products/by-code/86-29308-1-2026").await.is(404);
}

#[actix_web::test]
async fn a_rulebook_may_have_the_numbers_begin_again_each_year() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let (one, two) = (world.a_product(owner.id, "Dừa sáp sợi"), world.a_product(owner.id, "Dầu dừa"));
    let give = |product, year| {
        world.as_service(move |cx| {
            let row = products::get(cx, product)?;
            let commune = places::at(cx, CAU_KE, Level::Commune, cx.today())?.unwrap();
            let rules = CodeRules { pattern: CodePattern::WithoutDistrict, year, per_year: true };
            Ok(products::give_code(cx, &row, DossierId::new(), &commune, rules, None)?.to_string())
        })
    };
    assert_eq!(give(one, 2026), "86-29308-1-2026");
    assert_eq!(give(two, 2026), "86-29308-2-2026");
    assert_eq!(give(two, 2027), "86-29308-1-2027");
    assert_eq!(give(one, 2027), "86-29308-2-2027");
    assert_eq!(give(one, 2027), "86-29308-2-2027", "kept within the year");
}

#[actix_web::test]
async fn an_imported_code_pushes_the_commune_on() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let (one, two) = (world.a_product(owner.id, "Dừa sáp sợi"), world.a_product(owner.id, "Dầu dừa"));
    let import = |product, text: &'static str| {
        world.db().write_now(&Caller::system("test"), move |cx| {
            let row = products::get(cx, product)?;
            products::import_code(cx, &row, &text.parse()?, "2025-12-30".parse().unwrap())
        })
    };
    assert!(import(one, "86-29308-41-2025").unwrap());
    assert!(!import(one, "86-29308-41-2025").unwrap());
    assert!(import(two, "86-29308-41-2025").is_err());
    assert_eq!(give(&world, two, 2026, None).unwrap(), "86-29308-42-2026");
    assert_eq!(give(&world, one, 2026, None).unwrap(), "86-29308-41-2026");
}

/// On PostgreSQL the proposals are on connections of their own; each must wait for the one before.
#[actix_web::test]
async fn proposals_at_the_same_moment_get_different_numbers() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let products: Vec<ProductId> = (0..8).map(|_| world.a_product(owner.id, "Dừa sáp sợi")).collect();
    let gate = Arc::new(std::sync::Barrier::new(4));
    let threads: Vec<_> = products
        .chunks(2)
        .map(|pair| {
            let (pair, db, gate) = (pair.to_vec(), world.db().clone(), gate.clone());
            std::thread::spawn(move || {
                gate.wait();
                for product in pair {
                    db.write_now(&Caller::system("test"), move |cx| given_in(cx, product, 2026, None)).unwrap();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|t| t.join().unwrap());
    let mut given = Vec::new();
    for product in products {
        let row = owner.person.get(&format!("/v1/products/{product}")).await.is(200);
        given.push(row.body["codes"][0]["code"].as_str().unwrap().to_owned());
    }
    given.sort();
    let wanted: Vec<String> = (1..=8).map(|n| format!("86-29308-{n}-2026")).collect();
    assert_eq!(given, wanted);
}

/// Does two deeds at once: the second begins when the first has done its work and not committed yet.
/// Without the lock the second would decide on what the first is about to change.
fn at_once<T: Send + 'static>(
    world: &World,
    first: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    second: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
) -> (Result<T>, Result<T>) {
    let (worked, go) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (db, said, may_end) = (world.db().clone(), worked.clone(), go.clone());
    let one = std::thread::spawn(move || {
        db.write_now(&Caller::system("test"), move |cx| {
            let done = first(cx)?;
            said.store(true, Ordering::SeqCst);
            wait_for(&may_end);
            Ok(done)
        })
    });
    wait_for(&worked);
    let db = world.db().clone();
    let two = std::thread::spawn(move || db.write_now(&Caller::system("test"), second));
    std::thread::sleep(Duration::from_millis(400));
    go.store(true, Ordering::SeqCst);
    (one.join().unwrap(), two.join().unwrap())
}

fn wait_for(flag: &AtomicBool) {
    while !flag.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[actix_web::test]
async fn one_product_proposed_twice_at_once_gets_one_code() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let product = world.a_product(owner.id, "Dừa sáp sợi");
    let give_it = move |cx: &mut Ctx<'_>| given_in(cx, product, 2026, None);
    let (one, two) = at_once(&world, give_it, give_it);
    assert_eq!((one.unwrap().as_str(), two.unwrap().as_str()), ("86-29308-1-2026", "86-29308-1-2026"));
    let other = world.a_product(owner.id, "Dầu dừa");
    assert_eq!(give(&world, other, 2026, None).unwrap(), "86-29308-2-2026");
}

#[actix_web::test]
async fn one_entry_merged_by_two_officers_at_once_is_merged_once() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let [old, one, two] = ["Dừa sáp sợi (1)", "Dừa sáp sợi", "Dừa sáp"].map(|name| world.a_product(owner.id, name));
    let into = |target| move |cx: &mut Ctx<'_>| products::merge(cx, old, target, "Trùng").map(|row| row.id);
    let (first, second) = at_once(&world, into(one), into(two));
    assert_eq!(first.unwrap(), one);
    assert!(matches!(second, Err(AppError::Refused(r)) if r.word() == "register_merged"));
    let led = owner.person.get(&format!("/v1/products/{old}")).await.is(308);
    assert_eq!(led.headers["location"], format!("/v1/products/{one}"));

    let [old, one, two] = ["HTX A", "HTX B", "HTX C"].map(|name| world.a_producer_named(CAU_KE, name).id);
    let into = |target| {
        move |cx: &mut Ctx<'_>| products::merge_producers(cx, old, target, "Trùng", FOLLOWERS).map(|row| row.id)
    };
    let (first, second) = at_once(&world, into(one), into(two));
    assert_eq!(first.unwrap(), one);
    assert!(matches!(second, Err(AppError::Refused(r)) if r.word() == "register_merged"));
}

#[actix_web::test]
async fn a_merged_product_leads_on_with_its_codes_and_pictures() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let (old, stays) = (world.a_product(owner.id, "Dừa sáp sợi (Cầu Kè)"), world.a_product(owner.id, "Dừa sáp sợi"));
    give(&world, old, 2026, None).unwrap();
    let path = format!("/v1/products/{old}");
    let photo =
        owner.person.uploads(&format!("{path}/photos"), "a.png", &a_picture(), &[("alt", "Dừa sáp")]).await.is(201);
    let href = photo.body["photos"][0]["href"].as_str().unwrap().to_owned();
    world.stranger().get(&href).await.is(404);
    let officer = officer(&world, CAU_KE);
    let tag = tag_of(&officer, &path).await;

    let foreign = world.a_product(world.a_producer(CAU_KE).id, "Dừa sáp");
    let act = format!("{path}/merge");
    officer
        .acts(&act, &tag, "k0", because("Trùng", json!({"into": foreign})))
        .await
        .refused("product_merge_other_producer");
    owner.person.acts(&act, &tag, "k1", because("Trùng", json!({"into": stays}))).await.is(403);
    let done = officer.acts(&act, &tag, "k2", because("Ghi hai lần", json!({"into": stays}))).await.is(201);
    assert_eq!((done.id(), done.body["codes"][0]["code"].as_str()), (stays.to_string(), Some("86-29308-1-2026")));
    assert_eq!(owner.person.get(&path).await.is(308).headers["location"], format!("/v1/products/{stays}"));
    let led = owner.person.get(&href).await.is(308);
    owner.person.get(&led.headers["location"]).await.is(200);
    world.stranger().get(&href).await.is(404);
    world.stranger().get(&led.headers["location"]).await.is(404);
    assert_eq!(owner.person.get("/v1/products/by-code/86-29308-1-2026").await.is(200).id(), stays.to_string());
    let canonical = world.db().read_now(&Caller::system("test"), |cx| products::canonical(cx, old)).unwrap();
    assert_eq!(canonical, stays);
    assert_eq!(officer.get("/v1/products?q=dua%20sap%20soi").await.body["data"].as_array().unwrap().len(), 1);
    // What still names the old entry gets the code of the one that stays.
    assert_eq!(give(&world, old, 2026, None).unwrap(), "86-29308-1-2026");
}

#[actix_web::test]
async fn a_transferred_product_is_seen_by_its_new_people() {
    let world = World::new().await;
    let (from, to) = (world.a_producer(CAU_KE), world.a_producer_named(CAU_KE, "Công ty Dừa sáp"));
    let product = world.a_product(from.id, "Dừa sáp sợi");
    let (path, act) = (format!("/v1/products/{product}"), format!("/v1/products/{product}/transfer"));
    let officer = officer(&world, CAU_KE);
    let tag = tag_of(&officer, &path).await;
    let body = because("Hộ chuyển thành công ty", json!({"toProducer": to.id}));

    from.person.acts(&act, &tag, "k", body.clone()).await.is(403);
    let same = because("Nhầm", json!({"toProducer": from.id}));
    officer.acts(&act, &tag, "k0", same).await.refused("product_transfer_same_producer");
    let done = officer.acts(&act, &tag, "k1", body.clone()).await.is(201);
    assert_eq!(done.body["acts"][0]["act"], "transfer");
    assert_eq!(officer.acts(&act, &tag, "k1", body).await.is(201).headers["idempotency-replayed"], "true");
    from.person.get(&path).await.is(404);
    assert_eq!(to.person.get(&path).await.is(200).body["producer"], json!(to.id));

    let correct = because("Ghi nhầm nhóm", json!({"fields": {"set": "17"}}));
    let done = officer.acts(&format!("{path}/correct"), done.tag(), "k2", correct).await.is(201);
    assert_eq!((done.body["sector"].as_str(), done.body["group"].as_str()), (Some("2"), Some("2.2")));
}

#[actix_web::test]
async fn a_picture_is_shown_and_what_is_none_is_turned_away() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let product = world.a_product(owner.id, "Dừa sáp sợi");
    let path = format!("/v1/products/{product}/photos");
    let alt: &[(&str, &str)] = &[("alt", "Dừa sáp bổ đôi")];
    let made = owner.person.uploads(&path, "dừa.png", &a_picture(), alt).await.is(201);
    let href = made.body["photos"][0]["href"].as_str().unwrap().to_owned();
    let seen = owner.person.get(&href).await.is(200);
    assert_eq!(seen.headers["content-type"], "image/png");
    assert_eq!(seen.headers["x-content-type-options"], "nosniff");
    assert!(seen.headers["content-disposition"].starts_with("attachment"));
    let tag = seen.headers["etag"].clone();
    world.send(owner.person.request(Method::GET, &href).insert_header(("If-None-Match", tag))).await.is(304);

    owner.person.uploads(&path, "a.pdf", b"%PDF-1.7 paper", alt).await.is(415);
    owner.person.uploads(&path, "a.png", b"<script>alert(1)</script>", alt).await.is(415);
    owner.person.uploads(&path, "a.png", b"", alt).await.is(422);
    owner.person.uploads(&path, "a.png", &a_picture(), &[]).await.is(422);
    owner.person.uploads(&path, "a.png", &a_picture(), &[("alt", "x"), ("more", "y")]).await.is(422);
    let mut large = a_picture();
    large.resize(10 * 1024 * 1024 + 1, 0);
    owner.person.uploads(&path, "a.png", &large, alt).await.is(413);
    owner.person.post(&path, json!({})).await.is(415);
    let broken =
        owner.person.request(Method::POST, &path).insert_header(("Content-Type", "multipart/form-data; boundary=x"));
    world.send(broken.set_payload("--y\r\nnothing")).await.is(400);
    world.official(Role::Inspector, CAU_KE, Level::Commune).uploads(&path, "a.png", &a_picture(), alt).await.is(403);
    world.a_producer(CAU_KE).person.uploads(&path, "a.png", &a_picture(), alt).await.is(404);

    owner.person.delete(&href, made.tag()).await.is(204);
    owner.person.get(&href).await.is(404);
}

#[actix_web::test]
async fn a_picture_is_public_when_its_product_is() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let product = world.a_product(owner.id, "Dừa sáp sợi");
    let alt: &[(&str, &str)] = &[("alt", "Dừa sáp bổ đôi")];
    let made =
        owner.person.uploads(&format!("/v1/products/{product}/photos"), "a.png", &a_picture(), alt).await.is(201);
    let href = made.body["photos"][0]["href"].as_str().unwrap().to_owned();
    // Never published: its own people and the officials of the territory, and nobody keeps a copy.
    for who in [&owner.person, &officer(&world, CAU_KE), &world.with_role(Role::Auditor)] {
        assert_eq!(who.get(&href).await.is(200).headers["cache-control"], "private, no-store");
    }
    for who in [&world.stranger(), &world.a_producer(CAU_KE).person, &officer(&world, TIEU_CAN)] {
        who.get(&href).await.is(404);
    }
    world.hold_star(product, 4, "2026-05-01", "2029-05-01");
    world.stranger().get(&format!("/v1/catalogue/products/{product}")).await.is(200);
    for who in [&world.stranger(), &world.a_producer(CAU_KE).person, &officer(&world, TIEU_CAN)] {
        assert_eq!(who.get(&href).await.is(200).headers["cache-control"], "public, max-age=3600");
    }
}

#[actix_web::test]
async fn growing_areas_belong_to_a_producer_and_craft_villages_to_a_territory() {
    let world = World::new().await;
    let owner = world.a_producer(CAU_KE);
    let here = unit(&world, CAU_KE, Level::Commune);
    let area = json!({"producer": owner.id, "place": here, "name": "Vườn ấp 3", "crop": "dừa sáp", "areaM2": 45000});
    let made = owner.person.post("/v1/growing-areas", area.clone()).await.is(201);
    let path = format!("/v1/growing-areas/{}", made.id());
    let mut wider = area.clone();
    wider["areaM2"] = json!(52_000);
    assert_eq!(owner.person.put(&path, made.tag(), wider).await.is(200).body["areaM2"], 52_000);
    world.a_producer(CAU_KE).person.get(&path).await.is(404);
    world.a_producer(CAU_KE).person.post("/v1/growing-areas", area).await.is(422);
    assert_eq!(officer(&world, CAU_KE).get("/v1/growing-areas").await.body["data"].as_array().unwrap().len(), 1);
    assert_eq!(officer(&world, TIEU_CAN).get("/v1/growing-areas").await.body["data"], json!([]));

    let village = json!({"place": here, "name": "Làng nghề cốm dẹp Ba So"});
    owner.person.post("/v1/craft-villages", village.clone()).await.is(403);
    officer(&world, TIEU_CAN).post("/v1/craft-villages", village.clone()).await.is(403);
    let made = officer(&world, CAU_KE).post("/v1/craft-villages", village).await.is(201);
    let producer = format!("/v1/producers/{}", owner.id);
    let tag = tag_of(&owner.person, &producer).await;
    let body = json!({"name": "Hợp tác xã Dừa sáp", "craftVillage": made.id()});
    assert_eq!(owner.person.put(&producer, &tag, body).await.is(200).body["craftVillage"], made.body["id"]);
    let found = owner.person.get("/v1/craft-villages?q=com%20dep").await.is(200);
    assert_eq!(found.body["data"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_import_finds_its_producers_and_products_again() {
    let world = World::new().await;
    world
        .db()
        .write_now(&Caller::system("import"), |cx| {
            let new = || ocop::producers::NewProducer { name: "HTX Dừa sáp".into(), ..Default::default() };
            let (producer, is_new) = ocop::producers::import_producer(cx, "tra vinh|htx dừa sáp", new())?;
            assert!(is_new);
            let (again, is_new) = ocop::producers::import_producer(cx, "tra vinh|htx dừa sáp", new())?;
            assert_eq!((again.id, is_new), (producer.id, false));
            let product = products::NewProduct {
                producer_id: Some(producer.id),
                name: "Bánh tét (Ba Màu)".into(),
                ..Default::default()
            };
            let row = products::import_product(cx, "tra vinh|htx dừa sáp", product, &["Bánh tét".into()], true)?;
            let found = products::imported_under(cx, "tra vinh|htx dừa sáp")?;
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].1, ["Bánh tét (Ba Màu)", "Bánh tét"]);
            let place = places::at(cx, CAU_KE, Level::Commune, cx.today())?.map(|p| p.id);
            assert!(products::complete_import(cx, row.id, &["Ba Màu".into()], place, true)?);
            assert!(!products::complete_import(cx, row.id, &["Ba Màu".into()], place, true)?);
            let row = products::get(cx, row.id)?;
            assert_eq!((row.place_id, row.history_unknown), (place, false));
            Ok(())
        })
        .unwrap();
}

#[actix_web::test]
async fn a_reform_moves_a_producer_with_what_it_makes_there() {
    let world = World::on("2025-06-20").await;
    let owner = world.a_producer(CAU_KE);
    let product = world.a_product(owner.id, "Dừa sáp sợi");
    let from = unit(&world, CAU_KE, Level::Commune);
    world.today("2025-07-01");
    let to = unit(&world, CAU_KE, Level::Commune);
    assert_ne!(from, to);
    world
        .db()
        .write_now(&Caller::system("reform"), move |cx| {
            let on = "2025-07-01".parse().unwrap();
            for mover in products::MOVERS {
                for kept in (mover.kept_at)(cx, &[from], on)? {
                    let title = "Nghị quyết 1687/NQ-UBTVQH15".to_owned();
                    (mover.shift)(cx, &Shift { subject: kept.subject, from: kept.at, to, on, goes_up: false, title })?;
                }
            }
            Ok(())
        })
        .unwrap();
    let officer = officer(&world, CAU_KE);
    for path in [format!("/v1/producers/{}", owner.id), format!("/v1/products/{product}")] {
        assert_eq!(officer.get(&path).await.is(200).body["place"]["id"], json!(to));
    }
}
