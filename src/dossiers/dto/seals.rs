//! Sealed manifests on the wire.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::{Doc, Moment};
use crate::dossiers::rules::{Action, Party};
use crate::dossiers::seals::SealFault;
use crate::ids::{DossierId, RowId, UserId};
use crate::text::Label;

/// A sealed manifest without its content.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManifestSummary {
    /// Of which dossier.
    pub dossier: DossierId,
    /// 1, 2, 3…
    #[schema(example = 1)]
    pub number: i32,
    /// The move that froze it.
    pub action: Action,
    /// That move in words.
    pub label: Label,
    /// Who made it.
    pub party: Party,
    /// The person.
    pub by: Option<UserId>,
    /// When.
    pub at: Moment,
    /// SHA-256 of the canonical text (RFC 8785) of the manifest.
    pub sha256: String,
    /// Ed25519 signature (RFC 8032) of that text, base64url; null for what letters carried before manifests were signed.
    pub signature: Option<String>,
    /// The key that signed: `kid` in `/.well-known/jwks.json`.
    pub key: Option<RowId>,
    /// Whether it is as it was sealed.
    pub intact: bool,
    /// What is not.
    pub faults: Vec<SealFault>,
}

/// A sealed manifest.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManifestView {
    /// What is told about it.
    #[serde(flatten)]
    pub summary: ManifestSummary,
    /// Papers with hashes, marks, form, report, submitter: written canonically (RFC 8785), these are the signed bytes.
    #[schema(value_type = Object)]
    pub manifest: Doc,
}

/// Every sealed manifest of a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManifestList {
    /// The first one first.
    pub data: Vec<ManifestSummary>,
}

/// Which archive.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ArchiveQuery {
    /// The number of a sealed manifest; the newest when not given.
    #[param(example = 1)]
    pub manifest: Option<i32>,
}
