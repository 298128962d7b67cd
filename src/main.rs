//! The command line: a table of commands; what each does is in `commands/`.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use commands::{backup, doctor, import, print, serve, sweep, user, verify_audit};
use ocop::config::Config;
use ocop::db::migrate;

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
    User(user::UserCommand),
    /// Publish or record what files hold.
    #[command(subcommand)]
    Import(import::Import),
    /// Check the audit against its signed blocks.
    VerifyAudit,
    /// Forget what is no longer needed; for a timer, once a day.
    Sweep,
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
    let config = Config::from_env()?;
    match &cli.command {
        Command::Serve => serve::serve(config)?,
        Command::Migrate => {
            let done = migrate::up(&config.database)?;
            print(cli.json, &done, || format!("{} migrations applied", done.applied.len()))?;
        }
        Command::Openapi => println!("{}", ocop::app::document().to_pretty_json()?),
        Command::User(command) => user::run(cli.json, &config, command)?,
        Command::Import(import) => {
            let report = commands::import::run(&open(&config)?, import)?;
            print(cli, &report.value, || report.lines.join("\n"))?;
            if !report.good {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::User(UserCommand::Reset(args)) => reset_user(cli, &config, args)?,
        Command::User(UserCommand::Disable(args)) => disable_user(cli, &config, &args.email)?,
        Command::User(UserCommand::List) => list_users(cli, &config)?,
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
            let report = import::run(&commands::open(&config)?, import)?;
            print(cli.json, &report.value, || report.lines.join("\n"))?;
            return Ok(if report.good { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::VerifyAudit => return verify_audit::verify_audit(cli.json, &config),
        Command::Sweep => sweep::sweep(cli.json, &commands::open(&config)?)?,
        Command::Backup(args) => backup::backup(cli.json, &config, args)?,
        Command::Restore(args) => backup::restore(cli.json, &config, args)?,
        Command::Doctor => return doctor::doctor(cli.json, &config),
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
    if let Some(text) = server::offer_first_administrator(&state)? {
        let path = state.config.data_dir.join("first-admin-link.txt");
        tracing::info!(file = %path.display(), "there is no administrator yet: the file holds a one-time code for the first one");
        // The log goes to stderr: the code may be shown there to a person only, and never into a file.
        if std::io::stdout().is_terminal() {
            println!("{text}");
        } else if std::io::stderr().is_terminal() {
            eprintln!("{text}");
        }
    }
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
        false => {
            if let Some(fault) = auth::rules::password_fault(password, &args.email, "password") {
                anyhow::bail!("{}", fault.say.en);
            }
            Some(auth::tokens::hash_password(password)?)
        }
    };
    let db = open(config)?;
    let (email, role, code, producer) = (args.email.clone(), args.role, args.place.clone(), args.producer);
    let name = args.name.clone().unwrap_or_else(|| email.clone());
    let id = db.write_now(&Caller::system("command"), move |cx| {
        let place = match &code {
            Some(code) => Some(place_of(cx, code, role)?),
            None => None,
        };
        let id = auth::add_user(cx, &email, &name, None, hash.as_deref())?;
        let user = auth::users::hold(cx, id)?;
        let right = auth::Right { place, producer, basis: "command line".into(), ..auth::Right::default() };
        auth::users::give(cx, &ocop::app::NEIGHBOURS, &user, role, right)?;
        Ok(id)
    });
    let id = id.map_err(in_words)?;
    print(cli, &serde_json::json!({ "id": id }), || id.to_string())
}

/// The unit with a code today, at the level of the role; at any level for other roles.
fn place_of(cx: &mut Ctx<'_>, code: &str, role: Role) -> ocop::error::Result<PlaceId> {
    let own = Level::parse(role.word());
    let today = cx.today();
    for level in [Level::Commune, Level::District, Level::Province] {
        if own.is_some_and(|own| own != level) {
            continue;
        }
        if let Some(place) = places::at(cx, code, level, today)? {
            return Ok(place.id);
        }
    }
    Err(AppError::field(
        "--place",
        "unknown_place",
        "Không có đơn vị với mã này.",
        "There is no unit with this code today.",
    ))
}

/// A refusal as a sentence for the terminal.
fn in_words(error: AppError) -> anyhow::Error {
    let problem = error.problem(Lang::En, "", "");
    let items: String = problem.errors.iter().map(|e| format!("\n  {}: {}", e.pointer, e.detail)).collect();
    anyhow::anyhow!("{}{items}", problem.detail)
}

fn reset_user(cli: &Cli, config: &Config, args: &ResetUser) -> anyhow::Result<()> {
    let (email, drop_factor) = (args.email.clone(), args.second_factor);
    let made = open(config)?.write_now(&Caller::system("command"), move |cx| {
        let user = auth::users::by_email(cx, &email)?;
        if drop_factor {
            auth::users::drop_second_factor(cx, &user)?;
        }
        auth::users::reset_code(cx, &user)
    });
    let (_, code, until) = made.map_err(in_words)?;
    print(cli, &serde_json::json!({ "code": code, "expiresAt": until }), || {
        format!("{code}\n(once, until {until}: POST {}/v1/auth/reset)", config.public_url)
    })
}

fn disable_user(cli: &Cli, config: &Config, email: &str) -> anyhow::Result<()> {
    let email = email.to_owned();
    let done = open(config)?.write_now(&Caller::system("command"), move |cx| {
        let user = auth::users::by_email(cx, &email)?;
        auth::users::disable(cx, &user, "command line")?;
        Ok(user.id)
    });
    let id = done.map_err(in_words)?;
    print(cli, &serde_json::json!({ "id": id, "disabled": true }), || format!("{id} is closed"))
}

fn list_users(cli: &Cli, config: &Config) -> anyhow::Result<()> {
    let rows = open(config)?.read_now(&Caller::system("command"), |cx| {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = auth::users::page(cx, None, None, after.clone(), 500)?;
            let Some(last) = page.last() else { return Ok(rows) };
            after = Some(last.email.clone());
            for user in page {
                let roles: Vec<&str> = auth::grants_of(cx, user.id)?.iter().map(|g| g.role.word()).collect();
                rows.push(serde_json::json!({ "id": user.id, "email": user.email, "roles": roles,
                    "disabled": user.disabled_at.is_some() }));
            }
        }
    })?;
    print(cli, &rows, || {
        let line = |r: &serde_json::Value| {
            let roles: Vec<&str> = r["roles"].as_array().into_iter().flatten().filter_map(|v| v.as_str()).collect();
            let closed = if r["disabled"] == true { " (closed)" } else { "" };
            format!("{}  {}{closed}", r["email"].as_str().unwrap_or_default(), roles.join(", "))
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}
