//! Does a rulebook contradict itself? Asked when it is read, before anything pins it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    record::{AuthorityRow, DayOfYear, PaperRule, Rulebook},
    stop::Stop,
};
use crate::{refusal::Item, text::Label};

type Found = Vec<Item>;

fn fault(found: &mut Found, at: impl Into<String>, word: &'static str, vi: &str, en: &str) {
    found.push(Item { at: at.into(), word, say: Label::new(vi, en) });
}

impl Rulebook {
    /// Lists everything in the record that contradicts itself.
    pub fn check(&self) -> Result<(), Stop> {
        let mut found = Vec::new();
        self.check_head(&mut found);
        self.check_bands(&mut found);
        self.check_authorities(&mut found);
        self.check_dates(&mut found);
        self.check_names(&mut found);
        if found.is_empty() { Ok(()) } else { Err(Stop::Unsound(found)) }
    }

    fn check_head(&self, found: &mut Found) {
        if self.id.is_empty() || !self.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            fault(
                found,
                "id",
                "rulebook_id",
                "Mã chỉ gồm chữ, số và dấu gạch ngang.",
                "The id is letters, digits and hyphens only.",
            );
        }
        if self.decisions.is_empty() {
            fault(found, "decisions", "decision_missing", "Ghi ít nhất một quyết định.", "Name at least one decision.");
        }
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            fault(
                found,
                "validTo",
                "dates_swapped",
                "Ngày cuối phải sau ngày đầu.",
                "The last day must follow the first.",
            );
        }
        if self.kinds.is_empty() {
            fault(found, "kinds", "kind_missing", "Ghi ít nhất một loại hồ sơ.", "Name at least one kind of dossier.");
        }
        let points: u32 = self.criteria.parts.iter().map(|p| p.max_points).fold(0, u32::saturating_add);
        if points != 100 {
            fault(
                found,
                "criteria.parts",
                "parts_sum",
                "Điểm các phần phải cộng lại bằng 100.",
                "The parts' points must sum to 100.",
            );
        }
        if self.certificate.months == 0 {
            fault(
                found,
                "certificate.months",
                "months_zero",
                "Giấy chứng nhận phải có thời hạn.",
                "A certificate must have a length.",
            );
        }
    }

    /// Bands go down without gap or overlap, from an open top to 0.
    fn check_bands(&self, found: &mut Found) {
        let mut ceiling = None;
        for (i, band) in self.bands.iter().enumerate() {
            let at = format!("bands/{i}");
            if band.below != ceiling {
                fault(
                    found,
                    &at,
                    "band_gap",
                    "Các mức điểm phải nối tiếp nhau, từ cao xuống thấp.",
                    "Bands must follow each other without gap, from the top down.",
                );
            }
            if band.below.is_some_and(|below| band.from >= below) {
                fault(found, &at, "band_empty", "Mức điểm không chứa điểm nào.", "The band holds no mean.");
            }
            ceiling = Some(band.from);
        }
        if ceiling != Some(0) {
            fault(found, "bands", "band_floor", "Mức thấp nhất phải bắt đầu từ 0.", "The lowest band must begin at 0.");
        }
        let stars: BTreeSet<u8> = self.bands.iter().map(|b| b.star).collect();
        if stars.len() != self.bands.len() {
            fault(found, "bands", "band_double", "Mỗi hạng sao chỉ có một mức điểm.", "Each star has one band.");
        }
    }

    fn check_authorities(&self, found: &mut Found) {
        for (i, row) in self.authorities.iter().enumerate() {
            let at = format!("authorities/{i}");
            if row.recognises.is_some() && row.scores.last() != row.recognises.as_ref() {
                fault(
                    found,
                    &at,
                    "authority_not_last",
                    "Cấp công nhận phải là cấp chấm cuối cùng.",
                    "The level that recognises must be the last that scores.",
                );
            }
            if row.scores.is_empty() || !row.scores.is_sorted_by(|a, b| a < b) {
                fault(
                    found,
                    &at,
                    "authority_order",
                    "Các cấp chấm đi từ thấp lên cao, mỗi cấp một lần.",
                    "Levels score from the lowest up, each once.",
                );
            }
            if row.from.zip(row.until).is_some_and(|(from, until)| until < from) {
                fault(
                    found,
                    &at,
                    "dates_swapped",
                    "Ngày cuối phải sau ngày đầu.",
                    "The last day must follow the first.",
                );
            }
            if self.authorities.iter().take(i).any(|other| other.star == row.star && overlap(other, row)) {
                fault(
                    found,
                    &at,
                    "authority_double",
                    "Một hạng sao có hai cơ quan trong cùng một ngày.",
                    "A star has two authorities on the same day.",
                );
            }
        }
        for band in &self.bands {
            if !self.authorities.iter().any(|row| row.star == band.star) {
                fault(
                    found,
                    format!("bands/{}", band.star),
                    "authority_missing",
                    "Hạng sao không có dòng thẩm quyền.",
                    "The star has no row of authority.",
                );
            }
        }
    }

    fn check_dates(&self, found: &mut Found) {
        if self.regime(self.valid_from).is_err() {
            fault(
                found,
                "regimes",
                "regime_missing",
                "Ngày đầu hiệu lực phải có cách phân cấp.",
                "The first day must have a regime.",
            );
        }
        for (i, round) in self.rounds.iter().enumerate() {
            if !exists(round.cutoff) || !exists(round.hold_before) {
                fault(
                    found,
                    format!("rounds/{i}"),
                    "day_unknown",
                    "Ngày này không có trong mọi năm.",
                    "This day does not exist in every year.",
                );
            }
        }
        if self.certificate.re_evaluation.as_ref().is_some_and(|w| w.opens_days < w.closes_days) {
            fault(
                found,
                "certificate.reEvaluation",
                "dates_swapped",
                "Cửa sổ nộp phải mở trước khi đóng.",
                "The window must open before it closes.",
            );
        }
        for (i, finish) in self.finish.iter().enumerate() {
            if self.valid_to.is_none_or(|last| finish.until < last) {
                fault(
                    found,
                    format!("finish/{i}"),
                    "finish_early",
                    "Thời hạn giải quyết phải sau ngày cuối hiệu lực.",
                    "The time to finish must follow the last day of validity.",
                );
            }
        }
    }

    fn check_names(&self, found: &mut Found) {
        unique(found, "kinds", self.kinds.iter().map(|k| k.kind.word()));
        unique(found, "clocks", self.clocks.iter().map(|c| c.name.as_str()));
        unique(found, "grounds", self.grounds.iter().map(|g| g.letter.as_str()));
        unique(found, "finish", self.finish.iter().map(|f| f.kind.word()));
        for (i, paper) in self.papers.iter().enumerate() {
            if self.papers.iter().take(i).any(|other| same_paper(other, paper)) {
                fault(found, format!("papers/{i}"), "name_double", "Giấy tờ ghi hai lần.", "The paper stands twice.");
            }
        }
    }
}

