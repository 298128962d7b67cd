//! One deed is one effect, one audit row and one outbox row, or none of them: through deadlocks,
//! failed commits, panics, retries and lost leases, on both engines.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use actix_web::FromRequest;
use actix_web::test::TestRequest;
use diesel::{RunQueryDsl, sql_query};
use futures_util::future::join_all;
use ocop::actor::{Actor, Caller, Who};
use ocop::audit::{self, Details};
use ocop::db::{Ctx, Db, Engine, open};
use ocop::error::{AppError, Result, constraint_of};
use ocop::jobs::{self, Handlers, Step};
use ocop::outbox::{self, Topic};
use ocop::web::Once;
use ocop::{auth, numbers};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::world::World;
use crate::world::rows::count;

fn me() -> Caller {
    Caller::system("test")
}

/// A deed: the effect is a counter that rises.
fn deed(cx: &mut Ctx<'_>, scope: &str) -> Result<Uuid> {
    let id = Uuid::now_v7();
    numbers::push_past(cx, scope, 0)?;
    sql_query(format!("update counters set last = last + 1 where scope = '{scope}'")).execute(cx.conn)?;
    audit::record(cx, "thing.done", "thing", id, Details::none().with("scope", scope))?;
    outbox::tell(cx, Topic::Product, id, json!({ "scope": scope }))?;
    Ok(id)
}

/// (effects, audit rows, outbox rows) of a scope.
fn kept(db: &Db, scope: &str) -> (i64, i64, i64) {
    let mut conn = open(db.url()).unwrap();
    let mut n = |sql: String| count(&mut conn, &sql);
    (
        n(format!("select coalesce(max(last), 0) as n from counters where scope = '{scope}'")),
        n(format!("select count(*) as n from audit where details like '%\"{scope}\"%'")),
        n(format!("select count(*) as n from outbox where body like '%\"{scope}\"%'")),
    )
}

fn busy<T>(result: &Result<T>) -> bool {
    matches!(result, Err(AppError::Busy(_)))
}

#[actix_web::test]
async fn two_deeds_in_a_deadlock_are_each_done_once() {
    let world = World::new().await;
    if world.db().engine() == Engine::Sqlite {
        // The writer is alone: the same two deeds one after the other.
        for (first, second) in [("left", "right"), ("right", "left")] {
            world.db().write_now(&me(), move |cx| deed(cx, first).and_then(|_| deed(cx, second))).unwrap();
        }
    } else {
        for scope in ["left", "right"] {
            world.db().write_now(&me(), move |cx| numbers::push_past(cx, scope, 0)).unwrap();
        }
        let met = Arc::new(Barrier::new(2));
        let tries = Arc::new(AtomicUsize::new(0));
        let run = |first: &'static str, second: &'static str| {
            let (db, met, tries) = (world.db().clone(), Arc::clone(&met), Arc::clone(&tries));
            std::thread::spawn(move || {
                let begun = AtomicUsize::new(0);
                db.write_now(&me(), move |cx| {
                    tries.fetch_add(1, Ordering::SeqCst);
                    deed(cx, first)?;
                    // Both hold their first row before either asks for its second.
                    if begun.fetch_add(1, Ordering::SeqCst) == 0 {
                        met.wait();
                    }
                    deed(cx, second)
                })
            })
        };
        let both = [run("left", "right"), run("right", "left")];
        for thread in both {
            thread.join().unwrap().unwrap();
        }
        assert_eq!(tries.load(Ordering::SeqCst), 3, "one of the two ran again");
    }
    assert_eq!((kept(world.db(), "left"), kept(world.db(), "right")), ((2, 2, 2), (2, 2, 2)));
}

/// A statement that passes, and breaks the commit.
fn poison(cx: &mut Ctx<'_>) -> Result<()> {
    match cx.engine() {
        Engine::Sqlite => {
            sql_query("pragma defer_foreign_keys = on").execute(cx.conn)?;
            sql_query("insert into producer_aliases (id, producer_id, name, folded) values (x'01', x'02', 'x', 'x')")
                .execute(cx.conn)?;
        }
        Engine::Postgres => {
            sql_query("insert into promises (id, keeps) values (1, 2)").execute(cx.conn)?;
        }
    }
    Ok(())
}

