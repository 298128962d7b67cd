//! What travels for minutes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::super::rules::minutes::Minutes;
use crate::db::Moment;
use crate::ids::SessionMeetingId;

/// The minutes of a session to draw up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DrawUpMinutes {
    /// What else is to be written down.
    #[serde(default)]
    #[validate(length(max = 8000))]
    pub remarks: String,
}

/// The minutes of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesView {
    /// The session.
    pub session_id: SessionMeetingId,
    /// When they were drawn up.
    pub drawn_up_at: Moment,
    /// All that they say.
    pub minutes: Minutes,
}
