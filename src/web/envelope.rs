//! What surrounds every request: its name, its language, one line in the log, and answers of 400
//! and above as problems in that language. HEAD is answered as GET; a tag that the caller has
//! already is answered 304.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};

use crate::config::Config;
use crate::error::{AppError, Draft, FieldError};
use crate::text::Lang;
use crate::web::metrics::Metrics;

/// The name of a request: the caller's `X-Request-Id` when it is a plain word, else one of ours.
#[derive(Debug, Clone)]
pub struct Trace(pub String);

/// The language of a request.
pub fn lang(req: &HttpRequest) -> Lang {
    req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(Lang::from_header).unwrap_or_default()
}

fn trace_of(req: &ServiceRequest) -> String {
    req.headers()
        .get("X-Request-Id")
        .and_then(|v| v.to_str().ok())
        .filter(|v| (8..=64).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned)
}

/// The middleware.
///
/// # Errors
/// Only what the server itself cannot answer.
pub async fn surround(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let trace = trace_of(&req);
    req.extensions_mut().insert(Trace(trace.clone()));
    let method = req.method().clone();
    if method == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    let response = match holds_nul(&req) {
        true => ServiceResponse::from_err(refuse_nul(), req.into_parts().0),
        false => next.call(req).await?.map_into_boxed_body(),
    };
    let (request, response) = response.into_parts();
    let mut response = finish(&request, response, &trace);
    let route = request.match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let status = response.status();
    let seconds = begun.elapsed().as_secs_f64();
    if let Some(metrics) = request.app_data::<Data<Metrics>>() {
        metrics.request(method.as_str(), &route, status.as_u16(), seconds);
    }
    tracing::info!(%trace, %method, %route, status = status.as_u16(), ms = (seconds * 1e3).round(), "request");
    if request.app_data::<Data<Config>>().is_some_and(|c| c.demo) {
        response.headers_mut().insert(HeaderName::from_static("ocop-demo"), HeaderValue::from_static("true"));
    }
    Ok(ServiceResponse::new(request, response))
}

/// U+0000 in the address: PostgreSQL stores no such text, so it is refused at the door on both engines.
fn holds_nul(req: &ServiceRequest) -> bool {
    let holds = |part: &str| part.contains("%00");
    holds(req.uri().path()) || req.uri().query().is_some_and(holds)
}

fn refuse_nul() -> AppError {
    AppError::BadParameter(vec![FieldError::new(
        "address",
        "null_character",
        "Bỏ ký tự U+0000 (%00) khỏi địa chỉ.",
        "Take the character U+0000 (%00) out of the address.",
    )])
}

fn finish(request: &HttpRequest, response: HttpResponse, trace: &str) -> HttpResponse {
    let mut response = match response.status() {
        s if s.is_client_error() && response.extensions().get::<super::AsIs>().is_some() => response,
        s if s.is_client_error() || s.is_server_error() => as_problem(request, response, trace),
        StatusCode::OK => unchanged(request, &response).unwrap_or(response),
        _ => response,
    };
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(trace) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

/// 304 when the caller already has these bytes.
fn unchanged(request: &HttpRequest, response: &HttpResponse) -> Option<HttpResponse> {
    if request.method() != Method::GET {
        return None;
    }
    let have = request.headers().get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let tag = response.headers().get(header::ETAG)?.clone();
    let same = have
        .split(',')
        .map(|t| t.trim().trim_start_matches("W/"))
        .any(|t| t == "*" || tag.to_str().is_ok_and(|have| have == t));
    same.then(|| {
        let mut short = HttpResponse::NotModified();
        short.insert_header((header::ETAG, tag));
        for name in [header::CACHE_CONTROL, header::VARY] {
            if let Some(value) = response.headers().get(&name) {
                short.insert_header((name, value.clone()));
            }
        }
        short.finish()
    })
}

fn as_problem(request: &HttpRequest, response: HttpResponse, trace: &str) -> HttpResponse {
    let draft = response.extensions().get::<Draft>().cloned();
    let error = match draft {
        Some(draft) => draft.0,
        None => match response.status().as_u16() {
            400 => std::sync::Arc::new(AppError::Malformed(crate::text::Label::new(
                "Không đọc được yêu cầu.",
                "The request could not be read.",
            ))),
            413 => std::sync::Arc::new(AppError::TooLarge(super::body::LIMIT as u64)),
            404 | 405 => std::sync::Arc::new(AppError::NotFound),
            s if s < 500 => return response,
            s => std::sync::Arc::new(AppError::Internal(format!("an answer of {s} without a cause"))),
        },
    };
    if response.status().is_server_error() {
        tracing::error!(%trace, path = request.path(), error = %error, "answered {}", response.status().as_u16());
    }
    let lang = lang(request);
    let problem = error.problem(lang, request.path(), trace);
    let status = StatusCode::from_u16(problem.status).unwrap_or(response.status());
    let mut fresh = HttpResponse::build(status);
    for name in
        [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::CONTENT_RANGE, header::ACCEPT_RANGES]
    {
        if let Some(value) = response.headers().get(&name) {
            fresh.insert_header((name, value.clone()));
        }
    }
    fresh
        .insert_header((header::CONTENT_LANGUAGE, lang.tag()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("application/problem+json")
        .json(problem)
}
