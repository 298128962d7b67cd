//! Organisations on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::model::Organisation;
use super::rules::OrganisationLevel;
use crate::ids::{OrganisationId, PlaceId};

/// An agency, department or association.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationView {
    /// Identifier.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// What kind: `department`, `association`, `laboratory`…
    pub kind: String,
    /// At which level it stands.
    pub level: OrganisationLevel,
    /// Where.
    pub place: Option<PlaceId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; null while it stands.
    pub valid_to: Option<NaiveDate>,
}

impl From<&Organisation> for OrganisationView {
    fn from(row: &Organisation) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            kind: row.kind.clone(),
            level: row.level,
            place: row.place_id,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

/// The facts of an organisation.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KeepOrganisation {
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    pub name: String,
    /// What kind, in a word: `department`, `association`, `laboratory`…
    #[validate(length(min = 1, max = 60))]
    pub kind: String,
    /// At which level it stands.
    pub level: OrganisationLevel,
    /// Where; absent for the whole country.
    pub place: Option<PlaceId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; absent while it stands.
    pub valid_to: Option<NaiveDate>,
}

/// What to look for among organisations.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct OrganisationQuery {
    /// Words of the name, with or without marks.
    #[param(example = "nong nghiep")]
    pub q: Option<String>,
    /// Only this level.
    pub level: Option<OrganisationLevel>,
    /// Only at this place.
    pub place: Option<PlaceId>,
    /// Only those that stand on this day.
    pub on: Option<NaiveDate>,
    /// Rows on a page, 1 to 100; 20 when absent.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
