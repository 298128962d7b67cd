//! What a rulebook answers: which one is in force, who scores and recognises a star, which round a
//! hand-over reaches, until when an open dossier may finish.
//!
//! Four generations are embedded (`rulebooks/*.json`); others are imported as the same JSON and
//! answer the same questions without a rebuild. A dossier pins its rulebook when filed, so every
//! answer takes the rulebook and the day, never "the law".

mod check;
mod record;
mod stop;
#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use check::check_all;
pub use record::*;
pub use stop::Stop;

use crate::places::calendar::{Counting, add_months, before, shift_days};

/// What follows from a result of a star at the level that scored it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// This level recognises.
    Recognise,
    /// This level approves the result and sends the dossier on to the next.
    SendOn(Authority),
    /// The star belongs to a level below: the dossier goes back there, without failing.
    HandBack(Authority),
    /// A star that nobody recognises: no decision, no certificate.
    NotRecognised,
}

/// A round of evaluation, dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoundDates)]
pub struct Round {
    /// The level that holds it.
    pub level: Authority,
    /// 1, 2 …
    pub number: u8,
    /// Year of the round.
    pub year: i32,
    /// Dossiers are proposed before this day.
    pub cutoff: NaiveDate,
    /// The round is held before this day.
    pub hold_before: NaiveDate,
}

/// The days on which a re-evaluation may be filed, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReEvaluationWindow)]
pub struct Window {
    /// First day.
    pub opens: NaiveDate,
    /// Last day.
    pub closes: NaiveDate,
}

/// The rulebooks that the service ships with, in order of validity.
pub fn embedded() -> Result<Vec<Rulebook>, Stop> {
    [
        include_str!("../rulebooks/1048-781.json"),
        include_str!("../rulebooks/148.json"),
        include_str!("../rulebooks/1489.json"),
        include_str!("../rulebooks/26-2026.json"),
    ]
    .into_iter()
    .map(Rulebook::parse)
    .collect()
}

/// The one rulebook under which a dossier of this kind is filed on this day.
pub fn in_force(rulebooks: &[Rulebook], kind: DossierKind, date: NaiveDate) -> Result<&Rulebook, Stop> {
    let mut found = rulebooks.iter().filter(|book| book.is_in_force(date) && book.kind(kind).is_some());
    let first = found.next().ok_or(Stop::NoRulebook(kind, date))?;
    match found.next() {
        Some(second) => Err(Stop::TwoRulebooks(first.id.clone(), second.id.clone())),
        None => Ok(first),
    }
}

/// Ends every rulebook that a newer one replaces: a record in use is never edited, so an imported
/// rulebook says itself which ones it ends and until when their open dossiers may finish.
pub fn settle(mut rulebooks: Vec<Rulebook>) -> Vec<Rulebook> {
    rulebooks.sort_by_key(|book| book.valid_from);
    let newer: Vec<_> =
        rulebooks.iter().filter_map(|b| Some((b.valid_from.pred_opt()?, b.replaces.clone()?))).collect();
    for (last, replaces) in newer {
        for old in rulebooks.iter_mut().filter(|b| replaces.rulebooks.contains(&b.id)) {
            if old.valid_to.is_none_or(|end| last <= end) {
                old.valid_to = Some(last);
                old.finish = replaces.finish.clone();
            }
        }
    }
    rulebooks
}

/// The rulebook that a dossier pinned.
pub fn find<'a>(rulebooks: &'a [Rulebook], id: &str) -> Option<&'a Rulebook> {
    rulebooks.iter().find(|book| book.id == id)
}

fn within(date: NaiveDate, from: Option<NaiveDate>, until: Option<NaiveDate>) -> bool {
    from.is_none_or(|from| from <= date) && until.is_none_or(|until| date <= until)
}

impl AuthorityRow {
    /// The level to which `level` sends such a dossier on, if it does.
    pub fn sends_on(&self, level: Authority) -> Option<Authority> {
        let at = self.scores.iter().position(|l| *l == level)?;
        self.scores.get(at + 1).copied()
    }
}

