//! Provinces, districts and communes with validity and successors; working-day calendars.

pub mod calendar; // working days, civil days and legal periods in Vietnam
pub mod dto;
mod import; // calendars and units that come later
mod load; // the tables that the binary carries, into the database
mod model;
mod reach; // what an office reaches
mod reference; // the tables that the binary carries, read
pub mod reform; // a reform of units as an act
pub mod routes;
pub mod rules; // levels and kinds of units; who follows whom in a reform
mod store;

use chrono::NaiveDate;

use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::PlaceId;
use calendar::{Calendar, CalendarDay};

pub use import::{Imported, import_days, import_units};
pub use load::{load, refresh_reach};
pub use model::{Place, Succeeded};
pub use reference::Extent;
pub use rules::{Level, PlaceKind, Tier};

/// A unit by its identifier.
///
/// # Errors
/// 404 when there is none.
pub fn get(cx: &mut Ctx<'_>, id: PlaceId) -> Result<Place> {
    store::place(cx, id)?.ok_or(AppError::NotFound)
}

/// The unit that bore a code on a day.
///
/// # Errors
/// When the database fails.
pub fn at(cx: &mut Ctx<'_>, code: &str, level: Level, on: NaiveDate) -> Result<Option<Place>> {
    store::at(cx, code, level, on)
}

/// The unit itself, then the units above it.
///
/// # Errors
/// 404 when there is none.
pub fn ancestors(cx: &mut Ctx<'_>, id: PlaceId) -> Result<Vec<Place>> {
    let mut line = vec![get(cx, id)?];
    while let Some(parent) = line.last().and_then(|p| p.parent_id) {
        line.push(get(cx, parent)?);
    }
    Ok(line)
}

/// Whether an office reaches a place (`reach.rs` says how far that is).
///
/// # Errors
/// When the database fails.
pub fn reaches(cx: &mut Ctx<'_>, office: PlaceId, place: PlaceId) -> Result<bool> {
    store::reaches(cx, office, place)
}

/// The unit itself when it stands on this day, else the units that followed it by then, through
/// every reform. A district, which nothing followed, is answered over its communes.
///
/// # Errors
/// 404 when there is no such unit.
pub fn current(cx: &mut Ctx<'_>, id: PlaceId, on: NaiveDate) -> Result<Vec<Place>> {
    let place = get(cx, id)?;
    if place.in_force(on) {
        return Ok(vec![place]);
    }
    let mut open = vec![place.id];
    if place.level == Level::District && store::followers(cx, &open, Some(on))?.is_empty() {
        open = store::children(cx, &place)?.into_iter().map(|p| p.id).collect();
    }
    let mut found: Vec<PlaceId> = Vec::new();
    for _ in 0..REFORMS_AT_MOST {
        let steps = store::followers(cx, &open, Some(on))?;
        if steps.is_empty() {
            break;
        }
        open = steps.into_iter().map(|s| s.new_id).collect();
        open.sort_unstable();
        open.dedup();
        found.extend(&open);
    }
    Ok(store::places(cx, &found)?.into_iter().filter(|p| p.in_force(on)).collect())
}

/// The units that lie directly in a unit on a day, by name: the provinces where none is given, and of a
/// commune itself.
///
/// # Errors
/// 404 when there is no such unit.
pub fn below(cx: &mut Ctx<'_>, unit: Option<PlaceId>, on: NaiveDate) -> Result<Vec<Place>> {
    let Some(id) = unit else { return store::provinces(cx, on) };
    let place = get(cx, id)?;
    match place.level {
        Level::Commune => Ok(vec![place]),
        _ => Ok(store::children(cx, &place)?.into_iter().filter(|p| p.in_force(on)).collect()),
    }
}

/// A unit passes through no more reforms than this; a fence against a circle in imported data.
const REFORMS_AT_MOST: usize = 20;

/// The holidays and swapped days of every year that was loaded.
///
/// # Errors
/// When the database fails.
pub fn calendar(cx: &mut Ctx<'_>) -> Result<Calendar> {
    Ok(Calendar::new(days(cx)?))
}

/// The rows of the calendars, in order.
///
/// # Errors
/// When the database fails.
pub fn days(cx: &mut Ctx<'_>) -> Result<Vec<CalendarDay>> {
    let day = |d: model::DayRow| CalendarDay { date: d.day, kind: d.kind, name: d.name, status: d.status };
    Ok(store::calendar_days(cx)?.into_iter().map(day).collect())
}

/// What followed a unit, one step on.
///
/// # Errors
/// When the database fails.
pub fn successors(cx: &mut Ctx<'_>, id: PlaceId) -> Result<Vec<(Succeeded, Place)>> {
    let steps = store::followers(cx, &[id], None)?;
    with_places(cx, steps, |s| s.new_id)
}

/// What stood where a unit stands, one step back.
///
/// # Errors
/// When the database fails.
pub fn predecessors(cx: &mut Ctx<'_>, id: PlaceId) -> Result<Vec<(Succeeded, Place)>> {
    let steps = store::predecessors(cx, id)?;
    with_places(cx, steps, |s| s.old_id)
}

fn with_places(
    cx: &mut Ctx<'_>,
    steps: Vec<Succeeded>,
    other: impl Fn(&Succeeded) -> PlaceId,
) -> Result<Vec<(Succeeded, Place)>> {
    let ids: Vec<PlaceId> = steps.iter().map(&other).collect();
    let places = store::places(cx, &ids)?;
    let pair = |p: Place| Some((steps.iter().find(|s| other(s) == p.id)?.clone(), p));
    Ok(places.into_iter().filter_map(pair).collect())
}

/// Units that fit a query, after a key, by name; words are compared folded, and with the other
/// spellings met in lists.
///
/// # Errors
/// When the database fails.
pub fn search(
    cx: &mut Ctx<'_>,
    asked: &dto::PlaceQuery,
    after: Option<(String, PlaceId)>,
    limit: i64,
) -> Result<Vec<Place>> {
    let parent = match asked.parent {
        Some(id) => {
            let above = get(cx, id)?;
            Some(store::periods(cx, &above)?)
        }
        None => None,
    };
    store::search(cx, asked, parent, after, limit)
}
