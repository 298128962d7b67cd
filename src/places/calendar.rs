//! Legal days in Vietnam: working days, civil days, periods and deadlines.
//!
//! The rules of counting (Bộ luật Dân sự 2015, Điều 147 and 148, which a decision follows unless it
//! says otherwise): the first day is not counted; a period of days ends at 24:00 of its last day; a
//! last day that is a day off moves to the next working day (parameter `rollToWorkingDay`).
//!
//! Holidays come from rows, one year at a time. A year without rows is refused, never guessed,
//! because Tết moves and Saturdays are swapped by a yearly notice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{refusal::Refusal, text::Label, words};

words! {
    /// What a calendar row says about its day.
    pub enum DayKind {
        /// Nobody works: a holiday, or a day given in exchange for a worked Saturday.
        DayOff = "dayOff",
        /// A Saturday or Sunday worked in exchange for a day off.
        WorkingDay = "workingDay",
    }
}

words! {
    /// How sure a calendar row is.
    pub enum DayStatus {
        /// After the yearly notice of the Ministry of Home Affairs.
        Confirmed = "confirmed",
        /// By the rule of the calendar; the yearly notice was not seen yet.
        Computed = "computed",
    }
}

words! {
    /// The unit of a legal period.
    pub enum PeriodUnit {
        /// Working days: no Saturday, Sunday or holiday, but swapped Saturdays.
        WorkingDays = "workingDays",
        /// Civil days, all of them.
        Days = "days",
        /// Months: the same day number, else the last day of the month.
        Months = "months",
    }
}

/// One row of a calendar: a day that differs from the plain week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CalendarDay {
    /// Civil date in Vietnam.
    pub date: NaiveDate,
    /// Day off, or a worked Saturday or Sunday.
    pub kind: DayKind,
    /// Name of the day, in Vietnamese.
    pub name: String,
    /// Confirmed by the yearly notice, or computed.
    pub status: DayStatus,
}

/// A length of time as a decision states it: `15 workingDays`, `45 days`, `36 months`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Period {
    /// How many.
    pub n: u16,
    /// Of what.
    pub unit: PeriodUnit,
}

/// How periods are counted; both are parameters of the rulebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    /// `rollToWorkingDay`: a last day that is a day off moves to the next working day.
    pub roll: bool,
    /// `pausesCount`: recorded pauses stop the clock.
    pub pauses_count: bool,
}

/// A recorded pause: the day something was asked for, and the day it came. The day of asking still
/// counts, the day of the answer does not. For a pause still open give today as its end.
pub type Pause = (NaiveDate, NaiveDate);

/// The last day of a period, twice: as the decision says it, and with the recorded pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deadlines {
    /// The plain legal deadline.
    pub plain: NaiveDate,
    /// The deadline with recorded pauses; equal to `plain` where pauses do not count.
    pub with_pauses: NaiveDate,
}

/// Why a date cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// No holidays are recorded for this year.
    YearWithoutCalendar(i32),
    /// A calendar row could not be read: line and reason.
    RowUnreadable(u64, String),
    /// The date lies beyond what can be represented.
    DateOutOfRange,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::YearWithoutCalendar(_) => "calendar_year_unknown",
            Self::RowUnreadable(..) => "calendar_row_unreadable",
            Self::DateOutOfRange => "calendar_date_out_of_range",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::YearWithoutCalendar(year) => Label::new(
                format!(
                    "Chưa có lịch nghỉ lễ năm {year}, nên không tính được thời hạn; quản trị viên cần nhập thông báo nghỉ lễ của năm đó (ocop import holidays)."
                ),
                format!(
                    "No holidays are recorded for {year}, so the period cannot be computed; an administrator must import that year's notice (ocop import holidays)."
                ),
            ),
            Self::RowUnreadable(line, why) => Label::new(
                format!("Dòng {line} của lịch không đọc được: {why}."),
                format!("Line {line} of the calendar cannot be read: {why}."),
            ),
            Self::DateOutOfRange => Label::new(
                "Ngày nằm ngoài phạm vi tính được; kiểm tra lại năm.",
                "The date is out of range; check the year.",
            ),
        }
    }
}

