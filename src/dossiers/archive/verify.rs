//! Checks an archive without the service, the database or a network: the signatures, every hash,
//! nothing missing, nothing more. Somebody else's archive is hostile until then: nothing is unpacked,
//! no name is used as a path, and nothing is read further than the signed list says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

use base64::Engine as _;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, ZipArchive};

use super::{CONTENTS, Contents, FORMAT, KEYS, MANIFEST, SIGNATURES, Signatures, Signed, names, read_jwks};
use crate::dossiers::seals;
use crate::keys::{PublicKey, Purpose, sha256_hex};

/// The most files that an archive may hold.
const MOST_FILES: usize = 10_000;
/// The longest of the four fixed files, in bytes.
const LONGEST_FIXED: u64 = 32 * 1024 * 1024;
/// The longest file that may be compressed, in bytes; longer ones are stored as they are, so that what
/// is read is never much more than what was sent.
const LONGEST_COMPRESSED: u64 = 16 * 1024 * 1024;

crate::words! {
    /// What is wrong with a file of an archive.
    pub enum Wrong {
        /// It is named and not there.
        Missing = "missing",
        /// Its bytes are not those that were signed.
        Changed = "changed",
        /// It is there and nobody signed for it.
        Extra = "extra",
        /// Its name leads out of the folder, or stands twice.
        BadName = "badName",
        /// It unpacks to more than it may.
        TooLarge = "tooLarge",
        /// It cannot be read.
        Unreadable = "unreadable",
        /// Signed by a key that is not among those trusted.
        WrongKey = "wrongKey",
        /// The signature is of another text.
        BadSignature = "badSignature",
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub what: Wrong,
}

/// A key that signed something here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SigningKey {
    /// Its name.
    pub kid: String,
    /// Its thumbprint (RFC 7638, SHA-256, base64url).
    pub thumbprint: String,
}

/// What was found.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The dossier.
    pub dossier: String,
    /// The number of its manifest.
    pub manifest: i32,
    /// When the archive was made.
    pub made_at: String,
    /// Files whose hashes were compared.
    pub files: usize,
    /// Bytes that were hashed.
    pub bytes: u64,
    /// Those among them that were set from the manifest when the archive was made: readable copies, for
    /// which the list's signature stands, not the manifest's.
    pub derived: Vec<String>,
    /// Keys that signed manifest and list.
    pub keys: Vec<SigningKey>,
    /// Whether the keys were held against a key set from elsewhere. Without one, the archive only
    /// agrees with itself.
    pub keys_trusted: bool,
    /// What is wrong; nothing when it is as it was sealed.
    pub faults: Vec<Fault>,
}

/// Not an archive at all.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotAnArchive(String);

/// Checks an archive. `trusted` is a JSON Web Key Set from elsewhere (the instance's
/// `/.well-known/jwks.json`); without one the keys inside the archive are used.
///
/// # Errors
/// When the file is no ZIP, or the key set cannot be read.
pub fn verify(file: impl Read + Seek, trusted: Option<&[u8]>) -> Result<Report, NotAnArchive> {
    let mut zip = ZipArchive::new(file).map_err(|e| NotAnArchive(format!("not a ZIP archive: {e}")))?;
    let mut report = Report { keys_trusted: trusted.is_some(), ..Report::default() };
    if zip.len() > MOST_FILES {
        return Err(NotAnArchive(format!("more than {MOST_FILES} files")));
    }
    let there = entries(&mut zip, &mut report)?;
    let mut fixed = BTreeMap::new();
    for name in [MANIFEST, CONTENTS, SIGNATURES, KEYS] {
        match read_fixed(&mut zip, &there, name) {
            Ok(bytes) => drop(fixed.insert(name, bytes)),
            Err(what) => report.fault(name, what),
        }
    }
    let keys = match (trusted, fixed.get(KEYS)) {
        (Some(set), _) => {
            read_jwks(set).ok_or_else(|| NotAnArchive("the key set given is no JSON Web Key Set".into()))?
        }
        (None, Some(set)) => read_jwks(set).unwrap_or_else(|| report.fault_then(KEYS, Wrong::Unreadable)),
        (None, None) => Vec::new(),
    };
    let signatures: Option<Signatures> = fixed.get(SIGNATURES).and_then(|b| serde_json::from_slice(b).ok());
    if signatures.is_none() && fixed.contains_key(SIGNATURES) {
        report.fault(SIGNATURES, Wrong::Unreadable);
    }
    let (Some(signatures), Some(list)) = (signatures, fixed.get(CONTENTS)) else { return Ok(report) };
    let manifest = fixed.get(MANIFEST).map(Vec::as_slice);
    if let Some(manifest) = manifest {
        check_signature(&mut report, MANIFEST, manifest, &signatures.manifest, &keys);
    }
    // A list that nobody signed says nothing about the other files.
    if !check_signature(&mut report, CONTENTS, list, &signatures.contents, &keys) {
        return Ok(report);
    }
    match serde_json::from_slice::<Contents>(list) {
        Ok(contents) if contents.format == FORMAT => check_files(&mut zip, &mut report, &there, &contents, manifest),
        _ => report.fault(CONTENTS, Wrong::Unreadable),
    }
    Ok(report)
}

