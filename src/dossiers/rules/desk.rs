//! On whose desk a dossier lies.

use super::{Party, Status};
use crate::places::Level;
use crate::rulebook::Pattern;
use crate::text::Label;

crate::words! {
    /// The level that has the dossier, or has to receive it.
    pub enum Desk {
        /// UBND cấp xã, and the producer who is writing.
        Commune = "commune",
        /// UBND cấp huyện, to 30 June 2025.
        District = "district",
        /// UBND cấp tỉnh.
        Province = "province",
        /// The Ministry.
        Central = "central",
    }
}

impl Desk {
    /// The desk of a status; none for those that end a dossier where it is.
    pub fn of(status: Status, pattern: Pattern) -> Option<Self> {
        Some(match status {
            Status::Draft | Status::Submitted | Status::Returned | Status::CommuneReviewed => Self::Commune,
            Status::Proposed if pattern == Pattern::ProvinceDirect => Self::Province,
            Status::Proposed
            | Status::AtDistrict
            | Status::DistrictCorrectionAsked
            | Status::DistrictScheduled
            | Status::DistrictScored
            | Status::HandedBack => Self::District,
            Status::SentToProvince
            | Status::AtProvince
            | Status::CorrectionAsked
            | Status::InReview
            | Status::Scheduled
            | Status::InOpinions
            | Status::Scored
            | Status::ResultApproved
            | Status::BackFromCentre => Self::Province,
            Status::SentToCentre
            | Status::AtCentre
            | Status::CentreCorrectionAsked
            | Status::CentreReview
            | Status::CentreScheduled
            | Status::CentreOpinions
            | Status::CentreScored => Self::Central,
            Status::Recognised
            | Status::NotRecognised
            | Status::NotProposed
            | Status::Withdrawn
            | Status::Closed
            | Status::Refiled
            | Status::ProductionEnded => return None,
        })
    }

    /// Who works at it.
    pub fn party(self) -> Party {
        match self {
            Self::Commune => Party::Commune,
            Self::District => Party::District,
            Self::Province => Party::Province,
            Self::Central => Party::Central,
        }
    }

    /// The desk to which what is overdue here is told; none above the centre.
    pub fn above(self, pattern: Pattern) -> Option<Self> {
        match self {
            Self::Commune if pattern == Pattern::ProvinceDirect => Some(Self::Province),
            Self::Commune => Some(Self::District),
            Self::District => Some(Self::Province),
            Self::Province => Some(Self::Central),
            Self::Central => None,
        }
    }

    /// The level of the units that have such a desk; the centre has none.
    pub fn place_level(self) -> Option<Level> {
        match self {
            Self::Commune => Some(Level::Commune),
            Self::District => Some(Level::District),
            Self::Province => Some(Level::Province),
            Self::Central => None,
        }
    }

    /// The desk in both languages.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Commune => ("cấp xã", "the commune"),
            Self::District => ("cấp huyện", "the district"),
            Self::Province => ("cấp tỉnh", "the province"),
            Self::Central => ("cấp trung ương", "the centre"),
        };
        Label::new(vi, en)
    }
}

crate::words! {
    /// What became of one dossier of a hand-over letter.
    pub enum HandoverState {
        /// On its way.
        Sent = "sent",
        /// Received.
        Received = "received",
        /// Not received, with a reason; it lies where it was.
        Refused = "refused",
    }
}
