//! Sealed manifests: what a dossier held at each submission, sending back and hand-over.
//!
//! A manifest is canonical JSON (RFC 8785): form, self-assessment, the commune's report, every paper
//! with its hash and size, the law that was pinned, who did it and when. It is signed in the deed
//! that freezes it, names the manifest before it by hash, and is never changed. So any later reader
//! can prove what was submitted, and a changed byte is found.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::model::{Document, Dossier, ManifestRow, MoveRow, SelfMark};
use super::opened::Opened;
use super::rules::{Action, Party, Status};
use super::{papers, store};
use crate::actor::{Actor, Role};
use crate::audit::{self, Details};
use crate::auth;
use crate::config::Config;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::files::{self, StoredFile};
use crate::ids::DossierId;
use crate::keys::{self, MasterKey, PublicKey, Purpose, SignKey};
use crate::paper::Imprint;
use crate::rulebook::rules::Round;
use crate::{producers, products, rulebook};

/// What kind of document a manifest is, and in which version; signed with it.
pub const FORMAT: &str = "ocop-dossier-manifest/1";

/// Who seals: this instance, with its key for dossiers.
#[derive(Debug, Clone)]
pub struct Sealer {
    master: MasterKey,
    /// The short name of the instance.
    pub instance: String,
    /// Its public address.
    pub url: String,
    /// What stands on its papers.
    pub imprint: Imprint,
}

impl Sealer {
    /// The sealer of an instance.
    pub fn new(master: MasterKey, config: &Config) -> Self {
        Self { master, instance: config.instance.clone(), url: config.public_url.clone(), imprint: config.into() }
    }

    /// The key that signs now.
    ///
    /// # Errors
    /// When the database or the master key fails.
    pub(super) fn key(&self, cx: &mut Ctx<'_>) -> Result<SignKey> {
        keys::active(cx, &self.master, Purpose::Dossier)
    }
}

/// A letter that hands the dossier over, as its manifest tells it.
#[derive(Debug, Clone)]
pub(super) struct WithLetter {
    /// Number, date, signer, to which level.
    pub letter: Value,
    /// The round that its date reaches.
    pub round: Option<Round>,
    /// Samples that go with it.
    pub samples: u16,
}

