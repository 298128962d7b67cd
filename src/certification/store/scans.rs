//! Queries about scans of decisions.

use diesel::prelude::*;

use crate::db::schema::decision_scans;
use crate::db::{Ctx, Moment};
use crate::error::Result;
use crate::ids::{DecisionId, RowId, UserId};

/// A scan of a decision.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = decision_scans)]
pub struct Scan {
    /// Identifier.
    pub id: RowId,
    /// The decision.
    pub decision_id: DecisionId,
    /// Its bytes.
    pub sha256: String,
    /// Its name as it was sent.
    pub file_name: String,
    /// Whether everybody may read it once the decision is published.
    pub public: bool,
    /// Who put it there.
    pub by_user: Option<UserId>,
    /// When.
    pub at: Moment,
}

pub(in crate::certification) fn insert(cx: &mut Ctx<'_>, row: &Scan) -> Result<()> {
    diesel::insert_into(decision_scans::table).values(row).execute(cx.conn)?;
    Ok(())
}

pub(in crate::certification) fn mark(cx: &mut Ctx<'_>, id: RowId, public: bool) -> Result<()> {
    diesel::update(decision_scans::table.find(id)).set(decision_scans::public.eq(public)).execute(cx.conn)?;
    Ok(())
}

/// The scans of a decision, in the order in which they came.
pub(in crate::certification) fn of(cx: &mut Ctx<'_>, decision: DecisionId) -> Result<Vec<Scan>> {
    Ok(decision_scans::table
        .filter(decision_scans::decision_id.eq(decision))
        .order(decision_scans::id)
        .select(Scan::as_select())
        .load(cx.conn)?)
}
