//! The command line.

mod commands;

use std::io::Read;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use ocop::actor::{Caller, Role};
use ocop::app::State;
use ocop::config::Config;
use ocop::db::{Clock, Db, migrate};
use ocop::{auth, server};

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
    /// Bring the database up to date.
    Migrate,
    /// Print the OpenAPI document.
    Openapi,
    /// Users of the service.
    #[command(subcommand)]
    User(UserCommand),
    /// Publish or record what files hold.
    #[command(subcommand)]
    Import(commands::import::Import),
    /// Check the audit against its signed blocks.
    VerifyAudit,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a user with a role; prints the id.
    Add(AddUser),
}

#[derive(Args)]
struct AddUser {
    /// E-mail, the name for signing in.
    #[arg(long)]
    email: String,
    /// Name of the person.
    #[arg(long)]
    name: Option<String>,
    /// producer, commune, district, province, central, advisory, signer, department, inspector,
    /// consultant, editor, administrator or auditor.
    #[arg(long, value_parser = parse_role)]
    role: Role,
    /// Read the password from standard input.
    #[arg(long)]
    password_stdin: bool,
}

fn parse_role(word: &str) -> Result<Role, String> {
    let known: Vec<&str> = Role::ALL.iter().map(|r| r.word()).collect();
    Role::parse(word).ok_or_else(|| format!("choose one of: {}", known.join(", ")))
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
    let config = Config::from_env()?;
    match &cli.command {
        Command::Serve => serve(config)?,
        Command::Migrate => {
            let done = migrate::up(&config.database)?;
            print(cli, &done, || format!("{} migrations applied", done.applied.len()))?;
        }
        Command::Openapi => println!("{}", ocop::app::document().to_pretty_json()?),
        Command::User(UserCommand::Add(args)) => add_user(cli, &config, args)?,
        Command::Import(import) => {
            let report = commands::import::run(&open(&config)?, import)?;
            print(cli, &report.value, || report.lines.join("\n"))?;
            if !report.good {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::VerifyAudit => {
            let db = open(&config)?;
            let verdict = db.read_now(&Caller::system("verify-audit"), ocop::audit::verify)?;
            print(cli, &verdict, || {
                let faults: String = verdict
                    .faults
                    .iter()
                    .map(|f| format!("\n  block {:?} position {:?}: {}", f.block, f.position, f.what))
                    .collect();
                format!("{} rows in {} blocks, {} faults{faults}", verdict.rows, verdict.blocks, verdict.faults.len())
            })?;
            if !verdict.faults.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print<T: serde::Serialize>(cli: &Cli, value: &T, words: impl FnOnce() -> String) -> anyhow::Result<()> {
    match cli.json {
        true => println!("{}", serde_json::to_string(value)?),
        false => println!("{}", words()),
    }
    Ok(())
}

fn open(config: &Config) -> anyhow::Result<Db> {
    migrate::up(&config.database)?;
    Ok(Db::open(&config.database, config.pool, Clock::real())?)
}

fn serve(config: Config) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).context("OCOP_LOG")?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_json {
        true => subscriber.json().init(),
        false => subscriber.init(),
    }
    migrate::up(&config.database)?;
    let state = State::open(config, Clock::real())?;
    actix_web::rt::System::new().block_on(server::serve(state))?;
    Ok(())
}

fn add_user(cli: &Cli, config: &Config, args: &AddUser) -> anyhow::Result<()> {
    let mut password = String::new();
    if args.password_stdin {
        std::io::stdin().read_to_string(&mut password)?;
    }
    let password = password.trim_end_matches(['\n', '\r']);
    let hash = match password.is_empty() {
        true => None,
        false => Some(auth::tokens::hash_password(password)?),
    };
    let db = open(config)?;
    let (email, role) = (args.email.clone(), args.role);
    let name = args.name.clone().unwrap_or_else(|| email.clone());
    let id = db.write_now(&Caller::system("command"), move |cx| {
        let id = auth::add_user(cx, &email, &name, None, hash.as_deref())?;
        auth::grant(cx, id, role, auth::Right { basis: "command line".into(), ..auth::Right::default() })?;
        Ok(id)
    })?;
    print(cli, &serde_json::json!({ "id": id }), || id.to_string())
}
