//! Mandates on the wire.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::Moment;
use crate::ids::{MandateId, ProducerId, UserId};

/// The form with a mandate.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the multipart form in the document")]
#[schema(rename_all = "camelCase")]
pub struct MandateForm {
    /// The paper: PDF, PNG, JPEG or WebP.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Who may act: identifier of a user; the caller when not given.
    user: Option<UserId>,
    /// The number it bears.
    number: String,
    /// The day it was signed.
    signed_on: NaiveDate,
    /// First day.
    valid_from: NaiveDate,
    /// Last day.
    valid_to: NaiveDate,
}

/// A paper by which a producer lets somebody act for it, for a time.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MandateView {
    /// Identifier.
    pub id: MandateId,
    /// Whose.
    pub producer: ProducerId,
    /// Who may act.
    pub user: UserId,
    /// His or her name.
    pub user_name: String,
    /// The number it bears.
    pub number: String,
    /// The day it was signed.
    pub signed_on: NaiveDate,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Whether it holds today.
    pub holds: bool,
    /// SHA-256 of the paper.
    pub sha256: String,
    /// As uploaded.
    pub file_name: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Moment,
    /// When it was ended before its time.
    pub ended_at: Option<Moment>,
    /// Where the paper is.
    pub content: String,
}

/// The mandates of a producer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MandateList {
    /// The newest first.
    pub data: Vec<MandateView>,
}
