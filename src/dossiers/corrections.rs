//! Requests for completion, item by item: asked with a move, answered by the producer, settled by the
//! office that asked. What the producer had said when it was asked stays with the request.

use chrono::{Days, NaiveDate};

use super::model::corrections::{Correction, CorrectionItem};
use super::model::{Document, Dossier};
use super::moving::Deed;
use super::opened::Opened;
use super::rules::{
    Action, Content, CorrectionAbout, CorrectionReason, CorrectionState, DossierForm, LyingPaper, Party, Status, Stop,
};
use super::store::corrections as store;
use super::{behalf, book_of, documents, intake, moment_of, parties_of, party_of};
use crate::audit::Details;
use crate::auth::policy::Act;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, FieldError, Result};
use crate::ids::{CorrectionId, CorrectionItemId, DocumentId};
use crate::rulebook;

/// Something to complete.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// What is wrong.
    pub reason: CorrectionReason,
    /// With what.
    pub about: CorrectionAbout,
    /// With which one; empty for something else.
    pub name: String,
    /// The paper of the dossier that is meant.
    pub document: Option<DocumentId>,
    /// What to do.
    pub words: String,
}

/// What the office thinks of an answer.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Which item.
    pub item: CorrectionItemId,
    /// Accepted, or still open.
    pub accepted: bool,
    /// Why.
    pub note: Option<String>,
}

/// What a move says about completion.
#[derive(Debug, Clone, Default)]
pub struct Completion {
    /// What to complete.
    pub items: Vec<NewItem>,
    /// Last day to answer; by the rulebook when not said.
    pub due_on: Option<NaiveDate>,
    /// What the office thinks of the answers to the request before.
    pub settled: Vec<Settled>,
}

impl Completion {
    /// The items in words, where the move gives no reason of its own.
    pub fn words(&self) -> Option<String> {
        let words = self.items.iter().map(|i| i.words.trim()).collect::<Vec<_>>().join("; ");
        (!words.is_empty()).then_some(words)
    }
}

/// Does what a move says about completion, before the move itself.
///
/// # Errors
/// 422 for items that fit nothing in the dossier, and days that lie behind; 409 for items without an
/// answer, and for closing before the last day to answer.
pub(super) fn attend(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    party: Party,
    action: Action,
    completion: &Completion,
    deed: &mut Deed,
) -> Result<()> {
    if !completion.settled.is_empty() {
        must_be_office(cx, dossier)?;
        settle_items(cx, dossier, &completion.settled)?;
    }
    if action.asks() {
        return ask(cx, dossier, party, completion, deed);
    }
    if !completion.items.is_empty() || completion.due_on.is_some() {
        let at = if completion.items.is_empty() { "/dueOn" } else { "/items" };
        return Err(AppError::field(
            at,
            "not_for_this_move",
            "Chỉ ghi nội dung cần bổ sung và thời hạn khi trả lại hoặc yêu cầu bổ sung.",
            "Items and a deadline belong to moves that ask for completion: return, askCorrection.",
        ));
    }
    if !dossier.status.awaits_completion() {
        return Ok(());
    }
    match action {
        Action::Submit | Action::Answer => send_back(cx, dossier),
        Action::Close => must_be_due(cx, dossier),
        _ => Ok(()),
    }
}

/// Asks for completion: the items that are still open go along.
fn ask(cx: &mut Ctx<'_>, dossier: &Dossier, party: Party, asked: &Completion, deed: &mut Deed) -> Result<()> {
    must_fit(cx, dossier, &asked.items)?;
    let before = store::newest(cx, dossier.id)?;
    let mut open = Vec::new();
    if let Some(before) = &before {
        open = store::items(cx, before.id)?;
        open.retain(|i| before.party == party && i.state != CorrectionState::Accepted);
    }
    let due_on = last_day(cx, dossier, asked, !open.is_empty())?;
    let row = Correction {
        id: CorrectionId::new(),
        dossier_id: dossier.id,
        ordinal: before.map_or(0, |b| b.ordinal) + 1,
        party,
        reason: deed.reason.clone().unwrap_or_default(),
        due_on,
        as_asked: Doc::of(&content(cx, &Opened::of(dossier))?),
        asked_by: cx.actor().user(),
        asked_at: cx.now,
        sent_back_at: None,
    };
    let again = open.into_iter().map(|old| (old.reason, old.about, old.name, old.document_id, old.words, Some(old.id)));
    let new = asked.items.iter().cloned().map(|i| (i.reason, i.about, i.name, i.document, i.words, None));
    let items: Vec<CorrectionItem> = (1..)
        .zip(again.chain(new))
        .map(|(ordinal, (reason, about, name, document_id, words, again_of))| CorrectionItem {
            id: CorrectionItemId::new(),
            correction_id: row.id,
            ordinal,
            reason,
            about,
            name,
            document_id,
            words,
            state: CorrectionState::Asked,
            answer: None,
            answered_party: None,
            answered_by: None,
            answered_at: None,
            note: None,
            settled_by: None,
            settled_at: None,
            again_of,
        })
        .collect();
    store::insert(cx, &row, &items)?;
    if let Some(details) = deed.details.as_object_mut() {
        let told = serde_json::json!({ "id": row.id, "items": items.len(), "dueOn": row.due_on });
        details.insert("correction".to_owned(), told);
    }
    Ok(())
}

