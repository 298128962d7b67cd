//! Decisions: prepared, edited, signed, published, given up.

use chrono::NaiveDate;

use super::held::{self, Named};
use super::model::{CaseState, Decision, DecisionItem, DecisionState};
use super::rules::{self, DecisionKind, PrintedField, ReopenAt, Stop};
use super::{corrections, dossier, extend, issue, notices, offices, revoke, store, withdraw};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::dossiers;
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{
    CertificateId, DecisionId, DossierId, PlaceId, ProducerId, ProductId, RecognitionId, ResultId, RevocationId, RowId,
};
use crate::outbox::{self, Topic};
use crate::places;
use crate::refusal::{Item, Refusal};
use crate::rulebook::Authority;
use crate::scoring;
use crate::text::Label;

/// What a draft says.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it does.
    pub kind: DecisionKind,
    /// The level of the authority.
    pub level: Authority,
    /// The unit of the authority; none at the centre.
    pub place: Option<PlaceId>,
    /// The authority as printed, when it is not the usual name.
    pub authority_name: Option<String>,
    /// What it rests on.
    pub legal_bases: Vec<String>,
    /// Why, for notices and withdrawals.
    pub reason: Option<String>,
    /// For a withdrawal: where the dossiers are taken up again.
    pub reopen_at: Option<ReopenAt>,
    /// What it is about, in the order of print, each with a remark.
    pub subjects: Vec<(Subject, String)>,
    /// For a correction: the lines of each certificate as they are to be.
    pub corrections: Vec<(CertificateId, PrintedField, String)>,
}

/// What a line of a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A dossier that a council has scored.
    Dossier(DossierId),
    /// A case for revocation.
    Case(RevocationId),
    /// A certificate that is extended or corrected, or whose recognition is withdrawn.
    Certificate(CertificateId),
    /// A recognition without a certificate that is withdrawn.
    Recognition(RecognitionId),
}

/// What the signer gives.
#[derive(Debug, Clone)]
pub struct Signing {
    /// The number.
    pub number: String,
    /// The day.
    pub signed_on: NaiveDate,
    /// The signer as printed.
    pub signer_name: String,
    /// The day of issue of the certificates; the decision's where none is named.
    pub issued_on: Option<NaiveDate>,
}

/// A decision that the caller may know of, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: DecisionId) -> Result<Decision> {
    store::visible_decision(cx, id)?.ok_or(AppError::NotFound)?;
    store::lock_decision(cx, id)
}

/// Begins a decision.
///
/// # Errors
/// 403 outside the caller's office; 409 when a line does not belong in such a decision.
pub fn prepare(cx: &mut Ctx<'_>, draft: &Draft) -> Result<Decision> {
    let name = authority_of(cx, draft)?;
    offices::must_prepare(cx, draft.level, draft.place)?;
    let writer = cx.actor().user();
    let row = Decision {
        id: DecisionId::new(),
        kind: draft.kind,
        level: draft.level,
        place_id: draft.place,
        authority_name: name,
        number: None,
        signed_on: None,
        signer_name: None,
        signed_by: None,
        prepared_by: writer,
        preparers: Doc::of(&Vec::from_iter(writer)),
        rulebook_id: None,
        legal_bases: Doc::of(&draft.legal_bases),
        reason: draft.reason.clone(),
        state: DecisionState::Draft,
        published_on: None,
        imported: false,
        created_at: cx.now,
        version: 1,
        reopen_at: draft.reopen_at,
    };
    store::insert_decision(cx, &row)?;
    fill(cx, &row, draft)?;
    let details = Details::none().with("kind", row.kind).with("level", row.level).with("lines", draft.subjects.len());
    audit::record(cx, "decision.prepared", "decision", row.id.0, details)?;
    Ok(row)
}

