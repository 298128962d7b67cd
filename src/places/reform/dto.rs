//! Reforms on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::db::Moment;
use crate::ids::{JobId, PlaceId, RowId};
use crate::places::dto::PlaceView;
use crate::places::rules::{ReformState, SubjectKind};

/// A reform to declare.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DeclareReform {
    /// First day of the new units.
    pub on: NaiveDate,
    /// What it is called, with the resolution it rests on.
    #[validate(length(min = 1, max = 500))]
    pub title: String,
}

/// How many things of one kind go by themselves, wait for an officer, go up or stay.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReformLine {
    /// What kind of thing.
    pub subject: SubjectKind,
    /// One successor takes it.
    pub go: usize,
    /// Its unit was divided: an officer chooses.
    pub choose: usize,
    /// Its level was abolished: the successor of the unit above takes it over; a user's right ends.
    pub go_up: usize,
    /// The reform does not touch it.
    pub stay: usize,
}

/// A reform.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReformView {
    /// Identifier.
    pub id: RowId,
    /// First day of the new units.
    pub on: NaiveDate,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub state: ReformState,
    /// The job that carries it out.
    pub job: Option<JobId>,
    /// What was moved so far; empty before it is carried out.
    pub report: Vec<ReformLine>,
    /// What would be moved now; only when one reform is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Vec<ReformLine>>,
    /// When it was declared.
    pub created_at: Moment,
}

/// The job that carries a reform out.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReformStarted {
    /// The reform.
    pub reform: RowId,
    /// The job; its progress is at `/v1/jobs/{id}`.
    pub job: JobId,
}

/// Something at a divided unit that an officer gives to one of its successors.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChoiceView {
    /// Identifier.
    pub id: RowId,
    /// What kind of thing.
    pub subject: SubjectKind,
    /// Which one.
    pub subject_id: RowId,
    /// The divided unit.
    pub old_place: PlaceId,
    /// The units to choose from.
    pub candidates: Vec<PlaceView>,
    /// What was chosen.
    pub chosen: Option<PlaceId>,
}

/// The unit that is chosen.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Choose {
    /// One of the candidates.
    pub place: PlaceId,
}
crate::no_further_rules!(Choose);

/// Which choices.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ChoiceQuery {
    /// Only those that still wait.
    pub open: Option<bool>,
    /// Rows on a page, 1 to 100; 20 when absent.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
