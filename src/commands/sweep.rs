//! `ocop sweep`: forgets what is no longer needed, and looks for bytes without a row and rows without
//! bytes. For a timer, once a day.

use std::process::ExitCode;

use ocop::actor::Caller;
use ocop::config::Config;
use ocop::files::Files;
use ocop::files::sweep::{self, GRACE_SECONDS};
use ocop::{auth, web};

/// How a sweep is done.
#[derive(clap::Args)]
pub struct Args {
    /// Hours that bytes may lie without a row before they are put aside, and aside before they are forgotten.
    #[arg(long, default_value_t = GRACE_SECONDS / 3600, value_parser = clap::value_parser!(i64).range(0..87_600))]
    grace_hours: i64,
}

/// What was forgotten.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Swept {
    idempotency_keys: usize,
    sign_ins: usize,
    files: sweep::Swept,
}

/// Sweeps; the exit code is 0 only when no document is missing.
///
/// # Errors
/// When the database or the store fails.
pub fn sweep(json: bool, config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let db = super::open(config)?;
    let (idempotency_keys, sign_ins) =
        db.write_now(&Caller::system("sweep"), |cx| Ok((web::idempotency::sweep(cx)?, auth::sweep(cx)?)))?;
    let files = Files::open(config)?;
    let files = actix_web::rt::System::new().block_on(sweep::sweep(&db, &files, args.grace_hours * 3600))?;
    let swept = Swept { idempotency_keys, sign_ins, files };
    super::print(json, &swept, || in_words(&swept))?;
    Ok(if swept.files.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_words(swept: &Swept) -> String {
    let Swept { idempotency_keys, sign_ins, files } = swept;
    let missing: String =
        files.missing.iter().map(|hash| format!("\n  missing: {hash}; put it back from a backup")).collect();
    format!(
        "forgot {idempotency_keys} retry keys, {sign_ins} rows of sign-ins and one-time codes\n\
         documents without a row: {} put aside, {} put back, {} forgotten for good ({} bytes), {} small pictures{missing}",
        files.put_aside, files.put_back, files.forgotten, files.bytes, files.small_pictures
    )
}
