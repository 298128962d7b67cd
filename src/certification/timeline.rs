//! The life of a product: all its recognitions as one time line, imported ones too.

use chrono::NaiveDate;

use super::dto::{TimelineEvent, TimelineStanding, TimelineView, VerifiedDecision};
use super::rules::{self, Event, LifeEvent, Recognised};
use super::store::{self, Proof};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::ProductId;
use crate::text::Label;

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
    Ok(TimelineView { product_id: stays, on, assumes: rules::assumption(on, cx.today()), standing, events })
}

fn number(proof: &Proof) -> Option<String> {
    proof.certificate.as_ref().map(|c| c.number.clone())
}

fn told(cx: &mut Ctx<'_>, event: &Event, proof: &Proof) -> Result<TimelineEvent> {
    let ended = |cx: &mut Ctx<'_>, kind| match &proof.certificate {
        Some(c) => Ok::<_, crate::error::AppError>(store::decision_about(cx, c.id, kind)?),
        None => Ok(None),
    };
    let decision: Option<VerifiedDecision> = match event.kind {
        LifeEvent::Expired => None,
        LifeEvent::Revoked => ended(cx, rules::DecisionKind::Revocation)?.as_ref().map(Into::into),
        LifeEvent::Withdrawn => ended(cx, rules::DecisionKind::Withdrawal)?.as_ref().map(Into::into),
        LifeEvent::Extended => ended(cx, rules::DecisionKind::Extension)?.as_ref().map(Into::into),
        LifeEvent::Recognised | LifeEvent::Upgraded | LifeEvent::Kept | LifeEvent::Lowered => {
            Some((&proof.decision).into())
        }
    };
    let ground = proof.certificate.as_ref().and_then(|c| c.revocation_ground);
    let reason: Option<Label> = ground.filter(|_| event.kind == LifeEvent::Revoked).map(|g| g.label());
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
