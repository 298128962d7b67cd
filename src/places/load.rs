//! Puts the tables of units into the database, in deeds short enough for others to come between.
//! It can be called again: what is there stays, what is missing comes.

use std::collections::HashSet;

use super::model::{Place, ReachRow, Succeeded};
use super::reach::Graph;
use super::reference::{self, Extent, Tables};
use super::store;
use crate::actor::Caller;
use crate::db::{Ctx, Db};
use crate::error::Result;

/// Rows of one statement: 13 columns stay below the 32,766 variables of the embedded engine.
const PLACES: usize = 2_000;
/// The same for tables of two to four columns.
const PAIRS: usize = 8_000;

/// Loads units, spellings, successions, reach and calendars. `progress` hears (what, done, all).
///
/// # Errors
/// When the database fails.
pub fn load(db: &Db, extent: Extent, progress: &mut dyn FnMut(&str, usize, usize)) -> Result<()> {
    let have = db.read_now(&Caller::system("reference"), store::counts)?;
    if extent == Extent::Whole && have.reaches(&reference::line_counts()) {
        return Ok(());
    }
    let Tables { places, spellings, successions, days } = reference::embedded(extent)?;
    fill(db, "places", places, PLACES, store::insert_places, progress)?;
    fill(db, "spellings", spellings, PAIRS, store::insert_spellings, progress)?;
    fill(db, "successions", successions, PAIRS, store::insert_successions, progress)?;
    refresh_reach(db, progress)?;
    // The last table: when its rows are there, those of the others are.
    fill(db, "calendars", days, PAIRS, store::insert_days, progress)
}

fn fill<T: Clone + Send + Sync + 'static>(
    db: &Db,
    what: &str,
    rows: Vec<T>,
    size: usize,
    insert: fn(&mut Ctx<'_>, &[T]) -> Result<usize>,
    progress: &mut dyn FnMut(&str, usize, usize),
) -> Result<()> {
    let mut done = 0;
    progress(what, done, rows.len());
    for chunk in rows.chunks(size) {
        let chunk = chunk.to_vec();
        done += chunk.len();
        db.write_now(&Caller::system("reference"), move |cx| insert(cx, &chunk))?;
        progress(what, done, rows.len());
    }
    Ok(())
}

/// Brings `place_reach` in line with parents and successions.
///
/// # Errors
/// When the database fails.
pub fn refresh_reach(db: &Db, progress: &mut dyn FnMut(&str, usize, usize)) -> Result<()> {
    let read = |cx: &mut Ctx<'_>| Ok((store::all_places(cx)?, store::all_successions(cx)?, store::all_reach(cx)?));
    let (places, successions, present) = db.read_now(&Caller::system("reference"), read)?;
    let (missing, surplus) = difference(&places, &successions, present);
    fill(db, "reach", missing, PAIRS, store::insert_reach, progress)?;
    if !surplus.is_empty() {
        db.write_now(&Caller::system("reference"), move |cx| {
            surplus.iter().try_for_each(|row| store::delete_reach(cx, row).map(drop))
        })?;
    }
    Ok(())
}

fn difference(places: &[Place], successions: &[Succeeded], present: Vec<ReachRow>) -> (Vec<ReachRow>, Vec<ReachRow>) {
    let wanted = Graph::new(places, successions).pairs();
    let have: HashSet<ReachRow> = present.into_iter().collect();
    let missing = wanted.iter().filter(|row| !have.contains(row)).cloned().collect();
    let wanted: HashSet<ReachRow> = wanted.into_iter().collect();
    (missing, have.into_iter().filter(|row| !wanted.contains(row)).collect())
}
