//! The product register: products, their codes, names and photos; merges, transfers, corrections.

pub mod check; // check characters of codes that people type
mod codes; // codes given, kept and imported
pub mod dto;
pub mod evidence; // papers that live once, in versions
pub mod model;
mod moves; // what a reform of units moves
mod photos; // pictures of a product
mod register; // merge, transfer, correct
mod reminders; // papers that are about to expire
pub mod routes;
pub mod rules; // product codes and receipt numbers: built, read, printed
mod show; // rows as the wire shows them
mod store;

use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{PlaceId, ProducerId, ProductId, RowId};
use crate::outbox::{self, Topic};
use crate::producers::{self, Producer};
use crate::rulebook::criteria;
use crate::text::{fold, sort_key};

pub use codes::{CodeRules, give_code, import_code};
pub use model::{Evidence, EvidenceVersion, Photo, Product, ProductCode};
pub use moves::MOVERS;
pub use photos::{IsPublic, PhotoFile};
pub use register::{Correction, Follow, correct, merge, merge_producers, transfer};
pub use reminders::{After as RemindAfter, Chunk as Reminded, Failed, remind};

use rules::{Annex, Classification, Misplaced};

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

/// What an act has just written, whoever asks.
pub(crate) fn any(cx: &mut Ctx<'_>, id: ProductId) -> Result<Product> {
    store::any(cx, id)?.ok_or(AppError::NotFound)
}

