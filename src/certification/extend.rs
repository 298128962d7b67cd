//! Extension of certificates whose re-evaluation could not be filed in time (26/2026, Điều 12.3).

use chrono::NaiveDate;

use super::model::{Certificate, Decision, DecisionItem};
use super::rules::{self, Stop};
use super::{revoke, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::outbox::{self, Topic};
use crate::products;
use crate::rulebook::{self, DossierKind};

/// Whether a decision of this authority may extend the certificate on a day; through which day.
pub(super) fn may_extend(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    certificate: &Certificate,
    on: NaiveDate,
) -> Result<NaiveDate> {
    revoke::may_end(cx, decision, certificate.recognition_id, &certificate.facts())?;
    let book = rulebook::for_filing(cx, DossierKind::ReEvaluation, on)?.book;
    let law = book.extended_to(certificate.valid_through)?;
    let all = products::all_of(cx, certificate.product_id)?;
    let under_way = store::re_evaluation_under_way(cx, &all)?;
    Ok(rules::extend(&certificate.facts(), law, under_way, on)?)
}

/// What is checked of a line when the decision is signed.
pub(super) fn check(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem, on: NaiveDate) -> Result<()> {
    let id = item.certificate_id.ok_or_else(|| AppError::internal("a line without a subject"))?;
    let certificate = store::lock_certificate(cx, id)?;
    may_extend(cx, decision, &certificate, on).map(drop)
}

/// The certificate goes on, through the last day that the law of the day of signing gives it. Gives whether it
/// does: one that an act ended between signature and publication stays ended, and keeps no other line waiting.
pub(super) fn extend(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<bool> {
    let subject = item.certificate_id.zip(decision.signed_on);
    let (id, on) = subject.ok_or_else(|| AppError::internal("a signed line without its subject"))?;
    let certificate = store::lock_certificate(cx, id)?;
    let book = rulebook::for_filing(cx, DossierKind::ReEvaluation, on)?.book;
    let law = book.extended_to(certificate.valid_through)?;
    let longest = match rules::extend(&certificate.facts(), law, true, on) {
        Ok(day) => day,
        Err(Stop::AlreadyEnded) => {
            let details = Details::none().with("number", &certificate.number).with("decision", decision.id);
            audit::record(cx, "certificate.extension_void", "certificate", id.0, details)?;
            return Ok(false);
        }
        Err(stop) => return Err(stop.into()),
    };
    // What was answered between signature and publication ends the extension as it begins.
    let all = products::all_of(cx, certificate.product_id)?;
    let answered = store::re_evaluation_failed_on(cx, &all, certificate.issued_on)?;
    let through = answered.map_or(longest, |day| day.clamp(certificate.valid_through, longest));
    store::extend_certificate(cx, &certificate, Some(through).filter(|day| *day > certificate.valid_through))?;
    let details =
        Details::none().with("number", &certificate.number).with("through", through).with("decision", decision.id);
    audit::record(cx, "certificate.extended", "certificate", id.0, details)?;
    let body = serde_json::json!({ "certificate": certificate.number, "extendedThrough": through });
    outbox::tell(cx, Topic::Recognition, certificate.product_id.0, body)?;
    Ok(true)
}

/// The extension of a product ends with the day on which its re-evaluation is answered.
pub(super) fn answered(cx: &mut Ctx<'_>, item: &DecisionItem, on: NaiveDate) -> Result<()> {
    let all = products::all_of(cx, item.product_id)?;
    for certificate in store::extended_of(cx, &all, on)? {
        // What is printed holds in any case.
        let through = Some(on).filter(|day| *day > certificate.valid_through);
        store::extend_certificate(cx, &certificate, through)?;
        let details = Details::none().with("number", &certificate.number).with("through", through);
        audit::record(cx, "certificate.extension_ended", "certificate", certificate.id.0, details)?;
        let body = serde_json::json!({ "certificate": certificate.number, "extendedThrough": through });
        outbox::tell(cx, Topic::Recognition, certificate.product_id.0, body)?;
    }
    Ok(())
}
