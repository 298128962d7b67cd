//! Sign-in, registrations, accounts; the audit and jobs, which belong to no stage of a product's life.

mod registrations;
mod sign_in;
mod users;
mod watch;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(sign_in::routes).configure(registrations::routes).configure(users::routes).configure(watch::routes);
}

/// Routes outside `/v1`.
pub fn root_routes(cfg: &mut ServiceConfig) {
    cfg.service(sign_in::get_jwks);
}
