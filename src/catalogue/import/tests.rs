use super::*;

fn d(s: &str) -> NaiveDate {
    s.parse().unwrap()
}

fn unit(id: &str, level: PlaceLevel, kind: &str, name: &str, parent: &str, valid_to: &str) -> KnownPlace {
    KnownPlace {
        id: id.to_owned(),
        level,
        kind: kind.to_owned(),
        name: name.to_owned(),
        full_name: format!("{kind} {name}"),
        variants: Vec::new(),
        parent: (!parent.is_empty()).then(|| parent.to_owned()),
        valid_to: valid_to.parse().ok(),
        successors: Vec::new(),
    }
}

fn book() -> PlaceBook {
    use PlaceLevel::{Commune, District, Province};
    let last = "2025-06-30";
    let mut places = vec![
        unit("84", Province, "tỉnh", "Trà Vinh", "", last),
        unit("842", District, "thành phố thuộc tỉnh", "Trà Vinh", "84", last),
        unit("850", District, "huyện", "Duyên Hải", "84", last),
        unit("851", District, "thị xã", "Duyên Hải", "84", last),
        unit("29242", Commune, "phường", "3", "842", last),
        unit("29251", Commune, "phường", "6", "842", "2024-12-31"),
        unit("29497", Commune, "xã", "Đông Hải", "850", last),
        unit("29512", Commune, "phường", "2", "851", last),
        unit("29431", Commune, "xã", "Vinh Kim", "850", last),
    ];
    places[5].successors = vec!["29242".to_owned()];
    places[8].variants = vec!["Vĩnh Kim".to_owned()];
    PlaceBook::new(places)
}

fn recognises(star: u8, on: NaiveDate) -> Option<IssuingLevel> {
    let gap = on >= d("2025-07-01") && on <= d("2025-07-05");
    match star {
        5 => Some(IssuingLevel::Centre),
        3 if gap => None,
        3 if on >= d("2023-02-24") && on <= d("2025-06-30") => Some(IssuingLevel::District),
        _ => Some(IssuingLevel::Province),
    }
}

fn row(name: &str) -> Row {
    Row {
        name: name.to_owned(),
        producer: "HTX Mật Hoa".to_owned(),
        producer_type: "hợp tác xã".to_owned(),
        commune: "xã Đông Hải".to_owned(),
        district: "huyện Duyên Hải".to_owned(),
        province: "Trà Vinh".to_owned(),
        group: "Thực phẩm".to_owned(),
        stars: "4".to_owned(),
        decision_no: "12/QĐ-UBND".to_owned(),
        decision_date: "22/8/2022".to_owned(),
        ..Row::default()
    }
}

fn report(rows: &[Row], registered: &dyn Fn(&str) -> Vec<KnownProduct>) -> FileReport {
    let places = book();
    let lookups = Lookups {
        places: &places,
        records_from: d("2025-06-30"),
        recognises: &recognises,
        registered,
        today: d("2026-10-01"),
    };
    classify_file(rows, &lookups)
}

fn one(row: Row) -> RowReport {
    report(&[row], &|_| Vec::new()).reports.remove(0)
}

fn words(report: &RowReport) -> Vec<&'static str> {
    report.reasons.iter().map(|f| f.word.word()).collect()
}

#[test]
fn a_full_row_makes_a_recognition() {
    let got = one(row("Mật dừa"));
    assert_eq!((got.class, words(&got)), (RowClass::Accepted, vec![]));
    let plan = got.plan.unwrap();
    assert_eq!(plan.place.as_deref(), Some("29497"));
    let expected = RecognitionPlan {
        star: 4,
        level: IssuingLevel::Province,
        decision_no: Some("12/QĐ-UBND".to_owned()),
        on: d("2022-08-22"),
    };
    assert_eq!(plan.recognition, Some(expected));
}

#[test]
fn a_recognition_needs_star_authority_and_date() {
    let r = |change: &dyn Fn(&mut Row)| {
        let mut changed = row("Mật dừa");
        change(&mut changed);
        let got = one(changed);
        let made = got.plan.as_ref().is_some_and(|p| p.recognition.is_some());
        (got.class, made, words(&got).first().copied())
    };
    use RowClass::{Accepted, Doubtful, Rejected};
    assert_eq!(r(&|r| r.stars.clear()), (Accepted, false, Some("starMissing")));
    assert_eq!(r(&|r| r.stars = "2".into()), (Accepted, false, Some("starBelowThree")));
    assert_eq!(r(&|r| r.stars = "9".into()), (Rejected, false, Some("starUnreadable")));
    assert_eq!(r(&|r| r.name.clear()), (Rejected, false, Some("nameMissing")));
    assert_eq!(r(&|r| r.decision_date.clear()), (Doubtful, false, Some("dateMissing")));
    assert_eq!(r(&|r| r.decision_date = "31/2/2022".into()), (Doubtful, false, Some("dateUnreadable")));
    assert_eq!(r(&|r| r.decision_date = "1/1/2027".into()), (Doubtful, false, Some("dateImpossible")));
    assert_eq!(r(&|r| r.decision_no.clear()), (Doubtful, false, Some("authorityMissing")));
    assert_eq!(r(&|r| r.decision_no = "12/XY".into()), (Doubtful, false, Some("authorityUnreadable")));
    assert_eq!(r(&|r| r.stars = "5".into()), (Doubtful, false, Some("authorityDiffers")));
    let no_number = |r: &mut Row| {
        r.decision_no.clear();
        r.authority = "Ủy ban nhân dân tỉnh".into();
    };
    assert_eq!(r(&no_number), (Accepted, true, None));
    let nothing = |r: &mut Row| {
        r.decision_no.clear();
        r.decision_date.clear();
    };
    assert_eq!(r(&nothing), (Accepted, false, Some("historyUnknown")));
    let gap = |r: &mut Row| {
        r.stars = "3".into();
        r.decision_date = "2025-07-03".into();
    };
    assert_eq!(r(&gap), (Doubtful, false, Some("authorityUnnamed")));
}

