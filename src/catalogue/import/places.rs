//! Which unit an address names.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Reason, rows::Address};
use crate::text::{fold, fold_tone_place};

crate::words! {
    /// Level of a unit.
    pub enum PlaceLevel {
        /// Province or centrally governed city.
        Province = "province",
        /// District, to 30/6/2025.
        District = "district",
        /// Commune, ward, townlet, special zone.
        Commune = "commune",
    }
}

/// A unit in one period of its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPlace {
    /// Its id.
    pub id: String,
    /// Its level.
    pub level: PlaceLevel,
    /// Kind word: `xã`, `thành phố thuộc tỉnh`.
    pub kind: String,
    /// Name without the kind.
    pub name: String,
    /// Name with the kind, as shown.
    pub full_name: String,
    /// Other spellings met in sources.
    pub variants: Vec<String>,
    /// Id of the unit above it.
    pub parent: Option<String>,
    /// Last day, when it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Ids of the units that followed it.
    pub successors: Vec<String>,
}

/// A unit that an officer may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Its name with the names above it.
    pub name: String,
}

/// All units, found by name.
pub struct PlaceBook {
    places: Vec<KnownPlace>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<(PlaceLevel, String), Vec<usize>>,
}

/// What an address turned out to be.
pub(super) struct PlaceFinding {
    /// The commune, when there is no doubt.
    pub certain: Option<String>,
    /// The doubt.
    pub reason: Option<Reason>,
    /// What it may be.
    pub candidates: Vec<Candidate>,
}

/// Kind words as people write them, and how the kind of the unit begins.
const KIND_WORDS: &[(&str, &str)] = &[
    ("thành phố", "thành phố"),
    ("tp", "thành phố"),
    ("tỉnh", "tỉnh"),
    ("thị xã", "thị xã"),
    ("tx", "thị xã"),
    ("thị trấn", "thị trấn"),
    ("tt", "thị trấn"),
    ("huyện", "huyện"),
    ("h", "huyện"),
    ("quận", "quận"),
    ("q", "quận"),
    ("phường", "phường"),
    ("p", "phường"),
    ("xã", "xã"),
    ("x", "xã"),
    ("đặc khu", "đặc khu"),
];

