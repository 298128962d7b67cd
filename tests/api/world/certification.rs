//! Scored dossiers, officers and decisions, for scenes that begin where a council has ended.

use actix_web::http::Method;
use diesel::prelude::*;
use serde_json::{Value, json};

use ocop::actor::{Caller, Role};
use ocop::db::schema::{council_sessions, councils, dossier_moves, dossiers, places, results};
use ocop::db::{Ctx, Doc};
use ocop::dossiers::{Desk, Dossier, Status};
use ocop::ids::{CouncilId, DossierId, PlaceId, ProducerId, ProductId, ResultId, RowId, SessionMeetingId};
use ocop::places::Level;
use ocop::producers::{self, NewProducer, ProducerType};
use ocop::products::{self, NewProduct};
use ocop::rulebook::{self, Authority, DossierKind};

use super::{Person, Reply, World};

/// A dossier that a council has scored.
#[derive(Debug, Clone, Copy)]
pub struct Filed {
    pub dossier: DossierId,
    pub product: ProductId,
    pub producer: ProducerId,
}

/// What a council found, and where the dossier stands.
#[derive(Debug, Clone)]
pub struct Scored {
    pub name: &'static str,
    pub rulebook: &'static str,
    pub set: &'static str,
    pub kind: DossierKind,
    pub commune: PlaceId,
    pub status: Status,
    pub level: Authority,
    pub stars: i32,
    pub mean: (i64, i32),
    pub filed_on: &'static str,
    pub product: Option<Filed>,
}

impl World {
    /// The first commune below a unit, by code.
    pub fn commune_of(&self, unit: PlaceId) -> PlaceId {
        let below = |cx: &mut Ctx<'_>, unit: PlaceId| -> Vec<(PlaceId, String)> {
            places::table
                .filter(places::parent_id.eq(unit))
                .order(places::code)
                .select((places::id, places::level))
                .load(cx.conn)
                .unwrap()
        };
        let found = self.db().read_now(&Caller::system("test"), |cx| {
            let (mut id, mut level) = below(cx, unit).into_iter().next().unwrap();
            while level != "commune" {
                (id, level) = below(cx, id).into_iter().next().unwrap();
            }
            Ok(id)
        });
        found.unwrap()
    }

    /// New Vĩnh Long, since 1/7/2025.
    pub fn vinh_long(&self) -> PlaceId {
        self.unit("86", Level::Province, "2026-01-01")
    }

    /// What a scene usually begins with: scored by the province of 26/2026.
    pub fn scored_at_province(&self, name: &'static str, stars: i32, mean: (i64, i32)) -> Filed {
        self.scored(&self.asked_of_province(name, stars, mean))
    }

    /// The same, to be changed before it is written.
    pub fn asked_of_province(&self, name: &'static str, stars: i32, mean: (i64, i32)) -> Scored {
        Scored {
            name,
            rulebook: "26-2026",
            set: "01",
            kind: DossierKind::First,
            commune: self.commune_of(self.vinh_long()),
            status: Status::Scored,
            level: Authority::Province,
            stars,
            mean,
            filed_on: "2026-05-22",
            product: None,
        }
    }

    /// A dossier with a result, written straight into the tables.
    pub fn scored(&self, asked: &Scored) -> Filed {
        let asked = asked.clone();
        self.db().write_now(&Caller::system("test"), move |cx| Ok(write(cx, &asked))).unwrap()
    }
}

