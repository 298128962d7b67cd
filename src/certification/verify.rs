//! Verification: what anybody may know of a printed number.

use super::dto::{Printed, UnitView, VerifiedOne, VerifiedPlace, VerifiedProducer, VerifiedProduct, VerifyView};
use super::rules::{self, State};
use super::store::{self, Proof};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::PlaceId;
use crate::places;
use crate::products::check::Read;
use crate::products::rules::Code;
use crate::text::Label;

/// The longest thing that could be a number.
const LONGEST: usize = 64;

/// What a typed text asks for.
enum Asked {
    Number(String),
    Code(String),
    Nothing { suggestion: Option<String>, say: Label },
}

fn read(typed: &str) -> Asked {
    let shape = || Asked::Nothing { suggestion: None, say: crate::products::check::BadReason::Shape.label() };
    if typed.chars().count() > LONGEST {
        return shape();
    }
    if let Ok(code) = typed.parse::<Code>() {
        return Asked::Code(code.to_string());
    }
    match rules::read(typed) {
        Read::Exact(number) => Asked::Number(number),
        Read::Suggest(number) => Asked::Nothing {
            say: Label::new(
                format!("Không có số này. Có phải bạn muốn tra {number}? Hãy so từng ký tự với bản in."),
                format!("There is no such number. Did you mean {number}? Compare every character with the print."),
            ),
            suggestion: Some(number),
        },
        Read::Bad(reason) => Asked::Nothing { suggestion: None, say: reason.label() },
    }
}

fn nobody_bears_it() -> Label {
    Label::new(
        "Không có giấy chứng nhận nào mang số này. Hãy so từng ký tự với bản in; nếu đúng như bản in thì đừng coi đây là sản phẩm OCOP.",
        "No certificate bears this number. Compare every character with the print; if it is as printed, do not take this for an OCOP product.",
    )
}

/// What is known of a number or product code.
///
/// # Errors
/// 404 with a suggestion when look-alikes were typed.
pub fn verify(cx: &mut Ctx<'_>, public_url: &str, typed: &str) -> Result<VerifyView> {
    let found = match read(typed) {
        Asked::Number(number) => store::proofs_by_number(cx, &[number])?.pop(),
        Asked::Code(code) => store::proof_by_code(cx, &code)?,
        Asked::Nothing { suggestion: Some(number), say } => {
            // Only a number that exists is worth asking about.
            return Err(match store::proofs_by_number(cx, std::slice::from_ref(&number))?.is_empty() {
                true => AppError::Unknown { say: nobody_bears_it(), suggestion: None },
                false => AppError::Unknown { say, suggestion: Some(number) },
            });
        }
        Asked::Nothing { suggestion: None, say } => return Err(AppError::Unknown { say, suggestion: None }),
    };
    match found {
        Some(proof) => view(cx, public_url, proof),
        None => Err(AppError::Unknown { say: nobody_bears_it(), suggestion: None }),
    }
}

/// What is known of each of several numbers.
///
/// # Errors
/// When the database fails.
pub fn verify_each(cx: &mut Ctx<'_>, public_url: &str, typed: &[String]) -> Result<Vec<VerifiedOne>> {
    let mut answers = Vec::with_capacity(typed.len());
    for asked in typed {
        let (found, suggestion) = match verify(cx, public_url, asked) {
            Ok(view) => (Some(view), None),
            Err(AppError::Unknown { suggestion, .. }) => (None, suggestion),
            Err(e) => return Err(e),
        };
        answers.push(VerifiedOne { asked: asked.clone(), known: found.is_some(), found, suggestion });
    }
    Ok(answers)
}

fn view(cx: &mut Ctx<'_>, public_url: &str, proof: Proof) -> Result<VerifyView> {
    let today = cx.today();
    let recognition = &proof.recognition;
    let standing = match &proof.certificate {
        Some(certificate) => certificate.standing(today),
        None => recognition.standing(None, today),
    };
    let printed: Option<Printed> = proof.certificate.as_ref().and_then(|c| c.printed.read().ok());
    let ended_by = match (&proof.certificate, standing.state) {
        (Some(c), State::Revoked | State::Withdrawn) => store::ending_decision(cx, c.id)?,
        _ => None,
    };
    let superseded_by = match standing.state {
        State::Superseded => super::certificate_of_product(cx, recognition.product_id, today)?,
        _ => None,
    };
    let number = proof.certificate.as_ref().map(|c| c.number.clone());
    let producer_type = recognition.producer_kind.or(proof.producer_kind);
    let producer_name = printed.as_ref().map(|p| p.producer_name.clone()).or(proof.producer_name);
    Ok(VerifyView {
        page: number.as_ref().map(|n| format!("{}/v/{n}", public_url.trim_end_matches('/'))),
        checked_on: today,
        in_force: standing.state.in_force(),
        state: standing.state,
        state_label: standing.state.label(),
        since: standing.since,
        reason: standing.reason,
        conclusion: standing.conclusion,
        stars: recognition.stars,
        product: VerifiedProduct {
            id: recognition.product_id,
            name: printed.as_ref().map_or(proof.product_name, |p| p.product_name.clone()),
            group_code: recognition.group_code.clone(),
            codes: store::codes_of(cx, recognition.product_id)?,
        },
        producer: producer_name.map(|name| VerifiedProducer {
            name,
            producer_type,
            type_label: producer_type.map(|t| t.label()),
        }),
        place: VerifiedPlace {
            printed: recognition.printed_place.clone(),
            current: units_today(cx, proof.product_place.or(recognition.place_id))?,
        },
        issued_on: recognition.recognised_on,
        valid_through: recognition.valid_through,
        kind: recognition.kind,
        decision: (&proof.decision).into(),
        ended_by: ended_by.as_ref().map(Into::into),
        superseded_by: superseded_by.map(|s| s.certificate.number).filter(|n| Some(n) != number.as_ref()),
        number,
    })
}

/// The unit of today and those above it; several where a unit was divided.
pub(crate) fn units_today(cx: &mut Ctx<'_>, place: Option<PlaceId>) -> Result<Vec<UnitView>> {
    let Some(place) = place else { return Ok(Vec::new()) };
    let today = cx.today();
    let mut units: Vec<UnitView> = Vec::new();
    for unit in places::current(cx, place, today)? {
        for above in places::ancestors(cx, unit.id)? {
            let seen = UnitView::from(above);
            if !units.contains(&seen) {
                units.push(seen);
            }
        }
    }
    units.sort_by_key(|u| std::cmp::Reverse(u.level));
    Ok(units)
}