/// Writes a draft anew. Kind and authority stay.
///
/// # Errors
/// 409 when it is signed, or a line does not belong in it.
pub fn rewrite(cx: &mut Ctx<'_>, row: &Decision, draft: &Draft) -> Result<Decision> {
    must_be(row, DecisionState::Draft)?;
    if (row.kind, row.level, row.place_id) != (draft.kind, draft.level, draft.place) {
        return Err(AppError::field(
            "/kind",
            "fixed",
            "Loại, cấp và cơ quan của văn bản không đổi được; hãy bỏ văn bản này và soạn văn bản mới.",
            "Kind, level and authority of a decision cannot be changed; give it up and begin another.",
        ));
    }
    offices::must_prepare(cx, row.level, row.place_id)?;
    empty(cx, row)?;
    fill(cx, row, draft)?;
    let mut writers = row.written_by();
    writers.extend(cx.actor().user().filter(|u| !writers.contains(u)));
    let changed = Decision {
        authority_name: authority_of(cx, draft)?,
        preparers: Doc::of(&writers),
        legal_bases: Doc::of(&draft.legal_bases),
        reason: draft.reason.clone(),
        reopen_at: draft.reopen_at,
        version: row.version + 1,
        ..row.clone()
    };
    store::save_decision(cx, &changed)?;
    audit::record(cx, "decision.rewritten", "decision", row.id.0, Details::none().with("lines", draft.subjects.len()))?;
    Ok(changed)
}

/// Gives a draft up; what it was about is free again.
///
/// # Errors
/// 409 when it is signed.
pub fn discard(cx: &mut Ctx<'_>, row: &Decision) -> Result<Decision> {
    must_be(row, DecisionState::Draft)?;
    offices::must_prepare(cx, row.level, row.place_id)?;
    empty(cx, row)?;
    let changed = Decision { state: DecisionState::Discarded, version: row.version + 1, ..row.clone() };
    store::save_decision(cx, &changed)?;
    audit::record(cx, "decision.discarded", "decision", row.id.0, Details::none())?;
    Ok(changed)
}

/// Signs: closes the dossiers, and as the last step draws the numbers of certificates.
///
/// # Errors
/// 409 when the signer prepared it, the number is taken, or the law of the day says no.
pub fn sign(cx: &mut Ctx<'_>, row: &Decision, signing: &Signing) -> Result<Decision> {
    must_be(row, DecisionState::Draft)?;
    let signer = cx.actor().user();
    for writer in row.written_by() {
        rules::may_sign(&Some(writer), &signer)?;
    }
    if signing.signed_on > cx.today() {
        return Err(AppError::field(
            "/signedOn",
            "future",
            "Ngày ký không thể sau hôm nay.",
            "The date of signing cannot be after today.",
        ));
    }
    if let Some(day) = signing.issued_on {
        may_be_issued(cx, row.kind, signing.signed_on, day)?;
    }
    if let Some(unit) = row.place_id.map(|id| places::get(cx, id)).transpose()?
        && !unit.in_force(signing.signed_on)
    {
        return Err(Stop::OfficeNotThere { unit: unit.full_name, on: signing.signed_on }.into());
    }
    let signed = Decision {
        number: Some(signing.number.clone()),
        signed_on: Some(signing.signed_on),
        signer_name: Some(signing.signer_name.clone()),
        signed_by: signer,
        state: DecisionState::Signed,
        version: row.version + 1,
        ..row.clone()
    };
    cx.try_step(|cx| store::save_decision(cx, &signed))
        .on_constraint("decisions_one_per_number", || Stop::NumberTaken)
        .on_constraint("decisions_one_per_central_number", || Stop::NumberTaken)?;
    let items = store::items_of(cx, row.id)?;
    if items.is_empty() {
        return Err(Stop::DecisionEmpty.into());
    }
    let signed = carry_out(cx, signed, items, signing)?;
    let details = Details::none().with("number", &signed.number).with("signedOn", signing.signed_on);
    audit::record(cx, "decision.signed", "decision", row.id.0, details.with("issuedOn", signing.issued_on))?;
    Ok(signed)
}

/// Certificates are issued on the day of their decision or later, and no later than today.
fn may_be_issued(cx: &Ctx<'_>, kind: DecisionKind, signed_on: NaiveDate, day: NaiveDate) -> Result<()> {
    let wrong = |code: &str, vi: &str, en: &str| Err(AppError::field("/issuedOn", code, vi, en));
    if !kind.makes_certificates() {
        return wrong(
            "not_allowed",
            "Chỉ quyết định công nhận mới cấp giấy chứng nhận; bỏ issuedOn.",
            "Only a recognition issues certificates; leave issuedOn out.",
        );
    }
    match (signed_on..=cx.today()).contains(&day) {
        true => Ok(()),
        false => wrong(
            "outside",
            "Ngày cấp từ ngày ký quyết định đến hôm nay.",
            "The day of issue lies between the day of the decision and today.",
        ),
    }
}

