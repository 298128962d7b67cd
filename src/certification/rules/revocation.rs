//! Revocation: Article 8, Decision 26/2026/QĐ-TTg.

use chrono::{Days, NaiveDate};

use super::Stop;
use crate::text::Label;

/// Days within which a revocation is decided, from the paper that it rests on (Article 8). The first
/// day is not counted.
pub const REVOCATION_DAYS: u64 = 15;

crate::words! {
    /// The six grounds, in the order of the article, and two of practice before 26/2026.
    pub enum Ground {
        /// a
        Untrue = "untrue",
        /// b
        CriteriaNotKept = "criteriaNotKept",
        /// c
        LawBroken = "lawBroken",
        /// d
        MarkMisused = "markMisused",
        /// đ
        ProductionEnded = "productionEnded",
        /// e
        OtherConclusion = "otherConclusion",
        /// Before 26/2026: it ran out and was not evaluated again. Under 26/2026 it has simply expired.
        NotReEvaluated = "notReEvaluated",
        /// Before 26/2026: it was evaluated again and missed what 3★ compels.
        ReEvaluationFailed = "reEvaluationFailed",
    }
}

crate::words! {
    /// The paper on which a revocation rests.
    pub enum EvidenceKind {
        /// A dated conclusion of a competent body: inspection, court, agency.
        Conclusion = "conclusion",
        /// The commune's confirmation that production ended.
        CommuneConfirmation = "communeConfirmation",
        /// The verification report of the agency that manages OCOP.
        VerificationReport = "verificationReport",
    }
}

impl EvidenceKind {
    /// The paper in words.
    pub fn label(self) -> Label {
        match self {
            Self::Conclusion => {
                Label::new("kết luận có ghi ngày của cơ quan có thẩm quyền", "a dated conclusion of a competent body")
            }
            Self::CommuneConfirmation => Label::new(
                "xác nhận của Ủy ban nhân dân cấp xã về việc ngừng sản xuất",
                "the commune's confirmation that production ended",
            ),
            Self::VerificationReport => Label::new(
                "báo cáo xác minh của cơ quan quản lý OCOP",
                "a verification report of the agency that manages OCOP",
            ),
        }
    }
}

impl Ground {
    /// Its letter in the article; its word where no article with letters is known.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Untrue => "a",
            Self::CriteriaNotKept => "b",
            Self::LawBroken => "c",
            Self::MarkMisused => "d",
            Self::ProductionEnded => "đ",
            Self::OtherConclusion => "e",
            Self::NotReEvaluated | Self::ReEvaluationFailed => self.word(),
        }
    }

    /// Whether it is one of the six of Article 8: those hold where a rulebook says nothing of grounds.
    pub fn of_article_8(self) -> bool {
        !matches!(self, Self::NotReEvaluated | Self::ReEvaluationFailed)
    }

    /// What it must rest on, where the rulebook of the day says nothing of grounds.
    pub fn needs(self) -> EvidenceKind {
        match self {
            Self::Untrue | Self::MarkMisused | Self::NotReEvaluated => EvidenceKind::VerificationReport,
            Self::CriteriaNotKept | Self::LawBroken | Self::OtherConclusion | Self::ReEvaluationFailed => {
                EvidenceKind::Conclusion
            }
            Self::ProductionEnded => EvidenceKind::CommuneConfirmation,
        }
    }

    /// The ground in words.
    pub fn label(self) -> Label {
        match self {
            Self::Untrue => Label::new("thông tin không trung thực hoặc giả mạo", "untrue or forged information"),
            Self::CriteriaNotKept => Label::new(
                "không còn đáp ứng tiêu chí theo kết luận kiểm tra",
                "criteria no longer met, by an inspection's conclusion",
            ),
            Self::LawBroken => Label::new(
                "vi phạm pháp luật về chất lượng, an toàn thực phẩm, môi trường, sở hữu trí tuệ hoặc nhãn hàng hóa",
                "breach of the law on quality, food safety, environment, intellectual property or labelling",
            ),
            Self::MarkMisused => Label::new("sử dụng sai nhãn hiệu OCOP", "misuse of the OCOP mark"),
            Self::ProductionEnded => Label::new("không còn sản xuất", "production has ended"),
            Self::OtherConclusion => {
                Label::new("kết luận khác của cơ quan nhà nước", "another conclusion of a State agency")
            }
            Self::NotReEvaluated => {
                Label::new("hết 36 tháng mà không đánh giá lại", "it ran out and was not evaluated again")
            }
            Self::ReEvaluationFailed => Label::new(
                "đánh giá lại không đạt tiêu chí bắt buộc của hạng 3 sao",
                "evaluated again, it missed what three stars compel",
            ),
        }
    }
}

