//! Decisions, cases and certificates as the wire shows them, to this caller.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::dto::{
    CasesQuery, CertificateCorrection, CertificateView, CertificatesQuery, DecisionHead, DecisionLine, DecisionView,
    DecisionsQuery, NoticeView, NoticesQuery, Printed, RevocationView,
};
use super::model::{Certificate, Decision, DecisionItem, Notice, RevocationCase};
use super::rules::DecisionKind;
use super::{corrections, store};
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Doc, Moment};
use crate::error::{AppError, Result};
use crate::ids::{CertificateId, DecisionId, NoticeId, RevocationId};
use crate::producers;
use crate::scoring;
use crate::web::{Page, page};

/// A line of a decision with the names around it: as printed once it is sealed, as they are until then.
#[derive(Debug, Clone)]
pub struct NamedItem {
    /// The line.
    pub item: DecisionItem,
    /// Its product.
    pub product: String,
    /// Its producer.
    pub producer: Option<String>,
    /// The number of the certificate that it issues or ends.
    pub number: Option<String>,
}

/// The lines of a decision, in the order of print.
///
/// # Errors
/// When the database fails, or what is printed cannot be read.
pub fn lines(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<Vec<NamedItem>> {
    let named = |(item, product, producer, number): (DecisionItem, String, Option<String>, Option<String>)| {
        let printed: Option<Printed> = item.printed.as_ref().map(Doc::read).transpose().map_err(AppError::internal)?;
        let number = item.certificate_number.clone().or(number);
        Ok(match printed {
            Some(p) => NamedItem { item, product: p.product_name, producer: Some(p.producer_name), number },
            None => NamedItem { item, product, producer, number },
        })
    };
    store::named_items(cx, decision)?.into_iter().map(named).collect()
}

/// The decision with its lines.
pub(super) fn decision(cx: &mut Ctx<'_>, row: &Decision) -> Result<DecisionView> {
    let mut items: Vec<DecisionLine> = lines(cx, row.id)?.into_iter().map(DecisionLine::from).collect();
    if row.kind == DecisionKind::Withdrawal {
        for line in &mut items {
            let order = line.dossier_id.map(|id| scoring::order_about(cx, id)).transpose()?.flatten();
            line.evaluation_review = order.map(|o| o.id);
        }
    }
    Ok(DecisionView { head: row.into(), legal_bases: row.bases(), items })
}

/// A decision that the caller may know of; read, not locked.
pub(super) fn seen(cx: &mut Ctx<'_>, id: DecisionId) -> Result<Decision> {
    let row = store::visible_decision(cx, id)?.ok_or(AppError::NotFound)?;
    policy::must(cx, Act::ReadDecisions)?;
    Ok(row)
}

/// A page of decisions, the newest first.
pub(super) fn decisions(cx: &mut Ctx<'_>, query: &DecisionsQuery) -> Result<Page<DecisionHead>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i64, DecisionId)> = page::read_cursor(query.cursor.as_deref())?;
    let after = after.map(|(at, id)| (Moment::from_micros(at), id));
    let filter = store::DecisionFilter { kind: query.kind, state: query.state, place: query.place_id };
    let rows = store::decisions_page(cx, &filter, after, limit)?;
    Ok(Page::cut(rows, limit, |d| (d.created_at.micros(), d.id)).map(|d| DecisionHead::from(&d)))
}

/// A case that the caller may know of.
pub(super) fn case(cx: &mut Ctx<'_>, id: RevocationId) -> Result<RevocationCase> {
    store::visible_case(cx, id)?.ok_or(AppError::NotFound)
}

/// A page of cases, those due soonest first.
pub(super) fn cases(cx: &mut Ctx<'_>, query: &CasesQuery) -> Result<Page<RevocationView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, RevocationId)> = page::read_cursor(query.cursor.as_deref())?;
    let today = cx.today();
    let rows = store::cases_page(cx, query.state, after, limit)?;
    Ok(Page::cut(rows, limit, |c| (c.due_on, c.id)).map(|c| RevocationView::of(&c, today)))
}

/// A certificate that the caller may know of.
pub(super) fn certificate(cx: &mut Ctx<'_>, id: CertificateId) -> Result<Certificate> {
    store::visible_certificate(cx, id)?.ok_or(AppError::NotFound)
}

/// A page of certificates as they stand on a day, the newest first.
pub(super) fn certificates(
    cx: &mut Ctx<'_>,
    query: &CertificatesQuery,
    on: NaiveDate,
) -> Result<Page<CertificateView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, CertificateId)> = page::read_cursor(query.cursor.as_deref())?;
    let producer = match query.producer_id.map(|id| (id, producers::canonical(cx, id))) {
        // Nobody's identifier finds nothing.
        Some((id, Err(AppError::NotFound))) => Some(id),
        Some((_, found)) => Some(found?),
        None => None,
    };
    let filter = store::CertificateFilter {
        state: query.state,
        on,
        place: query.place_id,
        stars: query.stars,
        number: query.number.clone(),
        producer,
    };
    let rows = store::certificates_page(cx, &filter, after, limit)?;
    let products: Vec<_> = rows.iter().map(|c| c.product_id).collect();
    let filed = store::re_evaluated(cx, &products)?;
    let today = cx.today();
    Page::cut(rows, limit, |c| (c.issued_on, c.id))
        .try_map(|c| CertificateView::of(&c, (on, today), filed.contains(&c.product_id), corrected(cx, &c)?))
}

