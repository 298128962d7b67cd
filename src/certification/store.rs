//! All queries about decisions, recognitions, certificates and revocations.

mod corrections; // what is corrected, and what withdrawals take up again
mod credentials; // bits of the status lists
mod days; // queries of the daily sweep
mod extensions; // queries of extensions
mod notices; // queries of notices
pub(super) mod prints; // printed certificates
pub(super) mod scans; // scans of signed decisions
mod proofs; // what anybody may know

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{
    CaseState, Certificate, Decision, DecisionItem, DecisionState, EndedWhy, Recognition, RevocationCase,
};
use super::rules::{DecisionKind, Ground};
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{
    certificates, decision_items, decisions, place_reach, places, producers, products, recognitions, results,
    revocations,
};
use crate::db::{Conn, Ctx, Moment, MultiBackend};
use crate::error::Result;
use crate::ids::{
    CertificateId, DecisionId, DossierId, PlaceId, ProducerId, ProductId, RecognitionId, ResultId, RevocationId,
};
use crate::producers::ProducerType;
use crate::rulebook::Authority;

pub(super) use corrections::{correct_certificate, corrections_of, dossiers_of_certificates};
pub(super) use credentials::{Ended, ended_entries, entry, insert_entry, last_entry};
pub(super) use days::{nearing, note_day};
pub(super) use extensions::{
    extend_certificate, extended_of, is_in_other, re_evaluated, re_evaluation_failed_on, re_evaluation_under_way,
};
pub(super) use notices::{
    certificate_numbers, decisions_of, insert_notice, lock_notice, move_notices, notices_page, product_names,
    save_notice, visible_notice,
};
pub(super) use proofs::{
    Awaiting, Mark, Proof, awaiting, codes_of, decision_about, ending_decision, mark, product_of_code, product_of_gtin,
    proof_by_number, proofs_of_products,
};

/// The unit above (or the unit itself) that an authority of this level sits in.
pub(super) fn office_above(cx: &mut Ctx<'_>, place: PlaceId, level: Authority) -> Result<Option<PlaceId>> {
    let mut at = Some(place);
    while let Some(id) = at {
        let row: Option<(String, Option<PlaceId>)> =
            places::table.find(id).select((places::level, places::parent_id)).first(cx.conn).optional()?;
        let Some((found, parent)) = row else { return Ok(None) };
        if found == level.word() {
            return Ok(Some(id));
        }
        at = parent;
    }
    Ok(None)
}

pub(super) fn producer_kind(cx: &mut Ctx<'_>, id: ProducerId) -> Result<Option<ProducerType>> {
    Ok(producers::table.find(id).select(producers::kind).first(cx.conn)?)
}

pub(super) fn product_group(cx: &mut Ctx<'_>, id: ProductId) -> Result<String> {
    Ok(products::table.find(id).select(products::group_code).first(cx.conn)?)
}

/// A decision taken over from a list: by number (or none), level, authority and day.
pub(super) fn listed_decisions(
    cx: &mut Ctx<'_>,
    level: Authority,
    number: Option<&str>,
    signed_on: NaiveDate,
) -> Result<Vec<Decision>> {
    let all = decisions::table
        .filter(decisions::imported.eq(true))
        .filter(decisions::level.eq(level))
        .filter(decisions::signed_on.eq(signed_on))
        .order(decisions::id);
    let all = all.select(Decision::as_select());
    Ok(match number {
        Some(number) => all.filter(decisions::number.eq(number.to_owned())).load(cx.conn)?,
        None => all.filter(decisions::number.is_null()).load(cx.conn)?,
    })
}

