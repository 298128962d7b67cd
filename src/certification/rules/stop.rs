//! What certification refuses.

use chrono::NaiveDate;

use super::{EvidenceKind, Ground};
use crate::{
    refusal::Refusal,
    rulebook::Authority,
    text::{Label, Lang, day},
};

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
    /// The decision is not where this can be done; where it stands, in words.
    DecisionMoment(Label),
    /// Another decision of this authority has this number on this day.
    NumberTaken,
    /// Nothing stands in the decision.
    DecisionEmpty,
    /// A certificate that has ended is not printed any more; how it stands, in words.
    PrintEnded(Label),
    /// The decision issued no certificate.
    NothingToPrint,
    /// The job is not done; how far it is, in percent.
    PrintsUnderWay(i32),
    /// No council has found a result for this dossier.
    NoResult,
    /// The decision would be older than the result that it rests on.
    BeforeResult {
        /// The day of the result.
        found: NaiveDate,
    },
    /// The star belongs to another authority on that day.
    AuthorityDiffers {
        /// The star of the result.
        star: u8,
        /// Who recognises it; nobody for one or two stars.
        whose: Option<Authority>,
    },
    /// The result stays below what the centre must see.
    NothingToApprove {
        /// The star of the result.
        star: u8,
    },
    /// The star is recognised: the product is not told otherwise.
    StarRecognised {
        /// The star of the result.
        star: u8,
    },
    /// The dossier, or the certificate's product, is outside the authority's territory.
    OutsideTerritory,
    /// Another decision under way has it already.
    InOtherDecision,
    /// The certificate has already been revoked or withdrawn.
    AlreadyEnded,
    /// The decision would be older than what it ends, extends or corrects.
    BeforeRecognition {
        /// The first day of that.
        since: NaiveDate,
    },
    /// The unit of the authority did not stand on the day of the decision.
    OfficeNotThere {
        /// The unit.
        unit: String,
        /// The day.
        on: NaiveDate,
    },
    /// The recognition is named by its certificate.
    HasCertificate,
    /// A case for revocation of this certificate is open already.
    CaseOpen,
    /// The case is not open any more.
    CaseClosed,
    /// Only the authority that recognised the product ends its certificate.
    NotTheIssuer(Authority),
    /// The window of re-evaluation was still open when the law came: nothing is extended.
    ExtensionNotOpen {
        /// The last day as printed.
        last: NaiveDate,
    },
    /// Nothing is awaited: no re-evaluation of the product is under way.
    NoReEvaluation,
    /// The certificate was extended already.
    AlreadyExtended {
        /// Through this day.
        through: NaiveDate,
    },
    /// The extension itself would have run out.
    ExtensionOver {
        /// Its last day.
        last: NaiveDate,
    },
    /// The certificate has not run out: nobody can say that it was not evaluated again.
    NotLapsed {
        /// Its last day.
        last: NaiveDate,
    },
    /// The product was evaluated again, or its re-evaluation is under way.
    ReEvaluated,
    /// No published notice says that a re-evaluation of the product was not recognised.
    NoFailedReEvaluation,
    /// A line of the certificate that is no clerical matter.
    NotCorrectable {
        /// The line.
        line: Label,
        /// What is to be done.
        instead: Label,
    },
    /// The line says so already.
    NothingCorrected(Label),
    /// The line was changed since the correction was prepared.
    WordingChanged(Label),
    /// The code was never one of the product.
    CodeOfAnother,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::AuthorityCode => "certificate_authority_code",
            Self::NumberYear => "certificate_number_year",
            Self::NumberSequence => "certificate_number_sequence",
            Self::SignerPrepared => "decision_signer_prepared",
            Self::StarNotCarried => "decision_star_not_carried",
            Self::EvidenceKind { .. } => "revocation_evidence_kind",
            Self::EvidenceUndated => "revocation_evidence_undated",
            Self::EvidenceUnsigned => "revocation_evidence_unsigned",
            Self::EvidenceAfterDecision { .. } => "revocation_evidence_after_decision",
            Self::DecisionMoment(_) => "decision_wrong_moment",
            Self::NumberTaken => "decision_number_taken",
            Self::DecisionEmpty => "decision_empty",
            Self::PrintEnded(_) => "certificate_not_in_force",
            Self::NothingToPrint => "decision_without_certificates",
            Self::PrintsUnderWay(_) => "prints_under_way",
            Self::NoResult => "decision_no_result",
            Self::BeforeResult { .. } => "decision_before_result",
            Self::AuthorityDiffers { .. } => "decision_authority_differs",
            Self::NothingToApprove { .. } => "decision_nothing_to_approve",
            Self::StarRecognised { .. } => "decision_star_recognised",
            Self::OutsideTerritory => "decision_outside_territory",
            Self::InOtherDecision => "decision_in_other",
            Self::AlreadyEnded => "certificate_already_ended",
            Self::BeforeRecognition { .. } => "decision_before_recognition",
            Self::OfficeNotThere { .. } => "decision_office_not_there",
            Self::HasCertificate => "recognition_has_certificate",
            Self::CaseOpen => "revocation_case_open",
            Self::CaseClosed => "revocation_case_closed",
            Self::NotTheIssuer(_) => "certificate_not_the_issuer",
            Self::ExtensionNotOpen { .. } => "extension_not_open",
            Self::NoReEvaluation => "extension_no_re_evaluation",
            Self::AlreadyExtended { .. } => "extension_given_already",
            Self::ExtensionOver { .. } => "extension_over",
            Self::NotLapsed { .. } => "revocation_not_lapsed",
            Self::ReEvaluated => "revocation_re_evaluated",
            Self::NoFailedReEvaluation => "revocation_no_failed_re_evaluation",
            Self::NotCorrectable { .. } => "correction_not_clerical",
            Self::NothingCorrected(_) => "correction_changes_nothing",
            Self::WordingChanged(_) => "correction_wording_changed",
            Self::CodeOfAnother => "correction_code_of_another",
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
            Self::EvidenceKind { ground, needs } if !ground.of_article_8() => {
                let (ground, needs) = (ground.label(), needs.label());
                Label::new(
                    format!("Thu hồi vì lý do '{}' cần {}; hãy bổ sung", ground.vi, needs.vi),
                    format!("Revocation because '{}' needs {}; add it", ground.en, needs.en),
                )
            }
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
                format!("Văn bản căn cứ ngày {} sau ngày quyết định; hãy kiểm tra ngày", day(*dated, Lang::Vi)),
                format!("The paper is dated {dated}, after the decision; check the dates"),
            ),
            other => other.say_of_decisions(),
        }
    }
}

