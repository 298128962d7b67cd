//! Nonsense, as every role, to every operation: no answer of 500 and above, and every refusal is a
//! problem that says what to do.

use std::time::Instant;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use ocop::actor::Role;
use serde_json::{Value, json};

use crate::walk::{Operation, operations, resolve};
use crate::world::Reply;
use crate::world::cast::{Cast, about, filled};
use crate::world::rows::Family;

/// How many bad requests each role sends to each operation, at least.
const EACH: usize = 20;

/// One bad request, without its sender.
#[derive(Debug, Clone)]
struct Bad {
    what: String,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<(&'static str, Vec<u8>)>,
}

/// Parts of a path or a query that mean nothing here, already percent-encoded.
const NONSENSE: &[&str] = &[
    "not-an-id",
    "%00",
    "%FF%FE",
    "%27%3B%20drop%20table%20users%3B--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "..%2F..%2Fetc%2Fpasswd",
    "-1",
    "99999999999999999999999999",
    "1e309",
    "2026-02-30",
    "00000000-0000-0000-0000-000000000000",
    "%F0%9F%92%A9",
    "NaN",
    "%25",
    "true",
    "0001-01-01",
    "%2B262143-12-31",
    "9999-12-31",
    "W10",
    "bnVsbA",
    "eyJhIjoxfQ",
    "WyIiLCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiXQ",
];

/// Values that a field of a body is given.
fn wrong_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!({}),
        json!([]),
        json!(-1),
        json!(1e308),
        json!(9_223_372_036_854_775_807_i64),
        json!(18_446_744_073_709_551_615_u64),
        json!(0.1),
        json!(true),
        json!(""),
        json!(" "),
        json!("x".repeat(70_000)),
        json!("a\u{0}b"),
        json!("'; drop table users; --"),
        json!("<script>alert(1)</script>"),
        json!("2026-02-30"),
        json!("9999-12-31"),
        json!("+262143-12-31"),
        json!("not-an-id"),
        json!("\u{202e}\u{feff}"),
        json!([[[[[]]]]]),
        json!({"$ne": null}),
        json!("=cmd|'/c calc'!A1"),
        json!(["x", 1, null]),
    ]
}

fn bad_requests(operation: &Operation, family: &Family) -> Vec<Bad> {
    let path = operation.path_with(|name, before| filled(Some(family), name, before));
    let example = operation.body_examples().first().map(|e| about(family, e));
    let usual =
        example.clone().filter(|_| operation.takes_json()).map(|e| ("application/json", e.to_string().into_bytes()));
    let plain = |what: &str, path: String| Bad { what: what.into(), path, headers: Vec::new(), body: usual.clone() };
    let mut all: Vec<Bad> = Vec::new();
    for (place, _) in operation.placeholders().iter().enumerate() {
        for word in NONSENSE {
            let mut n = 0;
            let path = operation.path_with(|name, before| {
                n_filled(&mut n, place, word).unwrap_or_else(|| filled(Some(family), name, before))
            });
            all.push(plain(&format!("path {word}"), path));
        }
    }
    let declared = operation.parameters("query").into_iter().filter_map(|p| p["name"].as_str());
    for (i, name) in declared.chain(["nowhere", "limit", "cursor"]).enumerate() {
        for j in 0..7 {
            let word = NONSENSE[(i * 5 + j * 3) % NONSENSE.len()];
            all.push(plain(&format!("query {name}={word}"), format!("{path}?{name}={word}")));
        }
    }
    all.push(plain("query without names", format!("{path}?&&==&%00=%00&a[]=1")));
    all.push(plain("a very long query", format!("{path}?q={}", "x".repeat(20_000))));
    all.extend(bad_heads(&path, &usual));
    if operation.method != Method::GET {
        all.extend(bad_bodies(operation, &path, example.as_ref()));
    }
    all
}

/// Puts the nonsense into one placeholder only.
fn n_filled(n: &mut usize, place: usize, word: &str) -> Option<String> {
    *n += 1;
    (*n == place + 1).then(|| word.to_owned())
}

