//! Rulebooks, authorities and criteria sets on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::criteria::{CriteriaSet, Named, Wording};
use super::rules::{Authority, DecisionRef, DossierKind, Pattern, Rulebook};
use crate::ids::{CriteriaSetId, RulebookId};
use crate::text::Label;

/// A rulebook in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RulebookHead {
    /// Identifier.
    pub id: RulebookId,
    /// Its stable word.
    #[schema(example = "26-2026")]
    pub code: String,
    /// Name.
    pub title: Label,
    /// The decision, and those that amend it.
    pub decisions: Vec<DecisionRef>,
    /// First day on which a dossier may be filed under it.
    pub valid_from: NaiveDate,
    /// Last such day; null while open.
    pub valid_to: Option<NaiveDate>,
    /// Whether a dossier pins it; then it never changes.
    pub used: bool,
}

/// A rulebook, whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RulebookView {
    /// Identifier.
    pub id: RulebookId,
    /// Whether a dossier pins it; then it never changes.
    pub used: bool,
    /// The record, ended by the newer one that replaces it.
    pub book: Rulebook,
}

/// Who deals with a star, on which day.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AuthorityQuery {
    /// The day of the act.
    #[param(example = "2026-05-22")]
    pub on: NaiveDate,
    /// The star of the result, 1 to 5.
    #[param(example = 4)]
    pub stars: u8,
    /// The kind of dossier; first evaluation when absent.
    pub kind: Option<DossierKind>,
    /// Code of the rulebook that a dossier pinned; the one in force on that day when absent.
    pub rulebook: Option<String>,
}

/// Who scores, recognises and sends on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityView {
    /// The day of the act.
    pub on: NaiveDate,
    /// The star.
    pub stars: u8,
    /// Code of the rulebook.
    pub rulebook: String,
    /// How the levels share the work.
    pub pattern: Pattern,
    /// The levels whose councils score, in order.
    pub scores: Vec<Authority>,
    /// The levels that approve the result and send it on, with where to.
    pub sends_on: Vec<SendsOn>,
    /// The level that recognises; null where the star is not recognised.
    pub recognises: Option<Authority>,
    /// Where it is written.
    pub article: String,
}

/// A level that sends a dossier on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SendsOn {
    /// From.
    pub from: Authority,
    /// To.
    pub to: Authority,
}

/// A mean as a fraction.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct BandQuery {
    /// Sum of the totals of the valid sheets, at most 100 for each.
    #[param(example = 810)]
    pub sum: u32,
    /// How many sheets, 1 to 1000.
    #[param(example = 9)]
    pub sheets: u32,
}

/// The band that holds a mean.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BandView {
    /// The star of the band; null when no band holds the mean.
    pub stars: Option<u8>,
    /// Where the bands are written.
    pub article: String,
}

/// A criteria set in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CriteriaSetHead {
    /// Identifier of this revision.
    pub id: CriteriaSetId,
    /// Code of the rulebook.
    pub rulebook: String,
    /// Code of the set.
    #[schema(example = "13")]
    pub code: String,
    /// Name.
    pub name: Label,
    /// Whose words.
    pub wording: Wording,
    /// 1, 2, 3… over all wordings; the highest is used for new dossiers.
    pub revision: i32,
    /// Whether it is the newest revision of its code.
    pub newest: bool,
    /// Sector.
    pub sector: Option<Named>,
    /// Group.
    pub group: Option<Named>,
    /// How many remarks and doubts there are about the print.
    pub remarks: usize,
    /// Whether a dossier pins it; then it never changes.
    pub used: bool,
}

/// A criteria set, whole, with the remarks and doubts about its print.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CriteriaSetView {
    /// Identifier of this revision.
    pub id: CriteriaSetId,
    /// Identifier of the rulebook.
    pub rulebook_id: RulebookId,
    /// Code of the rulebook.
    pub rulebook: String,
    /// Whose words.
    pub wording: Wording,
    /// 1, 2, 3…
    pub revision: i32,
    /// Whether a dossier pins it.
    pub used: bool,
    /// SHA-256 of its canonical JSON.
    pub sha256: String,
    /// The table.
    pub set: CriteriaSet,
}

/// What to look for among criteria sets.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CriteriaQuery {
    /// Only sets of the rulebook with this code.
    #[param(example = "26-2026")]
    pub rulebook: Option<String>,
    /// Only the set with this code.
    #[param(example = "13")]
    pub set: Option<String>,
    /// Every revision, not only the newest.
    pub revisions: Option<bool>,
    /// Rows on a page, 1 to 100; 20 when absent.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// Which product a set is wanted for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SuggestQuery {
    /// What the product is called, in Vietnamese or English, with or without marks.
    #[param(example = "cà phê rang xay")]
    pub product: String,
    /// On which day it is to be filed; today when absent.
    pub on: Option<NaiveDate>,
}

/// A set that may be the one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// The set.
    pub id: CriteriaSetId,
    /// Code of the rulebook.
    pub rulebook: String,
    /// Code of the set.
    pub code: String,
    /// Its name.
    pub name: Label,
    /// The name, group or sector whose words matched.
    pub matched: String,
}

/// Sets that may be the one, the likeliest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suggestions {
    /// At most ten.
    pub data: Vec<Suggestion>,
}