impl Stop {
    fn say_of_decisions(&self) -> Label {
        match self {
            Self::DecisionMoment(stands) => Label::new(
                format!("Văn bản đang ở trạng thái '{}', không thể làm việc này; hãy xem lại trạng thái", stands.vi),
                format!("The decision is '{}'; this is not possible now, look at its state", stands.en),
            ),
            Self::NumberTaken => Label::new(
                "Cơ quan này đã có quyết định mang số đó trong ngày đó; hãy kiểm tra số và ngày",
                "This authority already has a decision with that number on that day; check number and date",
            ),
            Self::PrintEnded(state) => Label::new(
                format!("Giấy chứng nhận {}: không in nữa; bản điện tử vẫn đọc được và ghi rõ tình trạng", state.vi),
                format!(
                    "The certificate is {}: it is not printed any more; the electronic one can be read and says so",
                    state.en
                ),
            ),
            Self::NothingToPrint => {
                Label::new("Văn bản này không cấp giấy chứng nhận nào", "This decision issued no certificate")
            }
            Self::PrintsUnderWay(percent) => Label::new(
                format!("Đang in, mới được {percent} %; xem công việc rồi tải lại"),
                format!("Still printing, {percent} % done; look at the job and come back"),
            ),
            Self::DecisionEmpty => Label::new(
                "Văn bản chưa có sản phẩm nào; hãy thêm ít nhất một",
                "There is no product in the decision; add at least one",
            ),
            Self::NoResult => Label::new(
                "Hồ sơ chưa có kết quả của Hội đồng; hãy ghi kết quả trước",
                "No council has recorded a result for the dossier; record it first",
            ),
            Self::BeforeResult { found } => Label::new(
                format!("Ngày ký trước ngày có kết quả của Hội đồng ({}); hãy kiểm tra ngày ký", day(*found, Lang::Vi)),
                format!("The date of signing is before the council's result ({found}); check it"),
            ),
            Self::AuthorityDiffers { star, whose: Some(whose) } => Label::new(
                format!("Hạng {star} sao thuộc thẩm quyền của {} vào ngày đó; hãy chuyển đúng cấp", whose.label().vi),
                format!("On that day {star} stars belong to {}; send the dossier there", whose.label().en),
            ),
            Self::AuthorityDiffers { star, whose: None } => Label::new(
                format!(
                    "Hạng {star} sao không có quyết định công nhận (Điều 4 Quyết định 26/2026/QĐ-TTg); hãy ra thông báo"
                ),
                format!(
                    "{star} stars are not recognised by a decision (Article 4, Decision 26/2026/QĐ-TTg); issue a notice"
                ),
            ),
            Self::NothingToApprove { star } => Label::new(
                format!("Kết quả {star} sao không trình Trung ương; chỉ phê duyệt kết quả từ 90 điểm (Điều 7.3 e)"),
                format!(
                    "A result of {star} stars is not sent to the centre; only 90 points and more are approved (Article 7.3 e)"
                ),
            ),
            Self::StarRecognised { star } => Label::new(
                format!("Kết quả {star} sao được công nhận; không thể ra thông báo không công nhận"),
                format!("A result of {star} stars is recognised; there is no notice of non-recognition for it"),
            ),
            Self::OutsideTerritory => Label::new(
                "Sản phẩm không thuộc địa bàn của cơ quan này; hãy bỏ khỏi văn bản",
                "The product is outside the territory of this authority; take it out",
            ),
            Self::InOtherDecision => Label::new(
                "Sản phẩm đã nằm trong một văn bản khác đang soạn hoặc đã ký; hãy bỏ khỏi một trong hai",
                "The product stands in another decision under way; take it out of one of them",
            ),
            Self::AlreadyEnded => Label::new(
                "Giấy chứng nhận đã hết giá trị theo một quyết định thu hồi; không còn gì để thu hồi, kéo dài hay đính chính",
                "A decision has ended the certificate already: nothing is left to revoke, extend or correct",
            ),
            Self::BeforeRecognition { since } => Label::new(
                format!(
                    "Ngày ký sớm hơn ngày đầu của giấy chứng nhận hoặc công nhận ({}); hãy kiểm tra ngày ký",
                    day(*since, Lang::Vi)
                ),
                format!(
                    "The decision would be older than what it is about (first day {since}); check the day of signing"
                ),
            ),
            Self::OfficeNotThere { unit, on } => Label::new(
                format!(
                    "{unit} không phải đơn vị hành chính còn hiệu lực ngày {}; hãy kiểm tra ngày ký, hoặc soạn văn bản của cơ quan kế thừa",
                    day(*on, Lang::Vi)
                ),
                format!(
                    "{unit} was no administrative unit on {on}; check the day of signing, or prepare the decision of its successor"
                ),
            ),
            Self::HasCertificate => Label::new(
                "Công nhận này đã có giấy chứng nhận; hãy nêu giấy chứng nhận đó",
                "A certificate was issued for this recognition; name that certificate",
            ),
            Self::CaseOpen => Label::new(
                "Đã có vụ việc thu hồi giấy chứng nhận này đang mở; hãy dùng vụ việc đó",
                "A case for revocation of this certificate is open; use that one",
            ),
            Self::CaseClosed => Label::new(
                "Vụ việc thu hồi này không còn mở; hãy mở vụ việc mới nếu cần",
                "This case for revocation is not open any more; open a new one if needed",
            ),
            Self::NotTheIssuer(whose) => Label::new(
                format!("Chỉ {} đã công nhận mới được thu hồi (Điều 8); hãy chuyển hồ sơ", whose.label().vi),
                format!(
                    "Only {} that recognised the product may revoke (Article 8); send the case there",
                    whose.label().en
                ),
            ),
            other => other.say_of_extensions(),
        }
    }

