//! The regulation as dated data: decisions, bands, authorities, rounds, clocks, papers.

pub mod rules; // the record, its check, and what it answers

pub use rules::{
    Authority, CodePattern, DossierKind, Outcome, PaperNeed, PaperRule, Pattern, Rulebook, Stage, Stop, embedded, find,
    in_force, settle,
};