/// The holidays and swapped days of the years it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, DayKind>,
    years: BTreeSet<i32>,
}

impl Calendar {
    /// A calendar of these rows; a year is known when it has at least one row.
    pub fn new(rows: impl IntoIterator<Item = CalendarDay>) -> Self {
        let days: BTreeMap<_, _> = rows.into_iter().map(|row| (row.date, row.kind)).collect();
        let years = days.keys().map(Datelike::year).collect();
        Self { days, years }
    }

    /// The calendar that the service ships with (`holidays.csv`, 2019–2027).
    pub fn embedded() -> Result<Self, Stop> {
        Ok(Self::new(read_csv(include_str!("holidays.csv"))?))
    }

    /// The years it knows.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.iter().copied()
    }

    /// Is this a day on which offices work?
    pub fn is_working_day(&self, date: NaiveDate) -> Result<bool, Stop> {
        if !self.years.contains(&date.year()) {
            return Err(Stop::YearWithoutCalendar(date.year()));
        }
        Ok(match self.days.get(&date) {
            Some(kind) => *kind == DayKind::WorkingDay,
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        })
    }

    /// This day if it is a working day, else the first one after it.
    pub fn same_or_next_working_day(&self, date: NaiveDate) -> Result<NaiveDate, Stop> {
        let mut day = date;
        while !self.is_working_day(day)? {
            day = next(day)?;
        }
        Ok(day)
    }

    /// The last day of `n` working days; `from` itself is not counted.
    pub fn add_working_days(&self, from: NaiveDate, n: u16) -> Result<NaiveDate, Stop> {
        self.walk(from, n, PeriodUnit::WorkingDays, &[])
    }

    /// The last day of `n` working days for a reminder, which must not fail: where a year is not known,
    /// of `n` civil days.
    pub fn about_working_days(&self, from: NaiveDate, n: u16) -> NaiveDate {
        self.add_working_days(from, n).unwrap_or_else(|_| from + Days::new(n.into()))
    }

    /// The last day of `n` civil days; `from` itself is not counted. With `roll`, a last day that is
    /// a day off moves to the next working day.
    pub fn add_days(&self, from: NaiveDate, n: u16, roll: bool) -> Result<NaiveDate, Stop> {
        let last = self.walk(from, n, PeriodUnit::Days, &[])?;
        if roll { self.same_or_next_working_day(last) } else { Ok(last) }
    }

    /// Both deadlines of a period that began on `from` (not counted itself).
    pub fn deadline(
        &self,
        from: NaiveDate,
        period: Period,
        pauses: &[Pause],
        counting: Counting,
    ) -> Result<Deadlines, Stop> {
        let plain = self.last_day(from, period, &[], counting.roll)?;
        let with_pauses = match counting.pauses_count && !pauses.is_empty() {
            true => self.last_day(from, period, pauses, counting.roll)?,
            false => plain,
        };
        Ok(Deadlines { plain, with_pauses })
    }

    fn last_day(&self, from: NaiveDate, period: Period, pauses: &[Pause], roll: bool) -> Result<NaiveDate, Stop> {
        let last = match period.unit {
            PeriodUnit::WorkingDays => return self.walk(from, period.n, PeriodUnit::WorkingDays, pauses),
            PeriodUnit::Days => self.walk(from, period.n, PeriodUnit::Days, pauses)?,
            PeriodUnit::Months => {
                let end = add_months(from, period.n.into())?;
                let days = u16::try_from((end - from).num_days()).map_err(|_| Stop::DateOutOfRange)?;
                self.walk(from, days, PeriodUnit::Days, pauses)?
            }
        };
        if roll { self.same_or_next_working_day(last) } else { Ok(last) }
    }

    fn walk(&self, from: NaiveDate, n: u16, unit: PeriodUnit, pauses: &[Pause]) -> Result<NaiveDate, Stop> {
        let mut day = from;
        let mut left = n;
        while left > 0 {
            day = next(day)?;
            if let Some((_, end)) = pauses.iter().find(|(begin, end)| *begin < day && day <= *end) {
                day = *end;
            } else if unit == PeriodUnit::Days || self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }
}

