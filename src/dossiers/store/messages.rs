//! Messages, notes, and how far they were read.

use diesel::prelude::*;

use super::super::model::messages::{Message, Reading};
use super::super::rules::{MessageKind, Party};
use crate::db::schema::{dossier_messages, dossier_reads};
use crate::db::{Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{DossierId, RowId, UserId};

/// The messages of a dossier, or the notes of these parties: a note never leaves its level.
fn of(dossier: DossierId, kind: MessageKind, parties: &[Party]) -> dossier_messages::BoxedQuery<'static, MultiBackend> {
    let all = dossier_messages::table
        .filter(dossier_messages::dossier_id.eq(dossier))
        .filter(dossier_messages::kind.eq(kind))
        .into_boxed();
    match kind {
        MessageKind::Message => all,
        MessageKind::Note => all.filter(dossier_messages::party.eq_any(parties.to_vec())),
    }
}

/// A page, the newest first.
pub(in super::super) fn page(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    kind: MessageKind,
    parties: &[Party],
    before: Option<i32>,
    limit: i64,
) -> Result<Vec<Message>> {
    let mut query = of(dossier, kind, parties);
    if let Some(ordinal) = before {
        query = query.filter(dossier_messages::ordinal.lt(ordinal));
    }
    let newest = dossier_messages::ordinal.desc();
    Ok(query.order(newest).limit(limit + 1).select(Message::as_select()).load(cx.conn)?)
}

/// One of them, if these parties may read it.
pub(in super::super) fn find(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    kind: MessageKind,
    parties: &[Party],
    id: RowId,
) -> Result<Option<Message>> {
    let query = of(dossier, kind, parties).filter(dossier_messages::id.eq(id));
    Ok(query.select(Message::as_select()).first(cx.conn).optional()?)
}

pub(in super::super) fn last_ordinal(cx: &mut Ctx<'_>, dossier: DossierId, kind: MessageKind) -> Result<i32> {
    let last: Option<i32> = dossier_messages::table
        .filter(dossier_messages::dossier_id.eq(dossier))
        .filter(dossier_messages::kind.eq(kind))
        .select(diesel::dsl::max(dossier_messages::ordinal))
        .first(cx.conn)?;
    Ok(last.unwrap_or(0))
}

pub(in super::super) fn insert(cx: &mut Ctx<'_>, row: &Message) -> Result<()> {
    diesel::insert_into(dossier_messages::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Up to which one this person has read; 0 before the first.
pub(in super::super) fn read_to(cx: &mut Ctx<'_>, dossier: DossierId, user: UserId, kind: MessageKind) -> Result<i32> {
    let found: Option<i32> =
        dossier_reads::table.find((dossier, user, kind)).select(dossier_reads::read_to).first(cx.conn).optional()?;
    Ok(found.unwrap_or(0))
}

/// What others wrote after this one.
pub(in super::super) fn unread(
    cx: &mut Ctx<'_>,
    dossier: DossierId,
    user: UserId,
    kind: MessageKind,
    parties: &[Party],
    after: i32,
) -> Result<i64> {
    let by_others = dossier_messages::by_user.is_null().or(dossier_messages::by_user.ne(user));
    Ok(of(dossier, kind, parties)
        .filter(dossier_messages::ordinal.gt(after))
        .filter(by_others)
        .count()
        .get_result(cx.conn)?)
}

pub(in super::super) fn put_reading(cx: &mut Ctx<'_>, row: &Reading) -> Result<()> {
    let known = dossier_reads::table.find((row.dossier_id, row.user_id, row.kind));
    let changed = diesel::update(known)
        .set((dossier_reads::read_to.eq(row.read_to), dossier_reads::at.eq(row.at)))
        .execute(cx.conn)?;
    if changed == 0 {
        diesel::insert_into(dossier_reads::table).values(row).execute(cx.conn)?;
    }
    Ok(())
}
