//! Who reaches what: `access-matrix.csv`, written apart from the policy, held against the service.
//!
//! Each line is `operation,owner,roles,expected`:
//!
//! * `owner` — `own`: the request is about something of the caller's own province or producer;
//!   `other`: about something of a neighbour's; `draft`: about the own dossier while it was never filed;
//!   `-`: about nothing that has an owner.
//! * `roles` — names separated by spaces, `all`, or `others`: those no other line names.
//! * `expected` — `yes` (done, or refused by the regulation or for the form), `403`, `404`,
//!   `public` (nobody need sign in). For a list, `other` is `hidden` or `seen`: whether the
//!   neighbour's arrival may change the answer by a single byte, or must.
//!
//! What needs no line holds everywhere: a stranger is asked to sign in, and what is hidden is
//! answered exactly as what does not exist. `OCOP_PROPOSE_MATRIX=1` writes what the service does now
//! to `target/access-matrix.proposed.csv`, for a person to read, correct and copy.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use ocop::actor::Role;
use serde_json::{Value, json};

use crate::walk::{Operation, operations};
use crate::world::Reply;
use crate::world::cast::{Cast, about, ask, names_a_dossier, names_an_owner};
use crate::world::rows::Family;

const TABLE: &str = include_str!("access-matrix.csv");

/// `(operation, owner, role)` → what is expected.
type Matrix = BTreeMap<(String, String, Role), String>;

/// Reads the table; what is wrong with it comes back in words.
fn read(table: &str) -> (Matrix, BTreeSet<String>, Vec<String>) {
    let (mut matrix, mut public, mut faults) = (Matrix::new(), BTreeSet::new(), Vec::new());
    let mut rest: Vec<(String, String, String)> = Vec::new();
    for line in table.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).skip(1) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [operation, owner, roles, expected] = cells[..] else {
            faults.push(format!("`{line}`: a line is operation,owner,roles,expected"));
            continue;
        };
        if !["own", "other", "draft", "-"].contains(&owner)
            || !["yes", "403", "404", "public", "hidden", "seen"].contains(&expected)
        {
            faults.push(format!(
                "`{line}`: owner is own, other, draft or -; expected is yes, 403, 404, public, hidden or seen"
            ));
        }
        if expected == "public" {
            public.insert(operation.to_owned());
            continue;
        }
        for word in roles.split_whitespace() {
            if word == "others" {
                rest.push((operation.to_owned(), owner.to_owned(), expected.to_owned()));
                continue;
            }
            let named: Vec<Role> = match word {
                "all" => Role::ALL.to_vec(),
                word => Role::parse(word).into_iter().collect(),
            };
            if named.is_empty() {
                faults.push(format!("`{line}`: there is no role {word}"));
            }
            for role in named {
                if matrix.insert((operation.to_owned(), owner.to_owned(), role), expected.to_owned()).is_some() {
                    faults.push(format!("`{line}`: {role} is named twice for this operation and owner"));
                }
            }
        }
    }
    for (operation, owner, expected) in rest {
        for role in Role::ALL {
            matrix.entry((operation.clone(), owner.clone(), *role)).or_insert_with(|| expected.clone());
        }
    }
    (matrix, public, faults)
}

/// The operations that need no sign-in.
pub fn public_operations() -> BTreeSet<String> {
    read(TABLE).1
}

/// What kind of lines an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// About one thing, named in the path or the body.
    Thing,
    /// A list.
    List,
    /// About nothing that has an owner.
    Free,
}

fn shape(operation: &Operation) -> Shape {
    let body_names = operation.body_examples().first().is_some_and(|e| names_an_owner(e));
    match (operation.path.contains('{'), &operation.method) {
        (true, _) => Shape::Thing,
        (false, m) if m == Method::GET => Shape::List,
        _ if body_names => Shape::Thing,
        _ => Shape::Free,
    }
}

fn owners(operation: &Operation) -> &'static [&'static str] {
    match shape(operation) {
        Shape::Thing if about_a_dossier(operation) => &["own", "other", "draft"],
        Shape::Thing | Shape::List => &["own", "other"],
        Shape::Free => &["-"],
    }
}

/// Whether the request names a dossier, in the path or the body.
fn about_a_dossier(operation: &Operation) -> bool {
    operation.path.starts_with("/v1/dossiers/{")
        || (!operation.path.contains('{') && operation.body_examples().first().is_some_and(|e| names_a_dossier(e)))
}

