//! How the rules of scoring say no.

use crate::refusal::{Item, Refusal};
use crate::rulebook::marks;
use crate::text::Label;

/// Why a mark, a sheet, a session or a result was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the figures and codes that the sentence names")]
pub enum Stop {
    /// A mark, or the marks of a sheet together.
    Mark(marks::Stop),
    /// The sheet belongs to another criteria set.
    SetMismatch { sheet: String, set: String },
    /// Nothing at that code allows a knock-out.
    KnockOutUnknown { at: String },
    /// A knock-out without a reason.
    KnockOutNeedsReason { at: String },
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
    /// A figure of the council's regulation makes no sense.
    RegulationWrong { field: &'static str },
}

impl From<marks::Stop> for Stop {
    fn from(stop: marks::Stop) -> Self {
        Self::Mark(stop)
    }
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Mark(stop) => stop.word(),
            Self::SetMismatch { .. } => "sheet_set_mismatch",
            Self::KnockOutUnknown { .. } => "sheet_knock_out_unknown",
            Self::KnockOutNeedsReason { .. } => "sheet_knock_out_needs_reason",
            Self::SealBroken { .. } => "sheet_seal_broken",
            Self::SeatRepeated { .. } => "session_seat_repeated",
            Self::NoSheets => "session_no_sheets",
            Self::QuorumMissing { .. } => "session_quorum_missing",
            Self::ChairMissing => "session_chair_missing",
            Self::SpreadBeyondLimit { .. } => "session_spread_beyond_limit",
            Self::KnockOutDisputed { .. } => "session_knock_out_disputed",
            Self::ConclusionNeeded { .. } => "session_conclusion_needed",
            Self::ConclusionNeedsReason { .. } => "session_conclusion_needs_reason",
            Self::RegulationWrong { .. } => "regulation_wrong",
        }
    }

    fn say(&self) -> Label {
        let (vi, en) = match self {
            Self::Mark(stop) => return stop.say(),
            Self::SetMismatch { .. }
            | Self::KnockOutUnknown { .. }
            | Self::KnockOutNeedsReason { .. }
            | Self::SealBroken { .. } => self.of_sheet(),
            _ => self.of_session(),
        };
        Label::new(vi, en)
    }

    fn items(&self) -> Vec<Item> {
        match self {
            Self::Mark(stop) => stop.items(),
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
    fn of_sheet(&self) -> (String, String) {
        match self {
            Self::SetMismatch { sheet, set } => (
                format!("Phiếu theo bộ {sheet}, sản phẩm thuộc bộ {set}; mở phiếu của bộ {set}"),
                format!("The sheet is for set {sheet}, the product is in set {set}; open a sheet of set {set}"),
            ),
            Self::KnockOutUnknown { at } => (
                format!("Không có căn cứ loại tại {at} trong bộ tiêu chí"),
                format!("The criteria set has no eliminating ground at {at}"),
            ),
            Self::KnockOutNeedsReason { at } => (
                format!("Ghi rõ đã phát hiện điều gì để loại tại {at}"),
                format!("Say what was found that eliminates the product at {at}"),
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
            Self::RegulationWrong { field } => (
                format!("Giá trị {field} trong quy chế hội đồng không hợp lệ"),
                format!("The value of {field} in the council's regulation is not valid"),
            ),
            _ => ("Chưa có phiếu chấm nào có tổng điểm".to_owned(), "There is no sheet with a total yet".to_owned()),
        }
    }
}
