//! Lots and events as the wire shows them: to their producer, and to everyone with a label.

use super::dto::{
    AmountView, EventView, LotDetail, LotQuery, LotView, PublicEvent, TraceView, TracedCertificate, TracedProducer,
    TracedProduct,
};
use super::model::{Lot, TraceEvent};
use super::rules::{Unit, write_amount};
use super::store;
use crate::certification;
use crate::config::Config;
use crate::db::{Ctx, Moment};
use crate::error::{AppError, Result};
use crate::ids::LotId;
use crate::web::{Page, page};

/// A page of the lots that the caller may know about, the newest first.
pub(super) fn lots(cx: &mut Ctx<'_>, query: &LotQuery, config: &Config) -> Result<Page<LotView>> {
    let limit = page::limit(query.limit)?;
    let after: Option<(i64, LotId)> = page::read_cursor(query.cursor.as_deref())?;
    let after = after.map(|(at, id)| (Moment::from_micros(at), id));
    let rows = store::page(cx, query.product, after, limit)?;
    Ok(Page::cut(rows, limit, |l| (l.created_at.micros(), l.id)).map(|l| lot_view(&l, config)))
}

/// What a label leads to; none when there is no such lot.
pub(super) fn trace(cx: &mut Ctx<'_>, code: &str) -> Result<Option<TraceView>> {
    let Some(lot) = store::by_code(cx, code)? else { return Ok(None) };
    let (name, group, producer_id, place) = store::product(cx, lot.product_id)?;
    let place = place.map(|p| store::place_in_words(cx, p)).transpose()?;
    let mut events = store::events(cx, lot.id)?;
    events.sort_by_key(|e| (e.at, e.ordinal));
    Ok(Some(TraceView {
        producer: producer_id.map(|id| producer(cx, id)).transpose()?,
        certificate: certificate(cx, &lot)?,
        amount: amount(lot.quantity, lot.unit),
        product: TracedProduct { id: lot.product_id, name, group, place },
        code: lot.code,
        batch: lot.batch,
        made_on: lot.made_on,
        expires_on: lot.expires_on,
        events: events.iter().map(public_event).collect(),
        on: cx.today(),
    }))
}

fn producer(cx: &mut Ctx<'_>, id: crate::ids::ProducerId) -> Result<TracedProducer> {
    let (name, kind, place) = store::producer(cx, id)?;
    let place = place.map(|p| store::place_in_words(cx, p)).transpose()?;
    Ok(TracedProducer { id, name, kind, kind_label: kind.map(|k| k.label()), place })
}

fn certificate(cx: &mut Ctx<'_>, lot: &Lot) -> Result<TracedCertificate> {
    let row = certification::certificate(cx, lot.certificate_id)?.ok_or(AppError::NotFound)?;
    let standing = certification::standing(&row, cx.today());
    Ok(TracedCertificate {
        number: row.number,
        stars: row.stars,
        issued_on: row.issued_on,
        valid_through: row.valid_through,
        standing,
    })
}

fn amount(quantity: Option<i64>, unit: Option<Unit>) -> Option<AmountView> {
    let (quantity, unit) = quantity.zip(unit)?;
    Some(AmountView { quantity: write_amount(quantity), unit, unit_label: unit.label() })
}

fn public_event(event: &TraceEvent) -> PublicEvent {
    PublicEvent {
        kind: event.kind,
        label: event.kind.label(),
        at: event.at,
        place: event.place_text.clone(),
        amount: amount(event.quantity, event.unit),
        actor: event.actor_name.clone(),
    }
}

/// An event as its producer sees it.
pub(super) fn event(event: &TraceEvent) -> EventView {
    EventView { id: event.id, shown: public_event(event), note: event.note.clone(), recorded_at: event.recorded_at }
}

fn lot_view(lot: &Lot, config: &Config) -> LotView {
    LotView {
        id: lot.id,
        url: format!("{}/t/{}", config.public_url.trim_end_matches('/'), lot.code),
        code: lot.code.clone(),
        product_id: lot.product_id,
        batch: lot.batch.clone(),
        made_on: lot.made_on,
        expires_on: lot.expires_on,
        amount: amount(lot.quantity, lot.unit),
        created_at: lot.created_at,
        version: lot.version,
    }
}

/// One lot with its events.
pub(super) fn lot(cx: &mut Ctx<'_>, id: LotId, config: &Config) -> Result<LotDetail> {
    let lot = super::get(cx, id)?;
    let events = super::events_of(cx, id)?;
    Ok(LotDetail { lot: lot_view(&lot, config), events: events.iter().map(self::event).collect() })
}
