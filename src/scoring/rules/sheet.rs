//! One sheet: what a member, or the producer about himself, marks for every criterion.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stop;
use crate::rulebook::{ChoiceKind, CriteriaSet, Criterion, CriterionOption, Section};

/// The choices of a sheet, by code of criterion.
pub type Marks = BTreeMap<String, Choice>;

/// What was chosen for one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Choice {
    /// Code of the option; `null` says "none fits": 0 points, and no star minimum of the criterion
    /// is met. The decision prints no such option, so a comment is required.
    pub option: Option<String>,
    /// The case, where the criterion has cases.
    pub case: Option<u8>,
    /// Remark of whoever marks.
    pub comment: Option<String>,
}

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

/// Checks one mark against the set and the other marks, and gives its points.
///
/// A criterion whose condition (`appliesIf`) is marked and not met takes only "none", without a
/// comment. While the condition itself is unmarked the choice is taken as it is: [`seal`] looks at
/// the whole sheet again.
pub fn check_mark(set: &CriteriaSet, criterion: &str, choice: &Choice, others: &Marks) -> Result<i64, Stop> {
    let found = scored(set, criterion)?;
    if !applies(set, found, others) {
        let because = found.applies_if.as_ref().map(|c| c.criterion.clone()).unwrap_or_default();
        return match choice.option {
            None => Ok(0),
            Some(_) => Err(Stop::NotApplicable { criterion: criterion.to_owned(), because }),
        };
    }
    match choice.option {
        Some(_) => chosen(found, choice).map(|option| option.points),
        None if choice.comment.as_deref().is_none_or(|c| c.trim().is_empty()) => {
            Err(Stop::NoneNeedsComment { criterion: criterion.to_owned() })
        }
        None => check_case(found, choice, false).map(|()| 0),
    }
}

fn scored<'a>(set: &'a CriteriaSet, code: &str) -> Result<&'a Criterion, Stop> {
    match set.criterion(code) {
        None => Err(Stop::CriterionUnknown { criterion: code.to_owned() }),
        Some(found) if found.is_container() => Err(Stop::CriterionNotScored { criterion: code.to_owned() }),
        Some(found) => Ok(found),
    }
}

/// Whether a criterion is to be scored on a sheet: its condition is met, or not marked yet.
pub fn applies(set: &CriteriaSet, criterion: &Criterion, marks: &Marks) -> bool {
    let Some(condition) = &criterion.applies_if else { return true };
    match marks.get(&condition.criterion) {
        None => true,
        Some(choice) => points(set, &condition.criterion, choice) >= condition.min_points,
    }
}

fn points(set: &CriteriaSet, criterion: &str, choice: &Choice) -> i64 {
    let option = set.criterion(criterion).and_then(|c| c.option(choice.option.as_deref()?));
    option.map_or(0, |o| o.points)
}

fn chosen<'a>(criterion: &'a Criterion, choice: &Choice) -> Result<&'a CriterionOption, Stop> {
    check_case(criterion, choice, true)?;
    let code = choice.option.as_deref().unwrap_or_default();
    let at = || (criterion.code.clone(), code.to_owned());
    let Some(option) = criterion.option(code) else {
        let (criterion, option) = at();
        return Err(Stop::OptionUnknown { criterion, option });
    };
    if option.case != choice.case {
        let (criterion, option) = at();
        return Err(Stop::OptionOfOtherCase { criterion, option });
    }
    Ok(option)
}

fn check_case(criterion: &Criterion, choice: &Choice, required: bool) -> Result<(), Stop> {
    let at = criterion.code.clone();
    match (criterion.choice == Some(ChoiceKind::OneCase), choice.case) {
        (true, None) if required => Err(Stop::CaseRequired { criterion: at }),
        (true, Some(case)) if criterion.cases.iter().all(|k| k.case != case) => {
            Err(Stop::CaseUnknown { criterion: at, case })
        }
        (false, Some(case)) => Err(Stop::CaseUnknown { criterion: at, case }),
        _ => Ok(()),
    }
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

/// The sum of a complete sheet, in points; what is missing or wrong stops it.
pub fn total(set: &CriteriaSet, marks: &Marks) -> Result<i64, Stop> {
    let mut sum = 0;
    for (criterion, choice) in marks {
        sum += check_mark(set, criterion, choice, marks)?;
    }
    let missing = unmarked(set, marks);
    if missing.is_empty() { Ok(sum) } else { Err(Stop::Incomplete { criteria: missing }) }
}

/// The criteria that still need a mark, in printed order.
pub fn unmarked(set: &CriteriaSet, marks: &Marks) -> Vec<String> {
    let open = |c: &&Criterion| !marks.contains_key(&c.code) && applies(set, c, marks);
    set.scored().into_iter().filter(open).map(|c| c.code.clone()).collect()
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
    let zero = |s: &Section| {
        let codes = s.knock_out_if_zero.iter();
        codes
            .filter_map(|code| marks.get_key_value(code))
            .find(|(code, choice)| points(set, code, choice) == 0)
            .is_some()
    };
    let section = set.sections().find(|s| zero(s))?;
    let note = section.knock_out.as_ref()?;
    Some(KnockedOut { at: section.code.clone(), reason: note.vi.clone() })
}
