//! Criteria sets as data: the tables of Annex II of a decision, one set per kind of product.
//!
//! The shape is part → section → criterion → option with points. A set is a value; it is checked
//! by [`check`], shipped by [`embedded`] and read from a legal wording by [`from_official`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::{Label, Lang};

mod check;
mod embedded;
mod official;
mod refuse;
mod suggest;

pub use check::check;
pub use embedded::{embedded, embedded_index, sets, test_sets};
pub use official::from_official;
pub use refuse::Stop;
pub use suggest::suggest;

/// What the parts of every set come to, in points (26/2026, Điều 3 khoản 1).
pub const FULL_POINTS: i64 = 100;

crate::words! {
    /// How a criterion is answered.
    pub enum ChoiceKind {
        /// Exactly one of the options.
        One = "one",
        /// Printed without options: met or not met.
        YesNo = "yesNo",
        /// One of the cases first, then one option of that case.
        OneCase = "oneCase",
    }
}

crate::words! {
    /// What an eliminating note does.
    pub enum KnockOutKind {
        /// The product is eliminated ("bị loại").
        Reject = "reject",
        /// The following steps are not assessed.
        Stop = "stop",
    }
}

crate::words! {
    /// Whose words the labels of a set are.
    pub enum Wording {
        /// Our own short wording; the annex of the decision is the legal text.
        Short = "short",
        /// The wording of the decision as imported; English repeats the Vietnamese.
        Official = "official",
    }
}

crate::words! {
    /// Why a remark was made about a printed table.
    pub enum RemarkKind {
        /// A number that could not be right was changed.
        Correction = "correction",
        /// Read in one of several possible ways.
        Reading = "reading",
        /// Carried over as printed, though it looks like a slip.
        Doubt = "doubt",
    }
}

/// A code with its name: sector, group, ministry, ground of disqualification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Stable code.
    pub code: String,
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Named {
    /// The name in one language.
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// What was changed or is doubted in the printed table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    /// Why it was made.
    pub kind: RemarkKind,
    /// Code of a criterion, or `disqualifiers`, `group`, `set`.
    pub at: String,
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// A printed note that ends the assessment of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnockOut {
    /// What it does.
    pub kind: KnockOutKind,
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// One product set ("bộ sản phẩm") of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriteriaSet {
    /// Number of the decision, for example `26/2026/QĐ-TTg`.
    pub rulebook: String,
    /// Date of the decision, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted_on: Option<NaiveDate>,
    /// First day it is in force, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<NaiveDate>,
    /// Whose words the labels are.
    #[serde(default = "short")]
    pub wording: Wording,
    /// Number of the set in the annex, where the annex numbers its sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_number: Option<u16>,
    /// Code of the set, unique within its decision: `01`…`26` under 26/2026.
    pub code: String,
    /// Name of the set.
    pub name: Label,
    /// Sector ("ngành") of Annex I.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Named>,
    /// Group ("nhóm") of Annex I.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Named>,
    /// Subgroup ("phân nhóm"), where it is named otherwise than the set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subgroup: Option<Label>,
    /// Managing ministries.
    #[serde(default)]
    pub managing_ministries: Vec<Named>,
    /// Samples that go with the dossier (26/2026, Điều 6), in pieces.
    #[serde(default)]
    pub samples_required: u16,
    /// Grounds that reject the dossier before scoring; any one is enough.
    #[serde(default)]
    pub disqualifiers: Vec<Named>,
    /// What was changed or is doubted in the print.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// Parts A, B, C.
    pub parts: Vec<Part>,
}

fn short() -> Wording {
    Wording::Short
}

/// A part: A product and community, B marketing, C quality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// Code as printed.
    pub code: String,
    /// Title.
    pub title: Label,
    /// Points at most; the sum of its sections.
    pub max_points: i64,
    /// Sections in printed order.
    pub sections: Vec<Section>,
}

