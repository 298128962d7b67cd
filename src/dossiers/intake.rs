//! What the producer does: open, write, mark himself, file. And what the commune writes.

use super::carrying::{Carry, carry_over};
use super::model::{Dossier, Held, SelfMark};
use super::moving::{Deed, carry};
use super::rules::{Action, CommuneReport, Desk, DossierForm, Party, Status, Stop, Window, changed_fields};
use super::{behalf, ending, marks_of, papers, receipts, store};
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{DocumentId, DossierId, PlaceId, ProductId};
use crate::places::{self, Level, Place};
use crate::products::rules::ReceivingOffice;
use crate::products::{self, Product};
use crate::rulebook::marks::{Choice, check_mark};
use crate::rulebook::{self, DossierKind, Stage, StoredRulebook, StoredSet};

/// What a dossier is opened with.
#[derive(Debug, Clone)]
pub struct NewDossier {
    /// The product.
    pub product: ProductId,
    /// First, upgrade or re-evaluation.
    pub kind: DossierKind,
    /// The criteria set; the product's own when not said.
    pub set: Option<String>,
    /// What is written already.
    pub form: DossierForm,
}

/// Opens a draft for a product of the caller's.
///
/// # Errors
/// 404 for an unknown product, 403 for another's, 409 when one is open or nothing is held.
pub fn open(cx: &mut Ctx<'_>, new: NewDossier) -> Result<Dossier> {
    let product = products::hold(cx, new.product)?;
    must_be_own(cx, &product)?;
    let producer_id = product.producer_id.ok_or(AppError::Forbidden(Act::OpenDossier.word()))?;
    let mandate = behalf::mandate(cx, producer_id)?;
    let place = commune_of(cx, product.place_id)?;
    let same = products::same_as(cx, product.id)?;
    ending::must_be_made(cx, &same)?;
    if store::has_open(cx, &same)? {
        return Err(Stop::OpenAlready.into());
    }
    let held = held_for(cx, &same, new.kind)?;
    let (book, set) = rules_for(cx, new.kind, new.set.as_deref().unwrap_or(&product.set_code))?;
    let before = dossier_before(cx, new.kind, held)?;
    let row = Dossier {
        id: DossierId::new(),
        product_id: product.id,
        producer_id,
        kind: new.kind,
        rulebook_id: book.id,
        criteria_set_id: set.id,
        status: Status::Draft,
        filed_place_id: place.id,
        place_id: place.id,
        level: Desk::Commune,
        filed_on: None,
        form: Doc::of(&form_from(before.as_ref(), new.form)),
        commune_report: None,
        receipt_number: None,
        product_code: None,
        held_recognition_id: held.map(|h| h.id),
        copied_from: before.as_ref().map(|d| d.id),
        refiled_as: None,
        refiled_from: None,
        deadline_plain: None,
        deadline_paused: None,
        created_by: cx.actor().user(),
        created_at: cx.now,
        moved_at: cx.now,
        version: 1,
    };
    store::insert(cx, &row)?;
    if let Some(mandate) = &mandate {
        behalf::note(cx, row.id, mandate)?;
    }
    if let Some(before) = &before {
        carry_over(cx, before, &row, &set.set, Carry::Newest)?;
    }
    let details = Details::none().with("product", row.product_id).with("kind", row.kind).with("set", &set.code);
    audit::record(cx, "dossier.opened", "dossier", row.id.0, details)?;
    Ok(row)
}

/// The dossier that an upgrade or a re-evaluation begins as a copy of: the one the present recognition
/// rests on. None for a first evaluation, and where the recognition was imported.
fn dossier_before(cx: &mut Ctx<'_>, kind: DossierKind, held: Option<Held>) -> Result<Option<Dossier>> {
    match (kind, held.and_then(|h| h.dossier_id)) {
        (DossierKind::First, _) | (_, None) => Ok(None),
        (_, Some(id)) => store::any(cx, id),
    }
}

/// The form to begin with: as it was written before, where nothing is written now. Commitment,
/// samples and news belong to each filing.
fn form_from(before: Option<&Dossier>, new: DossierForm) -> DossierForm {
    match before {
        Some(before) if new == DossierForm::default() => {
            let old: DossierForm = before.form.read().unwrap_or_default();
            DossierForm { samples: 0, commitment: false, updates: String::new(), ..old }
        }
        _ => new,
    }
}

fn must_be_own(cx: &Ctx<'_>, product: &Product) -> Result<()> {
    let own = product.producer_id.is_some_and(|p| cx.actor().producers().contains(&p));
    match own || cx.actor().is_system() {
        true => Ok(()),
        false => Err(AppError::Forbidden(Act::OpenDossier.word())),
    }
}

/// The commune in force today.
fn commune_of(cx: &mut Ctx<'_>, kept: Option<PlaceId>) -> Result<Place> {
    let place = kept.ok_or(Stop::PlaceUnclear)?;
    let today = cx.today();
    match places::current(cx, place, today)?.as_slice() {
        [one] if one.level == Level::Commune => Ok(one.clone()),
        _ => Err(Stop::PlaceUnclear.into()),
    }
}

