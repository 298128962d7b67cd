//! How intake says no, and in which words.

use chrono::NaiveDate;

use super::{Action, Desk, Moment, PaperCheck, Party, Status, join, turn};
use crate::refusal::{Item, Refusal};
use crate::rulebook::DossierKind;
use crate::text::Label;

/// A refusal by the rules of intake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The dossier has ended.
    Finished(Status),
    /// The action belongs to another moment, pattern or kind.
    WrongMoment(Moment, Action),
    /// The action is open, but to somebody else.
    NotYourMove(Moment, Action, Party),
    /// Papers are missing or expired.
    Incomplete(Vec<PaperCheck>),
    /// The rulebook still lets the dossier move: nothing is filed again.
    TransitionNotOver(String),
    /// A decision about it is signed and not published: nothing moves, and nothing is told.
    DecisionUnpublished,
    /// The product has an open dossier already.
    OpenAlready,
    /// The commune of the product is not one unit today.
    PlaceUnclear,
    /// The product holds no recognition that this kind of dossier builds on.
    NothingHeld(DossierKind),
    /// The re-evaluation is filed too early or too late.
    OutsideWindow(Window),
    /// The producer may write only while the dossier lies with him.
    NotWithProducer(Status),
    /// The commune reports while the dossier is filed and not reported on.
    ReportClosed(Status),
    /// The commune's report is not written.
    ReportMissing,
    /// The commune's report does not propose the product.
    ReportDoesNotPropose,
    /// Another act makes this move: where.
    DoneElsewhere(Action, &'static str),
    /// No council's result says which star it is.
    StarUnknown,
    /// The star found does not lead this way.
    StarDoesNotFit(Action, u8),
    /// Only the re-evaluation of such a star goes straight to the centre.
    NotStraightToCentre,
    /// Dossiers of different offices in one letter.
    LetterMixed,
    /// No letter leads from here to there.
    NoSuchWay(Status),
    /// A dossier stands twice in the letter.
    LetterRepeats,
    /// The dossier is not in the letter, or was received.
    NotOnItsWay,
    /// The paper type is not one of the rulebook's.
    PaperUnknown(String),
    /// Nothing is asked of the producer now.
    CorrectionNotAsked(Status),
    /// Items without an answer: identifier and words.
    CorrectionsUnanswered(Vec<(String, String)>),
    /// Answers that the office has not settled: identifier and words.
    CorrectionsUnsettled(Vec<(String, String)>),
    /// The dossier has not come back yet.
    CorrectionNotBack(Status),
    /// The last day to complete it is not over.
    CorrectionNotDue(NaiveDate),
    /// The dossier lies on the desk of another office.
    NotOnDesk(Desk),
    /// The product is made no more, since when.
    ProductionEnded(NaiveDate),
    /// The dossier has reached no round, or no later one is foreseen.
    NoRound,
    /// Who acts for a producer without being of it needs a mandate that holds today.
    MandateMissing,
    /// A draft is nobody's but the producer's.
    NotFiled,
    /// The department has a question that waits.
    OpinionAskedAlready,
    /// The department has answered.
    OpinionAnswered,
    /// The question was taken back.
    OpinionTakenBack,
    /// Another office asked.
    NotAskedByYou(Party),
    /// More samples than the desk has: how many it has.
    SamplesTooFew(i32),
    /// Nothing was submitted yet: there is no sealed manifest.
    NeverSealed,
    /// The manifest with this number is not as it was sealed; the second says that it never had a signature.
    SealBroken(i32, bool),
}

/// The days of a re-evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The day of filing lies before the first day; otherwise after the last.
    pub early: bool,
    /// First day.
    pub opens: NaiveDate,
    /// Last day.
    pub closes: NaiveDate,
    /// The certificate ends.
    pub expires: NaiveDate,
}

