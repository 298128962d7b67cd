//! Who the caller is and what they may do: users, dated grants, sign-ins, access tokens, the policy.
//!
//! The token names the user and the sign-in only. Grants are read on each request, so a removed
//! grant works at once. Grants of roles that decide are withheld until a second factor was shown.

pub mod dto;
pub mod letters; // letters by e-mail to accounts, sent behind the deed
pub mod model;
pub mod policy;
pub mod registrations; // applications for an account
pub mod routes;
pub mod rules;
pub mod second_factor;
pub mod sign_in; // passwords, refresh, second factor, resets, the first administrator
mod store;
pub mod tokens;
pub mod users; // accounts as administrators keep them

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::NaiveDate;

use crate::actor::{Actor, Caller, Grant, Role, Who};
use crate::audit::{self, Details};
use crate::config::Config;
use crate::db::{Ctx, Db, Doc};
use crate::error::{AppError, Result};
use crate::ids::{GrantId, OrganisationId, PlaceId, ProducerId, SessionId, UserId};
use crate::keys;
use crate::web::envelope::{self, Trace};

use model::{GrantRow, Session, User};
use tokens::Tokens;

/// A caller who need not have signed in. A token that was sent must still be good.
pub struct Visitor(pub Caller);

impl FromRequest for Caller {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = identify(req);
        Box::pin(async move {
            let caller = known.await?;
            match caller.actor.who {
                Who::Anonymous => Err(AppError::Unauthenticated("token_missing")),
                _ => Ok(caller),
            }
        })
    }
}

impl FromRequest for Visitor {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = identify(req);
        Box::pin(async move { Ok(Self(known.await?)) })
    }
}

/// Reads the token of a request and the caller's rights from the database.
fn identify(req: &HttpRequest) -> impl Future<Output = Result<Caller>> + 'static + use<> {
    let trace = req.extensions().get::<Trace>().map(|t| t.0.clone()).unwrap_or_default();
    let mut caller = Caller { actor: Actor::anonymous(), lang: envelope::lang(req), trace, network: network(req) };
    let token = req.headers().get(AUTHORIZATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let state = req.app_data::<Data<Db>>().cloned().zip(req.app_data::<Data<Tokens>>().cloned());
    let demo = req.app_data::<Data<Config>>().is_some_and(|c| c.demo);
    async move {
        let Some(sent) = token else { return Ok(caller) };
        let (db, tokens) = state.ok_or_else(|| AppError::internal("the application has no database"))?;
        let token = sent.strip_prefix("Bearer ").ok_or(AppError::Unauthenticated("token_invalid"))?;
        let token = token.trim();
        if tokens.should_ask(token) {
            tokens.learn(db.read(Caller::system("keys"), keys::public).await?);
        }
        let (user, session) = tokens.read(token, db.clock().now())?;
        caller.actor = db.read(caller.clone(), move |cx| actor_of(cx, user, session, demo)).await?;
        Ok(caller)
    }
}

/// The network of a caller: the address of the connection, or what a trusted proxy says.
fn network(req: &HttpRequest) -> String {
    let peer = req.peer_addr().map(|a| a.ip());
    let trusted = req.app_data::<Data<Config>>().is_some_and(|c| peer.is_some_and(|p| c.trusted_proxies.contains(&p)));
    let forwarded = req
        .headers()
        .get("X-Forwarded-For")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.rsplit(',').next())
        .and_then(|v| v.trim().parse::<std::net::IpAddr>().ok());
    match if trusted { forwarded.or(peer) } else { peer } {
        Some(std::net::IpAddr::V4(a)) => format!("{}.{}.{}.0/24", a.octets()[0], a.octets()[1], a.octets()[2]),
        Some(std::net::IpAddr::V6(a)) => {
            format!("{:x}:{:x}:{:x}::/48", a.segments()[0], a.segments()[1], a.segments()[2])
        }
        None => "unknown".to_owned(),
    }
}

/// The caller's rights today. `waived` drops the second factor (a demonstration).
fn actor_of(cx: &mut Ctx<'_>, user: UserId, session: SessionId, waived: bool) -> Result<Actor> {
    let ended = || AppError::Unauthenticated("session_ended");
    let open = store::session(cx, session)?.filter(|s| s.ended_at.is_none() && s.user_id == user).ok_or_else(ended)?;
    let person = store::user(cx, user)?.filter(|u| u.disabled_at.is_none()).ok_or_else(ended)?;
    let grants = counted(cx, person.id, waived || open.with_totp)?;
    Ok(Actor { who: Who::User { user, session }, grants })
}

