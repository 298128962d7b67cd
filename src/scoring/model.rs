//! Rows of rounds, councils, sessions, sheets and results.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::contest::ComplaintState;
use super::rules::edits::Rank;
use super::rules::{
    Choice, ConflictBasis, Finding, Form, Mean, Office, Paragraph, Regulation, SessionState, SheetState, TableState,
};
use crate::db::schema::{
    advisory_reviews, complaints, conflicts, council_seats, council_sessions, councils, evaluation_orders, results,
    rounds, session_dossiers, session_minutes, sheet_edits, sheet_marks, sheet_records, sheets, site_visit_pictures,
    site_visits, test_requests,
};
use crate::db::{Doc, Moment};
use crate::error::{AppError, Result};
use crate::ids::{
    CouncilId, DocumentId, DossierId, PlaceId, ResultId, RoundId, RowId, RulebookId, SeatId, SessionMeetingId, SheetId,
    UserId,
};
use crate::rulebook::Authority;

crate::stored_words!(ComplaintState, ConflictBasis, Form, Office, SessionState, SheetState, TableState);

/// A round of evaluation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rounds)]
pub struct RoundRow {
    /// Identifier.
    pub id: RoundId,
    /// The level that holds it.
    pub level: Authority,
    /// The province or district; none at the centre.
    pub place_id: Option<PlaceId>,
    /// The decision under which it is held.
    pub rulebook_id: RulebookId,
    /// The year.
    pub year: i32,
    /// 1, 2, …
    pub number: i32,
    /// Its name.
    pub name: String,
    /// Dossiers proposed before this day.
    pub cutoff: Option<NaiveDate>,
    /// Held before this day.
    pub hold_before: Option<NaiveDate>,
    /// The plan that foresees an extra round; empty for the rounds of the decision.
    pub plan: String,
    /// Row version.
    pub version: i32,
}

/// A council.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = councils)]
pub struct CouncilRow {
    /// Identifier.
    pub id: CouncilId,
    /// Its level.
    pub level: Authority,
    /// The province or district; none at the centre.
    pub place_id: Option<PlaceId>,
    /// Its name.
    pub name: String,
    /// The decision that sets it up.
    pub decision_number: String,
    /// Its day.
    pub decided_on: NaiveDate,
    /// First day of the term.
    pub valid_from: NaiveDate,
    /// Last day of the term; none while open.
    pub valid_to: Option<NaiveDate>,
    /// The regulation record.
    pub regulation: Doc,
    /// When it was entered.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

impl CouncilRow {
    /// How the council works.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn rules(&self) -> Result<Regulation> {
        self.regulation.read().map_err(AppError::internal)
    }
}

/// An appointment.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = council_seats)]
pub struct Seat {
    /// Identifier.
    pub id: SeatId,
    /// The council.
    pub council_id: CouncilId,
    /// Who.
    pub user_id: UserId,
    /// 1, 2, …: what stands in written reasons instead of the name.
    pub ordinal: i32,
    /// As in the decision.
    pub name: String,
    /// Position in the person's own office.
    pub title: String,
    /// The person's own office.
    pub organisation: String,
    /// Office in the council.
    pub office: Office,
    /// Whether it scores.
    pub votes: bool,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; none while open.
    pub valid_to: Option<NaiveDate>,
    /// The seat for which this one stands in, where its holder keeps away from a dossier.
    pub alternate_for: Option<SeatId>,
}

impl Seat {
    /// Whether the appointment holds on a day.
    pub fn holds(&self, on: NaiveDate) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|last| on <= last)
    }

    /// The name on sheets and in written reasons.
    pub fn label(&self) -> String {
        format!("Ghế {}", self.ordinal)
    }
}

/// A session of a council.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = council_sessions)]
pub struct Meeting {
    /// Identifier.
    pub id: SessionMeetingId,
    /// The council.
    pub council_id: CouncilId,
    /// The round; none outside rounds.
    pub round_id: Option<RoundId>,
    /// Its day.
    pub held_on: NaiveDate,
    /// A meeting, or written opinions.
    pub form: Form,
    /// Where it stands.
    pub state: SessionState,
    /// Seats present.
    pub attendance: Doc,
    /// The seat that presides; the chair's when not said.
    pub chaired_by: Option<SeatId>,
    /// The advisory team's report.
    pub report: Option<Doc>,
    /// When marking first began.
    pub opened_at: Option<Moment>,
    /// When marking last ended.
    pub closed_at: Option<Moment>,
    /// Who convened it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
    /// When members may read the dossiers; none: when marking is opened.
    pub release_at: Option<Moment>,
}

impl Meeting {
    /// Whether members may read the dossiers of the session.
    pub fn released(&self, now: Moment) -> bool {
        self.state != SessionState::Planned || self.release_at.is_some_and(|at| at <= now)
    }

    /// Seats present.
    pub fn present(&self) -> Vec<SeatId> {
        self.attendance.read().unwrap_or_default()
    }
}

