//! Scenes through HTTP, one file per capability. Every scene runs on the engine that
//! `OCOP_TEST_DATABASE_URL` names (`postgres://…`), on the embedded database when it is not set.
#![expect(clippy::unwrap_used, reason = "a scene stops where something is not as it says")]

mod audit_access;
mod bad_requests;
mod catalogue;
mod certification;
mod commune_month;
mod contract;
mod demo;
mod dossiers;
mod engines;
mod evidence;
mod handovers;
mod identity;
mod imports;
mod mail;
mod matrix;
mod migrations;
mod monitoring;
mod places;
mod plumbing;
mod process;
mod programme;
mod queues;
mod recorder;
mod reforms;
mod register;
mod registrations;
mod reminders;
mod rounds;
mod rulebooks;
mod scoring;
mod traceability;
mod verify;
mod walk;
mod world;
