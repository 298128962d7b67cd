//! All queries about documents.

use diesel::prelude::*;

use super::model::StoredFile;
use crate::db::Ctx;
use crate::db::schema::stored_files;
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

pub(super) fn after(cx: &mut Ctx<'_>, sha256: &str, limit: i64) -> Result<Vec<StoredFile>> {
    Ok(stored_files::table
        .filter(stored_files::sha256.gt(sha256))
        .order(stored_files::sha256)
        .limit(limit)
        .select(StoredFile::as_select())
        .load(cx.conn)?)
}
