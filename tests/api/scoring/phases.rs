//! Six viewers, seven phases, every route that tells of councils or dossiers: what the table of
//! independence hides does not change an answer by a byte.
//!
//! In each phase a secret of the holder's sheet is changed behind the service's back and changed back.
//! Whoever the table shows the sheet must see the difference somewhere (so the eye is not blind);
//! nobody else may see it anywhere: not in a list, a count, an order, the cut of a page, a tag, a 304, the
//! size of an export or the text of a refusal. The outbox (what a webhook carries is its body) is told nothing.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use actix_web::test::TestRequest;
use diesel::connection::SimpleConnection;
use ocop::actor::Role;
use ocop::db::Conn;
use ocop::ids::DossierId;
use ocop::scoring::rules::{Matter, Phase, Regulation, Viewer, may_see};
use serde_json::{Value, json};

use super::{PROVINCE, mark_by_hand, submit};
use crate::walk::{Operation, operations};
use crate::world::scoring::{Council, Seated, marks, meets, set};
use crate::world::{Person, Reply, World};

/// Parts of the paths that could tell of a sheet.
const TELLING: &[&str] = &[
    "sheets",
    "sessions",
    "councils",
    "rounds",
    "dossiers",
    "queue",
    "conflicts",
    "complaints",
    "evaluation-reviews",
    "decisions",
    "jobs",
    "catalogue",
    "audit",
    "reports",
];

/// Status, tag and other telling heads, size, text: a problem without the name of its request.
fn told(reply: &Reply) -> String {
    let mut body = reply.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("traceId");
    }
    let text = if body.is_null() { reply.text.clone() } else { body.to_string() };
    let head = |name: &str| reply.headers.get(name).map_or("none", String::as_str).to_owned();
    let heads = ["link", "cache-control", "last-modified", "content-length", "content-range"].map(head);
    let size = if body.is_null() { reply.bytes.len() } else { text.len() };
    format!("{} etag: {}; {heads:?} {size} {text}", reply.status, head("etag"))
}

struct Stage {
    world: World,
    council: Council,
    people: Vec<(Viewer, &'static str, Person)>,
    dossier: DossierId,
    session: String,
    sheet: Option<String>,
    questions: Vec<Operation>,
}

/// What one person is answered, by question.
type Answers = BTreeMap<String, String>;

impl Stage {
    async fn set() -> Self {
        let world = World::new().await;
        let province = world.province("86");
        let council = world.council(PROVINCE, Some(province), 6).await;
        let dossier = world.in_review("07", province);
        let session = council.convene(&[dossier]).await;
        council.attend(&session, 6).await;
        let kept_away = &council.voters[5].person;
        kept_away.post("/v1/conflicts", json!({ "dossierId": dossier, "reason": "Họ hàng" })).await.is(201);
        let row = world.dossier(dossier);
        let people = vec![
            (Viewer::Holder, "the holder", council.voters[4].person.clone()),
            (Viewer::Fellow, "another member", council.voters[2].person.clone()),
            (Viewer::Presiding, "the chair", council.chair().clone()),
            (Viewer::Secretary, "the secretary", council.secretary.person.clone()),
            (Viewer::Official, "the officer", council.officer.clone()),
            (Viewer::Official, "the auditor", world.with_role(Role::Auditor)),
            (Viewer::Outsider, "a member who keeps away", kept_away.clone()),
            (Viewer::Outsider, "the producer", world.speaker(row.producer_id)),
            (Viewer::Outsider, "the commune", world.of_office(Role::Commune, Some(row.place_id))),
            (Viewer::Outsider, "a neighbour", world.of_office(Role::Province, Some(world.province("25")))),
        ];
        // A page is made of the same record and behind the same gate as its workbook, and takes long to set.
        let telling = |o: &Operation| {
            o.method == Method::GET && TELLING.iter().any(|t| o.path.contains(t)) && !o.path.ends_with(".pdf")
        };
        let questions: Vec<Operation> = operations().into_iter().filter(telling).collect();
        assert!(questions.len() > 25, "{}", questions.len());
        Self { world, council, people, dossier, session, sheet: None, questions }
    }

