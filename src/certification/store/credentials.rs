//! The bit of each certificate in the status lists.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::credential::status::Message;
use crate::db::Ctx;
use crate::db::schema::{certificates, credential_entries};
use crate::error::Result;
use crate::ids::CertificateId;

/// The running number of a certificate in the status lists.
pub(in crate::certification) fn entry(cx: &mut Ctx<'_>, id: CertificateId) -> Result<Option<i64>> {
    Ok(credential_entries::table.find(id).select(credential_entries::entry).first(cx.conn).optional()?)
}

pub(in crate::certification) fn insert_entry(cx: &mut Ctx<'_>, id: CertificateId, entry: i64) -> Result<()> {
    let row = (credential_entries::certificate_id.eq(id), credential_entries::entry.eq(entry));
    diesel::insert_into(credential_entries::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// How a certificate of a list ended.
#[derive(Debug, Clone, Copy, Queryable)]
pub(in crate::certification) struct Ended {
    pub entry: i64,
    pub revoked_on: Option<NaiveDate>,
    pub withdrawn_on: Option<NaiveDate>,
    pub superseded_on: Option<NaiveDate>,
}

impl Ended {
    /// How it ended by a day; the graver act before the lighter, as `rules::state` has it.
    pub fn message(&self, on: NaiveDate) -> Message {
        let by_then = |day: Option<NaiveDate>| day.is_some_and(|d| d <= on);
        if by_then(self.withdrawn_on) {
            Message::Withdrawn
        } else if by_then(self.revoked_on) {
            Message::Revoked
        } else if by_then(self.superseded_on) {
            Message::Superseded
        } else {
            Message::Stands
        }
    }
}

/// The entries between two numbers whose certificates an act has ended by a day.
pub(in crate::certification) fn ended_entries(
    cx: &mut Ctx<'_>,
    from: i64,
    through: i64,
    on: NaiveDate,
) -> Result<Vec<Ended>> {
    let by_then =
        certificates::revoked_on.le(on).or(certificates::withdrawn_on.le(on)).or(certificates::superseded_on.le(on));
    Ok(credential_entries::table
        .inner_join(certificates::table.on(certificates::id.eq(credential_entries::certificate_id)))
        .filter(credential_entries::entry.between(from, through))
        .filter(by_then)
        .select((
            credential_entries::entry,
            certificates::revoked_on,
            certificates::withdrawn_on,
            certificates::superseded_on,
        ))
        .load(cx.conn)?)
}

/// The last running number that was given; 0 before the first.
pub(in crate::certification) fn last_entry(cx: &mut Ctx<'_>) -> Result<i64> {
    let last: Option<i64> =
        credential_entries::table.select(diesel::dsl::max(credential_entries::entry)).first(cx.conn)?;
    Ok(last.unwrap_or(0))
}
