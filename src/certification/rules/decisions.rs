//! Kinds of decision, and who may sign.

use super::{Ground, Stop};
use crate::rulebook::{Authority, Outcome};
use crate::text::Label;

/// What stands for an article where 26/2026 says nothing.
pub const UNWRITTEN: &str = "không quy định";

crate::words! {
    /// What a decision or notice does.
    pub enum DecisionKind {
        /// Recognises products with their star.
        Recognition = "recognition",
        /// Approves a provincial result of 90 or more, which then goes to the Ministry.
        ResultApproval = "resultApproval",
        /// Tells that a product was not recognised.
        NotRecognition = "notRecognition",
        /// Revokes certificates.
        Revocation = "revocation",
        /// Withdraws a recognition after the Ministry's check.
        Withdrawal = "withdrawal",
        /// Lets certificates go on whose re-evaluation could not be filed in time (transition only).
        Extension = "extension",
        /// Corrects clerical mistakes on certificates.
        Correction = "correction",
    }
}

crate::words! {
    /// The step at which the dossier of a withdrawn recognition is taken up again.
    pub enum ReopenAt {
        /// The province has received it: papers and completion are looked at anew.
        Receipt = "receipt",
        /// Its papers stand: the province's advisory team and council begin anew.
        Review = "review",
    }
}

impl DecisionKind {
    /// The kind in words.
    pub fn label(self) -> Label {
        match self {
            Self::Recognition => Label::new("Quyết định công nhận sản phẩm OCOP", "Decision of recognition"),
            Self::ResultApproval => Label::new(
                "Quyết định phê duyệt kết quả (từ 90 điểm, trình Trung ương)",
                "Approval of a result (90 points or more, sent to the centre)",
            ),
            Self::NotRecognition => Label::new("Thông báo không công nhận", "Notice of non-recognition"),
            Self::Revocation => Label::new("Quyết định thu hồi giấy chứng nhận", "Decision of revocation"),
            Self::Withdrawal => Label::new("Quyết định thu hồi quyết định công nhận", "Withdrawal of a recognition"),
            Self::Extension => Label::new("Quyết định kéo dài hiệu lực giấy chứng nhận", "Extension of certificates"),
            Self::Correction => Label::new("Quyết định đính chính giấy chứng nhận", "Correction of certificates"),
        }
    }

    /// Article of Decision 26/2026/QĐ-TTg.
    pub fn article(self) -> &'static str {
        match self {
            Self::Recognition => "Điều 7.3 đ, 7.4",
            Self::ResultApproval => "Điều 7.3 e",
            Self::NotRecognition => "Điều 4, 7.3 g",
            Self::Revocation => "Điều 8",
            Self::Withdrawal => "Điều 10.1 b",
            Self::Extension => "Điều 12.3",
            Self::Correction => UNWRITTEN,
        }
    }

    /// Whether certificates are issued with it.
    pub fn makes_certificates(self) -> bool {
        self == Self::Recognition
    }
}

/// Article of Decision 26/2026/QĐ-TTg on which a decision rests, with the letter of a ground of revocation.
/// The grounds of practice before it have none.
pub fn article(kind: DecisionKind, ground: Option<Ground>) -> String {
    match ground {
        Some(ground) if ground.of_article_8() => format!("Điều 8.1 {}", ground.letter()),
        Some(_) => UNWRITTEN.to_owned(),
        None => kind.article().to_owned(),
    }
}

/// Whether a line of a decision may carry this star: a recognition 3, 4 or 5, a result sent to the
/// centre 5, a notice of non-recognition at most 2 or none, the others none (Article 4).
pub fn may_carry(kind: DecisionKind, star: Option<u8>) -> Result<(), Stop> {
    let fits = match kind {
        DecisionKind::Recognition => matches!(star, Some(3..=5)),
        DecisionKind::ResultApproval => matches!(star, None | Some(5)),
        DecisionKind::NotRecognition => matches!(star, None | Some(1 | 2)),
        DecisionKind::Revocation | DecisionKind::Withdrawal | DecisionKind::Extension | DecisionKind::Correction => {
            star.is_none()
        }
    };
    if fits { Ok(()) } else { Err(Stop::StarNotCarried) }
}

