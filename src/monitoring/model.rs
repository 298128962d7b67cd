//! Rows of inspections.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::{InspectionKind, InspectionOutcome, InspectionState};
use crate::db::schema::inspections;
use crate::db::{Doc, Moment};
use crate::ids::{InspectionId, PlaceId, ProducerId, ProductId, UserId};

crate::stored_words!(InspectionKind, InspectionOutcome, InspectionState);

/// An inspection of a product after its recognition.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = inspections, treat_none_as_null = true)]
pub struct Inspection {
    /// Identifier.
    pub id: InspectionId,
    /// The product.
    pub product_id: ProductId,
    /// Its producer then.
    pub producer_id: Option<ProducerId>,
    /// Its unit then.
    pub place_id: Option<PlaceId>,
    /// Why it is made.
    pub kind: InspectionKind,
    /// The day it is planned for.
    pub planned_on: NaiveDate,
    /// The day it was made.
    pub inspected_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: InspectionState,
    /// What was found: a list.
    pub findings: Doc,
    /// What was concluded, in words.
    pub conclusion: Option<String>,
    /// Number of the conclusion.
    pub conclusion_number: Option<String>,
    /// Its date.
    pub concluded_on: Option<NaiveDate>,
    /// What it comes to.
    pub outcome: Option<InspectionOutcome>,
    /// The body that inspects and concludes.
    pub body_name: String,
    /// Who planned it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}
