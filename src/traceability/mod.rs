//! Lots of certified products, what happens to them, and what everyone may read of it.

mod dto;
pub mod model;
mod page;
pub mod routes;
pub mod rules;
mod show; // rows as the wire shows them
mod store;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::certification::{self, Standed};
use crate::db::{Ctx, Moment};
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{LotId, PlaceId, ProductId, TraceEventId};
use crate::outbox::{self, Topic};
use crate::products;

pub use model::{Lot, TraceEvent};
use rules::{Event, EventKind, Quantity, Stop};

/// A lot to make known.
#[derive(Debug, Clone)]
pub struct NewLot {
    /// The product.
    pub product: ProductId,
    /// The producer's own name for the lot.
    pub batch: String,
    /// Day of making.
    pub made_on: NaiveDate,
    /// Last day of use.
    pub expires_on: Option<NaiveDate>,
    /// How much it is.
    pub quantity: Quantity,
}

/// An event to record.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Moment,
    /// The unit where it happened.
    pub place_id: Option<PlaceId>,
    /// The place in words.
    pub place_text: String,
    /// How much.
    pub quantity: Quantity,
    /// The business that did it.
    pub actor_name: String,
    /// Remark.
    pub note: String,
}

/// A lot that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: LotId) -> Result<Lot> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// Refuses whoever does not speak for the producer of the product.
///
/// # Errors
/// 404 when the product is not for the caller to know, 403 when it is not theirs.
pub fn must_be_own(cx: &mut Ctx<'_>, act: Act, product: ProductId) -> Result<()> {
    let product = products::get(cx, product)?;
    policy::must(cx, act)?;
    let roles = policy::roles(act);
    let speaks = cx.actor().grants.iter().any(|g| {
        roles.contains(&g.role)
            && matches!(g.role, Role::Producer | Role::Consultant)
            && g.producer == product.producer_id
    });
    match cx.actor().is_system() || (speaks && product.producer_id.is_some()) {
        true => Ok(()),
        false => Err(AppError::Forbidden(act.word())),
    }
}

/// Makes a lot known and gives it the code of its label.
///
/// # Errors
/// 409 without a certificate in force, for a day outside it, or when the batch is known already.
pub fn make_lot(cx: &mut Ctx<'_>, new: NewLot) -> Result<Lot> {
    let certificate = certificate_in_force(cx, new.product)?;
    rules::may_make(new.made_on, certificate.issued_on, certificate.valid_through)?;
    let row = Lot {
        id: LotId::new(),
        product_id: new.product,
        certificate_id: certificate.id,
        code: rules::lot_code(rand::random()),
        batch: new.batch,
        made_on: Some(new.made_on),
        expires_on: new.expires_on,
        quantity: Some(new.quantity.thousandths),
        unit: Some(new.quantity.unit),
        created_by: cx.actor().user(),
        created_at: cx.now,
        version: 1,
    };
    cx.try_step(|cx| store::insert(cx, &row)).on_constraint("lots_one_per_batch", || Stop::BatchTaken)?;
    let details = Details::none().with("product", row.product_id).with("batch", &row.batch).with("code", &row.code);
    audit::record(cx, "lot.made", "lot", row.id.0, details)?;
    outbox::tell(
        cx,
        Topic::Lot,
        row.id.0,
        serde_json::json!({ "what": "made", "code": row.code, "product": row.product_id }),
    )?;
    Ok(row)
}

fn certificate_in_force(cx: &mut Ctx<'_>, product: ProductId) -> Result<certification::Certificate> {
    let today = cx.today();
    match certification::certificate_of_product(cx, product, today)? {
        Some(Standed { certificate, standing }) if standing.state.in_force() => Ok(certificate),
        _ => Err(Stop::NoCertificate.into()),
    }
}

/// Records what happened to a lot. Two events of one lot at the same moment wait for each other.
///
/// # Errors
/// 404; 409 by the rules of the order of events and the balance of quantities.
pub fn record_event(cx: &mut Ctx<'_>, lot: LotId, new: NewEvent) -> Result<TraceEvent> {
    get(cx, lot)?;
    store::lock(cx, lot)?;
    let before = store::events(cx, lot)?;
    let known: Vec<Event> = before.iter().filter_map(as_rule).collect();
    rules::append(&known, &Event { kind: new.kind, at: new.at.utc(), quantity: new.quantity }, cx.now.utc())?;
    let row = TraceEvent {
        lot_id: lot,
        ordinal: before.last().map_or(0, |e| e.ordinal) + 1,
        id: TraceEventId::new(),
        kind: new.kind,
        at: new.at,
        place_id: new.place_id,
        place_text: new.place_text,
        quantity: Some(new.quantity.thousandths),
        unit: Some(new.quantity.unit),
        actor_name: new.actor_name,
        note: new.note,
        recorded_by: cx.actor().user(),
        recorded_at: cx.now,
    };
    store::insert_event(cx, &row)?;
    let details = Details::none().with("kind", row.kind).with("at", row.at).with("ordinal", row.ordinal);
    audit::record(cx, "lot.eventRecorded", "lot", lot.0, details)?;
    outbox::tell(cx, Topic::Lot, lot.0, serde_json::json!({ "what": row.kind, "event": row.id }))?;
    Ok(row)
}

fn as_rule(event: &TraceEvent) -> Option<Event> {
    let quantity = Quantity { thousandths: event.quantity?, unit: event.unit? };
    Some(Event { kind: event.kind, at: event.at.utc(), quantity })
}

/// The events of a lot that the caller may know about.
///
/// # Errors
/// 404.
pub fn events_of(cx: &mut Ctx<'_>, lot: LotId) -> Result<Vec<TraceEvent>> {
    get(cx, lot)?;
    store::events(cx, lot)
}

/// The event of a lot with this identifier.
///
/// # Errors
/// 404.
pub fn event(cx: &mut Ctx<'_>, lot: LotId, id: Uuid) -> Result<TraceEvent> {
    events_of(cx, lot)?.into_iter().find(|e| e.id.0 == id).ok_or(AppError::NotFound)
}
