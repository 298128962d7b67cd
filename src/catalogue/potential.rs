//! "Tiềm năng 5 sao": a result of 90 or more, approved and published, that the centre has not
//! answered. It stands in no count of recognised products.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::store;
use crate::certification::{Decision, DecisionItem};
use crate::db::Ctx;
use crate::dossiers::{self, Status};
use crate::error::Result;
use crate::ids::{DossierId, PlaceId, ProductId};

/// A published approval, and whether the centre's answer is awaited on the day asked for.
#[derive(Debug, Clone)]
pub(super) struct Approved {
    pub item: DecisionItem,
    pub decision: Decision,
    pub place: Option<PlaceId>,
    pub awaits: bool,
}

/// The products with a result of 90 or more that awaits the centre on a day.
///
/// # Errors
/// When the database fails.
pub fn potential_five(cx: &mut Ctx<'_>, on: NaiveDate) -> Result<Vec<ProductId>> {
    let mut ids: Vec<ProductId> =
        approvals(cx, None, on)?.into_iter().filter(|a| a.awaits).map(|a| a.item.product_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The published approvals of some products, or of all, as they stand on a day.
pub(super) fn approvals(cx: &mut Ctx<'_>, of: Option<&[ProductId]>, on: NaiveDate) -> Result<Vec<Approved>> {
    let rows = store::approvals(cx, of, on)?;
    let dossiers: Vec<DossierId> = rows.iter().filter_map(|(item, ..)| item.dossier_id).collect();
    let answered = answered(cx, &dossiers, on)?;
    let products: Vec<ProductId> = rows.iter().map(|(item, ..)| item.product_id).collect();
    let recognised = store::recognised(cx, &products)?;
    let awaits = |item: &DecisionItem, decision: &Decision| match item.dossier_id {
        Some(dossier) => !answered.get(&dossier).copied().unwrap_or(false),
        // Of a list: until the product is recognised later.
        None => !recognised
            .iter()
            .any(|(product, day, _)| *product == item.product_id && *day <= on && Some(*day) > decision.signed_on),
    };
    Ok(rows
        .into_iter()
        .map(|(item, decision, place)| Approved { awaits: awaits(&item, &decision), item, decision, place })
        .collect())
}

/// Whether each dossier had left the way to the centre by the end of a day.
fn answered(cx: &mut Ctx<'_>, ids: &[DossierId], on: NaiveDate) -> Result<HashMap<DossierId, bool>> {
    // An answer that is signed and not published is none yet: its move is left out.
    let secret = dossiers::undisclosed(cx, ids)?;
    let mut way: HashMap<DossierId, Vec<(Status, NaiveDate)>> = HashMap::new();
    for (dossier, to, at) in store::moves(cx, ids)? {
        way.entry(dossier).or_default().push((to, at.vietnam_day()));
    }
    let left = |dossier: DossierId, mut moves: Vec<(Status, NaiveDate)>| {
        if secret.contains(&dossier) {
            moves.pop();
        }
        moves.retain(|(_, day)| *day <= on);
        let approved = moves.iter().any(|(to, _)| *to == Status::ResultApproved);
        approved && !moves.last().is_some_and(|(to, _)| to.is_potential_five())
    };
    Ok(way.into_iter().map(|(dossier, moves)| (dossier, left(dossier, moves))).collect())
}
