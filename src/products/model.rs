//! Rows of products, their codes and photos.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::Moment;
use crate::db::schema::{product_aliases, product_codes, product_photos, products};
use crate::ids::{DossierId, PlaceId, ProducerId, ProductCodeId, ProductId, RowId};

/// A product of the register.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = products, treat_none_as_null = true)]
pub struct Product {
    /// Identifier.
    pub id: ProductId,
    /// Its producer; none while an imported list names nobody.
    pub producer_id: Option<ProducerId>,
    /// As the producer writes it.
    pub name: String,
    /// The name, folded for search.
    pub folded: String,
    /// The key that sorts the name.
    pub name_sort: String,
    /// Sector of Annex I (`1` to `6`); empty while unknown.
    pub sector: String,
    /// Group of Annex I (`1.3`); empty while unknown.
    pub group_code: String,
    /// Set of criteria (`07`); empty while unknown.
    pub set_code: String,
    /// The story of the product; empty while untold.
    pub story: String,
    /// Global trade item number.
    pub gtin: Option<String>,
    /// Where it is made.
    pub place_id: Option<PlaceId>,
    /// Whether it came from a list that proves no recognition.
    pub history_unknown: bool,
    /// How an import finds it again.
    pub import_key: Option<String>,
    /// The product that this one turned out to be; always one that is not merged itself.
    pub merged_into: Option<ProductId>,
    /// When it was registered.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// Another name under which a product is found.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = product_aliases)]
pub struct ProductAlias {
    /// Identifier.
    pub id: RowId,
    /// Whose.
    pub product_id: ProductId,
    /// As written.
    pub name: String,
    /// Folded.
    pub folded: String,
}

/// A picture of a product.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = product_photos)]
pub struct Photo {
    /// Identifier.
    pub id: RowId,
    /// Of what.
    pub product_id: ProductId,
    /// Its bytes.
    pub sha256: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
    /// Its place in the row, from 1.
    pub ordinal: i32,
}

/// A code that a product bears for a while.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = product_codes)]
pub struct ProductCode {
    /// Identifier.
    pub id: ProductCodeId,
    /// Of what.
    pub product_id: ProductId,
    /// The dossier whose proposal gave it.
    pub dossier_id: Option<DossierId>,
    /// Its text.
    pub code: String,
    /// Code of the province.
    pub province: String,
    /// Code of the district, in the older shape.
    pub district: Option<String>,
    /// Code of the commune.
    pub commune: String,
    /// STT.
    pub sequence: i64,
    /// Year of evaluation.
    pub year: i32,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none while in use.
    pub valid_to: Option<NaiveDate>,
}
