//! The minutes as a page (PDF): the sentences for the template.

use serde::Serialize;

use super::words;
use crate::scoring::rules::Office;
use crate::scoring::rules::minutes::{Minutes, MinutesDossier, MinutesPerson};

/// The file name of the template.
pub(in crate::scoring) const TEMPLATE: &str = "minutes.typ";

/// The file name of the template of the summary table, which reads the same.
pub(in crate::scoring) const SUMMARY: &str = "summary.typ";

/// What the template of the minutes reads.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::scoring) struct Page {
    council: String,
    place: String,
    decision: String,
    held_on: String,
    form: &'static str,
    marked: String,
    report: Option<String>,
    presided: String,
    quorum: String,
    people: Vec<Person>,
    conflicts: Vec<String>,
    dossiers: Vec<Dossier>,
    remarks: String,
    drawn_up_on: String,
    secretary: Option<String>,
    chair: Option<String>,
    members: Vec<Person>,
    demo: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    organisation: String,
    seat: String,
    name: String,
    title: String,
    office: String,
    present: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dossier {
    ordinal: i32,
    product: String,
    code: String,
    producer: String,
    set: String,
    totals: Vec<Total>,
    mean: String,
    spread: String,
    round: Option<String>,
    minima: Option<String>,
    conclusion: String,
    dissent: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct Total {
    seat: i32,
    total: String,
}

impl Page {
    /// The sentences of a record; a demonstration says so on every page.
    pub fn of(record: &Minutes, demo: Option<String>) -> Self {
        let people: Vec<(String, &MinutesPerson)> =
            record.attendance.iter().flat_map(|o| o.people.iter().map(|p| (o.organisation.clone(), p))).collect();
        let council = &record.council;
        let named = |seat: Option<i32>| people.iter().map(|(_, p)| *p).find(|p| Some(p.seat) == seat);
        let presiding = named(record.presided_by);
        let secretary = people.iter().map(|(_, p)| *p).find(|p| p.office == Office::Secretary);
        let signs =
            |p: &MinutesPerson| p.present && Some(p.seat) != record.presided_by && p.office != Office::Secretary;
        let quorum = record.quorum;
        let opened = record.opened_at.as_deref().unwrap_or("–");
        Self {
            council: council.name.clone(),
            place: council.place.clone().unwrap_or_else(|| "Trung ương".to_owned()),
            decision: format!("{} ngày {}", council.decision_number, words::day(council.decided_on)),
            held_on: words::day(record.held_on),
            form: words::form(record.form),
            marked: format!("từ {opened} đến {}", record.closed_at.as_deref().unwrap_or("–")),
            report: record.report.as_ref().map(|(number, on)| format!("{number} ngày {}", words::day(*on))),
            presided: presiding.map_or_else(|| "–".to_owned(), |p| format!("{}, {}", p.name, words::role(p))),
            quorum: format!(
                "{} trên {} thành viên chấm điểm; quy chế cần ít nhất {}",
                quorum.present, quorum.seats, quorum.needed
            ),
            members: people.iter().filter(|(_, p)| signs(p)).map(|(o, p)| person(o, p)).collect(),
            people: people.iter().map(|(o, p)| person(o, p)).collect(),
            conflicts: record
                .conflicts
                .iter()
                .map(|c| {
                    let who = named(Some(c.seat)).map(|p| p.name.clone()).unwrap_or_default();
                    format!("Hồ sơ {}: {who} (ghế {}) không tham gia. Lý do: {}", c.dossier, c.seat, c.reason)
                })
                .collect(),
            dossiers: record.dossiers.iter().map(dossier).collect(),
            remarks: record.remarks.clone(),
            drawn_up_on: words::day(record.drawn_up_on),
            secretary: secretary.map(|p| p.name.clone()),
            chair: presiding.map(|p| p.name.clone()),
            demo,
        }
    }
}

fn person(organisation: &str, p: &MinutesPerson) -> Person {
    Person {
        organisation: organisation.to_owned(),
        seat: p.seat.to_string(),
        name: p.name.clone(),
        title: p.title.clone(),
        office: words::role(p),
        present: if p.present { "có" } else { "vắng" },
    }
}

fn dossier(d: &MinutesDossier) -> Dossier {
    let total = |(seat, total): &(i32, Option<i64>)| Total {
        seat: *seat,
        total: total.map_or_else(|| "dừng".to_owned(), |t| t.to_string()),
    };
    let found = d.found.as_ref();
    Dossier {
        ordinal: d.ordinal,
        product: d.product.clone(),
        code: d.product_code.clone().unwrap_or_else(|| "chưa có mã".to_owned()),
        producer: d.producer.clone(),
        set: d.set.clone(),
        totals: d.totals.iter().map(total).collect(),
        mean: words::mean(found.and_then(|f| f.mean)),
        spread: words::spread(found.and_then(|f| f.spread)),
        round: (d.scoring_round > 1).then(|| format!("lượt {}", d.scoring_round)),
        minima: found.map(words::minima),
        conclusion: words::conclusion(d),
        dissent: found.map(words::dissent),
        next: found.map(|f| f.next_step.vi.clone()),
    }
}
