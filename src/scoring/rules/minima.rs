//! The star minima: an option marked with a star is the least that must be reached for it
//! (note under every table of Annex II, 26/2026).

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::regulation::MinimaRule;
use super::sheet::SealedSheet;
use super::star::{Conclusion, Conclusions};
use crate::rulebook::{CriteriaSet, Criterion};

pub use crate::rulebook::marks::reached;

/// How often one choice was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Chosen {
    /// Code of the option; `null` for "none".
    pub option: Option<String>,
    /// Sheets that chose it.
    pub sheets: usize,
}

/// What the council found about one star minimum of one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinimumFinding {
    /// Code of the set.
    pub set: String,
    /// Code of the criterion.
    pub criterion: String,
    /// The star.
    pub star: u8,
    /// The least options for that star: one, or one for each case.
    pub needed: Vec<String>,
    /// What was chosen, most frequent first, then the lower option first.
    pub chosen: Vec<Chosen>,
    /// Sheets that reach it, those on which the criterion does not apply among them.
    pub reached: usize,
    /// Sheets counted.
    pub sheets: usize,
    /// Whether it holds for the council.
    pub holds: bool,
    /// The chair's reason, where exactly half of the sheets reach it.
    pub concluded: Option<String>,
}

/// Every minimum up to a star, as the council finds it. Where exactly half of the sheets reach one
/// and the chair has not concluded, it is listed as not holding, and its key is returned too.
pub(super) fn findings(
    set: &CriteriaSet,
    sheets: &[&SealedSheet],
    up_to: u8,
    rule: MinimaRule,
    conclusions: &Conclusions,
) -> (Vec<MinimumFinding>, Vec<(String, u8)>) {
    let mut all = Vec::new();
    let mut open = Vec::new();
    for criterion in set.scored() {
        for star in criterion.minimum_stars().into_iter().filter(|s| *s <= up_to) {
            let mut found = count(set, criterion, star, sheets);
            let conclusion = conclusions.on(&criterion.code, star);
            if decide(&mut found, rule, conclusion) {
                open.push((criterion.code.clone(), star));
            }
            all.push(found);
        }
    }
    (all, open)
}

fn count(set: &CriteriaSet, criterion: &Criterion, star: u8, sheets: &[&SealedSheet]) -> MinimumFinding {
    let marked = criterion.options.iter().filter(|o| o.minimum_for_star == Some(star));
    MinimumFinding {
        set: set.code.clone(),
        criterion: criterion.code.clone(),
        star,
        needed: marked.map(|o| o.code.clone()).collect(),
        chosen: choices(criterion, sheets),
        reached: sheets.iter().filter(|s| reached(set, criterion, star, &s.marks)).count(),
        sheets: sheets.len(),
        holds: false,
        concluded: None,
    }
}

fn choices(criterion: &Criterion, sheets: &[&SealedSheet]) -> Vec<Chosen> {
    let mut out: Vec<Chosen> = Vec::new();
    for choice in sheets.iter().filter_map(|s| s.marks.get(&criterion.code)) {
        match out.iter_mut().find(|c| c.option == choice.option) {
            Some(known) => known.sheets += 1,
            None => out.push(Chosen { option: choice.option.clone(), sheets: 1 }),
        }
    }
    out.sort_by(|a, b| b.sheets.cmp(&a.sheets).then_with(|| a.option.cmp(&b.option)));
    out
}

/// Settles one minimum; true when only the chair can.
fn decide(found: &mut MinimumFinding, rule: MinimaRule, conclusion: Option<&Conclusion>) -> bool {
    match rule {
        MinimaRule::EverySheet => found.holds = found.reached == found.sheets,
        MinimaRule::Majority => match (2 * found.reached).cmp(&found.sheets) {
            Ordering::Greater => found.holds = true,
            Ordering::Less => found.holds = false,
            Ordering::Equal => {
                found.holds = conclusion.is_some_and(|c| c.holds);
                found.concluded = conclusion.map(|c| c.reason.clone());
                return conclusion.is_none();
            }
        },
    }
    false
}
