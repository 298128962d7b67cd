//! Administrative units: levels, kinds, and what a reform does with everything kept at a unit.
//!
//! Codes are reused with another meaning (29335 was Xã Thông Hòa and is Xã Tam Ngãi), so a unit is
//! always named with a date. A reform moves open items only; sealed records keep the old unit.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{text::Label, words};

words! {
    /// The level of an administrative unit.
    pub enum Level {
        /// Cấp tỉnh.
        Province = "province",
        /// Cấp huyện, to 30 June 2025.
        District = "district",
        /// Cấp xã.
        Commune = "commune",
    }
}

words! {
    /// The kind of an administrative unit (Luật Tổ chức chính quyền địa phương).
    pub enum PlaceKind {
        /// Tỉnh.
        Province = "province",
        /// Thành phố trực thuộc trung ương.
        CentralCity = "centralCity",
        /// Quận.
        UrbanDistrict = "urbanDistrict",
        /// Huyện.
        RuralDistrict = "ruralDistrict",
        /// Thị xã.
        Town = "town",
        /// Thành phố thuộc tỉnh, or inside a centrally governed city.
        ProvincialCity = "provincialCity",
        /// Xã.
        Commune = "commune",
        /// Phường.
        Ward = "ward",
        /// Thị trấn, to 30 June 2025.
        Townlet = "townlet",
        /// Đặc khu, from 1 July 2025.
        SpecialZone = "specialZone",
    }
}

/// Kind, the word `places.csv` uses for it, English, level.
const KINDS: &[(PlaceKind, &str, &str, Level)] = &[
    (PlaceKind::Province, "tỉnh", "province", Level::Province),
    (PlaceKind::CentralCity, "thành phố trung ương", "centrally governed city", Level::Province),
    (PlaceKind::UrbanDistrict, "quận", "urban district", Level::District),
    (PlaceKind::RuralDistrict, "huyện", "rural district", Level::District),
    (PlaceKind::Town, "thị xã", "town", Level::District),
    (PlaceKind::ProvincialCity, "thành phố thuộc tỉnh", "provincial city", Level::District),
    (PlaceKind::Commune, "xã", "commune", Level::Commune),
    (PlaceKind::Ward, "phường", "ward", Level::Commune),
    (PlaceKind::Townlet, "thị trấn", "townlet", Level::Commune),
    (PlaceKind::SpecialZone, "đặc khu", "special zone", Level::Commune),
];

impl PlaceKind {
    /// Finds the kind by the Vietnamese word of the reference table.
    pub fn from_vietnamese(word: &str) -> Option<Self> {
        KINDS.iter().find(|(_, vi, ..)| *vi == word).map(|(kind, ..)| *kind)
    }

    /// The kind in both languages.
    pub fn label(self) -> Label {
        let row = KINDS.iter().find(|(kind, ..)| *kind == self);
        row.map_or_else(|| Label::new(self.word(), self.word()), |(_, vi, en, _)| Label::new(*vi, *en))
    }

    /// The level at which such units stand.
    pub fn level(self) -> Level {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or(Level::Commune, |(.., level)| *level)
    }
}

words! {
    /// How a new unit follows an old one.
    pub enum SuccessionKind {
        /// The new unit is this one old unit, same kind and name.
        Unchanged = "unchanged",
        /// The new unit is this one old unit, with another name or kind.
        Renamed = "renamed",
        /// Joined with others under its own name, or under a new one.
        Merged = "merged",
        /// Joined with others under the name of another.
        Absorbed = "absorbed",
        /// Only a part went there; the other parts are other rows.
        Split = "split",
    }
}

words! {
    /// How many tiers of local government there were.
    pub enum Tier {
        /// Province, district, commune: to 30 June 2025.
        Three = "three-tier",
        /// Province and commune: from 1 July 2025.
        Two = "two-tier",
    }
}

words! {
    /// Where the carrying out of a reform stands.
    pub enum ReformState {
        /// Declared; it can be previewed.
        Declared = "declared",
        /// A job moves what is kept at old units.
        Running = "running",
        /// Everything is moved that goes by itself; officers choose the rest.
        Done = "done",
    }
}

words! {
    /// What a reform moves.
    pub enum SubjectKind {
        /// The territory of a user.
        Grant = "grant",
        /// A producer of the register.
        Producer = "producer",
        /// A product of the register.
        Product = "product",
        /// An open dossier.
        Dossier = "dossier",
    }
}

