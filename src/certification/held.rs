//! What a decision ends: a recognition, with its certificate where one was issued. Lists tell of
//! recognitions without any ([`super::listed`]); they end by the same decisions and in the same way.

use uuid::Uuid;

use super::model::{Certificate, DecisionItem, Recognition, RevocationCase};
use super::rules::{CertificateFacts, Stop};
use super::store;
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CertificateId, RecognitionId};
use crate::products;

/// What names it, in a case for revocation and in a line of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// Its certificate.
    Certificate(CertificateId),
    /// The recognition itself, where no certificate was issued.
    Recognition(RecognitionId),
}

impl Named {
    /// The certificate stands before the recognition.
    pub fn of(certificate: Option<CertificateId>, recognition: Option<RecognitionId>) -> Option<Self> {
        certificate.map(Self::Certificate).or(recognition.map(Self::Recognition))
    }

    /// The certificate.
    pub fn certificate(self) -> Option<CertificateId> {
        match self {
            Self::Certificate(id) => Some(id),
            Self::Recognition(_) => None,
        }
    }

    /// The recognition, where it is named itself.
    pub fn recognition(self) -> Option<RecognitionId> {
        match self {
            Self::Certificate(_) => None,
            Self::Recognition(id) => Some(id),
        }
    }
}

impl RevocationCase {
    /// What it is about.
    pub(super) fn named(&self) -> Option<Named> {
        Named::of(self.certificate_id, self.recognition_id)
    }
}

impl DecisionItem {
    /// What the line ends, extends or corrects.
    ///
    /// # Errors
    /// For a line about a dossier.
    pub(super) fn named(&self) -> Result<Named> {
        let named = Named::of(self.certificate_id, self.recognition_id);
        named.ok_or_else(|| AppError::internal("a line without its subject"))
    }
}

/// A recognition with its certificate.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub recognition: Recognition,
    pub certificate: Option<Certificate>,
}

impl Held {
    /// The dates that decide its state.
    pub fn facts(&self) -> CertificateFacts {
        self.certificate.as_ref().map_or_else(|| self.recognition.facts(None), Certificate::facts)
    }

    /// The number of its certificate.
    pub fn number(&self) -> Option<&str> {
        self.certificate.as_ref().map(|c| c.number.as_str())
    }

    /// What the audit calls it.
    pub fn audited(&self) -> (&'static str, Uuid) {
        match &self.certificate {
            Some(row) => ("certificate", row.id.0),
            None => ("recognition", self.recognition.id.0),
        }
    }
}

/// One that the caller may know of; a recognition without a certificate is known with its product.
///
/// # Errors
/// 404; 409 for a recognition that is named by its certificate.
pub(super) fn seen(cx: &mut Ctx<'_>, named: Named) -> Result<Held> {
    match named {
        Named::Certificate(id) => {
            let certificate = store::visible_certificate(cx, id)?.ok_or(AppError::NotFound)?;
            let recognition = store::recognition(cx, certificate.recognition_id)?.ok_or(AppError::NotFound)?;
            Ok(Held { recognition, certificate: Some(certificate) })
        }
        Named::Recognition(id) => {
            let recognition = store::recognition(cx, id)?.ok_or(AppError::NotFound)?;
            products::get(cx, recognition.product_id)?;
            match recognition.certificate_id {
                Some(_) => Err(Stop::HasCertificate.into()),
                None => Ok(Held { recognition, certificate: None }),
            }
        }
    }
}

/// The same, whoever asks, locked until the deed ends.
///
/// # Errors
/// When the database fails.
pub(super) fn lock(cx: &mut Ctx<'_>, named: Named) -> Result<Held> {
    match named {
        Named::Certificate(id) => {
            let certificate = store::lock_certificate(cx, id)?;
            let recognition = store::lock_recognition(cx, certificate.recognition_id)?;
            Ok(Held { recognition, certificate: Some(certificate) })
        }
        Named::Recognition(id) => Ok(Held { recognition: store::lock_recognition(cx, id)?, certificate: None }),
    }
}
