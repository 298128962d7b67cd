//! Recognitions and approvals of before this service, as a list tells them. No number and no
//! certificate is ever made up for them; a decision that ends one names the recognition ([`super::held`]).

use chrono::{Days, NaiveDate};

use super::model::{Decision, DecisionItem, DecisionState, Recognition, RecognitionKind};
use super::rules::{self, DecisionKind, Validity};
use super::{settle, store};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{DecisionId, PlaceId, ProducerId, ProductId, RecognitionId, RowId, UserId};
use crate::outbox::{self, Topic};
use crate::rulebook::{self, Authority, DossierKind, Rulebook};

/// A recognition that a list proves: star, authority and day.
#[derive(Debug, Clone)]
pub struct ImportedRecognition {
    /// The product.
    pub product_id: ProductId,
    /// Its producer, when the list names one.
    pub producer_id: Option<ProducerId>,
    /// 3, 4 or 5.
    pub star: u8,
    /// Who recognised.
    pub level: Authority,
    /// Number of the decision, when the list tells it.
    pub decision_number: Option<String>,
    /// Its day, or the day of the batch.
    pub decided_on: NaiveDate,
    /// The unit of then, when it is certain.
    pub place_id: Option<PlaceId>,
    /// The place as printed.
    pub printed_place: String,
    /// The authority as printed.
    pub authority_name: String,
}

/// A result of 90 or more that a list proves: potential five stars, in no count of recognitions.
#[derive(Debug, Clone)]
pub struct ImportedApproval {
    /// The product.
    pub product_id: ProductId,
    /// Its producer, when the list names one.
    pub producer_id: Option<ProducerId>,
    /// Number of the decision, when the list tells it.
    pub decision_number: Option<String>,
    /// Its day.
    pub decided_on: NaiveDate,
    /// The unit of then, when it is certain.
    pub place_id: Option<PlaceId>,
    /// The authority as printed.
    pub authority_name: String,
}

/// Takes over a recognition; the same one again changes nothing.
///
/// # Errors
/// 409 for a star that is not recognised.
pub fn import_recognition(cx: &mut Ctx<'_>, listed: ImportedRecognition) -> Result<RecognitionId> {
    rules::may_carry(DecisionKind::Recognition, Some(listed.star))?;
    let decision = decision_of(cx, DecisionKind::Recognition, listed.level, &listed.heading())?;
    let known = store::recognitions_of(cx, listed.product_id)?;
    if let Some(same) = known.iter().find(|r| r.decision_id == decision.id) {
        return Ok(same.id);
    }
    let row = recognition(cx, &listed, &decision)?;
    add_item(cx, &decision, listed.product_id, listed.producer_id, row.stars)?;
    store::insert_recognition(cx, &row)?;
    settle(cx, listed.product_id)?;
    let details = Details::none()
        .with("decision", decision.id)
        .with("stars", row.stars)
        .with("on", row.recognised_on)
        .with("imported", true);
    audit::record(cx, "recognition.imported", "recognition", row.id.0, details)?;
    outbox::tell(
        cx,
        Topic::Recognition,
        row.product_id.0,
        serde_json::json!({ "imported": true, "stars": row.stars }),
    )?;
    Ok(row.id)
}

/// Takes over the approval of a result; the same one again changes nothing.
///
/// # Errors
/// When the database fails.
pub fn import_result_approval(cx: &mut Ctx<'_>, listed: ImportedApproval) -> Result<DecisionId> {
    let heading = Heading {
        number: listed.decision_number.clone(),
        on: listed.decided_on,
        place: listed.place_id,
        authority: listed.authority_name.clone(),
    };
    let decision = decision_of(cx, DecisionKind::ResultApproval, Authority::Province, &heading)?;
    if !store::has_item(cx, decision.id, listed.product_id)? {
        add_item(cx, &decision, listed.product_id, listed.producer_id, 5)?;
        outbox::tell(cx, Topic::Recognition, listed.product_id.0, serde_json::json!({ "potentialFive": true }))?;
    }
    Ok(decision.id)
}

/// What a list tells of a decision.
struct Heading {
    number: Option<String>,
    on: NaiveDate,
    place: Option<PlaceId>,
    authority: String,
}

impl ImportedRecognition {
    fn heading(&self) -> Heading {
        Heading {
            number: self.decision_number.clone(),
            on: self.decided_on,
            place: self.place_id,
            authority: self.authority_name.clone(),
        }
    }
}

