//! The command line: a table of commands; what each does is in `commands/`.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{
    backup, demo, doctor, import, keys, print, serve, sweep, template, user, verify, verify_audit, verify_dossier,
};
use ocop::config::Config;
use ocop::db::migrate;

/// Each worker makes the description of the whole API when it starts and drops it; the allocator of the
/// system keeps that memory, a third of what the service held, this one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "ocop", version, about = "The OCOP platform")]
struct Cli {
    /// Print a machine-readable result.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API.
    Serve,
    /// Show the service with seasons of fictitious producers, and a tour.
    Demo(demo::Demo),
    /// Bring the database up to date.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Users of the service.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Publish or record what files hold.
    #[command(subcommand)]
    Import(import::Import),
    /// The keys that sign.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Verify a credential offline, with saved keys and a saved status list.
    Verify(verify::Verify),
    /// Templates of papers.
    #[command(subcommand)]
    Template(template::TemplateCommand),
    /// Check the audit against its signed blocks.
    VerifyAudit,
    /// Check the archive of a dossier offline: signatures, every hash, nothing missing, nothing more.
    VerifyDossier(verify_dossier::Args),
    /// Forget what is no longer needed, look for lost and unnamed documents; for a timer, once a day.
    Sweep(sweep::Args),
    /// Copy database, documents and keys to a new folder, with a manifest of hashes.
    Backup(backup::Backup),
    /// Verify a backup and put it back.
    Restore(backup::Restore),
    /// Look at settings, clock, disk, storage, database and keys.
    Doctor,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("ocop: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    // Offline: no setting of a service is needed.
    match &cli.command {
        Command::Verify(asked) => return verify::verify(cli.json, asked),
        Command::VerifyDossier(args) => return Ok(verify_dossier::verify_dossier(cli.json, args)),
        _ => {}
    }
    let config = Config::from_env()?;
    match &cli.command {
        Command::Serve => serve::serve(config)?,
        Command::Demo(args) => demo::demo(cli.json, config, args)?,
        Command::Migrate => {
            let done = migrate::up(&config.database)?;
            print(cli.json, &done, || format!("{} migrations applied", done.applied.len()))?;
        }
        Command::Openapi => commands::say(&ocop::app::document().to_pretty_json()?)?,
        Command::User(command) => user::run(cli.json, &config, command)?,
        Command::Import(import) => {
            let report = import::run(&commands::open(&config)?, import)?;
            print(cli.json, &report.value, || report.lines.join("\n"))?;
            return Ok(if report.good { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Keys(command) => keys::run(cli.json, &config, command)?,
        Command::Template(command) => return template::run(cli.json, &config, command),
        Command::VerifyAudit => return verify_audit::verify_audit(cli.json, &config),
        Command::Verify(_) | Command::VerifyDossier(_) => {}
        Command::Sweep(args) => return sweep::sweep(cli.json, &config, args),
        Command::Backup(args) => backup::backup(cli.json, &config, args)?,
        Command::Restore(args) => backup::restore(cli.json, &config, args)?,
        Command::Doctor => return doctor::doctor(cli.json, &config),
    }
    Ok(ExitCode::SUCCESS)
}
