//! What holds for every council: tried on many, each from the same small generator.

use super::advice::{Dice, random_sheet};
use super::*;
use crate::scoring::rules::edits::{Rank, counts_at, standing};
use crate::scoring::rules::regulation::Aggregation;
use crate::scoring::rules::star::{Conclusion, KnockOutConclusion};

/// How often each property is tried in each set.
const TRIES: usize = 12;

/// The chair has concluded on everything that could be asked: nothing is met, nothing is rejected.
fn concluded(set: &CriteriaSet) -> Conclusions {
    let minima = set.scored().into_iter().flat_map(|c| c.minimum_stars().into_iter().map(|s| (c.code.clone(), s)));
    let conclude = |(criterion, star)| Conclusion { criterion, star, holds: false, reason: "Không đạt".into() };
    let knock_out = Some(KnockOutConclusion { reject: false, reason: "Đã xác minh".into() });
    Conclusions { minima: minima.map(conclude).collect(), knock_out }
}

fn rules(aggregation: Aggregation) -> Regulation {
    Regulation { spread_limit: 100, aggregation, ..Regulation::default() }
}

fn settle(set: &CriteriaSet, sheets: &[SealedSheet], aggregation: Aggregation) -> Finding {
    outcome(set, &bands(), sheets, &rules(aggregation), &concluded(set)).unwrap()
}

/// Up to nine sheets of about the same skill; those that the set itself stops are left out, so that
/// one at least has a total.
fn random_council(set: &CriteriaSet, dice: &mut Dice) -> Vec<SealedSheet> {
    let (size, skill) = (1 + dice.below(9), dice.below(10));
    let mut out = Vec::new();
    while out.len() < size {
        let sheet = Sheet { set: set.code.clone(), marks: random_sheet(set, dice, skill), knock_out: None };
        let sealed = seal(set, &sheet, &format!("Ghế {}", out.len() + 1), out.is_empty()).unwrap();
        if sealed.total.is_some() || dice.below(4) == 0 && !out.is_empty() {
            out.push(sealed);
        }
    }
    out
}

fn everywhere(mut try_one: impl FnMut(&CriteriaSet, &mut Dice)) {
    let mut dice = Dice(26_2026);
    for set in sets().iter().chain(test_sets()) {
        for _ in 0..TRIES {
            try_one(set, &mut dice);
        }
    }
}

const BOTH: [Aggregation; 2] = [Aggregation::Mean, Aggregation::TrimmedMean];

#[test]
fn any_order_of_sheets_gives_the_same_result() {
    everywhere(|set, dice| {
        let sheets = random_council(set, dice);
        let mut other = sheets.clone();
        for i in (1..other.len()).rev() {
            other.swap(i, dice.below(i + 1));
        }
        for aggregation in BOTH {
            assert_eq!(settle(set, &sheets, aggregation), settle(set, &other, aggregation), "{}", set.code);
        }
    });
}

#[test]
fn totals_stay_between_nothing_and_a_hundred() {
    everywhere(|set, dice| {
        for sheet in random_council(set, dice) {
            assert!(sheet.total.is_none_or(|t| (0..=100).contains(&t)), "{}: {:?}", set.code, sheet.total);
        }
    });
}

/// A better option for one criterion of one sheet, within its case; conditions of other criteria are
/// left alone, since raising one may make another criterion apply.
fn raised(set: &CriteriaSet, sheet: &SealedSheet, dice: &mut Dice) -> Option<SealedSheet> {
    let condition =
        |code: &str| set.scored().iter().any(|c| c.applies_if.as_ref().is_some_and(|a| a.criterion == code));
    let scored = set.scored();
    let criterion = scored[dice.below(scored.len())];
    let choice = sheet.marks.get(&criterion.code)?;
    let now = criterion.option(choice.option.as_deref()?)?;
    let better: Vec<_> = criterion.branch(choice.case).filter(|o| o.points > now.points).collect();
    if condition(&criterion.code) || better.is_empty() {
        return None;
    }
    let mut marks = sheet.marks.clone();
    let option = Some(better[dice.below(better.len())].code.clone());
    marks.insert(criterion.code.clone(), Choice { option, ..choice.clone() });
    let open = Sheet { set: set.code.clone(), marks, knock_out: None };
    seal(set, &open, &sheet.seat, sheet.chair).ok().filter(|s| s.total.is_some() == sheet.total.is_some())
}

#[test]
fn raising_an_option_on_one_sheet_never_lowers_the_star() {
    let mut tried = 0;
    everywhere(|set, dice| {
        let sheets = random_council(set, dice);
        let at = dice.below(sheets.len());
        let Some(better) = raised(set, &sheets[at], dice) else { return };
        let mut other = sheets.clone();
        other[at] = better;
        for aggregation in BOTH {
            let (before, after) = (settle(set, &sheets, aggregation), settle(set, &other, aggregation));
            assert!(after.star >= before.star, "{}: {:?} → {:?}", set.code, before.star, after.star);
        }
        tried += 1;
    });
    assert!(tried > 100, "{tried}");
}

