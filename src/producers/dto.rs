//! What travels about producers.

mod mandates;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::model::{CraftVillage, GrowingArea, Particulars, Producer, RegisterAct};
use super::rules::{self, ActKind, ProducerType, Sex};
use crate::db::Moment;
use crate::ids::{CraftVillageId, GrowingAreaId, PlaceId, ProducerId, RowId};
use crate::web::body::{broken, not_blank, ordinary_day};

pub use mandates::{MandateForm, MandateList, MandateView};

/// Tells a field that was sent as null from one that was not sent.
///
/// # Errors
/// When the value has another type.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn telephone(text: &str) -> Result<(), validator::ValidationError> {
    match rules::phone(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(broken(
            "phone_form",
            "Số điện thoại Việt Nam có 10 hoặc 11 chữ số bắt đầu bằng 0, hoặc bắt đầu bằng +84.",
            "A Vietnamese telephone number has 10 or 11 digits beginning with 0, or begins with +84.",
        )),
    }
}

/// How a list of producers is narrowed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ProducerQuery {
    /// A part of a name, with or without marks, or a whole tax code.
    #[param(example = "hop tac xa")]
    pub q: Option<String>,
    /// A unit at any level: what lies in it, and in units that became part of it.
    #[param(value_type = Option<String>, format = Uuid)]
    pub place: Option<PlaceId>,
    /// A type.
    #[param(inline)]
    pub kind: Option<ProducerType>,
    /// Rows of a page, 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// A producer to register.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RegisterProducer {
    /// As the producer writes it.
    #[validate(length(max = 300), custom(function = "not_blank"))]
    pub name: String,
    /// Its type.
    pub kind: ProducerType,
    /// 10 or 13 digits; a household business or farm may give its 12-digit personal number.
    #[validate(length(max = 20))]
    pub tax_code: Option<String>,
    /// Of the business registration.
    #[validate(length(max = 60))]
    pub registration_number: Option<String>,
    /// The commune.
    pub place: PlaceId,
    /// In words.
    #[validate(length(max = 300))]
    #[serde(default)]
    pub address: String,
    /// Day of the business registration.
    #[validate(custom(function = "ordinary_day"))]
    pub founded_on: Option<NaiveDate>,
}

/// What describes a producer, whole: a field left out is emptied.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DescribeProducer {
    /// As the producer writes it; the name before is kept as another name.
    #[validate(length(max = 300), custom(function = "not_blank"))]
    pub name: String,
    /// In words.
    #[validate(length(max = 300))]
    #[serde(default)]
    pub address: String,
    /// Of the business registration.
    #[validate(length(max = 60))]
    pub registration_number: Option<String>,
    /// Day of the business registration.
    #[validate(custom(function = "ordinary_day"))]
    pub founded_on: Option<NaiveDate>,
    /// The craft village it belongs to.
    pub craft_village: Option<CraftVillageId>,
}

/// A correction of an entry of the register.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CorrectProducer {
    /// Why: kept with the act.
    #[validate(length(min = 3, max = 2000))]
    pub reason: String,
    /// What is corrected.
    #[validate(nested)]
    pub fields: ProducerFields,
}

/// Fields to correct: what is left out stays, null empties.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProducerFields {
    /// The name.
    #[validate(length(max = 300), custom(function = "not_blank"))]
    pub name: Option<String>,
    /// The type.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ProducerType>)]
    pub kind: Option<Option<ProducerType>>,
    /// The tax code.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 20))]
    #[schema(value_type = Option<String>)]
    pub tax_code: Option<Option<String>>,
    /// Of the business registration.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 60))]
    #[schema(value_type = Option<String>)]
    pub registration_number: Option<Option<String>>,
    /// The commune.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PlaceId>)]
    pub place: Option<Option<PlaceId>>,
    /// In words.
    #[validate(length(max = 300))]
    pub address: Option<String>,
    /// Day of the business registration.
    #[serde(default, deserialize_with = "given")]
    #[validate(custom(function = "ordinary_day"))]
    #[schema(value_type = Option<NaiveDate>)]
    pub founded_on: Option<Option<NaiveDate>>,
}

/// Two entries are one.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MergeProducer {
    /// The entry that stays.
    pub into: ProducerId,
    /// Why: kept with the act.
    #[validate(length(min = 3, max = 2000))]
    pub reason: String,
}