/// The decision that a list means: one that was taken over before, or a new row.
fn decision_of(cx: &mut Ctx<'_>, kind: DecisionKind, level: Authority, heading: &Heading) -> Result<Decision> {
    let office = match heading.place {
        Some(place) => store::office_above(cx, place, level)?,
        None => None,
    };
    let known = store::listed_decisions(cx, level, heading.number.as_deref(), heading.on)?;
    let same_office = |d: &Decision| d.place_id == office || d.place_id.is_none() || office.is_none();
    if let Some(found) = known.into_iter().find(|d| d.kind == kind && same_office(d)) {
        return Ok(found);
    }
    let row = Decision {
        id: DecisionId::new(),
        kind,
        level,
        place_id: office,
        authority_name: heading.authority.clone(),
        number: heading.number.clone(),
        signed_on: Some(heading.on),
        signer_name: None,
        signed_by: None,
        prepared_by: cx.actor().user(),
        preparers: Doc::of(&Vec::<UserId>::new()),
        rulebook_id: None,
        legal_bases: Doc::of(&Vec::<String>::new()),
        reason: None,
        state: DecisionState::Published,
        published_on: Some(heading.on),
        imported: true,
        created_at: cx.now,
        version: 1,
        reopen_at: None,
    };
    store::insert_decision(cx, &row)?;
    let details = Details::none().with("number", &row.number).with("on", heading.on).with("kind", kind);
    audit::record(cx, "decision.imported", "decision", row.id.0, details)?;
    outbox::tell(cx, Topic::Decision, row.id.0, serde_json::json!({ "imported": true }))?;
    Ok(row)
}

fn add_item(
    cx: &mut Ctx<'_>,
    decision: &Decision,
    product: ProductId,
    producer: Option<ProducerId>,
    stars: i32,
) -> Result<()> {
    let ordinal = store::count_items(cx, decision.id)? + 1;
    let item = DecisionItem {
        id: RowId::new(),
        decision_id: decision.id,
        ordinal: i32::try_from(ordinal).map_err(AppError::internal)?,
        product_id: product,
        producer_id: producer,
        dossier_id: None,
        result_id: None,
        certificate_id: None,
        certificate_number: None,
        printed: None,
        stars,
        mean: None,
        note: String::new(),
        reopened: None,
        corrections: None,
        recognition_id: None,
    };
    store::insert_item(cx, &item)
}

fn recognition(cx: &mut Ctx<'_>, listed: &ImportedRecognition, decision: &Decision) -> Result<Recognition> {
    let (valid_through, expiring_on) = validity_on(cx, listed.decided_on)?;
    let producer_kind = match listed.producer_id {
        Some(id) => store::producer_kind(cx, id)?,
        None => None,
    };
    Ok(Recognition {
        id: RecognitionId::new(),
        product_id: listed.product_id,
        producer_id: listed.producer_id,
        decision_id: decision.id,
        dossier_id: None,
        certificate_id: None,
        kind: RecognitionKind::Listed,
        stars: i32::from(listed.star),
        level: listed.level,
        place_id: listed.place_id,
        printed_place: listed.printed_place.clone(),
        group_code: store::product_group(cx, listed.product_id)?,
        producer_kind,
        recognised_on: listed.decided_on,
        valid_through,
        expiring_on,
        ended_on: None,
        ended_why: None,
        newest: false,
        extended_through: None,
        acted_on: None,
        revocation_ground: None,
    })
}

/// The last day, and the first day of expiring, of what was recognised on a day under the law of then.
fn validity_on(cx: &mut Ctx<'_>, day: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
    match rulebook::for_filing(cx, DossierKind::First, day) {
        Ok(stored) => dates(&stored.book, day),
        Err(AppError::Database(e)) => Err(e.into()),
        // No law of ours reaches that day: the usual three years.
        Err(_) => {
            let usual = Validity::default();
            let last = rules::valid_through(day, &usual).ok_or_else(|| AppError::internal("a day out of range"))?;
            Ok((last, last.checked_sub_days(Days::new(usual.expiring_days)).unwrap_or(day)))
        }
    }
}

/// The last day and the first day of expiring by a rulebook.
pub(super) fn dates(book: &Rulebook, issued_on: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
    let end = book.expires_on(issued_on)?;
    let last = book.last_valid_day(end)?;
    Ok((last, book.expiring_from(last)?))
}
