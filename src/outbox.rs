//! What the outside world must learn: a row in the deed's own transaction, without order. Every
//! feed reads `position > cursor` and nothing else.

use diesel::prelude::*;
use serde::Serialize;
use uuid::Uuid;

use crate::db::schema::outbox;
use crate::db::{Ctx, Doc, Moment};
use crate::error::Result;
use crate::ids::{OutboxId, RowId};

crate::words! {
    /// What a message is about.
    pub enum Topic {
        /// A product was recognised, or its recognition changed.
        Recognition = "recognition",
        /// A certificate ended before its time.
        Revocation = "revocation",
        /// A product of the register changed.
        Product = "product",
        /// A producer of the register changed.
        Producer = "producer",
        /// A decision was published.
        Decision = "decision",
        /// A dossier moved.
        Dossier = "dossier",
        /// A paper of a producer's library.
        Evidence = "evidence",
        /// A lot or one of its events.
        Lot = "lot",
        /// What the holder of a certificate is reminded of.
        Reminder = "reminder",
        /// An inspection.
        Inspection = "inspection",
        /// An account or a registration.
        Account = "account",
        /// Reference data: places, rulebooks, calendars, plans.
        Reference = "reference",
    }
}
crate::stored_words!(Topic);

impl Topic {
    /// The topics on which the public catalogue depends.
    pub const CATALOGUE: &'static [Self] =
        &[Self::Recognition, Self::Revocation, Self::Product, Self::Producer, Self::Decision, Self::Reference];
}

/// A message.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox)]
pub struct OutboxRow {
    /// Identifier.
    pub id: OutboxId,
    /// The moment of the deed.
    pub at: Moment,
    /// What it is about.
    pub topic: Topic,
    /// Which one.
    pub subject_id: RowId,
    /// What happened; no personal data.
    pub body: Doc,
    /// Its place in the order; given by the recorder.
    pub position: Option<i64>,
}

/// Tells the outside world, in the deed's transaction.
///
/// # Errors
/// When the database fails.
pub fn tell(cx: &mut Ctx<'_>, topic: Topic, subject: impl Into<Uuid>, body: impl Serialize) -> Result<()> {
    let row = OutboxRow {
        id: OutboxId::new(),
        at: cx.now,
        topic,
        subject_id: RowId(subject.into()),
        body: Doc::of(&body),
        position: None,
    };
    diesel::insert_into(outbox::table).values(&row).execute(cx.conn)?;
    Ok(())
}

/// The messages after a position, in order.
///
/// # Errors
/// When the database fails.
pub fn after(cx: &mut Ctx<'_>, position: i64, limit: i64) -> Result<Vec<OutboxRow>> {
    Ok(outbox::table
        .filter(outbox::position.gt(position))
        .order(outbox::position)
        .limit(limit)
        .select(OutboxRow::as_select())
        .load(cx.conn)?)
}

/// The highest position, 0 before the first message.
///
/// # Errors
/// When the database fails.
pub fn newest(cx: &mut Ctx<'_>) -> Result<i64> {
    let last: Option<Option<i64>> = outbox::table
        .filter(outbox::position.is_not_null())
        .order(outbox::position.desc())
        .select(outbox::position)
        .first(cx.conn)
        .optional()?;
    Ok(last.flatten().unwrap_or(0))
}

/// The revision of the catalogue: the highest position on its topics, 0 before the first.
///
/// # Errors
/// When the database fails.
pub fn catalogue_revision(cx: &mut Ctx<'_>) -> Result<i64> {
    let mut newest = 0;
    for topic in Topic::CATALOGUE {
        let last: Option<Option<i64>> = outbox::table
            .filter(outbox::topic.eq(topic))
            .filter(outbox::position.is_not_null())
            .order(outbox::position.desc())
            .select(outbox::position)
            .first(cx.conn)
            .optional()?;
        newest = newest.max(last.flatten().unwrap_or(0));
    }
    Ok(newest)
}
