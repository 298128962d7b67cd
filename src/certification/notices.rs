//! Notices: every decision about a product in writing, to its producer and its commune. Results, also when
//! nothing is recognised (26/2026, Điều 7.3 g), and what revocation (Điều 8), withdrawal (Điều 10.1 b),
//! extension and correction do to a recognition. They are made by the publication, and read by nobody
//! before it; whose account is known gets a letter besides.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;

use super::model::{Decision, DecisionItem, Notice};
use super::rules::{self, DecisionKind};
use super::{held, issue, store};
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth::letters;
use crate::auth::policy::Act;
use crate::db::Ctx;
use crate::dossiers;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, NoticeId, PlaceId, RowId, UserId};
use crate::numbers;
use crate::places;
use crate::products;

/// How many notices a letter names; the others are counted.
const LINES: usize = 50;

/// Makes the notices of a decision that is being published, and writes to the accounts that they go to. Nobody
/// is told of a line that is void.
pub(super) fn issue(cx: &mut Ctx<'_>, decision: &Decision, void: &[RowId]) -> Result<()> {
    let mut seats: HashMap<PlaceId, Vec<UserId>> = HashMap::new();
    let mut lines: BTreeMap<UserId, Vec<(String, String)>> = BTreeMap::new();
    let (mut items, sign) = (store::items_of(cx, decision.id)?, issue::sign_of(cx, decision)?);
    items.retain(|item| !void.contains(&item.id));
    let products: Vec<_> = items.iter().map(|item| item.product_id).collect();
    let names: HashMap<_, _> = store::product_names(cx, &products)?.into_iter().collect();
    for item in items {
        let row = write(cx, decision, &item, &sign)?;
        let mut readers = match row.producer_id {
            Some(producer) => letters::speakers(cx, producer)?,
            None => Vec::new(),
        };
        if let Some(place) = row.place_id {
            let seats = match seats.entry(place) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(letters::holders(cx, Role::Commune, place)?),
            };
            readers.extend(seats.iter());
        }
        readers.sort_unstable();
        readers.dedup();
        let name = names.get(&row.product_id).ok_or(AppError::NotFound)?;
        let line = line(decision, &row, name);
        for reader in readers {
            lines.entry(reader).or_default().push(line.clone());
        }
    }
    for (reader, lines) in lines {
        let (subject, text) = letter(decision, &lines);
        letters::post(cx, reader, &subject, &text)?;
    }
    Ok(())
}

/// Whom a line of a decision is told to, and of what.
fn addressed(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem, row: Notice) -> Result<Notice> {
    let place_of = |cx: &mut Ctx<'_>, dossier: Option<DossierId>| -> Result<Option<PlaceId>> {
        Ok(dossier.map(|id| dossiers::any(cx, id)).transpose()?.map(|d| d.place_id))
    };
    if row.outcome.is_result() {
        return Ok(Notice { dossier_id: item.dossier_id, place_id: place_of(cx, item.dossier_id)?, ..row });
    }
    let recognition = held::lock(cx, item.named()?)?.recognition;
    let product = products::any(cx, recognition.product_id)?;
    let made = product.place_id.or(recognition.place_id);
    Ok(Notice {
        dossier_id: recognition.dossier_id,
        producer_id: row.producer_id.or(product.producer_id),
        place_id: place_of(cx, recognition.dossier_id)?.or(made),
        recognition_id: Some(recognition.id),
        ground: recognition.revocation_ground.filter(|_| decision.kind == DecisionKind::Revocation),
        extended_through: recognition.extended_through.filter(|_| decision.kind == DecisionKind::Extension),
        ..row
    })
}

fn write(cx: &mut Ctx<'_>, decision: &Decision, item: &DecisionItem, sign: &str) -> Result<Notice> {
    let id = NoticeId::new();
    let year = cx.today().year();
    let sequence = numbers::draw(cx, &format!("notice/{sign}/{year}"), id.0)?;
    let note = Some(item.note.clone()).filter(|n| !n.is_empty());
    let row = Notice {
        id,
        number: format!("TB-OCOP-{sign}-{year}-{sequence:06}"),
        decision_id: decision.id,
        dossier_id: None,
        product_id: item.product_id,
        producer_id: item.producer_id,
        place_id: None,
        outcome: decision.kind.into(),
        stars: item.stars,
        reason: note.or_else(|| decision.reason.clone()).unwrap_or_default(),
        issued_on: cx.today(),
        producer_read_at: None,
        producer_read_by: None,
        commune_read_at: None,
        commune_read_by: None,
        recognition_id: None,
        ground: None,
        extended_through: None,
        created_at: cx.now,
        version: 1,
    };
    let row = addressed(cx, decision, item, row)?;
    store::insert_notice(cx, &row)?;
    let details =
        Details::none().with("number", &row.number).with("dossier", row.dossier_id).with("outcome", row.outcome);
    audit::record(cx, "notice.issued", "notice", id.0, details)?;
    Ok(row)
}

/// What a letter says of a notice, in both languages.
fn line(decision: &Decision, row: &Notice, name: &str) -> (String, String) {
    let (outcome, mut more) = (row.outcome.label(), (String::new(), String::new()));
    if let Some(ground) = row.ground {
        let (label, article) = (ground.label(), rules::article(decision.kind, Some(ground)));
        more = (format!(": {} ({article})", label.vi), format!(": {} ({article})", label.en));
    }
    if let Some(day) = row.extended_through {
        more = (format!(" đến hết ngày {}", day.format("%d/%m/%Y")), format!(" through {day}"));
    }
    let number = &row.number;
    (format!("- {number}, {name}: {}{}", outcome.vi, more.0), format!("- {number}, {name}: {}{}", outcome.en, more.1))
}

/// One letter for all that a decision tells one person.
fn letter(decision: &Decision, lines: &[(String, String)]) -> (String, String) {
    let (kind, number) = (decision.kind.label(), decision.number.as_deref().unwrap_or("–"));
    let day = decision.signed_on.unwrap_or_default();
    let more = match lines.len().saturating_sub(LINES) {
        0 => String::new(),
        more => format!("\n- … (+{more})"),
    };
    let (vi, en): (Vec<_>, Vec<_>) = lines.iter().take(LINES).cloned().unzip();
    let n = lines.len();
    let text = format!(
        "{} số {number} ngày {} của {}:\n\n{}{more}\n\nMời đăng nhập để đọc thông báo và xác nhận đã nhận.\n\n---\n\n\
         {} {number} of {day}, {}:\n\n{}{more}\n\nSign in to read the notice and to confirm that you have it.\n",
        kind.vi,
        day.format("%d/%m/%Y"),
        decision.authority_name,
        vi.join("\n"),
        kind.en,
        decision.authority_name,
        en.join("\n"),
    );
    (format!("OCOP: {n} thông báo theo {number} / {n} notices by {number}"), text)
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
    let Some(place) = row.place_id else { return Ok(false) };
    let seats: Vec<_> = cx.actor().grants.iter().filter(|g| g.role == Role::Commune).filter_map(|g| g.place).collect();
    for seat in seats {
        if seat == place || places::reaches(cx, seat, place)? {
            return Ok(true);
        }
    }
    Ok(false)
}
