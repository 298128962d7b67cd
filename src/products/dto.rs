//! What travels about products.

mod evidence; // papers of the evidence library

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::model::{Photo, Product, ProductCode};
use crate::db::Moment;
use crate::ids::{DossierId, PlaceId, ProducerId, ProductId, RowId};
use crate::producers::{PlaceBrief, RegisterActView, given};
use crate::web::body::not_blank;

pub use evidence::{
    DescribeEvidence, EXPIRING_WITHIN, EvidenceForm, EvidenceQuery, EvidenceState, EvidenceVersionForm,
    EvidenceVersionView, LibraryPaper, LibraryPaperHistory,
};

/// How a list of products is narrowed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// A part of a name, with or without marks.
    #[param(example = "dua sap")]
    pub q: Option<String>,
    /// A unit at any level: what lies in it, and in units that became part of it.
    #[param(value_type = Option<String>, format = Uuid)]
    pub place: Option<PlaceId>,
    /// One producer.
    #[param(value_type = Option<String>, format = Uuid)]
    pub producer: Option<ProducerId>,
    /// A group of Annex I.
    #[param(example = "1.3")]
    pub group: Option<String>,
    /// A set of criteria.
    #[param(example = "07")]
    pub set: Option<String>,
    /// Rows of a page, 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// A product to register. The set decides group and sector when they are left out.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RegisterProduct {
    /// Its producer.
    pub producer: ProducerId,
    /// As the producer writes it.
    #[validate(length(max = 300), custom(function = "not_blank"))]
    pub name: String,
    /// Sector of Annex I.
    #[validate(length(max = 10))]
    #[serde(default)]
    pub sector: String,
    /// Group of Annex I.
    #[validate(length(max = 10))]
    #[serde(default)]
    pub group: String,
    /// Set of criteria.
    #[validate(length(max = 20))]
    #[serde(default)]
    pub set: String,
    /// The story of the product.
    #[validate(length(max = 20000))]
    #[serde(default)]
    pub story: String,
    /// Global trade item number, with its check digit.
    #[validate(length(max = 20))]
    pub gtin: Option<String>,
    /// Where it is made; the producer's commune when left out.
    pub place: Option<PlaceId>,
}

/// What describes a product, whole: a field left out is emptied.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DescribeProduct {
    /// As the producer writes it; the name before is kept as another name.
    #[validate(length(max = 300), custom(function = "not_blank"))]
    pub name: String,
    /// Sector of Annex I.
    #[validate(length(max = 10))]
    #[serde(default)]
    pub sector: String,
    /// Group of Annex I.
    #[validate(length(max = 10))]
    #[serde(default)]
    pub group: String,
    /// Set of criteria.
    #[validate(length(max = 20))]
    #[serde(default)]
    pub set: String,
    /// The story of the product.
    #[validate(length(max = 20000))]
    #[serde(default)]
    pub story: String,
    /// Global trade item number, with its check digit.
    #[validate(length(max = 20))]
    pub gtin: Option<String>,
}

/// A correction of a product's entry.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CorrectProduct {
    /// Why: kept with the act.
    #[validate(length(min = 3, max = 2000))]
    pub reason: String,
    /// What is corrected.
    #[validate(nested)]
    pub fields: ProductFields,
}

/// Fields to correct: what is left out stays, null empties.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProductFields {
    /// The name.
    #[validate(length(max = 300), custom(function = "not_blank"))]
    pub name: Option<String>,
    /// Sector of Annex I.
    #[validate(length(max = 10))]
    pub sector: Option<String>,
    /// Group of Annex I; without `set`, the set is emptied.
    #[validate(length(max = 10))]
    pub group: Option<String>,
    /// Set of criteria; decides group and sector.
    #[validate(length(max = 20))]
    pub set: Option<String>,
    /// Global trade item number.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 20))]
    #[schema(value_type = Option<String>)]
    pub gtin: Option<Option<String>>,
    /// Where it is made.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PlaceId>)]
    pub place: Option<Option<PlaceId>>,
}

