//! Nine sheets of a real set: sealed, settled, explained in both languages.

use std::time::Instant;

use ocop::rulebook::CriteriaSet;
use ocop::rulebook::criteria::sets;
use ocop::rulebook::marks::points;
use ocop::scoring::rules::{
    Band, Bands, Choice, Conclusions, Finding, Marks, References, Regulation, SealedSheet, Sheet, explain, outcome,
    seal, written,
};
use ocop::text::Lang;

use crate::Line;

fn bands() -> Bands {
    let all = [(1, 0, Some(30)), (2, 30, Some(50)), (3, 50, Some(70)), (4, 70, Some(90)), (5, 90, None)];
    Bands::new(all.into_iter().map(|(star, from, below)| Band { star, from, below }).collect()).unwrap()
}

/// Sheets of a council.
const SHEETS: usize = 9;

/// The best option of every criterion, and one minimum missed by every other sheet.
pub fn marks(set: &CriteriaSet, seat: usize) -> Marks {
    let mut marks = Marks::new();
    for (n, criterion) in set.scored().into_iter().enumerate() {
        let case = criterion.cases.first().map(|c| c.case);
        let mut options: Vec<_> = criterion.branch(case).collect();
        options.sort_by_key(|o| std::cmp::Reverse(o.points));
        let option = if n == seat % 3 && options.len() > 1 { options[1] } else { options[0] };
        marks.insert(
            criterion.code.clone(),
            Choice { option: Some(option.code.clone()), case: option.case, comment: None },
        );
    }
    marks
}

/// So many sheets, sealed, one of them by whoever presides.
pub fn sealed(set: &CriteriaSet, sheets: usize) -> Vec<SealedSheet> {
    let one = |seat: usize| {
        let sheet = Sheet { set: set.code.clone(), marks: marks(set, seat), knock_out: None };
        seal(set, &sheet, &format!("Ghế {seat}"), seat == 0).unwrap()
    };
    (0..sheets).map(one).collect()
}

fn settle(set: &CriteriaSet, bands: &Bands, sheets: &[SealedSheet]) -> Finding {
    outcome(set, bands, sheets, &Regulation::default(), &Conclusions::default()).unwrap()
}

fn settled_and_explained(set: &CriteriaSet, bands: &Bands, refs: &References) -> usize {
    let finding = settle(set, bands, &sealed(set, SHEETS));
    let paragraphs = explain(&finding, set, bands, refs);
    written(&paragraphs, Lang::Vi).len() + written(&paragraphs, Lang::En).len()
}

/// Two lines: from marks to the written reasons, beside the same sheets as JSON and back; and from sealed sheets
/// of the largest set to the star, beside adding up their marks.
pub fn lines() -> [Line; 2] {
    let per_second = |work: &dyn Fn() -> usize| {
        let begun = Instant::now();
        let mut rounds = 0_u32;
        while begun.elapsed() < crate::window() {
            assert!(std::hint::black_box(work()) > 0);
            rounds += 1;
        }
        f64::from(rounds) / begun.elapsed().as_secs_f64()
    };
    let (bands, refs) = (bands(), References::province_2026());
    let set = sets().iter().find(|s| s.code == "07").unwrap();
    let json = || {
        let all: Vec<Marks> = (0..SHEETS).map(|seat| marks(set, seat)).collect();
        let text = serde_json::to_string(&all).unwrap();
        serde_json::from_str::<Vec<Marks>>(&text).unwrap().len()
    };
    let explained = crate::paired(|| per_second(&|| settled_and_explained(set, &bands, &refs)), || per_second(&json));
    let largest = sets().iter().max_by_key(|s| s.scored().len()).unwrap();
    let sheets = sealed(largest, SHEETS);
    let of = |s: &SealedSheet| s.marks.iter().map(|(criterion, choice)| points(largest, criterion, choice)).collect();
    let points: Vec<Vec<i64>> = sheets.iter().map(of).collect();
    let sum = || {
        let totals = std::hint::black_box(&points).iter().map(|of| of.iter().sum::<i64>());
        usize::try_from(totals.sum::<i64>()).unwrap()
    };
    let star = || usize::from(settle(largest, &bands, std::hint::black_box(&sheets)).star.unwrap_or(9));
    let settled = crate::paired(|| per_second(&star), || per_second(&sum));
    let line = |what, beside, (ours, theirs, ratio): (f64, f64, f64), digits: usize| Line {
        engine: "none".to_owned(),
        what,
        beside,
        ours: format!("{ours:.0} /s ({:.0} µs)", 1e6 / ours),
        theirs: format!("{theirs:.0} /s"),
        ratio: format!("{ratio:.digits$}"),
    };
    [
        line("nine sheets of set 07, explained in two languages", "the nine sheets as JSON and back", explained, 2),
        line("nine sealed sheets of the largest set to a star", "adding up their points", settled, 5),
    ]
}