    fn holder(&self) -> &Seated {
        &self.council.voters[4]
    }

    fn path(&self, question: &Operation) -> String {
        let fill = |name: &str, before: &str| match (name, before) {
            ("id", "sessions") => self.session.clone(),
            ("id", "dossiers") => self.dossier.to_string(),
            ("id", "sheets") => self.sheet.clone().unwrap_or_else(|| uuid::Uuid::nil().to_string()),
            ("id", "councils") => self.council.id.clone(),
            ("criterion", _) => "1.1".into(),
            ("year", _) => "2026".into(),
            _ => uuid::Uuid::nil().to_string(),
        };
        let path = question.path_with(fill);
        match question.parameters("query").iter().any(|p| p["name"] == "limit") {
            true => format!("{path}?limit=100"),
            false => path,
        }
    }

    async fn asked(&self, person: &Person) -> Answers {
        let mut out = Answers::new();
        for question in &self.questions {
            let path = self.path(question);
            out.insert(question.id.clone(), told(&person.get(&path).await));
            // One sheet a page: where the cut falls, and what comes next.
            let sheets = path.contains("sheets").then(|| path.strip_suffix("?limit=100")).flatten();
            if let Some(page) = sheets {
                out.insert(format!("{}, cut", question.id), told(&person.get(&format!("{page}?limit=1")).await));
            }
        }
        for (name, request) in self.attempts(person) {
            out.insert(name.to_owned(), told(&self.world.send(request).await));
        }
        out
    }

    /// What is refused in every phase at which the scene looks: the words must not tell either.
    fn attempts(&self, person: &Person) -> Vec<(&'static str, TestRequest)> {
        let (session, dossier) = (&self.session, self.dossier);
        let sheet = self.sheet.clone().unwrap_or_else(|| uuid::Uuid::nil().to_string());
        let post = |path: String, body: Value| person.request(Method::POST, &path).set_json(body);
        let stale = ("If-Match", "\"0\"");
        vec![
            ("trying a result", post(format!("/v1/sessions/{session}/results"), json!({ "dossierId": dossier }))),
            ("trying what if", post(format!("/v1/dossiers/{dossier}/what-if"), json!({}))),
            ("trying to submit", post(format!("/v1/sheets/{sheet}/submission"), json!({})).insert_header(stale)),
            (
                "trying to mark",
                person
                    .request(Method::PUT, &format!("/v1/sheets/{sheet}/marks/1.1"))
                    .insert_header(stale)
                    .set_json(json!({ "option": "a" })),
            ),
            (
                "bringing a mark",
                post(
                    "/v1/sheets/marks".into(),
                    json!({ "device": "tablet", "marks": [{ "sheetId": sheet, "criterion": "99", "option": "a",
                        "editedAt": "2026-06-01T01:00:00Z" }] }),
                ),
            ),
        ]
    }

    /// Whether each answer that bears a tag is still what it was: 304 or 200.
    async fn revalidated(&self, person: &Person, before: &Answers) -> Answers {
        let mut out = Answers::new();
        for question in &self.questions {
            let Some(tag) = before[&question.id].split("etag: ").nth(1).and_then(|t| t.split(';').next()) else {
                continue;
            };
            if tag == "none" {
                continue;
            }
            let request = person.request(Method::GET, &self.path(question)).insert_header(("If-None-Match", tag));
            let reply = self.world.send(request).await;
            out.insert(question.id.clone(), format!("{} {}", reply.status.as_u16(), reply.bytes.len()));
        }
        out
    }

    async fn everybody(&self) -> Vec<Answers> {
        let mut out = Vec::new();
        for (.., person) in &self.people {
            out.push(self.asked(person).await);
        }
        out
    }

    fn run(&self, sql: &str) {
        let sql = sql.to_owned();
        self.world.as_service(move |cx| Ok(cx.conn.batch_execute(&sql)?));
    }

    /// Changes what the holder's sheet says, or changes it back.
    fn tamper(&self, forth: bool) {
        let sheet = self.key(self.sheet.as_ref().unwrap());
        let by = if forth { "+ 1" } else { "- 1" };
        let said = if forth { "bí mật" } else { "" };
        self.run(&format!(
            "update sheets set total = total {by}, opinion = '{said}', version = version {by} where id = {sheet};
             update sheet_marks set comment = '{said}' where sheet_id = {sheet};"
        ));
    }

