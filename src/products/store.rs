//! All queries about products.

pub(super) mod evidence; // the evidence library
pub(super) mod notices; // which papers end soon, and of which it was told

use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{Photo, Product, ProductAlias, ProductCode};
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{
    criteria_sets, place_reach, producers, product_aliases, product_codes, product_photos, products, stored_files,
};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{PlaceId, ProducerId, ProductId, RowId};
use crate::text::containing;

/// The products this caller may know about. Every read starts here.
pub(super) fn visible(cx: &Ctx<'_>) -> products::BoxedQuery<'static, MultiBackend> {
    let all = products::table.into_boxed();
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => all,
        Reach::Offices(offices) => {
            let territory = place_reach::table
                .filter(place_reach::office_id.eq_any(offices))
                .select(place_reach::place_id.nullable());
            let own: Vec<Option<ProducerId>> = cx.actor().producers().into_iter().map(Some).collect();
            all.filter(products::place_id.eq_any(territory).or(products::producer_id.eq_any(own)))
        }
    }
}

pub(super) fn find(cx: &mut Ctx<'_>, id: ProductId) -> Result<Option<Product>> {
    Ok(visible(cx).filter(products::id.eq(id)).select(Product::as_select()).first(cx.conn).optional()?)
}

/// Any product, whoever asks: for acts of the service on what was looked up before.
pub(super) fn any(cx: &mut Ctx<'_>, id: ProductId) -> Result<Option<Product>> {
    Ok(products::table.find(id).select(Product::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock(cx: &mut Ctx<'_>, id: ProductId) -> Result<Product> {
    Ok(match cx.conn {
        Conn::Pg(c) => products::table.find(id).for_update().select(Product::as_select()).first(c)?,
        Conn::Sqlite(c) => products::table.find(id).select(Product::as_select()).first(c)?,
    })
}

/// What a list of products is narrowed by.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Folded text.
    pub q: Option<String>,
    /// A unit at any level.
    pub place: Option<PlaceId>,
    /// A producer, under all its identifiers.
    pub producers: Option<Vec<ProducerId>>,
    /// A group of Annex I.
    pub group: Option<String>,
    /// A set of criteria.
    pub set: Option<String>,
}

pub(super) fn page(
    cx: &mut Ctx<'_>,
    filter: &Filter,
    after: Option<(String, ProductId)>,
    limit: i64,
) -> Result<Vec<Product>> {
    let mut query = visible(cx).filter(products::merged_into.is_null());
    if let Some(q) = &filter.q {
        let named = product_aliases::table
            .filter(product_aliases::folded.like(containing(q)).escape('\\'))
            .select(product_aliases::product_id);
        query = query.filter(products::folded.like(containing(q)).escape('\\').or(products::id.eq_any(named)));
    }
    if let Some(place) = filter.place {
        let inside =
            place_reach::table.filter(place_reach::office_id.eq(place)).select(place_reach::place_id.nullable());
        query = query.filter(products::place_id.eq_any(inside));
    }
    if let Some(ids) = &filter.producers {
        query = query.filter(products::producer_id.eq_any(ids.iter().copied().map(Some).collect::<Vec<_>>()));
    }
    if let Some(group) = &filter.group {
        query = query.filter(products::group_code.eq(group.clone()));
    }
    if let Some(set) = &filter.set {
        query = query.filter(products::set_code.eq(set.clone()));
    }
    if let Some((sort, id)) = after {
        query = query
            .filter(products::name_sort.ge(sort.clone()).and(products::name_sort.gt(sort).or(products::id.gt(id))));
    }
    Ok(query.order((products::name_sort, products::id)).limit(limit + 1).select(Product::as_select()).load(cx.conn)?)
}

/// The products that were imported under this key, or belong to one of these; the merged ones left out.
pub(super) fn by_import_key(cx: &mut Ctx<'_>, key: &str, producers: Vec<ProducerId>) -> Result<Vec<Product>> {
    let theirs: Vec<Option<ProducerId>> = producers.into_iter().map(Some).collect();
    Ok(products::table
        .filter(products::import_key.eq(key).or(products::producer_id.eq_any(theirs)))
        .filter(products::merged_into.is_null())
        .order((products::created_at, products::id))
        .select(Product::as_select())
        .load(cx.conn)?)
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &Product) -> Result<()> {
    diesel::insert_into(products::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn save(cx: &mut Ctx<'_>, row: &Product) -> Result<()> {
    diesel::update(products::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// What belongs to the row has changed: so has its tag.
pub(super) fn touch(cx: &mut Ctx<'_>, id: ProductId) -> Result<()> {
    diesel::update(products::table.find(id)).set(products::version.eq(products::version + 1)).execute(cx.conn)?;
    Ok(())
}

/// Those that were merged into `from` now lead to `to`.
pub(super) fn lead_on(cx: &mut Ctx<'_>, from: ProductId, to: ProductId) -> Result<()> {
    diesel::update(products::table.filter(products::merged_into.eq(from)))
        .set(products::merged_into.eq(to))
        .execute(cx.conn)?;
    Ok(())
}

/// Those that were merged into this one are seen by whoever sees it.
pub(super) fn follow(cx: &mut Ctx<'_>, row: &Product) -> Result<()> {
    diesel::update(products::table.filter(products::merged_into.eq(row.id)))
        .set((products::producer_id.eq(row.producer_id), products::place_id.eq(row.place_id)))
        .execute(cx.conn)?;
    Ok(())
}

/// Itself and those that were merged into it.
pub(super) fn same_as(cx: &mut Ctx<'_>, id: ProductId) -> Result<Vec<ProductId>> {
    Ok(products::table
        .filter(products::id.eq(id).or(products::merged_into.eq(id).assume_not_null()))
        .order(products::id)
        .select(products::id)
        .load(cx.conn)?)
}

/// The products of a producer.
pub(super) fn of_producer(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Vec<ProductId>> {
    Ok(products::table.filter(products::producer_id.eq(id)).order(products::id).select(products::id).load(cx.conn)?)
}

/// The products of one producer go to another.
pub(super) fn move_producer(cx: &mut Ctx<'_>, from: ProducerId, to: ProducerId) -> Result<usize> {
    Ok(diesel::update(products::table.filter(products::producer_id.eq(from)))
        .set((products::producer_id.eq(to), products::version.eq(products::version + 1)))
        .execute(cx.conn)?)
}

/// The products of a producer that are made at this unit; the merged ones follow theirs.
pub(super) fn made_at(cx: &mut Ctx<'_>, producer: ProducerId, at: PlaceId) -> Result<Vec<ProductId>> {
    Ok(products::table
        .filter(products::producer_id.eq(producer))
        .filter(products::place_id.eq(at))
        .filter(products::merged_into.is_null())
        .order(products::id)
        .select(products::id)
        .load(cx.conn)?)
}

/// The products kept at these units whose producer is elsewhere, or unknown.
pub(super) fn kept_apart(cx: &mut Ctx<'_>, units: &[PlaceId]) -> Result<Vec<(ProductId, PlaceId)>> {
    let at: Vec<Option<PlaceId>> = units.iter().copied().map(Some).collect();
    Ok(products::table
        .left_join(producers::table.on(products::producer_id.eq(producers::id.nullable())))
        .filter(products::place_id.eq_any(at))
        .filter(products::merged_into.is_null())
        .filter(producers::place_id.is_null().or(producers::place_id.ne(products::place_id).assume_not_null()))
        .order(products::id)
        .select((products::id, products::place_id.assume_not_null()))
        .load(cx.conn)?)
}

/// Whether any rulebook has a set with this code.
pub(super) fn set_exists(cx: &mut Ctx<'_>, code: &str) -> Result<bool> {
    Ok(diesel::select(exists(criteria_sets::table.filter(criteria_sets::code.eq(code)))).get_result(cx.conn)?)
}

pub(super) fn aliases(cx: &mut Ctx<'_>, id: ProductId) -> Result<Vec<String>> {
    Ok(product_aliases::table
        .filter(product_aliases::product_id.eq(id))
        .order(product_aliases::id)
        .select(product_aliases::name)
        .load(cx.conn)?)
}

/// Keeps a name; one that is known already stays as it is.
pub(super) fn insert_alias(cx: &mut Ctx<'_>, row: &ProductAlias) -> Result<bool> {
    let known = product_aliases::table
        .filter(product_aliases::product_id.eq(row.product_id))
        .filter(product_aliases::folded.eq(&row.folded));
    if diesel::select(exists(known)).get_result(cx.conn)? {
        return Ok(false);
    }
    diesel::insert_into(product_aliases::table).values(row).execute(cx.conn)?;
    Ok(true)
}

/// Codes of a product, newest first.
pub(super) fn codes(cx: &mut Ctx<'_>, id: ProductId) -> Result<Vec<ProductCode>> {
    Ok(product_codes::table
        .filter(product_codes::product_id.eq(id))
        .order((product_codes::valid_from.desc(), product_codes::id.desc()))
        .select(ProductCode::as_select())
        .load(cx.conn)?)
}

pub(super) fn by_code(cx: &mut Ctx<'_>, code: &str) -> Result<Option<ProductCode>> {
    Ok(product_codes::table
        .filter(product_codes::code.eq(code))
        .select(ProductCode::as_select())
        .first(cx.conn)
        .optional()?)
}

pub(super) fn insert_code(cx: &mut Ctx<'_>, row: &ProductCode) -> Result<()> {
    diesel::insert_into(product_codes::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Codes still in use end on this day.
pub(super) fn end_codes(cx: &mut Ctx<'_>, id: ProductId, last: NaiveDate) -> Result<()> {
    diesel::update(
        product_codes::table.filter(product_codes::product_id.eq(id)).filter(product_codes::valid_to.is_null()),
    )
    .set(product_codes::valid_to.eq(last))
    .execute(cx.conn)?;
    Ok(())
}

/// The codes of one product go to another.
pub(super) fn move_codes(cx: &mut Ctx<'_>, from: ProductId, to: ProductId) -> Result<()> {
    diesel::update(product_codes::table.filter(product_codes::product_id.eq(from)))
        .set(product_codes::product_id.eq(to))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn photos(cx: &mut Ctx<'_>, id: ProductId) -> Result<Vec<Photo>> {
    Ok(product_photos::table
        .filter(product_photos::product_id.eq(id))
        .order((product_photos::ordinal, product_photos::id))
        .select(Photo::as_select())
        .load(cx.conn)?)
}

/// A photo with the type of its bytes, whoever asks.
pub(super) fn photo(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<(Photo, String)>> {
    Ok(product_photos::table
        .inner_join(stored_files::table.on(stored_files::sha256.eq(product_photos::sha256)))
        .filter(product_photos::id.eq(id))
        .select((Photo::as_select(), stored_files::media_type))
        .first(cx.conn)
        .optional()?)
}

pub(super) fn insert_photo(cx: &mut Ctx<'_>, row: &Photo) -> Result<()> {
    diesel::insert_into(product_photos::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn remove_photo(cx: &mut Ctx<'_>, id: RowId) -> Result<()> {
    diesel::delete(product_photos::table.find(id)).execute(cx.conn)?;
    Ok(())
}

/// The photos of one product go behind those of another.
pub(super) fn move_photos(cx: &mut Ctx<'_>, from: ProductId, to: ProductId, behind: i32) -> Result<()> {
    diesel::update(product_photos::table.filter(product_photos::product_id.eq(from)))
        .set((product_photos::product_id.eq(to), product_photos::ordinal.eq(product_photos::ordinal + behind)))
        .execute(cx.conn)?;
    Ok(())
}
