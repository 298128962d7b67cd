//! Paper: pages set from templates and data, as PDF/A-2u with embedded fonts; the same data gives the
//! same bytes.
//!
//! A template lies beside its slice and is built in; a file of the same name in the folder that
//! `OCOP_TEMPLATES` names wins, from the next paper on. Data reach a template as `data.json`. A
//! template reads its own folder and nothing else: no other file, no clock, no network, no package.

mod fonts; // letters that can be set, and what is done about others
mod qr;
pub mod templates; // what ships, what an office put in its place
mod world; // what a template can see

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, ETAG};
use actix_web::web::Bytes;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Semaphore;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::config::Config;
use crate::error::{AppError, Result};
use crate::keys::sha256_hex;
use crate::web::Answer;

pub use qr::Qr;
pub use templates::{Sample, Template};
use world::Table;

/// How long a caller waits for one paper.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many bytes of finished papers are kept.
const KEPT_BYTES: usize = 16 * 1024 * 1024;
/// What the typesetter remembers between papers is forgotten when this many did not use it.
const REMEMBERED: usize = 20;
/// Việt Nam's distance from UTC, in minutes.
const VIETNAM_MINUTES: i32 = 7 * 60;

/// What stands on every paper of this service.
#[derive(Debug, Clone)]
pub struct Imprint {
    /// Where the service is reached; no slash at the end.
    pub public_url: String,
    /// Whether it is a demonstration.
    pub demo: bool,
}

impl From<&Config> for Imprint {
    fn from(config: &Config) -> Self {
        Self { public_url: config.public_url.trim_end_matches('/').to_owned(), demo: config.demo }
    }
}

impl Imprint {
    /// What a demonstration says about itself on each page.
    pub fn demonstration(&self) -> Option<String> {
        self.demo.then(|| crate::text::demonstration().vi)
    }

    /// The same on papers in two languages.
    pub fn demonstration_in_both(&self) -> Option<String> {
        let both = crate::text::demonstration();
        self.demo.then(|| format!("{} {}", both.vi, both.en))
    }
}

/// Declares a template that lies beside its slice with a long and a short sample: folder, name, the
/// type of its data, what it is for.
#[macro_export]
macro_rules! paper_template {
    ($folder:literal, $name:literal, $data:ty, $vi:literal, $en:literal) => {
        $crate::paper::Template {
            name: concat!($name, ".typ"),
            about: ($vi, $en),
            text: include_str!(concat!($folder, $name, ".typ")),
            samples: &[
                $crate::paper::Sample { name: "long", text: include_str!(concat!($folder, $name, ".long.json")) },
                $crate::paper::Sample { name: "short", text: include_str!(concat!($folder, $name, ".short.json")) },
            ],
            read: |text| serde_json::from_str::<$data>(text).and_then(serde_json::to_value),
        }
    };
}

/// One paper before it is set.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Name of its template.
    pub template: &'static str,
    /// What it is, the same whenever it is set again: becomes the identifier of the document.
    pub ident: String,
    /// The date of its data: the date of the document.
    pub dated: NaiveDate,
    data: Value,
}

impl Sheet {
    /// A paper about these data. Letters that no font has are replaced by a visible sign.
    ///
    /// # Errors
    /// When the data cannot be written as JSON.
    pub fn new(template: &'static str, ident: String, dated: NaiveDate, data: &impl Serialize) -> Result<Self> {
        let mut data = serde_json::to_value(data).map_err(AppError::internal)?;
        fonts::clean(&mut data);
        Ok(Self { template, ident, dated, data })
    }
}

/// Sets papers. Cheap to clone.
#[derive(Clone)]
pub struct Press(Arc<Inner>);

struct Inner {
    templates: Vec<&'static Template>,
    folder: Option<PathBuf>,
    /// Read with the first paper: a node that sets none holds none.
    fonts: OnceLock<fonts::Fonts>,
    at_once: Semaphore,
    kept: Mutex<Kept>,
}

/// Papers that were asked for lately, by what they were made from.
#[derive(Default)]
struct Kept {
    papers: VecDeque<(String, Bytes)>,
    bytes: usize,
}

impl Press {
    /// Opens the press: templates of the slices, and the folder of `OCOP_TEMPLATES` with its fonts.
    pub fn open(config: &Config, templates: Vec<&'static Template>) -> Self {
        Self::with_folder(config.templates.clone(), templates)
    }

