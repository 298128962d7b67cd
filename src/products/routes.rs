//! The register of products, and the acts on the register that need a reason.

mod evidence; // the evidence library

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, Responder, delete, get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    CorrectProduct, DescribeProduct, MergeProduct, PhotoForm, ProductCard, ProductQuery, ProductView, RegisterProduct,
    TransferProduct,
};
use super::model::Product;
use super::rules::Code;
use super::{Correction, Description, Follow, IsPublic, NewProduct, photos, show};
use crate::actor::Caller;
use crate::auth::Visitor;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, FieldError, Problem, Result};
use crate::files::{self, Accept, Asked, Files, IMAGES, Upload};
use crate::ids::{ProducerId, ProductId, RowId};
use crate::producers::{self, MergeProducer, ProducerView, must_have_ground};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, moved, nothing};

/// The largest picture, in bytes.
const PHOTO_LIMIT: u64 = 10 * 1024 * 1024;

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_products)
        .service(register_product)
        .service(get_product_by_code)
        .service(get_product)
        .service(describe_product)
        .service(merge_product)
        .service(transfer_product)
        .service(correct_product)
        .service(merge_producer)
        .service(add_photo)
        .service(get_photo)
        .service(remove_photo)
        .configure(evidence::routes);
}

fn answer(cx: &mut Ctx<'_>, row: Product) -> Result<Answer> {
    let version = row.version;
    found(version, &show::product(cx, row)?)
}

fn ground(cx: &mut Ctx<'_>, act: Act, row: &Product) -> Result<()> {
    must_have_ground(cx, act, row.producer_id, row.place_id)
}

/// The products of the caller's territory, and the caller's own
#[utoipa::path(tag = "Register", operation_id = "list_products", params(ProductQuery),
    responses((status = 200, body = Page<ProductCard>, description = "A page, sorted by name",
        example = json!({"data": [{"id": "01937f6e-3c00-7000-8000-0000000000a2", "name": "Dừa sáp sợi", "producer": "01937f6e-3c00-7000-8000-0000000000a1", "group": "1.3", "set": "07", "historyUnknown": false}], "page": {"next": null}}))))]
#[get("/products")]
async fn list_products(caller: Caller, db: Data<Db>, query: Query<ProductQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::products(cx, &query)?.answer()).await
}

/// Register a product
#[utoipa::path(tag = "Register", operation_id = "register_product",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = RegisterProduct, example = json!({"producer": "01937f6e-3c00-7000-8000-0000000000a1", "name": "Dừa sáp sợi", "set": "07", "story": "Trái dừa sáp Cầu Kè…"})),
    responses((status = 201, body = ProductView, description = "Registered")))]
#[post("/products")]
async fn register_product(caller: Caller, db: Data<Db>, once: Once, body: Body<RegisterProduct>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::RegisterProduct)?;
        let asked = body.valid()?.clone();
        let producer = super::producer_for(cx, Some(asked.producer))?.ok_or(AppError::NotFound)?;
        must_have_ground(cx, Act::RegisterProduct, Some(producer.id), producer.place_id)?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewProduct {
                producer_id: Some(producer.id),
                name: asked.name,
                sector: asked.sector,
                group_code: asked.group,
                set_code: asked.set,
                story: asked.story,
                gtin: asked.gtin,
                place_id: asked.place,
            };
            Ok(super::add(cx, new)?.id.0)
        })?;
        let row = super::any(cx, ProductId(done.id))?;
        let version = row.version;
        created(done, &format!("/v1/products/{}", done.id), version, &show::product(cx, row)?)
    })
    .await
}

/// The product that bears or bore a code
#[utoipa::path(tag = "Register", operation_id = "get_product_by_code",
    params(("code" = String, Path, description = "T-X-STT-YYYY or T-H-X-STT-YYYY", example = "86-29242-3-2026")),
    responses((status = 200, body = ProductView, description = "The product")))]
