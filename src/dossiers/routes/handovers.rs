//! Hand-over letters over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{
    CountedSamplesInput, HandoverQuery, HandoverView, ManifestView, NewHandover, NewReceipts, ReceiptInput,
};
use super::super::handing::{self, CountedSamples, Enclosed, Letter, Receipt};
use super::super::seals::Sealer;
use super::super::show;
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::ids::{DossierId, HandoverId};
use crate::web::{Answer, Body, Once, Page, created, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(send_handover)
        .service(list_handovers)
        .service(get_handover)
        .service(get_manifest)
        .service(answer_handover);
}

/// Send a hand-over letter with its dossiers: all of them move, or none
///
/// Commune to district or province (the product codes are given here), district to province,
/// province to the centre, and back: province to district, centre to province.
#[utoipa::path(tag = "Hand-overs", operation_id = "send_handover",
    params(("Idempotency-Key" = String, Header, description = "A name of this deed, for retries")),
    request_body(content = NewHandover, example = json!({
        "toLevel": "province", "number": "45/TTr-UBND", "signedOn": "2026-06-01", "signer": "Nguyễn Văn A", "paperSet": true,
        "dossiers": [{"id": "01978a3e-0000-7000-8000-000000000001", "samples": 5}]})),
    responses((status = 201, description = "The letter", body = HandoverView),
        (status = 409, description = "handover_mixed, handover_no_such_way, handover_repeats, dossier_incomplete, dossier_not_your_move, dossier_star_does_not_fit, number_taken …; errors name the dossier", body = Problem),
        (status = 428, description = "Idempotency-Key is required", body = Problem)))]
#[post("/handovers")]
async fn send_handover(
    caller: Caller,
    db: Data<Db>,
    sealer: Data<Sealer>,
    once: Once,
    body: Body<NewHandover>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::HandOver)?;
        let done = once
            .required()?
            .run(cx, &body.fingerprint, |cx| handing::send(cx, &sealer, &letter(body.valid()?)).map(|row| row.id.0))?;
        let row = handing::letter(cx, HandoverId(done.id))?;
        created(done, &format!("/v1/handovers/{}", row.id), row.version, &show::handover(cx, &row)?)
    })
    .await
}

fn letter(body: &NewHandover) -> Letter {
    let enclosed = body.dossiers.iter().map(|d| Enclosed { id: d.id, samples: d.samples, sequence: d.sequence });
    Letter {
        to: body.to_level,
        number: body.number.clone(),
        signed_on: body.signed_on,
        signer: body.signer.clone(),
        paper_set: body.paper_set,
        note: body.note.clone(),
        dossiers: enclosed.collect(),
    }
}

/// The letters from and to my offices, newest first
#[utoipa::path(tag = "Hand-overs", operation_id = "list_handovers", params(HandoverQuery),
    responses((status = 200, description = "Letters", body = Page<HandoverView>,
        example = json!({"data": [], "page": {"next": null}}))))]
#[get("/handovers")]
async fn list_handovers(caller: Caller, db: Data<Db>, query: Query<HandoverQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::handovers(cx, &query)?.answer()).await
}

/// One hand-over letter
#[utoipa::path(tag = "Hand-overs", operation_id = "get_handover",
    params(("id" = HandoverId, Path, description = "Identifier of the letter")),
    responses((status = 200, description = "The letter", body = HandoverView)))]
#[get("/handovers/{id}")]
async fn get_handover(caller: Caller, db: Data<Db>, id: Path<HandoverId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = handing::letter(cx, *id)?;
        found(row.version, &show::handover(cx, &row)?)
    })
    .await
}

/// The sealed manifest of one dossier of a letter
#[utoipa::path(tag = "Hand-overs", operation_id = "get_manifest",
    params(("id" = HandoverId, Path, description = "Identifier of the letter"),
        ("dossier" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "What was handed over", body = ManifestView)))]
#[get("/handovers/{id}/manifests/{dossier}")]
async fn get_manifest(caller: Caller, db: Data<Db>, path: Path<(HandoverId, DossierId)>) -> Result<Answer> {
    let (id, dossier) = path.into_inner();
    db.read(caller, move |cx| {
        let row = handing::letter(cx, id)?;
        let manifest = handing::enclosed(cx, &row, dossier)?;
        found(row.version, &show::manifest(cx, manifest)?)
    })
    .await
}

/// Receive or refuse dossiers of a letter
#[utoipa::path(tag = "Hand-overs", operation_id = "answer_handover",
    params(("id" = HandoverId, Path, description = "Identifier of the letter"),
        ("Idempotency-Key" = String, Header, description = "A name of this deed, for retries")),
    request_body(content = NewReceipts, example = json!({
        "receipts": [{"dossier": "01978a3e-0000-7000-8000-000000000001", "received": true}]})),
    responses((status = 201, description = "The letter as it stands", body = HandoverView),
        (status = 409, description = "handover_not_on_its_way, dossier_not_your_move", body = Problem),
        (status = 428, description = "Idempotency-Key is required", body = Problem)))]
#[post("/handovers/{id}/receipts")]
async fn answer_handover(
    caller: Caller,
    db: Data<Db>,
    id: Path<HandoverId>,
    once: Once,
    body: Body<NewReceipts>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = handing::hold_letter(cx, *id)?;
        policy::must(cx, Act::HandOver)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            let receipts = body.valid()?.receipts.iter().enumerate().map(|(i, r)| receipt(i, r));
            let receipts = receipts.collect::<Result<Vec<Receipt>>>()?;
            handing::receive(cx, &row, &receipts).map(|row| row.id.0)
        })?;
        let row = handing::letter(cx, *id)?;
        created(done, &format!("/v1/handovers/{}", row.id), row.version, &show::handover(cx, &row)?)
    })
    .await
}

/// A refusal gives its reason.
fn receipt(index: usize, input: &ReceiptInput) -> Result<Receipt> {
    let reason = input.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    match (input.received, reason) {
        (true, _) => {
            Ok(Receipt { dossier: input.dossier, refused: None, samples: input.samples.as_ref().map(counted) })
        }
        (false, Some(reason)) => {
            Ok(Receipt { dossier: input.dossier, refused: Some(reason.to_owned()), samples: None })
        }
        (false, None) => Err(AppError::field(
            &format!("/receipts/{index}/reason"),
            "required",
            "Ghi lý do không tiếp nhận.",
            "Say why it is not received.",
        )),
    }
}

fn counted(input: &CountedSamplesInput) -> CountedSamples {
    CountedSamples {
        count: input.count.into(),
        condition: input.condition,
        person: input.person.clone(),
        note: input.note.clone(),
    }
}