fn same_paper(a: &PaperRule, b: &PaperRule) -> bool {
    let shared = a.kinds.is_empty() || b.kinds.is_empty() || a.kinds.iter().any(|kind| b.kinds.contains(kind));
    a.paper == b.paper && a.stage == b.stage && shared
}

fn overlap(a: &AuthorityRow, b: &AuthorityRow) -> bool {
    let starts = |x: &AuthorityRow, y: &AuthorityRow| match (x.from, y.until) {
        (Some(from), Some(until)) => from <= until,
        _ => true,
    };
    starts(a, b) && starts(b, a)
}

fn exists(day: DayOfYear) -> bool {
    NaiveDate::from_ymd_opt(2027, day.month, day.day).is_some()
}

fn unique<'a>(found: &mut Found, at: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            fault(found, format!("{at}/{name}"), "name_double", "Tên ghi hai lần.", "The name stands twice.");
        }
    }
}

/// Do several rulebooks get along: no id twice, and for no kind two on the same day?
pub fn check_all(rulebooks: &[Rulebook]) -> Result<(), Stop> {
    for (i, book) in rulebooks.iter().enumerate() {
        for other in rulebooks.iter().take(i) {
            let together = other.valid_to.is_none_or(|last| book.valid_from <= last)
                && book.valid_to.is_none_or(|last| other.valid_from <= last);
            let kinds = book.kinds.iter().any(|k| other.kind(k.kind).is_some());
            if book.id == other.id || (together && kinds) {
                return Err(Stop::TwoRulebooks(other.id.clone(), book.id.clone()));
            }
        }
    }
    Ok(())
}
