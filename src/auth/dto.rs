//! What travels for sign-in and accounts.

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::actor::Role;
use crate::ids::{OrganisationId, PlaceId, ProducerId, UserId};

/// A sign-in with a password, or the renewal of one.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenRequest {
    /// `password` or `refresh_token`.
    pub grant_type: GrantType,
    /// For `password`: the e-mail.
    #[validate(length(max = 254))]
    pub email: Option<String>,
    /// For `password`.
    #[validate(length(max = 1024))]
    pub password: Option<String>,
    /// For `password`, where the account has a second factor: the six digits of now.
    #[validate(length(min = 6, max = 6))]
    pub totp: Option<String>,
    /// For `refresh_token`: the token of the last answer.
    #[validate(length(max = 200))]
    pub refresh_token: Option<String>,
}

crate::words! {
    /// How a token is asked for.
    pub enum GrantType {
        /// E-mail and password.
        Password = "password",
        /// A refresh token.
        RefreshToken = "refresh_token",
    }
}

/// Tokens of a sign-in. Never stored by us in this form, never replayed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// For `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token ends.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Works once; the next answer has the next one.
    pub refresh_token: String,
    /// Whether rights are withheld until a second factor is set up or shown.
    pub second_factor_needed: bool,
}

/// Who the caller is, and what they may do today.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeView {
    /// Identifier.
    pub id: UserId,
    /// E-mail.
    pub email: String,
    /// Name.
    pub name: String,
    /// Rights that hold now.
    pub grants: Vec<GrantView>,
    /// Rights withheld until a second factor is shown.
    pub withheld: Vec<GrantView>,
}

/// A right.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantView {
    /// What it allows to be.
    pub role: Role,
    /// The office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// The producer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<ProducerId>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
}
