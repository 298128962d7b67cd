use std::cmp::Ordering;

use super::regulation::{Aggregation, BandWithMinimumMissed, KnockOutRule, MinimaRule};
use super::sheet::{total, unmarked};
use super::star::{Conclusion, KnockOutConclusion};
use super::*;
use crate::refusal::Refusal;
use crate::rulebook::criteria::{sets, test_sets};
use crate::rulebook::{CriteriaSet, Criterion, CriterionOption};
use crate::text::Lang;

pub(super) fn set(code: &str) -> &'static CriteriaSet {
    sets().iter().chain(test_sets()).find(|s| s.code == code).unwrap()
}

/// The bands of Điều 3 khoản 3.
pub(super) fn bands() -> Bands {
    let band = |star, from, below| Band { star, from, below };
    Bands::new(vec![
        band(1, 0, Some(30)),
        band(2, 30, Some(50)),
        band(3, 50, Some(70)),
        band(4, 70, Some(90)),
        band(5, 90, None),
    ])
    .unwrap()
}

pub(super) fn choice(option: &str) -> Choice {
    Choice { option: Some(option.to_owned()), ..Choice::default() }
}

pub(super) fn none(why: &str) -> Choice {
    Choice { comment: Some(why.to_owned()), ..Choice::default() }
}

/// Marks that come to exactly `wanted` points from the options a test allows. Case 1 is taken where
/// there are cases, and conditions of other criteria are kept met.
pub(super) fn marks(set: &CriteriaSet, wanted: i64, allowed: impl Fn(&Criterion, &CriterionOption) -> bool) -> Marks {
    let condition = |c: &Criterion, o: &CriterionOption| {
        let of = set.scored().into_iter().filter_map(|x| x.applies_if.clone()).find(|a| a.criterion == c.code);
        of.is_none_or(|a| o.points >= a.min_points)
    };
    let mut ways: std::collections::BTreeMap<i64, Marks> = [(0, Marks::new())].into();
    for criterion in set.scored() {
        let mut next = std::collections::BTreeMap::new();
        for (sum, way) in ways {
            let open = criterion.options.iter().filter(|o| o.case.is_none_or(|k| k == 1));
            for option in open.filter(|o| condition(criterion, o) && allowed(criterion, o)) {
                next.entry(sum + option.points).or_insert_with(|| {
                    let choice = Choice { case: option.case, ..choice(&option.code) };
                    let mut longer = way.clone();
                    longer.insert(criterion.code.clone(), choice);
                    longer
                });
            }
        }
        ways = next;
    }
    ways.remove(&wanted).unwrap_or_else(|| panic!("{}: {wanted} points cannot be reached", set.code))
}

/// Whether an option reaches every minimum up to a star.
pub(super) fn meets(star: u8) -> impl Fn(&Criterion, &CriterionOption) -> bool {
    move |c, o| c.branch(o.case).filter(|m| m.minimum_for_star.is_some_and(|s| s <= star)).all(|m| o.points >= m.points)
}

pub(super) fn sealed(set: &CriteriaSet, seat: usize, marks: Marks) -> SealedSheet {
    let sheet = Sheet { set: set.code.clone(), marks, knock_out: None };
    seal(set, &sheet, &format!("Ghế {seat}"), seat == 1).unwrap()
}

pub(super) fn stopped(set: &CriteriaSet, seat: usize, at: &str, reason: &str) -> SealedSheet {
    let knock_out = Some(KnockedOut { at: at.into(), reason: reason.into() });
    let sheet = Sheet { set: set.code.clone(), marks: Marks::new(), knock_out };
    seal(set, &sheet, &format!("Ghế {seat}"), seat == 1).unwrap()
}

/// A council whose sheets all reach the minima of a star.
pub(super) fn council(set: &CriteriaSet, totals: &[i64], star: u8) -> Vec<SealedSheet> {
    totals.iter().enumerate().map(|(i, t)| sealed(set, i + 1, marks(set, *t, meets(star)))).collect()
}

fn settle(set: &CriteriaSet, sheets: &[SealedSheet]) -> Result<Finding, Stop> {
    outcome(set, &bands(), sheets, &Regulation::default(), &Conclusions::default())
}

