//! The second factor: codes of six digits that change every thirty seconds (RFC 6238, SHA-1, one
//! step of grace on either side). A step is accepted once. Secrets lie sealed by the master key.

use totp_rs::{Builder, Secret, Totp};

use crate::db::Moment;
use crate::error::Result;
use crate::ids::UserId;
use crate::keys::MasterKey;

/// A new secret: 160 bits.
pub fn fresh() -> [u8; 20] {
    let mut secret = [0_u8; 20];
    rand::fill(&mut secret);
    secret
}

/// The secret as people type it: base32.
pub fn written(secret: [u8; 20]) -> String {
    Secret::from(secret).to_base32()
}

/// What an authenticator reads from a QR code.
pub fn uri(instance: &str, email: &str, secret: [u8; 20]) -> String {
    let (instance, email) = (percent(instance), percent(email));
    let secret = written(secret);
    format!("otpauth://totp/{instance}:{email}?secret={secret}&issuer={instance}&algorithm=SHA1&digits=6&period=30")
}

/// Seals a secret for one user.
///
/// # Errors
/// When the cipher fails.
pub fn seal(master: &MasterKey, user: UserId, secret: &[u8]) -> Result<String> {
    master.seal(secret, &used_for(user))
}

/// The time step that a typed code belongs to; none when it is wrong, or of a step that was accepted before.
///
/// # Errors
/// When the secret cannot be opened.
pub fn step(
    master: &MasterKey,
    user: UserId,
    sealed: &str,
    typed: &str,
    now: Moment,
    last_step: i64,
) -> Result<Option<i64>> {
    if typed.len() != 6 || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let secret = master.open(sealed, &used_for(user))?;
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or(0);
    let found = totp(secret).check(typed, seconds).and_then(|step| i64::try_from(step).ok());
    Ok(found.filter(|step| *step > last_step))
}

/// The code of a moment, for tests and for people who write their own authenticator.
pub fn code_at(secret: &[u8], now: Moment) -> String {
    totp(secret.to_vec()).generate(u64::try_from(now.micros() / 1_000_000).unwrap_or(0)).to_string()
}

/// Reads a secret as people type it.
pub fn read(written: &str) -> Option<Vec<u8>> {
    Secret::try_from_base32(written).ok().map(|s| s.as_bytes().to_vec())
}

fn totp(secret: Vec<u8>) -> Totp {
    Builder::new().with_secret(secret).build_noncompliant()
}

fn used_for(user: UserId) -> String {
    format!("totp:{user}")
}

fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the last six of eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(code_at(secret, Moment::from_micros(seconds * 1_000_000)), code);
        }
    }

    #[test]
    fn a_step_is_accepted_once_with_one_step_of_grace() {
        let (master, user) = (MasterKey::for_test(), UserId::new());
        let sealed = seal(&master, user, b"12345678901234567890").unwrap();
        let at = |s: i64| Moment::from_micros(s * 1_000_000);
        let check = |typed: &str, s: i64, last: i64| step(&master, user, &sealed, typed, at(s), last).unwrap();
        assert_eq!(check("287082", 59, 0), Some(1));
        assert_eq!(check("287082", 59, 1), None, "a replay");
        assert_eq!(check("287082", 89, 0), Some(1), "one step late");
        assert_eq!(check("287082", 90, 0), None, "two steps late");
        assert_eq!(check("28708", 59, 0), None);
        assert!(step(&master, UserId::new(), &sealed, "287082", at(59), 0).is_err(), "sealed for another user");
    }

    #[test]
    fn the_address_for_authenticators_is_escaped() {
        let address = uri("OCOP Trà Vinh", "lan+1@example.vn", *b"12345678901234567890");
        assert_eq!(
            address,
            "otpauth://totp/OCOP%20Tr%C3%A0%20Vinh:lan%2B1%40example.vn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=OCOP%20Tr%C3%A0%20Vinh&algorithm=SHA1&digits=6&period=30"
        );
    }
}
