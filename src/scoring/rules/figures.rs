//! Figures about a closed session, for whoever organises councils: how strictly each member marked, how
//! far members agree, how stars are spread over the sets, where producers see themselves differently.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::agreement::ordinal_alpha;
use super::{Marks, SealedSheet};
use crate::rulebook::CriteriaSet;
use crate::rulebook::marks::{applies, points};

/// A dossier with a result, as the figures need it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The set.
    pub set: CriteriaSet,
    /// The sheets of the round that gave the result.
    pub sheets: Vec<SealedSheet>,
    /// What the producer marked.
    pub own: Marks,
    /// The star; 0 where there is none.
    pub stars: u8,
    /// The mean, in points; none when rejected.
    pub mean: Option<f64>,
}

/// How strictly one member marked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Strictness {
    /// The seat, as the reasons name it.
    pub seat: String,
    /// Dossiers that the member and somebody else gave a total.
    pub dossiers: usize,
    /// Points above (or below) the mean of the others, on the average of those dossiers.
    pub above_others: f64,
}

/// How far members agree on one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Code of the set.
    pub set: String,
    /// Code of the criterion.
    pub criterion: String,
    /// Dossiers that two members marked at least.
    pub dossiers: usize,
    /// Krippendorff's alpha, ordinal; nothing where it cannot be said.
    pub alpha: Option<f64>,
}

/// How the dossiers of one set came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// Code of the set.
    pub set: String,
    /// Dossiers by star; 0 stands for no star.
    pub by_star: BTreeMap<u8, usize>,
    /// Lowest, middle and highest mean.
    pub means: Option<[f64; 3]>,
}

/// How differently producers see one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelfDifference {
    /// Code of the set.
    pub set: String,
    /// Code of the criterion.
    pub criterion: String,
    /// Dossiers whose producer marked it.
    pub dossiers: usize,
    /// Points that producers give themselves above the council, on the average.
    pub above_council: f64,
}

/// All figures of a session.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Dossiers with a result.
    pub dossiers: usize,
    /// Members, the most generous first.
    pub strictness: Vec<Strictness>,
    /// Criteria, the least agreed on first; those of which nothing can be said last.
    pub agreement: Vec<Agreement>,
    /// Sets, in order of their codes.
    pub distribution: Vec<Distribution>,
    /// Criteria on which producers and council differ most, at most thirty.
    pub self_marks: Vec<SelfDifference>,
}

/// Rounded to four decimals: enough to read, the same on every machine.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The figures of dossiers with a result.
pub fn figures(judged: &[Judged]) -> Figures {
    Figures {
        dossiers: judged.len(),
        strictness: strictness(judged),
        agreement: agreement(judged),
        distribution: distribution(judged),
        self_marks: self_marks(judged),
    }
}

fn strictness(judged: &[Judged]) -> Vec<Strictness> {
    let mut apart: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for one in judged {
        let totals: Vec<(&str, i64)> = one.sheets.iter().filter_map(|s| Some((s.seat.as_str(), s.total?))).collect();
        for (seat, total) in &totals {
            let others: Vec<f64> = totals.iter().filter(|(s, _)| s != seat).map(|(_, t)| *t as f64).collect();
            if !others.is_empty() {
                apart.entry(seat).or_default().push(*total as f64 - average(&others));
            }
        }
    }
    let mut out: Vec<Strictness> = apart
        .into_iter()
        .map(|(seat, d)| Strictness { seat: seat.to_owned(), dossiers: d.len(), above_others: round(average(&d)) })
        .collect();
    out.sort_by(|a, b| b.above_others.total_cmp(&a.above_others).then_with(|| a.seat.cmp(&b.seat)));
    out
}

/// Points that each sheet with a total gives a criterion that applies.
fn given(one: &Judged, criterion: &str) -> Vec<i64> {
    let Some(found) = one.set.criterion(criterion) else { return Vec::new() };
    let counted = one.sheets.iter().filter(|s| s.total.is_some() && applies(&one.set, found, &s.marks));
    counted.filter_map(|s| Some(points(&one.set, criterion, s.marks.get(criterion)?))).collect()
}

fn by_criterion(judged: &[Judged]) -> BTreeMap<(String, String), Vec<&Judged>> {
    let mut out: BTreeMap<(String, String), Vec<&Judged>> = BTreeMap::new();
    for one in judged {
        for criterion in one.set.scored() {
            out.entry((one.set.code.clone(), criterion.code.clone())).or_default().push(one);
        }
    }
    out
}

fn agreement(judged: &[Judged]) -> Vec<Agreement> {
    let mut out = Vec::new();
    for ((set, criterion), dossiers) in by_criterion(judged) {
        let units: Vec<Vec<i64>> = dossiers.iter().map(|one| given(one, &criterion)).collect();
        let dossiers = units.iter().filter(|u| u.len() > 1).count();
        out.push(Agreement { alpha: ordinal_alpha(&units).map(round), set, criterion, dossiers });
    }
    let rank = |a: &Agreement| a.alpha.unwrap_or(f64::MAX);
    out.sort_by(|a, b| rank(a).total_cmp(&rank(b)).then_with(|| (&a.set, &a.criterion).cmp(&(&b.set, &b.criterion))));
    out
}

fn distribution(judged: &[Judged]) -> Vec<Distribution> {
    let mut sets: BTreeMap<&str, (BTreeMap<u8, usize>, Vec<f64>)> = BTreeMap::new();
    for one in judged {
        let (by_star, means) = sets.entry(&one.set.code).or_default();
        *by_star.entry(one.stars).or_default() += 1;
        means.extend(one.mean);
    }
    let one = |(set, (by_star, mut means)): (&str, (BTreeMap<u8, usize>, Vec<f64>))| {
        means.sort_by(f64::total_cmp);
        let middle = means.get(means.len() / 2);
        let ends = means.first().zip(means.last());
        let means = ends.zip(middle).map(|((low, high), middle)| [round(*low), round(*middle), round(*high)]);
        Distribution { set: set.to_owned(), by_star, means }
    };
    sets.into_iter().map(one).collect()
}

fn self_marks(judged: &[Judged]) -> Vec<SelfDifference> {
    let mut out = Vec::new();
    for ((set, criterion), dossiers) in by_criterion(judged) {
        let apart = |one: &&Judged| {
            let own = points(&one.set, &criterion, one.own.get(&criterion)?) as f64;
            let given: Vec<f64> = given(one, &criterion).into_iter().map(|p| p as f64).collect();
            (!given.is_empty()).then(|| own - average(&given))
        };
        let all: Vec<f64> = dossiers.iter().filter_map(apart).collect();
        if !all.is_empty() {
            out.push(SelfDifference { dossiers: all.len(), above_council: round(average(&all)), set, criterion });
        }
    }
    let far = |d: &SelfDifference| d.above_council.abs();
    out.sort_by(|a, b| far(b).total_cmp(&far(a)).then_with(|| (&a.set, &a.criterion).cmp(&(&b.set, &b.criterion))));
    out.retain(|d| d.above_council != 0.0);
    out.truncate(30);
    out
}
