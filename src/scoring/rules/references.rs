//! The articles that the written reasons name, as data of the rulebook.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::Label;

/// What follows from a star at the level of the council, with its article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consequence {
    /// The star.
    pub star: u8,
    /// A whole sentence.
    pub say: Label,
}

/// The articles that the reasons name, as the rulebook gives them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct References {
    /// Number of the decision, for example `26/2026/QĐ-TTg`.
    pub decision: String,
    /// Article of the bands, for example "Điều 3 khoản 3".
    pub bands: Label,
    /// Where the star minima stand.
    pub minima: Label,
    /// What follows from each star at this level.
    pub consequences: Vec<Consequence>,
}

impl References {
    /// The articles of 26/2026 as a provincial council uses them (Điều 3, 4 and 7).
    pub fn province_2026() -> Self {
        let recognised = |star| Consequence {
            star,
            say: Label::new(
                format!(
                    "Chủ tịch Ủy ban nhân dân tỉnh quyết định công nhận {star} sao và cấp giấy chứng nhận (Điều 4, Điều 7 khoản 3)."
                ),
                format!(
                    "The chairman of the provincial People's Committee recognises {star} stars and issues the certificate (Article 4; Article 7, clause 3)."
                ),
            ),
        };
        let nothing = |star| Consequence {
            star,
            say: Label::new(
                format!("Mức {star} sao không có quyết định công nhận và không cấp giấy chứng nhận (Điều 4)."),
                format!("At {} there is no recognition decision and no certificate (Article 4).", count(star)),
            ),
        };
        let sent = Consequence {
            star: 5,
            say: Label::new(
                "Kết quả từ 90 điểm được Chủ tịch Ủy ban nhân dân tỉnh phê duyệt và hồ sơ được gửi Bộ Nông nghiệp và Môi trường đánh giá 5 sao (Điều 7 khoản 3).",
                "A result of 90 points or more is approved by the chairman of the provincial People's Committee and the dossier is sent to the Ministry of Agriculture and Environment, which evaluates for 5 stars (Article 7, clause 3).",
            ),
        };
        Self {
            decision: "26/2026/QĐ-TTg".to_owned(),
            bands: Label::new("Điều 3 khoản 3", "Article 3, clause 3"),
            minima: Label::new("ghi chú dưới bảng tiêu chí, Phụ lục II", "note under the criteria table, Annex II"),
            consequences: vec![nothing(1), nothing(2), recognised(3), recognised(4), sent],
        }
    }
}

fn count(star: u8) -> String {
    if star == 1 { "1 star".to_owned() } else { format!("{star} stars") }
}
