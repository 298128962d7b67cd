//! Which papers make a dossier complete (26/2026, Điều 6): required, present, expired.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stop;
use crate::{
    refusal::Item,
    rulebook::{PaperNeed, PaperRule},
    text::Label,
};

/// A paper that lies in the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Paper {
    /// Stable word of its type, as the rulebook names it.
    pub paper: String,
    /// How many (samples); one for a document.
    pub copies: u16,
    /// Day of issue, where it bears one.
    pub issued_on: Option<NaiveDate>,
    /// Last day on which it holds, where it has one.
    pub expires_on: Option<NaiveDate>,
}

impl Paper {
    /// One that bears no dates.
    pub fn plain(paper: &str, copies: u16) -> Self {
        Self { paper: paper.to_owned(), copies, issued_on: None, expires_on: None }
    }

    /// Does it hold on this day: issued, and not expired?
    pub fn holds_on(&self, today: NaiveDate) -> bool {
        self.issued_on.is_none_or(|day| day <= today) && self.expires_on.is_none_or(|day| today <= day)
    }
}

/// One line of the check: a paper that the rulebook names, and what lies in the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaperCheck {
    /// Stable word of the type.
    pub paper: String,
    /// Its name.
    pub label: Label,
    /// Required, due if any, or supporting.
    pub need: PaperNeed,
    /// How many are asked for.
    pub asked: u16,
    /// How many are there and hold.
    pub present: u16,
    /// There is one, and none that holds today.
    pub expired: bool,
    /// Where it is written.
    pub article: String,
}

impl PaperCheck {
    /// Does this line keep the dossier from being complete?
    pub fn stops(&self) -> bool {
        self.need == PaperNeed::Required && self.present < self.asked
    }

    /// What to do about it, if anything.
    pub fn item(&self) -> Option<Item> {
        let (word, vi, en) = match () {
            () if !self.stops() => return None,
            () if self.expired => ("paper_expired", "đã hết hiệu lực, thay bản mới", "has expired, replace it"),
            () if self.present > 0 => ("paper_too_few", "chưa đủ số lượng", "too few"),
            () => ("paper_missing", "còn thiếu", "is missing"),
        };
        let say = Label::new(
            format!("{} {vi} ({}).", self.label.vi, self.article),
            format!("{} {en} ({}).", self.label.en, self.article),
        );
        Some(Item { at: self.paper.clone(), word, say })
    }
}

/// Compares what the rulebook asks for at a step with what lies in the dossier today.
pub fn completeness(rules: &[&PaperRule], papers: &[Paper], today: NaiveDate) -> Vec<PaperCheck> {
    rules.iter().map(|rule| check(rule, papers, today)).collect()
}

fn check(rule: &PaperRule, papers: &[Paper], today: NaiveDate) -> PaperCheck {
    let of_type = || papers.iter().filter(|p| p.paper == rule.paper);
    let present = of_type().filter(|p| p.holds_on(today)).fold(0, |n: u16, p| n.saturating_add(p.copies));
    PaperCheck {
        paper: rule.paper.clone(),
        label: rule.label.clone(),
        need: rule.need,
        asked: rule.copies,
        present,
        expired: present == 0 && of_type().any(|p| p.expires_on.is_some_and(|day| day < today)),
        article: rule.article.clone(),
    }
}

/// Refuses an incomplete dossier, paper by paper.
pub fn must_be_complete(rules: &[&PaperRule], papers: &[Paper], today: NaiveDate) -> Result<(), Stop> {
    let checks = completeness(rules, papers, today);
    if checks.iter().any(PaperCheck::stops) { Err(Stop::Incomplete(checks)) } else { Ok(()) }
}
