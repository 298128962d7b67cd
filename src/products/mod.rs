//! The product register; product codes.

pub mod rules; // product codes and receipt numbers: built, read, printed
