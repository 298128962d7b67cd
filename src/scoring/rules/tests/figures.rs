use std::cmp::Ordering;

use super::*;
use crate::refusal::Refusal;
use crate::rulebook::marks;
use crate::scoring::rules::regulation::Aggregation;
use crate::text::Lang;

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
        assert_eq!(Bands::new(wrong), Err(marks::Stop::BandsWrong));
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
fn every_refusal_speaks_both_languages() {
    let s = String::new;
    let stops = [
        Stop::SetMismatch { sheet: s(), set: s() },
        marks::Stop::CriterionUnknown { criterion: s() }.into(),
        marks::Stop::CriterionNotScored { criterion: s() }.into(),
        marks::Stop::OptionUnknown { criterion: s(), option: s() }.into(),
        marks::Stop::OptionOfOtherCase { criterion: s(), option: s() }.into(),
        marks::Stop::CaseRequired { criterion: s() }.into(),
        marks::Stop::CaseUnknown { criterion: s(), case: 1 }.into(),
        marks::Stop::NoneNeedsComment { criterion: s() }.into(),
        marks::Stop::NotApplicable { criterion: s(), because: s() }.into(),
        Stop::KnockOutUnknown { at: s() },
        Stop::KnockOutNeedsReason { at: s() },
        marks::Stop::Incomplete { criteria: vec![] }.into(),
        Stop::SealBroken { seat: s() },
        Stop::SeatRepeated { seat: s() },
        Stop::NoSheets,
        Stop::QuorumMissing { present: 1, needed: 2, seats: 3 },
        Stop::ChairMissing,
        Stop::SpreadBeyondLimit { highest: 1, lowest: 0, limit: 0 },
        Stop::KnockOutDisputed { seats: vec![], sheets: 2 },
        Stop::ConclusionNeeded { minima: vec![] },
        Stop::ConclusionNeedsReason { at: s() },
        marks::Stop::BandsWrong.into(),
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
