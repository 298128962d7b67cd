//! What an inspection goes through: planned, inspected, concluded; sealed by its conclusion.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::refusal::Refusal;
use crate::text::Label;

crate::words! {
    /// Why an inspection is made.
    pub enum InspectionKind {
        /// Kiểm tra theo kế hoạch.
        Scheduled = "scheduled",
        /// Kiểm tra đột xuất.
        Unscheduled = "unscheduled",
    }
}

crate::words! {
    /// Where an inspection stands.
    pub enum InspectionState {
        /// Planned; nothing was looked at yet.
        Planned = "planned",
        /// Findings are recorded and may still change.
        Inspected = "inspected",
        /// Concluded; nothing changes any more.
        Concluded = "concluded",
    }
}

impl InspectionState {
    /// The state in words.
    pub fn label(self) -> Label {
        match self {
            Self::Planned => Label::new("đã lên kế hoạch", "planned"),
            Self::Inspected => Label::new("đã kiểm tra", "inspected"),
            Self::Concluded => Label::new("đã kết luận", "concluded"),
        }
    }
}

crate::words! {
    /// What an inspection concludes about the criteria of the recognition.
    pub enum InspectionOutcome {
        /// The product still meets them.
        Kept = "kept",
        /// It does not: ground b of a revocation (Article 8, Decision 26/2026/QĐ-TTg).
        NotKept = "notKept",
    }
}

impl InspectionOutcome {
    /// The outcome in words.
    pub fn label(self) -> Label {
        match self {
            Self::Kept => Label::new("còn đáp ứng tiêu chí", "criteria still met"),
            Self::NotKept => Label::new("không còn đáp ứng tiêu chí", "criteria no longer met"),
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InspectionFinding {
    /// The criterion, or the subject in words.
    pub criterion: String,
    /// What was found.
    pub finding: String,
    /// Whether it is as it must be.
    pub met: bool,
}

/// A refusal by the rules of inspections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It has been concluded.
    Sealed,
    /// A conclusion without findings.
    NotInspected,
    /// A conclusion dated before the day of the inspection.
    ConcludedEarly(NaiveDate),
    /// A day after today.
    Future,
    /// "Not kept", and every finding is as it must be.
    NothingNotMet,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Sealed => "inspection_sealed",
            Self::NotInspected => "inspection_not_inspected",
            Self::ConcludedEarly(_) => "inspection_concluded_early",
            Self::Future => "inspection_future",
            Self::NothingNotMet => "inspection_nothing_not_met",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::Sealed => Label::new(
                "Cuộc kiểm tra đã có kết luận nên không sửa được; hãy lập cuộc kiểm tra mới",
                "The inspection is concluded and cannot change; plan a new one",
            ),
            Self::NotInspected => Label::new(
                "Chưa ghi kết quả kiểm tra; hãy ghi trước khi kết luận",
                "No findings are recorded; record them before the conclusion",
            ),
            Self::ConcludedEarly(day) => Label::new(
                format!("Ngày kết luận sớm hơn ngày kiểm tra ({})", day.format("%d/%m/%Y")),
                format!("The conclusion is dated before the day of the inspection ({day})"),
            ),
            Self::Future => Label::new("Ngày ghi sau hôm nay; hãy sửa ngày", "The day is after today; correct it"),
            Self::NothingNotMet => Label::new(
                "Kết luận không còn đáp ứng nhưng mọi nội dung đều đạt; hãy ghi nội dung không đạt",
                "The conclusion says no longer met, but every finding is met; record what is not",
            ),
        }
    }
}

/// Whether findings may be recorded.
pub fn may_record(state: InspectionState, inspected_on: NaiveDate, today: NaiveDate) -> Result<(), Stop> {
    match state {
        InspectionState::Concluded => Err(Stop::Sealed),
        _ if inspected_on > today => Err(Stop::Future),
        _ => Ok(()),
    }
}

/// Whether an inspection may be concluded like this.
pub fn may_conclude(
    state: InspectionState,
    inspected_on: Option<NaiveDate>,
    findings: &[InspectionFinding],
    outcome: InspectionOutcome,
    concluded_on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Stop> {
    let inspected = match (state, inspected_on) {
        (InspectionState::Concluded, _) => return Err(Stop::Sealed),
        (InspectionState::Inspected, Some(day)) if !findings.is_empty() => day,
        _ => return Err(Stop::NotInspected),
    };
    match () {
        () if concluded_on > today => Err(Stop::Future),
        () if concluded_on < inspected => Err(Stop::ConcludedEarly(inspected)),
        () if outcome == InspectionOutcome::NotKept && findings.iter().all(|f| f.met) => Err(Stop::NothingNotMet),
        () => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use InspectionOutcome::{Kept, NotKept};
    use InspectionState::{Concluded, Inspected, Planned};

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn found(met: bool) -> Vec<InspectionFinding> {
        vec![InspectionFinding { criterion: "Nhãn hàng hóa".into(), finding: "…".into(), met }]
    }

    #[test]
    fn findings_come_before_the_conclusion_and_nothing_after_it() {
        let today = d("2026-06-10");
        assert_eq!(may_record(Planned, d("2026-06-10"), today), Ok(()));
        assert_eq!(may_record(Inspected, d("2026-06-11"), today), Err(Stop::Future));
        assert_eq!(may_record(Concluded, d("2026-06-01"), today), Err(Stop::Sealed));
        let conclude = |state, on: Option<&str>, met, outcome, day: &str| {
            may_conclude(state, on.map(d), &found(met), outcome, d(day), today)
        };
        assert_eq!(conclude(Planned, None, true, Kept, "2026-06-10"), Err(Stop::NotInspected));
        assert_eq!(conclude(Inspected, Some("2026-06-08"), true, Kept, "2026-06-10"), Ok(()));
        assert_eq!(conclude(Inspected, Some("2026-06-08"), true, NotKept, "2026-06-10"), Err(Stop::NothingNotMet));
        assert_eq!(conclude(Inspected, Some("2026-06-08"), false, NotKept, "2026-06-10"), Ok(()));
        let early = Err(Stop::ConcludedEarly(d("2026-06-08")));
        assert_eq!(conclude(Inspected, Some("2026-06-08"), false, NotKept, "2026-06-07"), early);
        assert_eq!(conclude(Concluded, Some("2026-06-08"), false, NotKept, "2026-06-10"), Err(Stop::Sealed));
    }
}
