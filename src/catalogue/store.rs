//! All queries of the public read side.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::{count_star, exists, sql};
use diesel::prelude::*;
use diesel::sql_types;

use super::dto::{EntryState, ProductSort};
use crate::certification::rules::{DecisionKind, Ground};
use crate::certification::{Decision, DecisionItem, DecisionState, EndedWhy, Recognition};
use crate::db::schema::{
    certificates, decision_items, decisions, dossier_moves, place_reach, place_successions, places, producers,
    product_aliases, product_codes, product_photos, products, recognitions,
};
use crate::db::{Ctx, Moment};
use crate::dossiers::Status;
use crate::error::Result;
use crate::ids::{DecisionId, DossierId, PlaceId, ProducerId, ProductId, RowId};
use crate::producers::ProducerType;
use crate::products::Product;
use crate::rulebook::Authority;

/// The day of products without a recognition, in the order by day.
const NEVER: &str = "coalesce(recognitions.recognised_on, '1900-01-01')";
const NO_STAR: &str = "coalesce(recognitions.stars, 0)";

/// A folded text between spaces, so that one pattern finds a word wherever it stands.
macro_rules! padded {
    ($folded:expr) => {
        " ".into_sql::<sql_types::Text>().concat($folded).concat(" ")
    };
}

/// What is typed, as patterns over padded texts: whole words, the last one perhaps unfinished.
fn word_patterns(tokens: &[String]) -> Vec<String> {
    let last = tokens.len().saturating_sub(1);
    let pattern = |(i, token): (usize, &String)| if i < last { format!("% {token} %") } else { format!("% {token}%") };
    tokens.iter().enumerate().map(pattern).collect()
}

/// The columns of an [`Entry`].
macro_rules! entry {
    () => {
        (
            Product::as_select(),
            (producers::id, producers::name, producers::kind).nullable(),
            Option::<Recognition>::as_select(),
            Option::<Decision>::as_select(),
            (certificates::number, certificates::revocation_ground).nullable(),
        )
    };
}

/// A product with its last recognition and the names around it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Entry {
    pub product: Product,
    pub producer: Option<(ProducerId, String, Option<ProducerType>)>,
    pub recognition: Option<Recognition>,
    pub decision: Option<Decision>,
    pub certificate: Option<(String, Option<Ground>)>,
}

/// Where the page before ended.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(super) struct After {
    pub sort: ProductSort,
    pub name: String,
    pub on: NaiveDate,
    pub stars: i32,
    pub id: ProductId,
}

/// What a list of products is narrowed by.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub today: NaiveDate,
    pub territory: Option<Vec<PlaceId>>,
    pub group: Option<String>,
    pub sector: Option<String>,
    pub set: Option<String>,
    pub stars: Option<i32>,
    pub producer_type: Option<ProducerType>,
    pub state: Option<EntryState>,
    pub year: Option<i32>,
    pub tokens: Vec<String>,
    /// Products with a result of 90 or more that awaits the centre.
    pub potential: Vec<ProductId>,
}

