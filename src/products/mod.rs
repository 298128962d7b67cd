//! The product register: products, their codes, names and photos; merges, transfers, corrections.

pub mod check; // check characters of codes that people type
mod codes; // codes given, kept and imported
pub mod model;
pub mod rules; // product codes and receipt numbers: built, read, printed
mod store;

use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{PlaceId, ProducerId, ProductId};
use crate::outbox::{self, Topic};
use crate::producers;
use crate::text::{fold, sort_key};

pub use codes::{give_code, import_code};
pub use model::{Photo, Product, ProductCode};

/// What a product is registered with.
#[derive(Debug, Clone, Default)]
pub struct NewProduct {
    /// Its producer; none while an imported list names nobody.
    pub producer_id: Option<ProducerId>,
    /// As the producer writes it.
    pub name: String,
    /// Sector of Annex I, or empty.
    pub sector: String,
    /// Group of Annex I, or empty.
    pub group_code: String,
    /// Set of criteria, or empty.
    pub set_code: String,
    /// The story, or empty.
    pub story: String,
    /// Global trade item number.
    pub gtin: Option<String>,
    /// Where it is made; the producer's commune when not said.
    pub place_id: Option<PlaceId>,
}

/// A product that the caller may know about.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: ProductId) -> Result<Product> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: ProductId) -> Result<Product> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// Where an identifier leads after merges; itself when it was never merged.
///
/// # Errors
/// 404 when there is no such product.
pub fn canonical(cx: &mut Ctx<'_>, id: ProductId) -> Result<ProductId> {
    let row = store::any(cx, id)?.ok_or(AppError::NotFound)?;
    Ok(row.merged_into.unwrap_or(row.id))
}

/// Every identifier under which a product is kept: itself and those that were merged into it.
///
/// # Errors
/// When the database fails.
pub fn same_as(cx: &mut Ctx<'_>, id: ProductId) -> Result<Vec<ProductId>> {
    store::same_as(cx, id)
}

/// Registers a product.
///
/// # Errors
/// 422 when a field names what is not there.
pub fn add(cx: &mut Ctx<'_>, new: NewProduct) -> Result<Product> {
    insert(cx, new, None, false)
}

fn insert(cx: &mut Ctx<'_>, new: NewProduct, import_key: Option<String>, history_unknown: bool) -> Result<Product> {
    let place_id = match (new.place_id, new.producer_id) {
        (None, Some(producer)) => producers::get(cx, producer)?.place_id,
        (place, _) => place,
    };
    producers::must_exist(cx, place_id, "/place")?;
    let row = Product {
        id: ProductId::new(),
        producer_id: new.producer_id,
        folded: fold(&new.name),
        name_sort: sort_key(&new.name),
        name: new.name,
        sector: new.sector,
        group_code: new.group_code,
        set_code: new.set_code,
        story: new.story,
        gtin: new.gtin,
        place_id,
        history_unknown,
        import_key,
        merged_into: None,
        created_at: cx.now,
        version: 1,
    };
    store::insert(cx, &row)?;
    let details = Details::none().with("name", &row.name).with("producer", row.producer_id).with("place", row.place_id);
    audit::record(cx, "product.registered", "product", row.id.0, details)?;
    tell(cx, &row, "registered")?;
    Ok(row)
}

fn tell(cx: &mut Ctx<'_>, row: &Product, what: &str) -> Result<()> {
    let body = serde_json::json!({ "what": what, "name": row.name, "producer": row.producer_id });
    outbox::tell(cx, Topic::Product, row.id.0, body)
}

/// Everything kept at a unit goes to its successor (a reform); gives how many rows moved.
///
/// # Errors
/// When the database fails.
pub fn move_place(cx: &mut Ctx<'_>, from: PlaceId, to: PlaceId) -> Result<usize> {
    store::move_place(cx, from, to)
}