#[test]
fn a_mark_is_checked() {
    let none_fits = none("không có giấy tờ");
    let case = |n| Choice { case: Some(n), ..choice("a") };
    let table: &[(&str, &str, Choice, Result<i64, &str>)] = &[
        ("07", "1.1", choice("c"), Ok(3)),
        ("07", "1.1", choice("z"), Err("sheet_option_unknown")),
        ("07", "99", choice("a"), Err("sheet_criterion_unknown")),
        ("07", "1.1", none_fits.clone(), Ok(0)),
        ("07", "1.1", none("  "), Err("sheet_none_needs_comment")),
        ("07", "1.1", Choice::default(), Err("sheet_none_needs_comment")),
        ("07", "1.1", case(1), Err("sheet_case_unknown")),
        ("11", "6.1", choice("a"), Err("sheet_criterion_not_scored")),
        ("11", "6.1.1", choice("a"), Ok(0)),
        ("13", "6.2", choice("a"), Err("sheet_criterion_not_scored")),
        ("26", "8", choice("a"), Err("sheet_case_required")),
        ("26", "8", case(1), Ok(1)),
        ("26", "8", case(2), Err("sheet_option_other_case")),
        ("26", "8", case(3), Err("sheet_case_unknown")),
        ("26", "8", Choice { case: Some(2), ..choice("d") }, Ok(3)),
        ("26", "8", none_fits, Ok(0)),
    ];
    for (code, criterion, choice, wanted) in table {
        let found = check_mark(set(code), criterion, choice, &Marks::new());
        assert_eq!(found.as_ref().map_err(Stop::word).map(|p| *p), *wanted, "{code}/{criterion} {choice:?}");
    }
}

#[test]
fn yes_and_no_are_options_like_others() {
    let set = set("07");
    let yes_no = set.scored().into_iter().find(|c| c.choice == Some(crate::rulebook::ChoiceKind::YesNo)).unwrap();
    assert_eq!(check_mark(set, &yes_no.code, &choice("a"), &Marks::new()), Ok(0));
    assert_eq!(check_mark(set, &yes_no.code, &choice("b"), &Marks::new()), Ok(1));
}

#[test]
fn a_criterion_without_its_condition_takes_no_option_and_fails_nothing() {
    let set = set("07");
    let mut marks = marks(set, 70, meets(3));
    let story = set.criterion("5.1").unwrap();
    assert_eq!(story.options[0].points, 0);
    marks.insert("5.1".into(), choice("a"));
    marks.insert("5.2".into(), choice("a"));
    assert_eq!(seal(set, &sheet(set, &marks), "1", true).unwrap_err().word(), "sheet_criterion_not_applicable");
    marks.insert("5.2".into(), Choice::default());
    let with_none = seal(set, &sheet(set, &marks), "1", true).unwrap();
    marks.remove("5.2");
    assert_eq!(seal(set, &sheet(set, &marks), "1", true).unwrap().total, with_none.total);
    let criterion = set.criterion("5.2").unwrap();
    assert!((3..=5).all(|star| minima::reached(set, criterion, star, &marks)));
    // While the condition is unmarked the choice stands; the sheet as a whole is not complete.
    marks.remove("5.1");
    assert!(check_mark(set, "5.2", &choice("b"), &marks).is_ok());
    assert_eq!(unmarked(set, &marks), ["5.1", "5.2"]);
}

fn sheet(set: &CriteriaSet, marks: &Marks) -> Sheet {
    Sheet { set: set.code.clone(), marks: marks.clone(), knock_out: None }
}

#[test]
fn an_unmarked_criterion_is_never_a_silent_zero() {
    for code in ["07", "11", "13", "26"] {
        let set = set(code);
        let mut marks = marks(set, 60, |_, _| true);
        assert_eq!(total(set, &marks), Ok(60));
        let last = set.scored().last().unwrap().code.clone();
        marks.remove(&last);
        assert_eq!(total(set, &marks), Err(Stop::Incomplete { criteria: vec![last] }));
    }
}

#[test]
fn a_sheet_of_another_set_is_refused() {
    let stop = seal(set("08"), &sheet(set("07"), &Marks::new()), "1", true).unwrap_err();
    assert_eq!(stop.word(), "sheet_set_mismatch");
}

#[test]
fn a_knock_out_stops_the_sheet_where_the_table_allows_it() {
    let table: &[(&str, &str, &str, Result<(), &str>)] = &[
        ("07", "forgedDossier", "giấy giả", Ok(())),
        ("07", "1.1", "toàn bộ nhập khẩu", Ok(())),
        ("01", "2.1", "sản phẩm phổ biến", Ok(())),
        ("16", "6", "nước đục", Ok(())),
        ("07", "1.1", " ", Err("sheet_knock_out_needs_reason")),
        ("07", "1.2", "x", Err("sheet_knock_out_unknown")),
        ("26", "forgedDossier", "x", Err("sheet_knock_out_unknown")),
    ];
    for (code, at, reason, wanted) in table {
        let knock_out = Some(KnockedOut { at: (*at).into(), reason: (*reason).into() });
        let sheet = Sheet { set: (*code).into(), marks: Marks::new(), knock_out };
        let found = seal(set(code), &sheet, "1", false);
        assert_eq!(found.as_ref().map(|s| assert_eq!(s.total, None)).map_err(Stop::word), *wanted, "{code} {at}");
    }
}

