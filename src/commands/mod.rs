//! The commands, one file for each group.

pub mod import;
