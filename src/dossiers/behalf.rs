//! Acting on behalf: whoever files for a producer without being of it does so by a mandate that holds
//! today. Both identities stay with the dossier.

use super::model::{Behalf, Dossier};
use super::moving::Deed;
use super::rules::{Action, Party, Stop};
use super::store;
use crate::actor::Role;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{DossierId, ProducerId};
use crate::producers::mandates::{self, Mandate};

/// The mandate by which the caller acts for this producer; none for its own people and the service.
///
/// # Errors
/// 409 without one that holds today.
pub(super) fn mandate(cx: &mut Ctx<'_>, producer: ProducerId) -> Result<Option<Mandate>> {
    let own = cx.actor().grants.iter().any(|g| g.role == Role::Producer && g.producer == Some(producer));
    if own || cx.actor().is_system() {
        return Ok(None);
    }
    match mandates::of_caller(cx, producer)? {
        Some(mandate) => Ok(Some(mandate)),
        None => Err(Stop::MandateMissing.into()),
    }
}

/// Writes down by which mandate a dossier was opened or moved.
pub(super) fn note(cx: &mut Ctx<'_>, dossier: DossierId, mandate: &Mandate) -> Result<()> {
    if store::behalf(cx, dossier)?.iter().any(|b| b.mandate_id == mandate.id) {
        return Ok(());
    }
    let row = Behalf { dossier_id: dossier, mandate_id: mandate.id, user_id: mandate.user_id, at: cx.now };
    store::insert_behalf(cx, &row)
}

/// A move that the producer answers for is made by its own people, or by a mandate that stands with
/// the move.
pub(super) fn attend(cx: &mut Ctx<'_>, dossier: &Dossier, party: Party, action: Action, deed: &mut Deed) -> Result<()> {
    if party != Party::Producer
        || !matches!(action, Action::Submit | Action::Answer | Action::Withdraw | Action::Refile)
    {
        return Ok(());
    }
    let Some(mandate) = mandate(cx, dossier.producer_id)? else { return Ok(()) };
    note(cx, dossier.id, &mandate)?;
    if let Some(details) = deed.details.as_object_mut() {
        let told = serde_json::json!({ "mandate": mandate.id, "number": mandate.number, "user": mandate.user_id });
        details.insert("onBehalf".to_owned(), told);
    }
    Ok(())
}
