//! Dossiers in lists: searched with facets, waiting with counts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::rules::{Desk, Due, Status};
use super::{OpenAction, StatusView};
use crate::db::Moment;
use crate::ids::{DossierId, PlaceId, ProducerId, ProductId};
use crate::rulebook::DossierKind;
use crate::text::Label;
use crate::web::PageInfo;

/// A dossier in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierSummary {
    /// Identifier.
    pub id: DossierId,
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub product_name: String,
    /// Whose.
    pub producer: ProducerId,
    /// Kind.
    pub kind: DossierKind,
    /// Where it stands.
    pub status: StatusView,
    /// On whose desk it lies.
    pub level: Desk,
    /// The commune.
    pub place: PlaceId,
    /// The day it was filed first.
    pub filed_on: Option<NaiveDate>,
    /// The product code.
    pub product_code: Option<String>,
    /// The nearest legal deadline.
    pub deadline: Option<NaiveDate>,
    /// The same with recorded pauses; while a pause is open, as it was when the pause began.
    pub deadline_with_pauses: Option<NaiveDate>,
    /// How the deadline with pauses lies to today.
    pub due: Due,
    /// When it moved last.
    pub moved_at: Moment,
    /// Row version: the tag for `If-Match`.
    pub version: i32,
    /// What was asked for with `expand`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded: Option<ExpandedSummary>,
}

crate::words! {
    /// What a dossier in a list can be shown with.
    pub enum ListExpansion {
        /// Who files it.
        Producer = "producer",
        /// Its commune.
        Place = "place",
        /// Its criteria set.
        Set = "set",
    }
}

/// What was asked for beside a dossier in a list.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpandedSummary {
    /// Who files it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<NamedView>,
    /// Its commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<NamedView>,
    /// Its criteria set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<NamedView>,
}

/// Something with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedView {
    /// The identifier; of a criteria set, its code.
    pub value: String,
    /// The name in both languages; the same where it has one name only.
    pub label: Label,
}

/// A dossier that waits for the caller.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueItem {
    /// The dossier.
    pub dossier: DossierSummary,
    /// What the caller may do.
    pub open_actions: Vec<OpenAction>,
}

crate::words! {
    /// A part of a work queue. `near` and `overdue` are parts of `mine`.
    pub enum Bucket {
        /// It is the caller's move.
        Mine = "mine",
        /// The caller's move, and the last day is near.
        Near = "near",
        /// The caller's move, and the last day is past.
        Overdue = "overdue",
        /// On the caller's desk, waiting for the producer to complete it.
        WaitingForProducer = "waitingForProducer",
        /// Overdue on a desk of the level below the caller's.
        Escalated = "escalated",
    }
}

/// How many dossiers each part of the queue holds, under the same filters as the page.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueCounts {
    /// The caller's move.
    pub mine: i64,
    /// Of these, with a last day that is near.
    pub near: i64,
    /// Of these, with a last day that is past.
    pub overdue: i64,
    /// On the caller's desk, waiting for the producer.
    pub waiting_for_producer: i64,
    /// Overdue on a desk of the level below.
    pub escalated: i64,
    /// The part that was asked for, by status; a filter by status is left aside here.
    pub by_status: Vec<StatusCount>,
}

/// How many dossiers stand in one status.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatusCount {
    /// The status.
    pub status: StatusView,
    /// How many.
    pub count: i64,
}

/// A page of a work queue with its counts: one reading, one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QueuePage {
    /// The rows, the nearest deadline first.
    pub data: Vec<QueueItem>,
    /// Where to go on.
    pub page: PageInfo,
    /// How many there are.
    pub counts: QueueCounts,
}

/// A page of the queue.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// Which part; `mine` when not given.
    #[param(inline)]
    pub bucket: Option<Bucket>,
    /// Only those in this status.
    pub status: Option<Status>,
    /// Only this kind.
    pub kind: Option<DossierKind>,
    /// Only those in this unit, at any level.
    pub place: Option<PlaceId>,
    /// Only those under a criteria set with this code.
    pub set: Option<String>,
    /// What to show beside each dossier: `producer`, `place`, `set`, separated by commas.
    pub expand: Option<String>,
    /// Rows on a page: 1 to 100, 20 when not given.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

crate::words! {
    /// What a list of dossiers can be divided by.
    pub enum Facet {
        /// Where they stand.
        Status = "status",
        /// Units: provinces, or what lies directly in the unit that was asked for.
        Place = "place",
        /// Kind.
        Kind = "kind",
        /// Code of the criteria set.
        Set = "set",
        /// The round that the newest letter to the present desk reached.
        Round = "round",
    }
}

/// The dossiers found, divided. Each count is the length of the list with that value as its filter in
/// place of the present one.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct Facets {
    /// By status, in the order of a dossier's life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Vec<FacetValue>>,
    /// By unit, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Vec<FacetValue>>,
    /// By kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Vec<FacetValue>>,
    /// By code of the criteria set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<Vec<FacetValue>>,
    /// By round, the latest first; dossiers outside rounds are in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<Vec<FacetValue>>,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetValue {
    /// The word for the filter of the same name.
    pub value: String,
    /// In both languages.
    pub label: Label,
    /// How many dossiers.
    pub count: i64,
}

/// A page of dossiers; with facets where they were asked for, read in the same moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierPage {
    /// The rows, the last moved first.
    pub data: Vec<DossierSummary>,
    /// Where to go on.
    pub page: PageInfo,
    /// What was found, divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<Facets>,
}

/// What a list of dossiers is narrowed by.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct DossierQuery {
    /// Words in any order, with or without diacritics: of the product, its producer or its commune; digits also of the product code.
    pub q: Option<String>,
    /// The beginning of a product code, or a whole receipt number.
    pub code: Option<String>,
    /// Where they stand.
    pub status: Option<Status>,
    /// On whose desk.
    pub level: Option<Desk>,
    /// Kind.
    pub kind: Option<DossierKind>,
    /// A unit at any level.
    pub place: Option<PlaceId>,
    /// A product.
    pub product: Option<ProductId>,
    /// A producer.
    pub producer: Option<ProducerId>,
    /// Code of a criteria set.
    pub set: Option<String>,
    /// A round: `province-1-2026`.
    pub round: Option<String>,
    /// Filed on this day or later.
    pub filed_from: Option<NaiveDate>,
    /// Filed on this day or earlier.
    pub filed_to: Option<NaiveDate>,
    /// A deadline with pauses on this day or later.
    pub due_from: Option<NaiveDate>,
    /// A deadline with pauses on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// What to divide the list by: `status`, `place`, `kind`, `set`, `round`, separated by commas.
    pub facets: Option<String>,
    /// What to show beside each dossier: `producer`, `place`, `set`, separated by commas.
    pub expand: Option<String>,
    /// Rows on a page: 1 to 100, 20 when not given.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
