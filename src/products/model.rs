//! Rows of products, their codes and photos.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::{evidence, evidence_versions, product_aliases, product_codes, product_photos, products};
use crate::db::{Doc, Moment};
use crate::ids::{
    DossierId, EvidenceId, EvidenceVersionId, PlaceId, ProducerId, ProductCodeId, ProductId, RowId, UserId,
};

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

/// A paper of a producer, through all its versions.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = evidence)]
pub struct Evidence {
    /// Identifier.
    pub id: EvidenceId,
    /// Whose.
    pub producer_id: ProducerId,
    /// Stable word of its type, as the rulebooks name it.
    pub paper: String,
    /// What it is, in the sender's words.
    pub title: String,
    /// Criteria it proves: a list of codes.
    pub criteria: Doc,
    /// Products it is about: a list of identifiers; empty for all of the producer's.
    pub products: Doc,
    /// Put into a dossier by an office: no part of the producer's library.
    pub by_office: bool,
    /// Who.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// When the producer put it away; dossiers that refer to it keep it.
    pub retired_at: Option<Moment>,
    /// Row version.
    pub version: i32,
}

/// Which dossiers refer to which version of a paper.
pub type UsedIn = std::collections::BTreeMap<EvidenceVersionId, Vec<DossierId>>;

/// One version of a paper.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = evidence_versions)]
pub struct EvidenceVersion {
    /// Identifier.
    pub id: EvidenceVersionId,
    /// Of what.
    pub evidence_id: EvidenceId,
    /// 1, 2, 3…
    pub ordinal: i32,
    /// The bytes.
    pub sha256: String,
    /// As uploaded.
    pub file_name: String,
    /// The number it bears.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    pub expires_on: Option<NaiveDate>,
    /// Whom it names.
    pub holder_name: Option<String>,
    /// The tax number of whom it names.
    pub holder_tax_code: Option<String>,
    /// Who.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub uploaded_at: Moment,
    /// The last one.
    pub newest: bool,
}

impl EvidenceVersion {
    /// Does it hold on this day: issued, and not expired?
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.issued_on.is_none_or(|d| d <= day) && self.expires_on.is_none_or(|d| day <= d)
    }
}
