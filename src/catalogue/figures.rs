//! Stock on a day: distinct products with a valid recognition, never the sum of batches.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use super::dto::{By, Counts, Stats, StatsRow};
use super::potential::{self, Approved};
use super::store::{self, InForce};
use crate::certification::UnitView;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{PlaceId, ProducerId, ProductId};
use crate::places::{self, Level, Place};
use crate::producers::ProducerType;
use crate::text::Label;

/// Figures on a day, for a unit or for all, divided by something.
///
/// # Errors
/// 404 when there is no such unit.
pub fn stats(cx: &mut Ctx<'_>, by: By, on: NaiveDate, place: Option<PlaceId>) -> Result<Stats> {
    let unit = place.map(|id| places::get(cx, id)).transpose()?;
    let inside = place.map(|id| store::territory(cx, id)).transpose()?;
    let within = |ids: [Option<PlaceId>; 2]| {
        inside.as_ref().is_none_or(|t| ids.iter().flatten().any(|id| t.binary_search(id).is_ok()))
    };
    // Of a product that was merged, and in any case, the last recognition counts, once.
    let mut stock: BTreeMap<ProductId, InForce> = BTreeMap::new();
    for row in store::in_force(cx, on)?.into_iter().filter(|r| within([r.place, r.place_now])) {
        stock.insert(row.merged_into.unwrap_or(row.product), row);
    }
    let awaiting: Vec<Approved> =
        potential::approvals(cx, None, on)?.into_iter().filter(|a| a.awaits && within([a.place, None])).collect();
    let mut units = Units { on, level: level_below(cx, unit.as_ref(), on)?, known: HashMap::new() };
    let mut parts: BTreeMap<Key, Part> = BTreeMap::new();
    let mut total = Part::default();
    for (product, row) in &stock {
        let key = key_of(cx, by, &mut units, row)?;
        for part in [&mut total, parts.entry(key).or_default()] {
            part.recognised.insert(*product);
            part.producers.extend(row.producer);
        }
    }
    for approved in &awaiting {
        let held = stock.get(&approved.item.product_id);
        let key = key_of_approved(cx, by, &mut units, approved, held)?;
        for part in [&mut total, parts.entry(key).or_default()] {
            part.potential.insert(approved.item.product_id);
        }
    }
    Ok(Stats {
        on,
        by,
        place: unit.map(UnitView::from),
        total: total.counts(),
        data: parts.into_iter().map(|(key, part)| key.row(part.counts())).collect(),
    })
}

#[derive(Default)]
struct Part {
    recognised: BTreeSet<ProductId>,
    potential: BTreeSet<ProductId>,
    producers: BTreeSet<ProducerId>,
}

impl Part {
    fn counts(&self) -> Counts {
        Counts {
            recognised: self.recognised.len(),
            potential_five: self.potential.len(),
            total_as_published: self.recognised.union(&self.potential).count(),
            producers: self.producers.len(),
        }
    }
}

/// What a part is of; the order is that of the answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Word(String),
    Unit(String, String, PlaceId, Level),
    Unknown,
}

impl Key {
    fn row(self, counts: Counts) -> StatsRow {
        let (key, label, place) = match self {
            Self::Number(n) => (n.to_string(), Label::new(n.to_string(), n.to_string()), None),
            Self::Word(word) => {
                let label = ProducerType::parse(&word).map_or_else(|| Label::new(&word, &word), ProducerType::label);
                (word, label, None)
            }
            Self::Unit(name, code, id, level) => {
                let unit = UnitView { id, code: code.clone(), level, name: name.clone() };
                (code, Label::new(&name, &name), Some(unit))
            }
            Self::Unknown => ("unknown".to_owned(), Label::new("chưa rõ", "unknown"), None),
        };
        StatsRow { key, label, place, counts }
    }
}

fn word(word: &str) -> Key {
    if word.is_empty() { Key::Unknown } else { Key::Word(word.to_owned()) }
}

fn key_of(cx: &mut Ctx<'_>, by: By, units: &mut Units, row: &InForce) -> Result<Key> {
    Ok(match by {
        By::Star => Key::Number(row.stars.into()),
        By::Year => Key::Number(row.on.year().into()),
        By::Group => word(&row.group),
        By::ProducerType => word(row.producer_type.map_or("", ProducerType::word)),
        By::Place => units.key(cx, [row.place_now, row.place])?,
    })
}

/// An approval belongs to five stars and to the year of its decision; otherwise to where the product is.
fn key_of_approved(
    cx: &mut Ctx<'_>,
    by: By,
    units: &mut Units,
    approved: &Approved,
    held: Option<&InForce>,
) -> Result<Key> {
    match (by, held) {
        (By::Star, _) => Ok(Key::Number(5)),
        (By::Year, _) => Ok(approved.decision.signed_on.map_or(Key::Unknown, |d| Key::Number(d.year().into()))),
        (By::Place, _) => units.key(cx, [approved.place, None]),
        (By::Group | By::ProducerType, Some(row)) => key_of(cx, by, units, row),
        (By::Group, None) => Ok(word(&store::group_of(cx, approved.item.product_id)?)),
        (By::ProducerType, None) => {
            let kind = approved.item.producer_id.map(|id| store::type_of(cx, id)).transpose()?.flatten();
            Ok(word(kind.map_or("", ProducerType::word)))
        }
    }
}

/// The level by which a unit is divided: provinces, then districts while there are any, then communes.
fn level_below(cx: &mut Ctx<'_>, unit: Option<&Place>, on: NaiveDate) -> Result<Level> {
    Ok(match unit {
        None => Level::Province,
        Some(place) if place.level == Level::Province && store::has_districts(cx, place.id, on)? => Level::District,
        Some(_) => Level::Commune,
    })
}

/// Which unit of a level a place lies in on a day; each place is looked up once.
struct Units {
    on: NaiveDate,
    level: Level,
    known: HashMap<PlaceId, Option<Key>>,
}

impl Units {
    /// By the first of these places that lies in one unit and not in several.
    fn key(&mut self, cx: &mut Ctx<'_>, places: [Option<PlaceId>; 2]) -> Result<Key> {
        for id in places.into_iter().flatten() {
            if let Some(key) = self.find(cx, id)? {
                return Ok(key);
            }
        }
        Ok(Key::Unknown)
    }

    fn find(&mut self, cx: &mut Ctx<'_>, id: PlaceId) -> Result<Option<Key>> {
        if let Some(known) = self.known.get(&id) {
            return Ok(known.clone());
        }
        let mut found = BTreeSet::new();
        for unit in places::current(cx, id, self.on)? {
            let line = places::ancestors(cx, unit.id)?;
            found.extend(
                line.into_iter()
                    .filter(|p| p.level == self.level)
                    .map(|p| Key::Unit(p.full_name, p.code, p.id, p.level)),
            );
        }
        let key = if found.len() == 1 { found.pop_first() } else { None };
        self.known.insert(id, key.clone());
        Ok(key)
    }
}
