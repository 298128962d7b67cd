//! What every operation of the document has in common and no handler should have to repeat: the
//! answers that come from the plumbing.

use std::collections::BTreeMap;

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, ResponseBuilder, Schema};

/// Adds the common error answers to each operation.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let has_id = path.contains('{');
        for (operation, writes) in [
            (&mut item.get, false),
            (&mut item.post, true),
            (&mut item.put, true),
            (&mut item.patch, true),
            (&mut item.delete, true),
        ] {
            if let Some(operation) = operation {
                complete_operation(operation, has_id, writes);
            }
        }
    }
    if let Some(components) = &mut document.components {
        pages_name_their_rows(&mut components.schemas);
        use utoipa::PartialSchema;
        components.schemas.entry("Problem".into()).or_insert_with(crate::error::Problem::schema);
        components.schemas.entry("ProblemItem".into()).or_insert_with(crate::error::ProblemItem::schema);
    }
}

/// A page names the type of its rows instead of writing it out.
fn pages_name_their_rows(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    let known: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas.iter_mut() {
        let row = name.strip_prefix("Page_").filter(|row| known.iter().any(|k| k == row));
        if let (Some(row), RefOr::T(Schema::Object(page))) = (row, schema)
            && let Some(RefOr::T(Schema::Array(rows))) = page.properties.get_mut("data")
        {
            rows.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(row).into()));
        }
    }
}

fn complete_operation(operation: &mut Operation, has_id: bool, writes: bool) {
    for (status, answer) in &mut operation.responses.responses {
        if let (true, RefOr::T(answer)) = (status.as_str() >= "400", answer) {
            as_problem(answer);
        }
    }
    let public = operation
        .security
        .as_ref()
        .is_some_and(|s| s.iter().any(|r| serde_json::to_value(r).is_ok_and(|v| v == serde_json::json!({}))));
    let body = operation.request_body.is_some();
    let takes =
        |header: &str| operation.parameters.iter().flatten().any(|p| matches!(p, RefOr::T(p) if p.name == header));
    let (keyed, matched) = (takes("Idempotency-Key"), takes("If-Match"));
    let mut add = |when: bool, status: &str, what: &str| {
        if when {
            operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem(what));
        }
    };
    add(true, "400", "The request, a parameter or the path cannot be read");
    add(!public, "401", "Not signed in, or the token has ended");
    add(!public, "403", "The caller's role never does this");
    add(has_id, "404", "Absent, or not for the caller to know");
    add(writes, "409", "The regulation does not allow this now");
    add(body, "413", "The body is too large");
    add(body, "415", "The media type is not accepted");
    add(writes && (has_id || matched), "412", "The resource has changed since it was read");
    add(body || keyed, "422", "Fields break their rules, or the Idempotency-Key was used for another request");
    add(
        writes && (has_id || keyed || matched),
        "428",
        "A header that is required here is missing: If-Match or Idempotency-Key",
    );
    add(true, "503", "Busy; try again after Retry-After");
}

/// Every refusal is a problem, however a handler has put it.
fn as_problem(answer: &mut utoipa::openapi::Response) {
    let content = answer.content.swap_remove("application/json").unwrap_or_else(|| RefOr::T(problem_content()));
    answer.content.entry("application/problem+json".into()).or_insert(content);
}

fn problem(what: &str) -> RefOr<utoipa::openapi::Response> {
    RefOr::T(ResponseBuilder::new().description(what).content("application/problem+json", problem_content()).build())
}

fn problem_content() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build()
}
