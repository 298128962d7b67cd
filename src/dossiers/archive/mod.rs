//! A dossier as one ZIP that proves itself: what a sealed manifest names, with the manifest, a signed
//! list of the archive's own files, the forms and an index set from it, and the public keys.
//! `ocop verify-dossier` checks it offline.

pub mod names; // names that are safe on every machine
pub mod verify; // the check, offline
mod write; // the ZIP, as a stream

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::forms;
use super::model::{Dossier, ManifestRow};
use super::rules::Stop;
use super::seals::{self, SealFault, Sealer};
use crate::actor::{Grant, Role};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc, Moment};
use crate::error::{AppError, Result};
use crate::files;
use crate::ids::RowId;
use crate::keys::{self, KeyStanding, PublicKey};
use crate::paper::{Imprint, Sheet};

pub use write::stream;

/// What kind of list `contents.json` is, and in which version; signed with it.
pub const FORMAT: &str = "ocop-dossier-archive/1";
/// The signed manifest: its canonical text, byte by byte.
pub const MANIFEST: &str = "manifest.json";
/// Every other file of the archive with its hash; signed too.
pub const CONTENTS: &str = "contents.json";
/// The two signatures.
pub const SIGNATURES: &str = "signatures.json";
/// The public keys that verify them (RFC 7517).
pub const KEYS: &str = "jwks.json";

/// One file of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Where in the archive.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
    /// Whether it was set from the manifest when the archive was made, to be read by people: what counts is
    /// the manifest.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub derived: bool,
}

/// The list of the archive's files.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// [`FORMAT`].
    pub format: String,
    /// The dossier.
    pub dossier: String,
    /// The number of its manifest.
    pub manifest: i32,
    /// SHA-256 of the manifest.
    pub manifest_sha256: String,
    /// When the archive was made.
    pub made_at: String,
    /// Every file but this list, the signatures and the keys.
    pub files: Vec<Piece>,
}

/// A signature with the name of its key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signed {
    /// The key (`kid` in `jwks.json`).
    pub kid: String,
    /// Ed25519 (RFC 8032) over the bytes of the file, base64url.
    pub signature: String,
}

/// What `signatures.json` holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Signatures {
    /// Of `manifest.json`, made when the dossier was submitted or handed over.
    pub manifest: Signed,
    /// Of `contents.json`, made when the archive was.
    pub contents: Signed,
}

/// A document of the archive: its bytes are in the store.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// Where in the archive.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
}

/// Everything an archive will hold, decided in one deed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The name under which it is saved.
    pub file_name: String,
    /// When it was made.
    pub made_at: Moment,
    /// The small files, in order.
    pub made: Vec<(String, Vec<u8>)>,
    /// The documents, in order.
    pub documents: Vec<Enclosed>,
}

/// The papers that are set from a manifest before its archive is planned.
#[derive(Debug, Clone)]
pub struct Papers {
    /// The number of the manifest.
    pub number: i32,
    /// Each with its place in the archive.
    pub sheets: Vec<(String, Sheet)>,
}

/// The forms and the index of one of a dossier's manifests, the newest when none is named, ready to be set.
///
/// # Errors
/// 404 for a manifest that is none, 409 when the dossier was never submitted, or the manifest is not as
/// it was sealed.
pub fn papers(cx: &mut Ctx<'_>, dossier: &Dossier, number: Option<i32>, imprint: &Imprint) -> Result<Papers> {
    let row = match number {
        Some(number) => seals::get(cx, dossier.id, number)?,
        None => seals::newest(cx, dossier.id)?.ok_or(Stop::NeverSealed)?,
    };
    must_be_intact(cx, &row)?;
    let manifest: Value = serde_json::from_str(&row.body).map_err(AppError::internal)?;
    let places: Vec<String> = documents(&manifest)?.into_iter().map(|d| d.path).collect();
    Ok(Papers { number: row.number, sheets: forms::sealed(cx, &row, &places, imprint)? })
}

fn must_be_intact(cx: &mut Ctx<'_>, row: &ManifestRow) -> Result<(String, RowId)> {
    let faults = seals::faults(row, &keys::public(cx)?);
    match (&row.signature, row.key_id, faults.as_slice()) {
        (Some(signature), Some(key), []) => Ok((signature.clone(), key)),
        _ => Err(Stop::SealBroken(row.number, faults.contains(&SealFault::Unsigned)).into()),
    }
}

