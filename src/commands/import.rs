//! `ocop import`: what is published or recorded from files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, bail};
use clap::Subcommand;
use ocop::actor::Caller;
use ocop::db::{Ctx, Db};
use ocop::error::{AppError, Result};
use ocop::places::{self, calendar};
use ocop::programme;
use ocop::rulebook::{self, Rulebook};
use ocop::text::Lang;
use serde_json::{Value, json};

/// What is imported.
#[derive(Subcommand)]
pub enum Import {
    /// Criteria sets: our shape, or the table of a decision in its own words.
    Criteria {
        /// JSON files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Say what would be done and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// A list of products that exists, as CSV: products, producers, recognitions, tasks of officers.
    Products {
        /// A CSV file.
        file: PathBuf,
        /// Classify the rows and take nothing over.
        #[arg(long)]
        dry_run: bool,
    },
    /// A plan with its targets.
    Plan {
        /// A JSON file.
        file: PathBuf,
        /// Say what would be done and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// A rulebook.
    Rulebook {
        /// A JSON file.
        file: PathBuf,
        /// Say what would be done and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Units of a reform (columns of places.csv), and who follows whom.
    Places {
        /// A CSV file.
        file: PathBuf,
        /// A CSV file with the columns of successions.csv.
        #[arg(long)]
        successions: Option<PathBuf>,
        /// Say what would be done and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// The holidays and swapped working days of a year (date,kind,name,status).
    Holidays {
        /// A CSV file.
        file: PathBuf,
        /// Say what would be done and do nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// The result of an import: a value for machines, lines for people, whether all went well.
pub struct Report {
    /// For `--json`.
    pub value: Value,
    /// For people.
    pub lines: Vec<String>,
    /// False when a file was refused.
    pub good: bool,
}

/// Does an import.
///
/// # Errors
/// When a file cannot be read, or what is in it is refused.
pub fn run(db: &Db, import: &Import) -> anyhow::Result<Report> {
    match import {
        Import::Criteria { files, dry_run } => Ok(criteria(db, files, *dry_run)),
        Import::Products { file, dry_run } => super::products::run(db, &read(file)?, *dry_run),
        Import::Plan { file, dry_run } => {
            let json = read(file)?;
            let (code, new) = deed(db, *dry_run, move |cx| {
                programme::import(cx, &json).map(|(row, new)| (row.code, new))
            })?;
            let change = if new { "published" } else { "unchanged" };
            Ok(one(format!("{code}: {change}"), &json!({ "code": code, "change": change })))
        }
        Import::Rulebook { file, dry_run } => {
            let json = read(file)?;
            let book = Rulebook::parse(&json).map_err(|e| said(&e.into()))?;
            let done = deed(db, *dry_run, move |cx| rulebook::publish_rulebook(cx, &book))?;
            Ok(one(format!("{}: {}", done.code, done.change), &done))
        }
        Import::Places { file, successions, dry_run } => {
            let units = read(file)?;
            let steps = successions.as_deref().map(read).transpose()?;
            let done = deed(db, *dry_run, move |cx| places::import_units(cx, &units, steps.as_deref()))?;
            if !dry_run {
                places::refresh_reach(db, &mut |_, _, _| {}).map_err(|e| said(&e))?;
            }
            Ok(counted(&done))
        }
        Import::Holidays { file, dry_run } => {
            let days = calendar::read_csv(&read(file)?).map_err(|e| said(&e.into()))?;
            Ok(counted(&deed(db, *dry_run, move |cx| places::import_days(cx, &days))?))
        }
    }
}

fn one<T: serde::Serialize>(line: String, done: &T) -> Report {
    Report { value: json!(done), lines: vec![line], good: true }
}

fn counted(done: &places::Imported) -> Report {
    let line = format!(
        "{} rows: {} added, {} changed, {} removed, {} unchanged",
        done.rows, done.added, done.changed, done.removed, done.unchanged
    );
    one(line, done)
}

/// Each file stands for itself: one that is refused does not keep the others out.
fn criteria(db: &Db, files: &[PathBuf], dry_run: bool) -> Report {
    let mut report = Report { value: Value::Null, lines: Vec::new(), good: true };
    let mut published = Vec::new();
    let mut refused = Vec::new();
    for file in files {
        match one_set(db, file, dry_run) {
            Ok(sets) => {
                for set in &sets {
                    let line = format!("{} {} revision {}: {}", set.rulebook, set.code, set.revision, set.change);
                    report.lines.push(line);
                }
                published.extend(sets);
            }
            Err(e) => {
                report.lines.push(format!("{}: {e:#}", file.display()));
                refused.push(json!({ "file": file, "why": format!("{e:#}") }));
            }
        }
    }
    report.good = refused.is_empty();
    report.value = json!({ "published": published, "refused": refused });
    report
}

fn one_set(db: &Db, file: &Path, dry_run: bool) -> anyhow::Result<Vec<rulebook::PublishedSet>> {
    let json: Value = serde_json::from_str(&read(file)?).context("not JSON")?;
    let set = rulebook::read_set(&json).map_err(|e| said(&e))?;
    deed(db, dry_run, move |cx| rulebook::publish_set(cx, &set))
}

fn read(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    if text.contains('\0') {
        bail!("{} holds the character U+0000", file.display());
    }
    Ok(ocop::text::nfc(&text))
}

/// Does a deed; a dry run does it inside a savepoint and takes it back.
fn deed<T: Send + 'static>(
    db: &Db,
    dry_run: bool,
    f: impl Fn(&mut Ctx<'_>) -> Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let command = Caller::system("import");
    if !dry_run {
        return db.write_now(&command, f).map_err(|e| said(&e));
    }
    let slot: Arc<Mutex<Option<Result<T>>>> = Arc::default();
    let kept = Arc::clone(&slot);
    let tried = db.write_now(&command, move |cx| {
        let taken_back = cx.try_step(|cx| {
            if let Ok(mut place) = kept.lock() {
                *place = Some(f(cx));
            }
            Err::<(), _>(AppError::internal("dry run"))
        });
        drop(taken_back);
        Ok(())
    });
    tried.map_err(|e| said(&e))?;
    let done = slot.lock().ok().and_then(|mut place| place.take());
    done.context("the dry run was not carried out")?.map_err(|e| said(&e))
}

/// A refusal in the words of its rules, with the parts it lists.
pub(super) fn said(e: &AppError) -> anyhow::Error {
    let problem = e.problem(Lang::En, "", "");
    let items: String =
        problem.errors.iter().map(|i| format!("\n  {}: {} ({})", i.pointer, i.detail, i.code)).collect();
    match problem.status {
        500 => anyhow::anyhow!("{e}"),
        _ => anyhow::anyhow!("{}: {}{items}", problem.code, problem.detail),
    }
}
