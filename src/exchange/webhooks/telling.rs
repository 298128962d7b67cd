//! From the outbox to deliveries: `position > cursor`, in order, in one deed, by one teller at a time. What
//! an account is told is what it may see at that moment, with its rights of that day.

use serde_json::json;

use super::super::model::webhooks::{Delivery, StoppedWhy, Webhook};
use super::events::{Audience, Event, event, href};
use super::{store, topics_of};
use crate::actor::{Actor, Caller, Role};
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Result};
use crate::ids::{DeliveryId, DossierId, EvidenceId, InspectionId, LotId, ProducerId, ProductId};
use crate::outbox::{self, OutboxRow, Topic};
use crate::text::Lang;
use crate::{auth, catalogue, dossiers, monitoring, producers, products, recorder, traceability};

/// How many messages one deed looks at, for one webhook.
const CHUNK: i64 = 200;
/// How many webhooks one deed serves.
const AT_ONCE: i64 = 20;

/// Writes deliveries of what has happened. Answers whether there is more.
///
/// # Errors
/// When the database fails.
pub fn work_once(db: &Db, source: &str) -> Result<bool> {
    let worker = Caller::system("webhooks");
    let behind = db.read_now(&worker, |cx| {
        let newest = outbox::newest(cx)?;
        Ok(!store::behind(cx, newest, 1)?.is_empty())
    })?;
    if !behind {
        return Ok(false);
    }
    let source = source.to_owned();
    db.write_now(&worker, move |cx| {
        recorder::hold(cx, "webhooks")?;
        let newest = outbox::newest(cx)?;
        for webhook in store::behind(cx, newest, AT_ONCE)? {
            tell(cx, &webhook, &source)?;
        }
        Ok(!store::behind(cx, newest, 1)?.is_empty())
    })
}

fn tell(cx: &mut Ctx<'_>, webhook: &Webhook, source: &str) -> Result<()> {
    let standing = webhook.id.0;
    let Some(actor) = auth::rights_of(cx, webhook.user_id, webhook.second_factor, standing)? else {
        return super::stop(cx, webhook.id, StoppedWhy::AccountClosed);
    };
    let caller = Caller { actor, lang: Lang::Vi, trace: "webhooks".to_owned(), network: "local".to_owned() };
    let topics = topics_of(webhook);
    let rows = outbox::after(cx, webhook.cursor, CHUNK)?;
    // What waited for its place in the order when the webhook was made had happened before.
    for row in rows.iter().filter(|row| topics.contains(&row.topic) && row.at >= webhook.created_at) {
        let Some(event) = event(row.topic, &row.body.0) else { continue };
        let Some(told) = cx.acting_as(&caller, |cx| seen(cx, row, &event))? else { continue };
        store::insert_delivery(cx, &delivery(cx, webhook, row, &event, source, told)?)?;
    }
    match rows.last().and_then(|row| row.position) {
        Some(position) => store::set_cursor(cx, webhook.id, position),
        None => Ok(()),
    }
}

/// What of a thing its reader sees.
struct Seen {
    /// Whether everybody does.
    public: bool,
}

/// Whether the caller may be told.
fn seen(cx: &mut Ctx<'_>, row: &OutboxRow, event: &Event) -> Result<Option<Seen>> {
    let own = |yes: bool| yes.then_some(Seen { public: false });
    Ok(match &event.audience {
        Audience::All => Some(Seen { public: true }),
        Audience::Public => match is_public(cx, row)? {
            true => Some(Seen { public: true }),
            false => own(sees(cx, row)?),
        },
        Audience::Sees => own(sees(cx, row)?),
        Audience::Correspondents => own(policy::may(cx, Act::WriteMessages) && sees(cx, row)?),
        Audience::Opinions { department } => {
            own(policy::may(cx, Act::ReadOpinions) && asked(cx.actor(), department.as_deref()) && sees(cx, row)?)
        }
    })
}

/// A department is told of what it is asked, and of nothing that others are.
fn asked(actor: &Actor, department: Option<&str>) -> bool {
    let readers = policy::roles(Act::ReadOpinions);
    let of = |role: Role| role == Role::Department;
    let office = actor.grants.iter().any(|g| readers.contains(&g.role) && !of(g.role));
    let theirs = |g: &crate::actor::Grant| of(g.role) && g.organisation.map(|o| o.to_string()).as_deref() == department;
    office || actor.grants.iter().any(theirs)
}

fn is_public(cx: &mut Ctx<'_>, row: &OutboxRow) -> Result<bool> {
    there(catalogue::is_public(cx, ProductId(row.subject_id.0)), |public| public)
}

fn sees(cx: &mut Ctx<'_>, row: &OutboxRow) -> Result<bool> {
    let id = row.subject_id.0;
    match row.topic {
        Topic::Recognition | Topic::Revocation | Topic::Product | Topic::Reminder => {
            there(products::get(cx, ProductId(id)), |_| true)
        }
        Topic::Producer => there(producers::get(cx, ProducerId(id)), |_| true),
        Topic::Dossier => there(dossiers::get(cx, DossierId(id)), |_| true),
        Topic::Evidence => there(products::evidence::get(cx, EvidenceId(id)), |_| true),
        Topic::Lot => there(traceability::get(cx, LotId(id)), |_| true),
        Topic::Inspection => there(monitoring::get(cx, InspectionId(id)), |_| true),
        Topic::Decision | Topic::Reference | Topic::Account => Ok(false),
    }
}

/// What is hidden from the caller, or is no more, is not there.
fn there<T>(found: Result<T>, say: impl FnOnce(T) -> bool) -> Result<bool> {
    match found {
        Ok(found) => Ok(say(found)),
        Err(AppError::NotFound) => Ok(false),
        Err(e) => Err(e),
    }
}

fn delivery(
    cx: &Ctx<'_>,
    webhook: &Webhook,
    row: &OutboxRow,
    event: &Event,
    source: &str,
    seen: Seen,
) -> Result<Delivery> {
    let kind = format!("vn.ocop.{}.{}", row.topic, event.word);
    let subject = row.subject_id.to_string();
    let href = href(row.topic, &subject, seen.public).map(|path| format!("{source}{path}"));
    let position = row.position.ok_or_else(|| AppError::internal("a message without its place in the order"))?;
    let body = json!({
        "specversion": "1.0", "id": row.id, "source": source, "type": kind, "subject": subject, "time": row.at,
        "datacontenttype": "application/json", "sequence": format!("{position:020}"),
        "data": { "topic": row.topic, "event": event.word, "href": href },
    });
    let delivery = Delivery::waiting(DeliveryId::new(), webhook.id, kind, body, cx.now);
    Ok(Delivery { outbox_id: Some(row.id), ..delivery })
}
