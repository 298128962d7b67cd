//! The tables of units that the service ships with, read into rows.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::calendar;
use super::model::{DayRow, Place, Spelling, Succeeded};
use super::rules::{Level, PlaceKind, SuccessionKind, Tier};
use crate::error::{AppError, Result};
use crate::ids::PlaceId;
use crate::text::{fold, fold_tone_place, sort_key};

/// How much of the tables to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All units of the country.
    Whole,
    /// Some provinces, before and after 1 July 2025: for examples and tests.
    Sample,
}

/// Codes of the old provinces of a sample: Phú Thọ, Bến Tre, Trà Vinh, Vĩnh Long, Sóc Trăng.
const SAMPLE_OLD: &[&str] = &["25", "83", "84", "86", "94"];
/// Codes of the provinces they became: Phú Thọ, Vĩnh Long, Cần Thơ.
const SAMPLE_NEW: &[&str] = &["25", "86", "92"];

/// Everything about units, in rows.
pub(super) struct Tables {
    pub(super) places: Vec<Place>,
    pub(super) spellings: Vec<Spelling>,
    pub(super) successions: Vec<Succeeded>,
    pub(super) days: Vec<DayRow>,
}

/// How many rows there are, of the tables that tell whether all is loaded.
pub(super) struct Counts {
    pub(super) units: i64,
    pub(super) steps: i64,
    pub(super) days: i64,
}

impl Counts {
    /// Whether no table has fewer rows than the other.
    pub(super) fn reaches(&self, other: &Self) -> bool {
        self.units >= other.units && self.steps >= other.steps && self.days >= other.days
    }
}

/// The rows of the tables that the binary carries, counted without reading them.
pub(super) fn line_counts() -> Counts {
    let rows = |text: &str| i64::try_from(text.lines().filter(|l| !l.is_empty()).count()).unwrap_or(0) - 1;
    Counts {
        units: rows(include_str!("places.csv")),
        steps: rows(include_str!("successions.csv")),
        days: rows(include_str!("holidays.csv")),
    }
}

#[derive(serde::Deserialize)]
struct UnitLine {
    code: String,
    level: Level,
    kind: String,
    name: String,
    full_name: String,
    parent_code: String,
    parent_level: Option<Level>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    regime: Tier,
}

#[derive(serde::Deserialize)]
struct SuccessionLine {
    old_code: String,
    old_level: Level,
    new_code: String,
    new_level: Level,
    on: NaiveDate,
    kind: SuccessionKind,
}

#[derive(serde::Deserialize)]
struct SpellingLine {
    code: String,
    level: Level,
    valid_from: Option<NaiveDate>,
    variant: String,
}

/// The tables that the binary carries.
pub(super) fn embedded(extent: Extent) -> Result<Tables> {
    let mut places = places(include_str!("places.csv"), &[])?;
    if extent == Extent::Sample {
        sample(&mut places);
    }
    let known: HashSet<PlaceId> = places.iter().map(|p| p.id).collect();
    let whole = extent == Extent::Whole;
    Ok(Tables {
        spellings: spellings(include_str!("spellings.csv"), &places, whole)?,
        successions: successions(include_str!("successions.csv"), &places, whole)?
            .into_iter()
            .filter(|s| known.contains(&s.old_id) && known.contains(&s.new_id))
            .collect(),
        days: calendar::read_csv(include_str!("holidays.csv"))?.into_iter().map(DayRow::from).collect(),
        places,
    })
}

impl From<calendar::CalendarDay> for DayRow {
    fn from(day: calendar::CalendarDay) -> Self {
        Self { day: day.date, kind: day.kind, name: day.name, status: day.status }
    }
}

fn lines<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Result<Vec<T>> {
    let unreadable = |e: csv::Error| AppError::internal(format!("{what}: {e}"));
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|line| line.map_err(unreadable)).collect()
}

