//! Scenes through HTTP, one file per capability. Every scene runs on the engine that
//! `OCOP_TEST_DATABASE_URL` names (`postgres://…`), on the embedded database when it is not set.
#![expect(clippy::unwrap_used, reason = "a scene stops where something is not as it says")]

mod dossiers;
mod handovers;
mod places;
mod plumbing;
mod recorder;
mod rulebooks;
mod world;
