//! What the people of a dossier write to each other: messages between the producer and the offices
//! that handle it, and notes that never leave the level of the office that wrote them.

use super::model::Dossier;
use super::model::messages::{Message, Reading};
use super::opened::Opened;
use super::rules::{Desk, MessageKind, Party, Status, Stop};
use super::store::messages as store;
use super::{documents, handing};
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{DocumentId, RowId};
use crate::outbox::{self, Topic};

/// The act of reading and writing this kind.
pub fn act(kind: MessageKind) -> Act {
    match kind {
        MessageKind::Message => Act::WriteMessages,
        MessageKind::Note => Act::KeepNotes,
    }
}

/// For whom the caller reads and writes: the producer, and the offices that handle the dossier or have
/// handled it; notes are the offices' alone.
///
/// # Errors
/// 403 for everybody else.
pub(super) fn parties(cx: &mut Ctx<'_>, opened: &Opened<'_>, kind: MessageKind) -> Result<Vec<Party>> {
    if cx.actor().is_system() {
        return Ok(vec![Party::System]);
    }
    let moves = opened.moves(cx)?;
    let handles = |party: Party| match party {
        Party::Producer => kind == MessageKind::Message,
        Party::Commune => true,
        party => opened.row.level.party() == party || moves.iter().any(|m| m.party == party),
    };
    let mut mine = opened.parties(cx)?.clone();
    mine.retain(|party| handles(*party));
    match mine.is_empty() {
        true => Err(AppError::Forbidden(act(kind).word())),
        false => Ok(mine),
    }
}

/// Writes a message or a note. The outside world learns that there is a message, never what it says;
/// of a note it learns nothing.
///
/// # Errors
/// 409 while it is a draft, 422 for papers that do not lie in the dossier.
pub fn write(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    kind: MessageKind,
    parties: &[Party],
    words: &str,
    papers: &[DocumentId],
) -> Result<RowId> {
    if dossier.status == Status::Draft {
        return Err(Stop::NotFiled.into());
    }
    let lying = documents::list(cx, dossier.id)?;
    if let Some(index) = papers.iter().position(|p| !lying.iter().any(|d| d.reference.id == *p)) {
        return Err(AppError::field(
            &format!("/documents/{index}"),
            "unknown_document",
            "Chỉ đính kèm giấy tờ đang có trong hồ sơ này.",
            "Attach papers that lie in this dossier.",
        ));
    }
    let party = author(dossier, parties);
    let row = Message {
        id: RowId::new(),
        dossier_id: dossier.id,
        kind,
        ordinal: store::last_ordinal(cx, dossier.id, kind)? + 1,
        party,
        place_id: match Desk::ALL.iter().find(|d| d.party() == party) {
            Some(desk) => handing::office(cx, dossier, *desk)?,
            None => None,
        },
        words: words.trim().to_owned(),
        documents: Doc::of(&papers),
        by_user: cx.actor().user(),
        at: cx.now,
    };
    store::insert(cx, &row)?;
    let details = Details::none().with("kind", kind).with("ordinal", row.ordinal).with("party", party);
    audit::record(cx, "dossier.message_written", "dossier", dossier.id.0, details)?;
    if kind == MessageKind::Message {
        let told = serde_json::json!({ "message": row.ordinal, "party": party, "product": dossier.product_id });
        outbox::tell(cx, Topic::Dossier, dossier.id.0, told)?;
    }
    Ok(row.id)
}

/// Of several, the party on whose desk the dossier lies.
fn author(dossier: &Dossier, parties: &[Party]) -> Party {
    let here = parties.iter().copied().find(|p| *p == dossier.level.party());
    here.or(parties.first().copied()).unwrap_or(Party::System)
}

/// Up to which one the caller has read.
///
/// # Errors
/// When the database fails.
pub fn read_to(cx: &mut Ctx<'_>, dossier: &Dossier, kind: MessageKind) -> Result<i32> {
    let Some(user) = cx.actor().user() else { return Ok(0) };
    store::read_to(cx, dossier.id, user, kind)
}

/// Remembers that the caller has read up to this one; never backwards.
///
/// # Errors
/// When the database fails.
pub fn mark_read(cx: &mut Ctx<'_>, dossier: &Dossier, kind: MessageKind, up_to: i32) -> Result<()> {
    let Some(user) = cx.actor().user() else { return Ok(()) };
    let last = store::last_ordinal(cx, dossier.id, kind)?;
    let read_to = up_to.min(last).max(store::read_to(cx, dossier.id, user, kind)?);
    store::put_reading(cx, &Reading { dossier_id: dossier.id, user_id: user, kind, read_to, at: cx.now })
}

/// How many the caller has not read; 0 for who may not read them at all.
///
/// # Errors
/// When the database fails.
pub(super) fn unread(cx: &mut Ctx<'_>, opened: &Opened<'_>, kind: MessageKind) -> Result<i64> {
    let Some(user) = cx.actor().user() else { return Ok(0) };
    let id = opened.row.id;
    match parties(cx, opened, kind) {
        Err(AppError::Forbidden(_)) => Ok(0),
        Err(other) => Err(other),
        Ok(mine) => {
            let after = store::read_to(cx, id, user, kind)?;
            store::unread(cx, id, user, kind, &mine, after)
        }
    }
}

/// One that the caller may read.
///
/// # Errors
/// 404.
pub fn find(cx: &mut Ctx<'_>, dossier: &Dossier, kind: MessageKind, parties: &[Party], id: RowId) -> Result<Message> {
    store::find(cx, dossier.id, kind, parties, id)?.ok_or(AppError::NotFound)
}

/// A page of what the caller may read, the newest first.
///
/// # Errors
/// When the database fails.
pub fn page(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    kind: MessageKind,
    parties: &[Party],
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Message>> {
    store::page(cx, dossier.id, kind, parties, before, limit)
}
