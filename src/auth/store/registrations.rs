//! Queries about registrations.

use diesel::prelude::*;

use crate::actor::{Reach, Role};
use crate::auth::model::Registration;
use crate::auth::rules::RegistrationState;
use crate::db::schema::{place_reach, registrations};
use crate::db::{Conn, Ctx, Moment, MultiBackend};
use crate::error::Result;
use crate::ids::RegistrationId;

/// Who answers for registrations: officers in their territory, administrators everywhere.
const REVIEWERS: &[Role] = &[Role::Commune, Role::District, Role::Province, Role::Administrator];

/// The registrations this caller may know about. Every read starts here.
fn visible(cx: &Ctx<'_>) -> registrations::BoxedQuery<'static, MultiBackend> {
    let all = registrations::table.into_boxed();
    match cx.actor().reach(REVIEWERS) {
        Reach::Everywhere => all,
        Reach::Offices(offices) => {
            let territory =
                place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id);
            all.filter(registrations::place_id.eq_any(territory))
        }
    }
}

pub(in crate::auth) fn registration(cx: &mut Ctx<'_>, id: RegistrationId) -> Result<Option<Registration>> {
    Ok(visible(cx).filter(registrations::id.eq(id)).select(Registration::as_select()).first(cx.conn).optional()?)
}

/// The row, visible to the caller and locked until the deed ends.
pub(in crate::auth) fn hold_registration(cx: &mut Ctx<'_>, id: RegistrationId) -> Result<Option<Registration>> {
    if registration(cx, id)?.is_none() {
        return Ok(None);
    }
    let row = registrations::table.find(id);
    Ok(match cx.conn {
        Conn::Pg(c) => row.for_update().select(Registration::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => row.select(Registration::as_select()).first(c).optional()?,
    })
}

pub(in crate::auth) fn insert_registration(cx: &mut Ctx<'_>, row: &Registration) -> Result<()> {
    diesel::insert_into(registrations::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// A page, oldest first: who has waited longest comes first.
pub(in crate::auth) fn registrations_page(
    cx: &mut Ctx<'_>,
    state: Option<RegistrationState>,
    after: Option<(Moment, RegistrationId)>,
    limit: i64,
) -> Result<Vec<Registration>> {
    let mut query = visible(cx);
    if let Some(state) = state {
        query = query.filter(registrations::state.eq(state));
    }
    if let Some((at, id)) = after {
        query = query.filter(
            registrations::created_at.ge(at).and(registrations::created_at.gt(at).or(registrations::id.gt(id))),
        );
    }
    Ok(query
        .order((registrations::created_at, registrations::id))
        .limit(limit + 1)
        .select(Registration::as_select())
        .load(cx.conn)?)
}

pub(in crate::auth) fn save_decision(cx: &mut Ctx<'_>, row: &Registration) -> Result<()> {
    diesel::update(registrations::table.find(row.id))
        .set((
            registrations::state.eq(row.state),
            registrations::reason.eq(&row.reason),
            registrations::producer_id.eq(row.producer_id),
            registrations::decided_by.eq(row.decided_by),
            registrations::decided_at.eq(row.decided_at),
            registrations::user_id.eq(row.user_id),
            registrations::version.eq(row.version),
        ))
        .execute(cx.conn)?;
    Ok(())
}
