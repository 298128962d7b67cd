//! Filing again under the law in force, when the time to finish under the old one is over.

use serde_json::json;

use super::carrying::{Carry, carry_over};
use super::model::Dossier;
use super::moving::{Deed, book_of, carry, moment, must_be_open};
use super::rules::{Action, Desk, Party, Status};
use super::{intake, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::DossierId;
use crate::products;

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
    carry_over(cx, dossier, &fresh, &set.set, Carry::AsTheyLay)?;
    let details = Details::none().with("refiledFrom", dossier.id).with("rulebook", &book.book.id);
    audit::record(cx, "dossier.opened", "dossier", fresh.id.0, details)?;
    Ok(ended)
}