/// The paper that a proposal of revocation brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its date.
    pub dated: Option<NaiveDate>,
    /// Who issued it.
    pub body: String,
}

/// Whether a revocation on a ground, which needs that kind of paper, may be decided on a day with this paper. A late decision is
/// not refused: the delay is the authority's, not the product's ([`is_late`]).
pub fn check_revocation(
    ground: Ground,
    needs: EvidenceKind,
    evidence: &Evidence,
    decided_on: NaiveDate,
) -> Result<(), Stop> {
    if evidence.kind != needs {
        return Err(Stop::EvidenceKind { ground, needs });
    }
    let dated = evidence.dated.ok_or(Stop::EvidenceUndated)?;
    if evidence.body.trim().is_empty() {
        return Err(Stop::EvidenceUnsigned);
    }
    if dated > decided_on {
        return Err(Stop::EvidenceAfterDecision { dated });
    }
    Ok(())
}

/// The last day on which the decision is in time, before days off are considered.
pub fn revocation_due(evidence_dated: NaiveDate) -> Option<NaiveDate> {
    evidence_dated.checked_add_days(Days::new(REVOCATION_DAYS))
}

/// Whether a decision on a day comes after the 15 days.
pub fn is_late(evidence_dated: NaiveDate, decided_on: NaiveDate) -> bool {
    revocation_due(evidence_dated).is_some_and(|due| decided_on > due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    #[test]
    fn each_ground_takes_only_its_own_paper() {
        let letters: Vec<_> = Ground::ALL.iter().map(|g| g.letter()).collect();
        assert_eq!(letters, ["a", "b", "c", "d", "đ", "e", "notReEvaluated", "reEvaluationFailed"]);
        assert_eq!(Ground::ALL.iter().filter(|g| g.of_article_8()).count(), 6);
        for ground in Ground::ALL {
            for kind in EvidenceKind::ALL {
                let paper = Evidence { kind: *kind, dated: Some(d("2026-07-01")), body: "Sở Y tế".to_owned() };
                let answer = check_revocation(*ground, ground.needs(), &paper, d("2026-07-10"));
                assert_eq!(answer.is_ok(), *kind == ground.needs(), "{ground} {kind}");
            }
        }
    }

    #[test]
    fn a_paper_has_a_date_an_author_and_comes_first() {
        let paper =
            Evidence { kind: EvidenceKind::Conclusion, dated: Some(d("2026-07-01")), body: "Sở Y tế".to_owned() };
        let refused = |p: Evidence| {
            check_revocation(Ground::LawBroken, Ground::LawBroken.needs(), &p, d("2026-07-10")).unwrap_err().word()
        };
        assert_eq!(refused(Evidence { dated: None, ..paper.clone() }), "revocation_evidence_undated");
        assert_eq!(refused(Evidence { body: " ".to_owned(), ..paper.clone() }), "revocation_evidence_unsigned");
        assert_eq!(refused(Evidence { dated: Some(d("2026-07-11")), ..paper }), "revocation_evidence_after_decision");
    }

    #[test]
    fn fifteen_days_after_the_paper() {
        assert_eq!(revocation_due(d("2026-07-01")), Some(d("2026-07-16")));
        assert!(!is_late(d("2026-07-01"), d("2026-07-16")));
        assert!(is_late(d("2026-07-01"), d("2026-07-17")));
    }
}
