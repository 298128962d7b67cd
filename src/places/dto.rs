//! Units and calendars on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::calendar::CalendarDay;
use super::model::Place;
use super::rules::{Level, PlaceKind, SuccessionKind, Tier};
use crate::ids::PlaceId;
use crate::text::Label;

/// A province, district or commune during one period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// Identifier.
    pub id: PlaceId,
    /// Code of the statistics office; it names a unit only together with a date.
    #[schema(example = "29335")]
    pub code: String,
    /// Level.
    pub level: Level,
    /// Kind.
    pub kind: PlaceKind,
    /// Kind in words.
    pub kind_label: Label,
    /// Name without the kind.
    pub name: String,
    /// Kind and name.
    pub full_name: String,
    /// The unit above.
    pub parent_id: Option<PlaceId>,
    /// Three tiers to 30 June 2025, two from 1 July 2025.
    pub regime: Tier,
    /// First day; null before the records.
    pub valid_from: Option<NaiveDate>,
    /// Last day; null while in force.
    pub valid_to: Option<NaiveDate>,
}

impl From<&Place> for PlaceView {
    fn from(place: &Place) -> Self {
        Self {
            id: place.id,
            code: place.code.clone(),
            level: place.level,
            kind: place.kind,
            kind_label: place.kind.label(),
            name: place.name.clone(),
            full_name: place.full_name.clone(),
            parent_id: place.parent_id,
            regime: place.regime,
            valid_from: place.valid_from,
            valid_to: place.valid_to,
        }
    }
}

/// A unit that came before or after another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SuccessionView {
    /// First day of the new unit.
    pub on: NaiveDate,
    /// How the new unit follows the old one.
    pub kind: SuccessionKind,
    /// The other unit.
    pub place: PlaceView,
}

/// A unit with the units around it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceDetail {
    /// The unit.
    #[serde(flatten)]
    pub place: PlaceView,
    /// The units above, nearest first.
    pub ancestors: Vec<PlaceView>,
    /// What stood here before, one step back.
    pub predecessors: Vec<SuccessionView>,
    /// What followed, one step on.
    pub successors: Vec<SuccessionView>,
    /// The units that stand here today, through every reform; the unit itself while it is in force.
    pub current: Vec<PlaceView>,
}

/// What to look for among units.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PlaceQuery {
    /// Words of the name, with or without marks: `tra vinh` finds Trà Vinh.
    #[param(example = "tra vinh")]
    pub q: Option<String>,
    /// Only this level.
    pub level: Option<Level>,
    /// Only this code.
    pub code: Option<String>,
    /// Only units in force on this day; all periods when absent.
    pub on: Option<NaiveDate>,
    /// Only units directly under this one.
    pub parent: Option<PlaceId>,
    /// Rows on a page, 1 to 100; 20 when absent.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// On which day.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ChildrenQuery {
    /// Only units in force on this day; all periods when absent.
    pub on: Option<NaiveDate>,
    /// Only this level.
    pub level: Option<Level>,
    /// Rows on a page, 1 to 100; 20 when absent.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// The days of a year that differ from the plain week.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct YearView {
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// Whether every row follows the yearly notice.
    pub confirmed: bool,
    /// Days off and Saturdays worked.
    pub days: Vec<CalendarDay>,
}

/// A year for which holidays are recorded.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct YearHead {
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// Whether every row follows the yearly notice.
    pub confirmed: bool,
}
