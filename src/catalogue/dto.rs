//! What the public catalogue says. No contact data anywhere.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::certification::rules::DecisionKind;
use crate::certification::{CorrectedLine, PublicScan, RecognitionKind, UnitView, VerifiedDecision, VerifiedPlace};
use crate::ids::{DecisionId, ProducerId, ProductId, RecognitionId};
use crate::producers::ProducerType;
use crate::rulebook::Authority;
use crate::text::Label;

crate::words! {
    /// How a product stands in the catalogue today.
    pub enum EntryState {
        /// Recognised.
        Valid = "valid",
        /// Recognised, the last day near.
        Expiring = "expiring",
        /// Its last recognition has run out.
        Expired = "expired",
        /// Its certificate was revoked, or its recognition withdrawn.
        Revoked = "revoked",
        /// A result of 90 or more awaits the centre, and nothing is recognised.
        PotentialFive = "potentialFive",
        /// On a list that proves no recognition.
        HistoryUnknown = "historyUnknown",
    }
}

impl EntryState {
    /// The state in words.
    pub fn label(self) -> Label {
        match self {
            Self::Valid => Label::new("còn hiệu lực", "valid"),
            Self::Expiring => Label::new("sắp hết hiệu lực", "expiring"),
            Self::Expired => Label::new("hết hiệu lực", "expired"),
            Self::Revoked => Label::new("đã bị thu hồi", "revoked"),
            Self::PotentialFive => Label::new("tiềm năng 5 sao", "potential five stars"),
            Self::HistoryUnknown => Label::new("chưa rõ quá trình công nhận", "history unknown"),
        }
    }
}

/// A product in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CatalogueProduct)]
pub struct ProductCard {
    /// Identifier.
    pub id: ProductId,
    /// Name.
    pub name: String,
    /// Its producer.
    pub producer: Option<ProducerCard>,
    /// As printed in the last decision, and the units of today.
    pub place: VerifiedPlace,
    /// Sector of Annex I; empty while unknown.
    pub sector: String,
    /// Group of Annex I; empty while unknown.
    pub group_code: String,
    /// Set of criteria; empty while unknown.
    pub set_code: String,
    /// How it stands today.
    pub state: EntryState,
    /// The state in words.
    pub state_label: Label,
    /// Whether a result of 90 or more awaits the centre, whatever is recognised now.
    pub potential_five: bool,
    /// The star of the last recognition; none without one.
    pub stars: Option<i32>,
    /// How the product came to it.
    pub kind: Option<RecognitionKind>,
    /// Its year.
    pub year: Option<i32>,
    /// Its decision.
    pub decision: Option<VerifiedDecision>,
    /// Its first day.
    pub valid_from: Option<NaiveDate>,
    /// Its last day.
    pub valid_through: Option<NaiveDate>,
    /// The certificate: `/v/{number}`.
    pub certificate_number: Option<String>,
    /// A picture.
    pub photo: Option<PhotoLink>,
}

/// A producer as the catalogue shows it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CatalogueProducer)]
pub struct ProducerCard {
    /// Identifier.
    pub id: ProducerId,
    /// Name.
    pub name: String,
    /// Its type.
    pub producer_type: Option<ProducerType>,
    /// The type in words.
    pub type_label: Option<Label>,
}

/// A picture and what it shows.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PhotoLink {
    /// Where it is.
    #[schema(
        example = "/v1/products/0198b0a0-0000-7000-8000-000000000001/photos/0198b0a0-0000-7000-8000-000000000002"
    )]
    pub href: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
}

/// A product with its history.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProductPage {
    /// The product.
    #[serde(flatten)]
    pub card: ProductCard,
    /// Its story.
    pub story: String,
    /// Global trade item number.
    pub gtin: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its codes, the latest first.
    pub codes: Vec<String>,
    /// Every picture.
    pub photos: Vec<PhotoLink>,
    /// Every recognition, the latest first.
    pub history: Vec<HistoryEntry>,
    /// Results of 90 or more that were approved, the latest first.
    pub approvals: Vec<Approval>,
}

/// A recognition in the life of a product.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// Identifier.
    pub id: RecognitionId,
    /// How the product came to it.
    pub kind: RecognitionKind,
    /// 3, 4 or 5.
    pub stars: i32,
    /// Who recognised.
    pub level: Authority,
    /// First day.
    pub recognised_on: NaiveDate,
    /// Last day.
    pub valid_through: NaiveDate,
    /// How it stands today.
    pub state: crate::certification::State,
    /// The state in words.
    pub state_label: Label,
    /// Since when.
    pub since: NaiveDate,
    /// Why, in a sentence.
    pub reason: Label,
    /// The place as printed.
    pub printed_place: String,
    /// The decision.
    pub decision: VerifiedDecision,
    /// The certificate.
    pub certificate_number: Option<String>,
}

/// A result of 90 or more that was approved and sent to the centre.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// The decision.
    pub decision: VerifiedDecision,
    /// The mean.
    #[schema(example = "95.00")]
    pub mean: Option<String>,
    /// Whether the centre has not answered yet.
    pub awaits: bool,
}

