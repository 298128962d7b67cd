//! The document at `/openapi.json` and its pages at `/docs`, served from the binary.

use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Swagger UI, offline.
pub fn swagger(document: OpenApi) -> SwaggerUi {
    SwaggerUi::new("/docs/{_:.*}")
        .url("/openapi.json", document)
        .config(Config::new(["/openapi.json"]).persist_authorization(false))
}
