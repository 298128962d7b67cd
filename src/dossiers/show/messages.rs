//! Messages and notes as the wire shows them.

use super::super::dto::{MessageQuery, MessageView, UnreadView};
use super::super::messages;
use super::super::model::Dossier;
use super::super::model::messages::Message;
use super::super::opened::Opened;
use super::super::rules::{MessageKind, Party};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::UserId;
use crate::web::{Page, page};

/// A page of what the caller may read, the newest first.
pub(in super::super) fn messages(
    cx: &mut Ctx<'_>,
    row: &Dossier,
    kind: MessageKind,
    parties: &[Party],
    query: &MessageQuery,
) -> Result<Page<MessageView>> {
    let limit = page::limit(query.limit)?;
    let before: Option<i32> = page::read_cursor(query.cursor.as_deref())?;
    let (me, read_to) = (cx.actor().user(), messages::read_to(cx, row, kind)?);
    let rows = messages::page(cx, row, kind, parties, before, limit)?;
    Ok(Page::cut(rows, limit, |m| m.ordinal).map(|m| view(m, me, read_to)))
}

/// One that was just written.
pub(in super::super) fn message(cx: &Ctx<'_>, row: Message) -> MessageView {
    view(row, cx.actor().user(), 0)
}

fn view(row: Message, me: Option<UserId>, read_to: i32) -> MessageView {
    MessageView {
        id: row.id,
        ordinal: row.ordinal,
        at: row.at,
        party: row.party,
        party_label: row.party.label(),
        office: row.place_id,
        by: row.by_user,
        words: row.words,
        documents: row.documents,
        read: row.ordinal <= read_to || (me.is_some() && row.by_user == me),
    }
}

/// What the caller has not read.
pub(in super::super) fn unread(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<UnreadView> {
    Ok(UnreadView {
        messages: messages::unread(cx, opened, MessageKind::Message)?,
        notes: messages::unread(cx, opened, MessageKind::Note)?,
    })
}
