//! Verification by anybody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderName};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, get, post};
use chrono::NaiveDate;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{badge, page};
use crate::auth::Visitor;
use crate::certification::dto::{OnQuery, VerifiedMany, VerifyMany, VerifyView};
use crate::certification::verify::{self, Marked, marked, verify, verify_each};
use crate::config::Config;
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::text::Lang;
use crate::web::page::sensible_day;
use crate::web::{Answer, Body, live, wants_page};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(verify_number).service(verify_numbers).service(get_badge);
}

pub(super) fn root_routes(cfg: &mut ServiceConfig) {
    cfg.service(show_certificate);
}

/// Check a certificate: a page for people, JSON for programs
///
/// The address printed on certificates and in QR codes; it never changes. A page when `Accept` names text/html,
/// as every browser does, else JSON; `?lang=vi|en` chooses the language of the page. Product codes of either shape and
/// trade item numbers are found too.
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
    let answer = db.read(visitor.0, move |cx| verify(cx, &url, &asked, None)).await;
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
/// What anybody may know of a printed number, a product code of any time or a trade item number, as it stands today
/// or on any day: an answer for a day to come says what it takes for granted. No account is needed; no contact data is
/// shown. Look-alike letters (O for 0, S for 5) are answered 404 with a `suggestion`, never silently.
#[utoipa::path(tag = "Certification", operation_id = "verify_number", security(()),
    params(("number" = String, Path, description = "The number as printed, or a product code", example = "OCOP-86-2026-000123-1"), OnQuery),
    responses((status = 200, body = VerifyView, description = "How it stands on that day"),
        (status = 404, body = Problem, description = "Nothing here bears this number; with a suggestion when look-alikes were typed")))]
#[get("/verify/{number}")]
async fn verify_number(
    visitor: Visitor,
    db: Data<Db>,
    config: Data<Config>,
    kept: Data<Verified>,
    number: Path<String>,
    query: Query<OnQuery>,
) -> Result<Answer> {
    let url = config.public_url.clone();
    let on = sensible_day("on", query.on)?;
    let kept = kept.get_ref().clone();
    let (deeds, today) = (db.deeds(), db.clock().now().vietnam_day());
    // Most numbers come as they are printed, and need no reading.
    let as_it_came = if on.is_none() { kept.fresh(&number, deeds, today) } else { None };
    if let Some(answer) = as_it_came {
        return Ok(answer);
    }
    let printed = if on.is_none() { verify::printed_number(&number) } else { None };
    if let Some(answer) = printed.as_ref().and_then(|printed| kept.fresh(printed, deeds, today)) {
        return Ok(answer);
    }
    db.read(visitor.0, move |cx| match printed {
        Some(printed) => kept.answer(cx, &url, printed, deeds),
        None => live(&verify(cx, &url, &number, on)?),
    })
    .await
}

/// How long a mark is believed of what other processes write; what this one writes shows at once.
const MARK_BELIEVED: Duration = Duration::from_secs(1);
/// How long the names of units in a kept answer are believed.
const NAMES_BELIEVED: Duration = Duration::from_secs(30);
/// Answers kept at most; beyond it the memory starts again.
const KEPT: usize = 5_000;

/// Answers about certificates of one node, each with the mark of what it depends on. The mark is read
/// again once a second and after every deed of this process, so that a revocation shows at once where it
/// was written and within a second elsewhere; it costs one query where the answer costs many.
#[derive(Clone, Default)]
pub struct Verified(Arc<Mutex<HashMap<String, Kept>>>);

struct Kept {
    rendered: Instant,
    answer: Answer,
    of: Marked,
    /// When the mark was last read, after how many deeds.
    seen: (Instant, u64),
}

impl Verified {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The kept answer, where nothing it depends on can have changed since it was looked at.
    fn fresh(&self, number: &str, deeds: u64, today: NaiveDate) -> Option<Answer> {
        let all = self.all();
        let kept = all.get(number)?;
        let (at, after) = kept.seen;
        let holds = after == deeds && at.elapsed() < MARK_BELIEVED && kept.rendered.elapsed() < NAMES_BELIEVED;
        (holds && kept.of.on() == today).then(|| kept.answer.clone())
    }

    /// The kept answer when its mark is still the same, else a new one. `deeds` was asked for before.
    fn answer(&self, cx: &mut Ctx<'_>, url: &str, number: String, deeds: u64) -> Result<Answer> {
        let seen = (Instant::now(), deeds);
        let Some(of) = marked(cx, &number)? else { return live(&verify(cx, url, &number, None)?) };
        if let Some(kept) = self.all().get_mut(&number)
            && kept.of == of
            && kept.rendered.elapsed() < NAMES_BELIEVED
        {
            kept.seen = seen;
            return Ok(kept.answer.clone());
        }
        let answer = live(&verify(cx, url, &number, None)?)?;
        let mut all = self.all();
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(number, Kept { rendered: Instant::now(), answer: answer.clone(), of, seen });
        Ok(answer)
    }
}

/// The star badge of a certificate, for web sites
///
/// A picture (SVG) that shows the state as of now: with its stars while the certificate is in force, struck out and
/// named when it is not. Web sites embed it by its address; it is kept for a minute at most.
#[utoipa::path(tag = "Certification", operation_id = "get_badge", security(()),
    params(("id" = String, Path, description = "The number as printed, a product code, or the certificate's identifier", example = "OCOP-86-2026-000123-1"),
        ("lang" = Option<String>, Query, description = "`vi` or `en`; else by Accept-Language")),
    responses((status = 200, description = "The picture", content_type = "image/svg+xml", body = String),
        (status = 404, body = Problem, description = "Nothing here bears this number")))]
#[get("/certificates/{id}/badge.svg")]
async fn get_badge(
    visitor: Visitor,
    db: Data<Db>,
    config: Data<Config>,
    id: Path<String>,
    request: HttpRequest,
) -> Result<Answer> {
    let lang = chosen(&request).unwrap_or(visitor.0.lang);
    let (url, demo) = (config.public_url.clone(), config.demo);
    let view = db.read(visitor.0, move |cx| verify::verify_named(cx, &url, &id)).await?;
    let picture = Answer::bytes("image/svg+xml", badge::draw(&view, lang, demo).into_bytes()).public();
    Ok(picture
        .with(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'")
        .with(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
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
        let data = verify_each(cx, &url, body.valid()?.each()?)?;
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
