//! The least the database could do: the same rows read and written without a service around them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use ocop::audit::AuditRow;
use ocop::certification::{Certificate, Recognition};
use ocop::db::schema::{audit, certificates, idempotency, outbox, producers, products, recognitions};
use ocop::db::{Conn, Doc, open};
use ocop::ids::{AuditId, OutboxId, PlaceId, ProducerId, RowId};
use ocop::outbox::{OutboxRow, Topic};
use ocop::producers::{Producer, ProducerType};
use ocop::products::Product;
use ocop::text::{fold, sort_key};

use crate::service::Engine;
use crate::stock::Stocked;

/// Which read.
#[derive(Clone, Copy)]
pub enum Query {
    /// Twenty products with their newest recognition, by name.
    Page,
    /// A product with its recognitions.
    Product,
    /// A certificate by its number.
    Verify,
}

/// Reads per second on two connections.
pub fn rate(engine: &Engine, query: Query, stocked: &Stocked, window: Duration) -> f64 {
    let n = AtomicUsize::new(0);
    run(engine, 2, window, |conn| read(conn, query, stocked, n.fetch_add(7, Ordering::Relaxed)))
}

fn read(conn: &mut Conn, query: Query, stocked: &Stocked, n: usize) {
    match query {
        Query::Page => {
            let rows: Vec<(Product, Option<Recognition>)> = products::table
                .left_join(
                    recognitions::table
                        .on(recognitions::product_id.eq(products::id).and(recognitions::newest.eq(true))),
                )
                .filter(products::merged_into.is_null())
                .order((products::name_sort, products::id))
                .limit(21)
                .select((Product::as_select(), Option::<Recognition>::as_select()))
                .load(conn)
                .unwrap();
            assert!(!rows.is_empty());
        }
        Query::Product => {
            let id = stocked.products[n % stocked.products.len()];
            let rows: Vec<(Product, Option<Recognition>)> = products::table
                .left_join(recognitions::table.on(recognitions::product_id.eq(products::id)))
                .filter(products::id.eq(id))
                .select((Product::as_select(), Option::<Recognition>::as_select()))
                .load(conn)
                .unwrap();
            assert_eq!(rows.len(), 1);
        }
        Query::Verify => {
            let number = &stocked.numbers[n % stocked.numbers.len()];
            let row: Certificate = certificates::table
                .filter(certificates::number.eq(number))
                .select(Certificate::as_select())
                .first(conn)
                .unwrap();
            assert_eq!(row.number, *number);
        }
    }
}

/// Deeds per second, each in a commit of its own: producer, audit, message and retry key. Eight
/// connections on PostgreSQL, the one that may write on SQLite.
pub fn writes(engine: &Engine, place: PlaceId, window: Duration) -> f64 {
    let connections = if engine.name() == "SQLite" { 1 } else { 8 };
    run(engine, connections, window, |conn| write(conn, place))
}

fn write(conn: &mut Conn, place: PlaceId) {
    let (id, at, name) = (ProducerId::new(), ocop::db::Clock::real().now(), "Hợp tác xã số 1");
    let producer = Producer {
        id,
        name: name.to_owned(),
        folded: fold(name),
        name_sort: sort_key(name),
        kind: Some(ProducerType::Cooperative),
        tax_code: None,
        registration_number: None,
        place_id: Some(place),
        address: "Ấp 1".to_owned(),
        founded_on: None,
        craft_village_id: None,
        import_key: None,
        merged_into: None,
        created_at: at,
        version: 1,
    };
    let details = serde_json::json!({ "place": place, "type": "cooperative" });
    let told = OutboxRow {
        id: OutboxId::new(),
        at,
        topic: Topic::Producer,
        subject_id: RowId(id.0),
        body: Doc(details.clone()),
        position: None,
    };
    let written = AuditRow {
        id: AuditId::new(),
        at,
        actor: "system:bench".to_owned(),
        actor_user: None,
        deed: "producer.registered".to_owned(),
        subject_kind: "producer".to_owned(),
        subject_id: RowId(id.0),
        details: Doc(details),
        trace: String::new(),
        position: None,
    };
    let begin = if matches!(conn, Conn::Pg(_)) { "begin" } else { "begin immediate" };
    conn.batch_execute(begin).unwrap();
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::scope.eq("bench"),
            idempotency::key.eq(id.0.to_string()),
            idempotency::fingerprint.eq("POST /v1/producers"),
            idempotency::status.eq(201),
            idempotency::subject_id.eq(RowId(id.0)),
            idempotency::at.eq(at),
        ))
        .execute(conn)
        .unwrap();
    diesel::insert_into(producers::table).values(&producer).execute(conn).unwrap();
    diesel::insert_into(audit::table).values(&written).execute(conn).unwrap();
    diesel::insert_into(outbox::table).values(&told).execute(conn).unwrap();
    conn.batch_execute("commit").unwrap();
}

/// Pieces of work per second on so many connections.
pub fn run(engine: &Engine, connections: usize, window: Duration, work: impl Fn(&mut Conn) + Sync) -> f64 {
    let (stop, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut open_all: Vec<Conn> = (0..connections).map(|_| open(&engine.url).unwrap()).collect();
    let begun = Instant::now();
    std::thread::scope(|threads| {
        for conn in &mut open_all {
            let (stop, done, work) = (&stop, &done, &work);
            threads.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    work(conn);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(window);
        stop.store(true, Ordering::Relaxed);
    });
    done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}
