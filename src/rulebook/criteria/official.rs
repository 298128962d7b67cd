//! From the wording of a decision, as a table in JSON, to a criteria set.
//!
//! Notes of the table become rules only where their words are fixed ("bị loại", "không đánh giá
//! các bước tiếp theo", "chỉ áp dụng khi có câu chuyện"); every other note stays guidance.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use super::{
    AppliesIf, Case, ChoiceKind, CriteriaSet, Criterion, CriterionOption, KnockOut, KnockOutKind, Named, Part, Remark,
    RemarkKind, Section, Stop, Wording, check, sets,
};
use crate::refusal::Item;
use crate::text::{Label, fold, nfc};

#[derive(Deserialize)]
struct Table {
    decision_number: String,
    decision_date: Option<NaiveDate>,
    effective_from: Option<NaiveDate>,
    product_set_number: Option<u16>,
    product_set: String,
    group: Option<String>,
    product_group: Option<String>,
    subgroup: Option<String>,
    managing_ministry: Option<String>,
    elimination: Option<String>,
    complete: bool,
    #[serde(default)]
    corrections: Vec<Correction>,
    #[serde(default)]
    remarks: Vec<String>,
    parts: Vec<TablePart>,
}

#[derive(Deserialize)]
struct Correction {
    #[serde(rename = "where")]
    place: String,
    printed: Value,
    used: Value,
}

#[derive(Deserialize)]
struct TablePart {
    code: String,
    title: String,
    max: i64,
    sections: Vec<TableSection>,
}

#[derive(Deserialize)]
struct TableSection {
    code: String,
    title: String,
    max: i64,
    criteria: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    code: String,
    title: String,
    max: i64,
    #[serde(default)]
    options: Vec<RowOption>,
    #[serde(default)]
    notes: Vec<Note>,
    #[serde(default)]
    binary: bool,
    #[serde(default)]
    container_of: Vec<String>,
    #[serde(default)]
    cases: Vec<String>,
}

#[derive(Deserialize)]
struct RowOption {
    points: i64,
    text: String,
    minimum_for_star: Option<u8>,
    case: Option<String>,
}

#[derive(Deserialize)]
struct Note {
    kind: String,
    text: String,
}

/// Reads a set in the wording of the decision. Both labels carry the Vietnamese text: no English
/// is invented. A table that says it is incomplete is refused with what is missing, and so is one
/// that does not pass [`check`].
pub fn from_official(value: &Value) -> Result<CriteriaSet, Stop> {
    let table = Table::deserialize(value).map_err(|e| Stop::Unreadable { at: e.to_string() })?;
    let set = convert(&table);
    let faults = check(&set).err().unwrap_or_default();
    if !table.complete {
        return Err(Stop::Incomplete(missing(&table, faults)));
    }
    if !faults.is_empty() {
        return Err(Stop::Inconsistent(faults));
    }
    Ok(set)
}

fn missing(table: &Table, mut faults: Vec<Item>) -> Vec<Item> {
    if faults.is_empty() {
        faults.push(Item {
            at: table.product_set.clone(),
            word: "criteria_marked_incomplete",
            say: Label::new(
                "Nguồn ghi bảng này chưa đầy đủ; đối chiếu với phụ lục của quyết định",
                "The source marks this table as incomplete; compare it with the annex of the decision",
            ),
        });
    }
    faults
}

fn convert(table: &Table) -> CriteriaSet {
    CriteriaSet {
        rulebook: table.decision_number.clone(),
        adopted_on: table.decision_date,
        effective_from: table.effective_from,
        wording: Wording::Official,
        set_number: table.product_set_number,
        code: table.product_set_number.map_or_else(|| slug(&table.product_set), |n| format!("{n:02}")),
        name: both(&table.product_set),
        sector: table.group.as_deref().map(named),
        group: table.product_group.as_deref().map(named),
        subgroup: table.subgroup.as_deref().filter(|s| *s != table.product_set).map(both),
        managing_ministries: table.managing_ministry.as_deref().map(ministries).unwrap_or_default(),
        samples_required: twin(table).map_or(0, |t| t.samples_required),
        disqualifiers: table.elimination.as_deref().map(|text| disqualifiers(table, text)).unwrap_or_default(),
        remarks: remarks(table),
        parts: table.parts.iter().map(|p| part(p, &table.remarks)).collect(),
    }
}

/// Our own set of the same decision and number: it lends codes and figures, never words.
fn twin(table: &Table) -> Option<&'static CriteriaSet> {
    sets().iter().find(|s| s.rulebook == table.decision_number && s.set_number == table.product_set_number)
}

fn both(text: &str) -> Label {
    let text = nfc(text.trim());
    Label::new(text.clone(), text)
}