#[get("/products/by-code/{code}")]
async fn get_product_by_code(caller: Caller, db: Data<Db>, code: Path<String>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let code: Code = code.parse().map_err(|_| {
            AppError::BadParameter(vec![FieldError::new(
                "code",
                "product_code_malformed",
                "Viết mã theo mẫu 86-29242-3-2026 (tỉnh-xã-STT-năm).",
                "Write the code like 86-29242-3-2026 (province-commune-sequence-year).",
            )])
        })?;
        let row = super::of_code(cx, &code)?;
        answer(cx, row)
    })
    .await
}

/// One product; an identifier that was merged leads to the entry that stays
#[utoipa::path(tag = "Register", operation_id = "get_product",
    params(("id" = ProductId, Path, description = "The product")),
    responses((status = 200, body = ProductView, description = "The product"),
        (status = 308, description = "Merged: see Location")))]
#[get("/products/{id}")]
async fn get_product(caller: Caller, db: Data<Db>, id: Path<ProductId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::get(cx, *id)?;
        match row.merged_into {
            Some(into) => Ok(moved(&format!("/v1/products/{into}"))),
            None => answer(cx, row),
        }
    })
    .await
}

/// Rewrite what describes a product
#[utoipa::path(tag = "Register", operation_id = "describe_product",
    params(("id" = ProductId, Path, description = "The product"), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = DescribeProduct, example = json!({"name": "Dừa sáp sợi Cầu Kè", "set": "07", "story": "Trái dừa sáp…"})),
    responses((status = 200, body = ProductView, description = "Rewritten"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match is missing")))]
#[put("/products/{id}")]
async fn describe_product(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProductId>,
    if_match: IfMatch,
    body: Body<DescribeProduct>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = super::hold(cx, *id)?;
        ground(cx, Act::EditProduct, &held)?;
        if_match.check(held.version)?;
        let asked = body.valid()?.clone();
        let new = Description {
            name: asked.name,
            sector: asked.sector,
            group_code: asked.group,
            set_code: asked.set,
            story: asked.story,
            gtin: asked.gtin,
        };
        let row = super::describe(cx, &held, new)?;
        answer(cx, row)
    })
    .await
}

/// The answer of an act on a product.
fn after_act(cx: &mut Ctx<'_>, done: crate::web::Done) -> Result<Answer> {
    let row = super::any(cx, ProductId(done.id))?;
    let version = row.version;
    created(done, &format!("/v1/products/{}", done.id), version, &show::product(cx, row)?)
}

/// Two entries are one product: this one leads to the other from now on
#[utoipa::path(tag = "Register", operation_id = "merge_product",
    params(("id" = ProductId, Path, description = "The entry that ends"), ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = String, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = MergeProduct, example = json!({"into": "01937f6e-3c00-7000-8000-0000000000a2", "reason": "Ghi hai lần khi nhập danh sách năm 2022"})),
    responses((status = 201, body = ProductView, description = "The entry that stays"),
        (status = 409, body = Problem, description = "Merged before, the same entry, or another producer's"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match or Idempotency-Key is missing")))]
#[post("/products/{id}/merge")]
async fn merge_product(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProductId>,
    if_match: IfMatch,
    once: Once,
    body: Body<MergeProduct>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = super::get(cx, *id)?;
        ground(cx, Act::CorrectRegister, &row)?;
        // A repeated call gives the first answer, though the version has moved on since.
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            if_match.check(row.version)?;
            let asked = body.valid()?;
            let into = known_into(super::get(cx, asked.into))?;
            ground(cx, Act::CorrectRegister, &into)?;
            Ok(super::merge(cx, row.id, into.id, &asked.reason)?.id.0)
        })?;
        after_act(cx, done)
    })
    .await
}

/// The entry that another one is merged into, as the caller may know it.
fn known_into<T>(found: Result<T>) -> Result<T> {
    match found {
        Err(AppError::NotFound) => Err(AppError::field(
            "/into",
            "unknown_entry",
            "Không có mục này trong phạm vi của bạn.",
            "There is no such entry for you.",
        )),
        other => other,
    }
}

