//! Products that a list of before this service names: registered once, completed by later lists.

use super::model::{Product, ProductAlias};
use super::{NewProduct, insert, store, tell};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{PlaceId, ProductId, RowId};
use crate::text::fold;

/// Registers a product that a list names; its history is unknown until a recognition is taken over.
/// The key finds the products of one producer again (`catalogue::import::producer_key`).
///
/// # Errors
/// 422 when the place or the producer is none.
pub fn import_product(cx: &mut Ctx<'_>, key: &str, new: NewProduct) -> Result<Product> {
    insert(cx, new, Some(key.to_owned()), true)
}

/// What a list adds to a product.
#[derive(Debug, Clone, Default)]
pub struct Addition {
    /// Other names under which it was met.
    pub names: Vec<String>,
    /// Its unit, where the register has none or only the province.
    pub place_id: Option<PlaceId>,
    /// Whether a recognition was proven, so that the history is no longer unknown.
    pub recognised: bool,
}

/// Adds to a product what a list knows more of it. What the register has stays.
///
/// # Errors
/// 404.
pub fn complete_listed(cx: &mut Ctx<'_>, id: ProductId, more: &Addition) -> Result<Product> {
    let held = store::lock(cx, id)?;
    let mut row = held.clone();
    row.place_id = more.place_id.or(row.place_id);
    row.history_unknown &= !more.recognised;
    let mut names = Vec::new();
    for name in &more.names {
        let alias = ProductAlias { id: RowId::new(), product_id: id, name: name.clone(), folded: fold(name) };
        if store::insert_alias(cx, &alias)? {
            names.push(name.clone());
        }
    }
    let changed = row.place_id != held.place_id || row.history_unknown != held.history_unknown;
    if !changed && names.is_empty() {
        return Ok(held);
    }
    row.version += 1;
    store::save(cx, &row)?;
    let details = Details::none()
        .with("names", &names)
        .changed("place", held.place_id, row.place_id)
        .changed("historyUnknown", held.history_unknown, row.history_unknown);
    audit::record(cx, "product.completed", "product", id.0, details)?;
    tell(cx, &row, "completed")?;
    Ok(row)
}
