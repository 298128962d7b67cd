//! The end of a product's making on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::db::Moment;
use crate::ids::{DossierId, MandateId, ProductId, UserId};
use crate::web::body::{not_blank, ordinary_day};

/// The commune's confirmation that a product is made no more.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmProductionEnd {
    /// Last day of production.
    #[validate(custom(function = ordinary_day))]
    pub ended_on: NaiveDate,
    /// Number of the commune's paper.
    #[validate(length(min = 1, max = 100), custom(function = not_blank))]
    pub number: String,
    /// Its date.
    #[validate(custom(function = ordinary_day))]
    pub issued_on: NaiveDate,
    /// Why; the producer reads it.
    #[validate(length(min = 1, max = 2000), custom(function = not_blank))]
    pub reason: String,
}

/// What was confirmed.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductionEndView {
    /// The product.
    pub product: ProductId,
    /// Last day of production.
    pub ended_on: NaiveDate,
    /// Number of the commune's paper.
    pub number: String,
    /// Its date.
    pub issued_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// The officer.
    pub confirmed_by: Option<UserId>,
    /// When.
    pub confirmed_at: Moment,
    /// The dossiers that it stopped.
    pub dossiers: Vec<DossierId>,
    /// When it was annulled as a mistake.
    pub annulled_at: Option<Moment>,
    /// Why.
    pub annulled_why: Option<String>,
}

/// Why a confirmation was a mistake.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnulProductionEnd {
    /// Why; the producer reads it.
    #[validate(length(min = 1, max = 2000), custom(function = not_blank))]
    pub reason: String,
}

/// Somebody who acted for the producer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BehalfView {
    /// Who.
    pub user: UserId,
    /// His or her name.
    pub user_name: String,
    /// By which mandate.
    pub mandate: MandateId,
    /// The number it bears.
    pub number: String,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day.
    pub valid_to: NaiveDate,
    /// When first.
    pub since: Moment,
}
