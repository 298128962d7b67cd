//! Withdrawal of a recognition after the Ministry's check (26/2026, Điều 10.1 b): it ends from the day
//! of the decision, and its dossier is taken up again at the step that the decision names.
//!
//! The Ministry's order to evaluate again ([`crate::scoring::order`]) may have taken the dossier up
//! before: then it stays where it is. Where another dossier of the product is open, or its rulebook
//! lets nothing move any more, none is taken up: that one, or a new one, is the evaluation anew. What a
//! list tells of has no dossier here, and none is made up.

use chrono::NaiveDate;
use serde_json::json;

use super::held::{self, Held};
use super::model::{Decision, DecisionItem, EndedWhy};
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
    let on = revoke::ending(decision)?;
    let held = held::lock(cx, item.named()?)?;
    if let Some(certificate) = &held.certificate {
        store::withdraw_certificate(cx, certificate.id, on)?;
    }
    store::end_recognition(cx, &held.recognition, on, EndedWhy::Withdrawn, None)?;
    let dossier = held.recognition.dossier_id.map(|id| dossiers::hold_any(cx, id)).transpose()?;
    let reopened = match &dossier {
        Some(dossier) => take_up(cx, decision, &held, dossier, on)?,
        None => None,
    };
    store::save_item(cx, &DecisionItem { dossier_id: dossier.map(|d| d.id), reopened, ..item.clone() })?;
    let details = Details::none()
        .with("number", held.number())
        .with("decision", decision.id)
        .with("dossier", reopened.map(Status::word));
    let (kind, id) = held.audited();
    audit::record(cx, &format!("{kind}.withdrawn"), kind, id, details)?;
    let body = json!({ "certificate": held.number(), "withdrawn": true, "on": on });
    outbox::tell(cx, Topic::Revocation, held.recognition.product_id.0, body)
}

/// Where the dossier stands since; nothing where it stays closed.
fn take_up(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    held: &Held,
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
        "decision": decision.id, "number": decision.number, "signedOn": on, "certificate": held.number(),
        "order": scoring::order_about(cx, dossier.id)?.map(|o| o.id),
    });
    let deed = Deed { reason: decision.reason.clone(), details };
    let moved = dossiers::advance(cx, dossier, action, party, deed)?;
    dossiers::tell_decided(cx, dossier.id)?;
    Ok(Some(moved.status))
}
