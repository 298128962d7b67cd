//! Certification: decisions, recognitions, certificates, verification, revocation.
//!
//! A decision is prepared by officers and signed by somebody else. Signing closes the dossiers and
//! draws the numbers; publication makes the recognitions and issues the certificates. Nothing of it
//! is public before.

pub mod credential; // certificates that prove themselves
mod corrections; // clerical mistakes on certificates
mod decisions; // prepared, signed, published
mod dossier; // what a decision asks of a dossier
pub mod dto;
mod extend; // the extension of Điều 12.3
mod held; // what decisions end: recognitions, with their certificates
mod issue; // certificates: numbered at signing, issued at publication
mod listed; // recognitions of before this service
mod model;
mod notices; // decisions in writing, to producers and communes
mod offices; // whose office a decision is
pub mod paper; // certificates and decisions as PDF
mod printing; // the job that prints a decision's certificates
mod prints; // numbered prints
mod revoke; // cases for revocation, and what ends a certificate
mod scans; // decisions as they were signed on paper
pub mod routes;
pub mod rules;
mod show; // rows as the wire shows them
mod store;
mod sweep; // what midnight does
mod timeline; // the life of a product
mod withdraw; // recognitions undone, dossiers taken up again
mod verify; // what anybody may know of a printed number

use chrono::NaiveDate;

use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{CertificateId, ProducerId, ProductId};

pub use decisions::{Draft, Signing, Subject, discard, hold, prepare, publish, rewrite, sign};
pub use dto::{CorrectedLine, OnQuery, PublicScan, TimelineView, UnitView, VerifiedDecision, VerifiedPlace};
pub use held::Named;
pub use listed::{ImportedApproval, ImportedRecognition, import_recognition, import_result_approval};
pub use model::{Certificate, Decision, DecisionItem, DecisionState, EndedWhy, Recognition, RecognitionKind};
pub use printing::Printer;
pub use prints::PRINT_CERTIFICATES;
pub use revoke::{NewCase, drop_case, open as open_case};
pub use rules::{Standing, State};
pub use scans::public_scans;
pub use show::{NamedItem, lines};
pub use sweep::{DAILY, daily};
pub use timeline::timeline;
pub(crate) use verify::units_today;
pub use verify::{verify, verify_each};

/// A certificate and how it stands.
#[derive(Debug, Clone)]
pub struct Standed {
    /// The certificate.
    pub certificate: Certificate,
    /// Its state on the day that was asked for.
    pub standing: Standing,
}

/// The certificate that a product bears on a day: the one in force, else the last one issued.
///
/// # Errors
/// When the database fails.
pub fn certificate_of_product(cx: &mut Ctx<'_>, product: ProductId, on: NaiveDate) -> Result<Option<Standed>> {
    let all = store::certificates_of(cx, product, on)?;
    let mut stood: Vec<Standed> =
        all.into_iter().map(|c| Standed { standing: c.standing(on), certificate: c }).collect();
    let best = stood.iter().position(|s| s.standing.state.in_force()).unwrap_or(0);
    Ok(if stood.is_empty() { None } else { Some(stood.swap_remove(best)) })
}

/// A certificate by identifier.
///
/// # Errors
/// When the database fails.
pub fn certificate(cx: &mut Ctx<'_>, id: CertificateId) -> Result<Option<Certificate>> {
    store::certificate(cx, id)
}

/// What an entry of the register holds goes along when it leads to another one; what is printed and
/// signed keeps the name that it bears.
///
/// # Errors
/// When the database fails.
pub fn follow_producer(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()> {
    let numbers = store::move_producer(cx, from, into)?;
    store::move_notices(cx, from, into)?;
    let details = Details::none().with("producer", into).with("certificates", numbers);
    audit::record(cx, "recognitions.followed", "producer", from.0, details)
}

/// What a line of a decision corrects; nothing in other kinds of decision.
pub fn corrected_lines(item: &DecisionItem) -> Vec<CorrectedLine> {
    dto::corrected(item.corrections.as_ref())
}

/// How a certificate stands on a day.
pub fn standing(certificate: &Certificate, on: NaiveDate) -> Standing {
    certificate.standing(on)
}

/// Every recognition of a product, in time.
///
/// # Errors
/// When the database fails.
pub fn recognitions_of(cx: &mut Ctx<'_>, product: ProductId) -> Result<Vec<Recognition>> {
    store::recognitions_of(cx, product)
}

/// Brings the recognitions of a product into order: each one that a later one follows has ended
/// with it, and the last one is marked.
fn settle(cx: &mut Ctx<'_>, product: ProductId) -> Result<()> {
    let all = store::recognitions_of(cx, product)?;
    for (at, row) in all.iter().enumerate() {
        match all.get(at + 1) {
            Some(next) if row.ended_on.is_none() => {
                // A certificate goes on until the next one begins, which may be issued after its decision.
                let next_one = next.certificate_id.map(|id| store::certificate(cx, id)).transpose()?.flatten();
                let begins = next_one.map_or(next.recognised_on, |row| row.issued_on);
                store::supersede(cx, row.id, next.recognised_on, begins)?;
            }
            _ => {}
        }
        let newest = at + 1 == all.len();
        if row.newest != newest {
            store::mark_newest(cx, row.id, newest)?;
        }
    }
    Ok(())
}
