//! Products and decisions as the catalogue shows them.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::dto::{
    Approval, EntryState, HistoryEntry, PhotoLink, ProducerCard, ProductCard, ProductPage, PublicDecision,
    PublicDecisionPage, PublicLine,
};
use super::potential;
use super::store::{self, Entry};
use crate::certification::rules::{DecisionKind, State};
use crate::certification::{self, Decision, NamedItem, TimelineView, UnitView, VerifiedPlace, units_today};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::files::{self, StoredFile};
use crate::ids::{DecisionId, PlaceId, ProductId, RowId};
use crate::paper::{Imprint, Sheet};
use crate::products;

/// The cards of entries, in their order. Pictures and units are read once for all.
pub(super) fn cards(cx: &mut Ctx<'_>, entries: Vec<Entry>, potential: &[ProductId]) -> Result<Vec<ProductCard>> {
    let ids: Vec<ProductId> = entries.iter().map(|e| e.product.id).collect();
    let mut photos: HashMap<ProductId, (RowId, String)> = HashMap::new();
    for (product, photo, alt) in store::photos(cx, &ids)? {
        photos.entry(product).or_insert((photo, alt));
    }
    let mut units: HashMap<PlaceId, Vec<UnitView>> = HashMap::new();
    let mut shown = Vec::with_capacity(entries.len());
    for entry in entries {
        let place = entry.product.place_id.or(entry.recognition.as_ref().and_then(|r| r.place_id));
        let current = match place {
            None => Vec::new(),
            Some(id) => match units.get(&id) {
                Some(known) => known.clone(),
                None => {
                    let found = units_today(cx, Some(id))?;
                    units.insert(id, found.clone());
                    found
                }
            },
        };
        let photo = photos.remove(&entry.product.id);
        shown.push(card(entry, potential, current, photo, cx.today()));
    }
    Ok(shown)
}

fn card(
    entry: Entry,
    potential: &[ProductId],
    current: Vec<UnitView>,
    photo: Option<(RowId, String)>,
    today: NaiveDate,
) -> ProductCard {
    let potential_five = potential.binary_search(&entry.product.id).is_ok();
    let state = state_of(&entry, potential_five, today);
    let link = photo.map(|(id, alt)| photo_link(&entry, id, alt));
    let recognition = entry.recognition.as_ref();
    ProductCard {
        state,
        state_label: state.label(),
        potential_five,
        stars: recognition.map(|r| r.stars),
        kind: recognition.map(|r| r.kind),
        year: recognition.map(|r| r.recognised_on.year()),
        valid_from: recognition.map(|r| r.recognised_on),
        valid_through: recognition.map(|r| r.valid_through),
        place: VerifiedPlace { printed: recognition.map(|r| r.printed_place.clone()).unwrap_or_default(), current },
        decision: entry.decision.as_ref().map(Into::into),
        certificate_number: entry.certificate.map(|(number, _)| number),
        producer: entry.producer.map(|(id, name, kind)| ProducerCard {
            id,
            name,
            producer_type: kind,
            type_label: kind.map(|k| k.label()),
        }),
        photo: link,
        id: entry.product.id,
        name: entry.product.name,
        sector: entry.product.sector,
        group_code: entry.product.group_code,
        set_code: entry.product.set_code,
    }
}

fn state_of(entry: &Entry, potential_five: bool, today: NaiveDate) -> EntryState {
    let ground = entry.certificate.as_ref().and_then(|(_, ground)| *ground);
    match entry.recognition.as_ref().map(|r| r.standing(ground, today).state) {
        Some(State::Valid | State::NotYet) => EntryState::Valid,
        Some(State::Expiring | State::Extended) => EntryState::Expiring,
        Some(State::Revoked | State::Withdrawn) => EntryState::Revoked,
        Some(State::Expired | State::Superseded | State::PotentialFive) => EntryState::Expired,
        None if potential_five => EntryState::PotentialFive,
        None => EntryState::HistoryUnknown,
    }
}

fn photo_link(entry: &Entry, photo: RowId, alt: String) -> PhotoLink {
    let told = || {
        let producer = entry.producer.as_ref().map(|(_, name, _)| name.clone());
        let stars = entry.recognition.as_ref().map(|r| format!("{} sao, {}", r.stars, r.recognised_on.year()));
        [Some(entry.product.name.clone()), producer, stars].into_iter().flatten().collect::<Vec<_>>().join(" – ")
    };
    PhotoLink {
        href: format!("/v1/products/{}/photos/{photo}", entry.product.id),
        alt: if alt.is_empty() { told() } else { alt },
    }
}

/// Whether everybody may know of a product: it was recognised, or approved with 90 points or more, or
/// stands on a list that proves no recognition.
///
/// # Errors
/// 404 when there is no such product.
pub fn is_public(cx: &mut Ctx<'_>, id: ProductId) -> Result<bool> {
    let stays = products::canonical(cx, id)?;
    let all = products::same_as(cx, stays)?;
    store::is_public(cx, stays, &all)
}

