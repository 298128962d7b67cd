//! Dossiers played through HTTP: as fast and as parametric as a round of seventy needs them.
//!
//! `world.offices("29242")` makes the people once; `world.draft(&offices, &Case::of("07"))` and what
//! follows carry a dossier on, each step as the person whose move it is.
#![allow(dead_code, reason = "helpers for several scenes")]

use actix_web::http::Method;
use actix_web::test::TestRequest;
use diesel::{ExpressionMethods, RunQueryDsl};
use serde_json::{Value, json};

use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::dossiers::{self, Action, Deed, Party};
use ocop::ids::{DossierId, PlaceId, ProducerId, ProductId, RowId};
use ocop::places::{self, Level};
use ocop::producers::{self, NewProducer, ProducerType};
use ocop::products::{self, NewProduct};
use ocop::rulebook::CriteriaSet;
use ocop::rulebook::criteria::{sets, test_sets};

use super::{Person, Reply, World};

/// The people of one commune, and of the offices above it on the day.
#[derive(Clone)]
pub struct Offices {
    pub place: PlaceId,
    pub province_place: PlaceId,
    pub commune: Person,
    pub district: Option<Person>,
    pub province: Person,
    pub central: Person,
}

/// What a dossier is to be.
#[derive(Debug, Clone)]
pub struct Case {
    /// Code of the criteria set.
    pub set: String,
    /// `first`, `upgrade`, `reEvaluation`.
    pub kind: String,
    /// Name of the product.
    pub name: String,
    /// Type of the producer.
    pub producer: ProducerType,
    /// Samples in the form and the letters.
    pub samples: u16,
}

/// A dossier and who acts for it.
#[derive(Clone)]
pub struct Played {
    pub id: String,
    pub producer_id: ProducerId,
    pub product_id: ProductId,
    pub producer: Person,
    pub offices: Offices,
    pub case: Case,
}

impl Case {
    /// A first evaluation under a set; tourism goes without samples.
    pub fn of(set: &str) -> Self {
        Self {
            set: set.to_owned(),
            kind: "first".to_owned(),
            name: format!("Sản phẩm {}", &uuid::Uuid::now_v7().simple().to_string()[20..]),
            producer: ProducerType::Cooperative,
            samples: if set == "26" { 0 } else { 5 },
        }
    }
}

/// A set that ships, or one of the test sets.
pub fn shipped(code: &str) -> &'static CriteriaSet {
    sets().iter().chain(test_sets()).find(|s| s.code == code).unwrap()
}

/// The best option of every criterion, as the body of `PUT …/self-assessment`.
pub fn best_marks(code: &str) -> Value {
    let mut marks = serde_json::Map::new();
    for criterion in shipped(code).scored() {
        let case = criterion.cases.first().map(|c| c.case);
        let best = criterion.branch(case).max_by_key(|o| o.points).unwrap();
        let mut mark = json!({ "option": best.code });
        if let Some(case) = best.case {
            mark["case"] = json!(case);
        }
        marks.insert(criterion.code.clone(), mark);
    }
    json!({ "marks": marks })
}

fn key() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

impl World {
    /// The unit with this code today.
    pub fn unit_today(&self, level: Level, code: &str) -> PlaceId {
        let code = code.to_owned();
        self.db()
            .read_now(&Caller::system("test"), |cx| {
                let on = cx.today();
                Ok(places::at(cx, &code, level, on)?.unwrap_or_else(|| panic!("no {level} {code} on {on}")).id)
            })
            .unwrap()
    }

    /// The people of a commune and of the offices above it, as the units stand today.
    pub fn offices(&self, commune: &str) -> Offices {
        let place = self.unit_today(Level::Commune, commune);
        let line = self.db().read_now(&Caller::system("test"), |cx| places::ancestors(cx, place)).unwrap();
        let above = |level| line.iter().find(|p| p.level == level).map(|p| p.id);
        let province_place = above(Level::Province).unwrap();
        Offices {
            place,
            province_place,
            commune: self.officer(Role::Commune, place),
            district: above(Level::District).map(|d| self.officer(Role::District, d)),
            province: self.officer(Role::Province, province_place),
            central: self.with_role(Role::Central),
        }
    }

    /// The same people for another commune of the same offices above.
    pub fn neighbours(&self, offices: &Offices, commune: &str) -> Offices {
        let place = self.unit_today(Level::Commune, commune);
        Offices { place, commune: self.officer(Role::Commune, place), ..offices.clone() }
    }

