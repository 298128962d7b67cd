//! Intake: three kinds of dossier, the life of a dossier, hand-overs.

pub mod rules; // the life of a dossier as one table; which papers make it complete
