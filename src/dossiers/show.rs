//! Rows as the wire shows them, for this caller, today.

mod corrections;
mod messages;
mod opinions;

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::Value;

use super::dto::{
    BehalfView, ClockView, CommuneReportView, CompletenessView, DifferencesView, DocumentView, DossierExpansion,
    DossierSummary, DossierView, EnclosedView, ExpandedDossier, ExpandedSummary, HandoverQuery, HandoverView,
    HistoryView, ListExpansion, ManifestSummary, ManifestView, MoveView, NamedView, OpenAction, PauseView, SampleList,
    SampleView, SelfAssessmentView, SelfMarkView, StatusView,
};
use super::model::{Document, Dossier, HandedOver, Handover, ManifestRow, MoveRow, PauseRow, SampleRow};
use super::opened::Opened;
use super::rules::{self, Action, Desk, Moment, Move, PaperCheck, Party, Status, elsewhere};
use super::{clocks, corrections as asked, documents, moving, papers, queue, samples, seals, store, untold};
use crate::auth;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::files::{self, StoredFile};
use crate::ids::{HandoverId, ProductId};
use crate::keys::{self, PublicKey};
use crate::places;
use crate::producers::mandates;
use crate::refusal::Refusal;
use crate::rulebook::advice::advise;
use crate::rulebook::bands::Bands;
use crate::rulebook::marks::unmarked;
use crate::rulebook::preview::preview;
use crate::rulebook::rules::ClockEvent;
use crate::rulebook::{self, Rulebook, Stage};
use crate::text::Label;
use crate::web::{Page, page};

pub(super) use corrections::corrections;
pub(super) use messages::{message, messages, unread};
pub(super) use opinions::{file as opinion_file, opinion, opinions, questions};

pub(super) fn dossier(cx: &mut Ctx<'_>, row: &Dossier) -> Result<DossierView> {
    view(cx, &Opened::of(row))
}