/// A unit at a moment that the context gives: level and code, never the code alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PlaceUnit)]
pub struct Unit {
    /// Level.
    pub level: Level,
    /// Code of the statistics office, zero-padded text.
    pub code: String,
}

impl Unit {
    /// A unit by level and code.
    pub fn new(level: Level, code: impl Into<String>) -> Self {
        Self { level, code: code.into() }
    }
}

/// One row of `successions.csv`: the unit in force the day before `on`, and the one from `on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Succession {
    /// The old unit.
    pub old: Unit,
    /// The new unit, or one of them.
    pub new: Unit,
    /// First day of the new unit.
    pub on: NaiveDate,
    /// How it follows.
    pub kind: SuccessionKind,
}

/// Something kept at a unit: a user's territory, a producer, an open dossier, a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem<T> {
    /// What it is.
    pub item: T,
    /// Where it is kept, by the units in force the day before the reform.
    pub at: Unit,
    /// The parent of that unit, which takes over when the level itself is abolished.
    pub parent: Option<Unit>,
}

/// Where a reform takes an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "what")]
#[schema(as = ReformOutcome)]
pub enum Outcome {
    /// One successor: it goes there on its own.
    Goes {
        /// The successor.
        to: Unit,
        /// How the successor follows.
        kind: SuccessionKind,
    },
    /// The unit was divided: an officer chooses, and until then all candidates see it.
    Choose {
        /// The successors, one of which it will be.
        candidates: Vec<Unit>,
    },
    /// The level was abolished: the successor of the parent takes it over.
    GoesUp {
        /// The successor of the parent.
        to: Unit,
    },
    /// The reform does not touch this unit.
    Stays,
}

/// One line of a reform's preview: the item, where it was, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment<T> {
    /// What it is.
    pub item: T,
    /// Where it was.
    pub from: Unit,
    /// Where it goes.
    pub outcome: Outcome,
}

/// Where everything kept at old units goes on the day `on`: one successor takes it, several let an
/// officer choose, an abolished level hands it to the successor of its parent.
pub fn assign<T>(
    successions: &[Succession],
    on: NaiveDate,
    items: impl IntoIterator<Item = OpenItem<T>>,
) -> Vec<Assignment<T>> {
    let reform: Vec<&Succession> = successions.iter().filter(|s| s.on == on).collect();
    items
        .into_iter()
        .map(|open| {
            let outcome = outcome(&reform, &open.at, open.parent.as_ref());
            Assignment { item: open.item, from: open.at, outcome }
        })
        .collect()
}

fn outcome(reform: &[&Succession], at: &Unit, parent: Option<&Unit>) -> Outcome {
    let followers = followers(reform, at);
    match followers.as_slice() {
        [one] => Outcome::Goes { to: one.new.clone(), kind: one.kind },
        [] => match parent.map(|p| self::followers(reform, p)).as_deref() {
            Some([one]) if at.level == Level::District => Outcome::GoesUp { to: one.new.clone() },
            _ => Outcome::Stays,
        },
        many => Outcome::Choose { candidates: many.iter().map(|s| s.new.clone()).collect() },
    }
}

fn followers<'a>(reform: &[&'a Succession], unit: &Unit) -> Vec<&'a Succession> {
    reform.iter().copied().filter(|s| s.old == *unit).collect()
}

/// The units that stand for `unit` of the day `since` on the day `until`, through every reform
/// between: how figures for an old province are answered over its successors.
pub fn successors(successions: &[Succession], unit: &Unit, since: NaiveDate, until: NaiveDate) -> BTreeSet<Unit> {
    let days: BTreeSet<NaiveDate> = successions.iter().map(|s| s.on).filter(|on| since < *on && *on <= until).collect();
    let mut units = BTreeSet::from([unit.clone()]);
    for on in days {
        units = units.into_iter().flat_map(|u| step(successions, on, u)).collect();
    }
    units
}

fn step(successions: &[Succession], on: NaiveDate, unit: Unit) -> Vec<Unit> {
    let new: Vec<Unit> = successions.iter().filter(|s| s.on == on && s.old == unit).map(|s| s.new.clone()).collect();
    if new.is_empty() { vec![unit] } else { new }
}