    fn say_of_extensions(&self) -> Label {
        match self {
            Self::ExtensionNotOpen { last } => Label::new(
                format!(
                    "Chỉ kéo dài giấy chứng nhận mà hạn nộp hồ sơ đánh giá lại đã qua khi Quyết định 26/2026/QĐ-TTg có hiệu lực (Điều 12.3); giấy này hết hạn ngày {}, không thuộc trường hợp đó",
                    day(*last, Lang::Vi)
                ),
                format!(
                    "Only certificates whose window of re-evaluation had closed when Decision 26/2026/QĐ-TTg came into force are extended (Article 12.3); this one ends on {last} and is not among them"
                ),
            ),
            Self::NoReEvaluation => Label::new(
                "Chưa có hồ sơ đánh giá lại nào đang xử lý cho sản phẩm này; hãy tiếp nhận hồ sơ trước (Điều 12.3)",
                "No re-evaluation of this product is under way; receive its dossier first (Article 12.3)",
            ),
            Self::AlreadyExtended { through } => Label::new(
                format!(
                    "Giấy chứng nhận đã được kéo dài đến hết ngày {}; không kéo dài lần nữa",
                    day(*through, Lang::Vi)
                ),
                format!("The certificate is extended through {through} already; it is not extended again"),
            ),
            Self::ExtensionOver { last } => Label::new(
                format!(
                    "Thời gian kéo dài tối đa 180 ngày đã hết ngày {}; không kéo dài được nữa",
                    day(*last, Lang::Vi)
                ),
                format!("The 180 days of an extension ended on {last}; nothing can be extended any more"),
            ),
            other => other.say_of_corrections(),
        }
    }