/// The rulebook of today and the newest revision of a set.
pub(super) fn rules_for(cx: &mut Ctx<'_>, kind: DossierKind, set: &str) -> Result<(StoredRulebook, StoredSet)> {
    if set.is_empty() {
        return Err(AppError::field(
            "/set",
            "required",
            "Sản phẩm chưa có bộ tiêu chí; chọn một bộ ở /v1/criteria-sets.",
            "The product has no criteria set; choose one at /v1/criteria-sets.",
        ));
    }
    let book = rulebook::for_filing(cx, kind, cx.today())?;
    let set = rulebook::newest_set(cx, book.id, set)?;
    Ok((book, set))
}

/// The recognition that an upgrade or a re-evaluation builds on. An upgrade needs one that is
/// valid; a re-evaluation may come after the end where the transition extends it.
pub(super) fn held_for(cx: &mut Ctx<'_>, same: &[ProductId], kind: DossierKind) -> Result<Option<Held>> {
    let held = store::held(cx, same)?;
    let today = cx.today();
    match (kind, held) {
        (DossierKind::First, held) => Ok(held.filter(|h| today <= h.valid_through)),
        (DossierKind::Upgrade, Some(held)) if today <= held.valid_through => Ok(Some(held)),
        (DossierKind::ReEvaluation, Some(held)) => Ok(Some(held)),
        (kind, _) => Err(Stop::NothingHeld(kind).into()),
    }
}

