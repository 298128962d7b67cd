//! Marks for the criteria of a set: what a producer says about himself, and what a member of a
//! council says on a sheet. One check serves both.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::criteria::{ChoiceKind, CriteriaSet, Criterion, CriterionOption, Section};
use crate::refusal::{Item, Refusal};
use crate::text::Label;

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

/// Checks one mark against the set and the other marks, and gives its points.
///
/// A criterion whose condition (`appliesIf`) is marked and not met takes only "none", without a
/// comment. While the condition itself is unmarked the choice is taken as it is: [`total`] looks at
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

/// The points of a choice, 0 for "none".
pub fn points(set: &CriteriaSet, criterion: &str, choice: &Choice) -> i64 {
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

/// The section whose eliminating note the marks themselves bring: 0 points where it allows none.
pub fn eliminated<'a>(set: &'a CriteriaSet, marks: &Marks) -> Option<&'a Section> {
    let zero = |code: &String| marks.get(code).is_some_and(|choice| points(set, code, choice) == 0);
    set.sections().find(|s| s.knock_out.is_some() && s.knock_out_if_zero.iter().any(zero))
}

/// Whether one sheet reaches a star minimum of a criterion: the chosen option is worth at least
/// every option with that mark, within the chosen case. "None" fails; a criterion that does not
/// apply fails nothing.
pub fn reached(set: &CriteriaSet, criterion: &Criterion, star: u8, marks: &Marks) -> bool {
    if !applies(set, criterion, marks) {
        return true;
    }
    let Some(choice) = marks.get(&criterion.code) else { return false };
    let needed = needed(criterion, choice, star);
    match choice.option.as_deref().and_then(|code| criterion.option(code)) {
        Some(option) => needed.iter().all(|n| option.points >= n.points),
        None => needed.is_empty(),
    }
}

fn needed<'a>(criterion: &'a Criterion, choice: &Choice, star: u8) -> Vec<&'a CriterionOption> {
    criterion.branch(choice.case).filter(|o| o.minimum_for_star == Some(star)).collect()
}

/// Why a mark, or the marks of a sheet together, were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the figures and codes that the sentence names")]
pub enum Stop {
    /// The set has no such criterion.
    CriterionUnknown { criterion: String },
    /// The criterion is a heading over deeper ones.
    CriterionNotScored { criterion: String },
    /// The criterion has no such option.
    OptionUnknown { criterion: String, option: String },
    /// The option belongs to another case.
    OptionOfOtherCase { criterion: String, option: String },
    /// A case must be chosen before the option.
    CaseRequired { criterion: String },
    /// The criterion has no such case, or no cases at all.
    CaseUnknown { criterion: String, case: u8 },
    /// "None" was chosen without saying why.
    NoneNeedsComment { criterion: String },
    /// The condition of the criterion is not met, so it takes no option.
    NotApplicable { criterion: String, because: String },
    /// Criteria without a mark.
    Incomplete { criteria: Vec<String> },
    /// The bands leave a gap, overlap, or do not begin at 0.
    BandsWrong,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::CriterionUnknown { .. } => "sheet_criterion_unknown",
            Self::CriterionNotScored { .. } => "sheet_criterion_not_scored",
            Self::OptionUnknown { .. } => "sheet_option_unknown",
            Self::OptionOfOtherCase { .. } => "sheet_option_other_case",
            Self::CaseRequired { .. } => "sheet_case_required",
            Self::CaseUnknown { .. } => "sheet_case_unknown",
            Self::NoneNeedsComment { .. } => "sheet_none_needs_comment",
            Self::NotApplicable { .. } => "sheet_criterion_not_applicable",
            Self::Incomplete { .. } => "sheet_incomplete",
            Self::BandsWrong => "bands_wrong",
        }
    }

    fn say(&self) -> Label {
        let (vi, en) = match self {
            Self::CriterionUnknown { criterion } => (
                format!("Bộ tiêu chí không có tiêu chí {criterion}"),
                format!("The criteria set has no criterion {criterion}"),
            ),
            Self::CriterionNotScored { criterion } => (
                format!("Mục {criterion} không chấm trực tiếp; chấm các tiêu chí con của mục này"),
                format!("{criterion} is not scored itself; mark the criteria below it"),
            ),
            Self::OptionUnknown { criterion, option } => (
                format!("Tiêu chí {criterion} không có mức {option}"),
                format!("Criterion {criterion} has no option {option}"),
            ),
            Self::OptionOfOtherCase { criterion, option } => (
                format!("Mức {option} của tiêu chí {criterion} thuộc trường hợp khác; chọn mức của trường hợp đã chọn"),
                format!(
                    "Option {option} of criterion {criterion} belongs to another case; choose one of the chosen case"
                ),
            ),
            Self::CaseRequired { criterion } => (
                format!("Tiêu chí {criterion} có nhiều trường hợp; chọn trường hợp trước, rồi chọn mức"),
                format!("Criterion {criterion} has several cases; choose the case first, then the option"),
            ),
            Self::CaseUnknown { criterion, case } => (
                format!("Tiêu chí {criterion} không có trường hợp {case}"),
                format!("Criterion {criterion} has no case {case}"),
            ),
            Self::NoneNeedsComment { criterion } => (
                format!("Chọn “không mức nào” ở tiêu chí {criterion} phải kèm nhận xét, vì được 0 điểm"),
                format!("“None” on criterion {criterion} needs a comment, because it gives 0 points"),
            ),
            Self::NotApplicable { criterion, because } => (
                format!("Tiêu chí {criterion} không áp dụng do kết quả ở tiêu chí {because}; bỏ mức đã chọn"),
                format!("Criterion {criterion} does not apply, given criterion {because}; take the option back"),
            ),
            Self::Incomplete { criteria } => (
                format!("Phiếu còn {} tiêu chí chưa chấm: {}", criteria.len(), criteria.join(", ")),
                format!("The sheet has criteria without a mark ({}): {}", criteria.len(), criteria.join(", ")),
            ),
            Self::BandsWrong => (
                "Các mức điểm theo sao phải bắt đầu từ 0 và nối liền nhau".to_owned(),
                "The bands of points must begin at 0 and join without gap or overlap".to_owned(),
            ),
        };
        Label::new(vi, en)
    }

    fn items(&self) -> Vec<Item> {
        let item = |at: &String| Item { at: at.clone(), word: "sheet_criterion_unmarked", say: unmarked_label() };
        match self {
            Self::Incomplete { criteria } => criteria.iter().map(item).collect(),
            _ => Vec::new(),
        }
    }
}

fn unmarked_label() -> Label {
    Label::new(
        "Chưa chấm; chọn một mức, hoặc “không mức nào” kèm nhận xét",
        "Not marked; choose an option, or “none” with a comment",
    )
}
