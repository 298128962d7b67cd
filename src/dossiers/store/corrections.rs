//! Requests for completion.

use diesel::prelude::*;

use super::super::model::corrections::{Correction, CorrectionItem};
use crate::db::schema::{correction_items, corrections};
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
