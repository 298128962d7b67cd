//! Certificates that prove themselves: credentials, status lists, the issuer, the page that verifies offline.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::get;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::Visitor;
use crate::certification::Certificate;
use crate::certification::credential::status::{ListPurpose, Slot};
use crate::certification::credential::{self, CONTEXT, Issuer, SCHEMA, place, placed};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::keys;
use crate::web::{Answer, public};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_credential)
        .service(get_short_credential)
        .service(get_credential_qr)
        .service(get_status_list)
        .service(get_credentials_overview)
        .service(get_credential_schema)
        .service(get_credential_context);
}

pub(super) fn root_routes(cfg: &mut ServiceConfig) {
    cfg.service(get_did).service(show_verifier).service(get_verifier_script).service(get_verifier_worker);
}

/// A certificate and its place in the lists, which is given now if it has none yet.
async fn found(visitor: &Visitor, db: &Db, named: String) -> Result<(Certificate, Slot)> {
    let (row, slot) = db.read(visitor.0.clone(), move |cx| placed(cx, &named)).await?;
    let slot = match slot {
        Some(slot) => slot,
        None => {
            let id = row.id;
            db.write(Caller::system("credentials"), move |cx| place(cx, id)).await?
        }
    };
    Ok((row, slot))
}

/// A certificate as a verifiable credential
///
/// W3C Verifiable Credentials 2.0 secured with JOSE (`vc+jwt`, EdDSA): what is printed on the certificate, for anybody.
/// It verifies offline with the keys of `/.well-known/did.json` and the lists of `/v1/credentials/status`; keys that were
/// replaced stay published.
#[utoipa::path(tag = "Certification", operation_id = "get_credential", security(()),
    params(("id" = String, Path, description = "The number as printed, or the certificate's identifier", example = "OCOP-86-2026-000123-1")),
    responses((status = 200, description = "The token", content_type = "application/vc+jwt", body = String),
        (status = 404, body = Problem, description = "No such certificate")))]
#[get("/certificates/{id}/credential")]
async fn get_credential(visitor: Visitor, db: Data<Db>, issuer: Data<Issuer>, id: Path<String>) -> Result<Answer> {
    let (row, slot) = found(&visitor, &db, id.into_inner()).await?;
    let token = db.read(visitor.0, move |cx| issuer.credential(cx, &row, slot)).await?;
    Ok(Answer::bytes("application/vc+jwt", token.into_bytes()).revalidated())
}

/// A certificate in the short form for a QR code
///
/// The address of the certificate's page, and behind `#` a compact token (JWS, EdDSA) that verifies offline: number,
/// stars, days, product, producer and the place in the status list.
#[utoipa::path(tag = "Certification", operation_id = "get_short_credential", security(()),
    params(("id" = String, Path, description = "The number as printed, or the certificate's identifier", example = "OCOP-86-2026-000123-1")),
    responses((status = 200, description = "The address with the token", content_type = "text/plain", body = String),
        (status = 404, body = Problem, description = "No such certificate")))]
#[get("/certificates/{id}/credential/short")]
async fn get_short_credential(
    visitor: Visitor,
    db: Data<Db>,
    issuer: Data<Issuer>,
    id: Path<String>,
) -> Result<Answer> {
    let text = short(visitor, &db, &issuer, id.into_inner()).await?;
    Ok(Answer::bytes("text/plain; charset=utf-8", text.into_bytes()).revalidated())
}

/// The short form as a QR code
#[utoipa::path(tag = "Certification", operation_id = "get_credential_qr", security(()),
    params(("id" = String, Path, description = "The number as printed, or the certificate's identifier", example = "OCOP-86-2026-000123-1")),
    responses((status = 200, description = "The picture", content_type = "image/svg+xml", body = String),
        (status = 404, body = Problem, description = "No such certificate")))]
#[get("/certificates/{id}/credential/qr.svg")]
async fn get_credential_qr(visitor: Visitor, db: Data<Db>, issuer: Data<Issuer>, id: Path<String>) -> Result<Answer> {
    let text = short(visitor, &db, &issuer, id.into_inner()).await?;
    let code = QrCode::with_error_correction_level(text, EcLevel::L).map_err(AppError::internal)?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(320, 320).build();
    Ok(Answer::bytes("image/svg+xml", picture.into_bytes()).revalidated())
}

async fn short(visitor: Visitor, db: &Db, issuer: &Data<Issuer>, named: String) -> Result<String> {
    let (row, slot) = found(&visitor, db, named).await?;
    let issuer = issuer.clone();
    db.read(visitor.0, move |cx| issuer.short(cx, &row, slot)).await
}

/// How long a list that was made is given again; an end by an act shows after it at the latest.
const BELIEVED: Duration = Duration::from_secs(1);

/// The status lists of one node as they were made last; they can be lost at any moment.
#[derive(Clone, Default)]
pub struct StatusLists(Arc<Mutex<HashMap<(ListPurpose, usize), (Instant, Answer)>>>);

impl StatusLists {
    fn kept(&self, which: (ListPurpose, usize)) -> Option<Answer> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(&which).filter(|(made, _)| made.elapsed() < BELIEVED).map(|(_, answer)| answer.clone())
    }

    fn keep(&self, which: (ListPurpose, usize), answer: &Answer) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(which, (Instant::now(), answer.clone()));
    }
}

