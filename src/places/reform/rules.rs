//! How a reform says no.

use chrono::NaiveDate;

use crate::refusal::Refusal;
use crate::text::Label;

/// Why a step of a reform is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// No unit is followed by another on this day.
    NothingFollows(NaiveDate),
    /// A reform of this day is declared already.
    Declared(NaiveDate),
    /// It is carried out on its day, not before.
    TooEarly(NaiveDate),
    /// It is being carried out, or was.
    Started,
    /// The choice was made.
    Chosen,
    /// The unit chosen did not follow the old one.
    NotASuccessor(Vec<String>),
    /// What was to be assigned is no longer kept at the old unit.
    Gone,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::NothingFollows(_) => "reform_nothing_follows",
            Self::Declared(_) => "reform_declared",
            Self::TooEarly(_) => "reform_too_early",
            Self::Started => "reform_started",
            Self::Chosen => "reform_choice_made",
            Self::NotASuccessor(_) => "reform_not_a_successor",
            Self::Gone => "reform_choice_gone",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::NothingFollows(day) => Label::new(
                format!("Không có đơn vị nào được thay thế vào ngày {day}; nhập bảng kế thừa trước, hoặc sửa ngày."),
                format!("No unit is followed by another on {day}; import the successions first, or correct the day."),
            ),
            Self::Declared(day) => Label::new(
                format!("Đợt sắp xếp ngày {day} đã được khai báo; xem danh sách ở /v1/reforms."),
                format!("The reform of {day} is declared already; see the list at /v1/reforms."),
            ),
            Self::TooEarly(day) => Label::new(
                format!("Chỉ thực hiện được từ ngày {day}, khi đơn vị mới đã thành lập."),
                format!("It can be carried out from {day}, when the new units stand."),
            ),
            Self::Started => Label::new(
                "Đợt sắp xếp này đang hoặc đã được thực hiện; xem tiến độ và báo cáo của nó.",
                "This reform is being carried out, or was; see its progress and report.",
            ),
            Self::Chosen => Label::new(
                "Mục này đã được giao cho một đơn vị kế thừa; dùng thao tác chuyển của mục đó nếu cần sửa.",
                "This was given to a successor already; use its own transfer to correct it.",
            ),
            Self::NotASuccessor(names) => Label::new(
                format!("Đơn vị được chọn không kế thừa đơn vị cũ; chọn một trong: {}.", names.join(", ")),
                format!("The unit chosen did not follow the old one; choose one of: {}.", names.join(", ")),
            ),
            Self::Gone => Label::new(
                "Mục này không còn gắn với đơn vị cũ nên không cần giao nữa.",
                "This is no longer kept at the old unit; nothing needs to be chosen.",
            ),
        }
    }
}
