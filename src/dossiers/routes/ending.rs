//! The end of a product's making over HTTP.

use actix_web::web::{Data, Path};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{AnnulProductionEnd, ConfirmProductionEnd, ProductionEndView};
use super::super::ending::{self, Confirmation};
use super::super::model::ProductionEnd;
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{Problem, Result};
use crate::ids::{DossierId, ProductId, RowId};
use crate::products;
use crate::web::{Answer, Body, Once, created, shown};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(confirm_production_end).service(get_production_end).service(annul_production_end);
}

fn view(cx: &mut Ctx<'_>, product: ProductId) -> Result<ProductionEndView> {
    let (row, dossiers) = ending::of_product(cx, product)?;
    Ok(shape(row, dossiers))
}

fn shape(row: ProductionEnd, dossiers: Vec<DossierId>) -> ProductionEndView {
    ProductionEndView {
        product: row.product_id,
        ended_on: row.ended_on,
        number: row.number,
        issued_on: row.issued_on,
        reason: row.reason,
        confirmed_by: row.by_user,
        confirmed_at: row.at,
        dossiers,
        annulled_at: row.annulled_at,
        annulled_why: row.annulled_why,
    }
}

/// Confirm that a product is made no more: its open dossiers stop
///
/// The certificate stays until a decision revokes it (Điều 8, ground đ); this confirmation is what that
/// decision needs.
#[utoipa::path(tag = "Dossiers", operation_id = "confirm_production_end",
    params(("id" = ProductId, Path, description = "Identifier of the product"),
        ("Idempotency-Key" = String, Header, description = "A name of this deed, for retries")),
    request_body(content = ConfirmProductionEnd, example = json!({
        "endedOn": "2026-05-31", "number": "12/GXN-UBND", "issuedOn": "2026-06-01", "reason": "Hộ sản xuất đã nghỉ làm nghề"})),
    responses((status = 201, description = "Confirmed, with the dossiers that stopped", body = ProductionEndView),
        (status = 409, description = "dossier_production_ended, dossier_place_unclear", body = Problem),
        (status = 428, description = "Idempotency-Key is required", body = Problem)))]
#[post("/products/{id}/production-end")]
async fn confirm_production_end(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProductId>,
    once: Once,
    body: Body<ConfirmProductionEnd>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let product = products::hold(cx, *id)?;
        policy::must(cx, Act::ConfirmProductionEnd)?;
        ending::must_be_its_commune(cx, &product)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            let asked = body.valid()?;
            let new = Confirmation {
                ended_on: asked.ended_on,
                number: asked.number.clone(),
                issued_on: asked.issued_on,
                reason: asked.reason.clone(),
            };
            ending::confirm(cx, &product, &new).map(|row| row.id.0)
        })?;
        created(done, &format!("/v1/products/{}/production-end", product.id), product.version, &view(cx, product.id)?)
    })
    .await
}

/// What the commune confirmed about the end of a product's making
#[utoipa::path(tag = "Dossiers", operation_id = "get_production_end",
    params(("id" = ProductId, Path, description = "Identifier of the product")),
    responses((status = 200, description = "The confirmation, and the dossiers that it stopped", body = ProductionEndView)))]
#[get("/products/{id}/production-end")]
async fn get_production_end(caller: Caller, db: Data<Db>, id: Path<ProductId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let product = products::get(cx, *id)?;
        shown(&view(cx, product.id)?)
    })
    .await
}

/// Annul the confirmation as a mistake: the product is made, and dossiers are opened for it again
///
/// Dossiers that it stopped stay stopped. A new one takes their papers from the evidence library, nothing is sent
/// twice. A certificate that was revoked meanwhile is not restored by this.
#[utoipa::path(tag = "Dossiers", operation_id = "annul_production_end",
    params(("id" = ProductId, Path, description = "Identifier of the product"),
        ("Idempotency-Key" = String, Header, description = "A name of this deed, for retries")),
    request_body(content = AnnulProductionEnd, example = json!({"reason": "Nhầm với hộ khác cùng tên"})),
    responses((status = 201, description = "The confirmation, annulled, with the dossiers that it had stopped", body = ProductionEndView),
        (status = 428, description = "Idempotency-Key is required", body = Problem)))]
#[post("/products/{id}/production-end/annulment")]
async fn annul_production_end(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProductId>,
    once: Once,
    body: Body<AnnulProductionEnd>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let product = products::hold(cx, *id)?;
        policy::must(cx, Act::ConfirmProductionEnd)?;
        ending::must_be_its_commune(cx, &product)?;
        let done = once
            .required()?
            .run(cx, &body.fingerprint, |cx| ending::annul(cx, &product, &body.valid()?.reason).map(|row| row.id.0))?;
        let (row, dossiers) = ending::annulled(cx, product.id, RowId(done.id))?;
        created(done, &format!("/v1/products/{}/production-end", product.id), product.version, &shape(row, dossiers))
    })
    .await
}