    /// A producer in a commune, with a person who speaks for it.
    pub fn producer_in(&self, place: PlaceId, kind: ProducerType) -> (ProducerId, Person) {
        let name = format!("Chủ thể {}", &key()[20..]);
        let id = self
            .db()
            .write_now(&Caller::system("test"), move |cx| {
                let new = NewProducer {
                    name: name.clone(),
                    kind: Some(kind),
                    place_id: Some(place),
                    ..NewProducer::default()
                };
                Ok(producers::add(cx, new)?.id)
            })
            .unwrap();
        (id, self.person(Role::Producer, Right { producer: Some(id), basis: "test".into(), ..Right::default() }))
    }

    /// A product of a producer. Test sets are no sets of the register: the dossier names them.
    pub fn product_of(&self, producer: ProducerId, name: &str, set: &str) -> ProductId {
        let (name, set) = (name.to_owned(), if set.starts_with('T') { "" } else { set }.to_owned());
        self.db()
            .write_now(&Caller::system("test"), move |cx| {
                let new = NewProduct {
                    producer_id: Some(producer),
                    name: name.clone(),
                    set_code: set.clone(),
                    ..NewProduct::default()
                };
                Ok(products::add(cx, new)?.id)
            })
            .unwrap()
    }

    /// A recognition that a product holds, by a decision of before this service.
    pub fn hold_star(&self, product: ProductId, stars: i32, from: &str, through: &str) -> RowId {
        use ocop::db::schema::{decisions, recognitions};
        let (from, through): (chrono::NaiveDate, chrono::NaiveDate) = (from.parse().unwrap(), through.parse().unwrap());
        self.db()
            .write_now(&Caller::system("test"), move |cx| {
                let (decision, id) = (RowId::new(), RowId::new());
                diesel::insert_into(decisions::table)
                    .values((
                        decisions::id.eq(decision),
                        decisions::kind.eq("recognition"),
                        decisions::level.eq("province"),
                        decisions::authority_name.eq("UBND tỉnh"),
                        decisions::number.eq(Some(key())),
                        decisions::signed_on.eq(Some(from)),
                        decisions::legal_bases.eq("[]"),
                        decisions::preparers.eq("[]"),
                        decisions::state.eq("signed"),
                        decisions::imported.eq(true),
                        decisions::created_at.eq(cx.now),
                        decisions::version.eq(1),
                    ))
                    .execute(cx.conn)?;
                diesel::insert_into(recognitions::table)
                    .values((
                        recognitions::id.eq(id),
                        recognitions::product_id.eq(product),
                        recognitions::decision_id.eq(decision),
                        recognitions::kind.eq("first"),
                        recognitions::stars.eq(stars),
                        recognitions::level.eq("province"),
                        recognitions::printed_place.eq(""),
                        recognitions::group_code.eq(""),
                        recognitions::recognised_on.eq(from),
                        recognitions::valid_through.eq(through),
                        recognitions::expiring_on.eq(through - chrono::Days::new(180)),
                        recognitions::newest.eq(true),
                    ))
                    .execute(cx.conn)?;
                Ok(id)
            })
            .unwrap()
    }

    /// A producer that the commune registers, with a person who speaks for it: through HTTP.
    pub async fn registered(&self, offices: &Offices, kind: ProducerType) -> (ProducerId, Person) {
        let body = json!({"name": format!("Chủ thể {}", &key()[20..]), "kind": kind, "place": offices.place});
        let id = offices.commune.post_once("/v1/producers", &key(), body).await.is(201).id().parse().unwrap();
        (id, self.of_producer(id))
    }

    /// A first dossier, filed and reported on, of a product that its producer registers: through HTTP.
    pub async fn applied(&self, offices: &Offices, case: &Case, owner: &(ProducerId, Person)) -> Played {
        let set = if case.set.starts_with('T') { "" } else { &case.set };
        let body = json!({"producer": owner.0, "name": case.name, "set": set});
        let product = owner.1.post_once("/v1/products", &key(), body).await.is(201).id().parse().unwrap();
        self.applied_for(offices, case, owner, product).await
    }

    /// The same for a product that is in the register.
    pub async fn applied_for(
        &self,
        offices: &Offices,
        case: &Case,
        owner: &(ProducerId, Person),
        product: ProductId,
    ) -> Played {
        let played = self.draft_for(offices, case, owner.clone(), product).await;
        played.act(&played.producer, json!({"action": "submit"})).await.is(201);
        played.report().await;
        played
    }