/// Plans the archive of one of a dossier's manifests, with the papers that were set from it.
///
/// # Errors
/// 404 for a manifest that is none, 409 when it is not as it was sealed.
pub fn plan(
    cx: &mut Ctx<'_>,
    sealer: &Sealer,
    dossier: &Dossier,
    number: i32,
    set: &[(String, Vec<u8>)],
) -> Result<Plan> {
    let row = seals::get(cx, dossier.id, number)?;
    let (signature, key) = must_be_intact(cx, &row)?;
    let manifest: Value = serde_json::from_str(&row.body).map_err(AppError::internal)?;
    let documents = documents(&manifest)?;
    let hashes: Vec<String> = documents.iter().map(|d| d.sha256.clone()).collect();
    for stored in files::find_all(cx, &hashes)?.values() {
        stored.servable()?;
    }
    let contents = Doc::of(&contents(&row, cx.now, set, &documents)).text();
    let signer = sealer.key(cx)?;
    let signatures = Signatures {
        manifest: Signed { kid: key.to_string(), signature },
        contents: Signed { kid: signer.id.to_string(), signature: signer.sign(contents.as_bytes()) },
    };
    // A key that was made just now is not among those read above.
    let used = keys::public(cx)?.into_iter().filter(|k| [key, signer.id].contains(&k.id));
    let mut made = set.to_vec();
    made.push((MANIFEST.into(), row.body.clone().into_bytes()));
    made.push((CONTENTS.into(), contents.into_bytes()));
    made.push((SIGNATURES.into(), Doc::of(&signatures).text().into_bytes()));
    made.push((KEYS.into(), Doc(jwks(used)).text().into_bytes()));
    note_reading(cx, dossier, row.number)?;
    let name = dossier.product_code.clone().unwrap_or_else(|| dossier.id.to_string());
    Ok(Plan { file_name: format!("ocop-{name}-{}.zip", row.number), made_at: cx.now, made, documents })
}

/// Papers may bear personal data: who takes them all, and is not the producer, is written down.
fn note_reading(cx: &mut Ctx<'_>, dossier: &Dossier, number: i32) -> Result<()> {
    let own = |g: &Grant| g.role == Role::Producer && g.producer == Some(dossier.producer_id);
    if cx.actor().grants.iter().any(own) {
        return Ok(());
    }
    let details = Details::none().with("manifest", number);
    audit::record(cx, "dossier.archive_read", "dossier", dossier.id.0, details)
}

/// The documents that a manifest names, each under a name of its own.
fn documents(manifest: &Value) -> Result<Vec<Enclosed>> {
    let papers = manifest["papers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |paper: &Value, field: &str| paper[field].as_str().unwrap_or_default().to_owned();
    let enclosed = |(n, paper): (usize, &Value)| {
        let bytes = paper["bytes"].as_u64().filter(|_| text(paper, "sha256").len() == 64);
        Ok(Enclosed {
            path: names::document(n + 1, &text(paper, "paper"), &text(paper, "fileName"), &text(paper, "mediaType")),
            sha256: text(paper, "sha256"),
            bytes: bytes.ok_or_else(|| AppError::internal("a paper of a sealed manifest has no hash or size"))?,
        })
    };
    papers.iter().enumerate().map(enclosed).collect()
}

fn contents(row: &ManifestRow, at: Moment, set: &[(String, Vec<u8>)], documents: &[Enclosed]) -> Contents {
    let small = |path: &str, bytes: &[u8], derived| Piece {
        path: path.to_owned(),
        sha256: keys::sha256_hex(bytes),
        bytes: bytes.len() as u64,
        derived,
    };
    let manifest = small(MANIFEST, row.body.as_bytes(), false);
    let large = documents.iter().map(|d| Piece {
        path: d.path.clone(),
        sha256: d.sha256.clone(),
        bytes: d.bytes,
        derived: false,
    });
    let derived = set.iter().map(|(path, bytes)| small(path, bytes, true));
    Contents {
        format: FORMAT.into(),
        dossier: row.dossier_id.to_string(),
        manifest: row.number,
        manifest_sha256: row.sha256.clone(),
        made_at: json!(at).as_str().unwrap_or_default().to_owned(),
        files: derived.chain([manifest]).chain(large).collect(),
    }
}

/// Public keys as a JSON Web Key Set.
fn jwks(keys: impl Iterator<Item = PublicKey>) -> Value {
    let key = |k: PublicKey| {
        json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": k.id, "x": k.x,
            "ocop:purpose": k.purpose})
    };
    json!({ "keys": keys.map(key).collect::<Vec<_>>() })
}

/// Reads a JSON Web Key Set; keys of other kinds are passed over.
pub(super) fn read_jwks(bytes: &[u8]) -> Option<Vec<PublicKey>> {
    let set: Value = serde_json::from_slice(bytes).ok()?;
    let key = |k: &Value| {
        let id: RowId = k["kid"].as_str()?.parse::<uuid::Uuid>().ok().map(RowId)?;
        let purpose = keys::Purpose::parse(k["ocop:purpose"].as_str()?)?;
        (k["crv"] == "Ed25519").then(|| PublicKey {
            id,
            purpose,
            x: k["x"].as_str().unwrap_or_default().into(),
            standing: KeyStanding::Signs,
        })
    };
    Some(set["keys"].as_array()?.iter().filter_map(key).collect())
}
