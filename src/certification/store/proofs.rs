//! What anybody may know of a number or code.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::held::Named;
use super::super::model::{Certificate, Decision, DecisionState, Recognition};
use super::super::rules::DecisionKind;
use crate::db::schema::{
    certificates, decision_items, decisions, dossier_moves, dossiers, producers, product_codes, products, recognitions,
};
use crate::db::{Ctx, MultiBackend};
use crate::dossiers::{self as intake, Status};
use crate::error::Result;
use crate::ids::{DossierId, PlaceId, ProductId};
use crate::producers::ProducerType;

/// Everything that a verification shows: the recognition, its certificate, decision, names.
#[derive(Debug, Clone, Queryable)]
pub(in crate::certification) struct Proof {
    pub recognition: Recognition,
    pub certificate: Option<Certificate>,
    pub decision: Decision,
    pub product_name: String,
    pub product_place: Option<PlaceId>,
    pub producer_name: Option<String>,
    pub producer_kind: Option<ProducerType>,
}

impl Proof {
    /// What a decision that ends it names.
    pub fn named(&self) -> Named {
        let recognition = Named::Recognition(self.recognition.id);
        self.certificate.as_ref().map_or(recognition, |row| Named::Certificate(row.id))
    }
}

/// Proofs, each with what is around it; the caller says of what and in which order.
macro_rules! proofs {
    () => {
        recognitions::table
            .inner_join(decisions::table.on(decisions::id.eq(recognitions::decision_id)))
            .inner_join(products::table.on(products::id.eq(recognitions::product_id)))
            .left_join(producers::table.on(producers::id.nullable().eq(recognitions::producer_id)))
            .left_join(certificates::table.on(certificates::recognition_id.eq(recognitions::id)))
            .select((
                Recognition::as_select(),
                Option::<Certificate>::as_select(),
                Decision::as_select(),
                products::name,
                products::place_id,
                producers::name.nullable(),
                producers::kind.nullable(),
            ))
    };
}

/// The proof of the certificate with this number.
pub(in crate::certification) fn proof_by_number(cx: &mut Ctx<'_>, number: &str) -> Result<Option<Proof>> {
    Ok(proofs!().filter(certificates::number.eq(number.to_owned())).first(cx.conn).optional()?)
}

/// What the answer about a certificate depends on that an act can change: one row, by its number.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub(in crate::certification) struct Mark {
    revoked_on: Option<NaiveDate>,
    superseded_on: Option<NaiveDate>,
    withdrawn_on: Option<NaiveDate>,
    extended_through: Option<NaiveDate>,
    corrections: i32,
    product_version: i32,
}

/// The mark of the certificate with this number.
pub(in crate::certification) fn mark(cx: &mut Ctx<'_>, number: &str) -> Result<Option<Mark>> {
    Ok(certificates::table
        .inner_join(products::table.on(products::id.eq(certificates::product_id)))
        .filter(certificates::number.eq(number.to_owned()))
        .select((
            certificates::revoked_on,
            certificates::superseded_on,
            certificates::withdrawn_on,
            certificates::extended_through,
            certificates::corrections,
            products::version,
        ))
        .first(cx.conn)
        .optional()?)
}

/// The proofs of a product under all its identifiers, in time.
pub(in crate::certification) fn proofs_of_products(cx: &mut Ctx<'_>, all: &[ProductId]) -> Result<Vec<Proof>> {
    Ok(proofs!()
        .filter(recognitions::product_id.eq_any(all.to_vec()))
        .order((recognitions::recognised_on, recognitions::id))
        .load(cx.conn)?)
}

/// The product that bears, or bore, this code.
pub(in crate::certification) fn product_of_code(cx: &mut Ctx<'_>, code: &str) -> Result<Option<ProductId>> {
    Ok(product_codes::table
        .filter(product_codes::code.eq(code.to_owned()))
        .select(product_codes::product_id)
        .first(cx.conn)
        .optional()?)
}

