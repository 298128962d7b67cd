//! What certification refuses.

use chrono::NaiveDate;

use super::{EvidenceKind, Ground};
use crate::{refusal::Refusal, text::Label};

/// A refusal by the rules of certification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The sign of the issuing authority has letters that are never printed, or the wrong length.
    AuthorityCode,
    /// The year cannot stand in a number.
    NumberYear,
    /// The sequence is 0 or above 999,999.
    NumberSequence,
    /// The one who prepared a decision would sign it.
    SignerPrepared,
    /// The decision would carry a star that its kind does not carry.
    StarNotCarried,
    /// A ground of revocation without the paper that it needs.
    EvidenceKind {
        /// The ground.
        ground: Ground,
        /// What it needs.
        needs: EvidenceKind,
    },
    /// The paper has no date.
    EvidenceUndated,
    /// The paper does not name the body that issued it.
    EvidenceUnsigned,
    /// The paper is younger than the decision.
    EvidenceAfterDecision {
        /// Its date.
        dated: NaiveDate,
    },
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::AuthorityCode => "certificate_authorityCode",
            Self::NumberYear => "certificate_numberYear",
            Self::NumberSequence => "certificate_numberSequence",
            Self::SignerPrepared => "decision_signerPrepared",
            Self::StarNotCarried => "decision_starNotCarried",
            Self::EvidenceKind { .. } => "revocation_evidenceKind",
            Self::EvidenceUndated => "revocation_evidenceUndated",
            Self::EvidenceUnsigned => "revocation_evidenceUnsigned",
            Self::EvidenceAfterDecision { .. } => "revocation_evidenceAfterDecision",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::AuthorityCode => Label::new(
                "Ký hiệu cơ quan cấp gồm 2–6 chữ số hoặc chữ cái (không dùng I, L, O, U); hãy sửa ký hiệu trong danh mục cơ quan",
                "The sign of the issuing authority has 2–6 digits or letters (never I, L, O, U); correct it in the list of agencies",
            ),
            Self::NumberYear => {
                Label::new("Năm cấp phải từ 2018 đến 9999", "The year of issue is between 2018 and 9999")
            }
            Self::NumberSequence => Label::new(
                "Số thứ tự từ 1 đến 999999 trong một năm của một cơ quan",
                "The sequence runs from 1 to 999,999 in one year of one authority",
            ),
            Self::SignerPrepared => Label::new(
                "Người soạn quyết định không được ký chính quyết định đó; hãy trình người có thẩm quyền khác ký",
                "Whoever prepared a decision cannot sign it; have another authorised person sign",
            ),
            Self::StarNotCarried => Label::new(
                "Loại quyết định này không ghi hạng sao đó: chỉ công nhận 3, 4, 5 sao; dưới 3 sao không ban hành quyết định (Điều 4 Quyết định 26/2026/QĐ-TTg)",
                "This kind of decision does not carry that star: recognition is for 3, 4 and 5 stars; below 3 no decision is issued (Article 4, Decision 26/2026/QĐ-TTg)",
            ),
            Self::EvidenceKind { ground, needs } => {
                let (letter, needs) = (ground.letter(), needs.label());
                Label::new(
                    format!(
                        "Thu hồi theo điểm {letter} khoản 1 Điều 8 Quyết định 26/2026/QĐ-TTg cần {}; hãy bổ sung",
                        needs.vi
                    ),
                    format!(
                        "Revocation on ground {letter} of Article 8.1, Decision 26/2026/QĐ-TTg needs {}; add it",
                        needs.en
                    ),
                )
            }
            Self::EvidenceUndated => Label::new(
                "Văn bản làm căn cứ thu hồi phải có ngày, vì thời hạn 15 ngày tính từ ngày đó (Điều 8 Quyết định 26/2026/QĐ-TTg)",
                "The paper behind a revocation must be dated: the 15 days run from it (Article 8, Decision 26/2026/QĐ-TTg)",
            ),
            Self::EvidenceUnsigned => Label::new(
                "Hãy ghi cơ quan đã ban hành văn bản làm căn cứ thu hồi",
                "Name the body that issued the paper behind the revocation",
            ),
            Self::EvidenceAfterDecision { dated } => Label::new(
                format!("Văn bản căn cứ ngày {} sau ngày quyết định; hãy kiểm tra ngày", dated.format("%d/%m/%Y")),
                format!("The paper is dated {dated}, after the decision; check the dates"),
            ),
        }
    }
}
