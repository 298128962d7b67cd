//! What a decision asks of a dossier, and does with it.

use chrono::NaiveDate;

use super::model::Decision;
use super::rules::{self, DecisionKind, Stop};
use super::store::{self, ResultFacts};
use crate::db::Ctx;
use crate::dossiers::{self, Action, Deed, Dossier, Moment, Party, Status};
use crate::error::Result;
use crate::ids::DossierId;
use crate::places;
use crate::rulebook::{Authority, Rulebook};

/// A dossier with the result and the law that decide about it.
pub(super) struct Found {
    pub dossier: Dossier,
    pub result: ResultFacts,
    pub book: Rulebook,
    pub action: Action,
}

/// Whether a decision of this kind and authority may be taken about a dossier on a day. The dossier
/// stays locked until the deed ends.
pub(super) fn may_decide(cx: &mut Ctx<'_>, decision: &Decision, id: DossierId, on: NaiveDate) -> Result<Found> {
    let dossier = dossiers::hold(cx, id)?;
    if let Some(office) = decision.place_id
        && !places::reaches(cx, office, dossier.place_id)?
    {
        return Err(Stop::OutsideTerritory.into());
    }
    let book = dossiers::book_of(cx, &dossier)?;
    let pattern = book.regime(on)?.pattern;
    let action = action(decision.kind, dossier.status);
    Moment { status: dossier.status, pattern, kind: dossier.kind }.find_move(action, party(decision.level))?;
    let result = store::newest_result(cx, id)?.ok_or(Stop::NoResult)?;
    let found_on = result.recorded_at.vietnam_day();
    if on < found_on {
        return Err(Stop::BeforeResult { found: found_on }.into());
    }
    let star = u8::try_from(result.stars).unwrap_or(0);
    match star {
        // Rejected by the council: no band, no star.
        0 if decision.kind == DecisionKind::NotRecognition => {}
        0 => return Err(Stop::AuthorityDiffers { star, whose: None }.into()),
        _ => rules::may_decide(decision.kind, star, book.outcome(on, decision.level, star)?)?,
    }
    rules::may_carry(decision.kind, Some(star).filter(|s| *s > 0))?;
    Ok(Found { dossier, result, book, action })
}

/// Moves the dossier on, with the decision as what the move rests on. The star stays with the result
/// and the decision: who reads the moves may not yet know it before publication.
pub(super) fn carry_on(cx: &mut Ctx<'_>, found: &Found, decision: &Decision, reason: Option<String>) -> Result<()> {
    let details = serde_json::json!({
        "decision": decision.id, "number": decision.number, "signedOn": decision.signed_on,
        "result": found.result.id,
    });
    dossiers::advance(cx, &found.dossier, found.action, party(decision.level), Deed { reason, details })?;
    Ok(())
}

fn action(kind: DecisionKind, status: Status) -> Action {
    match kind {
        DecisionKind::Recognition if status == Status::BackFromCentre => Action::RecogniseOnCentralResult,
        DecisionKind::Recognition => Action::Recognise,
        DecisionKind::ResultApproval => Action::ApproveResult,
        DecisionKind::NotRecognition
        | DecisionKind::Revocation
        | DecisionKind::Withdrawal
        | DecisionKind::Extension
        | DecisionKind::Correction => Action::Reject,
    }
}

pub(super) fn party(level: Authority) -> Party {
    match level {
        Authority::District => Party::District,
        Authority::Province => Party::Province,
        Authority::Central => Party::Central,
    }
}
