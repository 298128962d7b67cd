//! Why a row is what it is: fixed words, in one table with what an officer should do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::Label;

crate::words! {
    /// What a row is.
    pub enum RowClass {
        /// Taken over without a question.
        Accepted = "accepted",
        /// Taken over, with a question to an officer.
        Doubtful = "doubtful",
        /// Not taken over.
        Rejected = "rejected",
        /// Adds nothing to what is there.
        Unchanged = "unchanged",
    }
}

crate::words! {
    /// Why.
    pub enum Reason {
        /// No name of a product.
        NameMissing = "nameMissing",
        /// The star is no number from 1 to 5.
        StarUnreadable = "starUnreadable",
        /// No producer.
        ProducerMissing = "producerMissing",
        /// The words name no type of producer.
        TypeUnknown = "typeUnknown",
        /// The words suggest a type but name no legal form.
        TypeUnsure = "typeUnsure",
        /// One producer in two communes.
        ProducerPlaceDiffers = "producerPlaceDiffers",
        /// No commune.
        CommuneMissing = "communeMissing",
        /// No unit with these names.
        PlaceUnknown = "placeUnknown",
        /// Several units with these names.
        PlaceAmbiguous = "placeAmbiguous",
        /// The unit ended before the records.
        PlaceEnded = "placeEnded",
        /// The date cannot be read.
        DateUnreadable = "dateUnreadable",
        /// The date is after today or before the programme.
        DateImpossible = "dateImpossible",
        /// A decision without its date.
        DateMissing = "dateMissing",
        /// A star and a date, and nobody who recognised.
        AuthorityMissing = "authorityMissing",
        /// The sign of the decision or the authority cannot be read.
        AuthorityUnreadable = "authorityUnreadable",
        /// On that day no text names an authority for that star.
        AuthorityUnnamed = "authorityUnnamed",
        /// On that day another authority recognised that star.
        AuthorityDiffers = "authorityDiffers",
        /// The same decision gives the same product another star.
        StarContradicts = "starContradicts",
        /// The same number of the same authority has another date in this file.
        DecisionDateDiffers = "decisionDateDiffers",
        /// Another product is nearly the same.
        PossibleDuplicate = "possibleDuplicate",
        /// No star.
        StarMissing = "starMissing",
        /// 1 or 2 stars: no decision and no certificate exist.
        StarBelowThree = "starBelowThree",
        /// No proof of a recognition.
        HistoryUnknown = "historyUnknown",
        /// An earlier line has the same product.
        DuplicateInFile = "duplicateInFile",
        /// No product group.
        GroupMissing = "groupMissing",
    }
}

/// A reason with its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImportFinding)]
pub struct Finding {
    /// The word.
    pub word: Reason,
    /// What to do.
    pub say: Label,
}

impl From<Reason> for Finding {
    fn from(word: Reason) -> Self {
        Self { word, say: word.label() }
    }
}

/// The class of a row that adds something: its gravest reason decides.
pub(super) fn class(reasons: &[Reason]) -> RowClass {
    reasons
        .iter()
        .map(|r| r.class())
        .max_by_key(|class| (*class != RowClass::Accepted, *class))
        .unwrap_or(RowClass::Accepted)
}

impl Reason {
    /// The class that this reason alone gives a row.
    pub fn class(self) -> RowClass {
        match self {
            Self::NameMissing | Self::StarUnreadable => RowClass::Rejected,
            Self::StarMissing
            | Self::StarBelowThree
            | Self::HistoryUnknown
            | Self::DuplicateInFile
            | Self::GroupMissing => RowClass::Accepted,
            _ => RowClass::Doubtful,
        }
    }

