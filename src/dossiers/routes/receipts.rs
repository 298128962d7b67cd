//! Numbers of receipts over HTTP.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{ReceiptNumberList, ReceiptNumberQuery, ReceiptNumberView, ReserveReceipt, VoidReceipt};
use super::super::receipts;
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::ids::RowId;
use crate::web::{Answer, Body, Once, created, shown};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_receipt_numbers).service(reserve_receipt_number).service(void_receipt_number);
}

/// Every number of a year in my commune: given, kept for paper, or void with its reason
#[utoipa::path(tag = "Dossiers", operation_id = "list_receipt_numbers", params(ReceiptNumberQuery),
    responses((status = 200, description = "The numbers, in order", body = ReceiptNumberList,
        example = json!({"data": []}))))]
#[get("/receipt-numbers")]
async fn list_receipt_numbers(caller: Caller, db: Data<Db>, query: Query<ReceiptNumberQuery>) -> Result<Answer> {
    db.read(caller, move |cx| {
        policy::must(cx, Act::KeepReceiptNumbers)?;
        let data = receipts::list(cx, query.year)?.into_iter().map(ReceiptNumberView::from).collect();
        shown(&ReceiptNumberList { data })
    })
    .await
}

/// Keep the next number for a dossier that came on paper, to be entered later
///
/// The officer enters it with its scans on behalf of the producer, by a mandate, and files it with
/// `{"action": "submit", "receipt": 12}`.
#[utoipa::path(tag = "Dossiers", operation_id = "reserve_receipt_number",
    params(("Idempotency-Key" = String, Header, description = "A name of this deed, for retries")),
    request_body(content = ReserveReceipt, example = json!({"place": "01937f6e-3c00-7000-8000-0000000000b1"})),
    responses((status = 201, description = "The number", body = ReceiptNumberView),
        (status = 409, description = "A unit whose code is none of a commune", body = Problem),
        (status = 428, description = "Idempotency-Key is required", body = Problem)))]
#[post("/receipt-numbers")]
async fn reserve_receipt_number(
    caller: Caller,
    db: Data<Db>,
    once: Once,
    body: Body<ReserveReceipt>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::KeepReceiptNumbers)?;
        let place = body.valid()?.place;
        receipts::must_be_its_officer(cx, place)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| Ok(receipts::reserve(cx, place)?.0))?;
        let view = ReceiptNumberView::from(receipts::get(cx, RowId(done.id))?);
        created(done, "/v1/receipt-numbers", 1, &view)
    })
    .await
}

/// Declare a number that was kept void: it is never given again
#[utoipa::path(tag = "Dossiers", operation_id = "void_receipt_number",
    params(("id" = RowId, Path, description = "Identifier of the number"),
        ("Idempotency-Key" = String, Header, description = "A name of this deed, for retries")),
    request_body(content = VoidReceipt, example = json!({"reason": "Chủ thể rút hồ sơ giấy trước khi nhập"})),
    responses((status = 201, description = "The number, void", body = ReceiptNumberView),
        (status = 409, description = "number_not_reserved", body = Problem)))]
#[post("/receipt-numbers/{id}/void")]
async fn void_receipt_number(
    caller: Caller,
    db: Data<Db>,
    id: Path<RowId>,
    once: Once,
    body: Body<VoidReceipt>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let receipt = receipts::get(cx, *id)?;
        receipts::must_be_its_officer(cx, receipt.place)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            receipts::void(cx, &receipt, &body.valid()?.reason)?;
            Ok(receipt.number.id.0)
        })?;
        let view = ReceiptNumberView::from(receipts::get(cx, *id)?);
        created(done, "/v1/receipt-numbers", 1, &view)
    })
    .await
}