/// A dossier on the table of a session.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_dossiers)]
pub struct Tabled {
    /// The session.
    pub session_id: SessionMeetingId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// Its place in the order of the session.
    pub ordinal: i32,
    /// Where it stands.
    pub state: TableState,
    /// Which round of sheets it is in.
    pub scoring_round: i32,
    /// The chair's recorded conclusions.
    pub conclusions: Doc,
    /// Why it was postponed, or goes back for discussion.
    pub reason: Option<String>,
    /// When it is taken up: a time of the day in Việt Nam, `HH:MM`.
    pub starts_at: Option<String>,
}

impl Tabled {
    /// Whether the sheets of a round of this dossier are closed to marks for good.
    pub fn settled(&self, scoring_round: i32) -> bool {
        scoring_round < self.scoring_round || !matches!(self.state, TableState::Waiting | TableState::Scoring)
    }
}

/// A member who must not see or score a dossier.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = conflicts)]
pub struct Conflict {
    /// Identifier.
    pub id: RowId,
    /// The seat.
    pub seat_id: SeatId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// Why.
    pub reason: String,
    /// Who declared it.
    pub declared_by: Option<UserId>,
    /// When.
    pub declared_at: Moment,
    /// Declared, or what was detected.
    pub basis: ConflictBasis,
}

/// One sheet of one seat for one dossier in one round of sheets.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sheets)]
pub struct SheetRow {
    /// Identifier.
    pub id: SheetId,
    /// The session.
    pub session_id: SessionMeetingId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The seat.
    pub seat_id: SeatId,
    /// 1, 2, …
    pub scoring_round: i32,
    /// Where it stands.
    pub state: SheetState,
    /// The eliminating ground, when one was found.
    pub knock_out: Option<Doc>,
    /// Opinion of whoever marks.
    pub opinion: String,
    /// Points; none while open or when it was stopped.
    pub total: Option<i64>,
    /// When.
    pub submitted_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// One mark of a sheet.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sheet_marks)]
pub struct MarkRow {
    /// The sheet.
    pub sheet_id: SheetId,
    /// The criterion.
    pub criterion: String,
    /// The option; none says "none fits".
    pub option_code: Option<String>,
    /// The case.
    pub case_code: Option<String>,
    /// Remark.
    pub comment: Option<String>,
    /// Points.
    pub points: i64,
    /// When.
    pub updated_at: Moment,
}

impl MarkRow {
    /// The criterion and the choice, as the rules read them.
    pub fn choice(&self) -> (String, Choice) {
        let case = self.case_code.as_ref().and_then(|c| c.parse().ok());
        (self.criterion.clone(), Choice { option: self.option_code.clone(), case, comment: self.comment.clone() })
    }
}

/// One value that a criterion of a sheet had, or its eliminating ground. Every value is kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sheet_edits)]
pub struct EditRow {
    /// The sheet.
    pub sheet_id: SheetId,
    /// The criterion, or [`super::rules::edits::KNOCK_OUT`].
    pub criterion: String,
    /// The device; empty for what was marked on line.
    pub device: String,
    /// The editor's moment as the device gave it.
    pub edited_at: Moment,
    /// SHA-256 of the value.
    pub digest: String,
    /// The moment that counts.
    pub counts_at: Moment,
    /// When it arrived.
    pub arrived_at: Moment,
    /// The choice or the ground; none where it was taken back.
    pub value: Option<Doc>,
}

impl EditRow {
    /// What it is ranked by among the edits of its criterion.
    pub fn rank(&self) -> Rank {
        Rank {
            counts_at: self.counts_at.micros(),
            edited_at: self.edited_at.micros(),
            device: self.device.clone(),
            digest: self.digest.clone(),
        }
    }
}

/// What the advisory team of a level made of a dossier before the council.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = advisory_reviews)]
pub struct AdvisoryRow {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The level.
    pub level: Authority,
    /// The opinion on the whole.
    pub opinion: String,
    /// Remarks by criterion: [`AdvisoryRemark`].
    pub remarks: Doc,
    /// Who wrote it last.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Moment,
    /// Row version.
    pub version: i32,
}

/// What the advisory team says about one criterion.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdvisoryRemark {
    /// Code of the criterion.
    #[schema(max_length = 60, example = "4.1")]
    pub criterion: String,
    /// The remark.
    #[schema(min_length = 1, max_length = 2000)]
    pub remark: String,
    /// The preliminary mark, where the team gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Choice>,
}

impl AdvisoryRow {
    /// The remarks.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn remarks(&self) -> Result<Vec<AdvisoryRemark>> {
        self.remarks.read().map_err(AppError::internal)
    }
}

/// A visit of the advisory team to where the product is made.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = site_visits)]
pub struct SiteVisit {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The level whose team went.
    pub level: Authority,
    /// Its day.
    pub visited_on: NaiveDate,
    /// Who took part, in words.
    pub people: String,
    /// What was found.
    pub seen: String,
    /// Who wrote it down.
    pub written_by: Option<UserId>,
    /// When.
    pub written_at: Moment,
}

