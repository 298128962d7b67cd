//! Which papers make a dossier complete (26/2026, Điều 6): required, present, expired, contradictory.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stop;
use crate::{
    refusal::Item,
    rulebook::{PaperNeed, PaperRule},
    text::{Label, fold},
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
    /// Whom it names, where that was told.
    pub holder: Holder,
    /// The number it bears, where that was told.
    pub number: Option<String>,
}

/// Whom a paper names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Holder {
    /// Name.
    pub name: Option<String>,
    /// Tax number.
    pub tax_code: Option<String>,
}

/// What papers are held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// The day of the check.
    pub today: NaiveDate,
    /// Names of the producer, those of before too, folded; nothing is compared with none.
    pub names: Vec<String>,
    /// Its tax number.
    pub tax_code: Option<String>,
    /// Before this day the dossier must reach its round: papers have to hold until then.
    pub round: Option<NaiveDate>,
    /// The end of a certificate given today.
    pub certificate: Option<NaiveDate>,
    /// How old a test report may be, in months.
    pub test_months: u32,
    /// Codes of the producer's growing areas.
    pub areas: Vec<AreaCode>,
}

/// The code of a growing area (mã số vùng trồng) and the days on which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCode {
    /// The code.
    pub code: String,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub through: Option<NaiveDate>,
}

impl AreaCode {
    fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.through.is_none_or(|through| day <= through)
    }

    /// Whether a paper bears this code, however it is spaced.
    fn is_on(&self, number: &str) -> bool {
        let plain =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect::<String>();
        !plain(&self.code).is_empty() && plain(&self.code) == plain(number)
    }
}

crate::words! {
    /// What is doubtful about a paper that lies in a dossier.
    pub enum Doubt {
        /// It names somebody else.
        OtherHolder = "paper_other_holder",
        /// It bears another tax number than the producer's, or than another paper.
        OtherTaxCode = "paper_other_tax_code",
        /// It bears the code of a growing area that does not hold today.
        AreaCode = "paper_area_code_not_valid",
        /// A test report older than the rulebook takes.
        TooOld = "paper_too_old",
        /// It ends before the round that the dossier is for.
        EndsBeforeRound = "paper_ends_before_round",
        /// It ends while the certificate would still be valid: renew it in time.
        EndsInValidity = "paper_ends_in_validity",
    }
}

impl Doubt {
    /// Whether it keeps the dossier from being complete.
    pub fn stops(self) -> bool {
        self != Self::EndsInValidity
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::OtherHolder => ("ghi tên chủ thể khác, kiểm tra lại", "names another producer, check it"),
            Self::OtherTaxCode => ("ghi mã số thuế khác, kiểm tra lại", "bears another tax number, check it"),
            Self::AreaCode => (
                "ghi mã số vùng trồng không còn hiệu lực, thay mã hoặc cập nhật vùng nguyên liệu",
                "bears the code of a growing area that does not hold today, replace it or correct the growing area",
            ),
            Self::TooOld => ("đã quá cũ, kiểm nghiệm lại", "is too old, test again"),
            Self::EndsBeforeRound => {
                ("hết hiệu lực trước đợt đánh giá, gia hạn trước", "ends before the round, renew it first")
            }
            Self::EndsInValidity => {
                ("sẽ hết hiệu lực khi giấy chứng nhận còn hạn", "will end while the certificate is valid")
            }
        }
    }
}

impl Paper {
    /// One that bears no dates.
    pub fn plain(paper: &str, copies: u16) -> Self {
        Self {
            paper: paper.to_owned(),
            copies,
            issued_on: None,
            expires_on: None,
            holder: Holder::default(),
            number: None,
        }
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
    /// What is doubtful about those that are there, each once.
    pub doubts: Vec<Doubt>,
    /// Where it is written.
    pub article: String,
}

impl PaperCheck {
    /// Does this line keep the dossier from being complete?
    pub fn stops(&self) -> bool {
        self.lacks() || self.doubts.iter().any(|d| d.stops())
    }

    fn lacks(&self) -> bool {
        self.need == PaperNeed::Required && self.present < self.asked
    }

    /// What to do about it.
    pub fn items(&self) -> Vec<Item> {
        let doubts = self.doubts.iter().filter(|d| d.stops());
        let doubts = doubts.map(|d| self.line(d.word(), d.words()));
        self.lack().into_iter().chain(doubts).collect()
    }

