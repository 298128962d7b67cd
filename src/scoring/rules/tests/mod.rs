//! Sheets and councils made to measure, and the tests that use them.

use super::*;
use crate::rulebook::criteria::{sets, test_sets};
use crate::rulebook::{CriteriaSet, Criterion, CriterionOption};

mod advice;
mod agreement;
mod council;
mod figures;
mod independence;
mod properties;
mod sheet;

pub(super) fn set(code: &str) -> &'static CriteriaSet {
    sets().iter().chain(test_sets()).find(|s| s.code == code).unwrap()
}

/// The bands of Điều 3 khoản 3.
pub(super) fn bands() -> Bands {
    let band = |star, from, below| Band { star, from, below };
    Bands::new(vec![
        band(1, 0, Some(30)),
        band(2, 30, Some(50)),
        band(3, 50, Some(70)),
        band(4, 70, Some(90)),
        band(5, 90, None),
    ])
    .unwrap()
}

pub(super) fn choice(option: &str) -> Choice {
    Choice { option: Some(option.to_owned()), ..Choice::default() }
}

pub(super) fn none(why: &str) -> Choice {
    Choice { comment: Some(why.to_owned()), ..Choice::default() }
}

/// Marks that come to exactly `wanted` points from the options a test allows. Case 1 is taken where
/// there are cases, and conditions of other criteria are kept met.
pub(super) fn marks(set: &CriteriaSet, wanted: i64, allowed: impl Fn(&Criterion, &CriterionOption) -> bool) -> Marks {
    let condition = |c: &Criterion, o: &CriterionOption| {
        let of = set.scored().into_iter().filter_map(|x| x.applies_if.clone()).find(|a| a.criterion == c.code);
        of.is_none_or(|a| o.points >= a.min_points)
    };
    let mut ways: std::collections::BTreeMap<i64, Marks> = [(0, Marks::new())].into();
    for criterion in set.scored() {
        let mut next = std::collections::BTreeMap::new();
        for (sum, way) in ways {
            let open = criterion.options.iter().filter(|o| o.case.is_none_or(|k| k == 1));
            for option in open.filter(|o| condition(criterion, o) && allowed(criterion, o)) {
                next.entry(sum + option.points).or_insert_with(|| {
                    let choice = Choice { case: option.case, ..choice(&option.code) };
                    let mut longer = way.clone();
                    longer.insert(criterion.code.clone(), choice);
                    longer
                });
            }
        }
        ways = next;
    }
    ways.remove(&wanted).unwrap_or_else(|| panic!("{}: {wanted} points cannot be reached", set.code))
}

/// Whether an option reaches every minimum up to a star.
pub(super) fn meets(star: u8) -> impl Fn(&Criterion, &CriterionOption) -> bool {
    move |c, o| c.branch(o.case).filter(|m| m.minimum_for_star.is_some_and(|s| s <= star)).all(|m| o.points >= m.points)
}

pub(super) fn sealed(set: &CriteriaSet, seat: usize, marks: Marks) -> SealedSheet {
    let sheet = Sheet { set: set.code.clone(), marks, knock_out: None };
    seal(set, &sheet, &format!("Ghế {seat}"), seat == 1).unwrap()
}

pub(super) fn stopped(set: &CriteriaSet, seat: usize, at: &str, reason: &str) -> SealedSheet {
    let knock_out = Some(KnockedOut { at: at.into(), reason: reason.into() });
    let sheet = Sheet { set: set.code.clone(), marks: Marks::new(), knock_out };
    seal(set, &sheet, &format!("Ghế {seat}"), seat == 1).unwrap()
}

/// A council whose sheets all reach the minima of a star.
pub(super) fn council(set: &CriteriaSet, totals: &[i64], star: u8) -> Vec<SealedSheet> {
    totals.iter().enumerate().map(|(i, t)| sealed(set, i + 1, marks(set, *t, meets(star)))).collect()
}

/// Marks with every minimum met except one criterion, which takes a given option.
pub(super) fn but(set: &CriteriaSet, total: i64, criterion: &str, option: &str) -> Marks {
    marks(set, total, |c, o| if c.code == criterion { o.code == option } else { meets(5)(c, o) })
}

/// `good` sheets reach the five-star minimum of 4.1 in set 07, `bad` ones do not.
pub(super) fn split(good: usize, bad: usize) -> Vec<SealedSheet> {
    let set = set("07");
    let good = (0..good).map(|_| marks(set, 92, meets(5)));
    let bad = (0..bad).map(|_| but(set, 92, "4.1", "c"));
    good.chain(bad).enumerate().map(|(i, m)| sealed(set, i + 1, m)).collect()
}
