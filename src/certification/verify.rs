//! Verification: what anybody may know of a printed number, a product code, a trade item number.

use chrono::NaiveDate;

use super::corrections;
use super::dto::{
    Printed, ProvenPlace, UnitView, VerifiedCorrection, VerifiedOne, VerifiedProducer, VerifiedProduct, VerifyView,
};
use super::model::Certificate;
use super::rules::{self, Key, State};
use super::store::{self, Proof};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CertificateId, PlaceId};
use crate::places::{self, Level};
use crate::products;
use crate::products::rules::Code;
use crate::text::Label;

fn nobody_bears_it() -> Label {
    Label::new(
        "Không có giấy chứng nhận nào mang số này. Hãy so từng ký tự với bản in; nếu đúng như bản in thì đừng coi đây là sản phẩm OCOP.",
        "No certificate bears this number. Compare every character with the print; if it is as printed, do not take this for an OCOP product.",
    )
}

fn is_it(meant: &str) -> Label {
    Label::new(
        format!("Không có số này. Có phải bạn muốn tra {meant}? Hãy so từng ký tự với bản in."),
        format!("There is no such number. Did you mean {meant}? Compare every character with the print."),
    )
}

/// What a key leads to.
enum Found {
    /// A recognition, with its certificate where one was issued.
    Proof(Box<Proof>),
    /// A product without any recognition whose result of 90 or more awaits the centre.
    Awaiting(Box<store::Awaiting>),
}

/// What is known of a number or code, as it stands on a day; today when none is said.
///
/// # Errors
/// 404 with a suggestion when look-alikes were typed.
pub fn verify(cx: &mut Ctx<'_>, public_url: &str, typed: &str, on: Option<NaiveDate>) -> Result<VerifyView> {
    let reading = rules::look_up(typed);
    let on = on.unwrap_or_else(|| cx.today());
    if let Some(key) = &reading.exact
        && let Some(found) = find(cx, key, on)?
    {
        return show(cx, public_url, found, key, on);
    }
    missed(&reading, |key| Ok(find(cx, key, on)?.is_some()))
}

/// The certificate with this printed number; a code of a product names none.
///
/// # Errors
/// 404 with a suggestion when look-alikes were typed.
pub(super) fn certificate_numbered(cx: &mut Ctx<'_>, typed: &str) -> Result<Certificate> {
    let reading = rules::look_up(typed);
    let mut bears = |key: &Key| -> Result<Option<Certificate>> {
        let Key::Number(number) = key else { return Ok(None) };
        Ok(store::proof_by_number(cx, number)?.and_then(|p| p.certificate))
    };
    match reading.exact.as_ref().map(&mut bears).transpose()?.flatten() {
        Some(row) => Ok(row),
        None => missed(&reading, |key| Ok(bears(key)?.is_some())),
    }
}

/// Why nothing was found. Only a number that exists is worth asking about.
fn missed<T>(reading: &rules::Reading, mut exists: impl FnMut(&Key) -> Result<bool>) -> Result<T> {
    let unknown = |say, suggestion| Err(AppError::Unknown { say, suggestion });
    match &reading.meant {
        Some(key) if exists(key)? => unknown(is_it(key.text()), Some(key.text().to_owned())),
        None if reading.exact.is_none() => unknown(reading.bad.label(), None),
        _ => unknown(nobody_bears_it(), None),
    }
}

/// The mark of what the answer about a certificate depends on: while the mark and the day stay, so does the
/// answer, but for the names of units around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked {
    on: NaiveDate,
    mark: store::Mark,
}

impl Marked {
    /// The day of the answer.
    pub(super) fn on(&self) -> NaiveDate {
        self.on
    }
}

/// A text that is a certificate's number, in its printed form.
pub(super) fn printed_number(typed: &str) -> Option<String> {
    match rules::look_up(typed).exact {
        Some(Key::Number(number)) => Some(number),
        _ => None,
    }
}

/// The mark of a certificate by its printed number; nothing where none bears it.
///
/// # Errors
/// When the database fails.
pub(super) fn marked(cx: &mut Ctx<'_>, number: &str) -> Result<Option<Marked>> {
    let on = cx.today();
    Ok(store::mark(cx, number)?.map(|mark| Marked { on, mark }))
}

/// The same for whatever names a certificate: its identifier, or what [`verify`] takes.
///
/// # Errors
/// 404.
pub(super) fn verify_named(cx: &mut Ctx<'_>, public_url: &str, named: &str) -> Result<VerifyView> {
    match named.parse::<CertificateId>() {
        Ok(id) => {
            let certificate = store::certificate(cx, id)?.ok_or(AppError::NotFound)?;
            verify(cx, public_url, &certificate.number, None)
        }
        Err(_) => verify(cx, public_url, named, None),
    }
}

