//! What travels for complaints and for orders to evaluate again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::{ComplaintRow, OrderRow};
use super::super::rules::contest::ComplaintState;
use crate::db::Moment;
use crate::ids::{DossierId, ResultId, RowId};
use crate::web::body::{not_blank, ordinary_day};

/// A complaint about the newest result of a dossier.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FileComplaint {
    /// What speaks against the result.
    #[validate(length(min = 1, max = 8000), custom(function = "not_blank"))]
    pub grounds: String,
}

/// The answer to a complaint.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AnswerComplaint {
    /// Whether it is upheld: the dossier is then evaluated anew.
    pub upheld: bool,
    /// Whether whoever marked before keeps away from the new evaluation; yes when not said.
    #[serde(default = "yes")]
    pub other_members: bool,
    /// Why; the producer reads it.
    #[validate(length(min = 1, max = 8000), custom(function = "not_blank"))]
    pub reasons: String,
}

fn yes() -> bool {
    true
}

/// A complaint.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplaintView {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The result.
    pub result_id: ResultId,
    /// What speaks against the result.
    pub grounds: String,
    /// The day of filing.
    pub filed_on: NaiveDate,
    /// Where it stands.
    pub state: ComplaintState,
    /// The reasons of the answer.
    pub answer: Option<String>,
    /// Whether whoever marked before keeps away from the new evaluation.
    pub other_members: bool,
    /// When it was answered.
    pub answered_at: Option<Moment>,
}

impl From<ComplaintRow> for ComplaintView {
    fn from(c: ComplaintRow) -> Self {
        Self {
            id: c.id,
            dossier_id: c.dossier_id,
            result_id: c.result_id,
            grounds: c.grounds,
            filed_on: c.filed_on,
            state: c.state,
            answer: c.answer,
            other_members: c.other_members,
            answered_at: c.answered_at,
        }
    }
}

/// The complaints about a dossier: at most one for each of its results.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierComplaints {
    /// Newest first.
    pub data: Vec<ComplaintView>,
}

/// The Ministry's order to evaluate a dossier again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrderEvaluation {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Number of the conclusion of the check.
    #[validate(length(min = 1, max = 100), custom(function = "not_blank"))]
    pub conclusion_number: String,
    /// Its day.
    #[validate(custom(function = "ordinary_day"))]
    pub concluded_on: NaiveDate,
    /// What was not lawful; the producer reads it.
    #[validate(length(min = 1, max = 8000), custom(function = "not_blank"))]
    pub grounds: String,
    /// Whether whoever marked before keeps away from the new evaluation; yes when not said.
    #[serde(default = "yes")]
    pub other_members: bool,
}

/// An order to evaluate a dossier again.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationReview {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The result that was found unlawful.
    pub result_id: ResultId,
    /// Number of the conclusion of the check.
    pub conclusion_number: String,
    /// Its day.
    pub concluded_on: NaiveDate,
    /// What was not lawful.
    pub grounds: String,
    /// Whether whoever marked before keeps away from the new evaluation.
    pub other_members: bool,
    /// When it was ordered.
    pub ordered_at: Moment,
}

impl From<OrderRow> for EvaluationReview {
    fn from(o: OrderRow) -> Self {
        Self {
            id: o.id,
            dossier_id: o.dossier_id,
            result_id: o.result_id,
            conclusion_number: o.conclusion_number,
            concluded_on: o.concluded_on,
            grounds: o.grounds,
            other_members: o.other_members,
            ordered_at: o.ordered_at,
        }
    }
}

/// A page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct EvaluationReviewQuery {
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}
