//! `ocop keys`: which keys sign, a new one in place of the present one, and what to do when one got out.

use ocop::actor::Caller;
use ocop::audit::{self, Details};
use ocop::config::Config;
use ocop::ids::RowId;
use ocop::keys::{self, KeyStanding, MasterKey, Purpose};

/// What is done with signing keys.
#[derive(clap::Subcommand)]
pub enum KeysCommand {
    /// List the public keys, the newest first: replaced ones, which go on to verify, and revoked ones.
    List,
    /// Replace the key of certificates and credentials. What the old one signed goes on to verify.
    Rotate,
    /// Take back all that a key signed, because its private half got out; a new key signs in its place.
    ///
    /// Credentials are signed when they are fetched: whoever kept one fetches it again. Numbers, pages and
    /// printed certificates are not touched.
    Revoke {
        /// The key, as `list` names it: of certificates or of sign-ins (`token`).
        id: RowId,
        /// What happened, for the audit.
        #[arg(long)]
        reason: String,
    },
}

/// A key as it is listed.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: String,
    purpose: Purpose,
    standing: KeyStanding,
}

/// Lists, replaces or revokes keys.
///
/// # Errors
/// When the database or the master key fails; when there is nothing to revoke under that name.
pub fn run(json: bool, config: &Config, command: &KeysCommand) -> anyhow::Result<()> {
    let db = super::open(config)?;
    let caller = Caller::system("keys");
    let master = || MasterKey::load_or_make(&config.master_key_file);
    match command {
        KeysCommand::List => {}
        KeysCommand::Rotate => {
            let master = master()?;
            db.write_now(&caller, move |cx| {
                let key = keys::rotate(cx, &master, Purpose::Certificate)?;
                let details = Details::none().with("purpose", Purpose::Certificate);
                audit::record(cx, "key.rotated", "key", key.id.0, details)
            })?;
        }
        KeysCommand::Revoke { id, reason } => {
            let (id, reason, master) = (*id, reason.clone(), master()?);
            let revoked = db.write_now(&caller, move |cx| {
                let purpose = keys::revoke(cx, &master, id)?;
                let details = Details::none().with("purpose", purpose).with("reason", reason.clone());
                audit::record(cx, "key.revoked", "key", id.0, details)?;
                Ok(purpose)
            });
            let purpose = revoked.map_err(super::in_words)?;
            if purpose == Purpose::Token {
                eprintln!(
                    "Start every node again now: a running one holds this key in memory. Everybody's app signs in again by itself."
                );
            } else {
                eprintln!("Verifiers that work offline must fetch did.json (or the JWKS) and the status lists again.");
            }
        }
    }
    let listed: Vec<Listed> = db
        .read_now(&caller, keys::all)?
        .into_iter()
        .map(|k| Listed { id: k.id.to_string(), purpose: k.purpose, standing: k.standing })
        .collect();
    super::print(json, &listed, || {
        let line = |k: &Listed| {
            let says = match k.standing {
                KeyStanding::Signs => "signs",
                KeyStanding::Retired => "verifies only",
                KeyStanding::Revoked => "revoked",
            };
            format!("{}  {}  {says}", k.id, k.purpose)
        };
        listed.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}
