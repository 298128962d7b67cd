//! What a rulebook refuses, and in which words.

use chrono::NaiveDate;

use super::record::{Authority, DossierKind};
use crate::{
    places::calendar,
    refusal::{Item, Refusal},
    text::Label,
};

/// A refusal by the rulebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// No rulebook is in force for this kind on this day.
    NoRulebook(DossierKind, NaiveDate),
    /// Two rulebooks claim the same day.
    TwoRulebooks(String, String),
    /// No text names an authority for this star on this day.
    AuthorityUnnamed(u8, NaiveDate),
    /// The rulebook has no such regime on this day.
    NoRegime(String, NaiveDate),
    /// The time to finish under the ended rulebook is over: rulebook, last day.
    TransitionOver(String, NaiveDate),
    /// The dossier was filed outside the rulebook's validity.
    NotInForce(String, NaiveDate),
    /// Too early to file a re-evaluation: first day.
    ReEvaluationTooEarly(NaiveDate),
    /// Too late to file a re-evaluation: last day.
    ReEvaluationTooLate(NaiveDate),
    /// The rulebook has no ground of revocation with this letter.
    GroundUnknown(String),
    /// The rulebook has no clock of this name.
    ClockUnknown(String),
    /// This level may not score such a result.
    LevelOutOfLine(Authority, u8),
    /// A date could not be computed.
    Calendar(calendar::Stop),
    /// The record cannot be read as a rulebook.
    Unreadable(String),
    /// The record contradicts itself.
    Unsound(Vec<Item>),
}

impl From<calendar::Stop> for Stop {
    fn from(stop: calendar::Stop) -> Self {
        Self::Calendar(stop)
    }
}

fn date(day: &NaiveDate) -> String {
    day.format("%-d/%-m/%Y").to_string()
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::NoRulebook(..) => "rulebook_none_in_force",
            Self::TwoRulebooks(..) => "rulebook_overlap",
            Self::AuthorityUnnamed(..) => "authority_unnamed",
            Self::NoRegime(..) => "rulebook_regime_unknown",
            Self::TransitionOver(..) => "rulebook_transition_over",
            Self::NotInForce(..) => "rulebook_not_in_force",
            Self::ReEvaluationTooEarly(_) => "re_evaluation_too_early",
            Self::ReEvaluationTooLate(_) => "re_evaluation_too_late",
            Self::GroundUnknown(_) => "revocation_ground_unknown",
            Self::ClockUnknown(_) => "rulebook_clock_unknown",
            Self::LevelOutOfLine(..) => "authority_out_of_line",
            Self::Calendar(stop) => stop.word(),
            Self::Unreadable(_) => "rulebook_unreadable",
            Self::Unsound(_) => "rulebook_unsound",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::NoRulebook(kind, day) => Label::new(
                format!("Ngày {} không có quyết định nào đang hiệu lực cho hồ sơ {}.", date(day), kind.label().vi),
                format!("No rulebook is in force on {day} for a dossier of the kind {}.", kind.label().en),
            ),
            Self::TwoRulebooks(a, b) => Label::new(
                format!("Hai bộ quy định {a} và {b} cùng hiệu lực trong một ngày; sửa ngày hiệu lực trước khi dùng."),
                format!("The rulebooks {a} and {b} are valid on the same day; correct their dates first."),
            ),
            Self::AuthorityUnnamed(star, day) => Label::new(
                format!(
                    "Ngày {} không văn bản nào giao thẩm quyền đối với hạng {star} sao (cấp huyện kết thúc ngày 30/6/2025, Quyết định 1489/QĐ-TTg có hiệu lực từ 6/7/2025); chờ văn bản, hoặc bổ sung cơ quan có thẩm quyền vào bộ quy định.",
                    date(day)
                ),
                format!(
                    "On {day} no text names an authority for {star} stars (districts ended on 2025-06-30, Decision 1489/QĐ-TTg begins on 2025-07-06); wait for the text, or name the authority in the rulebook record."
                ),
            ),
            Self::NoRegime(id, day) => Label::new(
                format!("Bộ quy định {id} không nêu cách phân cấp vào ngày {}.", date(day)),
                format!("Rulebook {id} does not say how the levels share the work on {day}."),
            ),
            Self::TransitionOver(id, last) => Label::new(
                format!(
                    "Hồ sơ theo bộ quy định {id} chỉ được giải quyết đến hết ngày {} (Điều 12 Quyết định 26/2026/QĐ-TTg); hãy nộp lại theo quy định đang hiệu lực.",
                    date(last)
                ),
                format!(
                    "Dossiers under rulebook {id} could be finished until {last} (26/2026, Article 12); file it again under the rulebook in force."
                ),
            ),
            Self::NotInForce(id, day) => Label::new(
                format!(
                    "Bộ quy định {id} không hiệu lực vào ngày nộp {}; hãy nộp theo quy định đang hiệu lực.",
                    date(day)
                ),
                format!("Rulebook {id} was not in force on the filing day {day}; file under the one in force."),
            ),
            Self::ReEvaluationTooEarly(opens) => Label::new(
                format!(
                    "Còn quá sớm: hồ sơ đánh giá lại nộp không sớm hơn 180 ngày trước khi hết hạn (Điều 7.6); nộp từ ngày {}.",
                    date(opens)
                ),
                format!(
                    "Too early: a re-evaluation is filed not earlier than 180 days before expiry (Article 7.6); file from {opens}."
                ),
            ),
            Self::ReEvaluationTooLate(closes) => Label::new(
                format!(
                    "Đã quá hạn nộp hồ sơ đánh giá lại (ngày {}, Điều 7.6); hãy nộp hồ sơ đánh giá lần đầu cho đợt tới.",
                    date(closes)
                ),
                format!(
                    "The window of re-evaluation closed on {closes} (Article 7.6); file a first evaluation for the next round."
                ),
            ),
            Self::GroundUnknown(letter) => Label::new(
                format!("Bộ quy định không có căn cứ thu hồi '{letter}'; chọn một trong a, b, c, d, đ, e (Điều 8)."),
                format!(
                    "The rulebook has no ground of revocation '{letter}'; choose one of a, b, c, d, đ, e (Article 8)."
                ),
            ),
            Self::ClockUnknown(name) => Label::new(
                format!("Bộ quy định không có thời hạn '{name}'."),
                format!("The rulebook has no clock '{name}'."),
            ),
            Self::LevelOutOfLine(level, star) => Label::new(
                format!("{} không tham gia đánh giá kết quả {star} sao theo bộ quy định này.", level.label().vi),
                format!("{} has no part in a result of {star} stars under this rulebook.", level.label().en),
            ),
            Self::Calendar(stop) => stop.say(),
            Self::Unreadable(why) => Label::new(
                format!("Không đọc được bộ quy định: {why}."),
                format!("The rulebook cannot be read: {why}."),
            ),
            Self::Unsound(items) => Label::new(
                format!("Bộ quy định có {} chỗ mâu thuẫn; sửa từng chỗ rồi nhập lại.", items.len()),
                format!("The rulebook contradicts itself in {} places; correct each and import again.", items.len()),
            ),
        }
    }

    fn items(&self) -> Vec<Item> {
        match self {
            Self::Unsound(items) => items.clone(),
            _ => Vec::new(),
        }
    }
}
