//! Lots, their events, and the public look-up of a label.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{EventView, LotDetail, LotQuery, LotView, MakeLot, RecordEvent, TraceView};
use super::rules::{Quantity, Unit, read_amount, read_lot_code};
use super::{NewEvent, NewLot, page as html, show};
use crate::actor::Caller;
use crate::auth::Visitor;
use crate::auth::policy::Act;
use crate::config::Config;
use crate::db::{Ctx, Db};
use crate::error::{AppError, FieldError, Problem, Result};
use crate::ids::LotId;
use crate::products::check::Read;
use crate::web::{Answer, Body, Once, Page, created, found, live, wants_page};

/// The routes of this slice under `/v1`.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_lots).service(make_lot).service(get_lot).service(record_trace_event).service(trace_lot);
}

/// The permanent address that labels carry.
pub fn root_routes(cfg: &mut ServiceConfig) {
    cfg.service(resolve_label);
}

/// Lots of the own products, or of products in the territory; the newest first
#[utoipa::path(tag = "Traceability", operation_id = "list_lots", params(LotQuery),
    responses((status = 200, description = "A page of lots", body = Page<LotView>)))]
#[get("/lots")]
async fn list_lots(caller: Caller, db: Data<Db>, config: Data<Config>, query: Query<LotQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::lots(cx, &query, &config)?.answer()).await
}

/// Make a lot of a certified product known; its code goes on the label
#[utoipa::path(tag = "Traceability", operation_id = "make_lot",
    request_body(content = MakeLot, example = json!({"productId": "01926f00-0000-7000-8000-000000000001", "batch": "MH-2026-05-01", "madeOn": "2026-05-20", "expiresOn": "2027-05-20", "quantity": "120.5", "unit": "kg"})),
    params(("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key makes one lot")),
    responses((status = 201, description = "The lot, with the code and address for its label", body = LotDetail),
        (status = 409, description = "No certificate in force, or the batch is known", body = Problem)))]
#[post("/lots")]
async fn make_lot(
    caller: Caller,
    db: Data<Db>,
    config: Data<Config>,
    once: Once,
    body: Body<MakeLot>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        crate::auth::policy::must(cx, Act::MakeLot)?;
        let asked = body.valid()?;
        super::must_be_own(cx, Act::MakeLot, asked.product_id).map_err(unknown_product)?;
        let new = new_lot(cx, asked)?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(super::make_lot(cx, new)?.id.0))?;
        let view = show::lot(cx, LotId(done.id), &config)?;
        created(done, &format!("/v1/lots/{}", done.id), view.lot.version, &view)
    })
    .await
}

/// A product that the caller may not know is a field that names nothing.
fn unknown_product(e: AppError) -> AppError {
    match e {
        AppError::NotFound => AppError::field(
            "/productId",
            "unknown_product",
            "Không có sản phẩm này trong danh mục của bạn.",
            "There is no such product among yours.",
        ),
        other => other,
    }
}

fn new_lot(cx: &Ctx<'_>, asked: &MakeLot) -> Result<NewLot> {
    if asked.made_on > cx.today() {
        let (vi, en) = ("Ngày sản xuất không được sau hôm nay.", "The day of making cannot be after today.");
        return Err(AppError::field("/madeOn", "future", vi, en));
    }
    if asked.expires_on.is_some_and(|last| last < asked.made_on) {
        let (vi, en) = ("Hạn dùng phải sau ngày sản xuất.", "The last day of use follows the day of making.");
        return Err(AppError::field("/expiresOn", "before_made", vi, en));
    }
    Ok(NewLot {
        product: asked.product_id,
        batch: asked.batch.trim().to_owned(),
        made_on: asked.made_on,
        expires_on: asked.expires_on,
        quantity: quantity(&asked.quantity, asked.unit)?,
    })
}

fn quantity(written: &str, unit: Unit) -> Result<Quantity> {
    let thousandths = read_amount(written).ok_or_else(|| {
        let (vi, en) = (
            "Số lượng là số dương, nhiều nhất ba chữ số thập phân, viết trong ngoặc kép: \"120.5\".",
            "The quantity is a positive number with at most three decimals, as text: \"120.5\".",
        );
        AppError::field("/quantity", "wrong_form", vi, en)
    })?;
    Ok(Quantity { thousandths, unit })
}

/// One lot with its events
#[utoipa::path(tag = "Traceability", operation_id = "get_lot", params(("id" = LotId, Path, description = "The lot")),
    responses((status = 200, description = "The lot", body = LotDetail)))]
#[get("/lots/{id}")]
async fn get_lot(caller: Caller, db: Data<Db>, config: Data<Config>, id: Path<LotId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let view = show::lot(cx, *id, &config)?;
        found(view.lot.version, &view)
    })
    .await
}

