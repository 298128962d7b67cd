use super::*;
use crate::refusal::Refusal;
use Authority::{Central, District, Province};
use DossierKind::{First, ReEvaluation, Upgrade};

fn d(s: &str) -> NaiveDate {
    s.parse().unwrap()
}

fn books() -> Vec<Rulebook> {
    embedded().unwrap()
}

fn book(id: &str) -> Rulebook {
    find(&books(), id).unwrap().clone()
}

/// Who scores (in order, each sending on to the next) and who recognises; none = `authority_unnamed`.
type Cell = Option<(&'static [Authority], Option<Authority>)>;

const NOBODY_D: Cell = Some((&[District], None));
const NOBODY_P: Cell = Some((&[Province], None));
const D: Cell = Some((&[District], Some(District)));
const DP: Cell = Some((&[District, Province], Some(Province)));
const DPC: Cell = Some((&[District, Province, Central], Some(Central)));
const P: Cell = Some((&[Province], Some(Province)));
const PC: Cell = Some((&[Province, Central], Some(Central)));

#[test]
fn who_scores_recognises_and_sends_on() {
    // day, rulebook in force, then one cell per star from 1 to 5
    let table: [(&str, &str, [Cell; 5]); 11] = [
        ("2019-08-21", "1048-781", [NOBODY_D, NOBODY_D, DP, DP, DPC]),
        ("2023-02-23", "1048-781", [NOBODY_D, NOBODY_D, DP, DP, DPC]),
        ("2023-02-24", "148", [NOBODY_D, NOBODY_D, D, DP, DPC]),
        ("2025-06-30", "148", [NOBODY_D, NOBODY_D, D, DP, DPC]),
        ("2025-07-01", "148", [NOBODY_P, NOBODY_P, None, P, PC]),
        ("2025-07-03", "148", [NOBODY_P, NOBODY_P, None, P, PC]),
        ("2025-07-05", "148", [NOBODY_P, NOBODY_P, None, P, PC]),
        ("2025-07-06", "1489", [NOBODY_P, NOBODY_P, P, P, PC]),
        ("2026-05-21", "1489", [NOBODY_P, NOBODY_P, P, P, PC]),
        ("2026-05-22", "26-2026", [NOBODY_P, NOBODY_P, P, P, PC]),
        ("2031-01-01", "26-2026", [NOBODY_P, NOBODY_P, P, P, PC]),
    ];
    let books = books();
    for (day, id, cells) in table {
        for kind in DossierKind::ALL {
            assert_eq!(in_force(&books, *kind, d(day)).unwrap().id, id, "{day}");
        }
        let book = find(&books, id).unwrap();
        for (star, cell) in (1..).zip(cells) {
            let got = book.authority(d(day), star);
            match cell {
                Some((scores, recognises)) => {
                    let row = got.unwrap();
                    assert_eq!((row.scores.as_slice(), row.recognises), (scores, recognises), "{day} {star}★");
                    let onward: Vec<_> = scores.iter().map(|level| row.sends_on(*level)).collect();
                    let expected: Vec<_> = (1..=scores.len()).map(|i| scores.get(i).copied()).collect();
                    assert_eq!(onward, expected, "{day} {star}★ sends on");
                }
                None => assert_eq!(got.unwrap_err().word(), "authority_unnamed", "{day} {star}★"),
            }
        }
    }
}

#[test]
fn a_pinned_rulebook_follows_its_amendment() {
    // filed under 148 in 2024, decided after the districts ended
    assert_eq!(book("148").authority(d("2025-08-01"), 3).unwrap().recognises, Some(Province));
    assert_eq!(book("148").regime(d("2025-06-30")).unwrap().pattern, Pattern::DistrictRecognises);
    assert_eq!(book("148").regime(d("2025-07-01")).unwrap().pattern, Pattern::ProvinceDirect);
    assert_eq!(book("1048-781").regime(d("2022-12-30")).unwrap().pattern, Pattern::DistrictSelects);
}

#[test]
fn a_record_that_names_an_authority_ends_the_refusal() {
    let mut book = book("148");
    let row = AuthorityRow {
        star: 3,
        scores: vec![Province],
        recognises: Some(Province),
        from: Some(d("2025-07-01")),
        until: Some(d("2025-07-05")),
        article: "a text found later".into(),
    };
    book.authorities.push(row);
    assert_eq!(book.check(), Ok(()));
    assert_eq!(book.authority(d("2025-07-03"), 3).unwrap().recognises, Some(Province));
}

#[test]
fn what_a_level_does_with_a_result() {
    use Outcome::{HandBack, NotRecognised, Recognise, SendOn};
    let table = [
        ("1048-781", "2022-08-01", District, 3, SendOn(Province)),
        ("1048-781", "2022-08-22", Province, 3, Recognise),
        ("1048-781", "2022-08-17", Province, 5, SendOn(Central)),
        ("1048-781", "2022-08-17", District, 2, NotRecognised),
        ("148", "2024-11-04", District, 3, Recognise),
        ("148", "2024-11-04", District, 5, SendOn(Province)),
        ("148", "2024-11-04", Province, 3, HandBack(District)),
        ("148", "2024-11-04", Province, 4, Recognise),
        ("148", "2024-11-04", Central, 4, HandBack(Province)),
        ("1489", "2025-11-28", Province, 3, Recognise),
        ("26-2026", "2026-06-30", Province, 5, SendOn(Central)),
        ("26-2026", "2026-06-30", Central, 5, Recognise),
        ("26-2026", "2026-06-30", Central, 3, HandBack(Province)),
        ("26-2026", "2026-06-30", Central, 2, NotRecognised),
        ("26-2026", "2026-06-30", Province, 1, NotRecognised),
    ];
    for (id, day, level, star, outcome) in table {
        assert_eq!(book(id).outcome(d(day), level, star), Ok(outcome), "{id} {day} {level} {star}★");
    }
    assert_eq!(book("26-2026").outcome(d("2026-06-30"), District, 3).unwrap_err().word(), "authority_out_of_line");
}

#[test]
fn open_dossiers_finish_under_the_old_law_for_a_while() {
    // rulebook, kind, filed, today, refused?
    let table = [
        ("1489", First, "2026-05-21", "2026-07-21", None),
        ("1489", First, "2026-05-21", "2026-07-22", Some("rulebook_transition_over")),
        ("1489", Upgrade, "2026-05-21", "2026-07-21", None),
        ("1489", Upgrade, "2026-05-21", "2026-07-22", Some("rulebook_transition_over")),
        ("1489", ReEvaluation, "2026-05-21", "2026-06-21", None),
        ("1489", ReEvaluation, "2026-05-21", "2026-06-22", Some("rulebook_transition_over")),
        ("148", First, "2025-06-01", "2026-07-21", None),
        ("148", First, "2025-06-01", "2026-07-22", Some("rulebook_transition_over")),
        ("1489", First, "2026-05-22", "2026-05-22", Some("rulebook_not_in_force")),
        ("26-2026", First, "2026-05-22", "2030-01-01", None),
        ("1048-781", First, "2023-01-01", "2024-01-01", None),
    ];
    for (id, kind, filed, today, refused) in table {
        let got = book(id).may_move_under(kind, d(filed), d(today));
        assert_eq!(got.err().map(|stop| stop.word()), refused, "{id} {kind} {filed} {today}");
    }
}

#[test]
fn without_a_transition_date_the_parameter_decides() {
    let mut book = book("1048-781");
    book.parameters.open_after_end = OpenAfterEnd::Refile;
    let got = book.may_move_under(First, d("2023-01-01"), d("2023-02-24"));
    assert_eq!(got, Err(Stop::TransitionOver("1048-781".into(), d("2023-02-23"))));
}

#[test]
fn a_hand_over_reaches_the_first_round_whose_cut_off_lies_after_it() {
    let round = |level, number, year, cutoff: &str, hold: &str| {
        Some(Round { level, number, year, cutoff: d(cutoff), hold_before: d(hold) })
    };
    let table = [
        (Province, "2026-05-22", round(Province, 2, 2026, "2026-10-30", "2026-12-30")),
        (Province, "2026-10-29", round(Province, 2, 2026, "2026-10-30", "2026-12-30")),
        (Province, "2026-10-30", round(Province, 1, 2027, "2027-04-30", "2027-06-30")),
        (Province, "2027-04-29", round(Province, 1, 2027, "2027-04-30", "2027-06-30")),
        (Province, "2027-04-30", round(Province, 2, 2027, "2027-10-30", "2027-12-30")),
        (Province, "2026-12-31", round(Province, 1, 2027, "2027-04-30", "2027-06-30")),
        (Central, "2026-07-29", round(Central, 1, 2026, "2026-07-30", "2026-09-30")),
        (Central, "2026-07-30", round(Central, 2, 2026, "2027-01-30", "2027-03-30")),
        (Central, "2027-01-29", round(Central, 2, 2026, "2027-01-30", "2027-03-30")),
        (Central, "2027-01-30", round(Central, 1, 2027, "2027-07-30", "2027-09-30")),
        (District, "2026-06-01", None),
    ];
    let mut book = book("26-2026");
    for (level, day, expected) in table {
        assert_eq!(book.round_of(level, d(day)), expected, "{level} {day}");
    }
    book.parameters.strictly_before = false;
    assert_eq!(book.round_of(Province, d("2027-04-30")).unwrap().number, 1);
    assert_eq!(find(&books(), "148").unwrap().round_of(Province, d("2024-06-01")), None);
}

#[test]
fn a_re_evaluation_is_filed_from_180_to_120_days_before_the_end() {
    let book = book("26-2026");
    let expiry = d("2027-06-30");
    let window = book.re_evaluation_window(expiry).unwrap().unwrap();
    assert_eq!(window, Window { opens: d("2027-01-01"), closes: d("2027-03-02") });
    let filed = |day: &str| book.may_file_re_evaluation(expiry, d(day)).err().map(|s| s.word());
    assert_eq!(filed("2026-12-31"), Some("re_evaluation_too_early"));
    assert_eq!(filed("2027-01-01"), None);
    assert_eq!(filed("2027-03-02"), None);
    assert_eq!(filed("2027-03-03"), Some("re_evaluation_too_late"));
    let mut lenient = book.clone();
    lenient.parameters.late_re_evaluation = LateReEvaluation::Accept;
    assert_eq!(lenient.may_file_re_evaluation(expiry, d("2027-06-30")), Ok(()));
}

#[test]
fn the_extension_covers_only_windows_that_had_closed() {
    let book = book("26-2026");
    // expiry, extended to: the window of 19/9/2026 closes on 22/5/2026 itself
    let table = [
        ("2026-05-21", None),
        ("2026-05-22", Some("2026-11-18")),
        ("2026-09-18", Some("2027-03-17")),
        ("2026-09-19", None),
    ];
    for (expiry, extended) in table {
        assert_eq!(book.extended_to(d(expiry)), Ok(extended.map(d)), "{expiry}");
    }
    assert_eq!(book.may_file_re_evaluation(d("2026-08-01"), d("2026-06-01")), Ok(()));
}

#[test]
fn a_certificate_lives_36_months_through_its_day() {
    let mut book = book("26-2026");
    let expiry = book.expires_on(d("2026-06-30")).unwrap();
    assert_eq!(expiry, d("2029-06-30"));
    assert_eq!(book.last_valid_day(expiry), Ok(expiry));
    assert_eq!(book.expiring_from(expiry), Ok(d("2029-01-01")));
    book.parameters.certificate_through_day = false;
    assert_eq!(book.last_valid_day(expiry), Ok(d("2029-06-29")));
}

#[test]
fn a_mean_is_banded_without_rounding() {
    let book = book("26-2026");
    let table = [
        (630, 7, 5),
        (629, 7, 4),
        (490, 7, 4),
        (489, 7, 3),
        (350, 7, 3),
        (349, 7, 2),
        (209, 7, 1),
        (0, 7, 1),
        (700, 7, 5),
    ];
    for (sum, count, star) in table {
        assert_eq!(book.band_star(sum, count), Some(star), "{sum}/{count}");
    }
    assert_eq!(book.band_star(0, 0), None);
}

#[test]
fn each_ground_of_revocation_names_what_it_needs() {
    let needs: Vec<_> = book("26-2026").grounds.iter().map(|g| (g.letter.clone(), g.proof)).collect();
    let expected = [
        ("a", Proof::VerificationReport),
        ("b", Proof::Conclusion),
        ("c", Proof::Conclusion),
        ("d", Proof::VerificationReport),
        ("đ", Proof::CommuneConfirmation),
        ("e", Proof::Conclusion),
    ];
    assert_eq!(needs, expected.map(|(letter, proof)| (letter.to_owned(), proof)));
    assert_eq!(book("26-2026").ground("g").unwrap_err().word(), "revocation_ground_unknown");
}

#[test]
fn tourism_brings_no_samples_and_a_first_5_star_brings_the_approval() {
    let book = book("26-2026");
    let has =
        |kind, stage, sector: &str, paper: &str| book.papers(kind, stage, sector).iter().any(|p| p.paper == paper);
    assert!(has(First, Stage::ToCouncil, "1", "samples"));
    assert!(!has(First, Stage::ToCouncil, "6", "samples"));
    assert!(has(First, Stage::ToCentre, "1", "resultApproval"));
    assert!(!has(ReEvaluation, Stage::ToCentre, "1", "resultApproval"));
    assert!(has(ReEvaluation, Stage::ToCentre, "1", "agencyReport"));
}

#[test]
fn the_embedded_rulebooks_get_along() {
    assert_eq!(check_all(&books()), Ok(()));
    assert_eq!(in_force(&books(), First, d("2019-08-20")).unwrap_err().word(), "rulebook_none_in_force");
    let twice = [book("148"), book("148")];
    assert_eq!(check_all(&twice).unwrap_err().word(), "rulebook_overlap");
    assert_eq!(in_force(&twice, First, d("2024-01-01")).unwrap_err().word(), "rulebook_overlap");
}

#[test]
fn a_rulebook_with_other_bands_is_only_data() {
    let mut text: serde_json::Value = serde_json::from_str(include_str!("../rulebooks/26-2026.json")).unwrap();
    text["id"] = "99-2030".into();
    text["bands"] = serde_json::json!([{"star": 6, "from": 95}, {"star": 5, "from": 80, "below": 95}, {"star": 1, "from": 0, "below": 80}]);
    text["authorities"] = serde_json::json!([
        {"star": 1, "scores": ["province"], "recognises": null, "article": "1"},
        {"star": 5, "scores": ["province"], "recognises": "province", "article": "1"},
        {"star": 6, "scores": ["province", "central"], "recognises": "central", "article": "1"}]);
    text["parameters"] = serde_json::json!({"bandWithMinimumMissed": "noStar"});
    let book = Rulebook::parse(&text.to_string()).unwrap();
    assert_eq!(book.band_star(95, 1), Some(6));
    assert_eq!(book.outcome(d("2030-01-01"), Province, 6), Ok(Outcome::SendOn(Central)));
    assert_eq!(book.parameters.band_with_minimum_missed, MinimumMissed::NoStar);
    assert!(book.parameters.strictly_before);
}

#[test]
fn an_imported_rulebook_ends_the_one_it_replaces() {
    let mut new = book("26-2026");
    new.id = "99-2030".into();
    new.valid_from = d("2030-03-01");
    let finish = Finish { kind: First, until: d("2030-05-01"), article: "Điều 9".into() };
    new.replaces =
        Some(Replaces { rulebooks: vec!["26-2026".into()], finish: vec![finish], article: "Điều 9".into() });
    let books = settle([vec![new], books()].concat());
    assert_eq!(check_all(&books), Ok(()));
    assert_eq!(in_force(&books, First, d("2030-02-28")).unwrap().id, "26-2026");
    assert_eq!(in_force(&books, First, d("2030-03-01")).unwrap().id, "99-2030");
    let old = find(&books, "26-2026").unwrap();
    assert_eq!(old.may_move_under(First, d("2030-02-28"), d("2030-05-01")), Ok(()));
    assert!(old.may_move_under(First, d("2030-02-28"), d("2030-05-02")).is_err());
    assert_eq!(find(&books, "1489").unwrap().valid_to, Some(d("2026-05-21")));
}

#[test]
fn only_the_re_evaluation_of_a_5_star_skips_the_provincial_council() {
    let book = book("26-2026");
    assert!(book.straight_to_centre(ReEvaluation, 5));
    assert!(!book.straight_to_centre(ReEvaluation, 4));
    assert!(!book.straight_to_centre(First, 5));
}

#[test]
fn a_rulebook_that_contradicts_itself_is_refused_item_by_item() {
    let mut book = book("26-2026");
    book.bands[1].below = Some(89);
    book.authorities[4].recognises = Some(Province);
    book.rounds[0].cutoff = DayOfYear { day: 31, month: 4 };
    book.valid_to = Some(d("2026-05-01"));
    book.criteria.parts[0].max_points = 41;
    book.authorities.push(book.authorities[0].clone());
    let Err(Stop::Unsound(items)) = book.check() else { panic!("it must be refused") };
    let words: Vec<_> = items.iter().map(|item| item.word).collect();
    for word in ["band_gap", "authority_not_last", "day_unknown", "dates_swapped", "parts_sum", "authority_double"] {
        assert!(words.contains(&word), "{word} not in {words:?}");
    }
    assert_eq!(Rulebook::parse("{}").unwrap_err().word(), "rulebook_unreadable");
}

#[test]
fn every_parameter_has_a_line_among_the_open_questions() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/open-questions.md")).unwrap();
    let serde_json::Value::Object(parameters) = serde_json::to_value(Parameters::default()).unwrap() else { panic!() };
    let missing: Vec<_> = parameters.keys().filter(|name| !page.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "give each of {missing:?} a line in docs/open-questions.md");
}
