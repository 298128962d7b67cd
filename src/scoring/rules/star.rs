//! From the sealed sheets of a council to the star.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::minima::{MinimumFinding, findings};
use super::regulation::{Aggregation, BandWithMinimumMissed, KnockOutRule, MinimaRule, Regulation};
use super::sheet::{KnockedOut, SealedSheet, Sheet, seal};
use super::{Bands, Mean, Stop};
use crate::rulebook::{CriteriaSet, marks};

/// The chair's recorded conclusion on a star minimum that exactly half of the sheets reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Conclusion {
    /// Code of the criterion.
    pub criterion: String,
    /// The star.
    pub star: u8,
    /// Whether the minimum holds.
    pub holds: bool,
    /// Why.
    pub reason: String,
}

/// The chair's recorded conclusion on a knock-out that no majority of sheets settles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnockOutConclusion {
    /// True rejects the dossier; false goes on with the sheets that have a total.
    pub reject: bool,
    /// Why.
    pub reason: String,
}

/// What the chair has concluded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Conclusions {
    /// On star minima.
    pub minima: Vec<Conclusion>,
    /// On a knock-out.
    pub knock_out: Option<KnockOutConclusion>,
}

impl Conclusions {
    /// The conclusion on one minimum.
    pub fn on(&self, criterion: &str, star: u8) -> Option<&Conclusion> {
        self.minima.iter().find(|c| c.criterion == criterion && c.star == star)
    }

    fn check(&self) -> Result<(), Stop> {
        let minima = self.minima.iter().map(|c| (c.criterion.as_str(), &c.reason));
        let knock_out = self.knock_out.iter().map(|c| ("knockOut", &c.reason));
        match minima.chain(knock_out).find(|(_, reason)| reason.trim().is_empty()) {
            Some((at, _)) => Err(Stop::ConclusionNeedsReason { at: at.to_owned() }),
            None => Ok(()),
        }
    }
}

/// One sheet that was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoppedSheet {
    /// Label of the seat.
    pub seat: String,
    /// The ground and what was found.
    pub knocked_out: KnockedOut,
}

/// What the council made of its stopped sheets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KnockOutFinding {
    /// The stopped sheets.
    pub by: Vec<StoppedSheet>,
    /// Valid sheets, those with a total among them.
    pub sheets: usize,
    /// True rejects the dossier; false sets the stopped sheets aside.
    pub rejected: bool,
    /// The chair's reason, where the sheets alone do not settle it.
    pub concluded: Option<String>,
}

/// What the council found, with everything that the written reasons need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Code of the set.
    pub set: String,
    /// Valid sheets, stopped ones among them.
    pub valid_sheets: usize,
    /// How the mean was made.
    pub aggregation: Aggregation,
    /// The mean; none when rejected.
    pub mean: Option<Mean>,
    /// Highest and lowest total that count for the spread; none when rejected.
    pub spread: Option<(i64, i64)>,
    /// The star of the band alone.
    pub star_by_band: Option<u8>,
    /// The star; none when rejected, or when the regulation gives none for a missed minimum.
    pub star: Option<u8>,
    /// Every minimum up to the star of the band.
    pub minima: Vec<MinimumFinding>,
    /// The rule by which minima hold.
    pub minima_rule: MinimaRule,
    /// What was made of stopped sheets, where there are any.
    pub knock_out: Option<KnockOutFinding>,
    /// True exactly when leaving out some single sheet would give another star or another verdict.
    pub sensitive: bool,
}

impl Finding {
    /// Whether a knock-out rejects the dossier.
    pub fn rejected(&self) -> bool {
        self.knock_out.as_ref().is_some_and(|k| k.rejected)
    }

    /// The minima that do not hold.
    pub fn missed(&self) -> impl Iterator<Item = &MinimumFinding> {
        self.minima.iter().filter(|m| !m.holds)
    }
}

/// Settles a round of sheets. Quorum is asked of [`super::quorum`] beforehand.
///
/// In this order: every seal is checked again, knock-outs are settled, the spread is measured, the
/// mean gives the band, the minima give the star. A conclusion that nothing asks for is ignored.
pub fn outcome(
    set: &CriteriaSet,
    bands: &Bands,
    sheets: &[SealedSheet],
    regulation: &Regulation,
    conclusions: &Conclusions,
) -> Result<Finding, Stop> {
    regulation.check()?;
    conclusions.check()?;
    check_seals(set, sheets)?;
    let council = Council { set, bands, regulation, conclusions };
    // In the order of the seats, so that the order in which sheets are given does not matter.
    let mut all: Vec<&SealedSheet> = sheets.iter().collect();
    all.sort_by_key(|s| (s.seat.len(), &s.seat));
    let (mut finding, open) = council.settle(&all)?;
    let decided = |f: &Finding| (f.star, f.rejected());
    if let Some((highest, lowest)) = finding.spread
        && highest - lowest > regulation.spread_limit
    {
        return Err(Stop::SpreadBeyondLimit { highest, lowest, limit: regulation.spread_limit });
    }
    if !open.is_empty() {
        return Err(Stop::ConclusionNeeded { minima: open });
    }
    finding.sensitive = (0..all.len()).any(|left_out| {
        let rest: Vec<&SealedSheet> = all.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, s)| *s).collect();
        // A rest that would have to be discussed again is another verdict too.
        council.settle(&rest).map_or(true, |(other, _)| decided(&other) != decided(&finding))
    });
    Ok(finding)
}

