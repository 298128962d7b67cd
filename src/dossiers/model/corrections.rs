//! Rows of requests for completion.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::rules::{CorrectionAbout, CorrectionReason, CorrectionState, Party};
use crate::db::schema::{correction_items, corrections};
use crate::db::{Doc, Moment};
use crate::ids::{CorrectionId, CorrectionItemId, DocumentId, DossierId, UserId};

crate::stored_words!(CorrectionAbout, CorrectionReason, CorrectionState);

/// A request for completion.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = corrections)]
pub struct Correction {
    /// Identifier.
    pub id: CorrectionId,
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// 1, 2, 3…
    pub ordinal: i32,
    /// Who asked.
    pub party: Party,
    /// Why; the producer reads it.
    pub reason: String,
    /// Last day to answer; none for a request in words only.
    pub due_on: Option<NaiveDate>,
    /// What the producer had said when it was made.
    pub as_asked: Doc,
    /// The person.
    pub asked_by: Option<UserId>,
    /// When.
    pub asked_at: Moment,
    /// When the dossier came back.
    pub sent_back_at: Option<Moment>,
}

/// One item of a request.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = correction_items, treat_none_as_null = true)]
pub struct CorrectionItem {
    /// Identifier.
    pub id: CorrectionItemId,
    /// Of which request.
    pub correction_id: CorrectionId,
    /// 1, 2, 3…
    pub ordinal: i32,
    /// What is wrong.
    pub reason: CorrectionReason,
    /// With what.
    pub about: CorrectionAbout,
    /// With which one: name of the field, code of the criterion, type of the paper.
    pub name: String,
    /// The paper of the dossier that is meant.
    pub document_id: Option<DocumentId>,
    /// What to do, in the office's words.
    pub words: String,
    /// Where it stands.
    pub state: CorrectionState,
    /// What was answered.
    pub answer: Option<String>,
    /// By whom.
    pub answered_party: Option<Party>,
    /// The person.
    pub answered_by: Option<UserId>,
    /// When.
    pub answered_at: Option<Moment>,
    /// What the office said when settling it.
    pub note: Option<String>,
    /// The officer.
    pub settled_by: Option<UserId>,
    /// When.
    pub settled_at: Option<Moment>,
    /// The item of an earlier request that it asks for again.
    pub again_of: Option<CorrectionItemId>,
}
