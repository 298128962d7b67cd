//! Rulebooks, who deals with which star, criteria sets.

use actix_web::get;
use actix_web::web::{Data, Path, Query};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    AuthorityQuery, AuthorityView, BandQuery, BandView, CriteriaQuery, CriteriaSetHead, CriteriaSetView, RulebookHead,
    RulebookView, SendsOn, SuggestQuery, Suggestions,
};
use super::{DossierKind, Rulebook, StoredRulebook};
use crate::auth::Visitor;
use crate::db::Db;
use crate::error::{AppError, FieldError, Problem, Result};
use crate::ids::{CriteriaSetId, RulebookId};
use crate::web::{Answer, Page, page, public};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_rulebooks).service(get_authority).service(get_rulebook).service(get_band);
    cfg.service(list_criteria_sets).service(suggest_criteria_sets).service(get_criteria_set);
}

fn head(stored: &StoredRulebook) -> RulebookHead {
    let book = &stored.book;
    RulebookHead {
        id: stored.id,
        code: book.id.clone(),
        title: book.title.clone(),
        decisions: book.decisions.clone(),
        valid_from: book.valid_from,
        valid_to: book.valid_to,
        used: stored.used,
    }
}

/// The decisions that set the rules, in order of validity
#[utoipa::path(tag = "Rulebooks", operation_id = "list_rulebooks", security(()),
    responses((status = 200, description = "Rulebooks", body = Page<RulebookHead>)))]
#[get("/rulebooks")]
async fn list_rulebooks(Visitor(caller): Visitor, db: Data<Db>) -> Result<Answer> {
    db.read(caller, |cx| Page::cut(super::all(cx)?.iter().map(head).collect(), i64::MAX, |b| b.id).public()).await
}

/// One rulebook, whole
#[utoipa::path(tag = "Rulebooks", operation_id = "get_rulebook", security(()),
    params(("id" = RulebookId, Path, description = "Identifier of the rulebook")),
    responses((status = 200, description = "The rulebook", body = RulebookView)))]
#[get("/rulebooks/{id}")]
async fn get_rulebook(Visitor(caller): Visitor, db: Data<Db>, id: Path<RulebookId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let stored = super::get(cx, *id)?;
        public(&RulebookView { id: stored.id, used: stored.used, book: stored.book })
    })
    .await
}

/// Who scores, recognises and sends on a result of a star on a day
///
/// The day is that of the act: a dossier of 2024 decided in August 2025 is recognised by the province.
#[utoipa::path(tag = "Rulebooks", operation_id = "get_authority", security(()), params(AuthorityQuery),
    responses((status = 200, description = "The levels", body = AuthorityView, example = json!({
        "on": "2026-05-22", "stars": 4, "rulebook": "26-2026", "pattern": "provinceDirect", "scores": ["province"],
        "sendsOn": [], "recognises": "province", "article": "Điều 4"})),
        (status = 409, description = "authority_unnamed, rulebook_none_in_force, rulebook_regime_unknown", body = Problem)))]
#[get("/rulebooks/authority")]
async fn get_authority(Visitor(caller): Visitor, db: Data<Db>, query: Query<AuthorityQuery>) -> Result<Answer> {
    let asked = query.into_inner();
    if !(1..=5).contains(&asked.stars) {
        return Err(bad("stars", "Từ 1 đến 5.", "From 1 to 5."));
    }
    db.read(caller, move |cx| {
        let book = match &asked.rulebook {
            Some(code) => super::by_code(cx, code)?,
            None => super::for_filing(cx, asked.kind.unwrap_or(DossierKind::First), asked.on)?,
        };
        public(&authority(&book.book, &asked)?)
    })
    .await
}

fn bad(parameter: &str, vi: &str, en: &str) -> AppError {
    AppError::BadParameter(vec![FieldError::new(parameter, "range", vi, en)])
}

fn authority(book: &Rulebook, asked: &AuthorityQuery) -> Result<AuthorityView> {
    let row = book.authority(asked.on, asked.stars)?;
    let regime = book.regime(asked.on)?;
    Ok(AuthorityView {
        on: asked.on,
        stars: asked.stars,
        rulebook: book.id.clone(),
        pattern: regime.pattern,
        scores: row.scores.clone(),
        sends_on: row.scores.windows(2).map(|pair| SendsOn { from: pair[0], to: pair[1] }).collect(),
        recognises: row.recognises,
        article: row.article.clone(),
    })
}

