//! Two engines behind one [`Conn`]; pools; [`Ctx`], which is all that an act is given.
//!
//! Reads take a connection from a pool. Writes are closures that may run twice: on SQLite they go
//! to one writer thread that shares commits, on PostgreSQL they are transactions that are run
//! again after a deadlock.

#![allow(missing_docs, reason = "the derive of the two-engine connection writes public items without any")]

pub mod care;
pub mod clock;
pub mod columns;
mod connect;
pub mod migrate;
pub mod schema;
mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use diesel::Connection;
use diesel::pg::PgConnection;
use diesel::r2d2::Pool;
use diesel::sqlite::SqliteConnection;

use crate::actor::{Actor, Caller};
use crate::config::DatabaseUrl;
use crate::error::{AppError, Result};
use crate::text::Lang;

pub use clock::Clock;
pub use columns::{Doc, Moment};
pub use connect::{Manager, database_bytes, open};

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// The embedded database.
    Sqlite(SqliteConnection),
}

/// Runs the same expression on the connection of either engine (what the enum lacks: upserts,
/// batches, locks).
#[macro_export]
macro_rules! each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// All that an act is given: the connection (inside the transaction), the caller, the hour.
pub struct Ctx<'a> {
    /// The connection.
    pub conn: &'a mut Conn,
    /// The request.
    pub caller: &'a Caller,
    /// The moment of the deed.
    pub now: Moment,
}

impl Ctx<'_> {
    /// The caller's identity and rights.
    pub fn actor(&self) -> &Actor {
        &self.caller.actor
    }

    /// The civil date in Việt Nam.
    pub fn today(&self) -> NaiveDate {
        self.now.vietnam_day()
    }

    /// The language of messages.
    pub fn lang(&self) -> Lang {
        self.caller.lang
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Pg(_) => Engine::Postgres,
            Conn::Sqlite(_) => Engine::Sqlite,
        }
    }

    /// A step that may break a constraint: it stands in a savepoint, so that the deed can go on,
    /// and a broken unique index is named on both engines (`OnConstraint`).
    ///
    /// # Errors
    /// What the step answers.
    pub fn try_step<T>(&mut self, step: impl FnOnce(&mut Ctx<'_>) -> Result<T>) -> Result<T> {
        let (caller, now) = (self.caller, self.now);
        let done = self.conn.transaction(|conn| step(&mut Ctx { conn, caller, now }));
        done.map_err(|e| connect::name_constraint(self.conn, e))
    }

    /// Runs a part of the deed as somebody else (the service itself, in the middle of a person's deed).
    pub fn acting_as<T>(&mut self, caller: &Caller, part: impl FnOnce(&mut Ctx<'_>) -> Result<T>) -> Result<T> {
        part(&mut Ctx { conn: self.conn, caller, now: self.now })
    }
}

/// The database: pools, the writer, the clock.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    url: DatabaseUrl,
    pool: Pool<Manager>,
    writer: Option<write::Writer>,
    clock: Clock,
    /// Deeds that ended in this process, whether they were kept or not.
    deeds: AtomicU64,
}

