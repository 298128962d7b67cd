//! Whether a row proves a recognition: a star, an authority, a date.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Lookups, Reason, Row};
use crate::text::fold;

/// Decision 490/QĐ-TTg: no product was recognised before.
const PROGRAMME_FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2018, 5, 7);

crate::words! {
    /// The level of the authority that recognises.
    pub enum IssuingLevel {
        /// People's committee of a district (to 30/6/2025).
        District = "district",
        /// People's committee of a province.
        Province = "province",
        /// The Ministry.
        Centre = "centre",
    }
}

/// A recognition that a row proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecognitionPlan {
    /// Star.
    pub star: u8,
    /// Who recognised, by the rulebook of the day.
    pub level: IssuingLevel,
    /// Number of the decision, when known.
    pub decision_no: Option<String>,
    /// Date of the decision, or of the batch.
    pub on: NaiveDate,
}

impl RecognitionPlan {
    /// Number and level: what has one date.
    pub(super) fn decision_name(&self) -> Option<String> {
        self.decision_no.as_ref().map(|no| format!("{} {}", fold(no), self.level))
    }

    /// Number, level and date, of a numbered decision.
    pub(super) fn decision_key(&self) -> Option<(String, NaiveDate)> {
        self.decision_name().map(|name| (name, self.on))
    }

    /// Whether two recognitions come from one decision or batch.
    pub(super) fn same_act(&self, other: &Self) -> bool {
        self.on == other.on
            && self.level == other.level
            && (self.decision_no.is_none()
                || other.decision_no.is_none()
                || self.decision_name() == other.decision_name())
    }
}

/// A star from 1 to 5, or none.
pub(super) fn read_star(written: &str) -> Result<Option<u8>, Reason> {
    let bare = fold(written);
    let bare = bare.trim_end_matches("sao").trim();
    match bare.parse() {
        Ok(star @ 1..=5) => Ok(Some(star)),
        _ if bare.is_empty() => Ok(None),
        _ => Err(Reason::StarUnreadable),
    }
}

/// Reads `22/8/2022`, `22-08-2022`, `22.8.2022` or `2022-08-22`.
///
/// ```
/// # use ocop::catalogue::import::read_date;
/// assert_eq!(read_date("22/8/2022"), read_date("2022-08-22"));
/// assert!(read_date("31/2/2022").is_none());
/// ```
pub fn read_date(written: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = written.trim().split(['/', '-', '.']).collect();
    let [first, month, last] = parts[..] else { return None };
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The recognition that a row proves; otherwise the reasons say what is missing.
pub(super) fn find(
    row: &Row,
    star: Option<u8>,
    lookups: &Lookups<'_>,
    reasons: &mut Vec<Reason>,
) -> Option<RecognitionPlan> {
    let found = prove(row, star, lookups);
    match found {
        Ok(recognition) => recognition,
        Err(reason) => {
            reasons.push(reason);
            None
        }
    }
}

fn prove(row: &Row, star: Option<u8>, lookups: &Lookups<'_>) -> Result<Option<RecognitionPlan>, Reason> {
    let on = day(row, lookups)?;
    let star = match star {
        None => return Err(Reason::StarMissing),
        Some(1 | 2) => return Err(Reason::StarBelowThree),
        Some(star) => star,
    };
    let Some(on) = on else {
        return if row.decision_no.is_empty() { Ok(None) } else { Err(Reason::DateMissing) };
    };
    let level = (lookups.recognises)(star, on).ok_or(Reason::AuthorityUnnamed)?;
    if !signers(row)?.contains(&level) {
        return Err(Reason::AuthorityDiffers);
    }
    let decision_no = (!row.decision_no.is_empty()).then(|| row.decision_no.clone());
    Ok(Some(RecognitionPlan { star, level, decision_no, on }))
}

fn day(row: &Row, lookups: &Lookups<'_>) -> Result<Option<NaiveDate>, Reason> {
    if row.decision_date.is_empty() {
        return Ok(None);
    }
    let on = read_date(&row.decision_date).ok_or(Reason::DateUnreadable)?;
    if on > lookups.today || PROGRAMME_FROM.is_some_and(|from| on < from) {
        return Err(Reason::DateImpossible);
    }
    Ok(Some(on))
}

/// Signs of decisions and names of authorities (folded), and the levels that use them.
const SIGNERS: &[(&str, &[IssuingLevel])] = &[
    ("ubnd tinh", &[IssuingLevel::Province]),
    ("ubnd thanh pho", &[IssuingLevel::Province, IssuingLevel::District]),
    ("ubnd huyen", &[IssuingLevel::District]),
    ("ubnd thi xa", &[IssuingLevel::District]),
    ("ubnd quan", &[IssuingLevel::District]),
    ("qd-ubnd", &[IssuingLevel::Province, IssuingLevel::District]),
    ("qd-bnn", &[IssuingLevel::Centre]),
    ("bo nong nghiep", &[IssuingLevel::Centre]),
    ("province", &[IssuingLevel::Province]),
    ("district", &[IssuingLevel::District]),
    ("centre", &[IssuingLevel::Centre]),
];

/// The levels that may have signed: by the authority that the row names, else by the sign of its
/// decision. Without either nobody is assumed.
fn signers(row: &Row) -> Result<&'static [IssuingLevel], Reason> {
    let written = if row.authority.is_empty() { &row.decision_no } else { &row.authority };
    if written.is_empty() {
        return Err(Reason::AuthorityMissing);
    }
    let folded = fold(written).replace("uy ban nhan dan", "ubnd").replace('–', "-").replace(" - ", "-");
    let known = SIGNERS.iter().find(|(sign, _)| folded.contains(sign));
    known.map(|(_, levels)| *levels).ok_or(Reason::AuthorityUnreadable)
}
