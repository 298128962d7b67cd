//! Why this star: the written reasons of a finding, in Vietnamese and English.
//!
//! The sentences name the articles that the rulebook gives them; none is built in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::minima::{Chosen, MinimumFinding};
use super::regulation::{Aggregation, MinimaRule};
use super::star::{KnockOutFinding, StoppedSheet};
use super::{Band, Bands, Finding, Mean, References};
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

/// The written reasons of a finding: result, stopped sheets, mean, band, minima,
/// step down, sensitivity, consequence. Every missed minimum names set, criterion, what was chosen and what
/// was needed.
pub fn explain(finding: &Finding, set: &CriteriaSet, bands: &Bands, refs: &References) -> Vec<Paragraph> {
    let mut out = vec![result(finding, set)];
    if let Some(knock_out) = &finding.knock_out {
        out.extend(stopped(knock_out, set));
    }
    if let Some(mean) = finding.mean {
        out.push(mean_of(finding, mean));
    }
    out.extend(finding.star_by_band.and_then(|s| bands.star(s)).map(|b| band(b, refs)));
    let told = finding.minima.iter().filter(|m| !m.holds || m.concluded.is_some());
    out.extend(told.filter_map(|m| minimum(m, set, finding.minima_rule)));
    out.extend(step_down(finding, refs));
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
    let (vi, en) = match (finding.rejected(), finding.star) {
        (true, _) => ("hồ sơ bị loại, không xếp sao".to_owned(), "the dossier is rejected and gets no star".to_owned()),
        (false, Some(star)) => (format!("đạt mức {star} sao"), format!("level of {}", stars(star))),
        (false, None) => ("không xếp sao".to_owned(), "no star".to_owned()),
    };
    paragraph(
        About::Result,
        format!("Bộ {} “{}”: {vi}.", set.code, set.name.vi),
        format!("Set {} “{}”: {en}.", set.code, set.name.en),
    )
}