/// Publishes: only now recognitions, certificates and revocations stand.
///
/// # Errors
/// 409 when it is not signed.
pub fn publish(cx: &mut Ctx<'_>, row: &Decision) -> Result<Decision> {
    must_be(row, DecisionState::Signed)?;
    let today = cx.today();
    let published = Decision {
        state: DecisionState::Published,
        published_on: Some(today),
        version: row.version + 1,
        ..row.clone()
    };
    store::save_decision(cx, &published)?;
    let items = store::items_of(cx, row.id)?;
    if row.kind == DecisionKind::Withdrawal {
        withdraw::hold_dossiers(cx, &items)?;
    }
    let mut void = Vec::new();
    for item in items {
        if let Some(dossier) = item.dossier_id {
            // From here on producer and commune read what the councils found.
            scoring::publish_results(cx, dossier, today)?;
            dossiers::tell_decided(cx, dossier)?;
        }
        match row.kind {
            DecisionKind::Recognition => issue::recognise(cx, &published, &item)?,
            DecisionKind::Revocation => revoke::revoke(cx, &published, &item)?,
            DecisionKind::Withdrawal => withdraw::withdraw(cx, &published, &item)?,
            DecisionKind::ResultApproval => {
                outbox::tell(cx, Topic::Recognition, item.product_id.0, serde_json::json!({ "potentialFive": true }))?;
            }
            DecisionKind::Extension => {
                if !extend::extend(cx, &published, &item)? {
                    void.push(item.id);
                }
            }
            DecisionKind::Correction => corrections::correct(cx, &published, &item)?,
            DecisionKind::NotRecognition => {
                extend::answered(cx, &item, published.signed_on.unwrap_or(today))?;
            }
        }
    }
    // Numbers are drawn last.
    notices::issue(cx, &published, &void)?;
    audit::record(cx, "decision.published", "decision", row.id.0, Details::none().with("number", &row.number))?;
    if row.kind != DecisionKind::NotRecognition {
        let body = serde_json::json!({ "kind": row.kind, "number": row.number, "signedOn": row.signed_on });
        outbox::tell(cx, Topic::Decision, row.id.0, body)?;
    }
    Ok(published)
}

fn must_be(row: &Decision, state: DecisionState) -> Result<()> {
    match row.state == state {
        true => Ok(()),
        false => Err(Stop::DecisionMoment(row.state.label()).into()),
    }
}

impl DecisionState {
    /// The state in words.
    pub fn label(self) -> Label {
        match self {
            Self::Draft => Label::new("đang soạn", "being prepared"),
            Self::Discarded => Label::new("đã bỏ", "given up"),
            Self::Signed => Label::new("đã ký, chưa công bố", "signed, not published"),
            Self::Published => Label::new("đã công bố", "published"),
        }
    }
}

/// Checks level and unit against each other; gives the authority as printed.
fn authority_of(cx: &mut Ctx<'_>, draft: &Draft) -> Result<String> {
    let unit = match (draft.level, draft.place) {
        (Authority::Central, None) => None,
        (Authority::Central, Some(_)) => {
            return Err(AppError::field(
                "/placeId",
                "not_allowed",
                "Cấp trung ương không có địa bàn.",
                "The centre has no unit.",
            ));
        }
        (_, None) => {
            return Err(AppError::field(
                "/placeId",
                "required",
                "Thiếu đơn vị của cơ quan.",
                "Name the unit of the authority.",
            ));
        }
        (level, Some(id)) => match places::get(cx, id) {
            Ok(place) if place.level.word() == level.word() => Some(place.full_name),
            Ok(_) | Err(AppError::NotFound) => {
                return Err(AppError::field(
                    "/placeId",
                    "wrong_level",
                    "Không có đơn vị này ở cấp đó.",
                    "There is no such unit at that level.",
                ));
            }
            Err(e) => return Err(e),
        },
    };
    Ok(draft.authority_name.clone().unwrap_or_else(|| rules::authority_name(draft.level, unit.as_deref())))
}

/// A line before it is written.
struct Line {
    product: ProductId,
    producer: Option<ProducerId>,
    dossier: Option<DossierId>,
    result: Option<ResultId>,
    held: Option<Named>,
    stars: i32,
    mean: Option<String>,
    corrections: Option<Doc>,
}