/// What an account may do today without being there itself: for work that it ordered. `second_factor` says
/// whether that sign-in had shown one; `standing` stands in the place of the sign-in. None for an account that
/// was closed.
///
/// # Errors
/// When the database fails.
pub fn rights_of(cx: &mut Ctx<'_>, user: UserId, second_factor: bool, standing: uuid::Uuid) -> Result<Option<Actor>> {
    let Some(person) = store::user(cx, user)?.filter(|u| u.disabled_at.is_none()) else { return Ok(None) };
    let grants = counted(cx, person.id, second_factor)?;
    Ok(Some(Actor { who: Who::User { user, session: SessionId(standing) }, grants }))
}

/// The rights of an account that hold today; of roles that decide only with a second factor.
fn counted(cx: &mut Ctx<'_>, user: UserId, shown: bool) -> Result<Vec<Grant>> {
    let held = store::grants_today(cx, user)?;
    let counts = held.into_iter().filter(|g| shown || !policy::SECOND_FACTOR.contains(&g.role));
    let grant = |g: GrantRow| Grant {
        role: g.role,
        place: g.place_id,
        producer: g.producer_id,
        organisation: g.organisation_id,
    };
    Ok(counts.map(grant).collect())
}

/// Whether somebody holds this role for an organisation today.
///
/// # Errors
/// When the database fails.
pub fn answers_for(cx: &mut Ctx<'_>, organisation: OrganisationId, role: Role) -> Result<bool> {
    store::holds_for(cx, organisation, role)
}