/// The star whose band holds a mean, never rounded
#[utoipa::path(tag = "Rulebooks", operation_id = "get_band", security(()),
    params(("id" = RulebookId, Path, description = "Identifier of the rulebook"), BandQuery),
    responses((status = 200, description = "The band", body = BandView, example = json!({"stars": 5, "article": "Điều 3"}))))]
#[get("/rulebooks/{id}/band")]
async fn get_band(
    Visitor(caller): Visitor,
    db: Data<Db>,
    id: Path<RulebookId>,
    query: Query<BandQuery>,
) -> Result<Answer> {
    let asked = query.into_inner();
    if !(1..=1000).contains(&asked.sheets) {
        return Err(bad("sheets", "Từ 1 đến 1000.", "From 1 to 1000."));
    }
    if asked.sum > asked.sheets * 100 {
        return Err(bad("sum", "Không quá 100 điểm mỗi phiếu.", "At most 100 for each sheet."));
    }
    db.read(caller, move |cx| {
        let book = super::get(cx, *id)?.book;
        let stars = book.band_star(asked.sum.into(), asked.sheets.into());
        public(&BandView { stars, article: book.bands_article })
    })
    .await
}

/// The criteria sets, by rulebook and code
#[utoipa::path(tag = "Criteria", operation_id = "list_criteria_sets", security(()), params(CriteriaQuery),
    responses((status = 200, description = "Criteria sets", body = Page<CriteriaSetHead>)))]
#[get("/criteria-sets")]
async fn list_criteria_sets(Visitor(caller): Visitor, db: Data<Db>, query: Query<CriteriaQuery>) -> Result<Answer> {
    let asked = query.into_inner();
    let limit = page::limit(asked.limit)?;
    let after = page::read_cursor::<(String, String, i32)>(asked.cursor.as_deref())?;
    db.read(caller, move |cx| {
        let heads = super::heads(cx, &asked, after, limit + 1)?;
        Page::cut(heads, limit, |h| (h.rulebook.clone(), h.code.clone(), h.revision)).public()
    })
    .await
}

/// One criteria set with its remarks and doubts
#[utoipa::path(tag = "Criteria", operation_id = "get_criteria_set", security(()),
    params(("id" = CriteriaSetId, Path, description = "Identifier of the revision of the set")),
    responses((status = 200, description = "The set", body = CriteriaSetView)))]
#[get("/criteria-sets/{id}")]
async fn get_criteria_set(Visitor(caller): Visitor, db: Data<Db>, id: Path<CriteriaSetId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let stored = super::set(cx, *id)?;
        public(&CriteriaSetView {
            id: stored.id,
            rulebook_id: stored.rulebook_id,
            rulebook: super::get(cx, stored.rulebook_id)?.book.id,
            wording: stored.wording,
            revision: stored.revision,
            used: stored.used,
            sha256: stored.sha256,
            set: stored.set,
        })
    })
    .await
}

/// Which set a product may be in, by the words of its name
#[utoipa::path(tag = "Criteria", operation_id = "suggest_criteria_sets", security(()), params(SuggestQuery),
    responses((status = 200, description = "Sets, the likeliest first", body = Suggestions),
        (status = 409, description = "rulebook_none_in_force", body = Problem)))]
#[get("/criteria-sets/suggest")]
async fn suggest_criteria_sets(Visitor(caller): Visitor, db: Data<Db>, query: Query<SuggestQuery>) -> Result<Answer> {
    let asked = query.into_inner();
    if !(1..=300).contains(&asked.product.chars().count()) {
        return Err(bad("product", "Dài từ 1 đến 300 ký tự.", "Between 1 and 300 characters long."));
    }
    db.read(caller, move |cx| {
        let on = asked.on.unwrap_or_else(|| cx.today());
        public(&Suggestions { data: super::suggest(cx, &asked.product, on)? })
    })
    .await
}
