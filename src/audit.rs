//! Who did what, when, before and after: a row in the deed's own transaction, without order. The
//! recorder gives the order and seals rows into signed blocks behind the commits.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::actor::Who;
use crate::db::schema::{audit, audit_blocks};
use crate::db::{Ctx, Doc, Moment};
use crate::error::Result;
use crate::ids::{AuditId, RowId, UserId};

/// What changed: names of fields, with values where the field is not private.
#[derive(Debug, Clone, Default)]
pub struct Details(Map<String, Value>);

impl Details {
    /// Nothing to add.
    pub fn none() -> Self {
        Self::default()
    }

    /// A fact about the deed.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// A field that changed.
    #[must_use]
    pub fn changed(self, name: &str, before: impl Serialize, after: impl Serialize) -> Self {
        self.with(name, serde_json::json!({ "before": before, "after": after }))
    }

    /// A field with personal data that changed: only its name is kept.
    #[must_use]
    pub fn private(self, name: &str) -> Self {
        self.with(name, "private")
    }
}

/// A row of the audit.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit)]
pub struct AuditRow {
    /// Identifier.
    pub id: AuditId,
    /// The moment of the deed.
    pub at: Moment,
    /// `user`, `system:name` or `anonymous`.
    pub actor: String,
    /// The person.
    pub actor_user: Option<UserId>,
    /// `noun.past`.
    pub deed: String,
    /// What kind of thing it was done to.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: RowId,
    /// What changed, canonical JSON.
    pub details: Doc,
    /// The request.
    pub trace: String,
    /// Its place in the order; given by the recorder.
    pub position: Option<i64>,
}

impl AuditRow {
    /// The bytes that are hashed: canonical JSON of every column.
    pub fn sealed_bytes(&self) -> Vec<u8> {
        let value = serde_json::json!({
            "id": self.id, "atMicros": self.at.micros().to_string(), "actor": self.actor, "actorUser": self.actor_user,
            "deed": self.deed, "subjectKind": self.subject_kind, "subjectId": self.subject_id,
            "details": self.details.text(), "trace": self.trace, "position": self.position,
        });
        Doc(value).text().into_bytes()
    }
}

/// A sealed run of rows.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, PartialEq)]
#[diesel(table_name = audit_blocks)]
pub struct Block {
    /// 1, 2, 3…
    pub number: i64,
    /// Position of its first row.
    pub first_position: i64,
    /// Position of its last row.
    pub last_position: i64,
    /// Hash of the block before; 64 zeros for the first.
    pub previous_hash: String,
    /// SHA-256 over the hashes of its rows, in order.
    pub root: String,
    /// SHA-256 over number, positions, previous hash and root.
    pub hash: String,
    /// Ed25519 signature of the hash.
    pub signature: String,
    /// The key that signed.
    pub key_id: RowId,
    /// When.
    pub sealed_at: Moment,
}

impl Block {
    /// The hash that the block should have.
    pub fn expected_hash(&self) -> String {
        crate::keys::sha256_hex(
            format!(
                "{}|{}|{}|{}|{}",
                self.number, self.first_position, self.last_position, self.previous_hash, self.root
            )
            .as_bytes(),
        )
    }
}

/// The root of a run of rows.
pub fn root_of(rows: &[AuditRow]) -> String {
    let leaves: String = rows.iter().map(|r| crate::keys::sha256_hex(&r.sealed_bytes())).collect();
    crate::keys::sha256_hex(leaves.as_bytes())
}

/// Writes the row of a deed, in the deed's transaction.
///
/// # Errors
/// When the database fails.
pub fn record(
    cx: &mut Ctx<'_>,
    deed: &str,
    subject_kind: &str,
    subject: impl Into<Uuid>,
    details: Details,
) -> Result<()> {
    let (actor, actor_user) = match cx.actor().who {
        Who::Anonymous => ("anonymous".to_owned(), None),
        Who::User { user, .. } => ("user".to_owned(), Some(user)),
        Who::System(name) => (format!("system:{name}"), None),
    };
    let row = AuditRow {
        id: AuditId::new(),
        at: cx.now,
        actor,
        actor_user,
        deed: deed.to_owned(),
        subject_kind: subject_kind.to_owned(),
        subject_id: RowId(subject.into()),
        details: Doc(Value::Object(details.0)),
        trace: cx.caller.trace.clone(),
        position: None,
    };
    diesel::insert_into(audit::table).values(&row).execute(cx.conn)?;
    Ok(())
}

