//! What goes from one dossier into the next: papers and marks, nothing sent twice.

use std::collections::HashMap;

use super::documents;
use super::model::Dossier;
use super::store;
use crate::db::{Ctx, Doc};
use crate::error::Result;
use crate::ids::{DocumentId, EvidenceId, EvidenceVersionId};
use crate::products::evidence;
use crate::rulebook::CriteriaSet;
use crate::rulebook::marks::check_mark;

/// Which papers go along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carry {
    /// All, in the versions that lay there: the same request under another law.
    AsTheyLay,
    /// The producer's own that are still kept, in their newest versions: a new request.
    Newest,
}

/// Carries papers over, and the marks that the table of `to` still takes.
pub(super) fn carry_over(cx: &mut Ctx<'_>, from: &Dossier, to: &Dossier, set: &CriteriaSet, how: Carry) -> Result<()> {
    let copies = papers(cx, from, to, how)?;
    let marks = super::marks_of(cx, from.id)?;
    for mut mark in store::marks(cx, from.id)? {
        let choice = marks.get(&mark.criterion).cloned().unwrap_or_default();
        if check_mark(set, &mark.criterion, &choice, &marks).is_ok() {
            mark.dossier_id = to.id;
            let proofs: Vec<DocumentId> = mark.evidence.read().unwrap_or_default();
            mark.evidence = Doc::of(&proofs.iter().filter_map(|p| copies.get(p)).collect::<Vec<_>>());
            store::put_mark(cx, &mark)?;
        }
    }
    Ok(())
}

/// Refers to every paper that goes along; gives which became which.
fn papers(cx: &mut Ctx<'_>, from: &Dossier, to: &Dossier, how: Carry) -> Result<HashMap<DocumentId, DocumentId>> {
    let mut lying = documents::list(cx, from.id)?;
    let newest: HashMap<EvidenceId, EvidenceVersionId> = match how {
        Carry::AsTheyLay => HashMap::new(),
        Carry::Newest => {
            lying.retain(|d| !d.evidence.by_office && d.evidence.retired_at.is_none());
            let ids: Vec<EvidenceId> = lying.iter().map(|d| d.evidence.id).collect();
            evidence::newest(cx, &ids)?.into_iter().map(|(paper, version)| (paper.id, version.id)).collect()
        }
    };
    let mut copies = HashMap::new();
    for paper in lying {
        let version = newest.get(&paper.evidence.id).copied().unwrap_or(paper.version.id);
        let copy = documents::refer_to(cx, to.id, version, paper.reference.criteria)?;
        copies.insert(paper.reference.id, copy);
    }
    Ok(copies)
}