/// Record what happened to a lot: harvest, processing, packing, shipping or sale
#[utoipa::path(tag = "Traceability", operation_id = "record_trace_event",
    params(("id" = LotId, Path, description = "The lot"),
        ("Idempotency-Key" = Option<String>, Header, description = "A retry with the same key records one event")),
    request_body(content = RecordEvent, example = json!({"kind": "pack", "at": "2026-05-21T02:00:00Z", "place": "Xưởng đóng gói xã Tam Ngãi", "quantity": "100", "unit": "kg", "actor": "HTX Mật Hoa"})),
    responses((status = 201, description = "The event", body = EventView),
        (status = 409, description = "Out of order, or more than there was", body = Problem)))]
#[post("/lots/{id}/events")]
async fn record_trace_event(
    caller: Caller,
    db: Data<Db>,
    id: Path<LotId>,
    once: Once,
    body: Body<RecordEvent>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let lot = super::get(cx, *id)?;
        super::must_be_own(cx, Act::RecordTraceEvent, lot.product_id)?;
        let asked = body.valid()?;
        let new = new_event(cx, asked)?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(super::record_event(cx, lot.id, new)?.id.0))?;
        let event = super::event(cx, lot.id, done.id)?;
        let version = super::get(cx, lot.id)?.version;
        created(done, &format!("/v1/lots/{}", lot.id), version, &show::event(&event))
    })
    .await
}

fn new_event(cx: &mut Ctx<'_>, asked: &RecordEvent) -> Result<NewEvent> {
    crate::producers::must_exist(cx, asked.place_id, "/placeId")?;
    Ok(NewEvent {
        kind: asked.kind,
        at: asked.at,
        place_id: asked.place_id,
        place_text: asked.place.trim().to_owned(),
        quantity: quantity(&asked.quantity, asked.unit)?,
        actor_name: asked.actor.trim().to_owned(),
        note: asked.note.clone(),
    })
}

/// What a label leads to, for everyone: product, producer, certificate as it stands today, events
#[utoipa::path(tag = "Traceability", operation_id = "trace_lot", security(()),
    params(("code" = String, Path, description = "The code on the label", example = "7Q2M-4H0K-XW9D")),
    responses((status = 200, description = "The lot", body = TraceView),
        (status = 400, description = "No such code can be; a slip of one look-alike is answered with a suggestion", body = Problem)))]
#[get("/trace/{code}")]
async fn trace_lot(Visitor(caller): Visitor, db: Data<Db>, code: Path<String>) -> Result<Answer> {
    db.read(caller, move |cx| match read_lot_code(&code) {
        Read::Exact(code) => live(&show::trace(cx, &code)?.ok_or(AppError::NotFound)?),
        Read::Suggest(code) => Err(AppError::BadParameter(vec![FieldError::new(
            "code",
            "suggestion",
            format!("Có phải mã {code}? Hãy so lại với nhãn."),
            format!("Did you mean {code}? Compare it with the label."),
        )])),
        Read::Bad(reason) => {
            let say = reason.label();
            Err(AppError::BadParameter(vec![FieldError::new("code", reason.word(), say.vi, say.en)]))
        }
    })
    .await
}

/// The permanent address of a label: a light page, or JSON by `Accept`
#[utoipa::path(tag = "Traceability", operation_id = "resolve_label", security(()),
    params(("code" = String, Path, description = "The code on the label", example = "7Q2M-4H0K-XW9D")),
    responses((status = 200, description = "The lot; a page when `Accept` names text/html, else JSON",
            content((TraceView = "application/json"), (String = "text/html"))),
        (status = 404, description = "No lot carries this code",
            content((Problem = "application/problem+json"), (String = "text/html")))))]
#[get("/t/{code}")]
async fn resolve_label(
    Visitor(caller): Visitor,
    db: Data<Db>,
    config: Data<Config>,
    code: Path<String>,
    request: HttpRequest,
) -> Result<Answer> {
    let (as_page, demo) = (wants_page(&request), config.demo);
    db.read(caller, move |cx| {
        let read = read_lot_code(&code);
        let lot = match &read {
            Read::Exact(code) => show::trace(cx, code)?,
            _ => None,
        };
        match (as_page, lot) {
            (false, Some(view)) => live(&view),
            (false, None) => Err(AppError::NotFound),
            (true, Some(view)) => Ok(html::answer(&html::lot(&view, cx.lang(), demo))),
            (true, None) => Ok(Answer::sorry(html::unknown(&read, cx.lang(), demo).0, &AppError::NotFound)),
        }
    })
    .await
}
