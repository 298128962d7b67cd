//! Filing again under the law in force, when the time to finish under the old one is over.

use std::collections::HashMap;

use serde_json::json;

use super::model::{Document, Dossier};
use super::moving::{Deed, book_of, carry, moment, must_be_open};
use super::rules::{Action, Desk, Party, Status};
use super::{intake, store};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::error::Result;
use crate::ids::{DocumentId, DossierId};
use crate::products;
use crate::rulebook::marks::check_mark;

/// Ends the dossier and opens a draft under the law in force, with form, papers and the marks that
/// the new table still takes. The producer completes and files it.
pub(super) fn refile(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    party: Party,
    deed: Deed,
    set: Option<&str>,
) -> Result<Dossier> {
    let old = book_of(cx, dossier)?;
    let moment = moment(&old, dossier, cx.today())?;
    must_be_open(&old, moment, dossier, cx.today(), Action::Refile, party)?;
    let own = crate::rulebook::set(cx, dossier.criteria_set_id)?.code;
    let product = products::get(cx, dossier.product_id)?;
    let fallback = if product.set_code.is_empty() { own } else { product.set_code };
    let (book, set) = intake::rules_for(cx, dossier.kind, set.unwrap_or(&fallback))?;
    let fresh = Dossier {
        id: DossierId::new(),
        rulebook_id: book.id,
        criteria_set_id: set.id,
        status: Status::Draft,
        filed_place_id: dossier.place_id,
        level: Desk::Commune,
        filed_on: None,
        commune_report: None,
        receipt_number: None,
        refiled_as: None,
        refiled_from: Some(dossier.id),
        deadline_plain: None,
        deadline_paused: None,
        created_by: cx.actor().user(),
        created_at: cx.now,
        moved_at: cx.now,
        version: 1,
        ..dossier.clone()
    };
    store::insert(cx, &fresh)?;
    let details = json!({ "refiledAs": fresh.id, "rulebook": book.book.id, "set": set.code });
    let after = Dossier { refiled_as: Some(fresh.id), ..dossier.clone() };
    let ended = carry(cx, dossier, after, Action::Refile, party, Deed { details, ..deed })?;
    let copies = copy_papers(cx, dossier, &fresh)?;
    let marks = super::marks_of(cx, dossier.id)?;
    for mut mark in store::marks(cx, dossier.id)? {
        let choice = marks.get(&mark.criterion).cloned().unwrap_or_default();
        if check_mark(&set.set, &mark.criterion, &choice, &marks).is_ok() {
            mark.dossier_id = fresh.id;
            let proofs: Vec<DocumentId> = mark.evidence.read().unwrap_or_default();
            mark.evidence = Doc::of(&proofs.iter().filter_map(|p| copies.get(p)).collect::<Vec<_>>());
            store::put_mark(cx, &mark)?;
        }
    }
    let details = Details::none().with("refiledFrom", dossier.id).with("rulebook", &book.book.id);
    audit::record(cx, "dossier.opened", "dossier", fresh.id.0, details)?;
    Ok(ended)
}

/// Copies every paper; gives which became which.
fn copy_papers(cx: &mut Ctx<'_>, from: &Dossier, to: &Dossier) -> Result<HashMap<DocumentId, DocumentId>> {
    let mut copies = HashMap::new();
    for paper in store::documents(cx, from.id)? {
        let copy = Document { id: DocumentId::new(), dossier_id: to.id, ..paper.clone() };
        store::insert_document(cx, &copy)?;
        copies.insert(paper.id, copy.id);
    }
    Ok(copies)
}
