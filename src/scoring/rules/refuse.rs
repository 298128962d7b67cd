//! How the rules of scoring say no.

use crate::refusal::{Item, Refusal};
use crate::text::Label;

/// Why a mark, a sheet, a session or a result was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the figures and codes that the sentence names")]
pub enum Stop {
    /// The sheet belongs to another criteria set.
    SetMismatch { sheet: String, set: String },
    /// The set has no such criterion.
    CriterionUnknown { criterion: String },
    /// The criterion is a heading over deeper ones.
    CriterionNotScored { criterion: String },
    /// The criterion has no such option.
    OptionUnknown { criterion: String, option: String },
    /// The option belongs to another case.
    OptionOfOtherCase { criterion: String, option: String },
    /// A case must be chosen before the option.
    CaseRequired { criterion: String },
    /// The criterion has no such case, or no cases at all.
    CaseUnknown { criterion: String, case: u8 },
    /// "None" was chosen without saying why.
    NoneNeedsComment { criterion: String },
    /// The condition of the criterion is not met, so it takes no option.
    NotApplicable { criterion: String, because: String },
    /// Nothing at that code allows a knock-out.
    KnockOutUnknown { at: String },
    /// A knock-out without a reason.
    KnockOutNeedsReason { at: String },
    /// Criteria without a mark.
    Incomplete { criteria: Vec<String> },
    /// A sealed sheet no longer gives the total or the knock-out it was sealed with.
    SealBroken { seat: String },
    /// Two sheets of one seat.
    SeatRepeated { seat: String },
    /// No sheet with a total.
    NoSheets,
    /// Too few members.
    QuorumMissing { present: u32, needed: u32, seats: u32 },
    /// Neither the chair nor the delegated deputy.
    ChairMissing,
    /// The totals are too far apart.
    SpreadBeyondLimit { highest: i64, lowest: i64, limit: i64 },
    /// Some sheets say knock-out, not enough to reject, and the chair has not concluded.
    KnockOutDisputed { seats: Vec<String>, sheets: usize },
    /// Exactly half of the sheets reach a minimum, and the chair has not concluded.
    ConclusionNeeded { minima: Vec<(String, u8)> },
    /// A conclusion without a reason.
    ConclusionNeedsReason { at: String },
    /// The bands leave a gap, overlap, or do not begin at 0.
    BandsWrong,
    /// A figure of the council's regulation makes no sense.
    RegulationWrong { field: &'static str },
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::SetMismatch { .. } => "sheet_set_mismatch",
            Self::CriterionUnknown { .. } => "sheet_criterion_unknown",
            Self::CriterionNotScored { .. } => "sheet_criterion_not_scored",
            Self::OptionUnknown { .. } => "sheet_option_unknown",
            Self::OptionOfOtherCase { .. } => "sheet_option_other_case",
            Self::CaseRequired { .. } => "sheet_case_required",
            Self::CaseUnknown { .. } => "sheet_case_unknown",
            Self::NoneNeedsComment { .. } => "sheet_none_needs_comment",
            Self::NotApplicable { .. } => "sheet_criterion_not_applicable",
            Self::KnockOutUnknown { .. } => "sheet_knock_out_unknown",
            Self::KnockOutNeedsReason { .. } => "sheet_knock_out_needs_reason",
            Self::Incomplete { .. } => "sheet_incomplete",
            Self::SealBroken { .. } => "sheet_seal_broken",
            Self::SeatRepeated { .. } => "session_seat_repeated",
            Self::NoSheets => "session_no_sheets",
            Self::QuorumMissing { .. } => "session_quorum_missing",
            Self::ChairMissing => "session_chair_missing",
            Self::SpreadBeyondLimit { .. } => "session_spread_beyond_limit",
            Self::KnockOutDisputed { .. } => "session_knock_out_disputed",
            Self::ConclusionNeeded { .. } => "session_conclusion_needed",
            Self::ConclusionNeedsReason { .. } => "session_conclusion_needs_reason",
            Self::BandsWrong => "bands_wrong",
            Self::RegulationWrong { .. } => "regulation_wrong",
        }
    }

    fn say(&self) -> Label {
        let (vi, en) = match self {
            Self::SetMismatch { .. }
            | Self::CriterionUnknown { .. }
            | Self::CriterionNotScored { .. }
            | Self::OptionUnknown { .. }
            | Self::OptionOfOtherCase { .. }
            | Self::CaseRequired { .. }
            | Self::CaseUnknown { .. }
            | Self::NoneNeedsComment { .. }
            | Self::NotApplicable { .. } => self.of_mark(),
            Self::KnockOutUnknown { .. }
            | Self::KnockOutNeedsReason { .. }
            | Self::Incomplete { .. }
            | Self::SealBroken { .. } => self.of_sheet(),
            _ => self.of_session(),
        };
        Label::new(vi, en)
    }

    fn items(&self) -> Vec<Item> {
        match self {
            Self::Incomplete { criteria } => {
                criteria.iter().map(|c| item(c, "sheet_criterion_unmarked", unmarked())).collect()
            }
            Self::ConclusionNeeded { minima } => {
                minima.iter().map(|(c, star)| item(c, "session_conclusion_needed", half(*star))).collect()
            }
            Self::KnockOutDisputed { seats, .. } => {
                seats.iter().map(|s| item(s, "session_knock_out_disputed", discuss())).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn item(at: &str, word: &'static str, say: Label) -> Item {
    Item { at: at.to_owned(), word, say }
}

fn unmarked() -> Label {
    Label::new(
        "Chưa chấm; chọn một mức, hoặc “không mức nào” kèm nhận xét",
        "Not marked; choose an option, or “none” with a comment",
    )
}

fn half(star: u8) -> Label {
    Label::new(
        format!("Đúng một nửa số phiếu đạt mức tối thiểu {star} sao; chủ tịch ghi kết luận và lý do"),
        format!(
            "Exactly half of the sheets reach the minimum for {star} stars; the chair records a conclusion and why"
        ),
    )
}

fn discuss() -> Label {
    Label::new(
        "Phiếu ghi loại sản phẩm; đưa ra thảo luận",
        "The sheet eliminates the product; take it up in the discussion",
    )
}

impl Stop {
    fn of_mark(&self) -> (String, String) {
        match self {
            Self::SetMismatch { sheet, set } => (
                format!("Phiếu theo bộ {sheet}, sản phẩm thuộc bộ {set}; mở phiếu của bộ {set}"),
                format!("The sheet is for set {sheet}, the product is in set {set}; open a sheet of set {set}"),
            ),
            Self::CriterionUnknown { criterion } => (
                format!("Bộ tiêu chí không có tiêu chí {criterion}"),
                format!("The criteria set has no criterion {criterion}"),
            ),
            Self::CriterionNotScored { criterion } => (
                format!("Mục {criterion} không chấm trực tiếp; chấm các tiêu chí con của mục này"),
                format!("{criterion} is not scored itself; mark the criteria below it"),
            ),
            Self::OptionUnknown { criterion, option } => (
                format!("Tiêu chí {criterion} không có mức {option}"),
                format!("Criterion {criterion} has no option {option}"),
            ),
            Self::OptionOfOtherCase { criterion, option } => (
                format!("Mức {option} của tiêu chí {criterion} thuộc trường hợp khác; chọn mức của trường hợp đã chọn"),
                format!(
                    "Option {option} of criterion {criterion} belongs to another case; choose one of the chosen case"
                ),
            ),
            Self::CaseRequired { criterion } => (
                format!("Tiêu chí {criterion} có nhiều trường hợp; chọn trường hợp trước, rồi chọn mức"),
                format!("Criterion {criterion} has several cases; choose the case first, then the option"),
            ),
            Self::CaseUnknown { criterion, case } => (
                format!("Tiêu chí {criterion} không có trường hợp {case}"),
                format!("Criterion {criterion} has no case {case}"),
            ),
            Self::NoneNeedsComment { criterion } => (
                format!("Chọn “không mức nào” ở tiêu chí {criterion} phải kèm nhận xét, vì được 0 điểm"),
                format!("“None” on criterion {criterion} needs a comment, because it gives 0 points"),
            ),
            Self::NotApplicable { criterion, because } => (
                format!("Tiêu chí {criterion} không áp dụng do kết quả ở tiêu chí {because}; bỏ mức đã chọn"),
                format!("Criterion {criterion} does not apply, given criterion {because}; take the option back"),
            ),
            _ => self.of_session(),
        }
    }

    fn of_sheet(&self) -> (String, String) {
        match self {
            Self::KnockOutUnknown { at } => (
                format!("Không có căn cứ loại tại {at} trong bộ tiêu chí"),
                format!("The criteria set has no eliminating ground at {at}"),
            ),
            Self::KnockOutNeedsReason { at } => (
                format!("Ghi rõ đã phát hiện điều gì để loại tại {at}"),
                format!("Say what was found that eliminates the product at {at}"),
            ),
            Self::Incomplete { criteria } => (
                format!("Phiếu còn {} tiêu chí chưa chấm: {}", criteria.len(), criteria.join(", ")),
                format!("The sheet has criteria without a mark ({}): {}", criteria.len(), criteria.join(", ")),
            ),
            Self::SealBroken { seat } => (
                format!("Phiếu của {seat} không còn khớp với điểm lúc niêm; kiểm tra nhật ký trước khi kết luận"),
                format!(
                    "The sheet of {seat} no longer gives what it was sealed with; look at the log before concluding"
                ),
            ),
            _ => self.of_session(),
        }
    }

    fn of_session(&self) -> (String, String) {
        match self {
            Self::SeatRepeated { seat } => (
                format!("{seat} có hơn một phiếu trong cùng lượt chấm"),
                format!("{seat} has more than one sheet in this round"),
            ),
            Self::QuorumMissing { present, needed, seats } => (
                format!("Có {present} trên {seats} thành viên tham gia, quy chế cần ít nhất {needed}"),
                format!("{present} of {seats} members take part, the regulation needs at least {needed}"),
            ),
            Self::ChairMissing => (
                "Phiên họp cần có chủ tịch hội đồng hoặc phó chủ tịch được ủy quyền".to_owned(),
                "The session needs the chair of the council or the delegated deputy".to_owned(),
            ),
            Self::SpreadBeyondLimit { highest, lowest, limit } => (
                format!(
                    "Phiếu cao nhất {highest}, thấp nhất {lowest}, chênh quá {limit} điểm; thảo luận rồi chấm lượt mới"
                ),
                format!(
                    "Highest total {highest}, lowest {lowest}, more than {limit} points apart; discuss, then score a new round"
                ),
            ),
            Self::KnockOutDisputed { seats, sheets } => (
                format!(
                    "{} trên {sheets} phiếu ghi loại sản phẩm, chưa quá nửa; thảo luận và chấm lại, hoặc chủ tịch ghi kết luận",
                    seats.len()
                ),
                format!(
                    "{} of {sheets} sheets eliminate the product, not more than half; discuss and score again, or the chair concludes",
                    seats.len()
                ),
            ),
            Self::ConclusionNeeded { minima } => (
                format!("Cần kết luận của chủ tịch về {} mức tối thiểu có đúng một nửa số phiếu đạt", minima.len()),
                format!(
                    "The chair must conclude on star minima that exactly half of the sheets reach ({})",
                    minima.len()
                ),
            ),
            Self::ConclusionNeedsReason { at } => (
                format!("Kết luận của chủ tịch về {at} phải ghi lý do"),
                format!("The chair's conclusion on {at} needs a reason"),
            ),
            Self::BandsWrong => (
                "Các mức điểm theo sao phải bắt đầu từ 0 và nối liền nhau".to_owned(),
                "The bands of points must begin at 0 and join without gap or overlap".to_owned(),
            ),
            Self::RegulationWrong { field } => (
                format!("Giá trị {field} trong quy chế hội đồng không hợp lệ"),
                format!("The value of {field} in the council's regulation is not valid"),
            ),
            _ => ("Chưa có phiếu chấm nào có tổng điểm".to_owned(), "There is no sheet with a total yet".to_owned()),
        }
    }
}
