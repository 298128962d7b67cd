//! A JSON body. What cannot be read is refused at once (400, 413, 415); what breaks its rules is
//! refused when the handler asks for it, after 404 and 403 have had their turn.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::error::{AppError, FieldError, Result};
use crate::text::{Label, nfc};

/// The largest JSON body, in bytes.
pub const LIMIT: usize = 1024 * 1024;

/// A body that has been read; [`Body::valid`] gives it once it passes its rules.
#[derive(Debug)]
pub struct Body<T> {
    parsed: std::result::Result<T, Vec<FieldError>>,
    /// SHA-256 of the canonical JSON, for retries.
    pub fingerprint: String,
}

impl<T: Validate> Body<T> {
    /// The body, when every field keeps its rules.
    ///
    /// # Errors
    /// 422 with each field that does not.
    pub fn valid(&self) -> Result<&T> {
        match &self.parsed {
            Err(fields) => Err(AppError::Invalid(fields.clone())),
            Ok(value) => match value.validate() {
                Ok(()) => Ok(value),
                Err(errors) => Err(AppError::Invalid(field_errors(&errors))),
            },
        }
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media = req.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_ascii_lowercase();
        let mut payload = payload.take();
        Box::pin(async move {
            let essence = media.split(';').next().unwrap_or("").trim();
            if essence != "application/json" && !essence.ends_with("+json") {
                return Err(AppError::UnsupportedMediaType("application/json"));
            }
            let mut bytes = Vec::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk
                    .map_err(|_| unreadable("Kết nối bị đứt khi đang gửi.", "The connection broke while sending."))?;
                if bytes.len() + chunk.len() > LIMIT {
                    return Err(AppError::TooLarge(LIMIT as u64));
                }
                bytes.extend_from_slice(&chunk);
            }
            read(&bytes)
        })
    }
}

fn unreadable(vi: &str, en: &str) -> AppError {
    AppError::Malformed(Label::new(vi, en))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Body<T>> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| unreadable("Nội dung phải là UTF-8.", "The body must be UTF-8."))?;
    let mut value: Value = serde_json::from_str(text).map_err(|e| {
        AppError::Malformed(Label::new(
            format!("Không phải JSON: dòng {}, cột {}.", e.line(), e.column()),
            format!("Not JSON: line {}, column {}.", e.line(), e.column()),
        ))
    })?;
    let mut nulls = Vec::new();
    normalise(&mut value, "", &mut nulls);
    let fingerprint =
        crate::keys::sha256_hex(serde_json_canonicalizer::to_string(&value).unwrap_or_default().as_bytes());
    let parsed = if nulls.is_empty() {
        serde_path_to_error::deserialize(value).map_err(|e| vec![shape_error(&e)])
    } else {
        Err(nulls)
    };
    Ok(Body { parsed, fingerprint })
}

/// Brings every text to NFC; finds texts with U+0000, which PostgreSQL cannot keep.
fn normalise(value: &mut Value, at: &str, bad: &mut Vec<FieldError>) {
    match value {
        Value::String(s) => {
            if s.contains('\0') {
                bad.push(FieldError::new(at, "null_character", "Bỏ ký tự U+0000.", "Remove the character U+0000."));
            }
            *s = nfc(s);
        }
        Value::Array(items) => {
            for (i, item) in items.iter_mut().enumerate() {
                normalise(item, &format!("{at}/{i}"), bad);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                if name.contains('\0') {
                    bad.push(FieldError::new(at, "null_character", "Bỏ ký tự U+0000.", "Remove the character U+0000."));
                }
                normalise(field, &format!("{at}/{name}"), bad);
            }
        }
        _ => {}
    }
}

fn shape_error(e: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let path = e.path().to_string();
    let mut pointer = match path.as_str() {
        "." => String::new(),
        p => format!("/{}", p.replace(['.', '['], "/").replace(']', "").replace("//", "/")),
    };
    let message = e.inner().to_string();
    let named = message.split('`').nth(1).unwrap_or("").to_owned();
    if message.starts_with("missing field") {
        pointer = format!("{pointer}/{named}");
        return FieldError::new(pointer, "required", "Thiếu trường bắt buộc này.", "This field is required.");
    }
    if message.starts_with("unknown field") {
        // serde names the field; the path may or may not end with it already.
        if !pointer.ends_with(&format!("/{named}")) {
            pointer = format!("{pointer}/{named}");
        }
        return FieldError::new(pointer, "unknown_field", "Không có trường này ở đây.", "There is no such field here.");
    }
    if message.starts_with("unknown variant") {
        let allowed = message.split(", expected ").nth(1).and_then(|s| s.split(" at line").next()).unwrap_or("");
        let allowed = allowed.replace('`', "").replace("one of ", "");
        return FieldError::new(
            pointer,
            "not_allowed",
            format!("Chọn một trong: {allowed}."),
            format!("Choose one of: {allowed}."),
        );
    }
    FieldError::new(pointer, "wrong_type", "Kiểu dữ liệu chưa đúng.", "The value has the wrong type or form.")
}

fn field_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut list = Vec::new();
    collect(errors, "", &mut list);
    list.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    list
}

fn collect(errors: &ValidationErrors, at: &str, list: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        let here = if field == "__all__" { at.to_owned() } else { format!("{at}/{}", camel(field)) };
        match kind {
            ValidationErrorsKind::Field(broken) => list.extend(broken.iter().map(|e| sentence(&here, e))),
            ValidationErrorsKind::Struct(inner) => collect(inner, &here, list),
            ValidationErrorsKind::List(items) => {
                for (i, inner) in items {
                    collect(inner, &format!("{here}/{i}"), list);
                }
            }
        }
    }
}

