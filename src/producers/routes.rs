//! The register of producers.

mod mandates;

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::belongings::{self, Area, Village};
use super::dto::{
    CorrectProducer, CraftVillageQuery, CraftVillageView, DescribeProducer, GrowingAreaQuery, GrowingAreaView,
    ParticularsView, ProducerCard, ProducerQuery, ProducerView, RegisterProducer, WriteCraftVillage, WriteGrowingArea,
    WriteParticulars,
};
use super::model::Producer;
use super::{Correction, Description, NewProducer, must_have_ground, show};
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::ids::{CraftVillageId, GrowingAreaId, PlaceId, ProducerId};
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, moved};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_producers)
        .service(register_producer)
        .service(get_producer)
        .service(describe_producer)
        .service(correct_producer)
        .configure(mandates::routes)
        .service(get_particulars)
        .service(put_particulars)
        .service(list_growing_areas)
        .service(add_growing_area)
        .service(get_growing_area)
        .service(change_growing_area)
        .service(list_craft_villages)
        .service(add_craft_village)
        .service(get_craft_village)
        .service(change_craft_village);
}

fn answer(cx: &mut Ctx<'_>, row: Producer) -> Result<Answer> {
    let version = row.version;
    found(version, &show::producer(cx, row)?)
}

fn ground(cx: &mut Ctx<'_>, act: Act, row: &Producer) -> Result<()> {
    must_have_ground(cx, act, Some(row.id), row.place_id)
}

/// The producers of the caller's territory, and the caller's own
#[utoipa::path(tag = "Register", operation_id = "list_producers", params(ProducerQuery),
    responses((status = 200, body = Page<ProducerCard>, description = "A page, sorted by name",
        example = json!({"data": [{"id": "01937f6e-3c00-7000-8000-0000000000a1", "name": "Hợp tác xã Dừa sáp Cầu Kè", "kind": "cooperative"}], "page": {"next": null}}))))]
#[get("/producers")]
async fn list_producers(caller: Caller, db: Data<Db>, query: Query<ProducerQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::producers(cx, &query)?.answer()).await
}

/// Register a producer in the caller's territory
#[utoipa::path(tag = "Register", operation_id = "register_producer",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = RegisterProducer, example = json!({"name": "Hợp tác xã Dừa sáp Cầu Kè", "kind": "cooperative", "place": "01937f6e-3c00-7000-8000-0000000000b1", "address": "Ấp 1", "foundedOn": "2019-03-01"})),
    responses((status = 201, body = ProducerView, description = "Registered"),
        (status = 409, body = Problem, description = "Another producer has the tax code")))]
#[post("/producers")]
async fn register_producer(caller: Caller, db: Data<Db>, once: Once, body: Body<RegisterProducer>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::RegisterProducer)?;
        let asked = body.valid()?;
        super::must_exist(cx, Some(asked.place), "/place")?;
        must_have_ground(cx, Act::RegisterProducer, None, Some(asked.place))?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let new = NewProducer {
                name: asked.name.clone(),
                kind: Some(asked.kind),
                tax_code: asked.tax_code.clone(),
                registration_number: asked.registration_number.clone(),
                place_id: Some(asked.place),
                address: asked.address.clone(),
                founded_on: asked.founded_on,
            };
            Ok(super::add(cx, new)?.id.0)
        })?;
        let row = super::get(cx, ProducerId(done.id))?;
        let version = row.version;
        created(done, &format!("/v1/producers/{}", done.id), version, &show::producer(cx, row)?)
    })
    .await
}

/// One producer; an identifier that was merged leads to the entry that stays
#[utoipa::path(tag = "Register", operation_id = "get_producer",
    params(("id" = ProducerId, Path, description = "The producer")),
    responses((status = 200, body = ProducerView, description = "The producer"),
        (status = 308, description = "Merged: see Location")))]
#[get("/producers/{id}")]
async fn get_producer(caller: Caller, db: Data<Db>, id: Path<ProducerId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::get(cx, *id)?;
        match row.merged_into {
            Some(into) => Ok(moved(&format!("/v1/producers/{into}"))),
            None => answer(cx, row),
        }
    })
    .await
}

