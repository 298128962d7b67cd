//! Agencies, departments, associations: rows with validity, never enums.

pub mod dto;
mod model;
pub mod routes;
pub mod rules;
mod store;

use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::OrganisationId;
use crate::outbox::{self, Topic};
use crate::places;
use crate::text::{fold, sort_key};
use dto::{KeepOrganisation, OrganisationQuery};

pub use model::Organisation;
pub use rules::OrganisationLevel;

/// An organisation by its identifier.
///
/// # Errors
/// 404 when there is none.
pub fn get(cx: &mut Ctx<'_>, id: OrganisationId) -> Result<Organisation> {
    store::organisation(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, held.
///
/// # Errors
/// 404 when there is none.
pub fn hold(cx: &mut Ctx<'_>, id: OrganisationId) -> Result<Organisation> {
    store::hold(cx, id)?.ok_or(AppError::NotFound)
}

/// Organisations that fit a query, by name.
///
/// # Errors
/// When the database fails.
pub fn list(
    cx: &mut Ctx<'_>,
    asked: &OrganisationQuery,
    after: Option<(String, OrganisationId)>,
    limit: i64,
) -> Result<Vec<Organisation>> {
    store::list(cx, asked, after, limit)
}

/// Adds an organisation.
///
/// # Errors
/// 422 when its place is unknown or its days are swapped.
pub fn add(cx: &mut Ctx<'_>, asked: &KeepOrganisation) -> Result<Organisation> {
    let row = row(cx, OrganisationId::new(), 1, asked)?;
    store::insert(cx, &row)?;
    let details = Details::none().with("name", &row.name).with("kind", &row.kind).with("level", row.level);
    audit::record(cx, "organisation.added", "organisation", row.id.0, details)?;
    outbox::tell(cx, Topic::Reference, row.id.0, serde_json::json!({ "organisation": row.name }))?;
    Ok(row)
}

/// Puts other facts in the place of those of an organisation: a new name, its last day.
///
/// # Errors
/// 422 when its place is unknown or its days are swapped.
pub fn change(cx: &mut Ctx<'_>, before: &Organisation, asked: &KeepOrganisation) -> Result<Organisation> {
    let row = row(cx, before.id, before.version + 1, asked)?;
    store::update(cx, &row)?;
    let details = Details::none()
        .changed("name", &before.name, &row.name)
        .changed("kind", &before.kind, &row.kind)
        .changed("level", before.level, row.level)
        .changed("place", before.place_id, row.place_id)
        .changed("validFrom", before.valid_from, row.valid_from)
        .changed("validTo", before.valid_to, row.valid_to);
    audit::record(cx, "organisation.changed", "organisation", row.id.0, details)?;
    outbox::tell(cx, Topic::Reference, row.id.0, serde_json::json!({ "organisation": row.name }))?;
    Ok(row)
}

fn row(cx: &mut Ctx<'_>, id: OrganisationId, version: i32, asked: &KeepOrganisation) -> Result<Organisation> {
    if let Some(place) = asked.place {
        places::get(cx, place).map_err(|e| match e {
            AppError::NotFound => {
                AppError::field("/place", "unknown_place", "Không có đơn vị hành chính này.", "There is no such unit.")
            }
            other => other,
        })?;
    }
    if asked.valid_to.is_some_and(|last| last < asked.valid_from) {
        let (vi, en) = ("Ngày cuối phải sau ngày đầu.", "The last day must follow the first.");
        return Err(AppError::field("/validTo", "dates_swapped", vi, en));
    }
    Ok(Organisation {
        id,
        name: asked.name.clone(),
        folded: fold(&asked.name),
        name_sort: sort_key(&asked.name),
        kind: asked.kind.clone(),
        level: asked.level,
        place_id: asked.place,
        valid_from: asked.valid_from,
        valid_to: asked.valid_to,
        version,
    })
}
