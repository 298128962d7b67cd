//! (rooms follow)

pub mod rules;
