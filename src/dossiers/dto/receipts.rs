//! Numbers of receipts on the wire.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::receipts::Receipt;
use crate::db::Moment;
use crate::ids::{DossierId, PlaceId, RowId};
use crate::numbers::NumberState;
use crate::web::body::not_blank;

/// Where a number is kept.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReserveReceipt {
    /// The commune.
    pub place: PlaceId,
}

/// Why a number is not used.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VoidReceipt {
    /// Why.
    #[validate(length(min = 1, max = 2000), custom(function = not_blank))]
    pub reason: String,
}

/// Which numbers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ReceiptNumberQuery {
    /// Of which year; this one when not given.
    pub year: Option<i32>,
}

/// A number and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptNumberView {
    /// Identifier.
    pub id: RowId,
    /// The commune.
    pub place: PlaceId,
    /// The running number: what `submit` takes as `receipt`.
    pub number: i64,
    /// As it is written on the paper.
    #[schema(example = "12-X/PĐK-86-29242-2026")]
    pub written: String,
    /// Given, kept, or void.
    pub state: NumberState,
    /// The dossier that it was given to.
    pub dossier: Option<DossierId>,
    /// Why it is void.
    pub reason: Option<String>,
    /// When it was drawn.
    pub at: Moment,
}

impl From<Receipt> for ReceiptNumberView {
    fn from(receipt: Receipt) -> Self {
        let Receipt { number, place, written } = receipt;
        Self {
            id: number.id,
            place,
            number: number.number,
            written,
            state: number.state,
            dossier: number.subject.map(|id| DossierId(id.0)),
            reason: number.reason,
            at: number.at,
        }
    }
}

/// The numbers of a year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptNumberList {
    /// In order.
    pub data: Vec<ReceiptNumberView>,
}
