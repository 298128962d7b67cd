//! How the room of rulebooks says no, where it is not the record itself that refuses.

use crate::refusal::Refusal;
use crate::text::Label;

/// Why a rulebook or a criteria set is not published or not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Dossiers pin this rulebook: it never changes.
    RulebookInUse(String),
    /// No rulebook names this decision.
    DecisionUnknown(String),
    /// The rulebook has no set with this code.
    SetUnknown(String),
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::RulebookInUse(_) => "rulebook_in_use",
            Self::DecisionUnknown(_) => "criteria_decision_unknown",
            Self::SetUnknown(_) => "criteria_set_unknown",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::RulebookInUse(code) => Label::new(
                format!(
                    "Bộ quy định {code} đã có hồ sơ áp dụng nên không sửa được; nhập bản mới với mã khác và mục replaces."
                ),
                format!(
                    "Dossiers pin the rulebook {code}, so it never changes; import a new one with another id that replaces it."
                ),
            ),
            Self::DecisionUnknown(number) => Label::new(
                format!(
                    "Chưa có bộ quy định nào nêu quyết định {number}; nhập bộ quy định trước (ocop import rulebook)."
                ),
                format!("No rulebook names the decision {number}; import the rulebook first (ocop import rulebook)."),
            ),
            Self::SetUnknown(code) => Label::new(
                format!("Bộ quy định này không có bộ tiêu chí {code}; xem danh sách ở /v1/criteria-sets."),
                format!("This rulebook has no criteria set {code}; see the list at /v1/criteria-sets."),
            ),
        }
    }
}
