//! What the indicators of a plan count on a day: distinct products of its territory with a valid
//! recognition, and their producers.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::dto::ProgressRow;
use super::model::{Fact, PlanRow, ProducerFact};
use super::rules::{How, Indicator, Line, Plan, RecognisedProduct};
use super::{rules, store};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{ProducerId, ProductId};

/// How far a plan is reached on a day, and what was counted.
pub struct Progress {
    /// Every indicator.
    pub lines: Vec<Line>,
    plan: Plan,
    facts: Vec<Fact>,
    producers: HashMap<ProducerId, ProducerFact>,
}

/// Counts the indicators of a plan on a day.
///
/// # Errors
/// When the database fails.
pub fn progress(cx: &mut Ctx<'_>, row: &PlanRow, on: NaiveDate) -> Result<Progress> {
    let plan = super::plan_of(row)?;
    let facts = facts(cx, row, on)?;
    let owners: BTreeSet<ProducerId> = facts.iter().filter_map(owner).collect();
    let owners: Vec<ProducerId> = owners.into_iter().collect();
    let producers: HashMap<_, _> = store::producers(cx, &owners)?.into_iter().map(|p| (p.id, p)).collect();
    let counted: Vec<RecognisedProduct> = facts.iter().map(|f| as_rule(f, &producers)).collect();
    Ok(Progress { lines: rules::progress(&plan, &counted), plan, facts, producers })
}

/// The valid recognitions of the territory. Where the commune is not known, the unit of the
/// authority decides. The territory of an ended unit is answered over those that followed it.
fn facts(cx: &mut Ctx<'_>, row: &PlanRow, on: NaiveDate) -> Result<Vec<Fact>> {
    let mut facts = store::valid_on(cx, on)?;
    if let Some(place) = row.place_id {
        let inside: HashSet<_> = store::territory(cx, place)?.into_iter().collect();
        facts.retain(|f| f.then_place.or(f.place).or(f.office).is_some_and(|p| inside.contains(&p)));
    }
    Ok(facts)
}

fn owner(fact: &Fact) -> Option<ProducerId> {
    fact.then_producer.or(fact.producer)
}

fn as_rule(fact: &Fact, producers: &HashMap<ProducerId, ProducerFact>) -> RecognisedProduct {
    let owner = owner(fact);
    RecognisedProduct {
        product: fact.product.to_string(),
        producer: owner.map(|id| id.to_string()),
        producer_type: owner.and_then(|id| producers.get(&id)).and_then(|p| p.kind),
        star: u8::try_from(fact.stars).unwrap_or(0),
    }
}

impl Progress {
    /// The rows behind an indicator, in the order of names; nothing when it is not computed.
    pub(super) fn rows(&self, indicator: &Indicator) -> Option<Vec<ProgressRow>> {
        let mut rows = match &indicator.how {
            How::Products { min_star } => self.products(*min_star),
            How::ProducerShare { min_star, types } => {
                let owners: BTreeSet<_> = self.best(*min_star).into_values().filter_map(owner).collect();
                owners
                    .iter()
                    .filter_map(|id| self.producers.get(id))
                    .map(|p| producer_row(p, p.kind.is_some_and(|kind| types.contains(&kind))))
                    .collect()
            }
            How::Recorded { .. } => return None,
        };
        rows.sort_by(|a, b| a.sort.cmp(&b.sort));
        Some(rows)
    }

    /// The indicator with this word.
    pub(super) fn indicator(&self, word: &str) -> Option<&Indicator> {
        self.plan.indicators.iter().find(|i| i.id == word)
    }

    /// The highest valid recognition of each product.
    fn best(&self, min_star: u8) -> BTreeMap<ProductId, &Fact> {
        let mut best: BTreeMap<ProductId, &Fact> = BTreeMap::new();
        for fact in self.facts.iter().filter(|f| f.stars >= i32::from(min_star)) {
            let held = best.entry(fact.product).or_insert(fact);
            if (fact.stars, fact.recognised_on) > (held.stars, held.recognised_on) {
                *held = fact;
            }
        }
        best
    }

    fn products(&self, min_star: u8) -> Vec<ProgressRow> {
        let row = |fact: &Fact| {
            let producer = owner(fact).and_then(|id| self.producers.get(&id));
            ProgressRow {
                counts: true,
                product_id: Some(fact.product),
                product_name: Some(fact.product_name.clone()),
                stars: Some(fact.stars),
                recognised_on: Some(fact.recognised_on),
                valid_through: Some(fact.valid_through),
                producer_id: producer.map(|p| p.id),
                producer_name: producer.map(|p| p.name.clone()),
                producer_kind: producer.and_then(|p| p.kind),
                sort: (fact.product_sort.clone(), fact.product.0),
            }
        };
        self.best(min_star).into_values().map(row).collect()
    }
}

fn producer_row(producer: &ProducerFact, counts: bool) -> ProgressRow {
    ProgressRow {
        counts,
        product_id: None,
        product_name: None,
        stars: None,
        recognised_on: None,
        valid_through: None,
        producer_id: Some(producer.id),
        producer_name: Some(producer.name.clone()),
        producer_kind: producer.kind,
        sort: (producer.sort.clone(), producer.id.0),
    }
}
