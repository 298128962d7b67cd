//! The API as its document describes it: what walks every operation starts here.

use std::sync::OnceLock;

use actix_web::http::Method;
use serde_json::{Value, json};

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    pub path: String,
    pub id: String,
    pub spec: &'static Value,
}

/// The document as it is served.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(ocop::app::document()).unwrap())
}

/// Every operation, in the order of the document.
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, spec) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(&method);
            if known {
                let id = spec["operationId"].as_str().unwrap_or_default().to_owned();
                all.push(Operation { method, path: path.clone(), id, spec });
            }
        }
    }
    all
}

impl Operation {
    /// `GET /v1/places/{id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether the document says that nobody need sign in.
    pub fn is_public(&self) -> bool {
        self.spec["security"].as_array().is_some_and(|s| s.iter().any(|r| r == &json!({})))
    }

    /// The names of the placeholders of the path, each with the part before it.
    pub fn placeholders(&self) -> Vec<(String, String)> {
        let parts: Vec<&str> = self.path.split('/').collect();
        let named = parts.iter().enumerate().filter_map(|(i, part)| {
            let name = part.strip_prefix('{')?.split(['}', ':']).next()?;
            let before = parts[..i].iter().rev().find(|p| !p.starts_with('{')).unwrap_or(&"");
            Some((name.to_owned(), (*before).to_owned()))
        });
        named.collect()
    }

    /// The path with every placeholder filled: `fill(placeholder, part before it)`.
    pub fn path_with(&self, mut fill: impl FnMut(&str, &str) -> String) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut before = String::new();
        for part in self.path.split('/') {
            match part.strip_prefix('{').and_then(|p| p.split(['}', ':']).next()) {
                Some(name) => parts.push(fill(name, &before)),
                None => {
                    before = part.to_owned();
                    parts.push(part.to_owned());
                }
            }
        }
        parts.join("/")
    }

    /// The parameters of one place (`query`, `path`, `header`).
    pub fn parameters(&self, place: &str) -> Vec<&'static Value> {
        let spec: &'static Value = self.spec;
        let all = spec["parameters"].as_array();
        all.into_iter().flatten().filter(|p| p["in"] == place).collect()
    }

    /// The media type of the body, when there is one.
    pub fn media(&self) -> Option<&'static str> {
        let spec: &'static Value = self.spec;
        Some(spec["requestBody"]["content"].as_object()?.keys().next()?.as_str())
    }

    /// Whether the body is JSON.
    pub fn takes_json(&self) -> bool {
        self.media().is_some_and(|m| m.contains("json"))
    }

    /// The schema of the body.
    pub fn body_schema(&self) -> Option<&'static Value> {
        let spec: &'static Value = self.spec;
        Some(&spec["requestBody"]["content"][self.media()?]["schema"])
    }

    /// The examples of the body.
    pub fn body_examples(&self) -> Vec<&'static Value> {
        let spec: &'static Value = self.spec;
        match self.media() {
            Some(media) => examples(&spec["requestBody"]["content"][media]),
            None => Vec::new(),
        }
    }

    /// What is declared for a status: the media types with their content.
    pub fn answer(&self, status: u16) -> Option<&'static Value> {
        let spec: &'static Value = self.spec;
        spec["responses"].get(status.to_string())
    }

    /// The names of the fields of a JSON body, with their schemas.
    pub fn body_fields(&self) -> Vec<(String, &'static Value)> {
        let Some(schema) = self.body_schema() else { return Vec::new() };
        let whole = resolve(schema);
        let own = whole["properties"].as_object().into_iter().flatten();
        own.map(|(name, field)| (name.clone(), field)).collect()
    }
}

/// The examples of one content: `example`, `examples`, or that of the schema it names.
pub fn examples(content: &'static Value) -> Vec<&'static Value> {
    if let Some(one) = content.get("example") {
        return vec![one];
    }
    if let Some(many) = content["examples"].as_object() {
        return many.values().map(|e| &e["value"]).collect();
    }
    let schema = resolve(&content["schema"]);
    schema.get("example").into_iter().chain(schema["examples"].as_array().into_iter().flatten()).collect()
}

/// Follows `$ref`.
pub fn resolve(schema: &'static Value) -> &'static Value {
    match schema["$ref"].as_str() {
        Some(name) => resolve(&document()["components"]["schemas"][name.rsplit('/').next().unwrap()]),
        None => schema,
    }
}

/// A schema that can be checked by itself: the components travel with it.
pub fn validator(schema: &Value) -> jsonschema::Validator {
    let mut whole = schema.clone();
    if let Some(object) = whole.as_object_mut() {
        object.insert("components".into(), document()["components"].clone());
    }
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).build(&whole).unwrap()
}

/// What is wrong with a value, in words; empty when it fits.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    validator(schema).iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}
