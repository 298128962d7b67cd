//! Sealed manifests in the database: written once, never changed.

use diesel::prelude::*;

use super::super::model::{HandedOver, ManifestRow};
use crate::db::Ctx;
use crate::db::schema::{dossier_manifests, handover_dossiers};
use crate::error::Result;
use crate::ids::{DossierId, HandoverId};

/// The number and the hash of the newest manifest of a dossier.
pub(in crate::dossiers) fn last(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Option<(i32, String)>> {
    Ok(dossier_manifests::table
        .filter(dossier_manifests::dossier_id.eq(dossier))
        .order(dossier_manifests::number.desc())
        .select((dossier_manifests::number, dossier_manifests::sha256))
        .first(cx.conn)
        .optional()?)
}

pub(in crate::dossiers) fn insert(cx: &mut Ctx<'_>, row: &ManifestRow) -> Result<()> {
    diesel::insert_into(dossier_manifests::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Every manifest of a dossier, the first one first.
pub(in crate::dossiers) fn all(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<ManifestRow>> {
    Ok(dossier_manifests::table
        .filter(dossier_manifests::dossier_id.eq(dossier))
        .order(dossier_manifests::number)
        .select(ManifestRow::as_select())
        .load(cx.conn)?)
}

pub(in crate::dossiers) fn find(cx: &mut Ctx<'_>, dossier: DossierId, number: i32) -> Result<Option<ManifestRow>> {
    Ok(dossier_manifests::table.find((dossier, number)).select(ManifestRow::as_select()).first(cx.conn).optional()?)
}

/// What a letter carries, each with the text of the manifest it hands over.
pub(in crate::dossiers) fn handed_over(cx: &mut Ctx<'_>, id: HandoverId) -> Result<Vec<(HandedOver, Option<String>)>> {
    let theirs = dossier_manifests::dossier_id
        .eq(handover_dossiers::dossier_id)
        .and(dossier_manifests::number.eq(handover_dossiers::manifest_number));
    Ok(handover_dossiers::table
        .left_join(dossier_manifests::table.on(theirs))
        .filter(handover_dossiers::handover_id.eq(id))
        .order(handover_dossiers::dossier_id)
        .select((HandedOver::as_select(), dossier_manifests::body.nullable()))
        .load(cx.conn)?)
}