/// A section of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    /// Code as printed.
    pub code: String,
    /// Title.
    pub title: Label,
    /// Points at most; the sum of its criteria.
    pub max_points: i64,
    /// Criteria whose 0 points trigger `knockOut`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knock_out_if_zero: Vec<String>,
    /// Eliminating note of the section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knock_out: Option<KnockOut>,
    /// Criteria in printed order.
    pub criteria: Vec<Criterion>,
}

/// A criterion: scored by one option, or a container over deeper criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    /// Code as printed, unique within the set.
    pub code: String,
    /// Title.
    pub title: Label,
    /// Points at most.
    pub max_points: i64,
    /// How it is answered; absent on a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<ChoiceKind>,
    /// A condition printed as an obligation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<Label>,
    /// Explanation for whoever scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<Label>,
    /// Products that are not assessed at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_assessed: Option<Label>,
    /// Scored only where another criterion has enough points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_if: Option<AppliesIf>,
    /// Eliminating note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knock_out: Option<KnockOut>,
    /// The cases to choose from, with `oneCase`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// The options in printed order, across all cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<CriterionOption>,
    /// Deeper criteria; only on a container.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub criteria: Vec<Criterion>,
}

/// A condition of a criterion on another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppliesIf {
    /// Code of the other criterion.
    pub criterion: String,
    /// Points it must have at least.
    pub min_points: i64,
}

/// One of the alternatives of a `oneCase` criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Number of the case, from 1.
    pub case: u8,
    /// What it is about.
    pub label: Label,
}

/// One option of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriterionOption {
    /// `a`, `b`, `c`… in printed order within the criterion.
    pub code: String,
    /// Points it gives.
    pub points: i64,
    /// The star (3, 4, 5) for which this option is the least that must be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_for_star: Option<u8>,
    /// The case it belongs to, with `oneCase`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<u8>,
    /// What it says.
    pub label: Label,
}

impl CriteriaSet {
    /// Every section, in printed order.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.parts.iter().flat_map(|p| &p.sections)
    }

    /// Every criterion, containers before what they hold, in printed order.
    pub fn criteria(&self) -> Vec<&Criterion> {
        let mut all = Vec::new();
        for section in self.sections() {
            section.criteria.iter().for_each(|c| c.walk(&mut all));
        }
        all
    }

    /// The criteria that are scored, in printed order.
    pub fn scored(&self) -> Vec<&Criterion> {
        self.criteria().into_iter().filter(|c| !c.is_container()).collect()
    }

    /// A criterion or container by its code.
    pub fn criterion(&self, code: &str) -> Option<&Criterion> {
        self.sections().flat_map(|s| &s.criteria).find_map(|c| c.named(code))
    }

    /// A ground of disqualification by its code.
    pub fn disqualifier(&self, code: &str) -> Option<&Named> {
        self.disqualifiers.iter().find(|d| d.code == code)
    }
}

impl Criterion {
    fn walk<'a>(&'a self, into: &mut Vec<&'a Self>) {
        into.push(self);
        self.criteria.iter().for_each(|c| c.walk(into));
    }

    fn named(&self, code: &str) -> Option<&Self> {
        if self.code == code { Some(self) } else { self.criteria.iter().find_map(|c| c.named(code)) }
    }

    /// Whether it is only a heading over deeper criteria.
    pub fn is_container(&self) -> bool {
        !self.criteria.is_empty()
    }

    /// An option by its code.
    pub fn option(&self, code: &str) -> Option<&CriterionOption> {
        self.options.iter().find(|o| o.code == code)
    }

    /// The options to choose from: those of one case, or all where there are no cases.
    pub fn branch(&self, case: Option<u8>) -> impl Iterator<Item = &CriterionOption> {
        self.options.iter().filter(move |o| case.is_none() || o.case == case)
    }

    /// The stars for which this criterion sets a minimum, rising, each once.
    pub fn minimum_stars(&self) -> Vec<u8> {
        let mut stars: Vec<u8> = self.options.iter().filter_map(|o| o.minimum_for_star).collect();
        stars.sort_unstable();
        stars.dedup();
        stars
    }
}

#[cfg(test)]
mod tests;
