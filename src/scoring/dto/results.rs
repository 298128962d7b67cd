//! What travels for results.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::rules::{Conclusions, Finding, Mean, Paragraph};
use super::Rule;
use super::sheets::EvidenceView;
use crate::db::Moment;
use crate::ids::{DossierId, ResultId, RulebookId, SessionMeetingId, SheetId};
use crate::rulebook::Authority;
use crate::text::{Label, Lang};
use crate::web::body::broken;

/// A dossier whose result is recorded.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordResult {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The chair's recorded conclusions, where the sheets alone do not settle it.
    #[serde(default)]
    #[validate(custom(function = "short_conclusions"))]
    pub conclusions: Conclusions,
}

fn short_conclusions(conclusions: &Conclusions) -> Rule {
    let minima = conclusions.minima.iter().map(|c| &c.reason);
    let mut reasons = minima.chain(conclusions.knock_out.iter().map(|k| &k.reason));
    let codes = conclusions.minima.iter().all(|c| c.criterion.len() <= 60);
    match codes && conclusions.minima.len() <= 300 && reasons.all(|r| r.chars().count() <= 2000) {
        true => Ok(()),
        false => Err(broken(
            "length",
            "Mỗi lý do không dài quá 2000 ký tự, không quá 300 kết luận.",
            "At most 300 conclusions, each reason at most 2000 characters long.",
        )),
    }
}

/// A mean, exact and as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeanView {
    /// Sum of the totals that count.
    pub sum: i64,
    /// Sheets that count.
    pub sheets: i64,
    /// Two decimals, cut off and never rounded up.
    #[schema(example = "92,33")]
    pub shown: String,
}

impl MeanView {
    /// In the language of the caller.
    pub fn of(mean: Mean, lang: Lang) -> Self {
        Self { sum: mean.sum, sheets: mean.sheets, shown: mean.shown(lang) }
    }
}

/// One star minimum behind a result: what was asked, what the council found, on which papers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinimumBehind {
    /// Code of the criterion.
    pub criterion: String,
    /// Its title.
    pub title: Label,
    /// The star that asks for it.
    pub star: u8,
    /// Where that is written.
    pub article: Label,
    /// Codes of the least options for that star.
    pub needed: Vec<String>,
    /// Whether it holds for the council.
    pub holds: bool,
    /// Sheets that reach it.
    pub reached: usize,
    /// Sheets counted.
    pub sheets: usize,
    /// The papers of the dossier for this criterion.
    pub evidence: Vec<EvidenceView>,
}

/// One sheet behind a result, for whoever may see sheets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetBehind {
    /// The sheet.
    pub sheet_id: SheetId,
    /// The seat, as the reasons name it.
    pub seat: String,
    /// Its total; nothing when it was stopped.
    pub total: Option<i64>,
}

/// What a council found for a dossier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
    /// Identifier.
    pub id: ResultId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The session.
    pub session_id: SessionMeetingId,
    /// The level of the council.
    pub level: Authority,
    /// The decision that was applied.
    pub rulebook_id: RulebookId,
    /// The star; 0 where there is none.
    pub stars: i32,
    /// The star of the band alone.
    pub stars_by_band: i32,
    /// The mean; nothing when rejected.
    pub mean: Option<MeanView>,
    /// Whether a knock-out rejected the dossier.
    pub rejected: bool,
    /// Whether one sheet decides.
    pub sensitive: bool,
    /// Whether the producer's complaint about it waits for its answer.
    pub under_complaint: bool,
    /// The written reasons, in both languages.
    pub reasons: Vec<Paragraph>,
    /// The whole finding.
    pub finding: Finding,
    /// Every minimum up to the star of the band, with its article and the papers behind it.
    pub minima: Vec<MinimumBehind>,
    /// The sheets that count, by seat; empty for whoever may not see sheets.
    pub sheets: Vec<SheetBehind>,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// The day it was made known.
    pub published_on: Option<NaiveDate>,
}

/// The results of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionResults {
    /// For each dossier of the table with a result that the caller may read, in the order of the session:
    /// to the letter what is answered for the dossier alone.
    pub data: Vec<DossierResult>,
}

/// The newest result of a dossier, and those before it (a dossier may have one of each level).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierResult {
    /// The newest.
    pub newest: ResultView,
    /// The others, newest first.
    pub earlier: Vec<ResultView>,
}

/// Of which level.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ResultQuery {
    /// Only what councils of this level found.
    pub level: Option<Authority>,
}
