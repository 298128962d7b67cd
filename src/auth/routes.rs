//! Sign in, renew, who am I.

use actix_web::get;
use actix_web::web::Data;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{GrantView, MeView};
use super::tokens::Tokens;
use crate::actor::Caller;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::web::{Answer, found, public};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_me);
}

/// Routes outside `/v1`.
pub fn root_routes(cfg: &mut ServiceConfig) {
    cfg.service(get_jwks);
}

/// Who I am and what I may do today
#[utoipa::path(tag = "Identity", operation_id = "get_me",
    responses((status = 200, description = "The caller", body = MeView), (status = 401, body = Problem, description = "Not signed in")))]
#[get("/auth/me")]
async fn get_me(caller: Caller, db: Data<Db>) -> Result<Answer> {
    db.read(caller, |cx| {
        let id = cx.actor().user().ok_or(AppError::NotFound)?;
        let user = super::user(cx, id)?.ok_or(AppError::NotFound)?;
        let all = super::grants_of(cx, id)?;
        let view = |g: &super::model::GrantRow| GrantView {
            role: g.role,
            place: g.place_id,
            producer: g.producer_id,
            organisation: g.organisation_id,
        };
        let (grants, withheld): (Vec<_>, Vec<_>) = all.iter().partition(|g| cx.caller.actor.is(g.role));
        let me = MeView {
            id,
            email: user.email,
            name: user.name,
            grants: grants.into_iter().map(view).collect(),
            withheld: withheld.into_iter().map(view).collect(),
        };
        found(user.version, &me)
    })
    .await
}

/// The public keys that tokens, audit blocks and certificates are signed with (RFC 7517)
#[utoipa::path(tag = "Identity", operation_id = "get_jwks", security(()),
    responses((status = 200, description = "A JSON Web Key Set", body = serde_json::Value)))]
#[get("/.well-known/jwks.json")]
async fn get_jwks(tokens: Data<Tokens>) -> Result<Answer> {
    public(&tokens.jwks())
}