/// A decision in a public list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicDecision {
    /// Identifier.
    pub id: DecisionId,
    /// What it does.
    pub kind: DecisionKind,
    /// The same in words.
    pub kind_label: Label,
    /// The level of the authority.
    pub level: Authority,
    /// The authority as printed.
    pub authority_name: String,
    /// Its number, when it is known.
    pub number: Option<String>,
    /// Its date.
    pub signed_on: Option<NaiveDate>,
    /// The signer as printed.
    pub signer_name: Option<String>,
    /// When it became public.
    pub published_on: Option<NaiveDate>,
    /// From a list of before this service.
    pub imported: bool,
    /// How many products stand in it.
    pub products: i64,
}

/// A decision with its products.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicDecisionPage {
    /// The decision.
    #[serde(flatten)]
    pub head: PublicDecision,
    /// What it rests on.
    pub legal_bases: Vec<String>,
    /// Its products, in the order of print.
    pub items: Vec<PublicLine>,
    /// Scans of it as it was signed on paper, where its office made them public.
    pub scans: Vec<PublicScan>,
}

/// A product in a public decision.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublicLine {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// Its producer.
    pub producer_name: Option<String>,
    /// The star; none where the decision carries none.
    pub stars: Option<i32>,
    /// The mean: only of a result of 90 or more.
    pub mean: Option<String>,
    /// The certificate that it issues, ends or corrects.
    pub certificate_number: Option<String>,
    /// For a correction: what it corrects.
    pub corrections: Vec<CorrectedLine>,
}

crate::words! {
    /// By what figures are divided.
    pub enum By {
        /// By the next smaller unit.
        Place = "place",
        /// By star.
        Star = "star",
        /// By group of Annex I.
        Group = "group",
        /// By type of producer.
        ProducerType = "producerType",
        /// By year of recognition.
        Year = "year",
    }
}

/// Figures on a day.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// The day.
    pub on: NaiveDate,
    /// By what they are divided.
    pub by: By,
    /// The unit they are for; none for the whole.
    pub place: Option<UnitView>,
    /// All of it: products are counted once.
    pub total: Counts,
    /// The parts.
    pub data: Vec<StatsRow>,
}

/// A part of the figures.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatsRow {
    /// Star, group, type, year, or the code of a unit; `unknown` where it is not known.
    #[schema(example = "4")]
    pub key: String,
    /// The same in words.
    pub label: Label,
    /// The unit, when figures are divided by place.
    pub place: Option<UnitView>,
    /// The figures.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Stock on a day: distinct products.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Products with a valid recognition.
    pub recognised: usize,
    /// Products with a result of 90 or more that awaits the centre.
    pub potential_five: usize,
    /// Products with either, as provinces publish them.
    pub total_as_published: usize,
    /// Producers of the recognised products.
    pub producers: usize,
}

crate::words! {
    /// In which order products are listed.
    pub enum ProductSort {
        /// By name, as a Vietnamese reader expects.
        Name = "name",
        /// The latest recognition first.
        Newest = "newest",
        /// The most stars first.
        Stars = "stars",
    }
}

/// What a list of products is narrowed by.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CatalogueQuery {
    /// A unit at any level, of today or of before: its identifier, or its code.
    #[param(example = "86")]
    pub place: Option<String>,
    /// The day on which `place`, when it is a code, named the unit; today unless said.
    pub place_on: Option<NaiveDate>,
    /// Group of Annex I.
    pub group: Option<String>,
    /// Sector of Annex I.
    pub sector: Option<String>,
    /// Set of criteria.
    pub set: Option<String>,
    /// The star of the last recognition: 3, 4 or 5.
    pub stars: Option<i32>,
    /// Type of the producer.
    pub producer_type: Option<ProducerType>,
    /// How the product stands today.
    pub state: Option<EntryState>,
    /// The year of the last recognition.
    pub year: Option<i32>,
    /// Beginnings of words in the name of product or producer, with or without marks.
    #[param(example = "keo dua")]
    pub q: Option<String>,
    /// The order; by name unless said.
    #[param(inline)]
    pub sort: Option<ProductSort>,
    /// 1 to 100; 20 unless said.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// What a list of decisions is narrowed by.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PublicDecisionsQuery {
    /// What it does.
    pub kind: Option<DecisionKind>,
    /// The level of the authority.
    pub level: Option<Authority>,
    /// The year of signing.
    pub year: Option<i32>,
    /// The unit of the authority or one above it: its identifier, or its code.
    #[param(example = "86")]
    pub place: Option<String>,
    /// The day on which `place`, when it is a code, named the unit; today unless said.
    pub place_on: Option<NaiveDate>,
    /// 1 to 100; 20 unless said.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// Which figures.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
    /// By what they are divided.
    pub by: By,
    /// The day; today unless said.
    pub on: Option<NaiveDate>,
    /// A unit at any level, of any time: its identifier, or its code.
    #[param(example = "86")]
    pub place: Option<String>,
}