    /// What an officer should do.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::NameMissing => ("Thiếu tên sản phẩm; hãy bổ sung", "The name of the product is missing; add it"),
            Self::StarUnreadable => ("Hạng sao phải từ 1 đến 5, hoặc để trống", "The star is 1 to 5, or empty"),
            Self::ProducerMissing => {
                ("Chưa có chủ thể; cán bộ xã bổ sung", "No producer; the commune's officer adds it")
            }
            Self::TypeUnknown => {
                ("Chưa rõ loại hình chủ thể; hãy xác định", "The type of producer is unknown; find out")
            }
            Self::TypeUnsure => (
                "Loại hình chủ thể ghi chưa rõ tư cách pháp lý; hãy xác nhận",
                "The words name no legal form; confirm the type of producer",
            ),
            Self::ProducerPlaceDiffers => (
                "Chủ thể này có hai địa chỉ khác nhau trong tệp; hãy xem có phải hai chủ thể",
                "This producer has two communes in the file; see whether these are two producers",
            ),
            Self::CommuneMissing => ("Thiếu xã; cán bộ bổ sung", "No commune; an officer adds it"),
            Self::PlaceUnknown => (
                "Không tìm thấy đơn vị hành chính này; hãy chọn trong danh sách gợi ý",
                "No unit has these names; choose among the candidates",
            ),
            Self::PlaceAmbiguous => {
                ("Có nhiều đơn vị hành chính cùng tên; hãy chọn", "Several units have these names; choose")
            }
            Self::PlaceEnded => (
                "Đơn vị hành chính này đã chấm dứt trước kỳ dữ liệu; hãy chọn đơn vị kế tiếp",
                "This unit ended before the records begin; choose its successor",
            ),
            Self::DateUnreadable => (
                "Không đọc được ngày; hãy ghi dạng 22/8/2022 hoặc 2022-08-22",
                "The date cannot be read; write 22/8/2022 or 2022-08-22",
            ),
            Self::DateImpossible => (
                "Ngày quyết định sau hôm nay hoặc trước ngày có Chương trình (7/5/2018); hãy kiểm tra",
                "The date is after today or before the programme (7 May 2018); check it",
            ),
            Self::DateMissing => ("Thiếu ngày quyết định; hãy bổ sung", "The decision has no date; add it"),
            Self::AuthorityMissing => (
                "Có hạng sao và ngày nhưng không rõ cơ quan công nhận; hãy bổ sung số quyết định hoặc cơ quan",
                "A star and a date, but nobody who recognised; add the number of the decision or the authority",
            ),
            Self::AuthorityUnreadable => (
                "Không đọc được cơ quan từ ký hiệu quyết định; hãy bổ sung cột authority",
                "The sign of the decision tells no authority; fill the column authority",
            ),
            Self::AuthorityUnnamed => (
                "Vào ngày đó không văn bản nào giao thẩm quyền công nhận hạng sao này; hãy kiểm tra ngày",
                "On that day no text names an authority for this star; check the date",
            ),
            Self::AuthorityDiffers => (
                "Vào ngày đó cơ quan khác có thẩm quyền công nhận hạng sao này; có thể đây là phê duyệt kết quả",
                "On that day another authority recognised this star; this may be the approval of a result",
            ),
            Self::StarContradicts => (
                "Cùng quyết định, cùng sản phẩm nhưng khác hạng sao; hãy so với quyết định",
                "The same decision gives this product another star; compare with the decision",
            ),
            Self::DecisionDateDiffers => (
                "Cùng số quyết định nhưng khác ngày trong tệp; hãy so với quyết định",
                "The same number has another date in this file; compare with the decision",
            ),
            Self::PossibleDuplicate => (
                "Có sản phẩm gần trùng tên; hãy xem có phải một sản phẩm",
                "Another product has nearly the same name; see whether they are one",
            ),
            Self::StarMissing => ("Chưa có hạng sao", "No star is given"),
            Self::StarBelowThree => (
                "Hạng 1–2 sao không có quyết định và giấy chứng nhận (Điều 4 Quyết định 26/2026/QĐ-TTg)",
                "1–2 stars have no decision and no certificate (Article 4, Decision 26/2026/QĐ-TTg)",
            ),
            Self::HistoryUnknown => (
                "Chưa có căn cứ về lần công nhận; sản phẩm được ghi với lịch sử chưa rõ",
                "No proof of a recognition; the product is kept with its history unknown",
            ),
            Self::DuplicateInFile => ("Trùng với dòng trước; được gộp", "Same product as an earlier line; merged"),
            Self::GroupMissing => ("Chưa có nhóm sản phẩm", "No product group is given"),
        };
        Label::new(vi, en)
    }
}
