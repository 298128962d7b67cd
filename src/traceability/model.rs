//! Rows of lots and their events.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::{EventKind, Unit};
use crate::db::Moment;
use crate::db::schema::{lots, trace_events};
use crate::ids::{CertificateId, LotId, PlaceId, ProductId, TraceEventId, UserId};

crate::stored_words!(EventKind, Unit);

/// A lot of a certified product.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = lots)]
pub struct Lot {
    /// Identifier.
    pub id: LotId,
    /// The product.
    pub product_id: ProductId,
    /// The certificate that was in force when the lot was made known.
    pub certificate_id: CertificateId,
    /// What the label carries; has a random part.
    pub code: String,
    /// The producer's own name for it.
    pub batch: String,
    /// Day of making.
    pub made_on: Option<NaiveDate>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// Thousandths of the unit.
    pub quantity: Option<i64>,
    /// The unit.
    pub unit: Option<Unit>,
    /// Who made it known.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// Row version; rises with each event.
    pub version: i32,
}

/// What happened to a lot.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = trace_events)]
pub struct TraceEvent {
    /// The lot.
    pub lot_id: LotId,
    /// Its place in the order of recording, from 1.
    pub ordinal: i32,
    /// Identifier.
    pub id: TraceEventId,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Moment,
    /// The unit where it happened, when it was named.
    pub place_id: Option<PlaceId>,
    /// The place in words.
    pub place_text: String,
    /// Thousandths of the unit.
    pub quantity: Option<i64>,
    /// The unit.
    pub unit: Option<Unit>,
    /// The business that did it.
    pub actor_name: String,
    /// Remark, not public.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When it was recorded.
    pub recorded_at: Moment,
}
