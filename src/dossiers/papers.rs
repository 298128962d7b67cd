//! Which papers lie in a dossier, and whether they make it complete for a step.

use super::model::{Document, Dossier, MoveRow};
use super::rules::{Action, Desk, DossierForm, Paper, PaperCheck, Status, Stop, completeness};
use super::store;
use crate::db::Ctx;
use crate::error::Result;
use crate::rulebook::marks::unmarked;
use crate::rulebook::{self, Rulebook, Stage};

/// The letter that is about to be sent: from where, with how many samples.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    pub from: Desk,
    pub samples: u16,
}

/// Everything that counts as a paper today: what was uploaded, what the form is, what the history proves.
pub(super) fn gather(cx: &mut Ctx<'_>, dossier: &Dossier, sending: Option<Sending>) -> Result<Vec<Paper>> {
    let mut papers: Vec<Paper> = store::documents(cx, dossier.id)?.iter().map(paper).collect();
    let form: DossierForm = dossier.form.read().unwrap_or_default();
    let set = rulebook::set(cx, dossier.criteria_set_id)?.set;
    let all_marked = unmarked(&set, &super::marks_of(cx, dossier.id)?).is_empty();
    papers.extend(form.papers(all_marked).into_iter().filter(|p| sending.is_none() || p.paper != "samples"));
    if dossier.commune_report.is_some() {
        papers.extend(["form03", "communeReport"].map(|p| Paper::plain(p, 1)));
    }
    papers.extend(store::moves(cx, dossier.id)?.iter().filter_map(proof).map(|p| Paper::plain(p, 1)));
    if let Some(Sending { from, samples }) = sending {
        papers.extend(letter(from).map(|p| Paper::plain(p, 1)));
        papers.push(Paper::plain("samples", samples));
    }
    Ok(papers)
}

fn paper(document: &Document) -> Paper {
    Paper { paper: document.paper.clone(), copies: 1, issued_on: document.issued_on, expires_on: document.expires_on }
}

/// The paper that a move leaves behind.
fn proof(row: &MoveRow) -> Option<&'static str> {
    match (row.action, row.to_status) {
        (Action::Propose, _) => Some("communeLetter"),
        (Action::SendOn, Status::SentToProvince) => Some("districtLetter"),
        (Action::SendOn, _) => Some("provinceLetter"),
        (Action::Schedule, Status::Scheduled) => Some("advisoryReport"),
        (Action::CallOpinions, Status::InOpinions) => Some("agencyReport"),
        (Action::RecordResult, Status::Scored) => Some("councilReport"),
        (Action::ApproveResult, _) => Some("resultApproval"),
        _ => None,
    }
}

fn letter(from: Desk) -> Option<&'static str> {
    match from {
        Desk::Commune => Some("communeLetter"),
        Desk::District => Some("districtLetter"),
        Desk::Province => Some("provinceLetter"),
        Desk::Central => None,
    }
}

/// What the rulebook asks for at a step, and what is there today.
pub(super) fn check(
    cx: &mut Ctx<'_>,
    book: &Rulebook,
    dossier: &Dossier,
    stage: Stage,
    sending: Option<Sending>,
) -> Result<Vec<PaperCheck>> {
    let sector = sector(cx, dossier)?;
    let papers = gather(cx, dossier, sending)?;
    Ok(completeness(&book.papers(dossier.kind, stage, &sector), &papers, cx.today()))
}

/// Refuses what is not complete for these steps.
pub(super) fn must_be_complete(
    cx: &mut Ctx<'_>,
    book: &Rulebook,
    dossier: &Dossier,
    stages: &[Stage],
    sending: Option<Sending>,
) -> Result<()> {
    let mut checks = Vec::new();
    for stage in stages {
        checks.extend(check(cx, book, dossier, *stage, sending)?);
    }
    match checks.iter().any(PaperCheck::stops) {
        true => Err(Stop::Incomplete(checks).into()),
        false => Ok(()),
    }
}

/// The sector whose exceptions apply (`"6"`, tourism, has no samples): that of the set, else of the product.
fn sector(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<String> {
    let set = rulebook::set(cx, dossier.criteria_set_id)?.set;
    match set.sector {
        Some(sector) => Ok(sector.code),
        None => store::sector(cx, dossier.product_id),
    }
}
