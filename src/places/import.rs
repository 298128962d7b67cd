//! Calendars and units that are imported after the tables that ship: the yearly notice of holidays,
//! the units of a coming reform.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::Datelike;
use uuid::Uuid;

use super::calendar::CalendarDay;
use super::model::{DayRow, Place};
use super::reference;
use super::store;
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::PlaceId;
use crate::outbox::{self, Topic};

/// What an import of rows came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Rows that were read.
    pub rows: usize,
    /// New ones.
    pub added: usize,
    /// Those that stood there with other facts.
    pub changed: usize,
    /// Those that the file no longer has (calendars).
    pub removed: usize,
    /// Those that stood there as they are.
    pub unchanged: usize,
}

/// Puts the years of a file in the place of what is recorded for them: the yearly notice replaces
/// what was computed.
///
/// # Errors
/// When the database fails.
pub fn import_days(cx: &mut Ctx<'_>, days: &[CalendarDay]) -> Result<Imported> {
    let years: BTreeSet<i32> = days.iter().map(|d| d.date.year()).collect();
    let present: HashMap<_, _> = store::calendar_days(cx)?.into_iter().map(|d| (d.day, d)).collect();
    let wanted: BTreeMap<_, _> = days.iter().map(|d| (d.date, DayRow::from(d.clone()))).collect();
    let mut done = Imported { rows: days.len(), ..Imported::default() };
    for (day, row) in &wanted {
        match present.get(day) {
            Some(old) if old == row => done.unchanged += 1,
            Some(_) => {
                store::update_day(cx, row)?;
                done.changed += 1;
            }
            None => done.added += store::insert_days(cx, std::slice::from_ref(row))?,
        }
    }
    for day in present.keys().filter(|d| years.contains(&d.year()) && !wanted.contains_key(d)) {
        done.removed += store::delete_day(cx, *day)?;
    }
    tell(cx, "calendar.imported", "calendar", years.iter().next().copied().unwrap_or_default(), &done)?;
    Ok(done)
}

/// Adds units, ends those that end, and records who followed whom. Both texts have the columns of
/// the tables that ship; run [`super::refresh_reach`] afterwards.
///
/// # Errors
/// When a line cannot be read or names a unit that is nowhere, or the database fails.
pub fn import_units(cx: &mut Ctx<'_>, units: &str, successions: Option<&str>) -> Result<Imported> {
    let present = store::all_places(cx)?;
    let rows = reference::places(units, &present)?;
    let known: HashMap<PlaceId, &Place> = present.iter().map(|p| (p.id, p)).collect();
    let mut done = Imported { rows: rows.len(), ..Imported::default() };
    for row in &rows {
        match known.get(&row.id) {
            Some(old) if *old == row => done.unchanged += 1,
            Some(_) => {
                store::update_place(cx, row)?;
                done.changed += 1;
            }
            None => done.added += store::insert_places(cx, std::slice::from_ref(row))?,
        }
    }
    if let Some(text) = successions {
        let all = store::all_places(cx)?;
        let steps = reference::successions(text, &all, true)?;
        done.rows += steps.len();
        let added: usize = steps.chunks(1_000).map(|c| store::insert_successions(cx, c)).sum::<Result<usize>>()?;
        done.added += added;
        done.unchanged += steps.len() - added;
    }
    tell(cx, "places.imported", "places", 0, &done)?;
    Ok(done)
}

fn tell(cx: &mut Ctx<'_>, deed: &str, subject: &str, number: i32, done: &Imported) -> Result<()> {
    if done.added + done.changed + done.removed == 0 {
        return Ok(());
    }
    let id = Uuid::from_u128(u128::try_from(number).unwrap_or(0));
    audit::record(cx, deed, subject, id, Details::none().with("result", done))?;
    outbox::tell(cx, Topic::Reference, id, serde_json::json!({ "imported": subject }))
}
