//! What travels for simulations, figures and precedents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::insight::{Precedent, Simulated};
use super::super::rules::whatif::{Refused, Untaken, Variant};
use super::super::rules::{Finding, Paragraph, Regulation};
use super::results::MeanView;
use crate::ids::{DossierId, ResultId, RulebookId};
use crate::rulebook::Authority;
use crate::text::{Label, Lang};

/// What to try on the sheets behind a result.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TryWhatIf {
    /// The result of this level; the newest when not said.
    pub level: Option<Authority>,
    /// Another decision, with its own bands and its own table.
    pub rulebook_id: Option<RulebookId>,
    /// Another regulation of the council; what is left out of it takes its default.
    pub regulation: Option<Regulation>,
}
crate::no_further_rules!(TryWhatIf);

/// What a trial would give.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SimulatedOutcome {
    /// The star; 0 where there is none.
    pub stars: u8,
    /// The mean; nothing when rejected.
    pub mean: Option<MeanView>,
    /// Whether a knock-out would reject the dossier.
    pub rejected: bool,
    /// The reasons that would be written.
    pub reasons: Vec<Paragraph>,
    /// The whole finding.
    pub finding: Finding,
}

/// A simulation: never a result.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhatIf {
    /// Always true: whatever shows this must say so.
    #[schema(example = true)]
    pub simulation: bool,
    /// What must be said beside it.
    pub notice: Label,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The result that the sheets gave.
    pub result_id: ResultId,
    /// The star of that result.
    pub recorded_stars: i32,
    /// The mean of that result.
    pub recorded_mean: Option<MeanView>,
    /// The decision that was tried.
    pub rulebook_id: RulebookId,
    /// Code of the table that was tried.
    pub set: String,
    /// The regulation that was tried.
    pub regulation: Regulation,
    /// What it would give.
    pub outcome: Option<SimulatedOutcome>,
    /// Why it gives nothing.
    pub refused: Option<Refused>,
    /// Sheets that the other table does not take.
    pub untaken: Vec<Untaken>,
    /// The plain and the trimmed mean, and each member left out.
    pub sensitivity: Vec<Variant>,
}

impl WhatIf {
    /// A simulation in the language of the caller.
    pub fn of(tried: Simulated, lang: Lang) -> Self {
        let (outcome, refused) = match tried.outcome {
            Err(refused) => (None, Some(refused)),
            Ok((finding, reasons)) => {
                let outcome = SimulatedOutcome {
                    stars: finding.star.unwrap_or(0),
                    mean: finding.mean.map(|m| MeanView::of(m, lang)),
                    rejected: finding.rejected(),
                    reasons,
                    finding,
                };
                (Some(outcome), None)
            }
        };
        Self {
            simulation: true,
            notice: Label::new(
                "Mô phỏng: không phải kết quả, không có giá trị pháp lý.",
                "A simulation: not a result, and without legal effect.",
            ),
            dossier_id: tried.result.dossier_id,
            result_id: tried.result.id,
            recorded_stars: tried.result.stars,
            recorded_mean: tried.result.mean().map(|m| MeanView::of(m, lang)),
            rulebook_id: tried.rulebook_id,
            set: tried.set,
            regulation: tried.regulation,
            outcome,
            refused,
            untaken: tried.untaken,
            sensitivity: tried.sensitivity,
        }
    }
}

/// How councils marked before, without names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Precedents {
    /// Criteria that three dossiers at least were marked on, in closed sessions, under the same table.
    pub criteria: Vec<PrecedentView>,
}

/// How councils marked one criterion before.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrecedentView {
    /// Code of the criterion.
    pub criterion: String,
    /// Dossiers; three at least.
    pub cases: usize,
    /// How often each option was chosen.
    pub options: Vec<PrecedentOption>,
}

/// How often one option was chosen.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrecedentOption {
    /// Code of the option; nothing stands for "none fits".
    pub option: Option<String>,
    /// Sheets that chose it.
    pub sheets: i64,
}

impl From<Precedent> for PrecedentView {
    fn from(p: Precedent) -> Self {
        let options = p.options.into_iter().map(|(option, sheets)| PrecedentOption { option, sheets }).collect();
        Self { criterion: p.criterion, cases: p.cases, options }
    }
}