    /// A draft with form, every criterion marked best, and every paper that is required.
    pub async fn draft(&self, offices: &Offices, case: &Case) -> Played {
        let (producer_id, producer) = self.producer_in(offices.place, case.producer);
        let product_id = self.product_of(producer_id, &case.name, &case.set);
        self.draft_for(offices, case, (producer_id, producer), product_id).await
    }

    /// The same for a product that is there already (an upgrade, a re-evaluation).
    pub async fn draft_for(
        &self,
        offices: &Offices,
        case: &Case,
        (producer_id, producer): (ProducerId, Person),
        product_id: ProductId,
    ) -> Played {
        let body = json!({
            "product": product_id, "kind": case.kind, "set": case.set,
            "form": {
                "description": "Làm từ nguyên liệu của xã", "organisation": "Tổ sản xuất và tổ bán hàng",
                "plan": "Mở rộng vùng nguyên liệu", "updates": "Thêm máy sấy", "samples": case.samples, "commitment": true,
            },
        });
        let id = producer.post_once("/v1/dossiers", &key(), body).await.is(201).id();
        let played = Played { id, producer_id, product_id, producer, offices: offices.clone(), case: case.clone() };
        played.mark_best().await;
        played.add_required_papers().await;
        played
    }

    /// Filed at the commune.
    pub async fn filed(&self, offices: &Offices, case: &Case) -> Played {
        let played = self.draft(offices, case).await;
        played.act(&played.producer, json!({"action": "submit"})).await.is(201);
        played
    }

    /// Reported on by the commune.
    pub async fn reported(&self, offices: &Offices, case: &Case) -> Played {
        let played = self.filed(offices, case).await;
        played.report().await;
        played
    }

    /// Proposed by the commune's letter, waiting to be received.
    pub async fn proposed(&self, offices: &Offices, case: &Case) -> (Played, String) {
        let played = self.reported(offices, case).await;
        let to = if self.has_districts() { "district" } else { "province" };
        let letter = played.hand_over(&played.offices.commune, to).await;
        (played, letter)
    }

    /// Received by the district (three tiers) or by the province (two tiers).
    pub async fn received(&self, offices: &Offices, case: &Case) -> Played {
        let (played, letter) = self.proposed(offices, case).await;
        let who = match self.has_districts() {
            true => played.offices.district.clone().unwrap(),
            false => played.offices.province.clone(),
        };
        receive(&who, &letter, &[&played]).await;
        played
    }

    /// Received by the province, straight from the commune (from 1 July 2025).
    pub async fn dossier_at_province(&self, offices: &Offices, case: &Case) -> Played {
        assert!(!self.has_districts(), "before 1 July 2025 the district comes first");
        self.received(offices, case).await
    }

    /// Given to the provincial advisory team.
    pub async fn dossier_in_review(&self, offices: &Offices, case: &Case) -> Played {
        let played = self.dossier_at_province(offices, case).await;
        played.act(&played.offices.province, json!({"action": "startReview"})).await.is(201);
        played
    }

    fn has_districts(&self) -> bool {
        self.db().clock().now().vietnam_day() < "2025-07-01".parse().unwrap()
    }
}

/// One letter with several dossiers; gives its identifier.
pub async fn send_letter(who: &Person, to: &str, dossiers: &[&Played]) -> Reply {
    let day = who.world.db().clock().now().vietnam_day();
    let enclosed: Vec<Value> = dossiers.iter().map(|d| json!({"id": d.id, "samples": d.case.samples})).collect();
    let body = json!({
        "toLevel": to, "number": format!("{}/TTr", &key()[20..]), "signedOn": day, "signer": "Trần Thị B", "paperSet": true,
        "dossiers": enclosed,
    });
    who.post_once("/v1/handovers", &key(), body).await
}

/// Receives dossiers of a letter.
pub async fn receive(who: &Person, letter: &str, dossiers: &[&Played]) -> Reply {
    let receipts: Vec<Value> = dossiers.iter().map(|d| json!({"dossier": d.id, "received": true})).collect();
    who.post_once(&format!("/v1/handovers/{letter}/receipts"), &key(), json!({"receipts": receipts})).await.is(201)
}

/// A small document.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.4\n% {text}\n%%EOF\n").into_bytes()
}

