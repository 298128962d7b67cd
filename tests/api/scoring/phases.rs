//! Six viewers, seven phases, every route that tells of councils or dossiers: what the table of
//! independence hides does not change an answer by a byte.
//!
//! In each phase a secret of the holder's sheet is changed behind the service's back and changed back.
//! Whoever the table shows the sheet must see the difference somewhere (so the eye is not blind);
//! nobody else may see it anywhere: not in a list, a count, an order, a tag, a length or a refusal.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use diesel::connection::SimpleConnection;
use ocop::actor::Role;
use ocop::db::Conn;
use ocop::ids::DossierId;
use ocop::scoring::rules::{Matter, Phase, Regulation, Viewer, may_see};
use serde_json::{Value, json};

use super::{PROVINCE, mark_by_hand, submit};
use crate::walk::{Operation, operations};
use crate::world::rows::count;
use crate::world::scoring::{Council, Seated, marks, meets, set};
use crate::world::{Person, World};

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
        let telling = |o: &Operation| o.method == Method::GET && TELLING.iter().any(|t| o.path.contains(t));
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
            let reply = person.get(&self.path(question)).await;
            let mut body = reply.body.clone();
            if let Some(fields) = body.as_object_mut() {
                fields.remove("traceId");
            }
            let text = if body.is_null() { reply.text.clone() } else { body.to_string() };
            let head: Vec<_> =
                ["etag", "link", "cache-control", "last-modified"].iter().map(|h| reply.headers.get(*h)).collect();
            out.insert(question.id.clone(), format!("{} {head:?} {} {text}", reply.status, text.len()));
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
        self.tamper(true);
        leak(true);
        let after = self.everybody().await;
        leak(false);
        self.tamper(false);
        let mut out = Vec::new();
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

    fn told(&self) -> i64 {
        self.world.as_service(|cx| Ok(count(cx.conn, "select count(*) as n from outbox")))
    }

    /// A deed of a member while marking is open: nothing that anybody else is answered may change.
    async fn unseen(&self, before: &[Answers], told: i64) {
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
    stage.holds(Phase::Concluded).await;
    stage.world.as_service(move |cx| {
        let today = cx.today();
        ocop::scoring::publish_results(cx, dossier, today)
    });
    stage.holds(Phase::Published).await;
    let told: Value = stage.people[7].2.get(&format!("/v1/dossiers/{dossier}/result")).await.is(200).body;
    assert_eq!(told["newest"]["sheets"], json!([]), "the producer reads the result, not the sheets");
}
