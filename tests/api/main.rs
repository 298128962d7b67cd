//! Scenes through HTTP, one file per capability. Every scene runs on the engine that
//! `OCOP_TEST_DATABASE_URL` names (`postgres://…`), on the embedded database when it is not set.
#![expect(clippy::unwrap_used, reason = "a scene stops where something is not as it says")]

mod audit_access;
mod bad_requests;
mod catalogue;
mod certification;
mod contract;
mod credentials;
mod demo;
mod dossiers;
mod engines;
mod evidence;
mod handovers;
mod identity;
mod imports;
mod mail;
mod matrix;
mod midnight;
mod migrations;
mod monitoring;
mod notices;
mod places;
mod plumbing;
mod process;
mod programme;
mod recorder;
mod reforms;
mod register;
mod registrations;
mod rounds;
mod rulebooks;
mod scoring;
mod secrecy;
mod traceability;
mod verify;
mod walk;
mod world;
