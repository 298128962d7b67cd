//! Product codes and receipt numbers.
//!
//! A code is a label that a product bears for a while, never a key: it is given when the commune
//! proposes the dossier, and a later evaluation or a reform of units gives another one.
//!
//! * `T-H-X-STT-YYYY`, to 30 June 2025: `84-845-29338-1-2021`.
//! * `T-X-STT-YYYY`, 26/2026, head of every table of Phụ lục II: `86-29242-3-2026`; the codes of
//!   units are those of Quyết định 19/2025/QĐ-TTg.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{refusal::Refusal, rulebook::CodePattern, text::Label, words};

/// Years that a code may bear: the programme began in 2018.
const YEARS: std::ops::RangeInclusive<u16> = 2018..=2099;

/// A product code, in either shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code {
    /// Code of the province, two digits.
    pub province: String,
    /// Code of the district, three digits; only in the older shape.
    pub district: Option<String>,
    /// Code of the commune, five digits.
    pub commune: String,
    /// Sequence number kept by the commune, from 1.
    pub sequence: u32,
    /// Year of evaluation.
    pub year: u16,
}

/// On the wire a code is its text.
impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Product code, T-X-STT-YYYY or T-H-X-STT-YYYY"))
            .examples(["86-29242-3-2026"])
            .into()
    }
}

impl ToSchema for Code {}

/// Why a code or a receipt number is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The text has neither shape, or this part of it is wrong.
    Malformed(&'static str),
    /// It is a code, in the other shape than the rulebook asks for.
    WrongPattern(CodePattern),
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "product_code_malformed",
            Self::WrongPattern(_) => "product_code_wrong_pattern",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::Malformed(part) => {
                let (vi, en) = part_in_words(part);
                Label::new(
                    format!(
                        "Mã số sản phẩm không đúng ở phần {vi}; viết theo mẫu 86-29242-3-2026 (tỉnh-xã-STT-năm) hoặc 84-845-29338-1-2021 (tỉnh-huyện-xã-STT-năm)."
                    ),
                    format!(
                        "The product code is wrong in its {en}; write it like 86-29242-3-2026 (province-commune-sequence-year) or 84-845-29338-1-2021 (province-district-commune-sequence-year)."
                    ),
                )
            }
            Self::WrongPattern(asked) => Label::new(
                format!("Mã số sản phẩm phải theo mẫu {asked} của bộ quy định đang áp dụng."),
                format!("The product code must have the shape {asked} of the rulebook that applies."),
            ),
        }
    }
}

fn part_in_words(part: &str) -> (&'static str, &'static str) {
    match part {
        "province" => ("mã tỉnh (2 chữ số)", "province (2 digits)"),
        "district" => ("mã huyện (3 chữ số)", "district (3 digits)"),
        "commune" => ("mã xã (5 chữ số)", "commune (5 digits)"),
        "sequence" => ("số thứ tự (từ 1)", "sequence (from 1)"),
        "year" => ("năm (từ 2018)", "year (from 2018)"),
        _ => ("cấu trúc (4 hoặc 5 phần)", "shape (4 or 5 parts)"),
    }
}

impl Code {
    /// Builds a code of the shape that the rulebook asks for; every part is checked.
    pub fn build(
        pattern: CodePattern,
        province: &str,
        district: Option<&str>,
        commune: &str,
        sequence: u32,
        year: u16,
    ) -> Result<Self, Stop> {
        let district = match pattern {
            CodePattern::WithDistrict => Some(digits(district.unwrap_or(""), 3, "district")?),
            CodePattern::WithoutDistrict => None,
        };
        let (province, commune) = (digits(province, 2, "province")?, digits(commune, 5, "commune")?);
        if sequence == 0 {
            return Err(Stop::Malformed("sequence"));
        }
        if !YEARS.contains(&year) {
            return Err(Stop::Malformed("year"));
        }
        Ok(Self { province, district, commune, sequence, year })
    }

    /// The shape it has.
    pub fn pattern(&self) -> CodePattern {
        if self.district.is_some() { CodePattern::WithDistrict } else { CodePattern::WithoutDistrict }
    }

    /// Reads a code and requires a shape.
    pub fn parse_as(pattern: CodePattern, text: &str) -> Result<Self, Stop> {
        let code: Self = text.parse()?;
        if code.pattern() == pattern { Ok(code) } else { Err(Stop::WrongPattern(pattern)) }
    }
}

impl FromStr for Code {
    type Err = Stop;