/// A unit beside a row.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceBrief {
    /// Identifier.
    pub id: PlaceId,
    /// Code of the statistics office.
    #[schema(example = "29242")]
    pub code: String,
    /// Kind and name.
    #[schema(example = "Phường Trà Vinh")]
    pub name: String,
}

/// A producer in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProducerCard {
    /// Identifier.
    pub id: ProducerId,
    /// Name.
    pub name: String,
    /// Type; absent while an imported word leaves it open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ProducerType>,
    /// Tax code; a household's personal number stands in the particulars only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// The commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceBrief>,
}

impl ProducerCard {
    /// From the row.
    pub fn of(row: &Producer, place: Option<PlaceBrief>) -> Self {
        Self { id: row.id, name: row.name.clone(), kind: row.kind, tax_code: shown_tax_code(row), place }
    }
}

fn shown_tax_code(row: &Producer) -> Option<String> {
    row.tax_code.clone().filter(|code| !rules::is_personal(code))
}

/// A producer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProducerView {
    /// Identifier.
    pub id: ProducerId,
    /// Name.
    pub name: String,
    /// Other names under which it is found.
    pub aliases: Vec<String>,
    /// Type; absent while an imported word leaves it open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ProducerType>,
    /// Tax code; a household's personal number stands in the particulars only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// Of the business registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
    /// The commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceBrief>,
    /// In words.
    pub address: String,
    /// Day of the business registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub founded_on: Option<NaiveDate>,
    /// The craft village it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub craft_village: Option<CraftVillageId>,
    /// When it was registered.
    pub created_at: Moment,
    /// Merges and corrections, oldest first.
    pub acts: Vec<RegisterActView>,
}

impl ProducerView {
    /// From the row and what belongs to it.
    pub fn of(row: Producer, place: Option<PlaceBrief>, aliases: Vec<String>, acts: Vec<RegisterAct>) -> Self {
        Self {
            id: row.id,
            tax_code: shown_tax_code(&row),
            name: row.name,
            aliases,
            kind: row.kind,
            registration_number: row.registration_number,
            place,
            address: row.address,
            founded_on: row.founded_on,
            craft_village: row.craft_village_id,
            created_at: row.created_at,
            acts: acts.into_iter().map(RegisterActView::from).collect(),
        }
    }
}

/// A merge, transfer or correction.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterActView {
    /// Identifier.
    pub id: RowId,
    /// Which act.
    pub act: ActKind,
    /// The entry it was done to.
    pub subject: RowId,
    /// The entry it was merged into, or the new producer of a product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<RowId>,
    /// Why.
    pub reason: String,
    /// What changed: field, before, after.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
    /// When.
    pub at: Moment,
}

impl From<RegisterAct> for RegisterActView {
    fn from(row: RegisterAct) -> Self {
        Self {
            id: row.id,
            act: row.act,
            subject: row.subject_id,
            other: row.other_id,
            reason: row.reason,
            details: row.details.0,
            at: row.at,
        }
    }
}

/// Personal data of a producer's legal representative, whole: a field left out is emptied.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WriteParticulars {
    /// Người đại diện pháp lý.
    #[validate(length(max = 200))]
    pub representative_name: Option<String>,
    /// Chức vụ.
    #[validate(length(max = 100))]
    pub representative_role: Option<String>,
    /// Giới tính.
    pub sex: Option<Sex>,
    /// Dân tộc.
    #[validate(length(max = 60))]
    pub ethnicity: Option<String>,
    /// Khuyết tật.
    pub disability: Option<bool>,
    /// Nơi thường trú.
    #[validate(length(max = 300))]
    pub residence: Option<String>,
    /// Telephone.
    #[validate(length(max = 30), custom(function = "telephone"))]
    pub phone: Option<String>,
    /// E-mail.
    #[validate(length(max = 254), email)]
    pub email: Option<String>,
}

impl WriteParticulars {
    /// As a row; the telephone in its one written form.
    pub fn row(&self, producer_id: ProducerId) -> Particulars {
        Particulars {
            producer_id,
            representative_name: self.representative_name.clone(),
            representative_role: self.representative_role.clone(),
            sex: self.sex,
            ethnicity: self.ethnicity.clone(),
            disability: self.disability,
            residence: self.residence.clone(),
            phone: self.phone.as_deref().and_then(|p| rules::phone(p).ok()),
            email: self.email.as_deref().map(|e| e.trim().to_lowercase()),
        }
    }
}

