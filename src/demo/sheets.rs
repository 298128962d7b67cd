//! Sheets made to measure: marks that come to a total and meet the minima of a star.

use std::collections::BTreeMap;

use anyhow::Context;

use crate::rulebook::criteria::{sets, test_sets};
use crate::rulebook::marks::{Choice, Marks};
use crate::rulebook::{CriteriaSet, Criterion, CriterionOption};

/// A set that the binary carries.
pub(super) fn set(code: &str) -> anyhow::Result<&'static CriteriaSet> {
    let found = sets().iter().chain(test_sets()).find(|s| s.code == code);
    found.with_context(|| format!("no criteria set {code}"))
}

/// The best that can be said of every criterion.
pub(super) fn best(set: &CriteriaSet) -> Marks {
    let of = |criterion: &Criterion| {
        let case = criterion.cases.first().map(|c| c.case);
        let option = criterion.branch(case).max_by_key(|o| o.points)?;
        Some((criterion.code.clone(), chosen(option)))
    };
    set.scored().into_iter().filter_map(of).collect()
}

/// Marks of exactly so many points with every minimum up to a star met; one criterion may be held
/// at an option of its own (a minimum missed).
pub(super) fn marks(set: &CriteriaSet, total: i64, star: u8, held: Option<(&str, &str)>) -> anyhow::Result<Marks> {
    let mut ways: BTreeMap<i64, Marks> = [(0, Marks::new())].into();
    for criterion in set.scored() {
        let mut next = BTreeMap::new();
        for (sum, way) in ways {
            // Where there are cases, the first is taken.
            let open = criterion.options.iter().filter(|o| o.case.is_none_or(|case| case == 1));
            for option in open.filter(|o| keeps_conditions(set, criterion, o)) {
                let allowed = match held {
                    Some((code, wanted)) if code == criterion.code => option.code == wanted,
                    _ => meets(criterion, option, star),
                };
                if allowed {
                    next.entry(sum + option.points).or_insert_with(|| {
                        let mut longer = way.clone();
                        longer.insert(criterion.code.clone(), chosen(option));
                        longer
                    });
                }
            }
        }
        ways = next;
    }
    ways.remove(&total).with_context(|| format!("set {}: {total} points with {star} stars cannot be reached", set.code))
}

fn chosen(option: &CriterionOption) -> Choice {
    Choice { option: Some(option.code.clone()), case: option.case, comment: None }
}

fn meets(criterion: &Criterion, option: &CriterionOption, star: u8) -> bool {
    let minima = criterion.branch(option.case).filter(|m| m.minimum_for_star.is_some_and(|s| s <= star));
    minima.into_iter().all(|m| option.points >= m.points)
}

/// Whether criteria that apply only with enough points here still do.
fn keeps_conditions(set: &CriteriaSet, criterion: &Criterion, option: &CriterionOption) -> bool {
    let conditions = set.scored().into_iter().filter_map(|c| c.applies_if.as_ref());
    conditions.into_iter().filter(|c| c.criterion == criterion.code).all(|c| option.points >= c.min_points)
}
