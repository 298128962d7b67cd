use serde_json::json;

use super::*;
use crate::refusal::{Item, Refusal};

fn set(code: &str) -> CriteriaSet {
    sets().iter().find(|s| s.code == code).unwrap().clone()
}

fn words(set: &CriteriaSet) -> Vec<(String, &'static str)> {
    check(set).err().unwrap_or_default().into_iter().map(|Item { at, word, .. }| (at, word)).collect()
}

#[test]
fn the_26_sets_are_read_and_agree_with_themselves() {
    for (name, text) in embedded() {
        let set: CriteriaSet = serde_json::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(check(&set), Ok(()), "{name}");
        assert_eq!(set.wording, Wording::Short);
        let parts: Vec<(&str, i64)> = set.parts.iter().map(|p| (p.code.as_str(), p.max_points)).collect();
        assert_eq!(parts, [("A", 40), ("B", 25), ("C", 35)], "{name}");
    }
    assert_eq!(sets().len(), 26);
}

#[test]
fn the_counts_are_those_of_the_annex() {
    let scored: Vec<&Criterion> = sets().iter().flat_map(CriteriaSet::scored).collect();
    assert_eq!(scored.len(), 787);
    let added: usize = scored.iter().filter(|c| c.choice == Some(ChoiceKind::YesNo)).map(|c| c.options.len()).sum();
    assert_eq!(added, 44);
    assert_eq!(scored.iter().map(|c| c.options.len()).sum::<usize>(), 2535 + 44);
    let minima = |star| scored.iter().flat_map(|c| &c.options).filter(|o| o.minimum_for_star == Some(star)).count();
    assert_eq!([minima(3), minima(4), minima(5)], [179, 290, 106]);
}

#[test]
fn the_index_counts_the_same() {
    let index: serde_json::Value = serde_json::from_str(embedded_index()).unwrap();
    for (head, set) in index["sets"].as_array().unwrap().iter().zip(sets()) {
        assert_eq!(head["code"], set.code.as_str());
        assert_eq!(head["scoredCriteria"], set.scored().len());
    }
}

#[test]
fn a_set_is_written_back_as_it_was_read() {
    for set in sets().iter().chain(test_sets()) {
        let text = serde_json::to_string(set).unwrap();
        assert_eq!(&serde_json::from_str::<CriteriaSet>(&text).unwrap(), set);
    }
}

#[test]
fn an_unknown_field_is_refused() {
    let mut value = serde_json::to_value(set("07")).unwrap();
    value["parts"][0]["bonus"] = json!(3);
    assert!(serde_json::from_value::<CriteriaSet>(value).is_err());
}

#[test]
fn the_trial_sets_have_the_parts_of_their_decisions() {
    for (set, parts) in test_sets().iter().zip([[35, 25, 40], [40, 25, 35]]) {
        assert_eq!(check(set), Ok(()));
        assert_eq!(set.parts.iter().map(|p| p.max_points).collect::<Vec<_>>(), parts);
        assert_eq!(set.scored().len(), 12);
    }
    assert_eq!(test_sets().len(), 2);
}

#[test]
fn every_total_from_30_can_be_reached_in_the_trial_sets() {
    for set in test_sets() {
        let mut totals = std::collections::BTreeSet::from([0]);
        for criterion in set.scored() {
            totals = totals.iter().flat_map(|t| criterion.options.iter().map(move |o| t + o.points)).collect();
        }
        assert!((30..=97).all(|t| totals.contains(&t)) && totals.contains(&100), "{}", set.code);
    }
}

type Spoil = fn(&mut CriteriaSet);