/// Rewrite what describes a producer
#[utoipa::path(tag = "Register", operation_id = "describe_producer",
    params(("id" = ProducerId, Path, description = "The producer"), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = DescribeProducer, example = json!({"name": "Hợp tác xã Dừa sáp Cầu Kè", "address": "Ấp 2"})),
    responses((status = 200, body = ProducerView, description = "Rewritten"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match is missing")))]
#[put("/producers/{id}")]
async fn describe_producer(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProducerId>,
    if_match: IfMatch,
    body: Body<DescribeProducer>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = super::hold(cx, *id)?;
        ground(cx, Act::EditProducer, &held)?;
        if_match.check(held.version)?;
        let asked = body.valid()?.clone();
        let new = Description {
            name: asked.name,
            address: asked.address,
            registration_number: asked.registration_number,
            founded_on: asked.founded_on,
            craft_village_id: asked.craft_village,
        };
        let row = super::describe(cx, &held, new)?;
        answer(cx, row)
    })
    .await
}

/// Correct an entry of the register, with a reason
#[utoipa::path(tag = "Register", operation_id = "correct_producer",
    params(("id" = ProducerId, Path, description = "The producer"), ("If-Match" = String, Header, description = "The ETag that was read"),
        ("Idempotency-Key" = String, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = CorrectProducer, example = json!({"reason": "Giấy đăng ký ghi hộ kinh doanh", "fields": {"kind": "householdBusiness"}})),
    responses((status = 201, body = ProducerView, description = "Corrected"),
        (status = 409, body = Problem, description = "Nothing to correct, merged, or the tax code is another producer's"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match or Idempotency-Key is missing")))]
#[post("/producers/{id}/correct")]
async fn correct_producer(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProducerId>,
    if_match: IfMatch,
    once: Once,
    body: Body<CorrectProducer>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = super::hold(cx, *id)?;
        ground(cx, Act::CorrectRegister, &held)?;
        // A repeated call gives the first answer, though the version has moved on since.
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            if_match.check(held.version)?;
            let asked = body.valid()?;
            let fields = asked.fields.clone();
            let new = Correction {
                name: fields.name,
                kind: fields.kind,
                tax_code: fields.tax_code,
                registration_number: fields.registration_number,
                place_id: fields.place,
                address: fields.address,
                founded_on: fields.founded_on,
            };
            Ok(super::correct(cx, &held, new, &asked.reason)?.id.0)
        })?;
        let row = super::any(cx, ProducerId(done.id))?;
        let version = row.version;
        created(done, &format!("/v1/producers/{}", done.id), version, &show::producer(cx, row)?)
    })
    .await
}

/// The private particulars of a producer's representative; every reading is written down
#[utoipa::path(tag = "Register", operation_id = "get_particulars",
    params(("id" = ProducerId, Path, description = "The producer")),
    responses((status = 200, body = ParticularsView, description = "The particulars; empty fields are unknown"),
        (status = 308, description = "Merged: see Location")))]
#[get("/producers/{id}/private")]
async fn get_particulars(caller: Caller, db: Data<Db>, id: Path<ProducerId>) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = super::get(cx, *id)?;
        ground(cx, Act::ReadParticulars, &row)?;
        if let Some(into) = row.merged_into {
            return Ok(moved(&format!("/v1/producers/{into}/private")));
        }
        let particulars = super::read_particulars(cx, &row)?;
        found(row.version, &ParticularsView::of(&row, particulars))
    })
    .await
}

/// Rewrite the private particulars of a producer's representative
#[utoipa::path(tag = "Register", operation_id = "put_particulars",
    params(("id" = ProducerId, Path, description = "The producer"), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = WriteParticulars, example = json!({"representativeName": "Thạch Thị Sa", "representativeRole": "Giám đốc", "sex": "female", "ethnicity": "Khmer", "disability": false, "phone": "0294 3855 246"})),
    responses((status = 200, body = ParticularsView, description = "Rewritten"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match is missing")))]
#[put("/producers/{id}/private")]
async fn put_particulars(
    caller: Caller,
    db: Data<Db>,
    id: Path<ProducerId>,
    if_match: IfMatch,
    body: Body<WriteParticulars>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = super::hold(cx, *id)?;
        ground(cx, Act::EditParticulars, &held)?;
        if_match.check(held.version)?;
        let new = body.valid()?.row(held.id);
        let row = super::write_particulars(cx, &held, new.clone())?;
        found(row.version, &ParticularsView::of(&row, new))
    })
    .await
}

