//! A dossier that stops where it is and waits for a later round: the same number, the same papers and
//! marks. The producer reads why.

use serde_json::json;

use super::handing;
use super::model::Dossier;
use super::moving::{Deed, advance, book_of};
use super::rules::{Action, Party, Stop};
use crate::db::Ctx;
use crate::error::Result;

/// Carries it to the round after the one that it had reached.
pub(super) fn carry_to_later_round(cx: &mut Ctx<'_>, dossier: &Dossier, party: Party, deed: Deed) -> Result<Dossier> {
    let reached = handing::round_of(cx, dossier)?.ok_or(Stop::NoRound)?;
    let next = book_of(cx, dossier)?.round_after(&reached).ok_or(Stop::NoRound)?;
    let details = json!({ "from": reached, "round": next });
    handing::keep_round(cx, dossier.id, dossier.level, Some(next))?;
    advance(cx, dossier, Action::CarryOver, party, Deed { details, ..deed })
}