impl Report {
    fn fault(&mut self, file: &str, what: Wrong) {
        let fault = Fault { file: file.to_owned(), what };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn fault_then<T: Default>(&mut self, file: &str, what: Wrong) -> T {
        self.fault(file, what);
        T::default()
    }
}

/// Every safe name with its place in the archive.
fn entries(
    zip: &mut ZipArchive<impl Read + Seek>,
    report: &mut Report,
) -> Result<BTreeMap<String, usize>, NotAnArchive> {
    let unreadable = |e: zip::result::ZipError| NotAnArchive(format!("the directory of the ZIP cannot be read: {e}"));
    if zip.has_duplicate_names() || zip.has_overlapping_files().map_err(unreadable)? {
        return Err(NotAnArchive("files of the ZIP stand twice or lie over each other".into()));
    }
    let mut there = BTreeMap::new();
    for n in 0..zip.len() {
        let entry = zip.by_index_raw(n).map_err(unreadable)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if !names::is_safe(&name) || !entry.is_file() || there.contains_key(&name) {
            report.fault(&name, Wrong::BadName);
            continue;
        }
        there.insert(name, n);
    }
    Ok(there)
}

fn read_fixed(
    zip: &mut ZipArchive<impl Read + Seek>,
    there: &BTreeMap<String, usize>,
    name: &str,
) -> Result<Vec<u8>, Wrong> {
    let n = there.get(name).ok_or(Wrong::Missing)?;
    let entry = zip.by_index(*n).map_err(|_| Wrong::Unreadable)?;
    let mut bytes = Vec::new();
    entry.take(LONGEST_FIXED + 1).read_to_end(&mut bytes).map_err(|_| Wrong::Unreadable)?;
    if bytes.len() as u64 > LONGEST_FIXED { Err(Wrong::TooLarge) } else { Ok(bytes) }
}

fn check_signature(report: &mut Report, file: &str, bytes: &[u8], signed: &Signed, keys: &[PublicKey]) -> bool {
    let key = keys.iter().find(|k| k.id.to_string() == signed.kid && k.purpose == Purpose::Dossier);
    let Some(key) = key else {
        report.fault(file, Wrong::WrongKey);
        return false;
    };
    let used = SigningKey { kid: signed.kid.clone(), thumbprint: thumbprint(key) };
    if !report.keys.contains(&used) {
        report.keys.push(used);
    }
    let good = key.verifies(bytes, &signed.signature);
    if !good {
        report.fault(file, Wrong::BadSignature);
    }
    good
}

/// RFC 7638: the hash of the key's required members in their order.
fn thumbprint(key: &PublicKey) -> String {
    let text = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, key.x);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

fn check_files(
    zip: &mut ZipArchive<impl Read + Seek>,
    report: &mut Report,
    there: &BTreeMap<String, usize>,
    contents: &Contents,
    manifest: Option<&[u8]>,
) {
    (report.dossier, report.manifest) = (contents.dossier.clone(), contents.manifest);
    report.made_at.clone_from(&contents.made_at);
    let mut named: BTreeSet<&str> = [CONTENTS, SIGNATURES, KEYS].into();
    for piece in &contents.files {
        if !names::is_safe(&piece.path) || !named.insert(&piece.path) {
            report.fault(&piece.path, Wrong::BadName);
            continue;
        }
        let found = match there.get(&piece.path) {
            None => Err(Wrong::Missing),
            Some(n) => hash_of(zip, *n, piece.bytes),
        };
        match found {
            Ok(sha256) if sha256 == piece.sha256 => {}
            Ok(_) => report.fault(&piece.path, Wrong::Changed),
            Err(what) => report.fault(&piece.path, what),
        }
        if piece.derived {
            report.derived.push(piece.path.clone());
        }
        report.files += 1;
        report.bytes += piece.bytes;
    }
    for name in there.keys().filter(|name| !named.contains(name.as_str())) {
        report.fault(name, Wrong::Extra);
    }
    // The list belongs to this manifest, and has a file for every paper of it.
    let Some(manifest) = manifest else { return };
    let told: Value = serde_json::from_slice(manifest).unwrap_or_default();
    let same = sha256_hex(manifest) == contents.manifest_sha256
        && told["dossier"] == contents.dossier.as_str()
        && told["number"] == contents.manifest
        && told["format"] == seals::FORMAT;
    if !same {
        report.fault(MANIFEST, Wrong::Changed);
    }
    for paper in told["papers"].as_array().map(Vec::as_slice).unwrap_or_default() {
        let sha256 = paper["sha256"].as_str().unwrap_or_default();
        if !contents.files.iter().any(|f| f.sha256 == sha256) {
            report.fault(paper["fileName"].as_str().unwrap_or(sha256), Wrong::Missing);
        }
    }
}

/// The hash of a file that may be this long.
fn hash_of(zip: &mut ZipArchive<impl Read + Seek>, n: usize, bytes: u64) -> Result<String, Wrong> {
    let entry = zip.by_index(n).map_err(|_| Wrong::Unreadable)?;
    if entry.size() > bytes || (entry.compression() != CompressionMethod::Stored && bytes > LONGEST_COMPRESSED) {
        return Err(Wrong::TooLarge);
    }
    let mut rest = entry.take(bytes + 1);
    let (mut hash, mut read, mut part) = (Sha256::new(), 0, vec![0_u8; 1 << 16]);
    loop {
        // A changed byte may break the check sum of the ZIP before it changes the hash.
        let n = rest.read(&mut part).map_err(|_| Wrong::Changed)?;
        if n == 0 {
            break;
        }
        hash.update(&part[..n]);
        read += n as u64;
    }
    match read {
        read if read > bytes => Err(Wrong::TooLarge),
        read if read < bytes => Err(Wrong::Changed),
        _ => Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect()),
    }
}