#[test]
fn an_address_names_a_unit_or_is_put_before_an_officer() {
    let rows = [
        ("phường 3", "TP. Trà Vinh", Some("29242"), None, vec![]),
        ("Phường 03", "thành phố Trà Vinh", Some("29242"), None, vec![]),
        ("3", "Trà Vinh", Some("29242"), None, vec![]),
        ("Phường 6", "thành phố Trà Vinh", None, Some("placeEnded"), vec!["29251", "29242"]),
        ("Phường 2", "thị xã Duyên Hải", Some("29512"), None, vec![]),
        ("xã Vĩnh Kim", "huyện Duyên Hải", Some("29431"), None, vec![]),
        ("Dông Hải", "huyện Duyên Hải", None, Some("placeUnknown"), vec!["29497"]),
        ("xã Đông Hải", "thị xã Duyên Hải", None, Some("placeUnknown"), vec!["29497"]),
        ("xã Đông Hải", "", Some("29497"), None, vec![]),
        ("xã Đông Hải", "huyện Nào Đó", None, Some("placeUnknown"), vec![]),
        ("", "huyện Duyên Hải", None, Some("communeMissing"), vec![]),
    ];
    for (commune, district, place, reason, candidates) in rows {
        let got = one(Row { commune: commune.into(), district: district.into(), ..row("Mật dừa") });
        let ids: Vec<_> = got.candidates.iter().map(|c| c.id.as_str()).collect();
        let told = words(&got).first().copied();
        let plan = got.plan.unwrap();
        assert_eq!((plan.place.as_deref(), told, ids), (place, reason, candidates), "{commune}, {district}");
    }
}

/// A register that holds what a first run created.
fn after(first: &FileReport) -> HashMap<String, Vec<KnownProduct>> {
    let mut register: HashMap<String, Vec<KnownProduct>> = HashMap::new();
    for (line, plan) in first.reports.iter().filter_map(|r| Some((r.line, r.plan.as_ref()?))) {
        let key = plan.producer.as_ref().map_or_else(|| producer_key("", "Trà Vinh"), |p| p.key.clone());
        let products = register.entry(key).or_default();
        let id = match &plan.product {
            ProductRef::Line(first) => ProductRef::Registered(first.to_string()),
            _ => ProductRef::Registered(line.to_string()),
        };
        let names = [vec![plan.name.clone()], plan.aliases.clone()].concat();
        match products.iter_mut().find(|k| k.product == id) {
            Some(known) => {
                known.names.extend(names);
                known.recognitions.extend(plan.recognition.clone());
                known.has_place |= plan.place.is_some();
            }
            None => products.push(KnownProduct {
                product: id,
                names,
                recognitions: plan.recognition.iter().cloned().collect(),
                has_place: plan.place.is_some(),
            }),
        }
    }
    register
}

#[test]
fn a_second_run_changes_nothing() {
    let rows = [
        row("Bánh tét 3 màu (Ba Màu)"),
        row("Bánh tét 3 màu"),
        Row { commune: String::new(), ..row("Mật dừa") },
        Row { decision_date: "1/2/2020".into(), decision_no: "7/QĐ-UBND".into(), ..row("Mật dừa") },
        Row { producer: String::new(), stars: String::new(), ..row("Khô cá") },
    ];
    let first = report(&rows, &|_| Vec::new());
    assert_eq!((first.products, first.recognitions, first.decisions), (3, 3, 2));
    assert_eq!(first.reports[1].class, RowClass::Unchanged);
    let register = after(&first);
    let second = report(&rows, &|key| register.get(key).cloned().unwrap_or_default());
    assert_eq!((second.unchanged, second.products, second.recognitions), (5, 0, 0));
}

#[test]
fn brackets_tell_variants_apart_and_marks_alone_are_asked_about() {
    let rows = [row("Bánh tét (chuối)"), row("Bánh tét (đậu)"), row("Bánh tét"), row("Trà sả"), row("Trà sa")];
    let got = report(&rows, &|_| Vec::new());
    assert_eq!(got.products, 5);
    let doubted: Vec<_> =
        got.reports.iter().filter(|r| words(r).contains(&"possibleDuplicate")).map(|r| r.line).collect();
    assert_eq!(doubted, [4, 6]);
}

#[test]
fn what_contradicts_is_not_taken() {
    let other_star = Row { stars: "3".into(), ..row("Mật dừa") };
    let other_date = Row { decision_date: "23/8/2022".into(), ..row("Khô cá") };
    let got = report(&[row("Mật dừa"), other_star, other_date], &|_| Vec::new());
    assert_eq!(got.recognitions, 1);
    assert!(words(&got.reports[1]).contains(&"starContradicts"));
    assert!(words(&got.reports[2]).contains(&"decisionDateDiffers"));
}

#[test]
fn an_absent_column_is_empty_and_a_missing_name_column_is_told() {
    assert_eq!(missing_columns(["\u{feff}name", "extra", "province"]), Vec::<&str>::new());
    assert_eq!(missing_columns(["producer"]), ["name", "province"]);
    let row: Row = serde_json::from_str(r#"{"name":"Mật dừa","extra":"x"}"#).unwrap();
    assert_eq!(row.name, "Mật dừa");
}
