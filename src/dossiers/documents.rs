//! Papers of a dossier: put in, taken out.

use chrono::NaiveDate;

use super::model::{Document, Dossier};
use super::rules::{Desk, Party, Status, Stop};
use super::{book_of, intake, parties_of, store};
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::files::{self, Received};
use crate::ids::{DocumentId, DossierId};
use crate::rulebook::Stage;

/// What is told about a paper.
#[derive(Debug, Clone, Default)]
pub struct NewDocument {
    /// Stable word of its type.
    pub paper: String,
    /// In the sender's words.
    pub title: String,
    /// As uploaded.
    pub file_name: String,
    /// The number it bears.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    pub expires_on: Option<NaiveDate>,
    /// Criteria it proves.
    pub criteria: Vec<String>,
}

/// Whether the caller may put papers into the dossier now: the producer while it lies with him, an
/// office while it lies on its desk.
///
/// # Errors
/// 403 for who has no part in it, 409 for who has to wait.
pub fn may_add(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    if cx.actor().is_system() {
        return Ok(());
    }
    let parties = parties_of(cx, dossier)?;
    let office = match dossier.level {
        Desk::Commune => Party::Commune,
        Desk::District => Party::District,
        Desk::Province => Party::Province,
        Desk::Central => Party::Central,
    };
    if dossier.status.is_final() {
        return Err(Stop::Finished(dossier.status).into());
    }
    match (parties.contains(&Party::Producer), parties.contains(&office)) {
        (true, _) => intake::must_be_with_producer(dossier),
        (_, true) if dossier.status != Status::Draft => Ok(()),
        _ if parties.is_empty() => Err(AppError::Forbidden(Act::EditDossier.word())),
        _ => Err(Stop::NotWithProducer(dossier.status).into()),
    }
}

/// Puts a paper in.
///
/// # Errors
/// 409 when the rulebook has no such type, or it is not the caller's turn.
pub fn add(cx: &mut Ctx<'_>, dossier: &Dossier, received: &Received, new: NewDocument) -> Result<Document> {
    may_add(cx, dossier)?;
    let book = book_of(cx, dossier)?;
    if !book.papers.iter().any(|p| p.paper == new.paper) {
        return Err(Stop::PaperUnknown(new.paper).into());
    }
    files::note(cx, received)?;
    let row = Document {
        id: DocumentId::new(),
        dossier_id: dossier.id,
        paper: new.paper,
        title: new.title,
        sha256: received.sha256.clone(),
        file_name: new.file_name,
        number: new.number,
        issuer: new.issuer,
        issued_on: new.issued_on,
        expires_on: new.expires_on,
        criteria: Doc::of(&new.criteria),
        uploaded_by: cx.actor().user(),
        uploaded_at: cx.now,
        removed_at: None,
    };
    store::insert_document(cx, &row)?;
    let details = Details::none().with("document", row.id).with("paper", &row.paper).with("sha256", &row.sha256);
    audit::record(cx, "dossier.document_added", "dossier", dossier.id.0, details)?;
    Ok(row)
}

/// The papers that lie in a dossier.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<Document>> {
    store::documents(cx, dossier)
}

/// One paper of a dossier.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, dossier: DossierId, id: DocumentId) -> Result<Document> {
    list(cx, dossier)?.into_iter().find(|d| d.id == id).ok_or(AppError::NotFound)
}

/// Takes a paper out; its bytes stay as long as something else names them.
///
/// # Errors
/// 404, or 409 when it is not the caller's turn.
pub fn remove(cx: &mut Ctx<'_>, dossier: &Dossier, id: DocumentId) -> Result<Dossier> {
    let row = get(cx, dossier.id, id)?;
    may_add(cx, dossier)?;
    store::remove_document(cx, row.id, cx.now)?;
    let details = Details::none().with("document", row.id).with("paper", &row.paper);
    intake::save(cx, dossier.clone(), "dossier.document_removed", details)
}

/// The step that a stage word in a query means; the one that is next when not said.
pub(super) fn stage_of(dossier: &Dossier) -> Stage {
    match dossier.status {
        Status::Draft | Status::Submitted | Status::Returned => Stage::Filing,
        _ if dossier.level == Desk::Central || dossier.status == Status::ResultApproved => Stage::ToCentre,
        _ => Stage::ToCouncil,
    }
}
