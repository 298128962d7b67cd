//! Whole rounds of evaluation, each step through HTTP as the person whose step it is: from the
//! register to what anybody can look up. The figures of the rounds are those that were published;
//! products, producers and marks are ours.

mod a1;
mod a4;
mod a6;
mod a8;
mod b1;
mod b2;
mod forty;
mod r26;

use std::collections::BTreeMap;

use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use ocop::actor::Role;
use ocop::ids::{DossierId, PlaceId};
use ocop::rulebook::Authority;
use ocop::rulebook::marks::Marks;
use ocop::scoring;

use crate::world::certification::Office;
use crate::world::dossiers::{Played, receive, send_letter};
use crate::world::scoring::{Council, Seated, meets, set, ways};
use crate::world::{Person, Reply, World};

fn key() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn id_of(played: &Played) -> DossierId {
    played.id.parse().unwrap()
}

/// What a member's sheet is to say.
#[derive(Clone)]
enum Sheet {
    /// Marks for every criterion.
    Marked(Marks),
    /// A ground of disqualification, which stops the sheet.
    Stopped(&'static str, &'static str),
}

/// Sheets with these totals, every minimum up to the star met.
fn sheets(code: &str, totals: &[i64], star: u8) -> Vec<Sheet> {
    let known = ways(set(code), meets(star));
    let of = |t: &i64| known.get(t).unwrap_or_else(|| panic!("{code}: {t} points cannot be reached")).clone();
    totals.iter().map(|t| Sheet::Marked(of(t))).collect()
}

/// Codes of the units of a level under one, as the public list gives them today.
async fn units(world: &World, under: PlaceId, level: &str) -> Vec<String> {
    let today = world.db().clock().now().vietnam_day();
    let (mut codes, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/places?parent={under}&level={level}&on={today}&limit=100{next}");
        let page = world.stranger().get(&path).await.is(200).body;
        codes.extend(page["data"].as_array().unwrap().iter().map(|u| u["code"].as_str().unwrap().to_owned()));
        match page["page"]["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return codes,
        }
    }
}

/// The office that decides at a level.
fn office(world: &World, level: Authority, place: Option<PlaceId>) -> Office {
    Office {
        level: level.word(),
        place,
        officer: world.of_office(scoring::role_of(level), place),
        signer: world.of_office(Role::Signer, place),
    }
}

/// One letter with all of these, and their receipt at the other side.
async fn hand_over(from: &Person, level: &str, to: &Person, dossiers: &[&Played]) {
    let letter = send_letter(from, level, dossiers).await.is(201).id();
    receive(to, &letter, dossiers).await;
}

/// Gives dossiers to the advisory team.
async fn review(officer: &Person, dossiers: &[&Played]) {
    for played in dossiers {
        played.act(officer, json!({"action": "startReview"})).await.is(201);
    }
}

/// A whole session: convened on a report, opened with everybody present, marked sheet by sheet and
/// criterion by criterion, closed, and a result recorded for each dossier. Gives the results.
async fn sit(council: &Council, form: &str, plan: &[(&Played, Vec<Sheet>)]) -> Vec<Reply> {
    let dossiers: Vec<DossierId> = plan.iter().map(|(played, _)| id_of(played)).collect();
    let session = council.convene_as(form, &dossiers).await.is(201).id();
    if form == "inPerson" {
        council.attend(&session, council.voters.len()).await;
    }
    council.open(&session).await.is(200);
    join_all(council.voters.iter().enumerate().map(|(at, seated)| fill(council, &session, seated, at, plan))).await;
    council.close(&session).await;
    let mut results = Vec::new();
    for dossier in dossiers {
        results.push(council.record(&session, dossier, json!({})).await.is(201));
    }
    results
}

