//! `ocop sweep`: forgets what is no longer needed, looks for bytes without a row and rows without bytes, and
//! tells what must be told today: deadlines that are near or past, papers about to expire. For a timer,
//! once a day; a running service does the telling itself, and whoever comes second finds it done.

use std::process::ExitCode;

use ocop::actor::Caller;
use ocop::config::Config;
use ocop::dossiers::reminders::{self, Phase, Progress, Swept as Reminded};
use ocop::files::Files;
use ocop::files::sweep::{self, GRACE_SECONDS};
use ocop::{auth, exchange, web};

/// How a sweep is done.
#[derive(clap::Args)]
pub struct Args {
    /// Hours that bytes may lie without a row before they are put aside, and aside before they are forgotten.
    #[arg(long, default_value_t = GRACE_SECONDS / 3600, value_parser = clap::value_parser!(i64).range(0..87_600))]
    grace_hours: i64,
}

/// What was forgotten and what was told.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Swept {
    idempotency_keys: usize,
    sign_ins: usize,
    deliveries: usize,
    files: sweep::Swept,
    reminders: Reminded,
}

/// Sweeps; the exit code is 0 only when no document is missing and every row could be handled.
///
/// # Errors
/// When the database or the store fails.
pub fn sweep(json: bool, config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let db = super::open(config)?;
    let caller = Caller::system("sweep");
    let (idempotency_keys, sign_ins, deliveries) = db.write_now(&caller, |cx| {
        Ok((web::idempotency::sweep(cx)?, auth::sweep(cx)?, exchange::webhooks::sweep(cx)?))
    })?;
    let mut progress = Progress::default();
    while progress.phase != Phase::Done {
        let from = progress.clone();
        progress = db.write_now(&caller, move |cx| reminders::sweep(cx, &from))?;
    }
    let store = Files::open(config)?;
    let files = actix_web::rt::System::new().block_on(sweep::sweep(&db, &store, args.grace_hours * 3600))?;
    let swept = Swept { idempotency_keys, sign_ins, deliveries, files, reminders: progress.swept };
    super::print(json, &swept, || in_words(&swept))?;
    let whole = swept.files.missing.is_empty() && swept.reminders.failures == 0;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_words(swept: &Swept) -> String {
    let Swept { idempotency_keys, sign_ins, deliveries, files, reminders: told } = swept;
    let mut text = format!(
        "forgot {idempotency_keys} retry keys, {sign_ins} rows of sign-ins, one-time codes and letters, {deliveries} webhook deliveries\n\
         rows of documents that nothing refers to: {}\n\
         documents without a row: {} put aside, {} put back, {} forgotten for good ({} bytes), {} small pictures\n\
         told {} deadlines past, {} near, {} papers about to expire, {} requests for completion, in {} letters",
        files.rows,
        files.put_aside,
        files.put_back,
        files.forgotten,
        files.bytes,
        files.small_pictures,
        told.overdue,
        told.near,
        told.papers,
        told.completions,
        told.letters
    );
    for hash in &files.missing {
        text.push_str(&format!("\n  missing: {hash}; put it back from a backup"));
    }
    for failed in &told.failed {
        text.push_str(&format!("\n  could not handle {}: {}", failed.id, failed.why));
    }
    text
}
