//! What no handler took: a known path with another method is 405 with `Allow`, a plain OPTIONS
//! says what is allowed, everything else is 404. The paths come from the OpenAPI document.

use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::{HttpMethod, OpenApi};

use crate::error::{AppError, Result};

/// Every path of the document with its methods.
#[derive(Debug, Clone)]
pub struct Paths(Vec<(Vec<String>, Vec<&'static str>)>);

impl Paths {
    /// Reads the document.
    pub fn of(document: &OpenApi) -> Self {
        let split = |path: &str| path.trim_start_matches('/').split('/').map(str::to_owned).collect();
        Self(document.paths.paths.iter().map(|(path, item)| (split(path), methods(item))).collect())
    }

    /// The methods of a path, when it is known.
    pub fn allowed(&self, path: &str) -> Option<Vec<&'static str>> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let fits = |template: &[String]| {
            template.len() == parts.len()
                && template.iter().zip(&parts).all(|(t, p)| (t.contains('{') && !p.is_empty()) || t == p)
        };
        let mut found: Vec<&'static str> =
            self.0.iter().filter(|(t, _)| fits(t)).flat_map(|(_, m)| m.iter().copied()).collect();
        if found.is_empty() {
            return None;
        }
        if found.contains(&"GET") {
            found.push("HEAD");
        }
        found.push("OPTIONS");
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}

fn methods(item: &utoipa::openapi::PathItem) -> Vec<&'static str> {
    let operations = [
        (item.get.is_some(), HttpMethod::Get, "GET"),
        (item.put.is_some(), HttpMethod::Put, "PUT"),
        (item.post.is_some(), HttpMethod::Post, "POST"),
        (item.delete.is_some(), HttpMethod::Delete, "DELETE"),
        (item.patch.is_some(), HttpMethod::Patch, "PATCH"),
    ];
    operations.into_iter().filter(|(there, ..)| *there).map(|(.., name)| name).collect()
}

/// The default service.
///
/// # Errors
/// 405 with `Allow`, or 404.
pub async fn answer(req: HttpRequest, paths: Data<Paths>) -> Result<HttpResponse> {
    match paths.allowed(req.path()) {
        Some(allowed) if req.method() == Method::OPTIONS => {
            Ok(HttpResponse::NoContent().insert_header(("Allow", allowed.join(", "))).finish())
        }
        Some(allowed) => Err(AppError::MethodNotAllowed(allowed.join(", "))),
        None => Err(AppError::NotFound),
    }
}
