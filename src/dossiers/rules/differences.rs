//! What changed since the dossier on which the present recognition rests (26/2026, Điều 6.1): line by
//! line, in the order of the criteria.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DossierForm;
use crate::ids::{EvidenceId, EvidenceVersionId};
use crate::rulebook::CriteriaSet;
use crate::rulebook::marks::{Choice, Marks};

crate::words! {
    /// What kind of change a line tells.
    pub enum DifferenceKind {
        /// A newer version of a paper lies here.
        PaperReplaced = "paperReplaced",
        /// A paper was carried over and has expired.
        PaperExpired = "paperExpired",
        /// A paper that did not lie there.
        PaperAdded = "paperAdded",
        /// A paper that lies here no more.
        PaperRemoved = "paperRemoved",
        /// Another option is chosen for a criterion.
        OptionChanged = "optionChanged",
        /// A field of the form was written anew.
        FormChanged = "formChanged",
    }
}

/// A paper as it lies in one of the two dossiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LyingPaper {
    /// The paper.
    pub evidence: EvidenceId,
    /// The version.
    pub version: EvidenceVersionId,
    /// Which one, from 1.
    pub ordinal: i32,
    /// Stable word of its type.
    pub paper: String,
    /// The number it bears.
    pub number: Option<String>,
    /// Last day on which it holds.
    pub expires_on: Option<NaiveDate>,
    /// Criteria it proves.
    pub criteria: Vec<String>,
}

/// What a dossier says: one side of the comparison.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Its papers.
    pub papers: Vec<LyingPaper>,
    /// Its self-marks.
    pub marks: Marks,
    /// Its form.
    pub form: DossierForm,
}

/// One side of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Side {
    /// The number of a paper (or `#` and its version), the code of an option, the text of a field.
    pub text: String,
    /// The version of a paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<EvidenceVersionId>,
    /// Last day on which a paper holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<NaiveDate>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// What kind of change.
    pub change: DifferenceKind,
    /// The first criterion that it touches, in printed order.
    pub criterion: Option<String>,
    /// Type of the paper, code of the criterion, or name of the field.
    pub subject: String,
    /// As it was.
    pub old: Option<Side>,
    /// As it is.
    pub new: Option<Side>,
}

/// The fields that belong to each filing: no change since the recognition.
const OF_EACH_FILING: [&str; 3] = ["samples", "commitment", "updates"];

/// Every change since the recognition, in the order of the criteria; what touches none comes last:
/// papers, then the form.
pub fn differences(set: &CriteriaSet, old: &Content, new: &Content, today: NaiveDate) -> Vec<Difference> {
    let mut lines = lines(set, old, new, today);
    lines.retain(|l| l.change != DifferenceKind::FormChanged || !OF_EACH_FILING.contains(&l.subject.as_str()));
    lines
}

/// What somebody changed between two readings of one dossier; a paper that merely ran out is none.
pub fn changes(set: &CriteriaSet, old: &Content, new: &Content, today: NaiveDate) -> Vec<Difference> {
    let mut lines = lines(set, old, new, today);
    lines.retain(|l| l.change != DifferenceKind::PaperExpired);
    lines
}

fn lines(set: &CriteriaSet, old: &Content, new: &Content, today: NaiveDate) -> Vec<Difference> {
    let place: BTreeMap<&str, usize> =
        set.scored().into_iter().enumerate().map(|(i, c)| (c.code.as_str(), i)).collect();
    let first = |paper: &LyingPaper| {
        let known = paper.criteria.iter().filter(|c| place.contains_key(c.as_str()));
        known.min_by_key(|c| place.get(c.as_str())).cloned()
    };
    let mut lines = papers(old, new, today, first);
    lines.extend(options(old, new));
    lines.extend(form(&old.form, &new.form));
    let at = |line: &Difference| line.criterion.as_deref().and_then(|c| place.get(c)).copied().unwrap_or(usize::MAX);
    lines.sort_by_key(at);
    lines
}

fn papers(
    old: &Content,
    new: &Content,
    today: NaiveDate,
    first: impl Fn(&LyingPaper) -> Option<String>,
) -> Vec<Difference> {
    let of = |papers: &[LyingPaper], id| papers.iter().find(|p| p.evidence == id).cloned();
    let line = |change, paper: &LyingPaper, old: Option<&LyingPaper>, new: Option<&LyingPaper>| Difference {
        change,
        criterion: first(paper),
        subject: paper.paper.clone(),
        old: old.map(LyingPaper::side),
        new: new.map(LyingPaper::side),
    };
    let here = new.papers.iter().filter_map(|paper| match of(&old.papers, paper.evidence) {
        None => Some(line(DifferenceKind::PaperAdded, paper, None, Some(paper))),
        Some(before) if before.version != paper.version => {
            Some(line(DifferenceKind::PaperReplaced, paper, Some(&before), Some(paper)))
        }
        Some(before) if paper.expires_on.is_some_and(|day| day < today) => {
            Some(line(DifferenceKind::PaperExpired, paper, Some(&before), Some(paper)))
        }
        Some(_) => None,
    });
    let gone = old.papers.iter().filter(|paper| of(&new.papers, paper.evidence).is_none());
    here.chain(gone.map(|paper| line(DifferenceKind::PaperRemoved, paper, Some(paper), None))).collect()
}

impl LyingPaper {
    fn side(&self) -> Side {
        let text = self.number.clone().unwrap_or_else(|| format!("#{}", self.ordinal));
        Side { text, version: Some(self.version), expires_on: self.expires_on }
    }
}

fn plain(text: String) -> Side {
    Side { text, version: None, expires_on: None }
}

fn options(old: &Content, new: &Content) -> Vec<Difference> {
    let said = |choice: &Choice| (choice.case, choice.option.clone());
    let side = |choice: &Choice| {
        let option = choice.option.as_deref().unwrap_or("none");
        plain(choice.case.map_or_else(|| option.to_owned(), |case| format!("{case}:{option}")))
    };
    let codes: std::collections::BTreeSet<&String> = old.marks.keys().chain(new.marks.keys()).collect();
    let line = |code: &String| {
        let (before, after) = (old.marks.get(code), new.marks.get(code));
        (before.map(said) != after.map(said)).then(|| Difference {
            change: DifferenceKind::OptionChanged,
            criterion: Some(code.clone()),
            subject: code.clone(),
            old: before.map(side),
            new: after.map(side),
        })
    };
    codes.into_iter().filter_map(line).collect()
}

fn form(old: &DossierForm, new: &DossierForm) -> Vec<Difference> {
    let told = |text: String| (!text.trim().is_empty()).then(|| plain(text));
    let pairs = old.fields().into_iter().zip(new.fields());
    let changed = pairs.filter(|((_, before), (_, after))| before.trim() != after.trim());
    changed
        .map(|((field, before), (_, after))| Difference {
            change: DifferenceKind::FormChanged,
            criterion: None,
            subject: field.to_owned(),
            old: told(before),
            new: told(after),
        })
        .collect()
}

/// Names of the fields of the form that were written anew.
pub fn changed_fields(old: &DossierForm, new: &DossierForm) -> Vec<String> {
    form(old, new).into_iter().map(|line| line.subject).collect()
}