pub(super) fn entries(
    cx: &mut Ctx<'_>,
    filter: &Filter,
    sort: ProductSort,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let today = filter.today;
    let mut query = products::table
        .left_join(producers::table.on(producers::id.nullable().eq(products::producer_id)))
        .left_join(recognitions::table.on(recognitions::product_id.eq(products::id).and(recognitions::newest.eq(true))))
        .left_join(decisions::table.on(decisions::id.eq(recognitions::decision_id)))
        .left_join(certificates::table.on(certificates::recognition_id.eq(recognitions::id)))
        .filter(products::merged_into.is_null())
        .into_boxed();
    let recognised = recognitions::id.nullable().is_not_null();
    query = query
        .filter(recognised.or(products::history_unknown.eq(true)).or(products::id.eq_any(filter.potential.clone())));
    if let Some(territory) = &filter.territory {
        let inside: Vec<Option<PlaceId>> = territory.iter().copied().map(Some).collect();
        query = query.filter(products::place_id.eq_any(inside.clone()).or(recognitions::place_id.eq_any(inside)));
    }
    if let Some(group) = &filter.group {
        query = query.filter(products::group_code.eq(group.clone()));
    }
    if let Some(sector) = &filter.sector {
        query = query.filter(products::sector.eq(sector.clone()));
    }
    if let Some(set) = &filter.set {
        query = query.filter(products::set_code.eq(set.clone()));
    }
    if let Some(stars) = filter.stars {
        query = query.filter(recognitions::stars.eq(stars));
    }
    if let Some(kind) = filter.producer_type {
        query = query.filter(producers::kind.eq(kind));
    }
    if let Some((from, to)) = filter.year.and_then(year) {
        query = query.filter(recognitions::recognised_on.between(from, to));
    }
    for pattern in word_patterns(&filter.tokens) {
        let other_names = product_aliases::table
            .filter(padded!(product_aliases::folded).like(pattern.clone()))
            .select(product_aliases::product_id);
        query = query.filter(
            padded!(products::folded)
                .like(pattern.clone())
                .or(products::id.eq_any(other_names))
                .or(producers::folded.nullable().is_not_null().and(padded!(producers::folded).like(pattern))),
        );
    }
    let ended = recognitions::ended_on.is_not_null().and(recognitions::ended_on.le(today));
    let stands = recognitions::ended_on.is_null().or(recognitions::ended_on.gt(today));
    let extended = recognitions::extended_through.ge(today);
    if let Some(state) = filter.state {
        query = match state {
            EntryState::Valid => query
                .filter(stands)
                .filter(recognitions::valid_through.ge(today))
                .filter(recognitions::expiring_on.gt(today)),
            EntryState::Expiring => query
                .filter(stands)
                .filter(recognitions::valid_through.ge(today).or(extended))
                .filter(recognitions::expiring_on.le(today)),
            EntryState::Expired => query
                .filter(stands)
                .filter(recognitions::valid_through.lt(today))
                .filter(recognitions::extended_through.is_null().or(recognitions::extended_through.lt(today))),
            EntryState::Revoked => {
                query.filter(ended).filter(recognitions::ended_why.eq_any([EndedWhy::Revoked, EndedWhy::Withdrawn]))
            }
            EntryState::PotentialFive => query.filter(products::id.eq_any(filter.potential.clone())),
            EntryState::HistoryUnknown => query
                .filter(recognitions::id.nullable().is_null())
                .filter(products::history_unknown.eq(true))
                .filter(products::id.ne_all(filter.potential.clone())),
        };
    }
    let day = || sql::<sql_types::Date>(NEVER);
    let star = || sql::<sql_types::Integer>(NO_STAR);
    query = match sort {
        ProductSort::Name => {
            if let Some(a) = after {
                let further = products::name_sort.gt(a.name.clone()).or(products::id.gt(a.id));
                query = query.filter(products::name_sort.ge(a.name)).filter(further);
            }
            query.order((products::name_sort.asc(), products::id.asc()))
        }
        ProductSort::Newest => {
            if let Some(a) = after {
                query = query.filter(day().le(a.on)).filter(day().lt(a.on).or(products::id.lt(a.id)));
            }
            query.order((day().desc(), products::id.desc()))
        }
        ProductSort::Stars => {
            if let Some(a) = after {
                let same = products::name_sort
                    .gt(a.name.clone())
                    .or(products::name_sort.eq(a.name).and(products::id.gt(a.id)));
                query = query.filter(star().le(a.stars)).filter(star().lt(a.stars).or(same));
            }
            query.order((star().desc(), products::name_sort.asc(), products::id.asc()))
        }
    };
    Ok(query.limit(limit + 1).select(entry!()).load(cx.conn)?)
}