/// Reads calendar rows (`date,kind,name,status`); the first unreadable line stops the reading.
pub fn read_csv(text: &str) -> Result<Vec<CalendarDay>, Stop> {
    let unreadable = |e: csv::Error| {
        let line = e.position().map_or(0, csv::Position::line);
        Stop::RowUnreadable(line, e.to_string())
    };
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.map_err(unreadable)).collect()
}

/// The same day number `n` months later, else the last day of that month: how 36 months of a
/// certificate are counted (26/2026, Điều 4).
pub fn add_months(date: NaiveDate, n: u32) -> Result<NaiveDate, Stop> {
    date.checked_add_months(Months::new(n)).ok_or(Stop::DateOutOfRange)
}

/// `n` civil days before or after, without any rolling.
pub fn shift_days(date: NaiveDate, n: i64) -> Result<NaiveDate, Stop> {
    let days = Days::new(n.unsigned_abs());
    let shifted = if n < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) };
    shifted.ok_or(Stop::DateOutOfRange)
}

/// The civil day in Vietnam (UTC+7 all year) of an instant.
pub fn vietnam_day(instant: DateTime<Utc>) -> NaiveDate {
    match FixedOffset::east_opt(7 * 3600) {
        Some(hanoi) => instant.with_timezone(&hanoi).date_naive(),
        None => instant.date_naive(),
    }
}

/// "Trước ngày …": strictly before, or on the day too where the parameter `strictlyBefore` is off.
pub fn before(date: NaiveDate, cutoff: NaiveDate, strictly: bool) -> bool {
    if strictly { date < cutoff } else { date <= cutoff }
}

/// "Trước ngày …" read strictly: 29/4 is before 30/4, 30/4 is not.
pub fn strictly_before(date: NaiveDate, cutoff: NaiveDate) -> bool {
    before(date, cutoff, true)
}

