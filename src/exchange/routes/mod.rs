//! Imports, officers' tasks and webhooks over HTTP.

mod webhooks;

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path, Query};
use actix_web::{FromRequest, HttpRequest, get, post};
use futures_util::StreamExt;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ImportQuery, ImportRowView, ImportRowsQuery, ImportStarted, SettleTask, TaskQuery, TaskView};
use super::show;
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::ids::{JobId, RowId};
use crate::jobs;
use crate::keys::sha256_hex;
use crate::text::Label;
use crate::web::{Answer, Body, Once, Page, accepted, created};

/// The largest list, in bytes.
const LIMIT: usize = 10 * 1024 * 1024;

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(start_import)
        .service(list_import_rows)
        .service(list_officer_tasks)
        .service(settle_officer_task)
        .configure(webhooks::routes);
}

/// A list as CSV in UTF-8.
struct List(String);

impl FromRequest for List {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media = req.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_ascii_lowercase();
        let mut payload = payload.take();
        Box::pin(async move {
            if media.split(';').next().unwrap_or("").trim() != "text/csv" {
                return Err(AppError::UnsupportedMediaType("text/csv"));
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = payload.next().await {
                let broken = || malformed("Kết nối bị đứt khi đang gửi.", "The connection broke while sending.");
                let chunk = chunk.map_err(|_| broken())?;
                if bytes.len() + chunk.len() > LIMIT {
                    return Err(AppError::TooLarge(LIMIT as u64));
                }
                bytes.extend_from_slice(&chunk);
            }
            match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => Ok(Self(text)),
                _ => Err(malformed(
                    "Tệp phải là UTF-8, không có ký tự U+0000.",
                    "The file must be UTF-8 without U+0000.",
                )),
            }
        })
    }
}

fn malformed(vi: &str, en: &str) -> AppError {
    AppError::Malformed(Label::new(vi, en))
}

/// Take over a list of products of the own province; rows are classified, nothing is invented
#[utoipa::path(tag = "Exchange", operation_id = "start_import",
    params(ImportQuery, ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key starts one job")),
    request_body(content = String, content_type = "text/csv", description = "Columns name, producer, producer_type, commune, district, province, group, stars, decision_no, decision_date, authority, year, notes, source_url; at most 10 MB",
        example = json!("name,producer,province,commune,district,stars,decision_no,decision_date\nMật hoa dừa,HTX Mật Hoa,Trà Vinh,xã Đông Hải,huyện Duyên Hải,4,12/QĐ-UBND,22/8/2022\n")),
    responses((status = 202, description = "A worker takes it over", body = ImportStarted),
        (status = 409, description = "Not a list of products", body = Problem)))]
#[post("/imports")]
async fn start_import(
    caller: Caller,
    db: Data<Db>,
    once: Once,
    query: Query<ImportQuery>,
    list: List,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::ImportList)?;
        let fingerprint = format!("{} {}", sha256_hex(list.0.as_bytes()), query.dry_run);
        let start = |cx: &mut Ctx<'_>| Ok(super::start_import(cx, &list.0, query.dry_run)?.0);
        let id = JobId(once.run(cx, &fingerprint, start)?.id);
        let job = format!("/v1/jobs/{id}");
        accepted(&job, &ImportStarted { id, rows: format!("/v1/imports/{id}/rows"), job: job.clone() })
    })
    .await
}

/// The report of each row of an import, in the order of the file
#[utoipa::path(tag = "Exchange", operation_id = "list_import_rows",
    params(("id" = JobId, Path, description = "The job"), ImportRowsQuery),
    responses((status = 200, description = "A page of rows", body = Page<ImportRowView>)))]
#[get("/imports/{id}/rows")]
async fn list_import_rows(
    caller: Caller,
    db: Data<Db>,
    id: Path<JobId>,
    query: Query<ImportRowsQuery>,
) -> Result<Answer> {
    db.read(caller, move |cx| {
        jobs::get(cx, *id)?;
        show::rows(cx, *id, &query)?.answer()
    })
    .await
}

/// What an officer of the territory has to find out; the oldest first
#[utoipa::path(tag = "Exchange", operation_id = "list_officer_tasks", params(TaskQuery),
    responses((status = 200, description = "A page of tasks", body = Page<TaskView>)))]
#[get("/officer-tasks")]
async fn list_officer_tasks(caller: Caller, db: Data<Db>, query: Query<TaskQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::tasks(cx, &query)?.answer()).await
}

/// Settle a task: what was found is kept; a product gets its commune
#[utoipa::path(tag = "Exchange", operation_id = "settle_officer_task",
    params(("id" = RowId, Path, description = "The task"),
        ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key settles it once")),
    request_body(content = SettleTask, example = json!({"note": "Theo xác nhận của Ủy ban nhân dân xã ngày 2/6/2026"})),
    responses((status = 201, description = "The task, settled", body = TaskView),
        (status = 409, description = "It was settled before", body = Problem)))]
#[post("/officer-tasks/{id}/resolution")]
async fn settle_officer_task(
    caller: Caller,
    db: Data<Db>,
    id: Path<RowId>,
    once: Once,
    body: Body<SettleTask>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        super::task(cx, *id)?;
        policy::must(cx, Act::SettleOfficerTask)?;
        let asked = body.valid()?;
        let settle = |cx: &mut Ctx<'_>| Ok(super::settle(cx, *id, asked.place_id, &asked.note)?.id.0);
        let done = once.run(cx, &body.fingerprint, settle)?;
        let row = super::task(cx, *id)?;
        created(done, &format!("/v1/officer-tasks/{}", *id), 2, &show::task(cx, row)?)
    })
    .await
}
