//! HTTP of the public read side.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    CatalogueQuery, ProductCard, ProductPage, PublicDecision, PublicDecisionPage, PublicDecisionsQuery, Stats,
    StatsQuery,
};
use super::{Cache, figures, lists, shelf};
use crate::auth::Visitor;
use crate::certification::{OnQuery, TimelineView};
use crate::config::Config;
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::files::{Asked, Files};
use crate::ids::{DecisionId, ProductId, RowId};
use crate::paper::{Imprint, Press};
use crate::web::page::sensible_day;
use crate::web::{Answer, Page};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_catalogue_products)
        .service(get_catalogue_product)
        .service(get_catalogue_history)
        .service(list_catalogue_decisions)
        .service(get_catalogue_decision)
        .service(get_catalogue_decision_pdf)
        .service(get_catalogue_decision_scan)
        .service(get_catalogue_stats);
}

/// Products of the catalogue
///
/// Everything that was ever recognised, awaits the centre with 90 points or more, or stands on a list that proves no
/// recognition. States are those of today; no contact data.
#[utoipa::path(tag = "Catalogue", operation_id = "list_catalogue_products", security(()), params(CatalogueQuery),
    responses((status = 200, body = Page<ProductCard>, description = "A page of products")))]
#[get("/catalogue/products")]
async fn list_catalogue_products(
    visitor: Visitor,
    db: Data<Db>,
    cache: Data<Cache>,
    query: Query<CatalogueQuery>,
) -> Result<Answer> {
    let query = query.into_inner();
    query.check()?;
    let request = canonical("products", &query)?;
    cache.answer(&db, visitor.0, &request, move |cx| lists::products(cx, &query)).await
}

/// One product with its history
///
/// Every recognition as a time line. An identifier that was merged answers with the product it turned out to be.
#[utoipa::path(tag = "Catalogue", operation_id = "get_catalogue_product", security(()),
    params(("id" = ProductId, Path, description = "The product")),
    responses((status = 200, body = ProductPage, description = "The product")))]
#[get("/catalogue/products/{id}")]
async fn get_catalogue_product(
    visitor: Visitor,
    db: Data<Db>,
    cache: Data<Cache>,
    id: Path<ProductId>,
) -> Result<Answer> {
    let id = *id;
    cache.answer(&db, visitor.0, &format!("product {id}"), move |cx| Answer::of(&shelf::product(cx, id)?)).await
}

/// The life of a product up to a day, as one time line
///
/// All its recognitions, imported ones too: new, upgraded, kept, lowered, extended, expired, revoked, withdrawn, each
/// with its decision; and how the product stands on that day, past or to come. An answer for a day to come says what it
/// takes for granted.
#[utoipa::path(tag = "Catalogue", operation_id = "get_catalogue_history", security(()),
    params(("id" = ProductId, Path, description = "The product"), OnQuery),
    responses((status = 200, body = TimelineView, description = "The time line")))]
#[get("/catalogue/products/{id}/history")]
async fn get_catalogue_history(
    visitor: Visitor,
    db: Data<Db>,
    cache: Data<Cache>,
    id: Path<ProductId>,
    query: Query<OnQuery>,
) -> Result<Answer> {
    let (id, on) = (*id, sensible_day("on", query.on)?);
    let asked = on.map_or_else(String::new, |day| day.to_string());
    let render = move |cx: &mut Ctx<'_>| {
        let on = on.unwrap_or_else(|| cx.today());
        Answer::of(&shelf::history(cx, id, on)?)
    };
    cache.answer(&db, visitor.0, &format!("history {id} {asked}"), render).await
}

/// Published decisions, the latest first
///
/// Recognitions, approvals of results of 90 or more, revocations and withdrawals; notices of non-recognition are not
/// public.
#[utoipa::path(tag = "Catalogue", operation_id = "list_catalogue_decisions", security(()), params(PublicDecisionsQuery),
    responses((status = 200, body = Page<PublicDecision>, description = "A page of decisions")))]