    /// Reads either shape; spaces around parts, long dashes and leading zeros of the sequence are
    /// forgiven, because lists in use have them.
    fn from_str(text: &str) -> Result<Self, Stop> {
        let parts: Vec<&str> = text.split(['-', '–', '—']).map(str::trim).collect();
        let (pattern, province, district, commune, sequence, year) = match parts.as_slice() {
            [t, x, n, y] => (CodePattern::WithoutDistrict, *t, None, *x, *n, *y),
            [t, h, x, n, y] => (CodePattern::WithDistrict, *t, Some(*h), *x, *n, *y),
            _ => return Err(Stop::Malformed("shape")),
        };
        let sequence = number(sequence).ok_or(Stop::Malformed("sequence"))?;
        let year = number(year).and_then(|y| u16::try_from(y).ok()).ok_or(Stop::Malformed("year"))?;
        Self::build(pattern, province, district, commune, sequence, year)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { province, district, commune, sequence, year } = self;
        match district {
            Some(district) => write!(f, "{province}-{district}-{commune}-{sequence}-{year}"),
            None => write!(f, "{province}-{commune}-{sequence}-{year}"),
        }
    }
}

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|stop: Stop| stop.say().en)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.to_string()
    }
}

/// Exactly `width` ASCII digits: codes of units are text, leading zeros count.
fn digits(text: &str, width: usize, part: &'static str) -> Result<String, Stop> {
    match text.len() == width && text.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(text.to_owned()),
        false => Err(Stop::Malformed(part)),
    }
}

/// A number of ASCII digits only; `parse` alone would take `+3`.
fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

words! {
    /// The office whose receipt it is: Mẫu số 01 has a block for each.
    pub enum ReceivingOffice {
        /// UBND cấp xã.
        Commune = "X",
        /// The provincial OCOP agency.
        Province = "T",
    }
}

/// The number of a receipt, `…-…/PĐK-(Mã tỉnh)-(Mã xã)-(Năm)` (26/2026, Phụ lục III, Mẫu số 01).
/// The form leaves two blanks before `/PĐK`: the running number, then the office.
pub fn receipt_number(
    sequence: u32,
    office: ReceivingOffice,
    province: &str,
    commune: &str,
    year: u16,
) -> Result<String, Stop> {
    let code = Code::build(CodePattern::WithoutDistrict, province, None, commune, sequence, year)?;
    Ok(format!("{sequence}-{office}/PĐK-{}-{}-{year}", code.province, code.commune))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_are_read_and_printed() {
        for (text, pattern) in [
            ("84-845-29338-1-2021", CodePattern::WithDistrict),
            ("83-829-28780-3-2022", CodePattern::WithDistrict),
            ("86-29242-3-2026", CodePattern::WithoutDistrict),
            ("01-00004-12-2026", CodePattern::WithoutDistrict),
        ] {
            let code: Code = text.parse().unwrap();
            assert_eq!(code.to_string(), text);
            assert_eq!(code.pattern(), pattern);
            assert_eq!(serde_json::from_str::<Code>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
        }
    }

    #[test]
    fn what_lists_in_use_do_is_forgiven() {
        let code: Code = " 86 – 29242–003 - 2026".parse().unwrap();
        assert_eq!(code.to_string(), "86-29242-3-2026");
    }

    #[test]
    fn every_wrong_part_is_named() {
        for (text, part) in [
            ("", "shape"),
            ("86-29242-2026", "shape"),
            ("86-1-2-3-4-5", "shape"),
            ("8-29242-3-2026", "province"),
            ("84-84a-29338-1-2021", "district"),
            ("86-2924-3-2026", "commune"),
            ("86-29242-0-2026", "sequence"),
            ("86-29242-+3-2026", "sequence"),
            ("86-29242-99999999999-2026", "sequence"),
            ("86-29242-3-26", "year"),
            ("86-29242-3-2017", "year"),
            ("86-29242-3-۲۰۲۶", "year"),
        ] {
            assert_eq!(text.parse::<Code>(), Err(Stop::Malformed(part)), "{text}");
        }
    }

    #[test]
    fn a_shape_can_be_required() {
        let stop = Code::parse_as(CodePattern::WithoutDistrict, "84-845-29338-1-2021").unwrap_err();
        assert_eq!(stop.word(), "product_code_wrong_pattern");
        assert!(Code::build(CodePattern::WithDistrict, "84", None, "29338", 1, 2021).is_err());
    }

    #[test]
    fn a_receipt_bears_office_places_and_year() {
        let number = receipt_number(17, ReceivingOffice::Commune, "86", "29242", 2026);
        assert_eq!(number.as_deref(), Ok("17-X/PĐK-86-29242-2026"));
        assert!(receipt_number(17, ReceivingOffice::Province, "86", "292", 2026).is_err());
    }
}
