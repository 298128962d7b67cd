//! The shape of `src/`, kept by reading the sources as text. Crude on purpose: no dependency, and
//! every message names the file, the line, the law and the way out. Each law is shown to bite by
//! breaches planted in memory.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it says")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Files outside the rooms that may speak diesel: the foundation's own tables.
const SPEAK_DIESEL: &[&str] = &[
    "audit.rs",
    "db/",
    "error.rs",
    "ids.rs",
    "jobs.rs",
    "keys.rs",
    "numbers.rs",
    "outbox.rs",
    "recorder.rs",
    "web/idempotency.rs",
];
/// Upward looks that are known and kept: (file, module, why).
const LOOK_UP: &[(&str, &str, &str)] = &[("ids.rs", "db", "identifiers carry their column type")];
/// Tables with a second writer that is known and kept: (table, writers, why).
const SHARED_TABLES: &[(&str, &[&str], &str)] = &[
    ("audit", &["audit", "recorder"], "the recorder gives positions behind the commits"),
    ("outbox", &["outbox", "recorder"], "the recorder gives positions behind the commits"),
    ("instance", &["recorder", "db", "app", "backup"], "facts about the database itself"),
];
/// Rules that live beside `rules.rs` under another name, and are as pure.
const ALSO_RULES: &[&str] = &["places/calendar.rs", "products/check.rs", "rulebook/criteria/", "catalogue/import/"];
/// Where status codes may be named.
const STATUS_CODES: &[&str] = &["error.rs", "web/"];
/// What rules never touch.
const IMPURE: &[&str] = &[
    "diesel",
    "actix_web",
    "crate::db",
    "crate::web",
    "crate::audit",
    "crate::outbox",
    "crate::jobs",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "std::fs",
    "std::env",
    "std::net",
    "tokio",
    "rand::",
];
/// Rooms behind the front door of a slice.
const BACK_ROOMS: &[&str] = &["store", "dto", "routes", "model"];
/// Pieces of the foundation that have rooms like a slice.
const FIRST_SLICE: &str = "auth";
const LAST_SLICE: &str = "catalogue";

struct Source {
    path: String,
    /// As written.
    text: String,
    /// Without comments and the content of strings; lines are kept.
    code: String,
    /// Without comments; strings are kept.
    with_strings: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into(), code: strip(text, false), with_strings: strip(text, true) }
    }

    /// `dossiers` for `dossiers/store.rs` and for `dossiers.rs`.
    fn top(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The room: `store` for `dossiers/store.rs` and `dossiers/store/queue.rs`.
    fn room(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or("").trim_end_matches(".rs")
    }

    fn is_rules(&self) -> bool {
        self.room() == "rules" || within(&self.path, ALSO_RULES)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.ends_with("/golden.rs") || self.path.contains("/tests/")
    }
}

fn within(path: &str, list: &[&str]) -> bool {
    list.iter().any(|p| if p.ends_with('/') { path.starts_with(p) } else { path == *p })
}

/// Blanks comments, and strings unless they are kept; line breaks stay.
fn strip(text: &str, keep_strings: bool) -> String {
    let c: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut i = 0;
    let at = |i: usize| c.get(i).copied().unwrap_or('\0');
    while i < c.len() {
        match (c[i], at(i + 1)) {
            ('/', '/') => {
                while i < c.len() && c[i] != '\n' {
                    i += 1
                }
            }
            ('/', '*') => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => {
                            depth += 1;
                            i += 2
                        }
                        ('*', '/') => {
                            depth -= 1;
                            i += 2
                        }
                        ('\n', _) => {
                            out.push('\n');
                            i += 1
                        }
                        _ => i += 1,
                    }
                    if depth == 0 || i >= c.len() {
                        break;
                    }
                }
            }
            ('r', '"' | '#') if i == 0 || !(at(i - 1).is_alphanumeric() || at(i - 1) == '_') => {
                let hashes = c[i + 1..].iter().take_while(|h| **h == '#').count();
                if at(i + 1 + hashes) != '"' {
                    out.push('r');
                    i += 1;
                    continue;
                }
                i += 2 + hashes;
                out.push('"');
                while i < c.len()
                    && !(c[i] == '"' && c[i + 1..].iter().take(hashes).filter(|h| **h == '#').count() == hashes)
                {
                    if keep_strings || c[i] == '\n' {
                        out.push(c[i])
                    }
                    i += 1;
                }
                i += 1 + hashes;
                out.push('"');
            }
            ('"', _) => {
                out.push('"');
                i += 1;
                while i < c.len() && c[i] != '"' {
                    if c[i] == '\\' {
                        i += 1
                    }
                    if keep_strings || at(i) == '\n' {
                        out.push(at(i))
                    }
                    i += 1;
                }
                out.push('"');
                i += 1;
            }
            // A character, not a lifetime.
            ('\'', '\\') => {
                i += 3;
                while i < c.len() && c[i] != '\'' {
                    i += 1
                }
                i += 1
            }
            ('\'', _) if at(i + 2) == '\'' => i += 3,
            (other, _) => {
                out.push(other);
                i += 1
            }
        }
    }
    out
}

