//! Certificates that prove themselves: W3C Verifiable Credentials 2.0 secured with JOSE (`vc+jwt`,
//! EdDSA), the short form for a QR code, the status lists, the identity of the issuer (`did:web`).
//!
//! A credential is signed when it is asked for, with the key of that day: nothing of it is kept, and
//! what was signed with an older key goes on to verify, because retired public keys stay published.
//! It says what is printed on the certificate, and nothing of criteria, marks or persons.

pub mod check; // what a token proves, offline
pub mod status; // the bits of the lists
mod token; // JOSE

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use self::status::{ListPurpose, Message, Slot};
use super::dto::Printed;
use super::model::Certificate;
use super::{store, verify};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::CertificateId;
use crate::keys::{self, MasterKey, PublicKey, Purpose, SignKey};
use crate::numbers;

/// The schema of a credential's subject, as it is published.
pub const SCHEMA: &str = include_str!("certificate.schema.json");
/// What the words of a credential mean (JSON-LD), as it is published.
pub const CONTEXT: &str = include_str!("context.json");
/// The page that verifies, its script, and the worker that keeps it for days without a connection.
pub const PAGE: &str = include_str!("page.html");
/// The script of [`PAGE`].
pub const PAGE_SCRIPT: &str = include_str!("page.js");
/// The worker of [`PAGE`].
pub const WORKER_SCRIPT: &str = include_str!("worker.js");
/// Whole days for which a status list may be relied on without asking again, after the day it is of.
pub const LIST_DAYS: u64 = 3;
/// Milliseconds after which a verifier with a connection asks for a list again.
const LIST_TTL: u64 = 3_600_000;
/// The longest name in the short form, in characters.
const SHORT_NAME: usize = 60;
/// The counter of entries in the status lists.
const ENTRIES: &str = "credential";

/// Who issues: the address of this instance and what follows from it.
#[derive(Clone)]
pub struct Issuer {
    base: String,
    did: String,
    master: MasterKey,
}

impl Issuer {
    /// The issuer at a public address.
    pub fn new(public_url: &str, master: MasterKey) -> Self {
        let base = public_url.trim_end_matches('/').to_owned();
        Self { did: keys::did_web(&base), base, master }
    }

    /// Its identifier, `did:web:…`.
    pub fn did(&self) -> &str {
        &self.did
    }

    /// The key that signs today.
    fn key(&self, cx: &mut Ctx<'_>) -> Result<SignKey> {
        keys::active(cx, &self.master, Purpose::Certificate)
    }

    fn list_address(&self, purpose: ListPurpose, list: usize) -> String {
        format!("{}/v1/credentials/status/{purpose}/{list}", self.base)
    }

