//! Rows of messages and notes.

use diesel::prelude::*;

use super::super::rules::{MessageKind, Party};
use crate::db::schema::{dossier_messages, dossier_reads};
use crate::db::{Doc, Moment};
use crate::ids::{DossierId, PlaceId, RowId, UserId};

crate::stored_words!(MessageKind);

/// A message or a note.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_messages)]
pub struct Message {
    /// Identifier.
    pub id: RowId,
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// For everybody who handles it, or for the own office.
    pub kind: MessageKind,
    /// 1, 2, 3… of its kind.
    pub ordinal: i32,
    /// For whom the author speaks.
    pub party: Party,
    /// The author's office; none for producers and for the centre.
    pub place_id: Option<PlaceId>,
    /// The text.
    pub words: String,
    /// Papers of the dossier that go with it: a list of identifiers.
    pub documents: Doc,
    /// The person.
    pub by_user: Option<UserId>,
    /// When.
    pub at: Moment,
}

/// How far a person has read.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_reads)]
pub struct Reading {
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// Who.
    pub user_id: UserId,
    /// Messages or notes.
    pub kind: MessageKind,
    /// Up to which one.
    pub read_to: i32,
    /// When.
    pub at: Moment,
}
