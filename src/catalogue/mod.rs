//! The public read side: products, decisions, figures; and the import of what exists.

mod cache; // rendered answers, by revision and day
pub mod dto;
mod figures; // stock on a day
pub mod import;
mod lists; // queries and their pages
mod potential; // results of 90 or more that await the centre
pub mod routes;
mod shelf; // products and decisions as the catalogue shows them
mod store;

pub use cache::Cache;
pub use figures::stats;
pub use potential::potential_five;
pub use shelf::is_public;