/// The newest block: public at `/v1/audit/head`.
///
/// # Errors
/// When the database fails.
pub fn head(cx: &mut Ctx<'_>) -> Result<Option<Block>> {
    Ok(audit_blocks::table.order(audit_blocks::number.desc()).select(Block::as_select()).first(cx.conn).optional()?)
}

/// The history of one thing: its sealed and unsealed rows, oldest first.
///
/// # Errors
/// When the database fails.
pub fn of_subject(cx: &mut Ctx<'_>, subject: impl Into<Uuid>) -> Result<Vec<AuditRow>> {
    Ok(audit::table
        .filter(audit::subject_id.eq(RowId(subject.into())))
        .order((audit::at, audit::id))
        .select(AuditRow::as_select())
        .load(cx.conn)?)
}

/// What a page of the audit is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// The thing it was done to.
    pub subject: Option<Uuid>,
    /// The deed.
    pub deed: Option<String>,
}

/// A page of the audit after a position, for auditors: rows that the recorder has put in order.
///
/// # Errors
/// When the database fails.
pub fn page(cx: &mut Ctx<'_>, after: i64, narrow: &Narrow, limit: i64) -> Result<Vec<AuditRow>> {
    let mut query = audit::table.filter(audit::position.gt(after)).into_boxed();
    if let Some(subject) = narrow.subject {
        query = query.filter(audit::subject_id.eq(RowId(subject)));
    }
    if let Some(deed) = &narrow.deed {
        query = query.filter(audit::deed.eq(deed.clone()));
    }
    Ok(query.order(audit::position).limit(limit).select(AuditRow::as_select()).load(cx.conn)?)
}

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The block concerned, when it is one.
    pub block: Option<i64>,
    /// The position concerned, when it is one.
    pub position: Option<i64>,
    /// What is wrong.
    pub what: String,
}

/// What `verify-audit` found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verdict {
    /// Blocks read.
    pub blocks: i64,
    /// Sealed rows read.
    pub rows: i64,
    /// Rows without a position that are older than a minute.
    pub unsealed_old: i64,
    /// The hash of the last block.
    pub head: Option<String>,
    /// What is not as it was sealed.
    pub faults: Vec<Fault>,
}

/// Checks rows against blocks, blocks against each other, signatures, missing positions, and rows
/// that wait for more than a minute.
///
/// # Errors
/// When the database fails.
pub fn verify(cx: &mut Ctx<'_>) -> Result<Verdict> {
    let keys = crate::keys::public(cx)?;
    let mut verdict = Verdict::default();
    let mut previous = "0".repeat(64);
    let (mut number, mut last) = (0_i64, 0_i64);
    loop {
        let blocks: Vec<Block> = audit_blocks::table
            .filter(audit_blocks::number.gt(number))
            .order(audit_blocks::number)
            .limit(500)
            .select(Block::as_select())
            .load(cx.conn)?;
        if blocks.is_empty() {
            break;
        }
        for block in blocks {
            verify_block(cx, &block, &previous, number, last, &keys, &mut verdict)?;
            previous.clone_from(&block.hash);
            (number, last) = (block.number, block.last_position);
        }
    }
    let beyond: i64 = audit::table.filter(audit::position.gt(last)).count().get_result(cx.conn)?;
    if beyond > 0 {
        verdict.faults.push(Fault {
            block: None,
            position: Some(last + 1),
            what: format!("{beyond} rows have a position but no block: the tail of the blocks was removed"),
        });
    }
    let minute_ago = cx.now.plus_seconds(-60);
    verdict.unsealed_old =
        audit::table.filter(audit::position.is_null()).filter(audit::at.lt(minute_ago)).count().get_result(cx.conn)?;
    if verdict.unsealed_old > 0 {
        verdict.faults.push(Fault {
            block: None,
            position: None,
            what: format!("{} rows wait for the recorder for more than a minute", verdict.unsealed_old),
        });
    }
    let expected: Option<String> = anchor(cx)?;
    if let Some(expected) = expected
        && expected != format!("{number}:{previous}")
    {
        verdict.faults.push(Fault {
            block: Some(number),
            position: None,
            what: "the last block is not the one the recorder sealed last: the tail was removed".into(),
        });
    }
    verdict.head = (number > 0).then_some(previous);
    Ok(verdict)
}

