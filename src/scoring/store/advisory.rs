//! Queries about the advisory team's reviews, site visits and extra tests.

use diesel::prelude::*;

use super::super::model::{AdvisoryRow, SiteVisit, TestRequest, VisitPicture};
use super::sheets::own_seats;
use crate::db::Ctx;
use crate::db::schema::{
    advisory_reviews, council_seats, council_sessions, session_dossiers, site_visit_pictures, site_visits,
    test_requests,
};
use crate::each;
use crate::error::Result;
use crate::ids::{DossierId, RowId};
use crate::rulebook::Authority;

pub(in crate::scoring) fn advisory(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    level: Authority,
) -> Result<Option<AdvisoryRow>> {
    let query = advisory_reviews::table.find((dossier, level));
    Ok(query.select(AdvisoryRow::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn put_advisory(cx: &mut Ctx<'_>, row: &AdvisoryRow) -> Result<()> {
    let set = (
        advisory_reviews::opinion.eq(&row.opinion),
        advisory_reviews::remarks.eq(&row.remarks),
        advisory_reviews::written_by.eq(row.written_by),
        advisory_reviews::written_at.eq(row.written_at),
        advisory_reviews::version.eq(row.version),
    );
    each!(&mut *cx.conn, c => diesel::insert_into(advisory_reviews::table).values(row)
        .on_conflict((advisory_reviews::dossier_id, advisory_reviews::level)).do_update().set(set).execute(c))?;
    Ok(())
}

/// Whether the caller sits in a council that has, or had, the dossier on a table.
pub(in crate::scoring) fn sits_over(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<bool> {
    let own = own_seats(cx)?;
    let query = session_dossiers::table
        .inner_join(council_sessions::table.on(council_sessions::id.eq(session_dossiers::session_id)))
        .inner_join(council_seats::table.on(council_seats::council_id.eq(council_sessions::council_id)))
        .filter(session_dossiers::dossier_id.eq(dossier))
        .filter(council_seats::id.eq_any(own));
    Ok(query.count().get_result::<i64>(cx.conn)? > 0)
}

pub(in crate::scoring) fn insert_visit(cx: &mut Ctx<'_>, row: &SiteVisit) -> Result<()> {
    diesel::insert_into(site_visits::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn visit(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<SiteVisit>> {
    Ok(site_visits::table.find(id).select(SiteVisit::as_select()).first(cx.conn).optional()?)
}

/// The site visits of a level's team with their pictures, the first one first.
pub(in crate::scoring) fn visits(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    level: Authority,
) -> Result<Vec<(SiteVisit, Vec<VisitPicture>)>> {
    let query = site_visits::table
        .filter(site_visits::dossier_id.eq(dossier))
        .filter(site_visits::level.eq(level))
        .order((site_visits::visited_on, site_visits::id));
    let rows: Vec<SiteVisit> = query.select(SiteVisit::as_select()).load(cx.conn)?;
    let ids: Vec<RowId> = rows.iter().map(|v| v.id).collect();
    let query = site_visit_pictures::table
        .filter(site_visit_pictures::site_visit_id.eq_any(ids))
        .order((site_visit_pictures::uploaded_at, site_visit_pictures::id));
    let pictures: Vec<VisitPicture> = query.select(VisitPicture::as_select()).load(cx.conn)?;
    let of = |visit: SiteVisit| {
        let own = pictures.iter().filter(|p| p.site_visit_id == visit.id).cloned().collect();
        (visit, own)
    };
    Ok(rows.into_iter().map(of).collect())
}

pub(in crate::scoring) fn insert_picture(cx: &mut Ctx<'_>, row: &VisitPicture) -> Result<()> {
    diesel::insert_into(site_visit_pictures::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn picture(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<VisitPicture>> {
    Ok(site_visit_pictures::table.find(id).select(VisitPicture::as_select()).first(cx.conn).optional()?)
}

pub(in crate::scoring) fn insert_test(cx: &mut Ctx<'_>, row: &TestRequest) -> Result<()> {
    diesel::insert_into(test_requests::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::scoring) fn test(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<TestRequest>> {
    Ok(test_requests::table.find(id).select(TestRequest::as_select()).first(cx.conn).optional()?)
}

/// The extra tests that a level's team asked for, the first one first.
pub(in crate::scoring) fn tests(cx: &mut Ctx<'_>, dossier: DossierId, level: Authority) -> Result<Vec<TestRequest>> {
    let query = test_requests::table
        .filter(test_requests::dossier_id.eq(dossier))
        .filter(test_requests::level.eq(level))
        .order((test_requests::asked_at, test_requests::id));
    Ok(query.select(TestRequest::as_select()).load(cx.conn)?)
}

pub(in crate::scoring) fn save_test(cx: &mut Ctx<'_>, row: &TestRequest) -> Result<()> {
    diesel::update(test_requests::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}
