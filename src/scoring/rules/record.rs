//! A submitted sheet as it is printed (the tables of 26/2026, Phụ lục II, are also the sheets): all that
//! the page says, frozen at the submission. Whatever is printed later is made from this record alone.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Choice, KnockedOut, Marks, check_mark};
use crate::rulebook::{CriteriaSet, Criterion};
use crate::text::Label;

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetRecord {
    /// Name of the council.
    pub council: String,
    /// Number of the decision that set it up.
    pub decision_number: String,
    /// Its day.
    pub decided_on: NaiveDate,
    /// Day of the session.
    pub held_on: NaiveDate,
    /// Name of the product.
    pub product: String,
    /// Code of the product.
    pub product_code: Option<String>,
    /// Name of the producer.
    pub producer: String,
    /// Its address, in words.
    pub address: String,
    /// Code of the criteria set.
    pub set: String,
    /// Its name.
    pub set_name: Label,
    /// Number of the seat.
    pub seat: i32,
    /// Who marked.
    pub member: String,
    /// Position in the member's own office.
    pub title: String,
    /// Which round of sheets.
    pub scoring_round: i32,
    /// The table, line by line.
    pub lines: Vec<RecordLine>,
    /// The eliminating ground, when one was found.
    pub knock_out: Option<KnockedOut>,
    /// Points; none when it was stopped.
    pub total: Option<i64>,
    /// Opinion of whoever marked.
    pub opinion: String,
    /// The day on which it was submitted.
    pub submitted_on: NaiveDate,
}

/// One line of the table: a heading, or a criterion with what was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordLine {
    /// Code as printed.
    pub code: String,
    /// Title.
    pub title: Label,
    /// Points at most.
    pub max_points: i64,
    /// What was chosen; none on a heading.
    pub chosen: Option<Chosen>,
}

/// What was chosen for a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chosen {
    /// Code of the option; none says "none fits".
    pub option: Option<String>,
    /// What the option says.
    pub says: Option<Label>,
    /// Remark.
    pub comment: Option<String>,
    /// Its points.
    pub points: i64,
}

/// The lines of a table: parts, sections and criteria in printed order, with the marks.
pub fn lines(set: &CriteriaSet, marks: &Marks) -> Vec<RecordLine> {
    let mut out = Vec::new();
    let heading = |code: &str, title: &Label, max_points| RecordLine {
        code: code.to_owned(),
        title: title.clone(),
        max_points,
        chosen: None,
    };
    for part in &set.parts {
        out.push(heading(&part.code, &part.title, part.max_points));
        for section in &part.sections {
            out.push(heading(&section.code, &section.title, section.max_points));
            section.criteria.iter().for_each(|c| line(set, marks, c, &mut out));
        }
    }
    out
}

fn line(set: &CriteriaSet, marks: &Marks, criterion: &Criterion, out: &mut Vec<RecordLine>) {
    let chosen = |mark: &Choice| Chosen {
        option: mark.option.clone(),
        says: mark.option.as_deref().and_then(|o| criterion.option(o)).map(|o| o.label.clone()),
        comment: mark.comment.clone(),
        points: check_mark(set, &criterion.code, mark, marks).unwrap_or(0),
    };
    out.push(RecordLine {
        code: criterion.code.clone(),
        title: criterion.title.clone(),
        max_points: criterion.max_points,
        chosen: marks.get(&criterion.code).map(chosen),
    });
    criterion.criteria.iter().for_each(|c| line(set, marks, c, out));
}
