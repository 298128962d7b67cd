//! Access tokens (JWT, EdDSA): they carry the user and the sign-in only; rights are read from the
//! database on each request. Password hashes (Argon2id).

use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use jsonwebtoken::{Algorithm as JwtAlgorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::actor::Caller;
use crate::db::{Db, Moment};
use crate::error::{AppError, Result};
use crate::ids::{SessionId, UserId};
use crate::keys::{self, MasterKey, PublicKey, Purpose, SignKey};

/// How long an access token works, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// How long a sign-in can be refreshed, in seconds: 30 days.
pub const REFRESH_SECONDS: i64 = 30 * 24 * 3600;

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: UserId,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// Signs and reads access tokens.
pub struct Tokens {
    issuer: String,
    key: SignKey,
    public: RwLock<Vec<PublicKey>>,
    asked: Mutex<Option<Instant>>,
}

/// Keys of other nodes are looked for no more often than this.
const ASK_AGAIN: Duration = Duration::from_secs(3);

impl Tokens {
    /// Loads the keys; makes the first one.
    ///
    /// # Errors
    /// When the database or the master key fails.
    pub fn load(db: &Db, master: &MasterKey, issuer: &str) -> Result<Self> {
        let master = master.clone();
        let (key, public) = db.write_now(&Caller::system("keys"), move |cx| {
            let key = keys::active(cx, &master, Purpose::Token)?;
            // Made now, so that reading a credential never has to write.
            keys::active(cx, &master, Purpose::Certificate)?;
            Ok((key, keys::public(cx)?))
        })?;
        Ok(Self { issuer: issuer.to_owned(), key, public: RwLock::new(public), asked: Mutex::new(None) })
    }

    /// A token for a sign-in.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn issue(&self, user: UserId, session: SessionId, now: Moment) -> Result<String> {
        let at = now.micros() / 1_000_000;
        let claims = Claims { iss: self.issuer.clone(), sub: user, sid: session, iat: at, exp: at + ACCESS_SECONDS };
        let mut header = Header::new(JwtAlgorithm::EdDSA);
        header.kid = Some(self.key.id.to_string());
        let key = EncodingKey::from_ed_der(&self.key.pkcs8()?);
        jsonwebtoken::encode(&header, &claims, &key).map_err(AppError::internal)
    }

    /// Reads a token: user and sign-in.
    ///
    /// # Errors
    /// 401 with the reason's word.
    pub fn read(&self, token: &str, now: Moment) -> Result<(UserId, SessionId)> {
        let bad = || AppError::Unauthenticated("token_invalid");
        let header = jsonwebtoken::decode_header(token).map_err(|_| bad())?;
        let kid = header.kid.ok_or_else(bad)?;
        let x = {
            let public = self.public.read().map_err(|_| AppError::internal("keys"))?;
            public.iter().find(|k| k.purpose == Purpose::Token && k.id.to_string() == kid).map(|k| k.x.clone())
        };
        let key = DecodingKey::from_ed_components(&x.ok_or_else(bad)?).map_err(|_| bad())?;
        let mut rules = Validation::new(JwtAlgorithm::EdDSA);
        rules.set_issuer(&[&self.issuer]);
        rules.validate_exp = false; // against our own clock, below
        rules.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules).map_err(|_| bad())?.claims;
        match claims.exp * 1_000_000 > now.micros() {
            true => Ok((claims.sub, claims.sid)),
            false => Err(AppError::Unauthenticated("token_expired")),
        }
    }

    /// Whether the token names a key that is not known here and may have been made by another node.
    /// Says so at most once in a few seconds, so that made-up names cost the database nothing.
    pub fn should_ask(&self, token: &str) -> bool {
        let Some(kid) = jsonwebtoken::decode_header(token).ok().and_then(|h| h.kid) else { return false };
        let known = self.public.read().is_ok_and(|public| public.iter().any(|k| k.id.to_string() == kid));
        let Ok(mut asked) = self.asked.lock() else { return false };
        if known || asked.is_some_and(|at| at.elapsed() < ASK_AGAIN) {
            return false;
        }
        *asked = Some(Instant::now());
        true
    }

    /// Takes over the keys that the database holds now.
    pub fn learn(&self, keys: Vec<PublicKey>) {
        if let Ok(mut public) = self.public.write() {
            *public = keys;
        }
    }

    /// The published keys (JWKS, RFC 7517).
    pub fn jwks(&self) -> serde_json::Value {
        let public = self.public.read().map(|p| p.clone()).unwrap_or_default();
        let key = |k: &PublicKey, kid: String| {
            serde_json::json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid,
                "x": k.x, "ocop:purpose": k.purpose})
        };
        let did = keys::did_web(self.issuer.trim_end_matches('/'));
        let own = public.iter().map(|k| key(k, k.id.to_string()));
        // Credentials name their key by the issuer's identifier (VC-JOSE-COSE, §3.3), libraries look it up as it stands.
        let ours = public.iter().filter(|k| k.purpose == Purpose::Certificate);
        let keys: Vec<_> = own.chain(ours.map(|k| key(k, format!("{did}#{}", k.id)))).collect();
        serde_json::json!({ "keys": keys })
    }
}

/// OWASP's figures for Argon2id: 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

/// Hashes a password; slow on purpose, never inside a closure of the database.
///
/// # Errors
/// When hashing fails.
pub fn hash_password(password: &str) -> Result<String> {
    Ok(hasher().hash_password(password.as_bytes()).map_err(AppError::internal)?.to_string())
}

/// The hash that accounts without one are checked against, so that they cost the same.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6M2xVdQ3t1m0ZfYzNnTqgW0aZ5dZ5GJ6m8l1c2q8b1k";

/// Checks a password; an account without one costs the same.
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let right = parsed.is_ok_and(|h| hasher().verify_password(password.as_bytes(), &h).is_ok());
    right && hash.is_some()
}

/// Argon2 for requests: on threads that may block, at most two at once, so that a storm of sign-ins
/// takes neither the processors nor the memory of the service.
#[derive(Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }
}

impl Passwords {
    /// Hashes a password.
    ///
    /// # Errors
    /// 503 when too many wait before this one.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.slowly(move || hash_password(&password)).await?
    }

    /// Checks a password against the hash of an account, or against nobody's.
    ///
    /// # Errors
    /// 503 when too many wait before this one.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.slowly(move || verify_password(&password, hash.as_deref())).await
    }

    /// The permit stays with the work, also when the caller has gone away meanwhile.
    async fn slowly<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = tokio::time::timeout(Duration::from_secs(10), Arc::clone(&self.0).acquire_owned()).await;
        let permit = turn.map_err(|_| AppError::Busy("too many sign-ins wait".into()))?.map_err(AppError::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(AppError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_without_a_password_costs_a_whole_hash_of_the_same_figures() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real = hash_password("con trâu đi trước").unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!((nobody.algorithm, nobody.version, &nobody.params), (real.algorithm, real.version, &real.params));
        assert_eq!(nobody.hash.unwrap().as_bytes().len(), real.hash.unwrap().as_bytes().len());
        assert!(!verify_password("anything", None));
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("con trâu đi trước").unwrap();
        assert!(verify_password("con trâu đi trước", Some(&hash)));
        assert!(!verify_password("con trau di truoc", Some(&hash)));
        assert!(!verify_password("con trâu đi trước", Some("not a hash")));
    }
}
