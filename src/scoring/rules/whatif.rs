//! What if: the same sheets under another regulation or another table. Never a result.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::regulation::Aggregation;
use super::{Bands, Conclusions, Finding, Mean, Regulation, SealedSheet, Sheet, Stop, outcome, seal};
use crate::refusal::Refusal;
use crate::rulebook::CriteriaSet;
use crate::text::Label;

/// Why a simulation gives nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// Stable word.
    pub code: String,
    /// Why.
    pub detail: Label,
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        Self { code: stop.word().to_owned(), detail: stop.say() }
    }
}

/// A sheet that the other table does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Untaken {
    /// The seat, as the reasons name it.
    pub seat: String,
    /// Why.
    pub why: Refused,
}

/// The marks of sealed sheets, sealed again on another table.
///
/// # Errors
/// With each sheet that the table does not take.
pub fn carried(sheets: &[SealedSheet], set: &CriteriaSet) -> Result<Vec<SealedSheet>, Vec<Untaken>> {
    let again = |s: &SealedSheet| {
        // A ground that followed from the marks follows again, or does not.
        let open = Sheet { set: set.code.clone(), marks: s.marks.clone(), knock_out: None };
        let noted = Sheet { knock_out: s.knocked_out.clone(), ..open.clone() };
        let sealed = if s.knocked_out.is_some() {
            seal(set, &noted, &s.seat, s.chair)
        } else {
            seal(set, &open, &s.seat, s.chair)
        };
        sealed.map_err(|stop| Untaken { seat: s.seat.clone(), why: stop.into() })
    };
    let all: Vec<Result<SealedSheet, Untaken>> = sheets.iter().map(again).collect();
    let untaken: Vec<Untaken> = all.iter().filter_map(|s| s.as_ref().err().cloned()).collect();
    if untaken.is_empty() { Ok(all.into_iter().flatten().collect()) } else { Err(untaken) }
}

/// One way to look at the same sheets, and what it would give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// `mean`, `trimmedMean`, or `without` one seat.
    pub way: String,
    /// The seat that is left out.
    pub without: Option<String>,
    /// The mean.
    pub mean: Option<Mean>,
    /// The star; 0 where there is none.
    pub stars: u8,
    /// Whether a knock-out rejects the dossier.
    pub rejected: bool,
    /// Why it gives nothing.
    pub refused: Option<Refused>,
}

impl Variant {
    fn of(way: &str, without: Option<&str>, found: Result<Finding, Stop>) -> Self {
        let (way, without) = (way.to_owned(), without.map(str::to_owned));
        match found {
            Ok(f) => {
                Self { way, without, mean: f.mean, stars: f.star.unwrap_or(0), rejected: f.rejected(), refused: None }
            }
            Err(stop) => Self { way, without, mean: None, stars: 0, rejected: false, refused: Some(stop.into()) },
        }
    }
}

/// What the plain and the trimmed mean give, and what each member's absence would change.
pub fn sensitivity(
    set: &CriteriaSet,
    bands: &Bands,
    sheets: &[SealedSheet],
    regulation: &Regulation,
    conclusions: &Conclusions,
) -> Vec<Variant> {
    let under = |aggregation, sheets: &[SealedSheet]| {
        let other = Regulation { aggregation, ..regulation.clone() };
        outcome(set, bands, sheets, &other, conclusions)
    };
    let mut out = vec![
        Variant::of("mean", None, under(Aggregation::Mean, sheets)),
        Variant::of("trimmedMean", None, under(Aggregation::TrimmedMean, sheets)),
    ];
    for left_out in sheets {
        let rest: Vec<SealedSheet> = sheets.iter().filter(|s| s.seat != left_out.seat).cloned().collect();
        out.push(Variant::of("without", Some(&left_out.seat), under(regulation.aggregation, &rest)));
    }
    out
}