fn bad_heads(path: &str, usual: &Option<(&'static str, Vec<u8>)>) -> Vec<Bad> {
    let heads: &[(&'static str, &str)] = &[
        ("If-Match", "never"),
        ("If-Match", "\"99999999999999999999\""),
        ("If-Match", "W/\"1\", *x"),
        ("If-None-Match", "\"\u{e9}\""),
        ("Idempotency-Key", ""),
        ("Idempotency-Key", "Nguyễn"),
        ("Accept-Language", "x;q=nan,,;;vi;q=9e99"),
        ("Accept", "image/x-nothing"),
        ("Accept", "text/html,*/*;q=0.8"),
        ("X-Request-Id", "'; drop table audit; --"),
        ("X-Forwarded-For", "999.1.1.1, <script>"),
        ("Range", "bytes=9-1"),
        ("Content-Encoding", "gzip"),
    ];
    let mut all: Vec<Bad> = heads
        .iter()
        .map(|(name, value)| Bad {
            what: format!("{name}: {value}"),
            path: path.into(),
            headers: vec![(*name, (*value).into())],
            body: usual.clone(),
        })
        .collect();
    all.push(Bad {
        what: "a long key".into(),
        path: path.into(),
        headers: vec![("Idempotency-Key", "k".repeat(300))],
        body: usual.clone(),
    });
    all
}

fn bad_bodies(operation: &Operation, path: &str, example: Option<&Value>) -> Vec<Bad> {
    const JSON: &str = "application/json";
    let deep = "[".repeat(5_000);
    let raw: Vec<(&str, &'static str, Vec<u8>)> = vec![
        ("no body", JSON, Vec::new()),
        ("half an object", JSON, b"{".to_vec()),
        ("a list", JSON, b"[]".to_vec()),
        ("null", JSON, b"null".to_vec()),
        ("a text", JSON, b"\"x\"".to_vec()),
        ("a number", JSON, b"1e999".to_vec()),
        ("invalid UTF-8", JSON, b"{\"a\":\"\xff\xfe\"}".to_vec()),
        ("half a surrogate", JSON, b"{\"a\":\"\\ud800\"}".to_vec()),
        ("a deep list", JSON, deep.clone().into_bytes()),
        ("a deep object", JSON, "{\"a\":".repeat(5_000).into_bytes()),
        ("an empty object", JSON, b"{}".to_vec()),
        ("a key twice", JSON, b"{\"name\":1,\"name\":2}".to_vec()),
        ("plain text", "text/plain", b"hello".to_vec()),
        ("XML", "application/xml", b"<a/>".to_vec()),
        ("a form", "application/x-www-form-urlencoded", b"a=1".to_vec()),
        ("a form in parts", "multipart/form-data", b"x".to_vec()),
        (
            "a broken form in parts",
            "multipart/form-data; boundary=b",
            b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../x\"\r\n\r\n\xff".to_vec(),
        ),
        ("too large", JSON, format!("{{\"a\":\"{}\"}}", "x".repeat(1_100_000)).into_bytes()),
        ("no type", "", b"{}".to_vec()),
    ];
    let bad = |what: String, kind: &'static str, bytes: Vec<u8>| Bad {
        what,
        path: path.into(),
        headers: Vec::new(),
        body: Some((kind, bytes)),
    };
    let mut all: Vec<Bad> = raw.into_iter().map(|(what, kind, bytes)| bad(what.into(), kind, bytes)).collect();
    let fields: Vec<String> = operation.body_fields().into_iter().map(|(n, _)| n).collect();
    let whole = example.cloned().unwrap_or_else(|| json!({}));
    let with = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let mut body = whole.clone();
        if let Some(object) = body.as_object_mut() {
            change(object);
        }
        body.to_string().into_bytes()
    };
    all.push(bad(
        "an unknown field".into(),
        JSON,
        with(&|o| {
            o.insert("nowhere'; --".into(), json!(1));
        }),
    ));
    all.push(bad(
        "a null character in a name".into(),
        JSON,
        with(&|o| {
            o.insert("a\u{0}".into(), json!(1));
        }),
    ));
    let wrong = wrong_values();
    for (i, field) in fields.iter().enumerate() {
        all.push(bad(
            format!("without {field}"),
            JSON,
            with(&|o| {
                o.remove(field);
            }),
        ));
        let many = if fields.len() > 8 { 6 } else { 12 };
        for j in 0..many {
            let value = &wrong[(i * 7 + j * 5) % wrong.len()];
            let label: String = value.to_string().chars().take(40).collect();
            all.push(bad(
                format!("{field} = {label}"),
                JSON,
                with(&|o| {
                    o.insert(field.clone(), value.clone());
                }),
            ));
        }
    }
    all.extend(inner_fields(operation, &whole).into_iter().map(|(what, bytes)| bad(what, JSON, bytes)));
    all
}

