//! The council's regulation ("Quy chế"): what the decision leaves to each council, as data.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stop;

crate::words! {
    /// How the totals of the sheets become one figure (26/2026, Điều 3 khoản 3 says only "trung bình").
    pub enum Aggregation {
        /// Arithmetic mean of all counted sheets.
        Mean = "mean",
        /// The mean without one highest and one lowest total; from three sheets on.
        TrimmedMean = "trimmedMean",
    }
}

crate::words! {
    /// When a star minimum holds for the council (silent in 26/2026).
    pub enum MinimaRule {
        /// More than half of the counted sheets find so; at exactly half the chair concludes.
        Majority = "majority",
        /// Every counted sheet finds so.
        EverySheet = "everySheet",
    }
}

crate::words! {
    /// When a knock-out on sheets rejects the dossier (silent in 26/2026).
    pub enum KnockOutRule {
        /// More than half of the valid sheets say so, or the chair's recorded conclusion.
        Majority = "majority",
        /// One sheet is enough.
        AnySheet = "anySheet",
    }
}

crate::words! {
    /// What a band is worth when one of its minima is missed (silent in 26/2026).
    pub enum BandWithMinimumMissed {
        /// The highest lower star whose band and minima hold.
        StepDown = "stepDown",
        /// No star at all.
        None = "none",
    }
}

crate::words! {
    /// When members see each other's sheets.
    pub enum Visibility {
        /// When the session is closed.
        AfterSession = "afterSession",
        /// When marking of the dossier has ended, as above: who seals first would otherwise read
        /// those who seal later.
        AfterSealing = "afterSealing",
        /// Never; the secretary and the chair see them.
        Never = "never",
    }
}

crate::words! {
    /// How the council works.
    pub enum Form {
        /// A meeting.
        InPerson = "inPerson",
        /// Written opinions; a meeting only where they diverge (26/2026, Điều 7 khoản 6).
        WrittenOpinions = "writtenOpinions",
    }
}

crate::words! {
    /// What members see of the advisory team's review beside each criterion (silent in 26/2026).
    pub enum AdvisoryView {
        /// Nothing.
        Nothing = "nothing",
        /// Its opinion and its remarks, without its preliminary marks.
        Remarks = "remarks",
        /// Its preliminary marks too.
        RemarksAndMarks = "remarksAndMarks",
    }
}

/// The parameters of one council. Every one has a default; a field left out takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Regulation {
    /// Members who must take part, in per cent of the seats, rounded up: 75 (7 of 9).
    pub quorum_percent: u8,
    /// Whether the chair, or the deputy holding the chair's delegation, must take part.
    pub chair_required: bool,
    /// Points that the highest and the lowest total may be apart: 10, and exactly 10 is within.
    pub spread_limit: i64,
    /// How totals become one figure.
    pub aggregation: Aggregation,
    /// When a star minimum holds.
    pub minima_rule: MinimaRule,
    /// When a knock-out rejects.
    pub knock_out_rule: KnockOutRule,
    /// What a band with a missed minimum is worth.
    pub band_with_minimum_missed: BandWithMinimumMissed,
    /// When members see each other's sheets.
    pub visibility: Visibility,
    /// Meeting or written opinions.
    pub form: Form,
    /// Whether members are shown the mean while a round of sheets is still open.
    pub disclose_mean_to_members: bool,
    /// Rounds of sheets after a spread beyond the limit, before the chair reports no result.
    pub rounds_at_most: u8,
    /// What members see of the advisory team's review.
    pub advisory_view: AdvisoryView,
    /// Days in which the producer may complain, after the day on which the result is made known.
    pub complaint_days: u16,
    /// Whether a member who works for the commune of the product keeps away from its dossier.
    pub conflict_same_commune: bool,
}

impl Default for Regulation {
    fn default() -> Self {
        Self {
            quorum_percent: 75,
            chair_required: true,
            spread_limit: 10,
            aggregation: Aggregation::Mean,
            minima_rule: MinimaRule::Majority,
            knock_out_rule: KnockOutRule::Majority,
            band_with_minimum_missed: BandWithMinimumMissed::StepDown,
            visibility: Visibility::AfterSession,
            form: Form::InPerson,
            disclose_mean_to_members: false,
            rounds_at_most: 3,
            advisory_view: AdvisoryView::Remarks,
            complaint_days: 15,
            conflict_same_commune: false,
        }
    }
}

impl Regulation {
    /// Whether the figures make sense: 1–100 per cent, a limit from 0, one round or more.
    pub fn check(&self) -> Result<(), Stop> {
        let field = if !(1..=100).contains(&self.quorum_percent) {
            "quorumPercent"
        } else if self.spread_limit < 0 {
            "spreadLimit"
        } else if self.rounds_at_most == 0 {
            "roundsAtMost"
        } else {
            return Ok(());
        };
        Err(Stop::RegulationWrong { field })
    }

    /// Members who must take part, of so many seats; a part of a member counts as one.
    pub fn quorum_of(&self, seats: u32) -> u32 {
        (seats * u32::from(self.quorum_percent)).div_ceil(100)
    }
}

/// Whether the council may sit: `present` counts the chair or the delegated deputy, and
/// `chaired` says that one of them is there.
pub fn quorum(regulation: &Regulation, seats: u32, present: u32, chaired: bool) -> Result<(), Stop> {
    let needed = regulation.quorum_of(seats);
    if present > seats || present < needed.max(1) {
        return Err(Stop::QuorumMissing { present, needed, seats });
    }
    if regulation.chair_required && !chaired {
        return Err(Stop::ChairMissing);
    }
    Ok(())
}