/// A product goes to another producer
#[utoipa::path(tag = "Register", operation_id = "transfer_product",
    params(("id" = ProductId, Path, description = "The product"), ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = String, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = TransferProduct, example = json!({"toProducer": "01937f6e-3c00-7000-8000-0000000000a1", "reason": "Hộ kinh doanh chuyển thành công ty"})),
    responses((status = 201, body = ProductView, description = "Transferred"),
        (status = 409, body = Problem, description = "Merged, or it belongs to this producer already"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match or Idempotency-Key is missing")))]
#[post("/products/{id}/transfer")]
async fn transfer_product(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProductId>,
    if_match: IfMatch,
    once: Once,
    body: Body<TransferProduct>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = super::hold(cx, *id)?;
        ground(cx, Act::CorrectRegister, &held)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            if_match.check(held.version)?;
            let asked = body.valid()?;
            let to = producers::named(cx, asked.to_producer, "/toProducer")?;
            must_have_ground(cx, Act::CorrectRegister, Some(to.id), to.place_id)?;
            Ok(super::transfer(cx, &held, &to, &asked.reason)?.id.0)
        })?;
        after_act(cx, done)
    })
    .await
}

/// Correct an entry of the register, with a reason
#[utoipa::path(tag = "Register", operation_id = "correct_product",
    params(("id" = ProductId, Path, description = "The product"), ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = String, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = CorrectProduct, example = json!({"reason": "Danh sách ghi nhầm nhóm", "fields": {"set": "07"}})),
    responses((status = 201, body = ProductView, description = "Corrected"),
        (status = 409, body = Problem, description = "Nothing to correct, or merged"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match or Idempotency-Key is missing")))]
#[post("/products/{id}/correct")]
async fn correct_product(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProductId>,
    if_match: IfMatch,
    once: Once,
    body: Body<CorrectProduct>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = super::hold(cx, *id)?;
        ground(cx, Act::CorrectRegister, &held)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            if_match.check(held.version)?;
            let asked = body.valid()?;
            let fields = asked.fields.clone();
            let new = Correction {
                name: fields.name,
                sector: fields.sector,
                group_code: fields.group,
                set_code: fields.set,
                gtin: fields.gtin,
                place_id: fields.place,
            };
            Ok(super::correct(cx, &held, new, &asked.reason)?.id.0)
        })?;
        after_act(cx, done)
    })
    .await
}

/// Two entries are one producer: this one leads to the other from now on, with its products
#[utoipa::path(tag = "Register", operation_id = "merge_producer",
    params(("id" = ProducerId, Path, description = "The entry that ends"), ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = String, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = MergeProducer, example = json!({"into": "01937f6e-3c00-7000-8000-0000000000a1", "reason": "Một hợp tác xã, ghi hai cách viết tên"})),
    responses((status = 201, body = ProducerView, description = "The entry that stays"),
        (status = 409, body = Problem, description = "Merged before, or the same entry"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match or Idempotency-Key is missing")))]
#[post("/producers/{id}/merge")]
async fn merge_producer(
    caller: Caller,
    db: Data<Db>,
    followers: Data<&'static [Follow]>,
    id: Path<ProducerId>,
    if_match: IfMatch,
    once: Once,
    body: Body<MergeProducer>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = producers::get(cx, *id)?;
        must_have_ground(cx, Act::CorrectRegister, Some(row.id), row.place_id)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            if_match.check(row.version)?;
            let asked = body.valid()?;
            let into = known_into(producers::get(cx, asked.into))?;
            must_have_ground(cx, Act::CorrectRegister, Some(into.id), into.place_id)?;
            Ok(super::merge_producers(cx, row.id, into.id, &asked.reason, &followers)?.id.0)
        })?;
        let stays = producers::get(cx, ProducerId(done.id))?;
        let version = stays.version;
        created(done, &format!("/v1/producers/{}", done.id), version, &producers::view(cx, stays)?)
    })
    .await
}

/// Add a picture to a product
#[utoipa::path(tag = "Register", operation_id = "add_photo",
    params(("id" = ProductId, Path, description = "The product"), ("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = PhotoForm, content_type = "multipart/form-data", description = "The picture and what it shows"),
    responses((status = 201, body = ProductView, description = "The product with its pictures"),
        (status = 409, body = Problem, description = "Ten pictures are there already")))]
