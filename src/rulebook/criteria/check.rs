//! Whether a criteria set agrees with itself.

use std::collections::HashSet;

use super::{ChoiceKind, CriteriaSet, Criterion, CriterionOption, FULL_POINTS, Section};
use crate::refusal::Item;
use crate::text::Label;

/// Checks sums (criteria → section → part → 100), codes, options, star minima and references.
/// Every fault is listed, not only the first.
pub fn check(set: &CriteriaSet) -> Result<(), Vec<Item>> {
    let mut faults = Faults(Vec::new());
    full(set, &mut faults);
    for part in &set.parts {
        faults.sum(&part.code, part.max_points, part.sections.iter().map(|s| s.max_points).sum());
    }
    for section in set.sections() {
        let sum = section.criteria.iter().map(|c| c.max_points).sum();
        faults.sum(&format!("section {}", section.code), section.max_points, sum);
        zero_rule(section, &mut faults);
    }
    codes(set, &mut faults);
    for criterion in set.criteria() {
        one_criterion(criterion, &mut faults);
    }
    conditions(set, &mut faults);
    if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
}

fn full(set: &CriteriaSet, faults: &mut Faults) {
    let sum: i64 = set.parts.iter().map(|p| p.max_points).sum();
    if sum != FULL_POINTS {
        let parts: Vec<String> = set.parts.iter().map(|p| format!("{} {}", p.code, p.max_points)).collect();
        let parts = parts.join(", ");
        faults.add(
            "set",
            "criteria_sum_wrong",
            format!("Các phần cộng lại {sum} điểm ({parts}), phải là {FULL_POINTS}"),
            format!("The parts add up to {sum} points ({parts}) and must come to {FULL_POINTS}"),
        );
    }
}

struct Faults(Vec<Item>);

impl Faults {
    fn add(&mut self, at: &str, word: &'static str, vi: impl Into<String>, en: impl Into<String>) {
        self.0.push(Item { at: at.to_owned(), word, say: Label::new(vi, en) });
    }

    fn sum(&mut self, at: &str, printed: i64, sum: i64) {
        if printed != sum {
            self.add(
                at,
                "criteria_sum_wrong",
                format!("Điểm tối đa ghi {printed}, các mục con cộng lại {sum}"),
                format!("The maximum says {printed}, what it holds adds up to {sum}"),
            );
        }
    }
}

fn codes(set: &CriteriaSet, faults: &mut Faults) {
    if set.code.trim().is_empty() {
        faults.add("set", "criteria_code_missing", "Bộ tiêu chí thiếu mã", "The set has no code");
    }
    let groups: [Vec<&str>; 4] = [
        set.parts.iter().map(|p| p.code.as_str()).collect(),
        set.sections().map(|s| s.code.as_str()).collect(),
        set.criteria().iter().map(|c| c.code.as_str()).collect(),
        set.disqualifiers.iter().map(|d| d.code.as_str()).collect(),
    ];
    for group in groups {
        for code in doubles(group) {
            faults.add(
                code,
                "criteria_code_repeated",
                format!("Mã {code} xuất hiện hơn một lần"),
                format!("Code {code} appears more than once"),
            );
        }
    }
}

fn doubles(codes: Vec<&str>) -> Vec<&str> {
    let mut seen = HashSet::new();
    codes.into_iter().filter(|code| !seen.insert(*code)).collect()
}

fn one_criterion(criterion: &Criterion, faults: &mut Faults) {
    if criterion.is_container() {
        container(criterion, faults);
        return;
    }
    let at = criterion.code.as_str();
    let Some(choice) = criterion.choice else {
        faults.add(at, "criteria_choice_missing", "Chưa ghi cách chọn", "How it is answered is not given");
        return;
    };
    for code in doubles(criterion.options.iter().map(|o| o.code.as_str()).collect()) {
        faults.add(
            at,
            "criteria_option_repeated",
            format!("Mã mức {code} bị lặp"),
            format!("Option code {code} is repeated"),
        );
    }
    if choice == ChoiceKind::YesNo
        && criterion.options.iter().map(|o| o.points).collect::<Vec<_>>() != [0, criterion.max_points]
    {
        faults.add(
            at,
            "criteria_yes_no_wrong",
            "Có/không phải là 0 và điểm tối đa",
            "Yes/no must be 0 and the maximum",
        );
    }
    cases(criterion, choice, faults);
    reachable(criterion, faults);
    match choice {
        ChoiceKind::OneCase => {
            criterion
                .cases
                .iter()
                .for_each(|k| branch(at, &criterion.branch(Some(k.case)).collect::<Vec<_>>(), faults));
        }
        ChoiceKind::One | ChoiceKind::YesNo => branch(at, &criterion.branch(None).collect::<Vec<_>>(), faults),
    }
}

