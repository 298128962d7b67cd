//! Looking after a database: a copy while it works, counts, its own checks, its clock.

use std::collections::BTreeMap;
use std::path::Path;

use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;
use diesel::{
    Connection, ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName, RunQueryDsl, insert_into, sql_query,
};

use super::schema::{TABLES, instance};
use super::{Conn, Ctx, Moment};
use crate::error::{AppError, Result};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

/// Copies the embedded database, as of one moment, while it is in use. The file must not be there yet.
///
/// # Errors
/// When the copy cannot be written, or on PostgreSQL, which has its own tools.
pub fn copy_to(cx: &mut Ctx<'_>, path: &Path) -> Result<()> {
    match cx.conn {
        Conn::Sqlite(c) => {
            sql_query("vacuum into ?1").bind::<Text, _>(path.to_string_lossy()).execute(c)?;
            Ok(())
        }
        Conn::Pg(_) => Err(AppError::internal("PostgreSQL is copied by pg_dump")),
    }
}

/// Opens a copy for reading only: nothing is written beside it.
///
/// # Errors
/// When it is not there or not a database.
pub fn open_copy(path: &Path) -> Result<Conn> {
    let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let conn = SqliteConnection::establish(&format!("file:{name}?mode=ro&immutable=1"));
    Ok(Conn::Sqlite(conn.map_err(|e| AppError::Internal(format!("{}: {e}", path.display())))?))
}

/// How many rows each table has.
///
/// # Errors
/// When the database fails, or is older than this version.
pub fn counts(cx: &mut Ctx<'_>) -> Result<BTreeMap<String, i64>> {
    let mut counts = BTreeMap::new();
    for (table, _) in TABLES {
        let rows: Vec<Number> = sql_query(format!("select count(*) as n from {table}")).load(cx.conn)?;
        counts.insert((*table).to_owned(), rows.first().map_or(0, |r| r.n));
    }
    Ok(counts)
}

/// A fact that the database keeps about itself (that it is a demonstration), by its name.
///
/// # Errors
/// When the database fails.
pub fn fact(cx: &mut Ctx<'_>, name: &str) -> Result<Option<String>> {
    Ok(instance::table.find(name).select(instance::value).first(cx.conn).optional()?)
}

/// Keeps a fact about the database itself; the one before is forgotten.
///
/// # Errors
/// When the database fails.
pub fn keep_fact(cx: &mut Ctx<'_>, name: &str, value: &str) -> Result<()> {
    let row = (instance::name.eq(name), instance::value.eq(value));
    crate::each!(&mut *cx.conn, c => insert_into(instance::table).values(row).on_conflict(instance::name)
        .do_update().set(instance::value.eq(value)).execute(c))?;
    Ok(())
}

/// What the engine finds wrong with its own files; empty when all is well.
///
/// # Errors
/// When the database fails.
pub fn faults(cx: &mut Ctx<'_>) -> Result<Vec<String>> {
    if let Conn::Pg(_) = cx.conn {
        return Ok(Vec::new());
    }
    let whole: Vec<Word> = sql_query("select quick_check as word from pragma_quick_check").load(cx.conn)?;
    let broken: Vec<Word> =
        sql_query("select \"table\" || ': a row names one that is not there' as word from pragma_foreign_key_check")
            .load(cx.conn)?;
    Ok(whole.into_iter().map(|w| w.word).filter(|w| w != "ok").chain(broken.into_iter().map(|w| w.word)).collect())
}

/// The version of the engine.
///
/// # Errors
/// When the database fails.
pub fn version(cx: &mut Ctx<'_>) -> Result<String> {
    let sql = match cx.conn {
        Conn::Pg(_) => "select 'PostgreSQL ' || current_setting('server_version') as word",
        Conn::Sqlite(_) => "select 'SQLite ' || sqlite_version() as word",
    };
    let rows: Vec<Word> = sql_query(sql).load(cx.conn)?;
    Ok(rows.into_iter().next().map(|r| r.word).unwrap_or_default())
}

/// The present moment as the database's machine sees it; ours on the embedded one.
///
/// # Errors
/// When the database fails.
pub fn clock(cx: &mut Ctx<'_>) -> Result<Moment> {
    match cx.conn {
        Conn::Sqlite(_) => Ok(cx.now),
        Conn::Pg(_) => {
            let sql = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint as n";
            let rows: Vec<Number> = sql_query(sql).load(cx.conn)?;
            Ok(Moment::from_micros(rows.first().map_or(0, |r| r.n)))
        }
    }
}
