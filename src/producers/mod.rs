//! The chủ thể OCOP: registered, corrected, merged; their growing areas and craft villages; what
//! of them is personal and leaves only to a caller with the ground for it.

pub mod model;
pub mod rules;
mod store;

use chrono::NaiveDate;

use crate::actor::{Reach, Role};
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{PlaceId, ProducerId, RowId};
use crate::outbox::{self, Topic};
use crate::refusal::Refusal;
use crate::text::{fold, sort_key};

pub use model::{Particulars, Producer, RegisterAct};
pub use rules::{ActKind, ProducerType, Stop, EntryKind, TypeReading, read_type};

/// What a producer is registered with.
#[derive(Debug, Clone, Default)]
pub struct NewProducer {
    /// As the producer writes it.
    pub name: String,
    /// Its type; none while an imported word leaves it open.
    pub kind: Option<ProducerType>,
    /// As typed; brought to its one written form here.
    pub tax_code: Option<String>,
    /// Of the business registration.
    pub registration_number: Option<String>,
    /// The commune.
    pub place_id: Option<PlaceId>,
    /// In words.
    pub address: String,
    /// Day of the business registration.
    pub founded_on: Option<NaiveDate>,
}

/// A producer that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Producer> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Producer> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// Where an identifier leads after merges; itself when it was never merged.
///
/// # Errors
/// 404 when there is no such producer.
pub fn canonical(cx: &mut Ctx<'_>, id: ProducerId) -> Result<ProducerId> {
    let row = store::any(cx, id)?.ok_or(AppError::NotFound)?;
    Ok(row.merged_into.unwrap_or(row.id))
}

