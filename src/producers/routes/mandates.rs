//! Mandates over HTTP.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{MandateForm, MandateList, MandateView};
use super::super::mandates::{self, FIELDS, NewMandate};
use super::super::model::mandates::Mandate;
use super::super::{get, hold, must_have_ground};
use crate::actor::Caller;
use crate::auth;
use crate::auth::policy::Act;
use crate::db::{Ctx, Db};
use crate::error::{Problem, Result};
use crate::files::{self, Accept, Asked, DOCUMENTS, Files, Upload};
use crate::ids::{MandateId, ProducerId};
use crate::web::{Answer, IfMatch, Once, created, found, nothing};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_mandate).service(list_mandates).service(get_mandate_content).service(end_mandate);
}

fn view(cx: &mut Ctx<'_>, row: Mandate) -> Result<MandateView> {
    Ok(MandateView {
        content: format!("/v1/producers/{}/mandates/{}/content", row.producer_id, row.id),
        holds: row.holds_on(cx.today()),
        user_name: auth::user(cx, row.user_id)?.map(|u| u.name).unwrap_or_default(),
        id: row.id,
        producer: row.producer_id,
        user: row.user_id,
        number: row.number,
        signed_on: row.signed_on,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        sha256: row.sha256,
        file_name: row.file_name,
        recorded_by: row.recorded_by,
        recorded_at: row.recorded_at,
        ended_at: row.ended_at,
    })
}

/// Record a mandate: whom the producer lets act for it, on paper and for a time
#[utoipa::path(tag = "Register", operation_id = "record_mandate",
    params(("id" = ProducerId, Path, description = "The producer"),
        ("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = MandateForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Recorded; the right holds for its time", body = MandateView),
        (status = 422, description = "Days that do not follow each other, a mandate that is over, an unknown person", body = Problem)))]
#[post("/producers/{id}/mandates")]
async fn record_mandate(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<ProducerId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let id = *id;
    db.read(caller.clone(), move |cx| {
        let row = get(cx, id)?;
        must_have_ground(cx, Act::RecordMandate, Some(row.id), row.place_id)
    })
    .await?;
    let form = upload.receive(&files, Accept { kinds: DOCUMENTS, limit: files.limit, fields: FIELDS }).await?;
    let new = NewMandate::of(&form)?;
    db.write(caller, move |cx| {
        let row = hold(cx, id)?;
        must_have_ground(cx, Act::RecordMandate, Some(row.id), row.place_id)?;
        let done = once.run(cx, &form.fingerprint, |cx| {
            mandates::record(cx, &row, &new, (&form.file, &form.file_name)).map(|id| id.0)
        })?;
        let mandate = mandates::get(cx, row.id, MandateId(done.id))?;
        let view = view(cx, mandate)?;
        created(done, &format!("/v1/producers/{id}/mandates"), row.version, &view)
    })
    .await
}

/// Who may act for a producer, by which paper and until when
#[utoipa::path(tag = "Register", operation_id = "list_mandates",
    params(("id" = ProducerId, Path, description = "The producer")),
    responses((status = 200, description = "Mandates, those that are over too", body = MandateList)))]
#[get("/producers/{id}/mandates")]
async fn list_mandates(caller: Caller, db: Data<Db>, id: Path<ProducerId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        must_have_ground(cx, Act::ReadMandates, Some(row.id), row.place_id)?;
        let all = mandates::list(cx, row.id)?;
        let data = all.into_iter().map(|m| view(cx, m)).collect::<Result<_>>()?;
        found(row.version, &MandateList { data })
    })
    .await
}

/// The paper of a mandate; every reading by others than its producer is written down
#[utoipa::path(tag = "Register", operation_id = "get_mandate_content",
    params(("id" = ProducerId, Path, description = "The producer"),
        ("mandate" = MandateId, Path, description = "The mandate")),
    responses((status = 200, description = "An attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"), (Vec<u8> = "video/mp4"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/producers/{id}/mandates/{mandate}/content")]
async fn get_mandate_content(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(ProducerId, MandateId)>,
) -> Result<HttpResponse> {
    let (id, mandate) = path.into_inner();
    let (row, stored) = db
        .write(caller, move |cx| {
            let producer = get(cx, id)?;
            must_have_ground(cx, Act::ReadMandates, Some(producer.id), producer.place_id)?;
            let row = mandates::get(cx, producer.id, mandate)?;
            let stored = files::find(cx, &row.sha256)?;
            mandates::note_reading(cx, &row)?;
            Ok((row, stored))
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &row.file_name, "private, no-store").await
}

/// End a mandate before its time: who acted by it acts no more
#[utoipa::path(tag = "Register", operation_id = "end_mandate",
    params(("id" = ProducerId, Path, description = "The producer"),
        ("mandate" = MandateId, Path, description = "The mandate"),
        ("If-Match" = String, Header, description = "The ETag of the producer that was read")),
    responses((status = 204, description = "Ended")))]
#[delete("/producers/{id}/mandates/{mandate}")]
async fn end_mandate(
    caller: Caller,
    db: Data<Db>,
    path: Path<(ProducerId, MandateId)>,
    if_match: IfMatch,
) -> Result<Answer> {
    let (id, mandate) = path.into_inner();
    db.write(caller, move |cx| {
        let producer = hold(cx, id)?;
        must_have_ground(cx, Act::RecordMandate, Some(producer.id), producer.place_id)?;
        let row = mandates::get(cx, producer.id, mandate)?;
        if_match.check(producer.version)?;
        mandates::end(cx, &row)?;
        Ok(nothing())
    })
    .await
}
