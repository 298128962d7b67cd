//! A single sheet as a page (PDF): the sentences for the template.

use serde::Serialize;

use super::words;
use crate::scoring::rules::record::{RecordLine, SheetRecord};

/// The file name of the template.
pub(in crate::scoring) const TEMPLATE: &str = "sheet.typ";

/// What the template of a sheet reads.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::scoring) struct Page {
    council: String,
    held_on: String,
    head: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    total: String,
    opinion: String,
    submitted_on: String,
    member: String,
    demo: Option<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    code: String,
    title: String,
    max: String,
    heading: bool,
    option: String,
    says: String,
    points: String,
}

impl Page {
    /// The sentences of a record; a demonstration says so on every page.
    pub fn of(record: &SheetRecord, demo: Option<String>) -> Self {
        Self {
            council: record.council.clone(),
            held_on: words::day(record.held_on),
            head: words::sheet_head(record),
            lines: record.lines.iter().map(line).collect(),
            total: words::sheet_total(record),
            opinion: record.opinion.clone(),
            submitted_on: words::day(record.submitted_on),
            member: record.member.clone(),
            demo,
        }
    }
}

fn line(line: &RecordLine) -> Line {
    let chosen = line.chosen.as_ref();
    let remark = |c: &crate::scoring::rules::record::Chosen| match c.comment.as_deref().map(str::trim) {
        None | Some("") => words::says(c),
        Some(comment) => format!("{}. Ghi chú: {comment}", words::says(c)),
    };
    Line {
        code: line.code.clone(),
        title: line.title.vi.clone(),
        max: line.max_points.to_string(),
        heading: chosen.is_none(),
        option: chosen.map(|c| words::option(c).to_owned()).unwrap_or_default(),
        says: chosen.map(remark).unwrap_or_default(),
        points: chosen.map(|c| c.points.to_string()).unwrap_or_default(),
    }
}
