//! Queries of corrections, and of the dossiers behind certificates.

use diesel::prelude::*;

use super::super::model::{Certificate, Decision, DecisionState};
use super::super::rules::DecisionKind;
use crate::db::schema::{certificates, decision_items, decisions, recognitions};
use crate::db::{Ctx, Doc};
use crate::error::Result;
use crate::ids::{CertificateId, DossierId};

/// Writes the wording of a certificate, and of the place of its recognition.
pub(in crate::certification) fn correct_certificate(cx: &mut Ctx<'_>, row: &Certificate, place: &str) -> Result<()> {
    diesel::update(certificates::table.find(row.id))
        .set((certificates::printed.eq(row.printed.clone()), certificates::corrections.eq(row.corrections)))
        .execute(cx.conn)?;
    diesel::update(recognitions::table.find(row.recognition_id))
        .set(recognitions::printed_place.eq(place.to_owned()))
        .execute(cx.conn)?;
    Ok(())
}

/// The published corrections of a certificate, each with its decision.
pub(in crate::certification) fn corrections_of(
    cx: &mut Ctx<'_>,
    certificate: CertificateId,
) -> Result<Vec<(Decision, Option<Doc>)>> {
    Ok(decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .filter(decision_items::certificate_id.eq(certificate))
        .filter(decisions::kind.eq(DecisionKind::Correction))
        .filter(decisions::state.eq(DecisionState::Published))
        .order(decisions::id)
        .select((Decision::as_select(), decision_items::corrections))
        .load(cx.conn)?)
}

/// The dossiers on which the recognitions of these certificates rest, in the order of locks.
pub(in crate::certification) fn dossiers_of_certificates(
    cx: &mut Ctx<'_>,
    all: &[CertificateId],
) -> Result<Vec<DossierId>> {
    Ok(recognitions::table
        .inner_join(certificates::table.on(certificates::recognition_id.eq(recognitions::id)))
        .filter(certificates::id.eq_any(all.to_vec()))
        .filter(recognitions::dossier_id.is_not_null())
        .order(recognitions::dossier_id)
        .select(recognitions::dossier_id.assume_not_null())
        .load(cx.conn)?)
}
