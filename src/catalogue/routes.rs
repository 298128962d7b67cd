//! HTTP of the public read side.

use actix_web::get;
use actix_web::web::{Data, Path, Query};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{By, EntryState, ProductCard, ProductPage, PublicDecision, PublicDecisionPage, Stats};
use super::store::{self, After, DecisionFilter, Filter, Sort};
use super::{Cache, figures, potential_five, shelf};
use crate::auth::Visitor;
use crate::certification::rules::DecisionKind;
use crate::db::{Ctx, Db};
use crate::error::{AppError, FieldError, Result};
use crate::ids::{DecisionId, PlaceId, ProductId};
use crate::producers::ProducerType;
use crate::rulebook::Authority;
use crate::text::tokens;
use crate::web::{Answer, Page, page};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_catalogue_products)
        .service(get_catalogue_product)
        .service(list_catalogue_decisions)
        .service(get_catalogue_decision)
        .service(get_catalogue_stats);
}

crate::words! {
    /// In which order products are listed.
    pub enum ProductSort {
        /// By name, as a Vietnamese reader expects.
        Name = "name",
        /// The latest recognition first.
        Newest = "newest",
        /// The most stars first.
        Stars = "stars",
    }
}

/// What a list of products is narrowed by.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CatalogueQuery {
    /// A unit at any level, of today or of before: its identifier, or its code.
    #[param(example = "86")]
    place: Option<String>,
    /// The day on which `place`, when it is a code, named the unit; today unless said.
    place_on: Option<NaiveDate>,
    /// Group of Annex I.
    group: Option<String>,
    /// Sector of Annex I.
    sector: Option<String>,
    /// Set of criteria.
    set: Option<String>,
    /// The star of the last recognition: 3, 4 or 5.
    stars: Option<i32>,
    /// Type of the producer.
    producer_type: Option<ProducerType>,
    /// How the product stands today.
    state: Option<EntryState>,
    /// The year of the last recognition.
    year: Option<i32>,
    /// Beginnings of words in the name of product or producer, with or without marks.
    #[param(example = "keo dua")]
    q: Option<String>,
    /// The order; by name unless said.
    #[param(inline)]
    sort: Option<ProductSort>,
    /// 1 to 100; 20 unless said.
    limit: Option<i64>,
    /// `page.next` of the page before.
    cursor: Option<String>,
}

fn bad(name: &'static str, code: &'static str, vi: &str, en: &str) -> AppError {
    AppError::BadParameter(vec![FieldError::new(name, code, vi, en)])
}

/// Short texts only, and no U+0000, which one of the engines refuses.
fn short(name: &'static str, text: Option<&String>) -> Result<()> {
    match text {
        Some(t) if t.chars().count() > 100 || t.contains('\0') => Err(bad(
            name,
            "length",
            "Không dài quá 100 ký tự, không có U+0000.",
            "At most 100 characters, without U+0000.",
        )),
        _ => Ok(()),
    }
}

/// A day that both engines can compare.
fn sensible(name: &'static str, on: Option<NaiveDate>) -> Result<()> {
    match on {
        Some(day) if !(1900..=2200).contains(&day.year()) => {
            Err(bad(name, "range", "Chọn ngày trong khoảng 1900 đến 2200.", "Choose a day between 1900 and 2200."))
        }
        _ => Ok(()),
    }
}

/// The unit that is meant.
fn unit(cx: &mut Ctx<'_>, place: Option<&String>, on: Option<NaiveDate>) -> Result<Option<PlaceId>> {
    let Some(text) = place else { return Ok(None) };
    let day = on.unwrap_or_else(|| cx.today());
    let unknown = || bad("place", "unknown", "Không có đơn vị hành chính này.", "There is no such unit.");
    let id = match text.parse::<PlaceId>() {
        Ok(id) => crate::places::get(cx, id).map(|p| p.id),
        Err(_) => store::unit_of_code(cx, text, day)?.ok_or(AppError::NotFound),
    };
    match id {
        Ok(id) => Ok(Some(id)),
        Err(AppError::NotFound) => Err(unknown()),
        Err(e) => Err(e),
    }
}

fn territory(cx: &mut Ctx<'_>, place: Option<&String>, on: Option<NaiveDate>) -> Result<Option<Vec<PlaceId>>> {
    unit(cx, place, on)?.map(|id| store::territory(cx, id)).transpose()
}

impl CatalogueQuery {
    fn check(&self) -> Result<()> {
        for (name, text) in [
            ("q", &self.q),
            ("place", &self.place),
            ("group", &self.group),
            ("sector", &self.sector),
            ("set", &self.set),
        ] {
            short(name, text.as_ref())?;
        }
        sensible("placeOn", self.place_on)?;
        page::limit(self.limit).map(|_| ())
    }

