//! HTTP of certification.

mod badge;
mod certificates;
mod credentials;
mod decisions;
mod notices;
mod page;
mod paper;
mod revocations;
mod scans;
mod verify;

pub use credentials::StatusLists;
use utoipa_actix_web::service_config::ServiceConfig;
pub use verify::Verified;

/// What is asked most, by anybody.
pub fn check_routes(cfg: &mut ServiceConfig) {
    cfg.configure(verify::routes);
}

/// The other routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(decisions::routes)
        .configure(certificates::routes)
        .configure(credentials::routes)
        .configure(notices::routes)
        .configure(paper::routes)
        .configure(revocations::routes)
        .configure(scans::routes);
}

/// What is printed, and therefore permanent and without a version.
pub fn root_routes(cfg: &mut ServiceConfig) {
    cfg.configure(verify::root_routes).configure(credentials::root_routes);
}
