//! What travels for councils and their seats.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::{CouncilRow, Seat};
use super::super::rules::{Office, Regulation};
use crate::error::Result;
use crate::ids::{CouncilId, PlaceId, SeatId, UserId};
use crate::rulebook::Authority;
use crate::web::body::ordinary_day;

/// A council to set up by a decision.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AppointCouncil {
    /// Its level.
    pub level: Authority,
    /// The province or district; nothing at the centre.
    pub place_id: Option<PlaceId>,
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    pub name: String,
    /// Number of the decision.
    #[validate(length(min = 1, max = 100))]
    pub decision_number: String,
    /// Day of the decision.
    pub decided_on: NaiveDate,
    /// First day of the term; the day of the decision when not said.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the term.
    pub valid_to: Option<NaiveDate>,
    /// How it works; what is left out takes its default.
    #[serde(default)]
    pub regulation: Regulation,
    /// Who sits in it.
    #[validate(length(min = 1, max = 60), nested)]
    pub seats: Vec<AppointSeat>,
}

/// An appointment.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AppointSeat {
    /// Who.
    pub user_id: UserId,
    /// Office in the council.
    pub office: Office,
    /// Position in the person's own office.
    #[serde(default)]
    #[validate(length(max = 200))]
    pub title: String,
    /// The person's own office.
    #[serde(default)]
    #[validate(length(max = 300))]
    pub organisation: String,
    /// Whether it scores; all but secretaries when not said.
    pub votes: Option<bool>,
    /// Number of a voting seat earlier in the list: this person marks only what that one keeps away from.
    pub alternate_for: Option<i32>,
}

/// A decision that changes who sits in a council.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChangeSeats {
    /// Number of the decision.
    #[validate(length(min = 1, max = 100))]
    pub decision_number: String,
    /// Its day.
    #[validate(custom(function = "ordinary_day"))]
    pub decided_on: NaiveDate,
    /// The first day on which it holds.
    #[validate(custom(function = "ordinary_day"))]
    pub from: NaiveDate,
    /// The seat that ends the day before.
    pub leaves: Option<SeatId>,
    /// The appointment that begins.
    #[validate(nested)]
    pub joins: Option<AppointSeat>,
}

/// A seat of a council.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeatView {
    /// Identifier.
    pub id: SeatId,
    /// 1, 2, …: what stands in written reasons instead of the name.
    pub number: i32,
    /// Who.
    pub user_id: UserId,
    /// The person's name.
    pub name: String,
    /// Position in the person's own office.
    pub title: String,
    /// The person's own office.
    pub organisation: String,
    /// Office in the council.
    pub office: Office,
    /// Whether it scores.
    pub votes: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: Option<NaiveDate>,
    /// The seat for which it stands in, where that one keeps away from a dossier.
    pub alternate_for: Option<SeatId>,
}

impl From<Seat> for SeatView {
    fn from(s: Seat) -> Self {
        Self {
            id: s.id,
            number: s.ordinal,
            user_id: s.user_id,
            name: s.name,
            title: s.title,
            organisation: s.organisation,
            office: s.office,
            votes: s.votes,
            valid_from: s.valid_from,
            valid_to: s.valid_to,
            alternate_for: s.alternate_for,
        }
    }
}

/// A council.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CouncilView {
    /// Identifier.
    pub id: CouncilId,
    /// Its level.
    pub level: Authority,
    /// The province or district.
    pub place_id: Option<PlaceId>,
    /// Its name.
    pub name: String,
    /// Number of the decision.
    pub decision_number: String,
    /// Day of the decision.
    pub decided_on: NaiveDate,
    /// First day of the term.
    pub valid_from: NaiveDate,
    /// Last day of the term.
    pub valid_to: Option<NaiveDate>,
    /// How it works.
    pub regulation: Regulation,
    /// Who sits in it.
    pub seats: Vec<SeatView>,
}

impl CouncilView {
    /// The council with its seats.
    ///
    /// # Errors
    /// When the regulation record cannot be read.
    pub fn of(row: CouncilRow, seats: Vec<Seat>) -> Result<Self> {
        Ok(Self {
            regulation: row.rules()?,
            id: row.id,
            level: row.level,
            place_id: row.place_id,
            name: row.name,
            decision_number: row.decision_number,
            decided_on: row.decided_on,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            seats: seats.into_iter().map(SeatView::from).collect(),
        })
    }
}

/// A page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CouncilQuery {
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}
