//! What a typed, scanned or pasted text asks for: a certificate number, a product code of either
//! shape, a trade item number. Confusing letters are answered with a suggestion, never silently.

use super::numbers;
use crate::products::check::{self, BadReason, Read};
use crate::products::rules::{Code, is_gtin};

/// The longest thing that could be a number.
const LONGEST: usize = 64;

/// Something to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The number of a certificate.
    Number(String),
    /// A product code.
    Code(String),
    /// A global trade item number.
    Gtin(String),
}

impl Key {
    /// As it is printed.
    pub fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Code(text) | Self::Gtin(text) => text,
        }
    }
}

/// How a text reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it is, as it stands.
    pub exact: Option<Key>,
    /// What was most likely meant: to be asked, never to be assumed.
    pub meant: Option<Key>,
    /// Why it is nothing, when it is nothing.
    pub bad: BadReason,
}

/// Reads a text. A pasted address of a page (`…/v/NUMBER`) is read as the number in it.
pub fn look_up(typed: &str) -> Reading {
    let text = number_of_address(typed.trim());
    let nothing = Reading { exact: None, meant: None, bad: BadReason::Shape };
    if text.is_empty() || text.chars().count() > LONGEST {
        return nothing;
    }
    let joined = joined(text);
    if let Ok(code) = joined.parse::<Code>() {
        return Reading { exact: Some(Key::Code(code.to_string())), ..nothing };
    }
    match numbers::read(text) {
        Read::Exact(number) => Reading { exact: Some(Key::Number(number)), ..nothing },
        // Digits alone can be both: a number without its prefix, and a trade item number.
        Read::Suggest(number) => Reading { exact: gtin(text), meant: Some(Key::Number(number)), ..nothing },
        Read::Bad(bad) => Reading { exact: gtin(text), meant: code_meant(&joined), bad },
    }
}

/// The part of an address behind `/v/`, without query and fragment.
fn number_of_address(text: &str) -> &str {
    let page = text.split_once("/v/").map_or(text, |(_, rest)| rest);
    page.split(['?', '#', '/']).next().unwrap_or(page)
}

/// The parts of a code with dashes between them, however they are set apart.
fn joined(text: &str) -> String {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '.' | '_' | '–' | '—' | '−'));
    parts.filter(|p| !p.is_empty()).collect::<Vec<_>>().join("-")
}

fn gtin(text: &str) -> Option<Key> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    is_gtin(&digits).then_some(Key::Gtin(digits))
}

/// The code that is meant where letters stand for digits; a code has digits only.
fn code_meant(joined: &str) -> Option<Key> {
    let digits: String = joined.chars().map(|c| check::digit_meant(c).unwrap_or(c)).collect();
    digits.parse::<Code>().ok().map(|code| Key::Code(code.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_code_or_a_number_is_read() {
        let number = Key::Number("OCOP-86-2026-000915-B".to_owned());
        let old = Key::Code("84-845-29338-1-2021".to_owned());
        let rows = [
            ("OCOP-86-2026-000915-B", &number),
            ("ocop 86 2026 000915 b", &number),
            ("https://ocop.example/v/OCOP-86-2026-000915-B?fbclid=1#x", &number),
            ("84-845-29338-1-2021", &old),
            ("84 845 29338 01 2021", &old),
            ("84–845–29338–1–2021", &old),
            ("84.845.29338.1.2021", &old),
        ];
        for (typed, key) in rows {
            assert_eq!(look_up(typed).exact.as_ref(), Some(key), "{typed}");
        }
        assert_eq!(look_up("8936000000011").exact, Some(Key::Gtin("8936000000011".to_owned())));
    }

    #[test]
    fn letters_for_digits_are_asked_about_and_never_taken() {
        let old = Key::Code("84-845-29338-1-2021".to_owned());
        for typed in ["84-B45-29338-1-2021", "84-845-29338-l-2021", "84-845-29338-I-2O21", "84-84S-2933B-1-2021"] {
            let reading = look_up(typed);
            assert_eq!((reading.exact, reading.meant), (None, Some(old.clone())), "{typed}");
        }
        let meant = look_up("OCOP-86-2O26-000915-B");
        assert_eq!((meant.exact, meant.meant), (None, Some(Key::Number("OCOP-86-2026-000915-B".to_owned()))));
    }

    #[test]
    fn nonsense_is_nothing() {
        for typed in ["", "xin chào", "84-845", "8936000000012", "/v/", &"8".repeat(65)] {
            let reading = look_up(typed);
            assert_eq!((reading.exact, reading.meant), (None, None), "{typed}");
        }
        assert_eq!(look_up("OCOP-86-2026-000916-B").bad, BadReason::Check);
    }
}
