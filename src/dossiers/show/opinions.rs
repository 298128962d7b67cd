//! Opinions of departments as the wire shows them.

use chrono::NaiveDate;

use super::super::dto::{OpinionCounts, OpinionFileView, OpinionQuery, OpinionView, OpinionsView};
use super::super::model::Dossier;
use super::super::model::opinions::{Opinion, OpinionFile};
use super::super::{any, opinions};
use super::product_name;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::OpinionId;
use crate::organisations;
use crate::web::{Page, page};

/// The opinions about a dossier that the caller may read; the numbers are of all.
pub(in super::super) fn opinions(cx: &mut Ctx<'_>, row: &Dossier) -> Result<OpinionsView> {
    let counts = counts(cx, row)?;
    let rows = opinions::list(cx, row)?;
    Ok(OpinionsView { counts, data: rows.iter().map(|o| opinion(cx, o)).collect::<Result<_>>()? })
}

/// "2 of 3 answered".
pub(super) fn counts(cx: &mut Ctx<'_>, row: &Dossier) -> Result<OpinionCounts> {
    let mut all = opinions::all(cx, row)?;
    all.retain(|o| o.withdrawn_at.is_none());
    let today = cx.today();
    Ok(OpinionCounts {
        asked: all.len(),
        answered: all.iter().filter(|o| o.answered_at.is_some()).count(),
        late: all.iter().filter(|o| o.is_late(today)).count(),
    })
}

/// One of them.
pub(in super::super) fn opinion(cx: &mut Ctx<'_>, row: &Opinion) -> Result<OpinionView> {
    let files = opinions::files_of(cx, row)?.into_iter().map(file).collect();
    let dossier = any(cx, row.dossier_id)?;
    Ok(OpinionView {
        id: row.id,
        dossier: row.dossier_id,
        product_name: product_name(cx, dossier.product_id)?,
        department: row.organisation_id,
        department_name: organisations::get(cx, row.organisation_id)?.name,
        party: row.party,
        question: row.question.clone(),
        due_on: row.due_on,
        late: row.is_late(cx.today()),
        documents: row.documents.clone(),
        asked_at: row.asked_at,
        answer: row.answer.clone(),
        files,
        answered_by: row.answered_by,
        answered_at: row.answered_at,
        taken_back_at: row.withdrawn_at,
        version: row.version,
    })
}

pub(in super::super) fn file(row: OpinionFile) -> OpinionFileView {
    OpinionFileView {
        content: format!("/v1/opinions/{}/files/{}", row.opinion_id, row.id),
        id: row.id,
        file_name: row.file_name,
        sha256: row.sha256,
        uploaded_at: row.uploaded_at,
    }
}

/// A page of the questions to the caller's departments, the nearest day first.
pub(in super::super) fn questions(cx: &mut Ctx<'_>, query: &OpinionQuery) -> Result<Page<OpinionView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, OpinionId)> = page::read_cursor(query.cursor.as_deref())?;
    let rows = opinions::mine(cx, query.open, after, limit)?;
    Page::cut(rows, limit, |o| (o.due_on, o.id)).try_map(|o| opinion(cx, &o))
}
