//! Inspections of recognised products: planned, recorded, concluded. A dated conclusion is the
//! evidence of a revocation.

mod dto;
pub mod model;
pub mod routes;
pub mod rules;
mod store;

use chrono::NaiveDate;

use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{InspectionId, ProducerId, ProductId};
use crate::outbox::{self, Topic};
use crate::products;
use crate::web::{Page, page};

use dto::InspectionQuery;
pub use model::Inspection;
use rules::{InspectionFinding, InspectionKind, InspectionOutcome, InspectionState};

/// An inspection to plan.
#[derive(Debug, Clone)]
pub struct NewInspection {
    /// The product.
    pub product: ProductId,
    /// Why it is made.
    pub kind: InspectionKind,
    /// The day it is planned for.
    pub planned_on: NaiveDate,
    /// The body that inspects.
    pub body: String,
}

/// A conclusion to record.
#[derive(Debug, Clone)]
pub struct Conclusion {
    /// What it comes to.
    pub outcome: InspectionOutcome,
    /// In words.
    pub text: String,
    /// Its number.
    pub number: String,
    /// Its date.
    pub concluded_on: NaiveDate,
    /// The body that concludes, when it is another one.
    pub body: Option<String>,
}

/// The inspections of an entry of the register go along when it leads to another one.
///
/// # Errors
/// When the database fails.
pub fn follow_producer(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()> {
    store::move_producer(cx, from, into)
}

/// An inspection that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: InspectionId) -> Result<Inspection> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// A page of the inspections that the caller may know about, the latest planned day first.
///
/// # Errors
/// 400 for a limit or cursor that is none.
pub(crate) fn inspections(cx: &mut Ctx<'_>, query: &InspectionQuery) -> Result<Page<Inspection>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, InspectionId)> = page::read_cursor(query.cursor.as_deref())?;
    let rows = store::page(cx, query.product, query.state, after, limit)?;
    Ok(Page::cut(rows, limit, |i| (i.planned_on, i.id)))
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: InspectionId) -> Result<Inspection> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// Plans an inspection.
///
/// # Errors
/// 404 when the product is not for the caller to know.
pub fn plan(cx: &mut Ctx<'_>, new: NewInspection) -> Result<Inspection> {
    let product = products::get(cx, new.product)?;
    let row = Inspection {
        id: InspectionId::new(),
        product_id: product.id,
        producer_id: product.producer_id,
        place_id: product.place_id,
        kind: new.kind,
        planned_on: new.planned_on,
        inspected_on: None,
        state: InspectionState::Planned,
        findings: Doc::of(&Vec::<InspectionFinding>::new()),
        conclusion: None,
        conclusion_number: None,
        concluded_on: None,
        outcome: None,
        body_name: new.body,
        created_by: cx.actor().user(),
        created_at: cx.now,
        version: 1,
    };
    store::insert(cx, &row)?;
    let details =
        Details::none().with("product", row.product_id).with("plannedOn", row.planned_on).with("kind", row.kind);
    told(cx, "inspection.planned", &row, details)?;
    Ok(row)
}

/// Records what was found; replaces what was recorded before.
///
/// # Errors
/// 409 after the conclusion, or for a day after today.
pub fn record_findings(
    cx: &mut Ctx<'_>,
    held: &Inspection,
    inspected_on: NaiveDate,
    findings: &[InspectionFinding],
) -> Result<Inspection> {
    rules::may_record(held.state, inspected_on, cx.today())?;
    let row = Inspection {
        inspected_on: Some(inspected_on),
        findings: Doc::of(&findings),
        state: InspectionState::Inspected,
        version: held.version + 1,
        ..held.clone()
    };
    store::save(cx, &row)?;
    let not_met = findings.iter().filter(|f| !f.met).count();
    let details =
        Details::none().with("inspectedOn", inspected_on).with("findings", findings.len()).with("notMet", not_met);
    told(cx, "inspection.recorded", &row, details)?;
    Ok(row)
}

/// Concludes an inspection and seals it.
///
/// # Errors
/// 409 without findings, for an impossible day, or when it is concluded already.
pub fn conclude(cx: &mut Ctx<'_>, held: &Inspection, end: Conclusion) -> Result<Inspection> {
    let findings = findings_of(held)?;
    let today = cx.today();
    rules::may_conclude(held.state, held.inspected_on, &findings, end.outcome, end.concluded_on, today)?;
    let row = Inspection {
        conclusion: Some(end.text),
        conclusion_number: Some(end.number),
        concluded_on: Some(end.concluded_on),
        outcome: Some(end.outcome),
        body_name: end.body.unwrap_or_else(|| held.body_name.clone()),
        state: InspectionState::Concluded,
        version: held.version + 1,
        ..held.clone()
    };
    store::save(cx, &row)?;
    let details = Details::none()
        .with("outcome", end.outcome)
        .with("number", &row.conclusion_number)
        .with("concludedOn", end.concluded_on);
    told(cx, "inspection.concluded", &row, details)?;
    Ok(row)
}

/// The findings of an inspection.
///
/// # Errors
/// When the row cannot be read.
pub fn findings_of(row: &Inspection) -> Result<Vec<InspectionFinding>> {
    row.findings.read().map_err(AppError::internal)
}

fn told(cx: &mut Ctx<'_>, deed: &'static str, row: &Inspection, details: Details) -> Result<()> {
    audit::record(cx, deed, "inspection", row.id.0, details)?;
    let body = serde_json::json!({ "product": row.product_id, "state": row.state, "outcome": row.outcome });
    outbox::tell(cx, Topic::Inspection, row.id.0, body)
}
