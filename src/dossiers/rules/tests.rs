use chrono::NaiveDate;

use super::{print::reached, *};
use crate::refusal::Refusal;
use crate::rulebook::{PaperRule, Stage, embedded, find};
use Action::*;
use DossierKind::{First, ReEvaluation, Upgrade};
use Party::*;
use Pattern::{DistrictRecognises, DistrictSelects, ProvinceDirect};

/// Every (pattern, kind).
fn lives() -> impl Iterator<Item = (Pattern, DossierKind)> {
    Pattern::ALL.iter().flat_map(|p| DossierKind::ALL.iter().map(|k| (*p, *k)))
}

fn play(pattern: Pattern, kind: DossierKind, steps: &[(Action, Party)]) -> Status {
    steps.iter().fold(Status::Draft, |status, (action, party)| {
        advance(status, *action, *party, pattern, kind)
            .unwrap_or_else(|stop| panic!("{action} by {party}: {}", stop.say().en))
    })
}

const TO_PROPOSED: [(Action, Party); 3] = [(Submit, Producer), (Report, Commune), (Propose, Commune)];

fn after_proposal(pattern: Pattern, kind: DossierKind, steps: &[(Action, Party)]) -> Status {
    play(pattern, kind, &[&TO_PROPOSED, steps].concat())
}