fn container(criterion: &Criterion, faults: &mut Faults) {
    faults.sum(&criterion.code, criterion.max_points, criterion.criteria.iter().map(|c| c.max_points).sum());
    if criterion.choice.is_some() || !criterion.options.is_empty() {
        faults.add(
            &criterion.code,
            "criteria_container_scored",
            "Mục có tiêu chí con thì không tự chấm",
            "A criterion over deeper criteria is not scored itself",
        );
    }
}

fn cases(criterion: &Criterion, choice: ChoiceKind, faults: &mut Faults) {
    let known: HashSet<u8> = criterion.cases.iter().map(|k| k.case).collect();
    let used: HashSet<u8> = criterion.options.iter().filter_map(|o| o.case).collect();
    let by_case = choice == ChoiceKind::OneCase;
    let all_say = criterion.options.iter().all(|o| o.case.is_some() == by_case);
    let several = !by_case || known.len() >= 2;
    if known != used || known.is_empty() == by_case || !all_say || !several || known.len() != criterion.cases.len() {
        faults.add(
            &criterion.code,
            "criteria_cases_wrong",
            "Các trường hợp và các mức không khớp nhau",
            "The cases and the options do not agree",
        );
    }
}

fn reachable(criterion: &Criterion, faults: &mut Faults) {
    let best = criterion.options.iter().map(|o| o.points).max();
    if criterion.options.len() < 2 || best != Some(criterion.max_points) {
        faults.add(
            &criterion.code,
            "criteria_maximum_unreachable",
            format!("Không mức nào đạt đúng điểm tối đa {}", criterion.max_points),
            format!("No option gives exactly the maximum of {}", criterion.max_points),
        );
    }
}

fn branch(at: &str, options: &[&CriterionOption], faults: &mut Faults) {
    if options.is_empty() || options.iter().any(|o| o.points < 0) || !options.is_sorted_by_key(|o| o.points) {
        faults.add(
            at,
            "criteria_points_fall",
            "Điểm phải từ 0 và không giảm từ mức này sang mức sau",
            "Points must start at 0 or more and never fall from one option to the next",
        );
    }
    let marked: Vec<(u8, i64)> = options.iter().filter_map(|o| o.minimum_for_star.map(|s| (s, o.points))).collect();
    let rising = marked.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1);
    if !rising || marked.iter().any(|(star, _)| !(3..=5).contains(star)) {
        faults.add(
            at,
            "criteria_minimum_wrong",
            "Mức tối thiểu theo sao (3, 4, 5) phải tăng cùng điểm",
            "Star minima (3, 4, 5) must rise together with the points",
        );
    }
}

fn zero_rule(section: &Section, faults: &mut Faults) {
    let mut inside = Vec::new();
    section.criteria.iter().for_each(|c| c.walk(&mut inside));
    let known = |code: &String| inside.iter().any(|c| &c.code == code && !c.is_container());
    let alone = !section.knock_out_if_zero.is_empty() && section.knock_out.is_none();
    if alone || !section.knock_out_if_zero.iter().all(known) {
        faults.add(
            &format!("section {}", section.code),
            "criteria_reference_unknown",
            "Điều kiện 0 điểm dẫn tới tiêu chí không có trong mục hoặc thiếu nội dung loại",
            "The rule on 0 points names a criterion outside the section, or its note is missing",
        );
    }
}

fn conditions(set: &CriteriaSet, faults: &mut Faults) {
    let scored = set.scored();
    for (place, criterion) in scored.iter().enumerate() {
        let Some(condition) = &criterion.applies_if else { continue };
        // An earlier criterion, so that conditions can never run in a circle.
        let earlier = scored.iter().take(place).find(|c| c.code == condition.criterion);
        if !earlier.is_some_and(|c| (1..=c.max_points).contains(&condition.min_points)) {
            faults.add(
                &criterion.code,
                "criteria_reference_unknown",
                format!(
                    "Điều kiện dẫn tới tiêu chí {} không đứng trước hoặc số điểm không thể đạt",
                    condition.criterion
                ),
                format!(
                    "The condition names {}, which does not come before or cannot have such points",
                    condition.criterion
                ),
            );
        }
    }
}
