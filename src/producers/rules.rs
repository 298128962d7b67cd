//! What the regulation says of a producer (chủ thể OCOP): its type, and the numbers it is known by.

use crate::{
    refusal::Refusal,
    text::{Label, fold},
};

crate::words! {
    /// The types of producer of Article 2.3, Decision 26/2026/QĐ-TTg. Companies and private
    /// enterprises are apart because published statistics count them apart.
    pub enum ProducerType {
        /// Hợp tác xã.
        Cooperative = "cooperative",
        /// Tổ hợp tác.
        CooperativeGroup = "cooperativeGroup",
        /// Công ty: a small or medium enterprise with a company's form.
        Company = "company",
        /// Doanh nghiệp tư nhân, or an enterprise whose form is not told.
        Enterprise = "enterprise",
        /// Trang trại.
        Farm = "farm",
        /// Hộ sản xuất, hộ gia đình có đăng ký kinh doanh.
        HouseholdBusiness = "householdBusiness",
        /// Hội, hiệp hội: tourism only.
        Association = "association",
        /// Trung tâm điều hành hoặc tổ chức tương đương: tourism only.
        OperatingCentre = "operatingCentre",
    }
}

impl ProducerType {
    /// The type in words.
    pub fn label(self) -> Label {
        match self {
            Self::Cooperative => Label::new("hợp tác xã", "co-operative"),
            Self::CooperativeGroup => Label::new("tổ hợp tác", "co-operative group"),
            Self::Company => Label::new("công ty", "company"),
            Self::Enterprise => Label::new("doanh nghiệp tư nhân", "private enterprise"),
            Self::Farm => Label::new("trang trại", "farm"),
            Self::HouseholdBusiness => Label::new("hộ kinh doanh", "household business"),
            Self::Association => Label::new("hội, hiệp hội", "association"),
            Self::OperatingCentre => Label::new("trung tâm điều hành", "operating centre"),
        }
    }

    /// Whether this type may only file products of the tourism group (Article 2.3).
    pub fn tourism_only(self) -> bool {
        matches!(self, Self::Association | Self::OperatingCentre)
    }
}

crate::words! {
    /// The sex of a legal representative, as Mẫu số 02 asks for it.
    pub enum Sex {
        /// Nữ.
        Female = "female",
        /// Nam.
        Male = "male",
    }
}

crate::words! {
    /// An act on the register that needs a reason.
    pub enum ActKind {
        /// Two entries are one: the older identifier leads to the other.
        Merge = "merge",
        /// A product goes to another producer.
        Transfer = "transfer",
        /// An entry was wrong.
        Correct = "correct",
    }
}

crate::words! {
    /// What an act on the register was done to.
    pub enum EntryKind {
        /// A producer.
        Producer = "producer",
        /// A product.
        Product = "product",
    }
}

/// A type read from printed words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeReading {
    /// The type.
    pub kind: ProducerType,
    /// Whether the words name a legal form; "cơ sở" does not, and an officer must confirm it.
    pub sure: bool,
}

/// Beginnings of printed words (folded), longest first where one begins another, with their type and
/// whether they name a legal form.
const PRINTED: &[(&str, ProducerType, bool)] = &[
    ("lien hiep hop tac xa", ProducerType::Cooperative, true),
    ("lien hiep htx", ProducerType::Cooperative, true),
    ("hop tac xa", ProducerType::Cooperative, true),
    ("htx", ProducerType::Cooperative, true),
    ("to hop tac", ProducerType::CooperativeGroup, true),
    ("tht", ProducerType::CooperativeGroup, true),
    ("cong ty", ProducerType::Company, true),
    ("cty", ProducerType::Company, true),
    ("chi nhanh cong ty", ProducerType::Company, false),
    ("doanh nghiep tu nhan", ProducerType::Enterprise, true),
    ("dntn", ProducerType::Enterprise, true),
    ("doanh nghiep", ProducerType::Enterprise, false),
    ("dn", ProducerType::Enterprise, false),
    ("trang trai", ProducerType::Farm, true),
    ("ho kinh doanh", ProducerType::HouseholdBusiness, true),
    ("hkd", ProducerType::HouseholdBusiness, true),
    ("ho gia dinh", ProducerType::HouseholdBusiness, true),
    ("ho san xuat", ProducerType::HouseholdBusiness, true),
    ("ho", ProducerType::HouseholdBusiness, false),
    ("co so", ProducerType::HouseholdBusiness, false),
    ("cs", ProducerType::HouseholdBusiness, false),
    ("hiep hoi", ProducerType::Association, true),
    ("hoi", ProducerType::Association, true),
    ("trung tam", ProducerType::OperatingCentre, false),
];