/// The product with this trade item number; nothing where several bear it.
pub(in crate::certification) fn product_of_gtin(cx: &mut Ctx<'_>, gtin: &str) -> Result<Option<ProductId>> {
    let found: Vec<ProductId> = products::table
        .filter(products::gtin.eq(gtin.to_owned()))
        .filter(products::merged_into.is_null())
        .order(products::id)
        .limit(2)
        .select(products::id)
        .load(cx.conn)?;
    Ok(match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// A product whose published result of 90 or more awaits the centre.
#[derive(Debug, Clone)]
pub(in crate::certification) struct Awaiting {
    pub product: ProductId,
    pub name: String,
    pub group_code: String,
    pub place: Option<PlaceId>,
    pub decision: Decision,
    pub producer_name: Option<String>,
    pub producer_kind: Option<ProducerType>,
}

/// What of a product awaits the centre today. An answer counts from its publication: until then
/// nobody learns from here that there is one.
pub(in crate::certification) fn awaiting(cx: &mut Ctx<'_>, all: &[ProductId]) -> Result<Option<Awaiting>> {
    type Row = (
        (ProductId, String, String, Option<PlaceId>),
        Decision,
        (Option<String>, Option<ProducerType>),
        Option<DossierId>,
        Option<Status>,
    );
    let newest: Option<Row> = decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .inner_join(products::table.on(products::id.eq(decision_items::product_id)))
        .left_join(producers::table.on(producers::id.nullable().eq(decision_items::producer_id)))
        .left_join(dossiers::table.on(dossiers::id.nullable().eq(decision_items::dossier_id)))
        .filter(decision_items::product_id.eq_any(all.to_vec()))
        .filter(decisions::kind.eq(DecisionKind::ResultApproval))
        .filter(decisions::state.eq(DecisionState::Published))
        .order((decisions::signed_on.desc(), decision_items::id.desc()))
        .select((
            (products::id, products::name, products::group_code, products::place_id),
            Decision::as_select(),
            (producers::name.nullable(), producers::kind.nullable()),
            dossiers::id.nullable(),
            dossiers::status.nullable(),
        ))
        .first(cx.conn)
        .optional()?;
    let Some((product, decision, producer, dossier, status)) = newest else { return Ok(None) };
    let awaits = match (dossier, status) {
        (Some(_), Some(status)) if status.is_potential_five() => true,
        (Some(dossier), _) => awaited_before(cx, dossier)?,
        // Of a list: until the product is recognised later.
        (None, _) => !recognised_after(cx, all, &decision)?,
    };
    Ok(awaits.then_some(Awaiting {
        product: product.0,
        name: product.1,
        group_code: product.2,
        place: product.3,
        decision,
        producer_name: producer.0,
        producer_kind: producer.1,
    }))
}

/// Whether the dossier awaited the centre before a decision that is signed and not published.
fn awaited_before(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<bool> {
    if intake::undisclosed(cx, &[dossier])?.is_empty() {
        return Ok(false);
    }
    let before: Option<Status> = dossier_moves::table
        .filter(dossier_moves::dossier_id.eq(dossier))
        .order(dossier_moves::ordinal.desc())
        .select(dossier_moves::from_status)
        .first(cx.conn)
        .optional()?;
    Ok(before.is_some_and(Status::is_potential_five))
}

fn recognised_after(cx: &mut Ctx<'_>, all: &[ProductId], approval: &Decision) -> Result<bool> {
    let Some(day) = approval.signed_on else { return Ok(false) };
    let found: i64 = recognitions::table
        .filter(recognitions::product_id.eq_any(all.to_vec()))
        .filter(recognitions::recognised_on.gt(day))
        .count()
        .get_result(cx.conn)?;
    Ok(found > 0)
}

/// The codes of a product, the latest first.
pub(in crate::certification) fn codes_of(cx: &mut Ctx<'_>, product: ProductId) -> Result<Vec<String>> {
    Ok(product_codes::table
        .filter(product_codes::product_id.eq(product))
        .order((product_codes::valid_from.desc(), product_codes::id.desc()))
        .select(product_codes::code)
        .load(cx.conn)?)
}

/// The published decision that ended a certificate, or a recognition without one.
pub(in crate::certification) fn ending_decision(cx: &mut Ctx<'_>, named: Named) -> Result<Option<Decision>> {
    let withdrawn = decision_about(cx, named, DecisionKind::Withdrawal)?;
    match withdrawn {
        Some(row) => Ok(Some(row)),
        None => decision_about(cx, named, DecisionKind::Revocation),
    }
}

/// The decisions about a certificate, or about a recognition without one.
pub(super) fn decisions_about(named: Named) -> decisions::BoxedQuery<'static, MultiBackend> {
    let (all, lines) = (decisions::table.into_boxed(), decision_items::table);
    match named {
        Named::Certificate(id) => {
            let theirs = lines.filter(decision_items::certificate_id.eq(id)).select(decision_items::decision_id);
            all.filter(decisions::id.eq_any(theirs))
        }
        Named::Recognition(id) => {
            let theirs = lines.filter(decision_items::recognition_id.eq(id)).select(decision_items::decision_id);
            all.filter(decisions::id.eq_any(theirs))
        }
    }
}

/// The last published decision of a kind about a certificate, or about a recognition without one.
pub(in crate::certification) fn decision_about(
    cx: &mut Ctx<'_>,
    named: Named,
    kind: DecisionKind,
) -> Result<Option<Decision>> {
    Ok(decisions_about(named)
        .filter(decisions::kind.eq(kind))
        .filter(decisions::state.eq(DecisionState::Published))
        .order((decisions::signed_on.desc(), decisions::id.desc()))
        .select(Decision::as_select())
        .first(cx.conn)
        .optional()?)
}