#[get("/catalogue/decisions")]
async fn list_catalogue_decisions(
    visitor: Visitor,
    db: Data<Db>,
    cache: Data<Cache>,
    query: Query<PublicDecisionsQuery>,
) -> Result<Answer> {
    let query = query.into_inner();
    query.check()?;
    let request = canonical("decisions", &query)?;
    cache.answer(&db, visitor.0, &request, move |cx| lists::decisions(cx, &query)).await
}

/// One published decision with its products
#[utoipa::path(tag = "Catalogue", operation_id = "get_catalogue_decision", security(()),
    params(("id" = DecisionId, Path, description = "The decision")),
    responses((status = 200, body = PublicDecisionPage, description = "The decision")))]
#[get("/catalogue/decisions/{id}")]
async fn get_catalogue_decision(
    visitor: Visitor,
    db: Data<Db>,
    cache: Data<Cache>,
    id: Path<DecisionId>,
) -> Result<Answer> {
    let id = *id;
    cache.answer(&db, visitor.0, &format!("decision {id}"), move |cx| Answer::of(&shelf::decision(cx, id)?)).await
}

/// A published decision with its list as PDF/A
#[utoipa::path(tag = "Catalogue", operation_id = "get_catalogue_decision_pdf", security(()),
    params(("id" = DecisionId, Path, description = "The decision")),
    responses((status = 200, description = "The decision", content((Vec<u8> = "application/pdf"))),
        (status = 503, body = Problem, description = "Too many papers at once, try again")))]
#[get("/catalogue/decisions/{id}/pdf")]
async fn get_catalogue_decision_pdf(
    Visitor(caller): Visitor,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    id: Path<DecisionId>,
) -> Result<Answer> {
    let (id, imprint) = (*id, Imprint::from(config.get_ref()));
    let sheet = db.read(caller, move |cx| shelf::decision_sheet(cx, id, &imprint)).await?;
    press.public(sheet, &format!("{id}.pdf")).await
}

/// A scan of a published decision, where its office made it public
#[utoipa::path(tag = "Catalogue", operation_id = "get_catalogue_decision_scan", security(()),
    params(("id" = DecisionId, Path, description = "The decision"), ("scan" = RowId, Path, description = "The scan")),
    responses((status = 200, description = "An attachment", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "image/*"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/catalogue/decisions/{id}/scans/{scan}")]
async fn get_catalogue_decision_scan(
    Visitor(caller): Visitor,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(DecisionId, RowId)>,
) -> Result<HttpResponse> {
    let (id, scan) = path.into_inner();
    let (name, stored) = db.read(caller, move |cx| shelf::decision_scan(cx, id, scan)).await?;
    // What was public a moment ago may not be any more.
    files.send(&Asked::of(req.headers()), &stored, &name, "no-cache").await
}

/// Stock on a day, by place, star, group, type of producer or year
///
/// Distinct products with a valid recognition on that day, and apart from them the results of 90 or more that await
/// the centre ("tiềm năng 5 sao").
#[utoipa::path(tag = "Catalogue", operation_id = "get_catalogue_stats", security(()), params(StatsQuery),
    responses((status = 200, body = Stats, description = "The figures")))]
#[get("/catalogue/stats")]
async fn get_catalogue_stats(
    visitor: Visitor,
    db: Data<Db>,
    cache: Data<Cache>,
    query: Query<StatsQuery>,
) -> Result<Answer> {
    let query = query.into_inner();
    query.check()?;
    let request = canonical("stats", &query)?;
    let render = move |cx: &mut Ctx<'_>| {
        let on = query.on.unwrap_or_else(|| cx.today());
        let place = lists::unit(cx, query.place.as_ref(), Some(on))?;
        Answer::of(&figures::stats(cx, query.by, on, place)?)
    };
    cache.answer(&db, visitor.0, &request, render).await
}

/// The same request in the same words, whatever the order of its parameters.
fn canonical<T: Serialize>(what: &str, query: &T) -> Result<String> {
    Ok(format!("{what} {}", serde_json::to_string(query).map_err(AppError::internal)?))
}