fn make_poison(world: &World) {
    world.spoil();
    if world.db().engine() == Engine::Postgres {
        let sql = "create table promises (id int primary key, keeps int references promises (id) deferrable initially deferred)";
        world.db().write_now(&me(), move |cx| Ok(sql_query(sql).execute(cx.conn)?)).unwrap();
    }
}

#[actix_web::test]
async fn a_commit_that_fails_leaves_nothing_and_the_next_deed_is_done() {
    let world = World::new().await;
    make_poison(&world);
    for _ in 0..3 {
        let failed = world
            .db()
            .write(me(), |cx| {
                let id = deed(cx, "broken")?;
                poison(cx)?;
                Ok(id)
            })
            .await;
        assert!(failed.is_err());
        if world.db().engine() == Engine::Sqlite {
            assert!(busy(&failed), "{failed:?}");
        }
        assert_eq!(kept(world.db(), "broken"), (0, 0, 0));
    }
    world.db().write(me(), |cx| deed(cx, "sound")).await.unwrap();
    assert_eq!(kept(world.db(), "sound"), (1, 1, 1));
}

#[actix_web::test]
async fn a_disk_or_a_server_that_fails_in_the_middle_leaves_nothing_and_is_answered_503() {
    let world = World::new().await;
    world.spoil();
    let failed: Result<Uuid> = match world.db().engine() {
        Engine::Sqlite => {
            // The database may grow by two pages: the disk is full.
            let full = world
                .db()
                .write(me(), |cx| {
                    let pages = count(cx.conn, "select page_count as n from pragma_page_count");
                    sql_query(format!("pragma max_page_count = {}", pages + 2)).execute(cx.conn)?;
                    deed(cx, "full")?;
                    let text = "x".repeat(9_000);
                    for n in 0..40 {
                        audit::record(
                            cx,
                            "thing.grew",
                            "thing",
                            Uuid::now_v7(),
                            Details::none().with("n", n).with("text", &text),
                        )?;
                    }
                    Ok(Uuid::nil())
                })
                .await;
            world
                .db()
                .write(me(), |cx| {
                    sql_query("pragma max_page_count = 1073741823").execute(cx.conn)?;
                    Ok(())
                })
                .await
                .unwrap();
            full
        }
        Engine::Postgres => {
            world
                .db()
                .write(me(), |cx| {
                    deed(cx, "full")?;
                    sql_query("select pg_terminate_backend(pg_backend_pid())").execute(cx.conn)?;
                    Ok(Uuid::nil())
                })
                .await
        }
    };
    let error = failed.unwrap_err();
    assert_eq!(error.problem(ocop::text::Lang::En, "/", "t").status, 503, "{error:?}");
    assert_eq!(kept(world.db(), "full"), (0, 0, 0));
    // A pooled connection that died is answered 503 at most once, then replaced.
    let mut done = world.db().write(me(), |cx| deed(cx, "after")).await;
    for _ in 0..4 {
        if done.is_ok() {
            break;
        }
        done = world.db().write(me(), |cx| deed(cx, "after")).await;
    }
    done.unwrap();
    assert_eq!(kept(world.db(), "after"), (1, 1, 1));
    assert_eq!(kept(world.db(), "full"), (0, 0, 0));
}

/// Keeps the writer of the embedded database busy until the sender is dropped or speaks.
fn gate(db: &Db) -> (Sender<()>, std::thread::JoinHandle<()>) {
    let (go, wait) = channel::<()>();
    let (begun, has_begun) = channel();
    let db = db.clone();
    let wait = Mutex::new(wait);
    let thread = std::thread::spawn(move || {
        db.write_now(&me(), move |_| {
            begun.send(()).unwrap();
            let _ = wait.lock().unwrap().recv();
            Ok(())
        })
        .unwrap();
    });
    has_begun.recv().unwrap();
    (go, thread)
}

