//! Withdrawal of a recognition after the Ministry's check (26/2026, Điều 10.1 b): it ends from the day
//! of the decision, and its dossier is taken up again at the step that the decision names.
//!
//! The Ministry's order to evaluate again ([`crate::scoring::order`]) may have taken the dossier up
//! before: then it stays where it is. Where another dossier of the product is open, or its rulebook
//! lets nothing move any more, none is taken up: that one, or a new one, is the evaluation anew.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Certificate, Decision, DecisionItem, EndedWhy};
use super::rules::ReopenAt;
use super::{dossier, revoke, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::dossiers::{self, Action, Deed, Dossier, Status};
use crate::error::Result;
use crate::outbox::{self, Topic};
use crate::scoring;

/// Dossiers are locked before certificates, in one order.
pub(super) fn hold_dossiers(cx: &mut Ctx<'_>, items: &[DecisionItem]) -> Result<()> {
    let certificates: Vec<_> = items.iter().filter_map(|i| i.certificate_id).collect();
    for id in store::dossiers_of_certificates(cx, &certificates)? {
        dossiers::hold_any(cx, id)?;
    }
    Ok(())
}

/// The recognition is withdrawn from the day of the decision.
pub(super) fn withdraw(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<()> {
    let (id, on) = revoke::ending(decision, item)?;
    let certificate = store::lock_certificate(cx, id)?;
    store::withdraw_certificate(cx, id, on)?;
    store::end_recognition(cx, certificate.recognition_id, on, EndedWhy::Withdrawn)?;
    let dossier = store::dossiers_of_certificates(cx, &[id])?.pop();
    let dossier = dossier.map(|id| dossiers::hold_any(cx, id)).transpose()?;
    let reopened = match &dossier {
        Some(dossier) => take_up(cx, decision, &certificate, dossier, on)?,
        None => None,
    };
    // The notice is written to the producer and the commune of that dossier.
    store::save_item(cx, &DecisionItem { dossier_id: dossier.map(|d| d.id), reopened, ..item.clone() })?;
    let details = Details::none()
        .with("number", &certificate.number)
        .with("decision", decision.id)
        .with("dossier", reopened.map(Status::word));
    audit::record(cx, "certificate.withdrawn", "certificate", id.0, details)?;
    let body = json!({ "certificate": certificate.number, "withdrawn": true, "on": on });
    outbox::tell(cx, Topic::Revocation, certificate.product_id.0, body)
}

/// Where the dossier stands since; nothing where it stays closed.
fn take_up(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    certificate: &Certificate,
    dossier: &Dossier,
    on: NaiveDate,
) -> Result<Option<Status>> {
    if !dossier.status.is_final() {
        return Ok(Some(dossier.status));
    }
    let action = match decision.reopen_at {
        Some(ReopenAt::Receipt) => Action::Reopen,
        Some(ReopenAt::Review) | None => Action::ReopenReview,
    };
    let party = dossier::party(decision.level);
    if dossiers::has_open(cx, dossier.product_id)? || !dossiers::is_open(cx, dossier, action, party)? {
        return Ok(None);
    }
    let details = json!({
        "decision": decision.id, "number": decision.number, "signedOn": on, "certificate": certificate.number,
        "order": scoring::order_about(cx, dossier.id)?.map(|o| o.id),
    });
    let deed = Deed { reason: decision.reason.clone(), details };
    let moved = dossiers::advance(cx, dossier, action, party, deed)?;
    dossiers::tell_decided(cx, dossier.id)?;
    Ok(Some(moved.status))
}
