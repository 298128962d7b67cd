//! Units, their tree and their successors; calendars.

use actix_web::get;
use actix_web::web::{Data, Path, Query};
use chrono::Datelike;
use utoipa_actix_web::service_config::ServiceConfig;

use super::calendar::{CalendarDay, DayStatus, Stop};
use super::dto::{ChildrenQuery, PlaceDetail, PlaceQuery, PlaceView, SuccessionView, YearHead, YearView};
use super::model::{Place, Succeeded};
use crate::auth::Visitor;
use crate::db::{Ctx, Db};
use crate::error::{Problem, Result};
use crate::ids::PlaceId;
use crate::web::{Answer, Page, page, public};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_places).service(get_place).service(list_children).service(list_calendars).service(get_calendar);
    cfg.configure(super::reform::routes::routes);
}

/// Find units by name, code, level, day or parent
#[utoipa::path(tag = "Places", operation_id = "list_places", security(()), params(PlaceQuery),
    responses((status = 200, description = "Units, by name", body = Page<PlaceView>, example = json!({
        "data": [{"id": "3bba27e0-8a38-5d05-9b2f-b8a1f46e3d0c", "code": "86", "level": "province", "kind": "province",
            "kindLabel": {"vi": "tỉnh", "en": "province"}, "name": "Vĩnh Long", "fullName": "Tỉnh Vĩnh Long", "parentId": null,
            "regime": "two-tier", "validFrom": "2025-07-01", "validTo": null}],
        "page": {"next": null}}))))]
#[get("/places")]
async fn list_places(Visitor(caller): Visitor, db: Data<Db>, query: Query<PlaceQuery>) -> Result<Answer> {
    let asked = query.into_inner();
    let limit = page::limit(asked.limit)?;
    let after = page::read_cursor::<Key>(asked.cursor.as_deref())?;
    db.read(caller, move |cx| listed(super::search(cx, &asked, after, limit + 1)?, limit)).await
}

type Key = (String, PlaceId);

fn listed(rows: Vec<Place>, limit: i64) -> Result<Answer> {
    Page::cut(rows, limit, |p| (p.name_sort.clone(), p.id)).map(|p| PlaceView::from(&p)).public()
}

/// One unit with the units above it, before it and after it
#[utoipa::path(tag = "Places", operation_id = "get_place", security(()),
    params(("id" = PlaceId, Path, description = "Identifier of the unit")),
    responses((status = 200, description = "The unit", body = PlaceDetail)))]
#[get("/places/{id}")]
async fn get_place(Visitor(caller): Visitor, db: Data<Db>, id: Path<PlaceId>) -> Result<Answer> {
    db.read(caller, move |cx| public(&detail(cx, *id)?)).await
}

fn detail(cx: &mut Ctx<'_>, id: PlaceId) -> Result<PlaceDetail> {
    let line = super::ancestors(cx, id)?;
    let views = |places: &[Place]| places.iter().map(PlaceView::from).collect();
    let before = super::predecessors(cx, id)?;
    let after = super::successors(cx, id)?;
    let today = cx.today();
    let current = super::current(cx, id, today)?;
    Ok(PlaceDetail {
        place: PlaceView::from(&line[0]),
        ancestors: views(&line[1..]),
        predecessors: before.iter().map(step).collect(),
        successors: after.iter().map(step).collect(),
        current: views(&current),
    })
}

fn step((step, place): &(Succeeded, Place)) -> SuccessionView {
    SuccessionView { on: step.on_day, kind: step.kind, place: PlaceView::from(place) }
}

/// The units directly under one
#[utoipa::path(tag = "Places", operation_id = "list_children", security(()),
    params(("id" = PlaceId, Path, description = "Identifier of the unit above"), ChildrenQuery),
    responses((status = 200, description = "Units, by name", body = Page<PlaceView>)))]
#[get("/places/{id}/children")]
async fn list_children(
    Visitor(caller): Visitor,
    db: Data<Db>,
    id: Path<PlaceId>,
    query: Query<ChildrenQuery>,
) -> Result<Answer> {
    let asked = query.into_inner();
    let limit = page::limit(asked.limit)?;
    let after = page::read_cursor::<Key>(asked.cursor.as_deref())?;
    db.read(caller, move |cx| {
        super::get(cx, *id)?;
        let asked = PlaceQuery { level: asked.level, on: asked.on, parent: Some(*id), ..PlaceQuery::default() };
        listed(super::search(cx, &asked, after, limit + 1)?, limit)
    })
    .await
}

/// The years for which holidays are recorded
#[utoipa::path(tag = "Calendars", operation_id = "list_calendars", security(()),
    responses((status = 200, description = "Years, rising", body = Page<YearHead>,
        example = json!({"data": [{"year": 2026, "confirmed": true}], "page": {"next": null}}))))]
#[get("/calendars")]
async fn list_calendars(Visitor(caller): Visitor, db: Data<Db>) -> Result<Answer> {
    db.read(caller, |cx| {
        let mut heads: Vec<YearHead> = Vec::new();
        for day in super::days(cx)? {
            let confirmed = day.status == DayStatus::Confirmed;
            match heads.last_mut().filter(|h| h.year == day.date.year()) {
                Some(head) => head.confirmed &= confirmed,
                None => heads.push(YearHead { year: day.date.year(), confirmed }),
            }
        }
        Page::cut(heads, i64::MAX, |h| h.year).public()
    })
    .await
}

/// The holidays and swapped working days of a year
///
/// A year without rows is refused, never guessed: `ocop import holidays` adds one.
#[utoipa::path(tag = "Calendars", operation_id = "get_calendar", security(()),
    params(("year" = i32, Path, description = "The year", example = 2026)),
    responses((status = 200, description = "The year", body = YearView,
        example = json!({"year": 2026, "confirmed": true, "days": [
            {"date": "2026-01-01", "kind": "dayOff", "name": "Tết Dương lịch", "status": "confirmed"}]})),
        (status = 409, description = "calendar_year_unknown: no holidays are recorded for this year", body = Problem)))]
#[get("/calendars/{year}")]
async fn get_calendar(Visitor(caller): Visitor, db: Data<Db>, year: Path<i32>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let days: Vec<CalendarDay> = super::days(cx)?.into_iter().filter(|d| d.date.year() == *year).collect();
        match days.is_empty() {
            true => Err(Stop::YearWithoutCalendar(*year).into()),
            false => {
                let confirmed = days.iter().all(|d| d.status == DayStatus::Confirmed);
                public(&YearView { year: *year, confirmed, days })
            }
        }
    })
    .await
}
