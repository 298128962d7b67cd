//! Rows of organisations.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::OrganisationLevel;
use crate::db::schema::organisations;
use crate::ids::{OrganisationId, PlaceId};

crate::stored_words!(OrganisationLevel);

/// An agency, department or association.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = organisations, treat_none_as_null = true)]
pub struct Organisation {
    /// Identifier.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// The name folded for search.
    pub folded: String,
    /// Sorts names as a Vietnamese reader expects.
    pub name_sort: String,
    /// What kind, in a word of the administrator's list.
    pub kind: String,
    /// At which level it stands.
    pub level: OrganisationLevel,
    /// Where.
    pub place_id: Option<PlaceId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none while it stands.
    pub valid_to: Option<NaiveDate>,
    /// Row version.
    pub version: i32,
}
