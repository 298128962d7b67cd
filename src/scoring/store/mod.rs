//! All queries about rounds, councils, sessions, sheets and results.

mod advisory;
mod contests;
mod councils;
mod insight;
mod minutes;
mod neighbours;
mod results;
mod rounds;
mod sessions;
mod sheets;

pub(super) use advisory::{
    advisory, insert_picture, insert_test, insert_visit, picture, put_advisory, save_test, sits_over, test, tests,
    visit, visits,
};
pub(super) use contests::{
    complaint, complaints_of, insert_complaint, insert_order, kept_away, order, order_of, orders, save_complaint,
    under_complaint,
};
pub(super) use councils::{
    conflict, conflicts_in, council, councils, end_seat, has_seat, insert_conflict, insert_council, insert_seat,
    lock_council, open_sessions, save_council, seat, seat_of, seats, seats_by_id, visible_council,
};
pub(super) use insight::precedents;
pub(super) use minutes::{insert_minutes, minutes, put_record, record};
pub(super) use neighbours::{evidence, filed, heads, named_evidence, paper};
pub(super) use results::{insert_result, publish_results, result, results_of};
pub(super) use rounds::{insert_round, round, rounds};
pub(super) use sessions::{
    has_team_report, insert_session, lock_session, no_conclusions, save_session, save_tabled, scoring_rounds, session,
    sessions, sessions_by_id, table_of, tabled, tables_with, visible_session,
};
pub(super) use sheets::{
    edits, end_sheets, insert_edits, insert_sheet, lock_sheet, marks, marks_of_sheets, replace_marks, save_sheet,
    sheets, sheets_behind, sheets_in, visible_sheet,
};