pub(super) fn insert_decision(cx: &mut Ctx<'_>, row: &Decision) -> Result<()> {
    diesel::insert_into(decisions::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn insert_item(cx: &mut Ctx<'_>, row: &DecisionItem) -> Result<()> {
    diesel::insert_into(decision_items::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn count_items(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<i64> {
    Ok(decision_items::table.filter(decision_items::decision_id.eq(decision)).count().get_result(cx.conn)?)
}

pub(super) fn insert_recognition(cx: &mut Ctx<'_>, row: &Recognition) -> Result<()> {
    diesel::insert_into(recognitions::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// Every recognition of a product, in time.
pub(super) fn recognitions_of(cx: &mut Ctx<'_>, product: ProductId) -> Result<Vec<Recognition>> {
    Ok(recognitions::table
        .filter(recognitions::product_id.eq(product))
        .order((recognitions::recognised_on, recognitions::id))
        .select(Recognition::as_select())
        .load(cx.conn)?)
}

/// Ends a recognition before its time, and its certificate with it.
pub(super) fn supersede(cx: &mut Ctx<'_>, id: RecognitionId, on: NaiveDate, next_begins: NaiveDate) -> Result<()> {
    diesel::update(recognitions::table.find(id))
        .set((recognitions::ended_on.eq(Some(on)), recognitions::ended_why.eq(Some(EndedWhy::Superseded))))
        .execute(cx.conn)?;
    diesel::update(certificates::table.filter(certificates::recognition_id.eq(id)))
        .set(certificates::superseded_on.eq(Some(next_begins)))
        .execute(cx.conn)?;
    Ok(())
}

/// What one producer holds goes to another; what is printed stays. Gives the numbers of the certificates.
pub(super) fn move_producer(cx: &mut Ctx<'_>, from: ProducerId, into: ProducerId) -> Result<Vec<String>> {
    let theirs = certificates::table.filter(certificates::producer_id.eq(from));
    let numbers = theirs.order(certificates::number).select(certificates::number).load(cx.conn)?;
    diesel::update(theirs).set(certificates::producer_id.eq(into)).execute(cx.conn)?;
    diesel::update(recognitions::table.filter(recognitions::producer_id.eq(from)))
        .set(recognitions::producer_id.eq(into))
        .execute(cx.conn)?;
    diesel::update(decision_items::table.filter(decision_items::producer_id.eq(from)))
        .set(decision_items::producer_id.eq(into))
        .execute(cx.conn)?;
    Ok(numbers)
}

pub(super) fn mark_newest(cx: &mut Ctx<'_>, id: RecognitionId, newest: bool) -> Result<()> {
    diesel::update(recognitions::table.find(id)).set(recognitions::newest.eq(newest)).execute(cx.conn)?;
    Ok(())
}

pub(super) fn certificate(cx: &mut Ctx<'_>, id: CertificateId) -> Result<Option<Certificate>> {
    Ok(certificates::table.find(id).select(Certificate::as_select()).first(cx.conn).optional()?)
}

/// The certificates of a product issued by a day, the latest first.
pub(super) fn certificates_of(cx: &mut Ctx<'_>, product: ProductId, on: NaiveDate) -> Result<Vec<Certificate>> {
    Ok(certificates::table
        .filter(certificates::product_id.eq(product))
        .filter(certificates::issued_on.le(on))
        .order((certificates::issued_on.desc(), certificates::id.desc()))
        .select(Certificate::as_select())
        .load(cx.conn)?)
}

pub(super) fn has_item(cx: &mut Ctx<'_>, decision: DecisionId, product: ProductId) -> Result<bool> {
    let found: i64 = decision_items::table
        .filter(decision_items::decision_id.eq(decision))
        .filter(decision_items::product_id.eq(product))
        .count()
        .get_result(cx.conn)?;
    Ok(found > 0)
}

/// The decisions this caller may know of. Every read of officials starts here. What is not published
/// is for the deciding levels alone.
pub(super) fn decisions_visible(cx: &Ctx<'_>) -> decisions::BoxedQuery<'static, MultiBackend> {
    let mut all = decisions::table.into_boxed();
    if !cx.actor().reads_early() {
        all = all.filter(decisions::state.eq(DecisionState::Published));
    }
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => all,
        Reach::Offices(offices) => {
            let territory = place_reach::table
                .filter(place_reach::office_id.eq_any(offices))
                .select(place_reach::place_id.nullable());
            // What the centre has published of products everywhere is open data.
            let of_centre = decisions::place_id
                .is_null()
                .and(decisions::state.eq(DecisionState::Published))
                .and(decisions::kind.ne(DecisionKind::NotRecognition));
            all.filter(decisions::place_id.eq_any(territory).or(of_centre))
        }
    }
}

pub(super) fn visible_decision(cx: &mut Ctx<'_>, id: DecisionId) -> Result<Option<Decision>> {
    Ok(decisions_visible(cx).filter(decisions::id.eq(id)).select(Decision::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock_decision(cx: &mut Ctx<'_>, id: DecisionId) -> Result<Decision> {
    Ok(match cx.conn {
        Conn::Pg(c) => decisions::table.find(id).for_update().select(Decision::as_select()).first(c)?,
        Conn::Sqlite(c) => decisions::table.find(id).select(Decision::as_select()).first(c)?,
    })
}

pub(super) fn save_decision(cx: &mut Ctx<'_>, row: &Decision) -> Result<()> {
    diesel::update(decisions::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

/// What a list of decisions is narrowed by.
#[derive(Debug, Clone, Default)]
pub(super) struct DecisionFilter {
    pub kind: Option<DecisionKind>,
    pub state: Option<DecisionState>,
    pub place: Option<PlaceId>,
}

pub(super) fn decisions_page(
    cx: &mut Ctx<'_>,
    filter: &DecisionFilter,
    after: Option<(Moment, DecisionId)>,
    limit: i64,
) -> Result<Vec<Decision>> {
    let mut query = decisions_visible(cx);
    if let Some(kind) = filter.kind {
        query = query.filter(decisions::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(decisions::state.eq(state));
    }
    if let Some(place) = filter.place {
        query = query.filter(decisions::place_id.eq(place));
    }
    if let Some((at, id)) = after {
        query = query.filter(decisions::created_at.le(at).and(decisions::created_at.lt(at).or(decisions::id.lt(id))));
    }
    let newest_first = (decisions::created_at.desc(), decisions::id.desc());
    Ok(query.order(newest_first).limit(limit + 1).select(Decision::as_select()).load(cx.conn)?)
}

pub(super) fn items_of(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<Vec<DecisionItem>> {
    Ok(decision_items::table
        .filter(decision_items::decision_id.eq(decision))
        .order((decision_items::ordinal, decision_items::id))
        .select(DecisionItem::as_select())
        .load(cx.conn)?)
}

/// The lines of a decision with the names of their products and producers.
pub(super) fn named_items(
    cx: &mut Ctx<'_>,
    decision: DecisionId,
) -> Result<Vec<(DecisionItem, String, Option<String>, Option<String>)>> {
    Ok(decision_items::table
        .inner_join(products::table.on(products::id.eq(decision_items::product_id)))
        .left_join(producers::table.on(producers::id.nullable().eq(decision_items::producer_id)))
        .left_join(certificates::table.on(certificates::id.nullable().eq(decision_items::certificate_id)))
        .filter(decision_items::decision_id.eq(decision))
        .order((decision_items::ordinal, decision_items::id))
        .select((
            DecisionItem::as_select(),
            products::name,
            producers::name.nullable(),
            certificates::number.nullable(),
        ))
        .load(cx.conn)?)
}

pub(super) fn save_item(cx: &mut Ctx<'_>, row: &DecisionItem) -> Result<()> {
    diesel::update(decision_items::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn delete_items(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<()> {
    diesel::delete(decision_items::table.filter(decision_items::decision_id.eq(decision))).execute(cx.conn)?;
    Ok(())
}

/// Whether another decision, drafted or signed, has this dossier.
pub(super) fn dossier_is_in_other(cx: &mut Ctx<'_>, decision: DecisionId, dossier: DossierId) -> Result<bool> {
    let under_way = [DecisionState::Draft, DecisionState::Signed];
    let found: i64 = decision_items::table
        .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
        .filter(decision_items::dossier_id.eq(dossier))
        .filter(decisions::id.ne(decision))
        .filter(decisions::state.eq_any(under_way))
        .count()
        .get_result(cx.conn)?;
    Ok(found > 0)
}

/// What a council found, as a decision needs it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct ResultFacts {
    pub id: ResultId,
    pub stars: i32,
    pub sum: i64,
    pub sheets: i32,
    pub recorded_at: Moment,
}

impl ResultFacts {
    /// Two decimals, cut off and not rounded.
    pub fn mean(&self) -> String {
        let hundredths = self.sum * 100 / i64::from(self.sheets.max(1));
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// The last result of a dossier, whichever level found it: the one that its status rests on.
pub(super) fn newest_result(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Option<ResultFacts>> {
    Ok(results::table
        .filter(results::dossier_id.eq(dossier))
        .order((results::recorded_at.desc(), results::id.desc()))
        .select((results::id, results::stars, results::mean_sum, results::mean_sheets, results::recorded_at))
        .first(cx.conn)
        .optional()?)
}

/// Whether a seat is an office of this level for this unit.
pub(super) fn is_office(cx: &mut Ctx<'_>, seat: PlaceId, level: Authority, place: PlaceId) -> Result<bool> {
    let found: i64 = places::table
        .inner_join(place_reach::table.on(place_reach::office_id.eq(places::id)))
        .filter(places::id.eq(seat))
        .filter(places::level.eq(level.word()))
        .filter(place_reach::place_id.eq(place))
        .count()
        .get_result(cx.conn)?;
    Ok(found > 0 || seat == place)
}

/// A product as a certificate prints it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct ProductFacts {
    pub name: String,
    pub group_code: String,
}

pub(super) fn product(cx: &mut Ctx<'_>, id: ProductId) -> Result<ProductFacts> {
    Ok(products::table.find(id).select((products::name, products::group_code)).first(cx.conn)?)
}

/// A producer as a certificate prints it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct ProducerFacts {
    pub name: String,
    pub kind: Option<ProducerType>,
}

pub(super) fn producer(cx: &mut Ctx<'_>, id: ProducerId) -> Result<ProducerFacts> {
    Ok(producers::table.find(id).select((producers::name, producers::kind)).first(cx.conn)?)
}

pub(super) fn insert_certificate(cx: &mut Ctx<'_>, row: &Certificate) -> Result<()> {
    diesel::insert_into(certificates::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The certificates this caller may know of: of the territory, and a producer's own.
pub(super) fn certificates_visible(cx: &Ctx<'_>) -> certificates::BoxedQuery<'static, MultiBackend> {
    let all = certificates::table.into_boxed();
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => all,
        Reach::Offices(offices) => {
            let territory = place_reach::table
                .filter(place_reach::office_id.eq_any(offices))
                .select(place_reach::place_id.nullable());
            let there = recognitions::table.filter(recognitions::place_id.eq_any(territory)).select(recognitions::id);
            let own: Vec<Option<ProducerId>> = cx.actor().producers().into_iter().map(Some).collect();
            all.filter(certificates::recognition_id.eq_any(there).or(certificates::producer_id.eq_any(own)))
        }
    }
}

pub(super) fn visible_certificate(cx: &mut Ctx<'_>, id: CertificateId) -> Result<Option<Certificate>> {
    let one = certificates_visible(cx).filter(certificates::id.eq(id));
    Ok(one.select(Certificate::as_select()).first(cx.conn).optional()?)
}

/// What a list of certificates is narrowed by.
#[derive(Debug, Clone, Default)]
pub(super) struct CertificateFilter {
    pub state: Option<super::State>,
    pub on: NaiveDate,
    pub place: Option<PlaceId>,
    pub stars: Option<i32>,
    pub number: Option<String>,
    pub producer: Option<ProducerId>,
}

pub(super) fn certificates_page(
    cx: &mut Ctx<'_>,
    filter: &CertificateFilter,
    after: Option<(NaiveDate, CertificateId)>,
    limit: i64,
) -> Result<Vec<Certificate>> {
    let mut query = certificates_visible(cx);
    if let Some(state) = filter.state {
        query = in_state(query, state, filter.on);
    }
    if let Some(stars) = filter.stars {
        query = query.filter(certificates::stars.eq(stars));
    }
    if let Some(number) = &filter.number {
        query = query.filter(certificates::number.eq(number.clone()));
    }
    if let Some(id) = filter.producer {
        query = query.filter(certificates::producer_id.eq(id));
    }
    if let Some(place) = filter.place {
        let inside =
            place_reach::table.filter(place_reach::office_id.eq(place)).select(place_reach::place_id.nullable());
        let there = recognitions::table.filter(recognitions::place_id.eq_any(inside)).select(recognitions::id);
        query = query.filter(certificates::recognition_id.eq_any(there));
    }
    if let Some((on, id)) = after {
        query = query
            .filter(certificates::issued_on.le(on).and(certificates::issued_on.lt(on).or(certificates::id.lt(id))));
    }
    let newest_first = (certificates::issued_on.desc(), certificates::id.desc());
    Ok(query.order(newest_first).limit(limit + 1).select(Certificate::as_select()).load(cx.conn)?)
}

/// The order of ends is that of `rules::state`: withdrawn, revoked, superseded, then by time.
fn in_state(
    query: certificates::BoxedQuery<'static, MultiBackend>,
    state: super::State,
    on: NaiveDate,
) -> certificates::BoxedQuery<'static, MultiBackend> {
    use super::State;
    use certificates::dsl as c;
    if state == State::NotYet {
        return query.filter(c::issued_on.gt(on));
    }
    let query = query.filter(c::issued_on.le(on));
    if state == State::Withdrawn {
        return query.filter(c::withdrawn_on.le(on));
    }
    let query = query.filter(c::withdrawn_on.is_null().or(c::withdrawn_on.gt(on)));
    if state == State::Revoked {
        return query.filter(c::revoked_on.le(on));
    }
    let query = query.filter(c::revoked_on.is_null().or(c::revoked_on.gt(on)));
    if state == State::Superseded {
        return query.filter(c::superseded_on.le(on));
    }
    let query = query.filter(c::superseded_on.is_null().or(c::superseded_on.gt(on)));
    match state {
        // No certificate is ever in this state.
        State::PotentialFive => query.filter(c::issued_on.gt(on)),
        State::Expired => {
            query.filter(c::valid_through.lt(on)).filter(c::extended_through.is_null().or(c::extended_through.lt(on)))
        }
        State::Extended => query.filter(c::valid_through.lt(on)).filter(c::extended_through.ge(on)),
        State::Expiring => query.filter(c::valid_through.ge(on)).filter(c::expiring_on.le(on)),
        _ => query.filter(c::valid_through.ge(on)).filter(c::expiring_on.gt(on)),
    }
}

/// Locks the row until the deed ends.
pub(super) fn lock_certificate(cx: &mut Ctx<'_>, id: CertificateId) -> Result<Certificate> {
    Ok(match cx.conn {
        Conn::Pg(c) => certificates::table.find(id).for_update().select(Certificate::as_select()).first(c)?,
        Conn::Sqlite(c) => certificates::table.find(id).select(Certificate::as_select()).first(c)?,
    })
}

/// A recognition by identifier.
pub(super) fn recognition(cx: &mut Ctx<'_>, id: RecognitionId) -> Result<Option<Recognition>> {
    Ok(recognitions::table.find(id).select(Recognition::as_select()).first(cx.conn).optional()?)
}

/// Locks the row until the deed ends.
pub(super) fn lock_recognition(cx: &mut Ctx<'_>, id: RecognitionId) -> Result<Recognition> {
    Ok(match cx.conn {
        Conn::Pg(c) => recognitions::table.find(id).for_update().select(Recognition::as_select()).first(c)?,
        Conn::Sqlite(c) => recognitions::table.find(id).select(Recognition::as_select()).first(c)?,
    })
}

/// Who recognised: the level, and the unit of its office. A list may not tell the office of a province: then
/// it is that of where the product was made.
pub(super) fn issuer(cx: &mut Ctx<'_>, recognition: RecognitionId) -> Result<(Authority, Option<PlaceId>)> {
    let (level, office, made): (Authority, Option<PlaceId>, Option<PlaceId>) = recognitions::table
        .inner_join(decisions::table.on(decisions::id.eq(recognitions::decision_id)))
        .filter(recognitions::id.eq(recognition))
        .select((recognitions::level, decisions::place_id, recognitions::place_id))
        .first(cx.conn)?;
    Ok((level, office.or(made.filter(|_| level != Authority::Central))))
}

pub(super) fn revoke_certificate(cx: &mut Ctx<'_>, id: CertificateId, on: NaiveDate, ground: Ground) -> Result<()> {
    diesel::update(certificates::table.find(id))
        .set((certificates::revoked_on.eq(Some(on)), certificates::revocation_ground.eq(Some(ground))))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn withdraw_certificate(cx: &mut Ctx<'_>, id: CertificateId, on: NaiveDate) -> Result<()> {
    diesel::update(certificates::table.find(id)).set(certificates::withdrawn_on.eq(Some(on))).execute(cx.conn)?;
    Ok(())
}

/// Ends a recognition by an act of the State, which stands before an end by succession; what was succeeded
/// before counts no longer than it did.
pub(super) fn end_recognition(
    cx: &mut Ctx<'_>,
    row: &Recognition,
    on: NaiveDate,
    why: EndedWhy,
    ground: Option<Ground>,
) -> Result<()> {
    diesel::update(recognitions::table.find(row.id))
        .set((
            recognitions::ended_on.eq(Some(row.ended_on.map_or(on, |before| before.min(on)))),
            recognitions::ended_why.eq(Some(why)),
            recognitions::acted_on.eq(Some(on)),
            recognitions::revocation_ground.eq(ground),
        ))
        .execute(cx.conn)?;
    Ok(())
}

pub(super) fn insert_case(cx: &mut Ctx<'_>, row: &RevocationCase) -> Result<()> {
    diesel::insert_into(revocations::table).values(row).execute(cx.conn)?;
    Ok(())
}

/// The cases this caller may know of: those of certificates of the territory, and of products of it.
pub(super) fn cases_visible(cx: &Ctx<'_>) -> revocations::BoxedQuery<'static, MultiBackend> {
    let all = revocations::table.into_boxed();
    match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere => all,
        Reach::Offices(offices) => {
            let territory = place_reach::table
                .filter(place_reach::office_id.eq_any(offices))
                .select(place_reach::place_id.nullable());
            let there =
                recognitions::table.filter(recognitions::place_id.eq_any(territory.clone())).select(recognitions::id);
            let theirs = certificates::table
                .filter(certificates::recognition_id.eq_any(there))
                .select(certificates::id.nullable());
            let listed = recognitions::table
                .inner_join(products::table.on(products::id.eq(recognitions::product_id)))
                .filter(products::place_id.eq_any(territory))
                .select(recognitions::id.nullable());
            all.filter(revocations::certificate_id.eq_any(theirs).or(revocations::recognition_id.eq_any(listed)))
        }
    }
}

pub(super) fn visible_case(cx: &mut Ctx<'_>, id: RevocationId) -> Result<Option<RevocationCase>> {
    let one = cases_visible(cx).filter(revocations::id.eq(id));
    Ok(one.select(RevocationCase::as_select()).first(cx.conn).optional()?)
}

pub(super) fn cases_page(
    cx: &mut Ctx<'_>,
    state: Option<CaseState>,
    after: Option<(NaiveDate, RevocationId)>,
    limit: i64,
) -> Result<Vec<RevocationCase>> {
    let mut query = cases_visible(cx);
    if let Some(state) = state {
        query = query.filter(revocations::state.eq(state));
    }
    if let Some((due, id)) = after {
        query = query.filter(revocations::due_on.ge(due).and(revocations::due_on.gt(due).or(revocations::id.gt(id))));
    }
    let soonest_first = (revocations::due_on, revocations::id);
    Ok(query.order(soonest_first).limit(limit + 1).select(RevocationCase::as_select()).load(cx.conn)?)
}

/// Locks the row until the deed ends.
pub(super) fn lock_case(cx: &mut Ctx<'_>, id: RevocationId) -> Result<RevocationCase> {
    Ok(match cx.conn {
        Conn::Pg(c) => revocations::table.find(id).for_update().select(RevocationCase::as_select()).first(c)?,
        Conn::Sqlite(c) => revocations::table.find(id).select(RevocationCase::as_select()).first(c)?,
    })
}

pub(super) fn save_case(cx: &mut Ctx<'_>, row: &RevocationCase) -> Result<()> {
    diesel::update(revocations::table.find(row.id)).set(row).execute(cx.conn)?;
    Ok(())
}

pub(super) fn cases_of_decision(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<Vec<RevocationCase>> {
    Ok(revocations::table
        .filter(revocations::decision_id.eq(decision))
        .order(revocations::id)
        .select(RevocationCase::as_select())
        .load(cx.conn)?)
}
