//! The product register; product codes.

pub mod check; // check characters of codes that people type
pub mod rules; // product codes and receipt numbers: built, read, printed
