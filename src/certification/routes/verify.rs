//! Verification by anybody.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::page;
use crate::auth::Visitor;
use crate::certification::dto::{VerifiedMany, VerifyMany, VerifyView};
use crate::certification::verify;
use crate::config::Config;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::text::Lang;
use crate::web::{Answer, Body, live, wants_page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(verify_number).service(verify_numbers);
}

pub(super) fn root_routes(cfg: &mut ServiceConfig) {
    cfg.service(show_certificate);
}

/// Check a certificate: a page for people, JSON for programs
///
/// The address printed on certificates and in QR codes; it never changes. A page when `Accept` names text/html,
/// as every browser does, else JSON; `?lang=vi|en` chooses the language of the page. Product codes of either shape are found too.
#[utoipa::path(tag = "Certification", operation_id = "show_certificate", security(()),
    params(("number" = String, Path, description = "The number as printed, or a product code", example = "OCOP-86-2026-000123-1"),
        ("lang" = Option<String>, Query, description = "`vi` or `en`; else by Accept-Language")),
    responses((status = 200, description = "How it stands today",
            content((VerifyView = "application/json"), (String = "text/html"))),
        (status = 404, description = "Nothing here bears this number; with a suggestion when look-alikes were typed",
            content((Problem = "application/problem+json"), (String = "text/html")))))]
#[get("/v/{number}")]
async fn show_certificate(
    visitor: Visitor,
    db: Data<Db>,
    config: Data<Config>,
    number: Path<String>,
    request: HttpRequest,
) -> Result<Answer> {
    let lang = chosen(&request).unwrap_or(visitor.0.lang);
    let (typed, url, demo) = (number.into_inner(), config.public_url.clone(), config.demo);
    let asked = typed.clone();
    let answer = db.read(visitor.0, move |cx| verify(cx, &url, &asked)).await;
    match (wants_page(&request), answer) {
        (false, answer) => live(&answer?),
        (true, Ok(view)) => Ok(guarded(Answer::page(page::certificate(&view, lang, demo)), lang).revalidated()),
        (true, Err(error @ AppError::Unknown { .. })) => {
            Ok(guarded(Answer::sorry(page::unknown(&typed, &error, lang, demo), &error), lang))
        }
        (true, Err(other)) => Err(other),
    }
}

/// Check a certificate
///
/// What anybody may know of a printed number or a product code, as it stands today. No account is needed; no
/// contact data is shown.
#[utoipa::path(tag = "Certification", operation_id = "verify_number", security(()),
    params(("number" = String, Path, description = "The number as printed, or a product code", example = "OCOP-86-2026-000123-1")),
    responses((status = 200, body = VerifyView, description = "How it stands today"),
        (status = 404, body = Problem, description = "Nothing here bears this number")))]
#[get("/verify/{number}")]
async fn verify_number(visitor: Visitor, db: Data<Db>, config: Data<Config>, number: Path<String>) -> Result<Answer> {
    let url = config.public_url.clone();
    let view = db.read(visitor.0, move |cx| verify(cx, &url, &number)).await?;
    live(&view)
}

/// Check up to 100 certificates
///
/// One answer for each number, in the order asked; an unknown number is an answer, not an error.
#[utoipa::path(tag = "Certification", operation_id = "verify_numbers", security(()),
    request_body(content = VerifyMany, example = json!({ "numbers": ["OCOP-86-2026-000123-1", "84-845-29338-1-2021"] })),
    responses((status = 200, body = VerifiedMany, description = "How they stand today")))]
#[post("/verify")]
async fn verify_numbers(
    visitor: Visitor,
    db: Data<Db>,
    config: Data<Config>,
    body: Body<VerifyMany>,
) -> Result<Answer> {
    let url = config.public_url.clone();
    db.read(visitor.0, move |cx| {
        let data = verify::verify_each(cx, &url, &body.valid()?.numbers)?;
        live(&VerifiedMany { checked_on: cx.today(), data })
    })
    .await
}

/// A page without scripts that nobody may put into a frame.
fn guarded(page: Answer, lang: Lang) -> Answer {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
    page.with(header::CONTENT_SECURITY_POLICY, policy).with(header::CONTENT_LANGUAGE, lang.tag())
}

/// `?lang=`. Other parameters are left alone: what people share arrives with marks of the messenger.
fn chosen(request: &HttpRequest) -> Option<Lang> {
    let asked = request.query_string().split('&').find_map(|p| p.strip_prefix("lang="))?;
    [Lang::Vi, Lang::En].into_iter().find(|l| l.tag() == asked)
}
