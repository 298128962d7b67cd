//! Signing keys of the instance. Private halves lie in the database sealed by the master key, so
//! that all nodes sign with the same keys; retired public halves stay published.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use diesel::prelude::*;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};

use crate::db::schema::signing_keys;
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::RowId;

crate::words! {
    /// What a key signs. Different purposes never share a key.
    pub enum Purpose {
        /// Access tokens.
        Token = "token",
        /// Blocks of the audit.
        Audit = "audit",
        /// Certificates and credentials.
        Certificate = "certificate",
        /// Manifests and archives of dossiers.
        Dossier = "dossier",
    }
}
crate::stored_words!(Purpose);

crate::words! {
    /// What a key is still good for.
    pub enum KeyStanding {
        /// It signs, and what it signed verifies.
        Signs = "signs",
        /// Another signs in its place; what it signed goes on to verify.
        Retired = "retired",
        /// Its private half got out: nothing that it signed counts.
        Revoked = "revoked",
    }
}

/// The key that seals private keys and other secrets in the database.
#[derive(Clone)]
pub struct MasterKey(Arc<[u8; 32]>);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// Reads the file, or makes it with mode 0600 when it is not there.
    ///
    /// # Errors
    /// When the file cannot be read or made, or does not hold 32 bytes.
    pub fn load_or_make(path: &Path) -> Result<Self> {
        if !path.exists() {
            let mut fresh = [0_u8; 32];
            rand::fill(&mut fresh);
            write_private(path, &fresh)
                .map_err(|e| AppError::Internal(format!("master key {}: {e}", path.display())))?;
        }
        let bytes =
            std::fs::read(path).map_err(|e| AppError::Internal(format!("master key {}: {e}", path.display())))?;
        let key: [u8; 32] = bytes
            .try_into()
            .map_err(|_| AppError::Internal(format!("master key {}: must hold exactly 32 bytes", path.display())))?;
        Ok(Self(Arc::new(key)))
    }

    /// A key for one test.
    pub fn for_test() -> Self {
        Self(Arc::new([7; 32]))
    }

    /// Seals a secret for one use; the same words must be given to open it.
    ///
    /// # Errors
    /// When the cipher fails.
    pub fn seal(&self, secret: &[u8], used_for: &str) -> Result<String> {
        let mut nonce = [0_u8; 24];
        rand::fill(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: used_for.as_bytes() })
            .map_err(|_| AppError::internal("sealing failed"))?;
        Ok(B64.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what [`MasterKey::seal`] sealed.
    ///
    /// # Errors
    /// When the master key is another one, or the text was changed.
    pub fn open(&self, sealed: &str, used_for: &str) -> Result<Vec<u8>> {
        let wrong = || AppError::internal("a sealed secret cannot be opened: is this the master key of this database?");
        let bytes = B64.decode(sealed).map_err(|_| wrong())?;
        let (nonce, body) = bytes.split_at_checked(24).ok_or_else(wrong)?;
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| wrong())?;
        self.cipher()
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: used_for.as_bytes() })
            .map_err(|_| wrong())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.0))
    }
}

/// Writes a file that only its owner may read; an existing file is replaced whole.
///
/// # Errors
/// When the folder or file cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[derive(Queryable, Selectable, Insertable, Clone)]
#[diesel(table_name = signing_keys)]
struct KeyRow {
    id: RowId,
    purpose: Purpose,
    public_key: String,
    sealed_key: String,
    created_at: Moment,
    retired_at: Option<Moment>,
    revoked_at: Option<Moment>,
}

impl KeyRow {
    fn standing(&self) -> KeyStanding {
        match (self.revoked_at, self.retired_at) {
            (Some(_), _) => KeyStanding::Revoked,
            (None, Some(_)) => KeyStanding::Retired,
            (None, None) => KeyStanding::Signs,
        }
    }
}

/// A key that can sign.
#[derive(Clone)]
pub struct SignKey {
    /// Its name (`kid`).
    pub id: RowId,
    signing: SigningKey,
}

impl SignKey {
    /// An Ed25519 signature, base64url.
    pub fn sign(&self, message: &[u8]) -> String {
        B64.encode(self.signing.sign(message).to_bytes())
    }

    /// The private key as PKCS #8 DER.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn pkcs8(&self) -> Result<Vec<u8>> {
        use ed25519_dalek::pkcs8::EncodePrivateKey;
        Ok(self.signing.to_pkcs8_der().map_err(AppError::internal)?.as_bytes().to_vec())
    }
}

/// A public half, for verifying and publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its name (`kid`).
    pub id: RowId,
    /// What it verifies.
    pub purpose: Purpose,
    /// 32 bytes, base64url.
    pub x: String,
    /// What it is still good for.
    pub standing: KeyStanding,
}

impl PublicKey {
    /// Whether the signature (base64url) is of this message.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let read = || -> Option<bool> {
            let key: [u8; 32] = B64.decode(&self.x).ok()?.try_into().ok()?;
            let key = VerifyingKey::from_bytes(&key).ok()?;
            let signature = Signature::from_slice(&B64.decode(signature).ok()?).ok()?;
            Some(key.verify(message, &signature).is_ok())
        };
        read().unwrap_or(false)
    }

    /// The 32 bytes of the key.
    pub fn bytes(&self) -> Vec<u8> {
        B64.decode(&self.x).unwrap_or_default()
    }
}