fn vi(day: NaiveDate) -> String {
    day.format("%-d/%-m/%Y").to_string()
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Finished(_) => "dossier_finished",
            Self::WrongMoment(..) => "dossier_wrong_moment",
            Self::NotYourMove(..) => "dossier_not_your_move",
            Self::Incomplete(_) => "dossier_incomplete",
            Self::TransitionNotOver(_) => "dossier_transition_not_over",
            Self::DecisionUnpublished => "dossier_decision_unpublished",
            Self::OpenAlready => "dossier_open_already",
            Self::PlaceUnclear => "dossier_place_unclear",
            Self::NothingHeld(_) => "dossier_nothing_held",
            Self::OutsideWindow(w) if w.early => "re_evaluation_too_early",
            Self::OutsideWindow(_) => "re_evaluation_too_late",
            Self::NotWithProducer(_) => "dossier_not_with_producer",
            Self::ReportClosed(_) => "dossier_report_closed",
            Self::ReportMissing => "dossier_report_missing",
            Self::ReportDoesNotPropose => "dossier_report_does_not_propose",
            Self::DoneElsewhere(..) => "dossier_move_elsewhere",
            Self::StarUnknown => "dossier_star_unknown",
            Self::StarDoesNotFit(..) => "dossier_star_does_not_fit",
            Self::NotStraightToCentre => "dossier_not_straight_to_centre",
            Self::LetterMixed => "handover_mixed",
            Self::NoSuchWay(_) => "handover_no_such_way",
            Self::LetterRepeats => "handover_repeats",
            Self::NotOnItsWay => "handover_not_on_its_way",
            Self::PaperUnknown(_) => "dossier_paper_unknown",
            Self::CorrectionNotAsked(_) => "dossier_correction_not_asked",
            Self::CorrectionsUnanswered(_) => "dossier_corrections_unanswered",
            Self::CorrectionsUnsettled(_) => "dossier_corrections_unsettled",
            Self::CorrectionNotBack(_) => "dossier_correction_not_back",
            Self::CorrectionNotDue(_) => "dossier_correction_not_due",
            Self::NotOnDesk(_) => "dossier_not_on_desk",
            Self::ProductionEnded(_) => "dossier_production_ended",
            Self::NoRound => "dossier_no_round",
            Self::MandateMissing => "dossier_mandate_missing",
            Self::NotFiled => "dossier_not_filed",
            Self::OpinionAskedAlready => "opinion_asked_already",
            Self::OpinionAnswered => "opinion_answered",
            Self::OpinionTakenBack => "opinion_taken_back",
            Self::NotAskedByYou(_) => "opinion_asked_by_another",
            Self::SamplesTooFew(_) => "samples_too_few",
            Self::NeverSealed => "dossier_never_sealed",
            Self::SealBroken(..) => "dossier_seal_broken",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::Finished(status) => {
                let status = status.label();
                Label::new(
                    format!("Hồ sơ đã kết thúc ({}); muốn đánh giá tiếp thì lập hồ sơ mới.", status.vi),
                    format!("The dossier has ended ({}); to go on, start a new one.", status.en),
                )
            }
            Self::WrongMoment(moment, action) => {
                let (status, action, turn) = (moment.status.label(), action.label(), turn(*moment));
                Label::new(
                    format!("Hồ sơ đang ở bước '{}', chưa thể '{}'. {}", status.vi, action.vi, turn.vi),
                    format!("The dossier is '{}'; '{}' is not possible now. {}", status.en, action.en, turn.en),
                )
            }
            Self::NotYourMove(moment, action, party) => {
                let (status, action, party, turn) =
                    (moment.status.label(), action.label(), party.label(), turn(*moment));
                Label::new(
                    format!(
                        "Hồ sơ đang ở bước '{}'; việc '{}' không thuộc {}. {}",
                        status.vi, action.vi, party.vi, turn.vi
                    ),
                    format!("The dossier is '{}'; '{}' is not for {}. {}", status.en, action.en, party.en, turn.en),
                )
            }
            Self::Incomplete(checks) => {
                let missing = join(checks.iter().filter(|c| c.stops()).map(|c| c.label.clone()));
                Label::new(
                    format!("Hồ sơ chưa đủ: {}. Bổ sung rồi nộp lại (Điều 6).", missing.vi),
                    format!("The dossier is not complete: {}. Add these and file again (Article 6).", missing.en),
                )
            }
            Self::OutsideWindow(window) => window.say(),
            other => other.short(),
        }
    }

    fn items(&self) -> Vec<Item> {
        match self {
            Self::WrongMoment(moment, _) | Self::NotYourMove(moment, ..) => moment
                .moves()
                .flat_map(|m| {
                    m.by.iter().map(|party| Item {
                        at: party.word().to_owned(),
                        word: m.action.word(),
                        say: m.action.label(),
                    })
                })
                .collect(),
            Self::Incomplete(checks) => checks.iter().flat_map(PaperCheck::items).collect(),
            Self::OutsideWindow(window) => window.items(),
            Self::CorrectionsUnanswered(open) | Self::CorrectionsUnsettled(open) => {
                let item = |(id, words): &(String, String)| Item {
                    at: id.clone(),
                    word: self.word(),
                    say: Label::new(words.as_str(), words.as_str()),
                };
                open.iter().map(item).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Window {
    fn say(&self) -> Label {
        let Self { early, opens, closes, expires } = *self;
        let (o, c, e) = (vi(opens), vi(closes), vi(expires));
        match early {
            true => Label::new(
                format!("Còn quá sớm: nộp hồ sơ đánh giá lại từ {o} đến {c}; giấy chứng nhận hết hạn {e} (Điều 7.6)."),
                format!(
                    "Too early: file the re-evaluation from {opens} to {closes}; the certificate ends on {expires} (Article 7.6)."
                ),
            ),
            false => Label::new(
                format!(
                    "Đã quá hạn: hồ sơ đánh giá lại nộp từ {o} đến {c}, giấy chứng nhận hết hạn {e} (Điều 7.6); hãy nộp hồ sơ đánh giá lần đầu cho đợt tới."
                ),
                format!(
                    "Too late: a re-evaluation was filed from {opens} to {closes}, the certificate ends on {expires} (Article 7.6); file a first evaluation for the next round."
                ),
            ),
        }
    }

    fn items(&self) -> Vec<Item> {
        let item = |at: &str, word, day: NaiveDate| Item {
            at: at.to_owned(),
            word,
            say: Label::new(vi(day), day.to_string()),
        };
        vec![
            item("opens", "re_evaluation_opens", self.opens),
            item("closes", "re_evaluation_closes", self.closes),
            item("expires", "certificate_expires", self.expires),
        ]
    }
}

impl Stop {
    fn short(&self) -> Label {
        let (vi, en) = match self {
            Self::TransitionNotOver(book) => (
                format!(
                    "Hồ sơ vẫn được giải quyết theo bộ quy định {book}; chỉ nộp lại khi hết thời gian chuyển tiếp (Điều 12)."
                ),
                format!(
                    "The dossier can still be finished under rulebook {book}; it is filed again only when the transition is over (Article 12)."
                ),
            ),
            Self::NothingHeld(kind) => (
                format!(
                    "Sản phẩm không có kết quả công nhận còn hiệu lực để lập hồ sơ {}; hãy lập hồ sơ lần đầu.",
                    kind.label().vi
                ),
                format!(
                    "The product holds no recognition for a dossier of the kind {}; open a first evaluation.",
                    kind.label().en
                ),
            ),
            Self::NotWithProducer(status) => (
                format!("Hồ sơ đang ở bước '{}', chủ thể không sửa được; chờ yêu cầu bổ sung.", status.label().vi),
                format!(
                    "The dossier is '{}' and cannot be edited; wait until completion is asked for.",
                    status.label().en
                ),
            ),
            Self::ReportClosed(status) => (
                format!(
                    "Hồ sơ đang ở bước '{}'; báo cáo của cấp xã chỉ viết khi hồ sơ đã nộp và chưa có báo cáo.",
                    status.label().vi
                ),
                format!(
                    "The dossier is '{}'; the commune's report is written while it is filed and not reported on.",
                    status.label().en
                ),
            ),
            Self::DoneElsewhere(action, path) => (
                format!("Việc '{}' không thực hiện ở đây; dùng {path}.", action.label().vi),
                format!("'{}' is not done here; use {path}.", action.label().en),
            ),
            Self::StarDoesNotFit(action, star) => (
                format!(
                    "Kết quả {star} sao không đi theo hướng '{}'; xem bảng thẩm quyền của bộ quy định.",
                    action.label().vi
                ),
                format!(
                    "A result of {star} stars does not lead to '{}'; see the authorities of the rulebook.",
                    action.label().en
                ),
            ),
            Self::NoSuchWay(status) => (
                format!("Hồ sơ ở bước '{}' không chuyển đến cấp đó bằng văn bản được.", status.label().vi),
                format!("A dossier that is '{}' does not go to that level by a letter.", status.label().en),
            ),
            Self::PaperUnknown(paper) => (
                format!("Bộ quy định không có loại giấy tờ '{paper}'; xem danh sách ở …/completeness."),
                format!("The rulebook knows no paper '{paper}'; see the list at …/completeness."),
            ),
            Self::CorrectionNotAsked(status) => (
                format!("Hồ sơ đang ở bước '{}', không có yêu cầu bổ sung nào đang chờ trả lời.", status.label().vi),
                format!("The dossier is '{}'; no request for completion waits for an answer.", status.label().en),
            ),
            Self::CorrectionsUnanswered(open) => (
                format!(
                    "Còn {} nội dung chưa trả lời; trả lời từng nội dung ở PATCH …/corrections/answers rồi gửi lại.",
                    open.len()
                ),
                format!(
                    "{} items have no answer; answer each at PATCH …/corrections/answers, then send the dossier back.",
                    open.len()
                ),
            ),
            Self::CorrectionsUnsettled(open) => (
                format!(
                    "Còn {} nội dung bổ sung chưa được xem xét; ghi chấp nhận hoặc chưa đạt ở PATCH …/corrections/settlements.",
                    open.len()
                ),
                format!(
                    "{} answers were not looked at; accept them or say they are still open at PATCH …/corrections/settlements.",
                    open.len()
                ),
            ),
            Self::CorrectionNotBack(status) => (
                format!("Hồ sơ đang ở bước '{}'; chờ chủ thể gửi lại rồi mới xem xét.", status.label().vi),
                format!("The dossier is '{}'; wait until the producer has sent it back.", status.label().en),
            ),
            Self::CorrectionNotDue(day) => (
                format!("Chủ thể còn thời hạn bổ sung đến hết {}; chưa thể đóng hồ sơ.", vi(*day)),
                format!("The producer has until {day} to complete it; it cannot be closed before."),
            ),
            Self::NotAskedByYou(party) => (
                format!("Câu hỏi này do {} gửi; chỉ cấp đó rút được.", party.label().vi),
                format!("This question was asked by {}; only that level takes it back.", party.label().en),
            ),
            Self::ProductionEnded(day) => (
                format!("Xã đã xác nhận sản phẩm không còn được sản xuất từ {} (Điều 8.1 đ).", vi(*day)),
                format!("The commune has confirmed that the product is made no more since {day} (Article 8.1 đ)."),
            ),
            Self::NotOnDesk(desk) => (
                format!("Hồ sơ đang ở {}; việc này thuộc cấp đó.", desk.label().vi),
                format!("The dossier lies with {}; this is for that level.", desk.label().en),
            ),
            Self::SamplesTooFew(left) => (
                format!("Ở đây chỉ còn {left} mẫu; ghi nhận mẫu đã tiếp nhận trước, hoặc sửa số lượng."),
                format!("There are {left} samples here; record what was received first, or correct the count."),
            ),
            Self::SealBroken(number, false) => (
                format!("Bản niêm phong số {number} không còn như lúc ký; báo người vận hành, chưa xuất được tệp nén."),
                format!(
                    "Sealed manifest {number} is not as it was signed; tell the operator. No archive is made of it."
                ),
            ),
            Self::SealBroken(number, true) => (
                format!("Bản số {number} có từ trước khi niêm phong được ký; lấy một bản khác ở …/manifests."),
                format!("Manifest {number} is from before manifests were signed; take another one from …/manifests."),
            ),
            other => {
                let (vi, en) = other.fixed();
                (vi.to_owned(), en.to_owned())
            }
        };
        Label::new(vi, en)
    }

    fn fixed(&self) -> (&'static str, &'static str) {
        match self {
            Self::DecisionUnpublished => (
                "Đã có văn bản về hồ sơ này chờ công bố; hãy chờ công bố rồi thực hiện.",
                "A decision about this dossier awaits publication; wait for it.",
            ),
            Self::OpenAlready => (
                "Sản phẩm đang có một hồ sơ chưa kết thúc; hoàn tất hoặc rút hồ sơ đó trước.",
                "The product has an open dossier; finish or withdraw that one first.",
            ),
            Self::PlaceUnclear => (
                "Chưa rõ sản phẩm thuộc xã nào hiện nay; đề nghị cán bộ ghi đúng xã của sản phẩm.",
                "The commune of the product is not one unit in force today; ask the officer to correct it.",
            ),
            Self::ReportMissing => (
                "Chưa có báo cáo bốn nội dung của cấp xã (Điều 7.2); viết ở PUT …/commune-report trước.",
                "The commune's report on the four contents (Article 7.2) is missing; write it at PUT …/commune-report first.",
            ),
            Self::ReportDoesNotPropose => (
                "Báo cáo của cấp xã không đề nghị sản phẩm này: thông báo không đề nghị ('refuse'), hoặc trả lại để hoàn thiện rồi viết báo cáo mới (Điều 7.2).",
                "The commune's report does not propose this product: say so in a notice ('refuse'), or give the dossier back and report anew (Article 7.2).",
            ),
            Self::StarUnknown => {
                ("Chưa có kết quả của Hội đồng cho hồ sơ này.", "No council has recorded a result for this dossier.")
            }
            Self::NotStraightToCentre => (
                "Chỉ hồ sơ đánh giá lại của sản phẩm đang giữ hạng theo quy định (5 sao) chuyển thẳng trung ương (Điều 6.3 b, 7.6 e).",
                "Only the re-evaluation of a product that holds such a star (5★) goes straight to the centre (Articles 6.3 b, 7.6 e).",
            ),
            Self::NoRound => (
                "Hồ sơ chưa thuộc đợt đánh giá nào (hoặc loại hồ sơ này không theo đợt), nên không có đợt sau để chuyển.",
                "The dossier has reached no round, or its kind goes by none; there is no later one to carry it to.",
            ),
            Self::MandateMissing => (
                "Nộp hồ sơ thay chủ thể phải có giấy ủy quyền đang còn hiệu lực; ghi nhận ở POST /v1/producers/{id}/mandates trước.",
                "To file for a producer, a mandate must hold today; record it at POST /v1/producers/{id}/mandates first.",
            ),
            Self::NotFiled => (
                "Hồ sơ chưa nộp nên chưa cơ quan nào xem được; nộp hồ sơ trước.",
                "The dossier is not filed and no office sees it yet; file it first.",
            ),
            Self::OpinionAskedAlready => (
                "Sở, ngành này đang có một câu hỏi chưa trả lời về hồ sơ; chờ trả lời, hoặc rút câu hỏi đó trước.",
                "This department has a question about the dossier that waits; wait for its answer, or take that one back first.",
            ),
            Self::OpinionAnswered => (
                "Sở, ngành đã trả lời; cần hỏi thêm thì gửi câu hỏi mới.",
                "The department has answered; to know more, ask again.",
            ),
            Self::OpinionTakenBack => (
                "Cơ quan hỏi đã rút câu hỏi này; không cần trả lời nữa.",
                "The office has taken this question back; no answer is needed.",
            ),
            Self::NeverSealed => (
                "Hồ sơ chưa nộp lần nào nên chưa có bản niêm phong; nộp hồ sơ rồi xuất tệp nén.",
                "The dossier was never filed, so there is no sealed manifest; file it, then take the archive.",
            ),
            Self::LetterMixed => (
                "Một văn bản chỉ chuyển hồ sơ của một cơ quan gửi đến một cơ quan nhận.",
                "One letter carries dossiers from one office to one office.",
            ),
            Self::LetterRepeats => (
                "Một hồ sơ có hai lần trong văn bản; bỏ bớt một lần.",
                "A dossier stands twice in the letter; take one out.",
            ),
            _ => (
                "Hồ sơ không có trong văn bản này, hoặc đã được tiếp nhận.",
                "The dossier is not in this letter, or was received already.",
            ),
        }
    }
}

/// A refusal about one dossier of a letter that carries several.
#[derive(Debug)]
pub struct InLetter {
    /// Which one, from 0.
    pub index: usize,
    /// What was said about it.
    pub inner: Box<dyn Refusal>,
}

impl Refusal for InLetter {
    fn word(&self) -> &'static str {
        self.inner.word()
    }

    fn say(&self) -> Label {
        let (say, nth) = (self.inner.say(), self.index + 1);
        Label::new(
            format!("Hồ sơ thứ {nth} trong văn bản: {}", say.vi),
            format!("Dossier {nth} of the letter: {}", say.en),
        )
    }

    fn items(&self) -> Vec<Item> {
        let own = Item { at: format!("/dossiers/{}", self.index), word: self.inner.word(), say: self.inner.say() };
        std::iter::once(own).chain(self.inner.items()).collect()
    }
}
