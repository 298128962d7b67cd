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

/// A refusal by the rules of products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The text has neither shape, or this part of it is wrong.
    Malformed(&'static str),
    /// It is a code, in the other shape than the rulebook asks for.
    WrongPattern(CodePattern),
    /// Another product bears this code.
    CodeTaken(String),
    /// The product bears another code of this commune and year.
    CodeGiven(String),
    /// The two products belong to two producers.
    OtherProducer,
    /// The product belongs to this producer already.
    SameProducer,
    /// Ten photos are there already.
    PhotosFull,
    /// The paper was put away.
    EvidenceRetired,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "product_code_malformed",
            Self::WrongPattern(_) => "product_code_wrong_pattern",
            Self::CodeTaken(_) => "product_code_taken",
            Self::CodeGiven(_) => "product_code_given",
            Self::OtherProducer => "product_merge_other_producer",
            Self::SameProducer => "product_transfer_same_producer",
            Self::PhotosFull => "product_photos_full",
            Self::EvidenceRetired => "evidence_retired",
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
            Self::CodeTaken(code) => Label::new(
                format!("Mã {code} đã cấp cho sản phẩm khác; chọn số thứ tự khác, hoặc để hệ thống cấp số tiếp theo."),
                format!(
                    "Another product bears the code {code}; choose another number, or let the service give the next one."
                ),
            ),
            Self::CodeGiven(code) => Label::new(
                format!("Sản phẩm đã có mã {code} của xã trong năm này; mã đã cấp được giữ nguyên."),
                format!("The product bears the code {code} of this commune and year; a code that was given stays."),
            ),
            Self::OtherProducer => Label::new(
                "Hai sản phẩm thuộc hai chủ thể; hãy nhập hai chủ thể làm một, hoặc chuyển sản phẩm trước",
                "The two products belong to two producers; merge the producers or transfer the product first",
            ),
            Self::SameProducer => Label::new(
                "Sản phẩm đã thuộc chủ thể này; chọn chủ thể khác",
                "The product belongs to this producer already; choose another one",
            ),
            Self::PhotosFull => Label::new(
                "Mỗi sản phẩm có nhiều nhất 10 ảnh; xóa bớt một ảnh rồi gửi lại",
                "A product has at most 10 photos; remove one and send again",
            ),
            Self::EvidenceRetired => Label::new(
                "Giấy tờ này đã được cất khỏi kho minh chứng; thêm giấy tờ mới",
                "This paper was put away from the library; add a new one",
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

/// Whether a GTIN of 8, 12, 13 or 14 digits ends with its check digit (GS1, modulo 10).
///
/// ```
/// assert!(ocop::products::rules::is_gtin("8936000000011") && !ocop::products::rules::is_gtin("8936000000012"));
/// ```
pub fn is_gtin(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|d| matches!(d.len(), 8 | 12 | 13 | 14)) else { return false };
    let sum: u32 = digits.iter().rev().enumerate().map(|(at, d)| if at % 2 == 0 { *d } else { 3 * d }).sum();
    sum.is_multiple_of(10) && digits.iter().any(|d| *d != 0)
}

/// Where a product stands in Annex I and II of 26/2026; empty parts are unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classification {
    /// Sector, `1` to `6`.
    pub sector: String,
    /// Group, `1.3`.
    pub group: String,
    /// Set of criteria, `07`.
    pub set: String,
}

/// A part of a classification that is none, or does not belong to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misplaced {
    /// No such sector, or the group is of another one.
    Sector,
    /// No such group, or the set is of another one.
    Group,
    /// A set that the annex does not have: some other rulebook may.
    UnknownSet,
}

/// The annex as far as products need it.
#[derive(Debug, Clone, Deserialize)]
pub struct Annex {
    sectors: Vec<AnnexCode>,
    groups: Vec<AnnexCode>,
    sets: Vec<AnnexSet>,
}

#[derive(Debug, Clone, Deserialize)]
struct AnnexCode {
    code: String,
}

#[derive(Debug, Clone, Deserialize)]
struct AnnexSet {
    code: String,
    sector: String,
    group: String,
}

impl Annex {
    /// Reads the index of the sets.
    ///
    /// # Errors
    /// When it is no such index.
    pub fn read(index: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(index)
    }

    /// Completes a classification from its finest part: a set has one group, a group one sector.
    pub fn complete(&self, given: Classification) -> Result<Classification, Misplaced> {
        let mut whole = given;
        if !whole.set.is_empty() {
            let set = self.sets.iter().find(|s| s.code == whole.set).ok_or(Misplaced::UnknownSet)?;
            agree(&mut whole.group, &set.group, Misplaced::Group)?;
            agree(&mut whole.sector, &set.sector, Misplaced::Sector)?;
        }
        if !whole.group.is_empty() {
            let known = self.groups.iter().any(|g| g.code == whole.group);
            let sector = whole.group.split('.').next().filter(|_| known).ok_or(Misplaced::Group)?.to_owned();
            agree(&mut whole.sector, &sector, Misplaced::Sector)?;
        }
        match whole.sector.is_empty() || self.sectors.iter().any(|s| s.code == whole.sector) {
            true => Ok(whole),
            false => Err(Misplaced::Sector),
        }
    }
}

fn agree(part: &mut String, asked: &str, misplaced: Misplaced) -> Result<(), Misplaced> {
    if part.is_empty() {
        part.push_str(asked);
    }
    if part == asked { Ok(()) } else { Err(misplaced) }
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

/// How many days before its end a paper's producer is told, the longest first.
pub const WARNINGS: &[u32] = &[60, 30, 7];

/// The warnings that are due when so many days are left, the longest first.
pub fn warnings_due(left: i64) -> impl Iterator<Item = u32> {
    WARNINGS.iter().copied().filter(move |days| (0..=i64::from(*days)).contains(&left))
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
    fn a_gtin_ends_with_its_check_digit() {
        for good in ["96385074", "036000291452", "8934563138165", "18936000000018"] {
            assert!(is_gtin(good), "{good}");
        }
        for bad in ["", "8934563138166", "893456313816", "00000000", "89345631381x5"] {
            assert!(!is_gtin(bad), "{bad}");
        }
    }

    #[test]
    fn the_finest_part_of_a_classification_completes_the_rest() {
        let annex = Annex::read(crate::rulebook::criteria::embedded_index()).unwrap();
        let of = |sector: &str, group: &str, set: &str| {
            annex.complete(Classification { sector: sector.into(), group: group.into(), set: set.into() })
        };
        let whole = of("", "", "07").unwrap();
        assert_eq!((whole.sector.as_str(), whole.group.as_str()), ("1", "1.3"));
        assert_eq!(of("", "2.1", "").map(|c| c.sector).as_deref(), Ok("2"));
        assert_eq!(of("", "2.1", "07"), Err(Misplaced::Group));
        assert_eq!(of("2", "1.3", ""), Err(Misplaced::Sector));
        assert_eq!(of("7", "", ""), Err(Misplaced::Sector));
        assert_eq!(of("", "9.9", ""), Err(Misplaced::Group));
        assert_eq!(of("", "", "T35"), Err(Misplaced::UnknownSet));
        assert_eq!(of("", "", ""), Ok(Classification::default()));
    }

    #[test]
    fn a_receipt_bears_office_places_and_year() {
        let number = receipt_number(17, ReceivingOffice::Commune, "86", "29242", 2026);
        assert_eq!(number.as_deref(), Ok("17-X/PĐK-86-29242-2026"));
        assert!(receipt_number(17, ReceivingOffice::Province, "86", "292", 2026).is_err());
    }
}