/// One product, whatever leads to it.
pub(super) fn entry(cx: &mut Ctx<'_>, id: ProductId) -> Result<Option<Entry>> {
    Ok(products::table
        .left_join(producers::table.on(producers::id.nullable().eq(products::producer_id)))
        .left_join(recognitions::table.on(recognitions::product_id.eq(products::id).and(recognitions::newest.eq(true))))
        .left_join(decisions::table.on(decisions::id.eq(recognitions::decision_id)))
        .left_join(certificates::table.on(certificates::recognition_id.eq(recognitions::id)))
        .filter(products::id.eq(id))
        .select(entry!())
        .first(cx.conn)
        .optional()?)
}

/// First and last day of a year.
fn year(year: i32) -> Option<(NaiveDate, NaiveDate)> {
    NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31))
}

/// The units inside a unit of any time: what its office reaches, and of a unit that has ended also
/// the communes that its own became part of.
pub(super) fn territory(cx: &mut Ctx<'_>, place: PlaceId) -> Result<Vec<PlaceId>> {
    let reach = place_reach::table.filter(place_reach::office_id.eq(place)).select(place_reach::place_id);
    let mut inside: Vec<PlaceId> = reach.load(cx.conn)?;
    inside.push(place);
    let ended: Option<Option<NaiveDate>> =
        places::table.find(place).select(places::valid_to).first(cx.conn).optional()?;
    if ended.flatten().is_some() {
        let after: Vec<PlaceId> = place_successions::table
            .inner_join(places::table.on(places::id.eq(place_successions::new_id)))
            .filter(place_successions::old_id.eq_any(inside.clone()))
            .filter(places::level.eq(crate::places::Level::Commune))
            .select(place_successions::new_id)
            .load(cx.conn)?;
        inside.extend(after);
    }
    inside.sort_unstable();
    inside.dedup();
    Ok(inside)
}

/// The unit with this code that stands on the day, else the one that ended last.
pub(super) fn unit_of_code(cx: &mut Ctx<'_>, code: &str, on: NaiveDate) -> Result<Option<PlaceId>> {
    let of_code = places::table.filter(places::code.eq(code.to_owned()));
    let standing = of_code
        .filter(places::valid_from.is_null().or(places::valid_from.le(on)))
        .filter(places::valid_to.is_null().or(places::valid_to.ge(on)))
        .order(places::id)
        .select(places::id)
        .first(cx.conn)
        .optional()?;
    match standing {
        Some(id) => Ok(Some(id)),
        None => Ok(places::table
            .filter(places::code.eq(code.to_owned()))
            .filter(places::valid_to.is_not_null())
            .order((places::valid_to.desc(), places::id))
            .select(places::id)
            .first(cx.conn)
            .optional()?),
    }
}

/// The pictures of products, in order.
pub(super) fn photos(cx: &mut Ctx<'_>, ids: &[ProductId]) -> Result<Vec<(ProductId, RowId, String)>> {
    Ok(product_photos::table
        .filter(product_photos::product_id.eq_any(ids.to_vec()))
        .order((product_photos::product_id, product_photos::ordinal, product_photos::id))
        .select((product_photos::product_id, product_photos::id, product_photos::alt))
        .load(cx.conn)?)
}

pub(super) fn aliases(cx: &mut Ctx<'_>, ids: &[ProductId]) -> Result<Vec<String>> {
    Ok(product_aliases::table
        .filter(product_aliases::product_id.eq_any(ids.to_vec()))
        .order((product_aliases::folded, product_aliases::id))
        .select(product_aliases::name)
        .load(cx.conn)?)
}

pub(super) fn codes(cx: &mut Ctx<'_>, ids: &[ProductId]) -> Result<Vec<String>> {
    Ok(product_codes::table
        .filter(product_codes::product_id.eq_any(ids.to_vec()))
        .order((product_codes::valid_from.desc(), product_codes::id.desc()))
        .select(product_codes::code)
        .load(cx.conn)?)
}

