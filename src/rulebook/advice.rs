//! What to change so that a self-assessment reaches the next star: the fewest criteria, by the same
//! rules that give the star. A forecast for the producer; only a council gives a star.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bands::Bands;
use super::criteria::{CriteriaSet, Criterion, CriterionOption};
use super::marks::{Choice, Marks, Stop, applies, points};
use super::preview::{missing, preview};

crate::words! {
    /// Why a criterion should be raised.
    pub enum AdviceNeed {
        /// A star minimum is not reached.
        Minimum = "minimum",
        /// 0 points there eliminate the product.
        KnockOut = "knockOut",
        /// It is scored only once another step is taken, and has no option yet.
        Applies = "applies",
        /// The points are missing to the band.
        Points = "points",
    }
}

/// One criterion to raise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdvisedStep {
    /// Code of the criterion.
    pub criterion: String,
    /// Why.
    pub need: AdviceNeed,
    /// The option chosen now; `null` for "none" or nothing yet.
    pub from: Option<String>,
    /// The least option that is enough.
    pub to: String,
    /// The case that option belongs to, where the criterion has cases.
    pub case: Option<u8>,
    /// Points that it adds.
    pub gain: i64,
}

/// The way to the next star: all steps together reach it, all but any one do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Advice {
    /// The star it reaches.
    pub star: u8,
    /// Points after all steps.
    pub total: i64,
    /// Minima and eliminating criteria in printed order, then the criteria that bring most points.
    pub steps: Vec<AdvisedStep>,
}

/// The way to the next star. None at the highest one, or where the chosen cases do not hold enough
/// points for it.
///
/// # Errors
/// When a mark does not fit the set, as on a sheet.
pub fn advise(set: &CriteriaSet, bands: &Bands, marks: &Marks) -> Result<Option<Advice>, Stop> {
    let now = preview(set, bands, marks)?;
    let Some(star) = now.next.map(|n| n.star) else { return Ok(None) };
    let band = bands.star(star).map_or(0, |b| b.from);
    let mut way = Way { set, star, band, marks: marks.clone(), must: BTreeSet::new() };
    way.meet_minima();
    way.gather_points();
    if !way.arrives(bands, &way.marks) {
        return Ok(None);
    }
    way.leave_out_what_is_not_needed(bands, marks);
    let total = way.total();
    Ok(Some(Advice { star, total, steps: way.steps(marks) }))
}

/// A sheet on its way to a star.
struct Way<'a> {
    set: &'a CriteriaSet,
    star: u8,
    /// Points from which the band of the star begins.
    band: i64,
    marks: Marks,
    /// Criteria that must change whatever the points are.
    must: BTreeSet<String>,
}

impl<'a> Way<'a> {
    fn total(&self) -> i64 {
        self.marks.iter().map(|(code, choice)| points(self.set, code, choice)).sum()
    }

    /// Codes of the criteria where 0 points eliminate the product.
    fn never_zero(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        self.set.sections().flat_map(|s| &s.knock_out_if_zero)
    }

    fn points_of(&self, criterion: &Criterion) -> i64 {
        self.marks.get(&criterion.code).map_or(0, |choice| points(self.set, &criterion.code, choice))
    }

