//! What an office reaches, computed from parents and successions.
//!
//! * Down: every period of the unit itself, and everything under it.
//! * Back: the units that became part of these, with everything under them, so that the officer of
//!   the new Vĩnh Long sees what is still kept at the old communes of Trà Vinh.
//! * Forward: the communes that followed its communes, so that a right given for the old Trà Vinh
//!   keeps its territory, and never grows to the whole province that it became a part of. A unit
//!   above the commune is followed only where the new one is the old one (unchanged or renamed).
//!
//! A divided commune is seen from each of its successors until an officer has chosen.

use std::collections::{BTreeSet, HashMap};

use super::model::{Place, ReachRow, Succeeded};
use super::rules::{Level, SuccessionKind, Tier};
use crate::ids::PlaceId;

type Unit<'a> = (&'a str, Level, Tier);

/// The graph of units.
pub(super) struct Graph<'a> {
    places: &'a [Place],
    by_id: HashMap<PlaceId, &'a Place>,
    periods: HashMap<Unit<'a>, Vec<PlaceId>>,
    under: HashMap<Unit<'a>, Vec<PlaceId>>,
    forward: HashMap<PlaceId, Vec<&'a Succeeded>>,
    back: HashMap<PlaceId, Vec<&'a Succeeded>>,
}

fn unit(place: &Place) -> Unit<'_> {
    (&place.code, place.level, place.regime)
}

impl<'a> Graph<'a> {
    pub(super) fn new(places: &'a [Place], successions: &'a [Succeeded]) -> Self {
        let by_id: HashMap<PlaceId, &Place> = places.iter().map(|p| (p.id, p)).collect();
        let mut graph = Self {
            places,
            by_id,
            periods: HashMap::new(),
            under: HashMap::new(),
            forward: HashMap::new(),
            back: HashMap::new(),
        };
        for place in places {
            graph.periods.entry(unit(place)).or_default().push(place.id);
            if let Some(parent) = place.parent_id.and_then(|id| graph.by_id.get(&id)) {
                graph.under.entry(unit(parent)).or_default().push(place.id);
            }
        }
        for step in successions {
            graph.forward.entry(step.old_id).or_default().push(step);
            graph.back.entry(step.new_id).or_default().push(step);
        }
        graph
    }

    /// Every pair of an office and a place that it reaches.
    pub(super) fn pairs(&self) -> Vec<ReachRow> {
        let row = |office_id, place_id| ReachRow { office_id, place_id };
        self.places.iter().flat_map(|office| self.of(office.id).into_iter().map(move |p| row(office.id, p))).collect()
    }

    fn of(&self, office: PlaceId) -> BTreeSet<PlaceId> {
        let mut own = BTreeSet::new();
        self.down(office, &mut own);
        let mut all = own.clone();
        own.iter().for_each(|id| self.backward(*id, &mut all));
        own.iter().for_each(|id| self.onward(*id, &mut all));
        all
    }

    fn down(&self, id: PlaceId, into: &mut BTreeSet<PlaceId>) {
        let Some(place) = self.by_id.get(&id) else { return };
        for period in self.periods.get(&unit(place)).into_iter().flatten() {
            into.insert(*period);
        }
        for child in self.under.get(&unit(place)).into_iter().flatten() {
            if !into.contains(child) {
                self.down(*child, into);
            }
        }
    }

    fn backward(&self, id: PlaceId, into: &mut BTreeSet<PlaceId>) {
        for step in self.back.get(&id).into_iter().flatten() {
            let mut before = BTreeSet::from([step.old_id]);
            if step.kind != SuccessionKind::Split {
                self.down(step.old_id, &mut before);
            }
            for old in before {
                if into.insert(old) {
                    self.backward(old, into);
                }
            }
        }
    }

    fn onward(&self, id: PlaceId, into: &mut BTreeSet<PlaceId>) {
        for step in self.forward.get(&id).into_iter().flatten() {
            let commune = self.by_id.get(&step.new_id).is_some_and(|p| p.level == Level::Commune);
            let same = matches!(step.kind, SuccessionKind::Unchanged | SuccessionKind::Renamed);
            if (commune || same) && into.insert(step.new_id) {
                if same {
                    self.down(step.new_id, into);
                }
                self.onward(step.new_id, into);
            }
        }
    }
}
