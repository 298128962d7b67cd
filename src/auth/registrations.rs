//! Applications for an account: anybody files one, an officer of the commune decides. An imported
//! producer is claimed with the officer's confirmation. Nobody learns from the answer who has an
//! account already.

use super::model::Registration;
use super::rules::{RegistrationState, Stop};
use super::{Neighbours, Particulars, Right, Unit, store};
use crate::actor::{Reach, Role};
use crate::audit::{self, Details};
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::{PlaceId, ProducerId, RegistrationId, UserId};
use crate::outbox::{self, Topic};

/// How many registrations one network may file in an hour.
pub const PER_HOUR: i32 = 20;
const HOUR: i64 = 3_600_000_000;

/// What is asked for; the password is hashed already.
#[derive(Debug, Clone)]
pub struct NewRegistration {
    /// E-mail.
    pub email: String,
    /// Name of the person.
    pub name: String,
    /// Argon2id.
    pub password_hash: String,
    /// The producer of the register that is claimed.
    pub claims: Option<ProducerId>,
    /// The producer, as the person tells it.
    pub producer: Particulars,
}

/// Refuses early when the network has filed too many.
///
/// # Errors
/// 429 until the next hour.
pub fn may_file(cx: &mut Ctx<'_>) -> Result<()> {
    let network = cx.caller.network.clone();
    match store::failures(cx, &bucket(cx.now), &network)? {
        Some((filed, _)) if filed >= PER_HOUR => {
            let seconds = (HOUR - cx.now.micros().rem_euclid(HOUR)) / 1_000_000 + 1;
            Err(AppError::TooMany(u64::try_from(seconds).unwrap_or(1)))
        }
        _ => Ok(()),
    }
}

fn bucket(now: Moment) -> String {
    format!("registrations:{}", now.micros().div_euclid(HOUR))
}

/// Files an application. The officer of a claimed producer's commune decides, else the officer of
/// the commune that is named.
///
/// # Errors
/// 422 when the place is no commune in force, the producer is none, or a number is wrong; 429.
pub fn file(cx: &mut Ctx<'_>, ask: &Neighbours, new: &NewRegistration) -> Result<RegistrationId> {
    may_file(cx)?;
    let network = cx.caller.network.clone();
    store::note_failure(cx, &bucket(cx.now), &network)?;
    let mut producer = new.producer.clone();
    (ask.settle)(&mut producer)?;
    must_be_commune(cx, ask, producer.place)?;
    let mut place = producer.place;
    if let Some(claimed) = new.claims {
        let known = (ask.producer)(cx, claimed)?.ok_or_else(unknown_producer)?;
        place = known.unwrap_or(place);
    }
    let row = Registration {
        id: RegistrationId::new(),
        email: new.email.trim().to_lowercase(),
        phone: producer.phone,
        name: new.name.clone(),
        password_hash: new.password_hash.clone(),
        producer_id: new.claims,
        producer_name: producer.name,
        producer_kind: producer.kind,
        tax_code: producer.tax_code,
        registration_number: producer.registration_number,
        place_id: place,
        state: RegistrationState::Waiting,
        reason: None,
        decided_by: None,
        decided_at: None,
        user_id: None,
        created_at: cx.now,
        version: 1,
    };
    store::insert_registration(cx, &row)?;
    let details = Details::none().private("email").private("phone").private("name").with("place", place);
    audit::record(cx, "registration.filed", "registration", row.id.0, details.with("claims", new.claims))?;
    outbox::tell(cx, Topic::Account, row.id.0, serde_json::json!({ "what": "registrationFiled", "place": place }))?;
    Ok(row.id)
}

fn must_be_commune(cx: &mut Ctx<'_>, ask: &Neighbours, place: PlaceId) -> Result<()> {
    match (ask.unit)(cx, place)? {
        Some(Unit { level: "commune", in_force: true }) => Ok(()),
        _ => Err(AppError::field(
            "/place",
            "not_a_commune",
            "Chọn một xã, phường hoặc đặc khu đang hoạt động; tìm ở GET /v1/places.",
            "Choose a commune in force; look it up at GET /v1/places.",
        )),
    }
}

fn unknown_producer() -> AppError {
    AppError::field("/producer", "unknown_producer", "Không có chủ thể này.", "There is no such producer.")
}

/// A registration that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: RegistrationId) -> Result<Registration> {
    store::registration(cx, id)?.ok_or(AppError::NotFound)
}

/// The same with the telephone number and e-mail: each look is written down.
///
/// # Errors
/// 404.
pub fn look_into(cx: &mut Ctx<'_>, id: RegistrationId) -> Result<(Registration, bool)> {
    let row = get(cx, id)?;
    let has_account = store::user_by_email(cx, &row.email)?.is_some();
    audit::record(cx, "registration.read", "registration", id.0, Details::none())?;
    Ok((row, has_account))
}

