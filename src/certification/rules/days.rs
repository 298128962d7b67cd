//! What time alone does: a certificate expires, its extension begins, its holder is reminded.

use chrono::{Days, NaiveDate};

use super::states::CertificateFacts;

crate::words! {
    /// What a day brings.
    pub enum DayEvent {
        /// The holder is reminded of the re-evaluation.
        Reminder = "reminder",
        /// The printed last day has passed and the certificate goes on.
        Extended = "extended",
        /// The last day has passed.
        Expired = "expired",
    }
}

/// Days before the printed last day on which its holder is reminded: the window of re-evaluation
/// opens (180), a month later, a week before it closes, its last day (120), and the last month.
pub const REMINDERS: &[u64] = &[180, 150, 127, 120, 30];

/// What the days from one to another, both included, bring to a recognition that no act has ended.
/// Reminders are for whoever has no re-evaluation under way.
pub fn days_between(
    facts: &CertificateFacts,
    under_way: bool,
    from: NaiveDate,
    through: NaiveDate,
) -> Vec<(DayEvent, NaiveDate)> {
    let reminded = REMINDERS
        .iter()
        .filter(|_| !under_way)
        .filter_map(|before| facts.valid_through.checked_sub_days(Days::new(*before)))
        .map(|day| (DayEvent::Reminder, day));
    let extended = facts.extended_through.filter(|day| *day > facts.valid_through);
    let goes_on = extended.and_then(|_| facts.valid_through.succ_opt()).map(|day| (DayEvent::Extended, day));
    let ends = facts.last_day().succ_opt().map(|day| (DayEvent::Expired, day));
    let ended = [facts.superseded_on, facts.revoked.map(|r| r.on), facts.withdrawn_on].into_iter().flatten().min();
    reminded
        .chain(goes_on)
        .chain(ends)
        .filter(|(_, day)| (from..=through).contains(day) && ended.is_none_or(|end| *day < end))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn brought(extended: Option<&str>, under_way: bool, from: &str, through: &str) -> Vec<String> {
        let facts = CertificateFacts {
            issued_on: d("2023-06-10"),
            valid_through: d("2026-06-10"),
            extended_through: extended.map(d),
            revoked: None,
            superseded_on: None,
            withdrawn_on: None,
        };
        let days = days_between(&facts, under_way, d(from), d(through));
        days.into_iter().map(|(kind, day)| format!("{kind} {day}")).collect()
    }

    #[test]
    fn a_life_brings_five_reminders_and_one_end() {
        assert_eq!(
            brought(None, false, "2020-01-01", "2030-01-01"),
            [
                "reminder 2025-12-12",
                "reminder 2026-01-11",
                "reminder 2026-02-03",
                "reminder 2026-02-10",
                "reminder 2026-05-11",
                "expired 2026-06-11"
            ]
        );
        assert_eq!(brought(None, false, "2025-12-13", "2026-01-10"), [""; 0]);
        assert_eq!(brought(None, false, "2026-06-11", "2026-06-11"), ["expired 2026-06-11"]);
    }

    #[test]
    fn who_has_filed_is_not_reminded_and_an_extension_moves_the_end() {
        assert_eq!(brought(None, true, "2020-01-01", "2030-01-01"), ["expired 2026-06-11"]);
        assert_eq!(
            brought(Some("2026-12-07"), true, "2020-01-01", "2030-01-01"),
            ["extended 2026-06-11", "expired 2026-12-08"]
        );
    }

    #[test]
    fn nothing_comes_after_an_act_has_ended_it() {
        let facts = CertificateFacts {
            issued_on: d("2023-06-10"),
            valid_through: d("2026-06-10"),
            extended_through: None,
            revoked: None,
            superseded_on: Some(d("2026-02-10")),
            withdrawn_on: None,
        };
        let days = days_between(&facts, false, d("2026-02-01"), d("2026-12-31"));
        assert_eq!(days, [(DayEvent::Reminder, d("2026-02-03"))]);
    }
}
