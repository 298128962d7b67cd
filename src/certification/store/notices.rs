//! Queries of notices.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::{Decision, Notice};
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{certificates, decisions, notices, place_reach, products};
use crate::db::{Conn, Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{DecisionId, DossierId, NoticeId, ProducerId, ProductId, RecognitionId};

pub(in crate::certification) fn insert_notice(cx: &mut Ctx<'_>, row: &Notice) -> Result<()> {
    diesel::insert_into(notices::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The notices this caller may know of: of the territory, and a producer's own. Every read starts here.
fn visible(cx: &Ctx<'_>) -> notices::BoxedQuery<'static, MultiBackend> {
    let all = notices::table.into_boxed();
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => all,
        Reach::Offices(offices) => {
            let territory = place_reach::table
                .filter(place_reach::office_id.eq_any(offices))
                .select(place_reach::place_id.nullable());
            let own: Vec<Option<ProducerId>> = cx.actor().producers().into_iter().map(Some).collect();
            all.filter(notices::place_id.eq_any(territory).or(notices::producer_id.eq_any(own)))
        }
    }
}

pub(in crate::certification) fn visible_notice(cx: &mut Ctx<'_>, id: NoticeId) -> Result<Option<Notice>> {
    Ok(visible(cx).filter(notices::id.eq(id)).select(Notice::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(in crate::certification) fn lock_notice(cx: &mut Ctx<'_>, id: NoticeId) -> Result<Notice> {
    Ok(match cx.conn {
        Conn::Pg(c) => notices::table.find(id).for_update().select(Notice::as_select()).first(c)?,
        Conn::Sqlite(c) => notices::table.find(id).select(Notice::as_select()).first(c)?,
    })
}

pub(in crate::certification) fn save_notice(cx: &mut Ctx<'_>, row: &Notice) -> Result<()> {
    diesel::update(notices::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// A page of notices, the newest first.
pub(in crate::certification) fn notices_page(
    cx: &mut Ctx<'_>,
    dossier: Option<DossierId>,
    after: Option<(NaiveDate, NoticeId)>,
    limit: i64,
) -> Result<Vec<Notice>> {
    let mut query = visible(cx);
    if let Some(dossier) = dossier {
        query = query.filter(notices::dossier_id.eq(dossier));
    }
    if let Some((on, id)) = after {
        query = query.filter(notices::issued_on.le(on).and(notices::issued_on.lt(on).or(notices::id.lt(id))));
    }
    let newest_first = (notices::issued_on.desc(), notices::id.desc());
    Ok(query.order(newest_first).limit(limit + 1).select(Notice::as_select()).load(cx.conn)?)
}

/// The numbers of the certificates of these recognitions.
pub(in crate::certification) fn certificate_numbers(
    cx: &mut Ctx<'_>,
    of: &[RecognitionId],
) -> Result<Vec<(RecognitionId, String)>> {
    Ok(certificates::table
        .filter(certificates::recognition_id.eq_any(of.to_vec()))
        .select((certificates::recognition_id, certificates::number))
        .load(cx.conn)?)
}

/// The names of these products.
pub(in crate::certification) fn product_names(cx: &mut Ctx<'_>, ids: &[ProductId]) -> Result<Vec<(ProductId, String)>> {
    Ok(products::table
        .filter(products::id.eq_any(ids.to_vec()))
        .select((products::id, products::name))
        .load(cx.conn)?)
}

/// These decisions.
pub(in crate::certification) fn decisions_of(cx: &mut Ctx<'_>, ids: &[DecisionId]) -> Result<Vec<Decision>> {
    Ok(decisions::table.filter(decisions::id.eq_any(ids.to_vec())).select(Decision::as_select()).load(cx.conn)?)
}

/// What one producer was told goes to another.
pub(in crate::certification) fn move_notices(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()> {
    diesel::update(notices::table.filter(notices::producer_id.eq(from)))
        .set(notices::producer_id.eq(into))
        .execute(cx.conn)?;
    Ok(())
}