/// Provinces first, so that every parent stands before its children. A parent that the text does
/// not have is looked for among the units that are there.
pub(super) fn places(text: &str, present: &[Place]) -> Result<Vec<Place>> {
    let lines: Vec<UnitLine> = lines("places", text)?;
    let mut above: HashMap<(&str, Level, Tier), Vec<Above>> = HashMap::new();
    for unit in present {
        above.entry((&unit.code, unit.level, unit.regime)).or_default().push(Above {
            id: unit.id,
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
        });
    }
    for line in &lines {
        let periods = above.entry((&line.code, line.level, line.regime)).or_default();
        periods.retain(|p| p.id != id(line));
        periods.push(Above { id: id(line), valid_from: line.valid_from, valid_to: line.valid_to });
    }
    let mut rows = Vec::with_capacity(lines.len());
    for line in &lines {
        let parent = line.parent_level.and_then(|level| {
            let periods = above.get(&(line.parent_code.as_str(), level, line.regime))?;
            periods.iter().filter(|p| p.stands_during(line)).max_by_key(|p| p.valid_from)
        });
        if parent.is_none() && line.parent_level.is_some() {
            return Err(AppError::internal(format!("places: {} has no parent {}", line.code, line.parent_code)));
        }
        rows.push(row(line, parent.map(|p| p.id))?);
    }
    rows.sort_by_key(|r| r.level);
    Ok(rows)
}

/// A period of a unit that may be a parent.
struct Above {
    id: PlaceId,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
}

impl Above {
    fn stands_during(&self, line: &UnitLine) -> bool {
        let in_time = |from: Option<NaiveDate>, to: Option<NaiveDate>| from.zip(to).is_none_or(|(from, to)| from <= to);
        in_time(self.valid_from, line.valid_to) && in_time(line.valid_from, self.valid_to)
    }
}

fn id(line: &UnitLine) -> PlaceId {
    PlaceId::of_key(&line.code, line.level.word(), line.valid_from, line.regime.word())
}

fn row(line: &UnitLine, parent_id: Option<PlaceId>) -> Result<Place> {
    let kind = PlaceKind::from_vietnamese(&line.kind)
        .ok_or_else(|| AppError::internal(format!("places: the kind {} is not known", line.kind)))?;
    Ok(Place {
        id: id(line),
        code: line.code.clone(),
        level: line.level,
        kind,
        name: line.name.clone(),
        full_name: line.full_name.clone(),
        folded: fold(&line.full_name),
        tone_key: fold_tone_place(&line.name),
        name_sort: sort_key(&line.name),
        parent_id,
        regime: line.regime,
        valid_from: line.valid_from,
        valid_to: line.valid_to,
    })
}

/// Keeps the provinces of the sample and everything under them.
fn sample(places: &mut Vec<Place>) {
    let mut kept: HashSet<PlaceId> = HashSet::new();
    places.retain(|p| {
        let keep = match (p.level, p.regime) {
            (Level::Province, Tier::Three) => SAMPLE_OLD.contains(&p.code.as_str()),
            (Level::Province, Tier::Two) => SAMPLE_NEW.contains(&p.code.as_str()),
            _ => p.parent_id.is_some_and(|parent| kept.contains(&parent)),
        };
        if keep {
            kept.insert(p.id);
        }
        keep
    });
}

/// Finds the unit with a code on a day.
struct Finder<'a>(HashMap<(&'a str, Level), Vec<&'a Place>>);

impl<'a> Finder<'a> {
    fn new(places: &'a [Place]) -> Self {
        let mut found: HashMap<_, Vec<&Place>> = HashMap::new();
        for place in places {
            found.entry((place.code.as_str(), place.level)).or_default().push(place);
        }
        Self(found)
    }

    fn find(&self, code: &str, level: Level, fits: impl Fn(&Place) -> bool) -> Option<PlaceId> {
        self.0.get(&(code, level))?.iter().find(|p| fits(p)).map(|p| p.id)
    }
}

