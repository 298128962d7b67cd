//! The job that reads a list: first every row is classified and its report kept, then the rows are
//! taken over, at most [`CHUNK`] in one deed. The point to go on from is written with each chunk, so
//! a worker that is killed loses nothing and does nothing twice.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::ImportRow;
use super::{rules, store, take};
use crate::catalogue::import::{
    FileReport, IssuingLevel, KnownPlace, KnownProduct, Lookups, PlaceBook, PlaceLevel, ProductRef, RecognitionPlan,
    Row, RowClass, classify_file, producer_key,
};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{JobId, PlaceId, ProductId};
use crate::jobs::{Job, Step};
use crate::places::{Level, Place};
use crate::products::{self, Product};
use crate::rulebook::{self, Authority, DossierKind, Rulebook};

/// The kind of the job.
pub const IMPORT_PRODUCTS: &str = "import_products";

/// Rows of one deed.
const CHUNK: usize = 200;

/// What an import came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Rows of the file.
    pub rows: i64,
    /// Rows taken over without a question.
    pub accepted: i64,
    /// Rows taken over with a question to an officer.
    pub doubtful: i64,
    /// Rows not taken over.
    pub rejected: i64,
    /// Rows that add nothing.
    pub unchanged: i64,
    /// Recognitions taken over.
    pub recognitions: i64,
}

/// Where a job goes on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "phase")]
enum At {
    /// Classifying: rows that have their report.
    Read {
        /// Rows that have their report.
        next: usize,
    },
    /// Taking over: the last line that was, and the recognitions so far.
    Take {
        /// The last line that was taken over.
        line: i32,
        /// Recognitions so far.
        recognitions: i64,
    },
}

/// The reports of the file that a worker is reading: a cache that can be lost.
type Kept = Mutex<Option<(JobId, Arc<FileReport>)>>;