fn find(cx: &mut Ctx<'_>, key: &Key, on: NaiveDate) -> Result<Option<Found>> {
    let product = match key {
        Key::Number(number) => {
            let proof = store::proof_by_number(cx, number)?;
            return Ok(proof.map(|p| Found::Proof(Box::new(p))));
        }
        Key::Code(code) => store::product_of_code(cx, code)?,
        Key::Gtin(gtin) => store::product_of_gtin(cx, gtin)?,
    };
    let Some(product) = product else { return Ok(None) };
    let all = products::all_of(cx, product)?;
    // The recognition that counts on the day; before the first one, the first.
    let (mut begun, mut later): (Vec<Proof>, Vec<Proof>) =
        store::proofs_of_products(cx, &all)?.into_iter().partition(|p| p.recognition.recognised_on <= on);
    let in_force = begun.iter().position(|p| standing(p, on).state.in_force());
    let counts = match in_force {
        Some(at) => Some(begun.swap_remove(at)),
        None => begun.pop().or_else(|| if later.is_empty() { None } else { Some(later.swap_remove(0)) }),
    };
    match counts {
        Some(proof) => Ok(Some(Found::Proof(Box::new(proof)))),
        None => Ok(store::awaiting(cx, &all)?.map(|a| Found::Awaiting(Box::new(a)))),
    }
}

fn standing(proof: &Proof, on: NaiveDate) -> rules::Standing {
    match &proof.certificate {
        Some(certificate) => certificate.standing(on),
        None => proof.recognition.standing(None, on),
    }
}

/// What is known of each of several numbers.
///
/// # Errors
/// When the database fails.
pub fn verify_each(cx: &mut Ctx<'_>, public_url: &str, typed: &[String]) -> Result<Vec<VerifiedOne>> {
    let mut answers = Vec::with_capacity(typed.len());
    for asked in typed {
        let (found, suggestion) = match verify(cx, public_url, asked, None) {
            Ok(view) => (Some(view), None),
            Err(AppError::Unknown { suggestion, .. }) => (None, suggestion),
            Err(e) => return Err(e),
        };
        answers.push(VerifiedOne { asked: asked.clone(), known: found.is_some(), found, suggestion });
    }
    Ok(answers)
}

fn show(cx: &mut Ctx<'_>, public_url: &str, found: Found, key: &Key, on: NaiveDate) -> Result<VerifyView> {
    match found {
        Found::Proof(proof) => proven(cx, public_url, *proof, key, on),
        Found::Awaiting(awaiting) => awaited(cx, public_url, *awaiting, key, on),
    }
}

fn proven(cx: &mut Ctx<'_>, public_url: &str, proof: Proof, key: &Key, on: NaiveDate) -> Result<VerifyView> {
    let recognition = &proof.recognition;
    let standing = standing(&proof, on);
    let printed: Option<Printed> = proof.certificate.as_ref().and_then(|c| c.printed.read().ok());
    let ended_by = match standing.state {
        State::Revoked | State::Withdrawn => store::ending_decision(cx, proof.named())?,
        _ => None,
    };
    let superseded_by = match standing.state {
        State::Superseded => super::certificate_of_product(cx, recognition.product_id, on)?,
        _ => None,
    };
    let number = proof.certificate.as_ref().map(|c| c.number.clone());
    let producer_type = recognition.producer_kind.or(proof.producer_kind);
    let producer_name = printed.as_ref().map(|p| p.producer_name.clone()).or(proof.producer_name);
    let codes = store::codes_of(cx, recognition.product_id)?;
    let then = then(cx, recognition.place_id, &codes, recognition.recognised_on)?;
    let current = today(cx, &then, proof.product_place)?;
    let (page, badge) = links(public_url, number.as_deref(), key);
    let corrections = corrected(cx, proof.certificate.as_ref())?;
    Ok(VerifyView {
        page,
        badge,
        checked_on: on,
        assumes: rules::assumption(on, cx.today()),
        in_force: standing.state.in_force(),
        state: standing.state,
        state_label: standing.state.label(),
        since: standing.since,
        reason: standing.reason,
        conclusion: standing.conclusion,
        stars: Some(recognition.stars),
        potential_five: recognition.stars < 5 && store::awaiting(cx, &[recognition.product_id])?.is_some(),
        product: VerifiedProduct {
            id: recognition.product_id,
            name: printed.as_ref().map_or(proof.product_name, |p| p.product_name.clone()),
            group_code: recognition.group_code.clone(),
            codes,
        },
        producer: producer_name.map(|name| VerifiedProducer {
            name,
            producer_type,
            type_label: producer_type.map(|t| t.label()),
        }),
        place: ProvenPlace { printed: recognition.printed_place.clone(), then, current },
        issued_on: Some(proof.certificate.as_ref().map_or(recognition.recognised_on, |c| c.issued_on)),
        valid_through: Some(recognition.valid_through),
        extended_through: recognition.extended_through,
        kind: Some(recognition.kind),
        decision: (&proof.decision).into(),
        withdrawn_because: ended_by
            .as_ref()
            .filter(|_| standing.state == State::Withdrawn)
            .and_then(|d| d.reason.clone()),
        ended_by: ended_by.as_ref().map(Into::into),
        corrections,
        superseded_by: superseded_by.map(|s| s.certificate.number).filter(|n| Some(n) != number.as_ref()),
        number,
    })
}