#[test]
fn every_status_can_be_reached_from_a_draft() {
    let all: BTreeSet<Status> = lives().flat_map(|(p, k)| reached(p, k)).collect();
    let never: Vec<_> = Status::ALL.iter().filter(|s| !all.contains(s)).collect();
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn every_open_status_is_somebodys_move_and_every_end_is_an_end() {
    for (pattern, kind) in lives() {
        for status in reached(pattern, kind) {
            let moment = Moment { status, pattern, kind };
            assert!(
                !status.is_final() || moment.moves().all(|m| matches!(m.action, EvaluateAnew | ReviewAnew)),
                "{moment:?}"
            );
            assert_eq!(moment.whose_move().is_empty(), status.is_final(), "{moment:?}");
        }
    }
}

#[test]
fn every_open_status_can_reach_an_end_without_a_way_out() {
    for (pattern, kind) in lives() {
        for start in reached(pattern, kind).into_iter().filter(|s| !s.is_final()) {
            let mut seen = BTreeSet::from([start]);
            let mut queue = vec![start];
            while let Some(status) = queue.pop() {
                for m in (Moment { status, pattern, kind }).moves().filter(|m| !m.action.is_aside()) {
                    if seen.insert(m.to) {
                        queue.push(m.to);
                    }
                }
            }
            assert!(seen.iter().any(|s| s.is_final()), "{start} is a dead end under {pattern}, {kind}");
        }
    }
}

#[test]
fn no_move_stands_twice() {
    let mut seen = BTreeSet::new();
    for m in MOVES {
        for ((status, party), (pattern, kind)) in m
            .from
            .iter()
            .flat_map(|s| m.by.iter().map(move |p| (s, p)))
            .flat_map(|sp| m.patterns.iter().flat_map(move |p| m.kinds.iter().map(move |k| (sp, (p, k)))))
        {
            assert!(
                seen.insert((*status, m.action, *party, *pattern, *kind)),
                "{status} {} {party} {pattern} {kind}",
                m.action
            );
        }
    }
}

#[test]
fn an_action_leads_to_one_status_whoever_makes_it() {
    for (pattern, kind) in lives() {
        for status in Status::ALL {
            let moment = Moment { status: *status, pattern, kind };
            for action in Action::ALL {
                let to: BTreeSet<_> = moment.moves().filter(|m| m.action == *action).map(|m| m.to).collect();
                assert!(to.len() <= 1, "{status} {action}: {to:?}");
            }
        }
    }
}

#[test]
fn every_filed_dossier_can_be_filed_again_when_the_transition_ends() {
    for (pattern, kind) in lives() {
        for status in Status::ALL.iter().filter(|s| !s.is_final() && **s != Status::Draft) {
            assert_eq!(advance(*status, Refile, Producer, pattern, kind), Ok(Status::Refiled), "{status}");
        }
    }
}

#[test]
fn nothing_of_a_district_stays_behind_when_districts_end() {
    let of_districts = MOVES.iter().filter(|m| m.by.contains(&District) && !m.action.is_aside());
    let places: BTreeSet<_> = of_districts.flat_map(|m| m.from).filter(|s| **s != Status::Proposed).collect();
    for status in places {
        assert_eq!(advance(*status, TakeOver, System, ProvinceDirect, First), Ok(Status::AtProvince), "{status}");
    }
    assert!(MOVES.iter().all(|m| !m.by.contains(&District) || !m.patterns.contains(&ProvinceDirect)));
}

#[test]
fn a_3_star_under_each_law() {
    let selects = [
        (Receive, District),
        (Schedule, District),
        (RecordResult, District),
        (SendOn, District),
        (Receive, Province),
        (StartReview, Province),
        (Schedule, Province),
        (RecordResult, Province),
        (Recognise, Province),
    ];
    assert_eq!(after_proposal(DistrictSelects, First, &selects), Status::Recognised);
    let recognises = [(Receive, District), (Schedule, District), (RecordResult, District), (Recognise, District)];
    assert_eq!(after_proposal(DistrictRecognises, First, &recognises), Status::Recognised);
    let direct = [
        (Receive, Province),
        (StartReview, Province),
        (Schedule, Province),
        (RecordResult, Province),
        (Recognise, Province),
    ];
    assert_eq!(after_proposal(ProvinceDirect, Upgrade, &direct), Status::Recognised);
    assert!(advance(Status::DistrictScored, Recognise, District, DistrictSelects, First).is_err());
}

#[test]
fn the_province_hands_a_3_star_back_to_its_district() {
    let steps = [
        (Receive, District),
        (Schedule, District),
        (RecordResult, District),
        (SendOn, District),
        (Receive, Province),
        (StartReview, Province),
        (Schedule, Province),
        (RecordResult, Province),
        (HandBack, Province),
        (Recognise, District),
    ];
    assert_eq!(after_proposal(DistrictRecognises, First, &steps), Status::Recognised);
    assert!(advance(Status::Scored, HandBack, Province, ProvinceDirect, First).is_err());
}

#[test]
fn ninety_at_the_province_and_both_branches_at_the_centre() {
    let approved = [
        (Receive, Province),
        (StartReview, Province),
        (Schedule, Province),
        (RecordResult, Province),
        (ApproveResult, Province),
    ];
    assert!(after_proposal(ProvinceDirect, First, &approved).is_potential_five());
    let centre =
        [(SendOn, Province), (Receive, Central), (StartReview, Central), (Schedule, Central), (RecordResult, Central)];
    let scored = [&approved[..], &centre].concat();
    let ends = |last: &[(Action, Party)]| after_proposal(ProvinceDirect, First, &[&scored[..], last].concat());
    assert_eq!(ends(&[(Recognise, Central)]), Status::Recognised);
    assert_eq!(ends(&[(SendBack, Central), (RecogniseOnCentralResult, Province)]), Status::Recognised);
    assert_eq!(ends(&[(SendBack, Central), (EvaluateAgain, Province)]), Status::InReview);
    assert!(!ends(&[(SendBack, Central)]).is_potential_five());
}

#[test]
fn a_re_evaluation_goes_by_written_opinions() {
    let four_stars = [
        (Receive, Province),
        (StartReview, Province),
        (CallOpinions, Province),
        (RecordResult, Province),
        (Recognise, Province),
    ];
    assert_eq!(after_proposal(ProvinceDirect, ReEvaluation, &four_stars), Status::Recognised);
    let five_stars = [
        (Receive, Province),
        (SendOn, Province),
        (Receive, Central),
        (StartReview, Central),
        (CallOpinions, Central),
        (RecordResult, Central),
        (Recognise, Central),
    ];
    assert_eq!(after_proposal(ProvinceDirect, ReEvaluation, &five_stars), Status::Recognised);
    let divergent = [(Receive, Province), (StartReview, Province), (CallOpinions, Province), (Schedule, Province)];
    assert_eq!(after_proposal(ProvinceDirect, ReEvaluation, &divergent), Status::Scheduled);
    assert!(advance(Status::InReview, Schedule, Province, ProvinceDirect, ReEvaluation).is_err());
    let skip = Moment { status: Status::AtProvince, pattern: ProvinceDirect, kind: ReEvaluation };
    assert!(skip.find_move(SendOn, Province).unwrap().needs.contains(&Need::FiveStarHeld));
}

#[test]
fn a_refusal_says_whose_move_it_is_and_what_is_open() {
    let wrong = advance(Status::Submitted, Recognise, Province, ProvinceDirect, First).unwrap_err();
    assert_eq!(wrong.word(), "dossier_wrong_moment");
    assert!(wrong.say().vi.contains("Đến lượt cấp xã"), "{}", wrong.say().vi);
    assert!(wrong.say().en.contains("the move of the commune: give back"), "{}", wrong.say().en);
    assert!(wrong.items().iter().any(|i| i.at == "commune" && i.word == "report"));
    let other = advance(Status::Submitted, Report, Producer, ProvinceDirect, First).unwrap_err();
    assert_eq!(other.word(), "dossier_not_your_move");
    let ended = advance(Status::Recognised, Withdraw, Producer, ProvinceDirect, First).unwrap_err();
    assert_eq!(ended.word(), "dossier_finished");
    assert_eq!(open_actions(Status::Returned, Producer, ProvinceDirect, First), [Submit, Withdraw, Refile]);
    assert_eq!(whose_move(Status::Proposed, DistrictSelects, First), [District]);
    assert_eq!(whose_move(Status::Proposed, ProvinceDirect, First), [Province]);
}

fn paper(paper: &str, copies: u16, expires_on: Option<&str>) -> Paper {
    Paper { expires_on: expires_on.map(|d| d.parse().unwrap()), ..Paper::plain(paper, copies) }
}

/// Held against the day alone.
fn complete(rules: &[&PaperRule], papers: &[Paper], today: NaiveDate) -> Result<(), Stop> {
    let against =
        Against { today, names: Vec::new(), tax_code: None, round: None, certificate: None, test_months: u32::MAX };
    must_be_complete(completeness(rules, papers, &against))
}

#[test]
fn a_dossier_is_complete_with_its_required_papers() {
    let today: NaiveDate = "2026-06-01".parse().unwrap();
    let books = embedded().unwrap();
    let book = find(&books, "26-2026").unwrap();
    let rules = book.papers(ReEvaluation, Stage::Filing, "1");
    let mut papers = vec![
        paper("form01", 1, None),
        paper("form02", 1, None),
        paper("updatesSinceRecognition", 1, None),
        paper("qualityDeclaration", 1, None),
        paper("testReport", 1, Some("2026-05-31")),
    ];
    let stop = complete(&rules, &papers, today).unwrap_err();
    let items: Vec<_> = stop.items().into_iter().map(|i| (i.at, i.word)).collect();
    assert_eq!(items, [("testReport".to_owned(), "paper_expired")]);
    papers.push(paper("testReport", 1, Some("2026-06-01")));
    assert_eq!(complete(&rules, &papers, today), Ok(()));
    papers.remove(0);
    assert!(complete(&rules, &papers, today).unwrap_err().say().vi.contains("Mẫu số 01"));
}

#[test]
fn five_samples_are_asked_for_except_of_tourism() {
    let today: NaiveDate = "2026-06-01".parse().unwrap();
    let books = embedded().unwrap();
    let book = find(&books, "26-2026").unwrap();
    let papers = [paper("communeLetter", 1, None), paper("form03", 1, None), paper("samples", 4, None)];
    let food = book.papers(First, Stage::ToCouncil, "1");
    let items = complete(&food, &papers, today).unwrap_err().items();
    assert_eq!(items.iter().map(|i| i.word).collect::<Vec<_>>(), ["paper_too_few"]);
    let tourism = book.papers(First, Stage::ToCouncil, "6");
    assert_eq!(complete(&tourism, &papers[..2], today), Ok(()));
}

#[test]
fn life_of_a_dossier_is_printed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/life-of-a-dossier.md");
    if std::env::var_os("OCOP_WRITE_DOCS").is_some() {
        std::fs::write(path, print()).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == print(),
        "the table of moves changed; print it again: OCOP_WRITE_DOCS=1 cargo test --lib life_of_a_dossier"
    );
}