#[test]
fn removing_a_minimum_never_lowers_the_star() {
    let mut changed = 0;
    everywhere(|set, dice| {
        let sheets = random_council(set, dice);
        let marked: Vec<String> =
            set.scored().into_iter().filter(|c| !c.minimum_stars().is_empty()).map(|c| c.code.clone()).collect();
        if marked.is_empty() {
            return;
        }
        let gone = &marked[dice.below(marked.len())];
        let mut eased = set.clone();
        ease(&mut eased, gone);
        let (before, after) = (settle(set, &sheets, Aggregation::Mean), settle(&eased, &sheets, Aggregation::Mean));
        assert!(after.star >= before.star, "{} {gone}: {:?} → {:?}", set.code, before.star, after.star);
        changed += usize::from(after.star > before.star);
    });
    assert!(changed > 0, "some star hung on a single minimum");
}

fn ease(set: &mut CriteriaSet, code: &str) {
    fn within(criteria: &mut [Criterion], code: &str) {
        for criterion in criteria {
            if criterion.code == code {
                criterion.options.iter_mut().for_each(|o| o.minimum_for_star = None);
            }
            within(&mut criterion.criteria, code);
        }
    }
    for section in set.parts.iter_mut().flat_map(|p| &mut p.sections) {
        within(&mut section.criteria, code);
    }
}

#[test]
fn the_flag_is_set_exactly_when_leaving_out_one_sheet_gives_another_star() {
    let mut flagged = 0;
    everywhere(|set, dice| {
        let sheets = random_council(set, dice);
        let found = settle(set, &sheets, Aggregation::Mean);
        let without = |left_out: usize| {
            let rest: Vec<SealedSheet> =
                sheets.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, s)| s.clone()).collect();
            outcome(set, &bands(), &rest, &rules(Aggregation::Mean), &concluded(set))
        };
        let differs = |at| without(at).map_or(true, |o| (o.star, o.rejected()) != (found.star, found.rejected()));
        assert_eq!(found.sensitive, (0..sheets.len()).any(differs), "{}", set.code);
        flagged += usize::from(found.sensitive);
    });
    assert!(flagged > 20, "{flagged}");
}

#[test]
fn every_set_reaches_exactly_a_hundred_and_five_stars() {
    assert_eq!(sets().len(), 26);
    for set in sets() {
        let best = marks(set, 100, meets(5));
        let found = settle(set, &[sealed(set, 1, best)], Aggregation::Mean);
        assert_eq!((found.mean.map(|m| m.sum), found.star), (Some(100), Some(5)), "{}", set.code);
    }
}

#[test]
fn a_rejected_dossier_has_no_star_whatever_its_points() {
    let mut rejected = 0;
    for set in sets() {
        let Some(ground) = set.disqualifiers.first() else { continue };
        for stops in 2..=4 {
            let good = (0..3).map(|i| sealed(set, i + 1, marks(set, 100, meets(5))));
            let sheets: Vec<SealedSheet> =
                good.chain((0..stops).map(|i| stopped(set, i + 4, &ground.code, "Hồ sơ giả"))).collect();
            let found = settle(set, &sheets, Aggregation::Mean);
            assert_eq!(found.rejected(), stops > 3, "{} {stops}", set.code);
            assert!(!found.rejected() || (found.star, found.mean) == (None, None), "{}", set.code);
            rejected += usize::from(found.rejected());
        }
    }
    assert!(rejected > 0);
}

#[test]
fn the_edit_that_stands_depends_on_the_edits_alone() {
    let mut dice = Dice(40);
    for _ in 0..500 {
        let rank = |dice: &mut Dice| {
            let edited_at = i64::try_from(dice.below(5)).unwrap();
            let device = ["", "tablet", "laptop"][dice.below(3)].to_owned();
            Rank { counts_at: counts_at(edited_at, 3), edited_at, device, digest: dice.below(3).to_string() }
        };
        let edits: Vec<Rank> = (0..1 + dice.below(6)).map(|_| rank(&mut dice)).collect();
        let mut again = [edits.clone(), edits.clone()].concat();
        for i in (1..again.len()).rev() {
            again.swap(i, dice.below(i + 1));
        }
        let (one, other) = (standing(&edits, Rank::clone).unwrap(), standing(&again, Rank::clone).unwrap());
        assert_eq!(one, other);
        assert!(edits.iter().all(|e| e.counts_at <= one.counts_at), "the last editor's stands");
    }
    assert_eq!(counts_at(9, 3), 3, "a clock that runs ahead counts from the arrival");
}
