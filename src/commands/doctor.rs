//! `ocop doctor`: settings, clock, disk, storage, database, keys. Each line says what to do.

use std::path::Path;
use std::process::ExitCode;

use actix_web::rt::System;
use ocop::actor::Caller;
use ocop::audit;
use ocop::config::{Config, DatabaseUrl, Profile, Storage};
use ocop::db::{Clock, Db, care, migrate};
use ocop::files::scan::Scanner;
use ocop::files::{self, Files};
use ocop::keys::{self, MasterKey, Purpose};

/// How a matter stands.
#[derive(Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Well,
    Look,
    Broken,
}

/// One matter.
#[derive(serde::Serialize)]
struct Finding {
    matter: &'static str,
    state: State,
    say: String,
}

/// Looks at everything; the exit code is 0 only when nothing is broken.
///
/// # Errors
/// When the result cannot be printed.
pub fn doctor(json: bool, config: &Config) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    settings(config, &mut findings);
    disk(config, &mut findings);
    storage(config, &mut findings);
    scanner(config, &mut findings);
    database(config, &mut findings);
    let broken = findings.iter().any(|f| f.state == State::Broken);
    super::print(json, &findings, || findings.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn line(finding: &Finding) -> String {
    let sign = match finding.state {
        State::Well => "ok    ",
        State::Look => "look  ",
        State::Broken => "BROKEN",
    };
    format!("{sign} {:9} {}", finding.matter, finding.say)
}

fn note(findings: &mut Vec<Finding>, matter: &'static str, state: State, say: impl Into<String>) {
    findings.push(Finding { matter, state, say: say.into() });
}

fn settings(config: &Config, out: &mut Vec<Finding>) {
    let profile = if config.profile == Profile::Production { "production" } else { "dev" };
    note(
        out,
        "settings",
        State::Well,
        format!("profile {profile}, listens on {}, known as {}", config.listen, config.public_url),
    );
    if config.profile == Profile::Dev && !config.listen.ip().is_loopback() {
        note(out, "settings", State::Look, "profile dev listens beyond this machine: set OCOP_PROFILE=production");
    }
    if !config.public_url.starts_with("https://") {
        note(out, "settings", State::Look, "OCOP_PUBLIC_URL is not https: it is printed on certificates");
    }
}

/// Free space as `df` sees it; a machine without `df` is only told so.
fn disk(config: &Config, out: &mut Vec<Finding>) {
    let folder = existing(&config.data_dir);
    let probe = folder.join(".ocop-doctor");
    match std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => note(out, "disk", State::Well, format!("{} can be written", folder.display())),
        Err(e) => note(
            out,
            "disk",
            State::Broken,
            format!("{}: {e}: the service must be able to write here", folder.display()),
        ),
    }
    let asked = std::process::Command::new("df").arg("-Pk").arg(folder).output();
    let free = asked.ok().and_then(|o| {
        let text = String::from_utf8_lossy(&o.stdout).into_owned();
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match free.map(|k| k / 1024) {
        None => note(out, "disk", State::Look, "free space is not known here"),
        Some(mb) if mb < 200 => {
            note(out, "disk", State::Broken, format!("{mb} MB free: writes will soon be answered 503"))
        }
        Some(mb) if mb < 2000 => note(out, "disk", State::Look, format!("{mb} MB free")),
        Some(mb) => note(out, "disk", State::Well, format!("{mb} MB free")),
    }
}

fn existing(path: &Path) -> &Path {
    path.ancestors().find(|p| p.exists() && !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn storage(config: &Config, out: &mut Vec<Finding>) {
    if let Storage::Bucket { bucket, .. } = &config.storage {
        let asked = Files::open(config).and_then(|files| System::new().block_on(files.ping()));
        match asked {
            Ok(()) => note(out, "storage", State::Well, format!("documents are kept in the bucket {bucket}")),
            Err(e) => note(out, "storage", State::Broken, format!("{e}: check OCOP_S3_… and that the bucket is there")),
        }
        return;
    }
    match files::folder(config) {
        Err(e) => note(out, "storage", State::Broken, e.to_string()),
        Ok(folder) => {
            let at = existing(&folder);
            let writable = std::fs::metadata(at).is_ok_and(|m| !m.permissions().readonly());
            let state = if writable { State::Well } else { State::Broken };
            note(out, "storage", state, format!("documents are kept in {}", folder.display()));
        }
    }
}

fn scanner(config: &Config, out: &mut Vec<Finding>) {
    let Some(address) = &config.clamd else {
        return note(out, "scanner", State::Look, "OCOP_CLAMD is not set: documents are not scanned");
    };
    match Scanner::at(address).ping() {
        Ok(()) => note(out, "scanner", State::Well, format!("{address} answers")),
        Err(e) => note(out, "scanner", State::Broken, format!("{address}: {e}: new documents wait and are not served")),
    }
}

fn database(config: &Config, out: &mut Vec<Finding>) {
    if let DatabaseUrl::Sqlite(path) = &config.database
        && !path.exists()
    {
        note(
            out,
            "database",
            State::Look,
            format!("{} is not there yet: `ocop migrate` or `ocop serve` makes it", path.display()),
        );
        return;
    }
    let pending = migrate::pending(&config.database);
    let db = pending.and_then(|pending| Ok((pending, Db::open(&config.database, 1, Clock::real())?)));
    let (pending, db) = match db {
        Ok(open) => open,
        Err(e) => {
            return note(out, "database", State::Broken, format!("{e}: check DATABASE_URL and that the server runs"));
        }
    };
    if !pending.is_empty() {
        note(
            out,
            "database",
            State::Broken,
            format!("{} migrations wait: back up, then run `ocop migrate`", pending.len()),
        );
        return;
    }
    let caller = Caller::system("doctor");
    match db.read_now(&caller, |cx| Ok((care::version(cx)?, care::faults(cx)?))) {
        Ok((version, faults)) if faults.is_empty() => note(out, "database", State::Well, version),
        Ok((_, faults)) => {
            note(out, "database", State::Broken, format!("damaged: {}: restore the last backup", faults.join("; ")))
        }
        Err(e) => note(out, "database", State::Broken, e.to_string()),
    }
    clock(&db, out);
    master_key(config, &db, out);
    sealed(&db, out);
}

fn clock(db: &Db, out: &mut Vec<Finding>) {
    let ours = db.clock().now();
    let newest = db.read_now(&Caller::system("doctor"), |cx| {
        let head = audit::head(cx)?.map(|b| b.sealed_at);
        Ok((care::clock(cx)?, head))
    });
    match newest {
        Err(e) => note(out, "clock", State::Broken, e.to_string()),
        Ok((theirs, _)) if (theirs.micros() - ours.micros()).abs() > 2_000_000 => {
            note(
                out,
                "clock",
                State::Broken,
                format!("this machine says {ours}, the database's {theirs}: run a time service on both"),
            );
        }
        Ok((_, Some(sealed))) if sealed > ours => {
            note(
                out,
                "clock",
                State::Broken,
                format!("it is {ours} here, but the audit was sealed at {sealed}: the clock went back"),
            );
        }
        Ok(_) => note(out, "clock", State::Well, format!("{ours}, {} in Việt Nam", ours.vietnam_day())),
    }
}

fn master_key(config: &Config, db: &Db, out: &mut Vec<Finding>) {
    let path = &config.master_key_file;
    if !path.exists() {
        note(
            out,
            "keys",
            State::Look,
            format!("{} is not there yet: the first start makes it; then back it up", path.display()),
        );
        return;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0) {
            note(out, "keys", State::Broken, format!("{} can be read by others: chmod 600", path.display()));
        }
    }
    let opened = MasterKey::load_or_make(path).and_then(|master| {
        db.write_now(&Caller::system("doctor"), move |cx| {
            for purpose in Purpose::ALL {
                keys::active(cx, &master, *purpose)?;
            }
            Ok(())
        })
    });
    match opened {
        Ok(()) => note(out, "keys", State::Well, "the master key opens the signing keys"),
        Err(e) => note(out, "keys", State::Broken, format!("{e}: put back the master key file of this database")),
    }
}

fn sealed(db: &Db, out: &mut Vec<Finding>) {
    match db.read_now(&Caller::system("doctor"), audit::verify) {
        Ok(verdict) if verdict.faults.is_empty() => {
            note(out, "audit", State::Well, format!("{} rows in {} blocks verify", verdict.rows, verdict.blocks));
        }
        Ok(verdict) if verdict.faults.len() == usize::from(verdict.unsealed_old > 0) => {
            note(
                out,
                "audit",
                State::Look,
                format!("{} rows wait to be sealed: does the service run?", verdict.unsealed_old),
            );
        }
        Ok(verdict) => {
            note(out, "audit", State::Broken, format!("{} faults: run `ocop verify-audit`", verdict.faults.len()))
        }
        Err(e) => note(out, "audit", State::Broken, e.to_string()),
    }
}
