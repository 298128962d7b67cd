//! What is shown beside one dossier.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::rules::CommuneReport;
use super::{
    ClockView, CompletenessView, DifferencesView, DocumentView, ExpandedSummary, HistoryView, SelfAssessmentView,
};
use crate::places::calendar::CalendarDay;

/// The commune's report and the time for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommuneReportView {
    /// Mẫu 03; null while it is not written.
    pub report: Option<CommuneReport>,
    /// The clock of the commune's work, with both deadlines; null before the dossier is filed, and where
    /// the rulebook sets none.
    pub clock: Option<ClockView>,
    /// The days of these weeks that are no ordinary ones: holidays, and days worked in exchange.
    pub special_days: Vec<CalendarDay>,
}

crate::words! {
    /// What one dossier can be shown with.
    pub enum DossierExpansion {
        /// Its papers.
        Documents = "documents",
        /// What its next step asks for, and what is there.
        Completeness = "completeness",
        /// The producer's marks.
        SelfAssessment = "selfAssessment",
        /// Its moves and pauses.
        History = "history",
        /// What changed since the present recognition.
        Differences = "differences",
        /// Who files it, where, under which set: names.
        Names = "names",
    }
}

/// What to show beside a dossier.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExpandQuery {
    /// `documents`, `completeness`, `selfAssessment`, `history`, `differences`, `names`, separated by commas.
    pub expand: Option<String>,
}

/// What was asked for beside one dossier; each as its own path answers it.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpandedDossier {
    /// Its papers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<Vec<DocumentView>>,
    /// What its next step asks for, and what is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completeness: Option<CompletenessView>,
    /// The producer's marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_assessment: Option<SelfAssessmentView>,
    /// Its moves and pauses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryView>,
    /// What changed since the present recognition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<DifferencesView>,
    /// Names of producer, commune and set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<ExpandedSummary>,
}
