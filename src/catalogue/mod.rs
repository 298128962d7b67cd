//! (rooms follow)

pub mod import;