/// The growing areas of the producers that the caller may see
#[utoipa::path(tag = "Register", operation_id = "list_growing_areas", params(GrowingAreaQuery),
    responses((status = 200, body = Page<GrowingAreaView>, description = "A page")))]
#[get("/growing-areas")]
async fn list_growing_areas(caller: Caller, db: Data<Db>, query: Query<GrowingAreaQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::growing_areas(cx, &query)?.answer()).await
}

fn area_of(body: &WriteGrowingArea) -> Area {
    Area {
        place_id: body.place,
        name: body.name.clone(),
        code: body.code.clone(),
        crop: body.crop.clone(),
        area_m2: body.area_m2,
        code_from: body.code_from,
        code_through: body.code_through,
    }
}

/// Declare a growing area
#[utoipa::path(tag = "Register", operation_id = "add_growing_area",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = WriteGrowingArea, example = json!({"producer": "01937f6e-3c00-7000-8000-0000000000a1", "place": "01937f6e-3c00-7000-8000-0000000000b1", "name": "Vườn dừa sáp ấp 3", "crop": "dừa sáp", "areaM2": 45000})),
    responses((status = 201, body = GrowingAreaView, description = "Declared")))]
#[post("/growing-areas")]
async fn add_growing_area(caller: Caller, db: Data<Db>, once: Once, body: Body<WriteGrowingArea>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::KeepGrowingAreas)?;
        let asked = body.valid()?;
        let producer = super::named(cx, asked.producer, "/producer")?;
        ground(cx, Act::KeepGrowingAreas, &producer)?;
        let done =
            once.run(cx, &body.fingerprint, |cx| Ok(belongings::add_area(cx, &producer, area_of(asked))?.id.0))?;
        let row = belongings::area(cx, GrowingAreaId(done.id))?;
        created(done, &format!("/v1/growing-areas/{}", row.id), row.version, &GrowingAreaView::from(&row))
    })
    .await
}

/// One growing area
#[utoipa::path(tag = "Register", operation_id = "get_growing_area",
    params(("id" = GrowingAreaId, Path, description = "The growing area")),
    responses((status = 200, body = GrowingAreaView, description = "The growing area")))]
#[get("/growing-areas/{id}")]
async fn get_growing_area(caller: Caller, db: Data<Db>, id: Path<GrowingAreaId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = belongings::area(cx, *id)?;
        found(row.version, &GrowingAreaView::from(&row))
    })
    .await
}

/// Change a growing area
#[utoipa::path(tag = "Register", operation_id = "change_growing_area",
    params(("id" = GrowingAreaId, Path, description = "The growing area"), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = WriteGrowingArea, example = json!({"producer": "01937f6e-3c00-7000-8000-0000000000a1", "place": "01937f6e-3c00-7000-8000-0000000000b1", "name": "Vườn dừa sáp ấp 3", "code": "TV-0012", "codeFrom": "2025-01-01", "codeThrough": "2029-12-31", "crop": "dừa sáp", "areaM2": 52000})),
    responses((status = 200, body = GrowingAreaView, description = "Changed"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match is missing")))]
#[put("/growing-areas/{id}")]
async fn change_growing_area(
    caller: Caller,
    db: Data<Db>,
    id: Path<GrowingAreaId>,
    if_match: IfMatch,
    body: Body<WriteGrowingArea>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = belongings::hold_area(cx, *id)?;
        let producer = super::get(cx, held.producer_id)?;
        ground(cx, Act::KeepGrowingAreas, &producer)?;
        if_match.check(held.version)?;
        let asked = body.valid()?;
        if asked.producer != held.producer_id {
            return Err(AppError::field(
                "/producer",
                "fixed",
                "Vùng nguyên liệu không đổi chủ thể; hãy khai báo vùng mới.",
                "A growing area keeps its producer; declare another one.",
            ));
        }
        let row = belongings::change_area(cx, &held, area_of(asked))?;
        found(row.version, &GrowingAreaView::from(&row))
    })
    .await
}

