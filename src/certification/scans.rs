//! Scans of decisions as they were signed and stamped on paper: kept beside the record, in place of
//! nothing. A scan may bear personal data, so that nobody outside the offices reads it unless somebody
//! marked it as public, and the decision is.

use super::model::{Decision, DecisionState};
use super::offices;
use super::rules::{DecisionKind, Stop};
use super::store::scans::{self as store, Scan};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::files::{self, Form, Kind};
use crate::ids::{DecisionId, RowId};
use crate::outbox::{self, Topic};

/// What a scan may be.
pub(super) const KINDS: &[Kind] = &[Kind::Pdf, Kind::Png, Kind::Jpeg, Kind::Webp];
/// The texts of a form with a scan.
pub(super) const FIELDS: &[&str] = &["public"];

/// 403 outside the office of the decision.
pub(super) fn must_keep(cx: &mut Ctx<'_>, row: &Decision) -> Result<()> {
    offices::must_scan(cx, row.level, row.place_id)
}

/// Puts a scan beside a decision.
///
/// # Errors
/// 409 before it is signed, 422 where `public` is no yes or no.
pub(super) fn attach(cx: &mut Ctx<'_>, row: &Decision, form: &Form) -> Result<RowId> {
    if !matches!(row.state, DecisionState::Signed | DecisionState::Published) {
        return Err(Stop::DecisionMoment(row.state.label()).into());
    }
    let public = match form.text("public").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            return Err(AppError::field(
                "/public",
                "wrong_type",
                "public là true hoặc false.",
                "public is true or false.",
            ));
        }
    };
    files::note(cx, &form.file)?;
    let scan = Scan {
        id: RowId::new(),
        decision_id: row.id,
        sha256: form.file.sha256.clone(),
        file_name: form.file_name.clone(),
        public,
        by_user: cx.actor().user(),
        at: cx.now,
    };
    store::insert(cx, &scan)?;
    let details = Details::none().with("scan", scan.id).with("sha256", &scan.sha256).with("public", public);
    audit::record(cx, "decision.scan_attached", "decision", row.id.0, details)?;
    tell(cx, row, public)?;
    Ok(scan.id)
}

/// Says whether everybody may read a scan once the decision is published.
///
/// # Errors
/// 404.
pub(super) fn mark(cx: &mut Ctx<'_>, row: &Decision, id: RowId, public: bool) -> Result<Scan> {
    let before = one(cx, row.id, id)?;
    if before.public == public {
        return Ok(before);
    }
    store::mark(cx, id, public)?;
    let details = Details::none().with("scan", id).changed("public", before.public, public);
    audit::record(cx, "decision.scan_marked", "decision", row.id.0, details)?;
    tell(cx, row, true)?;
    Ok(Scan { public, ..before })
}

/// What everybody reads of the decision has changed.
fn tell(cx: &mut Ctx<'_>, row: &Decision, changes: bool) -> Result<()> {
    match changes && row.state == DecisionState::Published && row.kind != DecisionKind::NotRecognition {
        true => outbox::tell(cx, Topic::Decision, row.id.0, serde_json::json!({ "scans": true })),
        false => Ok(()),
    }
}

/// The scans of a decision, in the order in which they came.
///
/// # Errors
/// When the database fails.
pub(super) fn of(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<Vec<Scan>> {
    store::of(cx, decision)
}

/// One of them.
///
/// # Errors
/// 404.
pub(super) fn one(cx: &mut Ctx<'_>, decision: DecisionId, id: RowId) -> Result<Scan> {
    of(cx, decision)?.into_iter().find(|s| s.id == id).ok_or(AppError::NotFound)
}

/// Writes down that somebody reads a scan.
///
/// # Errors
/// When the database fails.
pub(super) fn note_reading(cx: &mut Ctx<'_>, scan: &Scan) -> Result<()> {
    audit::record(cx, "decision.scan_read", "decision", scan.decision_id.0, Details::none().with("scan", scan.id))
}

/// The scans that everybody may read of a decision that is published.
///
/// # Errors
/// When the database fails.
pub fn public_scans(cx: &mut Ctx<'_>, row: &Decision) -> Result<Vec<Scan>> {
    match row.state {
        DecisionState::Published => Ok(of(cx, row.id)?.into_iter().filter(|s| s.public).collect()),
        _ => Ok(Vec::new()),
    }
}
