//! The schema: as `schema.rs` says on both engines, and up, down and up again with rows in it.

use std::collections::BTreeMap;

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use ocop::config::DatabaseUrl;
use ocop::db::schema::TABLES;
use ocop::db::{Conn, migrate, open};

use crate::world::database::bare;
use crate::world::rows::{Family, counts};

#[derive(Debug, QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    nullable: String,
}

/// Table → column → (type as the engine names it, nullable).
fn columns(url: &DatabaseUrl) -> BTreeMap<String, BTreeMap<String, (String, bool)>> {
    let mut conn = open(url).unwrap();
    let sql = match conn {
        Conn::Pg(_) => {
            "select table_name::text, column_name::text as name, data_type::text as kind, is_nullable::text as nullable \
             from information_schema.columns where table_schema = 'public'"
        }
        Conn::Sqlite(_) => {
            "select m.name as table_name, c.name as name, lower(c.type) as kind, \
             case when c.\"notnull\" = 0 and c.pk = 0 then 'YES' else 'NO' end as nullable \
             from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'"
        }
    };
    let rows: Vec<Column> = sql_query(sql).load(&mut conn).unwrap();
    let mut tables: BTreeMap<String, BTreeMap<String, (String, bool)>> = BTreeMap::new();
    for row in
        rows.into_iter().filter(|r| !r.table_name.starts_with("__diesel") && !r.table_name.starts_with("sqlite_"))
    {
        tables.entry(row.table_name).or_default().insert(row.name, (row.kind, row.nullable == "YES"));
    }
    tables
}

/// What each portable type is called by the engine.
fn class(kind: &str, postgres: bool) -> &'static str {
    match (kind, postgres) {
        ("Id", true) => "uuid",
        ("Id", false) => "blob",
        ("Instant", true) => "timestamp with time zone",
        ("Instant" | "BigInt" | "Integer" | "Bool", false) => "integer",
        ("Date", true) => "date",
        ("Date" | "Text", false) | ("Text", true) => "text",
        ("BigInt", true) => "bigint",
        ("Integer", true) => "integer",
        ("Bool", true) => "boolean",
        other => panic!("no such portable type: {other:?}"),
    }
}

#[test]
fn schema_rs_says_what_the_database_has() {
    let lease = bare();
    migrate::up(&lease.url).unwrap();
    let postgres = matches!(lease.url, DatabaseUrl::Postgres(_));
    let there = columns(&lease.url);
    let mut faults = Vec::new();
    for (table, declared) in TABLES {
        let Some(real) = there.get(*table) else {
            faults.push(format!("{table} is in schema.rs, not in the database"));
            continue;
        };
        for (name, kind) in *declared {
            let kind = kind.replace(' ', "");
            let nullable = kind.starts_with("Nullable<");
            let bare = kind.trim_start_matches("Nullable<").trim_end_matches('>');
            let expected = (class(bare, postgres).to_owned(), nullable);
            match real.get(*name) {
                Some(found) if *found == expected => {}
                found => faults.push(format!("{table}.{name}: schema.rs says {expected:?}, the database {found:?}")),
            }
        }
        faults.extend(
            real.keys()
                .filter(|c| !declared.iter().any(|(n, _)| n == c))
                .map(|c| format!("{table}.{c} is not in schema.rs")),
        );
    }
    faults.extend(
        there.keys().filter(|t| !TABLES.iter().any(|(n, _)| n == t)).map(|t| format!("{t} is not in schema.rs")),
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The table whose rows a migration makes these of; the others begin empty.
fn filled_from(table: &str) -> Option<&'static str> {
    match table {
        "evidence" | "evidence_versions" => Some("dossier_documents"),
        "sheet_edits" => Some("sheet_marks"),
        "dossier_manifests" => Some("handover_dossiers"),
        _ => None,
    }
}

#[test]
fn every_migration_goes_down_and_up_again_and_keeps_the_rows_of_the_others() {
    let lease = bare();
    migrate::up(&lease.url).unwrap();
    let as_made = columns(&lease.url);
    Family::new(b'M').store(&lease.url, |_| true);
    let full = counts(&lease.url);
    let empty: Vec<_> = full.iter().filter(|(_, n)| **n == 0).map(|(t, _)| t.clone()).collect();
    assert_eq!(full.len(), TABLES.len());
    assert!(empty.is_empty(), "tables without a row: {empty:?}");

    let mut steps = 0;
    while let Some(name) = migrate::down_one(&lease.url).unwrap() {
        steps += 1;
        let left = counts(&lease.url);
        let changed: Vec<_> = left.iter().filter(|(t, n)| full[*t] != **n).collect();
        assert!(changed.is_empty(), "taking {name} back changed the rows of {changed:?}");
        // Up again from here: what was taken back is there, empty, or filled from what stayed; the rest
        // has its rows.
        let back = migrate::up(&lease.url).unwrap();
        assert_eq!(back.applied.len(), steps, "{name}");
        assert_eq!(columns(&lease.url), as_made, "after {name} went down and up");
        let after = counts(&lease.url);
        let kept = |table: &str| left.get(table).or_else(|| left.get(filled_from(table)?)).copied().unwrap_or(0);
        let changed: Vec<_> = after.iter().filter(|(t, n)| kept(t) != **n).collect();
        assert!(changed.is_empty(), "after {name} went down and up: {changed:?}");
        for _ in 1..=steps {
            migrate::down_one(&lease.url).unwrap();
        }
    }
    assert!(steps >= 8, "{steps} migrations");
    assert_eq!(counts(&lease.url), BTreeMap::new(), "the way down leaves nothing");
    migrate::up(&lease.url).unwrap();
    assert_eq!(columns(&lease.url), as_made);
    Family::new(b'N').store(&lease.url, |_| true);
    assert_eq!(counts(&lease.url), full);
}

#[test]
fn two_who_migrate_at_once_do_it_once() {
    let lease = bare();
    let (one, two) = (lease.url.clone(), lease.url.clone());
    let threads = [std::thread::spawn(move || migrate::up(&one)), std::thread::spawn(move || migrate::up(&two))];
    let applied: usize = threads.into_iter().map(|t| t.join().unwrap().map_or(0, |m| m.applied.len())).sum();
    assert!(applied > 0 && migrate::pending(&lease.url).unwrap().is_empty(), "{applied}");
    assert_eq!(columns(&lease.url).len(), TABLES.len());
}
