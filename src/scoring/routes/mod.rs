//! Rounds, councils, sessions, sheets and results over HTTP.

mod advisory;
mod contests;
mod councils;
mod fieldwork;
mod insight;
mod laid;
mod minutes;
mod results;
mod rounds;
mod sessions;
mod sheets;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.configure(rounds::routes)
        .configure(councils::routes)
        .configure(sessions::routes)
        .configure(laid::routes)
        .configure(sheets::routes)
        .configure(results::routes)
        .configure(advisory::routes)
        .configure(fieldwork::routes)
        .configure(contests::routes)
        .configure(minutes::routes)
        .configure(insight::routes);
}
