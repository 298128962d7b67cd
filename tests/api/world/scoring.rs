//! Councils that sit, dossiers that lie before them, sheets made to measure.

use std::collections::BTreeMap;

use diesel::RunQueryDsl;
use serde_json::{Value, json};

use ocop::actor::{Actor, Caller, Role, Who};
use ocop::auth::Right;
use ocop::db::schema::{dossiers, places as units};
use ocop::db::{Ctx, Doc};
use ocop::dossiers::model::Dossier;
use ocop::dossiers::{Desk, Status};
use ocop::error::Result;
use ocop::ids::{DossierId, PlaceId, ProducerId, SessionId, SheetId};
use ocop::places::{self, Level};
use ocop::producers::{self, NewProducer};
use ocop::products::{self, NewProduct};
use ocop::rulebook::criteria::{sets, test_sets};
use ocop::rulebook::marks::{Choice, Marks};
use ocop::rulebook::{self, Authority, CriteriaSet, Criterion, CriterionOption, DossierKind};
use ocop::scoring;

use super::{Person, World};

/// Somebody who sits in a council.
#[derive(Clone)]
pub struct Seated {
    pub person: Person,
    pub seat: String,
}

/// A council and its people: the chair is the first of those who vote.
#[derive(Clone)]
pub struct Council {
    pub world: World,
    pub id: String,
    pub officer: Person,
    pub voters: Vec<Seated>,
    pub secretary: Seated,
}

/// A dossier that lies before a council.
#[derive(Clone, Copy)]
pub struct Laid {
    pub set: &'static str,
    pub kind: DossierKind,
    pub status: Status,
    pub desk: Desk,
    pub province: PlaceId,
}

/// A set that the binary carries.
pub fn set(code: &str) -> &'static CriteriaSet {
    sets().iter().chain(test_sets()).find(|s| s.code == code).unwrap()
}

pub fn choice(option: &str) -> Choice {
    Choice { option: Some(option.to_owned()), ..Choice::default() }
}

/// Marks that come to exactly `wanted` points from the options a scene allows. Case 1 is taken
/// where there are cases, and conditions of other criteria are kept met.
pub fn marks(set: &CriteriaSet, wanted: i64, allowed: impl Fn(&Criterion, &CriterionOption) -> bool) -> Marks {
    ways(set, allowed).remove(&wanted).unwrap_or_else(|| panic!("{}: {wanted} points cannot be reached", set.code))
}

/// One way to each total that the options a scene allows can come to.
pub fn ways(set: &CriteriaSet, allowed: impl Fn(&Criterion, &CriterionOption) -> bool) -> BTreeMap<i64, Marks> {
    let condition = |c: &Criterion, o: &CriterionOption| {
        let of = set.scored().into_iter().filter_map(|x| x.applies_if.clone()).find(|a| a.criterion == c.code);
        of.is_none_or(|a| o.points >= a.min_points)
    };
    let mut ways: BTreeMap<i64, Marks> = [(0, Marks::new())].into();
    for criterion in set.scored() {
        let mut next = BTreeMap::new();
        for (sum, way) in ways {
            let open = criterion.options.iter().filter(|o| o.case.is_none_or(|k| k == 1));
            for option in open.filter(|o| condition(criterion, o) && allowed(criterion, o)) {
                next.entry(sum + option.points).or_insert_with(|| {
                    let mut longer: Marks = way.clone();
                    longer.insert(criterion.code.clone(), Choice { case: option.case, ..choice(&option.code) });
                    longer
                });
            }
        }
        ways = next;
    }
    ways
}

/// Whether an option reaches every minimum up to a star.
pub fn meets(star: u8) -> impl Fn(&Criterion, &CriterionOption) -> bool {
    move |c, o| c.branch(o.case).filter(|m| m.minimum_for_star.is_some_and(|s| s <= star)).all(|m| o.points >= m.points)
}

/// Marks with every minimum up to a star met except one criterion, which takes a given option.
pub fn but(set: &CriteriaSet, total: i64, star: u8, criterion: &str, option: &str) -> Marks {
    marks(set, total, |c, o| if c.code == criterion { o.code == option } else { meets(star)(c, o) })
}

impl World {
    /// A province by its code, on the day of the world.
    pub fn province(&self, code: &str) -> PlaceId {
        let code = code.to_owned();
        self.as_service(move |cx| Ok(places::at(cx, &code, Level::Province, cx.today())?.unwrap().id))
    }

