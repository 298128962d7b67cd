//! (rooms follow)

pub mod check;
