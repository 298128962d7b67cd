//! Requests for completion.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::corrections::{Correction, CorrectionItem};
use super::super::rules::Status;
use crate::db::schema::{correction_items, corrections, dossiers};
use crate::db::{Ctx, Moment};
use crate::error::Result;
use crate::ids::{CorrectionId, DossierId};

/// The requests of a dossier, the first one first.
pub(in super::super) fn requests(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<Correction>> {
    Ok(corrections::table
        .filter(corrections::dossier_id.eq(dossier))
        .order(corrections::ordinal)
        .select(Correction::as_select())
        .load(cx.conn)?)
}

/// The newest one.
pub(in super::super) fn newest(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Option<Correction>> {
    Ok(corrections::table
        .filter(corrections::dossier_id.eq(dossier))
        .order(corrections::ordinal.desc())
        .select(Correction::as_select())
        .first(cx.conn)
        .optional()?)
}

/// Dossiers that wait for completion through a day, by the last day to answer: keys only, so that a row that
/// cannot be read stops none of the others.
pub(in super::super) fn uncompleted(
    cx: &mut Ctx<'_>,
    through: NaiveDate,
    after: Option<(NaiveDate, DossierId)>,
    limit: i64,
) -> Result<Vec<(NaiveDate, DossierId)>> {
    let due = || corrections::due_on.assume_not_null();
    let waiting: Vec<Status> = Status::ALL.iter().copied().filter(|s| s.awaits_completion()).collect();
    let mut query = corrections::table
        .inner_join(dossiers::table.on(dossiers::id.eq(corrections::dossier_id)))
        .filter(dossiers::status.eq_any(waiting))
        .filter(corrections::sent_back_at.is_null())
        .filter(corrections::due_on.le(through))
        .into_boxed();
    if let Some((day, id)) = after {
        query = query.filter(due().ge(day).and(due().gt(day).or(corrections::dossier_id.gt(id))));
    }
    Ok(query
        .order((due(), corrections::dossier_id))
        .limit(limit)
        .select((due(), corrections::dossier_id))
        .load(cx.conn)?)
}

/// The items of a request, in order.
pub(in super::super) fn items(cx: &mut Ctx<'_>, id: CorrectionId) -> Result<Vec<CorrectionItem>> {
    Ok(correction_items::table
        .filter(correction_items::correction_id.eq(id))
        .order(correction_items::ordinal)
        .select(CorrectionItem::as_select())
        .load(cx.conn)?)
}

pub(in super::super) fn insert(cx: &mut Ctx<'_>, row: &Correction, items: &[CorrectionItem]) -> Result<()> {
    diesel::insert_into(corrections::table).values(row).execute(cx.conn)?;
    for item in items {
        diesel::insert_into(correction_items::table).values(item).execute(cx.conn)?;
    }
    Ok(())
}

pub(in super::super) fn save_item(cx: &mut Ctx<'_>, row: &CorrectionItem) -> Result<()> {
    diesel::update(correction_items::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// The dossier came back.
pub(in super::super) fn sent_back(cx: &mut Ctx<'_>, id: CorrectionId, at: Moment) -> Result<()> {
    diesel::update(corrections::table.find(id)).set(corrections::sent_back_at.eq(at)).execute(cx.conn)?;
    Ok(())
}