    /// Some commune under a unit, on the day of the world.
    pub fn commune_in(&self, above: PlaceId) -> PlaceId {
        self.as_service(move |cx| {
            use diesel::{ExpressionMethods, QueryDsl, SelectableHelper};
            let today = cx.today();
            let mut line = vec![above];
            loop {
                let below: Vec<places::Place> = units::table
                    .filter(units::parent_id.eq(line.pop().unwrap()))
                    .order(units::code)
                    .select(places::Place::as_select())
                    .load(cx.conn)?;
                let below: Vec<_> = below.into_iter().filter(|p| p.in_force(today)).collect();
                if let Some(commune) = below.iter().find(|p| p.level == Level::Commune) {
                    return Ok(commune.id);
                }
                line.extend(below.iter().rev().map(|p| p.id));
            }
        })
    }

    /// A deed of the service itself.
    pub fn as_service<T: Send + 'static>(&self, f: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static) -> T {
        self.db().write_now(&Caller::system("test"), f).unwrap()
    }

    /// An official of a place.
    pub fn of_office(&self, role: Role, place: Option<PlaceId>) -> Person {
        self.person(role, Right { place, basis: "test".into(), ..Right::default() })
    }

    /// Somebody of a producer.
    pub fn speaker(&self, producer: ProducerId) -> Person {
        self.person(Role::Producer, Right { producer: Some(producer), basis: "test".into(), ..Right::default() })
    }

    /// A dossier of a new product, brought to where a council meets it.
    pub fn laid(&self, asked: Laid) -> DossierId {
        let place = self.commune_in(asked.province);
        self.as_service(move |cx| {
            let today = cx.today();
            let book = rulebook::for_filing(cx, asked.kind, today)?;
            let chosen = rulebook::newest_set(cx, book.id, asked.set)?;
            let name = uuid::Uuid::now_v7().simple().to_string();
            let producer = producers::add(
                cx,
                NewProducer { name: format!("HTX {name}"), place_id: Some(place), ..NewProducer::default() },
            )?;
            let product = products::add(
                cx,
                NewProduct {
                    producer_id: Some(producer.id),
                    name: format!("Mứt dừa {name}"),
                    set_code: asked.set.into(),
                    place_id: Some(place),
                    ..NewProduct::default()
                },
            )?;
            let row = Dossier {
                id: DossierId::new(),
                product_id: product.id,
                producer_id: producer.id,
                kind: asked.kind,
                rulebook_id: book.id,
                criteria_set_id: chosen.id,
                status: asked.status,
                filed_place_id: place,
                place_id: place,
                level: asked.desk,
                filed_on: Some(today),
                form: Doc(json!({})),
                commune_report: None,
                receipt_number: None,
                product_code: None,
                held_recognition_id: None,
                refiled_as: None,
                refiled_from: None,
                copied_from: None,
                deadline_plain: None,
                deadline_paused: None,
                created_by: None,
                created_at: cx.now,
                moved_at: cx.now,
                version: 1,
            };
            diesel::insert_into(dossiers::table).values(&row).execute(cx.conn)?;
            Ok(row.id)
        })
    }

    /// A first dossier with the provincial advisory team.
    pub fn in_review(&self, set: &'static str, province: PlaceId) -> DossierId {
        self.laid(Laid { set, kind: DossierKind::First, status: Status::InReview, desk: Desk::Province, province })
    }

    /// Where a dossier stands.
    pub fn dossier(&self, id: DossierId) -> Dossier {
        self.as_service(move |cx| ocop::dossiers::any(cx, id))
    }

    /// A council by a decision: a chair, a deputy and members who vote, and a secretary who does not.
    pub async fn council(&self, level: Authority, place: Option<PlaceId>, voters: usize) -> Council {
        self.council_with(level, place, voters, json!({})).await
    }

    /// The same with a regulation of its own.
    pub async fn council_with(&self, level: Authority, place: Option<PlaceId>, voters: usize, rules: Value) -> Council {
        let officer = self.of_office(scoring::role_of(level), place);
        // Members need no role at all: their rights come from the appointment.
        let people: Vec<Person> = (0..=voters).map(|_| self.plain()).collect();
        let seat = |(i, p): (usize, &Person)| {
            let office = match i {
                0 => "chair",
                1 => "deputy",
                i if i == voters => "secretary",
                _ => "member",
            };
            json!({ "userId": p.id, "office": office })
        };
        let body = json!({
            "level": level, "placeId": place, "name": "Hội đồng OCOP", "decisionNumber": "12/QĐ-UBND",
            "decidedOn": "2019-12-01", "regulation": rules, "seats": people.iter().enumerate().map(seat).collect::<Vec<_>>(),
        });
        let made = officer.post("/v1/councils", body).await.is(201);
        let ids: Vec<String> =
            made.body["seats"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect();
        let mut seated: Vec<Seated> =
            people.into_iter().zip(ids).map(|(person, seat)| Seated { person, seat }).collect();
        let secretary = seated.pop().unwrap();
        Council { world: self.clone(), id: made.id(), officer, voters: seated, secretary }
    }

    /// A person without any grant.
    pub fn plain(&self) -> Person {
        let right = Right { to: Some("2019-01-02".parse().unwrap()), basis: "past".into(), ..Right::default() };
        self.person(Role::Editor, right)
    }
}