    fn say_of_corrections(&self) -> Label {
        match self {
            Self::NotLapsed { last } => Label::new(
                format!(
                    "Giấy chứng nhận còn hiệu lực đến hết ngày {}; chưa thể nói là không đánh giá lại",
                    day(*last, Lang::Vi)
                ),
                format!("The certificate is valid through {last}; nobody can say yet that it was not evaluated again"),
            ),
            Self::ReEvaluated => Label::new(
                "Sản phẩm đã được đánh giá lại, hoặc hồ sơ đánh giá lại đang xử lý; hãy chờ kết quả",
                "The product was evaluated again, or its re-evaluation is under way; wait for its result",
            ),
            Self::NoFailedReEvaluation => Label::new(
                "Chưa có thông báo nào đã công bố về việc đánh giá lại sản phẩm này không đạt; hãy công bố thông báo trước",
                "No published notice says that a re-evaluation of this product failed; publish the notice first",
            ),
            Self::NotCorrectable { line, instead } => Label::new(
                format!("Không đính chính được {}: {}", line.vi, instead.vi),
                format!("A correction does not change {}: {}", line.en, instead.en),
            ),
            Self::NothingCorrected(line) => Label::new(
                format!("Giấy chứng nhận đã ghi đúng như vậy ở dòng {}; không có gì để đính chính", line.vi),
                format!("The certificate already says so of {}; there is nothing to correct", line.en),
            ),
            Self::WordingChanged(line) => Label::new(
                format!("Dòng {} đã được đính chính sau khi soạn văn bản này; hãy soạn lại", line.vi),
                format!("The line of {} was corrected after this draft was written; write it anew", line.en),
            ),
            Self::CodeOfAnother => Label::new(
                "Sản phẩm này chưa từng mang mã số đó; hãy đính chính mã số trong sổ đăng ký trước",
                "The product never bore that code; correct the register first",
            ),
            _ => Label::new(self.word(), self.word()),
        }
    }
}
