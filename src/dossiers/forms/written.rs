//! What the forms are printed from: what a dossier says, today or as it was sealed. Both are read here
//! from the same content, so that a form of a manifest shows what was submitted and nothing later.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use crate::dossiers::rules::{CommuneReport, DossierForm};
use crate::error::{AppError, Result};
use crate::ids::{CriteriaSetId, DocumentId, PlaceId, RulebookId};
use crate::producers::ProducerType;
use crate::rulebook::DossierKind;
use crate::rulebook::marks::{Choice, Marks};

/// The content of a dossier. What a manifest of an earlier version does not hold stays empty.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Written {
    pub kind: DossierKind,
    pub product: Named,
    pub producer: Party,
    pub rulebook: Law,
    pub criteria_set: Set,
    #[serde(default)]
    pub sector: Option<String>,
    pub filed_on: Option<NaiveDate>,
    pub filed_place: PlaceId,
    pub place: PlaceId,
    pub receipt_number: Option<String>,
    pub product_code: Option<String>,
    form: Value,
    pub commune_report: Option<CommuneReport>,
    #[serde(default)]
    pub reported_on: Option<NaiveDate>,
    #[serde(default)]
    pub province_receipt: Option<Receipt>,
    pub marks: Vec<Mark>,
    pub papers: Vec<Lying>,
}

/// A thing with a name.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Named {
    pub name: String,
}

/// The rulebook that the dossier pinned.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Law {
    pub record: RulebookId,
}

/// The criteria set that the dossier pinned.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Set {
    pub id: CriteriaSetId,
}

/// The producer, without what is private.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Party {
    pub name: String,
    pub tax_code: Option<String>,
    #[serde(default)]
    pub kind: Option<ProducerType>,
    #[serde(default)]
    pub registration_number: Option<String>,
    #[serde(default)]
    pub founded_on: Option<NaiveDate>,
    #[serde(default)]
    pub address: String,
}

/// What the provincial agency wrote when it received the dossier.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Receipt {
    pub number: Option<String>,
    pub received_on: Option<NaiveDate>,
    pub receiver: Option<String>,
}

/// A mark of the producer.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Mark {
    pub criterion: String,
    pub option: Option<String>,
    pub case: Option<String>,
    pub comment: Option<String>,
    pub evidence: Vec<DocumentId>,
    pub points: i64,
}

/// A paper that lies in the dossier.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Lying {
    pub id: DocumentId,
    pub paper: String,
    pub title: String,
    pub by_office: bool,
    pub file_name: String,
    pub sha256: String,
    pub bytes: u64,
    pub number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
}

impl Written {
    /// Reads the content of a dossier or of a manifest.
    pub(super) fn read(content: &Value) -> Result<Self> {
        Self::deserialize(content).map_err(AppError::internal)
    }

    /// The form; a draft may hold none yet.
    pub(super) fn form(&self) -> DossierForm {
        serde_json::from_value(self.form.clone()).unwrap_or_default()
    }

    /// The marks as the rules read them.
    pub(super) fn choices(&self) -> Marks {
        let choice = |m: &Mark| {
            let case = m.case.as_deref().and_then(|c| c.parse().ok());
            (m.criterion.clone(), Choice { option: m.option.clone(), case, comment: m.comment.clone() })
        };
        self.marks.iter().map(choice).collect()
    }
}
