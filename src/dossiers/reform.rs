//! What a reform of units moves: open dossiers with their commune. What lay on the desk of a district
//! that ended goes to the province (1489/QĐ-TTg; 1/7/2025).

use chrono::NaiveDate;

use super::model::Dossier;
use super::moving::{Deed, advance};
use super::rules::{Action, Party};
use super::{intake, moment_of, store};
use crate::audit::Details;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{DossierId, PlaceId};
use crate::places::reform::{Kept, Mover, Shift};
use crate::places::rules::SubjectKind;

/// Open dossiers.
pub const MOVER: Mover = Mover { subject: SubjectKind::Dossier, kept_at, shift };

fn kept_at(cx: &mut Ctx<'_>, units: &[PlaceId], _: NaiveDate) -> Result<Vec<Kept>> {
    let kept = store::kept_at(cx, units)?;
    Ok(kept.into_iter().map(|(id, at)| Kept { subject: id.0, at }).collect())
}

fn shift(cx: &mut Ctx<'_>, shift: &Shift) -> Result<()> {
    let held = store::lock(cx, DossierId(shift.subject))?;
    let row = Dossier { place_id: shift.to, ..held };
    let details = Details::none().changed("place", shift.from, shift.to).with("basis", &shift.title);
    let row = intake::save(cx, row, "dossier.place_moved", details)?;
    take_over(cx, &row, &shift.title)
}

/// The province has it now, where the law of the day knows no district. On the days before, the
/// province takes it over itself (`takeOver`).
fn take_over(cx: &mut Ctx<'_>, row: &Dossier, basis: &str) -> Result<()> {
    let open = moment_of(cx, row)?.find_move(Action::TakeOver, Party::System).is_ok();
    if open {
        let deed = Deed::with(serde_json::json!({ "basis": basis }));
        advance(cx, row, Action::TakeOver, Party::System, deed)?;
    }
    Ok(())
}
