//! The audit and long work: both belong to no stage of a product's life.

#![expect(unused_qualifications, reason = "what utoipa makes of a Query in a handler")]

use actix_web::get;
use actix_web::web::{Data, Path, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::actor::Caller;
use crate::audit::{self, Narrow};
use crate::auth::Visitor;
use crate::auth::dto::{AuditHead, AuditView, JobView};
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::Result;
use crate::ids::JobId;
use crate::jobs;
use crate::web::page::{self, Page};
use crate::web::{Answer, public, shown};

/// These routes. The head stands before the list, which has no part of a path after it.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_audit_head).service(list_audit).service(get_job);
}

/// What the audit is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ListAudit {
    /// The thing it was done to.
    subject: Option<Uuid>,
    /// The deed, such as `grant.given`.
    deed: Option<String>,
    /// How many, 1 to 100.
    limit: Option<i64>,
    /// `page.next` of the page before.
    cursor: Option<String>,
}

/// Who did what, when: sealed rows in their order
///
/// The last seconds are not here yet: rows get their place once the recorder has sealed them.
#[utoipa::path(tag = "Audit", operation_id = "list_audit", params(ListAudit),
    responses((status = 200, body = Page<AuditView>, description = "A page by position")))]
#[get("/audit")]
async fn list_audit(caller: Caller, db: Data<Db>, query: Query<ListAudit>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: i64 = page::read_cursor(query.cursor.as_deref())?.unwrap_or(0);
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReadAudit)?;
        let narrow = Narrow { subject: query.subject, deed: query.deed.clone() };
        let rows: Vec<AuditView> = audit::page(cx, after, &narrow, limit + 1)?.into_iter().map(Into::into).collect();
        Page::cut(rows, limit, |r| r.position).answer()
    })
    .await
}

/// The newest block of the audit; keep it, and nothing before it can be changed unseen
#[utoipa::path(tag = "Audit", operation_id = "get_audit_head", security(()),
    responses((status = 200, body = AuditHead, description = "Number 0 while nothing has been sealed",
        example = json!({"number": 0, "lastPosition": 0, "hash": "0000000000000000000000000000000000000000000000000000000000000000"}))))]
#[get("/audit/head")]
async fn get_audit_head(Visitor(caller): Visitor, db: Data<Db>) -> Result<Answer> {
    db.read(caller, |cx| public(&AuditHead::from(audit::head(cx)?))).await
}

/// Long work of mine: how far it is, and what came out
#[utoipa::path(tag = "Jobs", operation_id = "get_job", params(("id" = JobId, Path, description = "The job")),
    responses((status = 200, body = JobView, description = "The job",
        example = json!({"id": "0199f3c2-6a7e-7d10-9f3e-0c5b8a4d2e11", "kind": "import.products", "state": "running",
            "percent": 40, "total": 500, "done": 200, "createdAt": "2026-06-01T02:30:00Z"}))))]
#[get("/jobs/{id}")]
async fn get_job(caller: Caller, db: Data<Db>, id: Path<JobId>) -> Result<Answer> {
    db.read(caller, move |cx| shown(&JobView::from(jobs::get(cx, *id)?))).await
}
