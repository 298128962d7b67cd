//! What travels for lots, events and the public look-up.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::rules::{EventKind, Unit};
use crate::certification::Standing;
use crate::db::Moment;
use crate::ids::{LotId, PlaceId, ProducerId, ProductId, TraceEventId};
use crate::producers::ProducerType;
use crate::text::Label;

/// A lot to make known.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MakeLot {
    /// A product of the own producer, with a certificate in force.
    pub product_id: ProductId,
    /// The producer's own name for the lot; one per product.
    #[validate(length(min = 1, max = 60))]
    pub batch: String,
    /// Day of making.
    pub made_on: NaiveDate,
    /// Last day of use, when there is one.
    pub expires_on: Option<NaiveDate>,
    /// An exact amount with at most three decimals, as text.
    #[validate(length(min = 1, max = 14))]
    #[schema(example = "120.5")]
    pub quantity: String,
    /// Its unit.
    pub unit: Unit,
}

/// An event to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordEvent {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Moment,
    /// The unit where it happened, when it is one of the register of places.
    pub place_id: Option<PlaceId>,
    /// The place in words; public.
    #[validate(length(min = 1, max = 200))]
    pub place: String,
    /// An exact amount with at most three decimals, as text.
    #[validate(length(min = 1, max = 14))]
    #[schema(example = "40")]
    pub quantity: String,
    /// Its unit.
    pub unit: Unit,
    /// The business that did it; public, so never the name of an employee.
    #[validate(length(min = 1, max = 200))]
    pub actor: String,
    /// Remark for the own records; not public.
    #[serde(default)]
    #[validate(length(max = 1000))]
    pub note: String,
}

/// An amount and its unit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AmountView {
    /// Exact, as text.
    #[schema(example = "120.5")]
    pub quantity: String,
    /// The unit.
    pub unit: Unit,
    /// The unit in words.
    pub unit_label: Label,
}

/// A lot, for its producer and for officials.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LotView {
    /// Identifier.
    pub id: LotId,
    /// What the label carries.
    #[schema(example = "7Q2M-4H0K-XW9D")]
    pub code: String,
    /// The public page that the label leads to.
    #[schema(example = "https://ocop.example/t/7Q2M-4H0K-XW9D")]
    pub url: String,
    /// The product.
    pub product_id: ProductId,
    /// The producer's own name for the lot.
    pub batch: String,
    /// Day of making.
    pub made_on: Option<NaiveDate>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// How much it is.
    pub amount: Option<AmountView>,
    /// When it was made known.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// A lot with its events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LotDetail {
    /// The lot.
    #[serde(flatten)]
    pub lot: LotView,
    /// Its events, in the order of recording.
    pub events: Vec<EventView>,
}

/// An event, for the producer and for officials.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    /// Identifier.
    pub id: TraceEventId,
    /// What is public of it.
    #[serde(flatten)]
    pub shown: PublicEvent,
    /// Remark; not public.
    pub note: String,
    /// When it was recorded.
    pub recorded_at: Moment,
}

/// An event, for everyone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicEvent {
    /// What happened.
    pub kind: EventKind,
    /// The kind in words.
    pub label: Label,
    /// When.
    pub at: Moment,
    /// Where.
    pub place: String,
    /// How much.
    pub amount: Option<AmountView>,
    /// The business that did it.
    pub actor: String,
}

/// What a label leads to: product, producer, certificate as it stands today, events.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TraceView {
    /// The code of the lot.
    #[schema(example = "7Q2M-4H0K-XW9D")]
    pub code: String,
    /// The producer's own name for the lot.
    pub batch: String,
    /// Day of making.
    pub made_on: Option<NaiveDate>,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// How much it is.
    pub amount: Option<AmountView>,
    /// The product.
    pub product: TracedProduct,
    /// Its producer.
    pub producer: Option<TracedProducer>,
    /// The certificate under which the lot was labelled.
    pub certificate: TracedCertificate,
    /// What happened to the lot, in time.
    pub events: Vec<PublicEvent>,
    /// The day of this answer, in Việt Nam.
    pub on: NaiveDate,
}

/// The product of a lot.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TracedProduct {
    /// Identifier.
    pub id: ProductId,
    /// Name.
    pub name: String,
    /// Group of Annex I; empty while unknown.
    pub group: String,
    /// Where it is made.
    pub place: Option<String>,
}

/// The producer of a lot. Nothing personal is here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TracedProducer {
    /// Identifier.
    pub id: ProducerId,
    /// Name.
    pub name: String,
    /// Type.
    pub kind: Option<ProducerType>,
    /// The type in words.
    pub kind_label: Option<Label>,
    /// Its unit.
    pub place: Option<String>,
}

/// The certificate of a lot, as it stands today.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TracedCertificate {
    /// Number; look it up at `/v1/verify/{number}`.
    pub number: String,
    /// Stars.
    pub stars: i32,
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day.
    pub valid_through: NaiveDate,
    /// Its state today, since when and why.
    pub standing: Standing,
}

/// What a list of lots is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct LotQuery {
    /// Of this product only.
    pub product: Option<ProductId>,
    /// Rows of a page: 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
