//! What anybody may know of certificates and products. No contact data anywhere.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use validator::Validate;

use super::super::model::{Decision, RecognitionKind};
use super::super::rules::{LifeEvent, Standing, State};
use super::papers::VerifiedCorrection;
use crate::error::{AppError, FieldError};
use crate::ids::{DecisionId, PlaceId, ProductId};
use crate::places::{Level, Place};
use crate::producers::ProducerType;
use crate::text::Label;

/// What anybody may know of a certificate.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifyView {
    /// The number of the certificate; none for a recognition that a list tells of.
    #[schema(example = "OCOP-86-2026-000123-1")]
    pub number: Option<String>,
    /// The day that the answer is for, in Việt Nam.
    pub checked_on: NaiveDate,
    /// What an answer for a day to come takes for granted.
    pub assumes: Option<Label>,
    /// Whether the mark may be used on that day.
    pub in_force: bool,
    /// How it stands.
    pub state: State,
    /// The state in words.
    pub state_label: Label,
    /// Since when.
    pub since: NaiveDate,
    /// Why, in a sentence.
    pub reason: Label,
    /// What a shopper may conclude.
    pub conclusion: Label,
    /// 3, 4 or 5; none where only a result awaits the centre.
    pub stars: Option<i32>,
    /// Whether a result of 90 or more awaits the centre today, whatever is recognised.
    pub potential_five: bool,
    /// The product.
    pub product: VerifiedProduct,
    /// The producer.
    pub producer: Option<VerifiedProducer>,
    /// Where it is made.
    pub place: ProvenPlace,
    /// First day.
    pub issued_on: Option<NaiveDate>,
    /// Last day as printed.
    pub valid_through: Option<NaiveDate>,
    /// Last day by an extension (26/2026, Điều 12.3).
    pub extended_through: Option<NaiveDate>,
    /// How the product came to it.
    pub kind: Option<RecognitionKind>,
    /// The decision that recognised it, or approved its result.
    pub decision: VerifiedDecision,
    /// The decision that ended it.
    pub ended_by: Option<VerifiedDecision>,
    /// Why its recognition was withdrawn, in the words of that decision.
    pub withdrawn_because: Option<String>,
    /// Lines that decisions of correction changed.
    pub corrections: Vec<VerifiedCorrection>,
    /// The number of the certificate that took its place.
    pub superseded_by: Option<String>,
    /// The page for people.
    pub page: Option<String>,
    /// A picture for web sites that shows the state as of now.
    pub badge: Option<String>,
}

/// A place as printed, the units of then, and the units of today.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProvenPlace {
    /// As printed in the decision.
    pub printed: String,
    /// The units of then, smallest first, also when they were abolished since.
    pub then: Vec<UnitView>,
    /// The units of today, smallest first; several where a unit was divided.
    pub current: Vec<UnitView>,
}

/// A product as anybody may know it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedProduct {
    /// Identifier: `/v1/catalogue/products/{id}`.
    pub id: ProductId,
    /// As printed.
    pub name: String,
    /// Group of Annex I.
    pub group_code: String,
    /// Its codes, the latest first.
    pub codes: Vec<String>,
}

/// A producer as anybody may know it: no contact data.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedProducer {
    /// As printed.
    pub name: String,
    /// Its type.
    pub producer_type: Option<ProducerType>,
    /// The type in words.
    pub type_label: Option<Label>,
}

/// A place as printed, and the units of today.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedPlace {
    /// As printed in the decision.
    pub printed: String,
    /// The units of today, smallest first.
    pub current: Vec<UnitView>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitView {
    /// Identifier.
    pub id: PlaceId,
    /// Code of the statistics office.
    pub code: String,
    /// Level.
    pub level: Level,
    /// Kind and name.
    pub name: String,
}

impl From<Place> for UnitView {
    fn from(place: Place) -> Self {
        Self { id: place.id, code: place.code, level: place.level, name: place.full_name }
    }
}

