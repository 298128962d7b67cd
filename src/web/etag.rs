//! Tags of private resources: the version of the row. Changing one needs `If-Match`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};

use crate::error::{AppError, Result};

/// The tag of a version.
pub fn tag(version: i32) -> String {
    format!("\"{version}\"")
}

/// The `If-Match` header, when it was sent.
#[derive(Debug, Clone)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Whether the caller has seen this version.
    ///
    /// # Errors
    /// 428 when the header is missing, 412 when it names another version.
    pub fn check(&self, version: i32) -> Result<()> {
        let Some(sent) = &self.0 else { return Err(AppError::PreconditionRequired("If-Match")) };
        let wanted = tag(version);
        match sent.split(',').map(str::trim).any(|t| t == "*" || t == wanted) {
            true => Ok(()),
            false => Err(AppError::PreconditionFailed),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(req.headers().get(IF_MATCH).and_then(|v| v.to_str().ok()).map(str::to_owned))))
    }
}
