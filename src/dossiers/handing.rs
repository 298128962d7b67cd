//! Hand-over letters: one deed for all the dossiers that a letter carries, and their receipt.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::model::{Dossier, HandedOver, Handover, ManifestRow, RoundRow};
use super::moving::{Deed, carry, party_of};
use super::opened::Opened;
use super::papers::{self, Sending};
use super::rules::{Action, Desk, HandoverState, InLetter, Need, Party, SampleCondition, SampleDeed, Stop, Way, way};
use super::samples::{self, NewSamples};
use super::seals::{self, Sealer, WithLetter};
use super::{book_of, documents, get, held_stars, hold, intake, moment_of, receipts, steps, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, HandoverId, PlaceId};
use crate::places;
use crate::products::rules::ReceivingOffice;
use crate::products::{self, CodeRules};
use crate::rulebook::rules::{CodeYear, Round};
use crate::rulebook::{Authority, Outcome, Rulebook, Stage};

/// A letter as it is written.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who is to receive.
    pub to: Desk,
    /// Its number.
    pub number: String,
    /// Its date.
    pub signed_on: NaiveDate,
    /// Who signed it.
    pub signer: String,
    /// Whether one set on paper goes with it (Điều 7.1, 7.2 b, 7.3 e).
    pub paper_set: bool,
    /// Remark.
    pub note: String,
    /// What it carries.
    pub dossiers: Vec<Enclosed>,
}

/// One dossier of a letter.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// Which one.
    pub id: DossierId,
    /// Samples that go with it.
    pub samples: u16,
    /// The commune's own sequence number for the product code.
    pub sequence: Option<i64>,
}

/// Sends a letter: every dossier in it moves, or none.
///
/// # Errors
/// 404 and 403 by dossier, 422 for the date, 409 with what the regulation says and about which one.
pub fn send(cx: &mut Ctx<'_>, sealer: &Sealer, letter: &Letter) -> Result<Handover> {
    if letter.signed_on > cx.today() {
        return Err(AppError::field(
            "/signedOn",
            "future",
            "Ngày văn bản không ở tương lai.",
            "The letter cannot be dated in the future.",
        ));
    }
    let held = hold_all(cx, letter)?;
    let route = route(cx, letter, &held)?;
    let row = Handover {
        id: HandoverId::new(),
        from_level: route.from,
        from_place_id: route.from_place,
        to_level: letter.to,
        to_place_id: route.to_place,
        number: letter.number.clone(),
        signed_on: letter.signed_on,
        signer: letter.signer.clone(),
        paper_set: letter.paper_set,
        note: letter.note.clone(),
        created_by: cx.actor().user(),
        created_at: cx.now,
        version: 1,
    };
    store::insert_handover(cx, &row)?;
    for (index, (dossier, enclosed)) in held.iter().zip(&letter.dossiers).enumerate() {
        enclose(cx, sealer, &row, dossier, enclosed).map_err(|e| in_letter(e, index, held.len()))?;
    }
    let details = Details::none()
        .with("number", &row.number)
        .with("signedOn", row.signed_on)
        .with("to", row.to_level)
        .with("dossiers", letter.dossiers.iter().map(|d| d.id).collect::<Vec<_>>());
    audit::record(cx, "handover.sent", "handover", row.id.0, details)?;
    Ok(row)
}

/// Says which dossier of the letter was refused, when there are several.
fn in_letter(error: AppError, index: usize, of: usize) -> AppError {
    match error {
        AppError::Refused(inner) if of > 1 => AppError::Refused(Box::new(InLetter { index, inner })),
        other => other,
    }
}

/// Holds every dossier, always in the order of identifiers, and gives them in the order of the letter.
fn hold_all(cx: &mut Ctx<'_>, letter: &Letter) -> Result<Vec<Dossier>> {
    let mut ids: Vec<DossierId> = letter.dossiers.iter().map(|d| d.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Stop::LetterRepeats.into());
    }
    let mut held = Vec::new();
    for id in ids {
        held.push(hold(cx, id)?);
    }
    let position = |id: DossierId| letter.dossiers.iter().position(|d| d.id == id);
    held.sort_by_key(|d| position(d.id));
    Ok(held)
}