/// Every identifier under which a producer is kept: itself and those that were merged into it.
///
/// # Errors
/// When the database fails.
pub fn same_as(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Vec<ProducerId>> {
    store::same_as(cx, id)
}

/// Registers a producer.
///
/// # Errors
/// 422 when the tax code or the place is none; 409 when another producer has the tax code.
pub fn add(cx: &mut Ctx<'_>, new: NewProducer) -> Result<Producer> {
    insert(cx, new, None)
}

/// Registers a producer that a list names, or gives the one that an earlier import registered under
/// this key (`catalogue::import::producer_key`). Tells whether it is new. A tax code is never
/// imported: nothing in the register contradicts.
///
/// # Errors
/// 422 when the place is none.
pub fn import_producer(cx: &mut Ctx<'_>, key: &str, new: NewProducer) -> Result<(Producer, bool)> {
    if let Some(known) = store::by_import_key(cx, key)? {
        let id = known.merged_into.unwrap_or(known.id);
        return Ok((store::lock(cx, id)?, false));
    }
    Ok((insert(cx, new, Some(key.to_owned()))?, true))
}

fn insert(cx: &mut Ctx<'_>, new: NewProducer, import_key: Option<String>) -> Result<Producer> {
    must_exist(cx, new.place_id, "/place")?;
    let row = Producer {
        id: ProducerId::new(),
        folded: fold(&new.name),
        name_sort: sort_key(&new.name),
        tax_code: tax_code(new.tax_code.as_deref(), new.kind)?,
        name: new.name,
        kind: new.kind,
        registration_number: new.registration_number,
        place_id: new.place_id,
        address: new.address,
        founded_on: new.founded_on,
        craft_village_id: None,
        import_key,
        merged_into: None,
        created_at: cx.now,
        version: 1,
    };
    cx.try_step(|cx| store::insert(cx, &row)).on_constraint("producers_one_per_tax_code", || Stop::TaxCodeTaken)?;
    let details = Details::none().with("name", &row.name).with("kind", row.kind).with("place", row.place_id);
    audit::record(cx, "producer.registered", "producer", row.id.0, details)?;
    tell(cx, &row, "registered")?;
    Ok(row)
}

fn tell(cx: &mut Ctx<'_>, row: &Producer, what: &str) -> Result<()> {
    outbox::tell(cx, Topic::Producer, row.id.0, serde_json::json!({ "what": what, "name": row.name, "kind": row.kind }))
}

/// One written form of a tax code. While the type is open, a household's number is taken too.
fn tax_code(typed: Option<&str>, kind: Option<ProducerType>) -> Result<Option<String>> {
    let Some(typed) = typed.filter(|t| !t.trim().is_empty()) else { return Ok(None) };
    match rules::tax_code(typed, kind.unwrap_or(ProducerType::HouseholdBusiness)) {
        Ok(code) => Ok(Some(code)),
        Err(stop) => Err(field("/taxCode", &stop)),
    }
}

/// A rule that a field breaks, as 422.
fn field(pointer: &str, stop: &Stop) -> AppError {
    let say = stop.say();
    AppError::field(pointer, stop.word(), &say.vi, &say.en)
}

/// 422 when a field names a place that is none.
///
/// # Errors
/// 422 with the field.
pub fn must_exist(cx: &mut Ctx<'_>, place: Option<PlaceId>, pointer: &str) -> Result<()> {
    match place {
        Some(place) if !store::place_exists(cx, place)? => Err(AppError::field(
            pointer,
            "unknown_place",
            "Không có đơn vị này; tìm mã ở GET /v1/places.",
            "There is no such unit; look it up at GET /v1/places.",
        )),
        _ => Ok(()),
    }
}

/// Whether the caller has a role that does this act *for this producer and place*: an own user, or
/// an office whose territory holds the place.
///
/// # Errors
/// When the database fails.
pub fn has_ground(cx: &mut Ctx<'_>, act: Act, producer: Option<ProducerId>, place: Option<PlaceId>) -> Result<bool> {
    if cx.actor().is_system() {
        return Ok(true);
    }
    let roles = policy::roles(act);
    let own = |r: &Role| matches!(r, Role::Producer | Role::Consultant);
    let speaks = cx
        .actor()
        .grants
        .iter()
        .any(|g| own(&g.role) && roles.contains(&g.role) && g.producer.is_some() && g.producer == producer);
    if speaks {
        return Ok(true);
    }
    let offices: Vec<Role> = roles.iter().copied().filter(|r| !own(r)).collect();
    match (cx.actor().reach(&offices), place) {
        (Reach::Everywhere, _) => Ok(true),
        (Reach::Offices(offices), Some(place)) => store::reached(cx, offices, place),
        (Reach::Offices(_), None) => Ok(false),
    }
}

/// Refuses a caller without the ground for this act here.
///
/// # Errors
/// 403 with the act's word.
pub fn must_have_ground(
    cx: &mut Ctx<'_>,
    act: Act,
    producer: Option<ProducerId>,
    place: Option<PlaceId>,
) -> Result<()> {
    match has_ground(cx, act, producer, place)? {
        true => Ok(()),
        false => Err(AppError::Forbidden(act.word())),
    }
}

/// Everything kept at a unit goes to its successor (a reform); gives how many rows moved.
///
/// # Errors
/// When the database fails.
pub fn move_place(cx: &mut Ctx<'_>, from: PlaceId, to: PlaceId) -> Result<usize> {
    store::move_place(cx, from, to)
}

/// Writes down an act on the register with its reason; for this slice and for `products`.
///
/// # Errors
/// When the database fails.
pub fn note_act(
    cx: &mut Ctx<'_>,
    act: ActKind,
    subject: (EntryKind, uuid::Uuid),
    other: Option<uuid::Uuid>,
    reason: &str,
    details: serde_json::Value,
) -> Result<RowId> {
    let row = RegisterAct {
        id: RowId::new(),
        act,
        subject_kind: subject.0,
        subject_id: RowId(subject.1),
        other_id: other.map(RowId),
        reason: reason.to_owned(),
        details: Doc(details),
        by_user: cx.actor().user(),
        at: cx.now,
    };
    store::insert_act(cx, &row)?;
    Ok(row.id)
}