/// The modules in the order of `lib.rs`: the ladder.
fn ladder(lib: &str) -> Vec<String> {
    lib.lines().filter_map(|l| l.strip_prefix("pub mod ")?.split(';').next().map(str::to_owned)).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Every place where a word stands by itself, with its line.
fn find<'a>(code: &'a str, word: &str) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(i) = code[from..].find(word).map(|i| i + from) {
        from = i + word.len();
        let before = code[..i].chars().next_back().is_some_and(is_word);
        let after = word.chars().next_back().is_some_and(is_word) && code[from..].chars().next().is_some_and(is_word);
        if !before && !after {
            found.push((code[..i].matches('\n').count() + 1, &code[from..]));
        }
    }
    found
}

/// Every path below the crate that a file names, one per leaf of a `use` tree: (line, segments).
fn crate_paths(source: &Source) -> Vec<(usize, Vec<String>)> {
    let mut paths = Vec::new();
    for (line, rest) in find(&source.code, "crate::") {
        leaves(rest, &mut Vec::new(), line, &mut paths);
    }
    // `super::super::…` that climbs out of the slice.
    let depth = source.path.split('/').filter(|p| *p != "mod.rs").count();
    for (line, rest) in find(&source.code, &"super::".repeat(depth)) {
        if !rest.starts_with("super::") {
            leaves(rest, &mut Vec::new(), line, &mut paths);
        }
    }
    paths
}

/// Reads one path or tree (`a::{b, c::d}`) and answers what follows it.
fn leaves<'a>(text: &'a str, stem: &mut Vec<String>, line: usize, out: &mut Vec<(usize, Vec<String>)>) -> &'a str {
    let mut rest = text.trim_start();
    let depth = stem.len();
    loop {
        if let Some(inside) = rest.strip_prefix('{') {
            rest = inside;
            loop {
                rest = leaves(rest, stem, line, out).trim_start();
                match rest.strip_prefix(',') {
                    Some(more) if !more.trim_start().starts_with('}') => rest = more,
                    Some(more) => {
                        rest = more.trim_start();
                        break;
                    }
                    None => break,
                }
            }
            rest = rest.strip_prefix('}').unwrap_or(rest);
            break;
        }
        let name: String = rest.chars().take_while(|c| is_word(*c)).collect();
        rest = &rest[name.len()..];
        if !name.is_empty() {
            stem.push(name)
        }
        match rest.strip_prefix("::") {
            Some(more) => rest = more,
            None => {
                out.push((line, stem.clone()));
                break;
            }
        }
    }
    stem.truncate(depth);
    // `as other` inside a tree.
    let after = rest.trim_start();
    match after.strip_prefix("as ") {
        Some(alias) => alias.trim_start().trim_start_matches(is_word),
        None => rest,
    }
}

fn breach(source: &Source, line: usize, law: &str, remedy: &str) -> String {
    format!("src/{}:{line}: {law}. {remedy}", source.path)
}

type Breaches = Vec<String>;