fn camel(snake: &str) -> String {
    let mut up = false;
    let mut out = String::new();
    for c in snake.chars() {
        match (c, up) {
            ('_', _) => up = true,
            (c, true) => {
                out.extend(c.to_uppercase());
                up = false;
            }
            (c, false) => out.push(c),
        }
    }
    out
}

/// The sentence for a broken rule; a rule of ours carries its own as `vi|en` in the message.
fn sentence(at: &str, e: &ValidationError) -> FieldError {
    if let Some((vi, en)) = e.message.as_deref().and_then(|m| m.split_once('|')) {
        return FieldError::new(at, e.code.to_string(), vi, en);
    }
    let limit = |name: &str| e.params.get(name).map(ToString::to_string);
    let several = e.params.get("value").is_some_and(|value| value.is_array());
    let (vi, en) = match (e.code.as_ref(), limit("min"), limit("max")) {
        ("length", Some(min), Some(max)) if several => {
            (format!("Từ {min} đến {max} phần tử."), format!("Between {min} and {max} entries."))
        }
        ("length", Some(min), Some(max)) => {
            (format!("Dài từ {min} đến {max} ký tự."), format!("Between {min} and {max} characters long."))
        }
        ("length", None, Some(max)) => (format!("Không dài quá {max}."), format!("No longer than {max}.")),
        ("length", Some(min), None) => (format!("Ít nhất {min}."), format!("At least {min}.")),
        ("range", Some(min), Some(max)) => (format!("Từ {min} đến {max}."), format!("From {min} to {max}.")),
        ("range", Some(min), None) => (format!("Ít nhất {min}."), format!("At least {min}.")),
        ("range", None, Some(max)) => (format!("Nhiều nhất {max}."), format!("At most {max}.")),
        ("email", ..) => ("Nhập địa chỉ e-mail đúng dạng.".into(), "Give an e-mail address.".into()),
        ("url", ..) => ("Nhập địa chỉ http(s) đúng dạng.".into(), "Give an http(s) address.".into()),
        _ => ("Giá trị chưa đúng.".into(), "The value breaks a rule.".into()),
    };
    FieldError::new(at, e.code.to_string(), vi, en)
}

/// A rule of our own for `#[validate(custom(…))]`, with its sentence in both languages.
pub fn broken(code: &'static str, vi: &str, en: &str) -> ValidationError {
    ValidationError::new(code).with_message(format!("{vi}|{en}").into())
}

/// A rule: the text says something.
///
/// # Errors
/// When it is empty or white space only.
pub fn not_blank(text: &str) -> std::result::Result<(), ValidationError> {
    match text.trim().is_empty() {
        true => Err(broken("blank", "Không để trống.", "Do not leave this blank.")),
        false => Ok(()),
    }
}

/// A rule: the text says something, on one line.
///
/// # Errors
/// When it is blank, or holds a line break or another control character.
pub fn one_line(text: &str) -> std::result::Result<(), ValidationError> {
    not_blank(text)?;
    match text.chars().any(char::is_control) {
        true => Err(broken("one_line", "Viết trên một dòng.", "Write it on one line.")),
        false => Ok(()),
    }
}

/// A rule: the day lies where days of these papers lie; both engines can keep it.
///
/// # Errors
/// When its year is not between 1800 and 2200.
pub fn ordinary_day(day: &chrono::NaiveDate) -> std::result::Result<(), ValidationError> {
    match chrono::Datelike::year(day) {
        1800..=2200 => Ok(()),
        _ => Err(broken("day_range", "Năm từ 1800 đến 2200.", "The year lies between 1800 and 2200.")),
    }
}

/// For bodies without rules of their own beyond their types.
#[macro_export]
macro_rules! no_further_rules {
    ($($name:ty),+ $(,)?) => { $(
        impl validator::Validate for $name {
            fn validate(&self) -> std::result::Result<(), validator::ValidationErrors> { Ok(()) }
        }
    )+ };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize, Validate)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    #[expect(dead_code, reason = "read by serde only")]
    struct Sample {
        #[validate(length(min = 2, max = 5))]
        short_name: String,
        #[serde(default)]
        count: i32,
    }

    fn pointer(json: &str) -> (String, String) {
        match read::<Sample>(json.as_bytes()).unwrap().valid() {
            Err(AppError::Invalid(fields)) => (fields[0].pointer.clone(), fields[0].code.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_broken_rule_names_its_field() {
        assert_eq!(pointer("{}"), ("/shortName".into(), "required".into()));
        assert_eq!(pointer(r#"{"shortName":"abc","x":1}"#), ("/x".into(), "unknown_field".into()));
        assert_eq!(pointer(r#"{"shortName":"abc","count":"many"}"#), ("/count".into(), "wrong_type".into()));
        assert_eq!(pointer(r#"{"shortName":"a"}"#), ("/shortName".into(), "length".into()));
        assert_eq!(pointer("{\"shortName\":\"a\\u0000c\"}"), ("/shortName".into(), "null_character".into()));
    }

    #[test]
    fn text_is_brought_to_nfc() {
        let decomposed = "{\"shortName\":\"Tra\u{300}\"}";
        assert_eq!(read::<Sample>(decomposed.as_bytes()).unwrap().valid().unwrap().short_name, "Trà");
    }
}