impl Played {
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/dossiers/{}{rest}", self.id)
    }

    /// As the producer sees it.
    pub async fn view(&self) -> Reply {
        self.producer.get(&self.path("")).await.is(200)
    }

    pub async fn status(&self) -> String {
        self.view().await.body["status"]["code"].as_str().unwrap().to_owned()
    }

    pub async fn tag(&self) -> String {
        self.view().await.tag().to_owned()
    }

    /// A move of the version that stands now.
    pub async fn act(&self, who: &Person, body: Value) -> Reply {
        let tag = self.tag().await;
        self.act_on(who, &tag, &key(), body).await
    }

    pub async fn act_on(&self, who: &Person, tag: &str, key: &str, body: Value) -> Reply {
        let request = who
            .request(Method::POST, &self.path("/moves"))
            .insert_header(("If-Match", tag))
            .insert_header(("Idempotency-Key", key))
            .set_json(body);
        who.world.send(request).await
    }

    pub async fn mark_best(&self) {
        let tag = self.tag().await;
        self.producer.put(&self.path("/self-assessment"), &tag, best_marks(&self.case.set)).await.is(200);
    }

    /// Uploads every paper that the rulebook requires and that is no form.
    pub async fn add_required_papers(&self) {
        let check = self.producer.get(&self.path("/completeness?stage=filing")).await.is(200);
        for paper in check.body["papers"].as_array().unwrap() {
            let (asked, present) = (paper["asked"].as_u64(), paper["present"].as_u64());
            if paper["need"] == "required" && present < asked && paper["paper"] != "samples" {
                let kind = paper["paper"].as_str().unwrap();
                self.upload(&self.producer, &[("paper", kind), ("title", kind)], &pdf(&key())).await.is(201);
            }
        }
    }

    pub async fn upload(&self, who: &Person, fields: &[(&str, &str)], bytes: &[u8]) -> Reply {
        who.world.send(multipart(who.request(Method::POST, &self.path("/documents")), fields, bytes)).await
    }

    /// The commune writes and issues its report.
    pub async fn report(&self) {
        let commune = &self.offices.commune;
        let body = json!({
            "origin": "Nguyên liệu của xã", "labour": "Mười lao động của xã", "idea": "Nghề của xã",
            "identity": "Công thức của cộng đồng", "proposed": true, "proposal": "Đề nghị đánh giá",
        });
        commune.put(&self.path("/commune-report"), &self.tag().await, body).await.is(200);
        self.act(commune, json!({"action": "report"})).await.is(201);
    }

    /// A letter with this dossier alone; gives its identifier.
    pub async fn hand_over(&self, who: &Person, to: &str) -> String {
        send_letter(who, to, &[self]).await.is(201).id()
    }

    /// A move that a later slice makes (a session, a council's result, a decision), as the service itself.
    pub fn moved_by_service(&self, action: Action, party: Party, details: Value) {
        let id: DossierId = self.id.parse().unwrap();
        self.producer
            .world
            .db()
            .write_now(&Caller::system("test"), move |cx| {
                let row = dossiers::hold(cx, id)?;
                dossiers::advance(cx, &row, action, party, Deed::with(details.clone())).map(|_| ())
            })
            .unwrap();
    }

    /// In a session of this level, with the star that its council found.
    pub fn scored_at(&self, party: Party, stars: u8) {
        self.moved_by_service(Action::Schedule, party, json!({}));
        self.moved_by_service(Action::RecordResult, party, json!({"stars": stars}));
    }
}

/// `multipart/form-data` with one document.
pub fn multipart(request: TestRequest, fields: &[(&str, &str)], bytes: &[u8]) -> TestRequest {
    multipart_named(request, fields, "giay.pdf", bytes)
}

/// The same with a document of this name.
pub fn multipart_named(request: TestRequest, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> TestRequest {
    let mark = "xOCOPx";
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    let head = format!(
        "--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{mark}--\r\n").as_bytes());
    request.insert_header(("Content-Type", format!("multipart/form-data; boundary={mark}"))).set_payload(body)
}

/// Starts a declared reform and lets the workers finish it.
pub async fn carry_out_reform(world: &World, who: &Person, reform: &Reply) {
    let path = format!("/v1/reforms/{}/runs", reform.id());
    let request = who.request(Method::POST, &path).insert_header(("If-Match", reform.tag()));
    world.send(request).await.is(202);
    let handlers = ocop::app::handlers();
    while ocop::jobs::work_once(world.db(), &handlers).unwrap() {}
}
