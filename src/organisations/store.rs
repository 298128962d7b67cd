//! All queries about organisations.

use diesel::prelude::*;

use super::dto::OrganisationQuery;
use super::model::Organisation;
use crate::db::schema::organisations;
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::OrganisationId;
use crate::text::containing;

type Query = organisations::BoxedQuery<'static, MultiBackend>;

/// Organisations are public: everybody sees all of them.
fn visible() -> Query {
    organisations::table.into_boxed()
}

pub(super) fn organisation(cx: &mut Ctx<'_>, id: OrganisationId) -> Result<Option<Organisation>> {
    let query = visible().filter(organisations::id.eq(id));
    Ok(query.select(Organisation::as_select()).first(cx.conn).optional()?)
}

pub(super) fn hold(cx: &mut Ctx<'_>, id: OrganisationId) -> Result<Option<Organisation>> {
    let row = organisations::table.find(id);
    Ok(match cx.conn {
        Conn::Pg(c) => row.for_update().select(Organisation::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => row.select(Organisation::as_select()).first(c).optional()?,
    })
}

pub(super) fn list(
    cx: &mut Ctx<'_>,
    asked: &OrganisationQuery,
    after: Option<(String, OrganisationId)>,
    limit: i64,
) -> Result<Vec<Organisation>> {
    let mut query = visible();
    if let Some(words) = asked.q.as_deref().filter(|q| !q.trim().is_empty()) {
        query = query.filter(organisations::folded.like(containing(words)).escape('\\'));
    }
    if let Some(level) = asked.level {
        query = query.filter(organisations::level.eq(level));
    }
    if let Some(place) = asked.place {
        query = query.filter(organisations::place_id.eq(place));
    }
    if let Some(day) = asked.on {
        query = query
            .filter(organisations::valid_from.le(day))
            .filter(organisations::valid_to.is_null().or(organisations::valid_to.ge(day)));
    }
    if let Some((sort, id)) = after {
        query = query.filter(
            organisations::name_sort
                .ge(sort.clone())
                .and(organisations::name_sort.gt(sort).or(organisations::id.gt(id))),
        );
    }
    let query = query.order((organisations::name_sort, organisations::id)).limit(limit);
    Ok(query.select(Organisation::as_select()).load(cx.conn)?)
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &Organisation) -> Result<()> {
    diesel::insert_into(organisations::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn update(cx: &mut Ctx<'_>, row: &Organisation) -> Result<()> {
    diesel::update(organisations::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}
