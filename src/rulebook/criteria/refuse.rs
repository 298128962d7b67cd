//! How the criteria room says no.

use crate::refusal::{Item, Refusal};
use crate::text::Label;

/// Why a criteria set was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The file does not have the shape of a criteria set.
    Unreadable {
        /// Where reading stopped: a path inside the file.
        at: String,
    },
    /// The source says itself that the table is not complete.
    Incomplete(Vec<Item>),
    /// The set contradicts itself: sums, codes, minima.
    Inconsistent(Vec<Item>),
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "criteria_unreadable",
            Self::Incomplete(_) => "criteria_incomplete",
            Self::Inconsistent(_) => "criteria_inconsistent",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::Unreadable { at } => Label::new(
                format!("Không đọc được bộ tiêu chí tại {at}; kiểm tra cấu trúc tệp"),
                format!("The criteria set cannot be read at {at}; check the shape of the file"),
            ),
            Self::Incomplete(items) => Label::new(
                format!("Bộ tiêu chí chưa đầy đủ ({} điểm cần bổ sung), không dùng để chấm", items.len()),
                format!("The criteria set is incomplete ({} things to add) and cannot be used to score", items.len()),
            ),
            Self::Inconsistent(items) => Label::new(
                format!("Bộ tiêu chí có {} chỗ mâu thuẫn; sửa rồi nhập lại", items.len()),
                format!("The criteria set contradicts itself in {} places; correct and import again", items.len()),
            ),
        }
    }

    fn items(&self) -> Vec<Item> {
        match self {
            Self::Unreadable { .. } => Vec::new(),
            Self::Incomplete(items) | Self::Inconsistent(items) => items.clone(),
        }
    }
}
