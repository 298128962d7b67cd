//! Producers, products, recognitions and certificates that are simply there.

use chrono::NaiveDate;
use diesel::RunQueryDsl;
use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::certification::{self, Certificate, ImportedRecognition};
use ocop::db::schema::certificates;
use ocop::db::{Ctx, Doc};
use ocop::error::Result;
use ocop::ids::{CertificateId, PlaceId, ProducerId, ProductId, RecognitionId};
use ocop::places::{self, Level};
use ocop::producers::{self, NewProducer, ProducerType};
use ocop::products::{self, NewProduct};
use ocop::rulebook::Authority;

use super::{Person, World};

/// A product with what belongs to it.
#[derive(Clone, Copy)]
pub struct Made {
    pub producer: ProducerId,
    pub product: ProductId,
    pub certificate: CertificateId,
    pub place: PlaceId,
}

impl World {
    /// Something done by the service itself.
    pub fn deed<T: Send + 'static>(&self, f: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static) -> T {
        self.db().write_now(&Caller::system("test"), f).unwrap()
    }

    /// The unit that bore a code on a day.
    pub fn unit(&self, code: &str, level: Level, on: &str) -> PlaceId {
        let (code, on) = (code.to_owned(), on.parse().unwrap());
        self.deed(move |cx| Ok(places::at(cx, &code, level, on)?.unwrap().id))
    }

    /// A person of an office.
    pub fn officer(&self, role: Role, place: PlaceId) -> Person {
        self.person(role, Right { place: Some(place), basis: "test".into(), ..Right::default() })
    }

    /// A person of a producer.
    pub fn of_producer(&self, producer: ProducerId) -> Person {
        self.person(Role::Producer, Right { producer: Some(producer), basis: "test".into(), ..Right::default() })
    }

    /// A product of a producer in a commune, recognised on a day.
    pub fn recognised(&self, name: &str, stars: u8, on: &str, place: PlaceId) -> Made {
        let (name, on) = (name.to_owned(), on.parse::<NaiveDate>().unwrap());
        self.deed(move |cx| {
            let producer = producer(cx, &format!("HTX {name}"), ProducerType::Cooperative, place)?;
            let product = product(cx, &name, producer, place)?;
            let recognition_id = recognise(cx, product, producer, stars, on, place)?;
            let row = Certificate {
                id: CertificateId::new(),
                number: format!("TEST-{}", uuid::Uuid::now_v7().simple()),
                recognition_id,
                product_id: product,
                producer_id: Some(producer),
                stars: i32::from(stars),
                issued_on: on,
                valid_through: on + chrono::Months::new(36),
                expiring_on: on + chrono::Months::new(30),
                revoked_on: None,
                revocation_ground: None,
                superseded_on: None,
                withdrawn_on: None,
                printed: Doc(printed(&name, stars, on, place)),
                created_at: cx.now,
                extended_through: None,
                corrections: 0,
            };
            diesel::insert_into(certificates::table).values(&row).execute(cx.conn)?;
            Ok(Made { producer, product, certificate: row.id, place })
        })
    }

    /// A code that a product bore.
    pub fn coded(&self, product: ProductId, code: &str) {
        use diesel::prelude::*;
        use ocop::db::schema::product_codes as c;
        let code: ocop::products::rules::Code = code.parse().unwrap();
        self.deed(move |cx| {
            let row = (
                c::id.eq(ocop::ids::ProductCodeId::new()),
                c::product_id.eq(product),
                c::code.eq(code.to_string()),
                c::province.eq(code.province.clone()),
                c::district.eq(code.district.clone()),
                c::commune.eq(code.commune.clone()),
                c::sequence.eq(i64::from(code.sequence)),
                c::year.eq(i32::from(code.year)),
                c::valid_from.eq(cx.today()),
            );
            diesel::insert_into(c::table).values(row).execute(cx.conn)?;
            Ok(())
        });
    }

    /// A product whose recognition a list tells of: no certificate.
    pub fn listed(&self, name: &str, stars: u8, on: &str, place: PlaceId) -> (ProductId, ProducerId, RecognitionId) {
        let (name, on) = (name.to_owned(), on.parse::<NaiveDate>().unwrap());
        self.deed(move |cx| {
            let producer = producer(cx, &format!("HTX {name}"), ProducerType::Cooperative, place)?;
            let product = product(cx, &name, producer, place)?;
            Ok((product, producer, recognise(cx, product, producer, stars, on, place)?))
        })
    }

    /// Ends a certificate as a revocation does.
    pub fn revoke(&self, certificate: CertificateId, on: &str) {
        use diesel::prelude::*;
        let on = on.parse::<NaiveDate>().unwrap();
        self.deed(move |cx| {
            diesel::update(certificates::table.find(certificate))
                .set((certificates::revoked_on.eq(Some(on)), certificates::revocation_ground.eq(Some("lawBroken"))))
                .execute(cx.conn)?;
            Ok(())
        });
    }
}

/// What is printed on such a certificate.
fn printed(name: &str, stars: u8, on: NaiveDate, place: PlaceId) -> serde_json::Value {
    serde_json::json!({
        "number": "TEST", "stars": stars, "productName": name, "productCode": null, "groupCode": "1.1",
        "producerName": format!("HTX {name}"), "producerType": "cooperative", "place": "xã", "placeId": place,
        "authorityName": "thử nghiệm", "decisionNumber": "1/QĐ", "signedOn": on, "signerName": "A B", "kind": "first",
        "validThrough": on + chrono::Months::new(36), "expiringOn": on + chrono::Months::new(30),
    })
}

pub fn producer(cx: &mut Ctx<'_>, name: &str, kind: ProducerType, place: PlaceId) -> Result<ProducerId> {
    let new = NewProducer { name: name.to_owned(), kind: Some(kind), place_id: Some(place), ..NewProducer::default() };
    Ok(producers::add(cx, new)?.id)
}

pub fn product(cx: &mut Ctx<'_>, name: &str, producer: ProducerId, place: PlaceId) -> Result<ProductId> {
    let new = NewProduct {
        name: name.to_owned(),
        producer_id: Some(producer),
        place_id: Some(place),
        ..NewProduct::default()
    };
    Ok(products::add(cx, new)?.id)
}

pub fn recognise(
    cx: &mut Ctx<'_>,
    product: ProductId,
    producer: ProducerId,
    star: u8,
    on: NaiveDate,
    place: PlaceId,
) -> Result<RecognitionId> {
    let level = if star == 5 { Authority::Central } else { Authority::Province };
    certification::import_recognition(
        cx,
        ImportedRecognition {
            product_id: product,
            producer_id: Some(producer),
            star,
            level,
            decision_number: Some(format!("{star}/QĐ")),
            decided_on: on,
            place_id: Some(place),
            printed_place: "xã".into(),
            authority_name: "thử nghiệm".into(),
        },
    )
}
