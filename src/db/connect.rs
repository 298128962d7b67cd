//! Opening connections with the right settings, and naming broken constraints.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::r2d2::ManageConnection;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use diesel::sqlite::SqliteConnection;
use diesel::{Connection, ConnectionError, QueryableByName, RunQueryDsl, sql_types};

use super::Conn;
use crate::config::DatabaseUrl;
use crate::error::{AppError, constraint_of};

/// Makes connections for the pool, of the engine that the address names.
#[derive(Debug, Clone)]
pub struct Manager {
    url: DatabaseUrl,
}

impl Manager {
    /// For this database.
    pub fn new(url: DatabaseUrl) -> Self {
        Self { url }
    }
}

/// Opens one connection with the settings of ARCHITECTURE.md, "Two engines".
///
/// # Errors
/// When the database cannot be reached or the file cannot be opened.
pub fn open(url: &DatabaseUrl) -> Result<Conn, ConnectionError> {
    match url {
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute(
                "set plan_cache_mode = force_generic_plan; set jit = off; set timezone = 'UTC'; \
                 set client_min_messages = warning; set lock_timeout = '5s'; set statement_timeout = '30s'; \
                 set idle_in_transaction_session_timeout = '60s'",
            )
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Pg(conn))
        }
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
            // busy_timeout first: turning WAL on takes a lock.
            conn.batch_execute(
                "pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; \
                 pragma foreign_keys = on; pragma trusted_schema = off; pragma cache_size = -16000; \
                 pragma temp_store = memory",
            )
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Sqlite(conn))
        }
    }
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        open(&self.url).map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.batch_execute("select 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        std::thread::panicking()
            || match conn {
                Conn::Pg(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
                Conn::Sqlite(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
            }
    }
}

#[derive(QueryableByName)]
struct IndexColumns {
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Text)]
    columns: String,
}

#[derive(Debug)]
struct Named {
    constraint: String,
    message: String,
}

impl DatabaseErrorInformation for Named {
    fn message(&self) -> &str {
        &self.message
    }
    fn details(&self) -> Option<&str> {
        None
    }
    fn hint(&self) -> Option<&str> {
        None
    }
    fn table_name(&self) -> Option<&str> {
        None
    }
    fn column_name(&self) -> Option<&str> {
        None
    }
    fn constraint_name(&self) -> Option<&str> {
        Some(&self.constraint)
    }
    fn statement_position(&self) -> Option<i32> {
        None
    }
}

/// SQLite tells the columns of a broken unique index; this finds the index, so that an act can
/// name it the same way on both engines.
pub(super) fn name_constraint(conn: &mut Conn, error: AppError) -> AppError {
    let AppError::Database(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info)) = &error else {
        return error;
    };
    let message = info.message().to_owned();
    let AppError::Database(inner) = &error else { return error };
    let Some(columns) = constraint_of(inner).and_then(|c| c.strip_prefix("columns:").map(str::to_owned)) else {
        return error;
    };
    match index_with_columns(conn, &columns) {
        Some(constraint) => AppError::Database(DieselError::DatabaseError(
            DatabaseErrorKind::UniqueViolation,
            Box::new(Named { constraint, message }),
        )),
        None => error,
    }
}

fn index_with_columns(conn: &mut Conn, listed: &str) -> Option<String> {
    let table = listed.split('.').next()?.to_owned();
    let wanted: Vec<&str> = listed.split(", ").filter_map(|c| c.split('.').nth(1)).collect();
    let indexes: Vec<IndexColumns> = diesel::sql_query(
        "select l.name as name, group_concat(i.name, ', ') as columns \
         from pragma_index_list(?1) l, pragma_index_info(l.name) i where l.\"unique\" = 1 group by l.name",
    )
    .bind::<sql_types::Text, _>(table)
    .load(conn)
    .ok()?;
    indexes.into_iter().find(|i| i.columns.split(", ").collect::<Vec<_>>() == wanted).map(|i| i.name)
}

/// The size of the embedded database on disk, in bytes.
pub fn database_bytes(path: &Path) -> u64 {
    ["", "-wal"]
        .iter()
        .filter_map(|end| std::fs::metadata(format!("{}{end}", path.display())).ok())
        .map(|m| m.len())
        .sum()
}
