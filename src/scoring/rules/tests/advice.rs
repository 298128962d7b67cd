//! The advice for the next star, followed and then judged by the council's own rules.

use super::*;
use crate::rulebook::advice::{Advice, advise};
use crate::rulebook::marks::applies;

/// A small generator, so that a failure can be seen again.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// A complete sheet; the skill, 0 to 9, is how often the best option is taken.
pub(super) fn random_sheet(set: &CriteriaSet, dice: &mut Dice, skill: usize) -> Marks {
    let mut marks = Marks::new();
    for criterion in set.scored() {
        let case = (!criterion.cases.is_empty()).then(|| criterion.cases[dice.below(criterion.cases.len())].case);
        let open: Vec<_> = criterion.branch(case).collect();
        let best = open.iter().max_by_key(|o| o.points).unwrap();
        let option = if dice.below(10) < skill { best } else { &open[dice.below(open.len())] };
        let chosen = match applies(set, criterion, &marks) {
            true => Choice { case, ..choice(&option.code) },
            false => Choice::default(),
        };
        marks.insert(criterion.code.clone(), chosen);
    }
    marks
}

/// The star a council of one gives; none where the sheet is refused or the product eliminated.
fn star_of(set: &CriteriaSet, marks: &Marks) -> Option<u8> {
    let sheet = Sheet { set: set.code.clone(), marks: marks.clone(), knock_out: None };
    let sealed = seal(set, &sheet, "Ghế 1", true).ok()?;
    outcome(set, &bands(), &[sealed], &Regulation::default(), &Conclusions::default()).unwrap().star
}

fn followed(marks: &Marks, advice: &Advice, but: Option<usize>) -> Marks {
    let mut marks = marks.clone();
    for (_, step) in advice.steps.iter().enumerate().filter(|(i, _)| Some(*i) != but) {
        marks.insert(step.criterion.clone(), Choice { case: step.case, ..choice(&step.to) });
    }
    marks
}

/// 100 random sheets in every set, shipped and for tests.
#[test]
fn advice_reaches_the_star_and_leaving_out_any_step_does_not() {
    let (mut dice, mut steps, mut silent) = (Dice(26_2026), 0, 0);
    for set in sets().iter().chain(test_sets()) {
        for n in 0..100 {
            let own = random_sheet(set, &mut dice, n % 10);
            let Some(advice) = advise(set, &bands(), &own).unwrap() else {
                silent += usize::from(star_of(set, &own) != Some(5));
                continue;
            };
            steps += advice.steps.len();
            assert!(star_of(set, &own).is_none_or(|s| s < advice.star), "{} {own:?}", set.code);
            let all = followed(&own, &advice, None);
            assert!(star_of(set, &all) >= Some(advice.star), "{} {own:?} {advice:?}", set.code);
            for but in 0..advice.steps.len() {
                let less = followed(&own, &advice, Some(but));
                assert!(star_of(set, &less) < Some(advice.star), "{} without {but}: {advice:?}", set.code);
            }
        }
    }
    assert!(steps > 4_000, "only {steps} steps were tried");
    assert_eq!(silent, 0, "sheets below the highest star without advice");
}

/// Where only points are missing, no smaller number of criteria would do: the steps below the last
/// bring the most that as many criteria can bring.
#[test]
fn points_come_from_the_fewest_criteria() {
    let set = set("07");
    for total in [52, 60, 68] {
        let own = marks(set, total, meets(4));
        let advice = advise(set, &bands(), &own).unwrap().unwrap();
        let mut gains: Vec<i64> = set
            .scored()
            .into_iter()
            .map(|c| {
                let case = own[&c.code].case;
                let of = |o: &CriterionOption| o.points;
                c.branch(case).map(of).max().unwrap()
                    - own[&c.code].option.as_deref().and_then(|o| c.option(o)).map_or(0, of)
            })
            .collect();
        gains.sort_unstable_by_key(|g| std::cmp::Reverse(*g));
        let fewer: i64 = gains.iter().take(advice.steps.len() - 1).sum();
        assert_eq!(advice.star, 4);
        assert!(total + fewer < 70, "{total}: {} criteria would do", advice.steps.len() - 1);
        assert!(advice.total >= 70);
    }
}