#[test]
fn zero_points_in_the_sensory_section_of_set_16_stop_the_sheet() {
    let set = set("16");
    let mut marks = marks(set, 60, |c, o| !c.code.starts_with("6.") || o.points > 0);
    assert_eq!(seal(set, &sheet(set, &marks), "1", true).unwrap().total, Some(60));
    marks.insert("6.3".into(), none("không đạt"));
    let sealed = seal(set, &sheet(set, &marks), "1", true).unwrap();
    assert_eq!((sealed.total, sealed.knocked_out.unwrap().at), (None, "6".to_owned()));
}

#[test]
fn band_edges_are_exact_fractions() {
    let table: &[(i64, i64, u8)] = &[
        (0, 1, 1),
        (209, 7, 1),
        (30, 1, 2),
        (210, 7, 2),
        (349, 7, 2),
        (50, 1, 3),
        (350, 7, 3),
        (489, 7, 3),
        (70, 1, 4),
        (490, 7, 4),
        (629, 7, 4),
        (90, 1, 5),
        (630, 7, 5),
        (700, 7, 5),
    ];
    for (sum, sheets, star) in table {
        assert_eq!(bands().of(Mean { sum: *sum, sheets: *sheets }).unwrap().star, *star, "{sum}/{sheets}");
    }
    assert_eq!(Mean { sum: 629, sheets: 7 }.against(90), Ordering::Less);
}

#[test]
fn a_shown_mean_never_crosses_a_band() {
    for (sum, sheets, vi, en) in [
        (629, 7, "89,85", "89.85"),
        (630, 7, "90,00", "90.00"),
        (269_999, 3000, "89,99", "89.99"),
        (209_999, 3000, "69,99", "69.99"),
        (3, 1, "3,00", "3.00"),
        (1, 30, "0,03", "0.03"),
    ] {
        let mean = Mean { sum, sheets };
        assert_eq!((mean.shown(Lang::Vi), mean.shown(Lang::En)), (vi.to_owned(), en.to_owned()));
    }
}

#[test]
fn the_trimmed_mean_leaves_out_one_of_each_end() {
    let trimmed = |totals: &[i64]| Mean::of(totals, Aggregation::TrimmedMean).map(|m| (m.sum, m.sheets));
    assert_eq!(trimmed(&[90, 80, 85, 99, 70]), Some((255, 3)));
    assert_eq!(trimmed(&[80, 80, 80]), Some((80, 1)));
    assert_eq!(trimmed(&[80, 90]), Some((170, 2)));
    assert_eq!(trimmed(&[]), None);
    assert_eq!(Mean::of(&[80, 91], Aggregation::Mean).map(|m| (m.sum, m.sheets)), Some((171, 2)));
}

#[test]
fn bands_must_join() {
    let band = |star, from, below| Band { star, from, below };
    for wrong in [
        vec![],
        vec![band(1, 1, None)],
        vec![band(1, 0, Some(30)), band(2, 31, None)],
        vec![band(1, 0, Some(30)), band(2, 30, Some(50))],
        vec![band(1, 0, None), band(2, 30, None)],
        vec![band(1, 0, Some(30)), band(1, 30, None)],
    ] {
        assert_eq!(Bands::new(wrong), Err(Stop::BandsWrong));
    }
    assert!(Bands::new(vec![band(2, 50, Some(101)), band(1, 0, Some(50))]).is_ok());
}

#[test]
fn the_quorum_rounds_up_and_wants_the_chair() {
    let regulation = Regulation::default();
    for (seats, needed) in [(9, 7), (7, 6), (8, 6), (11, 9), (1, 1), (4, 3)] {
        assert_eq!(regulation.quorum_of(seats), needed);
        assert_eq!(quorum(&regulation, seats, needed, true), Ok(()));
        let stop = quorum(&regulation, seats, needed - 1, true).unwrap_err();
        assert_eq!(stop, Stop::QuorumMissing { present: needed - 1, needed, seats });
    }
    assert_eq!(quorum(&regulation, 9, 7, false), Err(Stop::ChairMissing));
    assert_eq!(quorum(&Regulation { chair_required: false, ..regulation.clone() }, 9, 7, false), Ok(()));
    assert!(quorum(&regulation, 9, 10, true).is_err());
}