/// The lines of a certificate that were corrected.
fn corrected(cx: &mut Ctx<'_>, row: Option<&Certificate>) -> Result<Vec<VerifiedCorrection>> {
    let Some(row) = row else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for (decision, corrections) in corrections::of(cx, row)? {
        all.extend(corrections.lines.into_iter().map(|line| VerifiedCorrection {
            field: line.field,
            label: line.field.label(),
            decision: (&decision).into(),
        }));
    }
    Ok(all)
}

fn awaited(cx: &mut Ctx<'_>, public_url: &str, found: store::Awaiting, key: &Key, on: NaiveDate) -> Result<VerifyView> {
    let approved_on = found.decision.signed_on.unwrap_or_else(|| cx.today());
    let standing = rules::potential_five(approved_on);
    let codes = store::codes_of(cx, found.product)?;
    let then = then(cx, None, &codes, approved_on)?;
    let current = today(cx, &then, found.place)?;
    let (page, badge) = links(public_url, None, key);
    Ok(VerifyView {
        page,
        badge,
        number: None,
        checked_on: on,
        assumes: rules::assumption(on, cx.today()),
        in_force: false,
        state: standing.state,
        state_label: standing.state.label(),
        since: standing.since,
        reason: standing.reason,
        conclusion: standing.conclusion,
        stars: None,
        potential_five: true,
        product: VerifiedProduct { id: found.product, name: found.name, group_code: found.group_code, codes },
        producer: found.producer_name.map(|name| VerifiedProducer {
            name,
            producer_type: found.producer_kind,
            type_label: found.producer_kind.map(|t| t.label()),
        }),
        place: ProvenPlace { printed: String::new(), then, current },
        issued_on: None,
        valid_through: None,
        extended_through: None,
        kind: None,
        decision: (&found.decision).into(),
        ended_by: None,
        withdrawn_because: None,
        corrections: Vec::new(),
        superseded_by: None,
    })
}

/// The page and the badge of a number, else of the code that was asked for.
fn links(public_url: &str, number: Option<&str>, key: &Key) -> (Option<String>, Option<String>) {
    let base = public_url.trim_end_matches('/');
    let text = number.unwrap_or(key.text());
    (Some(format!("{base}/v/{text}")), Some(format!("{base}/v1/certificates/{text}/badge.svg")))
}

/// The units of then, smallest first: those of the recognition, else those that the oldest code names.
fn then(cx: &mut Ctx<'_>, place: Option<PlaceId>, codes: &[String], on: NaiveDate) -> Result<Vec<UnitView>> {
    let place = match (place, codes.last().and_then(|c| c.parse::<Code>().ok())) {
        (Some(place), _) => Some(place),
        (None, Some(code)) => {
            // Units change in the middle of a year: the day of the recognition when it is of that year.
            let year = i32::from(code.year);
            let day = NaiveDate::from_ymd_opt(year, 1, 1).map_or(on, |first| first.max(on));
            let day = NaiveDate::from_ymd_opt(year, 12, 31).map_or(day, |last| last.min(day));
            places::at(cx, &code.commune, Level::Commune, day)?.map(|p| p.id)
        }
        (None, None) => None,
    };
    match place {
        Some(place) => Ok(places::ancestors(cx, place)?.into_iter().map(UnitView::from).collect()),
        None => Ok(Vec::new()),
    }
}

/// The units of today: of where the product is registered, else of what followed the units of then.
fn today(cx: &mut Ctx<'_>, then: &[UnitView], registered: Option<PlaceId>) -> Result<Vec<UnitView>> {
    units_today(cx, registered.or(then.first().map(|u| u.id)))
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
