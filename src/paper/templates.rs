//! Templates that ship, and the folder in which an office puts its own in their place.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Press;
use crate::error::{AppError, Result};
use crate::text::Label;

/// A template that ships with a slice.
#[derive(Debug)]
pub struct Template {
    /// Its file name.
    pub name: &'static str,
    /// What it is for: Vietnamese, English.
    pub about: (&'static str, &'static str),
    /// Its text.
    pub text: &'static str,
    /// Data to try it out with: long and short.
    pub samples: &'static [Sample],
    /// Reads a sample as the data that the service gives.
    pub read: fn(&str) -> std::result::Result<Value, serde_json::Error>,
}

/// Data to try a template out with.
#[derive(Debug)]
pub struct Sample {
    /// `long` or `short`.
    pub name: &'static str,
    /// JSON.
    pub text: &'static str,
}

impl Template {
    /// What it is for.
    pub fn label(&self) -> Label {
        Label::new(self.about.0, self.about.1)
    }
}

/// What all templates share: page, head, QR code, numbers of pages.
pub static SHARED: Template = Template {
    name: "paper.typ",
    about: ("Phần dùng chung: trang, phông chữ, đầu trang, mã QR", "Shared: page, fonts, head, QR code"),
    text: include_str!("templates/paper.typ"),
    samples: &[],
    read: |text| serde_json::from_str(text),
};

/// The text of a template: the office's own, else the one that ships.
///
/// # Errors
/// When the office's file cannot be read, or there is no such template.
pub(super) fn text(folder: Option<&Path>, templates: &[&'static Template], name: &str) -> Result<String> {
    if let Some(path) = folder.map(|f| f.join(name)) {
        match std::fs::read_to_string(&path) {
            Ok(text) => return Ok(text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(AppError::Template(format!("{name}: {e}"))),
        }
    }
    let built_in = templates.iter().copied().chain([&SHARED]).find(|t| t.name == name);
    built_in.map(|t| t.text.to_owned()).ok_or_else(|| AppError::Template(format!("{name}: no such template")))
}

/// What lies in the office's folder, by name, size and time: when that changes, papers are set anew.
pub(super) fn listing(folder: Option<&Path>) -> String {
    let entries = folder.and_then(|f| std::fs::read_dir(f).ok()).into_iter().flatten().flatten();
    let line = |entry: std::fs::DirEntry| {
        let meta = entry.metadata().ok()?;
        Some(format!("{:?} {} {:?}", entry.file_name(), meta.len(), meta.modified().ok()))
    };
    let mut lines: Vec<String> = entries.filter_map(line).collect();
    lines.sort();
    lines.join("\n")
}

/// What became of one sample.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Tried {
    /// Name of the template.
    pub template: &'static str,
    /// `long` or `short`.
    pub sample: &'static str,
    /// Bytes of the PDF.
    pub bytes: usize,
    /// File, line and reason, when it could not be set.
    pub fault: Option<String>,
}

/// Sets every sample of every template.
pub fn try_out(press: &Press, mut each: impl FnMut(&Tried, Option<&[u8]>)) -> Vec<Tried> {
    let mut all = Vec::new();
    for template in press.templates() {
        for sample in template.samples {
            let set = press.try_out(template, sample);
            let fault = set.as_ref().err().map(|e| match e {
                AppError::Template(fault) => fault.clone(),
                other => other.to_string(),
            });
            let bytes = set.as_ref().map_or(0, |b| b.len());
            let tried = Tried { template: template.name, sample: sample.name, bytes, fault };
            each(&tried, set.as_deref().ok());
            all.push(tried);
        }
    }
    all
}

/// Writes what ships into a folder, with the samples beside it; a file that is there already stays.
/// Gives what was written, and what stayed.
///
/// # Errors
/// When a file cannot be written.
pub fn export(templates: &[&'static Template], folder: &Path) -> std::io::Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut written, mut stayed) = (Vec::new(), Vec::new());
    std::fs::create_dir_all(folder.join("samples"))?;
    let mut write = |path: PathBuf, text: &str| match path.exists() {
        true => {
            stayed.push(path);
            Ok(())
        }
        false => std::fs::write(&path, text).map(|()| written.push(path)),
    };
    for template in templates.iter().copied().chain([&SHARED]) {
        write(folder.join(template.name), template.text)?;
        for sample in template.samples {
            let name = format!("{}.{}.json", template.name.trim_end_matches(".typ"), sample.name);
            write(folder.join("samples").join(name), sample.text)?;
        }
    }
    Ok((written, stayed))
}