/// A picture of a site visit.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = site_visit_pictures)]
pub struct VisitPicture {
    /// Identifier.
    pub id: RowId,
    /// The visit.
    pub site_visit_id: RowId,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// As uploaded.
    pub file_name: String,
    /// What it shows.
    pub caption: String,
    /// Who.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub uploaded_at: Moment,
}

/// An extra test that the advisory team asks for.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = test_requests, treat_none_as_null = true)]
pub struct TestRequest {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The level whose team asks.
    pub level: Authority,
    /// The producer or the laboratory, in words.
    pub asked_of: String,
    /// What is to be tested.
    pub wanted: String,
    /// Last day.
    pub due_on: NaiveDate,
    /// Who asks.
    pub asked_by: Option<UserId>,
    /// When.
    pub asked_at: Moment,
    /// What came of it; none while it is awaited.
    pub result: Option<String>,
    /// The paper of the dossier that says so.
    pub document_id: Option<DocumentId>,
    /// The day on which it came.
    pub received_on: Option<NaiveDate>,
    /// Who wrote that down.
    pub received_by: Option<UserId>,
    /// Row version.
    pub version: i32,
}

/// A submitted sheet as it is printed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sheet_records)]
pub struct SheetRecordRow {
    /// The sheet.
    pub sheet_id: SheetId,
    /// All that the page says: [`super::rules::record::SheetRecord`].
    pub content: Doc,
    /// When it was submitted.
    pub frozen_at: Moment,
}

/// The minutes of a session, as they were drawn up.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_minutes)]
pub struct MinutesRow {
    /// The session.
    pub session_id: SessionMeetingId,
    /// All that they say: [`super::rules::minutes::Minutes`].
    pub content: Doc,
    /// Who drew them up.
    pub drawn_up_by: Option<UserId>,
    /// When.
    pub drawn_up_at: Moment,
}

/// A producer's complaint about a result.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = complaints)]
pub struct ComplaintRow {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The result.
    pub result_id: ResultId,
    /// What the producer says against it.
    pub grounds: String,
    /// The day of filing.
    pub filed_on: NaiveDate,
    /// Who filed it.
    pub filed_by: Option<UserId>,
    /// When.
    pub filed_at: Moment,
    /// Where it stands.
    pub state: ComplaintState,
    /// The reasons of the answer.
    pub answer: Option<String>,
    /// Whether whoever marked before keeps away from the new evaluation.
    pub other_members: bool,
    /// Who answered.
    pub answered_by: Option<UserId>,
    /// When.
    pub answered_at: Option<Moment>,
    /// Row version.
    pub version: i32,
}

/// The Ministry's order to evaluate a dossier again (26/2026, Điều 10.1 b).
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = evaluation_orders)]
pub struct OrderRow {
    /// Identifier.
    pub id: RowId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The result that was found unlawful.
    pub result_id: ResultId,
    /// Number of the conclusion of the check.
    pub conclusion_number: String,
    /// Its day.
    pub concluded_on: NaiveDate,
    /// What was not lawful.
    pub grounds: String,
    /// Whether whoever marked before keeps away from the new evaluation.
    pub other_members: bool,
    /// Who ordered it.
    pub ordered_by: Option<UserId>,
    /// When.
    pub ordered_at: Moment,
}

/// What a council found for a dossier at a level.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = results)]
pub struct ResultRow {
    /// Identifier.
    pub id: ResultId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The session.
    pub session_id: SessionMeetingId,
    /// The level of the council.
    pub level: Authority,
    /// The decision that was applied.
    pub rulebook_id: RulebookId,
    /// The star; 0 where there is none.
    pub stars: i32,
    /// The star of the band alone; 0 where there is none.
    pub stars_by_band: i32,
    /// Sum of the totals that count; 0 when rejected.
    pub mean_sum: i64,
    /// Sheets that count; 0 when rejected.
    pub mean_sheets: i32,
    /// Whether a knock-out rejected the dossier.
    pub rejected: bool,
    /// Whether one sheet decides.
    pub sensitive: bool,
    /// The whole finding.
    pub finding: Doc,
    /// The written reasons in both languages.
    pub explanation: Doc,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Moment,
    /// The day it was made known by notice or decision.
    pub published_on: Option<NaiveDate>,
}

impl ResultRow {
    /// The mean, as a fraction; none when rejected.
    pub fn mean(&self) -> Option<Mean> {
        (self.mean_sheets > 0).then(|| Mean { sum: self.mean_sum, sheets: self.mean_sheets.into() })
    }

    /// The star as the rulebook counts it; 0 where there is none.
    pub fn star(&self) -> u8 {
        u8::try_from(self.stars).unwrap_or(0)
    }

    /// The whole finding.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn finding(&self) -> Result<Finding> {
        self.finding.read().map_err(AppError::internal)
    }

    /// The written reasons.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn reasons(&self) -> Result<Vec<Paragraph>> {
        self.explanation.read().map_err(AppError::internal)
    }
}