    fn filter(&self, cx: &mut Ctx<'_>, potential: Vec<ProductId>) -> Result<Filter> {
        Ok(Filter {
            today: cx.today(),
            territory: territory(cx, self.place.as_ref(), self.place_on)?,
            group: self.group.clone(),
            sector: self.sector.clone(),
            set: self.set.clone(),
            stars: self.stars,
            producer_type: self.producer_type,
            state: self.state,
            year: self.year,
            tokens: self.q.as_deref().map(tokens).unwrap_or_default(),
            potential,
        })
    }
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
    cache.answer(&db, visitor.0, &request, move |cx| products_page(cx, &query)).await
}

fn products_page(cx: &mut Ctx<'_>, query: &CatalogueQuery) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let (sort, word) = match query.sort {
        None | Some(ProductSort::Name) => (Sort::Name, "name"),
        Some(ProductSort::Newest) => (Sort::Newest, "newest"),
        Some(ProductSort::Stars) => (Sort::Stars, "stars"),
    };
    let after: Option<After> = page::read_cursor(query.cursor.as_deref())?;
    if after.as_ref().is_some_and(|a| a.sort != word) {
        return Err(bad("cursor", "bad_cursor", "Con trỏ thuộc thứ tự khác.", "The cursor belongs to another order."));
    }
    let today = cx.today();
    let potential = potential_five(cx, today)?;
    let filter = query.filter(cx, potential.clone())?;
    let never = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    let rows = store::entries(cx, &filter, sort, after, limit)?;
    let cut = Page::cut(rows, limit, |e| After {
        sort: word.to_owned(),
        name: e.product.name_sort.clone(),
        on: e.recognition.as_ref().map_or(never, |r| r.recognised_on),
        stars: e.recognition.as_ref().map_or(0, |r| r.stars),
        id: e.product.id,
    });
    Page { data: shelf::cards(cx, cut.data, &potential)?, page: cut.page }.answer()
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

/// What a list of decisions is narrowed by.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PublicDecisionsQuery {
    /// What it does.
    kind: Option<DecisionKind>,
    /// The level of the authority.
    level: Option<Authority>,
    /// The year of signing.
    year: Option<i32>,
    /// The unit of the authority or one above it: its identifier, or its code.
    #[param(example = "86")]
    place: Option<String>,
    /// The day on which `place`, when it is a code, named the unit; today unless said.
    place_on: Option<NaiveDate>,
    /// 1 to 100; 20 unless said.
    limit: Option<i64>,
    /// `page.next` of the page before.
    cursor: Option<String>,
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
    short("place", query.place.as_ref())?;
    sensible("placeOn", query.place_on)?;
    let request = canonical("decisions", &query)?;
    cache.answer(&db, visitor.0, &request, move |cx| decisions_page(cx, &query)).await
}

fn decisions_page(cx: &mut Ctx<'_>, query: &PublicDecisionsQuery) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, DecisionId)> = page::read_cursor(query.cursor.as_deref())?;
    let filter = DecisionFilter {
        kind: query.kind,
        level: query.level,
        year: query.year,
        territory: territory(cx, query.place.as_ref(), query.place_on)?,
    };
    let rows = store::decisions_page(cx, &filter, after, limit)?;
    let counts = store::line_counts(cx, &rows.iter().map(|d| d.id).collect::<Vec<_>>())?;
    Page::cut(rows, limit, |d| (d.signed_on, d.id))
        .map(|d| shelf::head(&d, counts.get(&d.id).copied().unwrap_or(0)))
        .answer()
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

/// Which figures.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
    /// By what they are divided.
    by: By,
    /// The day; today unless said.
    on: Option<NaiveDate>,
    /// A unit at any level, of any time: its identifier, or its code.
    #[param(example = "86")]
    place: Option<String>,
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
    short("place", query.place.as_ref())?;
    sensible("on", query.on)?;
    let request = canonical("stats", &query)?;
    let render = move |cx: &mut Ctx<'_>| {
        let on = query.on.unwrap_or_else(|| cx.today());
        let place = unit(cx, query.place.as_ref(), Some(on))?;
        Answer::of(&figures::stats(cx, query.by, on, place)?)
    };
    cache.answer(&db, visitor.0, &request, render).await
}

/// The same request in the same words, whatever the order of its parameters.
fn canonical<T: Serialize>(what: &str, query: &T) -> Result<String> {
    Ok(format!("{what} {}", serde_json::to_string(query).map_err(AppError::internal)?))
}
