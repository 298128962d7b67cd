//! All queries about producers.

pub(super) mod mandates;

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{CraftVillage, GrowingArea, Particulars, Producer, ProducerAlias, RegisterAct};
use super::rules::ProducerType;
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{
    craft_villages, growing_areas, place_reach, places, producer_aliases, producer_private, producers, register_acts,
};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{CraftVillageId, GrowingAreaId, PlaceId, ProducerId, RowId};
use crate::text::containing;

/// Whether a producer lies in the territory of these offices, or is (or became) one of these.
macro_rules! seen {
    ($offices:expr, $own:expr) => {{
        let territory =
            place_reach::table.filter(place_reach::office_id.eq_any($offices)).select(place_reach::place_id.nullable());
        let own: Vec<ProducerId> = $own;
        let became: Vec<Option<ProducerId>> = own.iter().copied().map(Some).collect();
        producers::place_id
            .eq_any(territory)
            .assume_not_null()
            .or(producers::id.eq_any(own))
            .or(producers::merged_into.eq_any(became).assume_not_null())
    }};
}

/// The producers this caller may know about. Every read starts here.
pub(super) fn visible(cx: &Ctx<'_>) -> producers::BoxedQuery<'static, MultiBackend> {
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => producers::table.into_boxed(),
        Reach::Offices(offices) => producers::table.filter(seen!(offices, cx.actor().producers())).into_boxed(),
    }
}

