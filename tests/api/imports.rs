//! Lists of before this service: every class of row, jobs that survive, questions to officers.

use actix_web::http::Method;
use ocop::actor::{Caller, Role};
use ocop::app;
use ocop::jobs;
use ocop::places::Level;
use serde_json::{Value, json};

use crate::world::{Person, Reply, World};

const LIST: &str = include_str!("../data/products.csv");

async fn send(person: &Person, path: &str, text: &str) -> Reply {
    let request = person.request(Method::POST, path).insert_header(("Content-Type", "text/csv"));
    person.world.send(request.set_payload(text.to_owned())).await
}

fn work(world: &World) {
    let handlers = app::handlers();
    while jobs::work_once(world.db(), &handlers).unwrap() {}
}

fn result(world: &World, job: &str) -> Value {
    let id = job.parse().unwrap();
    let job = world.db().read_now(&Caller::system("test"), |cx| jobs::get(cx, id)).unwrap();
    assert_eq!(job.state, jobs::JobState::Done, "{:?}", job.error);
    job.result.unwrap().0
}

fn officer(world: &World) -> Person {
    world.officer(Role::Province, world.unit("86", Level::Province, "2026-06-10"))
}

#[actix_web::test]
async fn a_list_is_taken_over_once_and_a_second_run_changes_nothing() {
    let world = World::on("2026-06-10").await;
    let officer = officer(&world);
    let dry = send(&officer, "/v1/imports?dryRun=true", LIST).await.is(202);
    work(&world);
    let expected = json!({"rows": 12, "accepted": 5, "doubtful": 5, "rejected": 2, "unchanged": 0, "recognitions": 4});
    assert_eq!(result(&world, &dry.id()), expected);
    assert_eq!(officer.get("/v1/products").await.is(200).body["data"], json!([]));

    let real = send(&officer, "/v1/imports", LIST).await.is(202);
    work(&world);
    assert_eq!(result(&world, &real.id()), expected);
    let rows = officer.get(real.body["rows"].as_str().unwrap()).await.is(200).body;
    let classes: Vec<&str> = rows["data"].as_array().unwrap().iter().map(|r| r["class"].as_str().unwrap()).collect();
    assert_eq!(classes.len(), 12);
    assert_eq!(rows["data"][9]["report"]["reasons"][0]["word"], "nameMissing");
    assert_eq!(rows["data"][2]["productId"], rows["data"][3]["productId"], "one product on two lines");
    assert_eq!(officer.get("/v1/products").await.is(200).body["data"].as_array().unwrap().len(), 9);

    let again = send(&officer, "/v1/imports", LIST).await.is(202);
    work(&world);
    let nothing = json!({"rows": 12, "accepted": 0, "doubtful": 0, "rejected": 2, "unchanged": 10, "recognitions": 0});
    assert_eq!(result(&world, &again.id()), nothing);
    assert_eq!(officer.get("/v1/products").await.is(200).body["data"].as_array().unwrap().len(), 9);
}

#[actix_web::test]
async fn what_a_list_leaves_open_is_asked_of_an_officer_of_the_territory() {
    let world = World::on("2026-06-10").await;
    let officer = officer(&world);
    send(&officer, "/v1/imports", LIST).await.is(202);
    work(&world);
    let open = officer.get("/v1/officer-tasks?kind=placeOfProduct&state=open").await.is(200).body;
    let tasks = open["data"].as_array().unwrap();
    assert_eq!(tasks.len(), 3, "{open}");
    let ended = tasks.iter().find(|t| t["subjectName"] == "Chả lụa Phố Cũ").unwrap();
    assert!(!ended["detail"]["candidates"].as_array().unwrap().is_empty());
    let far = world.officer(Role::Province, world.unit("25", Level::Province, "2026-06-10"));
    assert_eq!(far.get("/v1/officer-tasks").await.is(200).body["data"], json!([]));

    let path = format!("/v1/officer-tasks/{}/resolution", ended["id"].as_str().unwrap());
    let place = world.unit("29242", Level::Commune, "2026-06-10");
    far.post(&path, json!({"note": "x"})).await.is(404);
    let settled = officer.post(&path, json!({"placeId": place, "note": "Theo xác nhận của xã"})).await.is(201);
    assert_eq!(settled.body["state"], "settled");
    officer.post(&path, json!({"note": "x"})).await.refused("task_settled");
}

#[actix_web::test]
async fn a_list_is_a_list_of_the_own_province() {
    let world = World::on("2026-06-10").await;
    let officer = officer(&world);
    send(&officer, "/v1/imports", "name,province\nA,Phú Thọ\n").await.is(422);
    send(&officer, "/v1/imports", "a,b\n1,2\n").await.refused("import_columns");
    officer.post("/v1/imports", json!({})).await.is(415);
    let place = world.unit("29242", Level::Commune, "2026-06-10");
    send(&world.officer(Role::Commune, place), "/v1/imports", LIST).await.is(403);
    let job = send(&officer, "/v1/imports?dryRun=true", LIST).await.is(202).id();
    self::officer(&world).get(&format!("/v1/imports/{job}/rows")).await.is(404);
}

#[actix_web::test]
async fn a_worker_that_dies_in_the_middle_leaves_nothing_to_do_twice() {
    let world = World::on("2026-06-10").await;
    let officer = officer(&world);
    let mut list = String::from("name,producer,province,commune,district\n");
    for n in 0..450 {
        list.push_str(&format!("Sản phẩm {n},HTX {},Trà Vinh,xã Đông Hải,huyện Duyên Hải\n", n % 40));
    }
    let job = send(&officer, "/v1/imports", &list).await.is(202).id();
    let id = job.parse().unwrap();
    let percent = || world.db().read_now(&Caller::system("test"), |cx| jobs::get(cx, id)).unwrap().percent();
    // A worker that is killed after some chunks: the handler dies, the lease runs out.
    let import = ocop::exchange::importer();
    let left = std::sync::atomic::AtomicI32::new(5);
    let dying = jobs::Handlers::default().with(ocop::exchange::IMPORT_PRODUCTS, move |cx, job| {
        match left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) {
            n if n > 0 => import(cx, job),
            _ => Err(ocop::error::AppError::internal("killed")),
        }
    });
    jobs::work_once(world.db(), &dying).unwrap();
    let before = percent();
    assert!((1..100).contains(&before), "{before}");
    world.today("2026-06-11");
    work(&world);
    assert_eq!(percent(), 100);
    let expected = json!({"rows": 450, "accepted": 450, "doubtful": 0, "rejected": 0, "unchanged": 0, "recognitions": 0});
    assert_eq!(result(&world, &job), expected);
    let count: i64 = world.deed(|cx| {
        use diesel::prelude::*;
        Ok(ocop::db::schema::products::table.count().get_result(cx.conn)?)
    });
    assert_eq!(count, 450);
}
