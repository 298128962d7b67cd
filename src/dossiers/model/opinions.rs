//! Rows of opinions.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::rules::Party;
use crate::db::schema::{opinion_files, opinions};
use crate::db::{Doc, Moment};
use crate::ids::{DossierId, OpinionId, OrganisationId, RowId, UserId};

/// A question to a department, and its answer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = opinions, treat_none_as_null = true)]
pub struct Opinion {
    /// Identifier.
    pub id: OpinionId,
    /// About which dossier.
    pub dossier_id: DossierId,
    /// Of which department.
    pub organisation_id: OrganisationId,
    /// Who asks.
    pub party: Party,
    /// What is asked.
    pub question: String,
    /// Last day to answer.
    pub due_on: NaiveDate,
    /// Papers of the dossier that it is about: a list of identifiers.
    pub documents: Doc,
    /// The person.
    pub asked_by: Option<UserId>,
    /// When.
    pub asked_at: Moment,
    /// What the department says.
    pub answer: Option<String>,
    /// Its officer.
    pub answered_by: Option<UserId>,
    /// When.
    pub answered_at: Option<Moment>,
    /// When the question was taken back.
    pub withdrawn_at: Option<Moment>,
    /// Row version.
    pub version: i32,
}

impl Opinion {
    /// It waits for its answer.
    pub fn is_open(&self) -> bool {
        self.answered_at.is_none() && self.withdrawn_at.is_none()
    }

    /// It was answered after its day, or has no answer and the day is over.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.withdrawn_at.is_none() && self.answered_at.map_or(today, Moment::vietnam_day) > self.due_on
    }
}

/// A file that goes with an answer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = opinion_files)]
pub struct OpinionFile {
    /// Identifier.
    pub id: RowId,
    /// Of which opinion.
    pub opinion_id: OpinionId,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// As uploaded.
    pub file_name: String,
    /// Who.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub uploaded_at: Moment,
}
