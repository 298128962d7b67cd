//! How far the members of a council agree: Krippendorff's alpha for ordinal values.
//!
//! 1 says that all agree, 0 that they agree as chance would, below 0 that they disagree more than that.
//! Missing values are allowed; what only one member valued says nothing about agreement.

use std::collections::BTreeMap;

/// Krippendorff's alpha, ordinal. Each unit holds the values that were given to it; their order within
/// the unit does not matter. None where nothing can be said: no unit with two values, or a single value
/// throughout.
pub fn ordinal_alpha(units: &[Vec<i64>]) -> Option<f64> {
    let pairable: Vec<&Vec<i64>> = units.iter().filter(|u| u.len() > 1).collect();
    // How often each value stands where it can be paired, in order of the values.
    let mut often: BTreeMap<i64, f64> = BTreeMap::new();
    for value in pairable.iter().flat_map(|u| u.iter()) {
        *often.entry(*value).or_default() += 1.0;
    }
    if often.len() < 2 {
        return None;
    }
    let all: f64 = often.values().sum();
    let distance = |a: i64, b: i64| {
        let (low, high) = (a.min(b), a.max(b));
        let between: f64 = often.range(low..=high).map(|(_, n)| n).sum();
        let ends = often.get(&a).copied().unwrap_or(0.0) + often.get(&b).copied().unwrap_or(0.0);
        if a == b { 0.0 } else { (between - ends / 2.0).powi(2) }
    };
    let seen: f64 = pairable.iter().map(|unit| of_pairs(unit, &distance) / (unit.len() as f64 - 1.0)).sum();
    let values: Vec<(i64, f64)> = often.iter().map(|(v, n)| (*v, *n)).collect();
    let by_chance: f64 = values
        .iter()
        .flat_map(|(a, n)| values.iter().map(move |(b, m)| (*a, *b, n * m)))
        .map(|(a, b, w)| w * distance(a, b))
        .sum();
    Some(1.0 - (all - 1.0) * seen / by_chance)
}

/// The distances of every ordered pair within a unit, added up.
fn of_pairs(unit: &[i64], distance: &impl Fn(i64, i64) -> f64) -> f64 {
    unit.iter().flat_map(|a| unit.iter().map(move |b| (*a, *b))).map(|(a, b)| distance(a, b)).sum()
}