/// One level deeper: the first item of a list of objects, and objects in the body.
fn inner_fields(operation: &Operation, whole: &Value) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    let wrong = wrong_values();
    for (i, (field, schema)) in operation.body_fields().into_iter().enumerate() {
        let items = &resolve(schema)["items"];
        let inner = resolve(if items.is_object() { items } else { schema });
        for (j, name) in inner["properties"].as_object().into_iter().flat_map(|p| p.keys()).enumerate() {
            let mut body = whole.clone();
            // What the example leaves out is made up, so that its fields are tried too.
            match (items.is_object(), body.get(&field).is_some_and(|v| !v.is_null())) {
                (true, false) => body[&field] = json!([{}]),
                (false, false) => body[&field] = json!({}),
                _ => {}
            }
            let place = if items.is_object() { &mut body[&field][0] } else { &mut body[&field] };
            if place.is_object() {
                place[name] = wrong[(i * 3 + j * 5) % wrong.len()].clone();
                all.push((format!("{field}/{name}"), body.to_string().into_bytes()));
            }
        }
    }
    all
}

/// What an answer to a bad request must not be. A page is right where the operation declares one for
/// this status and the request asked for one.
fn fault(operation: &Operation, bad: &Bad, answer: &Reply) -> Option<String> {
    let status = answer.status.as_u16();
    let start: String = answer.text.chars().take(200).collect();
    if status >= 500 {
        return Some(format!("answered {status}: {start}"));
    }
    if status < 400 {
        return None;
    }
    let asked = bad.headers.iter().any(|(name, value)| *name == "Accept" && value.contains("text/html"));
    let declared = operation.answer(status).is_some_and(|a| a["content"]["text/html"].is_object());
    if asked && declared && answer.text.starts_with("<!DOCTYPE html>") {
        return None;
    }
    let problem = answer.headers.get("content-type").is_some_and(|t| t == "application/problem+json")
        && answer.body["status"] == status
        && ["type", "title", "detail", "code", "instance", "traceId"].iter().all(|f| answer.body[*f].is_string());
    (!problem).then(|| format!("answered {status} without a problem: {start}"))
}

async fn send(cast: &Cast, role: Option<Role>, operation: &Operation, bad: &Bad) -> Reply {
    let person = if operation.id == "sign_out" { cast.again(role) } else { cast.person(role) };
    let mut request: TestRequest = person.request(operation.method.clone(), &bad.path);
    for (name, value) in &bad.headers {
        request =
            request.insert_header((*name, actix_web::http::header::HeaderValue::from_bytes(value.as_bytes()).unwrap()));
    }
    if let Some((kind, bytes)) = &bad.body {
        if !kind.is_empty() {
            request = request.insert_header(("Content-Type", *kind));
        }
        request = request.set_payload(bytes.clone());
    }
    cast.world.send(request).await
}

/// Sends every bad request at least once, and at least twenty of them as each role.
async fn send_all(of: usize, part: usize) {
    let cast = Cast::new().await;
    let begun = Instant::now();
    let (mut sent, mut faults) = (0, Vec::new());
    let everyone: Vec<Option<Role>> = Role::ALL.iter().map(|r| Some(*r)).chain([None]).collect();
    for operation in operations().into_iter().enumerate().filter(|(i, _)| i % of == part).map(|(_, o)| o) {
        let all = bad_requests(&operation, &cast.family);
        assert!(all.len() >= EACH, "{}: {} bad requests", operation.name(), all.len());
        let share = all.len().div_ceil(everyone.len()).max(EACH);
        for (i, role) in everyone.iter().enumerate() {
            for bad in all.iter().cycle().skip(i * all.len() / everyone.len()).take(share) {
                sent += 1;
                let answer = send(&cast, *role, &operation, bad).await;
                if let Some(fault) = fault(&operation, bad, &answer) {
                    let who = role.map_or("a stranger", Role::word);
                    faults.push(format!("{} as {who}, {}: {fault}", operation.name(), bad.what));
                }
            }
        }
    }
    for role in Role::ALL {
        cast.person(Some(*role)).get("/v1/auth/me").await.is(200);
    }
    println!("{sent} bad requests in {:.1} s", begun.elapsed().as_secs_f64());
    assert!(faults.is_empty(), "{} faults, among them:\n{}\n", faults.len(), faults[..faults.len().min(40)].join("\n"));
}

#[actix_web::test]
async fn nonsense_is_refused_politely_one_half() {
    send_all(2, 0).await;
}

#[actix_web::test]
async fn nonsense_is_refused_politely_the_other_half() {
    send_all(2, 1).await;
}