/// What an answer says about reach. A question that could not be read, or that failed, says nothing:
/// no line can expect it.
fn class(answer: &Reply) -> &'static str {
    match answer.status.as_u16() {
        401 => "401",
        403 => "403",
        404 => "404",
        400 | 415 => "unread",
        500.. => "failed",
        _ => "yes",
    }
}

/// Every operation and role of the document has a line, and every line an operation.
fn gaps(all: &[Operation], matrix: &Matrix, public: &BTreeSet<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in all.iter().filter(|o| !public.contains(&o.id)) {
        for owner in owners(operation) {
            let key = |role| (operation.id.clone(), (*owner).to_owned(), role);
            let missing: Vec<&str> =
                Role::ALL.iter().filter(|r| !matrix.contains_key(&key(**r))).map(|r| r.word()).collect();
            if !missing.is_empty() {
                faults.push(format!(
                    "{} ({}), owner {owner}: no line for {}",
                    operation.id,
                    operation.name(),
                    missing.join(" ")
                ));
            }
        }
    }
    let known: BTreeSet<&str> = all.iter().map(|o| o.id.as_str()).collect();
    let named: BTreeSet<&String> = matrix.keys().map(|(o, ..)| o).chain(public).collect();
    faults.extend(
        named.into_iter().filter(|n| !known.contains(n.as_str())).map(|n| format!("{n}: there is no such operation")),
    );
    faults
}

#[test]
fn every_operation_has_its_lines_and_every_line_its_operation() {
    let (matrix, public, mut faults) = read(TABLE);
    faults.extend(gaps(&operations(), &matrix, &public));
    assert!(faults.is_empty(), "tests/api/access-matrix.csv:\n{}\n", faults.join("\n"));
}

/// One question put to the service, and what came back.
struct Asked {
    operation: Operation,
    role: Option<Role>,
    owner: &'static str,
    answer: Reply,
    /// For `own` GETs: the answer to the same question once the neighbour is there.
    later: Option<Reply>,
    /// For `other`: the answer about something that does not exist.
    absent: Option<Reply>,
}

impl Asked {
    /// What the answer says about reach. A body that names what is hidden is refused as one that names
    /// what does not exist, to the letter; a unit is no secret, so one of other people is refused as such.
    fn class(&self) -> &'static str {
        let as_absent =
            self.absent.as_ref().is_some_and(|a| a.status == self.answer.status && unnamed(a, &self.answer));
        match class(&self.answer) {
            "yes" if self.answer.status.as_u16() == 422 && as_absent => "404",
            "yes" if says(&self.answer, "outside_territory") => "403",
            class => class,
        }
    }
}

/// Whether two refusals point at the same field with the same word that says: there is no such thing.
fn unnamed(a: &Reply, b: &Reply) -> bool {
    (says(a, "unknown") || says(a, "not_found")) && told(a) == told(b)
}

/// Whether a problem names a field with such a word.
fn says(answer: &Reply, word: &str) -> bool {
    let codes = answer.body["errors"].as_array().into_iter().flatten().filter_map(|e| e["code"].as_str());
    codes.into_iter().any(|code| code.contains(word))
}

async fn ask_everything(cast: &Cast) -> Vec<Asked> {
    let all = operations();
    let mut asked = Vec::new();
    for operation in all.iter().filter(|o| o.method == Method::GET && !o.is_public()) {
        for role in Role::ALL {
            let answer = ask(&cast.person(Some(*role)), operation, Some(&cast.family), None).await;
            asked.push(Asked {
                operation: operation.clone(),
                role: Some(*role),
                owner: "own",
                answer,
                later: None,
                absent: None,
            });
        }
    }
    let neighbour = cast.neighbour();
    for one in &mut asked {
        one.later = Some(ask(&cast.person(one.role), &one.operation, Some(&cast.family), None).await);
    }
    for operation in &all {
        let stranger = ask(&cast.person(None), operation, Some(&cast.family), Some(&json!({}))).await;
        asked.push(Asked {
            operation: operation.clone(),
            role: None,
            owner: "-",
            answer: stranger,
            later: None,
            absent: None,
        });
        if !operation.is_public() {
            asked.extend(ask_as_each(cast, &neighbour, operation).await);
        }
    }
    cast.unfile();
    for operation in all.iter().filter(|o| !o.is_public() && owners(o).contains(&"draft")) {
        asked.extend(ask_about_a_draft(cast, operation).await);
    }
    asked
}

