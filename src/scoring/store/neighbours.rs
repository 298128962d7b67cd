//! What is shown of earlier slices.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::super::dto::{DossierHead, EvidenceView};
use crate::db::schema::{
    criteria_sets, dossier_documents, dossiers, evidence, evidence_versions, producers, products, self_marks,
};
use crate::db::{Ctx, Doc};
use crate::dossiers::Status;
use crate::error::Result;
use crate::ids::{CriteriaSetId, DocumentId, DossierId};
use crate::rulebook::DossierKind;

/// Dossiers with the names that a council reads.
pub(in crate::scoring) fn heads(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<Vec<DossierHead>> {
    type Row = (DossierId, DossierKind, String, Option<String>, String, String, CriteriaSetId);
    let rows: Vec<Row> = dossiers::table
        .inner_join(products::table.on(products::id.eq(dossiers::product_id)))
        .inner_join(producers::table.on(producers::id.eq(dossiers::producer_id)))
        .inner_join(criteria_sets::table.on(criteria_sets::id.eq(dossiers::criteria_set_id)))
        .filter(dossiers::id.eq_any(ids.to_vec()))
        .select((
            dossiers::id,
            dossiers::kind,
            products::name,
            dossiers::product_code,
            producers::name,
            criteria_sets::code,
            dossiers::criteria_set_id,
        ))
        .load(cx.conn)?;
    let head = |(id, kind, product, product_code, producer, set, criteria_set_id): Row| DossierHead {
        id,
        kind,
        product,
        product_code,
        producer,
        set,
        criteria_set_id,
    };
    Ok(rows.into_iter().map(head).collect())
}

/// Of these dossiers, those that are no drafts, each with its criteria set.
pub(in crate::scoring) fn filed(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<BTreeMap<DossierId, CriteriaSetId>> {
    let rows: Vec<(DossierId, CriteriaSetId)> = dossiers::table
        .filter(dossiers::id.eq_any(ids.to_vec()))
        .filter(dossiers::status.ne(Status::Draft))
        .select((dossiers::id, dossiers::criteria_set_id))
        .load(cx.conn)?;
    Ok(rows.into_iter().collect())
}

/// The papers of these dossiers, each with the criteria that it proves.
pub(in crate::scoring) fn evidence(
    cx: &mut Ctx<'_>,
    dossiers: &[DossierId],
) -> Result<Vec<(DossierId, EvidenceView, Vec<String>)>> {
    type Row = (DossierId, DocumentId, String, String, String, Doc);
    let rows: Vec<Row> = dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .inner_join(evidence::table.on(evidence::id.eq(evidence_versions::evidence_id)))
        .filter(dossier_documents::dossier_id.eq_any(dossiers.to_vec()))
        .filter(dossier_documents::removed_at.is_null())
        .order(dossier_documents::id)
        .select((
            dossier_documents::dossier_id,
            dossier_documents::id,
            evidence::paper,
            evidence::title,
            evidence_versions::file_name,
            dossier_documents::criteria,
        ))
        .load(cx.conn)?;
    let paper = |(dossier, id, paper, title, file_name, criteria): Row| {
        (dossier, EvidenceView { id, paper, title, file_name }, criteria.read().unwrap_or_default())
    };
    Ok(rows.into_iter().map(paper).collect())
}

/// The documents that the producers of these dossiers named with their self-marks.
pub(in crate::scoring) fn named_evidence(
    cx: &mut Ctx<'_>,
    dossiers: &[DossierId],
) -> Result<Vec<(DossierId, String, Vec<DocumentId>)>> {
    let rows: Vec<(DossierId, String, Doc)> = self_marks::table
        .filter(self_marks::dossier_id.eq_any(dossiers.to_vec()))
        .filter(self_marks::evidence.ne("[]"))
        .select((self_marks::dossier_id, self_marks::criterion, self_marks::evidence))
        .load(cx.conn)?;
    let named = |(dossier, criterion, list): (DossierId, String, Doc)| (dossier, criterion, list.read());
    Ok(rows.into_iter().map(named).map(|(d, c, list)| (d, c, list.unwrap_or_default())).collect())
}

/// Bytes and name of a paper of a dossier.
pub(in crate::scoring) fn paper(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    document: DocumentId,
) -> Result<Option<(String, String)>> {
    let paper = dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .filter(dossier_documents::id.eq(document))
        .filter(dossier_documents::dossier_id.eq(dossier))
        .filter(dossier_documents::removed_at.is_null())
        .select((evidence_versions::sha256, evidence_versions::file_name));
    Ok(paper.first(cx.conn).optional()?)
}