#[actix_web::test]
async fn one_refused_deed_among_thirty_two_in_one_commit_harms_none() {
    let world = World::new().await;
    let (go, gated) = gate(world.db());
    let deeds = (0..32).map(|n| {
        world.db().write(me(), move |cx| {
            deed(cx, "shared")?;
            match n {
                7 => Err(AppError::NotFound),
                8 => {
                    sql_query("insert into counters (scope, last) values ('shared', 1)").execute(cx.conn)?;
                    Ok(())
                }
                _ => Ok(()),
            }
        })
    });
    let waiting = join_all(deeds);
    let release = async {
        actix_web::rt::time::sleep(Duration::from_millis(150)).await;
        go.send(()).unwrap();
    };
    let (answers, ()) = futures_util::future::join(waiting, release).await;
    gated.join().unwrap();
    let refused: Vec<usize> = answers.iter().enumerate().filter(|(_, a)| a.is_err()).map(|(n, _)| n).collect();
    assert_eq!(refused, [7, 8], "{answers:?}");
    assert!(matches!(answers[7], Err(AppError::NotFound)), "{:?}", answers[7]);
    assert!(matches!(answers[8], Err(AppError::Database(_))), "{:?}", answers[8]);
    assert_eq!(kept(world.db(), "shared"), (30, 30, 30));
}

#[actix_web::test]
async fn a_deed_that_panics_leaves_nothing_and_the_service_lives_on() {
    let world = World::new().await;
    let broken: Result<()> = world
        .db()
        .write(me(), |cx| {
            deed(cx, "panics")?;
            panic!("planted")
        })
        .await;
    let status = broken.unwrap_err().problem(ocop::text::Lang::En, "/", "t").status;
    assert!(status >= 500, "{status}");
    if world.db().engine() == Engine::Sqlite {
        assert_eq!(status, 503);
    }
    assert_eq!(kept(world.db(), "panics"), (0, 0, 0));
    for _ in 0..6 {
        world.db().write(me(), |cx| deed(cx, "alive")).await.unwrap();
    }
    assert_eq!(kept(world.db(), "alive"), (6, 6, 6));
}

#[actix_web::test]
async fn a_row_that_is_held_is_waited_for() {
    let world = World::new().await;
    world.db().write_now(&me(), |cx| numbers::push_past(cx, "held", 0)).unwrap();
    let (go, wait) = channel::<()>();
    let (begun, has_begun) = channel();
    let (db, wait) = (world.db().clone(), Mutex::new(wait));
    let first = std::thread::spawn(move || {
        db.write_now(&me(), move |cx| {
            let n = numbers::draw(cx, "held", Uuid::now_v7())?;
            begun.send(()).unwrap();
            let _ = wait.lock().unwrap().recv();
            Ok(n)
        })
        .unwrap()
    });
    has_begun.recv().unwrap();
    let db = world.db().clone();
    let (answered, answer) = channel();
    let second = std::thread::spawn(move || {
        let n = db.write_now(&me(), |cx| numbers::draw(cx, "held", Uuid::now_v7())).unwrap();
        answered.send(n).unwrap();
    });
    assert!(answer.recv_timeout(Duration::from_millis(300)).is_err(), "the second did not wait for the first");
    go.send(()).unwrap();
    assert_eq!((first.join().unwrap(), answer.recv().unwrap()), (1, 2));
    second.join().unwrap();
}