pub(super) fn find(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Option<Producer>> {
    Ok(visible(cx).filter(producers::id.eq(id)).select(Producer::as_select()).first(cx.conn).optional()?)
}

/// Any producer, whoever asks: for acts of the service on what was looked up before.
pub(super) fn any(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Option<Producer>> {
    Ok(producers::table.find(id).select(Producer::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Producer> {
    Ok(match cx.conn {
        Conn::Pg(c) => producers::table.find(id).for_update().select(Producer::as_select()).first(c)?,
        Conn::Sqlite(c) => producers::table.find(id).select(Producer::as_select()).first(c)?,
    })
}

/// What a list of producers is narrowed by.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// A part of a name, or a whole tax code.
    pub q: Option<String>,
    /// A unit at any level.
    pub place: Option<PlaceId>,
    /// A type.
    pub kind: Option<ProducerType>,
}

pub(super) fn page(
    cx: &mut Ctx<'_>,
    filter: &Filter,
    after: Option<(String, ProducerId)>,
    limit: i64,
) -> Result<Vec<Producer>> {
    let mut query = visible(cx).filter(producers::merged_into.is_null());
    if let Some(q) = &filter.q {
        let named = producer_aliases::table
            .filter(producer_aliases::folded.like(containing(q)).escape('\\'))
            .select(producer_aliases::producer_id);
        query = query.filter(
            producers::folded
                .like(containing(q))
                .escape('\\')
                .or(producers::id.eq_any(named))
                .or(producers::tax_code.eq(q.trim().to_owned()).assume_not_null()),
        );
    }
    if let Some(place) = filter.place {
        let inside =
            place_reach::table.filter(place_reach::office_id.eq(place)).select(place_reach::place_id.nullable());
        query = query.filter(producers::place_id.eq_any(inside));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(producers::kind.eq(kind));
    }
    if let Some((sort, id)) = after {
        query = query
            .filter(producers::name_sort.ge(sort.clone()).and(producers::name_sort.gt(sort).or(producers::id.gt(id))));
    }
    Ok(query
        .order((producers::name_sort, producers::id))
        .limit(limit + 1)
        .select(Producer::as_select())
        .load(cx.conn)?)
}

pub(super) fn by_import_key(cx: &mut Ctx<'_>, key: &str) -> Result<Option<Producer>> {
    Ok(producers::table
        .filter(producers::import_key.eq(key))
        .order((producers::merged_into.is_not_null(), producers::created_at, producers::id))
        .select(Producer::as_select())
        .first(cx.conn)
        .optional()?)
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &Producer) -> Result<()> {
    diesel::insert_into(producers::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn save(cx: &mut Ctx<'_>, row: &Producer) -> Result<()> {
    diesel::update(producers::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// Those that were merged into `from` now lead to `to`.
pub(super) fn lead_on(cx: &mut Ctx<'_>, from: ProducerId, to: ProducerId) -> Result<()> {
    diesel::update(producers::table.filter(producers::merged_into.eq(from)))
        .set(producers::merged_into.eq(to))
        .execute(cx.conn)?;
    Ok(())
}

/// Itself and those that were merged into it.
pub(super) fn same_as(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Vec<ProducerId>> {
    Ok(producers::table
        .filter(producers::id.eq(id).or(producers::merged_into.eq(id).assume_not_null()))
        .order(producers::id)
        .select(producers::id)
        .load(cx.conn)?)
}

/// The producers kept at these units; the merged ones follow theirs.
pub(super) fn kept_at(cx: &mut Ctx<'_>, units: &[PlaceId]) -> Result<Vec<(ProducerId, PlaceId)>> {
    let at: Vec<Option<PlaceId>> = units.iter().copied().map(Some).collect();
    Ok(producers::table
        .filter(producers::place_id.eq_any(at))
        .filter(producers::merged_into.is_null())
        .order(producers::id)
        .select((producers::id, producers::place_id.assume_not_null()))
        .load(cx.conn)?)
}

pub(super) fn move_merged(cx: &mut Ctx<'_>, into: ProducerId, to: PlaceId) -> Result<()> {
    diesel::update(producers::table.filter(producers::merged_into.eq(into)))
        .set(producers::place_id.eq(to))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn move_areas_at(cx: &mut Ctx<'_>, producer: ProducerId, from: PlaceId, to: PlaceId) -> Result<()> {
    let there =
        growing_areas::table.filter(growing_areas::producer_id.eq(producer)).filter(growing_areas::place_id.eq(from));
    diesel::update(there)
        .set((growing_areas::place_id.eq(to), growing_areas::version.eq(growing_areas::version + 1)))
        .execute(cx.conn)?;
    Ok(())
}

/// Whether one of these offices reaches the place.
pub(super) fn reached(cx: &mut Ctx<'_>, offices: Vec<PlaceId>, place: PlaceId) -> Result<bool> {
    let rows =
        place_reach::table.filter(place_reach::office_id.eq_any(offices)).filter(place_reach::place_id.eq(place));
    Ok(diesel::select(exists(rows)).get_result(cx.conn)?)
}

pub(super) fn place_exists(cx: &mut Ctx<'_>, place: PlaceId) -> Result<bool> {
    Ok(diesel::select(exists(places::table.find(place))).get_result(cx.conn)?)
}

/// Codes and names of units, to show beside rows.
pub(super) fn briefs(cx: &mut Ctx<'_>, ids: Vec<PlaceId>) -> Result<Vec<(PlaceId, String, String)>> {
    Ok(places::table
        .filter(places::id.eq_any(ids))
        .select((places::id, places::code, places::full_name))
        .load(cx.conn)?)
}

pub(super) fn particulars(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Option<Particulars>> {
    Ok(producer_private::table.find(id).select(Particulars::as_select()).first(cx.conn).optional()?)
}

pub(super) fn save_particulars(cx: &mut Ctx<'_>, row: &Particulars) -> Result<()> {
    let known = diesel::update(producer_private::table.find(row.producer_id)).set(row).execute(cx.conn)?;
    if known == 0 {
        diesel::insert_into(producer_private::table).values(row).execute(cx.conn)?;
    }
    Ok(())
}

pub(super) fn aliases(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Vec<String>> {
    Ok(producer_aliases::table
        .filter(producer_aliases::producer_id.eq(id))
        .order(producer_aliases::id)
        .select(producer_aliases::name)
        .load(cx.conn)?)
}

/// Keeps a name; one that is known already stays as it is.
pub(super) fn insert_alias(cx: &mut Ctx<'_>, row: &ProducerAlias) -> Result<bool> {
    let known = producer_aliases::table
        .filter(producer_aliases::producer_id.eq(row.producer_id))
        .filter(producer_aliases::folded.eq(&row.folded));
    if diesel::select(exists(known)).get_result(cx.conn)? {
        return Ok(false);
    }
    diesel::insert_into(producer_aliases::table).values(row).execute(cx.conn)?;
    Ok(true)
}

pub(super) fn insert_act(cx: &mut Ctx<'_>, row: &RegisterAct) -> Result<()> {
    diesel::insert_into(register_acts::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// What was done to an entry, or to another one for its sake; oldest first.
pub(super) fn acts(cx: &mut Ctx<'_>, subject: RowId) -> Result<Vec<RegisterAct>> {
    Ok(register_acts::table
        .filter(register_acts::subject_id.eq(subject).or(register_acts::other_id.eq(subject).assume_not_null()))
        .order((register_acts::at, register_acts::id))
        .select(RegisterAct::as_select())
        .load(cx.conn)?)
}

/// The growing areas of producers that this caller may know about.
fn visible_areas(cx: &Ctx<'_>) -> growing_areas::BoxedQuery<'static, MultiBackend> {
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => growing_areas::table.into_boxed(),
        Reach::Offices(offices) => {
            let known = producers::table.filter(seen!(offices, cx.actor().producers())).select(producers::id);
            growing_areas::table.filter(growing_areas::producer_id.eq_any(known)).into_boxed()
        }
    }
}

pub(super) fn areas(
    cx: &mut Ctx<'_>,
    producer: Option<ProducerId>,
    after: Option<GrowingAreaId>,
    limit: i64,
) -> Result<Vec<GrowingArea>> {
    let mut query = visible_areas(cx);
    if let Some(producer) = producer {
        query = query.filter(growing_areas::producer_id.eq(producer));
    }
    if let Some(after) = after {
        query = query.filter(growing_areas::id.gt(after));
    }
    Ok(query.order(growing_areas::id).limit(limit + 1).select(GrowingArea::as_select()).load(cx.conn)?)
}

pub(super) fn area(cx: &mut Ctx<'_>, id: GrowingAreaId) -> Result<Option<GrowingArea>> {
    Ok(visible_areas(cx).filter(growing_areas::id.eq(id)).select(GrowingArea::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock_area(cx: &mut Ctx<'_>, id: GrowingAreaId) -> Result<GrowingArea> {
    Ok(match cx.conn {
        Conn::Pg(c) => growing_areas::table.find(id).for_update().select(GrowingArea::as_select()).first(c)?,
        Conn::Sqlite(c) => growing_areas::table.find(id).select(GrowingArea::as_select()).first(c)?,
    })
}

pub(super) fn insert_area(cx: &mut Ctx<'_>, row: &GrowingArea) -> Result<()> {
    diesel::insert_into(growing_areas::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The codes of a producer's growing areas, with the days on which they hold.
pub(super) fn area_codes(
    cx: &mut Ctx<'_>,
    producer: ProducerId,
) -> Result<Vec<(String, Option<NaiveDate>, Option<NaiveDate>)>> {
    Ok(growing_areas::table
        .filter(growing_areas::producer_id.eq(producer))
        .filter(growing_areas::code.is_not_null())
        .order(growing_areas::id)
        .select((growing_areas::code.assume_not_null(), growing_areas::code_from, growing_areas::code_through))
        .load(cx.conn)?)
}

pub(super) fn save_area(cx: &mut Ctx<'_>, row: &GrowingArea) -> Result<()> {
    diesel::update(growing_areas::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// The growing areas of one producer go to another.
pub(super) fn move_areas(cx: &mut Ctx<'_>, from: ProducerId, to: ProducerId) -> Result<usize> {
    Ok(diesel::update(growing_areas::table.filter(growing_areas::producer_id.eq(from)))
        .set((growing_areas::producer_id.eq(to), growing_areas::version.eq(growing_areas::version + 1)))
        .execute(cx.conn)?)
}

/// Craft villages are known to everybody who is signed in.
pub(super) fn villages(
    cx: &mut Ctx<'_>,
    q: Option<&str>,
    place: Option<PlaceId>,
    after: Option<(String, CraftVillageId)>,
    limit: i64,
) -> Result<Vec<CraftVillage>> {
    let mut query = craft_villages::table.into_boxed::<MultiBackend>();
    if let Some(q) = q {
        query = query.filter(craft_villages::folded.like(containing(q)).escape('\\'));
    }
    if let Some(place) = place {
        let inside = place_reach::table.filter(place_reach::office_id.eq(place)).select(place_reach::place_id);
        query = query.filter(craft_villages::place_id.eq_any(inside));
    }
    if let Some((sort, id)) = after {
        query = query.filter(
            craft_villages::name_sort
                .ge(sort.clone())
                .and(craft_villages::name_sort.gt(sort).or(craft_villages::id.gt(id))),
        );
    }
    Ok(query
        .order((craft_villages::name_sort, craft_villages::id))
        .limit(limit + 1)
        .select(CraftVillage::as_select())
        .load(cx.conn)?)
}

pub(super) fn village(cx: &mut Ctx<'_>, id: CraftVillageId) -> Result<Option<CraftVillage>> {
    Ok(craft_villages::table.find(id).select(CraftVillage::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock_village(cx: &mut Ctx<'_>, id: CraftVillageId) -> Result<CraftVillage> {
    Ok(match cx.conn {
        Conn::Pg(c) => craft_villages::table.find(id).for_update().select(CraftVillage::as_select()).first(c)?,
        Conn::Sqlite(c) => craft_villages::table.find(id).select(CraftVillage::as_select()).first(c)?,
    })
}

pub(super) fn insert_village(cx: &mut Ctx<'_>, row: &CraftVillage) -> Result<()> {
    diesel::insert_into(craft_villages::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn save_village(cx: &mut Ctx<'_>, row: &CraftVillage) -> Result<()> {
    diesel::update(craft_villages::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}
