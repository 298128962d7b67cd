//! Why this star: the written reasons of a finding, in Vietnamese and English.
//!
//! The sentences name the articles that the rulebook gives them; none is built in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::minima::{Chosen, MinimumFinding};
use super::regulation::Aggregation;
use super::star::Rejection;
use super::{Band, Bands, Finding, KnockedOut, Mean};
use crate::rulebook::{CriteriaSet, Criterion};
use crate::text::{Label, Lang};

crate::words! {
    /// What a paragraph is about.
    pub enum About {
        /// The star, or the rejection.
        Result = "result",
        /// The mean and the sheets behind it.
        Mean = "mean",
        /// The band of points and its article.
        Band = "band",
        /// A star minimum that does not hold, or that the chair settled.
        Minimum = "minimum",
        /// Why the star is lower than the band.
        StepDown = "stepDown",
        /// A sheet that was stopped.
        KnockOut = "knockOut",
        /// That one sheet decides.
        Sensitivity = "sensitivity",
        /// What follows from the star.
        Consequence = "consequence",
    }
}

/// One paragraph of the written reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Paragraph {
    /// What it is about.
    pub about: About,
    /// The text in both languages.
    pub text: Label,
}

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
                format!("Chủ tịch Ủy ban nhân dân tỉnh quyết định công nhận {star} sao và cấp giấy chứng nhận (Điều 4, Điều 7 khoản 3)."),
                format!("The chairman of the provincial People's Committee recognises {star} stars and issues the certificate (Article 4; Article 7, clause 3)."),
            ),
        };
        let nothing = |star| Consequence {
            star,
            say: Label::new(
                format!("Mức {star} sao không có quyết định công nhận và không cấp giấy chứng nhận (Điều 4)."),
                format!("At {} there is no recognition decision and no certificate (Article 4).", stars(star)),
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

/// The written reasons of a finding: result, mean, band, minima, step down, stopped sheets,
/// sensitivity, consequence. Every missed minimum names set, criterion, what was chosen and what
/// was needed.
pub fn explain(finding: &Finding, set: &CriteriaSet, bands: &Bands, refs: &References) -> Vec<Paragraph> {
    let mut out = vec![result(finding, set)];
    if let Some(rejection) = &finding.rejection {
        out.extend(rejected(rejection, set));
    }
    if let Some(mean) = finding.mean {
        out.push(mean_of(finding, mean));
    }
    out.extend(finding.star_by_band.and_then(|s| bands.star(s)).map(|b| band(b, refs)));
    let told = finding.minima.iter().filter(|m| !m.holds || m.concluded.is_some());
    out.extend(told.filter_map(|m| minimum(m, set)));
    out.extend(step_down(finding, refs));
    out.extend(set_aside(finding));
    out.extend(sensitivity(finding));
    let follows = refs.consequences.iter().find(|c| Some(c.star) == finding.star);
    out.extend(follows.map(|c| Paragraph { about: About::Consequence, text: c.say.clone() }));
    out
}

/// The paragraphs in one language, one a line.
pub fn written(paragraphs: &[Paragraph], lang: Lang) -> String {
    paragraphs.iter().map(|p| p.text.say(lang)).collect::<Vec<_>>().join("\n")
}

fn paragraph(about: About, vi: String, en: String) -> Paragraph {
    Paragraph { about, text: Label::new(vi, en) }
}

fn result(finding: &Finding, set: &CriteriaSet) -> Paragraph {
    let (vi, en) = match (&finding.rejection, finding.star) {
        (Some(_), _) => ("hồ sơ bị loại, không xếp sao".to_owned(), "the dossier is rejected and gets no star".to_owned()),
        (None, Some(star)) => (format!("xếp {star} sao"), stars(star)),
        (None, None) => ("không xếp sao".to_owned(), "no star".to_owned()),
    };
    paragraph(
        About::Result,
        format!("Bộ {} “{}”: {vi}.", set.code, set.name.vi),
        format!("Set {} “{}”: {en}.", set.code, set.name.en),
    )
}

fn mean_of(finding: &Finding, mean: Mean) -> Paragraph {
    let (vi, en) = match finding.aggregation {
        Aggregation::TrimmedMean if finding.valid_sheets - finding.set_aside.len() >= 3 => {
            (", đã bỏ một phiếu cao nhất và một phiếu thấp nhất", ", one highest and one lowest sheet left out")
        }
        Aggregation::TrimmedMean | Aggregation::Mean => ("", ""),
    };
    paragraph(
        About::Mean,
        format!("Điểm trung bình {}: tổng {} điểm trên {} phiếu{vi}.", mean.shown(Lang::Vi), mean.sum, mean.sheets),
        format!(
            "The mean is {}: {} points on {}{en}.",
            mean.shown(Lang::En),
            mean.sum,
            count(mean.sheets, "sheet")
        ),
    )
}

fn band(band: &Band, refs: &References) -> Paragraph {
    let (vi, en) = match band.below.filter(|b| *b <= 100) {
        None => (format!("từ {} điểm trở lên", band.from), format!("{} points or more are", band.from)),
        Some(below) if band.from == 0 => (format!("dưới {below} điểm"), format!("less than {below} points are")),
        Some(below) => (
            format!("từ {} đến dưới {below} điểm", band.from),
            format!("{} to less than {below} points are", band.from),
        ),
    };
    paragraph(
        About::Band,
        format!("Theo {} của Quyết định {}, {vi} là mức {} sao.", refs.bands.vi, refs.decision, band.star),
        format!("Under {} of Decision {}, {en} the level of {}.", refs.bands.en, refs.decision, stars(band.star)),
    )
}

fn minimum(found: &MinimumFinding, set: &CriteriaSet) -> Option<Paragraph> {
    let criterion = set.criterion(&found.criterion)?;
    let head = Label::new(
        format!("Bộ {}, tiêu chí {} “{}”", found.set, criterion.code, criterion.title.vi),
        format!("Set {}, criterion {} “{}”", found.set, criterion.code, criterion.title.en),
    );
    let needed = options(criterion, &found.needed);
    let chosen = chosen(criterion, &found.chosen);
    let verdict = verdict(found);
    Some(paragraph(
        About::Minimum,
        format!("{}: {} sao cần ít nhất {}; các phiếu chọn {}; {}.", head.vi, found.star, needed.vi, chosen.vi, verdict.vi),
        format!(
            "{}: {} need at least {}; the sheets chose {}; {}.",
            head.en,
            stars(found.star),
            needed.en,
            chosen.en,
            verdict.en
        ),
    ))
}

fn verdict(found: &MinimumFinding) -> Label {
    let (reached, sheets) = (found.reached, found.sheets);
    match &found.concluded {
        None => Label::new(
            format!("{reached} trên {sheets} phiếu đạt, không đủ"),
            format!("{reached} of {} {} it, which is not enough", count(sheets, "sheet"), plural(reached, "reach")),
        ),
        Some(reason) => {
            let (vi, en) = if found.holds { ("đạt", "met") } else { ("không đạt", "not met") };
            Label::new(
                format!("đúng một nửa ({reached} trên {sheets} phiếu) đạt, chủ tịch kết luận {vi}: {reason}"),
                format!("exactly half ({reached} of {}) reach it, and the chair concluded “{en}”: {reason}", count(sheets, "sheet")),
            )
        }
    }
}

/// Verbs with a number of sheets as the subject.
fn plural(sheets: usize, verb: &str) -> String {
    if sheets == 1 { format!("{verb}es") } else { verb.to_owned() }
}

fn options(criterion: &Criterion, codes: &[String]) -> Label {
    let found = || codes.iter().filter_map(|code| criterion.option(code));
    let vi: Vec<String> = found().map(|o| format!("mức {} “{}” ({} điểm)", o.code, o.label.vi, o.points)).collect();
    let en: Vec<String> = found().map(|o| format!("option {} “{}” ({})", o.code, o.label.en, count(o.points, "point"))).collect();
    Label::new(vi.join(" hoặc "), en.join(" or "))
}

fn chosen(criterion: &Criterion, all: &[Chosen]) -> Label {
    let (mut vi, mut en) = (Vec::new(), Vec::new());
    for Chosen { option, sheets } in all {
        let label = match option {
            Some(code) => options(criterion, std::slice::from_ref(code)),
            None => Label::new("“không mức nào”", "“none”"),
        };
        vi.push(format!("{} trên {sheets} phiếu", label.vi));
        en.push(format!("{} on {}", label.en, count(*sheets, "sheet")));
    }
    Label::new(vi.join(", "), en.join(", "))
}

fn step_down(finding: &Finding, refs: &References) -> Option<Paragraph> {
    let by_band = finding.star_by_band.filter(|s| Some(*s) != finding.star)?;
    let (vi, en) = match finding.star {
        Some(star) => (
            format!("sản phẩm xếp {star} sao, mức cao nhất đủ cả điểm và yêu cầu tối thiểu"),
            format!("the product gets {}, the highest level whose points and minima both hold", stars(star)),
        ),
        None => (
            "quy chế của hội đồng không xếp sao".to_owned(),
            "the council's regulation gives no star".to_owned(),
        ),
    };
    Some(paragraph(
        About::StepDown,
        format!("Điểm đạt mức {by_band} sao nhưng thiếu yêu cầu tối thiểu ({}); {vi}.", refs.minima.vi),
        format!("The points reach the level of {}, but a minimum is missed ({}); {en}.", stars(by_band), refs.minima.en),
    ))
}

fn rejected(rejection: &Rejection, set: &CriteriaSet) -> Vec<Paragraph> {
    let said = rejection.by.len();
    let (vi, en) = match &rejection.concluded {
        None => (
            format!("{said} trên {} phiếu ghi loại sản phẩm", rejection.sheets),
            format!("{said} of {} eliminate the product", count(rejection.sheets, "sheet")),
        ),
        Some(reason) => (
            format!("{said} trên {} phiếu ghi loại sản phẩm, chủ tịch kết luận loại: {reason}", rejection.sheets),
            format!("{said} of {} eliminate the product, and the chair concluded to reject: {reason}", count(rejection.sheets, "sheet")),
        ),
    };
    let head = paragraph(About::KnockOut, format!("{vi}."), format!("{en}."));
    std::iter::once(head).chain(rejection.by.iter().map(|(seat, found)| ground(seat, found, set))).collect()
}

fn ground(seat: &str, found: &KnockedOut, set: &CriteriaSet) -> Paragraph {
    let criterion = set.criterion(&found.at).filter(|c| c.knock_out.is_some() || c.not_assessed.is_some());
    let section = || set.sections().find(|s| s.code == found.at);
    let at = match (set.disqualifier(&found.at), criterion) {
        (Some(d), _) => Label::new(format!("căn cứ “{}”", d.vi), format!("ground “{}”", d.en)),
        (None, Some(c)) => Label::new(
            format!("tiêu chí {} “{}”", c.code, c.title.vi),
            format!("criterion {} “{}”", c.code, c.title.en),
        ),
        (None, None) => {
            let title = section().map_or_else(|| Label::new("", ""), |s| s.title.clone());
            Label::new(format!("mục {} “{}”", found.at, title.vi), format!("section {} “{}”", found.at, title.en))
        }
    };
    paragraph(
        About::KnockOut,
        format!("{seat}, {}: {}.", at.vi, found.reason.trim_end_matches('.')),
        format!("{seat}, {}: {}.", at.en, found.reason.trim_end_matches('.')),
    )
}

fn set_aside(finding: &Finding) -> Option<Paragraph> {
    if finding.set_aside.is_empty() {
        return None;
    }
    let seats = finding.set_aside.join(", ");
    Some(paragraph(
        About::KnockOut,
        format!("Phiếu dừng chấm của {seats} không tính vào điểm trung bình, theo kết luận của chủ tịch."),
        format!("The stopped sheets of {seats} do not count in the mean, by the chair's conclusion."),
    ))
}

fn sensitivity(finding: &Finding) -> Option<Paragraph> {
    finding.sensitive.then(|| {
        paragraph(
            About::Sensitivity,
            "Kết quả phụ thuộc vào một phiếu: có phiếu mà nếu không tính thì kết quả sẽ khác.".to_owned(),
            "The result hangs on a single sheet: there is one without which it would be different.".to_owned(),
        )
    })
}

fn stars(star: u8) -> String {
    count(star, "star")
}

fn count<N: PartialEq + From<u8> + std::fmt::Display>(n: N, noun: &str) -> String {
    let many = if n == N::from(1) { "" } else { "s" };
    format!("{n} {noun}{many}")
}
