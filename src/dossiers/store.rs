//! All queries about intake.

pub(super) mod corrections;
mod filter; // conditions that lists and counts share
mod lists; // dossiers in lists, counted and divided
pub(super) mod messages;
mod notices; // which deadlines are to be told, and which were
pub(super) mod opinions;
pub(super) mod samples; // handed over, received, used
pub(super) mod seals; // sealed manifests

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{
    Behalf, ClockRow, Document, Dossier, HandedOver, Handover, Held, MoveRow, PauseRow, ProductionEnd, Reference,
    SelfMark,
};
use super::rules::{Action, Desk, Status};
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{
    decision_items, decisions, dossier_clocks, dossier_documents, dossier_mandates, dossier_moves, dossier_pauses,
    dossiers, evidence, evidence_versions, handover_dossiers, handovers, place_reach, production_ends, products,
    recognitions, self_marks,
};
use crate::db::{Conn, Ctx, Moment, MultiBackend};
use crate::error::{AppError, Result};
use crate::ids::{DocumentId, DossierId, HandoverId, PlaceId, ProducerId, ProductId, RecognitionId, RowId};
use crate::products::{Evidence, EvidenceVersion};

pub(super) use filter::{Filter, NO_DEADLINE, RoundKey, Veil};
pub(super) use lists::{
    Part, Urgency, count_found, found_by_kind, found_by_place, found_by_set, found_by_status, page, place_names,
    producer_names, put_round, reached, remove_round, rounds, set_names, tally, waiting,
};
pub(super) use notices::{note_told, untold};

