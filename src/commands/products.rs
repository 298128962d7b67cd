//! `ocop import products`: puts the list in the queue and works on it here, with progress in sight.
//! Another worker may help or go on after a kill.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ocop::actor::Caller;
use ocop::app::{self, ReferenceScope};
use ocop::db::Db;
use ocop::exchange::{self, IMPORT_PRODUCTS, Summary};
use ocop::ids::JobId;
use ocop::jobs::{self, Handlers, Job, JobState, Step};

use super::import::{Report, said};

/// Takes a list over; gives what it came to.
///
/// # Errors
/// When the file is no list, or the job fails.
pub fn run(db: &Db, text: &str, dry_run: bool) -> anyhow::Result<Report> {
    let command = Caller::system("import");
    prepare(db)?;
    let list = text.to_owned();
    let id = db.write_now(&command, move |cx| exchange::start_import(cx, &list, dry_run)).map_err(|e| said(&e))?;
    let bar = Progress::new("rows");
    let job = work(db, id, &bar)?;
    bar.end();
    let result = job.result.context("the job has no result")?;
    let sum: Summary = result.read()?;
    Ok(Report { value: result.0, lines: lines(&sum, dry_run, id), good: true })
}

/// Names of places are needed to read an address: a new database gets the reference data first.
fn prepare(db: &Db) -> anyhow::Result<()> {
    if app::has_reference(db).map_err(|e| said(&e))? {
        return Ok(());
    }
    let bar = Progress::new("reference");
    app::load_reference(db, ReferenceScope::Whole, &mut |what, done, all| bar.at(what, done as u64, all as u64))
        .map_err(|e| said(&e))?;
    bar.end();
    Ok(())
}

/// Works on waiting imports until this one has ended, here or elsewhere.
fn work(db: &Db, id: JobId, bar: &Progress) -> anyhow::Result<Job> {
    let command = Caller::system("import");
    let (import, shown) = (exchange::importer(), bar.clone());
    let handlers = Handlers::default().with(IMPORT_PRODUCTS, move |cx, job| {
        let step = import(cx, job)?;
        if let Step::More { total, done, .. } = &step {
            shown.at("rows", u64::try_from(*done).unwrap_or(0), u64::try_from(*total).unwrap_or(0));
        }
        Ok(step)
    });
    loop {
        let job = db.read_now(&command, |cx| jobs::get(cx, id)).map_err(|e| said(&e))?;
        match job.state {
            JobState::Done => return Ok(job),
            JobState::Failed => bail!("the import failed: {}", job.error.unwrap_or_default()),
            JobState::Waiting | JobState::Running => {}
        }
        if !jobs::work_once(db, &handlers).map_err(|e| said(&e))? {
            std::thread::sleep(Duration::from_millis(250));
        }
    }
}

fn lines(sum: &Summary, dry_run: bool, id: JobId) -> Vec<String> {
    let mut lines = vec![format!(
        "{} rows: {} accepted, {} doubtful, {} rejected, {} unchanged; {} recognitions",
        sum.rows, sum.accepted, sum.doubtful, sum.rejected, sum.unchanged, sum.recognitions
    )];
    match () {
        () if dry_run => lines.push("dry run: nothing was taken over".into()),
        () if sum.unchanged == sum.rows => lines.push("nothing changed: everything was there already".into()),
        () if sum.doubtful > 0 => lines.push("officers have questions to settle: GET /v1/officer-tasks".into()),
        () => {}
    }
    lines.push(format!("each row: GET /v1/imports/{id}/rows"));
    lines
}

/// A bar on a terminal, plain lines elsewhere.
#[derive(Clone)]
struct Progress {
    bar: ProgressBar,
    plain: bool,
}

impl Progress {
    fn new(what: &'static str) -> Self {
        let plain = !std::io::stderr().is_terminal();
        let target = if plain { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(0), target).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg:12} [{bar:40}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, plain }
    }

    fn at(&self, what: &str, done: u64, all: u64) {
        self.bar.set_length(all);
        self.bar.set_position(done);
        self.bar.set_message(what.to_owned());
        if self.plain {
            eprintln!("{what}: {done}/{all}");
        }
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