    /// The document behind the identifier: every key of certificates that was not revoked, retired ones too,
    /// so that what they signed goes on to verify.
    pub fn document(&self, keys: &[PublicKey]) -> Value {
        let ours: Vec<&PublicKey> = keys.iter().filter(|k| k.purpose == Purpose::Certificate).collect();
        let name = |k: &PublicKey| format!("{}#{}", self.did, k.id);
        let methods: Vec<Value> = ours
            .iter()
            .map(|k| {
                json!({ "id": name(k), "type": "JsonWebKey", "controller": self.did, "publicKeyJwk": {
                    "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": k.id, "x": k.x } })
            })
            .collect();
        json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": self.did,
            "verificationMethod": methods,
            "assertionMethod": ours.iter().map(|k| name(k)).collect::<Vec<_>>(),
        })
    }

    /// A certificate as a credential, signed.
    ///
    /// # Errors
    /// When the database fails, or what is printed cannot be read.
    pub fn credential(&self, cx: &mut Ctx<'_>, row: &Certificate, slot: Slot) -> Result<String> {
        let key = self.key(cx)?;
        token::sign(&key, &token::head(&self.did, &key), &self.claims(row, slot)?)
    }

    fn claims(&self, row: &Certificate, slot: Slot) -> Result<Value> {
        let printed: Printed = row.printed.read().map_err(AppError::internal)?;
        let entry = |purpose: ListPurpose| {
            let list = self.list_address(purpose, slot.list);
            let mut entry = json!({
                "id": format!("{list}#{}", slot.index), "type": "BitstringStatusListEntry", "statusPurpose": purpose,
                "statusListIndex": slot.index.to_string(), "statusListCredential": list,
            });
            if purpose == ListPurpose::Message {
                let message = |m: &Message| json!({ "status": m.hexadecimal(), "message": m });
                entry["statusSize"] = json!(purpose.bits());
                entry["statusMessage"] = Message::ALL.iter().map(message).collect();
            }
            entry
        };
        Ok(json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", format!("{}/v1/credentials/context", self.base)],
            "id": format!("{}/v1/certificates/{}/credential", self.base, row.id),
            "type": ["VerifiableCredential", "OcopCertificate"],
            "issuer": self.did,
            "name": format!("OCOP {}★ – {}", row.stars, printed.product_name),
            "validFrom": first_moment(row.issued_on),
            "validUntil": last_moment(row.facts().last_day()),
            "credentialStatus": ListPurpose::ALL.iter().map(|p| entry(*p)).collect::<Vec<_>>(),
            "credentialSchema": { "id": format!("{}/v1/credentials/schema", self.base), "type": "JsonSchema" },
            "credentialSubject": {
                "id": format!("{}/v1/catalogue/products/{}", self.base, row.product_id),
                "type": "OcopProduct",
                "certificateNumber": row.number,
                "stars": row.stars,
                "productName": printed.product_name,
                "productCode": printed.product_code,
                "groupCode": printed.group_code,
                "producer": { "type": "OcopProducer", "producerName": printed.producer_name,
                    "producerType": printed.producer_type },
                "place": printed.place,
                "decision": { "type": "OcopDecision", "decisionNumber": printed.decision_number,
                    "signedOn": printed.signed_on, "authorityName": printed.authority_name },
                "cameBy": printed.kind,
            },
        }))
    }

    /// The short form for a QR code: the address of the page, and behind `#`, which no browser sends,
    /// a compact token that verifies offline.
    ///
    /// # Errors
    /// When the database fails, or what is printed cannot be read.
    pub fn short(&self, cx: &mut Ctx<'_>, row: &Certificate, slot: Slot) -> Result<String> {
        let printed: Printed = row.printed.read().map_err(AppError::internal)?;
        let cut = |name: &str| name.chars().take(SHORT_NAME).collect::<String>();
        let key = self.key(cx)?;
        let payload = json!({
            "n": row.number, "s": row.stars, "f": row.issued_on, "u": row.facts().last_day(),
            "l": slot.list, "i": slot.index, "p": cut(&printed.product_name), "c": cut(&printed.producer_name),
        });
        let signed = token::sign(&key, &json!({ "alg": "EdDSA", "kid": key.id }), &payload)?;
        Ok(format!("{}/v/{}#{signed}", self.base, row.number))
    }

    /// A status list as of now, signed.
    ///
    /// # Errors
    /// 404 for a list that no certificate has reached yet.
    pub fn status_list(&self, cx: &mut Ctx<'_>, purpose: ListPurpose, list: usize) -> Result<String> {
        let lists = self.lists(cx)?;
        let size = i64::try_from(status::ENTRIES).map_err(AppError::internal)?;
        let at = i64::try_from(list).map_err(|_| AppError::NotFound)?;
        if !(1..=lists).contains(&list) {
            return Err(AppError::NotFound);
        }
        let today = cx.today();
        let ended = match purpose {
            // Reserved: no rulebook names a ground, and nothing here sets it.
            ListPurpose::Suspension => Vec::new(),
            _ => store::ended_entries(cx, (at - 1) * size + 1, at * size, today)?,
        };
        let value = |ended: &store::Ended| {
            let message = ended.message(today);
            match purpose {
                ListPurpose::Message => message.value(),
                _ => usize::from(matches!(message, Message::Revoked | Message::Withdrawn)),
            }
        };
        let values: Vec<(usize, usize)> =
            ended.iter().filter_map(|e| Some((status::slot(e.entry)?.index, value(e)))).collect();
        let encoded = status::encode(purpose, &values).map_err(AppError::internal)?;
        let address = self.list_address(purpose, list);
        let through = today.checked_add_days(Days::new(LIST_DAYS + 1)).unwrap_or(today);
        let claims = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": address,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.did,
            "validFrom": first_moment(today),
            "validUntil": first_moment(through),
            "credentialSubject": { "id": format!("{address}#list"), "type": "BitstringStatusList",
                "statusPurpose": purpose, "encodedList": encoded, "ttl": LIST_TTL },
        });
        let key = self.key(cx)?;
        token::sign(&key, &token::head(&self.did, &key), &claims)
    }

    /// How many lists there are; one before the first certificate.
    fn lists(&self, cx: &mut Ctx<'_>) -> Result<usize> {
        Ok(status::slot(store::last_entry(cx)?).map_or(1, |s| s.list))
    }

    /// Where everything is that a verifier saves to work offline.
    ///
    /// # Errors
    /// When the database fails.
    pub fn overview(&self, cx: &mut Ctx<'_>) -> Result<Value> {
        let lists = self.lists(cx)?;
        let all = |purpose: &ListPurpose| (1..=lists).map(|n| self.list_address(*purpose, n)).collect::<Vec<_>>();
        Ok(json!({
            "issuer": self.did,
            "keys": format!("{}/.well-known/did.json", self.base),
            "schema": format!("{}/v1/credentials/schema", self.base),
            "lists": ListPurpose::ALL.iter().map(|p| (p.to_string(), json!(all(p)))).collect::<serde_json::Map<_, _>>(),
        }))
    }
}

/// Days begin and end in Việt Nam.
fn first_moment(day: NaiveDate) -> String {
    format!("{day}T00:00:00+07:00")
}

fn last_moment(day: NaiveDate) -> String {
    format!("{day}T23:59:59+07:00")
}

/// A certificate that anybody may know of, with its place in the lists; nothing where it has none yet.
///
/// # Errors
/// 404 when there is no such certificate, with a suggestion when look-alikes were typed.
pub(super) fn placed(cx: &mut Ctx<'_>, named: &str) -> Result<(Certificate, Option<Slot>)> {
    let row = match named.parse::<CertificateId>() {
        Ok(id) => store::certificate(cx, id)?.ok_or(AppError::NotFound)?,
        Err(_) => verify::certificate_numbered(cx, named)?,
    };
    let slot = store::entry(cx, row.id)?.and_then(status::slot);
    Ok((row, slot))
}

/// Gives a certificate its place in the lists: when it is issued, or at the first question for one
/// that was issued before there were lists. Again changes nothing.
///
/// # Errors
/// When the database fails.
pub(super) fn place(cx: &mut Ctx<'_>, id: CertificateId) -> Result<Slot> {
    let at = match store::entry(cx, id)? {
        Some(entry) => entry,
        None => {
            // The certificate is held, so that two who ask at once give one place.
            store::lock_certificate(cx, id)?;
            match store::entry(cx, id)? {
                Some(entry) => entry,
                None => {
                    let entry = numbers::draw(cx, ENTRIES, id.0)?;
                    store::insert_entry(cx, id, entry)?;
                    entry
                }
            }
        }
    };
    status::slot(at).ok_or_else(|| AppError::internal("an entry before the first"))
}