fn named(text: &str) -> Named {
    let Label { vi, en } = both(text);
    let of_ours = |name: &&Named| fold(&text.replace("SẢN PHẨM ", "")) == fold(&name.vi);
    let ours = sets().iter().flat_map(|s| s.sector.iter().chain(&s.group)).find(of_ours);
    Named { code: ours.map_or_else(|| slug(text), |n| n.code.clone()), vi, en }
}

fn ministries(text: &str) -> Vec<Named> {
    let ours = || sets().iter().flat_map(|s| &s.managing_ministries);
    text.split(';')
        .map(|name| {
            let Label { vi, en } = both(name);
            let code = ours().find(|m| fold(&m.vi) == fold(&vi)).map_or_else(|| slug(&vi), |m| m.code.clone());
            Named { code, vi, en }
        })
        .collect()
}

/// The printed line is one sentence; where our own set splits it into grounds, their codes stay so
/// that a sheet names the same ground in both wordings, and each one carries the whole line.
fn disqualifiers(table: &Table, line: &str) -> Vec<Named> {
    let Label { vi, en } = both(line);
    match twin(table).filter(|t| !t.disqualifiers.is_empty()) {
        Some(t) => {
            t.disqualifiers.iter().map(|d| Named { code: d.code.clone(), vi: vi.clone(), en: en.clone() }).collect()
        }
        None => vec![Named { code: "printedLine".to_owned(), vi, en }],
    }
}

