//! Rows of producers and of what belongs to them.

pub mod mandates;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::{ActKind, EntryKind, ProducerType, Sex};
use crate::db::schema::{craft_villages, growing_areas, producer_aliases, producer_private, producers, register_acts};
use crate::db::{Doc, Moment};
use crate::ids::{CraftVillageId, GrowingAreaId, PlaceId, ProducerId, RowId, UserId};

crate::stored_words!(ProducerType, Sex, ActKind, EntryKind);

/// A chủ thể OCOP.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = producers, treat_none_as_null = true)]
pub struct Producer {
    /// Identifier.
    pub id: ProducerId,
    /// As the producer writes it.
    pub name: String,
    /// The name, folded for search.
    pub folded: String,
    /// The key that sorts the name.
    pub name_sort: String,
    /// None while an imported word leaves it open.
    pub kind: Option<ProducerType>,
    /// In its one written form; unique.
    pub tax_code: Option<String>,
    /// Of the business registration.
    pub registration_number: Option<String>,
    /// The commune; none while an imported list leaves it open.
    pub place_id: Option<PlaceId>,
    /// In words; empty while unknown.
    pub address: String,
    /// Day of the business registration.
    pub founded_on: Option<NaiveDate>,
    /// The craft village it belongs to.
    pub craft_village_id: Option<CraftVillageId>,
    /// How an import finds it again.
    pub import_key: Option<String>,
    /// The producer that this one turned out to be; always one that is not merged itself.
    pub merged_into: Option<ProducerId>,
    /// When it was registered.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// Personal data of a producer's legal representative.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = producer_private, treat_none_as_null = true)]
pub struct Particulars {
    /// Whose.
    pub producer_id: ProducerId,
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
    /// `+84…`.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

impl Particulars {
    /// Nothing known yet.
    pub fn none(producer_id: ProducerId) -> Self {
        Self {
            producer_id,
            representative_name: None,
            representative_role: None,
            sex: None,
            ethnicity: None,
            disability: None,
            residence: None,
            phone: None,
            email: None,
        }
    }

    /// Names of the fields that differ; the audit keeps nothing else.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let pairs = [
            ("representativeName", self.representative_name != other.representative_name),
            ("representativeRole", self.representative_role != other.representative_role),
            ("sex", self.sex != other.sex),
            ("ethnicity", self.ethnicity != other.ethnicity),
            ("disability", self.disability != other.disability),
            ("residence", self.residence != other.residence),
            ("phone", self.phone != other.phone),
            ("email", self.email != other.email),
        ];
        pairs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    /// Names of the fields that are known.
    pub fn filled(&self) -> Vec<&'static str> {
        self.differing(&Self::none(self.producer_id))
    }
}

/// Another name under which a producer is found.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = producer_aliases)]
pub struct ProducerAlias {
    /// Identifier.
    pub id: RowId,
    /// Whose.
    pub producer_id: ProducerId,
    /// As written.
    pub name: String,
    /// Folded.
    pub folded: String,
}

/// A growing area (vùng nguyên liệu).
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = growing_areas, treat_none_as_null = true)]
pub struct GrowingArea {
    /// Identifier.
    pub id: GrowingAreaId,
    /// Whose.
    pub producer_id: ProducerId,
    /// Where.
    pub place_id: PlaceId,
    /// Its name.
    pub name: String,
    /// Mã số vùng trồng.
    pub code: Option<String>,
    /// What grows there.
    pub crop: String,
    /// Square metres.
    pub area_m2: i64,
    /// Row version.
    pub version: i32,
    /// First day of the code.
    pub code_from: Option<NaiveDate>,
    /// Last day of the code; none while nobody ended it.
    pub code_through: Option<NaiveDate>,
}

/// A craft village (làng nghề).
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = craft_villages, treat_none_as_null = true)]
pub struct CraftVillage {
    /// Identifier.
    pub id: CraftVillageId,
    /// Where.
    pub place_id: PlaceId,
    /// Its name.
    pub name: String,
    /// Folded.
    pub folded: String,
    /// The key that sorts the name.
    pub name_sort: String,
    /// Day of its recognition as a craft village.
    pub recognised_on: Option<NaiveDate>,
    /// Row version.
    pub version: i32,
}

/// A merge, transfer or correction.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = register_acts)]
pub struct RegisterAct {
    /// Identifier.
    pub id: RowId,
    /// Which act.
    pub act: ActKind,
    /// A producer or a product.
    pub subject_kind: EntryKind,
    /// Which one.
    pub subject_id: RowId,
    /// The producer or product it was merged into, or the new producer of a product.
    pub other_id: Option<RowId>,
    /// Why.
    pub reason: String,
    /// What changed; names only of what is private.
    pub details: Doc,
    /// By whom.
    pub by_user: Option<UserId>,
    /// When.
    pub at: Moment,
}
