//! One person of each role, at home in one family's province, and requests about that family.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::NaiveDate;
use diesel::{ExpressionMethods, RunQueryDsl};
use ocop::actor::Role;
use ocop::audit::{self, Details};
use ocop::auth::Right;
use ocop::db::schema::dossiers;
use ocop::files;
use ocop::ids::{DossierId, OrganisationId, PlaceId, ProducerId};
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
        keep_file(&world, &family);
        let people = Role::ALL.iter().map(|role| (*role, world.person(*role, right(*role, &family)))).collect();
        Self { world, family, people }
    }

    /// The person of this role; nobody signed in when there is none.
    pub fn person(&self, role: Option<Role>) -> Person {
        role.map_or_else(|| self.world.stranger(), |r| self.people[&r].clone())
    }

    /// The same person in a sign-in of its own, for what ends the sign-in it comes with.
    pub fn again(&self, role: Option<Role>) -> Person {
        role.map_or_else(|| self.world.stranger(), |r| self.world.again(&self.people[&r]))
    }

    /// The family's dossier was never filed.
    pub fn unfile(&self) {
        let id = DossierId(self.family.id("dossiers"));
        self.world.deed(move |cx| {
            let row = diesel::update(dossiers::table).filter(dossiers::id.eq(id));
            Ok(row.set((dossiers::status.eq("draft"), dossiers::filed_on.eq(None::<NaiveDate>))).execute(cx.conn)?)
        });
    }

    /// Stores a second family, in another province.
    pub fn neighbour(&self) -> Family {
        let mut other = Family::new(b'B');
        other.store(self.world.db().url(), |table| !MACHINERY.contains(&table));
        keep_file(&self.world, &other);
        // What was done to it stands in the audit, for who reads the audit.
        let producer = other.id("producers");
        self.world.deed(move |cx| audit::record(cx, "producer.arrived", "producer", producer, Details::none()));
        self.world.record();
        other
    }
}

/// The bytes that the family's papers and pictures name.
fn keep_file(world: &World, family: &Family) {
    let path = files::folder(&world.state.config).unwrap().join(files::key_of(&family.text("stored_files", "sha256")));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, family.bytes()).unwrap();
}

/// Whole-instance roles reach everywhere; the others are at home in the family's province.
fn right(role: Role, family: &Family) -> Right {
    let mut right = Right { basis: "test".into(), ..Right::default() };
    match role {
        Role::Producer | Role::Consultant => right.producer = Some(ProducerId(family.id("producers"))),
        Role::Commune => right.place = Some(PlaceId(family.id("places"))),
        Role::District => right.place = Some(PlaceId(family.district())),
        Role::Department => {
            right.place = Some(PlaceId(family.province()));
            right.organisation = Some(OrganisationId(family.id("organisations")));
        }
        Role::Province | Role::Advisory | Role::Signer | Role::Inspector => {
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
        "versions" => "evidence_versions",
        "files" => "opinion_files",
        "scans" => "decision_scans",
        "photos" => "product_photos",
        "pictures" => "site_visit_pictures",
        "manifests" => "dossiers",
        "imports" => "jobs",
        "choices" => "reform_choices",
        "tasks" => "officer_tasks",
        "deliveries" => "webhook_deliveries",
        "areas" => "growing_areas",
        "evaluation-reviews" => "evaluation_orders",
        other => &other.replace('-', "_"),
    };
    ocop::db::schema::TABLES.iter().map(|(table, _)| *table).find(|t| *t == name)
}

/// What stands for a placeholder when the request is about this family; nil when it has no such thing.
pub fn filled(family: Option<&Family>, name: &str, before: &str) -> String {
    let Some(family) = family else {
        return match name {
            "criterion" => "9.9".into(),
            "year" => "2026".into(),
            "form" => "01.pdf".into(),
            "print" => "1".into(),
            "file" if before != "files" => "certificates.pdf".into(),
            "ordinal" => "99".into(),
            "code" if before == "by-code" => "86-29242-99999-2026".into(),
            "code" | "number" => "X9-none".into(),
            "purpose" => "message".into(),
            "list" => "1".into(),
            _ => Uuid::now_v7().to_string(),
        };
    };
    let by_name = || table_of(&snake(name)).map(|t| family.id(t).to_string());
    match name {
        "id" => table_behind(before).map_or_else(|| Uuid::nil().to_string(), |t| family.id(t).to_string()),
        "criterion" => family.text("self_marks", "criterion"),
        "number" | "certificate" => family.text("certificates", "number").replace(' ', "%20"),
        "code" if before == "by-code" => family.text("product_codes", "code"),
        "code" if before == "t" || before.contains("trace") => family.text("lots", "code"),
        "set" | "code" | "list" => "1".into(),
        "purpose" => "message".into(),
        "year" => "2026".into(),
        "ordinal" => "1".into(),
        "date" | "day" | "on" => "2026-06-01".into(),
        "dossier" => family.id("dossiers").to_string(),
        "form" => "01.pdf".into(),
        "print" => "1".into(),
        "file" if before != "files" => "certificates.pdf".into(),
        "job" => family.id("jobs").to_string(),
        _ => by_name()
            .or_else(|| table_behind(before).map(|t| family.id(t).to_string()))
            .unwrap_or_else(|| panic!("what stands for {{{name}}} after {before}?")),
    }
}

/// `producerId` → `producer_id`.
pub fn snake(camel: &str) -> String {
    camel.chars().fold(String::new(), |mut out, c| {
        if c.is_uppercase() {
            out.push('_')
        }
        out.extend(c.to_lowercase());
        out
    })
}

/// The body with every identifier of a known thing replaced by the family's; what is of the
/// province's level gets its province.
pub fn about(family: &Family, body: &Value) -> Value {
    match body {
        Value::Object(fields) => {
            let provincial = fields.get("level").is_some_and(|l| l == "province");
            let theirs = |name: &str, value: &Value| match named(name, value)? {
                "places" if provincial => Some(family.province()),
                table => Some(family.id(table)),
            };
            let swapped = |(name, value): (&String, &Value)| {
                let value = match value {
                    Value::Array(items) => items.iter().map(|item| one_of(family, name, item)).collect(),
                    value => theirs(name, value).map_or_else(|| about(family, value), |id| id.to_string().into()),
                };
                (name.clone(), value)
            };
            fields.iter().map(swapped).collect()
        }
        other => other.clone(),
    }
}

/// An item of a list: an identifier, or an object whose own `id` is one.
fn one_of(family: &Family, list: &str, item: &Value) -> Value {
    let single = list.strip_suffix('s').unwrap_or(list);
    if let Some(table) = named(single, item) {
        return family.id(table).to_string().into();
    }
    let mut item = about(family, item);
    if let Some(table) = item.get("id").and_then(|id| named(single, id)) {
        item["id"] = family.id(table).to_string().into();
    }
    item
}

/// The table of what a field with an identifier names.
fn named(field: &str, value: &Value) -> Option<&'static str> {
    value.as_str()?.parse::<Uuid>().ok()?;
    match field {
        "place" => Some("places"),
        "producer" => Some("producers"),
        "product" => Some("products"),
        "dossier" => Some("dossiers"),
        field => table_of(&snake(field)),
    }
}

