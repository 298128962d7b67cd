//! A form with one document: `multipart/form-data` with the part `file` and a few texts.

use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;

use super::{Files, Kind, Received, broken_off, one, tidy_name};
use crate::error::{AppError, Result};
use crate::text::{Label, nfc};

/// The longest text of a form, in bytes.
const TEXT_LIMIT: usize = 8 * 1024;

/// What a form may hold.
#[derive(Debug, Clone, Copy)]
pub struct Accept<'a> {
    /// Types of the document.
    pub kinds: &'a [Kind],
    /// Its largest size, in bytes.
    pub limit: u64,
    /// Names of texts.
    pub fields: &'a [&'a str],
}

/// A form that has arrived.
#[derive(Debug, Clone)]
pub struct Form {
    /// The texts that were sent, NFC.
    pub fields: BTreeMap<String, String>,
    /// The document.
    pub file: Received,
    /// Its name, fit to be kept.
    pub file_name: String,
    /// SHA-256 over the texts and the document, for retries.
    pub fingerprint: String,
}

impl Form {
    /// A text, when it was sent and is not blank.
    pub fn text(&self, name: &str) -> Option<String> {
        self.fields.get(name).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
    }
}

/// A form on its way: nothing is read until the handler has seen that it may be sent.
pub struct Upload(Multipart);

impl FromRequest for Upload {
    type Error = AppError;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media = req.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_ascii_lowercase();
        ready(match media.split(';').next().map(str::trim) {
            Some("multipart/form-data") => Ok(Self(Multipart::new(req.headers(), payload.take()))),
            _ => Err(AppError::UnsupportedMediaType("multipart/form-data")),
        })
    }
}

impl Upload {
    /// Reads the form; the document goes to the store as it comes.
    ///
    /// # Errors
    /// 400, 413, 415 or 422 by what is wrong with it.
    pub async fn receive(mut self, files: &Files, accept: Accept<'_>) -> Result<Form> {
        let mut fields = BTreeMap::new();
        let mut file: Option<(Received, String)> = None;
        while let Some(field) = self.0.next().await {
            let mut field = field.map_err(|_| unreadable())?;
            let name = field.name().map(str::to_owned).ok_or_else(unreadable)?;
            if name == "file" && file.is_none() {
                let sent = field.content_disposition().and_then(|d| d.get_filename()).unwrap_or("");
                let file_name = tidy_name(sent);
                file = Some((files.receive(&mut field, accept.limit, accept.kinds).await?, file_name));
            } else if !accept.fields.contains(&name.as_str()) || fields.contains_key(&name) {
                let pointer = format!("/{}", name.chars().take(40).collect::<String>());
                return Err(one(
                    pointer,
                    "unknown_field",
                    "Không có trường này ở đây.",
                    "There is no such field here.",
                ));
            } else {
                let text = text(&mut field, &name).await?;
                fields.insert(name, text);
            }
        }
        let (file, file_name) = file.ok_or_else(|| {
            one(
                "/file".into(),
                "required",
                "Thiếu tệp: gửi ở phần tên là file.",
                "The file is missing: send it as the part named file.",
            )
        })?;
        let whole = serde_json::json!({ "fields": fields, "file": file.sha256, "name": file_name });
        let fingerprint = crate::keys::sha256_hex(
            serde_json_canonicalizer::to_string(&whole).map_err(AppError::internal)?.as_bytes(),
        );
        Ok(Form { fields, file, file_name, fingerprint })
    }
}

async fn text(field: &mut Field, name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(part) = field.next().await {
        bytes.extend_from_slice(&part.map_err(|_| broken_off())?);
        if bytes.len() > TEXT_LIMIT {
            return Err(AppError::TooLarge(TEXT_LIMIT as u64));
        }
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| one(format!("/{name}"), "utf8", "Văn bản phải là UTF-8.", "The text must be UTF-8."))?;
    match text.contains('\0') {
        true => Err(one(format!("/{name}"), "null_character", "Bỏ ký tự U+0000.", "Remove the character U+0000.")),
        false => Ok(nfc(&text)),
    }
}

fn unreadable() -> AppError {
    AppError::Malformed(Label::new(
        "Không đọc được biểu mẫu; gửi multipart/form-data có boundary.",
        "The form cannot be read; send multipart/form-data with its boundary.",
    ))
}
