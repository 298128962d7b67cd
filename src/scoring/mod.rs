//! Rounds, councils, sessions, sheets, and the result of a council.

mod advisory; // the advisory team's review, before the council sits
mod conflicts; // conflicts of interest, declared and detected
mod contests; // complaints, and the Ministry's order to evaluate again
mod councils; // councils, and the rights that come from an appointment
pub mod dto;
mod fieldwork; // the advisory team's site visits and extra tests
mod insight; // simulations, figures, precedents
mod minutes; // the minutes of a session
pub mod model;
mod print; // minutes, summaries and sheets as workbooks and as pages
mod records; // submitted sheets as they are printed
mod results; // from submitted sheets to the recorded result
mod rounds; // rounds of evaluation
pub mod routes;
pub mod rules; // from the marks on a sheet to the star and its written reasons
mod seats; // who leaves a council and who joins it
mod sessions; // dossiers come on the table, members mark, marking ends
mod sheets; // one seat, one dossier, one criterion at a time
mod store;
mod views; // what is shown of a session, a sheet, a result

use chrono::NaiveDate;

use crate::db::Ctx;
use crate::error::Result;
use crate::ids::DossierId;
use crate::rulebook::Authority;

pub use contests::{
    NewOrder, Verdict, answer, complain, complaint, complaints, find_order, hold_complaint, order, order_about, orders,
};
pub use councils::{NewCouncil, NewSeat, add_council, council, councils, has_seat, seat_of};
pub use minutes::{draw_up, minutes};
pub use model::{
    AdvisoryRemark, ComplaintRow, CouncilRow, Meeting, OrderRow, ResultRow, RoundRow, Seat, SheetRow, Tabled,
};
pub use print::TEMPLATES;
pub use results::{outcome_for, readable_results, record, result};
pub use rounds::{NewRound, RoundFilter, add_round, role_of, round, rounds};
pub use sessions::{
    NewSession, TeamReport, convene, discuss, hold_session, move_session, postpone, record_attendance, session,
    sessions,
};
pub use sheets::{
    Change, Edit, Fate, Marked, SheetFilter, change, evidence, history, hold_sheet, put_marks, reopen, save, sheet,
    sheets, submit,
};

/// The newest result of a dossier: of one level, or of any. A dossier that was handed back keeps
/// the results of both levels. Whoever calls this has found the dossier through `visible` first.
///
/// # Errors
/// When the database fails.
pub fn result_of(cx: &mut Ctx<'_>, dossier: DossierId, level: Option<Authority>) -> Result<Option<ResultRow>> {
    let all = store::results_of(cx, &[dossier])?;
    Ok(all.into_iter().find(|r| level.is_none_or(|l| r.level == l)))
}

/// Every result of a dossier, newest first.
///
/// # Errors
/// When the database fails.
pub fn results_of(cx: &mut Ctx<'_>, dossier: DossierId) -> Result<Vec<ResultRow>> {
    store::results_of(cx, &[dossier])
}

/// Makes the results of a dossier known to its producer: part of the notice or decision of this day.
///
/// # Errors
/// When the database fails.
pub fn publish_results(cx: &mut Ctx<'_>, dossier: DossierId, on: NaiveDate) -> Result<()> {
    store::publish_results(cx, dossier, on).map(drop)
}

/// Whether the producer may read a result: after the act that makes it known.
pub fn result_visible_to_producer(result: &ResultRow, today: NaiveDate) -> bool {
    result.published_on.is_some_and(|day| day <= today)
}