    /// The same with a folder of one's own.
    pub fn with_folder(folder: Option<PathBuf>, templates: Vec<&'static Template>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self(Arc::new(Inner {
            fonts: OnceLock::new(),
            templates,
            folder,
            at_once: Semaphore::new(cores),
            kept: Mutex::default(),
        }))
    }

    /// The templates that ship.
    pub fn templates(&self) -> &[&'static Template] {
        &self.0.templates
    }

    /// Sets a paper on this thread: for workers and commands.
    ///
    /// # Errors
    /// 500 with file, line and reason when the template is broken.
    pub fn set(&self, sheet: &Sheet) -> Result<Bytes> {
        let name = self.name_of(sheet)?;
        self.kept_or_set(sheet, &name)
    }

    /// A paper for its reader alone.
    ///
    /// # Errors
    /// 500 when the template is broken, 503 when it takes too long.
    pub async fn answer(&self, sheet: Sheet, file_name: &str) -> Result<Answer> {
        Ok(self.send(sheet, file_name).await?.with(CACHE_CONTROL, "private, no-store"))
    }

    /// A paper for everybody.
    ///
    /// # Errors
    /// 500 when the template is broken, 503 when it takes too long.
    pub async fn public(&self, sheet: Sheet, file_name: &str) -> Result<Answer> {
        Ok(self.send(sheet, file_name).await?.with(CACHE_CONTROL, "public, max-age=60"))
    }

    async fn send(&self, sheet: Sheet, file_name: &str) -> Result<Answer> {
        let name = self.name_of(&sheet)?;
        let tag = format!("\"{}\"", &name[..32]);
        Ok(Answer::bytes("application/pdf", self.bytes(sheet).await?.to_vec())
            .with(ETAG, tag)
            .with(CONTENT_DISPOSITION, format!("inline; filename=\"{file_name}\"")))
    }

    /// Sets a paper away from the async threads, as many at once as there are cores.
    ///
    /// # Errors
    /// 500 when the template is broken, 503 when it takes too long.
    pub async fn bytes(&self, sheet: Sheet) -> Result<Bytes> {
        let (press, name) = (self.clone(), self.name_of(&sheet)?);
        let busy = |e: &dyn std::fmt::Display| AppError::Busy(format!("setting a paper: {e}"));
        let work = async {
            let _turn = self.0.at_once.acquire().await.map_err(AppError::internal)?;
            let set = tokio::task::spawn_blocking(move || press.kept_or_set(&sheet, &name));
            set.await.map_err(AppError::internal)?
        };
        tokio::time::timeout(PATIENCE, work).await.map_err(|e| busy(&e))?
    }

    /// The name of what a paper is made from: the program, the templates as they are now, the data.
    fn name_of(&self, sheet: &Sheet) -> Result<String> {
        let mut from = format!("{}\n{}\n{}\n", env!("CARGO_PKG_VERSION"), sheet.template, sheet.ident);
        for name in [sheet.template, templates::SHARED.name] {
            from.push_str(&templates::text(self.0.folder.as_deref(), &self.0.templates, name)?);
        }
        from.push_str(&templates::listing(self.0.folder.as_deref()));
        from.push_str(&sheet.dated.to_string());
        from.push_str(&sheet.data.to_string());
        Ok(sha256_hex(from.as_bytes()))
    }

    fn kept_or_set(&self, sheet: &Sheet, name: &str) -> Result<Bytes> {
        if let Some(bytes) = self.0.kept.lock().map_err(AppError::internal)?.find(name) {
            return Ok(bytes);
        }
        let bytes = Bytes::from(self.make(sheet)?);
        self.0.kept.lock().map_err(AppError::internal)?.keep(name, &bytes);
        Ok(bytes)
    }

    fn make(&self, sheet: &Sheet) -> Result<Vec<u8>> {
        let inner = &self.0;
        let folder = inner.folder.as_deref();
        let fonts = inner.fonts.get_or_init(|| fonts::Fonts::load(folder));
        let table = Table::new(folder, &inner.templates, fonts, sheet.template, &sheet.data)?;
        let options = PdfOptions {
            ident: Smart::Custom(sheet.ident.clone()),
            creator: Smart::Custom(Some("OCOP".to_owned())),
            timestamp: date_of(sheet.dated),
            standards: PdfStandards::new(&[PdfStandard::A_2u]).map_err(|e| AppError::internal(e.message()))?,
            ..PdfOptions::default()
        };
        let set = typst::compile::<PagedDocument>(&table).output;
        let made = set.and_then(|document| typst_pdf::pdf(&document, &options));
        typst::comemo::evict(REMEMBERED);
        made.map_err(|faults| AppError::Template(table.explain(&faults)))
    }

    /// Sets one sample of a template: what an office runs before it puts a template to use.
    ///
    /// # Errors
    /// The fault, with file, line and reason.
    pub fn try_out(&self, template: &'static Template, sample: &Sample) -> Result<Bytes> {
        let data = (template.read)(sample.text)
            .map_err(|e| AppError::Internal(format!("sample {} of {}: {e}", sample.name, template.name)))?;
        let dated = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap_or_default();
        let sheet = Sheet::new(template.name, format!("sample/{}/{}", template.name, sample.name), dated, &data)?;
        self.make(&sheet).map(Bytes::from)
    }
}

impl Kept {
    fn find(&self, name: &str) -> Option<Bytes> {
        self.papers.iter().find(|(n, _)| n == name).map(|(_, bytes)| bytes.clone())
    }

    fn keep(&mut self, name: &str, bytes: &Bytes) {
        if self.find(name).is_some() || bytes.len() > KEPT_BYTES {
            return;
        }
        self.bytes += bytes.len();
        self.papers.push_back((name.to_owned(), bytes.clone()));
        while self.bytes > KEPT_BYTES {
            let Some((_, oldest)) = self.papers.pop_front() else { break };
            self.bytes -= oldest.len();
        }
    }
}

/// Midnight of a day in Việt Nam.
fn date_of(day: NaiveDate) -> Option<Timestamp> {
    let (month, of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    Timestamp::new_local(Datetime::from_ymd_hms(day.year(), month, of_month, 0, 0, 0)?, VIETNAM_MINUTES)
}

#[cfg(test)]
mod tests;