fn write(cx: &mut Ctx<'_>, asked: &Scored) -> Filed {
    let (product, producer) = match asked.product {
        Some(known) => (known.product, known.producer),
        None => register(cx, asked),
    };
    let books = rulebook::all(cx).unwrap();
    let book = books.iter().find(|b| b.book.id == asked.rulebook).unwrap();
    let set = rulebook::newest_set(cx, book.id, asked.set).unwrap().id;
    let row = Dossier {
        id: DossierId::new(),
        product_id: product,
        producer_id: producer,
        kind: asked.kind,
        rulebook_id: book.id,
        criteria_set_id: set,
        status: asked.status,
        filed_place_id: asked.commune,
        place_id: asked.commune,
        level: match asked.level {
            Authority::District => Desk::District,
            Authority::Province => Desk::Province,
            Authority::Central => Desk::Central,
        },
        filed_on: Some(asked.filed_on.parse().unwrap()),
        form: Doc::of(&json!({})),
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
    diesel::insert_into(dossiers::table).values(&row).execute(cx.conn).unwrap();
    result(cx, row.id, asked);
    Filed { dossier: row.id, product, producer }
}

fn register(cx: &mut Ctx<'_>, asked: &Scored) -> (ProductId, ProducerId) {
    let producer = producers::add(
        cx,
        NewProducer {
            name: format!("Hợp tác xã {}", asked.name),
            kind: Some(ProducerType::Cooperative),
            place_id: Some(asked.commune),
            address: "Ấp 1".into(),
            ..NewProducer::default()
        },
    )
    .unwrap();
    let product = products::add(
        cx,
        NewProduct {
            producer_id: Some(producer.id),
            name: asked.name.into(),
            sector: "1".into(),
            group_code: "1.1".into(),
            set_code: asked.set.into(),
            place_id: Some(asked.commune),
            ..NewProduct::default()
        },
    )
    .unwrap();
    (product.id, producer.id)
}

fn result(cx: &mut Ctx<'_>, dossier: DossierId, asked: &Scored) {
    let (council, session) = (CouncilId::new(), SessionMeetingId::new());
    let today = cx.today();
    let row = (
        councils::id.eq(council),
        councils::level.eq(asked.level.word()),
        councils::name.eq("Hội đồng"),
        councils::decision_number.eq("1/QĐ"),
        councils::decided_on.eq(today),
        councils::valid_from.eq(today),
        councils::regulation.eq("{}"),
        councils::created_at.eq(cx.now),
        councils::version.eq(1),
    );
    diesel::insert_into(councils::table).values(row).execute(cx.conn).unwrap();
    let row = (
        council_sessions::id.eq(session),
        council_sessions::council_id.eq(council),
        council_sessions::held_on.eq(today),
        council_sessions::form.eq("inPerson"),
        council_sessions::state.eq("closed"),
        council_sessions::attendance.eq("[]"),
        council_sessions::created_at.eq(cx.now),
        council_sessions::version.eq(1),
    );
    diesel::insert_into(council_sessions::table).values(row).execute(cx.conn).unwrap();
    let book: ocop::ids::RulebookId =
        dossiers::table.find(dossier).select(dossiers::rulebook_id).first(cx.conn).unwrap();
    let row = (
        results::id.eq(ResultId::new()),
        results::dossier_id.eq(dossier),
        results::session_id.eq(session),
        results::level.eq(asked.level.word()),
        results::rulebook_id.eq(book),
        results::stars.eq(asked.stars),
        results::stars_by_band.eq(asked.stars),
        results::mean_sum.eq(asked.mean.0),
        results::mean_sheets.eq(asked.mean.1),
        results::rejected.eq(false),
        results::sensitive.eq(false),
        results::finding.eq("{}"),
        results::explanation.eq("{}"),
        results::recorded_at.eq(cx.now),
    );
    diesel::insert_into(results::table).values(row).execute(cx.conn).unwrap();
}

impl World {
    /// The centre has answered: the dossier comes back below 90 with the centre's result.
    pub fn back_from_centre(&self, filed: Filed, asked: &Scored) {
        let asked = asked.clone();
        let done = self.db().write_now(&Caller::system("test"), move |cx| {
            diesel::update(dossiers::table.find(filed.dossier))
                .set((dossiers::status.eq(Status::BackFromCentre), dossiers::level.eq(Desk::Province)))
                .execute(cx.conn)?;
            let row = (
                dossier_moves::id.eq(RowId::new()),
                dossier_moves::dossier_id.eq(filed.dossier),
                dossier_moves::from_status.eq("centreScored"),
                dossier_moves::action.eq("sendBack"),
                dossier_moves::to_status.eq("backFromCentre"),
                dossier_moves::party.eq("central"),
                dossier_moves::details.eq("{}"),
                dossier_moves::at.eq(cx.now),
                dossier_moves::ordinal.eq(1000),
            );
            diesel::insert_into(dossier_moves::table).values(row).execute(cx.conn)?;
            result(cx, filed.dossier, &asked);
            Ok(())
        });
        done.unwrap();
    }
}

/// The office that decides: who prepares and who signs.
#[derive(Clone)]
pub struct Office {
    pub level: &'static str,
    pub place: Option<PlaceId>,
    pub officer: Person,
    pub signer: Person,
}

impl World {
    /// A provincial office.
    pub fn province_office(&self, place: PlaceId) -> Office {
        Office {
            level: "province",
            place: Some(place),
            officer: self.officer(Role::Province, place),
            signer: self.officer(Role::Signer, place),
        }
    }
}

impl Person {
    /// A move of something that exists, with its tag and a fresh retry key.
    pub async fn move_on(&self, path: &str, tag: &str, body: Value) -> Reply {
        let key = uuid::Uuid::now_v7().to_string();
        self.move_once(path, tag, &key, body).await
    }

    /// The same with a key of the scene's choice.
    pub async fn move_once(&self, path: &str, tag: &str, key: &str, body: Value) -> Reply {
        let request = self.request(Method::POST, path).insert_header(("If-Match", tag.to_owned()));
        self.world.send(request.insert_header(("Idempotency-Key", key.to_owned())).set_json(body)).await
    }
}

impl Office {
    /// The body of a decision about dossiers.
    pub fn body(&self, kind: &str, dossiers: &[DossierId]) -> Value {
        let lines: Vec<Value> = dossiers.iter().map(|id| json!({ "dossierId": id, "note": "" })).collect();
        json!({ "kind": kind, "level": self.level, "placeId": self.place,
                "legalBases": ["Quyết định 26/2026/QĐ-TTg"], "dossiers": lines })
    }

    /// Prepares a decision.
    pub async fn prepare(&self, kind: &str, dossiers: &[DossierId]) -> Reply {
        let key = uuid::Uuid::now_v7().to_string();
        self.officer.post_once("/v1/decisions", &key, self.body(kind, dossiers)).await
    }

    /// Signs what was prepared.
    pub async fn sign(&self, draft: &Reply, number: &str, on: &str) -> Reply {
        let path = format!("/v1/decisions/{}/moves", draft.id());
        let body = json!({ "action": "sign", "number": number, "signedOn": on, "signerName": "Trần Thị B" });
        self.signer.move_on(&path, draft.tag(), body).await
    }

    /// Publishes what was signed.
    pub async fn publish(&self, signed: &Reply) -> Reply {
        let path = format!("/v1/decisions/{}/moves", signed.id());
        self.officer.move_on(&path, signed.tag(), json!({ "action": "publish" })).await
    }

    /// The whole way; gives the published decision.
    pub async fn decide(&self, kind: &str, dossiers: &[DossierId], number: &str, on: &str) -> Reply {
        let draft = self.prepare(kind, dossiers).await.is(201);
        let signed = self.sign(&draft, number, on).await.is(200);
        self.publish(&signed).await.is(200)
    }

    /// A published certificate of four stars of 1 June 2026: identifier, number, and what it rests on.
    pub async fn certified(&self, world: &World, name: &'static str, number: &str) -> (String, String, Filed) {
        let filed = world.scored_at_province(name, 4, (746, 9));
        let decided = self.decide("recognition", &[filed.dossier], number, "2026-06-01").await;
        let text = |field: &str| decided.body["items"][0][field].as_str().unwrap().to_owned();
        (text("certificateId"), text("certificateNumber"), filed)
    }

    /// The body of a withdrawal that takes the dossier up at a step.
    pub fn withdrawal(&self, certificate: &str, at: &str) -> Value {
        json!({ "kind": "withdrawal", "level": self.level, "placeId": self.place, "reopenAt": at,
            "legalBases": ["Kết luận kiểm tra 45/KL-BNNMT"], "reason": "Hội đồng họp không đủ số thành viên",
            "certificates": [certificate] })
    }

    /// Revokes a certificate on a conclusion, the whole way.
    pub async fn revoke(&self, certificate: &str, dated: &str, number: &str, on: &str) -> Reply {
        let key = uuid::Uuid::now_v7().to_string();
        let case = json!({ "certificateId": certificate, "ground": "lawBroken",
            "evidence": { "kind": "conclusion", "number": "15/KL-SYT", "dated": dated, "body": "Sở Y tế" } });
        let case = self.officer.post_once("/v1/revocations", &key, case).await.is(201);
        let body = json!({ "kind": "revocation", "level": self.level, "placeId": self.place,
            "legalBases": ["Điều 8"], "revocations": [case.id()] });
        let key = uuid::Uuid::now_v7().to_string();
        let draft = self.officer.post_once("/v1/decisions", &key, body).await.is(201);
        let signed = self.sign(&draft, number, on).await.is(200);
        self.publish(&signed).await.is(200)
    }
}