/// 1. Imports run down the ladder.
fn imports_go_down(sources: &[Source], ladder: &[String]) -> Breaches {
    let rung = |name: &str| ladder.iter().position(|m| m == name);
    let mut out = Breaches::new();
    for source in sources {
        let Some(own) = rung(source.top()) else { continue };
        let tops: BTreeSet<(usize, String)> =
            crate_paths(source).into_iter().filter_map(|(line, path)| Some((line, path.into_iter().next()?))).collect();
        for (line, module) in tops {
            let Some(other) = rung(&module) else { continue };
            if other > own && !LOOK_UP.iter().any(|(f, m, _)| *f == source.path && *m == module) {
                out.push(breach(source, line, &format!("{} stands above {} and may not look down at it", source.top(), module),
                    "Call it the other way round: the later slice calls the earlier one's act, or app.rs hands the look-up in. A module that others need gets a higher line in lib.rs"));
            }
        }
    }
    out
}

/// 2. Other slices through their front door only.
fn front_doors(sources: &[Source], ladder: &[String]) -> Breaches {
    let from = ladder.iter().position(|m| m == FIRST_SLICE).unwrap();
    let to = ladder.iter().position(|m| m == LAST_SLICE).unwrap();
    let slices = &ladder[from..=to];
    let mut out = Breaches::new();
    for source in sources {
        for (line, path) in crate_paths(source) {
            let [slice, room, ..] = path.as_slice() else { continue };
            let foreign = slices.contains(slice) && slice != source.top() && BACK_ROOMS.contains(&room.as_str());
            let page = source.top() == "app" && room == "routes";
            if foreign && !page {
                out.push(breach(
                    source,
                    line,
                    &format!("{}::{room} is a back room of another slice", slice),
                    &format!(
                        "Use what src/{slice}/mod.rs offers; if it lacks something, add an act or a re-export there"
                    ),
                ));
            }
        }
    }
    out
}

/// 3. Only stores and models speak diesel.
fn who_speaks_diesel(sources: &[Source]) -> Breaches {
    let mut out = Breaches::new();
    for source in sources {
        if ["store", "model"].contains(&source.room()) || within(&source.path, SPEAK_DIESEL) {
            continue;
        }
        // A document has schemas too.
        let code = source.code.replace("openapi::schema::", "");
        for word in ["diesel", "sql_query", "schema::"] {
            if let Some((line, _)) = find(&code, word).first() {
                out.push(breach(
                    source,
                    *line,
                    &format!("`{word}` outside a store"),
                    "Move the query to the slice's store.rs (rows to model.rs) and call a function of it",
                ));
            }
        }
    }
    out
}

/// 4. Rules are pure.
fn rules_are_pure(sources: &[Source]) -> Breaches {
    let mut out = Breaches::new();
    for source in sources.iter().filter(|s| s.is_rules() && !s.is_test()) {
        for word in IMPURE {
            for (line, _) in find(&source.code, word) {
                out.push(breach(
                    source,
                    line,
                    &format!("a rule touches `{word}`"),
                    "Give the rule plain values (a date, a list, a record) and let the act in mod.rs fetch them",
                ));
            }
        }
    }
    out
}

/// 5. Routes use neither store nor diesel.
fn routes_are_thin(sources: &[Source]) -> Breaches {
    let mut out = Breaches::new();
    for source in sources.iter().filter(|s| s.room() == "routes") {
        for word in ["store", "diesel", "schema"] {
            for (line, rest) in find(&source.code, word) {
                if rest.starts_with("::") || rest.trim_start().starts_with([',', '}', ';']) {
                    out.push(breach(
                        source,
                        line,
                        &format!("a handler uses `{word}`"),
                        "A handler takes, runs one act of mod.rs, answers; put the look-up behind a function there",
                    ));
                }
            }
        }
    }
    out
}

/// 6. One writer per table.
fn one_writer(sources: &[Source]) -> Breaches {
    let mut writers: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for source in sources.iter().filter(|s| !s.is_test()) {
        for (line, table) in written_tables(source) {
            let at = format!("src/{}:{line}", source.path);
            writers.entry(table).or_default().entry(source.top().to_owned()).or_insert(at);
        }
    }
    let mut out = Breaches::new();
    for (table, tops) in writers {
        let known = SHARED_TABLES.iter().find(|(t, ..)| *t == table).map_or(&[][..], |(_, w, _)| w);
        let strange: Vec<_> = tops.keys().filter(|t| !known.contains(&t.as_str())).collect();
        if (known.is_empty() && tops.len() > 1) || (!known.is_empty() && !strange.is_empty()) {
            let places: Vec<_> = tops.values().cloned().collect();
            out.push(format!(
                "{}: the table {table} has writers in {}. Let its owner offer an act in its mod.rs, and call that",
                places.join(", "),
                tops.keys().cloned().collect::<Vec<_>>().join(" and ")
            ));
        }
    }
    out
}

