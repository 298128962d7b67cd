use super::*;
use crate::refusal::Refusal;
use crate::scoring::rules::regulation::{BandWithMinimumMissed, KnockOutRule, MinimaRule};
use crate::scoring::rules::star::{Conclusion, KnockOutConclusion};

fn settle(set: &CriteriaSet, sheets: &[SealedSheet]) -> Result<Finding, Stop> {
    outcome(set, &bands(), sheets, &Regulation::default(), &Conclusions::default())
}

#[test]
fn ten_points_apart_are_within_and_eleven_are_not() {
    let set = set("T40");
    let found = settle(set, &council(set, &[80, 75, 70], 4)).unwrap();
    assert_eq!((found.star, found.spread), (Some(4), Some((80, 70))));
    let stop = settle(set, &council(set, &[81, 75, 70], 4)).unwrap_err();
    assert_eq!(stop, Stop::SpreadBeyondLimit { highest: 81, lowest: 70, limit: 10 });
}

#[test]
fn band_and_minima_together_give_the_star() {
    for (set_code, totals, meets_star, star) in [
        ("T40", vec![92, 92, 92], 5, 5),
        ("T35", vec![92, 92, 92], 5, 5),
        ("07", vec![92, 93, 94], 5, 5),
        ("11", vec![90, 90, 90], 5, 5),
        ("13", vec![75, 75, 75], 4, 4),
        ("26", vec![95, 95, 95], 5, 5),
        ("T40", vec![71, 71, 71], 4, 4),
        ("T40", vec![55, 55, 55], 3, 3),
        ("07", vec![69, 70, 70], 4, 3),
    ] {
        let set = set(set_code);
        let found = settle(set, &council(set, &totals, meets_star)).unwrap();
        assert_eq!(found.star, Some(star), "{set_code} {totals:?}");
        assert_eq!(found.missed().count(), 0);
    }
}

#[test]
fn ninety_two_points_with_one_minimum_missed_stay_at_four_stars() {
    let set = set("07");
    let sheets: Vec<SealedSheet> = (1..=5).map(|i| sealed(set, i, but(set, 92, "4.1", "c"))).collect();
    let found = settle(set, &sheets).unwrap();
    assert_eq!((found.star_by_band, found.star), (Some(5), Some(4)));
    let missed: Vec<_> = found.missed().map(|m| (m.criterion.as_str(), m.star, m.needed.clone(), m.reached)).collect();
    assert_eq!(missed, [("4.1", 5, vec!["d".to_owned()], 0)]);
    assert!(!found.sensitive);
    let strict = Regulation { band_with_minimum_missed: BandWithMinimumMissed::None, ..Regulation::default() };
    let none = outcome(set, &bands(), &sheets, &strict, &Conclusions::default()).unwrap();
    assert_eq!((none.star_by_band, none.star), (Some(5), None));
}

