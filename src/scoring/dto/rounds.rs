//! What travels for rounds of evaluation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::RoundRow;
use crate::ids::{PlaceId, RoundId, RulebookId};
use crate::rulebook::Authority;

/// A round to set up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AddRound {
    /// The level that holds it.
    pub level: Authority,
    /// The province or district; nothing at the centre.
    pub place_id: Option<PlaceId>,
    /// The decision; the one in force today when not said.
    pub rulebook_id: Option<RulebookId>,
    /// The year.
    #[validate(range(min = 2018, max = 2200))]
    pub year: i32,
    /// 1, 2, …
    #[validate(range(min = 1, max = 99))]
    pub number: i32,
    /// Its name; made from number and year when not said.
    #[validate(length(min = 1, max = 200))]
    pub name: Option<String>,
    /// Dossiers are proposed before this day; the decision's own when not said.
    pub cutoff: Option<NaiveDate>,
    /// Held before this day; the decision's own when not said.
    pub hold_before: Option<NaiveDate>,
    /// The plan and regulation that foresee an extra round.
    #[validate(length(max = 500))]
    pub plan: Option<String>,
}

/// A round.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoundOfEvaluation)]
pub struct RoundView {
    /// Identifier.
    pub id: RoundId,
    /// The level that holds it.
    pub level: Authority,
    /// The province or district.
    pub place_id: Option<PlaceId>,
    /// The decision.
    pub rulebook_id: RulebookId,
    /// The year.
    pub year: i32,
    /// 1, 2, …
    pub number: i32,
    /// Its name.
    pub name: String,
    /// Dossiers are proposed before this day.
    pub cutoff: Option<NaiveDate>,
    /// Held before this day.
    pub hold_before: Option<NaiveDate>,
    /// The plan that foresees an extra round.
    pub plan: String,
}

impl From<RoundRow> for RoundView {
    fn from(r: RoundRow) -> Self {
        Self {
            id: r.id,
            level: r.level,
            place_id: r.place_id,
            rulebook_id: r.rulebook_id,
            year: r.year,
            number: r.number,
            name: r.name,
            cutoff: r.cutoff,
            hold_before: r.hold_before,
            plan: r.plan,
        }
    }
}

/// Which rounds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RoundQuery {
    /// Only of this level.
    pub level: Option<Authority>,
    /// Only of this province or district.
    pub place: Option<PlaceId>,
    /// Only of this year.
    pub year: Option<i32>,
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}