/// A status list (Bitstring Status List 1.0)
///
/// 131,072 entries, compressed, signed as `vc+jwt`. `revocation`: one bit, set when the certificate was revoked or its
/// recognition withdrawn. `suspension`: reserved, no rulebook names a ground. `message`: two bits, 0 stands, 1 revoked,
/// 2 withdrawn, 3 superseded. A list holds for three days; after that the status is unknown.
#[utoipa::path(tag = "Certification", operation_id = "get_status_list", security(()),
    params(("purpose" = inline(ListPurpose), Path, description = "What the list tells"),
        ("list" = usize, Path, description = "Which list, from 1", example = 1)),
    responses((status = 200, description = "The list", content_type = "application/vc+jwt", body = String),
        (status = 404, body = Problem, description = "No certificate has reached that list")))]
#[get("/credentials/status/{purpose}/{list}")]
async fn get_status_list(
    visitor: Visitor,
    db: Data<Db>,
    issuer: Data<Issuer>,
    lists: Data<StatusLists>,
    which: Path<(ListPurpose, usize)>,
) -> Result<Answer> {
    let which = which.into_inner();
    if let Some(kept) = lists.kept(which) {
        return Ok(kept);
    }
    let token = db.read(visitor.0, move |cx: &mut Ctx<'_>| issuer.status_list(cx, which.0, which.1)).await?;
    let answer = Answer::bytes("application/vc+jwt", token.into_bytes()).revalidated();
    lists.keep(which, &answer);
    Ok(answer)
}

/// Where keys, schema and status lists are, for whoever saves them to verify offline
#[utoipa::path(tag = "Certification", operation_id = "get_credentials_overview", security(()),
    responses((status = 200, description = "Addresses", body = serde_json::Value)))]
#[get("/credentials/status")]
async fn get_credentials_overview(visitor: Visitor, db: Data<Db>, issuer: Data<Issuer>) -> Result<Answer> {
    public(&db.read(visitor.0, move |cx| issuer.overview(cx)).await?)
}

/// The JSON schema of a credential
#[utoipa::path(tag = "Certification", operation_id = "get_credential_schema", security(()),
    responses((status = 200, description = "The schema", content_type = "application/schema+json", body = serde_json::Value)))]
#[get("/credentials/schema")]
async fn get_credential_schema() -> Answer {
    Answer::bytes("application/schema+json", SCHEMA.as_bytes().to_vec()).public()
}

/// What the words of a credential mean (JSON-LD)
#[utoipa::path(tag = "Certification", operation_id = "get_credential_context", security(()),
    responses((status = 200, description = "The context", content_type = "application/ld+json", body = serde_json::Value)))]
#[get("/credentials/context")]
async fn get_credential_context() -> Answer {
    Answer::bytes("application/ld+json", CONTEXT.as_bytes().to_vec()).public()
}

/// The issuer of certificates (`did:web`): its keys, replaced ones included
#[utoipa::path(tag = "Certification", operation_id = "get_did", security(()),
    responses((status = 200, description = "The document", content_type = "application/did+json", body = serde_json::Value)))]
#[get("/.well-known/did.json")]
async fn get_did(visitor: Visitor, db: Data<Db>, issuer: Data<Issuer>) -> Result<Answer> {
    let document = db.read(visitor.0, move |cx| Ok(issuer.document(&keys::public(cx)?))).await?;
    let bytes = serde_json::to_vec(&document).map_err(AppError::internal)?;
    Ok(Answer::bytes("application/did+json", bytes).public())
}

/// A page of ours with a script of ours and nothing else.
fn own_script(answer: Answer) -> Answer {
    let policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; \
                  worker-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
    answer.with(header::CONTENT_SECURITY_POLICY, policy)
}

/// The page that verifies a credential, offline too
///
/// Once opened with a connection it keeps the keys and the status lists, and verifies a pasted or scanned token without
/// one. It says *status unknown since* when its lists have run out.
#[utoipa::path(tag = "Certification", operation_id = "show_verifier", security(()),
    responses((status = 200, description = "The page", content_type = "text/html", body = String)))]
#[get("/verify")]
async fn show_verifier() -> Answer {
    own_script(Answer::page(credential::PAGE.to_owned()).public())
}

/// The script of the page that verifies
#[utoipa::path(tag = "Certification", operation_id = "get_verifier_script", security(()),
    responses((status = 200, description = "The script", content_type = "text/javascript", body = String)))]
#[get("/verify/page.js")]
async fn get_verifier_script() -> Answer {
    Answer::bytes("text/javascript; charset=utf-8", credential::PAGE_SCRIPT.as_bytes().to_vec()).public()
}

/// The worker that keeps the page for days without a connection
#[utoipa::path(tag = "Certification", operation_id = "get_verifier_worker", security(()),
    responses((status = 200, description = "The script", content_type = "text/javascript", body = String)))]
#[get("/verify/worker.js")]
async fn get_verifier_worker() -> Answer {
    let script = Answer::bytes("text/javascript; charset=utf-8", credential::WORKER_SCRIPT.as_bytes().to_vec());
    // Without this a worker could not answer for the page above its own folder.
    script.public().with(header::HeaderName::from_static("service-worker-allowed"), "/verify")
}
