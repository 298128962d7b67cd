//! Plumbing that knows no domain word: bodies, pages, tags, retries, the envelope of every answer.

pub mod body;
pub mod envelope;
pub mod etag;
pub mod fallback;
pub mod health;
pub mod idempotency;
pub mod metrics;
pub mod page;

use actix_web::http::header;
use actix_web::web::{PathConfig, QueryConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;

use crate::error::{AppError, FieldError, Result};

pub use body::Body;
pub use etag::IfMatch;
pub use idempotency::Once;
pub use page::{Page, PageInfo};

/// How bad path parts are answered: 400 as a problem.
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|_, _| {
        AppError::BadParameter(vec![FieldError::new(
            "path",
            "bad_id",
            "Một phần của đường dẫn không đúng dạng (mã định danh là UUID).",
            "A part of the path has the wrong form (identifiers are UUIDs).",
        )])
        .into()
    })
}

/// How bad query parameters are answered: 400 as a problem that names the parameter.
pub fn query_config() -> QueryConfig {
    QueryConfig::default().error_handler(|e, _| AppError::BadParameter(vec![parameter_error(&e.to_string())]).into())
}

fn parameter_error(message: &str) -> FieldError {
    let quoted = message.split('`').nth(1).unwrap_or("query").to_owned();
    if message.contains("unknown field") {
        FieldError::new(quoted, "unknown_parameter", "Không có tham số này ở đây.", "There is no such parameter here.")
    } else if message.contains("missing field") {
        FieldError::new(quoted, "required", "Thiếu tham số bắt buộc này.", "This parameter is required.")
    } else {
        FieldError::new(
            "query",
            "wrong_form",
            "Một tham số không đúng dạng (số, ngày YYYY-MM-DD, hoặc một từ trong danh sách).",
            "A parameter has the wrong form (a number, a date YYYY-MM-DD, or one word of a list).",
        )
    }
}

fn private(mut builder: HttpResponseBuilder, version: i32) -> HttpResponseBuilder {
    builder.insert_header((header::ETAG, etag::tag(version)));
    builder.insert_header((header::CACHE_CONTROL, "private, no-store"));
    builder
}

/// 200 with a private resource and its version.
pub fn found<T: Serialize>(version: i32, body: &T) -> HttpResponse {
    private(HttpResponse::Ok(), version).json(body)
}

/// 201 with a new private resource, where it is, and its version; 200 when it was there already (a retry).
pub fn created<T: Serialize>(replayed: bool, location: &str, version: i32, body: &T) -> HttpResponse {
    let mut builder = private(HttpResponse::Created(), version);
    builder.insert_header((header::LOCATION, location));
    if replayed {
        builder.insert_header(("Idempotency-Replayed", "true"));
    }
    builder.json(body)
}

/// 200 with a public answer that any cache may keep for a minute; the tag is the hash of its bytes.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn public<T: Serialize>(body: &T) -> Result<HttpResponse> {
    let bytes = serde_json::to_vec(body).map_err(AppError::internal)?;
    Ok(public_bytes("application/json", bytes))
}

/// [`public`] for bytes of any type.
pub fn public_bytes(content_type: &str, bytes: Vec<u8>) -> HttpResponse {
    let tag = format!("\"{}\"", &crate::keys::sha256_hex(&bytes)[..32]);
    HttpResponse::Ok()
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .insert_header((header::VARY, "Accept, Accept-Language"))
        .content_type(content_type)
        .body(bytes)
}
