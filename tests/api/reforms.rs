//! A reform of units, from 30 June to 1 July 2025: what moves by itself, what an officer chooses,
//! what stays as it was.

use diesel::prelude::*;
use ocop::actor::{Caller, Role};
use ocop::app::handlers;
use ocop::auth::Right;
use ocop::db::Ctx;
use ocop::db::schema::{dossiers, grants, producers as producer_rows, products as product_rows};
use ocop::dossiers::{self as intake, Desk, Status};
use ocop::error::Result;
use ocop::ids::{DossierId, PlaceId, ProducerId, ProductId, UserId};
use ocop::places::{self, Level};
use ocop::producers::{self, NewProducer};
use ocop::products::{self, NewProduct};
use ocop::rulebook::DossierKind;
use serde_json::{Value, json};

use crate::world::{Person, World};

const BEFORE: &str = "2025-06-30";
const AFTER: &str = "2025-07-01";

fn deed<T: Send + 'static>(world: &World, f: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static) -> T {
    world.db().write_now(&Caller::system("test"), f).unwrap()
}

fn unit(world: &World, level: Level, code: &'static str, on: &'static str) -> PlaceId {
    deed(world, move |cx| Ok(places::at(cx, code, level, on.parse().unwrap())?.unwrap().id))
}

/// A producer with a product and a dossier at a commune; the dossier lies where it is said.
struct Kept {
    producer: ProducerId,
    product: ProductId,
    dossier: DossierId,
}

fn keep(world: &World, commune: &'static str, status: Status, desk: Desk) -> Kept {
    let place = unit(world, Level::Commune, commune, BEFORE);
    deed(world, move |cx| {
        let producer = producers::add(
            cx,
            NewProducer {
                name: format!("Hợp tác xã {commune}"),
                kind: None,
                tax_code: None,
                registration_number: None,
                place_id: Some(place),
                address: String::new(),
                founded_on: None,
            },
        )?;
        let product = products::add(
            cx,
            NewProduct {
                producer_id: Some(producer.id),
                name: format!("Mật hoa dừa {commune}"),
                sector: String::new(),
                group_code: String::new(),
                set_code: "T40".into(),
                story: String::new(),
                gtin: None,
                place_id: Some(place),
            },
        )?;
        let form = serde_json::from_value(json!({})).unwrap_or_default();
        let new = intake::NewDossier { product: product.id, kind: DossierKind::First, set: None, form };
        let dossier = intake::open(cx, new)?;
        // The way to the district is the business of other scenes.
        diesel::update(dossiers::table.find(dossier.id))
            .set((dossiers::status.eq(status), dossiers::level.eq(desk), dossiers::filed_on.eq(Some(cx.today()))))
            .execute(cx.conn)?;
        Ok(Kept { producer: producer.id, product: product.id, dossier: dossier.id })
    })
}

/// Where the three are kept, and where the dossier lies.
fn whereabouts(world: &World, kept: &Kept) -> (Option<PlaceId>, Option<PlaceId>, PlaceId, PlaceId, Status, Desk) {
    let (producer, product, dossier) = (kept.producer, kept.product, kept.dossier);
    deed(world, move |cx| {
        let producer = producer_rows::table.find(producer).select(producer_rows::place_id).first(cx.conn)?;
        let product = product_rows::table.find(product).select(product_rows::place_id).first(cx.conn)?;
        let row = intake::any(cx, dossier)?;
        Ok((producer, product, row.place_id, row.filed_place_id, row.status, row.level))
    })
}

fn offices(world: &World, user: UserId, on: &'static str) -> Vec<PlaceId> {
    let day: chrono::NaiveDate = on.parse().unwrap();
    deed(world, move |cx| {
        let held: Vec<Option<PlaceId>> = grants::table
            .filter(grants::user_id.eq(user))
            .filter(grants::valid_from.le(day))
            .filter(grants::valid_to.is_null().or(grants::valid_to.ge(day)))
            .select(grants::place_id)
            .load(cx.conn)?;
        Ok(held.into_iter().flatten().collect())
    })
}

fn officer(world: &World, role: Role, place: PlaceId) -> Person {
    world.person(role, Right { place: Some(place), basis: "test".into(), ..Right::default() })
}

fn line<'a>(lines: &'a Value, subject: &str) -> &'a Value {
    lines.as_array().unwrap().iter().find(|l| l["subject"] == subject).unwrap()
}

fn work(world: &World) {
    while ocop::jobs::work_once(world.db(), &handlers()).unwrap() {}
}

