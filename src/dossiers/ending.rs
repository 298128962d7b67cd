//! The commune confirms that a product is made no more (26/2026, Điều 8, ground đ): its open dossiers
//! stop, and none is opened. The certificate is ended by a decision of its own.

use chrono::NaiveDate;
use serde_json::json;

use super::model::ProductionEnd;
use super::moving::{Deed, advance};
use super::rules::{Action, Party, Stop};
use super::store;
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, ProductId, RowId};
use crate::outbox::{self, Topic};
use crate::places;
use crate::products::{self, Product};

/// What the commune confirms.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// Last day of production.
    pub ended_on: NaiveDate,
    /// Number of the commune's paper.
    pub number: String,
    /// Its date.
    pub issued_on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// Confirms it; gives which dossiers stopped.
///
/// # Errors
/// 403 outside the commune, 409 when it is confirmed already, 422 for days that lie ahead.
pub fn confirm(cx: &mut Ctx<'_>, product: &Product, new: &Confirmation) -> Result<ProductionEnd> {
    let same = products::same_as(cx, product.id)?;
    if let Some(known) = store::production_end(cx, &same)? {
        return Err(Stop::ProductionEnded(known.ended_on).into());
    }
    for (pointer, day) in [("/endedOn", new.ended_on), ("/issuedOn", new.issued_on)] {
        if day > cx.today() {
            return Err(AppError::field(
                pointer,
                "future",
                "Ngày này không ở tương lai.",
                "This day cannot lie in the future.",
            ));
        }
    }
    let row = ProductionEnd {
        id: RowId::new(),
        product_id: product.id,
        ended_on: new.ended_on,
        number: new.number.clone(),
        issued_on: new.issued_on,
        reason: new.reason.trim().to_owned(),
        by_user: cx.actor().user(),
        at: cx.now,
        annulled_at: None,
        annulled_by: None,
        annulled_why: None,
    };
    store::insert_production_end(cx, &row)?;
    let stopped = store::open_of(cx, &same)?;
    for id in &stopped {
        stop(cx, *id, &row)?;
    }
    let details = Details::none().with("endedOn", row.ended_on).with("number", &row.number).with("dossiers", &stopped);
    audit::record(cx, "product.production_ended", "product", product.id.0, details)?;
    let told = json!({ "what": "productionEnded", "on": row.ended_on, "producer": product.producer_id });
    outbox::tell(cx, Topic::Product, product.id.0, told)?;
    Ok(row)
}

/// Annuls a confirmation that was a mistake: the product is made, and dossiers are opened for it again. Those
/// that it stopped stay stopped: their clocks have ended and others may have gone by; a new one takes their
/// papers from the library.
///
/// # Errors
/// 404 where nothing is confirmed.
pub fn annul(cx: &mut Ctx<'_>, product: &Product, reason: &str) -> Result<ProductionEnd> {
    let same = products::same_as(cx, product.id)?;
    let row = store::production_end(cx, &same)?.ok_or(AppError::NotFound)?;
    let why = reason.trim().to_owned();
    let row = ProductionEnd {
        annulled_at: Some(cx.now),
        annulled_by: cx.actor().user(),
        annulled_why: Some(why.clone()),
        ..row
    };
    store::annul_production_end(cx, &row)?;
    let details = Details::none().with("number", &row.number).with("reason", why);
    audit::record(cx, "product.production_end_annulled", "product", product.id.0, details)?;
    let told = json!({ "what": "productionResumed", "producer": product.producer_id });
    outbox::tell(cx, Topic::Product, product.id.0, told)?;
    Ok(row)
}

fn stop(cx: &mut Ctx<'_>, id: DossierId, row: &ProductionEnd) -> Result<()> {
    let dossier = super::hold_any(cx, id)?;
    let details = json!({ "notice": { "number": row.number, "issuedOn": row.issued_on }, "endedOn": row.ended_on });
    let deed = Deed::because(&row.reason, details);
    advance(cx, &dossier, Action::EndProduction, Party::Commune, deed).map(|_| ())
}

/// Refuses who is no officer of the product's commune.
///
/// # Errors
/// 403, 409 while the commune of the product is unclear.
pub fn must_be_its_commune(cx: &mut Ctx<'_>, product: &Product) -> Result<()> {
    if cx.actor().is_system() {
        return Ok(());
    }
    let place = product.place_id.ok_or(Stop::PlaceUnclear)?;
    for grant in cx.actor().grants.clone() {
        if let (Role::Commune, Some(office)) = (grant.role, grant.place)
            && places::reaches(cx, office, place)?
        {
            return Ok(());
        }
    }
    Err(AppError::Forbidden(Act::ConfirmProductionEnd.word()))
}

/// What was confirmed about a product, and the dossiers that it stopped.
///
/// # Errors
/// 404 where nothing was.
pub fn of_product(cx: &mut Ctx<'_>, product: ProductId) -> Result<(ProductionEnd, Vec<DossierId>)> {
    let same = products::same_as(cx, product)?;
    let row = store::production_end(cx, &same)?.ok_or(AppError::NotFound)?;
    let stopped = store::stopped_by_end(cx, &same)?;
    Ok((row, stopped))
}

/// A confirmation that was annulled, and the dossiers that it had stopped.
///
/// # Errors
/// 404.
pub fn annulled(cx: &mut Ctx<'_>, product: ProductId, id: RowId) -> Result<(ProductionEnd, Vec<DossierId>)> {
    let same = products::same_as(cx, product)?;
    let row = store::any_production_end(cx, id)?.ok_or(AppError::NotFound)?;
    let stopped = store::stopped_by_end(cx, &same)?;
    Ok((row, stopped))
}

/// Refuses a dossier for what is made no more.
pub(super) fn must_be_made(cx: &mut Ctx<'_>, products: &[ProductId]) -> Result<()> {
    match store::production_end(cx, products)? {
        Some(known) => Err(Stop::ProductionEnded(known.ended_on).into()),
        None => Ok(()),
    }
}
