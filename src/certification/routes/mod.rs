//! HTTP of certification.

mod certificates;
mod decisions;
mod page;
mod paper;
mod revocations;
mod verify;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(decisions::routes)
        .configure(certificates::routes)
        .configure(paper::routes)
        .configure(revocations::routes)
        .configure(verify::routes);
}

/// What is printed, and therefore permanent and without a version.
pub fn root_routes(cfg: &mut ServiceConfig) {
    cfg.configure(verify::root_routes);
}
