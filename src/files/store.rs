//! All queries about documents.

use std::collections::HashSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::Scan;
use super::model::StoredFile;
use crate::db::schema::{
    certificate_prints, decision_scans, evidence_versions, jobs, mandates, opinion_files, product_photos,
    site_visit_pictures, stored_files,
};
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

/// Calls a macro with every table that refers to documents by their hash; a test holds the list against the schema.
macro_rules! with_referring {
    ($call:ident) => {
        $call!(
            evidence_versions,
            product_photos,
            opinion_files,
            mandates,
            certificate_prints,
            site_visit_pictures,
            decision_scans
        )
    };
}

/// Of these documents, those that nothing refers to: no row, and no result of a job.
pub(super) fn unreferred(cx: &mut Ctx<'_>, hashes: &[String]) -> Result<Vec<String>> {
    let mut named: HashSet<String> = HashSet::new();
    macro_rules! look_in {
        ($($table:ident),+) => {
            $({
                let rows = $table::table.filter($table::sha256.eq_any(hashes)).select($table::sha256.nullable());
                named.extend(rows.load::<Option<String>>(cx.conn)?.into_iter().flatten());
            })+
        };
    }
    with_referring!(look_in);
    let mut unreferred = Vec::new();
    for hash in hashes.iter().filter(|hash| !named.contains(*hash)) {
        let told = format!("%{hash}%");
        let job = jobs::table.filter(jobs::result.like(&told).or(jobs::resume.like(&told)));
        if !diesel::select(exists(job)).get_result::<bool>(cx.conn)? {
            unreferred.push(hash.clone());
        }
    }
    Ok(unreferred)
}

pub(super) fn forget(cx: &mut Ctx<'_>, sha256: &str) -> Result<()> {
    diesel::delete(stored_files::table.find(sha256)).execute(cx.conn)?;
    Ok(())
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

#[cfg(test)]
mod tests {

    /// A table that keeps hashes and is not looked at by the sweep would lose its documents.
    #[test]
    fn every_table_that_refers_to_documents_is_known_to_the_sweep() {
        macro_rules! named {
            ($($table:ident),+) => { [$(stringify!($table)),+] };
        }
        let referring = with_referring!(named);
        // Hashes of texts, not of documents.
        let texts = ["rulebooks", "criteria_sets", "dossier_manifests", "imports", "stored_files"];
        let keeps = |columns: &[(&str, &str)]| columns.iter().any(|(name, _)| name.contains("sha256"));
        for (table, _) in crate::db::schema::TABLES.iter().filter(|(_, columns)| keeps(columns)) {
            assert!(texts.contains(table) || referring.contains(table), "{table} refers to documents");
        }
    }
}
