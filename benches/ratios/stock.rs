//! A register to read from: producers, products, recognitions, certificates.

use chrono::{Days, Months, NaiveDate};
use diesel::RunQueryDsl;
use ocop::actor::Caller;
use ocop::certification::{self, Certificate, ImportedRecognition, rules};
use ocop::db::schema::certificates;
use ocop::db::{Clock, Ctx, Db, Doc};
use ocop::error::Result;
use ocop::ids::{CertificateId, PlaceId, ProducerId, ProductId};
use ocop::places::{self, Level};
use ocop::producers::{self, NewProducer, ProducerType};
use ocop::products::{self, NewProduct};
use ocop::rulebook::Authority;

use crate::service::Engine;

/// What was made.
pub struct Stocked {
    pub products: Vec<ProductId>,
    pub numbers: Vec<String>,
    pub place: PlaceId,
    pub producer: ProducerId,
    pub commune: String,
}

/// Makes so many products, each with a producer's name, a recognition in force and a certificate.
pub fn fill(engine: &Engine, count: usize) -> Stocked {
    let db = Db::open(&engine.url, 2, Clock::real()).unwrap();
    let commune = "29242";
    let place = db
        .read_now(&Caller::system("bench"), |cx| Ok(places::at(cx, commune, Level::Commune, cx.today())?.unwrap().id))
        .unwrap();
    let mut stocked = Stocked {
        products: Vec::new(),
        numbers: Vec::new(),
        place,
        producer: ProducerId(uuid::Uuid::nil()),
        commune: commune.to_owned(),
    };
    let mut producer = None;
    for from in (0..count).step_by(200) {
        let (made, last) = db
            .write_now(&Caller::system("bench"), move |cx| {
                let mut producer = producer;
                let mut made = Vec::new();
                for n in from..(from + 200).min(count) {
                    if n % 3 == 0 || producer.is_none() {
                        producer = Some(new_producer(cx, n, place)?);
                    }
                    made.push(new_product(cx, n, producer, place)?);
                }
                Ok((made, producer))
            })
            .unwrap();
        producer = last;
        for (product, number) in made {
            stocked.products.push(product);
            stocked.numbers.push(number);
        }
    }
    stocked.producer = producer.unwrap();
    stocked
}

fn new_producer(cx: &mut Ctx<'_>, n: usize, place: PlaceId) -> Result<ProducerId> {
    let name = format!("Hợp tác xã nông nghiệp số {n}");
    let kind = Some(ProducerType::ALL[n % ProducerType::ALL.len()]);
    Ok(producers::add(cx, NewProducer { name, kind, place_id: Some(place), ..NewProducer::default() })?.id)
}

fn new_product(
    cx: &mut Ctx<'_>,
    n: usize,
    producer_id: Option<ProducerId>,
    place: PlaceId,
) -> Result<(ProductId, String)> {
    let kinds = ["Mật dừa nước", "Tôm khô", "Bánh tét", "Kẹo dừa sáp", "Chả hoa"];
    let new = NewProduct {
        producer_id,
        name: format!("{} {n}", kinds[n % kinds.len()]),
        set_code: "07".to_owned(),
        place_id: Some(place),
        ..NewProduct::default()
    };
    let product = products::add(cx, new)?.id;
    let on: NaiveDate = cx.today() - Days::new(30 + n as u64 % 300);
    let star = if n.is_multiple_of(4) { 4 } else { 3 };
    let recognition_id = certification::import_recognition(
        cx,
        ImportedRecognition {
            product_id: product,
            producer_id,
            star,
            level: Authority::Province,
            decision_number: Some(format!("{}/QĐ-UBND", n / 50 + 1)),
            decided_on: on,
            place_id: Some(place),
            printed_place: String::new(),
            authority_name: "Ủy ban nhân dân tỉnh".to_owned(),
        },
    )?;
    let number = rules::number("86", 2026, u32::try_from(n).unwrap() + 1).unwrap();
    let row = Certificate {
        id: CertificateId::new(),
        number: number.clone(),
        recognition_id,
        product_id: product,
        producer_id,
        stars: i32::from(star),
        issued_on: on,
        valid_through: on + Months::new(36),
        expiring_on: on + Months::new(30),
        revoked_on: None,
        revocation_ground: None,
        superseded_on: None,
        withdrawn_on: None,
        printed: Doc(serde_json::json!({
            "number": number, "stars": star, "productName": format!("Sản phẩm {n}"), "productCode": null,
            "groupCode": "1.4", "producerName": "Hợp tác xã", "producerType": "cooperative", "place": "Xã Đông Hải",
            "placeId": place, "authorityName": "Ủy ban nhân dân tỉnh", "decisionNumber": "1/QĐ-UBND", "signedOn": on,
            "signerName": "Trần Thị B", "kind": "first", "validThrough": on + Months::new(36),
            "expiringOn": on + Months::new(30),
        })),
        created_at: cx.now,
        extended_through: None,
        corrections: 0,
    };
    diesel::insert_into(certificates::table).values(&row).execute(cx.conn)?;
    Ok((product, number))
}
