//! What the producer writes: Mẫu số 01 and Mẫu số 02 as data (26/2026, Phụ lục III). Particulars of
//! the legal representative stay with the producer's record, never here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::papers::Paper;

/// Mẫu số 01 and 02. Every text may stay empty while it is a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DossierForm {
    /// Mẫu 01: samples that go with the dossier.
    #[validate(range(max = 1000))]
    pub samples: u16,
    /// Mẫu 01: the producer answers for what is written here.
    pub commitment: bool,
    /// Mẫu 02, I: the product.
    #[validate(length(max = 8000))]
    pub description: String,
    /// Mẫu 02, I: how the producer came to it.
    #[validate(length(max = 8000))]
    pub history: String,
    /// Mẫu 02, I: how the producer is organised.
    #[validate(length(max = 8000))]
    pub organisation: String,
    /// Mẫu 02, II: materials.
    #[validate(length(max = 8000))]
    pub materials: String,
    /// Mẫu 02, II: technology.
    #[validate(length(max = 8000))]
    pub technology: String,
    /// Mẫu 02, II: quality.
    #[validate(length(max = 8000))]
    pub quality: String,
    /// Mẫu 02, II: packaging and labels.
    #[validate(length(max = 8000))]
    pub packaging: String,
    /// Mẫu 02, II: markets.
    #[validate(length(max = 8000))]
    pub markets: String,
    /// Mẫu 02, II: revenue of the last year, in đồng.
    #[validate(range(min = 0, max = 1_000_000_000_000_000_i64))]
    pub revenue_vnd: Option<i64>,
    /// Mẫu 02, II: profit of the last year, in đồng; negative for a loss.
    #[validate(range(min = -1_000_000_000_000_000_i64, max = 1_000_000_000_000_000_i64))]
    pub profit_vnd: Option<i64>,
    /// Mẫu 02, IV: the plan ahead.
    #[validate(length(max = 8000))]
    pub plan: String,
    /// What is new since the recognition (upgrade, re-evaluation).
    #[validate(length(max = 8000))]
    pub updates: String,
}

impl DossierForm {
    /// Every field by its name on the wire, as text; empty where nothing is written.
    pub fn fields(&self) -> [(&'static str, String); 14] {
        let figure = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        [
            ("samples", self.samples.to_string()),
            ("commitment", self.commitment.to_string()),
            ("description", self.description.clone()),
            ("history", self.history.clone()),
            ("organisation", self.organisation.clone()),
            ("materials", self.materials.clone()),
            ("technology", self.technology.clone()),
            ("quality", self.quality.clone()),
            ("packaging", self.packaging.clone()),
            ("markets", self.markets.clone()),
            ("revenueVnd", figure(self.revenue_vnd)),
            ("profitVnd", figure(self.profit_vnd)),
            ("plan", self.plan.clone()),
            ("updates", self.updates.clone()),
        ]
    }

    /// The papers that the form itself is. Mẫu 02 counts when every criterion is marked.
    pub fn papers(&self, all_marked: bool) -> Vec<Paper> {
        let told = |text: &str| !text.trim().is_empty();
        let described = told(&self.description);
        [
            ("form01", self.commitment && described, 1),
            ("form02", described && all_marked, 1),
            ("businessPlan", told(&self.plan), 1),
            ("organisation", told(&self.organisation), 1),
            ("updatesSinceRecognition", told(&self.updates), 1),
            ("samples", self.samples > 0, self.samples),
        ]
        .into_iter()
        .filter(|(_, there, _)| *there)
        .map(|(paper, _, copies)| Paper::plain(paper, copies))
        .collect()
    }
}

/// Mẫu số 03: what the commune found on the four contents of Điều 7.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommuneReport {
    /// (i) Origin of the product, local materials.
    #[validate(length(min = 1, max = 8000))]
    pub origin: String,
    /// (ii) Use of local labour.
    #[validate(length(min = 1, max = 8000))]
    pub labour: String,
    /// (iii) Origin of the idea.
    #[validate(length(min = 1, max = 8000))]
    pub idea: String,
    /// (iv) Local identity and knowledge.
    #[validate(length(min = 1, max = 8000))]
    pub identity: String,
    /// The meeting, when one was held.
    #[serde(default)]
    #[validate(nested)]
    pub meeting: Option<Meeting>,
    /// Whether the commune proposes the product.
    pub proposed: bool,
    /// What it proposes, in words.
    #[serde(default)]
    #[validate(length(max = 4000))]
    pub proposal: String,
}

/// A meeting of the commune about the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CommuneMeeting)]
pub struct Meeting {
    /// When.
    pub held_on: chrono::NaiveDate,
    /// Who took part, what was said.
    #[validate(length(min = 1, max = 8000))]
    pub record: String,
}
