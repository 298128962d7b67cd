//! The number of a certificate: `OCOP-86-2026-000123-K`.

use super::Stop;
use crate::products::check::{self, BadReason, Place, Read};

const PREFIX: &str = "OCOP";
const YEAR_LEN: usize = 4;
const SEQUENCE_LEN: usize = 6;
const CHECK_LEN: usize = 1;
/// Shortest and longest sign of an authority.
const AUTHORITY_LEN: std::ops::RangeInclusive<usize> = 2..=6;

/// The printed number of the `sequence`-th certificate of an authority in a year. Six digits always,
/// so that a number read without its dashes has one reading.
///
/// ```
/// # use ocop::certification::rules::number;
/// assert_eq!(number("86", 2026, 123).as_deref(), Ok("OCOP-86-2026-000123-1"));
/// ```
pub fn number(authority: &str, year: u16, sequence: u32) -> Result<String, Stop> {
    if !AUTHORITY_LEN.contains(&authority.chars().count()) {
        return Err(Stop::AuthorityCode);
    }
    if !(2018..=9999).contains(&year) {
        return Err(Stop::NumberYear);
    }
    if !(1..=999_999).contains(&sequence) {
        return Err(Stop::NumberSequence);
    }
    let check = check::character(&format!("{authority}{year}{sequence:06}")).ok_or(Stop::AuthorityCode)?;
    Ok(format!("{PREFIX}-{authority}-{year}-{sequence:06}-{check}"))
}

/// Reads a typed or scanned number. Look-alikes (O for 0, S for 5 …) and a forgotten prefix are
/// answered with a suggestion.
pub fn read(input: &str) -> Read {
    let typed: Vec<char> = check::normalise(input).chars().collect();
    let (head, rest) = typed.split_at(PREFIX.len().min(typed.len()));
    match check::prefix(head, PREFIX) {
        Some(true) => read_body(rest),
        Some(false) => doubtful(read_body(rest)),
        None => doubtful(read_body(&typed)),
    }
}

fn doubtful(read: Read) -> Read {
    match read {
        Read::Exact(number) => Read::Suggest(number),
        other => other,
    }
}

fn read_body(symbols: &[char]) -> Read {
    let Some(authority_len) = symbols.len().checked_sub(YEAR_LEN + SEQUENCE_LEN + CHECK_LEN) else {
        return Read::Bad(BadReason::Shape);
    };
    if !AUTHORITY_LEN.contains(&authority_len) {
        return Read::Bad(BadReason::Shape);
    }
    let mut places = vec![Place::Symbol; authority_len];
    places.extend([Place::Digit; YEAR_LEN + SEQUENCE_LEN]);
    places.push(Place::Symbol);
    match check::read(symbols, &places) {
        Read::Exact(s) => Read::Exact(print(&s, authority_len)),
        Read::Suggest(s) => Read::Suggest(print(&s, authority_len)),
        bad => bad,
    }
}

fn print(symbols: &str, authority_len: usize) -> String {
    let (authority, rest) = symbols.split_at(authority_len);
    let (year, rest) = rest.split_at(YEAR_LEN);
    let (sequence, check) = rest.split_at(SEQUENCE_LEN);
    format!("{PREFIX}-{authority}-{year}-{sequence}-{check}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many() -> impl Iterator<Item = String> {
        let authorities = ["86", "84", "842", "TW", "01", "851"];
        (0..300_u32).filter_map(move |i| {
            let authority = authorities[i as usize % authorities.len()];
            number(authority, 2019 + (i % 9) as u16, 1 + i * 7919 % 999_999).ok()
        })
    }

    #[test]
    fn a_number_is_read_back_however_it_is_typed() {
        for n in many() {
            assert_eq!(read(&n), Read::Exact(n.clone()));
            assert_eq!(read(&n.to_lowercase().replace('-', " – ")), Read::Exact(n.clone()));
            assert_eq!(read(&n.replace('-', "")), Read::Exact(n.clone()));
        }
    }

    #[test]
    fn every_wrong_character_is_detected() {
        for n in many() {
            let chars: Vec<char> = n.chars().collect();
            for at in (0..chars.len()).filter(|i| chars[*i] != '-') {
                for other in ('0'..='9').chain('A'..='Z').filter(|c| *c != chars[at]) {
                    let mut typed = chars.clone();
                    typed[at] = other;
                    let typed: String = typed.into_iter().collect();
                    assert!(!matches!(read(&typed), Read::Exact(_)), "{n} read from {typed}");
                }
            }
        }
    }

    #[test]
    fn every_swap_of_neighbours_is_detected() {
        for n in many() {
            let chars: Vec<char> = n.chars().filter(|c| *c != '-').collect();
            for at in (1..chars.len()).filter(|i| chars[*i] != chars[*i - 1]) {
                let mut typed = chars.clone();
                typed.swap(at - 1, at);
                let typed: String = typed.into_iter().collect();
                assert!(!matches!(read(&typed), Read::Exact(_)), "{n} read from {typed}");
            }
        }
    }

    #[test]
    fn letters_for_digits_are_asked_about_and_never_taken() {
        let right = Read::Suggest("OCOP-86-2026-000915-B".to_owned());
        assert_eq!(number("86", 2026, 915).as_deref(), Ok("OCOP-86-2026-000915-B"));
        for typed in [
            "OCOP-86-2O26-000915-B",
            "OCOP-86-2026-OOO915-B",
            "OCOP-86-2026-0009I5-B",
            "ocop-86-2026-0009l5-b",
            "OCOP-86-2026-00091S-B",
            "OCOP-86-2026-000915-8",
            "0C0P-86-2026-000915-B",
            "86-2026-000915-B",
        ] {
            assert_eq!(read(typed), right, "{typed}");
        }
    }

    #[test]
    fn nonsense_is_told_apart_from_a_slip() {
        assert_eq!(read(""), Read::Bad(BadReason::Shape));
        assert_eq!(read("xin chào"), Read::Bad(BadReason::Shape));
        assert_eq!(read("OCOP-86-2026-000916-B"), Read::Bad(BadReason::Check));
        assert_eq!(number("O6", 2026, 1), Err(Stop::AuthorityCode));
        assert_eq!(number("86", 2026, 0), Err(Stop::NumberSequence));
    }
}
