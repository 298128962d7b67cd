//! The list of organisations, kept by administrators.

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{KeepOrganisation, OrganisationQuery, OrganisationView};
use crate::actor::Caller;
use crate::auth::Visitor;
use crate::auth::policy::{self, Act};
use crate::db::Db;
use crate::error::Result;
use crate::ids::OrganisationId;
use crate::web::{Answer, Body, IfMatch, Once, Page, created, found, page};

/// The routes of this slice.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_organisations).service(add_organisation).service(get_organisation).service(change_organisation);
}

/// Find agencies, departments and associations
#[utoipa::path(tag = "Organisations", operation_id = "list_organisations", security(()), params(OrganisationQuery),
    responses((status = 200, description = "Organisations, by name", body = Page<OrganisationView>,
        example = json!({"data": [], "page": {"next": null}}))))]
#[get("/organisations")]
async fn list_organisations(Visitor(caller): Visitor, db: Data<Db>, query: Query<OrganisationQuery>) -> Result<Answer> {
    let asked = query.into_inner();
    let limit = page::limit(asked.limit)?;
    let after = page::read_cursor::<(String, OrganisationId)>(asked.cursor.as_deref())?;
    db.read(caller, move |cx| {
        let rows = super::list(cx, &asked, after, limit + 1)?;
        Page::cut(rows, limit, |o| (o.name_sort.clone(), o.id)).map(|o| OrganisationView::from(&o)).public()
    })
    .await
}

/// Add an organisation
#[utoipa::path(tag = "Organisations", operation_id = "add_organisation",
    params(("Idempotency-Key" = Option<String>, Header, description = "A key of your own; the same request with the same key is done once")),
    request_body(content = KeepOrganisation, example = json!({"name": "Sở Nông nghiệp và Môi trường tỉnh Vĩnh Long",
        "kind": "department", "level": "province", "validFrom": "2025-07-01"})),
    responses((status = 201, description = "Added", body = OrganisationView)))]
#[post("/organisations")]
async fn add_organisation(caller: Caller, db: Data<Db>, once: Once, body: Body<KeepOrganisation>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::KeepOrganisations)?;
        let asked = body.valid()?;
        let done = once.run(cx, &body.fingerprint, |cx| Ok(super::add(cx, asked)?.id.0))?;
        let row = super::get(cx, OrganisationId(done.id))?;
        created(done, &format!("/v1/organisations/{}", done.id), row.version, &OrganisationView::from(&row))
    })
    .await
}

/// One organisation, with the ETag that a change needs
#[utoipa::path(tag = "Organisations", operation_id = "get_organisation", security(()),
    params(("id" = OrganisationId, Path, description = "Identifier of the organisation")),
    responses((status = 200, description = "The organisation", body = OrganisationView)))]
#[get("/organisations/{id}")]
async fn get_organisation(Visitor(caller): Visitor, db: Data<Db>, id: Path<OrganisationId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = super::get(cx, *id)?;
        found(row.version, &OrganisationView::from(&row))
    })
    .await
}

/// Change an organisation: a new name, its last day
#[utoipa::path(tag = "Organisations", operation_id = "change_organisation",
    params(("id" = OrganisationId, Path, description = "Identifier of the organisation"),
        ("If-Match" = String, Header, description = "The ETag of the organisation as you read it")),
    request_body(content = KeepOrganisation, example = json!({"name": "Sở Nông nghiệp và Phát triển nông thôn tỉnh Trà Vinh",
        "kind": "department", "level": "province", "validFrom": "2019-01-01", "validTo": "2025-02-28"})),
    responses((status = 200, description = "Changed", body = OrganisationView)))]
#[put("/organisations/{id}")]
async fn change_organisation(
    caller: Caller,
    db: Data<Db>,
    id: Path<OrganisationId>,
    if_match: IfMatch,
    body: Body<KeepOrganisation>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let before = super::hold(cx, *id)?;
        policy::must(cx, Act::KeepOrganisations)?;
        if_match.check(before.version)?;
        let row = super::change(cx, &before, body.valid()?)?;
        found(row.version, &OrganisationView::from(&row))
    })
    .await
}
