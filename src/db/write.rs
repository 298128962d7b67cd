//! Writing: one thread with shared commits on SQLite, transactions that are run again on PostgreSQL.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::Connection;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use tokio::sync::oneshot;

use super::{Clock, Conn, Ctx};
use crate::actor::Caller;
use crate::config::DatabaseUrl;
use crate::error::{AppError, Result};

/// How many deeds may share one commit.
const GROUP: usize = 64;
/// How often a transaction is run again after a deadlock or a failed serialization.
const TRIES: u32 = 3;

/// A deed on its way to the writer: `run` keeps its own result and says how it went, `answer` is
/// called after the commit.
struct Deed {
    run: Box<dyn FnMut(&mut Conn) -> Ran + Send>,
    answer: Box<dyn FnOnce(Result<()>) + Send>,
}

/// How a deed went, as far as the group is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ran {
    /// Done, or refused without harm.
    Well,
    /// The database failed: a full disk ends the whole transaction, not only the savepoint.
    DatabaseFailed,
}

/// The one thread that writes to the embedded database.
pub(super) struct Writer {
    queue: Sender<Deed>,
}

impl Writer {
    /// Starts the thread; it ends when the last sender is gone.
    pub(super) fn start(url: DatabaseUrl, conn: Conn) -> Self {
        let (queue, deeds) = channel();
        let thread = std::thread::Builder::new().name("writer".into());
        if let Err(e) = thread.spawn(move || write_all(&url, conn, &deeds)) {
            tracing::error!(error = %e, "the writer thread could not be started; every write will be answered 503");
        }
        Self { queue }
    }

    pub(super) async fn send<T, F>(&self, caller: Caller, clock: Clock, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        self.enqueue(caller, clock, f, move |r| {
            let _ = tell.send(r);
        });
        told.await.unwrap_or_else(|_| Err(gone()))
    }

    pub(super) fn send_now<T, F>(&self, caller: Caller, clock: Clock, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        let (tell, told) = channel();
        self.enqueue(caller, clock, f, move |r| {
            let _ = tell.send(r);
        });
        told.recv().unwrap_or_else(|_| Err(gone()))
    }

    fn enqueue<T, F>(&self, caller: Caller, clock: Clock, f: F, reply: impl FnOnce(Result<T>) + Send + 'static)
    where
        T: Send + 'static,
        F: Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
    {
        let slot: Arc<Mutex<Option<Result<T>>>> = Arc::default();
        let kept = Arc::clone(&slot);
        let deed = Deed {
            run: Box::new(move |conn| {
                let result = one_deed(conn, &caller, &clock, &f);
                let ran = match &result {
                    Err(AppError::Database(_)) => Ran::DatabaseFailed,
                    _ => Ran::Well,
                };
                if let Ok(mut place) = kept.lock() {
                    *place = Some(result);
                }
                ran
            }),
            answer: Box::new(move |committed| {
                let own = slot.lock().ok().and_then(|mut s| s.take());
                reply(match (own, committed) {
                    (Some(Err(AppError::Database(_))), Err(e)) => Err(e),
                    // A refusal stands, whatever became of the commit: nothing of it was written.
                    (Some(Err(e)), _) => Err(e),
                    (Some(Ok(v)), Ok(())) => Ok(v),
                    (_, Err(e)) => Err(e),
                    (None, Ok(())) => Err(gone()),
                });
            }),
        };
        // When the thread is gone the deed is dropped here, and with it the caller's channel.
        let _ = self.queue.send(deed);
    }
}

fn gone() -> AppError {
    AppError::Busy("the writer is not running".into())
}

fn write_all(url: &DatabaseUrl, mut conn: Conn, deeds: &Receiver<Deed>) {
    while let Ok(first) = deeds.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match deeds.try_recv() {
                Ok(deed) => group.push(deed),
                Err(_) => break,
            }
        }
        let sound = write_group(&mut conn, group);
        if !sound {
            match super::open(url) {
                Ok(fresh) => conn = fresh,
                Err(e) => tracing::error!(error = %e, "the writer's connection could not be opened again"),
            }
        }
    }
}

/// One commit for all: each deed in a savepoint of its own, answers only after the commit.
/// Says whether the connection can be used again.
fn write_group(conn: &mut Conn, mut group: Vec<Deed>) -> bool {
    let outcome = begin(conn).and_then(|()| {
        for deed in &mut group {
            match catch_unwind(AssertUnwindSafe(|| (deed.run)(conn))) {
                Err(_) => return Err(AppError::Busy("a deed of the same group failed badly".into())),
                Ok(Ran::DatabaseFailed) if !in_transaction(conn) => {
                    return Err(AppError::Busy("the database ended the transaction: is the disk full?".into()));
                }
                Ok(_) => {}
            }
        }
        commit(conn)
    });
    let failed = match outcome {
        Ok(()) => None,
        Err(e) => {
            tracing::error!(error = %e, deeds = group.len(), "a shared commit failed: nothing of it was kept, all are answered 503; check free space on the disk of the data directory");
            roll_back(conn);
            Some(e.to_string())
        }
    };
    for deed in group {
        (deed.answer)(match &failed {
            None => Ok(()),
            Some(why) => Err(AppError::Busy(why.clone())),
        });
    }
    failed.is_none()
}

/// Whether the shared transaction still stands. SQLite refuses a second `begin` inside one.
fn in_transaction(conn: &mut Conn) -> bool {
    let begun = conn.batch_execute("begin").is_ok();
    if begun {
        let _ = conn.batch_execute("rollback");
    }
    !begun
}

fn begin(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => Ok(AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?),
        Conn::Pg(c) => Ok(AnsiTransactionManager::begin_transaction(c)?),
    }
}

fn commit(conn: &mut Conn) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => Ok(AnsiTransactionManager::commit_transaction(c)?),
        Conn::Pg(c) => Ok(AnsiTransactionManager::commit_transaction(c)?),
    }
}

/// Leaves the connection outside any transaction, whatever happened inside.
fn roll_back(conn: &mut Conn) {
    if let Conn::Sqlite(c) = conn {
        for _ in 0..8 {
            let depth = AnsiTransactionManager::transaction_manager_status_mut(c).transaction_depth();
            match depth {
                Ok(Some(_)) => {
                    let _ = AnsiTransactionManager::rollback_transaction(c);
                }
                _ => break,
            }
        }
    }
}

fn one_deed<T>(conn: &mut Conn, caller: &Caller, clock: &Clock, f: &impl Fn(&mut Ctx<'_>) -> Result<T>) -> Result<T> {
    let now = clock.now();
    let result = conn.transaction(|conn| f(&mut Ctx { conn, caller, now }));
    result.map_err(|e| super::connect::name_constraint(conn, e))
}

/// A transaction on PostgreSQL, run again with jitter while the database asks for it, then 503.
pub(super) fn run_again_when_asked<T>(
    conn: &mut Conn,
    caller: &Caller,
    clock: &Clock,
    f: &impl Fn(&mut Ctx<'_>) -> Result<T>,
) -> Result<T> {
    for attempt in 1..=TRIES {
        match one_deed(conn, caller, clock, f) {
            Err(e) if e.is_retryable() => {
                tracing::info!(attempt, error = %e, trace = %caller.trace, "the database asks to run the deed again");
                if attempt < TRIES {
                    let pause = u64::from(attempt) * 10 + u64::from(rand::random::<u8>() % 20);
                    std::thread::sleep(Duration::from_millis(pause));
                }
            }
            other => return other,
        }
    }
    Err(AppError::Busy("the same rows were wanted by too many at once".into()))
}
