//! The document is a promise: the committed one is the one that is served, it keeps its manners,
//! and its examples are sent and their answers checked against it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ocop::actor::Role;
use serde_json::Value;

use crate::matrix;
use crate::walk::{self, Operation, document, operations, resolve};
use crate::world::Reply;
use crate::world::cast::{Cast, about, ask};

fn in_the_tree(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let served = ocop::app::document().to_pretty_json().unwrap() + "\n";
    let path = in_the_tree("openapi/ocop.json");
    if std::env::var("OCOP_WRITE_DOCS").is_ok() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &served).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let first = committed.lines().zip(served.lines()).position(|(a, b)| a != b);
    assert!(
        committed == served,
        "openapi/ocop.json differs from the handlers (first at line {:?}). Look at what changed; if it is meant, run \
         `OCOP_WRITE_DOCS=1 cargo test --test api contract` and commit the file",
        first.map(|n| n + 1)
    );
}

#[test]
fn every_operation_keeps_its_manners() {
    let mut faults = Vec::new();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    let public = matrix::public_operations();
    for operation in operations() {
        for fault in manners(&operation, &public) {
            faults.push(format!("{} ({}): {fault}", operation.name(), operation.id));
        }
        if let Some(other) = ids.insert(operation.id.clone(), operation.name()) {
            faults.push(format!("{} and {other} have the same operation id {}", operation.name(), operation.id));
        }
    }
    none(faults);
}

fn manners(operation: &Operation, public: &BTreeSet<String>) -> Vec<String> {
    let spec = operation.spec;
    let mut faults = Vec::new();
    let mut must = |kept: bool, fault: &str| {
        if !kept {
            faults.push(fault.to_owned());
        }
    };
    must(
        !operation.id.is_empty()
            && operation.id.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit()),
        "give it an operation_id, the name of its function",
    );
    let summary = spec["summary"].as_str().unwrap_or_default();
    must(
        !summary.is_empty() && summary.len() <= 120,
        "give it a summary of one line: the first line of its doc comment",
    );
    let tags = spec["tags"].as_array().map_or(0, Vec::len);
    must(tags == 1, "give it one tag, the name of its capability");
    let declared: BTreeSet<&str> = operation.parameters("path").iter().filter_map(|p| p["name"].as_str()).collect();
    let placeholders = operation.placeholders();
    let named: BTreeSet<&str> = placeholders.iter().map(|(n, _)| n.as_str()).collect();
    must(declared == named, &format!("the path names {named:?}, params declares {declared:?}: make them the same"));
    let undescribed = |p: &&Value| p["description"].as_str().unwrap_or_default().is_empty();
    let silent: Vec<&str> = ["path", "query", "header"]
        .iter()
        .flat_map(|place| operation.parameters(place))
        .filter(undescribed)
        .filter_map(|p| p["name"].as_str())
        .collect();
    must(silent.is_empty(), &format!("say what these parameters mean: {silent:?}"));
    must(
        operation.is_public() == public.contains(&operation.id),
        if operation.is_public() {
            "it is public, but tests/api/access-matrix.csv does not say so: add `id,-,all,public` there if it is meant"
        } else {
            "the access matrix calls it public, but it has no security(())"
        },
    );
    let answers = spec["responses"].as_object();
    let statuses: Vec<u16> = answers.into_iter().flatten().filter_map(|(s, _)| s.parse().ok()).collect();
    must(statuses.iter().any(|s| *s < 400), "declare the answer of a success");
    must(statuses.iter().any(|s| (400..500).contains(s)), "declare an error answer");
    for status in statuses {
        let answer = operation.answer(status).unwrap();
        let content = answer["content"].as_object();
        must(!answer["description"].as_str().unwrap_or_default().is_empty(), &format!("say what {status} means"));
        if status >= 400 {
            let pages = operation.answer(200).is_some_and(|a| a["content"]["text/html"].is_object());
            let problem = content.is_some_and(|c| {
                c.keys().all(|kind| kind == "application/problem+json" || (pages && kind == "text/html"))
                    && c.get("application/problem+json")
                        .is_some_and(|p| p["schema"]["$ref"] == "#/components/schemas/Problem")
            });
            must(
                problem,
                &format!(
                    "{status} must be a Problem (application/problem+json), beside a page at most where 200 is one"
                ),
            );
        } else if ![204, 302, 303, 304, 307, 308].contains(&status) {
            must(content.is_some_and(|c| !c.is_empty()), &format!("give {status} a body type"));
        }
    }
    if operation.takes_json() {
        must(
            !operation.body_examples().is_empty(),
            "give the body an example: request_body(content = T, example = json!({…}))",
        );
    }
    faults
}