impl Rulebook {
    /// Reads a rulebook from JSON and checks it.
    pub fn parse(json: &str) -> Result<Self, Stop> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let book: Self = serde_path_to_error::deserialize(&mut reader).map_err(|e| Stop::Unreadable(e.to_string()))?;
        book.check()?;
        Ok(book)
    }

    /// May a dossier be filed under it on this day?
    pub fn is_in_force(&self, date: NaiveDate) -> bool {
        within(date, Some(self.valid_from), self.valid_to)
    }

    /// How it treats a kind of dossier.
    pub fn kind(&self, kind: DossierKind) -> Option<&KindRule> {
        self.kinds.iter().find(|rule| rule.kind == kind)
    }

    /// Does a re-evaluation of a product that holds this star skip the provincial council?
    /// (26/2026, Điều 6.3 b and 7.6 e: 5★.)
    pub fn straight_to_centre(&self, kind: DossierKind, held: u8) -> bool {
        self.kind(kind).is_some_and(|rule| rule.straight_to_centre.contains(&held))
    }

    /// How the levels share the work on this day: the pattern of moves and the shape of codes.
    pub fn regime(&self, date: NaiveDate) -> Result<&Regime, Stop> {
        let found = self.regimes.iter().find(|r| within(date, r.from, r.until));
        found.ok_or_else(|| Stop::NoRegime(self.id.clone(), date))
    }

    /// Who deals with this star on this day. The day is that of the act, not of the filing: a
    /// dossier of 2024 decided in August 2025 is recognised by the province.
    pub fn authority(&self, date: NaiveDate, star: u8) -> Result<&AuthorityRow, Stop> {
        let found = self.authorities.iter().find(|row| row.star == star && within(date, row.from, row.until));
        found.ok_or(Stop::AuthorityUnnamed(star, date))
    }

    /// What `level` does with a result of `star` that its council found.
    pub fn outcome(&self, date: NaiveDate, level: Authority, star: u8) -> Result<Outcome, Stop> {
        let row = self.authority(date, star)?;
        let Some(recognises) = row.recognises else { return Ok(Outcome::NotRecognised) };
        match row.sends_on(level) {
            Some(next) => Ok(Outcome::SendOn(next)),
            None if level == recognises => Ok(Outcome::Recognise),
            None if level > recognises => Ok(Outcome::HandBack(recognises)),
            None => Err(Stop::LevelOutOfLine(level, star)),
        }
    }

    /// The star whose band holds the mean `sum / count`, compared by cross-multiplication, never
    /// rounded. None when nothing was counted or no band holds it.
    pub fn band_star(&self, sum: u64, count: u64) -> Option<u8> {
        let holds = |band: &&Band| {
            sum >= u64::from(band.from) * count && band.below.is_none_or(|below| sum < u64::from(below) * count)
        };
        if count == 0 { None } else { self.bands.iter().find(holds).map(|band| band.star) }
    }

    /// May an open dossier still be moved under this rulebook? (26/2026, Điều 12: dossiers filed
    /// before 22/5/2026 finish under the old law by 21/7/2026, re-evaluations by 21/6/2026.)
    pub fn may_move_under(&self, kind: DossierKind, filed_on: NaiveDate, today: NaiveDate) -> Result<(), Stop> {
        if !self.is_in_force(filed_on) {
            return Err(Stop::NotInForce(self.id.clone(), filed_on));
        }
        match self.last_day_to_move(kind) {
            Some(last) if today > last => Err(Stop::TransitionOver(self.id.clone(), last)),
            _ => Ok(()),
        }
    }

    /// The last day on which an open dossier of this kind may be moved; none where nothing ends it.
    pub fn last_day_to_move(&self, kind: DossierKind) -> Option<NaiveDate> {
        let ended = self.valid_to?;
        let finish = self.finish.iter().find(|f| f.kind == kind).map(|f| f.until);
        finish.or((self.parameters.open_after_end == OpenAfterEnd::Refile).then_some(ended))
    }

    /// The round of `level` that a hand-over of this day reaches: the first whose cut-off lies
    /// strictly after it. None where the text fixes no rounds for the level.
    pub fn round_of(&self, level: Authority, handover: NaiveDate) -> Option<Round> {
        let year = handover.year();
        let rules = self.rounds.iter().filter(|rule| rule.level == level);
        rules
            .flat_map(|rule| (year..=year + 1).filter_map(|y| rule.in_year(y)))
            .filter(|round| before(handover, round.cutoff, self.parameters.strictly_before))
            .min_by_key(|round| round.cutoff)
    }

    /// The next round of the same level; none where the text fixes no rounds for it.
    pub fn round_after(&self, round: &Round) -> Option<Round> {
        let year = round.cutoff.year();
        let rules = self.rounds.iter().filter(|rule| rule.level == round.level);
        rules
            .flat_map(|rule| (year..=year + 1).filter_map(|y| rule.in_year(y)))
            .filter(|later| later.cutoff > round.cutoff)
            .min_by_key(|later| later.cutoff)
    }

    /// When the re-evaluation of a certificate may be filed; none where the text has no window.
    pub fn re_evaluation_window(&self, expiry: NaiveDate) -> Result<Option<Window>, Stop> {
        let Some(rule) = &self.certificate.re_evaluation else { return Ok(None) };
        let opens = shift_days(expiry, -i64::from(rule.opens_days))?;
        let closes = shift_days(expiry, -i64::from(rule.closes_days))?;
        Ok(Some(Window { opens, closes }))
    }

    /// May the re-evaluation of a certificate be filed today? After the window only where the
    /// transitional extension covers the certificate, or the parameter `lateReEvaluation` accepts.
    pub fn may_file_re_evaluation(&self, expiry: NaiveDate, today: NaiveDate) -> Result<(), Stop> {
        let Some(window) = self.re_evaluation_window(expiry)? else { return Ok(()) };
        if today < window.opens {
            return Err(Stop::ReEvaluationTooEarly(window.opens));
        }
        let accepted = self.parameters.late_re_evaluation == LateReEvaluation::Accept;
        let late_until = self.extended_to(expiry)?.or(accepted.then_some(expiry));
        match today <= late_until.unwrap_or(window.closes) {
            true => Ok(()),
            false => Err(Stop::ReEvaluationTooLate(window.closes)),
        }
    }

    /// The last day of a certificate under re-evaluation that could not meet the window because
    /// the window had closed when this rulebook came (26/2026, Điều 12.3: at most 180 days).
    pub fn extended_to(&self, expiry: NaiveDate) -> Result<Option<NaiveDate>, Stop> {
        let (Some(rule), Some(window)) = (&self.certificate.extension, self.re_evaluation_window(expiry)?) else {
            return Ok(None);
        };
        let applies = window.closes < rule.window_closed_before && rule.window_closed_before <= expiry;
        applies.then(|| shift_days(expiry, rule.days.into())).transpose().map_err(Stop::from)
    }

    /// The day that a certificate issued on `issued` bears as its end (36 months).
    pub fn expires_on(&self, issued: NaiveDate) -> Result<NaiveDate, Stop> {
        Ok(add_months(issued, self.certificate.months)?)
    }

    /// The last day on which such a certificate is valid: its end, or the day before where
    /// `certificateThroughDay` is off.
    pub fn last_valid_day(&self, expiry: NaiveDate) -> Result<NaiveDate, Stop> {
        let back = if self.parameters.certificate_through_day { 0 } else { -1 };
        Ok(shift_days(expiry, back)?)
    }

    /// From which day a certificate counts as expiring (180 days before its end).
    pub fn expiring_from(&self, expiry: NaiveDate) -> Result<NaiveDate, Stop> {
        Ok(shift_days(expiry, -i64::from(self.certificate.expiring_days))?)
    }

    /// A ground of revocation by its letter.
    pub fn ground(&self, letter: &str) -> Result<&Ground, Stop> {
        let found = self.grounds.iter().find(|ground| ground.letter == letter);
        found.ok_or_else(|| Stop::GroundUnknown(letter.to_owned()))
    }

    /// A legal clock by its name.
    pub fn clock(&self, name: &str) -> Result<&Clock, Stop> {
        let found = self.clocks.iter().find(|clock| clock.name == name);
        found.ok_or_else(|| Stop::ClockUnknown(name.to_owned()))
    }

    /// How its periods are counted.
    pub fn counting(&self) -> Counting {
        Counting { roll: self.parameters.roll_to_working_day, pauses_count: self.parameters.pauses_count }
    }

    /// The name of a type of paper, wherever the decision names it first.
    pub fn paper_label(&self, paper: &str) -> Option<&crate::text::Label> {
        self.papers.iter().find(|rule| rule.paper == paper).map(|rule| &rule.label)
    }

    /// The papers due for a kind at a step, in a sector (`"6"` is tourism, without samples).
    pub fn papers(&self, kind: DossierKind, stage: Stage, sector: &str) -> Vec<&PaperRule> {
        let due = |p: &&PaperRule| {
            p.stage == stage
                && (p.kinds.is_empty() || p.kinds.contains(&kind))
                && !p.not_for_sectors.iter().any(|s| s == sector)
        };
        self.papers.iter().filter(due).collect()
    }
}

impl RoundRule {
    /// The round whose cut-off lies in this calendar year; none where that day does not exist.
    fn in_year(&self, year: i32) -> Option<Round> {
        let day = |d: DayOfYear, y: i32| NaiveDate::from_ymd_opt(y, d.month, d.day);
        let cutoff = day(self.cutoff, year)?;
        let hold_before =
            day(self.hold_before, year).filter(|hold| *hold > cutoff).or_else(|| day(self.hold_before, year + 1))?;
        Some(Round { level: self.level, number: self.number, year: year + self.year_shift, cutoff, hold_before })
    }
}
