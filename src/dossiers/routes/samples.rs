//! Samples over HTTP.

use actix_web::web::{Data, Path};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{NewSamplesInput, SampleList};
use super::super::samples::{self, NewSamples};
use super::super::{get, hold, show};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::ids::DossierId;
use crate::web::{Answer, Body, Once, created, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_samples).service(record_samples);
}

/// The samples of a dossier: handed over, received, used; who has how many
#[utoipa::path(tag = "Dossiers", operation_id = "list_samples",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "What happened, in order", body = SampleList,
        example = json!({"asked": 5, "held": [], "data": []}))))]
#[get("/dossiers/{id}/samples")]
async fn list_samples(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        found(row.version, &show::samples(cx, &row)?)
    })
    .await
}

/// Record samples received or used at the desk where the dossier lies
#[utoipa::path(tag = "Dossiers", operation_id = "record_samples",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = NewSamplesInput, example = json!({
        "deed": "received", "count": 5, "on": "2026-06-01", "condition": "good", "person": "Trần Văn B"})),
    responses((status = 201, description = "The samples as they are now", body = SampleList),
        (status = 409, description = "samples_too_few, dossier_not_with_producer, dossier_finished", body = Problem)))]
#[post("/dossiers/{id}/samples")]
async fn record_samples(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    once: Once,
    body: Body<NewSamplesInput>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        policy::must(cx, Act::HandOver)?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let told = body.valid()?;
            let new = NewSamples {
                deed: told.deed,
                count: told.count,
                on: told.on,
                condition: told.condition,
                person: told.person.clone(),
                note: told.note.clone(),
            };
            samples::record(cx, &row, &new).map(|id| id.0)
        })?;
        created(done, &format!("/v1/dossiers/{id}/samples"), row.version, &show::samples(cx, &row)?)
    })
    .await
}
