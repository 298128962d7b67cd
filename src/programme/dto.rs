//! What travels for plans.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::rules::{Line, Plan};
use crate::ids::{PlaceId, PlanId, ProducerId, ProductId};
use crate::producers::ProducerType;
use crate::text::Label;

/// A plan in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// Identifier.
    pub id: PlanId,
    /// The stable word that may stand in its place in a path.
    #[schema(example = "2207-2022")]
    pub code: String,
    /// Number of the decision.
    pub number: String,
    /// What it is called.
    pub label: Label,
    /// The unit that it is for, on the day of the decision.
    pub place_id: Option<PlaceId>,
    /// First day of its period.
    pub from: NaiveDate,
    /// Last day of its period.
    pub to: NaiveDate,
}

/// A plan with its indicators.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanDetail {
    /// Identifier.
    pub id: PlanId,
    /// The unit that it is for.
    pub place_id: Option<PlaceId>,
    /// The whole record.
    pub plan: Plan,
    /// How far it is reached today.
    pub progress: String,
}

/// How far a plan is reached on a day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressView {
    /// The plan.
    pub id: PlanId,
    /// Its stable word.
    pub code: String,
    /// The day.
    pub on: NaiveDate,
    /// Every indicator, in the order of the plan.
    pub indicators: Vec<ProgressLine>,
}

/// One indicator and where the rows behind it are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressLine {
    /// The indicator and its value.
    #[serde(flatten)]
    pub line: Line,
    /// The rows behind the value; nothing while it is unknown.
    #[schema(example = "/v1/plans/2207-2022/rows?indicator=c1&on=2024-04-05")]
    pub rows: Option<String>,
}

/// One thing that an indicator counts: a product, or a producer of a share.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgressRow {
    /// Whether it is in the numerator.
    pub counts: bool,
    /// The product; for a share, nothing.
    pub product_id: Option<ProductId>,
    /// Its name.
    pub product_name: Option<String>,
    /// Its star, the highest that is valid.
    pub stars: Option<i32>,
    /// The day of that recognition.
    pub recognised_on: Option<NaiveDate>,
    /// Its last day.
    pub valid_through: Option<NaiveDate>,
    /// The producer.
    pub producer_id: Option<ProducerId>,
    /// Its name.
    pub producer_name: Option<String>,
    /// Its type.
    pub producer_kind: Option<ProducerType>,
    /// Sorts the rows.
    #[serde(skip)]
    pub sort: (String, uuid::Uuid),
}

/// The day of a progress.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ProgressQuery {
    /// The day, in Việt Nam; today when not said.
    #[param(example = "2024-04-05")]
    pub on: Option<NaiveDate>,
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RowsQuery {
    /// The word of an indicator.
    #[param(example = "a")]
    pub indicator: String,
    /// The day, in Việt Nam; today when not said.
    #[param(example = "2024-04-05")]
    pub on: Option<NaiveDate>,
    /// Rows of a page: 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