    /// The options to choose from: of the chosen case; while none is chosen, of the case worth most.
    fn branch(&self, criterion: &'a Criterion) -> Vec<&'a CriterionOption> {
        let chosen = self.marks.get(&criterion.code).and_then(|c| c.case);
        let worth = |case: u8| criterion.branch(Some(case)).map(|o| o.points).max().unwrap_or(0);
        let best = || criterion.cases.iter().map(|k| k.case).min_by_key(|case| Reverse(worth(*case)));
        criterion.branch(chosen.or_else(best)).collect()
    }

    /// The least option of the branch that is worth so many points.
    fn least(&self, criterion: &'a Criterion, points: i64) -> Option<&'a CriterionOption> {
        self.branch(criterion).into_iter().filter(|o| o.points >= points).min_by_key(|o| o.points)
    }

    fn choose(&mut self, criterion: &Criterion, option: &CriterionOption) {
        let choice = Choice { option: Some(option.code.clone()), case: option.case, comment: None };
        self.marks.insert(criterion.code.clone(), choice);
    }

    /// Raises what a minimum or an eliminating note asks for. A criterion that applies only now, because
    /// another was raised, brings its own minima: so again until nothing is missing.
    fn meet_minima(&mut self) {
        loop {
            let before = self.marks.clone();
            for code in missing(self.set, self.star, &self.marks).into_iter().map(|m| m.criterion) {
                self.raise_to_minimum(&code);
            }
            for criterion in self.never_zero().filter_map(|code| self.set.criterion(code)) {
                if applies(self.set, criterion, &self.marks) && self.points_of(criterion) == 0 {
                    self.must_be_worth(criterion, 1);
                }
            }
            let silent = |c: &&Criterion| {
                let unsaid = self.marks.get(&c.code).is_some_and(|m| m.option.is_none() && m.comment.is_none());
                unsaid && applies(self.set, c, &self.marks)
            };
            let silent: Vec<_> = self.set.scored().into_iter().filter(silent).collect();
            silent.into_iter().for_each(|criterion| self.must_be_worth(criterion, 0));
            if self.marks == before {
                return;
            }
        }
    }

    fn raise_to_minimum(&mut self, code: &str) {
        let Some(criterion) = self.set.criterion(code) else { return };
        let marked = |o: &&CriterionOption| o.minimum_for_star.is_some_and(|star| star <= self.star);
        let needed = self.branch(criterion).into_iter().filter(marked).map(|o| o.points).max();
        self.must_be_worth(criterion, needed.unwrap_or(0));
    }

    fn must_be_worth(&mut self, criterion: &'a Criterion, points: i64) {
        if let Some(option) = self.least(criterion, points) {
            self.choose(criterion, option);
            self.must.insert(criterion.code.clone());
        }
    }

    /// Raises criteria until the band is reached: first those that must change anyway, then those that
    /// bring most. Each is raised no higher than it takes.
    fn gather_points(&mut self) {
        while self.band > self.total() {
            let Some(criterion) = self.most_useful() else { return };
            let wanted = self.points_of(criterion) + self.band - self.total();
            let top = self.branch(criterion).into_iter().max_by_key(|o| o.points);
            if let Some(option) = self.least(criterion, wanted).or(top) {
                self.choose(criterion, option);
            }
            self.meet_minima();
        }
    }

    /// The points that a criterion can still bring.
    fn room(&self, criterion: &'a Criterion) -> i64 {
        let top = self.branch(criterion).into_iter().map(|o| o.points).max();
        top.unwrap_or(0) - self.points_of(criterion)
    }

    fn most_useful(&self) -> Option<&'a Criterion> {
        let scored = self.set.scored().into_iter();
        let open = scored.filter(|c| applies(self.set, c, &self.marks) && self.room(c) > 0);
        open.min_by_key(|c| (!self.must.contains(&c.code), Reverse(self.room(c))))
    }

    fn arrives(&self, bands: &Bands, marks: &Marks) -> bool {
        preview(self.set, bands, marks).is_ok_and(|p| p.star >= self.star)
    }

    /// Takes back every change without which the star is reached too, the smallest first.
    fn leave_out_what_is_not_needed(&mut self, bands: &Bands, own: &Marks) {
        let mut steps = self.steps(own);
        steps.sort_by_key(|s| s.gain);
        for step in steps {
            let mut without = self.marks.clone();
            match own.get(&step.criterion) {
                Some(choice) => without.insert(step.criterion, choice.clone()),
                None => without.remove(&step.criterion),
            };
            if self.arrives(bands, &without) {
                self.marks = without;
            }
        }
    }

    fn steps(&self, own: &Marks) -> Vec<AdvisedStep> {
        let unmet: BTreeSet<String> = missing(self.set, self.star, own).into_iter().map(|m| m.criterion).collect();
        let need = |criterion: &Criterion, before: i64| match &criterion.code {
            code if !self.must.contains(code) => AdviceNeed::Points,
            _ if !applies(self.set, criterion, own) => AdviceNeed::Applies,
            code if before == 0 && self.never_zero().any(|c| c == code) && !unmet.contains(code) => {
                AdviceNeed::KnockOut
            }
            _ => AdviceNeed::Minimum,
        };
        let step = |criterion: &Criterion| {
            let code = &criterion.code;
            let (old, new) = (own.get(code), self.marks.get(code)?);
            let to = new.option.clone()?;
            let before = old.map_or(0, |choice| points(self.set, code, choice));
            let changed = old.and_then(|o| o.option.as_ref()) != Some(&to);
            changed.then(|| AdvisedStep {
                criterion: code.clone(),
                need: need(criterion, before),
                from: old.and_then(|o| o.option.clone()),
                to,
                case: new.case,
                gain: points(self.set, code, new) - before,
            })
        };
        let mut steps: Vec<AdvisedStep> = self.set.scored().into_iter().filter_map(step).collect();
        let last = |s: &AdvisedStep| if s.need == AdviceNeed::Points { (1, Reverse(s.gain)) } else { (0, Reverse(0)) };
        steps.sort_by_key(last);
        steps
    }
}
