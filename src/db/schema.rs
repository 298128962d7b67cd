//! The tables, with the portable column types. Written by hand; a test compares tables, columns,
//! nullability and type class with both engines.
#![allow(missing_docs, reason = "the migrations say what tables and columns mean")]

use super::columns::{Id, Instant};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};

macro_rules! tables {
    ($($name:ident ($($key:ident),+) { $($column:ident -> $kind:ty,)+ })+) => {
        $(diesel::table! {
            use super::{BigInt, Bool, Date, Id, Instant, Integer, Nullable, Text};
            $name ($($key),+) { $($column -> $kind,)+ }
        })+

        diesel::allow_tables_to_appear_in_same_query!($($name),+);

        /// Every table with its columns as (name, type, nullable): for the drift test.
        pub const TABLES: &[(&str, &[(&str, &str)])] =
            &[$((stringify!($name), &[$((stringify!($column), stringify!($kind))),+])),+];
    };
}

tables! {
    instance (name) { name -> Text, value -> Text, }
    leases (name) { name -> Text, token -> Id, leased_until -> Instant, }
    counters (scope) { scope -> Text, last -> BigInt, }
    numbers (id) {
        id -> Id, scope -> Text, number -> BigInt, state -> Text, subject -> Nullable<Id>,
        reason -> Nullable<Text>, at -> Instant,
    }
    users (id) {
        id -> Id, email -> Text, phone -> Nullable<Text>, name -> Text, password_hash -> Nullable<Text>,
        totp_secret -> Nullable<Text>, totp_last_step -> BigInt, totp_confirmed -> Bool,
        disabled_at -> Nullable<Instant>, created_at -> Instant, version -> Integer,
    }
    grants (id) {
        id -> Id, user_id -> Id, role -> Text, place_id -> Nullable<Id>, producer_id -> Nullable<Id>,
        organisation_id -> Nullable<Id>, valid_from -> Date, valid_to -> Nullable<Date>, basis -> Text,
        granted_by -> Nullable<Id>, created_at -> Instant,
    }
    sessions (id) {
        id -> Id, user_id -> Id, refresh_hash -> Text, spent_hashes -> Text, with_totp -> Bool,
        created_at -> Instant, expires_at -> Instant, ended_at -> Nullable<Instant>, ended_why -> Nullable<Text>,
    }
    sign_in_failures (account, network) {
        account -> Text, network -> Text, failures -> Integer, last_at -> Instant,
    }
    one_time_codes (id) {
        id -> Id, user_id -> Id, purpose -> Text, code_hash -> Text, made_by -> Nullable<Id>,
        expires_at -> Instant, used_at -> Nullable<Instant>, created_at -> Instant,
    }
    signing_keys (id) {
        id -> Id, purpose -> Text, public_key -> Text, sealed_key -> Text, created_at -> Instant,
        retired_at -> Nullable<Instant>,
    }
    audit (id) {
        id -> Id, at -> Instant, actor -> Text, actor_user -> Nullable<Id>, deed -> Text, subject_kind -> Text,
        subject_id -> Id, details -> Text, trace -> Text, position -> Nullable<BigInt>,
    }
    audit_blocks (number) {
        number -> BigInt, first_position -> BigInt, last_position -> BigInt, previous_hash -> Text, root -> Text,
        hash -> Text, signature -> Text, key_id -> Id, sealed_at -> Instant,
    }
    audit_leaves (position) { position -> BigInt, hash -> Text, }
    outbox (id) {
        id -> Id, at -> Instant, topic -> Text, subject_id -> Id, body -> Text, position -> Nullable<BigInt>,
    }
    jobs (id) {
        id -> Id, kind -> Text, params -> Text, state -> Text, total -> BigInt, done -> BigInt, resume -> Text,
        result -> Nullable<Text>, error -> Nullable<Text>, attempts -> Integer, run_after -> Instant,
        lease_token -> Nullable<Id>, leased_until -> Nullable<Instant>, created_by -> Nullable<Id>,
        created_at -> Instant, finished_at -> Nullable<Instant>,
    }
    idempotency (scope, key) {
        scope -> Text, key -> Text, fingerprint -> Text, status -> Integer, subject_id -> Id, at -> Instant,
    }
}
