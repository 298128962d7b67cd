//! Words: two languages, Unicode form, folding for search, the key that sorts Vietnamese.
//!
//! Folding and sorting happen here and nowhere else, so that both database engines agree.

use std::sync::OnceLock;

use chrono::NaiveDate;
use icu_collator::{CollatorBorrowed, options::CollatorOptions};
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The language of messages; content stays as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Lang {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// Reads an `Accept-Language` header; Vietnamese unless English is preferred.
    pub fn from_header(value: &str) -> Self {
        let mut best = (Self::Vi, -1.0_f32);
        for part in value.split(',') {
            let mut bits = part.trim().split(';');
            let tag = bits.next().unwrap_or("").trim().to_ascii_lowercase();
            let weight =
                bits.find_map(|b| b.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok())).unwrap_or(1.0);
            let lang = match tag.split('-').next() {
                Some("vi") => Self::Vi,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 && weight > 0.0 {
                best = (lang, weight);
            }
        }
        best.0
    }

    /// The BCP 47 tag, for `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}

/// What stands on every page of a demonstration.
pub fn demonstration() -> Label {
    Label::new(
        "Bản trình diễn: chủ thể, sản phẩm và giấy chứng nhận đều không có thật.",
        "A demonstration: producers, products and certificates are made up.",
    )
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Label {
    /// Both texts at once.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// A day as people read it.
///
/// ```
/// use ocop::text::{Lang, day};
/// let end = "2029-06-01".parse()?;
/// assert_eq!((day(end, Lang::Vi).as_str(), day(end, Lang::En).as_str()), ("01/06/2029", "1 June 2029"));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn day(on: NaiveDate, lang: Lang) -> String {
    let form = match lang {
        Lang::Vi => "%d/%m/%Y",
        Lang::En => "%-d %B %Y",
    };
    on.format(form).to_string()
}

/// Unicode NFC, the form in which every text is stored.
pub fn nfc(s: &str) -> String {
    s.nfc().collect()
}

/// Folds for search: no marks, đ becomes d, lower case, runs of white space become one space.
///
/// ```
/// assert_eq!(ocop::text::fold("  Trà  Vinh – Đặc sản "), "tra vinh – dac san");
/// ```
pub fn fold(s: &str) -> String {
    let bare: String = s
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| match c {
            'đ' | 'Đ' => 'd',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a folded text, at most eight: what a search asks the engine for.
pub fn tokens(s: &str) -> Vec<String> {
    fold(s).split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).take(8).map(str::to_owned).collect()
}

/// The `like` pattern, escaped by a backslash, of folded texts that hold these words side by side.
pub fn containing(words: &str) -> String {
    let safe = fold(words).replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{safe}%")
}

/// Folds the place of the tone mark and letter case only, keeping every letter and tone apart:
/// `Hoà` equals `Hòa`, `Ba Tơ` differs from `Ba Tô`. Used to match names of places.
pub fn fold_tone_place(s: &str) -> String {
    let lower = s.replace(['-', '–', '’', '\'', '.'], " ").to_lowercase();
    lower
        .split_whitespace()
        .map(|word| {
            let mut letters = String::new();
            let mut tones = String::new();
            for c in word.nfd() {
                match c {
                    '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => tones.push(c),
                    c => letters.push(c),
                }
            }
            letters + &tones
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn collator() -> Option<&'static CollatorBorrowed<'static>> {
    static COLLATOR: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    COLLATOR
        .get_or_init(|| {
            CollatorBorrowed::try_new(icu_locale_core::locale!("vi").into(), CollatorOptions::default()).ok()
        })
        .as_ref()
}

/// The key that sorts a Vietnamese name, as lower-case hexadecimal text: comparing two keys byte
/// by byte gives the order of the ICU collation for `vi`, on both engines and in cursors.
pub fn sort_key(s: &str) -> String {
    let mut bytes: Vec<u8> = Vec::new();
    match collator() {
        Some(c) => {
            let _ = c.write_sort_key_to(s, &mut bytes);
        }
        None => bytes.extend_from_slice(fold(s).as_bytes()),
    }
    let mut out = String::with_capacity(bytes.len() * 2);
    for b in bytes.iter().take(120) {
        out.push_str(&format!("{b:02x}"));
    }
    out
}

/// Declares an enum whose variants are stable words: in JSON, in the database, in documents.
///
/// Gives `ALL`, `word()`, `parse()`, serde and the OpenAPI schema.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Finds the variant of a word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_finds_what_people_type() {
        assert_eq!(fold("Trà Vinh"), "tra vinh");
        assert_eq!(fold("ĐẶC SẢN"), "dac san");
        assert_eq!(fold("Nước mắm rươi"), "nuoc mam ruoi");
    }

    #[test]
    fn tone_place_is_folded_but_tones_are_not() {
        assert_eq!(fold_tone_place("Hoà Thuỷ"), fold_tone_place("Hòa Thủy"));
        assert_ne!(fold_tone_place("Ba Tơ"), fold_tone_place("Ba Tô"));
        assert_ne!(fold_tone_place("Tân Thành"), fold_tone_place("Tân Thạnh"));
    }

    #[test]
    fn names_sort_as_a_vietnamese_reader_expects() {
        let mut names = vec!["đu đủ", "dưa", "ăn", "âm", "an", "xoài"];
        names.sort_by_key(|n| sort_key(n));
        assert_eq!(names, ["an", "ăn", "âm", "dưa", "đu đủ", "xoài"]);
    }

    #[test]
    fn language_follows_the_weights() {
        assert_eq!(Lang::from_header("en;q=0.5, vi;q=0.9"), Lang::Vi);
        assert_eq!(Lang::from_header("en-GB,en"), Lang::En);
        assert_eq!(Lang::from_header("fr"), Lang::Vi);
    }
}
