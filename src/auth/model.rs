//! Rows of users, grants and sign-ins.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::actor::Role;
use crate::db::schema::{grants, one_time_codes, sessions, users};
use crate::db::{Doc, Moment};
use crate::ids::{GrantId, OrganisationId, PlaceId, ProducerId, RowId, SessionId, UserId};

crate::stored_words!(Role);

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

/// A one-time secret.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = one_time_codes)]
pub struct OneTimeCode {
    /// Identifier.
    pub id: RowId,
    /// For whom.
    pub user_id: UserId,
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
