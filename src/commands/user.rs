//! `ocop user add|reset|disable|list`.

use std::io::Read;

use clap::{Args, Subcommand};
use ocop::actor::{Caller, Role};
use ocop::auth;
use ocop::config::Config;
use ocop::db::Ctx;
use ocop::error::AppError;
use ocop::ids::{PlaceId, ProducerId};
use ocop::places::{self, Level};

use super::{in_words, open, print};

/// What is done with users.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Add a user with a role; prints the id.
    Add(AddUser),
    /// Print a one-time code for a new password.
    Reset(ResetUser),
    /// Close an account: every sign-in of it ends.
    Disable(NamedUser),
    /// List the accounts and the rights they hold today.
    List,
}

/// An account.
#[derive(Args)]
pub struct NamedUser {
    /// E-mail of the account.
    #[arg(long)]
    email: String,
}

/// Whose password, and whether the second factor too.
#[derive(Args)]
pub struct ResetUser {
    /// E-mail of the account.
    #[arg(long)]
    email: String,
    /// Drop the second factor too: it was lost.
    #[arg(long)]
    second_factor: bool,
}

/// A new account and its first right.
#[derive(Args)]
pub struct AddUser {
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
    /// Code of the commune, district or province of the role, as it is today.
    #[arg(long)]
    place: Option<String>,
    /// Identifier of the producer that the person speaks for.
    #[arg(long)]
    producer: Option<ProducerId>,
    /// Read the password from standard input.
    #[arg(long)]
    password_stdin: bool,
}

fn parse_role(word: &str) -> Result<Role, String> {
    let known: Vec<&str> = Role::ALL.iter().map(|r| r.word()).collect();
    Role::parse(word).ok_or_else(|| format!("choose one of: {}", known.join(", ")))
}

/// Does it.
///
/// # Errors
/// When the database fails or the account cannot be made.
pub fn run(json: bool, config: &Config, command: &UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add(args) => add_user(json, config, args),
        UserCommand::Reset(args) => reset_user(json, config, args),
        UserCommand::Disable(args) => disable_user(json, config, &args.email),
        UserCommand::List => list_users(json, config),
    }
}

fn add_user(json: bool, config: &Config, args: &AddUser) -> anyhow::Result<()> {
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
    print(json, &serde_json::json!({ "id": id }), || id.to_string())
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
    Err(AppError::field("--place", "unknown_place", "Không có đơn vị với mã này.", "There is no unit with this code today."))
}

fn reset_user(json: bool, config: &Config, args: &ResetUser) -> anyhow::Result<()> {
    let (email, drop_factor) = (args.email.clone(), args.second_factor);
    let made = open(config)?.write_now(&Caller::system("command"), move |cx| {
        let user = auth::users::by_email(cx, &email)?;
        if drop_factor {
            auth::users::drop_second_factor(cx, &user)?;
        }
        auth::users::reset_code(cx, &user)
    });
    let (_, code, until) = made.map_err(in_words)?;
    print(json, &serde_json::json!({ "code": code, "expiresAt": until }), || {
        format!("{code}\n(once, until {until}: POST {}/v1/auth/reset)", config.public_url)
    })
}

fn disable_user(json: bool, config: &Config, email: &str) -> anyhow::Result<()> {
    let email = email.to_owned();
    let done = open(config)?.write_now(&Caller::system("command"), move |cx| {
        let user = auth::users::by_email(cx, &email)?;
        auth::users::disable(cx, &user, "command line")?;
        Ok(user.id)
    });
    let id = done.map_err(in_words)?;
    print(json, &serde_json::json!({ "id": id, "disabled": true }), || format!("{id} is closed"))
}

fn list_users(json: bool, config: &Config) -> anyhow::Result<()> {
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
    print(json, &rows, || {
        let line = |r: &serde_json::Value| {
            let roles: Vec<&str> = r["roles"].as_array().into_iter().flatten().filter_map(|v| v.as_str()).collect();
            let closed = if r["disabled"] == true { " (closed)" } else { "" };
            format!("{}  {}{closed}", r["email"].as_str().unwrap_or_default(), roles.join(", "))
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}