/// The dossiers this caller may know about. Every read starts here. A draft is the producer's alone.
pub(super) fn visible(cx: &Ctx<'_>) -> dossiers::BoxedQuery<'static, MultiBackend> {
    dossiers::table.into_boxed().filter(filter::visible(cx))
}

pub(super) fn find(cx: &mut Ctx<'_>, id: DossierId) -> Result<Option<Dossier>> {
    Ok(visible(cx).filter(dossiers::id.eq(id)).select(Dossier::as_select()).first(cx.conn).optional()?)
}

/// Of these dossiers, those this caller may know about, each with its producer.
pub(super) fn known(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<BTreeMap<DossierId, ProducerId>> {
    let query = visible(cx).filter(dossiers::id.eq_any(ids.to_vec()));
    let rows: Vec<(DossierId, ProducerId)> = query.select((dossiers::id, dossiers::producer_id)).load(cx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Any dossier, whoever asks: for acts whose ground was looked up elsewhere.
pub(super) fn any(cx: &mut Ctx<'_>, id: DossierId) -> Result<Option<Dossier>> {
    Ok(dossiers::table.find(id).select(Dossier::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    let row = match cx.conn {
        Conn::Pg(c) => dossiers::table.find(id).for_update().select(Dossier::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => dossiers::table.find(id).select(Dossier::as_select()).first(c).optional()?,
    };
    row.ok_or(AppError::NotFound)
}

pub(super) fn insert(cx: &mut Ctx<'_>, row: &Dossier) -> Result<()> {
    diesel::insert_into(dossiers::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Saves a row that was read in the version before; gives false when somebody was faster.
pub(super) fn save(cx: &mut Ctx<'_>, row: &Dossier) -> Result<bool> {
    let held = dossiers::table.filter(dossiers::id.eq(row.id)).filter(dossiers::version.eq(row.version - 1));
    Ok(diesel::update(held).set(row).execute(cx.conn)? == 1)
}

/// The dossiers of one producer go to another; gives which.
pub(super) fn move_producer(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<Vec<DossierId>> {
    let theirs = dossiers::table.filter(dossiers::producer_id.eq(from));
    let ids = theirs.order(dossiers::id).select(dossiers::id).load(cx.conn)?;
    diesel::update(theirs)
        .set((dossiers::producer_id.eq(into), dossiers::version.eq(dossiers::version + 1)))
        .execute(cx.conn)?;
    Ok(ids)
}

pub(super) fn insert_move(cx: &mut Ctx<'_>, row: &MoveRow) -> Result<()> {
    diesel::insert_into(dossier_moves::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn moves(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<MoveRow>> {
    Ok(dossier_moves::table
        .filter(dossier_moves::dossier_id.eq(id))
        .order(dossier_moves::ordinal)
        .select(MoveRow::as_select())
        .load(cx.conn)?)
}

/// The moves of one kind that these dossiers made.
pub(super) fn moves_by(cx: &mut Ctx<'_>, ids: &[DossierId], action: Action) -> Result<Vec<MoveRow>> {
    Ok(dossier_moves::table
        .filter(dossier_moves::dossier_id.eq_any(ids.to_vec()))
        .filter(dossier_moves::action.eq(action))
        .select(MoveRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn last_ordinal(cx: &mut Ctx<'_>, id: DossierId) -> Result<i32> {
    let last: Option<i32> = dossier_moves::table
        .filter(dossier_moves::dossier_id.eq(id))
        .select(diesel::dsl::max(dossier_moves::ordinal))
        .first(cx.conn)?;
    Ok(last.unwrap_or(0))
}

pub(super) fn marks(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<SelfMark>> {
    Ok(self_marks::table
        .filter(self_marks::dossier_id.eq(id))
        .order(self_marks::criterion)
        .select(SelfMark::as_select())
        .load(cx.conn)?)
}

pub(super) fn clocks(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<ClockRow>> {
    Ok(dossier_clocks::table
        .filter(dossier_clocks::dossier_id.eq(id))
        .order((dossier_clocks::started_on, dossier_clocks::id))
        .select(ClockRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn insert_clock(cx: &mut Ctx<'_>, row: &ClockRow) -> Result<()> {
    diesel::insert_into(dossier_clocks::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn save_clock(cx: &mut Ctx<'_>, row: &ClockRow) -> Result<()> {
    diesel::update(dossier_clocks::table.find(row.id))
        .set((dossier_clocks::deadline_paused.eq(row.deadline_paused), dossier_clocks::ended_on.eq(row.ended_on)))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn pauses(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<PauseRow>> {
    Ok(dossier_pauses::table
        .filter(dossier_pauses::dossier_id.eq(id))
        .order((dossier_pauses::from_day, dossier_pauses::id))
        .select(PauseRow::as_select())
        .load(cx.conn)?)
}

pub(super) fn insert_pause(cx: &mut Ctx<'_>, row: &PauseRow) -> Result<()> {
    diesel::insert_into(dossier_pauses::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn end_pause(cx: &mut Ctx<'_>, id: RowId, on: NaiveDate) -> Result<()> {
    diesel::update(dossier_pauses::table.find(id)).set(dossier_pauses::to_day.eq(on)).execute(cx.conn)?;
    Ok(())
}

/// The open dossiers of a product, in the order in which they are held.
pub(super) fn open_of(cx: &mut Ctx<'_>, products: &[ProductId]) -> Result<Vec<DossierId>> {
    let ended: Vec<Status> = Status::ALL.iter().copied().filter(|s| s.is_final()).collect();
    Ok(dossiers::table
        .filter(dossiers::product_id.eq_any(products))
        .filter(dossiers::status.ne_all(ended))
        .order(dossiers::id)
        .select(dossiers::id)
        .load(cx.conn)?)
}

/// The dossiers that stopped because the product is made no more.
pub(super) fn stopped_by_end(cx: &mut Ctx<'_>, products: &[ProductId]) -> Result<Vec<DossierId>> {
    Ok(visible(cx)
        .filter(dossiers::product_id.eq_any(products.to_vec()))
        .filter(dossiers::status.eq(Status::ProductionEnded))
        .order(dossiers::id)
        .select(dossiers::id)
        .load(cx.conn)?)
}

/// What a commune confirmed about the end of a product's making, and did not annul.
pub(super) fn production_end(cx: &mut Ctx<'_>, products: &[ProductId]) -> Result<Option<ProductionEnd>> {
    Ok(production_ends::table
        .filter(production_ends::product_id.eq_any(products))
        .filter(production_ends::annulled_at.is_null())
        .order(production_ends::at)
        .select(ProductionEnd::as_select())
        .first(cx.conn)
        .optional()?)
}

/// One confirmation, annulled or not.
pub(super) fn any_production_end(cx: &mut Ctx<'_>, id: RowId) -> Result<Option<ProductionEnd>> {
    Ok(production_ends::table.find(id).select(ProductionEnd::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert_production_end(cx: &mut Ctx<'_>, row: &ProductionEnd) -> Result<()> {
    diesel::insert_into(production_ends::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn annul_production_end(cx: &mut Ctx<'_>, row: &ProductionEnd) -> Result<()> {
    diesel::update(production_ends::table.find(row.id))
        .set((
            production_ends::annulled_at.eq(row.annulled_at),
            production_ends::annulled_by.eq(row.annulled_by),
            production_ends::annulled_why.eq(&row.annulled_why),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// By which mandates others acted for the producer, in order.
pub(super) fn behalf(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<Behalf>> {
    Ok(dossier_mandates::table
        .filter(dossier_mandates::dossier_id.eq(id))
        .order((dossier_mandates::at, dossier_mandates::mandate_id))
        .select(Behalf::as_select())
        .load(cx.conn)?)
}

pub(super) fn insert_behalf(cx: &mut Ctx<'_>, row: &Behalf) -> Result<()> {
    diesel::insert_into(dossier_mandates::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Whether the product has a dossier that has not ended, as far as anybody may know.
pub(super) fn has_open(cx: &mut Ctx<'_>, products: &[ProductId]) -> Result<bool> {
    if !open_of(cx, products)?.is_empty() {
        return Ok(true);
    }
    // What a decision has ended is open to everybody until it is published.
    let theirs: Vec<DossierId> =
        dossiers::table.filter(dossiers::product_id.eq_any(products)).select(dossiers::id).load(cx.conn)?;
    Ok(!undisclosed(cx, &theirs)?.is_empty())
}

/// Of these dossiers, those about which a decision is signed and not published.
pub(super) fn undisclosed(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<Vec<DossierId>> {
    let found: Vec<Option<DossierId>> = decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .filter(decision_items::dossier_id.eq_any(ids.to_vec()))
        .filter(decisions::state.eq("signed"))
        .select(decision_items::dossier_id)
        .load(cx.conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// The recognition a product holds: the newest that was not ended.
pub(super) fn held(cx: &mut Ctx<'_>, products: &[ProductId]) -> Result<Option<Held>> {
    Ok(recognitions::table
        .filter(recognitions::product_id.eq_any(products))
        .filter(recognitions::ended_on.is_null())
        .order((recognitions::recognised_on.desc(), recognitions::id.desc()))
        .select(Held::as_select())
        .first(cx.conn)
        .optional()?)
}

pub(super) fn held_by_id(cx: &mut Ctx<'_>, id: RecognitionId) -> Result<Option<Held>> {
    Ok(recognitions::table.find(id).select(Held::as_select()).first(cx.conn).optional()?)
}

/// Names of the products of these dossiers.
pub(super) fn product_names(cx: &mut Ctx<'_>, ids: &[ProductId]) -> Result<HashMap<ProductId, String>> {
    let rows: Vec<(ProductId, String)> =
        products::table.filter(products::id.eq_any(ids)).select((products::id, products::name)).load(cx.conn)?;
    Ok(rows.into_iter().collect())
}

pub(super) fn put_mark(cx: &mut Ctx<'_>, row: &SelfMark) -> Result<()> {
    let changed = diesel::update(self_marks::table.find((row.dossier_id, &row.criterion))).set(row).execute(cx.conn)?;
    if changed == 0 {
        diesel::insert_into(self_marks::table).values(row).execute(cx.conn)?;
    }
    Ok(())
}

pub(super) fn remove_mark(cx: &mut Ctx<'_>, dossier: DossierId, criterion: &str) -> Result<()> {
    diesel::delete(self_marks::table.find((dossier, criterion))).execute(cx.conn)?;
    Ok(())
}

/// The papers that lie in a dossier, in the order in which they came.
pub(super) fn documents(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<Document>> {
    Ok(dossier_documents::table
        .inner_join(evidence_versions::table.on(evidence_versions::id.eq(dossier_documents::version_id)))
        .inner_join(evidence::table.on(evidence::id.eq(evidence_versions::evidence_id)))
        .filter(dossier_documents::dossier_id.eq(id))
        .filter(dossier_documents::removed_at.is_null())
        .order((dossier_documents::added_at, dossier_documents::id))
        .select((Reference::as_select(), Evidence::as_select(), EvidenceVersion::as_select()))
        .load(cx.conn)?)
}

pub(super) fn insert_reference(cx: &mut Ctx<'_>, row: &Reference) -> Result<()> {
    diesel::insert_into(dossier_documents::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn remove_document(cx: &mut Ctx<'_>, id: DocumentId, at: Moment) -> Result<()> {
    diesel::update(dossier_documents::table.find(id)).set(dossier_documents::removed_at.eq(at)).execute(cx.conn)?;
    Ok(())
}

/// The open dossiers that are kept at these units.
pub(super) fn kept_at(cx: &mut Ctx<'_>, at: &[PlaceId]) -> Result<Vec<(DossierId, PlaceId)>> {
    let ended: Vec<Status> = Status::ALL.iter().copied().filter(|s| s.is_final()).collect();
    Ok(dossiers::table
        .filter(dossiers::place_id.eq_any(at))
        .filter(dossiers::status.ne_all(ended))
        .order(dossiers::id)
        .select((dossiers::id, dossiers::place_id))
        .load(cx.conn)?)
}

/// The sector of a product; empty while unknown.
pub(super) fn sector(cx: &mut Ctx<'_>, id: ProductId) -> Result<String> {
    Ok(products::table.find(id).select(products::sector).first(cx.conn)?)
}

/// The letters that leave or reach an office of the caller's. Those to and from the centre have no unit.
pub(super) fn visible_handovers(cx: &Ctx<'_>) -> handovers::BoxedQuery<'static, MultiBackend> {
    let all = handovers::table.into_boxed();
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => all,
        Reach::Offices(offices) => {
            let territory = || {
                place_reach::table
                    .filter(place_reach::office_id.eq_any(offices.clone()))
                    .select(place_reach::place_id.nullable())
            };
            all.filter(handovers::from_place_id.eq_any(territory()).or(handovers::to_place_id.eq_any(territory())))
        }
    }
}

pub(super) fn handover(cx: &mut Ctx<'_>, id: HandoverId) -> Result<Option<Handover>> {
    Ok(visible_handovers(cx).filter(handovers::id.eq(id)).select(Handover::as_select()).first(cx.conn).optional()?)
}

pub(super) fn lock_handover(cx: &mut Ctx<'_>, id: HandoverId) -> Result<Handover> {
    Ok(match cx.conn {
        Conn::Pg(c) => handovers::table.find(id).for_update().select(Handover::as_select()).first(c)?,
        Conn::Sqlite(c) => handovers::table.find(id).select(Handover::as_select()).first(c)?,
    })
}

pub(super) fn handover_page(
    cx: &mut Ctx<'_>,
    to: Option<Desk>,
    after: Option<(NaiveDate, HandoverId)>,
    limit: i64,
) -> Result<Vec<Handover>> {
    let mut query = visible_handovers(cx);
    if let Some(to) = to {
        query = query.filter(handovers::to_level.eq(to));
    }
    if let Some((day, id)) = after {
        query = query.filter(handovers::signed_on.le(day).and(handovers::signed_on.lt(day).or(handovers::id.lt(id))));
    }
    let newest = (handovers::signed_on.desc(), handovers::id.desc());
    Ok(query.order(newest).limit(limit + 1).select(Handover::as_select()).load(cx.conn)?)
}

pub(super) fn insert_handover(cx: &mut Ctx<'_>, row: &Handover) -> Result<()> {
    diesel::insert_into(handovers::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn save_handover_version(cx: &mut Ctx<'_>, id: HandoverId, version: i32) -> Result<()> {
    diesel::update(handovers::table.find(id)).set(handovers::version.eq(version)).execute(cx.conn)?;
    Ok(())
}

pub(super) fn handed_over_one(cx: &mut Ctx<'_>, id: HandoverId, dossier: DossierId) -> Result<Option<HandedOver>> {
    Ok(handover_dossiers::table.find((id, dossier)).select(HandedOver::as_select()).first(cx.conn).optional()?)
}

pub(super) fn insert_handed_over(cx: &mut Ctx<'_>, row: &HandedOver) -> Result<()> {
    diesel::insert_into(handover_dossiers::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn save_handed_over(cx: &mut Ctx<'_>, row: &HandedOver) -> Result<()> {
    diesel::update(handover_dossiers::table.find((row.handover_id, row.dossier_id)))
        .set((
            handover_dossiers::state.eq(row.state),
            handover_dossiers::received_on.eq(row.received_on),
            handover_dossiers::refused_reason.eq(&row.refused_reason),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// The newest letter that carried a dossier to a level.
pub(super) fn newest_letter_to(cx: &mut Ctx<'_>, dossier: DossierId, to: Desk) -> Result<Option<Handover>> {
    Ok(handovers::table
        .inner_join(handover_dossiers::table.on(handover_dossiers::handover_id.eq(handovers::id)))
        .filter(handover_dossiers::dossier_id.eq(dossier))
        .filter(handovers::to_level.eq(to))
        .order((handovers::created_at.desc(), handovers::id.desc()))
        .select(Handover::as_select())
        .first(cx.conn)
        .optional()?)
}