#[actix_web::test]
async fn numbers_drawn_by_eight_at_once_have_no_doubles_and_no_gaps() {
    let world = World::new().await;
    let threads: Vec<_> = (0..8)
        .map(|t| {
            let db = world.db().clone();
            std::thread::spawn(move || {
                for n in 0..12 {
                    // Every fourth deed fails after the draw: its number goes back.
                    let result = db.write_now(&me(), move |cx| {
                        let drawn = numbers::draw(cx, "rush", Uuid::now_v7())?;
                        if (t + n) % 4 == 0 { Err(AppError::NotFound) } else { Ok(drawn) }
                    });
                    assert!(result.is_ok() != ((t + n) % 4 == 0), "{result:?}");
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let given = world.db().read_now(&me(), |cx| numbers::of_scope(cx, "rush")).unwrap();
    let given: Vec<i64> = given.iter().map(|n| n.number).collect();
    assert_eq!(given, (1..=72).collect::<Vec<_>>());
}

#[actix_web::test]
async fn a_broken_constraint_has_the_same_name_on_both_engines() {
    let world = World::new().await;
    let named = |sql: &'static str| {
        let inside = world.db().write_now(&me(), move |cx| {
            let step = cx.try_step(|cx| Ok(sql_query(sql).execute(cx.conn)?));
            // The deed goes on after the broken step.
            numbers::push_past(cx, "goes-on", 1)?;
            Ok(match step {
                Err(AppError::Database(e)) => constraint_of(&e),
                other => panic!("{other:?}"),
            })
        });
        let outside = match world.db().write_now(&me(), move |cx| Ok(sql_query(sql).execute(cx.conn)?)) {
            Err(AppError::Database(e)) => constraint_of(&e),
            other => panic!("{other:?}"),
        };
        (inside.unwrap(), outside)
    };
    world.db().write_now(&me(), |cx| auth::add_user(cx, "a@example.vn", "A", None, None)).unwrap();
    world.db().write_now(&me(), |cx| numbers::draw(cx, "named", Uuid::nil())).unwrap();
    let users = "insert into users (id, email, name, totp_last_step, totp_confirmed, created_at, version) \
                 select id2.id, u.email, u.name, 0, u.totp_confirmed, u.created_at, 1 from users u, (select id from numbers where scope = 'named') id2 \
                 where u.email = 'a@example.vn'";
    let both = named(users);
    assert_eq!(both, (Some("users_one_per_email".into()), Some("users_one_per_email".into())));
    let numbers_twice = "insert into numbers (id, scope, number, state, at) select u.id, n.scope, n.number, n.state, n.at \
                         from numbers n, users u where n.scope = 'named' and u.email = 'a@example.vn'";
    let both = named(numbers_twice);
    assert_eq!(both, (Some("numbers_one_per_scope".into()), Some("numbers_one_per_scope".into())));
}

async fn once(key: &str, path: &str) -> Once {
    let request = TestRequest::post().uri(path).insert_header(("Idempotency-Key", key.to_owned())).to_http_request();
    Once::extract(&request).await.unwrap()
}

#[actix_web::test]
async fn the_second_caller_with_a_key_waits_and_gets_the_answer_of_the_first() {
    let world = World::new().await;
    let (begun, has_begun) = channel();
    let (go, wait) = channel::<()>();
    let (db, key, wait) = (world.db().clone(), once("one", "/v1/things").await, Mutex::new(wait));
    let first = std::thread::spawn(move || {
        db.write_now(&me(), move |cx| {
            key.run(cx, "same", |cx| {
                let id = deed(cx, "once")?;
                begun.send(()).unwrap();
                let _ = wait.lock().unwrap().recv();
                Ok(id)
            })
        })
        .unwrap()
    });
    has_begun.recv().unwrap();
    let (db, key) = (world.db().clone(), once("one", "/v1/things").await);
    let (answered, answer): (Sender<ocop::web::Done>, Receiver<_>) = channel();
    let second = std::thread::spawn(move || {
        answered.send(db.write_now(&me(), move |cx| key.run(cx, "same", |cx| deed(cx, "once"))).unwrap()).unwrap();
    });
    assert!(answer.recv_timeout(Duration::from_millis(300)).is_err(), "the second did not wait");
    go.send(()).unwrap();
    let (first, later) = (first.join().unwrap(), answer.recv().unwrap());
    second.join().unwrap();
    assert_eq!((first.id, first.replayed, later.replayed), (later.id, false, true));
    assert_eq!(kept(world.db(), "once"), (1, 1, 1));
}

#[actix_web::test]
async fn a_key_belongs_to_one_request_and_a_refused_deed_keeps_none() {
    let world = World::new().await;
    let person = |n: u128| {
        let who = Who::User { user: ocop::ids::UserId(Uuid::from_u128(n)), session: ocop::ids::SessionId(Uuid::nil()) };
        Caller { actor: Actor { who, grants: Vec::new() }, ..me() }
    };
    let run = |key: Once, body: &'static str, refuse: bool| {
        world.db().write_now(&person(1), move |cx| {
            key.run(cx, body, |cx| {
                let id = deed(cx, "keyed")?;
                if refuse { Err(AppError::NotFound) } else { Ok(id) }
            })
        })
    };
    assert!(matches!(run(once("k", "/v1/things").await, "body", true), Err(AppError::NotFound)));
    let mut conn = open(world.db().url()).unwrap();
    assert_eq!(count(&mut conn, "select count(*) as n from idempotency"), 0, "a refused deed leaves no row");
    assert!(!run(once("k", "/v1/things").await, "body", false).unwrap().replayed);
    assert!(matches!(run(once("k", "/v1/things").await, "other", false), Err(AppError::IdempotencyKeyReused)));
    assert!(matches!(run(once("k", "/v1/others").await, "body", false), Err(AppError::IdempotencyKeyReused)));
    assert!(run(once("k", "/v1/things").await, "body", false).unwrap().replayed);
    assert_eq!(kept(world.db(), "keyed"), (1, 1, 1));
    // After 48 hours the key is free, and the sweep forgets it.
    world.today("2026-06-04");
    assert_eq!(world.db().write_now(&me(), ocop::web::idempotency::sweep).unwrap(), 1);
    assert!(!run(once("k", "/v1/things").await, "other", false).unwrap().replayed);
    // Another person may use the same words.
    let key = once("k", "/v1/things").await;
    let theirs = world.db().write_now(&person(2), move |cx| key.run(cx, "body", |cx| deed(cx, "keyed"))).unwrap();
    assert!(!theirs.replayed);
}

/// A handler that does `per` items a chunk, up to `all`.
fn counting(all: i64, per: i64, before: impl Fn(i64) -> Result<()> + Send + Sync + 'static) -> Handlers {
    Handlers::default().with("count", move |cx, job| {
        let from = job.resume.0["next"].as_i64().unwrap_or(0);
        before(from)?;
        let to = (from + per).min(all);
        for n in from..to {
            outbox::tell(cx, Topic::Reference, Uuid::now_v7(), json!({ "item": n }))?;
        }
        Ok(if to == all {
            Step::Done(json!({ "items": all }))
        } else {
            Step::More { total: all, done: to, resume: json!({ "next": to }) }
        })
    })
}

fn items(db: &Db) -> Vec<i64> {
    db.write_now(&me(), |cx| {
        use diesel::prelude::*;
        use ocop::db::schema::outbox as t;
        let bodies: Vec<ocop::db::Doc> = t::table.filter(t::topic.eq("reference")).select(t::body).load(cx.conn)?;
        let mut items: Vec<i64> = bodies.iter().filter_map(|b| b.0["item"].as_i64()).collect();
        items.sort_unstable();
        Ok(items)
    })
    .unwrap()
}

fn job(db: &Db, id: ocop::ids::JobId) -> jobs::Job {
    db.read_now(&me(), move |cx| jobs::get(cx, id)).unwrap()
}

#[actix_web::test]
async fn a_worker_that_lost_its_lease_writes_nothing_and_another_finishes_each_item_once() {
    let world = World::new().await;
    let db = world.db().clone();
    let id = db.write_now(&me(), |cx| jobs::enqueue(cx, "count", Value::Null)).unwrap();
    // In the middle of the second chunk, another worker takes the lease over.
    let (reached, has_reached) = channel();
    let (go, wait) = channel::<()>();
    let (reached, wait) = (Mutex::new(reached), Mutex::new(wait));
    let slow = counting(6, 2, move |from| {
        if from == 2 {
            reached.lock().unwrap().send(()).unwrap();
            let _ = wait.lock().unwrap().recv();
        }
        Ok(())
    });
    let first = {
        let db = db.clone();
        std::thread::spawn(move || jobs::work_once(&db, &slow))
    };
    has_reached.recv().unwrap();
    let thief = {
        let db = db.clone();
        std::thread::spawn(move || {
            let take = "update jobs set lease_token = created_by where kind = 'count'";
            db.write_now(&me(), move |cx| Ok(sql_query(take).execute(cx.conn)?)).unwrap();
        })
    };
    std::thread::sleep(Duration::from_millis(200));
    go.send(()).unwrap();
    thief.join().unwrap();
    let _ = first.join().unwrap();
    let seen = job(&db, id);
    let before = items(&db);
    assert_eq!(before, (0..seen.done).collect::<Vec<_>>(), "what is written and what is noted are the same");
    assert!(seen.done < 6 && seen.finished_at.is_none());
    // The lease of the one who vanished runs out.
    world.db().clock().set(world.db().clock().now().plus_seconds(jobs::LEASE_SECONDS + 1));
    assert!(jobs::work_once(&db, &counting(6, 2, |_| Ok(()))).unwrap());
    assert_eq!((items(&db), job(&db, id).percent()), ((0..6).collect(), 100));
    assert!(!jobs::work_once(&db, &counting(6, 2, |_| Ok(()))).unwrap(), "nothing is left");
}

#[actix_web::test]
async fn progress_never_falls_and_a_failing_job_waits_longer_and_then_gives_up() {
    let world = World::new().await;
    let db = world.db().clone();
    let id = db.write_now(&me(), |cx| jobs::enqueue(cx, "count", Value::Null)).unwrap();
    let mut percents = vec![job(&db, id).percent()];
    // Fails at the third chunk the first two times; the second attempt even reports less than before.
    let failures = Arc::new(AtomicUsize::new(0));
    let told = Arc::clone(&failures);
    let failing = counting(10, 2, move |from| {
        if from == 4 && told.fetch_add(1, Ordering::SeqCst) < 2 { Err(AppError::internal("planted")) } else { Ok(()) }
    });
    for _ in 0..3 {
        jobs::work_once(&db, &failing).unwrap();
        percents.push(job(&db, id).percent());
        world.db().clock().set(world.db().clock().now().plus_seconds(60));
    }
    assert_eq!((items(&db), percents.last()), ((0..10).collect(), Some(&100)));
    assert!(percents.is_sorted(), "{percents:?}");

    let lying = Handlers::default().with("lie", |_, job| match job.resume.0.as_i64().unwrap_or(0) {
        0 => Ok(Step::More { total: 10, done: 8, resume: json!(1) }),
        1 => Ok(Step::More { total: 10, done: 3, resume: json!(2) }),
        _ => Err(AppError::internal("planted")),
    });
    let id = db.write_now(&me(), |cx| jobs::enqueue(cx, "lie", Value::Null)).unwrap();
    jobs::work_once(&db, &lying).unwrap();
    assert_eq!(job(&db, id).percent(), 80);
    let mut tries = 1;
    while job(&db, id).finished_at.is_none() {
        assert!(!jobs::work_once(&db, &lying).unwrap(), "it is not tried again at once");
        world.db().clock().set(world.db().clock().now().plus_seconds(60));
        jobs::work_once(&db, &lying).unwrap();
        tries += 1;
    }
    let given_up = job(&db, id);
    assert_eq!((tries, given_up.state.word(), given_up.percent()), (5, "failed", 80));
    assert!(given_up.error.unwrap().contains("planted"));
}

/// What public answers are kept by goes by deeds: a worker that looks and finds nothing does not make them anew.
#[actix_web::test]
async fn looking_for_work_is_no_deed_and_taking_it_is() {
    let world = World::new().await;
    let db = world.db().clone();
    let handlers = counting(2, 2, |_| Ok(()));
    let before = db.deeds();
    assert!(!jobs::work_once(&db, &handlers).unwrap());
    assert_eq!(db.deeds(), before, "nothing waited");
    db.write_now(&me(), |cx| jobs::enqueue(cx, "count", Value::Null)).unwrap();
    let ordered = db.deeds();
    assert!(ordered > before);
    assert!(jobs::work_once(&db, &handlers).unwrap());
    assert_eq!(db.deeds(), ordered + 2, "it was taken, and done");
    assert!(db.take_now(&me(), |_| Err::<Option<()>, _>(AppError::internal("planted"))).is_err());
    assert_eq!(db.deeds(), ordered + 3, "how far a failed one came is not known");
}
