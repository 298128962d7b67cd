//! "Which set is my product in?": the words of a product against the names of the sets.

use std::cmp::Reverse;

use super::CriteriaSet;
use crate::text::{fold, tokens};

/// Folded words that stand in many names and tell nothing.
const EMPTY_WORDS: &[&str] = &[
    "va", "tu", "cac", "khac", "san", "pham", "dang", "co", "khong", "cua", "thanh", "phan", "and", "other", "of",
    "from", "with", "the", "products", "product", "in",
];

/// The sets whose names hold words of the text, best first: code of the set and the name that
/// matched. A name of the set weighs more than its subgroup, group and sector; two words side by
/// side weigh more than two apart, because Vietnamese words are often two syllables; of equals the
/// name that begins with the word comes first.
pub fn suggest<'a>(sets: &'a [CriteriaSet], text: &str) -> Vec<(&'a str, &'a str)> {
    let asked = tokens(text);
    let mut found: Vec<(Reverse<usize>, usize, &str, &str)> = sets
        .iter()
        .filter_map(|set| {
            let ranked = names(set).map(|(weight, name)| (likeness(&asked, name), weight, name));
            let ((score, place), weight, name) = ranked.max_by_key(|((score, _), weight, _)| score * weight)?;
            (score > 0).then_some((Reverse(score * weight), place, set.code.as_str(), name))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(.., code, name)| (code, name)).collect()
}

fn names(set: &CriteriaSet) -> impl Iterator<Item = (usize, &str)> {
    let sector = set.sector.iter().flat_map(|n| [(1, n.vi.as_str()), (1, n.en.as_str())]);
    let group = set.group.iter().flat_map(|n| [(2, n.vi.as_str()), (2, n.en.as_str())]);
    let subgroup = set.subgroup.iter().flat_map(|n| [(3, n.vi.as_str()), (3, n.en.as_str())]);
    let own = [(4, set.name.vi.as_str()), (4, set.name.en.as_str())];
    own.into_iter().chain(subgroup).chain(group).chain(sector)
}

/// How much of the text a name holds, and at which of its words that begins.
fn likeness(asked: &[String], name: &str) -> (usize, usize) {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let tells = |word: &str| !EMPTY_WORDS.contains(&word);
    let single = asked.iter().filter(|w| tells(w) && words.contains(&w.as_str())).count();
    let pairs = asked.windows(2).filter(|pair| words.windows(2).any(|w| w[0] == pair[0] && w[1] == pair[1])).count();
    let begins = words.iter().position(|w| tells(w) && asked.iter().any(|a| a == w)).unwrap_or(words.len());
    (if single == 0 { 0 } else { single + 3 * pairs }, begins)
}