/// Whether an authority may decide this about a result of `star`, when the law of the day says
/// `outcome` of it.
pub fn may_decide(kind: DecisionKind, star: u8, outcome: Outcome) -> Result<(), Stop> {
    match (kind, outcome) {
        (DecisionKind::Recognition, Outcome::Recognise)
        | (DecisionKind::ResultApproval, Outcome::SendOn(_))
        | (DecisionKind::NotRecognition, Outcome::NotRecognised) => Ok(()),
        (DecisionKind::Recognition, Outcome::SendOn(whose) | Outcome::HandBack(whose)) => {
            Err(Stop::AuthorityDiffers { star, whose: Some(whose) })
        }
        (DecisionKind::Recognition, Outcome::NotRecognised) => Err(Stop::AuthorityDiffers { star, whose: None }),
        (DecisionKind::ResultApproval, _) => Err(Stop::NothingToApprove { star }),
        (DecisionKind::NotRecognition, _) => Err(Stop::StarRecognised { star }),
        (
            DecisionKind::Revocation | DecisionKind::Withdrawal | DecisionKind::Extension | DecisionKind::Correction,
            _,
        ) => Err(Stop::StarNotCarried),
    }
}

/// The authority as it signs.
pub fn authority_name(level: Authority, unit: Option<&str>) -> String {
    match (level, unit) {
        (Authority::Central, _) | (_, None) => "Bộ Nông nghiệp và Môi trường".to_owned(),
        (_, Some(unit)) => {
            let mut letters = unit.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
            format!("Ủy ban nhân dân {first}{}", letters.as_str())
        }
    }
}

/// Four eyes: whoever prepared a decision does not sign it.
pub fn may_sign<U: PartialEq>(prepared_by: &U, signer: &U) -> Result<(), Stop> {
    if prepared_by == signer { Err(Stop::SignerPrepared) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    #[test]
    fn recognition_is_for_three_four_and_five() {
        let carried = |kind| (0..=6).filter(|s| may_carry(kind, Some(*s)).is_ok()).collect::<Vec<_>>();
        assert_eq!(carried(DecisionKind::Recognition), [3, 4, 5]);
        assert_eq!(carried(DecisionKind::ResultApproval), [5]);
        assert_eq!(carried(DecisionKind::NotRecognition), [1, 2]);
        assert!(may_carry(DecisionKind::Recognition, None).is_err());
    }

    #[test]
    fn a_decision_fits_what_the_law_says_of_the_result() {
        use DecisionKind as K;
        let (to_centre, to_district) = (Outcome::SendOn(Authority::Central), Outcome::HandBack(Authority::District));
        let rows = [
            (K::Recognition, 4, Outcome::Recognise, None),
            (K::Recognition, 5, to_centre, Some("decision_authority_differs")),
            (K::Recognition, 3, to_district, Some("decision_authority_differs")),
            (K::Recognition, 2, Outcome::NotRecognised, Some("decision_authority_differs")),
            (K::ResultApproval, 5, to_centre, None),
            (K::ResultApproval, 4, Outcome::Recognise, Some("decision_nothing_to_approve")),
            (K::NotRecognition, 2, Outcome::NotRecognised, None),
            (K::NotRecognition, 3, Outcome::Recognise, Some("decision_star_recognised")),
        ];
        for (kind, star, outcome, refused) in rows {
            assert_eq!(may_decide(kind, star, outcome).err().map(|s| s.word()), refused, "{kind} {star}");
        }
    }

    #[test]
    fn an_authority_signs_with_its_name() {
        assert_eq!(authority_name(Authority::Province, Some("Tỉnh Trà Vinh")), "Ủy ban nhân dân tỉnh Trà Vinh");
        assert_eq!(authority_name(Authority::Central, None), "Bộ Nông nghiệp và Môi trường");
    }

    #[test]
    fn a_revocation_names_the_letter_of_its_ground() {
        assert_eq!(article(DecisionKind::Revocation, Some(Ground::ProductionEnded)), "Điều 8.1 đ");
        assert_eq!(article(DecisionKind::Revocation, Some(Ground::NotReEvaluated)), "không quy định");
        assert_eq!(article(DecisionKind::Extension, None), "Điều 12.3");
    }

    #[test]
    fn two_people_stand_behind_a_decision() {
        assert_eq!(may_sign(&1, &1), Err(Stop::SignerPrepared));
        assert_eq!(may_sign(&1, &2), Ok(()));
    }
}
