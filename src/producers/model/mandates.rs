//! Rows of mandates.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::Moment;
use crate::db::schema::mandates;
use crate::ids::{GrantId, MandateId, ProducerId, UserId};

/// A paper by which a producer lets somebody act for it, for a time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = mandates)]
pub struct Mandate {
    /// Identifier.
    pub id: MandateId,
    /// Whose.
    pub producer_id: ProducerId,
    /// Who may act.
    pub user_id: UserId,
    /// The right that it gave.
    pub grant_id: GrantId,
    /// The number it bears.
    pub number: String,
    /// The day it was signed.
    pub signed_on: NaiveDate,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// SHA-256 of the paper.
    pub sha256: String,
    /// As uploaded.
    pub file_name: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Moment,
    /// When it was ended before its time.
    pub ended_at: Option<Moment>,
}

impl Mandate {
    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.ended_at.is_none() && self.valid_from <= day && day <= self.valid_to
    }
}
