//! What people write to each other about a dossier, and who never reads it.

use ocop::actor::{Caller, Role};
use serde_json::{Value, json};

use crate::world::dossiers::{Case, Played, pdf};
use crate::world::{Person, World};

async fn say(played: &Played, who: &Person, shelf: &str, words: &str) -> crate::world::Reply {
    who.post(&played.path(&format!("/{shelf}")), json!({"words": words})).await
}

async fn words(played: &Played, who: &Person, shelf: &str) -> Vec<Value> {
    let list = who.get(&played.path(&format!("/{shelf}"))).await.is(200);
    list.body["data"].as_array().unwrap().iter().map(|m| m["words"].clone()).collect()
}

async fn unread(played: &Played, who: &Person) -> (Value, Value) {
    let view = who.get(&played.path("")).await.is(200);
    (view.body["unread"]["messages"].clone(), view.body["unread"]["notes"].clone())
}

#[actix_web::test]
async fn messages_go_between_the_producer_and_the_offices_that_handle_it() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    say(&draft, &draft.producer, "messages", "Xin chào").await.refused("dossier_not_filed");
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    let played = draft;
    let first = say(&played, &offices.commune, "messages", "Mời mang mẫu đến ngày 5/6").await.is(201);
    assert_eq!(
        (&first.body["party"], &first.body["office"], &first.body["read"]),
        (&json!("commune"), &json!(offices.place), &json!(true))
    );
    say(&played, &played.producer, "messages", "Vâng").await.is(201);
    assert_eq!(words(&played, &played.producer, "messages").await, [json!("Vâng"), json!("Mời mang mẫu đến ngày 5/6")]);

    // Each counts what the other wrote; reading is said, and never goes back.
    assert_eq!(unread(&played, &played.producer).await, (json!(1), json!(0)));
    let read = |n: i32| json!({"upTo": n});
    let path = played.path("/messages/read");
    assert_eq!(played.producer.put(&path, "*", read(2)).await.is(200).body, json!({"messages": 0, "notes": 0}));
    played.producer.put(&path, "*", read(1)).await.is(200);
    assert_eq!(unread(&played, &played.producer).await, (json!(0), json!(0)));
    assert_eq!(unread(&played, &offices.commune).await, (json!(1), json!(0)));

    // The province sees the dossier but has not had it: not yet its correspondence.
    offices.province.get(&played.path("/messages")).await.is(403);
    say(&played, &world.with_role(Role::Inspector), "messages", "x").await.is(403);
    let (_, stranger) = world.producer_in(offices.place, ocop::producers::ProducerType::Company);
    stranger.get(&played.path("/messages")).await.is(404);
    let blank = say(&played, &played.producer, "messages", "  ").await.is(422);
    assert_eq!(blank.body["errors"][0]["pointer"], "/words");
    let foreign = json!({"words": "Xem", "documents": [played.product_id]});
    let foreign = played.producer.post(&played.path("/messages"), foreign).await.is(422);
    assert_eq!(foreign.body["errors"][0]["pointer"], "/documents/0");

    // What the outside world and the audit learn has no word of it.
    let id: ocop::ids::DossierId = played.id.parse().unwrap();
    let (told, noted) = world
        .db()
        .read_now(&Caller::system("test"), move |cx| {
            Ok((crate::world::rows::outbox_of(cx, id.0), ocop::audit::of_subject(cx, id.0)?))
        })
        .unwrap();
    let mut told: Vec<&Value> = told.iter().filter(|b| b["message"].is_number()).collect();
    told.sort_by_key(|b| b["message"].as_i64());
    assert_eq!(told.len(), 2);
    assert_eq!((&told[0]["message"], &told[0]["party"]), (&json!(1), &json!("commune")));
    let everything = format!("{told:?}{:?}", noted.iter().map(|r| r.details.text()).collect::<Vec<_>>());
    assert!(!everything.contains("Mời mang mẫu") && !everything.contains("Vâng"), "{everything}");
}

#[actix_web::test]
async fn a_note_never_reaches_the_producer_nor_another_level() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.dossier_at_province(&offices, &Case::of("07")).await;
    say(&played, &offices.commune, "notes", "Xã đã khảo sát").await.is(201);
    say(&played, &offices.province, "notes", "Cần xem lại nhãn").await.is(201);
    let colleague = world.officer(Role::Advisory, offices.province_place);
    assert_eq!(words(&played, &offices.commune, "notes").await, [json!("Xã đã khảo sát")]);
    assert_eq!(words(&played, &colleague, "notes").await, [json!("Cần xem lại nhãn")]);
    assert_eq!(unread(&played, &colleague).await, (json!(0), json!(1)));
    assert_eq!(unread(&played, &played.producer).await, (json!(0), json!(0)));
    played.producer.get(&played.path("/notes")).await.is(403);
    say(&played, &played.producer, "notes", "x").await.is(403);
    offices.central.get(&played.path("/notes")).await.is(403);
    assert!(words(&played, &played.producer, "messages").await.is_empty());
    let id: ocop::ids::DossierId = played.id.parse().unwrap();
    let told =
        world.db().read_now(&Caller::system("test"), move |cx| Ok(crate::world::rows::outbox_of(cx, id.0))).unwrap();
    assert!(told.iter().all(|b| b["message"].is_null() && !b.to_string().contains("note")), "{told:?}");
}

#[actix_web::test]
async fn papers_go_with_a_message_and_lists_go_on_page_by_page() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let paper = draft.upload(&draft.producer, &[("paper", "award")], &pdf("bằng khen")).await.is(201).id();
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    for n in 1..=3 {
        let body = json!({"words": format!("Tin {n}"), "documents": [paper]});
        let sent = draft.producer.post_once(&draft.path("/messages"), &format!("m{n}"), body.clone()).await.is(201);
        assert_eq!((&sent.body["ordinal"], &sent.body["documents"]), (&json!(n), &json!([paper])));
        let again = draft.producer.post_once(&draft.path("/messages"), &format!("m{n}"), body).await.is(201);
        assert_eq!(again.body["id"], sent.body["id"]);
    }
    let page = offices.commune.get(&draft.path("/messages?limit=2")).await.is(200);
    let next = page.body["page"]["next"].as_str().unwrap();
    let rest = offices.commune.get(&draft.path(&format!("/messages?limit=2&cursor={next}"))).await.is(200);
    assert_eq!((&rest.body["data"][0]["words"], &rest.body["page"]["next"]), (&json!("Tin 1"), &Value::Null));
    assert_eq!(rest.body["data"].as_array().unwrap().len(), 1);
}