impl Council {
    pub fn chair(&self) -> &Person {
        &self.voters[0].person
    }

    /// Convenes a session on the day of the world.
    pub async fn convene(&self, dossiers: &[DossierId]) -> String {
        self.convene_as("inPerson", dossiers).await.is(201).id()
    }

    pub async fn convene_as(&self, form: &str, dossiers: &[DossierId]) -> super::Reply {
        let today = self.world.db().clock().now().vietnam_day();
        let body = json!({
            "councilId": self.id, "heldOn": today, "form": form, "dossiers": dossiers,
            "report": { "number": "07/BC-TTV", "dated": today },
        });
        self.officer.post("/v1/sessions", body).await
    }

    /// The first so many who vote are present.
    pub async fn attend(&self, session: &str, present: usize) {
        let seats: Vec<&str> = self.voters[..present].iter().map(|s| s.seat.as_str()).collect();
        let at = format!("/v1/sessions/{session}");
        let tag = self.secretary.person.get(&at).await.is(200);
        let body = json!({ "present": seats });
        self.secretary.person.put(&format!("{at}/attendance"), tag.tag(), body).await.is(200);
    }

    pub async fn post(&self, who: &Person, session: &str, act: &str, body: Value) -> super::Reply {
        let at = format!("/v1/sessions/{session}");
        let tag = who.get(&at).await.is(200);
        let request = who.request(actix_web::http::Method::POST, &format!("{at}/{act}"));
        self.world.send(request.insert_header(("If-Match", tag.tag())).set_json(body)).await
    }

    pub async fn open(&self, session: &str) -> super::Reply {
        self.post(self.chair(), session, "moves", json!({ "action": "open" })).await
    }

    pub async fn close(&self, session: &str) {
        self.post(self.chair(), session, "moves", json!({ "action": "close" })).await.is(200);
    }

    /// A session with everybody present, marking open.
    pub async fn sits(&self, dossiers: &[DossierId]) -> String {
        let session = self.convene(dossiers).await;
        self.attend(&session, self.voters.len()).await;
        self.open(&session).await.is(200);
        session
    }

    /// A person's own draft sheet for a dossier.
    pub async fn sheet_of(&self, seated: &Seated, session: &str, dossier: DossierId) -> String {
        let at = format!("/v1/sheets?mine=true&session={session}&dossier={dossier}&limit=100");
        let list = seated.person.get(&at).await.is(200);
        let rows = list.body["data"].as_array().unwrap().clone();
        let last =
            rows.iter().max_by_key(|r| r["scoringRound"].as_i64()).unwrap_or_else(|| panic!("no sheet: {}", list.text));
        last["id"].as_str().unwrap().to_owned()
    }

    /// Brings whole sheets through the acts, one for each of the first seats, and submits them.
    pub async fn mark(&self, session: &str, dossier: DossierId, sheets: &[Marks]) {
        for (seated, marks) in self.voters.iter().zip(sheets) {
            let id: SheetId = self.sheet_of(seated, session, dossier).await.parse().unwrap();
            let caller = seated.person.caller();
            let marks = marks.clone();
            self.world
                .db()
                .write_now(&caller, move |cx| {
                    let row = scoring::hold_sheet(cx, id)?;
                    let row = scoring::put_marks(cx, row, &marks)?.sheet;
                    scoring::submit(cx, row, "")
                })
                .unwrap();
        }
    }

    /// Sheets with these totals, every minimum up to the star met.
    pub async fn totals(&self, session: &str, dossier: DossierId, code: &str, totals: &[i64], star: u8) {
        let sheets: Vec<Marks> = totals.iter().map(|t| marks(set(code), *t, meets(star))).collect();
        self.mark(session, dossier, &sheets).await;
    }

    pub async fn record(&self, session: &str, dossier: DossierId, conclusions: Value) -> super::Reply {
        let body = json!({ "dossierId": dossier, "conclusions": conclusions });
        self.chair().post(&format!("/v1/sessions/{session}/results"), body).await
    }

    /// A whole session for one dossier: sits, marks, closes, records.
    pub async fn scores(&self, dossier: DossierId, code: &str, totals: &[i64], star: u8) -> super::Reply {
        let session = self.sits(&[dossier]).await;
        self.totals(&session, dossier, code, totals, star).await;
        self.close(&session).await;
        self.record(&session, dossier, json!({})).await
    }
}

impl Person {
    /// The person as an act sees them, without any grant.
    pub fn caller(&self) -> Caller {
        let who = Who::User { user: self.id.unwrap(), session: SessionId::new() };
        Caller { actor: Actor { who, grants: Vec::new() }, ..Caller::system("test") }
    }
}