/// From which office to which the letter goes.
struct Route {
    from: Desk,
    from_place: Option<PlaceId>,
    to_place: Option<PlaceId>,
}

fn route(cx: &mut Ctx<'_>, letter: &Letter, held: &[Dossier]) -> Result<Route> {
    let mut found: Option<Route> = None;
    for dossier in held {
        let from = way(dossier.status, letter.to).ok_or(Stop::NoSuchWay(dossier.status))?.from;
        let (from_place, to_place) = (office(cx, dossier, from)?, office(cx, dossier, letter.to)?);
        match &found {
            None => found = Some(Route { from, from_place, to_place }),
            Some(r) if (r.from, r.from_place, r.to_place) == (from, from_place, to_place) => {}
            Some(_) => return Err(Stop::LetterMixed.into()),
        }
    }
    Ok(found.ok_or(Stop::LetterMixed)?)
}

/// The unit whose desk it is for a dossier.
pub(super) fn office(cx: &mut Ctx<'_>, dossier: &Dossier, desk: Desk) -> Result<Option<PlaceId>> {
    let Some(level) = desk.place_level() else { return Ok(None) };
    let line = places::ancestors(cx, dossier.place_id)?;
    Ok(line.iter().find(|p| p.level == level).map(|p| p.id))
}

fn enclose(cx: &mut Ctx<'_>, sealer: &Sealer, row: &Handover, dossier: &Dossier, enclosed: &Enclosed) -> Result<()> {
    let Some(way) = way(dossier.status, row.to_level) else { return Err(Stop::NoSuchWay(dossier.status).into()) };
    let party = party_of(cx, dossier, way.action)?;
    let step = moment_of(cx, dossier)?.find_move(way.action, party)?;
    let book = book_of(cx, dossier)?;
    if way.action == Action::Propose && !intake::report_proposes(dossier) {
        return Err(Stop::ReportDoesNotPropose.into());
    }
    check_star(cx, &book, dossier, way, step.needs)?;
    if step.needs.contains(&Need::Papers) {
        let sending = Sending { from: way.from, samples: enclosed.samples };
        papers::must_be_complete(cx, &book, dossier, stages(row.to_level), Some(sending))?;
    }
    let round = round_from(&book, dossier, row.to_level, row.signed_on);
    let mut after = dossier.clone();
    if step.needs.contains(&Need::ProductCode) {
        after.product_code = Some(code(cx, &book, dossier, row, round, enclosed.sequence)?);
    }
    documents::must_be_clean(cx, dossier)?;
    let letter = WithLetter { letter: told(row), round, samples: enclosed.samples };
    let manifest = seals::seal(cx, sealer, &after, (way.action, party), Some(letter))?;
    let sent = HandedOver {
        handover_id: row.id,
        dossier_id: dossier.id,
        manifest_number: manifest.number,
        manifest_hash: manifest.sha256.clone(),
        samples: enclosed.samples.into(),
        state: if way.to_receive { HandoverState::Sent } else { HandoverState::Received },
        received_on: (!way.to_receive).then(|| cx.today()),
        refused_reason: None,
    };
    store::insert_handed_over(cx, &sent)?;
    let going = going(SampleDeed::HandedOver, enclosed.samples.into(), row.signed_on, &row.signer);
    samples::with_letter(cx, dossier, row, way.from, &going)?;
    keep_round(cx, dossier.id, row.to_level, round)?;
    let details = json!({
        "handover": row.id, "number": row.number, "signedOn": row.signed_on,
        "manifest": manifest.sha256, "manifestNumber": manifest.number,
        "productCode": after.product_code, "round": round,
    });
    carry(cx, dossier, after, way.action, party, Deed::with(details))?;
    Ok(())
}

/// What a letter says of samples.
fn going(deed: SampleDeed, count: i32, on: NaiveDate, person: &str) -> NewSamples {
    NewSamples { deed, count, on, condition: None, person: person.to_owned(), note: String::new() }
}

fn stages(to: Desk) -> &'static [Stage] {
    match to {
        Desk::Central => &[Stage::ToCentre],
        _ => &[Stage::Filing, Stage::ToCouncil],
    }
}

