//! Lists of the catalogue: what a query means, and the page that answers it.

use chrono::NaiveDate;

use super::dto::{CatalogueQuery, ProductSort, PublicDecisionsQuery, StatsQuery};
use super::store::{self, After, DecisionFilter, Filter};
use super::{potential_five, shelf};
use crate::db::Ctx;
use crate::error::{AppError, FieldError, Result};
use crate::ids::{DecisionId, PlaceId, ProductId};
use crate::text::tokens;
use crate::web::page::sensible_day;
use crate::web::{Answer, Page, page};

fn bad(name: &'static str, code: &'static str, vi: &str, en: &str) -> AppError {
    AppError::BadParameter(vec![FieldError::new(name, code, vi, en)])
}

/// Short texts only.
fn short(name: &'static str, text: Option<&String>) -> Result<()> {
    match text {
        Some(t) if t.chars().count() > 100 => {
            Err(bad(name, "length", "Không dài quá 100 ký tự.", "At most 100 characters."))
        }
        _ => Ok(()),
    }
}

/// The unit that is meant by an identifier, or by a code on a day.
pub(super) fn unit(cx: &mut Ctx<'_>, place: Option<&String>, on: Option<NaiveDate>) -> Result<Option<PlaceId>> {
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
    /// What is wrong with the query itself.
    pub(super) fn check(&self) -> Result<()> {
        for (name, text) in [
            ("q", &self.q),
            ("place", &self.place),
            ("group", &self.group),
            ("sector", &self.sector),
            ("set", &self.set),
        ] {
            short(name, text.as_ref())?;
        }
        sensible_day("placeOn", self.place_on)?;
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

impl PublicDecisionsQuery {
    /// What is wrong with the query itself.
    pub(super) fn check(&self) -> Result<()> {
        short("place", self.place.as_ref())?;
        sensible_day("placeOn", self.place_on).map(|_| ())
    }
}

impl StatsQuery {
    /// What is wrong with the query itself.
    pub(super) fn check(&self) -> Result<()> {
        short("place", self.place.as_ref())?;
        sensible_day("on", self.on).map(|_| ())
    }
}

/// A page of products.
pub(super) fn products(cx: &mut Ctx<'_>, query: &CatalogueQuery) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let sort = query.sort.unwrap_or(ProductSort::Name);
    let after: Option<After> = page::read_cursor(query.cursor.as_deref())?;
    if after.as_ref().is_some_and(|a| a.sort != sort) {
        return Err(bad("cursor", "bad_cursor", "Con trỏ thuộc thứ tự khác.", "The cursor belongs to another order."));
    }
    let today = cx.today();
    let potential = potential_five(cx, today)?;
    let filter = query.filter(cx, potential.clone())?;
    let never = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    let rows = store::entries(cx, &filter, sort, after, limit)?;
    let cut = Page::cut(rows, limit, |e| After {
        sort,
        name: e.product.name_sort.clone(),
        on: e.recognition.as_ref().map_or(never, |r| r.recognised_on),
        stars: e.recognition.as_ref().map_or(0, |r| r.stars),
        id: e.product.id,
    });
    Page { data: shelf::cards(cx, cut.data, &potential)?, page: cut.page }.answer()
}

/// A page of published decisions, the latest first.
pub(super) fn decisions(cx: &mut Ctx<'_>, query: &PublicDecisionsQuery) -> Result<Answer> {
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
