//! Rows of rulebooks and criteria sets: each record whole, as canonical JSON.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::criteria::Wording;
use crate::db::schema::{criteria_sets, rulebooks};
use crate::db::{Doc, Moment};
use crate::ids::{CriteriaSetId, RulebookId};

crate::stored_words!(super::Authority, Wording);

/// A decision that sets the rules.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rulebooks)]
pub struct RulebookRow {
    /// Identifier.
    pub id: RulebookId,
    /// The stable word of the record: `26-2026`.
    pub code: String,
    /// Number of its newest decision.
    pub number: String,
    /// First day on which a dossier may be filed under it.
    pub valid_from: NaiveDate,
    /// The whole record.
    pub body: Doc,
    /// SHA-256 of its canonical JSON.
    pub sha256: String,
    /// Whether a dossier pins it; then it never changes.
    pub used: bool,
    /// When it came.
    pub created_at: Moment,
}

/// A rulebook without its record.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = rulebooks)]
pub struct RulebookHead {
    /// Identifier.
    pub id: RulebookId,
    /// The stable word of the record.
    pub code: String,
    /// SHA-256 of its canonical JSON.
    pub sha256: String,
    /// Whether a dossier pins it.
    pub used: bool,
}

/// A set without its table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = criteria_sets)]
pub struct SetHead {
    /// Identifier.
    pub id: CriteriaSetId,
    /// The decision it belongs to.
    pub rulebook_id: RulebookId,
    /// Its code within the decision.
    pub code: String,
    /// Whose words.
    pub wording: Wording,
    /// 1, 2, 3…
    pub revision: i32,
    /// SHA-256 of its canonical JSON.
    pub sha256: String,
    /// Whether a dossier pins it.
    pub used: bool,
}

/// A published table of criteria.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = criteria_sets)]
pub struct SetRow {
    /// Identifier.
    pub id: CriteriaSetId,
    /// The decision it belongs to.
    pub rulebook_id: RulebookId,
    /// Its code within the decision: `01`…`26`.
    pub code: String,
    /// Whose words.
    pub wording: Wording,
    /// 1, 2, 3… over all wordings of the code.
    pub revision: i32,
    /// Vietnamese name.
    pub name_vi: String,
    /// English name.
    pub name_en: String,
    /// The whole table.
    pub body: Doc,
    /// SHA-256 of its canonical JSON.
    pub sha256: String,
    /// Whether a dossier pins it.
    pub used: bool,
    /// When it came.
    pub created_at: Moment,
}
