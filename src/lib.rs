//! The OCOP platform. Modules stand in the order in which they may import: each one uses those
//! above it, never those below (`tests/layout.rs` keeps this). From `places` on, the list is the
//! life of a product.

pub mod text; // words: two languages, folding, the key that sorts Vietnamese
pub mod refusal; // how a rule says no, without knowing HTTP

pub mod places; // provinces, districts, communes with validity and successors; calendars
pub mod rulebook; // the regulation as dated data: bands, authorities, clocks, criteria sets
pub mod producers; // the chủ thể: types, tax codes, telephones
pub mod products; // the product register; product codes
pub mod dossiers; // intake: three kinds, the life of a dossier, hand-overs
pub mod scoring; // councils, sheets, the star and its explanation
pub mod certification; // decisions, certificates, verification, revocation
pub mod traceability; // lots and their events
pub mod monitoring; // inspections, findings, community feedback
pub mod programme; // plans and their targets
pub mod catalogue; // the public read side; import of what exists
