//! The life of a product: all its recognitions as one time line, imported ones too.

use chrono::NaiveDate;

use super::corrections;
use super::dto::{TimelineEvent, TimelineStanding, TimelineView, VerifiedDecision};
use super::model::Decision;
use super::rules::{self, Corrections, Event, LifeEvent, Recognised};
use super::store::{self, Proof};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::ProductId;
use crate::text::{Label, Lang};

/// The life of a product, kept under all these identifiers, up to a day. `stays` is the entry that
/// they lead to. Whether the caller may know of the product was looked up before.
///
/// # Errors
/// When the database fails.
pub fn timeline(cx: &mut Ctx<'_>, stays: ProductId, all: &[ProductId], on: NaiveDate) -> Result<TimelineView> {
    let proofs = store::proofs_of_products(cx, all)?;
    let recognised: Vec<Recognised> = proofs
        .iter()
        .map(|p| Recognised {
            stars: p.recognition.stars,
            facts: p.certificate.as_ref().map_or_else(|| p.recognition.facts(None), |c| c.facts()),
            validity: p.recognition.validity(),
        })
        .collect();
    let life = rules::life(&recognised, on);
    let standing = life.standing.and_then(|(of, standing)| {
        let proof = proofs.get(of)?;
        Some(TimelineStanding {
            stars: proof.recognition.stars,
            in_force: standing.state.in_force(),
            state_label: standing.state.label(),
            valid_through: proof.recognition.valid_through,
            certificate_number: number(proof),
            standing,
        })
    });
    let mut events = Vec::with_capacity(life.events.len());
    for event in life.events {
        if let Some(proof) = proofs.get(event.of) {
            events.push(told(cx, &event, proof)?);
        }
    }
    for proof in &proofs {
        events.extend(corrected(cx, proof, on)?);
    }
    events.sort_by_key(|e| e.on);
    Ok(TimelineView { product_id: stays, on, assumes: rules::assumption(on, cx.today()), standing, events })
}

fn number(proof: &Proof) -> Option<String> {
    proof.certificate.as_ref().map(|c| c.number.clone())
}

/// The corrections of a certificate, by their lines and not by their words.
fn corrected(cx: &mut Ctx<'_>, proof: &Proof, through: NaiveDate) -> Result<Vec<TimelineEvent>> {
    let Some(certificate) = &proof.certificate else { return Ok(Vec::new()) };
    let event = |(decision, corrections): (Decision, Corrections)| {
        let on = decision.signed_on.filter(|on| *on <= through)?;
        let lines: Vec<Label> = corrections.lines.iter().map(|w| w.field.label()).collect();
        let joined = |lang| lines.iter().map(|l| l.say(lang)).collect::<Vec<_>>().join(", ");
        Some(TimelineEvent {
            on,
            kind: LifeEvent::Corrected,
            label: LifeEvent::Corrected.label(),
            stars: proof.recognition.stars,
            came_by: proof.recognition.kind,
            certificate_number: number(proof),
            decision: Some((&decision).into()),
            reason: Some(Label::new(joined(Lang::Vi), joined(Lang::En))),
        })
    };
    Ok(corrections::of(cx, certificate)?.into_iter().filter_map(event).collect())
}

fn told(cx: &mut Ctx<'_>, event: &Event, proof: &Proof) -> Result<TimelineEvent> {
    let ended = |cx: &mut Ctx<'_>, kind| store::decision_about(cx, proof.named(), kind);
    let withdrawn = match event.kind {
        LifeEvent::Withdrawn => ended(cx, rules::DecisionKind::Withdrawal)?,
        _ => None,
    };
    let decision: Option<VerifiedDecision> = match event.kind {
        // Corrections are told with their own decisions.
        LifeEvent::Expired | LifeEvent::Corrected => None,
        LifeEvent::Revoked => ended(cx, rules::DecisionKind::Revocation)?.as_ref().map(Into::into),
        LifeEvent::Withdrawn => withdrawn.as_ref().map(Into::into),
        LifeEvent::Extended => ended(cx, rules::DecisionKind::Extension)?.as_ref().map(Into::into),
        LifeEvent::Recognised | LifeEvent::Upgraded | LifeEvent::Kept | LifeEvent::Lowered => {
            Some((&proof.decision).into())
        }
    };
    let ground = proof.certificate.as_ref().map_or(proof.recognition.revocation_ground, |c| c.revocation_ground);
    let reason: Option<Label> = ground.filter(|_| event.kind == LifeEvent::Revoked).map(|g| g.label());
    let reason = reason.or_else(|| withdrawn.and_then(|d| d.reason).map(|why| Label::new(why.clone(), why)));
    Ok(TimelineEvent {
        on: event.on,
        kind: event.kind,
        label: event.kind.label(),
        stars: proof.recognition.stars,
        came_by: proof.recognition.kind,
        certificate_number: number(proof),
        decision,
        reason,
    })
}