/// Two entries are one product.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MergeProduct {
    /// The entry that stays.
    pub into: ProductId,
    /// Why: kept with the act.
    #[validate(length(min = 3, max = 2000))]
    pub reason: String,
}

/// A product goes to another producer.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TransferProduct {
    /// Its new producer.
    pub to_producer: ProducerId,
    /// Why: kept with the act.
    #[validate(length(min = 3, max = 2000))]
    pub reason: String,
}

/// A product in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductCard {
    /// Identifier.
    pub id: ProductId,
    /// Name.
    pub name: String,
    /// Its producer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<ProducerId>,
    /// Group of Annex I; empty while unknown.
    pub group: String,
    /// Set of criteria; empty while unknown.
    pub set: String,
    /// Where it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceBrief>,
    /// Whether it came from a list that proves no recognition.
    pub history_unknown: bool,
}

impl ProductCard {
    /// From the row.
    pub fn of(row: &Product, place: Option<PlaceBrief>) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            producer: row.producer_id,
            group: row.group_code.clone(),
            set: row.set_code.clone(),
            place,
            history_unknown: row.history_unknown,
        }
    }
}

/// A product.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductView {
    /// Identifier.
    pub id: ProductId,
    /// Name.
    pub name: String,
    /// Other names under which it is found.
    pub aliases: Vec<String>,
    /// Its producer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<ProducerId>,
    /// Sector of Annex I; empty while unknown.
    pub sector: String,
    /// Group of Annex I; empty while unknown.
    pub group: String,
    /// Set of criteria; empty while unknown.
    pub set: String,
    /// The story of the product.
    pub story: String,
    /// Global trade item number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gtin: Option<String>,
    /// Where it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceBrief>,
    /// Whether it came from a list that proves no recognition.
    pub history_unknown: bool,
    /// Codes, newest first.
    pub codes: Vec<ProductCodeView>,
    /// Pictures, in order.
    pub photos: Vec<PhotoView>,
    /// When it was registered.
    pub created_at: Moment,
    /// Merges, transfers and corrections, oldest first.
    pub acts: Vec<RegisterActView>,
}

impl ProductView {
    /// From the row, with nothing of what belongs to it yet.
    pub fn bare(row: Product) -> Self {
        Self {
            id: row.id,
            name: row.name,
            aliases: Vec::new(),
            producer: row.producer_id,
            sector: row.sector,
            group: row.group_code,
            set: row.set_code,
            story: row.story,
            gtin: row.gtin,
            place: None,
            history_unknown: row.history_unknown,
            codes: Vec::new(),
            photos: Vec::new(),
            created_at: row.created_at,
            acts: Vec::new(),
        }
    }
}

/// A code that a product bears for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductCodeView {
    /// Its text.
    #[schema(example = "86-29242-3-2026")]
    pub code: String,
    /// The dossier whose proposal gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dossier: Option<DossierId>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; absent while in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
}

impl From<ProductCode> for ProductCodeView {
    fn from(row: ProductCode) -> Self {
        Self { code: row.code, dossier: row.dossier_id, valid_from: row.valid_from, valid_to: row.valid_to }
    }
}

/// A picture of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PhotoView {
    /// Identifier.
    pub id: RowId,
    /// What it shows.
    pub alt: String,
    /// Where its bytes are; public.
    #[schema(
        example = "/v1/products/01937f6e-3c00-7000-8000-0000000000a2/photos/01937f6e-3c00-7000-8000-0000000000c1"
    )]
    pub href: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl From<Photo> for PhotoView {
    fn from(row: Photo) -> Self {
        Self {
            id: row.id,
            href: format!("/v1/products/{}/photos/{}", row.product_id, row.id),
            alt: row.alt,
            sha256: row.sha256,
        }
    }
}

/// A picture to add.
#[derive(Debug, ToSchema)]
pub struct PhotoForm {
    /// PNG, JPEG or WebP, at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
    /// What it shows, for who cannot see it.
    #[schema(max_length = 300, example = "Dừa sáp bổ đôi trên lá")]
    pub alt: String,
}
