//! `ocop sweep`: forgets what is no longer needed, and tells what must be told today: deadlines that are
//! near or past, papers about to expire. For a timer, once a day; a running service does the second part
//! itself, and whoever comes second finds it done.

use ocop::actor::Caller;
use ocop::db::Db;
use ocop::dossiers::reminders::{self, Phase, Progress, Swept as Reminded};
use ocop::{auth, web};

/// What was forgotten and what was told.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Swept {
    idempotency_keys: usize,
    sign_ins: usize,
    reminders: Reminded,
}

/// Sweeps.
///
/// # Errors
/// When the database fails; and, after everything else was done, when single rows could not be handled.
pub fn sweep(json: bool, db: &Db) -> anyhow::Result<()> {
    let caller = Caller::system("sweep");
    let (idempotency_keys, sign_ins) =
        db.write_now(&caller, |cx| Ok((web::idempotency::sweep(cx)?, auth::sweep(cx)?)))?;
    let mut progress = Progress::default();
    while progress.phase != Phase::Done {
        let from = progress.clone();
        progress = db.write_now(&caller, move |cx| reminders::sweep(cx, &from))?;
    }
    let swept = Swept { idempotency_keys, sign_ins, reminders: progress.swept };
    super::print(json, &swept, || said(&swept))?;
    match swept.reminders.failures {
        0 => Ok(()),
        n => anyhow::bail!("{n} rows could not be handled; the others were"),
    }
}

fn said(swept: &Swept) -> String {
    let told = &swept.reminders;
    let mut text = format!(
        "forgot {} retry keys, {} rows of sign-ins and letters; told {} deadlines past, {} near, {} papers about to expire, in {} letters",
        swept.idempotency_keys, swept.sign_ins, told.overdue, told.near, told.papers, told.letters
    );
    for failed in &told.failed {
        text.push_str(&format!("\ncould not handle {}: {}", failed.id, failed.why));
    }
    text
}
