//! Between the signature and the publication of a decision, the dossier is shown as it stood before:
//! its status alone would tell the star. Only the deciding levels see further (`EARLY_READERS`).

use super::model::{Dossier, MoveRow};
use super::rules::Stop;
use super::store;
use crate::db::Ctx;
use crate::error::Result;

/// A dossier as this caller may know it.
pub(super) fn as_told(cx: &mut Ctx<'_>, row: Dossier) -> Result<Dossier> {
    Ok(all_as_told(cx, vec![row.clone()])?.pop().unwrap_or(row))
}

/// The same of several.
pub(super) fn all_as_told(cx: &mut Ctx<'_>, mut rows: Vec<Dossier>) -> Result<Vec<Dossier>> {
    let decided: Vec<_> = rows.iter().filter(|r| r.status.follows_decision() && !early(cx, r)).map(|r| r.id).collect();
    if decided.is_empty() {
        return Ok(rows);
    }
    for id in store::undisclosed(cx, &decided)? {
        let before = store::moves(cx, id)?.pop().map(|last| last.from_status);
        if let (Some(row), Some(before)) = (rows.iter_mut().find(|r| r.id == id), before) {
            row.status = before;
        }
    }
    Ok(rows)
}

/// The moves of a dossier as this caller may know them.
pub(super) fn moves_as_told(cx: &mut Ctx<'_>, row: &Dossier, mut moves: Vec<MoveRow>) -> Result<Vec<MoveRow>> {
    let decided = moves.last().is_some_and(|m| m.to_status.follows_decision());
    if decided && !early(cx, row) && !store::undisclosed(cx, &[row.id])?.is_empty() {
        moves.pop();
    }
    Ok(moves)
}

/// Nothing moves on before the decision is published, whoever asks.
pub(super) fn must_be_disclosed(cx: &mut Ctx<'_>, row: &Dossier) -> Result<()> {
    match store::undisclosed(cx, &[row.id])?.is_empty() {
        true => Ok(()),
        false => Err(Stop::DecisionUnpublished.into()),
    }
}

/// Whether the caller reads what is not published yet; never of a dossier of his own.
fn early(cx: &Ctx<'_>, row: &Dossier) -> bool {
    cx.actor().reads_early() && !cx.actor().producers().contains(&row.producer_id)
}