/// Reads the type from a printed type ("công ty TNHH MTV") or from a printed name that begins with
/// its form ("HTX nông nghiệp Thông Hòa").
///
/// ```
/// # use ocop::producers::{ProducerType, read_type};
/// assert_eq!(read_type("Công ty TNHH MTV").map(|t| t.kind), Some(ProducerType::Company));
/// ```
pub fn read_type(printed: &str) -> Option<TypeReading> {
    let folded = bare(printed);
    PRINTED
        .iter()
        .find(|(begin, ..)| begins(&folded, begin))
        .map(|(_, kind, sure)| TypeReading { kind: *kind, sure: *sure })
}

fn bare(printed: &str) -> String {
    fold(&printed.replace(['.', ',', '-', '–', '(', ')'], " "))
}

fn begins(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// A refusal by the rules of producers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Neither 10 nor 13 digits, nor 12 for a household.
    TaxLength,
    /// The tenth digit does not belong to the nine before it.
    TaxCheck,
    /// Twelve digits that are no personal identification number.
    PersonalId,
    /// Not a Vietnamese telephone number.
    Phone,
    /// Another producer has this tax code.
    TaxCodeTaken,
    /// The entry was merged into another one.
    Merged,
    /// An entry cannot be merged into itself.
    MergeWithItself,
    /// Nothing would change.
    NothingToCorrect,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::TaxLength => "taxCode_length",
            Self::TaxCheck => "taxCode_check",
            Self::PersonalId => "taxCode_personalId",
            Self::Phone => "phone_form",
            Self::TaxCodeTaken => "producer_tax_code_taken",
            Self::Merged => "register_merged",
            Self::MergeWithItself => "register_merge_with_itself",
            Self::NothingToCorrect => "register_nothing_to_correct",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::TaxLength => Label::new(
                "Mã số thuế có 10 hoặc 13 chữ số; hộ kinh doanh và trang trại có thể dùng số định danh cá nhân 12 chữ số",
                "A tax code has 10 or 13 digits; a household business or farm may give the 12-digit personal number",
            ),
            Self::TaxCheck => Label::new(
                "Chữ số kiểm tra của mã số thuế không đúng; hãy so lại với giấy đăng ký",
                "The check digit of the tax code is wrong; compare it with the registration paper",
            ),
            Self::PersonalId => Label::new(
                "Số định danh cá nhân bắt đầu bằng mã tỉnh từ 001 đến 096",
                "A personal number begins with a province code from 001 to 096",
            ),
            Self::Phone => Label::new(
                "Số điện thoại Việt Nam có 10 hoặc 11 chữ số bắt đầu bằng 0, hoặc bắt đầu bằng +84",
                "A Vietnamese telephone number has 10 or 11 digits beginning with 0, or begins with +84",
            ),
            Self::TaxCodeTaken => Label::new(
                "Mã số thuế này đã có trong sổ đăng ký; tìm chủ thể đó, hoặc đề nghị cán bộ nhập hai mục làm một",
                "The register has a producer with this tax code; use that entry, or ask an officer to merge the two",
            ),
            Self::Merged => Label::new(
                "Mục này đã được nhập vào một mục khác; GET mục này để biết mục còn lại",
                "This entry was merged into another one; GET it to be led to the one that stays",
            ),
            Self::MergeWithItself => Label::new(
                "Không thể nhập một mục vào chính nó; chọn mục còn lại",
                "An entry cannot be merged into itself; choose the one that stays",
            ),
            Self::NothingToCorrect => Label::new(
                "Các giá trị gửi lên giống giá trị đang có; không có gì để sửa",
                "The values sent are those that stand; there is nothing to correct",
            ),
        }
    }
}

/// Whether a tax code is a personal identification number: personal data, shown to nobody without
/// the ground for that producer.
pub fn is_personal(tax_code: &str) -> bool {
    tax_code.len() == 12
}

/// Weights of the first nine digits of a tax code; the tenth is 10 − (sum mod 11).
const TAX_WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// Checks a tax code and gives its one written form: `2100123456`, `2100123456-001`, or a household's
/// 12-digit personal number, which takes the place of its tax code since 1 July 2025.
pub fn tax_code(typed: &str, kind: ProducerType) -> Result<String, Stop> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.')).collect();
    let digits: Vec<u32> = text.chars().map(|c| c.to_digit(10)).collect::<Option<_>>().ok_or(Stop::TaxLength)?;
    match digits.len() {
        10 => check_tax_digit(&digits).map(|()| text),
        13 => check_tax_digit(&digits).map(|()| format!("{}-{}", &text[..10], &text[10..])),
        12 if matches!(kind, ProducerType::HouseholdBusiness | ProducerType::Farm) => {
            check_personal(&text).map(|()| text)
        }
        _ => Err(Stop::TaxLength),
    }
}

