//! Sign in, renew, leave; passwords and the second factor; who am I.

use actix_web::web::Data;
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::Visitor;
use crate::auth::dto::{
    AskForReset, ChangePassword, ConfirmSecondFactor, FirstAdministrator, GrantType, MeView, ResetPassword,
    SecondFactorView, SetUpSecondFactor, TokenRequest, TokenView, UserView,
};
use crate::auth::rules::Stop;
use crate::auth::sign_in::{self, Attempt, CodeFor, Entered};
use crate::auth::tokens::{ACCESS_SECONDS, Passwords, Tokens};
use crate::auth::{rules, second_factor, users};
use crate::config::Config;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::keys::{self, MasterKey};
use crate::mail::Mailer;
use crate::web::{Answer, Body, Done, IfMatch, created, found, nothing, public, shown};

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(issue_token)
        .service(sign_out)
        .service(get_me)
        .service(change_password)
        .service(set_up_second_factor)
        .service(confirm_second_factor)
        .service(ask_for_reset)
        .service(reset_password)
        .service(make_first_administrator);
}

/// Sign in with a password, or renew a sign-in
///
/// A refresh token works once: the answer has the next one, and a token that comes back ends the
/// whole sign-in. After three failures an account waits, on that network only: eight seconds,
/// doubling to fifteen minutes. Rights of roles that decide or administer are withheld until a
/// second factor was shown.
#[utoipa::path(tag = "Identity", operation_id = "issue_token", security(()),
    request_body(content = TokenRequest, examples(
        ("password" = (summary = "A password", value = json!({"grantType": "password", "email": "lan@example.vn", "password": "con trâu đi trước cái cày"}))),
        ("renew" = (summary = "A renewal", value = json!({"grantType": "refresh_token", "refreshToken": "0199f3c2-6a7e-7d10-9f3e-0c5b8a4d2e11.Vb0…"}))))),
    responses((status = 200, body = TokenView, description = "Tokens; never stored by us in this form",
        example = json!({"accessToken": "eyJ…", "tokenType": "Bearer", "expiresIn": 900, "refreshToken": "0199f3c2-6a7e-7d10-9f3e-0c5b8a4d2e11.Vb0…", "secondFactorNeeded": false})),
        (status = 401, body = Problem, description = "`credentials_wrong`, `second_factor_required`, `second_factor_wrong`, `refresh_invalid`, `refresh_reused`, `session_ended`"),
        (status = 429, body = Problem, description = "Too many failures; Retry-After says how long")))]
#[post("/auth/token")]
async fn issue_token(
    Visitor(caller): Visitor,
    db: Data<Db>,
    config: Data<Config>,
    master: Data<MasterKey>,
    passwords: Data<Passwords>,
    tokens: Data<Tokens>,
    body: Body<TokenRequest>,
) -> Result<Answer> {
    let asked = body.valid()?.clone();
    let waived = config.demo;
    let entered = match asked.grant_type {
        GrantType::Password => {
            let email = given(asked.email, "/email")?;
            let password = given(asked.password, "/password")?;
            let mut attempt = attempt(&db, &passwords, &caller, email, password).await?;
            attempt.totp = asked.totp;
            db.write(caller, move |cx| sign_in::enter(cx, &attempt, &master, waived)).await?.or_unauthenticated()?
        }
        GrantType::RefreshToken => {
            let token = given(asked.refresh_token, "/refreshToken")?;
            db.write(caller, move |cx| sign_in::renew(cx, &token, waived)).await?.or_unauthenticated()?
        }
    };
    tell(&tokens, &db, entered)
}

fn given(field: Option<String>, pointer: &str) -> Result<String> {
    let missing = || {
        AppError::field(
            pointer,
            "required_for_grant_type",
            "Cần trường này cho cách đăng nhập đã chọn.",
            "This field is needed for this grantType.",
        )
    };
    field.filter(|f| !f.is_empty()).ok_or_else(missing)
}

/// Checks a password outside any transaction.
async fn attempt(db: &Db, passwords: &Passwords, caller: &Caller, email: String, password: String) -> Result<Attempt> {
    let asked = email.clone();
    let known = db.read(caller.clone(), move |cx| sign_in::known(cx, &asked)).await?;
    let right = passwords.verify(password, known.hash.clone()).await?;
    Ok(Attempt { email, known, right, totp: None })
}