#[test]
fn a_regulation_has_defaults_and_sense() {
    let read: Regulation = serde_json::from_str("{}").unwrap();
    assert_eq!(read, Regulation::default());
    assert!(serde_json::from_str::<Regulation>(r#"{"quorum": 3}"#).is_err());
    assert_eq!(read.check(), Ok(()));
    for (regulation, field) in [
        (Regulation { quorum_percent: 0, ..read.clone() }, "quorumPercent"),
        (Regulation { quorum_percent: 101, ..read.clone() }, "quorumPercent"),
        (Regulation { spread_limit: -1, ..read.clone() }, "spreadLimit"),
        (Regulation { rounds_at_most: 0, ..read.clone() }, "roundsAtMost"),
    ] {
        assert_eq!(regulation.check(), Err(Stop::RegulationWrong { field }));
    }
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

/// Marks with every minimum met except one criterion, which takes a given option.
pub(super) fn but(set: &CriteriaSet, total: i64, criterion: &str, option: &str) -> Marks {
    marks(set, total, |c, o| if c.code == criterion { o.code == option } else { meets(5)(c, o) })
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

/// `good` sheets reach the five-star minimum of 4.1 in set 07, `bad` ones do not.
pub(super) fn split(good: usize, bad: usize) -> Vec<SealedSheet> {
    let set = set("07");
    let good = (0..good).map(|_| marks(set, 92, meets(5)));
    let bad = (0..bad).map(|_| but(set, 92, "4.1", "c"));
    good.chain(bad).enumerate().map(|(i, m)| sealed(set, i + 1, m)).collect()
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
fn a_preview_says_what_the_next_star_needs() {
    let set = set("07");
    let empty = preview(set, &bands(), &Marks::new()).unwrap();
    assert_eq!((empty.total, empty.reachable, empty.star), (0, 100, 1));
    assert_eq!(empty.unmarked.len(), set.scored().len());
    assert_eq!(empty.next.map(|n| (n.star, n.points, n.minima.len())), Some((2, 30, 0)));

    let four = preview(set, &bands(), &but(set, 92, "4.1", "c")).unwrap();
    assert_eq!((four.total, four.reachable, four.star), (92, 92, 4));
    let next = four.next.unwrap();
    assert_eq!((next.star, next.points), (5, 0));
    assert_eq!(next.minima.iter().map(|m| (m.criterion.as_str(), m.star)).collect::<Vec<_>>(), [("4.1", 5)]);
    assert_eq!(next.minima[0].chosen.as_deref(), Some("c"));

    let mut part = marks(set, 80, meets(5));
    part.remove("4.1");
    let part = preview(set, &bands(), &part).unwrap();
    assert_eq!(part.unmarked, ["4.1"]);
    assert_eq!(part.reachable, part.total + 5);
    assert_eq!(part.star, 2, "an open minimum of three stars is not held yet");
    assert_eq!(preview(set, &bands(), &marks(set, 95, meets(5))).unwrap().next, None);
    let wrong = Marks::from([("1.1".to_owned(), choice("z"))]);
    assert_eq!(preview(set, &bands(), &wrong).unwrap_err().word(), "sheet_option_unknown");
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
fn every_refusal_speaks_both_languages() {
    let s = String::new;
    let stops = [
        Stop::SetMismatch { sheet: s(), set: s() },
        Stop::CriterionUnknown { criterion: s() },
        Stop::CriterionNotScored { criterion: s() },
        Stop::OptionUnknown { criterion: s(), option: s() },
        Stop::OptionOfOtherCase { criterion: s(), option: s() },
        Stop::CaseRequired { criterion: s() },
        Stop::CaseUnknown { criterion: s(), case: 1 },
        Stop::NoneNeedsComment { criterion: s() },
        Stop::NotApplicable { criterion: s(), because: s() },
        Stop::KnockOutUnknown { at: s() },
        Stop::KnockOutNeedsReason { at: s() },
        Stop::Incomplete { criteria: vec![] },
        Stop::SealBroken { seat: s() },
        Stop::SeatRepeated { seat: s() },
        Stop::NoSheets,
        Stop::QuorumMissing { present: 1, needed: 2, seats: 3 },
        Stop::ChairMissing,
        Stop::SpreadBeyondLimit { highest: 1, lowest: 0, limit: 0 },
        Stop::KnockOutDisputed { seats: vec![], sheets: 2 },
        Stop::ConclusionNeeded { minima: vec![] },
        Stop::ConclusionNeedsReason { at: s() },
        Stop::BandsWrong,
        Stop::RegulationWrong { field: "x" },
    ];
    let mut words: Vec<&str> = stops.iter().map(Refusal::word).collect();
    let mut said: Vec<String> = stops.iter().flat_map(|stop| [stop.say().vi, stop.say().en]).collect();
    for all in [words.len(), said.len() / 2] {
        assert_eq!(all, stops.len());
    }
    words.sort_unstable();
    words.dedup();
    said.sort_unstable();
    said.dedup();
    assert_eq!((words.len(), said.len()), (stops.len(), 2 * stops.len()), "every refusal has words of its own");
}