#[post("/products/{id}/photos")]
async fn add_photo(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    id: Path<ProductId>,
    once: Once,
    upload: Upload,
) -> Result<Answer> {
    let id = *id;
    // Nothing is taken in for who may not send it.
    db.read(caller.clone(), move |cx| {
        let row = super::get(cx, id)?;
        ground(cx, Act::EditProduct, &row)
    })
    .await?;
    let accept = Accept { kinds: IMAGES, limit: PHOTO_LIMIT.min(files.limit), fields: &["alt"] };
    let form = upload.receive(&files, accept).await?;
    let alt = form.text("alt").filter(|a| a.chars().count() <= 300).ok_or_else(|| {
        AppError::field(
            "/alt",
            "length",
            "Mô tả ảnh bằng 1 đến 300 ký tự, cho người không nhìn thấy ảnh.",
            "Say what the picture shows in 1 to 300 characters, for who cannot see it.",
        )
    })?;
    db.write(caller, move |cx| {
        let held = super::hold(cx, id)?;
        ground(cx, Act::EditProduct, &held)?;
        let done = once.run(cx, &form.fingerprint, |cx| Ok(photos::add(cx, &held, &form.file, &alt)?.id.0))?;
        let row = super::get(cx, id)?;
        let version = row.version;
        created(done, &format!("/v1/products/{id}/photos/{}", done.id), version, &show::product(cx, row)?)
    })
    .await
}

/// The bytes of a picture
///
/// Anybody sees the pictures of a published product; before that, who may know of the product does.
#[utoipa::path(tag = "Register", operation_id = "get_photo", security(()),
    params(("id" = ProductId, Path, description = "The product"), ("photo" = RowId, Path, description = "The picture")),
    responses((status = 200, description = "The picture, as an attachment", content_type = "image/*", body = Vec<u8>),
        (status = 206, description = "The part that Range asks for", content_type = "image/*", body = Vec<u8>),
        (status = 308, description = "The product was merged: see Location"),
        (status = 409, description = "file_pending, file_infected", body = Problem),
        (status = 416, description = "A part that it does not have", body = Problem)))]
#[get("/products/{id}/photos/{photo}")]
async fn get_photo(
    Visitor(caller): Visitor,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    is_public: Data<IsPublic>,
    at: Path<(ProductId, RowId)>,
) -> Result<HttpResponse> {
    let (product, photo) = at.into_inner();
    let is_public = **is_public;
    let (file, stored) = db
        .read(caller, move |cx| {
            let file = photos::file(cx, is_public, product, photo)?;
            let stored = files::find(cx, &file.sha256)?;
            Ok((file, stored))
        })
        .await?;
    if file.product != product {
        let answer = moved(&format!("/v1/products/{}/photos/{photo}", file.product));
        return Ok(answer.respond_to(&req));
    }
    let name = format!("{photo}.{}", file.media_type.rsplit('/').next().unwrap_or("bin"));
    let cache = if file.public { "public, max-age=3600" } else { "private, no-store" };
    files.send(&Asked::of(req.headers()), &stored, &name, cache).await
}

/// Take a picture away
#[utoipa::path(tag = "Register", operation_id = "remove_photo",
    params(("id" = ProductId, Path, description = "The product"), ("photo" = RowId, Path, description = "The picture"),
        ("If-Match" = String, Header, description = "The ETag of the product")),
    responses((status = 204, description = "Taken away"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match is missing")))]
#[delete("/products/{id}/photos/{photo}")]
async fn remove_photo(caller: Caller, db: Data<Db>, at: Path<(ProductId, RowId)>, if_match: IfMatch) -> Result<Answer> {
    let (product, photo) = at.into_inner();
    db.write(caller, move |cx| {
        let held = super::hold(cx, product)?;
        ground(cx, Act::EditProduct, &held)?;
        if_match.check(held.version)?;
        photos::remove(cx, &held, photo)?;
        Ok(nothing())
    })
    .await
}