fn written_tables(source: &Source) -> Vec<(usize, String)> {
    let aliases: BTreeMap<String, String> = find(&source.code, "as")
        .into_iter()
        .filter_map(|(_, rest)| {
            let before = source.code[..source.code.len() - rest.len() - 2].trim_end();
            let name = before.rsplit(|c| !is_word(c)).next()?.to_owned();
            let alias: String = rest.trim_start().chars().take_while(|c| is_word(*c)).collect();
            Some((alias, name))
        })
        .collect();
    let mut out = Vec::new();
    for verb in ["insert_into(", "update(", "delete("] {
        for (line, rest) in find(&source.code, verb) {
            let path: String = rest.trim_start().chars().take_while(|c| is_word(*c) || *c == ':').collect();
            let Some((stem, _)) = path.split_once("::table") else { continue };
            let name = stem.rsplit("::").next().unwrap().to_owned();
            out.push((line, aliases.get(&name).cloned().unwrap_or(name)));
        }
    }
    for verb in ["insert into ", "delete from "] {
        for (line, rest) in find(&source.with_strings, verb) {
            out.push((line, rest.chars().take_while(|c| is_word(*c)).collect()));
        }
    }
    for (line, rest) in find(&source.with_strings, "update ") {
        let table: String = rest.chars().take_while(|c| is_word(*c)).collect();
        if rest[table.len()..].trim_start().starts_with("set ") {
            out.push((line, table));
        }
    }
    out.retain(|(_, t)| !t.is_empty());
    out
}

/// 7. Status codes in the plumbing only.
fn status_codes(sources: &[Source]) -> Breaches {
    let outside = sources.iter().filter(|s| !within(&s.path, STATUS_CODES) && !s.is_test());
    outside
        .flat_map(|s| {
            find(&s.code, "StatusCode").into_iter().map(|(line, _)| {
                breach(
                    s,
                    line,
                    "a status code is chosen here",
                    "Answer through web::{found, created, public, accepted, nothing}, refuse through AppError",
                )
            })
        })
        .collect()
}

/// 8. Every module says what it is for.
fn doors_have_signs(sources: &[Source]) -> Breaches {
    sources
        .iter()
        .filter(|s| !s.is_test() && !s.text.trim_start().starts_with("//!"))
        .map(|s| breach(s, 1, "the module does not open with `//!`", "Say in one sentence what someone finds here"))
        .collect()
}

/// 9. The caller comes first in a handler: 401 before 400.
fn callers_come_first(sources: &[Source]) -> Breaches {
    let mut out = Breaches::new();
    for source in sources.iter().filter(|s| s.room() == "routes") {
        for (line, rest) in find(&source.code, "async fn") {
            let Some(inside) = rest.split_once('(').map(|(_, p)| p) else { continue };
            let parameters = &inside[..inside.find("->").unwrap_or(inside.len())];
            let place = ["caller: Caller", "Visitor("].iter().filter_map(|w| parameters.find(w)).min();
            if place.is_some_and(|p| !parameters[..p].trim().is_empty()) {
                out.push(breach(
                    source,
                    line,
                    "the caller is not the first argument of a handler",
                    "Move it to the front; extractors run in order, and 401 comes before 400",
                ));
            }
        }
    }
    out
}

