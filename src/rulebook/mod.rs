//! (rooms follow)

pub mod criteria;

pub use criteria::{ChoiceKind, CriteriaSet, Criterion, CriterionOption, KnockOut, KnockOutKind, Named, Section};
