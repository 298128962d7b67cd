//! The regulation of scoring: from the marks on a sheet to the star and its written reasons.
//!
//! Everything here is a value in, a value out. A sheet is [`sheet::Sheet`]; a council settles its
//! sealed sheets with [`star::outcome`] under its [`regulation::Regulation`]; [`explain::explain`]
//! says why, in both languages; [`preview()`] answers the producer who scores himself.

pub mod agreement;
pub mod bands;
pub mod contest;
pub mod council;
pub mod edits;
pub mod explain;
pub mod figures;
pub mod independence;
pub mod interests;
pub mod minima;
pub mod minutes;
pub mod record;
pub mod references;
mod refuse;
pub mod regulation;
pub mod sheet;
pub mod star;
pub mod whatif;
mod stop;

pub use crate::rulebook::preview::{Preview, preview};
pub use bands::{Band, Bands, Mean};
pub use council::{ConflictBasis, Office, SessionMove, SessionState, SheetState, TableState};
pub use explain::{Paragraph, explain, written};
pub use independence::{Matter, Phase, Viewer, may_see};
pub use minima::MinimumFinding;
pub use references::References;
pub use refuse::Stop;
pub use regulation::{AdvisoryView, Form, Regulation, quorum};
pub use sheet::{Choice, KnockedOut, Marks, SealedSheet, Sheet, check_mark, seal};
pub use star::{Conclusions, Finding, outcome};
pub use stop::SessionStop;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
