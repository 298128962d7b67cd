//! Certificates: numbered at signing, issued at publication.

use chrono::{Datelike, NaiveDate};

use super::dossier::Found;
use super::dto::Printed;
use super::listed::dates;
use super::model::{Certificate, Decision, DecisionItem, Recognition};
use super::{credential, rules, settle, store};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{CertificateId, RecognitionId};
use crate::numbers;
use crate::outbox::{self, Topic};
use crate::places;

/// Seals what is printed and draws the number of a line's certificate.
pub(super) fn number(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    item: DecisionItem,
    found: &Found,
    issued_on: Option<NaiveDate>,
) -> Result<()> {
    let signed_on = decision.signed_on.ok_or_else(|| AppError::internal("a signed decision without a date"))?;
    let (valid_through, expiring_on) = dates(&found.book, issued_on.unwrap_or(signed_on))?;
    let product = store::product(cx, item.product_id)?;
    let producer = store::producer(cx, found.dossier.producer_id)?;
    let line = places::ancestors(cx, found.dossier.place_id)?;
    let printed_place = line.iter().map(|p| p.full_name.as_str()).collect::<Vec<_>>().join(", ");
    let sign = sign_of(cx, decision)?;
    let certificate_id = CertificateId::new();
    let year = signed_on.year();
    let sequence = numbers::draw(cx, &format!("certificate/{sign}/{year}"), certificate_id.0)?;
    let number = rules::number(
        &sign,
        u16::try_from(year).map_err(AppError::internal)?,
        u32::try_from(sequence).map_err(AppError::internal)?,
    )?;
    let printed = Printed {
        number: number.clone(),
        stars: item.stars,
        product_name: product.name,
        product_code: found.dossier.product_code.clone(),
        group_code: product.group_code,
        producer_name: producer.name,
        producer_type: producer.kind,
        place: printed_place,
        place_id: found.dossier.place_id,
        authority_name: decision.authority_name.clone(),
        decision_number: decision.number.clone().unwrap_or_default(),
        signed_on,
        issued_on: issued_on.filter(|day| *day != signed_on),
        signer_name: decision.signer_name.clone().unwrap_or_default(),
        kind: found.dossier.kind.into(),
        valid_through,
        expiring_on,
    };
    let numbered = DecisionItem {
        certificate_id: Some(certificate_id),
        certificate_number: Some(number),
        printed: Some(Doc::of(&printed)),
        ..item
    };
    store::save_item(cx, &numbered)
}

/// The sign of an office in numbers: the code of its unit, `TW` at the centre.
pub(super) fn sign_of(cx: &mut Ctx<'_>, decision: &Decision) -> Result<String> {
    match decision.place_id {
        None => Ok("TW".to_owned()),
        Some(id) => Ok(places::get(cx, id)?.code),
    }
}

/// Makes the recognition of a line, issues its certificate, and ends the one before.
pub(super) fn recognise(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<()> {
    let unsealed = || AppError::internal("a signed line without what is printed");
    let doc = item.printed.clone().ok_or_else(unsealed)?;
    let printed: Printed = doc.read().map_err(AppError::internal)?;
    let (id, certificate_id) = (RecognitionId::new(), item.certificate_id.ok_or_else(unsealed)?);
    let recognition = Recognition {
        id,
        product_id: item.product_id,
        producer_id: item.producer_id,
        decision_id: decision.id,
        dossier_id: item.dossier_id,
        certificate_id: Some(certificate_id),
        kind: printed.kind,
        stars: item.stars,
        level: decision.level,
        place_id: Some(printed.place_id),
        printed_place: printed.place.clone(),
        group_code: printed.group_code.clone(),
        producer_kind: printed.producer_type,
        recognised_on: printed.signed_on,
        valid_through: printed.valid_through,
        expiring_on: printed.expiring_on,
        ended_on: None,
        ended_why: None,
        newest: false,
        extended_through: None,
        acted_on: None,
        revocation_ground: None,
    };
    let certificate = Certificate {
        id: certificate_id,
        number: printed.number.clone(),
        recognition_id: id,
        product_id: item.product_id,
        producer_id: item.producer_id,
        stars: item.stars,
        issued_on: printed.first_day(),
        valid_through: printed.valid_through,
        expiring_on: printed.expiring_on,
        revoked_on: None,
        revocation_ground: None,
        superseded_on: None,
        withdrawn_on: None,
        printed: doc,
        created_at: cx.now,
        extended_through: None,
        corrections: 0,
    };
    store::insert_recognition(cx, &recognition)?;
    store::insert_certificate(cx, &certificate)?;
    credential::place(cx, certificate_id)?;
    settle(cx, item.product_id)?;
    let details = Details::none().with("number", &certificate.number).with("decision", decision.id);
    audit::record(cx, "certificate.issued", "certificate", certificate_id.0, details)?;
    let body = serde_json::json!({
        "certificate": certificate.number, "stars": item.stars, "validThrough": certificate.valid_through,
    });
    outbox::tell(cx, Topic::Recognition, item.product_id.0, body)
}
