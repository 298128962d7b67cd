//! Databases for worlds: a copy of a migrated file, or a clone of a migrated template from a pool
//! that is emptied between tests.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use ocop::config::DatabaseUrl;
use ocop::db::{Clock, Conn, Db, migrate, open};

/// Tables that a scene leaves as they are, unless it says `spoil`.
const REFERENCE: &[&str] = &["__diesel_schema_migrations"];

/// A database for one world.
pub struct Lease {
    pub url: DatabaseUrl,
    pub folder: tempfile::TempDir,
    pub spoiled: Cell<bool>,
    name: Option<String>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let (Some(name), false) = (self.name.take(), self.spoiled.get()) {
            FREE.lock().unwrap().push(name);
        }
    }
}

static FREE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The server that tests on PostgreSQL use, when one is named.
pub fn postgres() -> Option<String> {
    std::env::var("OCOP_TEST_DATABASE_URL").ok().filter(|u| u.starts_with("postgres"))
}

/// A database that no other world uses now.
pub fn lease() -> Lease {
    let folder = tempfile::tempdir().unwrap();
    match postgres() {
        None => {
            let path = folder.path().join("ocop.sqlite");
            std::fs::copy(sqlite_template(), &path).unwrap();
            Lease { url: DatabaseUrl::Sqlite(path), folder, spoiled: Cell::new(false), name: None }
        }
        Some(server) => {
            let free = FREE.lock().unwrap().pop();
            let name = match free {
                Some(name) => {
                    empty(&with_name(&server, &name));
                    name
                }
                None => clone_template(&server),
            };
            let url = DatabaseUrl::Postgres(with_name(&server, &name));
            Lease { url, folder, spoiled: Cell::new(false), name: Some(name) }
        }
    }
}

/// An empty database without any table, for scenes about migrations.
pub fn bare() -> Lease {
    let folder = tempfile::tempdir().unwrap();
    match postgres() {
        None => Lease {
            url: DatabaseUrl::Sqlite(folder.path().join("bare.sqlite")),
            folder,
            spoiled: Cell::new(true),
            name: None,
        },
        Some(server) => {
            let name = fresh_name();
            admin(&server, &format!("create database {name}"));
            let url = DatabaseUrl::Postgres(with_name(&server, &name));
            Lease { url, folder, spoiled: Cell::new(true), name: Some(name) }
        }
    }
}

fn fresh_name() -> String {
    format!("ocop_test_{}_{}", std::process::id(), &uuid::Uuid::now_v7().simple().to_string()[20..])
}

/// Migrates and fills a template once per run.
fn prepare(url: &DatabaseUrl) {
    migrate::up(url).unwrap();
    let db = Db::open(url, 2, Clock::real()).unwrap();
    ocop::app::load_reference(&db, ocop::app::ReferenceScope::Sample, &mut |_, _, _| {}).unwrap();
}

fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let path = std::env::temp_dir().join(format!("ocop-template-{}.sqlite", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let url = DatabaseUrl::Sqlite(path.clone());
        prepare(&url);
        let mut conn = open(&url).unwrap();
        conn.batch_execute("pragma wal_checkpoint(truncate)").unwrap();
        path
    })
}

fn clone_template(server: &str) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        drop_leftovers(server);
        let name = fresh_name();
        admin(server, &format!("create database {name}"));
        prepare(&DatabaseUrl::Postgres(with_name(server, &name)));
        // Pools close their connections in the background; a template must have none.
        admin(server, &format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"));
        name
    });
    static CLONING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = CLONING.lock().unwrap();
    let name = fresh_name();
    admin(server, &format!("create database {name} template {template} strategy wal_log"));
    admin(server, &format!("alter database {name} set synchronous_commit = off"));
    name
}

/// Databases of test runs whose process is gone.
fn drop_leftovers(server: &str) {
    #[derive(QueryableByName)]
    struct Name {
        #[diesel(sql_type = diesel::sql_types::Text)]
        datname: String,
    }
    let mut conn = open(&DatabaseUrl::Postgres(server.to_owned())).unwrap();
    let names: Vec<Name> =
        sql_query("select datname::text as datname from pg_database where datname like 'ocop\\_test\\_%'")
            .load(&mut conn)
            .unwrap();
    for Name { datname } in names {
        let pid = datname.split('_').nth(2).unwrap_or("");
        if !std::path::Path::new(&format!("/proc/{pid}")).exists() {
            let _ = conn.batch_execute(&format!("drop database if exists {datname} with (force)"));
        }
    }
}

fn admin(server: &str, sql: &str) {
    let mut conn = open(&DatabaseUrl::Postgres(server.to_owned())).unwrap();
    conn.batch_execute(sql).unwrap();
}

fn with_name(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, None), |(b, q)| (b, Some(q)));
    let (base, _) = base.rsplit_once('/').unwrap();
    format!("{base}/{name}{}", query.map(|q| format!("?{q}")).unwrap_or_default())
}

/// Takes out every row that a scene can have made.
fn empty(url: &str) {
    let mut conn = open(&DatabaseUrl::Postgres(url.to_owned())).unwrap();
    let tables: Vec<&str> =
        ocop::db::schema::TABLES.iter().map(|(name, _)| *name).filter(|name| !reference().contains(name)).collect();
    conn.batch_execute(&format!("truncate {}", tables.join(", "))).unwrap();
    assert!(matches!(conn, Conn::Pg(_)));
}

fn reference() -> Vec<&'static str> {
    REFERENCE.iter().chain(ocop::app::REFERENCE_TABLES).copied().collect()
}
