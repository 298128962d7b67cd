//! All queries about documents.

use std::collections::HashSet;

use diesel::prelude::*;

use super::Scan;
use super::model::StoredFile;
use crate::db::schema::stored_files;
use crate::db::{Conn, Ctx, Moment};
use crate::each;
use crate::error::Result;

/// The same bytes may come twice, even at the same moment.
pub(super) fn insert(cx: &mut Ctx<'_>, row: &StoredFile) -> Result<()> {
    each!(&mut *cx.conn, c => diesel::insert_into(stored_files::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(super) fn find(cx: &mut Ctx<'_>, sha256: &str) -> Result<Option<StoredFile>> {
    Ok(stored_files::table.find(sha256).select(StoredFile::as_select()).first(cx.conn).optional()?)
}

pub(super) fn find_all(cx: &mut Ctx<'_>, hashes: &[String]) -> Result<Vec<StoredFile>> {
    Ok(stored_files::table.filter(stored_files::sha256.eq_any(hashes)).select(StoredFile::as_select()).load(cx.conn)?)
}

/// Which of these hashes have a row.
pub(super) fn known(cx: &mut Ctx<'_>, hashes: &[String]) -> Result<HashSet<String>> {
    let rows: Vec<String> =
        stored_files::table.filter(stored_files::sha256.eq_any(hashes)).select(stored_files::sha256).load(cx.conn)?;
    Ok(rows.into_iter().collect())
}

pub(super) fn after(cx: &mut Ctx<'_>, sha256: &str, limit: i64) -> Result<Vec<StoredFile>> {
    Ok(stored_files::table
        .filter(stored_files::sha256.gt(sha256))
        .order(stored_files::sha256)
        .limit(limit)
        .select(StoredFile::as_select())
        .load(cx.conn)?)
}

/// Takes the document that waits longest for the scanner; no other worker takes it before `until`.
pub(super) fn claim(cx: &mut Ctx<'_>, until: Moment) -> Result<Option<StoredFile>> {
    let waiting = stored_files::table
        .filter(stored_files::scan.eq_any([Scan::Pending, Scan::Unscanned]))
        .filter(stored_files::scan_after.le(cx.now))
        .order((stored_files::scan_after, stored_files::sha256))
        .limit(1);
    let found: Option<StoredFile> = match cx.conn {
        Conn::Pg(c) => waiting.for_update().skip_locked().select(StoredFile::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => waiting.select(StoredFile::as_select()).first(c).optional()?,
    };
    if let Some(row) = &found {
        try_again(cx, &row.sha256, until)?;
    }
    Ok(found)
}

pub(super) fn try_again(cx: &mut Ctx<'_>, sha256: &str, after: Moment) -> Result<()> {
    diesel::update(stored_files::table.find(sha256)).set(stored_files::scan_after.eq(after)).execute(cx.conn)?;
    Ok(())
}

pub(super) fn scanned(cx: &mut Ctx<'_>, sha256: &str, state: Scan, threat: Option<&str>) -> Result<()> {
    diesel::update(stored_files::table.find(sha256))
        .set((stored_files::scan.eq(state), stored_files::threat.eq(threat)))
        .execute(cx.conn)?;
    Ok(())
}
