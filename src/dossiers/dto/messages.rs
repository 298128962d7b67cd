//! Messages and notes on the wire.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::rules::Party;
use crate::db::{Doc, Moment};
use crate::ids::{DocumentId, PlaceId, RowId, UserId};
use crate::text::Label;
use crate::web::body::not_blank;

/// A message, or a note.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMessage {
    /// The text.
    #[validate(length(min = 1, max = 4000), custom(function = not_blank))]
    pub words: String,
    /// Papers of this dossier that go with it.
    #[serde(default)]
    #[validate(length(max = 20))]
    pub documents: Vec<DocumentId>,
}

/// How far the caller has read.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadUpTo {
    /// Up to this one, by its ordinal.
    #[validate(range(min = 1))]
    pub up_to: i32,
}

/// A message or a note as the caller reads it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    /// Identifier.
    pub id: RowId,
    /// 1, 2, 3… of its kind.
    pub ordinal: i32,
    /// When.
    pub at: Moment,
    /// For whom the author speaks.
    pub party: Party,
    /// In both languages.
    pub party_label: Label,
    /// The author's office; null for producers and for the centre.
    pub office: Option<PlaceId>,
    /// The person.
    pub by: Option<UserId>,
    /// The text.
    pub words: String,
    /// Papers of this dossier that go with it.
    #[schema(value_type = Vec<DocumentId>)]
    pub documents: Doc,
    /// Whether the caller has read it, or wrote it.
    pub read: bool,
}

/// What the caller has not read.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnreadView {
    /// Messages.
    pub messages: i64,
    /// Notes of the own office; always 0 for a producer.
    pub notes: i64,
}

/// A page of messages.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// Rows on a page: 1 to 100, 20 when not given.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
