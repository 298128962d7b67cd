//! What travels for inspections.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::rules::{InspectionFinding, InspectionKind, InspectionOutcome, InspectionState};
use crate::db::Moment;
use crate::ids::{InspectionId, PlaceId, ProducerId, ProductId};
use crate::text::Label;
use crate::web::body::broken;

/// An inspection to plan.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PlanInspection {
    /// A product in the territory.
    pub product_id: ProductId,
    /// Why it is made.
    pub kind: InspectionKind,
    /// The day it is planned for.
    pub planned_on: NaiveDate,
    /// The body that inspects.
    #[validate(length(min = 1, max = 200))]
    pub body: String,
}

/// What was found.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordFindings {
    /// The day of the inspection.
    pub inspected_on: NaiveDate,
    /// Everything that was looked at; replaces what was recorded before.
    #[validate(length(min = 1, max = 200), custom(function = "short_texts"))]
    pub findings: Vec<InspectionFinding>,
}

fn short_texts(findings: &[InspectionFinding]) -> Result<(), ValidationError> {
    let fits = |s: &str, most: usize| (1..=most).contains(&s.trim().chars().count());
    match findings.iter().all(|f| fits(&f.criterion, 200) && fits(&f.finding, 2000)) {
        true => Ok(()),
        false => Err(broken(
            "length",
            "Tiêu chí dài 1 đến 200 ký tự, nội dung 1 đến 2000.",
            "A criterion has 1 to 200 characters, a finding 1 to 2000.",
        )),
    }
}

/// The conclusion of an inspection.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ConcludeInspection {
    /// What it comes to.
    pub outcome: InspectionOutcome,
    /// The conclusion in words.
    #[validate(length(min = 1, max = 5000))]
    pub text: String,
    /// Its number.
    #[validate(length(min = 1, max = 60))]
    #[schema(example = "12/KL-SNNMT")]
    pub number: String,
    /// Its date.
    pub concluded_on: NaiveDate,
    /// The body that concludes; the one that inspected when not said.
    #[validate(length(min = 1, max = 200))]
    pub body: Option<String>,
}

/// An inspection.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InspectionView {
    /// Identifier; names the conclusion as evidence of a revocation.
    pub id: InspectionId,
    /// The product.
    pub product_id: ProductId,
    /// Its producer then.
    pub producer_id: Option<ProducerId>,
    /// Its unit then.
    pub place_id: Option<PlaceId>,
    /// Why it is made.
    pub kind: InspectionKind,
    /// Where it stands.
    pub state: InspectionState,
    /// The state in words.
    pub state_label: Label,
    /// The day it is planned for.
    pub planned_on: NaiveDate,
    /// The day it was made.
    pub inspected_on: Option<NaiveDate>,
    /// The body that inspects and concludes.
    pub body: String,
    /// What was found.
    pub findings: Vec<InspectionFinding>,
    /// What was concluded.
    pub conclusion: Option<ConclusionView>,
    /// When it was planned here.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// A dated conclusion.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConclusionView {
    /// What it comes to.
    pub outcome: InspectionOutcome,
    /// The outcome in words.
    pub outcome_label: Label,
    /// The conclusion in words.
    pub text: String,
    /// Its number.
    pub number: String,
    /// Its date.
    pub concluded_on: NaiveDate,
}

/// What a list of inspections is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct InspectionQuery {
    /// Of this product only.
    pub product: Option<ProductId>,
    /// In this state only.
    pub state: Option<InspectionState>,
    /// Rows of a page: 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
