//! What travels for site visits and extra tests.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::super::model::{SiteVisit, TestRequest, VisitPicture};
use crate::db::Moment;
use crate::ids::{DocumentId, DossierId, RowId};
use crate::rulebook::Authority;
use crate::web::body::{not_blank, ordinary_day};

/// A site visit to write down.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordSiteVisit {
    /// Its day.
    #[validate(custom(function = "ordinary_day"))]
    pub visited_on: NaiveDate,
    /// Who took part.
    #[validate(length(min = 1, max = 1000), custom(function = "not_blank"))]
    pub people: String,
    /// What was found.
    #[validate(length(min = 1, max = 8000), custom(function = "not_blank"))]
    pub seen: String,
}

/// A picture of a site visit, as `multipart/form-data`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the multipart form in the document")]
#[schema(rename_all = "camelCase")]
pub struct VisitPictureForm {
    /// The bytes: PNG, JPEG or WebP.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What it shows.
    caption: Option<String>,
}

/// A picture of a site visit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VisitPictureView {
    /// Identifier.
    pub id: RowId,
    /// What it shows.
    pub caption: String,
    /// As uploaded.
    pub file_name: String,
    /// When.
    pub uploaded_at: Moment,
}

impl From<VisitPicture> for VisitPictureView {
    fn from(p: VisitPicture) -> Self {
        Self { id: p.id, caption: p.caption, file_name: p.file_name, uploaded_at: p.uploaded_at }
    }
}

/// A site visit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteVisitView {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The level whose team went.
    pub level: Authority,
    /// Its day.
    pub visited_on: NaiveDate,
    /// Who took part.
    pub people: String,
    /// What was found.
    pub seen: String,
    /// When it was written down.
    pub written_at: Moment,
    /// Its pictures.
    pub pictures: Vec<VisitPictureView>,
}

impl SiteVisitView {
    /// One visit.
    pub fn of(visit: SiteVisit, pictures: Vec<VisitPicture>) -> Self {
        Self {
            id: visit.id,
            dossier_id: visit.dossier_id,
            level: visit.level,
            visited_on: visit.visited_on,
            people: visit.people,
            seen: visit.seen,
            written_at: visit.written_at,
            pictures: pictures.into_iter().map(VisitPictureView::from).collect(),
        }
    }
}

/// The site visits of a dossier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteVisits {
    /// The first one first.
    pub data: Vec<SiteVisitView>,
}

/// An extra test to ask for.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AskTest {
    /// The producer or the laboratory.
    #[validate(length(min = 1, max = 300), custom(function = "not_blank"))]
    pub asked_of: String,
    /// What is to be tested.
    #[validate(length(min = 1, max = 2000), custom(function = "not_blank"))]
    pub wanted: String,
    /// Last day.
    #[validate(custom(function = "ordinary_day"))]
    pub due_on: NaiveDate,
}

/// The result of an extra test.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordTestResult {
    /// What came of it.
    #[validate(length(min = 1, max = 4000), custom(function = "not_blank"))]
    pub result: String,
    /// The paper of the dossier that says so.
    pub document_id: Option<DocumentId>,
    /// The day on which it came.
    #[validate(custom(function = "ordinary_day"))]
    pub received_on: NaiveDate,
}

/// An extra test that the advisory team asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TestRequestView {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The level whose team asks.
    pub level: Authority,
    /// The producer or the laboratory.
    pub asked_of: String,
    /// What is to be tested.
    pub wanted: String,
    /// Last day.
    pub due_on: NaiveDate,
    /// When it was asked.
    pub asked_at: Moment,
    /// What came of it; null while it is awaited.
    pub result: Option<String>,
    /// The paper of the dossier that says so.
    pub document_id: Option<DocumentId>,
    /// The day on which it came.
    pub received_on: Option<NaiveDate>,
    /// Row version.
    pub version: i32,
}

impl From<TestRequest> for TestRequestView {
    fn from(t: TestRequest) -> Self {
        Self {
            id: t.id,
            dossier_id: t.dossier_id,
            level: t.level,
            asked_of: t.asked_of,
            wanted: t.wanted,
            due_on: t.due_on,
            asked_at: t.asked_at,
            result: t.result,
            document_id: t.document_id,
            received_on: t.received_on,
            version: t.version,
        }
    }
}

/// The extra tests asked about a dossier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TestRequests {
    /// The first one asked first.
    pub data: Vec<TestRequestView>,
}