/// The key in use for a purpose; made on first use. The act that needs one runs in a write.
///
/// # Errors
/// When the database or the master key fails.
pub fn active(cx: &mut Ctx<'_>, master: &MasterKey, purpose: Purpose) -> Result<SignKey> {
    let row = signing_keys::table
        .filter(signing_keys::purpose.eq(purpose))
        .filter(signing_keys::retired_at.is_null())
        .order(signing_keys::created_at.desc())
        .select(KeyRow::as_select())
        .first(cx.conn)
        .optional()?;
    match row {
        Some(row) => open_key(&row, master),
        None => make(cx, master, purpose),
    }
}

/// Retires the present key of a purpose and makes a new one; the old public half stays published.
///
/// # Errors
/// When the database or the master key fails.
pub fn rotate(cx: &mut Ctx<'_>, master: &MasterKey, purpose: Purpose) -> Result<SignKey> {
    diesel::update(
        signing_keys::table.filter(signing_keys::purpose.eq(purpose)).filter(signing_keys::retired_at.is_null()),
    )
    .set(signing_keys::retired_at.eq(Some(cx.now)))
    .execute(cx.conn)?;
    make(cx, master, purpose)
}

fn make(cx: &mut Ctx<'_>, master: &MasterKey, purpose: Purpose) -> Result<SignKey> {
    let mut secret = [0_u8; 32];
    rand::fill(&mut secret);
    let signing = SigningKey::from_bytes(&secret);
    let row = KeyRow {
        id: RowId::new(),
        purpose,
        public_key: B64.encode(signing.verifying_key().to_bytes()),
        sealed_key: master.seal(&secret, purpose.word())?,
        created_at: cx.now,
        retired_at: None,
        revoked_at: None,
    };
    diesel::insert_into(signing_keys::table).values(&row).execute(cx.conn)?;
    Ok(SignKey { id: row.id, signing })
}

fn open_key(row: &KeyRow, master: &MasterKey) -> Result<SignKey> {
    let secret: [u8; 32] = master
        .open(&row.sealed_key, row.purpose.word())?
        .try_into()
        .map_err(|_| AppError::internal("a signing key has the wrong length"))?;
    Ok(SignKey { id: row.id, signing: SigningKey::from_bytes(&secret) })
}

/// Takes back everything that a key signed, because its private half got out; a new one signs in its place.
/// Gives its purpose. Only keys of certificates and of sign-ins: what they signed is made anew when it is
/// asked for, while a block of the audit or a sealed dossier is signed once.
///
/// # Errors
/// 404 when there is no such key; 422 when it was revoked before, or signs what is signed once.
pub fn revoke(cx: &mut Ctx<'_>, master: &MasterKey, id: RowId) -> Result<Purpose> {
    let row: Option<KeyRow> = signing_keys::table.find(id).select(KeyRow::as_select()).first(cx.conn).optional()?;
    let row = row.ok_or(AppError::NotFound)?;
    let refused = |word, vi: &str, en: &str| Err(AppError::field("/id", word, vi, en));
    if !matches!(row.purpose, Purpose::Certificate | Purpose::Token) {
        return refused(
            "signed_once",
            "Khóa này ký những gì chỉ ký một lần (nhật ký, hồ sơ niêm phong): không thu hồi được.",
            "This key signs what is signed once (audit, sealed dossiers): it cannot be revoked.",
        );
    }
    let whole = signing_keys::table.find(id).filter(signing_keys::revoked_at.is_null());
    let ended =
        (signing_keys::revoked_at.eq(Some(cx.now)), signing_keys::retired_at.eq(row.retired_at.or(Some(cx.now))));
    if diesel::update(whole).set(ended).execute(cx.conn)? == 0 {
        return refused("revoked_before", "Khóa này đã bị thu hồi trước đây.", "This key was revoked before.");
    }
    active(cx, master, row.purpose)?;
    Ok(row.purpose)
}

/// Every public half that verifies, retired ones too, newest first.
///
/// # Errors
/// When the database fails.
pub fn public(cx: &mut Ctx<'_>) -> Result<Vec<PublicKey>> {
    Ok(all(cx)?.into_iter().filter(|k| k.standing != KeyStanding::Revoked).collect())
}

/// Every public half, revoked ones too, newest first.
///
/// # Errors
/// When the database fails.
pub fn all(cx: &mut Ctx<'_>) -> Result<Vec<PublicKey>> {
    let rows: Vec<KeyRow> =
        signing_keys::table.order(signing_keys::created_at.desc()).select(KeyRow::as_select()).load(cx.conn)?;
    let public = |row: KeyRow| {
        let standing = row.standing();
        PublicKey { id: row.id, purpose: row.purpose, x: row.public_key, standing }
    };
    Ok(rows.into_iter().map(public).collect())
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// A random secret of 256 bits, base64url: for tokens and one-time links.
pub fn random_secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes);
    B64.encode(bytes)
}

/// `did:web` of an instance by its public address (did:web Method Specification, §3.1): the host, a port as `%3A`,
/// a path with colons.
pub fn did_web(base: &str) -> String {
    let bare = base.split_once("://").map_or(base, |(_, rest)| rest);
    let parts: Vec<String> = bare.split('/').map(|p| p.replace(':', "%3A")).collect();
    format!("did:web:{}", parts.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identifier_follows_from_the_address() {
        assert_eq!(did_web("https://ocop.example"), "did:web:ocop.example");
        assert_eq!(did_web("https://localhost:8443"), "did:web:localhost%3A8443");
        assert_eq!(did_web("https://tinh.example/ocop"), "did:web:tinh.example:ocop");
    }
}