/// Declares the reform of 1 July 2025 and carries it out.
async fn carry_out(world: &World, administrator: &Person) -> String {
    let body = json!({"on": AFTER, "title": "202/2025/QH15"});
    let made = administrator.post("/v1/reforms", body).await.is(201);
    let path = format!("/v1/reforms/{}", made.id());
    world.today(AFTER);
    run(administrator, &path, made.tag()).await.is(202);
    work(world);
    path
}

async fn run(person: &Person, path: &str, tag: &str) -> crate::world::Reply {
    let request = person.request(actix_web::http::Method::POST, &format!("{path}/runs"));
    person.world.send(request.insert_header(("If-Match", tag))).await
}

#[actix_web::test]
async fn open_dossiers_of_three_districts_go_to_the_new_units_and_the_province() {
    let world = World::on(BEFORE).await;
    let communes = ["29266", "29335", "29341"];
    let open = communes.map(|code| keep(&world, code, Status::AtDistrict, Desk::District));
    let written = keep(&world, "29308", Status::Submitted, Desk::Commune);
    let sealed = keep(&world, "29311", Status::NotRecognised, Desk::District);
    let old = |code| unit(&world, Level::Commune, code, BEFORE);
    let commune = officer(&world, Role::Commune, old("29335"));
    let district = officer(&world, Role::District, unit(&world, Level::District, "845", BEFORE));
    let province = officer(&world, Role::Province, unit(&world, Level::Province, "84", BEFORE));
    let administrator = world.with_role(Role::Administrator);

    // declared and previewed
    let body = json!({"on": AFTER, "title": "202/2025/QH15"});
    world.stranger().post("/v1/reforms", body.clone()).await.is(401);
    province.post("/v1/reforms", body.clone()).await.is(403);
    administrator
        .post("/v1/reforms", json!({"on": "2025-03-03", "title": "x"}))
        .await
        .refused("reform_nothing_follows");
    let made = administrator.post_once("/v1/reforms", "r", body.clone()).await.is(201);
    assert_eq!(administrator.post_once("/v1/reforms", "r", body.clone()).await.is(201).id(), made.id());
    administrator.post("/v1/reforms", body).await.refused("reform_declared");
    let path = format!("/v1/reforms/{}", made.id());
    let shown = province.get(&path).await.is(200);
    assert_eq!(
        line(&shown.body["preview"], "dossier"),
        &json!({"subject": "dossier", "go": 4, "choose": 0, "goUp": 0, "stay": 0})
    );
    assert_eq!(line(&shown.body["preview"], "producer")["go"], 5);
    assert_eq!(
        line(&shown.body["preview"], "grant"),
        &json!({"subject": "grant", "go": 2, "choose": 0, "goUp": 1, "stay": 0})
    );
    world.stranger().get(&path).await.is(401);
    world.with_role(Role::Editor).get(&path).await.is(403);

    // carried out on its day, by the administrator or the centre
    run(&administrator, &path, made.tag()).await.refused("reform_too_early");
    world.today(AFTER);
    run(&province, &path, made.tag()).await.is(403);
    run(&administrator, &path, "\"9\"").await.is(412);
    let job = run(&administrator, &path, made.tag()).await.is(202);
    assert_eq!(job.headers["location"], format!("/v1/jobs/{}", job.body["job"].as_str().unwrap()));
    let shown = administrator.get(&path).await.is(200);
    run(&administrator, &path, shown.tag()).await.refused("reform_started");
    work(&world);
    let done = administrator.get(&path).await.is(200);
    assert_eq!(done.body["state"], "done");
    assert_eq!(line(&done.body["report"], "dossier")["go"], 4);
    assert_eq!(line(&done.body["preview"], "dossier")["go"], 0, "nothing is left at old units");

    // what became of them
    for (code, kept) in communes.iter().zip(&open) {
        let filed = unit(&world, Level::Commune, code, BEFORE);
        let successors = deed(&world, move |cx| places::current(cx, filed, AFTER.parse().unwrap()));
        let new = successors[0].id;
        let found = whereabouts(&world, kept);
        assert_eq!(found, (Some(new), Some(new), new, filed, Status::AtProvince, Desk::Province), "{code}");
    }
    let found = whereabouts(&world, &written);
    assert_eq!((found.4, found.5), (Status::Submitted, Desk::Commune), "the commune goes on with what it has");
    assert_ne!(found.2, found.3);
    let found = whereabouts(&world, &sealed);
    assert_eq!((found.2, found.4), (old("29311"), Status::NotRecognised), "a closed dossier keeps the old unit");
    let new = |level, code| unit(&world, level, code, AFTER);
    let id = |p: &Person| p.id.unwrap();
    assert_eq!(offices(&world, id(&commune), AFTER), [new(Level::Commune, "29335")]);
    assert_eq!(offices(&world, id(&province), AFTER), [new(Level::Province, "86")]);
    assert!(offices(&world, id(&district), AFTER).is_empty(), "a right at a district ends with the district");
    assert_eq!(offices(&world, id(&commune), BEFORE), [old("29335")], "and stands for the time before");

    // seen by the officers of the new units
    let mine = officer(&world, Role::Province, new(Level::Province, "86"));
    let other = officer(&world, Role::Province, new(Level::Province, "25"));
    for (person, sees) in [(&mine, true), (&other, false)] {
        let actor = world.person(Role::Auditor, Right::default());
        drop(actor);
        let grant = ocop::actor::Grant {
            role: Role::Province,
            place: offices(&world, id(person), AFTER).first().copied(),
            producer: None,
            organisation: None,
        };
        let mut caller = Caller::system("test");
        caller.actor = ocop::actor::Actor { who: ocop::actor::Who::Anonymous, grants: vec![grant] };
        let seen = world.db().read_now(&caller, |cx| intake::get(cx, open[1].dossier));
        assert_eq!(seen.is_ok(), sees);
    }
}