/// Nobody but its producer knows of a draft: to everybody else it is answered as what does not exist.
async fn ask_about_a_draft(cast: &Cast, operation: &Operation) -> Vec<Asked> {
    let mut asked = Vec::new();
    let in_path = operation.path.contains('{');
    let example = operation.body_examples().first().map_or_else(|| json!({}), |e| (*e).clone());
    let body = |family: &Family| if in_path { json!({}) } else { about(family, &example) };
    // What does not exist beside a producer, a place and people that do.
    let mut nobodys = body(&cast.family);
    swap(&mut nobodys, &cast.family.id("dossiers").to_string(), &Family::new(b'Z').id("dossiers").to_string());
    for role in Role::ALL {
        let person = cast.person(Some(*role));
        let answer = ask(&person, operation, Some(&cast.family), Some(&body(&cast.family))).await;
        let absent = match in_path {
            true => ask(&person, operation, None, Some(&json!({}))).await,
            false => ask(&person, operation, None, Some(&nobodys)).await,
        };
        let absent = Some(absent);
        asked.push(Asked {
            operation: operation.clone(),
            role: Some(*role),
            owner: "draft",
            answer,
            later: None,
            absent,
        });
    }
    asked
}

/// Puts one identifier in the place of another.
fn swap(body: &mut Value, from: &str, to: &str) {
    match body {
        Value::String(text) if text == from => to.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| swap(item, from, to)),
        Value::Object(fields) => fields.values_mut().for_each(|value| swap(value, from, to)),
        _ => {}
    }
}

async fn ask_as_each(cast: &Cast, neighbour: &Family, operation: &Operation) -> Vec<Asked> {
    let mut asked = Vec::new();
    let shape = shape(operation);
    let example = operation.body_examples().first().map_or_else(|| json!({}), |e| (*e).clone());
    for role in Role::ALL {
        let person = match operation.id.as_str() {
            "sign_out" => cast.again(Some(*role)),
            _ => cast.person(Some(*role)),
        };
        let mut keep = |owner, answer, absent| {
            asked.push(Asked { operation: operation.clone(), role: Some(*role), owner, answer, later: None, absent });
        };
        let in_path = operation.path.contains('{');
        // An empty body is refused for its form only after the role and the thing have been looked at.
        let body = |family: &Family| if in_path { json!({}) } else { about(family, &example) };
        match shape {
            Shape::Free => keep("-", ask(&person, operation, None, Some(&json!({}))).await, None),
            Shape::List => {}
            Shape::Thing => {
                let nobodys = if in_path { json!({}) } else { about(&Family::new(b'Z'), &example) };
                let absent = ask(&person, operation, None, Some(&nobodys)).await;
                if operation.method != Method::GET {
                    let own = ask(&person, operation, Some(&cast.family), Some(&body(&cast.family))).await;
                    keep("own", own, Some(absent.clone()));
                }
                let other = ask(&person, operation, Some(neighbour), Some(&body(neighbour))).await;
                keep("other", other, Some(absent));
            }
        }
    }
    asked
}

/// Holds one answer against the table.
fn verdict(asked: &Asked, matrix: &Matrix) -> Option<String> {
    let operation = &asked.operation;
    let got = asked.class();
    let Some(role) = asked.role else {
        let right = if operation.is_public() { got != "401" && got != "403" } else { got == "401" };
        return (!right).then(|| format!("{}: a stranger is answered {}", operation.id, asked.answer.status));
    };
    let expected = |owner: &str| matrix.get(&(operation.id.clone(), owner.to_owned(), role)).map(String::as_str);
    let who = format!("{} ({}) as {role}, {}", operation.id, operation.name(), asked.owner);
    let want = expected(asked.owner)?;
    if got != want {
        let start: String = asked.answer.text.chars().take(200).collect();
        return Some(format!("{who}: expected {want}, got {got} ({}: {start})", asked.answer.status));
    }
    // What belongs to the neighbour may not change what this caller sees, not by a byte.
    if let Some(later) = &asked.later
        && ["hidden", "404", "403"].contains(&expected("other").unwrap_or("404"))
        && told(later) != told(&asked.answer)
    {
        return Some(format!(
            "{who}: the neighbour shows in the answer: {}",
            difference(&told(&asked.answer), &told(later))
        ));
    }
    // What may be seen of the neighbour is there.
    if let Some(later) = &asked.later
        && expected("other") == Some("seen")
        && told(later) == told(&asked.answer)
    {
        return Some(format!("{who}: the neighbour does not show in the answer"));
    }
    if let Some(absent) = &asked.absent
        && want == "404"
        && (absent.status, absent.word()) != (asked.answer.status, asked.answer.word())
    {
        return Some(format!(
            "{who}: a hidden thing is told from an absent one ({} / {})",
            asked.answer.status, absent.status
        ));
    }
    None
}

