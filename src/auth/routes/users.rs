//! Accounts and their dated rights.

#![expect(unused_qualifications, reason = "what utoipa makes of a Query in a handler")]

use actix_web::web::{Data, Path, Query};
use actix_web::{delete, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::{Caller, Role};
use crate::auth::dto::{AddUser, DatedGrant, DisableUser, GiveGrant, ResetCodeView, UserDetail, UserView};
use crate::auth::policy::{self, Act};
use crate::auth::{self, Neighbours, Right, users};
use crate::db::{Ctx, Db};
use crate::error::{Problem, Result};
use crate::ids::{GrantId, UserId};
use crate::web::page::{self, Page};
use crate::web::{Answer, Body, IfMatch, Once, created, found, nothing};

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_users)
        .service(add_user)
        .service(get_user)
        .service(give_grant)
        .service(end_grant)
        .service(disable_user)
        .service(drop_second_factor)
        .service(print_reset_code);
}

/// What a list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ListUsers {
    /// Exactly this e-mail.
    email: Option<String>,
    /// Only those who hold this role today.
    role: Option<Role>,
    /// How many, 1 to 100.
    limit: Option<i64>,
    /// `page.next` of the page before.
    cursor: Option<String>,
}

/// Accounts by e-mail
#[utoipa::path(tag = "Users", operation_id = "list_users", params(ListUsers),
    responses((status = 200, body = Page<UserView>, description = "A page")))]
#[get("/users")]
async fn list_users(caller: Caller, db: Data<Db>, query: Query<ListUsers>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<String> = page::read_cursor(query.cursor.as_deref())?;
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReadUsers)?;
        let rows = users::page(cx, query.email.as_deref(), query.role, after, limit)?;
        Page::cut(rows, limit, |u| u.email.clone()).map(|u| UserView::from(&u)).answer()
    })
    .await
}

/// Make an account; its password is set by a reset code
#[utoipa::path(tag = "Users", operation_id = "add_user",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer; nothing is made twice")),
    request_body(content = AddUser, example = json!({"email": "an@example.vn", "name": "Trần Văn An", "phone": "0294 3855 246"})),
    responses((status = 201, body = UserDetail, description = "Made, without rights"),
        (status = 422, body = Problem, description = "`taken`: the e-mail has an account")))]
#[post("/users")]
async fn add_user(caller: Caller, db: Data<Db>, once: Once, body: Body<AddUser>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::ManageUsers)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            Ok(auth::add_user(cx, &asked.email, &asked.name, asked.phone.as_deref(), None)?.0)
        })?;
        let (version, view) = detail(cx, UserId(done.id))?;
        created(done, &format!("/v1/users/{}", done.id), version, &view)
    })
    .await
}

fn detail(cx: &mut Ctx<'_>, id: UserId) -> Result<(i32, UserDetail)> {
    let user = users::get(cx, id)?;
    let today = cx.today();
    let grants = users::grants(cx, id)?.iter().map(|g| DatedGrant::on(g, today)).collect();
    Ok((user.version, UserDetail { user: UserView::from(&user), grants }))
}

/// One account with every right it has, had and will have
#[utoipa::path(tag = "Users", operation_id = "get_user", params(("id" = UserId, Path, description = "The account")),
    responses((status = 200, body = UserDetail, description = "The account")))]
#[get("/users/{id}")]
async fn get_user(caller: Caller, db: Data<Db>, id: Path<UserId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        users::get(cx, *id)?;
        policy::must(cx, Act::ReadUsers)?;
        let (version, view) = detail(cx, *id)?;
        found(version, &view)
    })
    .await
}

/// Give a dated right
#[utoipa::path(tag = "Users", operation_id = "give_grant",
    params(("id" = UserId, Path, description = "The account"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer; nothing is given twice")),
    request_body(content = GiveGrant, example = json!({"role": "commune", "place": "0b7c1f5e-58d5-5c55-9a37-0d9f5b0f7a11",
        "validFrom": "2026-06-01", "basis": "Quyết định 12/QĐ-UBND"})),
    responses((status = 201, body = UserDetail, description = "The account with the new right"),
        (status = 409, body = Problem, description = "`account_closed`"),
        (status = 422, body = Problem, description = "The right lacks its place, producer or organisation")))]
#[post("/users/{id}/grants")]
async fn give_grant(
    caller: Caller,
    db: Data<Db>,
    ask: Data<Neighbours>,
    id: Path<UserId>,
    once: Once,
    body: Body<GiveGrant>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let user = users::hold(cx, *id)?;
        policy::must(cx, Act::ManageUsers)?;
        let asked = body.valid()?;
        let right = Right {
            place: asked.place,
            producer: asked.producer,
            organisation: asked.organisation,
            from: asked.valid_from,
            to: asked.valid_to,
            basis: asked.basis.clone(),
        };
        let done = once.run(cx, &body.fingerprint, |cx| Ok(users::give(cx, &ask, &user, asked.role, right)?.0))?;
        let (version, view) = detail(cx, *id)?;
        created(done, &format!("/v1/users/{id}/grants/{}", done.id), version, &view)
    })
    .await
}