fn tell(tokens: &Tokens, db: &Db, entered: Entered) -> Result<Answer> {
    let view = TokenView {
        access_token: tokens.issue(entered.user, entered.session, db.clock().now())?,
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        refresh_token: entered.refresh,
        second_factor_needed: entered.withheld,
    };
    shown(&view)
}

/// End the sign-in that this request came with
#[utoipa::path(tag = "Identity", operation_id = "sign_out", responses((status = 204, description = "Ended; its tokens work no more")))]
#[post("/auth/sign-out")]
async fn sign_out(caller: Caller, db: Data<Db>) -> Result<Answer> {
    db.write(caller, sign_in::leave).await?;
    Ok(nothing())
}

/// Who I am and what I may do today
#[utoipa::path(tag = "Identity", operation_id = "get_me",
    responses((status = 200, description = "The caller", body = MeView,
        example = json!({"id": "0199f3c2-6a7e-7d10-9f3e-0c5b8a4d2e11", "email": "lan@example.vn", "name": "Nguyễn Thị Lan",
            "grants": [{"role": "producer", "producer": "0199f3c2-7b11-7c02-8f0d-5f5f2a9a1b22"}], "withheld": []}))))]
#[get("/auth/me")]
async fn get_me(caller: Caller, db: Data<Db>) -> Result<Answer> {
    db.read(caller, |cx| {
        let user = sign_in::me(cx)?;
        let all = crate::auth::grants_of(cx, user.id)?;
        let (held, withheld): (Vec<_>, Vec<_>) = all.iter().partition(|g| cx.caller.actor.is(g.role));
        let me = MeView {
            id: user.id,
            email: user.email,
            name: user.name,
            grants: held.into_iter().map(Into::into).collect(),
            withheld: withheld.into_iter().map(Into::into).collect(),
        };
        found(user.version, &me)
    })
    .await
}

/// Change my password; every other sign-in of mine ends
#[utoipa::path(tag = "Identity", operation_id = "change_password",
    params(("If-Match" = String, Header, description = "The ETag of `GET /v1/auth/me`")),
    request_body(content = ChangePassword, example = json!({"old": "con trâu đi trước cái cày", "new": "gió đưa cành trúc la đà"})),
    responses((status = 204, description = "Changed"),
        (status = 422, body = Problem, description = "`password_wrong`, `password_is_email`"),
        (status = 429, body = Problem, description = "Too many failures; Retry-After says how long")))]
#[put("/auth/password")]
async fn change_password(
    caller: Caller,
    db: Data<Db>,
    passwords: Data<Passwords>,
    if_match: IfMatch,
    body: Body<ChangePassword>,
) -> Result<Answer> {
    let me = db.read(caller.clone(), sign_in::me).await?;
    if_match.check(me.version)?;
    let asked = body.valid()?.clone();
    fit(&asked.new, &me.email, "/new")?;
    let attempt = attempt(&db, &passwords, &caller, me.email, asked.old).await?;
    let hash = if attempt.right { passwords.hash(asked.new).await? } else { String::new() };
    let outcome = db.write(caller, move |cx| sign_in::change_password(cx, &attempt, &hash)).await?;
    outcome.or_field("/old", "Mật khẩu hiện tại chưa đúng.", "The present password is wrong.")?;
    Ok(nothing())
}

/// Refuses a password that may not be used.
fn fit(password: &str, email: &str, pointer: &str) -> Result<()> {
    match rules::password_fault(password, email, pointer) {
        None => Ok(()),
        Some(fault) => Err(AppError::Invalid(vec![fault])),
    }
}

