//! The check character of printed codes, shared by certificates and lots.
//!
//! Symbols are the ten digits and the letters without I, L, O, U, so that no check character looks
//! like a digit. The check is a sum over the field of 32 elements, each symbol weighted by a power
//! of one element: every single substitution and every swap of two neighbours is detected. ISO 7064
//! MOD 37,36 was tried first and misses one pair of neighbours in each of its states.

use unicode_normalization::UnicodeNormalization;

use crate::text::Label;

/// The symbols of a printed code, in the order of their values 0–31.
pub const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters that are never printed, and what a reader most likely meant.
const NEVER_PRINTED: &[(char, char)] = &[('O', '0'), ('I', '1'), ('L', '1'), ('U', 'V')];

/// Letters that stand where only a digit can, and the digit a reader most likely meant.
const FOR_DIGITS: &[(char, char)] =
    &[('D', '0'), ('Q', '0'), ('J', '1'), ('Z', '2'), ('S', '5'), ('G', '6'), ('T', '7'), ('B', '8')];

/// Symbols taken for each other in print and in handwriting.
const LOOKALIKES: &[(char, char)] =
    &[('0', 'D'), ('0', 'Q'), ('1', '7'), ('1', 'J'), ('2', 'Z'), ('5', 'S'), ('6', 'G'), ('7', 'T'), ('8', 'B')];

crate::words! {
    /// Why a typed code is none of ours.
    pub enum BadReason {
        /// Not the length or the parts of such a code.
        Shape = "codeShape",
        /// The check character does not belong to the rest.
        Check = "codeCheck",
    }
}

impl BadReason {
    /// What to tell the person who typed it.
    pub fn label(self) -> Label {
        match self {
            Self::Shape => Label::new(
                "Mã không đúng dạng; hãy nhập lại đủ các ký tự như trên bản in",
                "This is not the form of such a code; type all characters as printed",
            ),
            Self::Check => Label::new(
                "Ký tự kiểm tra không khớp; có ký tự nhập sai, hãy so lại với bản in",
                "The check character does not match; compare every character with the print",
            ),
        }
    }
}

/// What a typed code turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Exactly a code, in its printed form.
    Exact(String),
    /// Not a code, but one look-alike away from this one: ask, never assume.
    Suggest(String),
    /// No code.
    Bad(BadReason),
}

/// What may stand at a position of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A digit 0–9.
    Digit,
    /// Any of [`SYMBOLS`].
    Symbol,
}

impl Place {
    fn takes(self, c: char) -> bool {
        match self {
            Self::Digit => c.is_ascii_digit(),
            Self::Symbol => value(c).is_some(),
        }
    }
}

/// The value of a symbol, 0–31.
fn value(c: char) -> Option<u8> {
    let at = SYMBOLS.iter().position(|s| char::from(*s) == c)?;
    u8::try_from(at).ok()
}

/// Multiplies by the generator of the field of 32 elements (x⁵ + x² + 1).
fn times_x(v: u8) -> u8 {
    let doubled = v << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

fn weighted_sum(symbols: &[char]) -> Option<u8> {
    symbols.iter().try_fold(0, |sum, c| Some(times_x(sum) ^ value(*c)?))
}

/// The check character of a body; nothing when the body has a foreign symbol.
///
/// ```
/// assert_eq!(ocop::products::check::character("862026000123"), Some('1'));
/// ```
pub fn character(body: &str) -> Option<char> {
    let sum = weighted_sum(&body.chars().collect::<Vec<_>>())?;
    SYMBOLS.get(usize::from(times_x(sum))).map(|s| char::from(*s))
}

fn holds(symbols: &[char]) -> bool {
    weighted_sum(symbols) == Some(0)
}

/// The symbol of five random bits.
pub fn symbol(random: u8) -> char {
    char::from(SYMBOLS[usize::from(random & 31)])
}

/// NFC, upper case, without white space, dashes and dots.
pub fn normalise(input: &str) -> String {
    input.nfc().flat_map(char::to_uppercase).filter(|c| !is_separator(*c)).collect()
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '.' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200B}' | '\u{FEFF}')
}

