//! The regulation as dated data: decisions, bands, authorities, rounds, clocks, papers, criteria.

pub mod bands; // the mean as an exact fraction, and the bands of points that give the stars
pub mod criteria; // criteria sets: the record, its check, the sets that ship
pub mod marks; // what is chosen for each criterion, and its check
pub mod preview; // what the marks give so far, and what the next star needs
pub mod rules; // the record of a decision, its check, and what it answers

pub use criteria::{ChoiceKind, CriteriaSet, Criterion, CriterionOption, KnockOut, KnockOutKind, Named, Section};
pub use rules::{
    Authority, CodePattern, DossierKind, Outcome, PaperNeed, PaperRule, Pattern, Rulebook, Stage, Stop, embedded, find,
    in_force, settle,
};
