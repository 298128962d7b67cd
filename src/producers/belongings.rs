//! Growing areas of a producer; craft villages of a territory.

use chrono::NaiveDate;

use super::model::{CraftVillage, GrowingArea, Producer};
use super::{must_exist, not_merged, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CraftVillageId, GrowingAreaId, PlaceId, ProducerId};
use crate::text::{fold, sort_key};

/// What a growing area is declared with.
#[derive(Debug, Clone)]
pub(super) struct Area {
    pub place_id: PlaceId,
    pub name: String,
    pub code: Option<String>,
    pub crop: String,
    pub area_m2: i64,
    pub code_from: Option<NaiveDate>,
    pub code_through: Option<NaiveDate>,
}

pub(super) fn area(cx: &mut Ctx<'_>, id: GrowingAreaId) -> Result<GrowingArea> {
    store::area(cx, id)?.ok_or(AppError::NotFound)
}

/// The codes of a producer's growing areas, with the days on which they hold.
///
/// # Errors
/// When the database fails.
pub fn area_codes(
    cx: &mut Ctx<'_>,
    producer: ProducerId,
) -> Result<Vec<(String, Option<NaiveDate>, Option<NaiveDate>)>> {
    store::area_codes(cx, producer)
}

pub(super) fn hold_area(cx: &mut Ctx<'_>, id: GrowingAreaId) -> Result<GrowingArea> {
    area(cx, id)?;
    store::lock_area(cx, id)
}

pub(super) fn add_area(cx: &mut Ctx<'_>, producer: &Producer, new: Area) -> Result<GrowingArea> {
    not_merged(producer)?;
    must_exist(cx, Some(new.place_id), "/place")?;
    let row = GrowingArea {
        id: GrowingAreaId::new(),
        producer_id: producer.id,
        place_id: new.place_id,
        name: new.name,
        code: new.code,
        crop: new.crop,
        area_m2: new.area_m2,
        version: 1,
        code_from: new.code_from,
        code_through: new.code_through,
    };
    store::insert_area(cx, &row)?;
    record_area(cx, &row, "growing_area.added")?;
    Ok(row)
}

pub(super) fn change_area(cx: &mut Ctx<'_>, held: &GrowingArea, new: Area) -> Result<GrowingArea> {
    must_exist(cx, Some(new.place_id), "/place")?;
    let row = GrowingArea {
        place_id: new.place_id,
        name: new.name,
        code: new.code,
        crop: new.crop,
        area_m2: new.area_m2,
        version: held.version + 1,
        code_from: new.code_from,
        code_through: new.code_through,
        ..held.clone()
    };
    store::save_area(cx, &row)?;
    record_area(cx, &row, "growing_area.changed")?;
    Ok(row)
}

fn record_area(cx: &mut Ctx<'_>, row: &GrowingArea, deed: &str) -> Result<()> {
    let details = Details::none()
        .with("producer", row.producer_id)
        .with("place", row.place_id)
        .with("name", &row.name)
        .with("code", &row.code)
        .with("codeFrom", row.code_from)
        .with("codeThrough", row.code_through)
        .with("crop", &row.crop)
        .with("areaM2", row.area_m2);
    audit::record(cx, deed, "growingArea", row.id.0, details)
}

/// What a craft village is entered with.
#[derive(Debug, Clone)]
pub(super) struct Village {
    pub place_id: PlaceId,
    pub name: String,
    pub recognised_on: Option<NaiveDate>,
}

pub(super) fn village(cx: &mut Ctx<'_>, id: CraftVillageId) -> Result<CraftVillage> {
    store::village(cx, id)?.ok_or(AppError::NotFound)
}

pub(super) fn hold_village(cx: &mut Ctx<'_>, id: CraftVillageId) -> Result<CraftVillage> {
    village(cx, id)?;
    store::lock_village(cx, id)
}

pub(super) fn add_village(cx: &mut Ctx<'_>, new: Village) -> Result<CraftVillage> {
    let row = CraftVillage {
        id: CraftVillageId::new(),
        place_id: new.place_id,
        folded: fold(&new.name),
        name_sort: sort_key(&new.name),
        name: new.name,
        recognised_on: new.recognised_on,
        version: 1,
    };
    store::insert_village(cx, &row)?;
    record_village(cx, &row, "craft_village.added")?;
    Ok(row)
}

pub(super) fn change_village(cx: &mut Ctx<'_>, held: &CraftVillage, new: Village) -> Result<CraftVillage> {
    let row = CraftVillage {
        id: held.id,
        place_id: new.place_id,
        folded: fold(&new.name),
        name_sort: sort_key(&new.name),
        name: new.name,
        recognised_on: new.recognised_on,
        version: held.version + 1,
    };
    store::save_village(cx, &row)?;
    record_village(cx, &row, "craft_village.changed")?;
    Ok(row)
}

fn record_village(cx: &mut Ctx<'_>, row: &CraftVillage, deed: &str) -> Result<()> {
    let details =
        Details::none().with("place", row.place_id).with("name", &row.name).with("recognisedOn", row.recognised_on);
    audit::record(cx, deed, "craftVillage", row.id.0, details)
}