fn fill(cx: &mut Ctx<'_>, decision: &Decision, draft: &Draft) -> Result<()> {
    let (today, subjects) = (cx.today(), &draft.subjects);
    // Locks are taken in one order, whatever the order of print.
    let mut in_order: Vec<Subject> = subjects.iter().map(|(s, _)| *s).collect();
    in_order.sort_unstable();
    for subject in in_order {
        if let Subject::Dossier(id) = subject {
            dossiers::hold(cx, id).map_err(|e| pointed_at(e, draft, subject))?;
        }
    }
    for (at, (subject, note)) in subjects.iter().enumerate() {
        let line = match *subject {
            Subject::Dossier(id) => line_of_dossier(cx, decision, id, today),
            Subject::Case(id) => line_of_case(cx, decision, id),
            Subject::Certificate(id) => line_of_held(cx, decision, Named::Certificate(id), &draft.corrections),
            Subject::Recognition(id) => line_of_held(cx, decision, Named::Recognition(id), &[]),
        };
        let line = line.map_err(|e| pointed_at(e, draft, *subject))?;
        let item = DecisionItem {
            id: RowId::new(),
            decision_id: decision.id,
            ordinal: i32::try_from(at + 1).map_err(AppError::internal)?,
            product_id: line.product,
            producer_id: line.producer,
            dossier_id: line.dossier,
            result_id: line.result,
            certificate_id: line.held.and_then(Named::certificate),
            certificate_number: None,
            printed: None,
            stars: line.stars,
            mean: line.mean,
            note: note.clone(),
            reopened: None,
            corrections: line.corrections,
            recognition_id: line.held.and_then(Named::recognition),
        };
        cx.try_step(|cx| store::insert_item(cx, &item))
            .on_constraint("decision_items_one_per_product", || Stop::InOtherDecision)?;
    }
    Ok(())
}

/// The refusal of one line among many, which says which one.
#[derive(Debug)]
struct OfLine {
    refused: Box<dyn Refusal>,
    /// Where it stands in the body, or the product that it is about.
    at: String,
}

impl Refusal for OfLine {
    fn word(&self) -> &'static str {
        self.refused.word()
    }

    fn say(&self) -> Label {
        self.refused.say()
    }

    fn items(&self) -> Vec<Item> {
        vec![Item { at: self.at.clone(), word: self.word(), say: self.say() }]
    }
}

fn of_line(refused: Box<dyn Refusal>, at: String) -> AppError {
    match refused.items().is_empty() {
        true => OfLine { refused, at }.into(),
        false => AppError::Refused(refused),
    }
}

/// Which line an error is about. A subject that the caller may not know of is a wrong field, not a
/// missing page.
fn pointed_at(error: AppError, draft: &Draft, subject: Subject) -> AppError {
    let at = |list, of: fn(&Subject) -> bool| {
        (list, draft.subjects.iter().filter(|(s, _)| of(s)).position(|(s, _)| *s == subject))
    };
    let (list, at) = match subject {
        Subject::Dossier(_) => at("dossiers", |s| matches!(s, Subject::Dossier(_))),
        Subject::Case(_) => at("revocations", |s| matches!(s, Subject::Case(_))),
        Subject::Certificate(id) if draft.kind == DecisionKind::Correction => {
            ("corrections", draft.corrections.iter().position(|(of, ..)| *of == id))
        }
        Subject::Certificate(_) => at("certificates", |s| matches!(s, Subject::Certificate(_))),
        Subject::Recognition(_) => at("recognitions", |s| matches!(s, Subject::Recognition(_))),
    };
    let pointer = format!("/{list}/{}", at.unwrap_or(0));
    match error {
        AppError::NotFound => AppError::field(
            &pointer,
            "unknown",
            "Không có mục này, hoặc bạn không được biết về nó.",
            "There is no such thing, or it is not for you to know.",
        ),
        AppError::Refused(refused) => of_line(refused, pointer),
        other => other,
    }
}

fn line_of_dossier(cx: &mut Ctx<'_>, decision: &Decision, id: DossierId, on: NaiveDate) -> Result<Line> {
    if store::dossier_is_in_other(cx, decision.id, id)? {
        return Err(Stop::InOtherDecision.into());
    }
    let found = dossier::may_decide(cx, decision, id, on)?;
    Ok(Line {
        product: found.dossier.product_id,
        producer: Some(found.dossier.producer_id),
        dossier: Some(id),
        result: Some(found.result.id),
        held: None,
        stars: found.result.stars,
        mean: Some(found.result.mean()),
        corrections: None,
    })
}

