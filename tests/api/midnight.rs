//! What midnight brings, told once whichever node is first.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::prelude::*;
use ocop::actor::Caller;
use ocop::db::schema::{outbox, recognition_days};
use ocop::db::{Clock, Db, Moment};
use ocop::{app, certification, jobs};

use crate::world::{World, stock};

/// (topic, event, day) of every message that a day brought.
fn told(world: &World) -> Vec<(String, String, String)> {
    let rows = world.db().read_now(&Caller::system("test"), |cx| {
        Ok(outbox::table.select((outbox::topic, outbox::body)).load::<(String, String)>(cx.conn)?)
    });
    let read = |(topic, body): (String, String)| {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let text = |field: &str| body[field].as_str().map(str::to_owned);
        Some((topic, text("event")?, text("on")?))
    };
    rows.unwrap().into_iter().filter_map(read).collect()
}

/// A node: the look at the clock and the work, until there is none.
fn node(db: &Db, begun: &AtomicUsize) {
    let first = db.write_now(&Caller::system("clock"), |cx| jobs::enqueue_daily(cx, certification::DAILY)).unwrap();
    begun.fetch_add(usize::from(first.is_some()), Ordering::Relaxed);
    while jobs::work_once(db, &app::handlers()).unwrap() {}
}

#[actix_web::test]
async fn three_nodes_tell_each_of_a_thousand_ends_once_at_midnight() {
    let world = World::on("2026-06-09").await;
    let commune = world.commune_of(world.vinh_long());
    world.deed(move |cx| {
        let producer = stock::producer(cx, "HTX Nửa Đêm", ocop::producers::ProducerType::Cooperative, commune)?;
        for at in 0..1000 {
            let product = stock::product(cx, &format!("Sản phẩm {at}"), producer, commune)?;
            // 600 end on 10 June, 400 have 180 days to go.
            let on = if at < 600 { "2023-06-10" } else { "2023-12-08" };
            stock::recognise(cx, product, producer, 3, on.parse().unwrap(), commune)?;
        }
        Ok(())
    });
    let nodes: Vec<Db> = (0..3)
        .map(|_| {
            let clock = Clock::real();
            clock.set(Moment::new("2026-06-09T17:00:00Z".parse().unwrap()));
            Db::open(world.db().url(), 3, clock).unwrap()
        })
        .collect();
    // The day before: nothing ends yet at the last second of 9 June; the first sweep looks at that day.
    world.db().clock().set(Moment::new("2026-06-09T16:59:58Z".parse().unwrap()));
    node(world.db(), &AtomicUsize::new(0));
    assert_eq!(told(&world), []);
    let day = |day: &str, db: &Db| db.clock().set(Moment::new(format!("{day}T17:00:00Z").parse().unwrap()));
    for (before_midnight, begins) in [("2026-06-09", 1), ("2026-06-10", 1), ("2026-06-10", 0)] {
        let begun = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = nodes
            .iter()
            .map(|db| {
                day(before_midnight, db);
                let (db, begun) = (db.clone(), Arc::clone(&begun));
                std::thread::spawn(move || node(&db, &begun))
            })
            .collect();
        threads.into_iter().for_each(|t| t.join().unwrap());
        assert_eq!(begun.load(Ordering::Relaxed), begins, "{before_midnight}");
    }
    // 10 June in Việt Nam began at 17:00 UTC of the 9th; the certificates hold through that day.
    let told = told(&world);
    let of = |topic: &str, event: &str, on: &str| {
        told.iter().filter(|(t, e, o)| t == topic && e == event && o == on).count()
    };
    assert_eq!(of("recognition", "expired", "2026-06-11"), 600);
    assert_eq!(of("reminder", "reminder", "2026-06-11"), 400);
    assert_eq!(told.len(), 1000, "each once");
    let noted: i64 = world
        .db()
        .read_now(&Caller::system("test"), |cx| Ok(recognition_days::table.count().get_result(cx.conn)?))
        .unwrap();
    assert_eq!(noted, 1000);
    drop(nodes);
}
