//! Acts on the register that need a reason: two products (or producers) are one, a product goes to
//! another producer, an entry was wrong.

use super::model::Product;
use super::rules::Stop;
use super::{add_alias, checked_gtin, classified, names, not_merged, renamed, save, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{PlaceId, ProducerId, ProductId};
use crate::outbox::{self, Topic};
use crate::producers::{self, ActKind, EntryKind, Producer};

/// Two entries are one product: `from` leads to `into` from now on, and its names, codes and photos
/// go there. Recognitions and certificates keep the identifier that they were given to.
///
/// # Errors
/// 409 when one of them was merged before, both are one entry, or they have two producers.
pub fn merge(cx: &mut Ctx<'_>, from: ProductId, into: ProductId, reason: &str) -> Result<Product> {
    if from == into {
        return Err(producers::Stop::MergeWithItself.into());
    }
    // Two merges of the same pair must not wait for each other.
    store::lock(cx, from.min(into))?;
    store::lock(cx, from.max(into))?;
    let (old, stays) = (store::lock(cx, from)?, store::lock(cx, into)?);
    not_merged(&old)?;
    not_merged(&stays)?;
    if old.producer_id.is_some() && stays.producer_id.is_some() && old.producer_id != stays.producer_id {
        return Err(Stop::OtherProducer.into());
    }
    for name in names(cx, &old)? {
        add_alias(cx, &stays, &name)?;
    }
    let codes: Vec<String> = store::codes(cx, from)?.into_iter().map(|c| c.code).collect();
    store::move_codes(cx, from, into)?;
    let behind = store::photos(cx, into)?.iter().map(|p| p.ordinal).max().unwrap_or(0);
    store::move_photos(cx, from, into, behind)?;
    store::lead_on(cx, from, into)?;
    let details = serde_json::json!({ "names": [&old.name], "codes": codes, "producer": old.producer_id });
    producers::note_act(cx, ActKind::Merge, (EntryKind::Product, from.0), Some(into.0), reason, details)?;
    store::save(cx, &Product { merged_into: Some(into), version: old.version + 1, ..old.clone() })?;
    audit::record(cx, "product.merged", "product", from.0, Details::none().with("into", into).with("reason", reason))?;
    outbox::tell(cx, Topic::Product, from.0, serde_json::json!({ "what": "merged", "into": into }))?;
    let row = completed(&stays, old);
    let details = Details::none().with("from", from).with("reason", reason);
    let row = save(cx, &stays, row, "product.took_over", details)?;
    store::follow(cx, &row)?;
    Ok(row)
}

/// What only the entry that ends knew is not lost.
fn completed(stays: &Product, old: Product) -> Product {
    let or = |one: &str, other: String| if one.is_empty() { other } else { one.to_owned() };
    let classified = !stays.set_code.is_empty() || !stays.group_code.is_empty();
    let (sector, group_code, set_code) = match classified {
        true => (stays.sector.clone(), stays.group_code.clone(), stays.set_code.clone()),
        false => (old.sector, old.group_code, old.set_code),
    };
    Product {
        producer_id: stays.producer_id.or(old.producer_id),
        sector,
        group_code,
        set_code,
        story: or(&stays.story, old.story),
        gtin: stays.gtin.clone().or(old.gtin),
        place_id: stays.place_id.or(old.place_id),
        history_unknown: stays.history_unknown && old.history_unknown,
        import_key: stays.import_key.clone().or(old.import_key),
        ..stays.clone()
    }
}

/// What a later slice keeps under a producer goes along when the entry leads to another one.
/// `app.rs` hands them in.
pub type Follow = fn(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()>;

/// Two entries are one producer: the products of `from` belong to `into` from now on, and so does
/// what the later slices keep under it. Papers that are sealed keep the name they bear.
///
/// # Errors
/// 409 when one of them was merged before, or both are one entry.
pub fn merge_producers(
    cx: &mut Ctx<'_>,
    from: ProducerId,
    into: ProducerId,
    reason: &str,
    followers: &[Follow],
) -> Result<Producer> {
    let names = serde_json::json!([producers::get(cx, from)?.name]);
    let theirs = store::of_producer(cx, from)?;
    let details = serde_json::json!({ "names": names, "products": theirs });
    let row = producers::merge(cx, from, into, reason, details)?;
    store::move_producer(cx, from, into)?;
    store::evidence::move_producer(cx, from, into)?;
    for follow in followers {
        follow(cx, from, into)?;
    }
    for product in theirs {
        audit::record(cx, "product.followed", "product", product.0, Details::none().with("producer", into))?;
        outbox::tell(cx, Topic::Product, product.0, serde_json::json!({ "what": "changed", "producer": into }))?;
    }
    Ok(row)
}

/// A product goes to another producer; the caller holds it.
///
/// # Errors
/// 409 when it was merged or belongs to this producer already.
pub fn transfer(cx: &mut Ctx<'_>, held: &Product, to: &Producer, reason: &str) -> Result<Product> {
    not_merged(held)?;
    producers::not_merged(to)?;
    if held.producer_id == Some(to.id) {
        return Err(Stop::SameProducer.into());
    }
    let details = serde_json::json!({ "producer": { "before": held.producer_id, "after": to.id } });
    producers::note_act(cx, ActKind::Transfer, (EntryKind::Product, held.id.0), Some(to.id.0), reason, details)?;
    let row = Product { producer_id: Some(to.id), ..held.clone() };
    let row = save(cx, held, row, "product.transferred", Details::none().with("reason", reason))?;
    store::follow(cx, &row)?;
    Ok(row)
}

/// A correction by an officer; what is not said stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The name; the one before is kept as another name.
    pub name: Option<String>,
    /// Sector of Annex I, or empty.
    pub sector: Option<String>,
    /// Group of Annex I, or empty.
    pub group_code: Option<String>,
    /// Set of criteria, or empty.
    pub set_code: Option<String>,
    /// Global trade item number.
    pub gtin: Option<Option<String>>,
    /// Where it is made.
    pub place_id: Option<Option<PlaceId>>,
}

/// Corrects an entry, with a reason; the caller holds it.
///
/// # Errors
/// 409 when it was merged or nothing changes; 422 for a code or place that is none.
pub fn correct(cx: &mut Ctx<'_>, held: &Product, new: Correction, reason: &str) -> Result<Product> {
    not_merged(held)?;
    let named = match &new.name {
        Some(name) => renamed(cx, held, name)?,
        None => held.clone(),
    };
    // A finer part that is corrected decides the coarser ones, unless they are said too.
    let set = new
        .set_code
        .clone()
        .unwrap_or_else(|| if new.group_code.is_some() { String::new() } else { held.set_code.clone() });
    let coarse = |said: Option<String>, finer: bool, old: &str| {
        said.unwrap_or_else(|| if finer { String::new() } else { old.to_owned() })
    };
    let group = coarse(new.group_code.clone(), new.set_code.is_some(), &held.group_code);
    let sector = coarse(new.sector, new.set_code.is_some() || new.group_code.is_some(), &held.sector);
    let class = classified(cx, &sector, &group, &set)?;
    let row = Product {
        sector: class.sector,
        group_code: class.group,
        set_code: class.set,
        gtin: checked_gtin(new.gtin.unwrap_or_else(|| held.gtin.clone()))?,
        place_id: new.place_id.unwrap_or(held.place_id),
        ..named
    };
    producers::must_exist(cx, row.place_id, "/fields/place")?;
    let changes = super::changes(held, &row);
    if changes.is_empty() {
        return Err(producers::Stop::NothingToCorrect.into());
    }
    let details = serde_json::Value::Object(changes);
    producers::note_act(cx, ActKind::Correct, (EntryKind::Product, held.id.0), None, reason, details)?;
    let row = save(cx, held, row, "product.corrected", Details::none().with("reason", reason))?;
    store::follow(cx, &row)?;
    Ok(row)
}
