use super::*;
use crate::refusal::Refusal;
use crate::rulebook::marks::{self, total, unmarked};

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
        assert_eq!(found.as_ref().map_err(marks::Stop::word).copied(), *wanted, "{code}/{criterion} {choice:?}");
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
        assert_eq!(total(set, &marks), Err(marks::Stop::Incomplete { criteria: vec![last] }));
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
