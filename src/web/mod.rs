//! Plumbing that knows no domain word: bodies, pages, tags, retries, the envelope of every answer.

pub mod body;
pub mod cors;
pub mod docs;
pub mod envelope;
pub mod etag;
pub mod fallback;
pub mod health;
pub mod idempotency;
pub mod manners;
pub mod metrics;
pub mod page;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, Header, HeaderName};
use actix_web::web::{Bytes, PathConfig, QueryConfig};
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use serde::Serialize;

use crate::error::{AppError, FieldError, Result};

pub use body::Body;
pub use etag::IfMatch;
pub use idempotency::{Done, Once};
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

/// A page for people that says itself what is wrong: it is not turned into a problem document.
#[derive(Debug, Clone, Copy)]
pub struct AsIs;

/// Whether a printed address is answered with a page: a browser names `text/html` (before JSON, if it
/// names both); everything else gets JSON and problem documents.
pub fn wants_page(request: &HttpRequest) -> bool {
    let Ok(accept) = header::Accept::parse(request) else { return false };
    // How much it is wanted, and how early it is named.
    let wanted = |kind: &str| {
        let (at, item) = accept.iter().enumerate().find(|(_, item)| item.item.essence_str() == kind)?;
        (item.quality > header::Quality::ZERO).then_some((item.quality, std::cmp::Reverse(at)))
    };
    wanted("text/html").is_some_and(|page| wanted("application/json").is_none_or(|json| page > json))
}

/// An answer that has been made, ready to leave the thread that made it.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, String)>,
    content_type: &'static str,
    bytes: Bytes,
    next: Option<String>,
}

impl Answer {
    /// A JSON answer.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Result<Self> {
        let bytes = serde_json::to_vec(body).map_err(AppError::internal)?.into();
        Ok(Self { status, headers: Vec::new(), content_type: "application/json", bytes, next: None })
    }

    /// A JSON answer of 200.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn of<T: Serialize>(body: &T) -> Result<Self> {
        Self::json(StatusCode::OK, body)
    }

    /// An answer of any type.
    pub fn bytes(content_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), content_type, bytes: bytes.into(), next: None }
    }

    /// A page for people.
    pub fn page(html: String) -> Self {
        Self::bytes("text/html; charset=utf-8", html.into_bytes())
    }

    /// The page that says to people what an error says to programs.
    pub fn sorry(html: String, error: &AppError) -> Self {
        Self { status: error.status_code(), ..Self::page(html) }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Any cache may keep it for a minute; the tag is the hash of its bytes.
    #[must_use]
    pub fn public(self) -> Self {
        let tag = format!("\"{}\"", &crate::keys::sha256_hex(&self.bytes)[..32]);
        self.with(header::ETAG, tag)
            .with(header::CACHE_CONTROL, "public, max-age=60")
            .with(header::VARY, "Accept, Accept-Language")
    }

    /// Any cache may keep it but must ask each time: what it says can end at any moment.
    #[must_use]
    pub fn revalidated(self) -> Self {
        let tag = format!("\"{}\"", &crate::keys::sha256_hex(&self.bytes)[..32]);
        self.with(header::ETAG, tag)
            .with(header::CACHE_CONTROL, "public, no-cache")
            .with(header::VARY, "Accept, Accept-Language")
    }

    /// How many bytes it holds.
    pub fn weight(&self) -> usize {
        self.bytes.len()
    }

    /// Belongs to the caller alone, in this version of its row.
    #[must_use]
    pub fn private(self, version: i32) -> Self {
        self.with(header::ETAG, etag::tag(version)).with(header::CACHE_CONTROL, "private, no-store")
    }

    fn link(&self, req: &HttpRequest) -> Option<String> {
        let next = self.next.as_ref()?;
        let kept = req.query_string().split('&').filter(|p| !p.is_empty() && !p.starts_with("cursor="));
        let query: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={next}")]).collect();
        Some(format!("<{}?{}>; rel=\"next\"", req.path(), query.join("&")))
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let mut builder = HttpResponse::build(self.status);
        let page = self.content_type.starts_with("text/html");
        if let Some(link) = self.link(req) {
            builder.insert_header((header::LINK, link));
        }
        for (name, value) in self.headers {
            builder.insert_header((name, value));
        }
        if self.bytes.is_empty() {
            return builder.finish();
        }
        let mut response = builder.content_type(self.content_type).body(self.bytes);
        if page {
            response.extensions_mut().insert(AsIs);
        }
        response
    }
}

/// 200 with a private resource and its version.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn found<T: Serialize>(version: i32, body: &T) -> Result<Answer> {
    Ok(Answer::json(StatusCode::OK, body)?.private(version))
}

/// 200 with an answer that has no version and is kept by nobody.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn shown<T: Serialize>(body: &T) -> Result<Answer> {
    Answer::json(StatusCode::OK, body)
}

/// 201 with a new private resource, where it is, and its version.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn created<T: Serialize>(done: Done, location: &str, version: i32, body: &T) -> Result<Answer> {
    let answer = Answer::json(StatusCode::CREATED, body)?.private(version).with(header::LOCATION, location);
    Ok(match done.replayed {
        true => answer.with(HeaderName::from_static("idempotency-replayed"), "true"),
        false => answer,
    })
}

/// 202 with the job that does the work.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn accepted<T: Serialize>(location: &str, body: &T) -> Result<Answer> {
    Ok(Answer::json(StatusCode::ACCEPTED, body)?.with(header::LOCATION, location))
}

/// 200 with a public answer.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn public<T: Serialize>(body: &T) -> Result<Answer> {
    Ok(Answer::json(StatusCode::OK, body)?.public())
}

/// 200 with a public answer that can end at any moment.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn live<T: Serialize>(body: &T) -> Result<Answer> {
    Ok(Answer::json(StatusCode::OK, body)?.revalidated())
}

/// 308: the same thing is at another address, for good.
pub fn moved(location: &str) -> Answer {
    let answer = Answer {
        status: StatusCode::PERMANENT_REDIRECT,
        headers: Vec::new(),
        content_type: "",
        bytes: Bytes::new(),
        next: None,
    };
    answer.with(header::LOCATION, location)
}

/// 204.
pub fn nothing() -> Answer {
    Answer { status: StatusCode::NO_CONTENT, headers: Vec::new(), content_type: "", bytes: Bytes::new(), next: None }
}
