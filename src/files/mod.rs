//! Documents, kept under the SHA-256 of their content.
//!
//! A document streams to a temporary name, never whole in memory; its size, type and hash are
//! known before it gets its name, and only the deed's transaction makes it a document of ours
//! ([`note`]). Bytes that no row names are left over from a deed that failed; a sweep takes them away.
//!
//! Accepted are PDF, PNG, JPEG, WebP and MP4, told by their bytes and never by what the sender
//! says. Office files are not: they carry macros, and a paper that is judged must look the same to
//! everybody. Plain text and CSV cannot be told by their bytes.

mod form;
mod model;
mod place; // where the bytes lie: a folder, or a bucket
mod ranges; // parts of a document
mod receive; // what comes in
mod refuse; // how documents say no
pub mod scan; // held against ClamAV
mod send; // what goes out
mod store;
pub mod sweep; // bytes without a row, rows without bytes
mod thumbs; // small pictures

use std::collections::BTreeMap;

use crate::db::Ctx;
use crate::error::{AppError, FieldError, Result};

pub use form::{Accept, Form, Upload};
pub use model::StoredFile;
pub use place::{Files, folder, key_of};
pub use ranges::Asked;
pub use refuse::Stop;
pub use scan::Scan;
pub use send::attachment;

use place::{name_of, storage};
use receive::broken_off;

crate::words! {
    /// What a document is, told by its bytes.
    pub enum Kind {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG.
        Png = "image/png",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// WebP.
        Webp = "image/webp",
        /// MP4.
        Mp4 = "video/mp4",
        /// ZIP: made here, never taken in as a paper.
        Zip = "application/zip",
    }
}

/// Papers of a dossier.
pub const DOCUMENTS: &[Kind] = &[Kind::Pdf, Kind::Png, Kind::Jpeg, Kind::Webp, Kind::Mp4];

/// Pictures.
pub const IMAGES: &[Kind] = &[Kind::Png, Kind::Jpeg, Kind::Webp];

/// A document that has arrived: its bytes are in the store, no row names it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
    /// What it is.
    pub kind: Kind,
    /// Whether a scanner is to look at it.
    pub scan: Scan,
}

/// A file name as it may be kept: without folders and control characters, at most 200 characters.
pub fn tidy_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or("");
    let kept: String = crate::text::nfc(last).chars().filter(|c| !c.is_control()).take(200).collect();
    match kept.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// Makes a received document one of ours, in the deed's transaction.
///
/// # Errors
/// 409 when the same bytes came before and were found infected.
pub fn note(cx: &mut Ctx<'_>, received: &Received) -> Result<()> {
    if store::find(cx, &received.sha256)?.is_some_and(|known| known.scan == Scan::Infected) {
        return Err(Stop::Infected.into());
    }
    let row = StoredFile {
        sha256: received.sha256.clone(),
        bytes: i64::try_from(received.bytes).unwrap_or(i64::MAX),
        media_type: received.kind.word().to_owned(),
        created_at: cx.now,
        scan: received.scan,
        threat: None,
        scan_after: cx.now,
    };
    store::insert(cx, &row)
}

/// A document of ours.
///
/// # Errors
/// 404 when no deed has noted it.
pub fn find(cx: &mut Ctx<'_>, sha256: &str) -> Result<StoredFile> {
    store::find(cx, sha256)?.ok_or(AppError::NotFound)
}

/// Those of these documents that are ours, by their hashes.
///
/// # Errors
/// When the database fails.
pub fn find_all(cx: &mut Ctx<'_>, hashes: &[String]) -> Result<BTreeMap<String, StoredFile>> {
    Ok(store::find_all(cx, hashes)?.into_iter().map(|f| (f.sha256.clone(), f)).collect())
}

/// The documents after this hash, in order of their hashes: for backups and checks.
///
/// # Errors
/// When the database fails.
pub fn after(cx: &mut Ctx<'_>, sha256: &str, limit: i64) -> Result<Vec<StoredFile>> {
    store::after(cx, sha256, limit)
}

fn one(pointer: String, code: &str, vi: &str, en: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new(pointer, code, vi, en)])
}

#[cfg(test)]
mod tests;