/// A registration, held until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: RegistrationId) -> Result<Registration> {
    store::hold_registration(cx, id)?.ok_or(AppError::NotFound)
}

/// Registrations that the caller may know about, who has waited longest first.
///
/// # Errors
/// When the database fails.
pub fn page(
    cx: &mut Ctx<'_>,
    state: Option<RegistrationState>,
    after: Option<(Moment, RegistrationId)>,
    limit: i64,
) -> Result<Vec<Registration>> {
    store::registrations_page(cx, state, after, limit)
}

/// Refuses an application.
///
/// # Errors
/// 409 when it was decided before.
pub fn refuse(cx: &mut Ctx<'_>, mut row: Registration, reason: &str) -> Result<Registration> {
    must_wait(&row)?;
    row.state = RegistrationState::Refused;
    row.reason = Some(reason.to_owned());
    settle(cx, row, "registration.refused")
}

/// Approves an application: there is an account, and it speaks for the producer: a new one, the one
/// that was claimed, or the one that the officer found in the register. When the e-mail has an
/// account, that account gets the right and keeps its own password.
///
/// # Errors
/// 409 when it was decided before, the account is closed, the producer is unknown to the officer, or
/// another producer has the tax code.
pub fn approve(
    cx: &mut Ctx<'_>,
    ask: &Neighbours,
    mut row: Registration,
    found: Option<ProducerId>,
    reason: Option<&str>,
) -> Result<Registration> {
    must_wait(&row)?;
    let producer = match found.or(row.producer_id) {
        Some(known) => {
            must_answer_for(cx, ask, known, row.place_id)?;
            known
        }
        None => (ask.add_producer)(cx, &particulars(&row))?,
    };
    let user = account_of(cx, &row)?;
    if !store::speaks_for(cx, user, producer)? {
        let basis = format!("registration {}", row.id);
        super::grant(cx, user, Role::Producer, Right { producer: Some(producer), basis, ..Right::default() })?;
        store::touch_user(cx, user)?;
    }
    row.state = RegistrationState::Approved;
    row.reason = reason.map(str::to_owned);
    row.producer_id = Some(producer);
    row.user_id = Some(user);
    settle(cx, row, "registration.approved")
}

fn must_wait(row: &Registration) -> Result<()> {
    match row.state {
        RegistrationState::Waiting => Ok(()),
        _ => Err(Stop::RegistrationDecided.into()),
    }
}

/// The officer answers for the producer: it lies in the territory, or has no place and was claimed here.
fn must_answer_for(cx: &mut Ctx<'_>, ask: &Neighbours, producer: ProducerId, at: PlaceId) -> Result<()> {
    let place = (ask.producer)(cx, producer)?.ok_or(Stop::ProducerUnknown)?.unwrap_or(at);
    let roles = [Role::Commune, Role::District, Role::Province, Role::Administrator];
    let within = match cx.actor().reach(&roles) {
        Reach::Everywhere => true,
        Reach::Offices(offices) => store::reached(cx, offices, place)?,
    };
    if within { Ok(()) } else { Err(Stop::ProducerUnknown.into()) }
}

fn particulars(row: &Registration) -> Particulars {
    Particulars {
        name: row.producer_name.clone(),
        kind: row.producer_kind.clone(),
        tax_code: row.tax_code.clone(),
        registration_number: row.registration_number.clone(),
        place: row.place_id,
        phone: row.phone.clone(),
    }
}

fn account_of(cx: &mut Ctx<'_>, row: &Registration) -> Result<UserId> {
    match store::user_by_email(cx, &row.email)? {
        Some(user) if user.disabled_at.is_some() => Err(Stop::AccountClosed.into()),
        Some(user) => Ok(user.id),
        None => super::add_user(cx, &row.email, &row.name, Some(&row.phone), Some(&row.password_hash)),
    }
}

fn settle(cx: &mut Ctx<'_>, mut row: Registration, deed: &str) -> Result<Registration> {
    row.decided_by = cx.actor().user();
    row.decided_at = Some(cx.now);
    row.version += 1;
    store::save_decision(cx, &row)?;
    let details =
        Details::none().with("state", row.state).with("reason", &row.reason).with("producer", row.producer_id);
    audit::record(cx, deed, "registration", row.id.0, details)?;
    outbox::tell(
        cx,
        Topic::Account,
        row.id.0,
        serde_json::json!({ "what": "registrationDecided", "state": row.state }),
    )?;
    Ok(row)
}
