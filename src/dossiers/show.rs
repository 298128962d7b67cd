//! Rows as the wire shows them, for this caller, today.

use chrono::NaiveDate;
use serde_json::Value;

use super::dto::{
    ClockView, CompletenessView, DifferencesView, DocumentView, DossierQuery, DossierSummary, DossierView,
    EnclosedView, HandoverQuery, HandoverView, HistoryView, MoveView, OpenAction, PauseView, QueueItem, QueueQuery,
    SelfAssessmentView, SelfMarkView, StatusView,
};
use super::model::{Document, Dossier, HandedOver, Handover, MoveRow};
use super::rules::{self, Action, Content, LyingPaper, Moment, Move, PaperCheck, Party, Status, elsewhere};
use super::{book_of, clocks, documents, handing, marks_of, moving, papers, parties_of, store, untold};
use crate::actor::Role;
use crate::db::{Ctx, Doc, Moment as Instant};
use crate::error::Result;
use crate::ids::{DossierId, HandoverId, ProductId};
use crate::refusal::Refusal;
use crate::rulebook::advice::advise;
use crate::rulebook::bands::Bands;
use crate::rulebook::marks::unmarked;
use crate::rulebook::preview::preview;
use crate::rulebook::{self, DossierKind, Pattern, Rulebook, Stage};
use crate::web::{Page, page};

pub(super) fn dossier(cx: &mut Ctx<'_>, row: &Dossier) -> Result<DossierView> {
    let book = book_of(cx, row)?;
    let set = rulebook::set(cx, row.criteria_set_id)?;
    let moment = moving::moment(&book, row, cx.today()).ok();
    let mine = parties_of(cx, row)?;
    Ok(DossierView {
        id: row.id,
        product: row.product_id,
        product_name: product_name(cx, row.product_id)?,
        producer: row.producer_id,
        kind: row.kind,
        status: status(row.status),
        level: row.level,
        whose_move: moment.map(Moment::whose_move).unwrap_or_default(),
        open_actions: moment.map(|m| open_actions(m, &book, row, cx.today(), &mine)).unwrap_or_default(),
        last_day_to_move: row.filed_on.and_then(|_| book.last_day_to_move(row.kind)),
        rulebook: book.id,
        rulebook_id: row.rulebook_id,
        set: set.code,
        criteria_set_id: row.criteria_set_id,
        filed_place: row.filed_place_id,
        place: row.place_id,
        filed_on: row.filed_on,
        form: row.form.read().unwrap_or_default(),
        commune_report: row.commune_report.as_ref().and_then(|r| r.read().ok()),
        receipt_number: row.receipt_number.clone(),
        product_code: row.product_code.clone(),
        held_recognition: row.held_recognition_id,
        copied_from: row.copied_from,
        refiled_as: row.refiled_as,
        refiled_from: row.refiled_from,
        round: handing::round_of(cx, row)?,
        clocks: clock_views(cx, row)?,
        created_at: row.created_at,
        moved_at: row.moved_at,
        version: row.version,
    })
}

fn product_name(cx: &mut Ctx<'_>, id: ProductId) -> Result<String> {
    Ok(store::product_names(cx, &[id])?.remove(&id).unwrap_or_default())
}

fn status(code: Status) -> StatusView {
    StatusView { code, label: code.label() }
}

/// What these parties may do with it today: the table of moves, less what the transition of laws bars.
fn open_actions(moment: Moment, book: &Rulebook, row: &Dossier, today: NaiveDate, mine: &[Party]) -> Vec<OpenAction> {
    let action = |m: &'static Move| OpenAction {
        action: m.action,
        label: m.action.label(),
        needs: m.needs.to_vec(),
        at: elsewhere(m.action).map_or_else(|| format!("POST /v1/dossiers/{}/moves", row.id), str::to_owned),
        article: m.article.to_owned(),
    };
    let open = |m: &&Move| moving::transition(book, row, today, m.action).is_ok();
    moment.moves().filter(|m| m.by.iter().any(|p| mine.contains(p))).filter(open).map(action).collect()
}

