//! One person of each role, at home in one family's province, and requests about that family.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use ocop::actor::Role;
use ocop::auth::Right;
use ocop::ids::{PlaceId, ProducerId};
use serde_json::Value;
use uuid::Uuid;

use super::rows::{Family, MACHINERY, table_of};
use super::{Person, Reply, World};
use crate::walk::Operation;

/// A world with one family and its people.
pub struct Cast {
    pub world: World,
    pub family: Family,
    people: BTreeMap<Role, Person>,
}

impl Cast {
    /// On 1 June 2026, with family A.
    pub async fn new() -> Self {
        let world = World::new().await;
        world.spoil();
        let mut family = Family::new(b'A');
        family.store(world.db().url(), |table| !MACHINERY.contains(&table));
        let people = Role::ALL.iter().map(|role| (*role, world.person(*role, right(*role, &family)))).collect();
        Self { world, family, people }
    }

    /// The person of this role; nobody signed in when there is none.
    pub fn person(&self, role: Option<Role>) -> Person {
        role.map_or_else(|| self.world.stranger(), |r| self.people[&r].clone())
    }

    /// Stores a second family, in another province.
    pub fn neighbour(&self) -> Family {
        let mut other = Family::new(b'B');
        other.store(self.world.db().url(), |table| !MACHINERY.contains(&table));
        other
    }
}

/// Whole-instance roles reach everywhere; the others are at home in the family's province.
fn right(role: Role, family: &Family) -> Right {
    let mut right = Right { basis: "test".into(), ..Right::default() };
    match role {
        Role::Producer | Role::Consultant => right.producer = Some(ProducerId(family.id("producers"))),
        Role::Commune => right.place = Some(PlaceId(family.id("places"))),
        Role::District => right.place = Some(PlaceId(family.district())),
        Role::Province | Role::Advisory | Role::Signer | Role::Department | Role::Inspector => {
            right.place = Some(PlaceId(family.province()));
        }
        Role::Central | Role::Editor | Role::Administrator | Role::Auditor => {}
    }
    right
}

/// The table behind a part of a path: `dossiers` for `/v1/dossiers/{id}`.
pub fn table_behind(part: &str) -> Option<&'static str> {
    let name = match part {
        "sessions" => "council_sessions",
        "seats" => "council_seats",
        "documents" => "dossier_documents",
        "photos" => "product_photos",
        "choices" => "reform_choices",
        "tasks" => "officer_tasks",
        "areas" => "growing_areas",
        other => &other.replace('-', "_"),
    };
    ocop::db::schema::TABLES.iter().map(|(table, _)| *table).find(|t| *t == name)
}

/// What stands for a placeholder when the request is about this family; nil when it has no such thing.
pub fn filled(family: Option<&Family>, name: &str, before: &str) -> String {
    let Some(family) = family else {
        return if name == "id" || name.ends_with("Id") { Uuid::now_v7().to_string() } else { "X9-none".into() };
    };
    let by_name = || table_of(&snake(name)).map(|t| family.id(t).to_string());
    match name {
        "id" => table_behind(before).map_or_else(|| Uuid::nil().to_string(), |t| family.id(t).to_string()),
        "criterion" => family.text("self_marks", "criterion"),
        "number" | "certificate" => family.text("certificates", "number").replace(' ', "%20"),
        "code" if before == "t" || before.contains("trace") => family.text("lots", "code"),
        "set" | "code" => "1".into(),
        "year" => "2026".into(),
        "date" | "day" | "on" => "2026-06-01".into(),
        _ => by_name().unwrap_or_else(|| "1".into()),
    }
}

/// `producerId` → `producer_id`.
pub fn snake(camel: &str) -> String {
    camel.chars().fold(String::new(), |mut out, c| {
        if c.is_uppercase() { out.push('_') }
        out.extend(c.to_lowercase());
        out
    })
}

/// The body with every identifier of a known thing replaced by the family's.
pub fn about(family: &Family, body: &Value) -> Value {
    match body {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let theirs = table_of(&snake(name)).filter(|_| value.is_string()).map(|t| family.id(t).to_string());
                let many = table_of(&snake(name.strip_suffix('s').unwrap_or("")))
                    .filter(|_| value.is_array())
                    .map(|t| Value::from(vec![family.id(t).to_string()]));
                (name.clone(), theirs.map(Value::from).or(many).unwrap_or_else(|| about(family, value)))
            })
            .collect(),
        Value::Array(items) => items.iter().map(|i| about(family, i)).collect(),
        other => other.clone(),
    }
}

/// Whether a body names things that belong to somebody.
pub fn names_an_owner(body: &Value) -> bool {
    const OWNERS: &[&str] = &["producerId", "productId", "dossierId", "dossierIds", "certificateId", "lotId", "productIds"];
    body.as_object().is_some_and(|fields| fields.keys().any(|k| OWNERS.contains(&k.as_str())))
}

/// Asks for an operation as somebody: the path about a family (or nothing that exists), the body as given.
pub async fn ask(person: &Person, operation: &Operation, family: Option<&Family>, body: Option<&Value>) -> Reply {
    let path = operation.path_with(|name, before| filled(family, name, before));
    let mut request = person.request(operation.method.clone(), &path);
    if operation.method != Method::GET {
        request = with_body(request, operation, body);
    }
    person.world.send(request).await
}

/// Adds a body in the media type that the operation takes.
pub fn with_body(request: TestRequest, operation: &Operation, body: Option<&Value>) -> TestRequest {
    match operation.media() {
        Some(media) if media.starts_with("multipart/") => request
            .insert_header(("Content-Type", "multipart/form-data; boundary=edge"))
            .set_payload("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--edge--\r\n"),
        Some(media) if !media.contains("json") => request.insert_header(("Content-Type", media)).set_payload("x"),
        _ => match body {
            Some(body) => request.set_json(body),
            None => request,
        },
    }
}