/// The handler of the job.
pub fn importer() -> impl Fn(&mut Ctx<'_>, &Job) -> Result<Step> + Send + Sync + 'static {
    let kept = Kept::default();
    move |cx, job| step(cx, job, &kept)
}

fn step(cx: &mut Ctx<'_>, job: &Job, kept: &Kept) -> Result<Step> {
    let at = match job.resume.0.is_null() {
        true => At::Read { next: 0 },
        false => job.resume.read().map_err(AppError::internal)?,
    };
    match at {
        At::Read { next } => read(cx, job, kept, next),
        At::Take { line, recognitions } => take_over(cx, job, line, recognitions),
    }
}

fn read(cx: &mut Ctx<'_>, job: &Job, kept: &Kept, next: usize) -> Result<Step> {
    let import = store::import(cx, job.id)?.ok_or_else(|| AppError::internal("the list of the job is gone"))?;
    let report = reports(cx, job.id, &import.text, kept)?;
    let all = report.reports.len();
    let total = count(if import.dry_run { all } else { 2 * all });
    if next < all {
        let rows: Vec<ImportRow> = report.reports[next..].iter().take(CHUNK).map(|r| row(job.id, r)).collect();
        store::insert_rows(cx, &rows)?;
        let next = next + rows.len();
        return more(total, count(next), At::Read { next });
    }
    if import.dry_run {
        return Ok(Step::Done(json!(summary(cx, job.id, count(report.recognitions))?)));
    }
    more(total, count(all), At::Take { line: 0, recognitions: 0 })
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn more(total: i64, done: i64, at: At) -> Result<Step> {
    Ok(Step::More { total, done, resume: serde_json::to_value(at).map_err(AppError::internal)? })
}

fn row(job: JobId, report: &crate::catalogue::import::RowReport) -> ImportRow {
    ImportRow {
        job_id: job,
        line: i32::try_from(report.line).unwrap_or(i32::MAX),
        class: report.class,
        report: Doc::of(report),
        product_id: None,
    }
}

fn take_over(cx: &mut Ctx<'_>, job: &Job, line: i32, mut recognitions: i64) -> Result<Step> {
    store::one_at_a_time(cx)?;
    let rows = store::rows(cx, job.id, None, line, count(CHUNK))?;
    let Some(last) = rows.last().map(|r| r.line) else {
        return Ok(Step::Done(json!(summary(cx, job.id, recognitions)?)));
    };
    for row in &rows {
        recognitions += i64::from(take::row(cx, row)?);
    }
    // Lines begin at 2, and every row has one.
    let done = job.total / 2 + i64::from(last) - 1;
    more(job.total, done, At::Take { line: last, recognitions })
}

fn summary(cx: &mut Ctx<'_>, job: JobId, recognitions: i64) -> Result<Summary> {
    let mut of = |class| store::count(cx, job, class);
    let (accepted, doubtful) = (of(RowClass::Accepted)?, of(RowClass::Doubtful)?);
    let (rejected, unchanged) = (of(RowClass::Rejected)?, of(RowClass::Unchanged)?);
    let rows = accepted + doubtful + rejected + unchanged;
    Ok(Summary { rows, accepted, doubtful, rejected, unchanged, recognitions })
}

/// The reports of all rows, made once per worker and job: the register does not change by this job
/// before all of them are kept.
fn reports(cx: &mut Ctx<'_>, job: JobId, text: &str, kept: &Kept) -> Result<Arc<FileReport>> {
    let held = kept.lock().map_err(AppError::internal)?.clone();
    if let Some((of, report)) = held
        && of == job
    {
        return Ok(report);
    }
    let report = Arc::new(classify(cx, &rules::read_rows(text)?)?);
    *kept.lock().map_err(AppError::internal)? = Some((job, Arc::clone(&report)));
    Ok(report)
}

fn classify(cx: &mut Ctx<'_>, rows: &[Row]) -> Result<FileReport> {
    let all = store::all_places(cx)?;
    let book = place_book(cx, &all)?;
    let books: Vec<Rulebook> = rulebook::all(cx)?.into_iter().map(|b| b.book).collect();
    let keys: BTreeSet<String> = rows.iter().map(|r| producer_key(&r.producer, &r.province)).collect();
    let communes = all.iter().filter(|p| p.level == Level::Commune).map(|p| p.id).collect();
    let known = registered(cx, keys, &communes)?;
    let recognises = |star: u8, on| {
        let book = rulebook::in_force(&books, DossierKind::First, on).ok()?;
        Some(level_of(book.authority(on, star).ok()?.recognises?))
    };
    let registered = |key: &str| known.get(key).cloned().unwrap_or_default();
    // Records of units begin with the last day of three tiers: what ended before has candidates only.
    let records_from = chrono::NaiveDate::from_ymd_opt(2025, 6, 30).ok_or_else(|| AppError::internal("no such day"))?;
    let lookups =
        Lookups { places: &book, records_from, recognises: &recognises, registered: &registered, today: cx.today() };
    Ok(classify_file(rows, &lookups))
}

fn level_of(level: Authority) -> IssuingLevel {
    match level {
        Authority::District => IssuingLevel::District,
        Authority::Province => IssuingLevel::Province,
        Authority::Central => IssuingLevel::Centre,
    }
}

fn place_book(cx: &mut Ctx<'_>, all: &[Place]) -> Result<PlaceBook> {
    let mut variants: HashMap<_, Vec<String>> = HashMap::new();
    for (place, variant) in store::spellings(cx)? {
        variants.entry(place).or_default().push(variant);
    }
    let mut successors: HashMap<_, Vec<String>> = HashMap::new();
    for (old, new) in store::successions(cx)? {
        successors.entry(old).or_default().push(new.to_string());
    }
    let known = |place: &Place| KnownPlace {
        id: place.id.to_string(),
        level: match place.level {
            Level::Province => PlaceLevel::Province,
            Level::District => PlaceLevel::District,
            Level::Commune => PlaceLevel::Commune,
        },
        kind: place.kind.label().vi,
        name: place.name.clone(),
        full_name: place.full_name.clone(),
        variants: variants.get(&place.id).cloned().unwrap_or_default(),
        parent: place.parent_id.map(|id| id.to_string()),
        valid_to: place.valid_to,
        successors: successors.get(&place.id).cloned().unwrap_or_default(),
    };
    Ok(PlaceBook::new(all.iter().map(known).collect()))
}

/// What the register has under each key.
fn registered(
    cx: &mut Ctx<'_>,
    keys: BTreeSet<String>,
    communes: &HashSet<PlaceId>,
) -> Result<HashMap<String, Vec<KnownProduct>>> {
    let mut found = HashMap::new();
    for key in keys {
        let rows = products::imported_under(cx, &key)?;
        found.insert(key, rows);
    }
    let ids: Vec<ProductId> = found.values().flatten().map(|(row, _)| row.id).collect();
    let mut acts: HashMap<ProductId, Vec<RecognitionPlan>> = HashMap::new();
    for row in store::recognised(cx, &ids)? {
        let star = u8::try_from(row.stars).unwrap_or(0);
        let act = RecognitionPlan { star, level: level_of(row.level), decision_no: row.number, on: row.on };
        acts.entry(row.product).or_default().push(act);
    }
    let known = |(row, names): (Product, Vec<String>)| KnownProduct {
        product: ProductRef::Registered(row.id.to_string()),
        names,
        recognitions: acts.get(&row.id).cloned().unwrap_or_default(),
        has_place: row.place_id.is_some_and(|p| communes.contains(&p)),
    };
    Ok(found.into_iter().map(|(key, rows)| (key, rows.into_iter().map(&known).collect())).collect())
}