/// Take a right away, from this moment on
#[utoipa::path(tag = "Users", operation_id = "end_grant",
    params(("id" = UserId, Path, description = "The account"), ("grant" = GrantId, Path, description = "The right"),
        ("If-Match" = String, Header, description = "The ETag of the account")),
    responses((status = 204, description = "Ended; it holds no more"),
        (status = 409, body = Problem, description = "`grant_ended`, `account_last_administrator`")))]
#[delete("/users/{id}/grants/{grant}")]
async fn end_grant(caller: Caller, db: Data<Db>, path: Path<(UserId, GrantId)>, if_match: IfMatch) -> Result<Answer> {
    let (id, grant) = *path;
    db.write(caller, move |cx| {
        let user = users::hold(cx, id)?;
        policy::must(cx, Act::ManageUsers)?;
        if_match.check(user.version)?;
        users::end_grant(cx, &user, grant)
    })
    .await?;
    Ok(nothing())
}

/// Close an account: every sign-in of it ends now
#[utoipa::path(tag = "Users", operation_id = "disable_user",
    params(("id" = UserId, Path, description = "The account"), ("If-Match" = String, Header, description = "The ETag of the account")),
    request_body(content = DisableUser, example = json!({"reason": "Chuyển công tác"})),
    responses((status = 200, body = UserDetail, description = "Closed"),
        (status = 409, body = Problem, description = "`account_closed`, `account_last_administrator`")))]
#[post("/users/{id}/disable")]
async fn disable_user(
    caller: Caller,
    db: Data<Db>,
    id: Path<UserId>,
    if_match: IfMatch,
    body: Body<DisableUser>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let user = users::hold(cx, *id)?;
        policy::must(cx, Act::ManageUsers)?;
        if_match.check(user.version)?;
        users::disable(cx, &user, &body.valid()?.reason)?;
        let (version, view) = detail(cx, *id)?;
        found(version, &view)
    })
    .await
}

/// Drop the second factor of somebody who has lost it; every sign-in of theirs ends
#[utoipa::path(tag = "Users", operation_id = "drop_second_factor",
    params(("id" = UserId, Path, description = "The account"), ("If-Match" = String, Header, description = "The ETag of the account")),
    responses((status = 204, description = "Dropped; rights that need one are withheld until a new one is set up")))]
#[delete("/users/{id}/totp")]
async fn drop_second_factor(caller: Caller, db: Data<Db>, id: Path<UserId>, if_match: IfMatch) -> Result<Answer> {
    db.write(caller, move |cx| {
        let user = users::hold(cx, *id)?;
        policy::must(cx, Act::ManageUsers)?;
        if_match.check(user.version)?;
        users::drop_second_factor(cx, &user)
    })
    .await?;
    Ok(nothing())
}

/// Print a reset code for an account: shown once, works once, for 24 hours
///
/// Officers print codes for accounts of producers in their territory, administrators for all. The
/// code before it works no more. A repeated call with the same key answers without the code.
#[utoipa::path(tag = "Users", operation_id = "print_reset_code",
    params(("id" = UserId, Path, description = "The account"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key makes no second code; the first is not shown again")),
    responses((status = 201, body = ResetCodeView, description = "Hand it over on paper",
        example = json!({"user": "0199f3c2-6a7e-7d10-9f3e-0c5b8a4d2e11", "code": "7K2QM-0XV4T-9ZRD1-WH3NB", "expiresAt": "2026-06-02T02:30:00Z"})),
        (status = 409, body = Problem, description = "`account_closed`, `account_beyond_officer`")))]
#[post("/users/{id}/reset-code")]
async fn print_reset_code(caller: Caller, db: Data<Db>, id: Path<UserId>, once: Once) -> Result<Answer> {
    db.write(caller, move |cx| {
        let user = users::hold(cx, *id)?;
        policy::must(cx, Act::IssueResetCode)?;
        let mut view = ResetCodeView { user: user.id, code: None, expires_at: None };
        let done = once.run(cx, "", |cx| {
            let (row, code, expires_at) = users::reset_code(cx, &user)?;
            (view.code, view.expires_at) = (Some(code), Some(expires_at));
            Ok(row.0)
        })?;
        created(done, &format!("/v1/users/{id}"), user.version, &view)
    })
    .await
}