fn line_of_case(cx: &mut Ctx<'_>, decision: &Decision, id: RevocationId) -> Result<Line> {
    let mut case = revoke::hold(cx, id)?;
    if case.state != CaseState::Open {
        return Err(Stop::CaseClosed.into());
    }
    let named = case.named().ok_or_else(|| AppError::internal("a case without its subject"))?;
    let line = line_of_held(cx, decision, named, &[])?;
    case.state = CaseState::InDecision;
    case.decision_id = Some(decision.id);
    case.version += 1;
    store::save_case(cx, &case)?;
    Ok(line)
}

fn line_of_held(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    named: Named,
    asked: &[(CertificateId, PrintedField, String)],
) -> Result<Line> {
    let held = held::seen(cx, named)?;
    if store::is_in_other(cx, decision, named)? {
        return Err(Stop::InOtherDecision.into());
    }
    let mut corrections = None;
    match (decision.kind, &held.certificate) {
        (DecisionKind::Extension, Some(row)) => extend::may_extend(cx, decision, row, cx.today()).map(drop)?,
        (DecisionKind::Correction, Some(row)) => {
            let own = asked.iter().filter(|(of, ..)| *of == row.id).map(|(_, field, text)| (*field, text.clone()));
            let own: Vec<(PrintedField, String)> = own.collect();
            corrections = Some(corrections::prepare(cx, decision, row, &own)?);
        }
        _ => revoke::may_end(cx, decision, held.recognition.id, &held.facts())?,
    }
    let producer = held.certificate.as_ref().map_or(held.recognition.producer_id, |row| row.producer_id);
    Ok(Line {
        product: held.recognition.product_id,
        producer,
        dossier: None,
        result: None,
        held: Some(named),
        stars: 0,
        mean: None,
        corrections,
    })
}

fn empty(cx: &mut Ctx<'_>, decision: &Decision) -> Result<()> {
    store::delete_items(cx, decision.id)?;
    for mut case in store::cases_of_decision(cx, decision.id)? {
        case.state = CaseState::Open;
        case.decision_id = None;
        case.version += 1;
        store::save_case(cx, &case)?;
    }
    Ok(())
}

/// A refusal at the signature names the product.
fn named<T>(cx: &mut Ctx<'_>, done: Result<T>, item: &DecisionItem) -> Result<T> {
    match done {
        Err(AppError::Refused(refused)) => Err(of_line(refused, store::product(cx, item.product_id)?.name)),
        other => other,
    }
}

/// What signing does to each line, under the law of the day of signing.
fn carry_out(cx: &mut Ctx<'_>, mut signed: Decision, items: Vec<DecisionItem>, signing: &Signing) -> Result<Decision> {
    let on = signing.signed_on;
    let mut dossiers: Vec<DossierId> = items.iter().filter_map(|i| i.dossier_id).collect();
    dossiers.sort_unstable();
    for id in dossiers {
        dossiers::hold(cx, id)?;
    }
    let mut decided = Vec::new();
    for item in items {
        let Some(id) = item.dossier_id else {
            let checked = match signed.kind {
                DecisionKind::Extension => extend::check(cx, &signed, &item, on),
                DecisionKind::Correction => corrections::check(cx, &signed, &item),
                _ => revoke::check(cx, &signed, &item, on),
            };
            named(cx, checked, &item)?;
            continue;
        };
        let found = dossier::may_decide(cx, &signed, id, on);
        let found = named(cx, found, &item)?;
        let reason = Some(item.note.clone()).filter(|n| !n.is_empty()).or_else(|| signed.reason.clone());
        dossier::carry_on(cx, &found, &signed, reason)?;
        signed.rulebook_id = Some(found.dossier.rulebook_id);
        let line = DecisionItem {
            result_id: Some(found.result.id),
            stars: found.result.stars,
            mean: Some(found.result.mean()),
            ..item
        };
        store::save_item(cx, &line)?;
        decided.push((line, found));
    }
    store::save_decision(cx, &signed)?;
    if signed.kind.makes_certificates() {
        for (item, found) in decided {
            issue::number(cx, &signed, item, &found, signing.issued_on)?;
        }
    }
    Ok(signed)
}