/// Compares a prefix: `Some(true)` when it is there, `Some(false)` when only look-alikes differ.
pub fn prefix(typed: &[char], printed: &str) -> Option<bool> {
    let plain = |c: char| pick(NEVER_PRINTED, c).unwrap_or(c);
    let printed: Vec<char> = printed.chars().collect();
    if typed == printed {
        return Some(true);
    }
    let alike = typed.len() == printed.len() && typed.iter().zip(&printed).all(|(a, b)| plain(*a) == plain(*b));
    alike.then_some(false)
}

/// The digit that a reader most likely meant by a letter; nothing for digits and other letters.
pub fn digit_meant(c: char) -> Option<char> {
    let upper = c.to_ascii_uppercase();
    pick(NEVER_PRINTED, upper).filter(char::is_ascii_digit).or_else(|| pick(FOR_DIGITS, upper))
}

fn pick(table: &[(char, char)], c: char) -> Option<char> {
    table.iter().find(|(from, _)| *from == c).map(|(_, to)| *to)
}

/// Reads symbols (the last one is the check character) of which each position has its `Place`.
/// The answer holds the bare symbols; the caller prints them.
pub fn read(typed: &[char], places: &[Place]) -> Read {
    if typed.len() != places.len() || typed.is_empty() {
        return Read::Bad(BadReason::Shape);
    }
    let Some(fitted) = fit(typed, places) else { return Read::Bad(BadReason::Shape) };
    let text: String = fitted.iter().collect();
    match (fitted == typed, holds(&fitted)) {
        (true, true) => Read::Exact(text),
        (false, true) => Read::Suggest(text),
        (true, false) => one_lookalike_away(&fitted, places).map_or(Read::Bad(BadReason::Check), Read::Suggest),
        (false, false) => Read::Bad(BadReason::Check),
    }
}

/// Replaces what cannot stand at its position by what was most likely meant.
fn fit(typed: &[char], places: &[Place]) -> Option<Vec<char>> {
    let meant = |c: char| pick(NEVER_PRINTED, c).or_else(|| pick(FOR_DIGITS, c));
    let fitted = typed
        .iter()
        .zip(places)
        .map(|(c, place)| if place.takes(*c) { Some(*c) } else { meant(*c).filter(|m| place.takes(*m)) });
    fitted.collect()
}

/// The only valid code that differs in one look-alike; nothing when there are several.
fn one_lookalike_away(symbols: &[char], places: &[Place]) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, place) in places.iter().enumerate() {
        for other in lookalikes(symbols[at]).filter(|c| place.takes(*c)) {
            let mut candidate = symbols.to_vec();
            candidate[at] = other;
            if holds(&candidate) {
                found.push(candidate.into_iter().collect());
            }
        }
    }
    if found.len() == 1 { found.pop() } else { None }
}

fn lookalikes(c: char) -> impl Iterator<Item = char> {
    LOOKALIKES.iter().filter_map(move |(a, b)| match c {
        c if c == *a => Some(*b),
        c if c == *b => Some(*a),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_two_symbols_and_their_swap_have_different_checks() {
        for before in SYMBOLS.iter().map(|b| char::from(*b)) {
            for a in SYMBOLS.iter().map(|b| char::from(*b)) {
                for b in SYMBOLS.iter().map(|b| char::from(*b)).filter(|b| *b != a) {
                    assert_ne!(character(&format!("{before}{a}{b}")), character(&format!("{before}{b}{a}")));
                }
            }
        }
    }

    #[test]
    fn what_is_typed_by_hand_is_brought_to_one_form() {
        assert_eq!(normalise(" ocop – 86-2026 . 000123\u{a0}k\n"), "OCOP862026000123K");
    }
}
