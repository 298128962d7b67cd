//! Correction of clerical mistakes on certificates, by a decision. What is printed from then on bears
//! the corrected wording; the earlier one stays with the decision, and on the prints that were made.

use super::dto::Printed;
use super::model::{Certificate, Decision, DecisionItem};
use super::rules::{Corrections, PrintedField, Stop, Wording};
use super::{revoke, store};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::outbox::{self, Topic};

/// What a draft would correct in a certificate, each line with its wording of now.
///
/// # Errors
/// 409 for a line that is no clerical matter, or that says so already.
pub(super) fn prepare(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    certificate: &Certificate,
    asked: &[(PrintedField, String)],
) -> Result<Doc> {
    revoke::may_end(cx, decision, certificate.recognition_id, &certificate.facts())?;
    let printed = printed(certificate)?;
    let mut lines = Vec::with_capacity(asked.len());
    for (field, after) in asked {
        field.may_be_corrected()?;
        let before = said(&printed, *field);
        if before == *after {
            return Err(Stop::NothingCorrected(field.label()).into());
        }
        if *field == PrintedField::ProductCode && !store::codes_of(cx, certificate.product_id)?.contains(after) {
            return Err(Stop::CodeOfAnother.into());
        }
        lines.push(Wording { field: *field, before, after: after.clone() });
    }
    Ok(Doc::of(&Corrections { nth: None, lines }))
}

/// What is checked of a line when the decision is signed.
pub(super) fn check(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<()> {
    let (certificate, corrections) = subject(cx, item)?;
    revoke::may_end(cx, decision, certificate.recognition_id, &certificate.facts())?;
    let printed = printed(&certificate)?;
    match corrections.lines.iter().find(|w| said(&printed, w.field) != w.before) {
        Some(changed) => Err(Stop::WordingChanged(changed.field.label()).into()),
        None => Ok(()),
    }
}

/// The certificate bears the corrected wording from the publication on.
pub(super) fn correct(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<()> {
    let (mut row, corrections) = subject(cx, item)?;
    let mut printed = printed(&row)?;
    for line in &corrections.lines {
        write(&mut printed, line.field, &line.after);
    }
    row.printed = Doc::of(&printed);
    row.corrections += 1;
    store::correct_certificate(cx, &row, &printed.place)?;
    let numbered = Corrections { nth: Some(row.corrections), ..corrections };
    store::save_item(cx, &DecisionItem { corrections: Some(Doc::of(&numbered)), ..item.clone() })?;
    let fields: Vec<&str> = numbered.lines.iter().map(|w| w.field.word()).collect();
    let details = Details::none().with("number", &row.number).with("decision", decision.id).with("fields", &fields);
    audit::record(cx, "certificate.corrected", "certificate", row.id.0, details)?;
    let body = serde_json::json!({ "certificate": row.number, "corrected": fields });
    outbox::tell(cx, Topic::Recognition, row.product_id.0, body)
}

fn subject(cx: &mut Ctx<'_>, item: &DecisionItem) -> Result<(Certificate, Corrections)> {
    let whole = item.certificate_id.zip(item.corrections.clone());
    let (id, doc) = whole.ok_or_else(|| AppError::internal("a correction without its certificate"))?;
    Ok((store::lock_certificate(cx, id)?, doc.read().map_err(AppError::internal)?))
}

/// The published corrections of a certificate, in their order, each with its decision.
///
/// # Errors
/// When the database fails, or a correction cannot be read.
pub(super) fn of(cx: &mut Ctx<'_>, row: &Certificate) -> Result<Vec<(Decision, Corrections)>> {
    if row.corrections == 0 {
        return Ok(Vec::new());
    }
    let read = |(decision, doc): (Decision, Option<Doc>)| {
        let doc = doc.ok_or_else(|| AppError::internal("a correction without its lines"))?;
        Ok((decision, doc.read().map_err(AppError::internal)?))
    };
    let mut all: Vec<(Decision, Corrections)> =
        store::corrections_of(cx, row.id)?.into_iter().map(read).collect::<Result<_>>()?;
    all.sort_by_key(|(_, c)| c.nth);
    Ok(all)
}

/// A certificate with the wording that it had after so many corrections: what a print of then bears.
///
/// # Errors
/// When the database fails, or what is printed cannot be read.
pub(super) fn worded(cx: &mut Ctx<'_>, row: &Certificate, after: i32) -> Result<Certificate> {
    let mut printed = printed(row)?;
    for (_, later) in of(cx, row)?.into_iter().rev().take_while(|(_, c)| c.nth > Some(after)) {
        for line in later.lines.iter().rev() {
            write(&mut printed, line.field, &line.before);
        }
    }
    Ok(Certificate { printed: Doc::of(&printed), ..row.clone() })
}

fn printed(row: &Certificate) -> Result<Printed> {
    row.printed.read().map_err(AppError::internal)
}

fn said(printed: &Printed, field: PrintedField) -> String {
    match field {
        PrintedField::ProductName => printed.product_name.clone(),
        PrintedField::ProductCode => printed.product_code.clone().unwrap_or_default(),
        PrintedField::ProducerName => printed.producer_name.clone(),
        PrintedField::Place => printed.place.clone(),
        PrintedField::AuthorityName => printed.authority_name.clone(),
        PrintedField::SignerName => printed.signer_name.clone(),
        PrintedField::Number => printed.number.clone(),
        PrintedField::Stars => printed.stars.to_string(),
        PrintedField::SignedOn => printed.signed_on.to_string(),
        PrintedField::ValidThrough => printed.valid_through.to_string(),
        PrintedField::DecisionNumber => printed.decision_number.clone(),
    }
}

/// Only what may be corrected is ever written.
fn write(printed: &mut Printed, field: PrintedField, text: &str) {
    let text = text.to_owned();
    match field {
        PrintedField::ProductName => printed.product_name = text,
        PrintedField::ProductCode => printed.product_code = Some(text).filter(|t| !t.is_empty()),
        PrintedField::ProducerName => printed.producer_name = text,
        PrintedField::Place => printed.place = text,
        PrintedField::AuthorityName => printed.authority_name = text,
        PrintedField::SignerName => printed.signer_name = text,
        PrintedField::Number
        | PrintedField::Stars
        | PrintedField::SignedOn
        | PrintedField::ValidThrough
        | PrintedField::DecisionNumber => {}
    }
}
