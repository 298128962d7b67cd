//! The document at `/openapi.json` and its pages at `/docs`, served from the binary.

use actix_web::web::Data;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{Answer, public};
use crate::error::Result;

/// Where the document is.
pub const AT: &str = "/openapi.json";

/// The document as it is sent, written once for all workers.
#[derive(Clone)]
pub struct Written(Answer);

impl Written {
    /// Writes it.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn of(document: &OpenApi) -> Result<Self> {
        Ok(Self(public(document)?))
    }
}

/// The document, at [`AT`].
pub async fn document(written: Data<Written>) -> Answer {
    written.0.clone()
}

/// Swagger UI, offline.
pub fn pages() -> SwaggerUi {
    SwaggerUi::new("/docs/{_:.*}").config(Config::new([AT]).persist_authorization(false))
}