/// A decision as anybody may know it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedDecision {
    /// Identifier: `/v1/catalogue/decisions/{id}`.
    pub id: DecisionId,
    /// Its number, when it is known.
    pub number: Option<String>,
    /// Its date.
    pub signed_on: Option<NaiveDate>,
    /// The authority.
    pub authority_name: String,
}

impl From<&Decision> for VerifiedDecision {
    fn from(row: &Decision) -> Self {
        Self {
            id: row.id,
            number: row.number.clone(),
            signed_on: row.signed_on,
            authority_name: row.authority_name.clone(),
        }
    }
}

/// The day that the answer is for.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct OnQuery {
    /// A day, past or to come; today unless said.
    pub on: Option<NaiveDate>,
}

/// The life of a product as one time line, and how it stands on a day.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineView {
    /// The product: the entry that stays when several turned out to be one.
    pub product_id: ProductId,
    /// The day that the answer is for.
    pub on: NaiveDate,
    /// What an answer for a day to come takes for granted.
    pub assumes: Option<Label>,
    /// How the product stands on that day; none before its first recognition.
    pub standing: Option<TimelineStanding>,
    /// What had happened by that day, the earliest first.
    pub events: Vec<TimelineEvent>,
}

/// How a product stands on a day.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineStanding {
    /// The stars of the recognition that counts.
    pub stars: i32,
    /// Whether it is in force.
    pub in_force: bool,
    /// State, since when, why, and what a shopper may conclude.
    #[serde(flatten)]
    pub standing: Standing,
    /// The state in words.
    pub state_label: Label,
    /// Last day as printed.
    pub valid_through: NaiveDate,
    /// The certificate, when one was issued here.
    pub certificate_number: Option<String>,
}

/// Something that happened to the recognition of a product.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEvent {
    /// The day from which it counts.
    pub on: NaiveDate,
    /// What.
    pub kind: LifeEvent,
    /// The same in words.
    pub label: Label,
    /// The stars of the recognition that it is about.
    pub stars: i32,
    /// How the product came to that recognition; `listed` where it comes from a list of before.
    pub came_by: RecognitionKind,
    /// The certificate, when one was issued here.
    pub certificate_number: Option<String>,
    /// The decision: number, day, and the authority whose it is; none where time alone did it.
    pub decision: Option<VerifiedDecision>,
    /// Why, where the decision names a ground; for a correction, which lines.
    pub reason: Option<Label>,
}

/// Numbers to look up.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyMany {
    /// Certificate numbers or product codes, at most 100.
    #[validate(length(min = 1, max = 100))]
    pub numbers: Vec<String>,
}

impl VerifyMany {
    /// The numbers, where each can be one.
    ///
    /// # Errors
    /// 422 that names each number of another length.
    pub fn each(&self) -> Result<&[String], AppError> {
        let odd = |n: &String| !(1..=64).contains(&n.chars().count());
        let wrong = |at: usize| {
            let (vi, en) = ("Số này dài từ 1 đến 64 ký tự.", "This number has 1 to 64 characters.");
            FieldError::new(format!("/numbers/{at}"), "length", vi, en)
        };
        let wrong: Vec<_> = self.numbers.iter().enumerate().filter(|(_, n)| odd(n)).map(|(at, _)| wrong(at)).collect();
        if wrong.is_empty() { Ok(&self.numbers) } else { Err(AppError::Invalid(wrong)) }
    }
}

/// The answers for several numbers, in the order asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedMany {
    /// The day of the check, in Việt Nam.
    pub checked_on: NaiveDate,
    /// One answer for each number.
    pub data: Vec<VerifiedOne>,
}

/// The answer for one number.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedOne {
    /// As it was asked.
    pub asked: String,
    /// Whether something here bears it.
    pub known: bool,
    /// What is known.
    pub found: Option<VerifyView>,
    /// The number that was most likely meant.
    pub suggestion: Option<String>,
}
