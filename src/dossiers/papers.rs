//! Which papers lie in a dossier, and whether they make it complete for a step.

use chrono::Months;

use super::model::{Document, Dossier, MoveRow};
use super::opened::Opened;
use super::rules::{
    self, Action, Against, AreaCode, Desk, DossierForm, Holder, Paper, PaperCheck, Status, completeness,
};
use super::store;
use crate::db::Ctx;
use crate::error::Result;
use crate::producers;
use crate::rulebook::marks::unmarked;
use crate::rulebook::{Authority, Rulebook, Stage};

/// The letter that is about to be sent: from where, with how many samples.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    pub from: Desk,
    pub samples: u16,
}

/// Everything that counts as a paper today: what was uploaded, what the form is, what the history proves.
fn gather(cx: &mut Ctx<'_>, opened: &Opened<'_>, sending: Option<Sending>) -> Result<Vec<Paper>> {
    let mut papers: Vec<Paper> = opened.documents(cx)?.iter().map(paper).collect();
    let form: DossierForm = opened.row.form.read().unwrap_or_default();
    let all_marked = unmarked(&opened.set(cx)?.set, &opened.choices(cx)?).is_empty();
    papers.extend(form.papers(all_marked).into_iter().filter(|p| sending.is_none() || p.paper != "samples"));
    if opened.row.commune_report.is_some() {
        papers.extend(["form03", "communeReport"].map(|p| Paper::plain(p, 1)));
    }
    papers.extend(opened.moves(cx)?.iter().filter_map(proof).map(|p| Paper::plain(p, 1)));
    if let Some(Sending { from, samples }) = sending {
        papers.extend(letter(from).map(|p| Paper::plain(p, 1)));
        papers.push(Paper::plain("samples", samples));
    }
    Ok(papers)
}

fn paper(document: &Document) -> Paper {
    let version = &document.version;
    Paper {
        paper: document.evidence.paper.clone(),
        copies: 1,
        issued_on: version.issued_on,
        expires_on: version.expires_on,
        holder: Holder { name: version.holder_name.clone(), tax_code: version.holder_tax_code.clone() },
        number: version.number.clone(),
    }
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

/// What the rulebook asks for at these steps, and what is there today.
pub(super) fn check(
    cx: &mut Ctx<'_>,
    opened: &Opened<'_>,
    stages: &[Stage],
    sending: Option<Sending>,
) -> Result<Vec<PaperCheck>> {
    let sector = sector(cx, opened)?;
    let papers = gather(cx, opened, sending)?;
    let against = against(cx, opened)?;
    let (book, kind) = (opened.book(cx)?, opened.row.kind);
    let rules: Vec<_> = stages.iter().flat_map(|stage| book.papers(kind, *stage, &sector)).collect();
    Ok(completeness(&rules, &papers, &against))
}

/// What the papers of a dossier are held against today.
fn against(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<Against> {
    let (dossier, book, today) = (opened.row, opened.book(cx)?, cx.today());
    let producer = producers::any(cx, dossier.producer_id)?;
    let in_rounds = book.kind(dossier.kind).is_some_and(|k| k.in_rounds);
    let next = [Authority::District, Authority::Province].into_iter().find_map(|level| book.round_of(level, today));
    let round = match opened.round(cx)? {
        Some(reached) => Some(reached),
        None => next.filter(|_| in_rounds),
    };
    let areas = producers::area_codes(cx, producer.id)?;
    Ok(Against {
        today,
        names: producers::all_names(cx, &producer)?,
        tax_code: producer.tax_code,
        round: round.map(|r| r.cutoff).filter(|day| today <= *day),
        certificate: today.checked_add_months(Months::new(book.certificate.months)),
        test_months: book.parameters.test_report_months,
        areas: areas.into_iter().map(|(code, from, through)| AreaCode { code, from, through }).collect(),
    })
}

/// Refuses what is not complete for these steps.
pub(super) fn must_be_complete(
    cx: &mut Ctx<'_>,
    book: &Rulebook,
    dossier: &Dossier,
    stages: &[Stage],
    sending: Option<Sending>,
) -> Result<()> {
    Ok(rules::must_be_complete(check(cx, &Opened::under(dossier, book), stages, sending)?)?)
}

/// How many samples each hand-over of a dossier asks for: none for tourism.
pub(super) fn samples_asked(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<u16> {
    let opened = Opened::of(dossier);
    let (sector, book) = (sector(cx, &opened)?, opened.book(cx)?);
    let stages = [Stage::Filing, Stage::ToCouncil, Stage::ToCentre];
    let rules = stages.iter().flat_map(|stage| book.papers(dossier.kind, *stage, &sector));
    Ok(rules.filter(|r| r.paper == "samples").map(|r| r.copies).max().unwrap_or(0))
}

/// The sector whose exceptions apply (`"6"`, tourism, has no samples): that of the set, else of the product.
pub(super) fn sector(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<String> {
    match &opened.set(cx)?.set.sector {
        Some(sector) => Ok(sector.code.clone()),
        None => store::sector(cx, opened.row.product_id),
    }
}