#[test]
fn every_kind_of_fault_is_found() {
    let faults: &[(Spoil, &str, &str)] = &[
        (|s| s.parts[0].max_points = 41, "set", "criteria_sum_wrong"),
        (|s| s.parts[0].sections[0].max_points += 1, "A", "criteria_sum_wrong"),
        (|s| s.parts[0].sections[0].criteria[0].max_points += 1, "section 1", "criteria_sum_wrong"),
        (|s| s.code.clear(), "set", "criteria_code_missing"),
        (|s| s.parts[0].sections[0].criteria[1].code = "1.1".into(), "1.1", "criteria_code_repeated"),
        (|s| s.parts[0].sections[0].criteria[0].choice = None, "1.1", "criteria_choice_missing"),
        (|s| s.parts[0].sections[0].criteria[0].options[1].code = "a".into(), "1.1", "criteria_option_repeated"),
        (|s| s.parts[0].sections[0].criteria[0].options[0].points = 9, "1.1", "criteria_points_fall"),
        (|s| drop(s.parts[0].sections[0].criteria[0].options.pop()), "1.1", "criteria_maximum_unreachable"),
        (|s| s.parts[0].sections[0].criteria[0].options[0].minimum_for_star = Some(6), "1.1", "criteria_minimum_wrong"),
        (|s| s.parts[0].sections[0].criteria[0].options[2].minimum_for_star = Some(3), "1.1", "criteria_minimum_wrong"),
        (|s| s.parts[0].sections[0].criteria[0].options[0].case = Some(1), "1.1", "criteria_cases_wrong"),
        (
            |s| {
                s.parts[0].sections[0].criteria[0].applies_if =
                    Some(AppliesIf { criterion: "9.9".into(), min_points: 1 });
            },
            "1.1",
            "criteria_reference_unknown",
        ),
        (|s| s.parts[2].sections[0].knock_out_if_zero = vec!["1.1".into()], "section 6", "criteria_reference_unknown"),
        (|s| s.disqualifiers[1].code = s.disqualifiers[0].code.clone(), "forgedDossier", "criteria_code_repeated"),
    ];
    for (spoil, at, word) in faults {
        let mut set = set("07");
        spoil(&mut set);
        let found = words(&set);
        assert!(found.iter().any(|(a, w)| a == at && w == word), "{at} {word}: {found:?}");
    }
}

/// A table in the shape of a legal wording; the words are invented for this test.
fn official() -> serde_json::Value {
    json!({
        "decision_number": "9/2099/QĐ-XX", "decision_date": "2099-01-02", "effective_from": "2099-02-01",
        "product_set_number": 3, "product_set": "Diều sáo", "group": "SẢN PHẨM THỰC PHẨM", "product_group": "Đồ chơi",
        "subgroup": null, "managing_ministry": "Bộ Y tế; Bộ Đồ chơi", "elimination": "Loại khi diều không bay",
        "complete": true, "corrections": [{"where": "A/1", "printed": "1 1", "used": 1, "why": "x"}], "remarks": ["mờ"],
        "parts": [
            {"code": "A", "title": "KHUNG", "max": 60, "sections": [
                {"code": "1", "title": "Tre", "max": 50, "criteria": [
                    {"code": "1.1", "title": "Nan", "max": 10, "container_of": ["1.1.1", "1.1.2"], "options": []},
                    {"code": "1.1.1", "title": "Chẻ", "max": 6, "options": [
                        {"points": 0, "text": "Thô"}, {"points": 6, "text": "Mịn", "minimum_for_star": 3}],
                     "notes": [{"kind": "note", "text": "Ghi chú: Bị loại nếu nan gãy"}]},
                    {"code": "1.1.2", "title": "Vót", "max": 4, "binary": true, "options": []},
                    {"code": "1.2", "title": "Buộc", "max": 40, "options": [
                        {"points": 10, "text": "Lạt"}, {"points": 40, "text": "Chỉ"},
                        {"points": 0, "text": "Keo"}, {"points": 20, "text": "Đinh"}],
                     "notes": [{"kind": "note", "text": "Lựa chọn một trong hai trường hợp"}]}]},
                {"code": "2", "title": "Giấy", "max": 10, "criteria": [
                    {"code": "2", "title": "Giấy", "max": 10, "options": [
                        {"points": 0, "text": "Rách"}, {"points": 10, "text": "Lành"}],
                     "notes": [{"kind": "eliminating", "text": "Giấy 0 điểm tại một trong các chỉ tiêu thì không đánh giá các bước tiếp theo"}]}]}]},
            {"code": "B", "title": "SÁO", "max": 40, "sections": [
                {"code": "3", "title": "Tiếng", "max": 40, "criteria": [
                    {"code": "3.1", "title": "Câu chuyện", "max": 20, "options": [
                        {"points": 0, "text": "Câm"}, {"points": 20, "text": "Ngân"}],
                     "notes": [{"kind": "requirement", "text": "Phải nghe được"}, {"kind": "note", "text": "Nghe ở bãi"}]},
                    {"code": "3.2", "title": "Bè", "max": 20, "options": [
                        {"points": 5, "text": "Một"}, {"points": 20, "text": "Hai"}],
                     "notes": [{"kind": "note", "text": "Chỉ áp dụng khi có câu chuyện"}]}]}]}
        ]
    })
}