    fn key(&self, id: &str) -> String {
        let plain = id.replace('-', "");
        self.world.as_service(move |cx| {
            Ok(match cx.conn {
                Conn::Pg(_) => format!("'{plain}'::uuid"),
                Conn::Sqlite(_) => format!("x'{plain}'"),
            })
        })
    }

    /// Who saw the secret though the table hides it, and who did not though it shows it.
    async fn breaches(&self, phase: Phase, leak: impl Fn(bool)) -> Vec<String> {
        let before = self.everybody().await;
        let told = self.told();
        self.tamper(true);
        leak(true);
        let after = self.everybody().await;
        let mut fresh = Vec::new();
        for ((.., person), before) in self.people.iter().zip(&before) {
            fresh.push(self.revalidated(person, before).await);
        }
        let told_after = self.told();
        leak(false);
        self.tamper(false);
        let mut out = Vec::new();
        if told != told_after {
            out.push(format!("{phase}: the outside world is told"));
        }
        for ((viewer, name, _), answers) in self.people.iter().zip(&fresh) {
            let shown = may_see(*viewer, phase, Matter::Sheet, &Regulation::default());
            for (question, answer) in answers {
                let renewed = !answer.starts_with("304 0");
                if !shown && renewed {
                    out.push(format!("{phase}: {name} is told by the 304 of {question}: {answer}"));
                }
                if shown && question == "get_sheet" && !renewed {
                    out.push(format!("{phase}: {name} is given 304 for a sheet that changed"));
                }
            }
        }
        for (((viewer, name, _), before), after) in self.people.iter().zip(&before).zip(&after) {
            let differ: BTreeSet<&String> = before.keys().filter(|q| before[*q] != after[*q]).collect();
            let shown = may_see(*viewer, phase, Matter::Sheet, &Regulation::default());
            if !shown && !differ.is_empty() {
                out.push(format!("{phase}: {name} is told by {differ:?}"));
            }
            // A list tells of the total, which a draft has not.
            let lists = if phase == Phase::Marking { &[][..] } else { &["list_sheets", "list_session_sheets"][..] };
            if shown && !lists.iter().chain(&["get_sheet"]).all(|q| before[*q] != after[*q]) {
                out.push(format!("{phase}: {name} should see it, and sees it in {differ:?} only"));
            }
        }
        out
    }

