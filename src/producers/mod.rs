//! The chủ thể OCOP: registered, corrected, merged; their growing areas and craft villages; what
//! of them is personal and leaves only to a caller with the ground for it.

mod belongings; // growing areas, craft villages
pub mod dto;
pub mod mandates; // who acts for a producer, by which paper
pub mod model;
pub mod routes;
pub mod rules;
mod show; // rows as the wire shows them
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

pub use belongings::area_codes;
pub use dto::{MergeProducer, PlaceBrief, ProducerView, RegisterActView, given};
pub use model::{CraftVillage, GrowingArea, Particulars, Producer, RegisterAct};
pub use rules::{ActKind, EntryKind, ProducerType, Sex, Stop, TypeReading, read_type};
pub use show::producer as view;

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

/// What an act has just written, whoever asks.
pub(crate) fn any(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Producer> {
    store::any(cx, id)?.ok_or(AppError::NotFound)
}

/// Every name under which a producer is known, folded: its own and those it had before.
///
/// # Errors
/// When the database fails.
pub fn all_names(cx: &mut Ctx<'_>, producer: &Producer) -> Result<Vec<String>> {
    let before = store::aliases(cx, producer.id)?;
    Ok(std::iter::once(&producer.name).chain(&before).map(|name| fold(name)).collect())
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Producer> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// The producer that a field of a request names, as the caller may know it.
///
/// # Errors
/// 422 at that field when there is none for the caller.
pub fn named(cx: &mut Ctx<'_>, id: ProducerId, pointer: &str) -> Result<Producer> {
    match get(cx, id) {
        Err(AppError::NotFound) => Err(unknown_producer(pointer)),
        other => other,
    }
}

fn unknown_producer(pointer: &str) -> AppError {
    AppError::field(
        pointer,
        "unknown_producer",
        "Không có chủ thể này trong phạm vi của bạn; tìm ở GET /v1/producers.",
        "There is no such producer for you; look it up at GET /v1/producers.",
    )
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

/// Codes and names of units, to show beside rows.
///
/// # Errors
/// When the database fails.
pub fn briefs(cx: &mut Ctx<'_>, places: impl IntoIterator<Item = Option<PlaceId>>) -> Result<Vec<PlaceBrief>> {
    let mut ids: Vec<PlaceId> = places.into_iter().flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(store::briefs(cx, ids)?.into_iter().map(|(id, code, name)| PlaceBrief { id, code, name }).collect())
}

/// What of a producer its own people and officers may rewrite at any time.
#[derive(Debug, Clone)]
pub struct Description {
    /// As the producer writes it; the name before is kept as another name.
    pub name: String,
    /// In words.
    pub address: String,
    /// Of the business registration.
    pub registration_number: Option<String>,
    /// Day of the business registration.
    pub founded_on: Option<NaiveDate>,
    /// The craft village it belongs to.
    pub craft_village_id: Option<crate::ids::CraftVillageId>,
}

/// Rewrites what describes a producer; the caller holds it.
///
/// # Errors
/// 409 when it was merged; 422 when the craft village is none.
pub fn describe(cx: &mut Ctx<'_>, held: &Producer, new: Description) -> Result<Producer> {
    not_merged(held)?;
    if let Some(village) = new.craft_village_id
        && store::village(cx, village)?.is_none()
    {
        return Err(AppError::field(
            "/craftVillage",
            "unknown_craft_village",
            "Không có làng nghề này; tìm ở GET /v1/craft-villages.",
            "There is no such craft village; look it up at GET /v1/craft-villages.",
        ));
    }
    let row = Producer {
        address: new.address,
        registration_number: new.registration_number,
        founded_on: new.founded_on,
        craft_village_id: new.craft_village_id,
        ..renamed(cx, held, &new.name)?
    };
    let details = difference(held, &row);
    save(cx, row, "producer.described", details)
}

/// A correction by an officer; what is not said stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The name; the one before is kept as another name.
    pub name: Option<String>,
    /// The type.
    pub kind: Option<Option<ProducerType>>,
    /// As typed.
    pub tax_code: Option<Option<String>>,
    /// Of the business registration.
    pub registration_number: Option<Option<String>>,
    /// The commune.
    pub place_id: Option<Option<PlaceId>>,
    /// In words.
    pub address: Option<String>,
    /// Day of the business registration.
    pub founded_on: Option<Option<NaiveDate>>,
}

/// Corrects an entry, with a reason; the caller holds it.
///
/// # Errors
/// 409 when it was merged, nothing changes, or another producer has the tax code; 422 for a tax
/// code or place that is none.
pub fn correct(cx: &mut Ctx<'_>, held: &Producer, new: Correction, reason: &str) -> Result<Producer> {
    not_merged(held)?;
    let mut row = match &new.name {
        Some(name) => renamed(cx, held, name)?,
        None => held.clone(),
    };
    row.kind = new.kind.unwrap_or(row.kind);
    if new.tax_code.is_some() || new.kind.is_some() {
        let typed = new.tax_code.unwrap_or_else(|| row.tax_code.clone());
        row.tax_code = tax_code(typed.as_deref(), row.kind)?;
    }
    row.registration_number = new.registration_number.unwrap_or(row.registration_number);
    row.address = new.address.unwrap_or(row.address);
    row.founded_on = new.founded_on.unwrap_or(row.founded_on);
    row.place_id = new.place_id.unwrap_or(row.place_id);
    must_exist(cx, row.place_id, "/fields/place")?;
    let changes = changes(held, &row);
    if changes.is_empty() {
        return Err(Stop::NothingToCorrect.into());
    }
    note_act(cx, ActKind::Correct, (EntryKind::Producer, row.id.0), None, reason, serde_json::Value::Object(changes))?;
    let details = difference(held, &row).with("reason", reason);
    save(cx, row, "producer.corrected", details)
}

/// Two entries are one producer: `from` leads to `into` from now on, its names and growing areas go
/// there, and the people of both speak for both. Products are brought along by
/// `products::merge_producers`.
///
/// # Errors
/// 409 when one of them was merged before, or both are one entry.
pub fn merge(
    cx: &mut Ctx<'_>,
    from: ProducerId,
    into: ProducerId,
    reason: &str,
    details: serde_json::Value,
) -> Result<Producer> {
    if from == into {
        return Err(Stop::MergeWithItself.into());
    }
    // Two merges of the same pair must not wait for each other.
    store::lock(cx, from.min(into))?;
    store::lock(cx, from.max(into))?;
    let (old, stays) = (store::lock(cx, from)?, store::lock(cx, into)?);
    not_merged(&old)?;
    not_merged(&stays)?;
    for name in [vec![old.name.clone()], store::aliases(cx, from)?].concat() {
        add_alias(cx, &stays, &name)?;
    }
    store::move_areas(cx, from, into)?;
    store::lead_on(cx, from, into)?;
    inherit_particulars(cx, from, into)?;
    let act = note_act(cx, ActKind::Merge, (EntryKind::Producer, from.0), Some(into.0), reason, details)?;
    crate::auth::share_producer(cx, from, into, &format!("register act {act}"))?;
    // What only the old entry knew is not lost; a tax code can stand once.
    let merged = Producer { tax_code: None, merged_into: Some(into), version: old.version + 1, ..old.clone() };
    store::save(cx, &merged)?;
    let row = Producer {
        kind: stays.kind.or(old.kind),
        tax_code: stays.tax_code.clone().or(old.tax_code),
        registration_number: stays.registration_number.clone().or(old.registration_number),
        place_id: stays.place_id.or(old.place_id),
        founded_on: stays.founded_on.or(old.founded_on),
        craft_village_id: stays.craft_village_id.or(old.craft_village_id),
        import_key: stays.import_key.clone().or(old.import_key),
        ..stays.clone()
    };
    let details = difference(&stays, &row).with("from", from).with("reason", reason);
    audit::record(
        cx,
        "producer.merged",
        "producer",
        from.0,
        Details::none().with("into", into).with("reason", reason),
    )?;
    outbox::tell(cx, Topic::Producer, from.0, serde_json::json!({ "what": "merged", "into": into }))?;
    save(cx, row, "producer.took_over", details)
}

/// The particulars of the representative go along when the entry that stays has none.
fn inherit_particulars(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()> {
    match (store::particulars(cx, from)?, store::particulars(cx, into)?) {
        (Some(old), None) => store::save_particulars(cx, &Particulars { producer_id: into, ..old }),
        _ => Ok(()),
    }
}

fn save(cx: &mut Ctx<'_>, row: Producer, deed: &str, details: Details) -> Result<Producer> {
    let row = Producer { version: row.version + 1, ..row };
    cx.try_step(|cx| store::save(cx, &row)).on_constraint("producers_one_per_tax_code", || Stop::TaxCodeTaken)?;
    audit::record(cx, deed, "producer", row.id.0, details)?;
    tell(cx, &row, "changed")?;
    Ok(row)
}

/// Refuses to change an entry that leads to another one.
///
/// # Errors
/// 409.
pub fn not_merged(row: &Producer) -> Result<()> {
    match row.merged_into {
        Some(_) => Err(Stop::Merged.into()),
        None => Ok(()),
    }
}

fn renamed(cx: &mut Ctx<'_>, held: &Producer, name: &str) -> Result<Producer> {
    if held.name != name {
        add_alias(cx, held, &held.name)?;
    }
    Ok(Producer { name: name.to_owned(), folded: fold(name), name_sort: sort_key(name), ..held.clone() })
}

/// Keeps another name under which a producer is found; tells whether it is new.
///
/// # Errors
/// When the database fails.
pub fn add_alias(cx: &mut Ctx<'_>, producer: &Producer, name: &str) -> Result<bool> {
    let folded = fold(name);
    if folded.is_empty() {
        return Ok(false);
    }
    store::insert_alias(
        cx,
        &model::ProducerAlias { id: RowId::new(), producer_id: producer.id, name: name.to_owned(), folded },
    )
}

/// What differs between two states of an entry; numbers that are personal are named only.
fn changes(old: &Producer, new: &Producer) -> serde_json::Map<String, serde_json::Value> {
    let personal = |row: &Producer| row.tax_code.as_deref().is_some_and(rules::is_personal);
    let mut map = serde_json::Map::new();
    let mut put = |name: &str, before: serde_json::Value, after: serde_json::Value| {
        if before != after {
            map.insert(name.to_owned(), serde_json::json!({ "before": before, "after": after }));
        }
    };
    put("name", old.name.clone().into(), new.name.clone().into());
    put("kind", serde_json::json!(old.kind), serde_json::json!(new.kind));
    put("registrationNumber", old.registration_number.clone().into(), new.registration_number.clone().into());
    put("place", serde_json::json!(old.place_id), serde_json::json!(new.place_id));
    put("address", old.address.clone().into(), new.address.clone().into());
    put("foundedOn", serde_json::json!(old.founded_on), serde_json::json!(new.founded_on));
    put("craftVillage", serde_json::json!(old.craft_village_id), serde_json::json!(new.craft_village_id));
    if personal(old) || personal(new) {
        if old.tax_code != new.tax_code {
            map.insert("taxCode".to_owned(), "private".into());
        }
    } else {
        put("taxCode", old.tax_code.clone().into(), new.tax_code.clone().into());
    }
    map
}

fn difference(old: &Producer, new: &Producer) -> Details {
    changes(old, new).into_iter().fold(Details::none(), |details, (name, value)| details.with(&name, value))
}

/// The particulars of a producer's representative. That they were read is written down.
///
/// # Errors
/// When the database fails.
pub fn read_particulars(cx: &mut Ctx<'_>, producer: &Producer) -> Result<Particulars> {
    let found = store::particulars(cx, producer.id)?.unwrap_or_else(|| Particulars::none(producer.id));
    audit::record(
        cx,
        "producer.particulars_read",
        "producer",
        producer.id.0,
        Details::none().with("fields", found.filled()),
    )?;
    Ok(found)
}

/// Whether the representative of a producer is reached at this e-mail address or telephone. Nothing of the
/// particulars leaves by this answer, so that it is no reading of them.
///
/// # Errors
/// When the database fails.
pub fn is_reached_at(cx: &mut Ctx<'_>, id: ProducerId, email: &str, phone: Option<&str>) -> Result<bool> {
    let Some(known) = store::particulars(cx, id)? else { return Ok(false) };
    let by_mail = known.email.is_some_and(|own| own.eq_ignore_ascii_case(email));
    Ok(by_mail || phone.is_some_and(|phone| known.phone.as_deref() == Some(phone)))
}

/// Rewrites the particulars; the caller holds the producer. The audit keeps the names of what changed.
///
/// # Errors
/// 409 when the producer was merged.
pub fn write_particulars(cx: &mut Ctx<'_>, held: &Producer, new: Particulars) -> Result<Producer> {
    not_merged(held)?;
    let old = store::particulars(cx, held.id)?.unwrap_or_else(|| Particulars::none(held.id));
    store::save_particulars(cx, &new)?;
    let row = Producer { version: held.version + 1, ..held.clone() };
    store::save(cx, &row)?;
    let details = old.differing(&new).into_iter().fold(Details::none(), Details::private);
    audit::record(cx, "producer.particulars_changed", "producer", held.id.0, details)?;
    Ok(row)
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

/// Every act that was done to an entry of the register, oldest first.
///
/// # Errors
/// When the database fails.
pub fn acts_on(cx: &mut Ctx<'_>, entry: uuid::Uuid) -> Result<Vec<RegisterAct>> {
    store::acts(cx, RowId(entry))
}

/// The producer that an earlier import registered under this key.
///
/// # Errors
/// When the database fails.
pub fn imported_as(cx: &mut Ctx<'_>, key: &str) -> Result<Option<ProducerId>> {
    Ok(store::by_import_key(cx, key)?.map(|p| p.merged_into.unwrap_or(p.id)))
}

/// The producers kept at these units, with where (a reform).
///
/// # Errors
/// When the database fails.
pub fn kept_at(cx: &mut Ctx<'_>, units: &[PlaceId]) -> Result<Vec<(ProducerId, PlaceId)>> {
    store::kept_at(cx, units)
}

/// A producer goes from one unit to its successor, with the growing areas it has there (a reform).
///
/// # Errors
/// 404 when there is no such producer.
pub fn shift(cx: &mut Ctx<'_>, id: ProducerId, from: PlaceId, to: PlaceId, basis: &str) -> Result<()> {
    store::any(cx, id)?.ok_or(AppError::NotFound)?;
    let held = store::lock(cx, id)?;
    if held.place_id == Some(from) {
        let row = Producer { place_id: Some(to), ..held.clone() };
        save(cx, row.clone(), "producer.moved", difference(&held, &row).with("basis", basis))?;
    }
    store::move_areas_at(cx, id, from, to)?;
    store::move_merged(cx, id, to)
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