/// Begin a second factor: a secret for an authenticator, shown once
///
/// It counts once its first code is confirmed; a second factor that was set up before works until
/// then. Needed for the roles that decide or administer.
#[utoipa::path(tag = "Identity", operation_id = "set_up_second_factor",
    request_body(content = SetUpSecondFactor, example = json!({"password": "con trâu đi trước cái cày"})),
    responses((status = 200, body = SecondFactorView, description = "Put it into an authenticator, then confirm",
        example = json!({"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "otpauthUri": "otpauth://totp/ocop:lan%40example.vn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ocop&algorithm=SHA1&digits=6&period=30"})),
        (status = 409, body = Problem, description = "`second_factor_kept`: sign in with the present one first"),
        (status = 422, body = Problem, description = "`password_wrong`"),
        (status = 429, body = Problem, description = "Too many failures; Retry-After says how long")))]
#[post("/auth/totp")]
async fn set_up_second_factor(
    caller: Caller,
    db: Data<Db>,
    config: Data<Config>,
    master: Data<MasterKey>,
    passwords: Data<Passwords>,
    body: Body<SetUpSecondFactor>,
) -> Result<Answer> {
    let me = db.read(caller.clone(), sign_in::me).await?;
    let asked = body.valid()?.clone();
    let attempt = attempt(&db, &passwords, &caller, me.email.clone(), asked.password).await?;
    let secret = second_factor::fresh();
    let outcome = db.write(caller, move |cx| sign_in::begin_second_factor(cx, &attempt, &master, secret)).await?;
    outcome.or_field("/password", "Mật khẩu chưa đúng.", "The password is wrong.")?;
    let view = SecondFactorView {
        secret: second_factor::written(secret),
        otpauth_uri: second_factor::uri(&config.instance, &me.email, secret),
    };
    shown(&view)
}

/// Confirm the second factor with its first code; this sign-in then counts as one that showed it
#[utoipa::path(tag = "Identity", operation_id = "confirm_second_factor",
    request_body(content = ConfirmSecondFactor, example = json!({"totp": "287082"})),
    responses((status = 204, description = "Confirmed; rights that were withheld hold in this sign-in"),
        (status = 409, body = Problem, description = "`second_factor_nothing_to_confirm`"),
        (status = 422, body = Problem, description = "`second_factor_wrong`")))]
#[post("/auth/totp/confirm")]
async fn confirm_second_factor(
    caller: Caller,
    db: Data<Db>,
    master: Data<MasterKey>,
    body: Body<ConfirmSecondFactor>,
) -> Result<Answer> {
    let outcome = db
        .write(caller, move |cx| {
            let asked = body.valid()?;
            sign_in::confirm_second_factor(cx, &master, &asked.totp)
        })
        .await?;
    outcome.or_field(
        "/totp",
        "Sáu chữ số chưa đúng; kiểm tra giờ của điện thoại.",
        "The six digits are wrong; check the phone's clock.",
    )?;
    Ok(nothing())
}

/// Ask for a one-time code by e-mail
///
/// The answer is the same whether the address has an account or not. A code works once and for 24
/// hours; three letters a day are the most. Where no mail server is named, an officer of the
/// territory prints the code.
#[utoipa::path(tag = "Identity", operation_id = "ask_for_reset", security(()),
    request_body(content = AskForReset, example = json!({"email": "lan@example.vn"})),
    responses((status = 204, description = "Where the address has an account, a letter is on its way"),
        (status = 409, body = Problem, description = "`reset_mail_off`: this instance sends no e-mail")))]
#[post("/auth/reset-requests")]
async fn ask_for_reset(
    Visitor(caller): Visitor,
    db: Data<Db>,
    mailer: Data<Mailer>,
    body: Body<AskForReset>,
) -> Result<Answer> {
    let email = body.valid()?.email.clone();
    if !mailer.is_on() {
        return Err(Stop::MailOff.into());
    }
    let lang = caller.lang;
    if let Some((to, code)) = db.write(caller, move |cx| sign_in::code_by_mail(cx, &email)).await? {
        let (subject, text) = rules::reset_letter(&code, lang);
        // The answer does not wait for the mail server: its time would tell who has an account.
        tokio::task::spawn_blocking(move || {
            if let Err(e) = mailer.send(&to, subject, text) {
                tracing::warn!(error = %e, "a letter with a one-time code could not be sent");
            }
        });
    }
    Ok(nothing())
}

