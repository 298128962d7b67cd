//! Which papers end soon, and of which it was told.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::{Evidence, EvidenceVersion};
use crate::db::Ctx;
use crate::db::schema::{evidence, evidence_notices, evidence_versions};
use crate::each;
use crate::error::Result;
use crate::ids::EvidenceVersionId;

/// The newest versions of kept papers of libraries that end between two days, by day: keys only, so that
/// a row that cannot be read stops none of the others.
pub(in crate::products) fn ending(
    cx: &mut Ctx<'_>,
    from: NaiveDate,
    until: NaiveDate,
    after: Option<(NaiveDate, EvidenceVersionId)>,
    limit: i64,
) -> Result<Vec<(NaiveDate, EvidenceVersionId)>> {
    let ends = || evidence_versions::expires_on.assume_not_null();
    let kept = evidence::table
        .filter(evidence::by_office.eq(false))
        .filter(evidence::retired_at.is_null())
        .select(evidence::id);
    let mut query = evidence_versions::table
        .filter(evidence_versions::newest.eq(true))
        .filter(evidence_versions::expires_on.ge(from).and(evidence_versions::expires_on.le(until)))
        .filter(evidence_versions::evidence_id.eq_any(kept))
        .into_boxed();
    if let Some((day, id)) = after {
        query = query.filter(ends().ge(day).and(ends().gt(day).or(evidence_versions::id.gt(id))));
    }
    let in_order = (evidence_versions::expires_on, evidence_versions::id);
    Ok(query.order(in_order).limit(limit).select((ends(), evidence_versions::id)).load(cx.conn)?)
}

/// Notes that it is told; false when it was before.
pub(in crate::products) fn note_warning(cx: &mut Ctx<'_>, id: EvidenceVersionId, days: u32) -> Result<bool> {
    let row = (
        evidence_notices::version_id.eq(id),
        evidence_notices::days.eq(i32::try_from(days).unwrap_or(i32::MAX)),
        evidence_notices::told_at.eq(cx.now),
    );
    let fresh = each!(&mut *cx.conn, c => diesel::insert_into(evidence_notices::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(fresh == 1)
}

/// A version with its paper, whoever asks.
pub(in crate::products) fn of_version(cx: &mut Ctx<'_>, id: EvidenceVersionId) -> Result<(Evidence, EvidenceVersion)> {
    Ok(evidence::table
        .inner_join(evidence_versions::table.on(evidence_versions::evidence_id.eq(evidence::id)))
        .filter(evidence_versions::id.eq(id))
        .select((Evidence::as_select(), EvidenceVersion::as_select()))
        .first(cx.conn)?)
}
