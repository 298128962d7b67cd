//! Queries about earlier sessions.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::super::rules::{SessionState, SheetState, TableState};
use crate::db::Ctx;
use crate::db::schema::{council_sessions, dossiers, session_dossiers, sheet_marks, sheets};
use crate::error::Result;
use crate::ids::{CriteriaSetId, DossierId, SheetId};

/// The newest sheets are precedents; older ones say no more.
const NEWEST: i64 = 5_000;

/// For each criterion of a table: the dossiers that were marked on it in closed sessions (by the sheet
/// of the first seat), and how often each option was chosen; without one dossier. Only rounds that gave
/// a result count.
pub(in crate::scoring) fn precedents(
    cx: &mut Ctx<'_>,
    set: CriteriaSetId,
    but: DossierId,
) -> Result<(Vec<(String, i64)>, Vec<(String, Option<String>, i64)>)> {
    let counted: Vec<(SheetId, DossierId)> = sheets::table
        .inner_join(
            session_dossiers::table.on(session_dossiers::session_id
                .eq(sheets::session_id)
                .and(session_dossiers::dossier_id.eq(sheets::dossier_id))
                .and(session_dossiers::scoring_round.eq(sheets::scoring_round))),
        )
        .inner_join(council_sessions::table.on(council_sessions::id.eq(sheets::session_id)))
        .inner_join(dossiers::table.on(dossiers::id.eq(sheets::dossier_id)))
        .filter(dossiers::criteria_set_id.eq(set))
        .filter(dossiers::id.ne(but))
        .filter(sheets::state.eq(SheetState::Submitted))
        .filter(session_dossiers::state.eq(TableState::Concluded))
        .filter(council_sessions::state.eq(SessionState::Closed))
        .order(sheets::id.desc())
        .limit(NEWEST)
        .select((sheets::id, sheets::dossier_id))
        .load(cx.conn)?;
    let one_each: BTreeMap<DossierId, SheetId> = counted.iter().map(|(sheet, dossier)| (*dossier, *sheet)).collect();
    let one_each: Vec<SheetId> = one_each.into_values().collect();
    let all: Vec<SheetId> = counted.into_iter().map(|(sheet, _)| sheet).collect();
    let cases = sheet_marks::table
        .filter(sheet_marks::sheet_id.eq_any(one_each))
        .group_by(sheet_marks::criterion)
        .order(sheet_marks::criterion)
        .select((sheet_marks::criterion, count_star()))
        .load(cx.conn)?;
    let options = sheet_marks::table
        .filter(sheet_marks::sheet_id.eq_any(all))
        .group_by((sheet_marks::criterion, sheet_marks::option_code))
        .order((sheet_marks::criterion, sheet_marks::option_code))
        .select((sheet_marks::criterion, sheet_marks::option_code, count_star()))
        .load(cx.conn)?;
    Ok((cases, options))
}