/// Running clocks as of today, and those that ended as they ended.
fn clock_views(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Vec<ClockView>> {
    let running = clocks::running(cx, row)?;
    let view = |c: &super::model::ClockRow| ClockView {
        clock: c.clock.clone(),
        started_on: c.started_on,
        deadline: c.deadline_plain,
        deadline_with_pauses: c.deadline_paused,
        ended_on: c.ended_on,
    };
    let ended = store::clocks(cx, row.id)?.into_iter().filter(|c| c.ended_on.is_some());
    let mut views: Vec<ClockView> = ended.map(|c| view(&c)).collect();
    views.extend(running.iter().map(|(c, ends)| ClockView { deadline_with_pauses: ends.with_pauses, ..view(c) }));
    Ok(views)
}

fn summaries(cx: &mut Ctx<'_>, rows: &[Dossier]) -> Result<Vec<DossierSummary>> {
    let ids: Vec<ProductId> = rows.iter().map(|r| r.product_id).collect();
    let names = store::product_names(cx, &ids)?;
    let summary = |row: &Dossier| DossierSummary {
        id: row.id,
        product: row.product_id,
        product_name: names.get(&row.product_id).cloned().unwrap_or_default(),
        producer: row.producer_id,
        kind: row.kind,
        status: status(row.status),
        level: row.level,
        place: row.place_id,
        filed_on: row.filed_on,
        product_code: row.product_code.clone(),
        deadline: row.deadline_plain,
        deadline_with_pauses: row.deadline_paused,
        moved_at: row.moved_at,
        version: row.version,
    };
    Ok(rows.iter().map(summary).collect())
}

/// A page of the dossiers that the caller may know about, the last moved first.
pub(super) fn dossiers(cx: &mut Ctx<'_>, query: &DossierQuery) -> Result<Page<DossierSummary>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i64, DossierId)> = page::read_cursor(query.cursor.as_deref())?;
    let after = after.map(|(at, id)| (Instant::from_micros(at), id));
    let filter = store::Filter {
        status: query.status,
        kind: query.kind,
        place: query.place,
        product: query.product,
        producer: query.producer,
    };
    let rows = store::page(cx, &filter, after, limit)?;
    let page = Page::cut(rows, limit, |row| (row.moved_at.micros(), row.id));
    let mut data = untold::all_as_told(cx, page.data)?;
    // A list by status must not tell what the dossier itself does not.
    data.retain(|row| query.status.is_none_or(|asked| row.status == asked));
    Ok(Page { data: summaries(cx, &data)?, page: page.page })
}

/// A page of the dossiers that wait for the caller, the nearest deadline first.
pub(super) fn waiting(cx: &mut Ctx<'_>, query: &QueueQuery) -> Result<Page<QueueItem>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, DossierId)> = page::read_cursor(query.cursor.as_deref())?;
    let statuses = statuses_of(&possible_parties(cx));
    let rows = store::waiting(cx, &statuses, after, limit)?;
    let last: NaiveDate = store::NO_DEADLINE.parse().unwrap_or(NaiveDate::MAX);
    let page = Page::cut(rows, limit, |row| (row.deadline_paused.unwrap_or(last), row.id));
    let data = untold::all_as_told(cx, page.data)?;
    Ok(Page { data: queue(cx, data)?, page: page.page })
}

/// A page of the letters from and to the caller's offices, newest first.
pub(super) fn handovers(cx: &mut Ctx<'_>, query: &HandoverQuery) -> Result<Page<HandoverView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(NaiveDate, HandoverId)> = page::read_cursor(query.cursor.as_deref())?;
    let rows = store::handover_page(cx, query.to_level, after, limit)?;
    let page = Page::cut(rows, limit, |row| (row.signed_on, row.id));
    let data = page.data.iter().map(|row| handover(cx, row)).collect::<Result<Vec<_>>>()?;
    Ok(Page { data, page: page.page })
}

/// The parties that the caller's roles can be, wherever.
fn possible_parties(cx: &Ctx<'_>) -> Vec<Party> {
    const OFFICES: [Party; 4] = [Party::Commune, Party::District, Party::Province, Party::Central];
    let mut parties = Vec::new();
    for grant in &cx.actor().grants {
        match grant.role {
            Role::Producer | Role::Consultant => parties.push(Party::Producer),
            Role::Commune => parties.push(Party::Commune),
            Role::District => parties.push(Party::District),
            Role::Province => parties.push(Party::Province),
            Role::Central => parties.push(Party::Central),
            Role::Advisory | Role::Signer | Role::Department => parties.extend(OFFICES),
            _ => {}
        }
    }
    parties
}

/// The statuses in which it can be the move of one of these parties.
fn statuses_of(parties: &[Party]) -> Vec<Status> {
    let waits = |status: Status| {
        Pattern::ALL.iter().any(|pattern| {
            DossierKind::ALL.iter().any(|kind| {
                let moment = Moment { status, pattern: *pattern, kind: *kind };
                moment.whose_move().iter().any(|p| parties.contains(p))
            })
        })
    };
    Status::ALL.iter().copied().filter(|s| waits(*s)).collect()
}

/// Of these dossiers, those that wait for the caller, with what to do.
fn queue(cx: &mut Ctx<'_>, rows: Vec<Dossier>) -> Result<Vec<QueueItem>> {
    let summaries = summaries(cx, &rows)?;
    let books = rulebook::all(cx)?;
    let mut items = Vec::new();
    for (row, dossier) in rows.iter().zip(summaries) {
        let Some(book) = books.iter().find(|b| b.id == row.rulebook_id) else { continue };
        let Ok(moment) = moving::moment(&book.book, row, cx.today()) else { continue };
        let mine = parties_of(cx, row)?;
        if moment.whose_move().iter().any(|p| mine.contains(p)) {
            items.push(QueueItem { dossier, open_actions: open_actions(moment, &book.book, row, cx.today(), &mine) });
        }
    }
    Ok(items)
}

pub(super) fn history(cx: &mut Ctx<'_>, row: &Dossier) -> Result<HistoryView> {
    let view = |m: MoveRow| MoveView {
        ordinal: m.ordinal,
        at: m.at,
        action: m.action,
        label: m.action.label(),
        from: m.from_status,
        to: m.to_status,
        party: m.party,
        by: m.by_user,
        reason: m.reason,
        details: Doc(told(m.action, m.details.0)),
    };
    let moves = store::moves(cx, row.id)?;
    let moves = untold::moves_as_told(cx, row, moves)?.into_iter().map(view).collect();
    let pauses = store::pauses(cx, row.id)?;
    let pauses = pauses.into_iter().map(|p| PauseView { from: p.from_day, to: p.to_day, why: p.why }).collect();
    Ok(HistoryView { moves, pauses })
}

/// What a move tells: of a council's result only which one it is. Who may read the result itself is
/// answered at `GET …/result`.
fn told(action: Action, mut details: Value) -> Value {
    if let (Action::RecordResult, Some(fields)) = (action, details.as_object_mut()) {
        fields.retain(|name, _| matches!(name.as_str(), "session" | "result"));
    }
    details
}

pub(super) fn document(cx: &Ctx<'_>, row: Document) -> DocumentView {
    let Document { reference, evidence, version } = row;
    DocumentView {
        content: format!("/v1/dossiers/{}/documents/{}/content", reference.dossier_id, reference.id),
        holds: version.holds_on(cx.today()),
        id: reference.id,
        paper: evidence.paper,
        title: evidence.title,
        evidence: (!evidence.by_office).then_some(evidence.id),
        ordinal: version.ordinal,
        newer: !version.newest && evidence.retired_at.is_none(),
        file_name: version.file_name,
        sha256: version.sha256,
        number: version.number,
        issuer: version.issuer,
        issued_on: version.issued_on,
        expires_on: version.expires_on,
        holder_name: version.holder_name,
        holder_tax_code: version.holder_tax_code,
        criteria: reference.criteria,
        uploaded_at: reference.added_at,
    }
}

/// What changed since the dossier that this one began as a copy of.
pub(super) fn differences(cx: &mut Ctx<'_>, row: &Dossier) -> Result<DifferencesView> {
    let Some(before) = row.copied_from.map(|id| super::any(cx, id)).transpose()? else {
        return Ok(DifferencesView { since: None, data: Vec::new() });
    };
    let set = rulebook::set(cx, row.criteria_set_id)?.set;
    let (old, new) = (content(cx, &before)?, content(cx, row)?);
    Ok(DifferencesView { since: Some(before.id), data: rules::differences(&set, &old, &new, cx.today()) })
}

fn content(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Content> {
    let own = documents::list(cx, row.id)?.into_iter().filter(|d| !d.evidence.by_office);
    let paper = |d: Document| LyingPaper {
        evidence: d.evidence.id,
        version: d.version.id,
        ordinal: d.version.ordinal,
        paper: d.evidence.paper,
        number: d.version.number,
        expires_on: d.version.expires_on,
        criteria: d.reference.criteria.read().unwrap_or_default(),
    };
    Ok(Content {
        papers: own.map(paper).collect(),
        marks: marks_of(cx, row.id)?,
        form: row.form.read().unwrap_or_default(),
    })
}

pub(super) fn completeness(cx: &mut Ctx<'_>, row: &Dossier, stage: Option<Stage>) -> Result<CompletenessView> {
    let stage = stage.unwrap_or_else(|| documents::stage_of(row));
    let book = book_of(cx, row)?;
    let papers = papers::check(cx, &book, row, &[stage], None)?;
    let set = rulebook::set(cx, row.criteria_set_id)?.set;
    Ok(CompletenessView {
        stage,
        complete: !papers.iter().any(PaperCheck::stops),
        papers,
        unmarked: unmarked(&set, &marks_of(cx, row.id)?),
    })
}

pub(super) fn self_assessment(cx: &mut Ctx<'_>, row: &Dossier) -> Result<SelfAssessmentView> {
    let set = rulebook::set(cx, row.criteria_set_id)?;
    let book = book_of(cx, row)?;
    let rows = store::marks(cx, row.id)?;
    let own = marks_of(cx, row.id)?;
    let bands = Bands::of_rulebook(&book);
    let foreseen = bands.clone().and_then(|bands| preview(&set.set, &bands, &own));
    let advice = bands.and_then(|bands| advise(&set.set, &bands, &own));
    let view = |m: super::model::SelfMark| SelfMarkView {
        criterion: m.criterion,
        option: m.option_code,
        case: m.case_code,
        comment: m.comment,
        evidence: m.evidence,
        points: m.points,
    };
    Ok(SelfAssessmentView {
        set: set.code,
        revision: set.revision,
        total: rows.iter().map(|m| m.points).sum(),
        marks: rows.into_iter().map(view).collect(),
        trouble: foreseen.as_ref().err().map(Refusal::say),
        preview: foreseen.ok(),
        advice: advice.ok().flatten(),
    })
}

pub(super) fn handover(cx: &mut Ctx<'_>, row: &Handover) -> Result<HandoverView> {
    let enclosed = store::handed_over(cx, row.id)?;
    Ok(HandoverView {
        id: row.id,
        from_level: row.from_level,
        from_place: row.from_place_id,
        to_level: row.to_level,
        to_place: row.to_place_id,
        number: row.number.clone(),
        signed_on: row.signed_on,
        signer: row.signer.clone(),
        paper_set: row.paper_set,
        note: row.note.clone(),
        dossiers: enclosed.into_iter().map(enclosed_view).collect(),
        created_at: row.created_at,
        version: row.version,
    })
}

fn enclosed_view(row: HandedOver) -> EnclosedView {
    let field = |name: &str| row.manifest.0[name].clone();
    EnclosedView {
        dossier: row.dossier_id,
        state: row.state,
        samples: row.samples,
        product_code: field("productCode").as_str().map(str::to_owned),
        round: Some(field("round")).filter(|r| *r != Value::Null).map(Doc),
        manifest_hash: row.manifest_hash,
        received_on: row.received_on,
        refused_reason: row.refused_reason,
    }
}
