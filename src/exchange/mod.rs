//! Lists of before this service, taken over in jobs; what an officer has to settle after; webhooks.

mod dto;
pub mod model;
pub mod routes;
pub mod rules;
mod show; // rows as the wire shows them
mod store;
mod take; // what a row of a list does to the register
pub mod webhooks; // what happens, told to the addresses that asked for it
mod work; // the job that reads a list

use crate::actor::{Reach, Role};
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::catalogue::import::Row;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{JobId, PlaceId, ProductId, RowId};
use crate::jobs;
use crate::keys::sha256_hex;
use crate::products;
use crate::text::{fold, nfc};

use model::{Import, OfficerTask, TaskKind, TaskState};
pub use work::{IMPORT_PRODUCTS, Summary, importer};

/// Puts a list in the queue; a worker takes it over row by row, or only reports on a dry run.
///
/// # Errors
/// 409 when the file is no list of products, 422 when it names a province of somebody else.
pub fn start_import(cx: &mut Ctx<'_>, text: &str, dry_run: bool) -> Result<JobId> {
    let text = nfc(text);
    let rows = rules::read_rows(&text)?;
    must_reach(cx, &rows)?;
    let sha256 = sha256_hex(text.as_bytes());
    let params = serde_json::json!({ "rows": rows.len(), "sha256": sha256, "dryRun": dry_run });
    let job = jobs::enqueue(cx, IMPORT_PRODUCTS, params)?;
    store::insert_import(cx, &Import { job_id: job, text, sha256: sha256.clone(), dry_run, created_at: cx.now })?;
    let details = Details::none().with("rows", rows.len()).with("sha256", sha256).with("dryRun", dry_run);
    audit::record(cx, "import.started", "job", job.0, details)?;
    Ok(job)
}

/// An officer imports lists of the own province only, under its old and new names.
fn must_reach(cx: &mut Ctx<'_>, rows: &[Row]) -> Result<()> {
    let roles: Vec<Role> = policy::roles(Act::ImportList).to_vec();
    let Reach::Offices(offices) = cx.actor().reach(&roles) else { return Ok(()) };
    let own: Vec<String> = store::provinces_in_reach(cx, offices)?.iter().map(|name| fold(name)).collect();
    let bare = |written: &str| {
        let folded = fold(written);
        folded.strip_prefix("tinh ").map(str::to_owned).unwrap_or(folded)
    };
    match rows.iter().position(|row| !row.province.is_empty() && !own.contains(&bare(&row.province))) {
        None => Ok(()),
        Some(at) => Err(AppError::field(
            "/province",
            "other_province",
            &format!("Dòng {} thuộc tỉnh khác; hãy bỏ các dòng ngoài địa bàn.", at + 2),
            &format!("Line {} is of another province; leave out the rows outside the territory.", at + 2),
        )),
    }
}

/// A task that the caller may know about.
///
/// # Errors
/// 404.
pub fn task(cx: &mut Ctx<'_>, id: RowId) -> Result<OfficerTask> {
    store::task(cx, id)?.ok_or(AppError::NotFound)
}

/// Settles a task: writes down what the officer found, and brings a product to its commune.
///
/// # Errors
/// 404; 409 when it was settled before; 422 when the unit is none.
pub fn settle(cx: &mut Ctx<'_>, id: RowId, place: Option<PlaceId>, note: &str) -> Result<OfficerTask> {
    task(cx, id)?;
    let held = store::lock_task(cx, id)?;
    if held.state == TaskState::Settled {
        return Err(rules::Stop::Settled.into());
    }
    if let (TaskKind::PlaceOfProduct, Some(place)) = (held.kind, place) {
        crate::producers::must_exist(cx, Some(place), "/placeId")?;
        products::complete_import(cx, ProductId(held.subject_id.0), &[], Some(place), false)?;
    }
    let mut detail = held.detail.0.clone();
    detail["settled"] = serde_json::json!({ "note": note, "placeId": place, "by": cx.actor().user() });
    store::settle_task(cx, id, &Doc(detail))?;
    let details = Details::none().with("kind", held.kind).with("subject", held.subject_id).with("place", place);
    audit::record(cx, "officerTask.settled", "officerTask", id.0, details)?;
    task(cx, id)
}