#[test]
fn every_schema_is_named_once_and_used() {
    let names: BTreeSet<&str> =
        document()["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut used = BTreeSet::new();
    references(document(), &mut used);
    let missing: Vec<_> = used.iter().filter(|r| !names.contains(r.as_str())).collect();
    assert!(missing.is_empty(), "schemas that are named but not there: {missing:?}");
    let idle: Vec<_> = names.iter().filter(|n| !used.contains(**n)).collect();
    assert!(idle.is_empty(), "schemas that nothing uses: {idle:?}");
}

fn references(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match (name.as_str(), field.as_str()) {
                    ("$ref", Some(target)) => {
                        out.insert(target.rsplit('/').next().unwrap().to_owned());
                    }
                    _ => references(field, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|i| references(i, out)),
        _ => {}
    }
}

/// Two types of one name would overwrite each other in the document, without a word.
#[test]
fn no_two_types_share_a_schema_name() {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources(&in_the_tree("src")) {
        for name in schema_names(&text) {
            seen.entry(name).or_default().push(path.clone());
        }
    }
    let known: BTreeSet<&str> =
        document()["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
    let twice: Vec<_> = seen.iter().filter(|(name, at)| at.len() > 1 && known.contains(name.as_str())).collect();
    assert!(twice.is_empty(), "rename one of each, or give it #[schema(as = …)]: {twice:?}");
    assert_eq!(
        schema_names(
            "#[derive(Debug, utoipa::ToSchema)]\n#[serde(x)]\npub struct A {}\ncrate::words! {\n /// x\n pub enum B {"
        ),
        ["A", "B"]
    );
}

fn schema_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    let mut renamed = None;
    for line in text.lines().map(str::trim) {
        marked |= (line.contains("derive(") && line.contains("ToSchema")) || line.contains("words! {");
        if let Some((_, name)) = line.split_once("schema(as = ") {
            renamed = Some(name.split([')', ',']).next().unwrap_or("").to_owned());
        }
        let declared = ["pub struct ", "struct ", "pub enum ", "enum ", "pub(super) struct "]
            .iter()
            .find_map(|s| line.strip_prefix(s));
        if let Some(rest) = declared {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if marked {
                names.push(renamed.take().unwrap_or(name));
            }
            (marked, renamed) = (false, None);
        }
    }
    names
}

fn sources(dir: &Path) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            out.extend(sources(&entry));
        } else if entry.extension().is_some_and(|e| e == "rs") {
            out.push((entry.display().to_string(), std::fs::read_to_string(&entry).unwrap()));
        }
    }
    out
}

#[test]
fn every_example_fits_its_own_schema() {
    let mut faults = Vec::new();
    for operation in operations() {
        for example in operation.body_examples() {
            let found = walk::faults(operation.body_schema().unwrap(), example);
            faults.extend(found.into_iter().map(|f| format!("{}: the example of the body: {f}", operation.name())));
            faults.extend(strange_fields(&operation, example));
        }
        for (status, answer) in operation.spec["responses"].as_object().unwrap() {
            for content in answer["content"].as_object().into_iter().flat_map(|c| c.values()) {
                for example in walk::examples(content) {
                    let found = walk::faults(&content["schema"], example);
                    faults.extend(
                        found.into_iter().map(|f| format!("{}: the example of {status}: {f}", operation.name())),
                    );
                }
            }
        }
    }
    none(faults);
}

fn strange_fields(operation: &Operation, example: &Value) -> Vec<String> {
    let known: BTreeSet<String> = operation.body_fields().into_iter().map(|(n, _)| n).collect();
    let sent = example.as_object().into_iter().flat_map(|o| o.keys());
    sent.filter(|k| !known.is_empty() && !known.contains(*k))
        .map(|k| format!("{}: the example has a field `{k}` that the body has not", operation.name()))
        .collect()
}

