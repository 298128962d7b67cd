//! Samples in the database.

use diesel::prelude::*;

use super::super::model::SampleRow;
use crate::db::Ctx;
use crate::db::schema::sample_deeds;
use crate::error::Result;
use crate::ids::DossierId;

pub(in crate::dossiers) fn insert(cx: &mut Ctx<'_>, row: &SampleRow) -> Result<()> {
    diesel::insert_into(sample_deeds::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// What happened to the samples of a dossier, in order.
pub(in crate::dossiers) fn all(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<SampleRow>> {
    Ok(sample_deeds::table
        .filter(sample_deeds::dossier_id.eq(dossier))
        .order((sample_deeds::recorded_at, sample_deeds::id))
        .select(SampleRow::as_select())
        .load(cx.conn)?)
}
