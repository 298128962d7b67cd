//! Requests for completion on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::super::rules::{CorrectionAbout, CorrectionReason, CorrectionState, Difference, Party};
use super::ClockView;
use crate::db::Moment;
use crate::ids::{CorrectionId, CorrectionItemId, DocumentId, UserId};
use crate::text::Label;
use crate::web::body::not_blank;

/// Something to complete.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCorrectionItem {
    /// What is wrong.
    pub reason: CorrectionReason,
    /// With what.
    pub about: CorrectionAbout,
    /// With which one: name of a field of the form, code of a criterion, type of a paper; empty for
    /// something else.
    #[serde(default)]
    #[validate(length(max = 100))]
    pub name: String,
    /// The paper of this dossier that is meant.
    pub document: Option<DocumentId>,
    /// What to do; the producer reads it.
    #[validate(length(min = 1, max = 2000), custom(function = not_blank))]
    pub words: String,
}

/// What the office thinks of the answer to one item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettledItem {
    /// Which item.
    pub item: CorrectionItemId,
    /// Accepted, or still open.
    pub accepted: bool,
    /// Why; the producer reads it.
    #[validate(length(max = 2000))]
    pub note: Option<String>,
}

/// The answer to one item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnsweredItem {
    /// Which item.
    pub item: CorrectionItemId,
    /// What was done, or why not.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    pub answer: String,
}

/// Answers to items of the request that waits.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerCorrections {
    /// Item by item; those not named stay as they are.
    #[validate(length(min = 1, max = 100), nested)]
    pub answers: Vec<AnsweredItem>,
}

/// What the office thinks of answers.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettleCorrections {
    /// Item by item; those not named stay as they are.
    #[validate(length(min = 1, max = 100), nested)]
    pub settled: Vec<SettledItem>,
}

/// How a request stands, in numbers.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionCounts {
    /// The request.
    pub id: CorrectionId,
    /// Its items.
    pub items: usize,
    /// Those that wait for an answer.
    pub unanswered: usize,
    /// Those answered that the office has not looked at.
    pub unsettled: usize,
    /// Last day to answer.
    pub due_on: Option<NaiveDate>,
    /// Whether that day has passed without the dossier coming back.
    pub late: bool,
}

/// One item of a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionItemView {
    /// Identifier.
    pub id: CorrectionItemId,
    /// What is wrong.
    pub reason: CorrectionReason,
    /// In both languages.
    pub reason_label: Label,
    /// With what.
    pub about: CorrectionAbout,
    /// With which one.
    pub name: String,
    /// The paper of the dossier that is meant.
    pub document: Option<DocumentId>,
    /// What to do.
    pub words: String,
    /// Where it stands.
    pub state: CorrectionState,
    /// What was answered.
    pub answer: Option<String>,
    /// By whom.
    pub answered_by: Option<Party>,
    /// The person.
    pub answered_by_user: Option<UserId>,
    /// When.
    pub answered_at: Option<Moment>,
    /// What the office said when settling it.
    pub note: Option<String>,
    /// When.
    pub settled_at: Option<Moment>,
    /// The item of an earlier request that it asks for again.
    pub again_of: Option<CorrectionItemId>,
    /// What was changed about it since it was asked for.
    pub changes: Vec<Difference>,
}

/// A request for completion.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionView {
    /// Identifier.
    pub id: CorrectionId,
    /// 1, 2, 3…
    pub ordinal: i32,
    /// Who asked.
    pub party: Party,
    /// The person.
    pub asked_by: Option<UserId>,
    /// When.
    pub asked_at: Moment,
    /// Why.
    pub reason: String,
    /// Last day to answer; null for a request in words only.
    pub due_on: Option<NaiveDate>,
    /// Whether that day passed before the dossier came back.
    pub late: bool,
    /// When the dossier came back.
    pub sent_back_at: Option<Moment>,
    /// Item by item.
    pub items: Vec<CorrectionItemView>,
    /// Everything that was changed since, whatever it touches.
    pub changes: Vec<Difference>,
}

/// The requests for completion of a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectionsView {
    /// The newest first.
    pub data: Vec<CorrectionView>,
    /// The legal clocks, each with the plain deadline and the one with pauses.
    pub clocks: Vec<ClockView>,
}
