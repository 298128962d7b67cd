//! Who may call from a browser: anyone for public GET, the configured front ends for the rest.

use actix_cors::Cors;
use actix_web::http::{Method, header};

use crate::config::Config;

/// Paths that anybody's page may read.
pub const PUBLIC: &[&str] = &[
    "/v1/catalogue",
    "/v1/verify",
    "/v1/credentials",
    "/v1/certificates",
    "/v1/places",
    "/v1/rulebooks",
    "/v1/criteria-sets",
    "/v1/trace",
    "/v/",
    "/t/",
    "/openapi.json",
    "/.well-known/",
];

/// The rule.
pub fn cors(config: &Config) -> Cors {
    let own = config.cors_origins.clone();
    Cors::default()
        .allowed_origin_fn(move |origin, head| {
            let asked = head
                .headers()
                .get(header::ACCESS_CONTROL_REQUEST_METHOD)
                .and_then(|m| m.to_str().ok())
                .map_or(head.method == Method::GET || head.method == Method::HEAD, |m| m == "GET" || m == "HEAD");
            // Several numbers at once are asked for with a body; it is a question all the same.
            let asked = asked || head.uri.path() == "/v1/verify";
            let public = asked && PUBLIC.iter().any(|p| head.uri.path().starts_with(p));
            public || own.iter().any(|o| origin.as_bytes() == o.as_bytes())
        })
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::ACCEPT_LANGUAGE,
        ])
        .allowed_header("Idempotency-Key")
        .allowed_header("X-Request-Id")
        .expose_headers([header::ETAG, header::LOCATION, header::LINK, header::RETRY_AFTER])
        .expose_headers(["X-Request-Id", "Idempotency-Replayed"])
        .max_age(600)
        .block_on_origin_mismatch(false)
}
