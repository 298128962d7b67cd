//! The columns of the file.

use serde::{Deserialize, Serialize};

use crate::text::nfc;

/// The columns that are read; any order, others are ignored.
pub const COLUMNS: [&str; 14] = [
    "name",
    "producer",
    "producer_type",
    "commune",
    "district",
    "province",
    "group",
    "stars",
    "decision_no",
    "decision_date",
    "authority",
    "year",
    "notes",
    "source_url",
];

/// The columns without which a file is not a list of products.
const REQUIRED: [&str; 2] = ["name", "province"];

/// The required columns that a header lacks.
pub fn missing_columns<'a>(header: impl IntoIterator<Item = &'a str>) -> Vec<&'static str> {
    let header: Vec<_> = header.into_iter().map(|h| h.trim().trim_start_matches('\u{feff}')).collect();
    REQUIRED.into_iter().filter(|column| !header.contains(column)).collect()
}

/// A row as written; an absent column is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// Product.
    pub name: String,
    /// Producer with its legal form.
    pub producer: String,
    /// Legal form of the producer.
    pub producer_type: String,
    /// Commune, ward or townlet.
    pub commune: String,
    /// District of the three-tier regime.
    pub district: String,
    /// Province.
    pub province: String,
    /// Product group.
    pub group: String,
    /// Star, 1 to 5.
    pub stars: String,
    /// Number of the decision, with its sign: `1693/QĐ-UBND`.
    pub decision_no: String,
    /// Its date, or that of the batch: `22/8/2022` or `2022-08-22`.
    pub decision_date: String,
    /// Who recognised, when no number tells it: `UBND tỉnh`, `UBND huyện`, `Bộ`.
    pub authority: String,
    /// Year as published.
    pub year: String,
    /// Remarks.
    pub notes: String,
    /// Where the row comes from.
    pub source_url: String,
}

/// The address of a row.
#[derive(Debug, Clone, Copy)]
pub struct Address<'a> {
    /// Province as written.
    pub province: &'a str,
    /// District as written.
    pub district: &'a str,
    /// Commune as written.
    pub commune: &'a str,
}

impl Row {
    /// The same row in NFC, with single spaces.
    pub(super) fn tidy(&self) -> Self {
        let tidy = |s: &str| nfc(s).split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            name: tidy(&self.name),
            producer: tidy(&self.producer),
            producer_type: tidy(&self.producer_type),
            commune: tidy(&self.commune),
            district: tidy(&self.district),
            province: tidy(&self.province),
            group: tidy(&self.group),
            stars: tidy(&self.stars),
            decision_no: tidy(&self.decision_no),
            decision_date: tidy(&self.decision_date),
            authority: tidy(&self.authority),
            year: tidy(&self.year),
            notes: tidy(&self.notes),
            source_url: tidy(&self.source_url),
        }
    }

    pub(super) fn address(&self) -> Address<'_> {
        Address { province: &self.province, district: &self.district, commune: &self.commune }
    }

    pub(super) fn printed_place(&self) -> String {
        let parts = [&self.commune, &self.district, &self.province];
        parts.into_iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    }
}