fn mean_of(finding: &Finding, mean: Mean) -> Paragraph {
    let totals = finding.valid_sheets - finding.knock_out.as_ref().map_or(0, |k| k.by.len());
    let (trimmed_vi, trimmed_en) = match finding.aggregation {
        Aggregation::TrimmedMean if totals >= 3 => {
            (", đã bỏ một phiếu cao nhất và một phiếu thấp nhất", ", one highest and one lowest sheet left out")
        }
        Aggregation::TrimmedMean | Aggregation::Mean => ("", ""),
    };
    let (cut_vi, cut_en) = if mean.shown_in_full() { ("", "") } else { (" (không làm tròn)", " (not rounded)") };
    paragraph(
        About::Mean,
        format!(
            "Tổng điểm trung bình là {}{cut_vi}: {} điểm của {} phiếu{trimmed_vi}.",
            mean.shown(Lang::Vi),
            mean.sum,
            mean.sheets
        ),
        format!(
            "The mean total is {}{cut_en}: {} points on {}{trimmed_en}.",
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

fn minimum(found: &MinimumFinding, set: &CriteriaSet, rule: MinimaRule) -> Option<Paragraph> {
    let criterion = set.criterion(&found.criterion)?;
    let needed = options(criterion, &found.needed);
    let chosen = chosen(criterion, found);
    let verdict = verdict(found, rule);
    let (set, code, title) = (&found.set, &criterion.code, &criterion.title);
    Some(paragraph(
        About::Minimum,
        format!(
            "Bộ {set}, tiêu chí {code} “{}”: {} sao cần ít nhất {}. Đã chọn: {}. {}.",
            title.vi, found.star, needed.vi, chosen.vi, verdict.vi
        ),
        format!(
            "Set {set}, criterion {code} “{}”: {} need at least {}. Chosen: {}. {}.",
            title.en,
            stars(found.star),
            needed.en,
            chosen.en,
            verdict.en
        ),
    ))
}

fn verdict(found: &MinimumFinding, rule: MinimaRule) -> Label {
    let (reached, sheets) = (found.reached, count(found.sheets, "sheet"));
    let (vi, en) = match (&found.concluded, rule) {
        (None, MinimaRule::Majority) => ("cần quá nửa".to_owned(), "more than half are needed".to_owned()),
        (None, MinimaRule::EverySheet) => ("cần mọi phiếu".to_owned(), "every sheet is needed".to_owned()),
        (Some(reason), _) => {
            let reason = reason.trim_end_matches('.');
            let (vi, en) = if found.holds { ("đạt", "met") } else { ("không đạt", "not met") };
            (
                format!("đúng một nửa, chủ tịch kết luận {vi}: {reason}"),
                format!("exactly half; the chair concluded “{en}”: {reason}"),
            )
        }
    };
    Label::new(
        format!("Số phiếu đạt: {reached} trên {}, {vi}", found.sheets),
        format!("Reached on {reached} of {sheets}, {en}"),
    )
}

fn options(criterion: &Criterion, codes: &[String]) -> Label {
    let found = || codes.iter().filter_map(|code| criterion.option(code));
    let vi: Vec<String> = found().map(|o| format!("mức {} “{}” ({} điểm)", o.code, o.label.vi, o.points)).collect();
    let en: Vec<String> =
        found().map(|o| format!("option {} “{}” ({})", o.code, o.label.en, count(o.points, "point"))).collect();
    Label::new(vi.join(" hoặc "), en.join(" or "))
}

/// An option that was just named as needed is not spelt out again.
fn chosen(criterion: &Criterion, found: &MinimumFinding) -> Label {
    let (mut vi, mut en) = (Vec::new(), Vec::new());
    for Chosen { option, sheets } in &found.chosen {
        let label = match option {
            Some(code) if found.needed.contains(code) => Label::new(format!("mức {code}"), format!("option {code}")),
            Some(code) => options(criterion, std::slice::from_ref(code)),
            None => Label::new("“không mức nào”", "“none”"),
        };
        vi.push(format!("{}: {sheets} phiếu", label.vi));
        en.push(format!("{} on {}", label.en, count(*sheets, "sheet")));
    }
    Label::new(vi.join("; "), en.join("; "))
}

fn step_down(finding: &Finding, refs: &References) -> Option<Paragraph> {
    let by_band = finding.star_by_band.filter(|s| Some(*s) != finding.star)?;
    let (vi, en) = match finding.star {
        Some(star) => (
            format!("sản phẩm xếp {star} sao, mức cao nhất đủ cả điểm và yêu cầu tối thiểu"),
            format!("the product gets {}, the highest level whose points and minima both hold", stars(star)),
        ),
        None => ("quy chế của hội đồng không xếp sao".to_owned(), "the council's regulation gives no star".to_owned()),
    };
    Some(paragraph(
        About::StepDown,
        format!("Điểm đạt mức {by_band} sao nhưng thiếu yêu cầu tối thiểu ({}); {vi}.", refs.minima.vi),
        format!(
            "The points reach the level of {}, but a minimum is missed ({}); {en}.",
            stars(by_band),
            refs.minima.en
        ),
    ))
}

fn stopped(found: &KnockOutFinding, set: &CriteriaSet) -> Vec<Paragraph> {
    let said = found.by.len();
    let half = if 2 * said > found.sheets { (", quá nửa", ", more than half,") } else { ("", "") };
    let (vi, en) = match &found.concluded {
        None => (String::new(), String::new()),
        Some(reason) if found.rejected => {
            (format!("; chủ tịch kết luận loại: {reason}"), format!("; the chair concluded to reject: {reason}"))
        }
        Some(reason) => (
            format!("; chủ tịch kết luận không loại, các phiếu này không tính vào điểm: {reason}"),
            format!("; the chair concluded not to reject, and these sheets do not count: {reason}"),
        ),
    };
    let sheets = count(found.sheets, "sheet");
    let head = paragraph(
        About::KnockOut,
        format!("Phiếu ghi loại sản phẩm: {said} trên {}{}{}.", found.sheets, half.0, vi.trim_end_matches('.')),
        format!("{said} of {sheets}{} say that the product is eliminated{}.", half.1, en.trim_end_matches('.')),
    );
    std::iter::once(head).chain(found.by.iter().map(|s| ground(s, set))).collect()
}

fn ground(sheet: &StoppedSheet, set: &CriteriaSet) -> Paragraph {
    let found = &sheet.knocked_out;
    let at = place(&found.at, set);
    let reason = found.reason.trim_end_matches('.');
    paragraph(
        About::KnockOut,
        format!("{}, {}: {reason}.", sheet.seat, at.vi),
        format!("{}, {}: {reason}.", sheet.seat, at.en),
    )
}

/// The ground, criterion or section of a code; a criterion and its section may share one.
fn place(at: &str, set: &CriteriaSet) -> Label {
    if let Some(ground) = set.disqualifier(at) {
        return Label::new(format!("căn cứ “{}”", ground.vi), format!("ground “{}”", ground.en));
    }
    let named = |vi: &str, en: &str, title: &Label| {
        Label::new(format!("{vi} {at} “{}”", title.vi), format!("{en} {at} “{}”", title.en))
    };
    let criterion = set.criterion(at).map(|c| named("tiêu chí", "criterion", &c.title));
    let section = || set.sections().find(|s| s.code == at).map(|s| named("mục", "section", &s.title));
    criterion.or_else(section).unwrap_or_else(|| Label::new(at, at))
}

fn sensitivity(finding: &Finding) -> Option<Paragraph> {
    finding.sensitive.then(|| {
        paragraph(
            About::Sensitivity,
            "Kết quả sát ngưỡng: chỉ cần bỏ đi một phiếu nào đó là số sao hoặc kết luận đã khác.".to_owned(),
            "The result is close: leaving out some single sheet would give another star or verdict.".to_owned(),
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
