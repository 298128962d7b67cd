//! Who reads the audit and whose jobs are whose.

use ocop::actor::{Caller, Role};
use ocop::jobs;
use serde_json::json;

use crate::world::World;

#[actix_web::test]
async fn auditors_page_through_the_audit_in_its_order() {
    let world = World::new().await;
    let auditor = world.with_role(Role::Auditor);
    for n in 0..5 {
        world.with_role(if n % 2 == 0 { Role::Central } else { Role::Editor });
    }
    world.record();
    let first = auditor.get("/v1/audit?limit=3").await.is(200);
    let positions = |r: &crate::world::Reply| -> Vec<i64> {
        r.body["data"].as_array().unwrap().iter().map(|x| x["position"].as_i64().unwrap()).collect()
    };
    let start = positions(&first)[0];
    assert_eq!(positions(&first), [start, start + 1, start + 2]);
    let cursor = first.body["page"]["next"].as_str().unwrap();
    let second = auditor.get(&format!("/v1/audit?limit=3&cursor={cursor}")).await.is(200);
    assert_eq!(positions(&second), [start + 3, start + 4, start + 5]);
    assert!(first.headers["link"].contains("rel=\"next\""));

    let given = auditor.get("/v1/audit?deed=grant.given&limit=100").await.is(200);
    assert!(given.body["data"].as_array().unwrap().iter().all(|r| r["deed"] == "grant.given"));
    let mine = auditor.get(&format!("/v1/audit?subject={}", auditor.id.unwrap())).await.is(200);
    let deeds: Vec<_> =
        mine.body["data"].as_array().unwrap().iter().map(|r| r["deed"].as_str().unwrap().to_owned()).collect();
    assert_eq!(deeds.len(), 3, "{deeds:?}");
    assert!(!mine.text.contains("@example.vn"), "no personal data in the audit");
    auditor.get("/v1/audit?from=1").await.is(400);
    auditor.get("/v1/audit?cursor=abc").await.is(400);
}

#[actix_web::test]
async fn others_do_not_read_the_audit_but_anybody_may_keep_its_head() {
    let world = World::new().await;
    world.stranger().get("/v1/audit").await.is(401);
    for role in Role::ALL.iter().filter(|r| !matches!(r, Role::Auditor | Role::Administrator)) {
        world.with_role(*role).get("/v1/audit").await.is(403);
    }
    world.with_role(Role::Administrator).get("/v1/audit").await.is(200);
    world.record();
    let head = world.stranger().get("/v1/audit/head").await.is(200);
    assert_eq!(head.body["hash"].as_str().unwrap().len(), 64);
    assert!(head.body["number"].as_i64().unwrap() > 0);
    let keys = world.stranger().get("/.well-known/jwks.json").await.is(200);
    assert!(keys.body["keys"].as_array().unwrap().iter().any(|k| k["kid"] == head.body["key"]), "the key is published");
}

#[actix_web::test]
async fn a_job_is_seen_by_whom_it_belongs_to_and_by_administrators() {
    let world = World::new().await;
    let owner = world.with_role(Role::Central);
    let (user, mut caller) = (owner.id.unwrap(), Caller::system("test"));
    caller.actor.who = ocop::actor::Who::User { user, session: ocop::ids::SessionId::new() };
    let id = world.db().write_now(&caller, |cx| jobs::enqueue(cx, "test.count", json!({}))).unwrap();
    let path = format!("/v1/jobs/{id}");
    world.with_role(Role::Central).get(&path).await.is(404);
    world.stranger().get(&path).await.is(401);
    world.with_role(Role::Administrator).get(&path).await.is(200);
    let waiting = owner.get(&path).await.is(200);
    assert_eq!((&waiting.body["state"], &waiting.body["percent"]), (&json!("waiting"), &json!(0)));
    let handlers = jobs::Handlers::default().with("test.count", |_, job| match job.done {
        0 => Ok(jobs::Step::More { total: 4, done: 1, resume: json!(1) }),
        _ => Ok(jobs::Step::Done(json!({"counted": 4}))),
    });
    jobs::work_once(world.db(), &handlers).unwrap();
    let done = owner.get(&path).await.is(200);
    assert_eq!((&done.body["state"], &done.body["percent"]), (&json!("done"), &json!(100)));
    assert_eq!(done.body["result"], json!({"counted": 4}));
}
