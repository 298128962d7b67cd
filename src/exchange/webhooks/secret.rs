//! Secrets and signatures as Standard Webhooks 1.0 says: HMAC-SHA256 over `id.timestamp.body`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as B64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::super::model::webhooks::Webhook;
use crate::db::Moment;
use crate::error::{AppError, Result};
use crate::keys::MasterKey;

/// What the secret is sealed for.
const USED_FOR: &str = "webhook";
/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A new secret: 256 bits.
pub(super) fn fresh() -> String {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes);
    format!("{PREFIX}{}", B64.encode(bytes))
}

pub(super) fn seal(master: &MasterKey, secret: &str) -> Result<String> {
    master.seal(secret.as_bytes(), USED_FOR)
}

/// The signatures of a message at a moment: by the secret of today, and by the one before while it still signs.
pub(super) fn signatures(master: &MasterKey, row: &Webhook, (id, now, body): (&str, Moment, &str)) -> Result<String> {
    let timestamp = now.utc().timestamp();
    let before = row.sealed_previous.as_deref().filter(|_| row.previous_until.is_some_and(|until| now < until));
    let mut signed = Vec::new();
    for sealed in [Some(row.sealed_secret.as_str()), before].into_iter().flatten() {
        signed.push(format!("v1,{}", sign(&master.open(sealed, USED_FOR)?, id, timestamp, body)?));
    }
    Ok(signed.join(" "))
}

fn sign(secret: &[u8], id: &str, timestamp: i64, body: &str) -> Result<String> {
    let text = std::str::from_utf8(secret).map_err(AppError::internal)?;
    let key = B64.decode(text.strip_prefix(PREFIX).unwrap_or(text)).map_err(AppError::internal)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(AppError::internal)?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(B64.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    /// A secret, a message and its signature as the specification's own libraries are tried with.
    #[test]
    fn a_message_is_signed_as_others_sign_it() {
        let signed = super::sign(
            b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.unwrap(), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
