//! The row of a document.

use diesel::prelude::*;

use super::Scan;
use crate::db::Moment;
use crate::db::schema::stored_files;

crate::stored_words!(Scan);

/// A document: its bytes are in the store.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = stored_files)]
pub struct StoredFile {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many.
    pub bytes: i64,
    /// What it is, told by its bytes.
    pub media_type: String,
    /// When it first came.
    pub created_at: Moment,
    /// What the scanner says of it.
    pub scan: Scan,
    /// What the scanner found in it.
    pub threat: Option<String>,
    /// Not before this moment does a worker take it to the scanner.
    pub scan_after: Moment,
}