#[test]
fn a_legal_wording_becomes_a_set() {
    let set = from_official(&official()).unwrap();
    assert_eq!((set.code.as_str(), set.set_number, set.wording), ("03", Some(3), Wording::Official));
    assert_eq!(set.rulebook, "9/2099/QĐ-XX");
    assert_eq!(set.name, Label::new("Diều sáo", "Diều sáo"));
    assert_eq!(set.sector.as_ref().unwrap().code, "1");
    assert_eq!(set.managing_ministries.iter().map(|m| m.code.as_str()).collect::<Vec<_>>(), ["BYT", "bo-do-choi"]);
    assert_eq!(set.disqualifiers[0].code, "printedLine");
    assert_eq!(set.remarks.len(), 2);
    assert!(set.criterion("1.1").unwrap().is_container());
    assert_eq!(set.criterion("1.1.1").unwrap().knock_out.as_ref().unwrap().kind, KnockOutKind::Reject);
    assert_eq!(set.criterion("1.1.2").unwrap().choice, Some(ChoiceKind::YesNo));
    let cases = set.criterion("1.2").unwrap();
    assert_eq!(cases.options.iter().map(|o| o.case).collect::<Vec<_>>(), [Some(1), Some(1), Some(2), Some(2)]);
    let zero = set.sections().find(|s| s.code == "2").unwrap();
    assert_eq!(zero.knock_out_if_zero, ["2"]);
    assert_eq!(set.criterion("3.2").unwrap().applies_if.as_ref().unwrap().criterion, "3.1");
    assert_eq!(set.criterion("3.1").unwrap().guidance, Some(Label::new("Nghe ở bãi", "Nghe ở bãi")));
}

#[test]
fn points_that_restart_are_cases_only_where_the_source_says_so() {
    let mut value = official();
    value["parts"][0]["sections"][0]["criteria"][3]["notes"] = json!([]);
    assert_eq!(from_official(&value).unwrap_err().items()[0].word, "criteria_points_fall");
    value["remarks"] = json!(["criterion 1.2: the points restart"]);
    assert_eq!(from_official(&value).unwrap().criterion("1.2").unwrap().cases.len(), 2);
}

#[test]
fn the_words_of_our_set_lend_codes_to_the_legal_wording() {
    let mut value = official();
    value["decision_number"] = json!("26/2026/QĐ-TTg");
    let set = from_official(&value).unwrap();
    assert_eq!(set.samples_required, 5);
    assert_eq!(set.disqualifiers.len(), self::set("03").disqualifiers.len());
    assert!(set.disqualifiers.iter().all(|d| d.vi == "Loại khi diều không bay"));
}

#[test]
fn an_incomplete_wording_is_refused_with_what_is_missing() {
    let mut value = official();
    value["complete"] = json!(false);
    let stop = from_official(&value).unwrap_err();
    assert_eq!((stop.word(), stop.items()[0].word), ("criteria_incomplete", "criteria_marked_incomplete"));
    value["parts"][1]["max"] = json!(38);
    let stop = from_official(&value).unwrap_err();
    assert_eq!(stop.items().iter().map(|i| i.at.as_str()).collect::<Vec<_>>(), ["set", "B"]);
    value["complete"] = json!(true);
    assert_eq!(from_official(&value).unwrap_err().word(), "criteria_inconsistent");
    assert_eq!(from_official(&json!({"complete": true})).unwrap_err().word(), "criteria_unreadable");
}

#[test]
fn a_product_finds_its_set_by_the_words_people_type() {
    for (text, code) in [
        ("nước mắm cá linh", "09"),
        ("ca phe rang xay", "13"),
        ("Rượu trắng Xuân Thạnh", "14"),
        ("mật ong rừng", "04"),
        ("du lịch cộng đồng cồn Hô", "26"),
        ("mỹ phẩm", "19"),
        ("fresh vegetables", "01"),
    ] {
        assert_eq!(suggest(sets(), text).first().map(|(c, _)| *c), Some(code), "{text}");
    }
    assert_eq!(suggest(sets(), "và các sản phẩm khác"), []);
    assert_eq!(suggest(sets(), ""), []);
}