/// The star that the council found must lead where the letter goes.
fn check_star(cx: &mut Ctx<'_>, book: &Rulebook, dossier: &Dossier, way: Way, needs: &[Need]) -> Result<()> {
    for need in needs {
        match need {
            Need::StarAbove => steps::must_lead(cx, dossier, way.action, |o| matches!(o, Outcome::SendOn(_)))?,
            Need::StarBelow => steps::must_lead(cx, dossier, way.action, |o| matches!(o, Outcome::HandBack(_)))?,
            Need::StarNotHere => steps::must_lead(cx, dossier, way.action, |o| o != Outcome::Recognise)?,
            Need::FiveStarHeld => {
                let held = held_stars(cx, dossier)?;
                if !book.straight_to_centre(dossier.kind, held) {
                    return Err(Stop::NotStraightToCentre.into());
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn authority(desk: Desk) -> Option<Authority> {
    match desk {
        Desk::Commune => None,
        Desk::District => Some(Authority::District),
        Desk::Province => Some(Authority::Province),
        Desk::Central => Some(Authority::Central),
    }
}

/// The round that a letter of this date reaches; none outside rounds.
fn round_from(book: &Rulebook, dossier: &Dossier, to: Desk, signed_on: NaiveDate) -> Option<Round> {
    let in_rounds = book.kind(dossier.kind).is_some_and(|k| k.in_rounds);
    book.round_of(authority(to).filter(|_| in_rounds)?, signed_on)
}

/// Notes the round beside the manifest, for lists: the newest letter to a level counts.
pub(super) fn keep_round(cx: &mut Ctx<'_>, dossier_id: DossierId, to: Desk, round: Option<Round>) -> Result<()> {
    match (authority(to), round) {
        (Some(level), Some(round)) => {
            store::put_round(cx, &RoundRow { dossier_id, level, number: round.number.into(), year: round.year })
        }
        (Some(level), None) => store::remove_round(cx, dossier_id, level),
        (None, _) => Ok(()),
    }
}

/// The round that the newest letter to the present desk reached, or the later one to which it was
/// carried; none outside rounds.
///
/// # Errors
/// When the database fails.
pub fn round_of(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Option<Round>> {
    Opened::of(dossier).round(cx)
}

/// Reads it for [`Opened::round`].
pub(super) fn round_reached(cx: &mut Ctx<'_>, opened: &Opened<'_>) -> Result<Option<Round>> {
    let dossier = opened.row;
    let Some(letter) = store::newest_letter_to(cx, dossier.id, dossier.level)? else { return Ok(None) };
    let carried = opened.moves(cx)?.iter().rev().find(|m| m.action == Action::CarryOver && m.at >= letter.created_at);
    if let Some(round) = carried.and_then(|m| Round::deserialize(&m.details.0["round"]).ok()) {
        return Ok(Some(round));
    }
    Ok(round_from(opened.book(cx)?, dossier, dossier.level, letter.signed_on))
}

/// The product code, given when the commune proposes; the number is drawn as late as can be.
fn code(
    cx: &mut Ctx<'_>,
    book: &Rulebook,
    dossier: &Dossier,
    row: &Handover,
    round: Option<Round>,
    wanted: Option<i64>,
) -> Result<String> {
    let pattern = book.regime(cx.today())?.product_code;
    let year = match (book.parameters.code_year, round) {
        (CodeYear::Round, Some(round)) => round.year,
        _ => row.signed_on.year(),
    };
    let product = products::get(cx, dossier.product_id)?;
    let commune = places::get(cx, dossier.place_id)?;
    let rules = CodeRules { pattern, year, per_year: book.parameters.sequence_per_year };
    Ok(products::give_code(cx, &product, dossier.id, &commune, rules, wanted)?.to_string())
}

/// The letter as the manifests of its dossiers tell it.
fn told(row: &Handover) -> Value {
    json!({
        "id": row.id, "number": row.number, "signedOn": row.signed_on, "signer": row.signer, "from": row.from_level,
        "to": row.to_level, "paperSet": row.paper_set,
    })
}

/// A hand-over letter that the caller may know about.
///
/// # Errors
/// 404.
pub fn letter(cx: &mut Ctx<'_>, id: HandoverId) -> Result<Handover> {
    store::handover(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold_letter(cx: &mut Ctx<'_>, id: HandoverId) -> Result<Handover> {
    letter(cx, id)?;
    store::lock_handover(cx, id)
}

/// What the receiving office says about one dossier of a letter.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Which one.
    pub dossier: DossierId,
    /// Why it was not received; received without.
    pub refused: Option<String>,
    /// The samples that came with it, when they were counted.
    pub samples: Option<CountedSamples>,
}

/// Samples that came with a letter, as they were counted.
#[derive(Debug, Clone)]
pub struct CountedSamples {
    /// How many.
    pub count: i32,
    /// In which condition.
    pub condition: SampleCondition,
    /// Who counted them.
    pub person: String,
    /// Remark.
    pub note: String,
}

/// Receives or refuses dossiers of a letter. One that was refused can still be received when what
/// was wrong is put right.
///
/// # Errors
/// 403 for another office, 409 when it is not on its way.
pub fn receive(cx: &mut Ctx<'_>, row: &Handover, receipts: &[Receipt]) -> Result<Handover> {
    let mut sorted: Vec<&Receipt> = receipts.iter().collect();
    sorted.sort_by_key(|r| r.dossier);
    for receipt in sorted {
        let index = receipts.iter().position(|r| r.dossier == receipt.dossier).unwrap_or(0);
        receive_one(cx, row, receipt).map_err(|e| in_letter(e, index, receipts.len()))?;
    }
    let mut next = row.clone();
    next.version += 1;
    store::save_handover_version(cx, next.id, next.version)?;
    let details = Details::none()
        .with("received", receipts.iter().filter(|r| r.refused.is_none()).map(|r| r.dossier).collect::<Vec<_>>())
        .with("refused", receipts.iter().filter(|r| r.refused.is_some()).map(|r| r.dossier).collect::<Vec<_>>());
    audit::record(cx, "handover.answered", "handover", row.id.0, details)?;
    Ok(next)
}

fn receive_one(cx: &mut Ctx<'_>, row: &Handover, receipt: &Receipt) -> Result<()> {
    let mut enclosed = store::handed_over_one(cx, row.id, receipt.dossier)?.ok_or(Stop::NotOnItsWay)?;
    let dossier = hold(cx, receipt.dossier)?;
    let party = party_of(cx, &dossier, Action::Receive)?;
    if enclosed.state == HandoverState::Received {
        return Err(Stop::NotOnItsWay.into());
    }
    moment_of(cx, &dossier)?.find_move(Action::Receive, party)?;
    match &receipt.refused {
        Some(reason) => {
            enclosed.state = HandoverState::Refused;
            enclosed.refused_reason = Some(reason.clone());
        }
        None => {
            let number = match party {
                Party::Province => Some(receipts::draw(cx, &dossier, ReceivingOffice::Province)?),
                _ => None,
            };
            let details = json!({ "handover": row.id, "receipt": number });
            carry(cx, &dossier, dossier.clone(), Action::Receive, party, Deed::with(details))?;
            if let Some(CountedSamples { count, condition, person, note }) = receipt.samples.clone() {
                let (deed, on, condition) = (SampleDeed::Received, cx.today(), Some(condition));
                let came = NewSamples { deed, count, on, condition, person, note };
                samples::with_letter(cx, &dossier, row, row.to_level, &came)?;
            }
            enclosed.state = HandoverState::Received;
            enclosed.received_on = Some(cx.today());
            enclosed.refused_reason = None;
        }
    }
    store::save_handed_over(cx, &enclosed)
}

/// The sealed manifest of one dossier of a letter.
///
/// # Errors
/// 404.
pub fn enclosed(cx: &mut Ctx<'_>, row: &Handover, dossier: DossierId) -> Result<ManifestRow> {
    get(cx, dossier)?;
    let enclosed = store::handed_over_one(cx, row.id, dossier)?.ok_or(AppError::NotFound)?;
    seals::get(cx, dossier, enclosed.manifest_number)
}
