//! What travels for imports and officers' tasks.

mod webhooks;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::model::{TaskKind, TaskState, TaskSubject};
use crate::catalogue::import::{RowClass, RowReport};
use crate::db::Moment;
use crate::ids::{JobId, PlaceId, ProductId, RowId};
use crate::text::Label;

pub use webhooks::{DeliveryQuery, DeliveryView, WebhookQuery, WebhookRequest, WebhookView};

/// An import that was put in the queue.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportStarted {
    /// The job.
    pub id: JobId,
    /// Where its progress and result are.
    #[schema(example = "/v1/jobs/01926f00-0000-7000-8000-000000000001")]
    pub job: String,
    /// Where the report of each row is.
    #[schema(example = "/v1/imports/01926f00-0000-7000-8000-000000000001/rows")]
    pub rows: String,
}

/// One row of a list and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportRowView {
    /// Line of the file; the header is line 1.
    pub line: i32,
    /// Its class.
    pub class: RowClass,
    /// Reasons, candidates, and what it creates or completes.
    pub report: RowReport,
    /// The product that it made or met; nothing on a dry run.
    pub product_id: Option<ProductId>,
}

/// How a file is read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// Only report what each row is; nothing is taken over.
    #[serde(default)]
    pub dry_run: bool,
}

/// Which rows of a report.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ImportRowsQuery {
    /// Of this class only.
    pub class: Option<RowClass>,
    /// Rows of a page: 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// Of this kind only.
    pub kind: Option<TaskKind>,
    /// In this state only.
    pub state: Option<TaskState>,
    /// Rows of a page: 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// What an officer has to settle.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    /// Identifier.
    pub id: RowId,
    /// What has to be found out.
    pub kind: TaskKind,
    /// The kind in words.
    pub label: Label,
    /// What it is about.
    pub subject_kind: TaskSubject,
    /// Which one.
    pub subject_id: RowId,
    /// Its name.
    pub subject_name: Option<String>,
    /// The unit whose officers see it.
    pub place_id: Option<PlaceId>,
    /// Where it comes from, reasons, candidates; how it was settled.
    pub detail: serde_json::Value,
    /// Whether it is settled.
    pub state: TaskState,
    /// When it arose.
    pub created_at: Moment,
    /// When it was settled.
    pub closed_at: Option<Moment>,
}

/// What the officer found.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SettleTask {
    /// For `placeOfProduct`: the commune; it becomes the unit of the product.
    pub place_id: Option<PlaceId>,
    /// What was found, and where it is written.
    #[validate(length(min = 1, max = 1000))]
    pub note: String,
}
