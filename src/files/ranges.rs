//! Which part of a document a caller asks for (RFC 9110, 14).

use std::ops::Range;

use actix_web::http::header::{self, HeaderMap, HeaderName};

/// What a caller has and wants of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    range: Option<String>,
    if_range: Option<String>,
    if_none_match: Option<String>,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// These bytes of it.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Beyond,
}

impl Asked {
    /// The headers of a request that speak of parts.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).map(|t| t.trim().to_owned());
        Self {
            range: text(header::RANGE),
            if_range: text(header::IF_RANGE),
            if_none_match: text(header::IF_NONE_MATCH),
        }
    }

    /// What to send of a document of this size with this strong tag. Several ranges at once, other units and
    /// what is no range at all are answered with the whole, as the standard lets a server do.
    pub fn wanted(&self, size: u64, tag: &str) -> Wanted {
        let Some(range) = &self.range else { return Wanted::Whole };
        // A document is never modified under its tag, so a date in If-Range says nothing about it.
        let other = self.if_range.as_deref().is_some_and(|have| have != tag);
        let known = self.if_none_match.as_deref().is_some_and(|have| have.split(',').any(|t| t.trim() == tag));
        match range.strip_prefix("bytes=") {
            Some(spec) if !other && !known => one(spec, size).unwrap_or(Wanted::Whole),
            _ => Wanted::Whole,
        }
    }
}

/// `5-9`, `5-`, `-5`; none for anything else.
fn one(spec: &str, size: u64) -> Option<Wanted> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().unwrap_or(u64::MAX));
    let (from, to) = spec.trim().split_once('-')?;
    match (from.trim(), to.trim()) {
        ("", "") => None,
        ("", last) => match number(last)? {
            0 => Some(Wanted::Beyond),
            n => Some(if size == 0 { Wanted::Beyond } else { Wanted::Part(size.saturating_sub(n)..size) }),
        },
        (from, "") => Some(bounded(number(from)?, u64::MAX, size)),
        (from, to) => {
            let (from, to) = (number(from)?, number(to)?);
            (from <= to).then(|| bounded(from, to, size))
        }
    }
}

fn bounded(from: u64, to: u64, size: u64) -> Wanted {
    match from < size {
        true => Wanted::Part(from..to.saturating_add(1).min(size)),
        false => Wanted::Beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> Asked {
        Asked { range: Some(range.into()), ..Asked::default() }
    }

    #[test]
    fn one_range_of_bytes_is_a_part_and_everything_else_the_whole() {
        let of = |range: &str| asked(range).wanted(100, "\"t\"");
        assert_eq!(of("bytes=0-0"), Wanted::Part(0..1));
        assert_eq!(of("bytes=10-19"), Wanted::Part(10..20));
        assert_eq!(of("bytes=90-"), Wanted::Part(90..100));
        assert_eq!(of("bytes=90-500"), Wanted::Part(90..100));
        assert_eq!(of("bytes=-5"), Wanted::Part(95..100));
        assert_eq!(of("bytes=-500"), Wanted::Part(0..100));
        assert_eq!(of("bytes=0-18446744073709551615"), Wanted::Part(0..100));
        assert_eq!(of("bytes=0-99999999999999999999999"), Wanted::Part(0..100));
        for beyond in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(of(beyond), Wanted::Beyond, "{beyond}");
        }
        for whole in ["bytes=5-2", "bytes=a-b", "bytes=-", "bytes=", "bytes=0-1,5-6", "lines=1-2", "bytes=+1-2", "0-1"]
        {
            assert_eq!(of(whole), Wanted::Whole, "{whole}");
        }
        assert_eq!(asked("bytes=0-").wanted(0, "\"t\""), Wanted::Beyond);
    }

    #[test]
    fn a_part_of_another_document_is_never_sent() {
        let with =
            |if_range: &str| Asked { if_range: Some(if_range.into()), ..asked("bytes=0-1") }.wanted(100, "\"t\"");
        assert_eq!(with("\"t\""), Wanted::Part(0..2));
        for other in ["\"u\"", "W/\"t\"", "Sun, 29 Nov 2026 00:00:00 GMT"] {
            assert_eq!(with(other), Wanted::Whole, "{other}");
        }
        let have = Asked { if_none_match: Some("\"t\"".into()), ..asked("bytes=0-1") };
        assert_eq!(have.wanted(100, "\"t\""), Wanted::Whole, "it is answered 304");
    }
}
