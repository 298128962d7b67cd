//! JOSE: a payload signed as a compact JWS (RFC 7515, EdDSA), written and read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use serde_json::{Value, json};

use crate::error::{AppError, Result};
use crate::keys::SignKey;

/// Media type of a credential secured with JOSE (VC-JOSE-COSE), as the `typ` of its head.
pub(super) const VC: &str = "vc+jwt";

/// Signs a payload.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn sign(key: &SignKey, head: &Value, payload: &Value) -> Result<String> {
    let part = |value: &Value| Ok::<_, AppError>(B64.encode(serde_json::to_vec(value).map_err(AppError::internal)?));
    let signed = format!("{}.{}", part(head)?, part(payload)?);
    let signature = key.sign(signed.as_bytes());
    Ok(format!("{signed}.{signature}"))
}

/// The head of a credential signed with a key of this issuer.
pub(super) fn head(did: &str, key: &SignKey) -> Value {
    json!({ "alg": "EdDSA", "typ": VC, "cty": "vc", "kid": format!("{did}#{}", key.id) })
}

/// A token taken apart; nothing is verified yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parts {
    /// The name of the key, without what stands before `#`.
    pub kid: String,
    /// What was signed.
    pub signed: String,
    /// The signature, base64url.
    pub signature: String,
    /// The payload.
    pub payload: Value,
}

/// Takes a compact token apart. Only EdDSA is read: what a token says of itself chooses no algorithm.
pub(super) fn read(token: &str) -> Option<Parts> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, payload) = signed.split_once('.')?;
    let json = |part: &str| serde_json::from_slice::<Value>(&B64.decode(part).ok()?).ok();
    let (head, payload) = (json(head)?, json(payload)?);
    let kid = head["kid"].as_str().filter(|_| head["alg"] == "EdDSA" && head["crit"].is_null())?;
    let kid = kid.rsplit_once('#').map_or(kid, |(_, name)| name).to_owned();
    Some(Parts { kid, signed: signed.to_owned(), signature: signature.to_owned(), payload })
}