fn check_seals(set: &CriteriaSet, sheets: &[SealedSheet]) -> Result<(), Stop> {
    let mut seats = HashSet::new();
    for sealed in sheets {
        if !seats.insert(&sealed.seat) {
            return Err(Stop::SeatRepeated { seat: sealed.seat.clone() });
        }
        let sheet = Sheet { set: set.code.clone(), marks: sealed.marks.clone(), knock_out: sealed.knocked_out.clone() };
        if seal(set, &sheet, &sealed.seat, sealed.chair).as_ref() != Ok(sealed) {
            return Err(Stop::SealBroken { seat: sealed.seat.clone() });
        }
    }
    Ok(())
}

struct Council<'a> {
    set: &'a CriteriaSet,
    bands: &'a Bands,
    regulation: &'a Regulation,
    conclusions: &'a Conclusions,
}

impl Council<'_> {
    /// The finding, and the minima that only the chair can settle.
    fn settle(&self, sheets: &[&SealedSheet]) -> Result<(Finding, Vec<(String, u8)>), Stop> {
        let stopped: Vec<&SealedSheet> = sheets.iter().copied().filter(|s| s.knocked_out.is_some()).collect();
        let knock_out = self.knock_out(&stopped, sheets.len())?;
        if knock_out.as_ref().is_some_and(|k| k.rejected) {
            return Ok((Finding { knock_out, ..self.empty(sheets.len()) }, Vec::new()));
        }
        let counted: Vec<&SealedSheet> = sheets.iter().copied().filter(|s| s.total.is_some()).collect();
        let totals: Vec<i64> = counted.iter().filter_map(|s| s.total).collect();
        let mean = Mean::of(&totals, self.regulation.aggregation).ok_or(Stop::NoSheets)?;
        let by_band = self.bands.of(mean).ok_or(marks::Stop::BandsWrong)?.star;
        let (minima, open) = findings(self.set, &counted, by_band, self.regulation.minima_rule, self.conclusions);
        let finding = Finding {
            mean: Some(mean),
            spread: totals.iter().max().copied().zip(totals.iter().min().copied()),
            star_by_band: Some(by_band),
            star: self.star(by_band, &minima),
            minima,
            knock_out,
            ..self.empty(sheets.len())
        };
        Ok((finding, open))
    }

    fn empty(&self, sheets: usize) -> Finding {
        Finding {
            set: self.set.code.clone(),
            valid_sheets: sheets,
            aggregation: self.regulation.aggregation,
            mean: None,
            spread: None,
            star_by_band: None,
            star: None,
            minima: Vec::new(),
            minima_rule: self.regulation.minima_rule,
            knock_out: None,
            sensitive: false,
        }
    }

    /// A majority of stopped sheets rejects, whatever the chair says; short of it the chair concludes.
    fn knock_out(&self, stopped: &[&SealedSheet], sheets: usize) -> Result<Option<KnockOutFinding>, Stop> {
        if stopped.is_empty() {
            return Ok(None);
        }
        let finding = |rejected, concluded| {
            let by = stopped.iter().filter_map(|s| stopped_sheet(s)).collect();
            Ok(Some(KnockOutFinding { by, sheets, rejected, concluded }))
        };
        if self.regulation.knock_out_rule == KnockOutRule::AnySheet || 2 * stopped.len() > sheets {
            return finding(true, None);
        }
        match &self.conclusions.knock_out {
            Some(conclusion) => finding(conclusion.reject, Some(conclusion.reason.clone())),
            None => Err(Stop::KnockOutDisputed { seats: stopped.iter().map(|s| s.seat.clone()).collect(), sheets }),
        }
    }

    /// The highest star, from the band down, whose minima hold.
    fn star(&self, by_band: u8, minima: &[MinimumFinding]) -> Option<u8> {
        let holds = |star: u8| minima.iter().all(|m| m.star > star || m.holds);
        match self.regulation.band_with_minimum_missed {
            BandWithMinimumMissed::StepDown => self.bands.stars_down(by_band).find(|s| holds(*s)),
            BandWithMinimumMissed::None => Some(by_band).filter(|s| holds(*s)),
        }
    }
}

fn stopped_sheet(sheet: &SealedSheet) -> Option<StoppedSheet> {
    Some(StoppedSheet { seat: sheet.seat.clone(), knocked_out: sheet.knocked_out.clone()? })
}