/// What this slice asks of later ones; `app` hands it in.
#[derive(Clone, Copy)]
pub struct Neighbours {
    /// The unit with an identifier.
    pub unit: fn(&mut Ctx<'_>, PlaceId) -> Result<Option<Unit>>,
    /// Whether there is such a producer, whoever asks, and where.
    pub producer: fn(&mut Ctx<'_>, ProducerId) -> Result<Option<Option<PlaceId>>>,
    /// Brings type, tax code and telephone to their written form, or says which is wrong (422).
    pub settle: fn(&mut Particulars) -> Result<()>,
    /// Registers a producer.
    pub add_producer: fn(&mut Ctx<'_>, &Particulars) -> Result<ProducerId>,
}

/// An administrative unit, as far as rights need to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// `province`, `district` or `commune`.
    pub level: &'static str,
    /// Whether it is in force today.
    pub in_force: bool,
}

/// A producer as an applicant tells it.
#[derive(Debug, Clone)]
pub struct Particulars {
    /// Name; empty for a claim.
    pub name: String,
    /// Type.
    pub kind: Option<String>,
    /// Tax code.
    pub tax_code: Option<String>,
    /// Number of the business registration.
    pub registration_number: Option<String>,
    /// Commune.
    pub place: PlaceId,
    /// Telephone of the applicant.
    pub phone: String,
}

/// Forgets what is no longer needed; part of `ocop sweep`.
///
/// # Errors
/// When the database fails.
pub fn sweep(cx: &mut Ctx<'_>) -> Result<usize> {
    Ok(store::sweep_failures(cx)? + letters::sweep(cx)?)
}

/// A right to give to somebody.
#[derive(Debug, Clone, Default)]
pub struct Right {
    /// The office.
    pub place: Option<PlaceId>,
    /// The producer.
    pub producer: Option<ProducerId>,
    /// The organisation.
    pub organisation: Option<OrganisationId>,
    /// First day; today when not said.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// The decision or reason it rests on.
    pub basis: String,
}

/// Makes a user; the password, when there is one, is already hashed.
///
/// # Errors
/// 422 when the e-mail is taken.
pub fn add_user(
    cx: &mut Ctx<'_>,
    email: &str,
    name: &str,
    phone: Option<&str>,
    password_hash: Option<&str>,
) -> Result<UserId> {
    let user = User {
        id: UserId::new(),
        email: email.trim().to_lowercase(),
        phone: phone.map(str::to_owned),
        name: name.to_owned(),
        password_hash: password_hash.map(str::to_owned),
        totp_secret: None,
        totp_last_step: 0,
        totp_confirmed: false,
        totp_pending: None,
        disabled_at: None,
        created_at: cx.now,
        version: 1,
    };
    match cx.try_step(|cx| store::insert_user(cx, &user)) {
        Err(AppError::Database(e)) if crate::error::constraint_of(&e).as_deref() == Some("users_one_per_email") => {
            return Err(AppError::field(
                "/email",
                "taken",
                "E-mail này đã có tài khoản.",
                "This e-mail already has an account.",
            ));
        }
        other => other?,
    }
    audit::record(cx, "user.added", "user", user.id.0, Details::none().private("email").private("name"))?;
    Ok(user.id)
}

/// Gives a right to a user.
///
/// # Errors
/// When the database fails.
pub fn grant(cx: &mut Ctx<'_>, user: UserId, role: Role, right: Right) -> Result<GrantId> {
    let row = GrantRow {
        id: GrantId::new(),
        user_id: user,
        role,
        place_id: right.place,
        producer_id: right.producer,
        organisation_id: right.organisation,
        valid_from: right.from.unwrap_or_else(|| cx.today()),
        valid_to: right.to,
        basis: right.basis,
        granted_by: cx.actor().user(),
        created_at: cx.now,
        ended_at: None,
        ended_by: None,
    };
    store::insert_grant(cx, &row)?;
    let details = Details::none()
        .with("role", role)
        .with("place", row.place_id)
        .with("producer", row.producer_id)
        .with("organisation", row.organisation_id)
        .with("validFrom", row.valid_from)
        .with("validTo", row.valid_to)
        .with("basis", &row.basis);
    audit::record(cx, "grant.given", "user", user.0, details)?;
    Ok(row.id)
}

/// Ends a right before its time.
///
/// # Errors
/// When the database fails.
pub fn withdraw_grant(cx: &mut Ctx<'_>, id: GrantId, of: UserId) -> Result<()> {
    store::end_grant(cx, id)?;
    audit::record(cx, "grant.ended", "user", of.0, Details::none().with("grant", id))
}

/// Two producers turned out to be one: whoever speaks for one of them today speaks for both. Gives
/// how many grants that made.
///
/// # Errors
/// When the database fails.
pub fn share_producer(cx: &mut Ctx<'_>, one: ProducerId, other: ProducerId, basis: &str) -> Result<usize> {
    let mut given = 0;
    for (from, to) in [(one, other), (other, one)] {
        let has = store::grants_of_producer(cx, to)?;
        for g in store::grants_of_producer(cx, from)? {
            if !has.iter().any(|h| h.user_id == g.user_id && h.role == g.role) {
                let right = Right { producer: Some(to), to: g.valid_to, basis: basis.to_owned(), ..Right::default() };
                grant(cx, g.user_id, g.role, right)?;
                given += 1;
            }
        }
    }
    Ok(given)
}

/// The grants of a user that hold today.
///
/// # Errors
/// When the database fails.
pub fn grants_of(cx: &mut Ctx<'_>, user: UserId) -> Result<Vec<GrantRow>> {
    store::grants_today(cx, user)
}

/// The grants for these offices that reach into the time from a day on.
///
/// # Errors
/// When the database fails.
pub fn grants_at(cx: &mut Ctx<'_>, offices: &[PlaceId], from: NaiveDate) -> Result<Vec<GrantRow>> {
    store::grants_at(cx, offices, from)
}

/// Ends a grant the day before; gives the same right for another office from that day on.
///
/// # Errors
/// 404 when there is no such grant.
pub fn move_grant(cx: &mut Ctx<'_>, id: GrantId, to: Option<PlaceId>, on: NaiveDate, basis: &str) -> Result<()> {
    let old = store::grant(cx, id)?.ok_or(AppError::NotFound)?;
    let last = on.pred_opt().unwrap_or(on);
    store::end_grant_on(cx, id, last)?;
    let details = Details::none().with("role", old.role).with("place", old.place_id).with("lastDay", last);
    audit::record(cx, "grant.ended", "user", old.user_id.0, details.with("basis", basis))?;
    let Some(place) = to else { return Ok(()) };
    let right = Right {
        place: Some(place),
        producer: old.producer_id,
        organisation: old.organisation_id,
        from: Some(old.valid_from.max(on)),
        to: old.valid_to,
        basis: basis.to_owned(),
    };
    grant(cx, old.user_id, old.role, right)?;
    Ok(())
}

/// A user by identifier.
///
/// # Errors
/// When the database fails.
pub fn user(cx: &mut Ctx<'_>, id: UserId) -> Result<Option<User>> {
    store::user(cx, id)
}

/// Opens a sign-in; gives its identifier and the first refresh token, which is shown once.
///
/// # Errors
/// When the database fails.
pub fn open_session(cx: &mut Ctx<'_>, user: UserId, with_totp: bool) -> Result<(SessionId, String)> {
    let secret = keys::random_secret();
    let session = Session {
        id: SessionId::new(),
        user_id: user,
        refresh_hash: keys::sha256_hex(secret.as_bytes()),
        spent_hashes: Doc::of(&Vec::<String>::new()),
        with_totp,
        created_at: cx.now,
        expires_at: cx.now.plus_seconds(tokens::REFRESH_SECONDS),
        ended_at: None,
        ended_why: None,
    };
    store::insert_session(cx, &session)?;
    audit::record(cx, "session.opened", "user", user.0, Details::none().with("secondFactor", with_totp))?;
    Ok((session.id, format!("{}.{secret}", session.id)))
}