fn check_tax_digit(digits: &[u32]) -> Result<(), Stop> {
    let sum: u32 = TAX_WEIGHTS.iter().zip(digits).map(|(w, d)| w * d).sum();
    if 10 - sum % 11 == digits[9] && digits.iter().any(|d| *d != 0) { Ok(()) } else { Err(Stop::TaxCheck) }
}

fn check_personal(text: &str) -> Result<(), Stop> {
    match text[..3].parse() {
        Ok(1_u16..=96) => Ok(()),
        _ => Err(Stop::PersonalId),
    }
}

/// One written form of a telephone number: `+84` and the digits after the first 0.
///
/// ```
/// assert_eq!(ocop::producers::rules::phone("0294 3855 246").as_deref(), Ok("+842943855246"));
/// ```
pub fn phone(typed: &str) -> Result<String, Stop> {
    let kept: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '(' | ')')).collect();
    let national = ["+84", "0084", "84", "0"]
        .iter()
        .find_map(|lead| kept.strip_prefix(lead))
        .map(|rest| rest.strip_prefix('0').unwrap_or(rest))
        .ok_or(Stop::Phone)?;
    let plausible = matches!(national.len(), 9 | 10)
        && national.chars().all(|c| c.is_ascii_digit())
        && national.starts_with(['2', '3', '5', '7', '8', '9']);
    if plausible { Ok(format!("+84{national}")) } else { Err(Stop::Phone) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProducerType as T;

    #[test]
    fn printed_words_name_a_type() {
        let rows = [
            ("hộ kinh doanh", T::HouseholdBusiness, true),
            ("HKD Năm Thụy", T::HouseholdBusiness, true),
            ("Hộ kinh doanh số 02", T::HouseholdBusiness, true),
            ("cơ sở", T::HouseholdBusiness, false),
            ("công ty TNHH MTV", T::Company, true),
            ("Công ty Cổ phần Trà Bắc", T::Company, true),
            ("công ty", T::Company, true),
            ("HTX Tân Qui", T::Cooperative, true),
            ("Hợp tác xã nông nghiệp Phú Mỹ Châu", T::Cooperative, true),
            ("Tổ hợp tác nhãn Rạch Đùi", T::CooperativeGroup, true),
            ("doanh nghiệp tư nhân", T::Enterprise, true),
            ("Doanh nghiệp giống thủy sản Minh Nhựt", T::Enterprise, false),
            ("trang trại", T::Farm, true),
            ("Hội Phụ nữ", T::Association, true),
        ];
        for (printed, kind, sure) in rows {
            assert_eq!(read_type(printed), Some(TypeReading { kind, sure }), "{printed}");
        }
        assert_eq!(read_type("Kim Thị Sô Đây (nhãn Khang Minh)"), None);
        assert_eq!(read_type("Hoa Sen"), None);
        assert_eq!(read_type(""), None);
    }

    #[test]
    fn a_tax_code_has_a_check_digit() {
        assert_eq!(tax_code("0100109106", T::Company).as_deref(), Ok("0100109106"));
        assert_eq!(tax_code("0100109106-001", T::Company).as_deref(), Ok("0100109106-001"));
        assert_eq!(tax_code("0100109107", T::Company), Err(Stop::TaxCheck));
        assert_eq!(tax_code("0000000000", T::Company), Err(Stop::TaxCheck));
        assert_eq!(tax_code("010010910", T::Company), Err(Stop::TaxLength));
        assert_eq!(tax_code("01001O9106", T::Company), Err(Stop::TaxLength));
    }

    #[test]
    fn a_personal_number_is_for_households() {
        assert_eq!(tax_code("084 190 123456", T::HouseholdBusiness).as_deref(), Ok("084190123456"));
        assert_eq!(tax_code("084190123456", T::Company), Err(Stop::TaxLength));
        assert_eq!(tax_code("099190123456", T::HouseholdBusiness), Err(Stop::PersonalId));
    }

    #[test]
    fn telephones_have_one_form() {
        for typed in ["0912 345 678", "+84 912345678", "84-912-345-678", "(0)912.345.678", "+84 0912 345 678"] {
            let typed = typed.replace("(0)", "0");
            assert_eq!(phone(&typed).as_deref(), Ok("+84912345678"), "{typed}");
        }
        for typed in ["", "113", "12345678", "0112345678", "09123456789012", "091234567x"] {
            assert_eq!(phone(typed), Err(Stop::Phone), "{typed}");
        }
    }
}