/// Every recognition of a product under all its identifiers, the latest first.
pub(super) fn history(
    cx: &mut Ctx<'_>,
    ids: &[ProductId],
) -> Result<Vec<(Recognition, Decision, Option<String>, Option<Ground>)>> {
    Ok(recognitions::table
        .inner_join(decisions::table.on(decisions::id.eq(recognitions::decision_id)))
        .left_join(certificates::table.on(certificates::recognition_id.eq(recognitions::id)))
        .filter(recognitions::product_id.eq_any(ids.to_vec()))
        .order((recognitions::recognised_on.desc(), recognitions::id.desc()))
        .select((
            Recognition::as_select(),
            Decision::as_select(),
            certificates::number.nullable(),
            certificates::revocation_ground.nullable(),
        ))
        .load(cx.conn)?)
}

/// Published approvals of results of 90 or more, the latest first; of some products or of all.
pub(super) fn approvals(
    cx: &mut Ctx<'_>,
    ids: Option<&[ProductId]>,
    on: NaiveDate,
) -> Result<Vec<(DecisionItem, Decision, Option<PlaceId>)>> {
    let mut query = decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .inner_join(products::table.on(products::id.eq(decision_items::product_id)))
        .filter(decisions::kind.eq(DecisionKind::ResultApproval))
        .filter(decisions::state.eq(DecisionState::Published))
        .filter(decisions::signed_on.le(on))
        .into_boxed();
    if let Some(ids) = ids {
        query = query.filter(decision_items::product_id.eq_any(ids.to_vec()));
    }
    Ok(query
        .order((decisions::signed_on.desc(), decision_items::id.desc()))
        .select((DecisionItem::as_select(), Decision::as_select(), products::place_id))
        .load(cx.conn)?)
}

/// Whether a product, kept under these identifiers, was ever published.
pub(super) fn is_public(cx: &mut Ctx<'_>, id: ProductId, all: &[ProductId]) -> Result<bool> {
    let listed = products::table.find(id).filter(products::history_unknown.eq(true));
    let recognised = recognitions::table.filter(recognitions::product_id.eq_any(all.to_vec()));
    let approved = decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .filter(decisions::kind.eq(DecisionKind::ResultApproval))
        .filter(decisions::state.eq(DecisionState::Published))
        .filter(decision_items::product_id.eq_any(all.to_vec()));
    // The usual ground first: one query for nearly every product that is asked for.
    Ok(diesel::select(exists(recognised)).get_result(cx.conn)?
        || diesel::select(exists(listed)).get_result(cx.conn)?
        || diesel::select(exists(approved)).get_result(cx.conn)?)
}

/// Where dossiers went, in order.
pub(super) fn moves(cx: &mut Ctx<'_>, ids: &[DossierId]) -> Result<Vec<(DossierId, Status, Moment)>> {
    Ok(dossier_moves::table
        .filter(dossier_moves::dossier_id.eq_any(ids.to_vec()))
        .order((dossier_moves::dossier_id, dossier_moves::ordinal))
        .select((dossier_moves::dossier_id, dossier_moves::to_status, dossier_moves::at))
        .load(cx.conn)?)
}

/// The days on which these products were recognised, and the stars.
pub(super) fn recognised(cx: &mut Ctx<'_>, ids: &[ProductId]) -> Result<Vec<(ProductId, NaiveDate, i32)>> {
    Ok(recognitions::table
        .filter(recognitions::product_id.eq_any(ids.to_vec()))
        .select((recognitions::product_id, recognitions::recognised_on, recognitions::stars))
        .load(cx.conn)?)
}

/// What a list of decisions is narrowed by.
#[derive(Debug, Clone, Default)]
pub(super) struct DecisionFilter {
    pub kind: Option<DecisionKind>,
    pub level: Option<Authority>,
    pub year: Option<i32>,
    pub territory: Option<Vec<PlaceId>>,
}