#[test]
fn a_missed_three_star_minimum_steps_down_to_two() {
    let set = set("T40");
    let sheets: Vec<SealedSheet> = (1..=3).map(|i| sealed(set, i, but(set, 85, "3.1", "a"))).collect();
    let found = settle(set, &sheets).unwrap();
    assert_eq!((found.star_by_band, found.star), (Some(4), Some(2)));
    assert_eq!(found.missed().map(|m| m.star).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn none_gives_no_points_and_fails_every_minimum_of_the_criterion() {
    let set = set("T40");
    let mut marks = marks(set, 100, |_, _| true);
    marks.insert("5.2".into(), none("chưa nộp hồ sơ"));
    let sheets: Vec<SealedSheet> = (1..=3).map(|i| sealed(set, i, marks.clone())).collect();
    let found = settle(set, &sheets).unwrap();
    assert_eq!(found.mean, Some(Mean { sum: 276, sheets: 3 }));
    assert_eq!(found.star, Some(2));
    assert_eq!(found.missed().map(|m| (m.criterion.as_str(), m.star)).collect::<Vec<_>>(), [("5.2", 3), ("5.2", 5)]);
    assert_eq!(found.missed().next().unwrap().chosen[0].option, None);
}

#[test]
fn a_minimum_holds_when_more_than_half_of_the_sheets_say_so() {
    for (good, bad, star, sensitive) in
        [(7, 0, 5, false), (5, 2, 5, false), (4, 3, 5, true), (3, 4, 4, false), (0, 7, 4, false)]
    {
        let found = settle(set("07"), &split(good, bad)).unwrap();
        assert_eq!((found.star, found.sensitive), (Some(star), sensitive), "{good}:{bad}");
    }
}

#[test]
fn exactly_half_needs_the_chair() {
    let set = set("07");
    let sheets = split(4, 4);
    assert_eq!(settle(set, &sheets), Err(Stop::ConclusionNeeded { minima: vec![("4.1".into(), 5)] }));
    for (holds, star) in [(true, 5), (false, 4)] {
        let minima =
            vec![Conclusion { criterion: "4.1".into(), star: 5, holds, reason: "đã xem hợp đồng".into() }];
        let found =
            outcome(set, &bands(), &sheets, &Regulation::default(), &Conclusions { minima, knock_out: None }).unwrap();
        assert_eq!(found.star, Some(star));
        assert!(found.sensitive, "without one of the eight it would be four to three");
    }
    let silent = vec![Conclusion { criterion: "4.1".into(), star: 5, holds: true, reason: " ".into() }];
    let stop =
        outcome(set, &bands(), &sheets, &Regulation::default(), &Conclusions { minima: silent, knock_out: None });
    assert_eq!(stop.unwrap_err().word(), "session_conclusion_needs_reason");
}

#[test]
fn every_sheet_may_be_asked_for() {
    let strict = Regulation { minima_rule: MinimaRule::EverySheet, ..Regulation::default() };
    for (good, bad, star) in [(7, 0, 5), (6, 1, 4), (4, 4, 4)] {
        let found = outcome(set("07"), &bands(), &split(good, bad), &strict, &Conclusions::default()).unwrap();
        assert_eq!(found.star, Some(star));
    }
}

#[test]
fn minima_are_read_within_the_chosen_case() {
    let set = set("26");
    for criterion in set.scored().into_iter().filter(|c| !c.cases.is_empty()) {
        for option in &criterion.options {
            let choice = Choice { case: option.case, ..choice(&option.code) };
            let marks = Marks::from([(criterion.code.clone(), choice)]);
            let marked = criterion.branch(option.case).filter(|o| o.minimum_for_star == Some(3));
            let needed = marked.map(|o| o.points).max().unwrap_or(0);
            assert_eq!(minima::reached(set, criterion, 3, &marks), option.points >= needed);
        }
    }
}

fn with_knock_outs(totals: usize, stops: usize) -> Vec<SealedSheet> {
    let set = set("07");
    let good = (1..=totals).map(|i| sealed(set, i, marks(set, 80, meets(4))));
    good.chain((1..=stops).map(|i| stopped(set, totals + i, "1.1", "nguyên liệu nhập khẩu"))).collect()
}

#[test]
fn a_knock_out_needs_a_majority_or_the_chair() {
    let set = set("07");
    let regulation = Regulation::default();
    let rejected = settle(set, &with_knock_outs(3, 4)).unwrap();
    assert_eq!((rejected.star, rejected.mean), (None, None));
    assert!(rejected.rejected() && rejected.sensitive);
    assert!(!settle(set, &with_knock_outs(1, 6)).unwrap().sensitive);
    for stops in [1, 3, 4] {
        let sheets = with_knock_outs(8 - stops, stops);
        let stop = settle(set, &sheets).unwrap_err();
        assert_eq!((stop.word(), stop.items().len()), ("session_knock_out_disputed", stops));
        let conclude = |reject| Conclusions {
            minima: vec![],
            knock_out: Some(KnockOutConclusion { reject, reason: "đã thảo luận".into() }),
        };
        let found = outcome(set, &bands(), &sheets, &regulation, &conclude(true)).unwrap();
        assert_eq!(found.knock_out.as_ref().unwrap().concluded.as_deref(), Some("đã thảo luận"));
        let found = outcome(set, &bands(), &sheets, &regulation, &conclude(false)).unwrap();
        let counted = i64::try_from(8 - stops).unwrap();
        assert_eq!((found.star, found.mean), (Some(4), Some(Mean { sum: 80 * counted, sheets: counted })));
        assert!(!found.rejected());
        assert_eq!(found.knock_out.unwrap().by.len(), stops);
    }
    let strict = Regulation { knock_out_rule: KnockOutRule::AnySheet, ..regulation };
    let found = outcome(set, &bands(), &with_knock_outs(6, 1), &strict, &Conclusions::default()).unwrap();
    assert!(found.rejected() && found.sensitive);
}

#[test]
fn sheets_must_be_what_was_sealed() {
    let set = set("T40");
    let mut sheets = council(set, &[80, 80, 80], 4);
    sheets[1].total = Some(81);
    assert_eq!(settle(set, &sheets), Err(Stop::SealBroken { seat: "Ghế 2".into() }));
    let mut sheets = council(set, &[80, 80, 80], 4);
    sheets[2].seat = "Ghế 1".into();
    assert_eq!(settle(set, &sheets), Err(Stop::SeatRepeated { seat: "Ghế 1".into() }));
    assert_eq!(settle(set, &[]), Err(Stop::NoSheets));
}

#[test]
fn sensitive_is_exactly_one_sheet_that_changes_the_star() {
    let set = set("T40");
    for (totals, star, sensitive) in [
        (vec![70, 70, 70], 4, false),
        (vec![69, 70, 71], 4, true),
        (vec![65, 70, 74], 3, true),
        (vec![75, 80, 82], 4, false),
        (vec![80], 4, true),
    ] {
        let found = settle(set, &council(set, &totals, 4)).unwrap();
        assert_eq!((found.star, found.sensitive), (Some(star), sensitive), "{totals:?}");
    }
}

#[test]
fn values_survive_json() {
    let set = set("T40");
    let sheets = council(set, &[80, 80, 81], 4);
    let found = settle(set, &sheets).unwrap();
    let again: Finding = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert_eq!(again, found);
    let again: Vec<SealedSheet> = serde_json::from_str(&serde_json::to_string(&sheets).unwrap()).unwrap();
    assert_eq!(again, sheets);
}

#[test]
fn every_parameter_of_the_regulation_has_a_line_among_the_open_questions() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/open-questions.md")).unwrap();
    let serde_json::Value::Object(parameters) = serde_json::to_value(Regulation::default()).unwrap() else { panic!() };
    let missing: Vec<_> = parameters.keys().filter(|name| !page.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "give each of {missing:?} a line in docs/open-questions.md");
}
