//! The articles that the written reasons name, as data of the rulebook.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::refusal::Refusal;
use crate::rulebook::rules::Band;
use crate::rulebook::{Authority, Outcome, Rulebook};
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

impl References {
    /// The articles of a rulebook as a council of this level uses them on this day.
    pub fn of(book: &Rulebook, level: Authority, on: NaiveDate) -> Self {
        let consequence = |band: &Band| Consequence { star: band.star, say: follows(book, level, on, band.star) };
        let mut consequences: Vec<Consequence> = book.bands.iter().map(consequence).collect();
        consequences.sort_by_key(|c| c.star);
        let numbers: Vec<&str> = book.decisions.iter().map(|d| d.number.as_str()).collect();
        Self {
            decision: numbers.join(", "),
            bands: article(&book.bands_article),
            minima: Label::new("ghi chú dưới bảng tiêu chí, Phụ lục II", "note under the criteria table, Annex II"),
            consequences,
        }
    }
}

/// What this level does with a star on this day, as a sentence with its article.
fn follows(book: &Rulebook, level: Authority, on: NaiveDate, star: u8) -> Label {
    let at = book.authority(on, star).map(|row| article(&row.article)).unwrap_or_else(|_| Label::new("", ""));
    let (vi, en) = match book.outcome(on, level, star) {
        Ok(Outcome::Recognise) => {
            let who = signer(level);
            (
                format!("{} quyết định công nhận {star} sao và cấp giấy chứng nhận ({}).", who.vi, at.vi),
                format!("{} recognises {} and issues the certificate ({}).", who.en, count(star), at.en),
            )
        }
        Ok(Outcome::SendOn(next)) => {
            let (who, next) = (signer(level), next.label());
            (
                format!("Kết quả do {} phê duyệt và hồ sơ được gửi {} đánh giá tiếp ({}).", who.vi, next.vi, at.vi),
                format!(
                    "The result is approved by {}, and the dossier is sent on to {} ({}).",
                    who.en.replacen("The", "the", 1),
                    next.en,
                    at.en
                ),
            )
        }
        Ok(Outcome::HandBack(below)) => {
            let below = below.label();
            (
                format!(
                    "Hạng {star} sao thuộc thẩm quyền {}; hồ sơ được chuyển lại, không coi là trượt ({}).",
                    below.vi, at.vi
                ),
                format!(
                    "{} belong to {}; the dossier goes back there without failing ({}).",
                    capital(&count(star)),
                    below.en,
                    at.en
                ),
            )
        }
        Ok(Outcome::NotRecognised) => (
            format!("Mức {star} sao không có quyết định công nhận và không cấp giấy chứng nhận ({}).", at.vi),
            format!("At {} there is no recognition decision and no certificate ({}).", count(star), at.en),
        ),
        Err(stop) => return stop.say(),
    };
    Label::new(vi, en)
}

fn signer(level: Authority) -> Label {
    let (vi, en) = match level {
        Authority::District => ("Chủ tịch Ủy ban nhân dân huyện", "The chairman of the district People's Committee"),
        Authority::Province => ("Chủ tịch Ủy ban nhân dân tỉnh", "The chairman of the provincial People's Committee"),
        Authority::Central => ("Bộ trưởng", "The Minister"),
    };
    Label::new(vi, en)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `Điều 7.3 đ` as a sentence reads it: "Điều 7 khoản 3 điểm đ", "Article 7, clause 3, point đ".
/// What is not written so is left as it is.
fn article(text: &str) -> Label {
    let parts: Vec<(String, String)> = text.split("; ").map(one_article).collect();
    let (vi, en): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
    Label::new(vi.join("; "), en.join("; "))
}

fn one_article(text: &str) -> (String, String) {
    let as_it_is = || (text.to_owned(), text.to_owned());
    let Some(rest) = text.strip_prefix("Điều ") else { return as_it_is() };
    let (number, point) = rest.split_once(' ').map_or((rest, None), |(n, p)| (n, Some(p)));
    let (article, clause) = number.split_once('.').map_or((number, None), |(a, c)| (a, Some(c)));
    let plain = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit());
    if !plain(article) || clause.is_some_and(|c| !plain(c)) || point.is_some_and(|p| p.chars().count() > 1) {
        return as_it_is();
    }
    let (mut vi, mut en) = (format!("Điều {article}"), format!("Article {article}"));
    if let Some(clause) = clause {
        vi.push_str(&format!(" khoản {clause}"));
        en.push_str(&format!(", clause {clause}"));
    }
    if let Some(point) = point {
        vi.push_str(&format!(" điểm {point}"));
        en.push_str(&format!(", point {point}"));
    }
    (vi, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::{embedded, find};

    fn of(book: &str, level: Authority, on: &str) -> References {
        References::of(find(&embedded().unwrap(), book).unwrap(), level, on.parse().unwrap())
    }

    fn about(refs: &References, star: u8) -> String {
        refs.consequences.iter().find(|c| c.star == star).unwrap().say.en.clone()
    }

    #[test]
    fn each_generation_names_its_own_authority() {
        let province = of("26-2026", Authority::Province, "2026-06-02");
        assert_eq!((province.bands.vi.as_str(), province.bands.en.as_str()), ("Điều 3 khoản 3", "Article 3, clause 3"));
        assert!(
            about(&province, 4).starts_with("The chairman of the provincial People's Committee recognises 4 stars")
        );
        assert!(about(&province, 5).contains("is sent on to the centre"));
        assert!(about(&province, 2).contains("no recognition decision"));
        let central = of("26-2026", Authority::Central, "2026-06-02");
        assert!(about(&central, 5).starts_with("The Minister recognises 5 stars"));
        assert!(about(&central, 4).contains("belong to the province; the dossier goes back there"));
        let under_148 = of("148", Authority::Province, "2024-06-02");
        assert!(about(&under_148, 3).contains("belong to the district"));
        let select = of("1048-781", Authority::District, "2022-06-02");
        assert!(about(&select, 3).contains("is sent on to the province"));
        assert!(select.decision.contains("781/QĐ-TTg"));
    }

    #[test]
    fn where_no_text_names_an_authority_the_reasons_say_so() {
        let gap = of("148", Authority::Province, "2025-07-03");
        assert!(!about(&gap, 3).is_empty());
    }
}
