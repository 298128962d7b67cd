//! The days of a play, counted from the day it ends.

use anyhow::{Context, ensure};
use chrono::{Days, NaiveDate};

use crate::error::AppError;
use crate::places::calendar::{Calendar, add_months};

/// The first day of the lunar years that a play may end before.
const TET: [(i32, u32, u32); 2] = [(2027, 2, 6), (2028, 1, 26)];
/// From this day on every season lies in its own law.
const EARLIEST: (i32, u32, u32) = (2026, 9, 10);
/// Months that a certificate is valid for.
pub(super) const VALIDITY: u32 = 36;
/// Days before its end by which a re-evaluation must be filed (26/2026, Điều 7.6).
const CLOSES: u64 = 120;

/// The days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Agenda {
    /// Decisions under 1048/781, which have expired by now.
    pub first: NaiveDate,
    pub second: NaiveDate,
    /// A decision under 148 that was re-evaluated since.
    pub renewed: NaiveDate,
    /// A decision under 148 whose re-evaluation must be filed soon.
    pub expiring: NaiveDate,
    pub declared: NaiveDate,
    pub reform: NaiveDate,
    /// Decisions under 1489.
    pub direct: NaiveDate,
    pub direct_later: NaiveDate,
    /// Decisions under 26/2026.
    pub renewal: NaiveDate,
    pub ninety_two: NaiveDate,
    pub revocation: NaiveDate,
    pub lot: NaiveDate,
    /// A dossier is filed whose commune has three working days left.
    pub waiting: NaiveDate,
    /// The last day of that commune.
    pub due: NaiveDate,
    pub draft: NaiveDate,
    pub today: NaiveDate,
    /// The last day for the re-evaluation of what is expiring.
    pub must_file_by: NaiveDate,
    /// The Tết before which that is.
    pub tet: NaiveDate,
}

fn day((year, month, day): (i32, u32, u32)) -> anyhow::Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).context("no such day")
}

/// The first and the last day that a play can end on: every season in its own law, and holidays
/// recorded for the periods that run then.
fn span(calendar: &Calendar) -> anyhow::Result<(NaiveDate, NaiveDate)> {
    let earliest = day(EARLIEST)?;
    let latest = calendar.years().max().and_then(|y| NaiveDate::from_ymd_opt(y, 12, 20)).unwrap_or(earliest);
    Ok((earliest, latest))
}

/// The day nearest to this one that a play can end on.
///
/// # Errors
/// When the calendar that ships cannot be read.
pub(super) fn nearest(today: NaiveDate) -> anyhow::Result<NaiveDate> {
    let (earliest, latest) = span(&Calendar::embedded().map_err(AppError::from)?)?;
    Ok(today.clamp(earliest, latest))
}

impl Agenda {
    /// The days of a play that ends on a day.
    ///
    /// # Errors
    /// When the seasons do not fit before that day, or no holidays are recorded for it.
    pub fn ending(today: NaiveDate, calendar: &Calendar) -> anyhow::Result<Self> {
        let (earliest, latest) = span(calendar)?;
        ensure!(
            (earliest..=latest).contains(&today),
            "a demonstration can be played for {earliest} to {latest}; choose such a day with --on"
        );
        let days = |n: u64| today.checked_sub_days(Days::new(n)).context("a day out of range");
        let mut ahead = TET.into_iter().map(day);
        let tet = ahead.find(|t| t.as_ref().is_ok_and(|t| *t >= today + Days::new(12))).context("no Tết ahead")??;
        let must_file_by = (today + Days::new(40)).min(tet - Days::new(5));
        let recognised = |valid_through: NaiveDate| {
            // The day whose three years end then; at the end of a month the nearest that does.
            let guess =
                valid_through.checked_sub_months(chrono::Months::new(VALIDITY)).context("a day out of range")?;
            let ends = add_months(guess, VALIDITY).map_err(AppError::from)?;
            ensure!(ends <= valid_through, "{ends} is after {valid_through}");
            anyhow::Ok(guess)
        };
        Ok(Self {
            first: day((2022, 11, 20))?,
            second: day((2022, 12, 25))?,
            renewed: recognised(today + Days::new(45))?,
            expiring: recognised(must_file_by + Days::new(CLOSES))?,
            declared: day((2025, 6, 20))?,
            reform: day((2025, 7, 1))?,
            direct: day((2025, 10, 15))?,
            direct_later: day((2025, 11, 20))?,
            renewal: days(75)?,
            ninety_two: days(45)?,
            revocation: days(40)?,
            lot: days(31)?,
            waiting: filed_for(today, calendar)?,
            due: calendar.add_working_days(today, 3).map_err(AppError::from)?,
            draft: days(6)?,
            today,
            must_file_by,
            tet,
        })
    }
}

/// The latest day on which filing leaves a commune three working days (of fifteen) on this one.
fn filed_for(today: NaiveDate, calendar: &Calendar) -> anyhow::Result<NaiveDate> {
    let wanted = calendar.add_working_days(today, 3).map_err(AppError::from)?;
    for back in 0..40 {
        let filed = today - Days::new(back);
        if calendar.add_working_days(filed, 15).map_err(AppError::from)? <= wanted {
            return Ok(filed);
        }
    }
    anyhow::bail!("no day leaves three working days on {today}")
}

#[cfg(test)]
mod tests {
    use super::{Agenda, EARLIEST, day, nearest};
    use crate::places::calendar::Calendar;
    use chrono::Days;

    #[test]
    fn a_day_without_holidays_is_played_on_the_nearest_that_has_them() {
        let nearest = |on: &str| nearest(on.parse().expect("a day")).expect("a day").to_string();
        assert_eq!(nearest("2027-02-10"), "2027-02-10");
        assert_eq!(nearest("2027-12-20"), "2027-12-20");
        assert_eq!(nearest("2028-02-29"), "2027-12-20");
        assert_eq!(nearest("2026-09-01"), "2026-09-10");
    }

    #[test]
    fn the_days_run_one_way_whichever_day_the_play_ends_on() {
        let calendar = Calendar::embedded().expect("the calendar that ships");
        let mut today = day(EARLIEST).expect("a day");
        let mut played = 0;
        while let Ok(a) = Agenda::ending(today, &calendar) {
            let lead = Days::new(super::super::life::LEAD);
            for (decision, earlier) in [
                (a.second, a.first),
                (a.renewed, a.second),
                (a.expiring, a.renewed),
                (a.declared + lead, a.expiring),
                (a.direct, a.reform),
                (a.direct_later, a.direct),
                (a.renewal, a.direct_later),
                (a.ninety_two, a.renewal),
            ] {
                assert!(decision - lead >= earlier, "{today}: {decision} begins before {earlier}");
            }
            let line = [a.ninety_two, a.revocation, a.lot, a.waiting, a.draft, a.today, a.must_file_by, a.tet];
            assert!(line.is_sorted(), "{today}: {a:?}");
            assert_eq!(calendar.add_working_days(a.waiting, 15), Ok(a.due), "{today}");
            today = today.succ_opt().expect("a day");
            played += 1;
        }
        assert!(played > 400, "only {played} days can be played");
    }
}
