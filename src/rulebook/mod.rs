//! The regulation as dated data: decisions, bands, authorities, rounds, clocks, papers, criteria.

pub mod criteria; // criteria sets: the record, its check, the sets that ship
pub mod rules; // the record of a decision, its check, and what it answers

pub use criteria::{ChoiceKind, CriteriaSet, Criterion, CriterionOption, KnockOut, KnockOutKind, Named, Section};
pub use rules::{
    Authority, CodePattern, DossierKind, Outcome, PaperNeed, PaperRule, Pattern, Rulebook, Stage, Stop, embedded, find,
    in_force, settle,
};
