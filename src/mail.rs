//! Letters by e-mail, where the operator named a mail server. Neither addresses nor what a letter
//! says ever reach the log.

use std::sync::Arc;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{Message, SmtpTransport, Transport};

use crate::config::Config;
use crate::error::{AppError, Result};

/// The way to the mail server; shared by all workers.
#[derive(Clone)]
pub struct Mailer(Option<Arc<Server>>);

struct Server {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// From `OCOP_SMTP_URL` and `OCOP_MAIL_FROM`; without them no letter is sent.
    ///
    /// # Errors
    /// When a setting cannot be read.
    pub fn open(config: &Config) -> Result<Self> {
        let Some(url) = &config.smtp_url else { return Ok(Self(None)) };
        let unreadable = |what: &str, e: String| AppError::Internal(format!("{what}: {e}"));
        let from = config.mail_from.as_deref().unwrap_or_default();
        Ok(Self(Some(Arc::new(Server {
            // The address may hold a password: what is wrong with it is said without showing it.
            transport: SmtpTransport::from_url(url)
                .map_err(|_| unreadable("OCOP_SMTP_URL", "write smtps://user:password@host:465".to_owned()))?
                .timeout(Some(std::time::Duration::from_secs(20)))
                .build(),
            from: from.parse().map_err(|e| unreadable("OCOP_MAIL_FROM", format!("{e}")))?,
        }))))
    }

    /// Whether letters can be sent at all.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Sends a letter; waits for the mail server, so never call it inside a transaction.
    ///
    /// # Errors
    /// When there is no mail server, it does not answer, or it takes no letter for this address.
    pub fn send(&self, to: &str, subject: &str, text: String) -> Result<()> {
        let Some(server) = &self.0 else { return Err(AppError::internal("no mail server is named")) };
        let letter = Message::builder()
            .from(server.from.clone())
            .to(to.parse().map_err(|_| AppError::internal("an account's address is no address of a mail box"))?)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(AppError::internal)?;
        server.transport.send(&letter).map(|_| ()).map_err(AppError::internal)
    }
}
