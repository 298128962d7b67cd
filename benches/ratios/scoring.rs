//! Nine sheets of a real set: sealed, settled, explained in both languages.

use std::time::Instant;

use ocop::rulebook::CriteriaSet;
use ocop::rulebook::criteria::sets;
use ocop::scoring::rules::{
    Band, Bands, Choice, Conclusions, Marks, References, Regulation, Sheet, explain, outcome, seal, written,
};
use ocop::text::Lang;

use crate::Line;

fn bands() -> Bands {
    let all = [(1, 0, Some(30)), (2, 30, Some(50)), (3, 50, Some(70)), (4, 70, Some(90)), (5, 90, None)];
    Bands::new(all.into_iter().map(|(star, from, below)| Band { star, from, below }).collect()).unwrap()
}

/// The best option of every criterion, and one minimum missed by every other sheet.
fn marks(set: &CriteriaSet, seat: usize) -> Marks {
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

fn settle(set: &CriteriaSet, bands: &Bands, refs: &References) -> usize {
    let sheets: Vec<_> = (0..9)
        .map(|seat| {
            let sheet = Sheet { set: set.code.clone(), marks: marks(set, seat), knock_out: None };
            seal(set, &sheet, &format!("Ghế {seat}"), seat == 0).unwrap()
        })
        .collect();
    let finding = outcome(set, bands, &sheets, &Regulation::default(), &Conclusions::default()).unwrap();
    let paragraphs = explain(&finding, set, bands, refs);
    written(&paragraphs, Lang::Vi).len() + written(&paragraphs, Lang::En).len()
}

/// How long it takes beside writing the same nine sheets as JSON and reading them again.
pub fn line() -> Line {
    let set = sets().iter().find(|s| s.code == "07").unwrap();
    let (bands, refs) = (bands(), References::province_2026());
    let json = || {
        let all: Vec<Marks> = (0..9).map(|seat| marks(set, seat)).collect();
        let text = serde_json::to_string(&all).unwrap();
        serde_json::from_str::<Vec<Marks>>(&text).unwrap().len()
    };
    let per_second = |work: &dyn Fn() -> usize| {
        let begun = Instant::now();
        let mut rounds = 0;
        while begun.elapsed() < crate::window() {
            assert!(std::hint::black_box(work()) > 0);
            rounds += 1;
        }
        f64::from(rounds) / begun.elapsed().as_secs_f64()
    };
    let (ours, theirs, ratio) = crate::paired(|| per_second(&|| settle(set, &bands, &refs)), || per_second(&json));
    Line {
        engine: "none".to_owned(),
        what: "nine sheets of set 07, explained in two languages",
        beside: "the nine sheets as JSON and back",
        ours: format!("{ours:.0} /s"),
        theirs: format!("{theirs:.0} /s"),
        ratio: format!("{ratio:.2}"),
    }
}
