//! Migrations: embedded in the binary, one folder per engine with the same names.
//!
//! A migration runs on a connection of its own with foreign keys off before any transaction
//! (SQLite ignores the pragma inside one), and the check of foreign keys must be empty afterwards.

use diesel::QueryableByName;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, connect};
use crate::config::DatabaseUrl;
use crate::error::{AppError, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The key of the advisory lock that keeps two migrators apart.
const LOCK: i64 = 0x6f63_6f70;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Migrated {
    /// The migrations that were applied, in order.
    pub applied: Vec<String>,
}

/// Brings the schema up to date.
///
/// # Errors
/// When the database cannot be reached, a migration fails, or foreign keys do not hold afterwards.
pub fn up(url: &DatabaseUrl) -> Result<Migrated> {
    with_migrator(url, |conn| {
        let applied = match conn {
            Conn::Pg(c) => names(c.run_pending_migrations(POSTGRES).map_err(AppError::internal)?),
            Conn::Sqlite(c) => names(c.run_pending_migrations(SQLITE).map_err(AppError::internal)?),
        };
        Ok(Migrated { applied })
    })
}

/// Takes every migration back, newest first. For tests and for an operator who returns to an older version.
///
/// # Errors
/// As [`up`].
pub fn down_all(url: &DatabaseUrl) -> Result<()> {
    with_migrator(url, |conn| {
        match conn {
            Conn::Pg(c) => c.revert_all_migrations(POSTGRES).map_err(AppError::internal)?,
            Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map_err(AppError::internal)?,
        };
        Ok(())
    })
}

/// Takes the newest migration back; answers which one, none when nothing is left.
///
/// # Errors
/// As [`up`].
pub fn down_one(url: &DatabaseUrl) -> Result<Option<String>> {
    with_migrator(url, |conn| {
        let applied = match conn {
            Conn::Pg(c) => c.applied_migrations().map_err(AppError::internal)?.len(),
            Conn::Sqlite(c) => c.applied_migrations().map_err(AppError::internal)?.len(),
        };
        if applied == 0 {
            return Ok(None);
        }
        let version = match conn {
            Conn::Pg(c) => c.revert_last_migration(POSTGRES).map_err(AppError::internal)?,
            Conn::Sqlite(c) => c.revert_last_migration(SQLITE).map_err(AppError::internal)?,
        };
        Ok(Some(version.to_string()))
    })
}

/// The migrations that are not applied yet.
///
/// # Errors
/// When the database cannot be reached.
pub fn pending(url: &DatabaseUrl) -> Result<Vec<String>> {
    with_migrator(url, |conn| {
        Ok(match conn {
            Conn::Pg(c) => pending_names(c.pending_migrations(POSTGRES).map_err(AppError::internal)?),
            Conn::Sqlite(c) => pending_names(c.pending_migrations(SQLITE).map_err(AppError::internal)?),
        })
    })
}

fn names(versions: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    versions.into_iter().map(|v| v.to_string()).collect()
}

fn pending_names<DB: diesel::backend::Backend>(list: Vec<Box<dyn diesel::migration::Migration<DB>>>) -> Vec<String> {
    list.iter().map(|m| m.name().to_string()).collect()
}

fn with_migrator<T>(url: &DatabaseUrl, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    if let DatabaseUrl::Sqlite(path) = url
        && let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(AppError::internal)?;
    }
    let mut conn = connect::open(url).map_err(|e| AppError::Busy(e.to_string()))?;
    match &mut conn {
        Conn::Pg(c) => c.batch_execute(&format!("set statement_timeout = 0; select pg_advisory_lock({LOCK})"))?,
        Conn::Sqlite(c) => c.batch_execute("pragma foreign_keys = off")?,
    }
    let done = work(&mut conn);
    match &mut conn {
        Conn::Pg(c) => c.batch_execute(&format!("select pg_advisory_unlock({LOCK})"))?,
        Conn::Sqlite(c) => {
            let broken: Vec<Broken> =
                diesel::sql_query("select \"table\" as name from pragma_foreign_key_check").load(c)?;
            if let Some(first) = broken.first() {
                return Err(AppError::Internal(format!(
                    "foreign keys do not hold after the migration: {}",
                    first.name
                )));
            }
        }
    }
    done
}

#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}