fn remarks(table: &Table) -> Vec<Remark> {
    let said = |kind, text: &str| {
        let Label { vi, en } = both(text);
        Remark { kind, at: "set".to_owned(), vi, en }
    };
    let corrected = table
        .corrections
        .iter()
        .map(|c| said(RemarkKind::Correction, &format!("{}: {} → {}", c.place, plain(&c.printed), plain(&c.used))));
    corrected.chain(table.remarks.iter().map(|text| said(RemarkKind::Doubt, text))).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn slug(text: &str) -> String {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-")
}

fn part(part: &TablePart, remarks: &[String]) -> Part {
    Part {
        code: part.code.clone(),
        title: both(&part.title),
        max_points: part.max,
        sections: part.sections.iter().map(|s| section(s, remarks)).collect(),
    }
}

fn section(section: &TableSection, remarks: &[String]) -> Section {
    let mut out = Section {
        code: section.code.clone(),
        title: both(&section.title),
        max_points: section.max,
        knock_out_if_zero: Vec::new(),
        knock_out: None,
        criteria: Vec::new(),
    };
    let first = section.criteria.first().map(|r| r.code.as_str());
    for (place, row) in section.criteria.iter().enumerate() {
        let mut criterion = criterion(row, first, remarks);
        if let Some(note) = row.notes.iter().find(|n| fold(&n.text).contains("0 diem tai mot trong cac chi tieu")) {
            let above = section.criteria.iter().take(place + 1).filter(|r| r.container_of.is_empty());
            out.knock_out_if_zero = above.map(|r| r.code.clone()).collect();
            out.knock_out = knock_out(note);
            criterion.knock_out = None;
        }
        place_in(&mut out.criteria, &section.criteria, criterion);
    }
    out
}

/// The table lists a container and what it holds one after the other.
fn place_in(criteria: &mut Vec<Criterion>, rows: &[Row], criterion: Criterion) {
    let parent = rows.iter().find(|r| r.container_of.contains(&criterion.code)).map(|r| r.code.as_str());
    match criteria.iter_mut().find(|c| Some(c.code.as_str()) == parent) {
        Some(container) => container.criteria.push(criterion),
        None => criteria.push(criterion),
    }
}

fn criterion(row: &Row, first_of_section: Option<&str>, remarks: &[String]) -> Criterion {
    let cases = case_of_each(row, remarks);
    let kinds: Vec<u8> = distinct(&cases);
    let choice = match (row.container_of.is_empty(), row.binary, kinds.is_empty()) {
        (false, ..) => None,
        (_, true, _) => Some(ChoiceKind::YesNo),
        (.., true) => Some(ChoiceKind::One),
        _ => Some(ChoiceKind::OneCase),
    };
    Criterion {
        code: row.code.clone(),
        title: both(&row.title),
        max_points: row.max,
        choice,
        requirement: notes(row, |n| n.kind == "requirement"),
        guidance: notes(row, |n| matches!(sort(n), Sort::Guidance)),
        not_assessed: notes(row, |n| n.kind == "not_assessed"),
        applies_if: applies_if(row, first_of_section),
        knock_out: row.notes.iter().find(|n| matches!(sort(n), Sort::KnockOut)).and_then(knock_out),
        cases: kinds.iter().map(|k| Case { case: *k, label: case_label(row, *k) }).collect(),
        options: if row.binary { yes_no(row.max) } else { options(row, &cases) },
        criteria: Vec::new(),
    }
}

fn yes_no(max: i64) -> Vec<CriterionOption> {
    [("a", 0, Label::new("Không", "No")), ("b", max, Label::new("Có", "Yes"))]
        .map(|(code, points, label)| CriterionOption {
            code: code.to_owned(),
            points,
            minimum_for_star: None,
            case: None,
            label,
        })
        .into()
}

fn options(row: &Row, cases: &[Option<u8>]) -> Vec<CriterionOption> {
    let letters = 'a'..='z';
    letters
        .zip(row.options.iter().zip(cases))
        .map(|(letter, (option, case))| CriterionOption {
            code: letter.to_string(),
            points: option.points,
            minimum_for_star: option.minimum_for_star,
            case: *case,
            label: both(&option.text),
        })
        .collect()
}

/// The case of each option: as the table says, or, where a note asks to choose a case (or a remark
/// of the source says that the points restart) and the headings are lost, a new case wherever the
/// points start again. A fall of points that nobody explains stays a fault.
fn case_of_each(row: &Row, remarks: &[String]) -> Vec<Option<u8>> {
    if !row.cases.is_empty() {
        let number = |name: &String| row.cases.iter().position(|c| c == name).and_then(|p| u8::try_from(p + 1).ok());
        return row.options.iter().map(|o| o.case.as_ref().and_then(number)).collect();
    }
    let restarts = row.options.windows(2).any(|w| w[1].points < w[0].points);
    let remarked = |r: &String| r.starts_with(&format!("criterion {}:", row.code)) && r.contains("points restart");
    let explained = row.notes.iter().any(choose_case) || remarks.iter().any(remarked);
    if !restarts || !explained {
        return vec![None; row.options.len()];
    }
    let mut case = 1;
    let mut before = i64::MIN;
    let mut out = Vec::new();
    for option in &row.options {
        case += u8::from(option.points < before);
        before = option.points;
        out.push(Some(case));
    }
    out
}

fn distinct(cases: &[Option<u8>]) -> Vec<u8> {
    let mut out: Vec<u8> = cases.iter().copied().flatten().collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn case_label(row: &Row, case: u8) -> Label {
    match row.cases.get(usize::from(case) - 1) {
        Some(text) => both(text),
        None => Label::new(format!("Trường hợp {case}"), format!("Case {case}")),
    }
}

enum Sort {
    KnockOut,
    Condition,
    Case,
    Guidance,
    Other,
}

fn sort(note: &Note) -> Sort {
    let words = fold(&note.text);
    if matches!(note.kind.as_str(), "requirement" | "not_assessed") {
        Sort::Other
    } else if choose_case(note) {
        Sort::Case
    } else if note.kind == "eliminating" || eliminates(&words).is_some() {
        Sort::KnockOut
    } else if words.starts_with("chi ap dung khi co cau chuyen") {
        Sort::Condition
    } else {
        Sort::Guidance
    }
}

fn choose_case(note: &Note) -> bool {
    note.kind == "choose_one_case" || fold(&note.text).starts_with("lua chon mot trong hai truong hop")
}

fn eliminates(words: &str) -> Option<KnockOutKind> {
    if words.contains("bi loai") {
        Some(KnockOutKind::Reject)
    } else if words.contains("khong danh gia cac buoc tiep theo") || words.contains("khong xem xet cac chi tieu khac") {
        Some(KnockOutKind::Stop)
    } else {
        None
    }
}

fn knock_out(note: &Note) -> Option<KnockOut> {
    let Label { vi, en } = both(&note.text);
    let kind = eliminates(&fold(&note.text)).unwrap_or(KnockOutKind::Stop);
    Some(KnockOut { kind, vi, en })
}

fn notes(row: &Row, wanted: impl Fn(&Note) -> bool) -> Option<Label> {
    let texts: Vec<&str> = row.notes.iter().filter(|n| wanted(n)).map(|n| n.text.trim()).collect();
    (!texts.is_empty()).then(|| both(&texts.join("\n")))
}

/// "Only where there is a story": the first criterion of the section asks whether there is one.
fn applies_if(row: &Row, first_of_section: Option<&str>) -> Option<AppliesIf> {
    let first = first_of_section.filter(|code| *code != row.code)?;
    let said = row.notes.iter().any(|n| matches!(sort(n), Sort::Condition));
    said.then(|| AppliesIf { criterion: first.to_owned(), min_points: 1 })
}
