//! A result that is contested: how long, and how it stands.

use chrono::{Days, NaiveDate};

use super::SessionStop;

crate::words! {
    /// Where a complaint stands.
    pub enum ComplaintState {
        /// It waits for its answer; the result is under complaint.
        Open = "open",
        /// It was upheld: the dossier is evaluated anew.
        Upheld = "upheld",
        /// It was dismissed, with reasons.
        Dismissed = "dismissed",
    }
}

/// Whether a complaint comes in time: so many days after the day on which the result was made known,
/// that day not counted; the last day is within.
///
/// # Errors
/// With the last day, where it has passed.
pub fn in_time(known_on: NaiveDate, days: u16, today: NaiveDate) -> Result<(), SessionStop> {
    let last = known_on.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX);
    if today <= last { Ok(()) } else { Err(SessionStop::ComplaintTooLate { last }) }
}