/// Sends every operation with its example as people of each role until one may do it, and holds
/// each answer on the way against what the document declares for its status.
#[actix_web::test]
async fn every_example_is_answered_as_the_document_says() {
    let cast = Cast::new().await;
    let mut faults = Vec::new();
    let mut good = 0;
    for operation in operations() {
        let examples = operation.body_examples();
        let bodies: Vec<Option<Value>> = match examples.is_empty() {
            true => vec![None],
            false => examples.iter().map(|e| Some(about(&cast.family, e))).collect(),
        };
        for body in bodies {
            let mut last = 0;
            for role in fitting(&operation) {
                let answer = ask(&cast.person(role), &operation, Some(&cast.family), body.as_ref()).await;
                last = answer.status.as_u16();
                faults.extend(misfit(&operation, &answer).map(|f| format!("{}: {f}", operation.name())));
                if last != 401 && last != 403 && last != 404 {
                    break;
                }
            }
            good += usize::from(last < 400);
        }
    }
    faults.dedup();
    println!("{good} of {} operations answered with success", operations().len());
    none(faults);
}

fn fitting(operation: &Operation) -> Vec<Option<Role>> {
    match operation.is_public() {
        true => vec![None],
        false => [Role::Province, Role::Administrator].iter().chain(Role::ALL).map(|r| Some(*r)).collect(),
    }
}

/// What an answer does that the document does not say.
pub fn misfit(operation: &Operation, answer: &Reply) -> Option<String> {
    let status = answer.status.as_u16();
    let start: String = answer.text.chars().take(300).collect();
    if status >= 500 && status != 503 {
        return Some(format!("answered {status}: {start}"));
    }
    let Some(declared) = operation.answer(status) else {
        return Some(format!("answered {status}, which the document does not declare: {start}"));
    };
    let sent = answer.headers.get("content-type").map(|t| t.split(';').next().unwrap_or("").trim().to_owned());
    let content = declared["content"].as_object();
    match (sent, content) {
        (None, None) => None,
        (None, Some(_)) if answer.text.is_empty() && (300..400).contains(&status) => None,
        (None, Some(c)) => Some(format!("{status} has no body; the document says {:?}", c.keys().collect::<Vec<_>>())),
        (Some(sent), None) if answer.text.is_empty() => {
            (!sent.is_empty() && status == 204).then(|| format!("{status} has a type but no body"))
        }
        (Some(sent), None) => Some(format!("{status} has a body of type {sent}; the document declares none")),
        (Some(sent), Some(c)) => {
            let range = sent.split('/').next().map(|kind| format!("{kind}/*")).unwrap_or_default();
            let Some(declared) = c.get(&sent).or_else(|| c.get(&range)) else {
                return Some(format!("{status} is {sent}; the document says {:?}", c.keys().collect::<Vec<_>>()));
            };
            if !sent.contains("json") {
                return None;
            }
            let found = walk::faults(&declared["schema"], &answer.body);
            (!found.is_empty())
                .then(|| format!("{status} does not fit {}: {}: {start}", declared["schema"], found.join("; ")))
        }
    }
}

#[test]
fn an_answer_that_breaks_its_promise_is_seen() {
    let operation = operations().into_iter().find(|o| o.id == "healthz").unwrap();
    let reply = |status: u16, kind: &str, text: &str| Reply {
        status: actix_web::http::StatusCode::from_u16(status).unwrap(),
        headers: [("content-type".to_owned(), kind.to_owned())].into(),
        body: serde_json::from_str(text).unwrap_or(Value::Null),
        text: text.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    assert_eq!(misfit(&operation, &reply(200, "application/json", r#"{"status":"alive","version":"1"}"#)), None);
    assert!(
        misfit(&operation, &reply(200, "application/json", r#"{"status":7,"version":"1"}"#))
            .unwrap()
            .contains("status")
    );
    assert!(misfit(&operation, &reply(200, "text/html", "x")).unwrap().contains("text/html"));
    assert!(misfit(&operation, &reply(418, "application/json", "{}")).unwrap().contains("418"));
    assert!(misfit(&operation, &reply(500, "application/problem+json", "{}")).unwrap().contains("500"));
    assert!(resolve(&document()["components"]["schemas"]["Problem"])["properties"]["code"].is_object());
}