/// Set a new password by a one-time code that was printed by an officer or came by e-mail
///
/// The code works once and for 24 hours. Every sign-in ends; a second factor stays.
#[utoipa::path(tag = "Identity", operation_id = "reset_password", security(()),
    request_body(content = ResetPassword, example = json!({"code": "7K2QM-0XV4T-9ZRD1-WH3NB", "password": "gió đưa cành trúc la đà"})),
    responses((status = 204, description = "Set; sign in with it"),
        (status = 422, body = Problem, description = "`code_wrong`: unknown, used or expired; `password_is_email`"),
        (status = 429, body = Problem, description = "Too many failures; Retry-After says how long")))]
#[post("/auth/reset")]
async fn reset_password(
    Visitor(caller): Visitor,
    db: Data<Db>,
    passwords: Data<Passwords>,
    body: Body<ResetPassword>,
) -> Result<Answer> {
    let asked = body.valid()?.clone();
    let code = asked.code.clone();
    let tried = db.write(caller.clone(), move |cx| sign_in::try_code(cx, CodeFor::Reset, &code)).await?;
    let email = code_or_field(tried)?.unwrap_or_default();
    fit(&asked.password, &email, "/password")?;
    let hash = passwords.hash(asked.password).await?;
    let code = asked.code;
    code_or_field(db.write(caller, move |cx| sign_in::reset(cx, &code, &hash)).await?)?;
    Ok(nothing())
}

fn code_or_field<T>(outcome: sign_in::Outcome<T>) -> Result<T> {
    outcome.or_field(
        "/code",
        "Mã không đúng, đã dùng hoặc đã hết hạn; xin mã mới.",
        "The code is wrong, was used, or has expired; ask for a new one.",
    )
}

/// Make the first administrator by the one-time code of the operator
///
/// The code stands in `first-admin-link.txt` in the data directory and on the operator's terminal;
/// it works once, for 24 hours, while there is no administrator.
#[utoipa::path(tag = "Identity", operation_id = "make_first_administrator", security(()),
    request_body(content = FirstAdministrator, example = json!({"code": "7K2QM-0XV4T-9ZRD1-WH3NB", "email": "quantri@example.vn", "name": "Trần Văn An", "password": "gió đưa cành trúc la đà"})),
    responses((status = 201, body = UserView, description = "Made; sign in and set up a second factor"),
        (status = 409, body = Problem, description = "`account_administrator_exists`"),
        (status = 422, body = Problem, description = "`code_wrong`, `taken`, `password_is_email`"),
        (status = 429, body = Problem, description = "Too many failures; Retry-After says how long")))]
#[post("/auth/first-administrator")]
async fn make_first_administrator(
    Visitor(caller): Visitor,
    db: Data<Db>,
    passwords: Data<Passwords>,
    body: Body<FirstAdministrator>,
) -> Result<Answer> {
    let asked = body.valid()?.clone();
    let code = asked.code.clone();
    let tried = db.write(caller.clone(), move |cx| sign_in::try_code(cx, CodeFor::FirstAdministrator, &code)).await?;
    code_or_field(tried)?;
    fit(&asked.password, &asked.email, "/password")?;
    let hash = passwords.hash(asked.password.clone()).await?;
    let made = db
        .write(caller.clone(), move |cx| {
            sign_in::first_administrator(cx, &asked.code, &asked.email, &asked.name, &hash)
        })
        .await?;
    let id = code_or_field(made)?;
    db.read(Caller { actor: crate::actor::Actor::system("first administrator"), ..caller }, move |cx| {
        let user = users::get(cx, id)?;
        let done = Done { id: id.0, replayed: false };
        created(done, &format!("/v1/users/{id}"), user.version, &UserView::from(&user))
    })
    .await
}

/// The public keys that tokens, audit blocks, certificates and manifests of dossiers are signed with (RFC 7517)
#[utoipa::path(tag = "Identity", operation_id = "get_jwks", security(()),
    responses((status = 200, description = "A JSON Web Key Set, retired keys included", body = serde_json::Value)))]
#[get("/.well-known/jwks.json")]
pub(super) async fn get_jwks(tokens: Data<Tokens>, db: Data<Db>) -> Result<Answer> {
    tokens.learn(db.read(Caller::system("keys"), keys::public).await?);
    public(&tokens.jwks())
}
