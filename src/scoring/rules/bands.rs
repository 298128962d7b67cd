//! The mean of a council's totals.

use super::regulation::Aggregation;

pub use crate::rulebook::bands::{Band, Bands, Mean};

impl Mean {
    /// The mean of some totals; none without totals.
    pub fn of(totals: &[i64], aggregation: Aggregation) -> Option<Self> {
        let mut sorted = totals.to_vec();
        sorted.sort_unstable();
        let counted = match aggregation {
            Aggregation::TrimmedMean if sorted.len() >= 3 => &sorted[1..sorted.len() - 1],
            Aggregation::TrimmedMean | Aggregation::Mean => &sorted[..],
        };
        let sheets = i64::try_from(counted.len()).ok().filter(|n| *n > 0)?;
        Some(Self { sum: counted.iter().sum(), sheets })
    }
}