/// The life of a product that everybody may know of.
pub(super) fn history(cx: &mut Ctx<'_>, asked: ProductId, on: NaiveDate) -> Result<TimelineView> {
    let id = products::canonical(cx, asked)?;
    let all = products::same_as(cx, id)?;
    match store::is_public(cx, id, &all)? {
        true => certification::timeline(cx, id, &all, on),
        // Never published: nobody else's business.
        false => Err(AppError::NotFound),
    }
}

/// One product with its history; an identifier that was merged leads to the product it turned out to be.
pub(super) fn product(cx: &mut Ctx<'_>, asked: ProductId) -> Result<ProductPage> {
    let today = cx.today();
    let id = products::canonical(cx, asked)?;
    let all = products::same_as(cx, id)?;
    if !store::is_public(cx, id, &all)? {
        // Never published: nobody else's business.
        return Err(AppError::NotFound);
    }
    let entry = store::entry(cx, id)?.ok_or(AppError::NotFound)?;
    let history = store::history(cx, &all)?;
    let approvals = potential::approvals(cx, Some(&all), today)?;
    let awaits: Vec<ProductId> = if approvals.iter().any(|a| a.awaits) { vec![id] } else { Vec::new() };
    let photos = store::photos(cx, &[id])?.into_iter().map(|(_, photo, alt)| photo_link(&entry, photo, alt)).collect();
    let (story, gtin) = (entry.product.story.clone(), entry.product.gtin.clone());
    let card = cards(cx, vec![entry], &awaits)?.pop().ok_or(AppError::NotFound)?;
    let history = history
        .into_iter()
        .map(|(row, decision, number, ground)| {
            let standing = row.standing(ground, today);
            HistoryEntry {
                id: row.id,
                kind: row.kind,
                stars: row.stars,
                level: row.level,
                recognised_on: row.recognised_on,
                valid_through: row.valid_through,
                state_label: standing.state.label(),
                state: standing.state,
                since: standing.since,
                reason: standing.reason,
                printed_place: row.printed_place,
                decision: (&decision).into(),
                certificate_number: number,
            }
        })
        .collect();
    let approvals = approvals
        .into_iter()
        .map(|a| Approval { decision: (&a.decision).into(), mean: a.item.mean, awaits: a.awaits })
        .collect();
    Ok(ProductPage {
        card,
        story,
        gtin,
        aliases: store::aliases(cx, &all)?,
        codes: store::codes(cx, &all)?,
        photos,
        history,
        approvals,
    })
}

/// A decision as anybody may know it.
pub(super) fn head(row: &Decision, products: i64) -> PublicDecision {
    PublicDecision {
        id: row.id,
        kind: row.kind,
        kind_label: row.kind.label(),
        level: row.level,
        authority_name: row.authority_name.clone(),
        number: row.number.clone(),
        signed_on: row.signed_on,
        signer_name: row.signer_name.clone(),
        published_on: row.published_on,
        imported: row.imported,
        products,
    }
}

/// One published decision with its products.
pub(super) fn decision(cx: &mut Ctx<'_>, id: DecisionId) -> Result<PublicDecisionPage> {
    let row = store::decision(cx, id)?.ok_or(AppError::NotFound)?;
    let approves = row.kind == DecisionKind::ResultApproval;
    let items: Vec<PublicLine> = certification::lines(cx, id)?
        .into_iter()
        .map(|NamedItem { item, product, producer, number }| PublicLine {
            corrections: certification::corrected_lines(&item),
            product_id: item.product_id,
            product_name: product,
            producer_name: producer,
            stars: Some(item.stars).filter(|s| *s > 0),
            mean: item.mean.filter(|_| approves),
            certificate_number: number,
        })
        .collect();
    let count = i64::try_from(items.len()).map_err(AppError::internal)?;
    let scans = certification::public_scans(cx, &row)?.into_iter().map(Into::into).collect();
    Ok(PublicDecisionPage { head: head(&row, count), legal_bases: row.bases(), items, scans })
}

/// A scan that everybody may read: its name, and where its bytes are.
pub(super) fn decision_scan(cx: &mut Ctx<'_>, id: DecisionId, scan: RowId) -> Result<(String, StoredFile)> {
    let row = store::decision(cx, id)?.ok_or(AppError::NotFound)?;
    let scan = certification::public_scans(cx, &row)?.into_iter().find(|s| s.id == scan).ok_or(AppError::NotFound)?;
    let stored = files::find(cx, &scan.sha256)?;
    Ok((scan.file_name, stored))
}

/// The same as a paper.
pub(super) fn decision_sheet(cx: &mut Ctx<'_>, id: DecisionId, imprint: &Imprint) -> Result<Sheet> {
    let row = store::decision(cx, id)?.ok_or(AppError::NotFound)?;
    certification::paper::decision(cx, &row, imprint)
}
