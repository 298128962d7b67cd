//! Papers of a dossier: references to versions of papers, put in and taken out.

use super::model::{Document, Dossier, Reference};
use super::rules::{Desk, Party, Status, Stop};
use super::{book_of, intake, parties_of, store};
use crate::actor::{Grant, Role};
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::files::{self, Received};
use crate::ids::{DocumentId, DossierId, EvidenceId, EvidenceVersionId, ProductId};
use crate::products::evidence::{self, NewEvidence};
use crate::products::{self, Evidence};
use crate::rulebook::{Rulebook, Stage};

/// Who puts papers into a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Who speaks for the producer; the service itself too.
    Producer,
    /// The office on whose desk the dossier lies.
    Office,
}

/// As whom the caller may put papers into the dossier now: the producer while it lies with him, an
/// office while it lies on its desk.
///
/// # Errors
/// 403 for who has no part in it, 409 for who has to wait.
pub fn may_add(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Sender> {
    if cx.actor().is_system() {
        return Ok(Sender::Producer);
    }
    let parties = parties_of(cx, dossier)?;
    let office = dossier.level.party();
    if dossier.status.is_final() {
        return Err(Stop::Finished(dossier.status).into());
    }
    match (parties.contains(&Party::Producer), parties.contains(&office)) {
        (true, _) => intake::must_be_with_producer(dossier).map(|()| Sender::Producer),
        (_, true) if dossier.status != Status::Draft => Ok(Sender::Office),
        _ if parties.is_empty() => Err(AppError::Forbidden(Act::EditDossier.word())),
        _ => Err(Stop::NotWithProducer(dossier.status).into()),
    }
}

/// Puts a paper that was sent in: the producer's goes into the library too, an office's stays with
/// the dossier.
///
/// # Errors
/// 409 when the rulebook has no such type, or it is not the caller's turn.
pub fn add(cx: &mut Ctx<'_>, dossier: &Dossier, received: &Received, new: NewEvidence) -> Result<DocumentId> {
    let by_office = may_add(cx, dossier)? == Sender::Office;
    must_be_known(&book_of(cx, dossier)?, &new.paper)?;
    let criteria = Doc::of(&new.criteria);
    let (paper, version) = evidence::add(cx, dossier.producer_id, by_office, received, new)?;
    let id = refer_to(cx, dossier.id, version.id, criteria)?;
    let details = Details::none().with("document", id).with("paper", &paper.paper).with("sha256", &version.sha256);
    audit::record(cx, "dossier.document_added", "dossier", dossier.id.0, details)?;
    Ok(id)
}

fn must_be_known(book: &Rulebook, paper: &str) -> Result<()> {
    match book.papers.iter().any(|p| p.paper == paper) {
        true => Ok(()),
        false => Err(Stop::PaperUnknown(paper.to_owned()).into()),
    }
}

/// Makes a dossier refer to one version of a paper.
pub(super) fn refer_to(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    version: EvidenceVersionId,
    criteria: Doc,
) -> Result<DocumentId> {
    let row = Reference {
        id: DocumentId::new(),
        dossier_id: dossier,
        version_id: version,
        criteria,
        added_by: cx.actor().user(),
        added_at: cx.now,
        removed_at: None,
    };
    store::insert_reference(cx, &row)?;
    Ok(row.id)
}

/// Refers to papers of the library in their newest versions. One that lies here in an older version
/// is replaced, and the self-marks that it proves follow; one that lies here as it is stays.
///
/// # Errors
/// 404 for a paper of another library, 409 when it is not the caller's turn or the rulebook has no
/// such type, 422 for a paper of another producer or about other products.
pub fn refer(cx: &mut Ctx<'_>, dossier: &Dossier, ids: &[EvidenceId]) -> Result<Dossier> {
    may_add(cx, dossier)?;
    let book = book_of(cx, dossier)?;
    let same = products::same_as(cx, dossier.product_id)?;
    let lying = list(cx, dossier.id)?;
    let mut added = Vec::new();
    for (paper, version) in evidence::pick(cx, ids)? {
        must_fit(dossier, &paper, &same)?;
        must_be_known(&book, &paper.paper)?;
        let old: Vec<&Document> = lying.iter().filter(|d| d.evidence.id == paper.id).collect();
        if old.iter().any(|d| d.version.id == version.id) {
            continue;
        }
        let new = refer_to(cx, dossier.id, version.id, paper.criteria)?;
        for before in old {
            store::remove_document(cx, before.reference.id, cx.now)?;
            follow(cx, dossier.id, before.reference.id, new)?;
        }
        added.push(new);
    }
    intake::save(cx, dossier.clone(), "dossier.documents_referred", Details::none().with("documents", added))
}

fn must_fit(dossier: &Dossier, paper: &Evidence, same: &[ProductId]) -> Result<()> {
    let about: Vec<ProductId> = paper.products.read().unwrap_or_default();
    let fits = about.is_empty() || about.iter().any(|p| same.contains(p));
    match paper.producer_id == dossier.producer_id && fits {
        true => Ok(()),
        false => Err(AppError::field(
            "/evidence",
            "other_product",
            &format!("Giấy tờ {} thuộc chủ thể khác hoặc chỉ dùng cho sản phẩm khác.", paper.id),
            &format!("The paper {} belongs to another producer, or is about other products only.", paper.id),
        )),
    }
}

/// Self-marks that a paper proved are proved by the one that replaces it.
fn follow(cx: &mut Ctx<'_>, dossier: DossierId, old: DocumentId, new: DocumentId) -> Result<()> {
    for mut mark in store::marks(cx, dossier)? {
        let proofs: Vec<DocumentId> = mark.evidence.read().unwrap_or_default();
        if proofs.contains(&old) {
            let proofs = proofs.into_iter().map(|p| if p == old { new } else { p });
            mark.evidence = Doc::of(&proofs.collect::<Vec<_>>());
            store::put_mark(cx, &mark)?;
        }
    }
    Ok(())
}

/// Refuses a dossier whose papers hold more than they may together; the same bytes count once.
///
/// # Errors
/// 409 with the limit and what there is.
pub fn must_have_room(cx: &mut Ctx<'_>, dossier: &Dossier, limit: u64) -> Result<()> {
    let hashes: Vec<String> = list(cx, dossier.id)?.into_iter().map(|d| d.version.sha256).collect();
    let held: u64 = files::find_all(cx, &hashes)?.values().map(|f| u64::try_from(f.bytes).unwrap_or_default()).sum();
    match held <= limit {
        true => Ok(()),
        false => Err(files::Stop::DossierFull(limit, held).into()),
    }
}

/// Refuses a dossier with a paper in which the scanner found something: it passes into no other hands.
///
/// # Errors
/// 409.
pub(super) fn must_be_clean(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    let hashes: Vec<String> = list(cx, dossier.id)?.into_iter().map(|d| d.version.sha256).collect();
    match files::find_all(cx, &hashes)?.values().any(|f| f.scan == files::Scan::Infected) {
        true => Err(files::Stop::Infected.into()),
        false => Ok(()),
    }
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
    list(cx, dossier)?.into_iter().find(|d| d.reference.id == id).ok_or(AppError::NotFound)
}

/// Writes down that somebody else than the dossier's own producer reads a paper: it may bear personal data.
///
/// # Errors
/// When the database fails.
pub fn note_reading(cx: &mut Ctx<'_>, dossier: &Dossier, document: DocumentId) -> Result<()> {
    let own = |g: &Grant| g.role == Role::Producer && g.producer == Some(dossier.producer_id);
    if cx.actor().grants.iter().any(own) {
        return Ok(());
    }
    let details = Details::none().with("document", document);
    audit::record(cx, "dossier.document_read", "dossier", dossier.id.0, details)
}

/// Takes a paper out; it stays in the library, and its bytes as long as something names them.
///
/// # Errors
/// 404, or 409 when it is not the caller's turn.
pub fn remove(cx: &mut Ctx<'_>, dossier: &Dossier, id: DocumentId) -> Result<Dossier> {
    let row = get(cx, dossier.id, id)?;
    may_add(cx, dossier)?;
    store::remove_document(cx, id, cx.now)?;
    let details = Details::none().with("document", id).with("paper", &row.evidence.paper);
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
