//! Two deeds at once, seen to be: on PostgreSQL a row is held until both wait for it, then let go;
//! when the deeds no longer wait for that row the scene fails. On the embedded database the writer
//! does one after the other, and the scene looks at the outcome alone.

use std::future::Future;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use ocop::config::DatabaseUrl;
use ocop::db::open;

use super::World;

/// A row that is held by another connection.
pub struct Gate {
    release: Sender<()>,
    holder: std::thread::JoinHandle<()>,
    /// What the statements that must wait look like.
    waiting: String,
}

/// Holds one row; deeds must wait at `for update`.
pub fn hold_row(world: &World, table: &str, id: &str) -> Option<Gate> {
    hold(world, format!("select 1 from {table} where id = '{id}' for update"), format!("%\"{table}\"%for update%"))
}

/// Holds every counter; deeds must wait for their number.
pub fn hold_counters(world: &World) -> Option<Gate> {
    hold(world, "select 1 from counters for update".to_owned(), "%\"counters\"%".to_owned())
}

fn hold(world: &World, sql: String, waiting: String) -> Option<Gate> {
    let url = world.db().url().clone();
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        return None;
    }
    let (release, released) = channel::<()>();
    let (held, is_held) = channel::<()>();
    let holder = std::thread::spawn(move || {
        let mut conn = open(&url).unwrap();
        conn.batch_execute("begin").unwrap();
        conn.batch_execute(&sql).unwrap();
        held.send(()).unwrap();
        let _ = released.recv_timeout(Duration::from_secs(30));
        conn.batch_execute("commit").unwrap();
    });
    is_held.recv().unwrap();
    Some(Gate { release, holder, waiting })
}

/// Starts the deeds, waits until so many of them stand at the gate, and opens it.
pub async fn release_when_waiting<T>(world: &World, gate: Option<Gate>, deeds: i64, both: impl Future<Output = T>) -> T {
    let Some(gate) = gate else { return both.await };
    let watch = async {
        let mut seen = 0;
        for _ in 0..400 {
            seen = at_gate(world, &gate.waiting);
            if seen >= deeds {
                break;
            }
            actix_web::rt::time::sleep(Duration::from_millis(10)).await;
        }
        gate.release.send(()).unwrap();
        seen
    };
    let (answer, seen) = futures_util::join!(both, watch);
    gate.holder.join().unwrap();
    assert!(seen >= deeds, "only {seen} of {deeds} deeds waited for the row: who holds it?");
    answer
}

fn at_gate(world: &World, pattern: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let mut conn = open(world.db().url()).unwrap();
    let count: Count = sql_query(
        "select count(*) as n from pg_stat_activity \
         where datname = current_database() and wait_event_type = 'Lock' and query ilike $1",
    )
    .bind::<diesel::sql_types::Text, _>(pattern)
    .get_result(&mut conn)
    .unwrap();
    count.n
}