fn corrected(cx: &mut Ctx<'_>, row: &Certificate) -> Result<Vec<CertificateCorrection>> {
    Ok(corrections::of(cx, row)?.into_iter().map(CertificateCorrection::from).collect())
}

/// One certificate as it stands on a day.
pub(super) fn certificate_on(cx: &mut Ctx<'_>, row: &Certificate, on: NaiveDate) -> Result<CertificateView> {
    let filed = store::re_evaluation_under_way(cx, &[row.product_id])?;
    let days = (on, cx.today());
    CertificateView::of(row, days, filed, corrected(cx, row)?)
}

/// A notice with the names around it.
pub(super) fn notice(cx: &mut Ctx<'_>, row: Notice) -> Result<NoticeView> {
    notice_views(cx, vec![row])?.pop().ok_or(AppError::NotFound)
}

/// A page of notices, the newest first.
pub(super) fn notices(cx: &mut Ctx<'_>, query: &NoticesQuery) -> Result<Page<NoticeView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, NoticeId)> = page::read_cursor(query.cursor.as_deref())?;
    let rows = store::notices_page(cx, query.dossier_id, after, limit)?;
    let cut = Page::cut(rows, limit, |n| (n.issued_on, n.id));
    Ok(Page { data: notice_views(cx, cut.data)?, page: cut.page })
}

fn notice_views(cx: &mut Ctx<'_>, rows: Vec<Notice>) -> Result<Vec<NoticeView>> {
    let products: Vec<_> = rows.iter().map(|n| n.product_id).collect();
    let names: HashMap<_, _> = store::product_names(cx, &products)?.into_iter().collect();
    let ids: Vec<_> = rows.iter().map(|n| n.decision_id).collect();
    let decisions: HashMap<_, Decision> = store::decisions_of(cx, &ids)?.into_iter().map(|d| (d.id, d)).collect();
    let about: Vec<_> = rows.iter().filter_map(|n| n.recognition_id).collect();
    let numbers: HashMap<_, _> = store::certificate_numbers(cx, &about)?.into_iter().collect();
    let view = |row: Notice| {
        let decision = decisions.get(&row.decision_id).ok_or(AppError::NotFound)?;
        let name = names.get(&row.product_id).cloned().unwrap_or_default();
        let number = row.recognition_id.and_then(|id| numbers.get(&id).cloned());
        Ok(NoticeView::of(row, name, number, decision))
    };
    rows.into_iter().map(view).collect()
}