/// The last day to answer: as asked, else by the rulebook where there are items.
fn last_day(cx: &mut Ctx<'_>, dossier: &Dossier, asked: &Completion, again: bool) -> Result<Option<NaiveDate>> {
    let today = cx.today();
    match asked.due_on {
        Some(day) if day <= today => Err(AppError::field(
            "/dueOn",
            "not_after_today",
            "Thời hạn bổ sung phải sau ngày hôm nay.",
            "The last day to answer must lie after today.",
        )),
        Some(day) => Ok(Some(day)),
        None if asked.items.is_empty() && !again => Ok(None),
        None => {
            let days = book_of(cx, dossier)?.parameters.correction_days;
            Ok(today.checked_add_days(Days::new(days.into())))
        }
    }
}

/// Every item concerns something that this dossier has, or could have.
fn must_fit(cx: &mut Ctx<'_>, dossier: &Dossier, items: &[NewItem]) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let set = rulebook::set(cx, dossier.criteria_set_id)?.set;
    let book = book_of(cx, dossier)?;
    let lying = documents::list(cx, dossier.id)?;
    let fields = DossierForm::default().fields();
    let mut faults = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let known = match item.about {
            CorrectionAbout::Field => fields.iter().any(|(field, _)| *field == item.name),
            CorrectionAbout::Criterion => set.criterion(&item.name).is_some(),
            CorrectionAbout::Paper => book.papers.iter().any(|p| p.paper == item.name),
            CorrectionAbout::Other => true,
        };
        if !known {
            faults.push(FieldError::new(
                format!("/items/{index}/name"),
                "unknown",
                "Ghi tên trường của phiếu, mã tiêu chí của bộ, hoặc loại giấy tờ của bộ quy định (xem …/completeness).",
                "Name a field of the form, a criterion of the set, or a type of paper of the rulebook (see …/completeness).",
            ));
        }
        let fits = |d: &Document| Some(d.reference.id) == item.document && d.evidence.paper == item.name;
        if item.document.is_some() && (item.about != CorrectionAbout::Paper || !lying.iter().any(fits)) {
            faults.push(FieldError::new(
                format!("/items/{index}/document"),
                "unknown_document",
                "Chọn một giấy tờ loại này đang có trong hồ sơ.",
                "Choose a paper of this type that lies in the dossier.",
            ));
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(AppError::Invalid(faults)),
    }
}

