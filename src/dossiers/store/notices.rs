//! Which deadlines are to be told, and which were.

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::super::reminders::Notice;
use super::super::rules::BookToday;
use super::filter;
use crate::db::Ctx;
use crate::db::schema::{dossier_notices, dossiers};
use crate::each;
use crate::error::Result;
use crate::ids::DossierId;

/// Running deadlines that are near or past and were not told, by day: keys only, so that a row that cannot
/// be read stops none of the others.
pub(in crate::dossiers) fn untold(
    cx: &mut Ctx<'_>,
    notice: Notice,
    books: &[BookToday],
    after: Option<(NaiveDate, DossierId)>,
    limit: i64,
) -> Result<Vec<(NaiveDate, DossierId)>> {
    let due = filter::due_on;
    let stands = match notice {
        Notice::Near => filter::near(cx.today(), books),
        Notice::Overdue => filter::overdue(cx.today()),
    };
    let told = dossier_notices::table
        .filter(dossier_notices::dossier_id.eq(dossiers::id))
        .filter(dossier_notices::deadline.eq(dossiers::deadline_paused.assume_not_null()))
        .filter(dossier_notices::kind.eq(notice.word()));
    let mut query = dossiers::table.filter(stands).filter(not(exists(told))).into_boxed();
    if let Some((day, id)) = after {
        query = query.filter(due().ge(day).and(due().gt(day).or(dossiers::id.gt(id))));
    }
    Ok(query.order((due(), dossiers::id)).limit(limit).select((due(), dossiers::id)).load(cx.conn)?)
}

/// Notes that it is told; false when it was before.
pub(in crate::dossiers) fn note_told(
    cx: &mut Ctx<'_>,
    id: DossierId,
    deadline: NaiveDate,
    notice: &str,
) -> Result<bool> {
    let row = (
        dossier_notices::dossier_id.eq(id),
        dossier_notices::deadline.eq(deadline),
        dossier_notices::kind.eq(notice),
        dossier_notices::told_at.eq(cx.now),
    );
    let fresh = each!(&mut *cx.conn, c => diesel::insert_into(dossier_notices::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(fresh == 1)
}