/// The product that bears or bore a code, for the caller.
///
/// # Errors
/// 404.
pub fn of_code(cx: &mut Ctx<'_>, code: &rules::Code) -> Result<Product> {
    let known = store::by_code(cx, &code.to_string())?.ok_or(AppError::NotFound)?;
    get(cx, known.product_id)
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

/// Every identifier that leads to the same entry as this one, itself included.
///
/// # Errors
/// When the database fails.
pub fn all_of(cx: &mut Ctx<'_>, id: ProductId) -> Result<Vec<ProductId>> {
    let stays = canonical(cx, id)?;
    same_as(cx, stays)
}

/// Registers a product.
///
/// # Errors
/// 422 when a field names what is not there.
pub fn add(cx: &mut Ctx<'_>, new: NewProduct) -> Result<Product> {
    insert(cx, new, None, false)
}

/// Registers a product that a list names. `key` finds it again (`catalogue::import::producer_key` of
/// its row); `history_unknown` says that the list proves no recognition.
///
/// # Errors
/// 422 when a field names what is not there.
pub fn import_product(
    cx: &mut Ctx<'_>,
    key: &str,
    new: NewProduct,
    aliases: &[String],
    history_unknown: bool,
) -> Result<Product> {
    let row = insert(cx, new, Some(key.to_owned()), history_unknown)?;
    for alias in aliases {
        add_alias(cx, &row, alias)?;
    }
    Ok(row)
}

/// Completes a product that a list names again: new names, the place when none is known, and
/// whether its history is known now. Tells whether anything was new.
///
/// # Errors
/// 404 when there is no such product; 422 when the place is none.
pub fn complete_import(
    cx: &mut Ctx<'_>,
    id: ProductId,
    aliases: &[String],
    place: Option<PlaceId>,
    history_known: bool,
) -> Result<bool> {
    let stays = canonical(cx, id)?;
    let held = store::lock(cx, stays)?;
    let mut anything = false;
    for alias in aliases {
        anything |= add_alias(cx, &held, alias)?;
    }
    let row = Product {
        place_id: nearer(cx, held.place_id, place)?,
        history_unknown: held.history_unknown && !history_known,
        ..held.clone()
    };
    producers::must_exist(cx, row.place_id, "/place")?;
    if row.place_id != held.place_id || row.history_unknown != held.history_unknown {
        anything = true;
        save(cx, &held, row, "product.completed", Details::none())?;
    }
    Ok(anything)
}

/// What is known stays, but a commune takes the place of a unit above it.
fn nearer(cx: &mut Ctx<'_>, held: Option<PlaceId>, told: Option<PlaceId>) -> Result<Option<PlaceId>> {
    let (Some(at), Some(told)) = (held, told) else { return Ok(held.or(told)) };
    let above = crate::places::get(cx, at)?.level != crate::places::Level::Commune;
    Ok(Some(if above { told } else { at }))
}

/// The products that the register has under the key of a producer, each with all its names: what
/// an import compares its rows with.
///
/// # Errors
/// When the database fails.
pub fn imported_under(cx: &mut Ctx<'_>, key: &str) -> Result<Vec<(Product, Vec<String>)>> {
    let of_producer = match producers::imported_as(cx, key)? {
        Some(id) => producers::same_as(cx, id)?,
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for row in store::by_import_key(cx, key, of_producer)? {
        let names = [vec![row.name.clone()], store::aliases(cx, row.id)?].concat();
        found.push((row, names));
    }
    Ok(found)
}

fn insert(cx: &mut Ctx<'_>, new: NewProduct, import_key: Option<String>, history_unknown: bool) -> Result<Product> {
    let class = classified(cx, &new.sector, &new.group_code, &new.set_code)?;
    let gtin = checked_gtin(new.gtin)?;
    let producer = producer_for(cx, new.producer_id)?;
    let place_id = new.place_id.or(producer.as_ref().and_then(|p| p.place_id));
    producers::must_exist(cx, place_id, "/place")?;
    let row = Product {
        id: ProductId::new(),
        producer_id: producer.map(|p| p.id),
        folded: fold(&new.name),
        name_sort: sort_key(&new.name),
        name: new.name,
        sector: class.sector,
        group_code: class.group,
        set_code: class.set,
        story: new.story,
        gtin,
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

/// The producer that a field names, as the caller may know it; merged entries lead to the one that stays.
fn producer_for(cx: &mut Ctx<'_>, id: Option<ProducerId>) -> Result<Option<Producer>> {
    let Some(id) = id else { return Ok(None) };
    let found = producers::named(cx, id, "/producer")?;
    match found.merged_into {
        Some(into) => producers::get(cx, into).map(Some),
        None => Ok(Some(found)),
    }
}

/// Completes and checks sector, group and set. A set that the annex does not have may be of another
/// rulebook; then the group is taken as given.
fn classified(cx: &mut Ctx<'_>, sector: &str, group: &str, set: &str) -> Result<Classification> {
    let annex = Annex::read(criteria::embedded_index()).map_err(AppError::internal)?;
    let given = Classification { sector: sector.to_owned(), group: group.to_owned(), set: set.to_owned() };
    match annex.complete(given.clone()) {
        Err(Misplaced::UnknownSet) if store::set_exists(cx, set)? => {
            let rest = annex.complete(Classification { set: String::new(), ..given });
            rest.map(|c| Classification { set: set.to_owned(), ..c }).map_err(misplaced)
        }
        other => other.map_err(misplaced),
    }
}

fn misplaced(what: Misplaced) -> AppError {
    let (pointer, code) = match what {
        Misplaced::Sector => ("/sector", "unknown_sector"),
        Misplaced::Group => ("/group", "unknown_group"),
        Misplaced::UnknownSet => ("/set", "unknown_set"),
    };
    AppError::field(
        pointer,
        code,
        "Không có mã này, hoặc mã không khớp với các mã kia; xem GET /v1/criteria-sets.",
        "There is no such code, or it does not belong to the others; see GET /v1/criteria-sets.",
    )
}

fn checked_gtin(gtin: Option<String>) -> Result<Option<String>> {
    let gtin = gtin.map(|g| g.replace(' ', "")).filter(|g| !g.is_empty());
    match gtin.as_deref().is_none_or(rules::is_gtin) {
        true => Ok(gtin),
        false => Err(AppError::field(
            "/gtin",
            "gtin_check",
            "GTIN có 8, 12, 13 hoặc 14 chữ số, chữ số cuối là số kiểm tra; so lại với mã vạch.",
            "A GTIN has 8, 12, 13 or 14 digits and ends with a check digit; compare it with the bar code.",
        )),
    }
}

/// What of a product its own people and officers may rewrite at any time.
#[derive(Debug, Clone)]
pub struct Description {
    /// As the producer writes it; the name before is kept as another name.
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
}

/// Rewrites what describes a product; the caller holds it.
///
/// # Errors
/// 409 when it was merged; 422 when a code is none.
pub fn describe(cx: &mut Ctx<'_>, held: &Product, new: Description) -> Result<Product> {
    not_merged(held)?;
    let class = classified(cx, &new.sector, &new.group_code, &new.set_code)?;
    let row = Product {
        sector: class.sector,
        group_code: class.group,
        set_code: class.set,
        story: new.story,
        gtin: checked_gtin(new.gtin)?,
        ..renamed(cx, held, &new.name)?
    };
    save(cx, held, row, "product.described", Details::none())
}

/// Refuses to change a product that leads to another one.
///
/// # Errors
/// 409.
pub fn not_merged(row: &Product) -> Result<()> {
    match row.merged_into {
        Some(_) => Err(producers::Stop::Merged.into()),
        None => Ok(()),
    }
}

fn renamed(cx: &mut Ctx<'_>, held: &Product, name: &str) -> Result<Product> {
    if held.name != name {
        add_alias(cx, held, &held.name)?;
    }
    Ok(Product { name: name.to_owned(), folded: fold(name), name_sort: sort_key(name), ..held.clone() })
}

/// Keeps another name under which a product is found; tells whether it is new.
///
/// # Errors
/// When the database fails.
pub fn add_alias(cx: &mut Ctx<'_>, product: &Product, name: &str) -> Result<bool> {
    let folded = fold(name);
    if folded.is_empty() {
        return Ok(false);
    }
    store::insert_alias(
        cx,
        &model::ProductAlias { id: RowId::new(), product_id: product.id, name: name.to_owned(), folded },
    )
}

/// Every name of a product: its own first, then the others.
///
/// # Errors
/// When the database fails.
pub fn names(cx: &mut Ctx<'_>, product: &Product) -> Result<Vec<String>> {
    Ok([vec![product.name.clone()], store::aliases(cx, product.id)?].concat())
}

/// What differs between two states of a product.
fn changes(old: &Product, new: &Product) -> serde_json::Map<String, serde_json::Value> {
    let fields = |row: &Product| {
        serde_json::json!({
            "name": row.name, "producer": row.producer_id, "sector": row.sector, "group": row.group_code,
            "set": row.set_code, "story": row.story, "gtin": row.gtin, "place": row.place_id,
        })
    };
    match (fields(old), fields(new)) {
        (serde_json::Value::Object(before), serde_json::Value::Object(after)) => after
            .into_iter()
            .filter(|(name, value)| before.get(name) != Some(value))
            .map(|(name, value)| {
                let change = serde_json::json!({ "before": before.get(&name), "after": value });
                (name, change)
            })
            .collect(),
        _ => serde_json::Map::new(),
    }
}

fn save(cx: &mut Ctx<'_>, old: &Product, row: Product, deed: &str, details: Details) -> Result<Product> {
    let row = Product { version: old.version + 1, ..row };
    store::save(cx, &row)?;
    let details = changes(old, &row).into_iter().fold(details, |details, (name, value)| details.with(&name, value));
    audit::record(cx, deed, "product", row.id.0, details)?;
    tell(cx, &row, "changed")?;
    Ok(row)
}

fn tell(cx: &mut Ctx<'_>, row: &Product, what: &str) -> Result<()> {
    let body = serde_json::json!({ "what": what, "name": row.name, "producer": row.producer_id });
    outbox::tell(cx, Topic::Product, row.id.0, body)
}