/// How many items of a preview go by themselves, wait for an officer, go up, or stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReformPreview)]
pub struct Preview {
    /// Items with one successor.
    pub go: usize,
    /// Items an officer must assign.
    pub choose: usize,
    /// Items of an abolished level.
    pub go_up: usize,
    /// Items the reform does not touch.
    pub stay: usize,
}

/// Counts a preview.
pub fn preview<T>(assignments: &[Assignment<T>]) -> Preview {
    let mut counts = Preview::default();
    for assignment in assignments {
        match assignment.outcome {
            Outcome::Goes { .. } => counts.go += 1,
            Outcome::Choose { .. } => counts.choose += 1,
            Outcome::GoesUp { .. } => counts.go_up += 1,
            Outcome::Stays => counts.stay += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn commune(code: &str) -> Unit {
        Unit::new(Level::Commune, code)
    }

    fn real() -> Vec<Succession> {
        csv::Reader::from_reader(include_str!("successions.csv").as_bytes())
            .records()
            .map(|row| {
                let row = row.unwrap();
                Succession {
                    old: Unit::new(Level::parse(&row[1]).unwrap(), &row[0]),
                    new: Unit::new(Level::parse(&row[4]).unwrap(), &row[3]),
                    on: d(&row[6]),
                    kind: SuccessionKind::parse(&row[7]).unwrap(),
                }
            })
            .collect()
    }

    #[test]
    fn every_kind_of_the_reference_table_is_known() {
        for row in csv::Reader::from_reader(include_str!("places.csv").as_bytes()).records() {
            let row = row.unwrap();
            let kind = PlaceKind::from_vietnamese(&row[2]).unwrap();
            assert_eq!(kind.level().word(), &row[1], "{}", &row[4]);
            assert_eq!(kind.label().vi, &row[2]);
        }
    }

    #[test]
    fn the_reform_of_2025_moves_open_dossiers_of_tra_vinh() {
        let district = |code: &str| OpenItem {
            item: code.to_owned(),
            at: Unit::new(Level::District, code),
            parent: Some(Unit::new(Level::Province, "84")),
        };
        let items = [district("844"), district("845"), district("846")];
        let got = assign(&real(), d("2025-07-01"), items);
        for a in &got {
            assert_eq!(a.outcome, Outcome::GoesUp { to: Unit::new(Level::Province, "86") }, "{}", a.item);
        }
        assert_eq!(preview(&got), Preview { go_up: 3, ..Preview::default() });
    }

    #[test]
    fn a_commune_goes_by_code_and_date_never_by_name() {
        let at = |code: &str| OpenItem { item: (), at: commune(code), parent: Some(Unit::new(Level::District, "845")) };
        let got = assign(&real(), d("2025-07-01"), [at("29335")]);
        // Xã Thông Hòa went into Xã Tam Ngãi, which now bears its code
        assert!(matches!(&got[0].outcome, Outcome::Goes { to, .. } if *to == commune("29335")), "{got:?}");
    }

    #[test]
    fn a_divided_commune_waits_for_an_officer() {
        let successions = real();
        let split = successions.iter().find(|s| s.kind == SuccessionKind::Split).unwrap();
        let parts = successions.iter().filter(|s| s.old == split.old && s.on == split.on).count();
        let got = assign(&successions, split.on, [OpenItem { item: (), at: split.old.clone(), parent: None }]);
        assert!(matches!(&got[0].outcome, Outcome::Choose { candidates } if candidates.len() == parts && parts > 1));
    }

    #[test]
    fn a_unit_outside_the_reform_stays() {
        let got = assign(&real(), d("2025-01-01"), [OpenItem { item: (), at: commune("29335"), parent: None }]);
        assert_eq!(got[0].outcome, Outcome::Stays);
    }

    #[test]
    fn successors_follow_every_reform_between_two_days() {
        // Phường 2 went into Phường 3 on 1/1/2025, and that into Phường Trà Vinh on 1/7/2025
        let got = successors(&real(), &commune("29245"), d("2024-12-31"), d("2026-05-22"));
        assert_eq!(got, BTreeSet::from([commune("29242")]));
        let old = Unit::new(Level::Province, "84");
        let got = successors(&real(), &old, d("2022-11-14"), d("2026-05-22"));
        assert_eq!(got, BTreeSet::from([Unit::new(Level::Province, "86")]));
    }
}
