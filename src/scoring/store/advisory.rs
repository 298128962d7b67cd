//! Queries about the advisory team's reviews.

use diesel::prelude::*;

use super::super::model::AdvisoryRow;
use super::sheets::own_seats;
use crate::db::Ctx;
use crate::db::schema::{advisory_reviews, council_seats, council_sessions, session_dossiers};
use crate::each;
use crate::error::Result;
use crate::ids::DossierId;
use crate::rulebook::Authority;

pub(in crate::scoring) fn advisory(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    level: Authority,
) -> Result<Option<AdvisoryRow>> {
    let query = advisory_reviews::table.find((dossier, level));
    Ok(query.select(AdvisoryRow::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn put_advisory(cx: &mut Ctx<'_>, row: &AdvisoryRow) -> Result<()> {
    let set = (
        advisory_reviews::opinion.eq(&row.opinion),
        advisory_reviews::remarks.eq(&row.remarks),
        advisory_reviews::written_by.eq(row.written_by),
        advisory_reviews::written_at.eq(row.written_at),
        advisory_reviews::version.eq(row.version),
    );
    each!(&mut *cx.conn, c => diesel::insert_into(advisory_reviews::table).values(row)
        .on_conflict((advisory_reviews::dossier_id, advisory_reviews::level)).do_update().set(set).execute(c))?;
    Ok(())
}

/// Whether the caller sits in a council that has, or had, the dossier on a table.
pub(in crate::scoring) fn sits_over(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<bool> {
    let own = own_seats(cx)?;
    let query = session_dossiers::table
        .inner_join(council_sessions::table.on(council_sessions::id.eq(session_dossiers::session_id)))
        .inner_join(council_seats::table.on(council_seats::council_id.eq(council_sessions::council_id)))
        .filter(session_dossiers::dossier_id.eq(dossier))
        .filter(council_seats::id.eq_any(own));
    Ok(query.count().get_result::<i64>(cx.conn)? > 0)
}
