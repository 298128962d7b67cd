//! The commands, one file for each group.

pub mod import;
pub mod reference;
pub mod products;
