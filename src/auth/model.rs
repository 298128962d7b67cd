//! Rows of users, grants and sign-ins.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::RegistrationState;
use crate::actor::Role;
use crate::db::schema::{grants, letters, one_time_codes, registrations, sessions, users};
use crate::db::{Doc, Moment};
use crate::ids::{GrantId, OrganisationId, PlaceId, ProducerId, RegistrationId, RowId, SessionId, UserId};

crate::stored_words!(Role, RegistrationState);

/// A person who can sign in.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// Folded to lower case; unique.
    pub email: String,
    /// Private.
    pub phone: Option<String>,
    /// As the person writes it.
    pub name: String,
    /// Argon2id.
    pub password_hash: Option<String>,
    /// Sealed by the master key.
    pub totp_secret: Option<String>,
    /// The last time step accepted.
    pub totp_last_step: i64,
    /// Whether the person has shown a code of it once.
    pub totp_confirmed: bool,
    /// A new secret that waits for its first code; sealed.
    pub totp_pending: Option<String>,
    /// When the account was closed.
    pub disabled_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// A dated right.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = grants)]
pub struct GrantRow {
    /// Identifier.
    pub id: GrantId,
    /// Whose.
    pub user_id: UserId,
    /// What it allows to be.
    pub role: Role,
    /// The office.
    pub place_id: Option<PlaceId>,
    /// The producer.
    pub producer_id: Option<ProducerId>,
    /// The organisation.
    pub organisation_id: Option<OrganisationId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none while open.
    pub valid_to: Option<NaiveDate>,
    /// What it rests on.
    pub basis: String,
    /// Who gave it.
    pub granted_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// When it was taken away.
    pub ended_at: Option<Moment>,
    /// By whom.
    pub ended_by: Option<UserId>,
}

/// A sign-in.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// Identifier.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// The refresh token that works now, hashed.
    pub refresh_hash: String,
    /// Those before, hashed.
    pub spent_hashes: Doc,
    /// Whether a second factor was shown.
    pub with_totp: bool,
    /// When.
    pub created_at: Moment,
    /// Until when it can be refreshed.
    pub expires_at: Moment,
    /// When it ended.
    pub ended_at: Option<Moment>,
    /// Why.
    pub ended_why: Option<String>,
}

/// A letter by e-mail that is on its way.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = letters)]
pub struct LetterRow {
    /// Identifier.
    pub id: RowId,
    /// To whom.
    pub user_id: UserId,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub body: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Not before.
    pub try_after: Moment,
    /// When it was written.
    pub created_at: Moment,
}

/// A one-time secret.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = one_time_codes)]
pub struct OneTimeCode {
    /// Identifier.
    pub id: RowId,
    /// For whom; none for the first administrator.
    pub user_id: Option<UserId>,
    /// `reset` or `first-administrator`.
    pub purpose: String,
    /// SHA-256 of the code.
    pub code_hash: String,
    /// The officer who printed it.
    pub made_by: Option<UserId>,
    /// Until when.
    pub expires_at: Moment,
    /// When it was used.
    pub used_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
}

/// An application for an account.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    /// Identifier.
    pub id: RegistrationId,
    /// Folded to lower case; need not be unique: nobody learns from us who has an account.
    pub email: String,
    /// Private.
    pub phone: String,
    /// Of the person.
    pub name: String,
    /// Argon2id of the password that was chosen.
    pub password_hash: String,
    /// The producer of the register that is claimed.
    pub producer_id: Option<ProducerId>,
    /// Name of a new producer; empty for a claim.
    pub producer_name: String,
    /// Type of a new producer.
    pub producer_kind: Option<String>,
    /// Tax code, in its one written form.
    pub tax_code: Option<String>,
    /// Number of the business registration.
    pub registration_number: Option<String>,
    /// The commune whose officer decides.
    pub place_id: PlaceId,
    /// Where it stands.
    pub state: RegistrationState,
    /// Why it was refused, or a note.
    pub reason: Option<String>,
    /// The officer.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Moment>,
    /// The account that came of it.
    pub user_id: Option<UserId>,
    /// When it arrived.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}