/// The recorder's own note of the last block, kept apart from the blocks.
fn anchor(cx: &mut Ctx<'_>) -> Result<Option<String>> {
    use crate::db::schema::instance;
    Ok(instance::table.find("audit_head").select(instance::value).first(cx.conn).optional()?)
}

fn verify_block(
    cx: &mut Ctx<'_>,
    block: &Block,
    previous: &str,
    number: i64,
    last: i64,
    keys: &[crate::keys::PublicKey],
    verdict: &mut Verdict,
) -> Result<()> {
    let mut fault = |position: Option<i64>, what: String| {
        verdict.faults.push(Fault { block: Some(block.number), position, what });
    };
    if block.number != number + 1 {
        fault(None, format!("block {} is missing", number + 1));
    }
    if block.previous_hash != previous {
        fault(None, "does not follow from the block before".into());
    }
    if block.first_position != last + 1 {
        fault(Some(last + 1), "positions between this block and the one before are missing".into());
    }
    if block.hash != block.expected_hash() {
        fault(None, "the hash of the block does not fit its content".into());
    }
    let signed =
        keys.iter().find(|k| k.id == block.key_id).is_some_and(|k| k.verifies(block.hash.as_bytes(), &block.signature));
    if !signed {
        fault(None, "the signature of the block does not verify".into());
    }
    let rows: Vec<AuditRow> = audit::table
        .filter(audit::position.between(block.first_position, block.last_position))
        .order(audit::position)
        .select(AuditRow::as_select())
        .load(cx.conn)?;
    let mut expected = block.first_position;
    for row in &rows {
        let position = row.position.unwrap_or_default();
        while expected < position {
            fault(Some(expected), "the row is missing".into());
            expected += 1;
        }
        expected = position + 1;
    }
    while expected <= block.last_position {
        fault(Some(expected), "the row is missing".into());
        expected += 1;
    }
    if root_of(&rows) != block.root && rows.len() as i64 == block.last_position - block.first_position + 1 {
        let leaves = stored_leaves(cx, block)?;
        let before = verdict.faults.len();
        for (row, leaf) in rows.iter().zip(leaves.iter().map(String::as_str).chain(std::iter::repeat(""))) {
            if crate::keys::sha256_hex(&row.sealed_bytes()) != leaf {
                verdict.faults.push(Fault {
                    block: Some(block.number),
                    position: row.position,
                    what: "the row is not as it was sealed".into(),
                });
            }
        }
        if verdict.faults.len() == before {
            let what = "its rows, and the hashes kept of them, are not those that were sealed".into();
            verdict.faults.push(Fault { block: Some(block.number), position: None, what });
        }
    }
    verdict.blocks += 1;
    verdict.rows += rows.len() as i64;
    Ok(())
}

/// The hashes of the rows of a block as they were sealed.
fn stored_leaves(cx: &mut Ctx<'_>, block: &Block) -> Result<Vec<String>> {
    use crate::db::schema::audit_leaves;
    Ok(audit_leaves::table
        .filter(audit_leaves::position.between(block.first_position, block.last_position))
        .order(audit_leaves::position)
        .select(audit_leaves::hash)
        .load(cx.conn)?)
}
