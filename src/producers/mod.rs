//! (rooms follow)

pub mod rules;

pub use rules::{ProducerType, TypeReading, read_type};
