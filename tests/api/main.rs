//! Scenes through HTTP, one file per capability. Every scene runs on the engine that
//! `OCOP_TEST_DATABASE_URL` names (`postgres://…`), on the embedded database when it is not set.
#![expect(clippy::unwrap_used, reason = "a scene stops where something is not as it says")]

mod catalogue;
mod certification;
mod dossiers;
mod handovers;
mod bad_requests;
mod contract;
mod engines;
mod matrix;
mod migrations;
mod imports;
mod monitoring;
mod places;
mod plumbing;
mod programme;
mod recorder;
mod walk;
mod rulebooks;
mod verify;
mod register;
mod scoring;
mod audit_access;
mod identity;
mod places;
mod plumbing;
mod recorder;
mod rulebooks;
mod register;
mod registrations;
mod traceability;
mod world;
