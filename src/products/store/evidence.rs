//! All queries about the evidence library.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::model::{Evidence, EvidenceVersion, UsedIn};
use crate::db::schema::{dossier_documents, evidence, evidence_versions};
use crate::db::{Conn, Ctx, Moment, MultiBackend};
use crate::error::{AppError, Result};
use crate::ids::{DossierId, EvidenceId, EvidenceVersionId, ProducerId, ProductId};

/// The papers of the libraries this caller keeps. Every read starts here. Nobody else reads a library:
/// an office sees what dossiers refer to.
fn visible(cx: &Ctx<'_>) -> evidence::BoxedQuery<'static, MultiBackend> {
    let all = evidence::table.filter(evidence::by_office.eq(false)).into_boxed();
    match cx.actor().is_system() {
        true => all,
        false => all.filter(evidence::producer_id.eq_any(cx.actor().producers())),
    }
}

pub(in crate::products) fn find(cx: &mut Ctx<'_>, id: EvidenceId) -> Result<Option<Evidence>> {
    Ok(visible(cx).filter(evidence::id.eq(id)).select(Evidence::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(in crate::products) fn lock(cx: &mut Ctx<'_>, id: EvidenceId) -> Result<Evidence> {
    let row = match cx.conn {
        Conn::Pg(c) => evidence::table.find(id).for_update().select(Evidence::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => evidence::table.find(id).select(Evidence::as_select()).first(c).optional()?,
    };
    row.ok_or(AppError::NotFound)
}

pub(in crate::products) fn insert(cx: &mut Ctx<'_>, row: &Evidence) -> Result<()> {
    diesel::insert_into(evidence::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Saves the next version of a row that was held.
pub(in crate::products) fn save(cx: &mut Ctx<'_>, row: &Evidence) -> Result<()> {
    diesel::update(evidence::table.find(row.id))
        .set((
            evidence::title.eq(&row.title),
            evidence::criteria.eq(&row.criteria),
            evidence::products.eq(&row.products),
            evidence::retired_at.eq(row.retired_at),
            evidence::version.eq(row.version),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// Adds a version; the one before is the newest no more.
pub(in crate::products) fn insert_version(cx: &mut Ctx<'_>, row: &EvidenceVersion) -> Result<()> {
    diesel::update(evidence_versions::table.filter(evidence_versions::evidence_id.eq(row.evidence_id)))
        .set(evidence_versions::newest.eq(false))
        .execute(cx.conn)?;
    diesel::insert_into(evidence_versions::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The versions of a paper, in order.
pub(in crate::products) fn versions(cx: &mut Ctx<'_>, id: EvidenceId) -> Result<Vec<EvidenceVersion>> {
    Ok(evidence_versions::table
        .filter(evidence_versions::evidence_id.eq(id))
        .order(evidence_versions::ordinal)
        .select(EvidenceVersion::as_select())
        .load(cx.conn)?)
}

/// The newest version of each of these papers.
pub(in crate::products) fn newest(cx: &mut Ctx<'_>, ids: &[EvidenceId]) -> Result<Vec<(Evidence, EvidenceVersion)>> {
    Ok(evidence::table
        .inner_join(evidence_versions::table.on(evidence_versions::evidence_id.eq(evidence::id)))
        .filter(evidence::id.eq_any(ids))
        .filter(evidence_versions::newest.eq(true))
        .order(evidence::id)
        .select((Evidence::as_select(), EvidenceVersion::as_select()))
        .load(cx.conn)?)
}

pub(in crate::products) fn version(
    cx: &mut Ctx<'_>,
    of: EvidenceId,
    id: EvidenceVersionId,
) -> Result<Option<EvidenceVersion>> {
    Ok(evidence_versions::table
        .find(id)
        .filter(evidence_versions::evidence_id.eq(of))
        .select(EvidenceVersion::as_select())
        .first(cx.conn)
        .optional()?)
}

/// What a list of papers is narrowed by.
#[derive(Debug, Clone, Default)]
pub(in crate::products) struct Filter {
    pub producers: Option<Vec<ProducerId>>,
    pub paper: Option<String>,
    pub product: Option<ProductId>,
    pub criterion: Option<String>,
    /// Whether papers that were put away are listed, alone.
    pub retired: bool,
    /// The newest version ends on or after this day, or never.
    pub ends_from: Option<NaiveDate>,
    /// It ends before this day.
    pub ends_before: Option<NaiveDate>,
}

/// A code or an identifier inside a JSON list of texts.
fn listed(text: &str) -> String {
    format!("%\"{}\"%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// A page of papers with their newest version, the last added first.
pub(in crate::products) fn page(
    cx: &mut Ctx<'_>,
    filter: &Filter,
    after: Option<(Moment, EvidenceId)>,
    limit: i64,
) -> Result<Vec<(Evidence, EvidenceVersion)>> {
    let newest_ones = || evidence_versions::table.filter(evidence_versions::newest.eq(true));
    let mut query = visible(cx);
    if let Some(day) = filter.ends_from {
        let holds = evidence_versions::expires_on.is_null().or(evidence_versions::expires_on.ge(day));
        query = query.filter(evidence::id.eq_any(newest_ones().filter(holds).select(evidence_versions::evidence_id)));
    }
    if let Some(day) = filter.ends_before {
        let ends = newest_ones().filter(evidence_versions::expires_on.lt(day)).select(evidence_versions::evidence_id);
        query = query.filter(evidence::id.eq_any(ends));
    }
    query = match filter.retired {
        true => query.filter(evidence::retired_at.is_not_null()),
        false => query.filter(evidence::retired_at.is_null()),
    };
    if let Some(producers) = &filter.producers {
        query = query.filter(evidence::producer_id.eq_any(producers.clone()));
    }
    if let Some(paper) = &filter.paper {
        query = query.filter(evidence::paper.eq(paper.clone()));
    }
    if let Some(product) = filter.product {
        let named = evidence::products.like(listed(&product.to_string())).escape('\\');
        query = query.filter(named.or(evidence::products.eq("[]")));
    }
    if let Some(criterion) = &filter.criterion {
        query = query.filter(evidence::criteria.like(listed(criterion)).escape('\\'));
    }
    if let Some((at, id)) = after {
        query = query.filter(evidence::created_at.le(at).and(evidence::created_at.lt(at).or(evidence::id.lt(id))));
    }
    let rows: Vec<Evidence> = query
        .order((evidence::created_at.desc(), evidence::id.desc()))
        .limit(limit + 1)
        .select(Evidence::as_select())
        .load(cx.conn)?;
    let ids: Vec<EvidenceId> = rows.iter().map(|r| r.id).collect();
    let mut newest = newest(cx, &ids)?;
    newest.sort_by_key(|(row, _)| ids.iter().position(|id| *id == row.id));
    Ok(newest)
}

/// Which dossiers refer to these versions now.
pub(in crate::products) fn used_in(cx: &mut Ctx<'_>, versions: &[EvidenceVersionId]) -> Result<UsedIn> {
    let rows: Vec<(EvidenceVersionId, DossierId)> = dossier_documents::table
        .filter(dossier_documents::version_id.eq_any(versions))
        .filter(dossier_documents::removed_at.is_null())
        .order((dossier_documents::version_id, dossier_documents::dossier_id))
        .select((dossier_documents::version_id, dossier_documents::dossier_id))
        .load(cx.conn)?;
    let mut used = UsedIn::new();
    for (version, dossier) in rows {
        let of_version = used.entry(version).or_default();
        if of_version.last() != Some(&dossier) {
            of_version.push(dossier);
        }
    }
    Ok(used)
}

/// The papers of one producer belong to another one.
pub(in crate::products) fn move_producer(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<()> {
    diesel::update(evidence::table.filter(evidence::producer_id.eq(from)))
        .set(evidence::producer_id.eq(into))
        .execute(cx.conn)?;
    Ok(())
}
