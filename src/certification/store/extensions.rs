//! Queries of extensions.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::held::Named;
use super::super::model::{Certificate, Decision, DecisionState};
use super::super::rules::DecisionKind;
use super::proofs::decisions_about;
use crate::db::Ctx;
use crate::db::schema::{certificates, decision_items, decisions, dossiers, recognitions};
use crate::dossiers::Status;
use crate::error::Result;
use crate::ids::ProductId;
use crate::rulebook::DossierKind;

/// Whether a re-evaluation of the product has been filed and not been answered.
pub(in crate::certification) fn re_evaluation_under_way(cx: &mut Ctx<'_>, all: &[ProductId]) -> Result<bool> {
    Ok(!re_evaluated(cx, all)?.is_empty())
}

/// Of these products, those whose re-evaluation has been filed and not been answered; an answer that
/// is signed and not published is none yet.
pub(in crate::certification) fn re_evaluated(cx: &mut Ctx<'_>, all: &[ProductId]) -> Result<Vec<ProductId>> {
    let over: Vec<Status> =
        Status::ALL.iter().copied().filter(|s| s.is_final() || matches!(s, Status::Draft | Status::Returned)).collect();
    let secret = decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .filter(decisions::state.eq(DecisionState::Signed))
        .filter(decision_items::dossier_id.is_not_null())
        .select(decision_items::dossier_id.assume_not_null());
    Ok(dossiers::table
        .filter(dossiers::product_id.eq_any(all.to_vec()))
        .filter(dossiers::kind.eq(DossierKind::ReEvaluation))
        .filter(dossiers::status.ne_all(over).or(dossiers::id.eq_any(secret)))
        .select(dossiers::product_id)
        .load(cx.conn)?)
}

/// The day on which a published notice said last of a re-evaluation of the product, after a day, that
/// nothing is recognised.
pub(in crate::certification) fn re_evaluation_failed_on(
    cx: &mut Ctx<'_>,
    all: &[ProductId],
    after: NaiveDate,
) -> Result<Option<NaiveDate>> {
    Ok(decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .inner_join(dossiers::table.on(dossiers::id.nullable().eq(decision_items::dossier_id)))
        .filter(decision_items::product_id.eq_any(all.to_vec()))
        .filter(dossiers::kind.eq(DossierKind::ReEvaluation))
        .filter(decisions::kind.eq(DecisionKind::NotRecognition))
        .filter(decisions::state.eq(DecisionState::Published))
        .filter(decisions::signed_on.gt(after))
        .select(diesel::dsl::max(decisions::signed_on))
        .first(cx.conn)?)
}

/// Writes the last day of an extension, in the certificate and in its recognition.
pub(in crate::certification) fn extend_certificate(
    cx: &mut Ctx<'_>,
    row: &Certificate,
    through: Option<NaiveDate>,
) -> Result<()> {
    diesel::update(certificates::table.find(row.id))
        .set(certificates::extended_through.eq(through))
        .execute(cx.conn)?;
    diesel::update(recognitions::table.find(row.recognition_id))
        .set(recognitions::extended_through.eq(through))
        .execute(cx.conn)?;
    Ok(())
}

/// The certificates of a product that are extended beyond a day.
pub(in crate::certification) fn extended_of(
    cx: &mut Ctx<'_>,
    all: &[ProductId],
    on: NaiveDate,
) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::product_id.eq_any(all.to_vec()))
        .filter(certificates::extended_through.gt(on))
        .order(certificates::id)
        .select(Certificate::as_select())
        .load(cx.conn)?)
}

/// Whether another decision of this kind, drafted or signed, has this certificate or recognition; what one
/// revokes another does not withdraw.
pub(in crate::certification) fn is_in_other(cx: &mut Ctx<'_>, decision: &Decision, named: Named) -> Result<bool> {
    let kinds = match decision.kind {
        DecisionKind::Revocation | DecisionKind::Withdrawal => vec![DecisionKind::Revocation, DecisionKind::Withdrawal],
        own => vec![own],
    };
    let found: i64 = decisions_about(named)
        .filter(decisions::id.ne(decision.id))
        .filter(decisions::kind.eq_any(kinds))
        .filter(decisions::state.eq_any([DecisionState::Draft, DecisionState::Signed]))
        .count()
        .get_result(cx.conn)?;
    Ok(found > 0)
}
