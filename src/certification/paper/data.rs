//! What the templates of certificates and decisions are given. An office's own template reads these
//! names: they stay.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::paper::Qr;
use crate::text::Label;

/// Certificates, each on its page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificatePages {
    /// What a demonstration says about itself.
    pub demo: Option<String>,
    pub certificates: Vec<CertificatePage>,
}

/// One certificate, as it was sealed at signing.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CertificatePage {
    pub number: String,
    pub stars: i32,
    pub product: String,
    pub product_code: Option<String>,
    pub producer: String,
    pub producer_kind: Option<Label>,
    pub place: String,
    pub authority: String,
    pub decision_number: String,
    pub signed_on: NaiveDate,
    /// The day of issue, where it is not the decision's.
    #[serde(default)]
    pub issued_on: Option<NaiveDate>,
    pub signer: String,
    pub valid_through: NaiveDate,
    /// The page that says how it stands.
    pub verify: Qr,
    /// How it ended, when it is no longer in force.
    pub ended: Option<Ended>,
    /// Which print it is; none on the electronic certificate.
    pub copy: Option<Copy>,
}

/// How a certificate ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ended {
    pub label: Label,
    pub reason: Label,
}

/// A numbered print.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Copy {
    pub number: i32,
    pub on: NaiveDate,
}

/// A decision or notice.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DecisionPaper {
    /// What a demonstration says about itself.
    pub demo: Option<String>,
    /// Stable word.
    pub kind: String,
    pub kind_label: String,
    pub draft: bool,
    pub authority: String,
    /// Where it is issued, before the date.
    pub issued_at: Option<String>,
    pub number: Option<String>,
    pub signed_on: Option<NaiveDate>,
    pub signer: Option<String>,
    pub legal_bases: Vec<String>,
    pub reason: Option<String>,
    /// Where the electronic original is; none on a draft.
    pub electronic: Option<Qr>,
    pub items: Vec<DecisionItemLine>,
}

/// A line of the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DecisionItemLine {
    pub ordinal: i32,
    pub product: String,
    pub product_code: Option<String>,
    pub producer: Option<String>,
    pub place: Option<String>,
    /// 0 where the decision carries none.
    pub stars: i32,
    /// Of the certificate that it issues or ends.
    pub number: Option<String>,
    pub valid_through: Option<NaiveDate>,
    pub note: String,
    /// What a correction corrects.
    #[serde(default)]
    pub corrections: Vec<CorrectedWords>,
}

/// A line of a certificate before and after its correction.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectedWords {
    pub line: String,
    pub before: String,
    pub after: String,
}

/// A notice of a decision about one product.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NoticePaper {
    /// What a demonstration says about itself.
    pub demo: Option<String>,
    pub authority: String,
    /// Where it is issued, before the date.
    pub issued_at: String,
    pub number: String,
    pub issued_on: NaiveDate,
    /// Stable word.
    pub outcome: String,
    pub outcome_label: String,
    pub decision_kind: String,
    pub decision_number: Option<String>,
    pub decided_on: Option<NaiveDate>,
    /// Of 26/2026; none where it says nothing.
    pub article: Option<String>,
    pub product: String,
    pub producer: Option<String>,
    pub commune: Option<String>,
    /// 0 where no star was found.
    pub stars: i32,
    /// The number of the certificate that is ended, extended or corrected.
    pub certificate: Option<String>,
    /// The ground of a revocation.
    pub ground: Option<String>,
    /// The last day by an extension.
    pub extended_through: Option<NaiveDate>,
    pub reason: String,
    /// Where the electronic original is.
    pub electronic: Qr,
}
