//! `ocop verify-audit`: the audit against its signed blocks.

use std::process::ExitCode;

use ocop::actor::Caller;
use ocop::audit::Fault;
use ocop::config::Config;

/// Verifies; the exit code is 0 only when nothing was changed.
///
/// # Errors
/// When the database cannot be read.
pub fn verify_audit(json: bool, config: &Config) -> anyhow::Result<ExitCode> {
    let verdict = super::open(config)?.read_now(&Caller::system("verify-audit"), ocop::audit::verify)?;
    super::print(json, &verdict, || {
        let faults: String = verdict.faults.iter().map(line).collect();
        format!("{} rows in {} blocks, {} faults{faults}", verdict.rows, verdict.blocks, verdict.faults.len())
    })?;
    Ok(if verdict.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(fault: &Fault) -> String {
    let at = |name: &str, n: Option<i64>| n.map(|n| format!("{name} {n} ")).unwrap_or_default();
    format!("\n  {}{}{}", at("block", fault.block), at("position", fault.position), fault.what)
}
