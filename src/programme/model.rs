//! Rows of plans, and the facts that their indicators count.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::plans;
use crate::db::{Doc, Moment};
use crate::ids::{PlaceId, PlanId, ProducerId, ProductId};
use crate::producers::ProducerType;

/// A plan with its targets.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = plans)]
pub struct PlanRow {
    /// Identifier.
    pub id: PlanId,
    /// The stable word by which clients name it.
    pub code: String,
    /// Number of the decision.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// The unit that it is for, on the day of the decision.
    pub place_id: Option<PlaceId>,
    /// The whole record.
    pub body: Doc,
    /// When it was loaded.
    pub created_at: Moment,
}

/// A recognition that is valid on a day, with what the indicators ask about it.
#[derive(Debug, Clone, Queryable)]
pub struct Fact {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub product_name: String,
    /// The key that sorts the name.
    pub product_sort: String,
    /// Its producer at the recognition.
    pub then_producer: Option<ProducerId>,
    /// Its producer now.
    pub producer: Option<ProducerId>,
    /// Stars.
    pub stars: i32,
    /// First day.
    pub recognised_on: NaiveDate,
    /// Last day.
    pub valid_through: NaiveDate,
    /// Where it was recognised.
    pub then_place: Option<PlaceId>,
    /// Where the product is kept now.
    pub place: Option<PlaceId>,
    /// The unit of the authority.
    pub office: Option<PlaceId>,
}

/// What is asked about a producer.
#[derive(Debug, Clone, Queryable)]
pub struct ProducerFact {
    /// Identifier.
    pub id: ProducerId,
    /// Name.
    pub name: String,
    /// The key that sorts the name.
    pub sort: String,
    /// Type; none while an imported word leaves it open.
    pub kind: Option<ProducerType>,
}
