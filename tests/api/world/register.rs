//! Producers and products that scenes start from.

use actix_web::http::Method;
use serde_json::json;

use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::ids::{PlaceId, ProducerId, ProductId};
use ocop::places::{self, Level};
use ocop::producers::{self, NewProducer, ProducerType};
use ocop::products::{self, NewProduct};

use super::{Person, Reply, World};

/// A producer and somebody who speaks for it.
#[derive(Clone)]
pub struct Owner {
    pub id: ProducerId,
    pub person: Person,
}

/// A unit in force today.
pub fn unit(world: &World, code: &'static str, level: Level) -> PlaceId {
    let found = world.db().read_now(&Caller::system("test"), |cx| places::at(cx, code, level, cx.today())).unwrap();
    found.unwrap_or_else(|| panic!("no {level} {code}")).id
}

impl World {
    /// A co-operative of a commune in force today, with its person.
    pub fn a_producer(&self, commune: &'static str) -> Owner {
        self.a_producer_named(commune, "Hợp tác xã Dừa sáp Cầu Kè")
    }

    /// The same with a name of its own.
    pub fn a_producer_named(&self, commune: &'static str, name: &'static str) -> Owner {
        let place_id = Some(unit(self, commune, Level::Commune));
        let id = self
            .db()
            .write_now(&Caller::system("test"), move |cx| {
                let kind = Some(ProducerType::Cooperative);
                Ok(producers::add(cx, NewProducer { name: name.into(), kind, place_id, ..NewProducer::default() })?.id)
            })
            .unwrap();
        let right = Right { producer: Some(id), basis: "test".into(), ..Right::default() };
        Owner { id, person: self.person(Role::Producer, right) }
    }

    /// A product of a producer, of set 07.
    pub fn a_product(&self, producer: ProducerId, name: &'static str) -> ProductId {
        self.db()
            .write_now(&Caller::system("test"), move |cx| {
                let new = NewProduct {
                    producer_id: Some(producer),
                    name: name.into(),
                    set_code: "07".into(),
                    ..NewProduct::default()
                };
                Ok(products::add(cx, new)?.id)
            })
            .unwrap()
    }

    /// Somebody with a role at a unit in force today.
    pub fn official(&self, role: Role, code: &'static str, level: Level) -> Person {
        let place = Some(unit(self, code, level));
        self.person(role, Right { place, basis: "test".into(), ..Right::default() })
    }
}

impl Person {
    /// An act on the register: with a retry key, on the version with this tag.
    pub async fn acts(&self, path: &str, tag: &str, key: &str, body: serde_json::Value) -> Reply {
        let request = self
            .request(Method::POST, path)
            .insert_header(("If-Match", tag))
            .insert_header(("Idempotency-Key", key))
            .set_json(body);
        self.world.send(request).await
    }

    /// Sends a form with a file and its description.
    pub async fn uploads(&self, path: &str, file_name: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Reply {
        let mut body = Vec::new();
        for (name, text) in fields {
            let part = format!("--ocop\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--ocop\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--ocop--\r\n");
        let request = self
            .request(Method::POST, path)
            .insert_header(("Content-Type", "multipart/form-data; boundary=ocop"))
            .set_payload(body);
        self.world.send(request).await
    }
}

/// A picture of one pixel.
pub fn a_picture() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89".to_vec();
    bytes.extend_from_slice(b"\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82");
    bytes
}

/// A reason that an act is done with.
pub fn because(reason: &str, mut rest: serde_json::Value) -> serde_json::Value {
    rest["reason"] = json!(reason);
    rest
}
