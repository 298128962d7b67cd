//! Queries about prints of certificates.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::Certificate;
use crate::db::schema::{certificate_prints, certificates, decision_items};
use crate::db::{Ctx, Moment};
use crate::error::Result;
use crate::ids::{CertificateId, DecisionId, JobId, RowId, UserId};

/// A numbered print of a certificate.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = certificate_prints)]
pub(in super::super) struct Print {
    /// Identifier.
    pub id: RowId,
    /// Of which certificate.
    pub certificate_id: CertificateId,
    /// 1, 2, 3…
    pub ordinal: i32,
    /// The day that it bears.
    pub printed_on: NaiveDate,
    /// Why; empty for the first one.
    pub reason: String,
    /// The job that printed a whole decision.
    pub job_id: Option<JobId>,
    /// The paper as it was set by that job.
    pub sha256: Option<String>,
    /// Who.
    pub by_user: Option<UserId>,
    /// When.
    pub at: Moment,
    /// How many corrections of the wording it bears.
    pub corrections: i32,
}

pub(in super::super) fn insert_print(cx: &mut Ctx<'_>, row: &Print) -> Result<()> {
    diesel::insert_into(certificate_prints::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The prints of a certificate, in order.
pub(in super::super) fn prints_of(cx: &mut Ctx<'_>, certificate: CertificateId) -> Result<Vec<Print>> {
    Ok(certificate_prints::table
        .filter(certificate_prints::certificate_id.eq(certificate))
        .order(certificate_prints::ordinal)
        .select(Print::as_select())
        .load(cx.conn)?)
}

/// The prints that a job made, in the order of the decision's list.
pub(in super::super) fn prints_of_job(
    cx: &mut Ctx<'_>,
    job: JobId,
    decision: DecisionId,
) -> Result<Vec<(Certificate, Print)>> {
    Ok(certificate_prints::table
        .inner_join(certificates::table.on(certificates::id.eq(certificate_prints::certificate_id)))
        .inner_join(decision_items::table.on(decision_items::certificate_id.eq(certificates::id.nullable())))
        .filter(certificate_prints::job_id.eq(job))
        .filter(decision_items::decision_id.eq(decision))
        .order((decision_items::ordinal, decision_items::id))
        .select((Certificate::as_select(), Print::as_select()))
        .load(cx.conn)?)
}

/// The certificates that a decision issued, in the order of its list, after so many.
pub(in super::super) fn issued_by(
    cx: &mut Ctx<'_>,
    decision: DecisionId,
    after: i64,
    limit: i64,
) -> Result<Vec<(Certificate, i32)>> {
    let rows: Vec<Certificate> = decision_items::table
        .inner_join(certificates::table.on(certificates::id.nullable().eq(decision_items::certificate_id)))
        .filter(decision_items::decision_id.eq(decision))
        .order((decision_items::ordinal, decision_items::id))
        .select(Certificate::as_select())
        .offset(after)
        .limit(limit)
        .load(cx.conn)?;
    rows.into_iter().map(|row| last_print(cx, row.id).map(|last| (row, last))).collect()
}

/// How many certificates a decision issued.
pub(in super::super) fn count_issued(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<i64> {
    Ok(decision_items::table
        .inner_join(certificates::table.on(certificates::id.nullable().eq(decision_items::certificate_id)))
        .filter(decision_items::decision_id.eq(decision))
        .count()
        .get_result(cx.conn)?)
}

/// The number of the last print; 0 when there is none.
pub(in super::super) fn last_print(cx: &mut Ctx<'_>, certificate: CertificateId) -> Result<i32> {
    let last: Option<i32> = certificate_prints::table
        .filter(certificate_prints::certificate_id.eq(certificate))
        .select(diesel::dsl::max(certificate_prints::ordinal))
        .first(cx.conn)?;
    Ok(last.unwrap_or(0))
}
