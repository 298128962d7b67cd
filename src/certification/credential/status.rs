//! Bitstring Status List v1.0: which bit a certificate has, and lists written and read.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// Entries of one list: the least that the recommendation allows, so that an entry hides among many.
pub const ENTRIES: usize = 131_072;
/// An unpacked list of the widest purpose, in bytes; nothing larger is unpacked.
const LARGEST: u64 = (ENTRIES * 2 / 8) as u64;

crate::words! {
    /// What a list tells.
    pub enum ListPurpose {
        /// One bit: the certificate was revoked, or its recognition withdrawn.
        Revocation = "revocation",
        /// One bit, reserved: no rulebook names a ground of suspension.
        Suspension = "suspension",
        /// Two bits: how it ended.
        Message = "message",
    }
}

impl ListPurpose {
    /// Bits of an entry.
    pub fn bits(self) -> usize {
        if self == Self::Message { 2 } else { 1 }
    }
}

crate::words! {
    /// What the two bits of an entry say.
    pub enum Message {
        /// No act has ended it.
        Stands = "stands",
        /// Its certificate was revoked.
        Revoked = "revoked",
        /// Its recognition was withdrawn.
        Withdrawn = "withdrawn",
        /// A new recognition took its place.
        Superseded = "superseded",
    }
}

impl Message {
    /// Its value, 0 to 3.
    pub fn value(self) -> usize {
        Self::ALL.iter().position(|m| *m == self).unwrap_or(0)
    }

    /// As the recommendation writes it.
    pub fn hexadecimal(self) -> String {
        format!("0x{:x}", self.value())
    }
}

/// A place in the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Which list, from 1.
    pub list: usize,
    /// Which entry of it, from 0.
    pub index: usize,
}

/// The place of the certificate with a running number (from 1). Numbers of one decision follow each
/// other; their places do not: an odd factor permutes the entries of a list.
pub fn slot(entry: i64) -> Option<Slot> {
    let at = usize::try_from(entry).ok()?.checked_sub(1)?;
    Some(Slot { list: at / ENTRIES + 1, index: (at % ENTRIES * 40_503 + 12_345) % ENTRIES })
}

/// Writes a list: the values of its entries that are not 0, packed, compressed, as multibase.
///
/// # Errors
/// When the packing fails.
pub fn encode(purpose: ListPurpose, values: &[(usize, usize)]) -> std::io::Result<String> {
    let bits = purpose.bits();
    let mut bytes = vec![0_u8; ENTRIES * bits / 8];
    for (index, value) in values {
        for bit in 0..bits {
            let at = index * bits + bit;
            let set = (value >> (bits - 1 - bit)) & 1 == 1;
            if let Some(byte) = bytes.get_mut(at / 8).filter(|_| set) {
                *byte |= 0x80 >> (at % 8);
            }
        }
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&bytes)?;
    Ok(format!("u{}", B64.encode(packed.finish()?)))
}

/// The value of an entry of a list; nothing where the list cannot be read or does not reach so far.
pub fn value_at(encoded: &str, bits: usize, index: usize) -> Option<usize> {
    let packed = B64.decode(encoded.strip_prefix('u')?).ok()?;
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).take(LARGEST).read_to_end(&mut bytes).ok()?;
    (0..bits).try_fold(0, |value, bit| {
        let at = index.checked_mul(bits)?.checked_add(bit)?;
        let byte = bytes.get(at / 8)?;
        Some(value << 1 | usize::from(byte & (0x80 >> (at % 8)) != 0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_a_list_is_used_once_and_neighbours_part() {
        let mut seen = vec![false; ENTRIES];
        for entry in 1..=ENTRIES as i64 {
            let slot = slot(entry).unwrap();
            assert_eq!(slot.list, 1);
            assert!(!std::mem::replace(&mut seen[slot.index], true), "{entry}");
        }
        assert_eq!(slot(ENTRIES as i64 + 1).map(|s| s.list), Some(2));
        assert!(slot(1).unwrap().index.abs_diff(slot(2).unwrap().index) > 1);
        assert_eq!(slot(0), None);
    }

    #[test]
    fn what_is_written_is_read_back_entry_by_entry() {
        let values = [(0, 1), (7, 3), (8, 2), (ENTRIES - 1, 3)];
        let list = encode(ListPurpose::Message, &values).unwrap();
        for (index, value) in values {
            assert_eq!(value_at(&list, 2, index), Some(value), "{index}");
        }
        for clean in [1, 6, 9, ENTRIES - 2] {
            assert_eq!(value_at(&list, 2, clean), Some(0), "{clean}");
        }
        let revoked = encode(ListPurpose::Revocation, &[(0, 1), (9, 1)]).unwrap();
        assert_eq!(value_at(&revoked, 1, 0), Some(1));
        assert_eq!(value_at(&revoked, 1, 9), Some(1));
        assert_eq!(value_at(&revoked, 1, 8), Some(0));
        assert_eq!(value_at(&revoked, 1, ENTRIES), None);
    }

    /// The example of the recommendation (Bitstring Status List v1.0, §2.2): an empty list of 16 kB.
    #[test]
    fn a_list_written_by_others_is_read() {
        let theirs = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
        assert_eq!(value_at(theirs, 1, 0), Some(0));
        assert_eq!(value_at(theirs, 1, ENTRIES - 1), Some(0));
        assert_eq!(value_at("H4sI", 1, 0), None, "no multibase");
        assert_eq!(value_at("uH4sIAA", 1, 0), None, "cut off");
    }

    #[test]
    fn two_bits_say_how_it_ended() {
        assert_eq!(Message::ALL.iter().map(|m| m.hexadecimal()).collect::<Vec<_>>(), ["0x0", "0x1", "0x2", "0x3"]);
    }
}
