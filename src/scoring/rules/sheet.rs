//! One sheet: what a member, or the producer about himself, marks for every criterion.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stop;
use crate::rulebook::marks::{eliminated, total};
use crate::rulebook::{CriteriaSet, Criterion};

pub use crate::rulebook::marks::{Choice, Marks, applies, check_mark, unmarked};

/// Why a sheet was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnockedOut {
    /// Code of a ground of disqualification, or of a criterion or section with an eliminating note.
    pub at: String,
    /// What was found.
    pub reason: String,
}

/// A sheet while it is being filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sheet {
    /// Code of the criteria set.
    pub set: String,
    /// The choices.
    #[serde(default)]
    pub marks: Marks,
    /// The eliminating ground, if one was found; it stops the sheet.
    #[serde(default)]
    pub knock_out: Option<KnockedOut>,
}

/// A sheet that was checked and closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SealedSheet {
    /// Label of the seat, unique in the session.
    pub seat: String,
    /// Whether it is the sheet of the chair or of the delegated deputy.
    pub chair: bool,
    /// The choices.
    pub marks: Marks,
    /// Sum of the points; none when the sheet was stopped.
    pub total: Option<i64>,
    /// Why the sheet was stopped.
    pub knocked_out: Option<KnockedOut>,
}

/// Closes a sheet. A knock-out stops it without a total; otherwise every criterion that applies
/// must be marked, because an unmarked criterion is never a silent zero.
pub fn seal(set: &CriteriaSet, sheet: &Sheet, seat: &str, chair: bool) -> Result<SealedSheet, Stop> {
    if sheet.set != set.code {
        return Err(Stop::SetMismatch { sheet: sheet.set.clone(), set: set.code.clone() });
    }
    let knocked_out = match &sheet.knock_out {
        Some(found) => Some(check_knock_out(set, found)?),
        None => zero_rule(set, &sheet.marks),
    };
    let total = if knocked_out.is_some() { None } else { Some(total(set, &sheet.marks)?) };
    Ok(SealedSheet { seat: seat.to_owned(), chair, marks: sheet.marks.clone(), total, knocked_out })
}

fn check_knock_out(set: &CriteriaSet, found: &KnockedOut) -> Result<KnockedOut, Stop> {
    if !may_knock_out(set, &found.at) {
        return Err(Stop::KnockOutUnknown { at: found.at.clone() });
    }
    if found.reason.trim().is_empty() {
        return Err(Stop::KnockOutNeedsReason { at: found.at.clone() });
    }
    Ok(found.clone())
}

/// Whether a sheet may be stopped there: a ground of disqualification, an eliminating note, or a
/// note that such products are not assessed at all.
pub fn may_knock_out(set: &CriteriaSet, at: &str) -> bool {
    let noted = |c: &Criterion| c.code == at && (c.knock_out.is_some() || c.not_assessed.is_some());
    set.disqualifier(at).is_some()
        || set.criteria().into_iter().any(noted)
        || set.sections().any(|s| s.code == at && s.knock_out.is_some())
}

/// The knock-out that the marks themselves bring: 0 points where a section allows none.
pub fn zero_rule(set: &CriteriaSet, marks: &Marks) -> Option<KnockedOut> {
    let section = eliminated(set, marks)?;
    let note = section.knock_out.as_ref()?;
    Some(KnockedOut { at: section.code.clone(), reason: note.vi.clone() })
}
