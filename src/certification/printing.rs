//! The job that prints a decision's certificates: numbered one by one, at most [`CHUNK`] in one deed,
//! then all of them as one PDF and as a ZIP. Papers are set before the deed, never inside it; a worker
//! that is killed goes on where the last deed ended.

use std::io::{Read, Write};

use actix_web::web::Bytes;
use chrono::NaiveDate;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::Certificate;
use super::paper::{self, PrintNumber};
use super::prints;
use super::store::prints as rows;
use crate::actor::Caller;
use crate::db::{Ctx, Db};
use crate::error::{AppError, Result};
use crate::files::{self, Files, Kind, Received};
use crate::ids::DecisionId;
use crate::jobs::{Finish, Job, Step};
use crate::paper::{Imprint, Press};

/// Certificates of one deed.
const CHUNK: i64 = 10;

/// What the job was asked for.
#[derive(Debug, Clone, Deserialize)]
struct Asked {
    decision: DecisionId,
    reason: String,
    certificates: i64,
}

/// Where the job goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "phase")]
enum At {
    /// Printing one by one: how many of the list were looked at, how many of those were not in force.
    Each { next: i64, ended: i64 },
    /// All as one PDF.
    Together { ended: i64 },
    /// The ZIP; the PDF is there.
    Zip { ended: i64, pdf: String },
}

/// What the job works with.
#[derive(Clone)]
pub struct Printer {
    /// Sets papers.
    pub press: Press,
    /// Keeps them.
    pub files: Files,
    /// What stands on each.
    pub imprint: Imprint,
}

impl Printer {
    /// The work before a deed, and the deed.
    ///
    /// # Errors
    /// When a template is broken, or a file cannot be kept.
    pub fn prepare(&self, db: &Db, job: &Job) -> Result<Finish> {
        let asked: Asked = job.params.read().map_err(AppError::internal)?;
        let at = match job.resume.0.is_null() {
            true => At::Each { next: 0, ended: 0 },
            false => job.resume.read().map_err(AppError::internal)?,
        };
        match at {
            At::Each { next, ended } => self.each(db, asked, next, ended),
            At::Together { ended } => self.together(db, job, &asked, ended),
            At::Zip { ended, pdf } => self.zip(db, job, &asked, ended, pdf),
        }
    }

    fn each(&self, db: &Db, asked: Asked, next: i64, ended: i64) -> Result<Finish> {
        let decision = asked.decision;
        let (today, found) =
            db.read_now(&worker(), move |cx| Ok((cx.today(), rows::issued_by(cx, decision, next, CHUNK)?)))?;
        let (seen, total) = (i64::try_from(found.len()).unwrap_or(CHUNK), asked.certificates + 2);
        let mut set = Vec::new();
        for (row, last) in found.into_iter().filter(|(row, _)| row.standing(today).state.in_force()) {
            let number = PrintNumber { number: last + 1, on: today };
            let sheet = paper::certificates(&[(row.clone(), Some(number))], &self.imprint, today)?;
            let kept = self.keep(vec![Ok(self.press.set(&sheet)?)].into_iter(), Kind::Pdf)?;
            set.push((row, number, kept));
        }
        let ended = ended + seen - i64::try_from(set.len()).unwrap_or(0);
        let (done, at) = match seen < CHUNK {
            true => (asked.certificates, At::Together { ended }),
            false => (next + seen, At::Each { next: next + seen, ended }),
        };
        Ok(Box::new(move |cx, job| {
            for (row, number, kept) in &set {
                files::note(cx, kept)?;
                prints::keep(cx, row, *number, &asked.reason, Some((job, &kept.sha256)))?;
            }
            more(total, done, &at)
        }))
    }

    fn together(&self, db: &Db, job: &Job, asked: &Asked, ended: i64) -> Result<Finish> {
        let printed = of_job(db, job, asked.decision)?;
        let (total, done) = (asked.certificates + 2, asked.certificates + 1);
        if printed.is_empty() {
            return Ok(Box::new(move |_, _| Ok(Step::Done(json!({ "printed": 0, "notInForce": ended })))));
        }
        let pages: Vec<(Certificate, Option<PrintNumber>)> = printed
            .into_iter()
            .map(|(row, print)| (row, Some(PrintNumber { number: print.ordinal, on: print.printed_on })))
            .collect();
        let day: NaiveDate = pages.iter().filter_map(|(_, number)| number.map(|n| n.on)).max().unwrap_or_default();
        let sheet = paper::certificates(&pages, &self.imprint, day)?;
        let kept = self.keep(vec![Ok(self.press.set(&sheet)?)].into_iter(), Kind::Pdf)?;
        Ok(Box::new(move |cx, _| {
            files::note(cx, &kept)?;
            more(total, done, &At::Zip { ended, pdf: kept.sha256.clone() })
        }))
    }

