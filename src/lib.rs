//! The OCOP platform. Modules stand in the order in which they may import: each one uses those
//! above it, never those below (`tests/layout.rs` keeps this). From `places` on, the list is the
//! life of a product.

pub mod text; // words: two languages, folding, the key that sorts Vietnamese
pub mod refusal; // how a rule says no, without knowing HTTP
pub mod error; // AppError, Problem (RFC 9457), the only table of status codes
pub mod ids; // one newtype per identifier
pub mod actor; // the caller as plain values: Actor, Role, Reach
pub mod config; // every setting, read once, checked at start
pub mod db; // two engines behind one Conn; pools; Ctx; portable column types; schema
pub mod keys; // signing keys, sealed by the master key
pub mod audit; // who did what, when: a row in the deed's transaction
pub mod outbox; // what the outside world must learn, in the deed's transaction
pub mod numbers; // numbers without doubles, every one accounted for
pub mod recorder; // gives both their order behind the commits, seals the audit into signed blocks
pub mod jobs; // long work in short deeds: enqueue, lease, progress
pub mod files; // documents under the hash of their content
pub mod mail; // letters by e-mail, where there is a mail server
pub mod web; // plumbing that knows no domain word: bodies, pages, tags, retries, problems
pub mod paper; // papers as PDF/A: templates, fonts, QR codes
pub mod auth; // users, dated grants, tokens, the policy in one table

pub mod places; // provinces, districts, communes with validity and successors; calendars
pub mod organisations; // agencies, departments, associations: rows with validity, never enums
pub mod rulebook; // the regulation as dated data: bands, authorities, clocks, criteria sets
pub mod producers; // the chủ thể: types, tax codes, telephones
pub mod products; // the product register; product codes
pub mod dossiers; // intake: three kinds, the life of a dossier, hand-overs
pub mod scoring; // councils, sheets, the star and its explanation
pub mod certification; // decisions, certificates, verification, revocation
pub mod traceability; // lots and their events
pub mod monitoring; // inspections, findings, community feedback
pub mod programme; // plans and their targets
pub mod catalogue; // the public read side; what the rows of a list of before are
pub mod exchange; // lists taken over in jobs; what an officer has to settle

pub mod app; // the whole API on one page
pub mod backup; // backup and restore, verified by hashes, counts and audit
pub mod demo; // seasons of fictitious producers, played through the service's own door; the tour
pub mod server; // a running service: HTTP, recorder, workers, a clean end
