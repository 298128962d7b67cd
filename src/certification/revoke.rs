//! Revocation: a case on a recorded conclusion, then a decision.

use chrono::NaiveDate;

use super::held::{self, Held, Named};
use super::model::{CaseState, Decision, DecisionItem, EndedWhy, RevocationCase};
use super::rules::{self, CertificateFacts, DecisionKind, Evidence, EvidenceKind, Ground, Stop};
use super::{offices, store};
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::Ctx;
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{RecognitionId, RevocationId, RowId};
use crate::outbox::{self, Topic};
use crate::products;
use crate::rulebook::rules::GroundFact;
use crate::rulebook::{self, Authority, DossierKind};

/// A ground and the paper behind it.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// What it is about.
    pub about: Named,
    /// The ground.
    pub ground: Ground,
    /// What paper.
    pub kind: EvidenceKind,
    /// Its number.
    pub number: String,
    /// Its date.
    pub dated: NaiveDate,
    /// Who issued it.
    pub body: String,
    /// The inspection that it concludes.
    pub inspection: Option<RowId>,
    /// Remark.
    pub note: String,
}

/// Opens a case for revocation.
///
/// # Errors
/// 409 when the paper does not carry the ground, or the certificate has ended by an act already.
pub fn open(cx: &mut Ctx<'_>, new: &NewCase) -> Result<RevocationCase> {
    held::seen(cx, new.about).map_err(|e| unknown(e, new.about))?;
    let held = held::lock(cx, new.about)?;
    offices::must_reach(cx, Act::OpenRevocation, held.recognition.place_id)?;
    let paper = Evidence { kind: new.kind, dated: Some(new.dated), body: new.body.clone() };
    let today = cx.today();
    must_carry(cx, &held, new.ground, &paper, today)?;
    must_stand(&held.facts())?;
    let due_on = rules::revocation_due(new.dated).ok_or_else(|| AppError::internal("a day out of range"))?;
    let row = RevocationCase {
        id: RevocationId::new(),
        certificate_id: new.about.certificate(),
        recognition_id: new.about.recognition(),
        ground: new.ground,
        evidence_kind: new.kind,
        evidence_number: new.number.clone(),
        evidence_dated: new.dated,
        evidence_body: new.body.clone(),
        inspection_id: new.inspection,
        due_on,
        state: CaseState::Open,
        decision_id: None,
        opened_by: cx.actor().user(),
        opened_at: cx.now,
        note: new.note.clone(),
        version: 1,
    };
    cx.try_step(|cx| store::insert_case(cx, &row))
        .on_constraint("revocations_one_open_per_certificate", || Stop::CaseOpen)
        .on_constraint("revocations_one_open_per_recognition", || Stop::CaseOpen)?;
    let details = Details::none()
        .with("certificate", held.number())
        .with("recognition", new.about.recognition())
        .with("ground", new.ground)
        .with("due", due_on);
    audit::record(cx, "revocation.opened", "revocation", row.id.0, details)?;
    Ok(row)
}

fn unknown(error: AppError, about: Named) -> AppError {
    let pointer = match about {
        Named::Certificate(_) => "/certificateId",
        Named::Recognition(_) => "/recognitionId",
    };
    match error {
        AppError::NotFound => AppError::field(
            pointer,
            "unknown",
            "Không có mục này, hoặc bạn không được biết về nó.",
            "There is no such thing, or it is not for you to know.",
        ),
        other => other,
    }
}

/// Whether the ground holds by the rulebook of a day: its paper, and what must be so besides.
fn must_carry(cx: &mut Ctx<'_>, held: &Held, ground: Ground, paper: &Evidence, on: NaiveDate) -> Result<()> {
    let (needs, fact) = needs(cx, ground, on)?;
    rules::check_revocation(ground, needs, paper, on)?;
    let Some(fact) = fact else { return Ok(()) };
    let facts = held.facts();
    let all = products::all_of(cx, held.recognition.product_id)?;
    match fact {
        GroundFact::NotReEvaluated => {
            let last = facts.last_day();
            if last >= on {
                return Err(Stop::NotLapsed { last }.into());
            }
            match facts.superseded_on.is_some() || store::re_evaluation_under_way(cx, &all)? {
                true => Err(Stop::ReEvaluated.into()),
                false => Ok(()),
            }
        }
        GroundFact::ReEvaluationFailed => match store::re_evaluation_failed_on(cx, &all, facts.issued_on)? {
            Some(_) => Ok(()),
            None => Err(Stop::NoFailedReEvaluation.into()),
        },
    }
}

