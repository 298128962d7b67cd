//! `ocop verify-dossier`: the archive of a dossier, checked without service, database or network.
//!
//! Exit codes: 0 as it was sealed, 1 something is not (each file is named), 2 it cannot be checked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ocop::dossiers::archive::verify::{Fault, Report, Wrong, verify};

/// What is checked against what.
#[derive(clap::Args)]
pub struct Args {
    /// The archive, as `GET /v1/dossiers/{id}/archive` gave it.
    file: PathBuf,
    /// The keys of the instance, as its `/.well-known/jwks.json` gave them. Without this the archive is
    /// held against the keys inside it, and somebody has to compare their thumbprints.
    #[arg(long)]
    jwks: Option<PathBuf>,
}

/// Checks; the exit code is 0 only when everything is as it was sealed.
pub fn verify_dossier(json: bool, args: &Args) -> ExitCode {
    let checked = check(&args.file, args.jwks.as_deref())
        .and_then(|report| super::print(json, &report, || in_words(&report)).map(|()| report));
    match checked {
        Ok(report) if report.faults.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("ocop: {}: {e:#}", args.file.display());
            ExitCode::from(2)
        }
    }
}

fn check(file: &Path, jwks: Option<&Path>) -> anyhow::Result<Report> {
    use anyhow::Context;
    let trusted = jwks.map(|path| std::fs::read(path).with_context(|| path.display().to_string())).transpose()?;
    Ok(verify(std::io::BufReader::new(std::fs::File::open(file)?), trusted.as_deref())?)
}

fn in_words(report: &Report) -> String {
    let faults: String = report.faults.iter().map(line).collect();
    let keys: Vec<String> = report.keys.iter().map(|k| format!("{} (thumbprint {})", k.kid, k.thumbprint)).collect();
    let keys = match (report.keys_trusted, keys.is_empty()) {
        (_, true) => String::new(),
        (true, _) => format!("\n  signed by {}, one of the keys given", keys.join(", ")),
        (false, _) => format!(
            "\n  signed by {}: the archive's own key; compare it with the instance's /.well-known/jwks.json, or give that with --jwks",
            keys.join(", ")
        ),
    };
    let head = format!(
        "dossier {}, manifest {}: {} files, {} bytes",
        report.dossier, report.manifest, report.files, report.bytes
    );
    let derived = match report.derived.is_empty() {
        true => String::new(),
        false => format!(
            "\n  set from the manifest for reading, signed with the list and not with the manifest: {}",
            report.derived.iter().map(|path| path.escape_debug().to_string()).collect::<Vec<_>>().join(", ")
        ),
    };
    match report.faults.len() {
        0 => format!("{head}: as sealed{derived}{keys}"),
        n => format!("{head}: {n} faults{faults}{derived}{keys}"),
    }
}

fn line(fault: &Fault) -> String {
    let what = match fault.what {
        Wrong::Missing => "missing",
        Wrong::Changed => "not as it was signed",
        Wrong::Extra => "nobody signed for it",
        Wrong::BadName => "its name leads elsewhere, or stands twice; it was not read",
        Wrong::TooLarge => "unpacks to more than was signed; it was not read further",
        Wrong::Unreadable => "cannot be read",
        Wrong::WrongKey => "signed by a key that is not among those trusted",
        Wrong::BadSignature => "the signature is of another text",
    };
    format!("\n  {}: {what}", fault.file.escape_debug())
}