    async fn holds(&self, phase: Phase) {
        let found = self.breaches(phase, |_| {}).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    /// Everything that the outside world was told: topic and body, which is what a webhook carries.
    fn told(&self) -> Vec<(String, String)> {
        self.world.as_service(|cx| {
            use diesel::prelude::*;
            use ocop::db::schema::outbox;
            Ok(outbox::table.order(outbox::id).select((outbox::topic, outbox::body)).load(cx.conn)?)
        })
    }

    /// A deed of a member while marking is open: nothing that anybody else is answered may change.
    async fn unseen(&self, before: &[Answers], told: Vec<(String, String)>) {
        let after = self.everybody().await;
        for (((viewer, name, _), before), after) in self.people.iter().zip(before).zip(&after) {
            let leads = matches!(viewer, Viewer::Presiding | Viewer::Secretary);
            let may = |q: &String| *viewer == Viewer::Holder || leads && q == "get_session_progress";
            let differ: Vec<&String> = before.keys().filter(|q| before[*q] != after[*q] && !may(q)).collect();
            assert!(differ.is_empty(), "{name} is told by {differ:?}");
        }
        assert_eq!(self.told(), told, "the outside world is told nothing");
    }
}

#[actix_web::test]
async fn what_the_table_hides_changes_no_answer_by_a_byte() {
    let mut stage = Stage::set().await;
    // Before marking there is no sheet, and the questions have steady answers.
    assert_eq!(stage.everybody().await, stage.everybody().await, "an answer that changes by itself hides a leak");
    let (council, session, dossier) = (stage.council.clone(), stage.session.clone(), stage.dossier);
    council.open(&session).await.is(200);
    stage.sheet = Some(council.sheet_of(stage.holder(), &session, dossier).await);

    // The holder marks, and submits: one after the other nobody is told.
    let sheet = stage.sheet.clone().unwrap();
    let (before, told) = (stage.everybody().await, stage.told());
    let tag = mark_by_hand(&stage.holder().person, &sheet, &marks(set("07"), 84, meets(4))).await;
    stage.unseen(&before, told).await;
    stage.holds(Phase::Marking).await;
    let (before, told) = (stage.everybody().await, stage.told());
    submit(&stage.holder().person, &sheet, &tag).await.is(200);
    stage.unseen(&before, told).await;
    stage.holds(Phase::Submitted).await;

    // Two planted leaks turn it red: a submission that touches the session's tag, and a table that
    // calls the dossier closed while others still mark.
    let key = stage.key(&session);
    let found = stage
        .breaches(Phase::Submitted, |on| {
            let by = if on { "+ 1" } else { "- 1" };
            stage.run(&format!("update council_sessions set version = version {by} where id = {key};"));
        })
        .await;
    assert!(found.iter().any(|f| f.contains("another member") && f.contains("get_session")), "{found:?}");
    let state =
        |word: &str| stage.run(&format!("update session_dossiers set state = '{word}' where session_id = {key};"));
    state("closed");
    let found = stage.breaches(Phase::Submitted, |_| {}).await;
    state("scoring");
    assert!(found.iter().any(|f| f.contains("another member") && f.contains("list_sheets")), "{found:?}");
    assert!(found.iter().any(|f| f.contains("the officer")), "{found:?}");

    // So does a message, and an export whose size follows what is marked.
    let world = stage.world.clone();
    let found = stage
        .breaches(Phase::Submitted, |on| {
            if on {
                world.as_service(move |cx| {
                    ocop::outbox::tell(cx, ocop::outbox::Topic::Dossier, dossier.0, json!({ "submitted": 1 }))
                });
            }
        })
        .await;
    assert_eq!(found, ["submitted: the outside world is told"]);

    // Too far apart: marking ends, a discussion, a new round beside the sheets of the first.
    let first = stage.asked(&stage.people[0].2).await;
    council.totals(&session, dossier, "07", &[72, 73, 74, 75], 4).await;
    assert_eq!(stage.asked(&stage.people[0].2).await, first, "who submits first learns nothing of those who follow");
    council.close(&session).await;
    stage.holds(Phase::Ended).await;
    council.record(&session, dossier, json!({})).await.refused("session_spread_beyond_limit");
    let note = json!({ "dossierId": dossier, "reason": "Thảo luận" });
    council.post(council.chair(), &session, "discussion", note).await.is(200);
    stage.holds(Phase::Discussed).await;

    let second = council.sheet_of(stage.holder(), &session, dossier).await;
    assert_ne!(second, sheet);
    council.totals(&session, dossier, "07", &[72, 73, 74, 75, 76], 4).await;
    stage.sheet = Some(second);
    stage.holds(Phase::Submitted).await;
    council.close(&session).await;
    council.record(&session, dossier, json!({})).await.is(201);
    council.secretary.person.post(&format!("/v1/sessions/{session}/minutes"), json!({})).await.is(201);
    stage.holds(Phase::Concluded).await;
    stage.world.as_service(move |cx| {
        let today = cx.today();
        ocop::scoring::publish_results(cx, dossier, today)
    });
    stage.holds(Phase::Published).await;
    let secret: Vec<String> =
        stage.sheet.iter().chain([&sheet]).chain(council.voters.iter().map(|v| &v.seat)).cloned().collect();
    for (topic, body) in stage.told() {
        let tells =
            secret.iter().any(|s| body.contains(s)) || ["total", "mean", "marks"].iter().any(|w| body.contains(w));
        assert!(!tells, "{topic} {body}");
    }
    let told: Value = stage.people[7].2.get(&format!("/v1/dossiers/{dossier}/result")).await.is(200).body;
    assert_eq!(told["newest"]["sheets"], json!([]), "the producer reads the result, not the sheets");
}
