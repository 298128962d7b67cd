//! What travels about the evidence library.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::{Evidence, EvidenceVersion, UsedIn};
use crate::db::{Doc, Moment};
use crate::ids::{DossierId, EvidenceId, EvidenceVersionId, ProducerId, ProductId};

crate::words! {
    /// What the newest version of a paper is worth today.
    pub enum EvidenceState {
        /// It holds, for longer than the days asked about.
        Valid = "valid",
        /// It holds, and ends within the days asked about.
        Expiring = "expiring",
        /// It has ended.
        Expired = "expired",
    }
}

/// Days before its end from which a paper is called expiring, unless the query says otherwise.
pub const EXPIRING_WITHIN: u16 = 60;

/// How a list of papers is narrowed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct EvidenceQuery {
    /// One producer of the caller's.
    #[param(value_type = Option<String>, format = Uuid)]
    pub producer: Option<ProducerId>,
    /// A type of paper.
    #[param(example = "testReport")]
    pub paper: Option<String>,
    /// Papers about this product, and those about all.
    #[param(value_type = Option<String>, format = Uuid)]
    pub product: Option<ProductId>,
    /// Papers that prove this criterion.
    #[param(example = "10.1")]
    pub criterion: Option<String>,
    /// What the newest version is worth today.
    pub state: Option<EvidenceState>,
    /// Days before its end from which a paper is expiring; 60 when not said.
    #[param(maximum = 3660)]
    pub within: Option<u16>,
    /// Those that were put away, instead of those that are kept.
    #[serde(default)]
    pub retired: bool,
    /// Rows of a page, 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// A paper to add.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the multipart form in the document")]
#[schema(rename_all = "camelCase")]
pub struct EvidenceForm {
    /// The bytes: PDF, PNG, JPEG, WebP or MP4.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Whose; may be left out by who speaks for one producer only.
    producer: Option<ProducerId>,
    /// Type of the paper, as the rulebook names it.
    paper: String,
    /// In your words.
    title: Option<String>,
    /// The number it bears.
    number: Option<String>,
    /// Who issued it.
    issuer: Option<String>,
    /// Day of issue.
    issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    expires_on: Option<NaiveDate>,
    /// Whom it names.
    holder_name: Option<String>,
    /// The tax number of whom it names.
    holder_tax_code: Option<String>,
    /// Codes of criteria that it proves, separated by commas.
    criteria: Option<String>,
    /// Products that it is about, separated by commas; all when left out.
    products: Option<String>,
}

/// A new version of a paper.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the multipart form in the document")]
#[schema(rename_all = "camelCase")]
pub struct EvidenceVersionForm {
    /// The bytes: PDF, PNG, JPEG, WebP or MP4.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The number it bears.
    number: Option<String>,
    /// Who issued it.
    issuer: Option<String>,
    /// Day of issue.
    issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    expires_on: Option<NaiveDate>,
    /// Whom it names.
    holder_name: Option<String>,
    /// The tax number of whom it names.
    holder_tax_code: Option<String>,
}

/// What is told about a paper, whole.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DescribeEvidence {
    /// In your words.
    #[validate(length(max = 300))]
    #[serde(default)]
    pub title: String,
    /// Codes of criteria that it proves.
    #[validate(length(max = 50))]
    #[serde(default)]
    pub criteria: Vec<String>,
    /// Products that it is about; empty for all.
    #[validate(length(max = 100))]
    #[serde(default)]
    pub products: Vec<ProductId>,
}

/// One version of a paper.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceVersionView {
    /// Identifier.
    pub id: EvidenceVersionId,
    /// 1, 2, 3…
    pub ordinal: i32,
    /// As uploaded.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The number it bears.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    pub expires_on: Option<NaiveDate>,
    /// Whom it names.
    pub holder_name: Option<String>,
    /// The tax number of whom it names.
    pub holder_tax_code: Option<String>,
    /// When.
    pub uploaded_at: Moment,
    /// Where its bytes are.
    pub content: String,
    /// The dossiers that refer to this version now.
    pub used_in: Vec<DossierId>,
}

impl EvidenceVersionView {
    /// A version, with the dossiers that refer to it.
    pub fn of(row: EvidenceVersion, used: &UsedIn) -> Self {
        Self {
            used_in: used.get(&row.id).cloned().unwrap_or_default(),
            content: format!("/v1/evidence/{}/versions/{}/content", row.evidence_id, row.id),
            id: row.id,
            ordinal: row.ordinal,
            file_name: row.file_name,
            sha256: row.sha256,
            number: row.number,
            issuer: row.issuer,
            issued_on: row.issued_on,
            expires_on: row.expires_on,
            holder_name: row.holder_name,
            holder_tax_code: row.holder_tax_code,
            uploaded_at: row.uploaded_at,
        }
    }
}

/// A paper of a library.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LibraryPaper {
    /// Identifier.
    pub id: EvidenceId,
    /// Whose.
    pub producer: ProducerId,
    /// Stable word of its type.
    pub paper: String,
    /// In the sender's words.
    pub title: String,
    /// Criteria it proves.
    #[schema(value_type = Vec<String>)]
    pub criteria: Doc,
    /// Products it is about; empty for all.
    #[schema(value_type = Vec<ProductId>)]
    pub products: Doc,
    /// What the newest version is worth today.
    pub state: EvidenceState,
    /// The version that counts from now on.
    pub newest: EvidenceVersionView,
    /// When it was put away.
    pub retired_at: Option<Moment>,
    /// Row version: the tag for `If-Match`.
    pub version: i32,
}

impl LibraryPaper {
    /// A paper in its newest version; `within` days before its end it is expiring.
    pub fn of((row, newest): (Evidence, EvidenceVersion), used: &UsedIn, today: NaiveDate, within: u16) -> Self {
        let ends_by = today.checked_add_days(Days::new(within.into())).unwrap_or(NaiveDate::MAX);
        let state = match newest.expires_on {
            Some(day) if day < today => EvidenceState::Expired,
            Some(day) if day <= ends_by => EvidenceState::Expiring,
            _ => EvidenceState::Valid,
        };
        Self {
            id: row.id,
            producer: row.producer_id,
            paper: row.paper,
            title: row.title,
            criteria: row.criteria,
            products: row.products,
            state,
            newest: EvidenceVersionView::of(newest, used),
            retired_at: row.retired_at,
            version: row.version,
        }
    }
}

/// A paper with every version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LibraryPaperHistory {
    /// The paper.
    #[serde(flatten)]
    pub evidence: LibraryPaper,
    /// Its versions, the first one first.
    pub versions: Vec<EvidenceVersionView>,
}
