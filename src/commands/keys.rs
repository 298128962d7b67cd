//! `ocop keys`: which keys sign, and a new one in place of the present one.

use ocop::actor::Caller;
use ocop::audit::{self, Details};
use ocop::config::Config;
use ocop::keys::{self, MasterKey, Purpose};

/// What is done with signing keys.
#[derive(clap::Subcommand)]
pub enum KeysCommand {
    /// List the public keys, the newest first; replaced ones too, which go on to verify.
    List,
    /// Replace the key of certificates and credentials. What the old one signed goes on to verify.
    Rotate,
}

/// A key as it is listed.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: String,
    purpose: Purpose,
    signs: bool,
}

/// Lists or replaces keys.
///
/// # Errors
/// When the database or the master key fails.
pub fn run(json: bool, config: &Config, command: &KeysCommand) -> anyhow::Result<()> {
    let db = super::open(config)?;
    if matches!(command, KeysCommand::Rotate) {
        let master = MasterKey::load_or_make(&config.master_key_file)?;
        db.write_now(&Caller::system("keys"), move |cx| {
            let key = keys::rotate(cx, &master, Purpose::Certificate)?;
            audit::record(cx, "key.rotated", "key", key.id.0, Details::none().with("purpose", Purpose::Certificate))
        })?;
    }
    let keys = db.read_now(&Caller::system("keys"), keys::public)?;
    let listed: Vec<Listed> =
        keys.into_iter().map(|k| Listed { id: k.id.to_string(), purpose: k.purpose, signs: k.active }).collect();
    super::print(json, &listed, || {
        let line = |k: &Listed| format!("{}  {}  {}", k.id, k.purpose, if k.signs { "signs" } else { "verifies only" });
        listed.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}