/// Personal data of a producer's legal representative.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticularsView {
    /// Whose.
    pub producer: ProducerId,
    /// Tax code or personal number.
    pub tax_code: Option<String>,
    /// Người đại diện pháp lý.
    pub representative_name: Option<String>,
    /// Chức vụ.
    pub representative_role: Option<String>,
    /// Giới tính.
    pub sex: Option<Sex>,
    /// Dân tộc.
    pub ethnicity: Option<String>,
    /// Khuyết tật.
    pub disability: Option<bool>,
    /// Nơi thường trú.
    pub residence: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

impl ParticularsView {
    /// From the rows.
    pub fn of(producer: &Producer, row: Particulars) -> Self {
        Self {
            producer: producer.id,
            tax_code: producer.tax_code.clone(),
            representative_name: row.representative_name,
            representative_role: row.representative_role,
            sex: row.sex,
            ethnicity: row.ethnicity,
            disability: row.disability,
            residence: row.residence,
            phone: row.phone,
            email: row.email,
        }
    }
}

/// How a list of growing areas is narrowed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct GrowingAreaQuery {
    /// One producer.
    #[param(value_type = Option<String>, format = Uuid)]
    pub producer: Option<ProducerId>,
    /// Rows of a page, 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// A growing area to declare, or to change whole.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WriteGrowingArea {
    /// Whose; a change cannot give it to another producer.
    pub producer: ProducerId,
    /// The commune.
    pub place: PlaceId,
    /// Its name.
    #[validate(length(max = 200), custom(function = "not_blank"))]
    pub name: String,
    /// Mã số vùng trồng.
    #[validate(length(max = 60))]
    pub code: Option<String>,
    /// What grows there.
    #[validate(length(max = 200), custom(function = "not_blank"))]
    pub crop: String,
    /// Square metres.
    #[validate(range(min = 1, max = 10_000_000_000_i64))]
    pub area_m2: i64,
    /// First day on which the code holds.
    #[validate(custom(function = "ordinary_day"))]
    pub code_from: Option<NaiveDate>,
    /// Last day on which it holds; none while nobody ended it. A paper of a dossier that bears a code which does not
    /// hold that day is told in …/completeness.
    #[validate(custom(function = "ordinary_day"))]
    pub code_through: Option<NaiveDate>,
}

/// A growing area.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrowingAreaView {
    /// Identifier.
    pub id: GrowingAreaId,
    /// Whose.
    pub producer: ProducerId,
    /// The commune.
    pub place: PlaceId,
    /// Its name.
    pub name: String,
    /// Mã số vùng trồng.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What grows there.
    pub crop: String,
    /// Square metres.
    pub area_m2: i64,
    /// First day on which the code holds.
    pub code_from: Option<NaiveDate>,
    /// Last day on which it holds.
    pub code_through: Option<NaiveDate>,
}

impl From<&GrowingArea> for GrowingAreaView {
    fn from(row: &GrowingArea) -> Self {
        Self {
            id: row.id,
            producer: row.producer_id,
            place: row.place_id,
            name: row.name.clone(),
            code: row.code.clone(),
            crop: row.crop.clone(),
            area_m2: row.area_m2,
            code_from: row.code_from,
            code_through: row.code_through,
        }
    }
}

/// How a list of craft villages is narrowed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CraftVillageQuery {
    /// A part of a name, with or without marks.
    pub q: Option<String>,
    /// A unit at any level.
    #[param(value_type = Option<String>, format = Uuid)]
    pub place: Option<PlaceId>,
    /// Rows of a page, 1 to 100.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// A craft village to enter, or to change whole.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WriteCraftVillage {
    /// The commune.
    pub place: PlaceId,
    /// Its name.
    #[validate(length(max = 200), custom(function = "not_blank"))]
    pub name: String,
    /// Day of its recognition as a craft village.
    #[validate(custom(function = "ordinary_day"))]
    pub recognised_on: Option<NaiveDate>,
}

/// A craft village.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CraftVillageView {
    /// Identifier.
    pub id: CraftVillageId,
    /// The commune.
    pub place: PlaceId,
    /// Its name.
    pub name: String,
    /// Day of its recognition as a craft village.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recognised_on: Option<NaiveDate>,
}

impl From<&CraftVillage> for CraftVillageView {
    fn from(row: &CraftVillage) -> Self {
        Self { id: row.id, place: row.place_id, name: row.name.clone(), recognised_on: row.recognised_on }
    }
}
