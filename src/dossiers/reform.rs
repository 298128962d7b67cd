//! What a reform of units does with open dossiers: each goes with its commune, and one that lies at
//! an abolished district is taken over by the province. Closed dossiers keep the old unit, and every
//! dossier keeps the commune where it was filed.

use chrono::NaiveDate;

use super::model::Dossier;
use super::moving::{Deed, book_of, carry, moment_of};
use super::rules::{Action, Party};
use super::store;
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, PlaceId};
use crate::places::reform::{Kept, Mover, Shift};
use crate::places::rules::SubjectKind;

/// Open dossiers.
pub const MOVER: Mover = Mover { subject: SubjectKind::Dossier, kept_at, shift };

fn kept_at(cx: &mut Ctx<'_>, units: &[PlaceId], _: NaiveDate) -> Result<Vec<Kept>> {
    let open = store::open_at(cx, units)?;
    Ok(open.into_iter().map(|(id, at)| Kept { subject: id.0, at }).collect())
}

fn shift(cx: &mut Ctx<'_>, shift: &Shift) -> Result<()> {
    let before = store::lock(cx, DossierId(shift.subject))?;
    let after = Dossier { place_id: shift.to, ..before.clone() };
    if taken_over(cx, &before)? {
        let facts = serde_json::json!({ "reform": shift.on, "from": shift.from, "to": shift.to });
        carry(cx, &before, after, Action::TakeOver, Party::System, Deed::because(&shift.title, facts))?;
    } else if !store::save(cx, &Dossier { version: before.version + 1, ..after })? {
        return Err(AppError::PreconditionFailed);
    }
    let details = Details::none().changed("place", shift.from, shift.to).with("basis", &shift.title);
    audit::record(cx, "dossier.relocated", "dossier", before.id.0, details)
}

/// Whether it lies at a district that is no more. One whose transition is over stays where it is:
/// it can only be filed again.
fn taken_over(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<bool> {
    let Some(filed) = dossier.filed_on else { return Ok(false) };
    let book = book_of(cx, dossier)?;
    let open = moment_of(cx, dossier)?.find_move(Action::TakeOver, Party::System).is_ok();
    Ok(open && book.may_move_under(dossier.kind, filed, cx.today()).is_ok())
}
