//! What the templates of Mẫu 01, 02 and 03 are given. An office's own template reads these names:
//! they stay.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dossiers::rules::{CommuneReport, DossierForm};
use crate::paper::Qr;

/// What all three begin with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Head {
    /// Not filed yet.
    pub draft: bool,
    /// What a demonstration says about itself.
    pub demo: Option<String>,
    /// Whether the representative's particulars may be printed for this reader.
    pub particulars: bool,
    /// Number of the decision.
    pub law: String,
    /// Number of the commune's receipt.
    pub receipt: Option<String>,
    pub product_code: Option<String>,
    pub filed_on: Option<NaiveDate>,
    pub year: i32,
    /// With its kind: Tỉnh Vĩnh Long.
    pub province: String,
    /// With its kind: Xã Càng Long.
    pub commune: String,
    /// Where the electronic original is.
    pub electronic: Qr,
    /// The manifest that it was sealed in, in words; none on a form of today.
    #[serde(default)]
    pub sealed: Option<String>,
}

/// The producer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Subject {
    pub name: String,
    pub kind: Option<String>,
    pub tax_code: Option<String>,
    pub registration_number: Option<String>,
    pub founded_on: Option<NaiveDate>,
    pub address: String,
    pub representative: Representative,
}

/// The legal representative; all empty for who may not read it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Representative {
    pub name: Option<String>,
    pub role: Option<String>,
    pub sex: Option<String>,
    pub ethnicity: Option<String>,
    pub residence: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// The product, in the words of Phụ lục I.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Goods {
    pub name: String,
    pub sector: Option<String>,
    pub group: Option<String>,
    pub subgroup: Option<String>,
    /// The criteria set with its number.
    pub set: String,
}

/// Mẫu 01.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Form01 {
    pub head: Head,
    /// The commune's block, then the provincial agency's.
    pub offices: Vec<Reception>,
    pub subject: Subject,
    pub product: Goods,
    pub kinds: Vec<KindBox>,
    pub papers: Vec<Enclosure>,
    pub samples: u16,
    pub commitment: bool,
}

/// What an office writes on Mẫu 01.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Reception {
    pub name: String,
    pub number: Option<String>,
    pub received_on: Option<NaiveDate>,
    pub receiver: Option<String>,
}

/// A box to tick: lần đầu, nâng hạng, đánh giá lại.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindBox {
    pub label: String,
    pub chosen: bool,
}

/// Papers of one type that go with Mẫu 01.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enclosure {
    pub label: String,
    pub titles: Vec<String>,
    pub copies: usize,
}

/// Mẫu 02.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Form02 {
    pub head: Head,
    pub subject: Subject,
    pub product: Goods,
    /// What the producer wrote.
    pub form: DossierForm,
    /// Boxes a to d of section I.
    pub ticks: Vec<Tick>,
    pub set: MarkedSet,
    /// The evidence table: each type, in the order of the rulebook.
    pub evidence: Vec<EvidenceRow>,
}

/// A box of section I.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tick {
    pub label: String,
    pub there: bool,
    pub details: Vec<String>,
}

/// The criteria as the producer marked them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkedSet {
    pub name: String,
    pub parts: Vec<MarkedPart>,
    pub total: i64,
    /// Criteria without a mark.
    pub unmarked: usize,
}

/// A part of the criteria.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MarkedPart {
    pub code: String,
    pub title: String,
    pub max_points: i64,
    pub points: i64,
    pub rows: Vec<MarkedRow>,
}

/// A section's heading, or a criterion with its mark.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MarkedRow {
    pub heading: bool,
    pub code: String,
    pub title: String,
    pub max_points: i64,
    /// What was chosen.
    pub option: Option<String>,
    pub comment: Option<String>,
    /// None while it is not marked.
    pub points: Option<i64>,
    /// Titles of the papers that prove it.
    pub evidence: Vec<String>,
}

/// A row of the evidence table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceRow {
    pub label: String,
    pub papers: Vec<EvidencePaper>,
}

/// A paper of the evidence table.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EvidencePaper {
    pub title: String,
    pub number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
}

/// Mẫu 03.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Form03 {
    pub head: Head,
    /// The day on which the report was issued.
    pub issued_on: Option<NaiveDate>,
    pub subject: Subject,
    pub product: Goods,
    /// Lần đầu, nâng hạng, đánh giá lại.
    pub kind: String,
    pub report: CommuneReport,
}

/// The page that leads through an archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Index {
    /// What a demonstration says about itself.
    pub demo: Option<String>,
    pub product: String,
    pub producer: String,
    pub tax_code: Option<String>,
    /// Lần đầu, nâng hạng, đánh giá lại.
    pub kind: String,
    /// The criteria set with its number.
    pub set: String,
    pub law: String,
    pub receipt: Option<String>,
    pub product_code: Option<String>,
    pub filed_on: Option<NaiveDate>,
    /// 1, 2, 3…
    pub number: i32,
    /// The day and the hour in Việt Nam.
    pub sealed_at: String,
    /// What was done: submitted, proposed…
    pub action: String,
    pub submitter: Option<String>,
    /// The producer for whom somebody else acted.
    pub on_behalf_of: Option<String>,
    /// Of the manifest.
    pub sha256: String,
    pub forms: Vec<IndexForm>,
    pub papers: Vec<IndexPaper>,
    /// Where the manifest is.
    pub electronic: Qr,
}

/// A form of an archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndexForm {
    pub label: String,
    pub path: String,
}

/// A document of an archive.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct IndexPaper {
    pub title: String,
    pub label: String,
    pub number: Option<String>,
    pub issuer: Option<String>,
    pub path: String,
    pub bytes: u64,
    pub sha256: String,
}
