//! Notices: the result of every dossier in writing, to its producer and its commune, also when nothing
//! is recognised (26/2026, Điều 7.3 g). They are made by the publication, and read by nobody before it.

use chrono::Datelike;

use super::model::{Decision, DecisionItem, Notice, NoticeOutcome};
use super::rules::DecisionKind;
use super::{issue, store};
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::Ctx;
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::NoticeId;
use crate::numbers;
use crate::places;

/// Makes the notice of a line of a decision that is being published.
pub(super) fn issue(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem) -> Result<()> {
    let outcome = match decision.kind {
        DecisionKind::Recognition => NoticeOutcome::Recognised,
        DecisionKind::ResultApproval => NoticeOutcome::ResultApproved,
        DecisionKind::NotRecognition => NoticeOutcome::NotRecognised,
        DecisionKind::Withdrawal => NoticeOutcome::Withdrawn,
        DecisionKind::Revocation | DecisionKind::Extension | DecisionKind::Correction => return Ok(()),
    };
    let Some(dossier) = item.dossier_id else { return Ok(()) };
    let dossier = dossiers::any(cx, dossier)?;
    let id = NoticeId::new();
    let (sign, year) = (issue::sign_of(cx, decision)?, cx.today().year());
    let sequence = numbers::draw(cx, &format!("notice/{sign}/{year}"), id.0)?;
    let note = Some(item.note.clone()).filter(|n| !n.is_empty());
    let row = Notice {
        id,
        number: format!("TB-OCOP-{sign}-{year}-{sequence:06}"),
        decision_id: decision.id,
        dossier_id: dossier.id,
        product_id: item.product_id,
        producer_id: item.producer_id,
        place_id: dossier.place_id,
        outcome,
        stars: item.stars,
        reason: note.or_else(|| decision.reason.clone()).unwrap_or_default(),
        issued_on: cx.today(),
        producer_read_at: None,
        producer_read_by: None,
        commune_read_at: None,
        commune_read_by: None,
        created_at: cx.now,
        version: 1,
    };
    store::insert_notice(cx, &row)?;
    let details = Details::none().with("number", &row.number).with("dossier", row.dossier_id).with("outcome", outcome);
    audit::record(cx, "notice.issued", "notice", id.0, details)
}

/// A notice that the caller may know of.
///
/// # Errors
/// 404.
pub(super) fn seen(cx: &mut Ctx<'_>, id: NoticeId) -> Result<Notice> {
    store::visible_notice(cx, id)?.ok_or(AppError::NotFound)
}

/// A notice that the caller may know of, locked until the deed ends.
///
/// # Errors
/// 404.
pub(super) fn hold(cx: &mut Ctx<'_>, id: NoticeId) -> Result<Notice> {
    store::visible_notice(cx, id)?.ok_or(AppError::NotFound)?;
    store::lock_notice(cx, id)
}

/// Confirms that the producer or the commune has it; a second time changes nothing.
///
/// # Errors
/// 403 for who is neither.
pub(super) fn receive(cx: &mut Ctx<'_>, row: &Notice) -> Result<Notice> {
    let (now, by) = (Some(cx.now), cx.actor().user());
    let mut read = row.clone();
    if row.producer_id.is_some_and(|own| cx.actor().producers().contains(&own)) {
        if row.producer_read_at.is_some() {
            return Ok(read);
        }
        (read.producer_read_at, read.producer_read_by) = (now, by);
    } else if of_the_commune(cx, row)? {
        if row.commune_read_at.is_some() {
            return Ok(read);
        }
        (read.commune_read_at, read.commune_read_by) = (now, by);
    } else {
        return Err(AppError::Forbidden(Act::ConfirmNotice.word()));
    }
    read.version += 1;
    store::save_notice(cx, &read)?;
    let who = if read.producer_read_at == row.producer_read_at { "commune" } else { "producer" };
    audit::record(cx, "notice.received", "notice", row.id.0, Details::none().with("by", who))?;
    Ok(read)
}

fn of_the_commune(cx: &mut Ctx<'_>, row: &Notice) -> Result<bool> {
    let seats: Vec<_> = cx.actor().grants.iter().filter(|g| g.role == Role::Commune).filter_map(|g| g.place).collect();
    for seat in seats {
        if seat == row.place_id || places::reaches(cx, seat, row.place_id)? {
            return Ok(true);
        }
    }
    Ok(false)
}