#[actix_web::test]
async fn where_a_unit_was_divided_an_officer_chooses() {
    let world = World::on(BEFORE).await;
    // Thị trấn Tam Bình went to Xã Tam Bình and to Xã Trà Côn
    let kept = keep(&world, "29719", Status::Submitted, Desk::Commune);
    let before = whereabouts(&world, &kept);
    let administrator = world.with_role(Role::Administrator);
    let path = carry_out(&world, &administrator).await;
    let done = administrator.get(&path).await.is(200);
    assert_eq!(line(&done.body["report"], "dossier")["choose"], 1);
    assert_eq!(whereabouts(&world, &kept), before, "nothing moves before the choice");

    let officer_of = |code| officer(&world, Role::Commune, unit(&world, Level::Commune, code, AFTER));
    let (tam_binh, tra_con, elsewhere) = (officer_of("29719"), officer_of("29836"), officer_of("29335"));
    let listed = tam_binh.get(&format!("{path}/choices?open=true")).await.is(200);
    let choices = listed.body["data"].as_array().unwrap();
    let subjects: Vec<&str> = choices.iter().map(|c| c["subject"].as_str().unwrap()).collect();
    assert!(subjects.contains(&"producer") && subjects.contains(&"dossier"), "{subjects:?}");
    assert_eq!(
        tra_con.get(&format!("{path}/choices")).await.is(200).body["data"].as_array().unwrap().len(),
        choices.len()
    );
    assert!(elsewhere.get(&format!("{path}/choices")).await.is(200).body["data"].as_array().unwrap().is_empty());

    let choice = choices.iter().find(|c| c["subject"] == "dossier").unwrap();
    let one = format!("{path}/choices/{}", choice["id"].as_str().unwrap());
    let candidates: Vec<&str> =
        choice["candidates"].as_array().unwrap().iter().map(|c| c["fullName"].as_str().unwrap()).collect();
    assert_eq!(candidates, ["Xã Tam Bình", "Xã Trà Côn"]);
    let to = unit(&world, Level::Commune, "29836", AFTER);
    elsewhere.get(&one).await.is(404);
    elsewhere.put(&one, "\"1\"", json!({"place": to})).await.is(404);
    let read = tam_binh.get(&one).await.is(200);
    let auditor = world.with_role(Role::Auditor);
    auditor.put(&one, read.tag(), json!({"place": to})).await.is(403);
    let wrong = unit(&world, Level::Commune, "29335", AFTER);
    let refused = tam_binh.put(&one, read.tag(), json!({"place": wrong})).await.refused("reform_not_a_successor");
    assert!(refused.body["detail"].as_str().unwrap().contains("Xã Trà Côn"));
    let chosen = tam_binh.put(&one, read.tag(), json!({"place": to})).await.is(200);
    assert_eq!(chosen.body["chosen"], to.to_string());
    assert_eq!(whereabouts(&world, &kept).2, to);
    tra_con.put(&one, read.tag(), json!({"place": to})).await.is(412);
    tra_con.put(&one, chosen.tag(), json!({"place": to})).await.refused("reform_choice_made");
    let left = tam_binh.get(&format!("{path}/choices?open=true")).await.is(200).body;
    assert_eq!(left["data"].as_array().unwrap().len(), choices.len() - 1);
}
