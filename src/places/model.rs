//! Rows of units, their other spellings, who followed whom, calendars and reforms.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::calendar::{DayKind, DayStatus};
use super::rules::{Level, PlaceKind, ReformState, SubjectKind, SuccessionKind, Tier};
use crate::db::schema::{
    calendar_days, place_reach, place_spellings, place_successions, places, reform_choices, reforms,
};
use crate::db::{Doc, Moment};
use crate::ids::{JobId, PlaceId, RowId, UserId};

crate::stored_words!(Level, PlaceKind, SuccessionKind, Tier, DayKind, DayStatus, ReformState, SubjectKind);

/// A province, district or commune during one period.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = places, treat_none_as_default_value = false)]
pub struct Place {
    /// Identifier, derived from the legal key.
    pub id: PlaceId,
    /// Code of the statistics office; names a unit only with a date.
    pub code: String,
    /// Province, district or commune.
    pub level: Level,
    /// Tỉnh, huyện, xã, phường…
    pub kind: PlaceKind,
    /// Name without the kind.
    pub name: String,
    /// Kind and name.
    pub full_name: String,
    /// The full name, folded for search.
    pub folded: String,
    /// The name with only the place of tone marks folded.
    pub tone_key: String,
    /// Sorts names as a Vietnamese reader expects.
    pub name_sort: String,
    /// The unit above, in the same regime.
    pub parent_id: Option<PlaceId>,
    /// Three tiers to 30 June 2025, two from 1 July 2025.
    pub regime: Tier,
    /// First day; none before the records.
    pub valid_from: Option<NaiveDate>,
    /// Last day; none while in force.
    pub valid_to: Option<NaiveDate>,
}

impl Place {
    /// Whether the unit stands on this day.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }
}

/// Another spelling met in lists.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = place_spellings)]
pub struct Spelling {
    /// Whose.
    pub place_id: PlaceId,
    /// As the list writes it.
    pub variant: String,
    /// With only the place of tone marks folded.
    pub tone_key: String,
}

/// Which unit followed which, on which day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = place_successions)]
pub struct Succeeded {
    /// In force the day before.
    pub old_id: PlaceId,
    /// In force from that day.
    pub new_id: PlaceId,
    /// First day of the new unit.
    pub on_day: NaiveDate,
    /// How it follows.
    pub kind: SuccessionKind,
}

/// An office and a place that it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Queryable, Selectable, Insertable)]
#[diesel(table_name = place_reach)]
pub struct ReachRow {
    /// The office.
    pub office_id: PlaceId,
    /// The place.
    pub place_id: PlaceId,
}

/// A day that differs from the plain week.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_days)]
pub struct DayRow {
    /// The day.
    pub day: NaiveDate,
    /// A day off, or a Saturday worked.
    pub kind: DayKind,
    /// Its name.
    pub name: String,
    /// Confirmed by the yearly notice, or computed.
    pub status: DayStatus,
}

/// A reform of units carried out here.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = reforms)]
pub struct Reform {
    /// Identifier.
    pub id: RowId,
    /// First day of the new units.
    pub on_day: NaiveDate,
    /// What it is called, with the resolution.
    pub title: String,
    /// Where it stands.
    pub state: ReformState,
    /// What was moved and what waits: canonical JSON.
    pub report: Doc,
    /// The job that carries it out.
    pub job_id: Option<JobId>,
    /// Who declared it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// Something at a divided unit that an officer gives to one of its successors.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = reform_choices)]
pub struct Choice {
    /// Identifier.
    pub id: RowId,
    /// In which reform.
    pub reform_id: RowId,
    /// What kind of thing.
    pub subject_kind: SubjectKind,
    /// Which one.
    pub subject_id: RowId,
    /// Where it was kept.
    pub old_place_id: PlaceId,
    /// Where it goes.
    pub chosen_id: Option<PlaceId>,
    /// Who chose.
    pub chosen_by: Option<UserId>,
}