/// What a ground must rest on by the rulebook of a day. Where its grounds were not read, and on a day
/// without any rulebook, the six of Article 8 hold.
fn needs(cx: &mut Ctx<'_>, ground: Ground, on: NaiveDate) -> Result<(EvidenceKind, Option<GroundFact>)> {
    let book = match rulebook::for_filing(cx, DossierKind::First, on) {
        Ok(stored) => Some(stored.book).filter(|book| !book.grounds.is_empty()),
        Err(AppError::Refused(_)) => None,
        Err(e) => return Err(e),
    };
    match book {
        None if ground.of_article_8() => Ok((ground.needs(), None)),
        None => Err(rulebook::Stop::GroundUnknown(ground.letter().to_owned()).into()),
        Some(book) => {
            let named = book.ground(ground.letter())?;
            Ok((EvidenceKind::parse(named.proof.word()).unwrap_or(ground.needs()), named.fact))
        }
    }
}

/// Closes a case without a revocation.
///
/// # Errors
/// 409 when it is not open.
pub fn drop_case(cx: &mut Ctx<'_>, case: &RevocationCase, reason: &str) -> Result<RevocationCase> {
    if case.state != CaseState::Open {
        return Err(Stop::CaseClosed.into());
    }
    let named = case.named().ok_or_else(|| AppError::internal("a case without its subject"))?;
    let about = held::lock(cx, named)?.recognition;
    offices::must_reach(cx, Act::OpenRevocation, about.place_id)?;
    let closed = RevocationCase { state: CaseState::Dropped, version: case.version + 1, ..case.clone() };
    store::save_case(cx, &closed)?;
    audit::record(cx, "revocation.dropped", "revocation", case.id.0, Details::none().with("reason", reason))?;
    Ok(closed)
}

/// A case that the caller may know of, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: RevocationId) -> Result<RevocationCase> {
    store::visible_case(cx, id)?.ok_or(AppError::NotFound)?;
    store::lock_case(cx, id)
}

fn must_stand(facts: &CertificateFacts) -> Result<()> {
    match facts.revoked.map(|r| r.on).or(facts.withdrawn_on) {
        Some(_) => Err(Stop::AlreadyEnded.into()),
        None => Ok(()),
    }
}

/// Whether the authority of a decision may end, extend or correct what stands by these dates: the level
/// that recognised it, for its territory.
pub(super) fn may_end(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    recognition: RecognitionId,
    facts: &CertificateFacts,
) -> Result<()> {
    must_stand(facts)?;
    if decision.signed_on.is_some_and(|on| on < facts.issued_on) {
        return Err(Stop::BeforeRecognition { since: facts.issued_on }.into());
    }
    let (level, (whose, unit)) = (decision.level, store::issuer(cx, recognition)?);
    // What a district recognised is the province's since districts ended.
    let heir = whose == Authority::District && level == Authority::Province;
    if whose != level && !heir {
        return Err(Stop::NotTheIssuer(whose).into());
    }
    match (decision.place_id, unit) {
        (Some(office), Some(unit)) if !crate::places::reaches(cx, office, unit)? => Err(Stop::OutsideTerritory.into()),
        _ => Ok(()),
    }
}

/// What is checked of a line when the decision is signed.
pub(super) fn check(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem, on: NaiveDate) -> Result<()> {
    let held = held::lock(cx, item.named()?)?;
    may_end(cx, decision, held.recognition.id, &held.facts())?;
    if decision.kind == DecisionKind::Revocation {
        let case = case_of(cx, decision, item)?;
        let paper =
            Evidence { kind: case.evidence_kind, dated: Some(case.evidence_dated), body: case.evidence_body.clone() };
        must_carry(cx, &held, case.ground, &paper, on)?;
    }
    Ok(())
}

fn case_of(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<RevocationCase> {
    let (cases, named) = (store::cases_of_decision(cx, decision.id)?, item.named()?);
    let found = cases.into_iter().find(|c| c.named() == Some(named));
    found.ok_or_else(|| AppError::internal("a revocation without its case"))
}

/// The certificate is revoked from the day of the decision; without one, the recognition is.
pub(super) fn revoke(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<()> {
    let on = ending(decision)?;
    let case = case_of(cx, decision, item)?;
    let held = held::lock(cx, item.named()?)?;
    if let Some(certificate) = &held.certificate {
        store::revoke_certificate(cx, certificate.id, on, case.ground)?;
    }
    store::end_recognition(cx, &held.recognition, on, EndedWhy::Revoked, Some(case.ground))?;
    store::save_case(cx, &RevocationCase { state: CaseState::Revoked, version: case.version + 1, ..case.clone() })?;
    let details = Details::none()
        .with("number", held.number())
        .with("ground", case.ground)
        .with("decision", decision.id)
        .with("late", rules::is_late(case.evidence_dated, on));
    let (kind, id) = held.audited();
    audit::record(cx, &format!("{kind}.revoked"), kind, id, details)?;
    let body = serde_json::json!({ "certificate": held.number(), "ground": case.ground, "on": on });
    outbox::tell(cx, Topic::Revocation, held.recognition.product_id.0, body)
}

/// The day from which a signed decision ends things.
pub(super) fn ending(decision: &Decision) -> Result<NaiveDate> {
    decision.signed_on.ok_or_else(|| AppError::internal("a signed decision without a date"))
}
