//! Names as keys: what makes two rows one producer or one product.
//!
//! Letters and tones are kept, because `Tân Thành` and `Tân Thạnh` are two names; what differs only
//! in marks is put before an officer, never merged.

use super::KnownProduct;
use crate::text::{fold, fold_tone_place, nfc};

/// A name without case, punctuation and the place of the tone mark; NFC, because it is stored.
pub(super) fn fold_name(name: &str) -> String {
    let plain = name.replace(|c: char| !c.is_alphanumeric() && !is_mark(c), " ");
    nfc(&fold_tone_place(&plain))
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Long and short ways to write one legal form; the first that fits is taken, so longer ones come first.
const FORMS: &[(&str, &str)] = &[
    ("công ty trách nhiệm hữu hạn một thành viên", "cty tnhh mtv"),
    ("công ty trách nhiệm hữu hạn mtv", "cty tnhh mtv"),
    ("công ty tnhh một thành viên", "cty tnhh mtv"),
    ("công ty tnhh mtv", "cty tnhh mtv"),
    ("công ty trách nhiệm hữu hạn", "cty tnhh"),
    ("công ty tnhh", "cty tnhh"),
    ("công ty cổ phần", "cty cp"),
    ("công ty cp", "cty cp"),
    ("công ty", "cty"),
    ("hợp tác xã", "htx"),
    ("tổ hợp tác", "tht"),
    ("doanh nghiệp tư nhân", "dntn"),
    ("hộ kinh doanh", "hkd"),
];

/// Stands for the producer of a row that names none.
const NOBODY: &str = "?";

/// The key of a producer: province, legal form in its short way, name; what stands in brackets is
/// left out.
///
/// ```
/// # use ocop::catalogue::import::producer_key;
/// assert_eq!(
///     producer_key("Công ty TNHH Một thành viên Hồng Liên TV", "Trà Vinh"),
///     producer_key("CÔNG TY TNHH MTV HỒNG LIÊN TV", "tỉnh Trà Vinh"),
/// );
/// ```
pub fn producer_key(producer: &str, province: &str) -> String {
    let name = fold_name(&outside_brackets(producer));
    let province = fold_name(province);
    let province = province.strip_prefix(&fold_name("tỉnh ")).unwrap_or(&province).trim();
    if name.is_empty() {
        return format!("{province}|{NOBODY}");
    }
    let short = FORMS.iter().find_map(|(long, short)| {
        let rest = name.strip_prefix(&fold_name(long))?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| format!("{short}{rest}"))
    });
    format!("{province}|{}", short.unwrap_or(name))
}

/// Whether a key stands for no producer.
pub(super) fn is_nobody(producer_key: &str) -> bool {
    producer_key.ends_with(&format!("|{NOBODY}"))
}

/// The names under which a product may be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductNames {
    /// As written.
    pub full: String,
    /// Without what stands in brackets, when something does.
    pub outside: Option<String>,
    /// What stands in brackets.
    pub inside: Option<String>,
}

impl ProductNames {
    /// The names beside the full one.
    pub fn aliases(&self) -> Vec<String> {
        [&self.outside, &self.inside].into_iter().flatten().cloned().collect()
    }
}

/// Splits `Bánh tét 3 màu (Ba Màu)` into its names.
pub fn product_names(name: &str) -> ProductNames {
    let outside = outside_brackets(name);
    let inside = name.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside.trim());
    let inside = inside.filter(|text| !text.is_empty()).map(str::to_owned);
    let outside = (inside.is_some() && !outside.is_empty()).then_some(outside);
    ProductNames { full: name.to_owned(), outside, inside }
}

fn outside_brackets(name: &str) -> String {
    match (name.find('('), name.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{} {}", name[..open].trim(), name[close + 1..].trim()).trim().to_owned()
        }
        _ => name.trim().to_owned(),
    }
}

/// What the products of one producer say about a name.
pub(super) enum Found<'a> {
    /// No such product.
    None,
    /// This one.
    One(&'a KnownProduct),
    /// Several: an officer decides.
    Several,
    /// One that differs in marks only: an officer decides.
    Alike,
}

/// Finds a product among those of its producer. Names in brackets tell variants apart
/// (`Bánh tét (chuối)`, `Bánh tét (đậu)`), so two products are one only when the full name of one is
/// a name of the other.
pub(super) fn find<'a>(names: &ProductNames, known: &'a [KnownProduct]) -> Found<'a> {
    let full = fold_name(&names.full);
    let aliases: Vec<_> = names.aliases().iter().map(|n| fold_name(n)).collect();
    let is_same = |product: &&KnownProduct| {
        let main = product.names.first().map(|n| fold_name(n)).unwrap_or_default();
        product.names.iter().any(|n| fold_name(n) == full) || aliases.contains(&main)
    };
    let is_full = |product: &&KnownProduct| product.names.first().is_some_and(|n| fold_name(n) == full);
    let same: Vec<_> = known.iter().filter(is_same).collect();
    match (same.as_slice(), known.iter().find(is_full)) {
        (_, Some(product)) => Found::One(product),
        ([], None) if known.iter().any(|k| k.names.iter().any(|n| fold(n) == fold(&names.full))) => Found::Alike,
        ([], None) => Found::None,
        ([product], None) => Found::One(product),
        (_, None) => Found::Several,
    }
}