/// What an answer tells: a problem without the name of its request.
fn told(answer: &Reply) -> Value {
    let mut body = answer.body.clone();
    if let (true, Some(problem)) = (answer.status.as_u16() >= 400, body.as_object_mut()) {
        problem.remove("traceId");
    }
    body
}

/// Where two answers part.
fn difference(before: &Value, after: &Value) -> String {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => a
            .keys()
            .chain(b.keys())
            .find(|k| a.get(*k) != b.get(*k))
            .map(|k| format!("{k}/{}", difference(&before[k.as_str()], &after[k.as_str()])))
            .unwrap_or_default(),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let at = a.iter().zip(b).position(|(x, y)| x != y).unwrap_or(0);
            format!("{at}/{}", difference(&a[at], &b[at]))
        }
        _ => {
            let short = |v: &Value| v.to_string().chars().take(160).collect::<String>();
            format!(" {} → {}", short(before), short(after))
        }
    }
}

#[actix_web::test]
async fn everyone_reaches_what_the_matrix_says_and_nothing_else() {
    let cast = Cast::new().await;
    let (matrix, ..) = read(TABLE);
    let asked = ask_everything(&cast).await;
    if std::env::var("OCOP_PROPOSE_MATRIX").is_ok() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/access-matrix.proposed.csv");
        std::fs::write(&path, proposal(&asked)).unwrap();
        std::fs::write(path.with_extension("answers"), answers(&asked)).unwrap();
        println!("written: {}", path.display());
    }
    let faults: Vec<String> = asked.iter().filter_map(|a| verdict(a, &matrix)).collect();
    assert!(faults.is_empty(), "{} answers are not as the matrix says:\n{}\n", faults.len(), faults.join("\n"));
}

/// Every answer with its status and word, for whoever wonders about a line of the proposal.
fn answers(asked: &[Asked]) -> String {
    let line = |a: &Asked| {
        let role = a.role.map_or("stranger", Role::word);
        format!("{},{},{role},{},{}\n", a.operation.id, a.owner, a.answer.status.as_u16(), a.answer.word())
    };
    asked.iter().map(line).collect()
}

/// The table as the service behaves now, for a person to judge.
fn proposal(asked: &[Asked]) -> String {
    let mut lines: BTreeMap<(usize, &str, &str, &str), Vec<&str>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    let place = |order: &mut Vec<&str>, id| order.iter().position(|o| *o == id).unwrap_or(0);
    for operation in operations() {
        order.push(Box::leak(operation.id.into_boxed_str()));
    }
    for one in asked {
        let id = one.operation.id.as_str();
        let at = place(&mut order, id);
        match one.role {
            None if one.operation.is_public() => {
                lines.insert((at, id, "-", "public"), vec!["all"]);
            }
            None => {}
            Some(role) => {
                lines.entry((at, id, one.owner, one.class())).or_default().push(role.word());
                if let (Some(later), Shape::List) = (&one.later, shape(&one.operation)) {
                    let seen = if told(later) == told(&one.answer) { "hidden" } else { "seen" };
                    lines.entry((at, id, "other", seen)).or_default().push(role.word());
                }
            }
        }
    }
    let mut out = String::from("operation,owner,roles,expected\n");
    for ((_, id, owner, expected), roles) in lines {
        let roles = if roles.len() == Role::ALL.len() { "all".to_owned() } else { roles.join(" ") };
        out.push_str(&format!("{id},{owner},{roles},{expected}\n"));
    }
    out
}

/// Leaks planted in answers that were right: each must turn the check red.
mod planted {
    use super::*;

    fn line(expected: &str, other: &str) -> Matrix {
        let key = |owner: &str| ("list_things".to_owned(), owner.to_owned(), Role::Commune);
        [(key("own"), expected.to_owned()), (key("other"), other.to_owned())].into()
    }

    fn reply(status: u16, body: Value) -> Reply {
        let status = actix_web::http::StatusCode::from_u16(status).unwrap();
        Reply { status, headers: BTreeMap::new(), text: body.to_string(), body, bytes: Vec::new() }
    }

