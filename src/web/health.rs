//! Alive, ready, figures for the operator.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::web::metrics::Metrics;

/// Whether the process runs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// `alive` or `ready`.
    #[schema(example = "alive")]
    pub status: &'static str,
    /// The version of the service.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
}

/// The service's own routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(healthz).service(readyz).service(metrics);
}

/// Whether the process runs
#[utoipa::path(tag = "Service", operation_id = "healthz", security(()),
    responses((status = 200, description = "The process runs", body = Health,
        example = json!({"status": "alive", "version": "0.1.0"}))))]
#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "alive", version: env!("CARGO_PKG_VERSION") })
}

/// Whether the service can do its work: the database answers
#[utoipa::path(tag = "Service", operation_id = "readyz", security(()),
    responses((status = 200, description = "Ready", body = Health, example = json!({"status": "ready", "version": "0.1.0"})),
        (status = 503, description = "The database does not answer", body = Problem)))]
#[get("/readyz")]
async fn readyz(db: Data<Db>) -> Result<HttpResponse> {
    let db = db.get_ref().clone();
    tokio::task::spawn_blocking(move || db.ping()).await.map_err(AppError::internal)??;
    Ok(HttpResponse::Ok().json(Health { status: "ready", version: env!("CARGO_PKG_VERSION") }))
}

/// Figures in the text format of Prometheus
#[utoipa::path(tag = "Service", operation_id = "metrics", security(()),
    responses((status = 200, description = "Figures", body = String, content_type = "text/plain")))]
#[get("/metrics")]
async fn metrics(metrics: Data<Metrics>, db: Data<Db>, config: Data<crate::config::Config>) -> Result<HttpResponse> {
    // With an address for the operator, the public one does not show figures.
    if config.admin_listen.is_some() {
        return Err(AppError::NotFound);
    }
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(metrics.text(&db)?))
}