impl Db {
    /// Opens the pools, and on SQLite the writer thread.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn open(url: &DatabaseUrl, size: u32, clock: Clock) -> Result<Self> {
        let manager = Manager::new(url.clone());
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(1.min(size)))
            .connection_timeout(std::time::Duration::from_secs(5))
            .test_on_check_out(false)
            .build(manager)
            .map_err(|e| AppError::Busy(e.to_string()))?;
        let writer = match url {
            DatabaseUrl::Sqlite(_) => Some(write::Writer::start(url.clone(), open(url).map_err(AppError::internal)?)),
            DatabaseUrl::Postgres(_) => None,
        };
        Ok(Self(Arc::new(Inner { url: url.clone(), pool, writer, clock, deeds: AtomicU64::new(0) })))
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.0.url {
            DatabaseUrl::Postgres(_) => Engine::Postgres,
            DatabaseUrl::Sqlite(_) => Engine::Sqlite,
        }
    }

    /// Where the data lives.
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Reads on the calling thread; for commands, workers and tests.
    ///
    /// # Errors
    /// What the closure answers, or 503 when no connection is free in time.
    pub fn read_now<T>(&self, caller: &Caller, f: impl FnOnce(&mut Ctx<'_>) -> Result<T>) -> Result<T> {
        let mut pooled = self.0.pool.get().map_err(|e| AppError::Busy(e.to_string()))?;
        f(&mut Ctx { conn: &mut pooled, caller, now: self.0.clock.now() })
    }

    /// Reads on a thread that may block.
    ///
    /// # Errors
    /// What the closure answers, or 503.
    pub async fn read<T, F>(&self, caller: Caller, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        let db = self.clone();
        blocking(move || db.read_now(&caller, f)).await
    }

    /// Reads several things that must belong together: one transaction, one snapshot.
    ///
    /// # Errors
    /// What the closure answers, or 503.
    pub async fn snapshot<T, F>(&self, caller: Caller, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        let db = self.clone();
        blocking(move || db.snapshot_now(&caller, f)).await
    }

    /// [`Db::snapshot`] on the calling thread.
    ///
    /// # Errors
    /// What the closure answers, or 503.
    pub fn snapshot_now<T>(&self, caller: &Caller, f: impl FnOnce(&mut Ctx<'_>) -> Result<T>) -> Result<T> {
        let now = self.0.clock.now();
        self.read_now(caller, |cx| match cx.conn {
            Conn::Pg(_) => {
                use diesel::RunQueryDsl;
                cx.conn.transaction(|conn| {
                    diesel::sql_query("set transaction isolation level repeatable read, read only").execute(conn)?;
                    f(&mut Ctx { conn, caller, now })
                })
            }
            Conn::Sqlite(_) => cx.conn.transaction(|conn| f(&mut Ctx { conn, caller, now })),
        })
    }

    /// Does a deed: everything in the closure, or nothing. The closure may run twice.
    ///
    /// # Errors
    /// What the closure answers, or 503 when the commit failed or no connection was free.
    pub async fn write<T, F>(&self, caller: Caller, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        let Some(writer) = &self.0.writer else {
            let db = self.clone();
            return blocking(move || db.write_now(&caller, f)).await;
        };
        let done = writer.send(caller, self.0.clock.clone(), f).await;
        self.0.deeds.fetch_add(1, Ordering::AcqRel);
        done
    }

    /// [`Db::write`] on the calling thread; for commands, workers and tests.
    ///
    /// # Errors
    /// What the closure answers, or 503.
    pub fn write_now<T, F>(&self, caller: &Caller, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        let done = self.run_now(caller, f);
        self.0.deeds.fetch_add(1, Ordering::AcqRel);
        done
    }

    /// Takes a piece of work that waits: a deed that answers `None` found none, wrote nothing, and is not
    /// counted among [`Db::deeds`]. Workers look several times a second.
    ///
    /// # Errors
    /// As [`Db::write_now`].
    pub fn take_now<T, F>(&self, caller: &Caller, f: F) -> Result<Option<T>>
    where
        T: Send + 'static,
        F: Fn(&mut Ctx<'_>) -> Result<Option<T>> + Send + 'static,
    {
        let taken = self.run_now(caller, f);
        if !matches!(taken, Ok(None)) {
            self.0.deeds.fetch_add(1, Ordering::AcqRel);
        }
        taken
    }

    fn run_now<T, F>(&self, caller: &Caller, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0.writer {
            Some(writer) => writer.send_now(caller.clone(), self.0.clock.clone(), f),
            None => {
                let mut pooled = self.0.pool.get().map_err(|e| AppError::Busy(e.to_string()))?;
                write::run_again_when_asked(&mut pooled, caller, &self.0.clock, &f)
            }
        }
    }

    /// How many deeds ended in this process. What was read after this number was asked for holds, as far
    /// as this process wrote, while the number stays: it grows before a writer is answered.
    pub fn deeds(&self) -> u64 {
        self.0.deeds.load(Ordering::Acquire)
    }

    /// Whether a connection can be had and answers.
    ///
    /// # Errors
    /// 503 with the cause.
    pub fn ping(&self) -> Result<()> {
        use diesel::RunQueryDsl;
        self.read_now(&Caller::system("health"), |cx| {
            diesel::sql_query("select 1").execute(cx.conn)?;
            Ok(())
        })
    }

    /// Connections in the pool: in use, and all.
    pub fn pool_state(&self) -> (u32, u32) {
        let state = self.0.pool.state();
        (state.connections - state.idle_connections, state.connections)
    }
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f).await.map_err(AppError::internal)?
}
