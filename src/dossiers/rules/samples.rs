//! Samples: how many a desk has, and how many are asked for (Điều 6: five, none for tourism).

use serde::Serialize;
use utoipa::ToSchema;

use super::Desk;

crate::words! {
    /// What happens to samples.
    pub enum SampleDeed {
        /// They went on with a letter.
        HandedOver = "handedOver",
        /// They came to a desk.
        Received = "received",
        /// They were tasted, tested or shown, and are gone.
        Used = "used",
    }
}

crate::words! {
    /// How samples were when they came.
    pub enum SampleCondition {
        /// As they should be.
        Good = "good",
        /// The packing is damaged.
        Damaged = "damaged",
        /// They cannot be used.
        Spoiled = "spoiled",
    }
}

/// How many samples a desk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SamplesHeld {
    /// Whose desk.
    pub level: Desk,
    /// Came, in any condition.
    pub received: i32,
    /// Were used there.
    pub used: i32,
    /// Went on from there.
    pub handed_over: i32,
    /// Are there: never fewer than none, as an office may hand on what it did not record as received.
    pub left: i32,
}

/// The balance of one desk.
pub fn held(level: Desk, deeds: impl IntoIterator<Item = (SampleDeed, Desk, i32)>) -> SamplesHeld {
    let mut held = SamplesHeld { level, received: 0, used: 0, handed_over: 0, left: 0 };
    for (deed, _, count) in deeds.into_iter().filter(|(_, at, _)| *at == level) {
        let sum = match deed {
            SampleDeed::Received => &mut held.received,
            SampleDeed::Used => &mut held.used,
            SampleDeed::HandedOver => &mut held.handed_over,
        };
        *sum = sum.saturating_add(count);
    }
    held.left = held.received.saturating_sub(held.used).saturating_sub(held.handed_over).max(0);
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use SampleDeed::{HandedOver, Received, Used};

    #[test]
    fn a_desk_has_what_came_less_what_was_used_and_went_on() {
        let deeds = [
            (Received, Desk::Commune, 10),
            (HandedOver, Desk::Commune, 5),
            (Received, Desk::Province, 5),
            (Used, Desk::Province, 2),
            (Used, Desk::Commune, 1),
        ];
        let left = |level| held(level, deeds).left;
        assert_eq!((left(Desk::Commune), left(Desk::Province), left(Desk::Central)), (4, 3, 0));
        assert_eq!(held(Desk::Commune, [(HandedOver, Desk::Commune, 5)]).left, 0);
    }
}