fn view(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<DossierView> {
    let (row, book) = (opened.row, opened.book(cx)?);
    let moment = moving::moment(book, row, cx.today()).ok();
    let clocks = clock_views(cx, opened)?;
    let running = || clocks.iter().filter(|c| c.ended_on.is_none());
    let deadline_with_pauses = running().map(|c| c.deadline_with_pauses).min();
    let near = opened.calendar(cx)?.about_working_days(cx.today(), book.parameters.near_deadline_days);
    Ok(DossierView {
        id: row.id,
        product: row.product_id,
        product_name: product_name(cx, row.product_id)?,
        producer: row.producer_id,
        kind: row.kind,
        status: status(row.status),
        level: row.level,
        whose_move: moment.map(Moment::whose_move).unwrap_or_default(),
        open_actions: actions(book, row, cx.today(), opened.parties(cx)?),
        last_day_to_move: row.filed_on.and_then(|_| book.last_day_to_move(row.kind)),
        rulebook: book.id.clone(),
        rulebook_id: row.rulebook_id,
        set: opened.set(cx)?.code.clone(),
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
        round: opened.round(cx)?,
        correction: corrections::counts(cx, row)?,
        unread: unread(cx, opened)?,
        on_behalf: behalf(cx, row)?,
        opinions: opinions::counts(cx, row)?,
        deadline: running().map(|c| c.deadline).min(),
        deadline_with_pauses,
        due: rules::due(row.status, deadline_with_pauses, cx.today(), near),
        clocks,
        created_at: row.created_at,
        moved_at: row.moved_at,
        version: row.version,
        expanded: None,
    })
}

/// A dossier with what was asked for beside it. To be read in one snapshot.
pub(super) fn expanded(cx: &mut Ctx<'_>, row: &Dossier, asked: Option<&str>) -> Result<DossierView> {
    let asked = page::words("expand", asked, DossierExpansion::ALL)?;
    let opened = &Opened::of(row);
    let mut view = view(cx, opened)?;
    if asked.is_empty() {
        return Ok(view);
    }
    let mut beside = ExpandedDossier::default();
    for one in asked {
        match one {
            DossierExpansion::Documents => {
                let rows = opened.documents(cx)?.clone();
                beside.documents = Some(documents_of(cx, rows)?);
            }
            DossierExpansion::Completeness => beside.completeness = Some(completeness(cx, opened, None)?),
            DossierExpansion::SelfAssessment => beside.self_assessment = Some(self_assessment(cx, opened)?),
            DossierExpansion::History => beside.history = Some(history(cx, opened)?),
            DossierExpansion::Differences => beside.differences = Some(differences(cx, opened)?),
            DossierExpansion::Names => {
                beside.names = expansions(cx, std::slice::from_ref(row), ListExpansion::ALL)?.pop().flatten();
            }
        }
    }
    view.expanded = Some(beside);
    Ok(view)
}

fn product_name(cx: &mut Ctx<'_>, id: ProductId) -> Result<String> {
    Ok(store::product_names(cx, &[id])?.remove(&id).unwrap_or_default())
}

/// Who acted for the producer.
fn behalf(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Vec<BehalfView>> {
    let mut views = Vec::new();
    for acted in store::behalf(cx, row.id)? {
        let mandate = mandates::any(cx, acted.mandate_id)?;
        views.push(BehalfView {
            user: acted.user_id,
            user_name: auth::user(cx, acted.user_id)?.map(|u| u.name).unwrap_or_default(),
            mandate: mandate.id,
            number: mandate.number,
            valid_from: mandate.valid_from,
            valid_to: mandate.valid_to,
            since: acted.at,
        });
    }
    Ok(views)
}

pub(super) fn status(code: Status) -> StatusView {
    StatusView { code, label: code.label() }
}

/// What these parties may do with it today: the table of moves, less what the transition of laws bars.
pub(super) fn actions(book: &Rulebook, row: &Dossier, today: NaiveDate, mine: &[Party]) -> Vec<OpenAction> {
    let Ok(moment) = moving::moment(book, row, today) else { return Vec::new() };
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
fn clock_views(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<Vec<ClockView>> {
    let running = clocks::running(cx, opened)?;
    let view = |c: &super::model::ClockRow| ClockView {
        clock: c.clock.clone(),
        started_on: c.started_on,
        deadline: c.deadline_plain,
        deadline_with_pauses: c.deadline_paused,
        ended_on: c.ended_on,
    };
    let ended = opened.clocks(cx)?.iter().filter(|c| c.ended_on.is_some());
    let mut views: Vec<ClockView> = ended.map(view).collect();
    views.extend(running.iter().map(|(c, ends)| ClockView { deadline_with_pauses: ends.with_pauses, ..view(c) }));
    Ok(views)
}

/// The commune's report, with the time for it: both deadlines, and the days that are no ordinary ones.
pub(super) fn commune_report(cx: &mut Ctx<'_>, row: &Dossier) -> Result<CommuneReportView> {
    let opened = Opened::of(row);
    let book = opened.book(cx)?;
    let of_commune = |name: &str| book.clocks.iter().any(|c| c.name == name && c.from == ClockEvent::Submitted);
    let clock = clock_views(cx, &opened)?.into_iter().rfind(|c| of_commune(&c.clock));
    let within = |day: NaiveDate| clock.as_ref().is_some_and(|c| c.started_on < day && day <= c.deadline_with_pauses);
    let special_days = places::days(cx)?.into_iter().filter(|d| within(d.date)).collect();
    let report = row.commune_report.as_ref().and_then(|r| r.read().ok());
    Ok(CommuneReportView { report, clock, special_days })
}

/// Dossiers as a list shows them, each with what was asked for beside it.
pub(super) fn summaries(cx: &mut Ctx<'_>, rows: &[Dossier], expand: &[ListExpansion]) -> Result<Vec<DossierSummary>> {
    let ids: Vec<ProductId> = rows.iter().map(|r| r.product_id).collect();
    let names = store::product_names(cx, &ids)?;
    let expanded = expansions(cx, rows, expand)?;
    let stored = rulebook::all(cx)?;
    let near: HashMap<_, _> = queue::books_today(cx, &stored)?.into_iter().map(|b| (b.id, b.near_until)).collect();
    let today = cx.today();
    let summary = |(row, expanded): (&Dossier, Option<ExpandedSummary>)| DossierSummary {
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
        due: rules::due(row.status, row.deadline_paused, today, near.get(&row.rulebook_id).copied().unwrap_or(today)),
        moved_at: row.moved_at,
        version: row.version,
        expanded,
    };
    Ok(rows.iter().zip(expanded).map(summary).collect())
}

/// What was asked for beside each row: one question for all rows of each kind.
fn expansions(cx: &mut Ctx<'_>, rows: &[Dossier], expand: &[ListExpansion]) -> Result<Vec<Option<ExpandedSummary>>> {
    if expand.is_empty() || rows.is_empty() {
        return Ok(vec![None; rows.len()]);
    }
    let mut all = vec![ExpandedSummary::default(); rows.len()];
    let same = |value: String, name: &str| NamedView { value, label: Label::new(name, name) };
    if expand.contains(&ListExpansion::Producer) {
        let ids: Vec<_> = rows.iter().map(|r| r.producer_id).collect();
        let names: HashMap<_, _> = store::producer_names(cx, &ids)?.into_iter().collect();
        for (row, one) in rows.iter().zip(&mut all) {
            one.producer = names.get(&row.producer_id).map(|name| same(row.producer_id.to_string(), name));
        }
    }
    if expand.contains(&ListExpansion::Place) {
        let ids: Vec<_> = rows.iter().map(|r| r.place_id).collect();
        let names: HashMap<_, _> = store::place_names(cx, &ids)?.into_iter().collect();
        for (row, one) in rows.iter().zip(&mut all) {
            one.place = names.get(&row.place_id).map(|name| same(row.place_id.to_string(), name));
        }
    }
    if expand.contains(&ListExpansion::Set) {
        let ids: Vec<_> = rows.iter().map(|r| r.criteria_set_id).collect();
        let sets = store::set_names(cx, &ids)?;
        for (row, one) in rows.iter().zip(&mut all) {
            let found = sets.iter().find(|(id, ..)| *id == row.criteria_set_id);
            one.set = found.map(|(_, code, label)| NamedView { value: code.clone(), label: label.clone() });
        }
    }
    Ok(all.into_iter().map(Some).collect())
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

pub(super) fn history(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<HistoryView> {
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
    let moves = opened.moves(cx)?.clone();
    let moves = untold::moves_as_told(cx, opened.row, moves)?.into_iter().map(view).collect();
    let pause = |p: &PauseRow| PauseView { from: p.from_day, to: p.to_day, why: p.why.clone() };
    Ok(HistoryView { moves, pauses: opened.pauses(cx)?.iter().map(pause).collect() })
}

/// What a move tells: of a council's result only which one it is. Who may read the result itself is
/// answered at `GET …/result`.
fn told(action: Action, mut details: Value) -> Value {
    if let (Action::RecordResult, Some(fields)) = (action, details.as_object_mut()) {
        fields.retain(|name, _| matches!(name.as_str(), "session" | "result"));
    }
    details
}

/// Papers of a dossier, with what the scanner says of them.
pub(super) fn documents_of(cx: &mut Ctx<'_>, rows: Vec<Document>) -> Result<Vec<DocumentView>> {
    let hashes: Vec<String> = rows.iter().map(|d| d.version.sha256.clone()).collect();
    let stored = files::find_all(cx, &hashes)?;
    let view = |row: Document| {
        let file = stored.get(&row.version.sha256).ok_or_else(|| AppError::internal("a paper without its file"))?;
        Ok(document(cx, row, file))
    };
    rows.into_iter().map(view).collect()
}

fn document(cx: &Ctx<'_>, row: Document, file: &StoredFile) -> DocumentView {
    let Document { reference, evidence, version } = row;
    let at = format!("/v1/dossiers/{}/documents/{}", reference.dossier_id, reference.id);
    DocumentView {
        thumbnail: file.is_picture().then(|| format!("{at}/thumbnail")),
        content: format!("{at}/content"),
        scan: file.scan,
        threat: file.threat.clone(),
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
pub(super) fn differences(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<DifferencesView> {
    let Some(before) = opened.row.copied_from.map(|id| super::any(cx, id)).transpose()? else {
        return Ok(DifferencesView { since: None, data: Vec::new() });
    };
    let (old, new) = (asked::content(cx, &Opened::of(&before))?, asked::content(cx, opened)?);
    let data = rules::differences(&opened.set(cx)?.set, &old, &new, cx.today());
    Ok(DifferencesView { since: Some(before.id), data })
}

pub(super) fn completeness(cx: &mut Ctx<'_>, opened: &Opened<'_>, stage: Option<Stage>) -> Result<CompletenessView> {
    let stage = stage.unwrap_or_else(|| documents::stage_of(opened.row));
    let papers = papers::check(cx, opened, &[stage], None)?;
    Ok(CompletenessView {
        stage,
        complete: !papers.iter().any(PaperCheck::stops),
        papers,
        unmarked: unmarked(&opened.set(cx)?.set, &opened.choices(cx)?),
    })
}

pub(super) fn self_assessment(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<SelfAssessmentView> {
    let (set, rows, own) = (opened.set(cx)?, opened.marks(cx)?.clone(), opened.choices(cx)?);
    let bands = Bands::of_rulebook(opened.book(cx)?);
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
        set: set.code.clone(),
        revision: set.revision,
        total: rows.iter().map(|m| m.points).sum(),
        marks: rows.into_iter().map(view).collect(),
        trouble: foreseen.as_ref().err().map(Refusal::say),
        preview: foreseen.ok(),
        advice: advice.ok().flatten(),
    })
}

pub(super) fn handover(cx: &mut Ctx<'_>, row: &Handover) -> Result<HandoverView> {
    let enclosed = store::seals::handed_over(cx, row.id)?;
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
        samples: enclosed.iter().map(|(e, _)| e.samples).sum(),
        dossiers: enclosed.into_iter().map(enclosed_view).collect(),
        created_at: row.created_at,
        version: row.version,
    })
}

fn enclosed_view((row, manifest): (HandedOver, Option<String>)) -> EnclosedView {
    let manifest: Value = manifest.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let field = |name: &str| manifest[name].clone();
    EnclosedView {
        dossier: row.dossier_id,
        state: row.state,
        samples: row.samples,
        product_code: field("productCode").as_str().map(str::to_owned),
        round: Some(field("round")).filter(|r| *r != Value::Null).map(Doc),
        manifest_number: row.manifest_number,
        manifest_hash: row.manifest_hash,
        received_on: row.received_on,
        refused_reason: row.refused_reason,
    }
}

/// A sealed manifest, held against the keys of the instance.
pub(super) fn manifest(cx: &mut Ctx<'_>, row: ManifestRow) -> Result<ManifestView> {
    let keys = keys::public(cx)?;
    let manifest = Doc(serde_json::from_str(&row.body).unwrap_or_default());
    Ok(ManifestView { summary: manifest_summary(row, &keys), manifest })
}

/// Every sealed manifest of a dossier.
pub(super) fn manifests(cx: &mut Ctx<'_>, row: &Dossier) -> Result<Vec<ManifestSummary>> {
    let keys = keys::public(cx)?;
    Ok(seals::list(cx, row)?.into_iter().map(|row| manifest_summary(row, &keys)).collect())
}

fn manifest_summary(row: ManifestRow, keys: &[PublicKey]) -> ManifestSummary {
    let faults = seals::faults(&row, keys);
    ManifestSummary {
        dossier: row.dossier_id,
        number: row.number,
        action: row.action,
        label: row.action.label(),
        party: row.party,
        by: row.made_by,
        at: row.made_at,
        sha256: row.sha256,
        signature: row.signature,
        key: row.key_id,
        intact: faults.is_empty(),
        faults,
    }
}

/// The samples of a dossier: what happened, and who has how many.
pub(super) fn samples(cx: &mut Ctx<'_>, row: &Dossier) -> Result<SampleList> {
    let rows = samples::list(cx, row)?;
    let deeds = || rows.iter().map(|r| (r.deed, r.level, r.count));
    let levels = Desk::ALL.iter().filter(|level| rows.iter().any(|r| r.level == **level));
    let held = levels.map(|level| rules::held(*level, deeds())).collect();
    let asked = papers::samples_asked(cx, row)?;
    Ok(SampleList { asked, held, data: rows.into_iter().map(sample).collect() })
}

fn sample(row: SampleRow) -> SampleView {
    SampleView {
        id: row.id,
        deed: row.deed,
        level: row.level,
        count: row.count,
        on: row.on_day,
        condition: row.condition,
        person: row.person,
        note: row.note,
        handover: row.handover_id,
        recorded_by: row.recorded_by,
        recorded_at: row.recorded_at,
    }
}