impl PlaceBook {
    /// A book of units.
    pub fn new(places: Vec<KnownPlace>) -> Self {
        let by_id = places.iter().enumerate().map(|(at, p)| (p.id.clone(), at)).collect();
        let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, place) in places.iter().enumerate() {
            for name in place.variants.iter().chain([&place.name]) {
                let same = by_name.entry((place.level, fold_unit(name))).or_default();
                if !same.contains(&at) {
                    same.push(at);
                }
            }
        }
        Self { places, by_id, by_name }
    }

    /// The province that is written: on a day, the one that stood then; otherwise the one that
    /// stands now. Nothing when several fit.
    pub(super) fn province(&self, written: &str, on: Option<NaiveDate>) -> Option<String> {
        let all = self.named(PlaceLevel::Province, written, None);
        let last = |at: &usize| self.places[*at].valid_to.unwrap_or(NaiveDate::MAX);
        let day = on.unwrap_or(NaiveDate::MAX);
        let chosen = match all.as_slice() {
            [one] => Some(*one),
            several => {
                let end = several.iter().map(&last).filter(|end| *end >= day).min()?;
                let mut fit = several.iter().filter(|at| last(at) == end);
                fit.next().copied().filter(|_| fit.next().is_none())
            }
        };
        chosen.map(|at| self.places[at].id.clone())
    }

    /// The commune that an address names.
    pub(super) fn find(&self, address: &Address<'_>, records_from: NaiveDate) -> PlaceFinding {
        let provinces = self.named(PlaceLevel::Province, address.province, None);
        let districts = self.named(PlaceLevel::District, address.district, Some(&provinces));
        let no_district = address.district.is_empty();
        if provinces.is_empty() || (districts.is_empty() && !no_district) {
            let alike = self.alike(PlaceLevel::District, address.district, &provinces);
            return self.doubt(Reason::PlaceUnknown, alike);
        }
        if address.commune.is_empty() {
            return self.doubt(Reason::CommuneMissing, Vec::new());
        }
        let above = if no_district { self.and_below(&provinces) } else { districts };
        let communes = self.named(PlaceLevel::Commune, address.commune, Some(&above));
        match communes.as_slice() {
            [] => self.doubt(Reason::PlaceUnknown, self.guesses(address.commune, &above, &provinces)),
            [one] if self.ended_before(*one, records_from) => {
                let candidates = [vec![*one], self.successors(*one)].concat();
                self.doubt(Reason::PlaceEnded, candidates)
            }
            [one] => PlaceFinding { certain: Some(self.places[*one].id.clone()), reason: None, candidates: Vec::new() },
            _ => self.doubt(Reason::PlaceAmbiguous, communes),
        }
    }

    fn doubt(&self, reason: Reason, candidates: Vec<usize>) -> PlaceFinding {
        let candidates = candidates.into_iter().map(|at| self.candidate(at)).collect();
        PlaceFinding { certain: None, reason: Some(reason), candidates }
    }

    fn candidate(&self, at: usize) -> Candidate {
        let mut names = vec![self.places[at].full_name.clone()];
        let mut above = self.parent(at);
        while let Some(unit) = above.filter(|_| names.len() < 3) {
            names.push(self.places[unit].full_name.clone());
            above = self.parent(unit);
        }
        Candidate { id: self.places[at].id.clone(), name: names.join(", ") }
    }

    fn parent(&self, at: usize) -> Option<usize> {
        self.by_id.get(self.places[at].parent.as_ref()?).copied()
    }

    fn ended_before(&self, at: usize, records_from: NaiveDate) -> bool {
        self.places[at].valid_to.is_some_and(|last| last < records_from)
    }

    fn successors(&self, at: usize) -> Vec<usize> {
        self.places[at].successors.iter().filter_map(|id| self.by_id.get(id).copied()).collect()
    }

    fn is_under(&self, at: usize, above: Option<&[usize]>) -> bool {
        above.is_none_or(|above| self.parent(at).is_some_and(|parent| above.contains(&parent)))
    }

    fn and_below(&self, provinces: &[usize]) -> Vec<usize> {
        let districts = (0..self.places.len())
            .filter(|at| self.places[*at].level == PlaceLevel::District && self.is_under(*at, Some(provinces)));
        provinces.iter().copied().chain(districts).collect()
    }

    /// Units of a level with this name under one of these units; a kind word, when written, must fit.
    fn named(&self, level: PlaceLevel, written: &str, above: Option<&[usize]>) -> Vec<usize> {
        let under = |name: &str| -> Vec<usize> {
            let same = self.by_name.get(&(level, name.to_owned())).map(Vec::as_slice).unwrap_or_default();
            same.iter().copied().filter(|at| self.is_under(*at, above)).collect()
        };
        let whole = fold_unit(written);
        let of_kind = kinds(&whole).flat_map(|(name, kind)| {
            under(name).into_iter().filter(move |at| self.places[*at].kind.starts_with(kind)).collect::<Vec<_>>()
        });
        let found: Vec<_> = of_kind.collect();
        if found.is_empty() { under(&whole) } else { found }
    }

    /// Units with this name but another kind, the same letters with other marks, or elsewhere in the province.
    fn guesses(&self, written: &str, above: &[usize], provinces: &[usize]) -> Vec<usize> {
        let near = self.alike(PlaceLevel::Commune, written, above);
        if near.is_empty() { self.alike(PlaceLevel::Commune, written, &self.and_below(provinces)) } else { near }
    }

    fn alike(&self, level: PlaceLevel, written: &str, above: &[usize]) -> Vec<usize> {
        let whole = fold_unit(written);
        let names: Vec<String> = kinds(&whole).map(|(name, _)| fold(name)).chain([fold(&whole)]).collect();
        let is_alike = |place: &KnownPlace| place.level == level && names.contains(&fold(&fold_unit(&place.name)));
        (0..self.places.len()).filter(|at| is_alike(&self.places[*at]) && self.is_under(*at, Some(above))).collect()
    }
}

/// A name without case and the place of the tone mark; `04` is `4`.
fn fold_unit(name: &str) -> String {
    let folded = fold_tone_place(name);
    let words = folded.split(' ').map(|word| {
        let bare = word.trim_start_matches('0');
        if !bare.is_empty() && word.chars().all(|c| c.is_ascii_digit()) { bare } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The ways to read a folded name as kind word and name.
fn kinds(whole: &str) -> impl Iterator<Item = (&str, &'static str)> {
    KIND_WORDS.iter().filter_map(move |(word, kind)| {
        let name = whole.strip_prefix(&fold_tone_place(word))?.strip_prefix(' ')?;
        Some((name, *kind))
    })
}
