//! Scenes through HTTP, one file per capability. Every scene runs on the engine that
//! `OCOP_TEST_DATABASE_URL` names (`postgres://…`), on the embedded database when it is not set.
#![expect(clippy::unwrap_used, reason = "a scene stops where something is not as it says")]

mod audit_access;
mod bad_requests;
mod catalogue;
mod certification;
mod contract;
mod engines;
mod identity;
mod matrix;
mod migrations;
mod places;
mod plumbing;
mod recorder;
mod register;
mod registrations;
mod rulebooks;
mod scoring;
mod verify;
mod walk;
mod world;