fn next(date: NaiveDate) -> Result<NaiveDate, Stop> {
    date.succ_opt().ok_or(Stop::DateOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::embedded().unwrap()
    }

    const COUNTING: Counting = Counting { roll: true, pauses_count: true };

    #[test]
    fn the_embedded_calendar_knows_2019_to_2027() {
        assert_eq!(calendar().years().collect::<Vec<_>>(), (2019..=2027).collect::<Vec<_>>());
    }

    #[test]
    fn working_days_step_over_holidays_and_swapped_days() {
        // (from, working days, last day)
        let table = [
            ("2026-02-13", 1, "2026-02-23"),  // Tết 2026: Monday 16 to Friday 20 February off
            ("2026-02-10", 15, "2026-03-10"), // fifteen working days around Tết
            ("2026-04-24", 1, "2026-04-28"),  // Giổ Tổ on a Sunday, Monday 27 given instead
            ("2026-04-29", 1, "2026-05-04"),  // 30/4 and 1/5
            ("2026-08-21", 1, "2026-08-22"),  // a Saturday worked
            ("2026-08-28", 1, "2026-09-03"),  // for Monday 31 August, then the national day
            ("2025-04-25", 1, "2025-04-26"),  // a Saturday worked in 2025
            ("2025-04-29", 1, "2025-05-05"),  // for 2 May
            ("2026-11-23", 1, "2026-11-25"),  // 24 November is a holiday from 2026
            ("2025-11-21", 2, "2025-11-25"),  // and was none before
            ("2026-05-22", 0, "2026-05-22"),
        ];
        for (from, n, last) in table {
            assert_eq!(calendar().add_working_days(d(from), n), Ok(d(last)), "{from} + {n}");
        }
    }

    #[test]
    fn civil_days_roll_only_when_asked() {
        assert_eq!(calendar().add_days(d("2026-02-01"), 15, false), Ok(d("2026-02-16")));
        assert_eq!(calendar().add_days(d("2026-02-01"), 15, true), Ok(d("2026-02-23")));
        assert_eq!(calendar().add_days(d("2026-05-22"), 60, true), Ok(d("2026-07-21")));
    }

    #[test]
    fn a_year_without_rows_is_refused() {
        let stop = calendar().add_working_days(d("2027-12-30"), 5).unwrap_err();
        assert_eq!(stop, Stop::YearWithoutCalendar(2028));
        assert_eq!(stop.word(), "calendar_year_unknown");
        assert_eq!(calendar().add_days(d("2027-12-30"), 5, true), Err(Stop::YearWithoutCalendar(2028)));
        assert_eq!(calendar().add_days(d("2027-12-30"), 5, false), Ok(d("2028-01-04")));
    }

    #[test]
    fn months_keep_the_day_number_or_end_the_month() {
        assert_eq!(add_months(d("2026-05-22"), 36), Ok(d("2029-05-22")));
        assert_eq!(add_months(d("2024-02-29"), 36), Ok(d("2027-02-28")));
        assert_eq!(add_months(d("2022-08-31"), 6), Ok(d("2023-02-28")));
        assert_eq!(add_months(NaiveDate::MAX, 1), Err(Stop::DateOutOfRange));
    }

    #[test]
    fn a_pause_moves_the_second_deadline_only() {
        let fifteen = Period { n: 15, unit: PeriodUnit::WorkingDays };
        let plain = d("2026-06-22");
        // asked on Wednesday 3, answered on Monday 8 June: Thursday, Friday and Monday do not count
        let pauses = [(d("2026-06-03"), d("2026-06-08"))];
        let got = calendar().deadline(d("2026-06-01"), fifteen, &pauses, COUNTING).unwrap();
        assert_eq!(got, Deadlines { plain, with_pauses: d("2026-06-25") });
        let off = Counting { pauses_count: false, ..COUNTING };
        let got = calendar().deadline(d("2026-06-01"), fifteen, &pauses, off).unwrap();
        assert_eq!(got, Deadlines { plain, with_pauses: plain });
    }

    #[test]
    fn overlapping_pauses_count_once_and_late_ones_not_at_all() {
        let ten = Period { n: 10, unit: PeriodUnit::Days };
        let counting = Counting { roll: false, ..COUNTING };
        let pauses = [
            (d("2026-06-03"), d("2026-06-06")),
            (d("2026-06-05"), d("2026-06-08")),
            (d("2026-07-01"), d("2026-07-09")),
        ];
        let got = calendar().deadline(d("2026-06-01"), ten, &pauses, counting).unwrap();
        assert_eq!(got, Deadlines { plain: d("2026-06-11"), with_pauses: d("2026-06-16") });
    }

    #[test]
    fn months_are_paused_in_days() {
        let one = Period { n: 1, unit: PeriodUnit::Months };
        let got = calendar().deadline(d("2026-06-01"), one, &[(d("2026-06-10"), d("2026-06-12"))], COUNTING).unwrap();
        assert_eq!(got, Deadlines { plain: d("2026-07-01"), with_pauses: d("2026-07-03") });
    }

    #[test]
    fn the_day_in_vietnam_begins_at_17_utc() {
        assert_eq!(vietnam_day("2026-05-21T16:59:59Z".parse().unwrap()), d("2026-05-21"));
        assert_eq!(vietnam_day("2026-05-21T17:00:00Z".parse().unwrap()), d("2026-05-22"));
    }

    #[test]
    fn before_means_strictly_before() {
        assert!(strictly_before(d("2026-04-29"), d("2026-04-30")));
        assert!(!strictly_before(d("2026-04-30"), d("2026-04-30")));
        assert!(before(d("2026-04-30"), d("2026-04-30"), false));
    }

    #[test]
    fn an_unreadable_row_names_its_line() {
        let stop = read_csv("date,kind,name,status\n2028-01-01,holiday,Tết,confirmed\n").unwrap_err();
        assert!(matches!(stop, Stop::RowUnreadable(2, _)), "{stop:?}");
    }
}
