//! Requests for completion: what can be wrong with what, and which changes answer an item.

use super::{Difference, DifferenceKind};
use crate::{text::Label, words};

words! {
    /// What is wrong.
    pub enum CorrectionReason {
        /// It is not there.
        Missing = "missing",
        /// It is not right.
        Incorrect = "incorrect",
        /// It does not hold any more.
        Expired = "expired",
        /// It cannot be understood, or read.
        Unclear = "unclear",
    }
}

impl CorrectionReason {
    /// The reason in both languages.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Missing => ("thiếu", "missing"),
            Self::Incorrect => ("chưa đúng", "incorrect"),
            Self::Expired => ("hết hiệu lực", "expired"),
            Self::Unclear => ("chưa rõ", "unclear"),
        };
        Label::new(vi, en)
    }
}

words! {
    /// What an item concerns.
    pub enum CorrectionAbout {
        /// A field of the form (Mẫu 01, 02).
        Field = "field",
        /// A criterion of the self-assessment.
        Criterion = "criterion",
        /// A type of paper.
        Paper = "paper",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Where an item stands.
    pub enum CorrectionState {
        /// Waiting for an answer.
        Asked = "asked",
        /// Answered, not looked at by the office that asked.
        Answered = "answered",
        /// The office accepts the answer.
        Accepted = "accepted",
        /// The office does not.
        StillOpen = "stillOpen",
    }
}

/// The changes that touch what an item concerns.
pub fn touching(about: CorrectionAbout, name: &str, changes: &[Difference]) -> Vec<Difference> {
    let touches = |line: &&Difference| match (about, line.change) {
        (CorrectionAbout::Other, _) => false,
        (CorrectionAbout::Field, change) => change == DifferenceKind::FormChanged && line.subject == name,
        (CorrectionAbout::Criterion, _) => line.criterion.as_deref() == Some(name),
        (CorrectionAbout::Paper, DifferenceKind::FormChanged | DifferenceKind::OptionChanged) => false,
        (CorrectionAbout::Paper, _) => line.subject == name,
    };
    changes.iter().filter(touches).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: DifferenceKind, criterion: Option<&str>, subject: &str) -> Difference {
        Difference { change, criterion: criterion.map(str::to_owned), subject: subject.into(), old: None, new: None }
    }

    #[test]
    fn an_item_shows_the_changes_of_what_it_concerns_and_no_others() {
        let all = [
            line(DifferenceKind::FormChanged, None, "plan"),
            line(DifferenceKind::PaperReplaced, Some("1.1"), "testReport"),
            line(DifferenceKind::OptionChanged, Some("1.1"), "1.1"),
            line(DifferenceKind::PaperAdded, None, "plan"),
        ];
        let seen =
            |about, name| touching(about, name, &all).iter().map(|l| (l.change, l.subject.clone())).collect::<Vec<_>>();
        assert_eq!(seen(CorrectionAbout::Field, "plan"), [(DifferenceKind::FormChanged, "plan".into())]);
        assert_eq!(seen(CorrectionAbout::Paper, "plan"), [(DifferenceKind::PaperAdded, "plan".into())]);
        assert_eq!(seen(CorrectionAbout::Criterion, "1.1").len(), 2);
        assert!(seen(CorrectionAbout::Other, "plan").is_empty());
    }
}
