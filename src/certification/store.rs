//! All queries about decisions, recognitions, certificates and revocations.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Certificate, Decision, DecisionItem, EndedWhy, Recognition};
use crate::db::Ctx;
use crate::db::schema::{certificates, decision_items, decisions, places, producers, products, recognitions};
use crate::error::Result;
use crate::ids::{CertificateId, DecisionId, PlaceId, ProducerId, ProductId, RecognitionId};
use crate::producers::ProducerType;
use crate::rulebook::Authority;

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
pub(super) fn supersede(cx: &mut Ctx<'_>, id: RecognitionId, on: NaiveDate) -> Result<()> {
    diesel::update(recognitions::table.find(id))
        .set((recognitions::ended_on.eq(Some(on)), recognitions::ended_why.eq(Some(EndedWhy::Superseded))))
        .execute(cx.conn)?;
    diesel::update(certificates::table.filter(certificates::recognition_id.eq(id)))
        .set(certificates::superseded_on.eq(Some(on)))
        .execute(cx.conn)?;
    Ok(())
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
