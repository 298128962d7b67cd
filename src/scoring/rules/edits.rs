//! Edits of a sheet that come late, twice, in any order and from several devices: which one stands.
//!
//! The last editor's value stands, by the moment at which it was edited; every value is kept. The
//! answer depends on the set of edits alone, never on the order in which they arrived.

/// The criterion under which an eliminating ground is kept: no set has a criterion of this code.
pub const KNOCK_OUT: &str = "knockOut";

/// What an edit is ranked by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// The moment that counts: the editor's, but no later than the arrival (microseconds since 1970).
    pub counts_at: i64,
    /// The editor's moment as the device gave it (microseconds since 1970).
    pub edited_at: i64,
    /// The device; empty for what was marked on line.
    pub device: String,
    /// Hash of the value: two values of one device and moment are two edits.
    pub digest: String,
}

impl Rank {
    /// Whether both name the same edit, sent twice.
    pub fn is_same(&self, other: &Self) -> bool {
        (self.edited_at, &self.device, &self.digest) == (other.edited_at, &other.device, &other.digest)
    }
}

/// The moment that counts. A device whose clock runs ahead wins nothing by it: its edits count from
/// their arrival.
pub fn counts_at(edited_at: i64, arrived_at: i64) -> i64 {
    edited_at.min(arrived_at)
}

/// The edit that stands.
pub fn standing<'a, T>(edits: impl IntoIterator<Item = &'a T>, rank: impl Fn(&T) -> Rank) -> Option<&'a T> {
    edits.into_iter().max_by_key(|edit| rank(edit))
}