/// Whether a body names things that belong to somebody.
pub fn names_an_owner(body: &Value) -> bool {
    match body {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            named(name, value).is_some_and(|t| t != "users") || names_an_owner(value) || {
                let single = name.strip_suffix('s').unwrap_or(name);
                value.as_array().is_some_and(|items| {
                    items.iter().any(|i| named(single, i.get("id").unwrap_or(i)).is_some_and(|t| t != "users"))
                })
            }
        }),
        Value::Array(items) => items.iter().any(names_an_owner),
        _ => false,
    }
}

/// Whether a body names a dossier.
pub fn names_a_dossier(body: &Value) -> bool {
    match body {
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| matches!(name.as_str(), "dossier" | "dossiers") || names_a_dossier(value))
        }
        Value::Array(items) => items.iter().any(names_a_dossier),
        _ => false,
    }
}

/// The question that shows the most of a list: a long page, and all its divisions, because what is counted
/// must not tell either.
fn widest(operation: &Operation) -> String {
    let takes = |name: &str| operation.parameters("query").iter().any(|p| p["name"] == name);
    let wide = [("limit", "100"), ("facets", "status,place,kind,set,round")];
    let parts: Vec<String> = wide.iter().filter(|(n, _)| takes(n)).map(|(n, value)| format!("{n}={value}")).collect();
    match operation.method == Method::GET && !parts.is_empty() {
        true => format!("?{}", parts.join("&")),
        false => String::new(),
    }
}

/// Asks for an operation as somebody: the path about a family (or nothing that exists), the body as given.
pub async fn ask(person: &Person, operation: &Operation, family: Option<&Family>, body: Option<&Value>) -> Reply {
    let mut path = operation.path_with(|name, before| filled(family, name, before));
    path.push_str(&widest(operation));
    let mut request = person.request(operation.method.clone(), &path);
    if operation.method != Method::GET {
        request = with_body(request, operation, body);
        if operation.parameters("header").iter().any(|p| p["name"] == "Idempotency-Key") {
            request = request.insert_header(("Idempotency-Key", Uuid::now_v7().to_string()));
        }
    }
    person.world.send(request).await
}

/// Adds a body in the media type that the operation takes.
pub fn with_body(request: TestRequest, operation: &Operation, body: Option<&Value>) -> TestRequest {
    match operation.media() {
        Some(media) if media.starts_with("multipart/") => {
            let mut form =
                b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".to_vec();
            form.extend_from_slice(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\r\n--edge--\r\n");
            request.insert_header(("Content-Type", "multipart/form-data; boundary=edge")).set_payload(form)
        }
        Some(media) if !media.contains("json") => request.insert_header(("Content-Type", media)).set_payload("x"),
        _ => match body {
            Some(body) => request.set_json(body),
            None => request,
        },
    }
}
