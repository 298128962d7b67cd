//! How a rule says no, without knowing HTTP.

use crate::text::Label;

/// One thing that a refusal is about, when there are several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it concerns: a field, a criterion, a paper.
    pub at: String,
    /// Stable word.
    pub word: &'static str,
    /// What to do about it.
    pub say: Label,
}

/// A refusal by the regulation. Every `rules` module has one enum that implements it.
pub trait Refusal: std::fmt::Debug + Send + Sync + 'static {
    /// Stable word, never reworded: `noun_reason`.
    fn word(&self) -> &'static str;
    /// One sentence that says why, and what to do, with the article.
    fn say(&self) -> Label;
    /// The parts of it, when the refusal lists several things.
    fn items(&self) -> Vec<Item> {
        Vec::new()
    }
}