/// One member fills all of the sheets of a session.
async fn fill(council: &Council, session: &str, seated: &Seated, at: usize, plan: &[(&Played, Vec<Sheet>)]) {
    let person = &seated.person;
    for (played, sheets) in plan {
        let sheet = council.sheet_of(seated, session, id_of(played)).await;
        let path = format!("/v1/sheets/{sheet}");
        let mut tag = person.get(&path).await.is(200).tag().to_owned();
        match &sheets[at] {
            Sheet::Marked(marks) => {
                for (criterion, mark) in marks {
                    let body = json!({"option": mark.option, "case": mark.case, "comment": mark.comment});
                    tag = person.put(&format!("{path}/marks/{criterion}"), &tag, body).await.is(200).tag().to_owned();
                }
            }
            Sheet::Stopped(ground, reason) => {
                let body = json!({"at": ground, "reason": reason});
                tag = person.put(&format!("{path}/knock-out"), &tag, body).await.is(200).tag().to_owned();
            }
        }
        let request = person.request(Method::POST, &format!("{path}/submission")).insert_header(("If-Match", tag));
        person.world.send(request.set_json(json!({"opinion": "Đã xem mẫu và hồ sơ"}))).await.is(200);
    }
}

/// A decision: prepared by the officer, signed by somebody else, published. Gives it as published.
async fn decide(office: &Office, kind: &str, lines: &[(&Played, &str)], number: &str) -> Reply {
    let mut body = office.body(kind, &[]);
    body["legalBases"] = json!(["Quyết định ban hành Bộ tiêu chí và quy trình"]);
    body["dossiers"] = lines.iter().map(|(played, note)| json!({"dossierId": played.id, "note": note})).collect();
    if kind == "notRecognition" {
        body["reason"] = json!("Kết quả của Hội đồng");
    }
    let draft = office.officer.post_once("/v1/decisions", &key(), body).await.is(201);
    let today = office.officer.world.db().clock().now().vietnam_day().to_string();
    let own = json!({"action": "sign", "number": number, "signedOn": today, "signerName": "Trần Thị B"});
    office.officer.move_on(&format!("/v1/decisions/{}/moves", draft.id()), draft.tag(), own).await.is(403);
    let signed = office.sign(&draft, number, &today).await.is(200);
    office.publish(&signed).await.is(200)
}

/// Lines without a remark.
fn plain<'a>(dossiers: &[&'a Played]) -> Vec<(&'a Played, &'static str)> {
    dossiers.iter().map(|played| (*played, "")).collect()
}

/// What anybody reads on a day: recognised by star, potential five, and the totals.
#[derive(Debug, PartialEq, Eq)]
struct Figures {
    by_star: BTreeMap<i64, i64>,
    potential_five: i64,
    total: Value,
}

/// The public figures of a unit on a day. Every division of the stock has the same total.
async fn figures(world: &World, place: &str, on: &str) -> Figures {
    world.record();
    let stats = async |by: &str| {
        let path = format!("/v1/catalogue/stats?by={by}&place={place}&on={on}");
        world.stranger().get(&path).await.is(200).body
    };
    let stars = stats("star").await;
    for by in ["place", "producerType", "year"] {
        assert_eq!(stats(by).await["total"], stars["total"], "{by}");
    }
    let rows = stars["data"].as_array().unwrap();
    let by_star = rows.iter().map(|r| (r["key"].as_str().unwrap().parse().unwrap(), r["recognised"].as_i64().unwrap()));
    let potential = rows.iter().map(|r| r["potentialFive"].as_i64().unwrap()).sum();
    Figures {
        by_star: by_star.filter(|(_, n)| *n > 0).collect(),
        potential_five: potential,
        total: stars["total"].clone(),
    }
}

/// Every certificate of a published decision, as anybody who reads its number sees it.
async fn verify_all(world: &World, decision: &Reply) -> Vec<Value> {
    let mut seen = Vec::new();
    for item in decision.body["items"].as_array().unwrap() {
        let number = item["certificateNumber"].as_str().unwrap();
        let told = world.stranger().get(&format!("/v1/verify/{number}")).await.is(200).body;
        assert_eq!((&told["state"], &told["inForce"]), (&json!("valid"), &json!(true)), "{number}");
        assert_eq!((&told["stars"], &told["number"]), (&item["stars"], &json!(number)));
        assert_eq!(told["decision"]["number"], decision.body["number"]);
        seen.push(told);
    }
    seen
}

/// An indicator of the plan on a day: numerator, denominator, value.
async fn indicator(world: &World, word: &str, on: &str) -> Value {
    let progress = world.stranger().get(&format!("/v1/plans/2207-2022/progress?on={on}")).await.is(200).body;
    let line = progress["indicators"].as_array().unwrap().iter().find(|l| l["indicator"] == word).unwrap().clone();
    json!([line["numerator"], line["denominator"], line["value"]])
}