/// What the producer says in the dossier now.
///
/// # Errors
/// When the database fails.
pub(super) fn content(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<Content> {
    let own = opened.documents(cx)?.iter().filter(|d| !d.evidence.by_office);
    let paper = |d: &Document| LyingPaper {
        evidence: d.evidence.id,
        version: d.version.id,
        ordinal: d.version.ordinal,
        paper: d.evidence.paper.clone(),
        number: d.version.number.clone(),
        expires_on: d.version.expires_on,
        criteria: d.reference.criteria.read().unwrap_or_default(),
    };
    Ok(Content {
        papers: own.map(paper).collect(),
        marks: opened.choices(cx)?,
        form: opened.row.form.read().unwrap_or_default(),
    })
}

/// Every item has its answer: the dossier may go back to the office.
fn send_back(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    let Some(request) = store::newest(cx, dossier.id)? else { return Ok(()) };
    let open = with_state(&store::items(cx, request.id)?, CorrectionState::Asked);
    match open.is_empty() {
        true => store::sent_back(cx, request.id, cx.now),
        false => Err(Stop::CorrectionsUnanswered(open).into()),
    }
}

fn with_state(items: &[CorrectionItem], state: CorrectionState) -> Vec<(String, String)> {
    items.iter().filter(|i| i.state == state).map(|i| (i.id.to_string(), i.words.clone())).collect()
}

/// An office does not close a dossier before the last day it gave.
fn must_be_due(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    let due = store::newest(cx, dossier.id)?.and_then(|r| r.due_on);
    match due {
        Some(day) if cx.today() <= day => Err(Stop::CorrectionNotDue(day).into()),
        _ => Ok(()),
    }
}

/// Whoever takes the dossier on has said what he thinks of every answer.
pub(super) fn must_be_settled(cx: &mut Ctx<'_>, dossier: &Dossier, action: Action) -> Result<()> {
    if !action.goes_on() {
        return Ok(());
    }
    let Some(request) = store::newest(cx, dossier.id)? else { return Ok(()) };
    let open = with_state(&store::items(cx, request.id)?, CorrectionState::Answered);
    match open.is_empty() {
        true => Ok(()),
        false => Err(Stop::CorrectionsUnsettled(open).into()),
    }
}

/// The move by which the dossier goes back to the office that asked.
fn way_back(status: Status) -> Action {
    match status {
        Status::Returned => Action::Submit,
        _ => Action::Answer,
    }
}

/// For whom the caller answers.
///
/// # Errors
/// 403 for who has no part in the dossier.
pub fn answering(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Party> {
    party_of(cx, dossier, way_back(dossier.status))
}

/// Answers items of the request that waits.
///
/// # Errors
/// 409 while nothing is asked of the party, or for who acts for the producer without a mandate that holds today;
/// 422 for an item of another request.
pub fn answer(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    party: Party,
    answers: &[(CorrectionItemId, String)],
) -> Result<Dossier> {
    if !dossier.status.awaits_completion() {
        return Err(Stop::CorrectionNotAsked(dossier.status).into());
    }
    moment_of(cx, dossier)?.find_move(way_back(dossier.status), party)?;
    if party == Party::Producer
        && let Some(mandate) = behalf::mandate(cx, dossier.producer_id)?
    {
        behalf::note(cx, dossier.id, &mandate)?;
    }
    let mut items = newest_items(cx, dossier)?;
    for (index, (id, words)) in answers.iter().enumerate() {
        let item = pick(&mut items, *id, &format!("/answers/{index}/item"))?;
        item.state = CorrectionState::Answered;
        item.answer = Some(words.trim().to_owned());
        (item.answered_party, item.answered_by, item.answered_at) = (Some(party), cx.actor().user(), Some(cx.now));
        store::save_item(cx, item)?;
    }
    let named: Vec<CorrectionItemId> = answers.iter().map(|(id, _)| *id).collect();
    let details = Details::none().with("items", named).with("party", party);
    intake::save(cx, dossier.clone(), "dossier.correction_answered", details)
}

fn newest_items(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Vec<CorrectionItem>> {
    match store::newest(cx, dossier.id)? {
        Some(request) => store::items(cx, request.id),
        None => Ok(Vec::new()),
    }
}

fn pick<'a>(items: &'a mut [CorrectionItem], id: CorrectionItemId, at: &str) -> Result<&'a mut CorrectionItem> {
    items.iter_mut().find(|i| i.id == id).ok_or_else(|| {
        AppError::field(
            at,
            "unknown_item",
            "Chọn một nội dung của yêu cầu bổ sung mới nhất (xem …/corrections).",
            "Choose an item of the newest request (see …/corrections).",
        )
    })
}

/// Refuses who speaks for no office in this dossier.
///
/// # Errors
/// 403.
pub fn must_be_office(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<()> {
    let office = cx.actor().is_system() || parties_of(cx, dossier)?.iter().any(|p| *p != Party::Producer);
    match office {
        true => Ok(()),
        false => Err(AppError::Forbidden(Act::MoveDossier.word())),
    }
}

/// Says what the office thinks of answers.
///
/// # Errors
/// 409 while the dossier is not back on the caller's desk, 422 for an item of another request.
pub fn settle(cx: &mut Ctx<'_>, dossier: &Dossier, settled: &[Settled]) -> Result<Dossier> {
    if !cx.actor().is_system() && !parties_of(cx, dossier)?.contains(&dossier.level.party()) {
        return Err(Stop::NotOnDesk(dossier.level).into());
    }
    settle_items(cx, dossier, settled)?;
    let named: Vec<CorrectionItemId> = settled.iter().map(|s| s.item).collect();
    intake::save(cx, dossier.clone(), "dossier.correction_settled", Details::none().with("items", named))
}

fn settle_items(cx: &mut Ctx<'_>, dossier: &Dossier, settled: &[Settled]) -> Result<()> {
    if dossier.status.awaits_completion() {
        return Err(Stop::CorrectionNotBack(dossier.status).into());
    }
    let mut items = newest_items(cx, dossier)?;
    for (index, one) in settled.iter().enumerate() {
        let item = pick(&mut items, one.item, &format!("/settled/{index}/item"))?;
        item.state = if one.accepted { CorrectionState::Accepted } else { CorrectionState::StillOpen };
        item.note = one.note.as_deref().map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned);
        (item.settled_by, item.settled_at) = (cx.actor().user(), Some(cx.now));
        store::save_item(cx, item)?;
    }
    Ok(())
}

/// The newest request with its items.
///
/// # Errors
/// When the database fails.
pub fn newest(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Option<(Correction, Vec<CorrectionItem>)>> {
    let Some(request) = store::newest(cx, dossier.id)? else { return Ok(None) };
    let items = store::items(cx, request.id)?;
    Ok(Some((request, items)))
}

/// The requests of a dossier with their items, the newest first.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Vec<(Correction, Vec<CorrectionItem>)>> {
    let mut all = Vec::new();
    for request in store::requests(cx, dossier.id)?.into_iter().rev() {
        let items = store::items(cx, request.id)?;
        all.push((request, items));
    }
    Ok(all)
}