    fn asked(owner: &'static str, answer: Reply, later: Option<Reply>, absent: Option<Reply>) -> Asked {
        let spec: &'static Value = Box::leak(Box::new(json!({})));
        let operation = Operation { method: Method::GET, path: "/v1/things".into(), id: "list_things".into(), spec };
        Asked { operation, role: Some(Role::Commune), owner, answer, later, absent }
    }

    fn own_page() -> Value {
        json!({"data": [{"id": "a", "producer": {"id": "p"}}], "page": {"next": null}, "counts": {"open": 1}})
    }

    fn after(leak: impl FnOnce(&mut Value)) -> Option<String> {
        let mut later = own_page();
        leak(&mut later);
        verdict(&asked("own", reply(200, own_page()), Some(reply(200, later)), None), &line("yes", "hidden"))
    }

    #[test]
    fn an_honest_answer_passes() {
        assert_eq!(after(|_| {}), None);
    }

    #[test]
    fn a_neighbour_in_a_list_is_seen() {
        let found = after(|page| page["data"].as_array_mut().unwrap().push(json!({"id": "b"})));
        assert!(found.unwrap().contains("data"), "a leak in a list");
    }

    #[test]
    fn a_neighbour_in_an_expansion_is_seen() {
        let found = after(|page| page["data"][0]["producer"]["others"] = json!([{"id": "b"}]));
        assert!(found.unwrap().contains("data/0/producer"), "a leak in an expansion");
    }

    #[test]
    fn a_neighbour_in_a_count_is_seen() {
        let found = after(|page| page["counts"]["open"] = json!(2));
        assert!(found.unwrap().contains("counts/open"), "a leak in a count");
    }

    #[test]
    fn a_neighbour_in_any_facet_is_seen() {
        for facet in ["status", "place", "kind", "set", "round"] {
            let mut before = own_page();
            for known in ["status", "place", "kind", "set", "round"] {
                before["facets"][known] = json!([{"value": "a", "count": 1}]);
            }
            let mut counted = before.clone();
            counted["facets"][facet][0]["count"] = json!(2);
            let mut named = before.clone();
            named["facets"][facet].as_array_mut().unwrap().push(json!({"value": "b", "count": 0}));
            for later in [counted, named] {
                let one = asked("own", reply(200, before.clone()), Some(reply(200, later)), None);
                let found = verdict(&one, &line("yes", "hidden")).unwrap_or_else(|| panic!("no leak seen in {facet}"));
                assert!(found.contains(&format!("facets/{facet}")), "{found}");
            }
        }
    }

    #[test]
    fn a_neighbour_who_must_be_seen_and_is_not_is_a_fault() {
        let same = asked("own", reply(200, own_page()), Some(reply(200, own_page())), None);
        assert!(verdict(&same, &line("yes", "seen")).unwrap().contains("does not show"));
    }

    #[test]
    fn a_wrong_class_and_a_tell_tale_404_are_seen() {
        let matrix = line("403", "404");
        assert!(verdict(&asked("own", reply(200, json!({})), None, None), &matrix).unwrap().contains("expected 403"));
        let hidden = reply(404, json!({"code": "not_found"}));
        assert_eq!(verdict(&asked("other", hidden.clone(), None, Some(hidden.clone())), &matrix), None);
        let told = verdict(&asked("other", hidden, None, Some(reply(403, json!({"code": "act"})))), &matrix);
        assert!(told.unwrap().contains("absent"));
    }

    #[test]
    fn an_operation_without_a_line_and_a_line_without_an_operation_are_seen() {
        let all: Vec<Operation> = operations().into_iter().filter(|o| o.id == "get_me").collect();
        let (matrix, public, faults) =
            read("operation,owner,roles,expected\nget_me,own,all,yes\nget_you,-,all,public\n");
        assert_eq!(faults, Vec::<String>::new());
        let found = gaps(&all, &matrix, &public);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("get_me") && found[0].contains("other") && found[1].contains("get_you"));
    }

    #[test]
    fn others_are_those_whom_no_line_names() {
        let (matrix, _, faults) =
            read("head\nx,-,commune signer,yes\nx,-,others,403\ny,-,nobody,yes\ny,-,all,sometimes\n");
        assert_eq!(matrix[&("x".into(), "-".into(), Role::Signer)], "yes");
        assert_eq!(matrix[&("x".into(), "-".into(), Role::Editor)], "403");
        assert_eq!(faults.len(), 2, "{faults:?}");
    }
}
