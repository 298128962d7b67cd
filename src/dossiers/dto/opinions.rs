//! Opinions of departments on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::rules::Party;
use crate::db::{Doc, Moment};
use crate::ids::{DocumentId, DossierId, OpinionId, OrganisationId, RowId, UserId};
use crate::web::body::{not_blank, ordinary_day};

/// A question to a department.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskOpinion {
    /// The department: an organisation of `/v1/organisations`.
    pub department: OrganisationId,
    /// What is asked.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    pub question: String,
    /// Last day to answer, after today.
    #[validate(custom(function = ordinary_day))]
    pub due_on: NaiveDate,
    /// Papers of this dossier that it is about.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub documents: Vec<DocumentId>,
}

/// What a department says.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnswerOpinion {
    /// The text.
    #[validate(length(min = 1, max = 8000), custom(function = not_blank))]
    pub answer: String,
}

/// A file that goes with an answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionFileView {
    /// Identifier.
    pub id: RowId,
    /// As uploaded.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// When.
    pub uploaded_at: Moment,
    /// Where its bytes are.
    pub content: String,
}

/// The form with a file.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the multipart form in the document")]
#[schema(rename_all = "camelCase")]
pub struct OpinionFileForm {
    /// The bytes: PDF, PNG, JPEG, WebP or MP4.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// A question to a department, and its answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionView {
    /// Identifier.
    pub id: OpinionId,
    /// About which dossier.
    pub dossier: DossierId,
    /// Name of its product.
    pub product_name: String,
    /// The department.
    pub department: OrganisationId,
    /// Its name.
    pub department_name: String,
    /// Who asks.
    pub party: Party,
    /// What is asked.
    pub question: String,
    /// Last day to answer.
    pub due_on: NaiveDate,
    /// Answered after that day, or not answered and the day is over.
    pub late: bool,
    /// Papers of the dossier that it is about.
    #[schema(value_type = Vec<DocumentId>)]
    pub documents: Doc,
    /// When it was asked.
    pub asked_at: Moment,
    /// What the department says; null while it has not answered.
    pub answer: Option<String>,
    /// Files that go with the answer.
    pub files: Vec<OpinionFileView>,
    /// Its officer.
    pub answered_by: Option<UserId>,
    /// When.
    pub answered_at: Option<Moment>,
    /// When the question was taken back.
    pub taken_back_at: Option<Moment>,
    /// Row version.
    pub version: i32,
}

/// "2 of 3 answered", in numbers. Questions that were taken back do not count.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionCounts {
    /// Departments asked.
    pub asked: usize,
    /// Of these, those that answered.
    pub answered: usize,
    /// Of these, those that are late or were.
    pub late: usize,
}

/// The opinions about a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpinionsView {
    /// How many were asked and answered.
    pub counts: OpinionCounts,
    /// Those that the caller may read, the first one asked first.
    pub data: Vec<OpinionView>,
}

/// What a list of questions is narrowed by.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OpinionQuery {
    /// Only those that wait for an answer, or only those that were answered.
    pub open: Option<bool>,
    /// Rows on a page: 1 to 100, 20 when not given.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