pub(super) fn successions(text: &str, places: &[Place], whole: bool) -> Result<Vec<Succeeded>> {
    let finder = Finder::new(places);
    let mut rows = Vec::new();
    for line in lines::<SuccessionLine>("successions", text)? {
        let before = line.on.pred_opt().unwrap_or(line.on);
        let old = finder.find(&line.old_code, line.old_level, |p| p.in_force(before));
        let new = finder.find(&line.new_code, line.new_level, |p| p.in_force(line.on));
        match (old, new) {
            (Some(old_id), Some(new_id)) => rows.push(Succeeded { old_id, new_id, on_day: line.on, kind: line.kind }),
            _ if whole => {
                return Err(AppError::internal(format!(
                    "successions: {} -> {} on {}",
                    line.old_code, line.new_code, line.on
                )));
            }
            _ => {}
        }
    }
    Ok(rows)
}

fn spellings(text: &str, places: &[Place], whole: bool) -> Result<Vec<Spelling>> {
    let finder = Finder::new(places);
    let mut rows = Vec::new();
    for line in lines::<SpellingLine>("spellings", text)? {
        match finder.find(&line.code, line.level, |p| p.valid_from == line.valid_from) {
            Some(place_id) => {
                let tone_key = fold_tone_place(&line.variant);
                rows.push(Spelling { place_id, variant: line.variant, tone_key });
            }
            None if whole => return Err(AppError::internal(format!("spellings: {} is not in places", line.code))),
            None => {}
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places::reach::Graph;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn count(tables: &Tables, level: Level, on: &str) -> usize {
        tables.places.iter().filter(|p| p.level == level && p.in_force(d(on))).count()
    }

    #[test]
    fn the_whole_country_is_there_before_and_after_the_reform() {
        let all = embedded(Extent::Whole).unwrap();
        for (on, provinces, districts, communes) in
            [("2025-06-30", 63, 696, 10_035), ("2025-07-01", 34, 0, 3_321), ("2026-09-20", 34, 0, 3_321)]
        {
            assert_eq!(count(&all, Level::Province, on), provinces, "{on}");
            assert_eq!(count(&all, Level::District, on), districts, "{on}");
            assert_eq!(count(&all, Level::Commune, on), communes, "{on}");
        }
        assert_eq!((all.places.len(), line_counts().units), (14_176, 14_176));
        assert_eq!(all.successions.len() as i64, line_counts().steps);
        assert_eq!(all.days.len() as i64, line_counts().days);
        assert_eq!(all.spellings.len(), 197);
        let ids: HashSet<PlaceId> = all.places.iter().map(|p| p.id).collect();
        assert_eq!(ids.len(), all.places.len());
        assert!(all.places.iter().all(|p| p.parent_id.is_some() == (p.level != Level::Province)));
    }

    #[test]
    fn the_sample_has_the_same_units_under_the_same_identifiers() {
        let (all, some) = (embedded(Extent::Whole).unwrap(), embedded(Extent::Sample).unwrap());
        let known: HashMap<PlaceId, &Place> = all.places.iter().map(|p| (p.id, p)).collect();
        assert!(some.places.iter().all(|p| known[&p.id] == p));
        assert_eq!(count(&some, Level::Province, "2025-06-30"), 5);
        assert_eq!(count(&some, Level::Province, "2025-07-01"), 3);
    }

    #[test]
    fn a_city_reaches_its_communes_in_every_period_of_its_kind() {
        let all = embedded(Extent::Whole).unwrap();
        let pairs: HashSet<(PlaceId, PlaceId)> =
            Graph::new(&all.places, &all.successions).pairs().into_iter().map(|r| (r.office_id, r.place_id)).collect();
        let at = |code: &str, level: Level, on: &str| {
            all.places.iter().find(|p| p.code == code && p.level == level && p.in_force(d(on))).unwrap().id
        };
        // Đồng Nai became a city on 30/4/2026, and its xã Lộc Ninh a phường
        let (province, city) = (at("75", Level::Province, "2025-07-01"), at("75", Level::Province, "2026-04-30"));
        for office in [province, city] {
            for on in ["2025-07-01", "2026-04-30"] {
                assert!(pairs.contains(&(office, at("25270", Level::Commune, on))));
                assert!(pairs.contains(&(office, at("25195", Level::Commune, on))));
            }
        }
        // 376 Kim Sơn has nothing to do with it
        assert!(!pairs.contains(&(city, at("376", Level::District, "2025-06-30"))));
    }
}