/// Craft villages
#[utoipa::path(tag = "Register", operation_id = "list_craft_villages", params(CraftVillageQuery),
    responses((status = 200, body = Page<CraftVillageView>, description = "A page, sorted by name")))]
#[get("/craft-villages")]
async fn list_craft_villages(caller: Caller, db: Data<Db>, query: Query<CraftVillageQuery>) -> Result<Answer> {
    db.read(caller, move |cx| show::craft_villages(cx, &query)?.answer()).await
}

fn village_of(cx: &mut Ctx<'_>, body: &WriteCraftVillage) -> Result<Village> {
    super::must_exist(cx, Some(body.place), "/place")?;
    must_keep_villages(cx, body.place)?;
    Ok(Village { place_id: body.place, name: body.name.clone(), recognised_on: body.recognised_on })
}

fn must_keep_villages(cx: &mut Ctx<'_>, place: PlaceId) -> Result<()> {
    must_have_ground(cx, Act::KeepCraftVillages, None, Some(place))
}

/// Enter a craft village
#[utoipa::path(tag = "Register", operation_id = "add_craft_village",
    params(("Idempotency-Key" = Option<String>, Header, description = "A repeated call with this key gives the first answer")),
    request_body(content = WriteCraftVillage, example = json!({"place": "01937f6e-3c00-7000-8000-0000000000b1", "name": "Làng nghề bánh tét Trà Cuôn", "recognisedOn": "2011-05-20"})),
    responses((status = 201, body = CraftVillageView, description = "Entered")))]
#[post("/craft-villages")]
async fn add_craft_village(caller: Caller, db: Data<Db>, once: Once, body: Body<WriteCraftVillage>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::KeepCraftVillages)?;
        let new = village_of(cx, body.valid()?)?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(belongings::add_village(cx, new.clone())?.id.0))?;
        let row = belongings::village(cx, CraftVillageId(done.id))?;
        created(done, &format!("/v1/craft-villages/{}", row.id), row.version, &CraftVillageView::from(&row))
    })
    .await
}

/// One craft village
#[utoipa::path(tag = "Register", operation_id = "get_craft_village",
    params(("id" = CraftVillageId, Path, description = "The craft village")),
    responses((status = 200, body = CraftVillageView, description = "The craft village")))]
#[get("/craft-villages/{id}")]
async fn get_craft_village(caller: Caller, db: Data<Db>, id: Path<CraftVillageId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = belongings::village(cx, *id)?;
        found(row.version, &CraftVillageView::from(&row))
    })
    .await
}

/// Change a craft village
#[utoipa::path(tag = "Register", operation_id = "change_craft_village",
    params(("id" = CraftVillageId, Path, description = "The craft village"), ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = WriteCraftVillage, example = json!({"place": "01937f6e-3c00-7000-8000-0000000000b1", "name": "Làng nghề bánh tét Trà Cuôn"})),
    responses((status = 200, body = CraftVillageView, description = "Changed"),
        (status = 412, body = Problem, description = "Changed meanwhile"), (status = 428, body = Problem, description = "If-Match is missing")))]
#[put("/craft-villages/{id}")]
async fn change_craft_village(
    caller: Caller,
    db: Data<Db>,
    id: Path<CraftVillageId>,
    if_match: IfMatch,
    body: Body<WriteCraftVillage>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let held = belongings::hold_village(cx, *id)?;
        must_keep_villages(cx, held.place_id)?;
        if_match.check(held.version)?;
        let new = village_of(cx, body.valid()?)?;
        let row = belongings::change_village(cx, &held, new)?;
        found(row.version, &CraftVillageView::from(&row))
    })
    .await
}