/// Published decisions, the latest first. Notices of non-recognition are nobody else's business.
pub(super) fn decisions_page(
    cx: &mut Ctx<'_>,
    filter: &DecisionFilter,
    after: Option<(NaiveDate, DecisionId)>,
    limit: i64,
) -> Result<Vec<Decision>> {
    let mut query = decisions::table
        .filter(decisions::state.eq(DecisionState::Published))
        .filter(decisions::kind.ne(DecisionKind::NotRecognition))
        .filter(decisions::signed_on.is_not_null())
        .into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(decisions::kind.eq(kind));
    }
    if let Some(level) = filter.level {
        query = query.filter(decisions::level.eq(level));
    }
    if let Some((from, to)) = filter.year.and_then(year) {
        query = query.filter(decisions::signed_on.between(from, to));
    }
    if let Some(territory) = &filter.territory {
        query = query.filter(decisions::place_id.eq_any(territory.iter().copied().map(Some).collect::<Vec<_>>()));
    }
    if let Some((on, id)) = after {
        query = query
            .filter(decisions::signed_on.le(on))
            .filter(decisions::signed_on.lt(on).or(decisions::id.lt(id).nullable()));
    }
    let latest_first = (decisions::signed_on.desc(), decisions::id.desc());
    Ok(query.order(latest_first).limit(limit + 1).select(Decision::as_select()).load(cx.conn)?)
}

pub(super) fn decision(cx: &mut Ctx<'_>, id: DecisionId) -> Result<Option<Decision>> {
    Ok(decisions::table
        .find(id)
        .filter(decisions::state.eq(DecisionState::Published))
        .filter(decisions::kind.ne(DecisionKind::NotRecognition))
        .select(Decision::as_select())
        .first(cx.conn)
        .optional()?)
}

/// How many products stand in decisions.
pub(super) fn line_counts(cx: &mut Ctx<'_>, ids: &[DecisionId]) -> Result<HashMap<DecisionId, i64>> {
    let rows: Vec<(DecisionId, i64)> = decision_items::table
        .filter(decision_items::decision_id.eq_any(ids.to_vec()))
        .group_by(decision_items::decision_id)
        .select((decision_items::decision_id, count_star()))
        .load(cx.conn)?;
    Ok(rows.into_iter().collect())
}

/// A recognition in force on a day, as figures need it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct InForce {
    pub product: ProductId,
    pub merged_into: Option<ProductId>,
    pub producer: Option<ProducerId>,
    pub stars: i32,
    pub group: String,
    pub producer_type: Option<ProducerType>,
    pub place: Option<PlaceId>,
    pub place_now: Option<PlaceId>,
    pub on: NaiveDate,
}

pub(super) fn in_force(cx: &mut Ctx<'_>, on: NaiveDate) -> Result<Vec<InForce>> {
    Ok(recognitions::table
        .inner_join(products::table.on(products::id.eq(recognitions::product_id)))
        .filter(recognitions::recognised_on.le(on))
        .filter(recognitions::valid_through.ge(on).or(recognitions::extended_through.ge(on)))
        .filter(recognitions::ended_on.is_null().or(recognitions::ended_on.gt(on)))
        .order((recognitions::recognised_on, recognitions::id))
        .select((
            products::id,
            products::merged_into,
            recognitions::producer_id,
            recognitions::stars,
            recognitions::group_code,
            recognitions::producer_kind,
            recognitions::place_id,
            products::place_id,
            recognitions::recognised_on,
        ))
        .load(cx.conn)?)
}

pub(super) fn group_of(cx: &mut Ctx<'_>, id: ProductId) -> Result<String> {
    Ok(products::table.find(id).select(products::group_code).first(cx.conn)?)
}

pub(super) fn type_of(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Option<ProducerType>> {
    Ok(producers::table.find(id).select(producers::kind).first(cx.conn)?)
}

/// Whether a province has districts on a day.
pub(super) fn has_districts(cx: &mut Ctx<'_>, province: PlaceId, on: NaiveDate) -> Result<bool> {
    let found: i64 = places::table
        .filter(places::parent_id.eq(province))
        .filter(places::level.eq(crate::places::Level::District))
        .filter(places::valid_from.is_null().or(places::valid_from.le(on)))
        .filter(places::valid_to.is_null().or(places::valid_to.ge(on)))
        .count()
        .get_result(cx.conn)?;
    Ok(found > 0)
}