    fn zip(&self, db: &Db, job: &Job, asked: &Asked, ended: i64, pdf: String) -> Result<Finish> {
        let printed = of_job(db, job, asked.decision)?;
        let kept = self.keep(self.packed(&printed)?, Kind::Zip)?;
        let decision = asked.decision;
        let (id, printed) = (job.id, printed.len());
        Ok(Box::new(move |cx, _| {
            files::note(cx, &kept)?;
            let at = |file: &str| format!("/v1/decisions/{decision}/prints/{id}/{file}");
            Ok(Step::Done(json!({
                "printed": printed, "notInForce": ended,
                "pdf": at("certificates.pdf"), "zip": at("certificates.zip"),
                "certificates.pdf": pdf, "certificates.zip": kept.sha256,
            })))
        }))
    }

    /// A ZIP of the prints, in a file of its own that is gone with its reader.
    fn packed(&self, printed: &[(Certificate, rows::Print)]) -> Result<impl Iterator<Item = Result<Bytes>>> {
        let file = Scratch::new()?;
        let mut zip = zip::ZipWriter::new(&file.file);
        // The papers are compressed already; a fixed time keeps the bytes the same.
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        for (row, print) in printed {
            let sha256 = print.sha256.as_deref().ok_or_else(|| AppError::internal("a print without its paper"))?;
            zip.start_file(format!("{}.pdf", row.number), options).map_err(AppError::internal)?;
            zip.write_all(&self.read(sha256)?).map_err(AppError::internal)?;
        }
        zip.finish().map_err(AppError::internal)?;
        file.parts()
    }

    fn keep(&self, parts: impl Iterator<Item = Result<Bytes>>, kind: Kind) -> Result<Received> {
        let stream = futures_util::stream::iter(parts);
        block_on(self.files.receive(stream, u64::MAX, &[kind]))?
    }

    fn read(&self, sha256: &str) -> Result<Vec<u8>> {
        block_on(async {
            let (size, mut stream) = self.files.read(sha256).await?;
            let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
            while let Some(part) = stream.next().await {
                bytes.extend_from_slice(&part?);
            }
            Ok(bytes)
        })?
    }
}

fn worker() -> Caller {
    Caller::system("worker")
}

fn of_job(db: &Db, job: &Job, decision: DecisionId) -> Result<Vec<(Certificate, rows::Print)>> {
    let id = job.id;
    db.read_now(&worker(), move |cx: &mut Ctx<'_>| rows::prints_of_job(cx, id, decision))
}

fn more(total: i64, done: i64, at: &At) -> Result<Step> {
    Ok(Step::More { total, done, resume: serde_json::to_value(at).map_err(AppError::internal)? })
}

/// Workers are plain threads; the store of files is asynchronous.
fn block_on<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AppError::internal)?;
    Ok(runtime.block_on(work))
}

/// A file that is removed with its last user.
struct Scratch {
    file: std::fs::File,
    path: std::path::PathBuf,
}

impl Scratch {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("ocop-{}.zip", uuid::Uuid::now_v7().simple()));
        let file = std::fs::File::options().read(true).write(true).create_new(true).open(&path);
        Ok(Self { file: file.map_err(AppError::internal)?, path })
    }

    /// Its bytes from the beginning, a piece at a time.
    fn parts(mut self) -> Result<impl Iterator<Item = Result<Bytes>>> {
        use std::io::Seek;
        self.file.rewind().map_err(AppError::internal)?;
        Ok(std::iter::from_fn(move || {
            let mut part = vec![0; 256 * 1024];
            match self.file.read(&mut part) {
                Ok(0) => None,
                Ok(n) => {
                    part.truncate(n);
                    Some(Ok(Bytes::from(part)))
                }
                Err(e) => Some(Err(AppError::internal(e))),
            }
        }))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
