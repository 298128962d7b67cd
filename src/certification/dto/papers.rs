//! What travels of corrections, and of scans of decisions.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::super::model::Decision;
use super::super::rules::{Corrections, PrintedField, Wording};
use super::super::store::scans::Scan;
use super::public::VerifiedDecision;
use crate::db::{Doc, Moment};
use crate::ids::{CertificateId, DecisionId, RowId, UserId};
use crate::text::Label;
use crate::web::body::not_blank;

/// A line of a certificate as it is to be.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CorrectLine {
    /// The certificate.
    pub certificate_id: CertificateId,
    /// The line.
    pub field: PrintedField,
    /// The right wording.
    #[validate(length(min = 1, max = 500), custom(function = "not_blank"))]
    pub to: String,
}

/// A line before and after its correction.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CorrectedLine {
    /// The line in words.
    pub label: Label,
    /// Line, wording before and after.
    #[serde(flatten)]
    pub wording: Wording,
}

/// The lines of a correction, as they are kept.
pub(in crate::certification) fn corrected(doc: Option<&Doc>) -> Vec<CorrectedLine> {
    let read: Option<Corrections> = doc.and_then(|d| d.read().ok());
    read.into_iter().flat_map(|c| c.lines).map(CorrectedLine::from).collect()
}

impl From<Wording> for CorrectedLine {
    fn from(wording: Wording) -> Self {
        Self { label: wording.field.label(), wording }
    }
}

/// A published correction of a certificate.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateCorrection {
    /// The day of the decision.
    pub on: Option<NaiveDate>,
    /// The decision.
    pub decision: VerifiedDecision,
    /// What it corrected.
    pub lines: Vec<CorrectedLine>,
}

impl From<(Decision, Corrections)> for CertificateCorrection {
    fn from((decision, corrections): (Decision, Corrections)) -> Self {
        Self {
            on: decision.signed_on,
            decision: (&decision).into(),
            lines: corrections.lines.into_iter().map(CorrectedLine::from).collect(),
        }
    }
}

/// A line that was corrected, as anybody may know it: the wording of before is in the decision.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedCorrection {
    /// The line.
    pub field: PrintedField,
    /// The line in words.
    pub label: Label,
    /// The decision that corrected it.
    pub decision: VerifiedDecision,
}

/// A scan to attach, in parts.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the multipart form in the document")]
#[schema(rename_all = "camelCase")]
pub struct ScanForm {
    /// The bytes: PDF, PNG, JPEG or WebP.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `true` where everybody may read it once the decision is published; else it is for offices alone.
    public: Option<String>,
}

/// Whether everybody may read a scan.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MarkScan {
    /// Whether everybody may read it once the decision is published.
    pub public: bool,
}

/// A scan of a decision as it was signed on paper.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScanView {
    /// Identifier.
    pub id: RowId,
    /// The decision.
    pub decision_id: DecisionId,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its name.
    pub file_name: String,
    /// Whether everybody may read it once the decision is published.
    pub public: bool,
    /// Who put it there.
    pub by: Option<UserId>,
    /// When.
    pub at: Moment,
    /// Where its bytes are.
    pub content: String,
}

impl From<Scan> for ScanView {
    fn from(scan: Scan) -> Self {
        Self {
            content: format!("/v1/decisions/{}/scans/{}/content", scan.decision_id, scan.id),
            id: scan.id,
            decision_id: scan.decision_id,
            sha256: scan.sha256,
            file_name: scan.file_name,
            public: scan.public,
            by: scan.by_user,
            at: scan.at,
        }
    }
}

/// The scans of a decision.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ScanList {
    /// In the order in which they came.
    pub data: Vec<ScanView>,
}

/// A scan that everybody may read.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicScan {
    /// Identifier.
    pub id: RowId,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Where its bytes are.
    pub content: String,
}

impl From<Scan> for PublicScan {
    fn from(scan: Scan) -> Self {
        Self {
            content: format!("/v1/catalogue/decisions/{}/scans/{}", scan.decision_id, scan.id),
            id: scan.id,
            sha256: scan.sha256,
        }
    }
}