fn sources() -> Vec<Source> {
    fn walk(dir: &Path, root: &Path, out: &mut Vec<Source>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                out.push(Source::new(&name, &std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut out = Vec::new();
    walk(&root, &root, &mut out);
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn real_ladder() -> Vec<String> {
    ladder(include_str!("../src/lib.rs"))
}

#[track_caller]
fn none(breaches: Breaches) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn imports_run_down_the_ladder() {
    none(imports_go_down(&sources(), &real_ladder()));
}

#[test]
fn other_slices_are_reached_through_their_front_door() {
    none(front_doors(&sources(), &real_ladder()));
}

#[test]
fn only_stores_speak_diesel() {
    none(who_speaks_diesel(&sources()));
}

#[test]
fn rules_touch_nothing_but_values() {
    none(rules_are_pure(&sources()));
}

#[test]
fn handlers_look_nothing_up() {
    none(routes_are_thin(&sources()));
}

#[test]
fn every_table_has_one_writer() {
    none(one_writer(&sources()));
}

#[test]
fn status_codes_are_chosen_in_the_plumbing() {
    none(status_codes(&sources()));
}

#[test]
fn every_module_says_what_it_is_for() {
    none(doors_have_signs(&sources()));
}

#[test]
fn the_caller_is_asked_for_first() {
    none(callers_come_first(&sources()));
}

#[test]
fn every_module_of_lib_exists_and_every_folder_is_on_the_ladder() {
    let ladder: BTreeSet<String> = real_ladder().into_iter().collect();
    let outside = ["lib", "main", "commands"];
    let tops: BTreeSet<String> =
        sources().iter().map(|s| s.top().to_owned()).filter(|t| !outside.contains(&t.as_str())).collect();
    assert_eq!(ladder, tops, "give the module a line in lib.rs, at the rung where it belongs");
}

/// Planted breaches: each law must see each of its own, and nothing in what is allowed.
mod planted {
    use super::*;

    fn one(path: &str, text: &str) -> Vec<Source> {
        vec![Source::new(path, text)]
    }

    #[track_caller]
    fn seen(breaches: Breaches, line: usize, word: &str) {
        assert_eq!(breaches.len(), 1, "{breaches:#?}");
        assert!(breaches[0].contains(&format!(":{line}")) && breaches[0].contains(word), "{}", breaches[0]);
    }

    #[test]
    fn a_look_up_the_ladder_is_seen() {
        let ladder = real_ladder();
        let look = |path, text| imports_go_down(&one(path, text), &ladder);
        seen(look("dossiers/mod.rs", "//! x\nuse crate::certification::certificate;"), 2, "certification");
        seen(
            look("dossiers/store.rs", "use crate::{\n    db::Ctx,\n    scoring::{Sheet, Mark as M},\n};"),
            1,
            "scoring",
        );
        seen(look("places/mod.rs", "fn f() { crate::app::load() }"), 1, "app");
        seen(look("dossiers/rules/moves.rs", "use super::super::super::scoring::Sheet;"), 1, "scoring");
        none(look("scoring/mod.rs", "use crate::dossiers::get; // crate::app\nconst S: &str = \"crate::app\";"));
        none(look("ids.rs", "use crate::db::columns::Id;"));
    }

    #[test]
    fn a_way_in_through_the_back_is_seen() {
        let ladder = real_ladder();
        let look = |path, text| front_doors(&one(path, text), &ladder);
        seen(look("scoring/mod.rs", "use crate::dossiers::store::hold;"), 1, "back room");
        seen(look("scoring/mod.rs", "use crate::dossiers::{self, model::Dossier};"), 1, "model");
        seen(look("catalogue/routes.rs", "\n\ncrate::places::dto::PlaceView"), 3, "dto");
        seen(look("server.rs", "use crate::auth::routes;"), 1, "routes");
        none(look("app.rs", "use crate::dossiers::routes;"));
        none(look("dossiers/routes.rs", "use crate::dossiers::store; use crate::places::Place;"));
    }

    #[test]
    fn diesel_outside_a_store_is_seen() {
        seen(who_speaks_diesel(&one("dossiers/mod.rs", "\nuse diesel::prelude::*;")), 2, "store.rs");
        seen(who_speaks_diesel(&one("server.rs", "use crate::db::schema::users;")), 1, "schema");
        seen(who_speaks_diesel(&one("commands/sweep.rs", "fn f() { sql_query(\"x\") }")), 1, "sql_query");
        none(who_speaks_diesel(&one("web/manners.rs", "use utoipa::openapi::schema::ArrayItems;")));
        none(who_speaks_diesel(&one("dossiers/store/queue.rs", "use diesel::prelude::*;")));
        none(who_speaks_diesel(&one("dossiers/mod.rs", "/// diesel\n// diesel\nconst S: &str = \"diesel\";")));
    }

    #[test]
    fn an_impure_rule_is_seen() {
        seen(rules_are_pure(&one("dossiers/rules.rs", "use crate::db::Ctx;")), 1, "crate::db");
        seen(rules_are_pure(&one("scoring/rules/star.rs", "\nlet t = chrono::Utc::now();")), 2, "Utc::now");
        seen(rules_are_pure(&one("places/calendar.rs", "use actix_web::web;")), 1, "actix_web");
        seen(rules_are_pure(&one("catalogue/import/rows.rs", "use diesel::Queryable;")), 1, "diesel");
        none(rules_are_pure(&one("dossiers/mod.rs", "use crate::db::Ctx;")));
        none(rules_are_pure(&one("dossiers/rules.rs", "use crate::text::Label;")));
    }

    #[test]
    fn a_handler_that_looks_things_up_is_seen() {
        seen(routes_are_thin(&one("dossiers/routes.rs", "use super::store;")), 1, "store");
        seen(routes_are_thin(&one("dossiers/routes.rs", "use super::{dto::X, store};")), 1, "store");
        seen(routes_are_thin(&one("dossiers/routes.rs", "\nlet x = super::store::get(cx)?;")), 2, "store");
        none(routes_are_thin(&one("dossiers/routes.rs", "let stored = files.store(&bytes).await?;")));
    }

    #[test]
    fn a_second_writer_is_seen() {
        let two = |a: (&str, &str), b: (&str, &str)| one_writer(&[Source::new(a.0, a.1), Source::new(b.0, b.1)]);
        let own = ("dossiers/store.rs", "diesel::insert_into(dossiers::table).values(x)");
        let second = two(own, ("scoring/store.rs", "diesel::update(dossiers::table.find(id)).set(x)"));
        seen(second, 1, "dossiers and scoring");
        let renamed = two(own, ("scoring/store.rs", "use schema::dossiers as d;\n diesel::delete(d::table)"));
        seen(renamed, 2, "dossiers and scoring");
        let sql = two(own, ("programme/store.rs", "sql_query(\"update dossiers set x = 1\")"));
        seen(sql, 1, "dossiers and programme");
        none(two(own, ("scoring/store.rs", "dossiers::table.find(id).first(cx.conn)")));
        none(two(own, ("dossiers/store/moves.rs", "diesel::update(dossiers::table)")));
        none(two(
            ("audit.rs", "diesel::insert_into(audit::table)"),
            ("recorder.rs", "diesel::update(audit_table::table) use audit as audit_table"),
        ));
        seen(
            two(("audit.rs", "diesel::insert_into(audit::table)"), ("auth/store.rs", "diesel::update(audit::table)")),
            1,
            "auth",
        );
    }

    #[test]
    fn a_status_code_in_a_slice_is_seen() {
        seen(status_codes(&one("dossiers/routes.rs", "StatusCode::CONFLICT")), 1, "AppError");
        none(status_codes(&one("web/page.rs", "StatusCode::OK")));
    }

    #[test]
    fn a_module_without_a_sign_is_seen() {
        seen(doors_have_signs(&one("dossiers/store.rs", "use diesel;")), 1, "one sentence");
        none(doors_have_signs(&one("dossiers/store.rs", "//! All queries about dossiers.")));
    }

    #[test]
    fn a_caller_who_comes_late_is_seen() {
        let late = "#[get(\"/x\")]\nasync fn f(id: Path<X>, caller: Caller) -> Result<Answer> {}";
        seen(callers_come_first(&one("dossiers/routes.rs", late)), 2, "401");
        seen(
            callers_come_first(&one("x/routes.rs", "async fn f(db: Data<Db>, Visitor(caller): Visitor) -> R {}")),
            1,
            "first",
        );
        none(callers_come_first(&one("x/routes.rs", "async fn f(caller: Caller, id: Path<X>) -> R {}")));
    }

    #[test]
    fn comments_strings_and_characters_do_not_confuse_the_reader() {
        let text = "a /* b \n c */ \"d \\\" e\" 'f' '\\'' r#\"g \" h\"# &'static str // i";
        assert_eq!(strip(text, false).split_whitespace().collect::<Vec<_>>(), ["a", "\"\"", "\"\"", "&'static", "str"]);
        assert!(strip(text, true).contains("g \" h"));
    }
}
