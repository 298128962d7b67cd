//! Samples on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::db::Moment;
use crate::dossiers::rules::{Desk, SampleCondition, SampleDeed, SamplesHeld};
use crate::ids::{HandoverId, RowId, UserId};

/// What an office tells of samples at its desk.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSamplesInput {
    /// `received` or `used`; what is handed over stands in the letter.
    pub deed: SampleDeed,
    /// How many.
    #[validate(range(min = 1, max = 1000))]
    pub count: i32,
    /// When.
    pub on: NaiveDate,
    /// Of what was received.
    pub condition: Option<SampleCondition>,
    /// With whom: who brought, tasted or tested them.
    #[validate(length(min = 1, max = 300))]
    pub person: String,
    /// Remark.
    #[serde(default)]
    #[validate(length(max = 2000))]
    pub note: String,
}

/// Samples that came with a letter, as they were counted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountedSamplesInput {
    /// How many.
    #[validate(range(max = 1000))]
    pub count: u16,
    /// In which condition.
    pub condition: SampleCondition,
    /// Who counted them.
    #[validate(length(min = 1, max = 300))]
    pub person: String,
    /// Remark.
    #[serde(default)]
    #[validate(length(max = 2000))]
    pub note: String,
}

/// What happened to samples.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SampleView {
    /// Identifier.
    pub id: RowId,
    /// Handed over, received or used.
    pub deed: SampleDeed,
    /// At whose desk.
    pub level: Desk,
    /// How many.
    pub count: i32,
    /// When.
    pub on: NaiveDate,
    /// Of what was received.
    pub condition: Option<SampleCondition>,
    /// With whom.
    pub person: String,
    /// Remark.
    pub note: String,
    /// The letter they went with.
    pub handover: Option<HandoverId>,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When it was recorded.
    pub recorded_at: Moment,
}

/// The samples of a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SampleList {
    /// How many each hand-over asks for (Điều 6); 0 for tourism.
    pub asked: u16,
    /// How many each desk has that ever had any.
    pub held: Vec<SamplesHeld>,
    /// What happened, in order.
    pub data: Vec<SampleView>,
}