    fn line(&self, word: &'static str, (vi, en): (&str, &str)) -> Item {
        let say = Label::new(
            format!("{} {vi} ({}).", self.label.vi, self.article),
            format!("{} {en} ({}).", self.label.en, self.article),
        );
        Item { at: self.paper.clone(), word, say }
    }

    fn lack(&self) -> Option<Item> {
        let (word, vi, en) = match () {
            () if !self.lacks() => return None,
            () if self.expired => ("paper_expired", "đã hết hiệu lực, thay bản mới", "has expired, replace it"),
            () if self.present > 0 => ("paper_too_few", "chưa đủ số lượng", "too few"),
            () => ("paper_missing", "còn thiếu", "is missing"),
        };
        Some(self.line(word, (vi, en)))
    }
}

/// Compares what the rulebook asks for at a step with what lies in the dossier.
pub fn completeness(rules: &[&PaperRule], papers: &[Paper], against: &Against) -> Vec<PaperCheck> {
    rules.iter().map(|rule| check(rule, papers, against)).collect()
}

fn check(rule: &PaperRule, papers: &[Paper], against: &Against) -> PaperCheck {
    let of_type = || papers.iter().filter(|p| p.paper == rule.paper);
    let present = of_type().filter(|p| p.holds_on(against.today)).fold(0, |n: u16, p| n.saturating_add(p.copies));
    let found: Vec<Doubt> = of_type().flat_map(|p| doubts(p, papers, against)).collect();
    PaperCheck {
        paper: rule.paper.clone(),
        label: rule.label.clone(),
        need: rule.need,
        asked: rule.copies,
        present,
        expired: present == 0 && of_type().any(|p| p.expires_on.is_some_and(|day| day < against.today)),
        doubts: Doubt::ALL.iter().copied().filter(|d| found.contains(d)).collect(),
        article: rule.article.clone(),
    }
}

/// Papers whose age is limited.
const TESTS: &[&str] = &["testReport", "extraTests"];

/// What is doubtful about a paper that holds today; one that has expired counts as missing already.
fn doubts(paper: &Paper, all: &[Paper], against: &Against) -> Vec<Doubt> {
    if !paper.holds_on(against.today) {
        return Vec::new();
    }
    let named = paper.holder.name.as_deref().map(fold);
    let taxed = |p: &Paper| p.holder.tax_code.as_deref().map(digits);
    let own = against.tax_code.as_deref().map(digits);
    let others = || all.iter().filter_map(taxed);
    let oldest = against.today.checked_sub_months(Months::new(against.test_months));
    let ends_before = |day: Option<NaiveDate>| paper.expires_on.zip(day).is_some_and(|(end, day)| end < day);
    let seen = [
        (Doubt::OtherHolder, named.is_some_and(|n| !against.names.is_empty() && !against.names.contains(&n))),
        (
            Doubt::OtherTaxCode,
            taxed(paper).is_some_and(|code| match &own {
                Some(own) => code != *own,
                None => others().any(|other| other != code),
            }),
        ),
        (Doubt::AreaCode, paper.number.as_deref().is_some_and(|number| code_is_over(number, against))),
        (
            Doubt::TooOld,
            TESTS.contains(&paper.paper.as_str()) && paper.issued_on.zip(oldest).is_some_and(|(day, old)| day < old),
        ),
        (Doubt::EndsBeforeRound, ends_before(against.round)),
        (Doubt::EndsInValidity, !ends_before(against.round) && ends_before(against.certificate)),
    ];
    seen.into_iter().filter(|(_, there)| *there).map(|(doubt, _)| doubt).collect()
}

/// Whether a number is the code of a growing area of the producer, and none of that code holds today.
fn code_is_over(number: &str, against: &Against) -> bool {
    let mut bearing = against.areas.iter().filter(|area| area.is_on(number)).peekable();
    bearing.peek().is_some() && !bearing.any(|area| area.holds_on(against.today))
}

fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

/// Refuses an incomplete dossier, paper by paper.
pub fn must_be_complete(checks: Vec<PaperCheck>) -> Result<(), Stop> {
    if checks.iter().any(PaperCheck::stops) { Err(Stop::Incomplete(checks)) } else { Ok(()) }
}