/// The star of the present recognition that a dossier builds on; 0 without one.
///
/// # Errors
/// When the database fails.
pub fn held_stars(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<u8> {
    let Some(id) = dossier.held_recognition_id else { return Ok(0) };
    let stars = store::held_by_id(cx, id)?.map_or(0, |h| h.stars);
    Ok(u8::try_from(stars).unwrap_or(0))
}

/// Refuses writing while the dossier lies with an office.
pub(super) fn must_be_with_producer(dossier: &Dossier) -> Result<()> {
    match dossier.status == Status::Draft || dossier.status.awaits_completion() {
        true => Ok(()),
        false => Err(Stop::NotWithProducer(dossier.status).into()),
    }
}

/// Changes what the producer wrote; the set only while it is a draft.
///
/// # Errors
/// 409 while it does not lie with the producer.
pub fn edit(cx: &mut Ctx<'_>, dossier: &Dossier, form: &DossierForm, set: Option<&str>) -> Result<Dossier> {
    must_be_with_producer(dossier)?;
    let mut row = dossier.clone();
    let fields = changed_fields(&dossier.form.read().unwrap_or_default(), form);
    row.form = Doc::of(form);
    if let Some(code) = set {
        let known = rulebook::set(cx, dossier.criteria_set_id)?;
        if known.code != code {
            if dossier.status != Status::Draft {
                return Err(Stop::NotWithProducer(dossier.status).into());
            }
            pin(cx, &mut row, code)?;
        }
    }
    save(cx, row, "dossier.edited", Details::none().with("fields", fields))
}

/// Saves the next version of a row that was held.
pub(super) fn save(cx: &mut Ctx<'_>, mut row: Dossier, deed: &str, details: Details) -> Result<Dossier> {
    row.version += 1;
    if !store::save(cx, &row)? {
        return Err(AppError::PreconditionFailed);
    }
    audit::record(cx, deed, "dossier", row.id.0, details)?;
    Ok(row)
}

/// Takes the rulebook of today and a set; marks that do not fit the new table are taken out.
pub(super) fn pin(cx: &mut Ctx<'_>, row: &mut Dossier, code: &str) -> Result<()> {
    let (book, set) = rules_for(cx, row.kind, code)?;
    if (row.rulebook_id, row.criteria_set_id) == (book.id, set.id) {
        return Ok(());
    }
    (row.rulebook_id, row.criteria_set_id) = (book.id, set.id);
    let marks = marks_of(cx, row.id)?;
    for (criterion, choice) in &marks {
        if check_mark(&set.set, criterion, choice, &marks).is_err() {
            store::remove_mark(cx, row.id, criterion)?;
        }
    }
    Ok(())
}

/// One mark of the producer about himself.
#[derive(Debug, Clone)]
pub struct OwnMark {
    /// What was chosen.
    pub choice: Choice,
    /// Papers of this dossier that prove it.
    pub evidence: Vec<DocumentId>,
}

/// Marks some criteria; every mark is checked as on a sheet.
///
/// # Errors
/// 409 while it does not lie with the producer, or when the table does not take the mark.
pub fn mark(cx: &mut Ctx<'_>, dossier: &Dossier, marks: &[(String, OwnMark)]) -> Result<Dossier> {
    must_be_with_producer(dossier)?;
    let set = rulebook::set(cx, dossier.criteria_set_id)?.set;
    let known: Vec<DocumentId> = store::documents(cx, dossier.id)?.iter().map(|d| d.reference.id).collect();
    let mut all = marks_of(cx, dossier.id)?;
    all.extend(marks.iter().map(|(criterion, own)| (criterion.clone(), own.choice.clone())));
    for (criterion, own) in marks {
        let points = check_mark(&set, criterion, &own.choice, &all)?;
        if own.evidence.iter().any(|id| !known.contains(id)) {
            return Err(AppError::field(
                "/evidence",
                "unknown_document",
                "Minh chứng phải là giấy tờ đã tải lên hồ sơ này.",
                "Evidence must be papers uploaded to this dossier.",
            ));
        }
        let row = SelfMark {
            dossier_id: dossier.id,
            criterion: criterion.clone(),
            option_code: own.choice.option.clone(),
            case_code: own.choice.case.map(|c| c.to_string()),
            comment: own.choice.comment.clone(),
            evidence: Doc::of(&own.evidence),
            points,
            updated_at: cx.now,
        };
        store::put_mark(cx, &row)?;
    }
    let criteria: Vec<&str> = marks.iter().map(|(criterion, _)| criterion.as_str()).collect();
    save(cx, dossier.clone(), "dossier.marked", Details::none().with("criteria", criteria))
}

/// Files the dossier: the law of today is pinned, papers are checked, the commune's receipt is numbered.
/// A number that stands on the paper already is given to it.
pub(super) fn submit(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    party: Party,
    deed: Deed,
    reserved: Option<i64>,
) -> Result<Dossier> {
    let first = dossier.filed_on.is_none();
    let mut row = dossier.clone();
    if first {
        let code = rulebook::set(cx, dossier.criteria_set_id)?.code;
        pin(cx, &mut row, &code)?;
        must_be_in_window(cx, &row)?;
    }
    let book = rulebook::get(cx, row.rulebook_id)?;
    super::moving::moment(&book.book, dossier, cx.today())?.find_move(Action::Submit, party)?;
    papers::must_be_complete(cx, &book.book, &row, &[Stage::Filing], None)?;
    let mut details = deed.details.clone();
    if first {
        rulebook::mark_used(cx, row.rulebook_id, row.criteria_set_id)?;
        let receipt = match reserved {
            Some(number) => receipts::give(cx, dossier, number)?,
            None => receipts::draw(cx, dossier, ReceivingOffice::Commune)?,
        };
        (details["receipt"], details["rulebook"]) = (receipt.as_str().into(), book.book.id.as_str().into());
        (row.filed_on, row.receipt_number) = (Some(cx.today()), Some(receipt));
    }
    carry(cx, dossier, row, Action::Submit, party, Deed { details, ..deed })
}

fn must_be_in_window(cx: &mut Ctx<'_>, row: &Dossier) -> Result<()> {
    let (DossierKind::ReEvaluation, Some(held)) = (row.kind, row.held_recognition_id) else { return Ok(()) };
    let book = rulebook::get(cx, row.rulebook_id)?.book;
    let Some(held) = store::held_by_id(cx, held)? else { return Ok(()) };
    let expires = held.valid_through;
    let refused = book.may_file_re_evaluation(expires, cx.today());
    match (refused, book.re_evaluation_window(expires)?) {
        (Ok(()), _) => Ok(()),
        (Err(rulebook::Stop::ReEvaluationTooEarly(_)), Some(w)) => {
            Err(Stop::OutsideWindow(Window { early: true, opens: w.opens, closes: w.closes, expires }).into())
        }
        (Err(rulebook::Stop::ReEvaluationTooLate(_)), Some(w)) => {
            Err(Stop::OutsideWindow(Window { early: false, opens: w.opens, closes: w.closes, expires }).into())
        }
        (Err(other), _) => Err(other.into()),
    }
}

/// Writes the commune's report (Mẫu số 03).
///
/// # Errors
/// 409 unless the dossier is filed and not reported on; 422 for a meeting to come, or a proposal without words.
pub fn report(cx: &mut Ctx<'_>, dossier: &Dossier, report: &CommuneReport) -> Result<Dossier> {
    if dossier.status != Status::Submitted {
        return Err(Stop::ReportClosed(dossier.status).into());
    }
    if report.meeting.as_ref().is_some_and(|m| m.held_on > cx.today()) {
        return Err(AppError::field(
            "/meeting/heldOn",
            "future",
            "Cuộc họp đã diễn ra mới ghi vào báo cáo: ngày họp không ở tương lai.",
            "A report tells of a meeting that was held: its day cannot lie in the future.",
        ));
    }
    if report.proposed && report.proposal.trim().is_empty() {
        return Err(AppError::field(
            "/proposal",
            "required",
            "Ghi nội dung đề nghị (Mẫu số 03), hoặc ghi là không đề nghị.",
            "Say what is proposed (Form 03), or that nothing is.",
        ));
    }
    let mut row = dossier.clone();
    row.commune_report = Some(Doc::of(report));
    save(cx, row, "dossier.report_written", Details::none().with("proposed", report.proposed))
}

/// Whether the commune's report, where one was written, proposes the product.
pub(super) fn report_proposes(dossier: &Dossier) -> bool {
    let read = |doc: &Doc| doc.read::<CommuneReport>().ok();
    dossier.commune_report.as_ref().and_then(read).is_none_or(|report| report.proposed)
}
