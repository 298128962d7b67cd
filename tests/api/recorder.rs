//! Audit and outbox: order behind the commits, and a chain that names what was changed.

use diesel::RunQueryDsl;
use diesel::sql_query;
use ocop::actor::Caller;
use ocop::audit::{self, Details};
use ocop::outbox::{self, Topic};

use crate::world::World;

fn deeds(world: &World, count: usize) {
    for n in 0..count {
        world
            .db()
            .write_now(&Caller::system("test"), move |cx| {
                let id = uuid::Uuid::now_v7();
                audit::record(cx, "thing.done", "thing", id, Details::none().with("n", n))?;
                outbox::tell(cx, Topic::Product, id, serde_json::json!({ "n": n }))
            })
            .unwrap();
    }
}

fn sql(world: &World, text: &'static str) {
    let changed =
        world.db().write_now(&Caller::system("intruder"), move |cx| Ok(sql_query(text).execute(cx.conn)?)).unwrap();
    assert!(changed > 0, "{text} touched nothing");
}

fn faults(world: &World) -> Vec<audit::Fault> {
    world.db().read_now(&Caller::system("test"), audit::verify).unwrap().faults
}

#[actix_web::test]
async fn an_untouched_audit_verifies_and_every_tampering_is_named() {
    let world = World::new().await;
    for _ in 0..3 {
        deeds(&world, 3);
        world.record();
    }
    assert_eq!(faults(&world), vec![]);

    sql(&world, "update audit set details = '{\"n\":9}' where position = 4");
    let found = faults(&world);
    assert_eq!((found[0].position, found.len()), (Some(4), 1), "{found:?}");
    sql(&world, "update audit set details = '{\"n\":0}' where position = 4");
    let row_4_is_right_again = faults(&world).is_empty();

    sql(&world, "update audit set position = -5 where position = 5");
    assert!(faults(&world).iter().any(|f| f.position == Some(5) && f.what.contains("missing")));
    sql(&world, "update audit set position = 5 where position = -5");

    sql(&world, "update audit set position = -6 where position = 6");
    sql(&world, "update audit set position = 6 where position = 5");
    sql(&world, "update audit set position = 5 where position = -6");
    let swapped: Vec<_> = faults(&world).iter().filter_map(|f| f.position).collect();
    assert!(swapped.contains(&5) && swapped.contains(&6), "{swapped:?}");
    sql(&world, "update audit set position = -6 where position = 6");
    sql(&world, "update audit set position = 6 where position = 5");
    sql(&world, "update audit set position = 5 where position = -6");
    assert_eq!(faults(&world).is_empty(), row_4_is_right_again);

    sql(&world, "delete from audit where position >= (select max(first_position) from audit_blocks)");
    sql(&world, "delete from audit_blocks where number = (select max(number) from audit_blocks)");
    assert!(faults(&world).iter().any(|f| f.what.contains("tail")), "{:?}", faults(&world));
}

#[actix_web::test]
async fn a_feed_misses_nothing_that_commits_late() {
    let world = World::new().await;
    deeds(&world, 1);
    world.record();
    let cursor = i64::try_from(read(&world, 0)).unwrap();
    if world.db().engine() == ocop::db::Engine::Postgres {
        // The first deed is under way while the second commits and is read.
        let (begun, wait_begun) = std::sync::mpsc::channel();
        let (go, wait_go) = std::sync::mpsc::channel::<()>();
        let db = world.db().clone();
        let slow = std::thread::spawn(move || {
            let wait_go = std::sync::Mutex::new(wait_go);
            db.write_now(&Caller::system("slow"), move |cx| {
                outbox::tell(cx, Topic::Product, uuid::Uuid::now_v7(), "slow")?;
                begun.send(()).unwrap();
                wait_go.lock().unwrap().recv().unwrap();
                Ok(())
            })
            .unwrap();
        });
        wait_begun.recv().unwrap();
        deeds(&world, 1);
        world.record();
        assert_eq!(read(&world, cursor), 1);
        go.send(()).unwrap();
        slow.join().unwrap();
    } else {
        deeds(&world, 1);
        world.record();
        deeds(&world, 1);
    }
    world.record();
    assert_eq!(read(&world, cursor), 2);
}

fn read(world: &World, after: i64) -> usize {
    world.db().read_now(&Caller::system("test"), move |cx| outbox::after(cx, after, 100)).unwrap().len()
}
