//! Prints of certificates: an act of the office that issued them, numbered and kept.
//!
//! The electronic certificate bears no number and can be read as often as one likes. What is printed
//! and signed on paper bears the number of its print, so that a second one is never taken for the
//! first. A certificate that is not in force is not printed any more.

use super::model::{Certificate, Decision, DecisionState};
use super::paper::{self, PrintNumber};
use super::rules::Stop;
use super::store::prints::{self, Print};
use super::{corrections, offices, show, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CertificateId, DecisionId, JobId, RowId};
use crate::jobs::{self, Job, JobState};
use crate::paper::{Imprint, Sheet};

/// The kind of the job that prints a decision's certificates.
pub const PRINT_CERTIFICATES: &str = "print_certificates";

/// The electronic certificate, as it stands today.
///
/// # Errors
/// When what is printed cannot be read.
pub(super) fn electronic(cx: &Ctx<'_>, row: &Certificate, imprint: &Imprint) -> Result<Sheet> {
    paper::certificates(&[(row.clone(), None)], imprint, cx.today())
}

/// Numbers a print. Every one after the first needs a reason.
///
/// # Errors
/// 403 outside the issuing office, 409 when the certificate is not in force.
pub(super) fn print(cx: &mut Ctx<'_>, row: &Certificate, reason: &str) -> Result<Print> {
    must_issue(cx, row)?;
    store::lock_certificate(cx, row.id)?;
    must_be_in_force(cx, row)?;
    let ordinal = prints::last_print(cx, row.id)? + 1;
    let reason = reason.trim();
    if ordinal > 1 && reason.is_empty() {
        return Err(AppError::field(
            "/reason",
            "required",
            "Giấy này đã in; ghi lý do in lại (mất, hỏng…).",
            "This certificate was printed before; say why it is printed again (lost, damaged…).",
        ));
    }
    keep(cx, row, PrintNumber { number: ordinal, on: cx.today() }, reason, None)
}

/// 403 outside the office of the decision.
pub(super) fn must_be_ours(cx: &mut Ctx<'_>, row: &Decision) -> Result<()> {
    offices::must_print(cx, row.level, row.place_id)
}

/// 403 outside the office that issued the certificate.
pub(super) fn must_issue(cx: &mut Ctx<'_>, row: &Certificate) -> Result<()> {
    let (level, place) = store::issuer(cx, row.recognition_id)?;
    offices::must_print(cx, level, place)
}

fn must_be_in_force(cx: &Ctx<'_>, row: &Certificate) -> Result<()> {
    let standing = row.standing(cx.today());
    match standing.state.in_force() {
        true => Ok(()),
        false => Err(Stop::PrintEnded(standing.state.label()).into()),
    }
}

/// Writes a print down.
pub(super) fn keep(
    cx: &mut Ctx<'_>,
    row: &Certificate,
    number: PrintNumber,
    reason: &str,
    by_job: Option<(&Job, &str)>,
) -> Result<Print> {
    let print = Print {
        id: RowId::new(),
        certificate_id: row.id,
        ordinal: number.number,
        printed_on: number.on,
        reason: reason.to_owned(),
        job_id: by_job.map(|(job, _)| job.id),
        sha256: by_job.map(|(_, sha256)| sha256.to_owned()),
        by_user: by_job.map_or_else(|| cx.actor().user(), |(job, _)| job.created_by),
        at: cx.now,
        corrections: row.corrections,
    };
    prints::insert_print(cx, &print)?;
    let details = Details::none().with("number", &row.number).with("print", number.number).with("reason", reason);
    audit::record(cx, "certificate.printed", "certificate", row.id.0, details)?;
    Ok(print)
}

/// A print of a certificate that the caller may see.
///
/// # Errors
/// 404.
pub(super) fn one(cx: &mut Ctx<'_>, id: CertificateId, ordinal: i32) -> Result<(Certificate, Print)> {
    let row = show::certificate(cx, id)?;
    let print = prints::prints_of(cx, id)?.into_iter().find(|p| p.ordinal == ordinal).ok_or(AppError::NotFound)?;
    Ok((row, print))
}

/// The paper of a print, as it was on its day.
///
/// # Errors
/// When what is printed cannot be read.
pub(super) fn sheet(cx: &mut Ctx<'_>, row: &Certificate, print: &Print, imprint: &Imprint) -> Result<Sheet> {
    let row = corrections::worded(cx, row, print.corrections)?;
    let number = PrintNumber { number: print.ordinal, on: print.printed_on };
    paper::certificates(&[(row, Some(number))], imprint, print.printed_on)
}

/// Starts the job that prints every certificate of a decision that is in force.
///
/// # Errors
/// 403 outside the issuing office, 409 when the decision is not published or issued none.
pub(super) fn start(cx: &mut Ctx<'_>, row: &Decision, reason: &str) -> Result<JobId> {
    must_be_ours(cx, row)?;
    if row.state != DecisionState::Published {
        return Err(Stop::DecisionMoment(row.state.label()).into());
    }
    let total = prints::count_issued(cx, row.id)?;
    if total == 0 {
        return Err(Stop::NothingToPrint.into());
    }
    let params = serde_json::json!({ "decision": row.id, "reason": reason.trim(), "certificates": total });
    let job = jobs::enqueue(cx, PRINT_CERTIFICATES, params)?;
    let details = Details::none().with("job", job).with("certificates", total);
    audit::record(cx, "decision.certificates_printed", "decision", row.id.0, details)?;
    Ok(job)
}

/// The finished job of a decision, for any officer of its office: the hash of the file asked for.
///
/// # Errors
/// 403 outside the office, 404 for another decision's job, 409 while it is under way.
pub(super) fn finished(cx: &mut Ctx<'_>, row: &Decision, job: JobId, file: &str) -> Result<String> {
    must_be_ours(cx, row)?;
    let system = crate::actor::Caller::system("prints");
    let job = cx.acting_as(&system, |cx| jobs::get(cx, job))?;
    let of: Option<DecisionId> = serde_json::from_value(job.params.0["decision"].clone()).ok();
    if job.kind != PRINT_CERTIFICATES || of != Some(row.id) {
        return Err(AppError::NotFound);
    }
    match (job.state, &job.result) {
        (JobState::Done, Some(result)) => match result.0[file].as_str() {
            Some(sha256) => Ok(sha256.to_owned()),
            // None of them was in force.
            None => Err(Stop::NothingToPrint.into()),
        },
        _ => Err(Stop::PrintsUnderWay(job.percent()).into()),
    }
}

/// The prints of a certificate, in order.
///
/// # Errors
/// When the database fails.
pub(super) fn of(cx: &mut Ctx<'_>, row: &Certificate) -> Result<Vec<Print>> {
    prints::prints_of(cx, row.id)
}

/// A print by its identifier.
///
/// # Errors
/// 404.
pub(super) fn by_id(cx: &mut Ctx<'_>, row: &Certificate, id: uuid::Uuid) -> Result<Print> {
    of(cx, row)?.into_iter().find(|p| p.id.0 == id).ok_or(AppError::NotFound)
}
