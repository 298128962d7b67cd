//! The recorder follows behind the commits: it gives committed rows of audit and outbox consecutive
//! positions, and seals audit rows into signed blocks. One at a time: it holds the row of its lease.

use diesel::prelude::*;

use crate::actor::Caller;
use crate::audit::{self, AuditRow, Block};
use crate::db::schema::{audit as audit_table, audit_blocks, audit_leaves, instance, leases, outbox};
use crate::db::{Conn, Ctx, Db};
use crate::each;
use crate::error::Result;
use crate::ids::{OutboxId, RowId};
use crate::keys::{self, MasterKey, Purpose};

/// How many rows one run takes.
const CHUNK: i64 = 500;

/// What one run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recorded {
    /// Audit rows sealed.
    pub audit: usize,
    /// Outbox rows ordered.
    pub outbox: usize,
}

impl Recorded {
    /// Whether there may be more to do at once.
    pub fn full(self) -> bool {
        self.audit as i64 == CHUNK || self.outbox as i64 == CHUNK
    }
}

/// One run.
///
/// # Errors
/// When the database or the master key fails; nothing is half recorded.
pub fn run(db: &Db, master: &MasterKey) -> Result<Recorded> {
    let waiting = db.read_now(&Caller::system("recorder"), |cx| {
        let rows: i64 = audit_table::table.filter(audit_table::position.is_null()).count().get_result(cx.conn)?;
        let messages: i64 = outbox::table.filter(outbox::position.is_null()).count().get_result(cx.conn)?;
        Ok(rows + messages)
    })?;
    if waiting == 0 {
        return Ok(Recorded::default());
    }
    let master = master.clone();
    db.write_now(&Caller::system("recorder"), move |cx| {
        hold(cx, "recorder")?;
        Ok(Recorded { audit: seal_audit(cx, &master)?, outbox: order_outbox(cx)? })
    })
}

/// Runs until nothing waits.
///
/// # Errors
/// As [`run`].
pub fn drain(db: &Db, master: &MasterKey) -> Result<()> {
    while run(db, master)? != Recorded::default() {}
    Ok(())
}

/// One at a time: the row of the lease with this name is locked until the commit.
///
/// # Errors
/// When the database fails.
pub fn hold(cx: &mut Ctx<'_>, name: &str) -> Result<()> {
    let row = (leases::name.eq(name), leases::token.eq(RowId::new()), leases::leased_until.eq(cx.now));
    each!(&mut *cx.conn, c => diesel::insert_into(leases::table).values(row).on_conflict_do_nothing().execute(c))?;
    if let Conn::Pg(c) = cx.conn {
        leases::table.find(name).for_update().select(leases::name).first::<String>(c)?;
    }
    Ok(())
}

fn seal_audit(cx: &mut Ctx<'_>, master: &MasterKey) -> Result<usize> {
    let mut rows: Vec<AuditRow> = audit_table::table
        .filter(audit_table::position.is_null())
        .order((audit_table::at, audit_table::id))
        .limit(CHUNK)
        .select(AuditRow::as_select())
        .load(cx.conn)?;
    if rows.is_empty() {
        return Ok(0);
    }
    let head = audit::head(cx)?;
    let (number, previous, last) = match head {
        Some(b) => (b.number, b.hash, b.last_position),
        None => (0, "0".repeat(64), 0),
    };
    let mut leaves = Vec::with_capacity(rows.len());
    for (position, row) in (last + 1..).zip(rows.iter_mut()) {
        row.position = Some(position);
        diesel::update(audit_table::table.find(row.id))
            .set(audit_table::position.eq(Some(position)))
            .execute(cx.conn)?;
        leaves
            .push((audit_leaves::position.eq(position), audit_leaves::hash.eq(keys::sha256_hex(&row.sealed_bytes()))));
    }
    each!(&mut *cx.conn, c => diesel::insert_into(audit_leaves::table).values(&leaves).execute(c))?;
    let key = keys::active(cx, master, Purpose::Audit)?;
    let mut block = Block {
        number: number + 1,
        first_position: last + 1,
        last_position: last + rows.len() as i64,
        previous_hash: previous,
        root: audit::root_of(&rows),
        hash: String::new(),
        signature: String::new(),
        key_id: key.id,
        sealed_at: cx.now,
    };
    block.hash = block.expected_hash();
    block.signature = key.sign(block.hash.as_bytes());
    diesel::insert_into(audit_blocks::table).values(&block).execute(cx.conn)?;
    let head = format!("{}:{}", block.number, block.hash);
    let note = (instance::name.eq("audit_head"), instance::value.eq(&head));
    each!(&mut *cx.conn, c => diesel::insert_into(instance::table).values(note).on_conflict(instance::name)
        .do_update().set(instance::value.eq(&head)).execute(c))?;
    Ok(rows.len())
}

fn order_outbox(cx: &mut Ctx<'_>) -> Result<usize> {
    let waiting: Vec<OutboxId> = outbox::table
        .filter(outbox::position.is_null())
        .order((outbox::at, outbox::id))
        .limit(CHUNK)
        .select(outbox::id)
        .load(cx.conn)?;
    let last: Option<Option<i64>> = outbox::table
        .filter(outbox::position.is_not_null())
        .order(outbox::position.desc())
        .select(outbox::position)
        .first(cx.conn)
        .optional()?;
    let first = last.flatten().unwrap_or(0) + 1;
    for (position, id) in (first..).zip(&waiting) {
        diesel::update(outbox::table.find(id)).set(outbox::position.eq(Some(position))).execute(cx.conn)?;
    }
    Ok(waiting.len())
}