/// Freezes what a dossier holds, as the next of its manifests. The dossier is held by the deed.
pub(super) fn seal(
    cx: &mut Ctx<'_>,
    sealer: &Sealer,
    dossier: &Dossier,
    (action, party): (Action, Party),
    letter: Option<WithLetter>,
) -> Result<ManifestRow> {
    let last = store::seals::last(cx, dossier.id)?;
    let number = last.as_ref().map_or(0, |(number, _)| *number) + 1;
    let mut content = content(cx, dossier)?;
    let producer = (content["producer"]["name"].clone(), content["producer"]["taxCode"].clone());
    let head = json!({
        "format": FORMAT,
        "instance": { "name": sealer.instance, "url": sealer.url },
        "number": number, "previous": last.map(|(_, sha256)| sha256), "action": action, "party": party, "at": cx.now,
        "submitter": submitter(cx, dossier, party, producer)?,
    });
    merge(&mut content, head);
    if let Some(WithLetter { letter, round, samples }) = letter {
        merge(&mut content, json!({ "letter": letter, "round": round, "samples": samples }));
    }
    let body = Doc(content).text();
    let key = sealer.key(cx)?;
    let row = ManifestRow {
        dossier_id: dossier.id,
        number,
        action,
        party,
        sha256: keys::sha256_hex(body.as_bytes()),
        signature: Some(key.sign(body.as_bytes())),
        key_id: Some(key.id),
        body,
        made_by: cx.actor().user(),
        made_at: cx.now,
    };
    store::seals::insert(cx, &row)?;
    let details = Details::none().with("number", number).with("sha256", &row.sha256).with("action", action);
    audit::record(cx, "dossier.sealed", "dossier", dossier.id.0, details)?;
    Ok(row)
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

/// What a dossier says now: form, self-assessment, report, papers, and of which law, producer and product.
/// Forms are printed from it, and it is what a manifest freezes.
pub(super) fn content(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Value> {
    let (law, sha256) = rulebook::pinned(cx, dossier.rulebook_id)?;
    let set = rulebook::set(cx, dossier.criteria_set_id)?;
    let product = products::any(cx, dossier.product_id)?;
    let producer = producers::any(cx, dossier.producer_id)?;
    let documents = store::documents(cx, dossier.id)?;
    let hashes: Vec<String> = documents.iter().map(|d| d.version.sha256.clone()).collect();
    let stored = files::find_all(cx, &hashes)?;
    let enclosed = documents.iter().map(|d| paper(d, &stored)).collect::<Result<Vec<_>>>()?;
    let marks: Vec<Value> = store::marks(cx, dossier.id)?.iter().map(mark).collect();
    let moves = store::moves(cx, dossier.id)?;
    let reported = moves.iter().rev().find(|m| matches!(m.action, Action::Report | Action::Refuse));
    Ok(json!({
        "dossier": dossier.id,
        "kind": dossier.kind,
        "product": { "id": product.id, "name": product.name },
        "producer": {
            "id": producer.id, "name": producer.name, "taxCode": producer.tax_code, "kind": producer.kind,
            "registrationNumber": producer.registration_number, "foundedOn": producer.founded_on,
            "address": producer.address,
        },
        "sector": papers::sector(cx, &Opened::of(dossier))?,
        "rulebook": { "id": law, "record": dossier.rulebook_id, "sha256": sha256 },
        "criteriaSet": { "id": set.id, "code": set.code, "revision": set.revision, "sha256": set.sha256 },
        "filedOn": dossier.filed_on,
        "filedPlace": dossier.filed_place_id,
        "place": dossier.place_id,
        "receiptNumber": dossier.receipt_number,
        "productCode": dossier.product_code,
        "copiedFrom": dossier.copied_from,
        "refiledFrom": dossier.refiled_from,
        "form": dossier.form,
        "communeReport": dossier.commune_report,
        "reportedOn": reported.map(|m| m.at.vietnam_day()),
        "provinceReceipt": province_receipt(cx, &moves)?,
        "marks": marks,
        "papers": enclosed,
    }))
}

/// What the provincial agency noted when it received the dossier last.
fn province_receipt(cx: &mut Ctx<'_>, moves: &[MoveRow]) -> Result<Option<Value>> {
    let at_province = |m: &&MoveRow| m.action == Action::Receive && m.to_status == Status::AtProvince;
    let Some(received) = moves.iter().rev().find(at_province) else { return Ok(None) };
    let receiver = match received.by_user {
        Some(user) => auth::user(cx, user)?.map(|u| u.name),
        None => None,
    };
    let (number, day) = (&received.details.0["receipt"], received.at.vietnam_day());
    Ok(Some(json!({ "number": number, "receivedOn": day, "receiver": receiver })))
}

fn paper(document: &Document, stored: &BTreeMap<String, StoredFile>) -> Result<Value> {
    let Document { reference, evidence, version } = document;
    let file = stored
        .get(&version.sha256)
        .ok_or_else(|| AppError::Internal(format!("no row of the document {}", version.sha256)))?;
    Ok(json!({
        "id": reference.id, "paper": evidence.paper, "title": evidence.title, "evidence": evidence.id,
        "byOffice": evidence.by_office, "version": version.ordinal, "sha256": version.sha256, "bytes": file.bytes,
        "mediaType": file.media_type, "fileName": version.file_name, "number": version.number,
        "issuer": version.issuer, "issuedOn": version.issued_on, "expiresOn": version.expires_on,
        "holderName": version.holder_name, "holderTaxCode": version.holder_tax_code,
        "criteria": reference.criteria, "addedAt": reference.added_at,
    }))
}

fn mark(mark: &SelfMark) -> Value {
    json!({
        "criterion": mark.criterion, "option": mark.option_code, "case": mark.case_code, "comment": mark.comment,
        "evidence": mark.evidence, "points": mark.points,
    })
}

/// Who did it, and for whom: both identities when it was on behalf of the producer.
fn submitter(cx: &mut Ctx<'_>, dossier: &Dossier, party: Party, (name, tax_code): (Value, Value)) -> Result<Value> {
    let user = match cx.actor().user() {
        Some(id) => auth::user(cx, id)?,
        None => None,
    };
    let role = role_of(cx.actor(), dossier, party);
    let on_behalf = party == Party::Producer && role.is_some_and(|r| r != Role::Producer);
    let producer = json!({ "producer": dossier.producer_id, "name": name, "taxCode": tax_code });
    Ok(json!({
        "user": user.as_ref().map(|u| u.id), "name": user.map(|u| u.name), "role": role,
        "onBehalfOf": on_behalf.then_some(producer),
    }))
}

/// As what the caller speaks for a party: for a producer as itself before as its consultant.
fn role_of(actor: &Actor, dossier: &Dossier, party: Party) -> Option<Role> {
    let own = |role: Role| {
        actor.grants.iter().any(|g| g.role == role && (g.producer.is_none() || g.producer == Some(dossier.producer_id)))
    };
    let fitting: &[Role] = match party {
        Party::Producer => &[Role::Producer, Role::Consultant, Role::Commune],
        Party::Commune => &[Role::Commune],
        Party::District => &[Role::District],
        Party::Province => &[Role::Province],
        Party::Central => &[Role::Central],
        Party::System => &[],
    };
    let office: &[Role] = &[Role::Advisory, Role::Signer, Role::Department];
    fitting.iter().chain(office).copied().find(|role| own(*role))
}

/// Every manifest of a dossier, the first one first.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Vec<ManifestRow>> {
    store::seals::all(cx, dossier.id)
}

/// One manifest of a dossier.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, dossier: DossierId, number: i32) -> Result<ManifestRow> {
    store::seals::find(cx, dossier, number)?.ok_or(AppError::NotFound)
}

/// The newest manifest of a dossier; none when it was never submitted.
///
/// # Errors
/// When the database fails.
pub fn newest(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Option<ManifestRow>> {
    match store::seals::last(cx, dossier)? {
        Some((number, _)) => store::seals::find(cx, dossier, number),
        None => Ok(None),
    }
}

crate::words! {
    /// What is not as it was sealed.
    pub enum SealFault {
        /// The text is not the one that was hashed.
        Content = "content",
        /// It was frozen before manifests were signed.
        Unsigned = "unsigned",
        /// The signature is of another text or by another key.
        Signature = "signature",
    }
}

/// What is wrong with a manifest; nothing when it is as it was sealed.
pub fn faults(row: &ManifestRow, keys: &[PublicKey]) -> Vec<SealFault> {
    let mut faults = Vec::new();
    if keys::sha256_hex(row.body.as_bytes()) != row.sha256 {
        faults.push(SealFault::Content);
    }
    match (&row.signature, row.key_id) {
        (Some(signature), Some(id)) => {
            let key = keys.iter().find(|k| k.id == id && k.purpose == Purpose::Dossier);
            if !key.is_some_and(|k| k.verifies(row.body.as_bytes(), signature)) {
                faults.push(SealFault::Signature);
            }
        }
        (None, None) => faults.push(SealFault::Unsigned),
        _ => faults.push(SealFault::Signature),
    }
    faults
}
