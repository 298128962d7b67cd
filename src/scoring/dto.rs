//! What travels for rounds, councils, sessions, sheets and results.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::model::{Conflict, CouncilRow, Meeting, ResultRow, RoundRow, Seat, SheetRow, Tabled};
use super::rules::{
    Choice, Conclusions, Finding, Form, KnockedOut, Mean, Office, Paragraph, Regulation, SessionMove, SessionState,
    SheetState, TableState,
};
use super::sessions::TeamReport;
use crate::db::Moment;
use crate::error::Result;
use crate::ids::{
    CouncilId, CriteriaSetId, DocumentId, DossierId, PlaceId, ResultId, RoundId, RowId, RulebookId, SeatId,
    SessionMeetingId, SheetId, UserId,
};
use crate::rulebook::{Authority, Criterion, DossierKind, KnockOut, Named};
use crate::text::{Label, Lang};
use crate::web::body::broken;

// Rounds

/// A round to set up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AddRound {
    /// The level that holds it.
    pub level: Authority,
    /// The province or district; nothing at the centre.
    pub place_id: Option<PlaceId>,
    /// The decision; the one in force today when not said.
    pub rulebook_id: Option<RulebookId>,
    /// The year.
    #[validate(range(min = 2018, max = 2200))]
    pub year: i32,
    /// 1, 2, …
    #[validate(range(min = 1, max = 99))]
    pub number: i32,
    /// Its name; made from number and year when not said.
    #[validate(length(min = 1, max = 200))]
    pub name: Option<String>,
    /// Dossiers are proposed before this day; the decision's own when not said.
    pub cutoff: Option<NaiveDate>,
    /// Held before this day; the decision's own when not said.
    pub hold_before: Option<NaiveDate>,
    /// The plan and regulation that foresee an extra round.
    #[validate(length(max = 500))]
    pub plan: Option<String>,
}

/// A round.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoundOfEvaluation)]
pub struct RoundView {
    /// Identifier.
    pub id: RoundId,
    /// The level that holds it.
    pub level: Authority,
    /// The province or district.
    pub place_id: Option<PlaceId>,
    /// The decision.
    pub rulebook_id: RulebookId,
    /// The year.
    pub year: i32,
    /// 1, 2, …
    pub number: i32,
    /// Its name.
    pub name: String,
    /// Dossiers are proposed before this day.
    pub cutoff: Option<NaiveDate>,
    /// Held before this day.
    pub hold_before: Option<NaiveDate>,
    /// The plan that foresees an extra round.
    pub plan: String,
}

impl From<RoundRow> for RoundView {
    fn from(r: RoundRow) -> Self {
        Self {
            id: r.id,
            level: r.level,
            place_id: r.place_id,
            rulebook_id: r.rulebook_id,
            year: r.year,
            number: r.number,
            name: r.name,
            cutoff: r.cutoff,
            hold_before: r.hold_before,
            plan: r.plan,
        }
    }
}

/// Which rounds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RoundQuery {
    /// Only of this level.
    pub level: Option<Authority>,
    /// Only of this province or district.
    pub place: Option<PlaceId>,
    /// Only of this year.
    pub year: Option<i32>,
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}

// Councils

/// A council to set up by a decision.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AppointCouncil {
    /// Its level.
    pub level: Authority,
    /// The province or district; nothing at the centre.
    pub place_id: Option<PlaceId>,
    /// Its name.
    #[validate(length(min = 1, max = 300))]
    pub name: String,
    /// Number of the decision.
    #[validate(length(min = 1, max = 100))]
    pub decision_number: String,
    /// Day of the decision.
    pub decided_on: NaiveDate,
    /// First day of the term; the day of the decision when not said.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the term.
    pub valid_to: Option<NaiveDate>,
    /// How it works; what is left out takes its default.
    #[serde(default)]
    pub regulation: Regulation,
    /// Who sits in it.
    #[validate(length(min = 1, max = 60), nested)]
    pub seats: Vec<AppointSeat>,
}

/// An appointment.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AppointSeat {
    /// Who.
    pub user_id: UserId,
    /// Office in the council.
    pub office: Office,
    /// Position in the person's own office.
    #[serde(default)]
    #[validate(length(max = 200))]
    pub title: String,
    /// The person's own office.
    #[serde(default)]
    #[validate(length(max = 300))]
    pub organisation: String,
    /// Whether it scores; all but secretaries when not said.
    pub votes: Option<bool>,
}

/// A seat of a council.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeatView {
    /// Identifier.
    pub id: SeatId,
    /// 1, 2, …: what stands in written reasons instead of the name.
    pub number: i32,
    /// Who.
    pub user_id: UserId,
    /// The person's name.
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
    /// Last day.
    pub valid_to: Option<NaiveDate>,
}

impl From<Seat> for SeatView {
    fn from(s: Seat) -> Self {
        Self {
            id: s.id,
            number: s.ordinal,
            user_id: s.user_id,
            name: s.name,
            title: s.title,
            organisation: s.organisation,
            office: s.office,
            votes: s.votes,
            valid_from: s.valid_from,
            valid_to: s.valid_to,
        }
    }
}

/// A council.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CouncilView {
    /// Identifier.
    pub id: CouncilId,
    /// Its level.
    pub level: Authority,
    /// The province or district.
    pub place_id: Option<PlaceId>,
    /// Its name.
    pub name: String,
    /// Number of the decision.
    pub decision_number: String,
    /// Day of the decision.
    pub decided_on: NaiveDate,
    /// First day of the term.
    pub valid_from: NaiveDate,
    /// Last day of the term.
    pub valid_to: Option<NaiveDate>,
    /// How it works.
    pub regulation: Regulation,
    /// Who sits in it.
    pub seats: Vec<SeatView>,
}

impl CouncilView {
    /// The council with its seats.
    ///
    /// # Errors
    /// When the regulation record cannot be read.
    pub fn of(row: CouncilRow, seats: Vec<Seat>) -> Result<Self> {
        Ok(Self {
            regulation: row.rules()?,
            id: row.id,
            level: row.level,
            place_id: row.place_id,
            name: row.name,
            decision_number: row.decision_number,
            decided_on: row.decided_on,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            seats: seats.into_iter().map(SeatView::from).collect(),
        })
    }
}

/// A page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CouncilQuery {
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}

// Sessions

/// A session to convene.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ConveneSession {
    /// The council.
    pub council_id: CouncilId,
    /// The round; nothing outside rounds.
    pub round_id: Option<RoundId>,
    /// Its day.
    pub held_on: NaiveDate,
    /// A meeting, or written opinions; the regulation's own when not said.
    pub form: Option<Form>,
    /// The report of the advisory team (or, for written opinions, of the agency) on these dossiers.
    #[validate(custom(function = "short_report"))]
    pub report: Option<TeamReport>,
    /// The dossiers, in the order of the session.
    #[validate(length(min = 1, max = 300), custom(function = "each_once"))]
    pub dossiers: Vec<DossierId>,
}

type Rule = std::result::Result<(), validator::ValidationError>;

fn short_report(report: &TeamReport) -> Rule {
    match (1..=100).contains(&report.number.chars().count()) {
        true => Ok(()),
        false => Err(broken("length", "Số báo cáo dài từ 1 đến 100 ký tự.", "The number has 1 to 100 characters.")),
    }
}

fn each_once(dossiers: &[DossierId]) -> Rule {
    let mut sorted = dossiers.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    match sorted.len() == dossiers.len() {
        true => Ok(()),
        false => Err(broken("repeated", "Mỗi hồ sơ chỉ nêu một lần.", "Name each dossier once.")),
    }
}

/// Who is present, and who presides.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordAttendance {
    /// Seats present.
    #[validate(length(max = 60))]
    pub present: Vec<SeatId>,
    /// The seat that presides; the chair's when not said.
    pub chaired_by: Option<SeatId>,
}

/// A move of a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MoveSession {
    /// What is done.
    pub action: SessionMove,
}
crate::no_further_rules!(MoveSession);

/// A dossier of a session, with a reason.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DossierReason {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Why.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

/// A sheet to give back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReopenSheet {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The seat.
    pub seat_id: SeatId,
    /// Why.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

/// What a dossier is about, for whoever scores it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierHead {
    /// Identifier.
    pub id: DossierId,
    /// First, upgrade or re-evaluation.
    pub kind: DossierKind,
    /// Name of the product.
    pub product: String,
    /// Code of the product.
    pub product_code: Option<String>,
    /// Name of the producer.
    pub producer: String,
    /// Code of the criteria set.
    pub set: String,
    /// The criteria set.
    pub criteria_set_id: CriteriaSetId,
}

/// A dossier on the table of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TabledView {
    /// The dossier.
    pub dossier: DossierHead,
    /// Where it stands in the session.
    pub state: TableState,
    /// Which round of sheets it is in.
    pub scoring_round: i32,
    /// Why it was postponed or goes back for discussion.
    pub reason: Option<String>,
    /// Whether the caller keeps away from it.
    pub conflict: bool,
    /// The mean of the sheets submitted so far: only where the regulation discloses it to members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_mean: Option<MeanView>,
}

impl TabledView {
    /// One row of the table.
    pub fn of(row: Tabled, dossier: DossierHead, conflict: bool, open_mean: Option<MeanView>) -> Self {
        Self { dossier, state: row.state, scoring_round: row.scoring_round, reason: row.reason, conflict, open_mean }
    }
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CouncilSession)]
pub struct SessionView {
    /// Identifier.
    pub id: SessionMeetingId,
    /// The council.
    pub council_id: CouncilId,
    /// The round.
    pub round_id: Option<RoundId>,
    /// Its day.
    pub held_on: NaiveDate,
    /// A meeting, or written opinions.
    pub form: Form,
    /// Where it stands.
    pub state: SessionState,
    /// Seats present.
    pub present: Vec<SeatId>,
    /// The seat that presides, where it is not the chair's.
    pub chaired_by: Option<SeatId>,
    /// The report that the session works on.
    pub report: Option<TeamReport>,
    /// When marking first began.
    pub opened_at: Option<Moment>,
    /// When marking last ended.
    pub closed_at: Option<Moment>,
    /// The caller's own seat.
    pub seat: Option<SeatId>,
    /// The dossiers, in order.
    pub dossiers: Vec<TabledView>,
}

/// A session in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CouncilSessionBrief)]
pub struct SessionBrief {
    /// Identifier.
    pub id: SessionMeetingId,
    /// The council.
    pub council_id: CouncilId,
    /// The round.
    pub round_id: Option<RoundId>,
    /// Its day.
    pub held_on: NaiveDate,
    /// A meeting, or written opinions.
    pub form: Form,
    /// Where it stands.
    pub state: SessionState,
}

impl From<Meeting> for SessionBrief {
    fn from(m: Meeting) -> Self {
        Self {
            id: m.id,
            council_id: m.council_id,
            round_id: m.round_id,
            held_on: m.held_on,
            form: m.form,
            state: m.state,
        }
    }
}

/// Which sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SessionQuery {
    /// Only of this council.
    pub council: Option<CouncilId>,
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}

/// Who has submitted: never what.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionProgress {
    /// Each dossier and seat.
    pub data: Vec<SeatProgress>,
}

/// Whether one seat has submitted its sheet for one dossier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeatProgress {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The seat.
    pub seat_id: SeatId,
    /// Which round of sheets.
    pub scoring_round: i32,
    /// Where the sheet stands.
    pub state: SheetState,
}

/// A conflict of interest to declare.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DeclareConflict {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Why.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

/// A declared conflict of interest.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// Identifier.
    pub id: RowId,
    /// The seat.
    pub seat_id: SeatId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// Why.
    pub reason: String,
    /// When.
    pub declared_at: Moment,
}

impl From<Conflict> for ConflictView {
    fn from(c: Conflict) -> Self {
        Self { id: c.id, seat_id: c.seat_id, dossier_id: c.dossier_id, reason: c.reason, declared_at: c.declared_at }
    }
}

// Sheets

/// A mark for one criterion.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PutMark {
    /// Code of the option; nothing says "none fits", which needs a comment.
    #[validate(length(max = 20))]
    pub option: Option<String>,
    /// The case, where the criterion has cases.
    pub case: Option<u8>,
    /// Remark.
    #[validate(length(max = 2000))]
    pub comment: Option<String>,
}

impl PutMark {
    /// As the rules read it.
    pub fn choice(&self) -> Choice {
        Choice { option: self.option.clone(), case: self.case, comment: self.comment.clone() }
    }
}

/// An eliminating ground.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PutKnockOut {
    /// Code of a ground of the set, or of a criterion or section with an eliminating note.
    #[validate(length(min = 1, max = 60))]
    pub at: String,
    /// What was found.
    #[validate(length(min = 1, max = 2000))]
    pub reason: String,
}

impl PutKnockOut {
    /// As the rules read it.
    pub fn found(&self) -> KnockedOut {
        KnockedOut { at: self.at.clone(), reason: self.reason.clone() }
    }
}

/// The submission of a sheet.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SubmitSheet {
    /// Opinion of whoever marks.
    #[serde(default)]
    #[validate(length(max = 4000))]
    pub opinion: String,
}

/// What a sheet came to after a change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetProgress {
    /// Identifier.
    pub id: SheetId,
    /// Where it stands.
    pub state: SheetState,
    /// Points of what is marked.
    pub points: i64,
    /// Criteria marked.
    pub marked: usize,
    /// Criteria that still need a mark.
    pub unmarked: Vec<String>,
}

/// A sheet in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetBrief {
    /// Identifier.
    pub id: SheetId,
    /// The session.
    pub session_id: SessionMeetingId,
    /// The dossier.
    pub dossier: DossierHead,
    /// The seat.
    pub seat_id: SeatId,
    /// Whether it is the caller's own.
    pub mine: bool,
    /// Which round of sheets.
    pub scoring_round: i32,
    /// Where it stands.
    pub state: SheetState,
    /// Criteria marked.
    pub marked: i64,
    /// Points, once submitted; nothing when it was stopped.
    pub total: Option<i64>,
    /// When it was submitted.
    pub submitted_at: Option<Moment>,
}

impl SheetBrief {
    /// One row of a list.
    pub fn of(row: SheetRow, dossier: DossierHead, mine: bool, marked: i64) -> Self {
        Self {
            id: row.id,
            session_id: row.session_id,
            dossier,
            seat_id: row.seat_id,
            mine,
            scoring_round: row.scoring_round,
            state: row.state,
            marked,
            total: row.total,
            submitted_at: row.submitted_at,
        }
    }
}

/// Which sheets. A list holds only what the caller may see; nothing tells of the others.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SheetQuery {
    /// Only the caller's own.
    pub mine: Option<bool>,
    /// Only of this session.
    pub session: Option<SessionMeetingId>,
    /// Only for this dossier.
    pub dossier: Option<DossierId>,
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}

/// Which sheets of a session.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SessionSheetQuery {
    /// Rows on a page, 1 to 100; 20 when not said.
    pub limit: Option<i64>,
    /// Where to go on: `page.next` of the page before.
    pub cursor: Option<String>,
}

/// A paper that proves a criterion.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceView {
    /// The document.
    pub id: DocumentId,
    /// Its type, as the rulebook names it.
    pub paper: String,
    /// What it is.
    pub title: String,
    /// As uploaded.
    pub file_name: String,
}

/// One criterion of a sheet, with what was marked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetCriterion {
    /// The criterion as the set has it, without deeper ones.
    pub criterion: Criterion,
    /// What is marked on this sheet; nothing yet.
    pub mark: Option<Choice>,
    /// Its points.
    pub points: Option<i64>,
    /// What the producer marked about himself.
    pub self_mark: Option<Choice>,
    /// Papers that the producer named for it.
    pub evidence: Vec<EvidenceView>,
    /// Deeper criteria, on a heading.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub nested: Vec<Self>,
}

/// One section of a sheet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetSection {
    /// Code as printed.
    pub code: String,
    /// Title.
    pub title: Label,
    /// Points at most.
    pub max_points: i64,
    /// Eliminating note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knock_out: Option<KnockOut>,
    /// Criteria in printed order.
    pub criteria: Vec<SheetCriterion>,
}

/// One part of a sheet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetPart {
    /// Code as printed.
    pub code: String,
    /// Title.
    pub title: Label,
    /// Points at most.
    pub max_points: i64,
    /// Sections in printed order.
    pub sections: Vec<SheetSection>,
}

/// A sheet: the table of the set, with what is marked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetView {
    /// Identifier.
    pub id: SheetId,
    /// The session.
    pub session_id: SessionMeetingId,
    /// The dossier.
    pub dossier: DossierHead,
    /// Name of the set.
    pub set_name: Label,
    /// The seat.
    pub seat_id: SeatId,
    /// Number of the seat.
    pub seat_number: i32,
    /// Name of whoever holds it.
    pub member: String,
    /// Whether it is the caller's own.
    pub mine: bool,
    /// Which round of sheets.
    pub scoring_round: i32,
    /// Where it stands.
    pub state: SheetState,
    /// The eliminating ground, when one was found.
    pub knock_out: Option<KnockedOut>,
    /// Opinion of whoever marks.
    pub opinion: String,
    /// Points of what is marked.
    pub points: i64,
    /// Points, once submitted; nothing when it was stopped.
    pub total: Option<i64>,
    /// Criteria that still need a mark.
    pub unmarked: Vec<String>,
    /// Grounds that reject the dossier before scoring.
    pub disqualifiers: Vec<Named>,
    /// The table.
    pub parts: Vec<SheetPart>,
}

// Results

/// A dossier whose result is recorded.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RecordResult {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The chair's recorded conclusions, where the sheets alone do not settle it.
    #[serde(default)]
    #[validate(custom(function = "short_conclusions"))]
    pub conclusions: Conclusions,
}

fn short_conclusions(conclusions: &Conclusions) -> Rule {
    let minima = conclusions.minima.iter().map(|c| &c.reason);
    let mut reasons = minima.chain(conclusions.knock_out.iter().map(|k| &k.reason));
    let codes = conclusions.minima.iter().all(|c| c.criterion.len() <= 60);
    match codes && conclusions.minima.len() <= 300 && reasons.all(|r| r.chars().count() <= 2000) {
        true => Ok(()),
        false => Err(broken(
            "length",
            "Mỗi lý do không dài quá 2000 ký tự, không quá 300 kết luận.",
            "At most 300 conclusions, each reason at most 2000 characters long.",
        )),
    }
}

/// A mean, exact and as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeanView {
    /// Sum of the totals that count.
    pub sum: i64,
    /// Sheets that count.
    pub sheets: i64,
    /// Two decimals, cut off and never rounded up.
    #[schema(example = "92,33")]
    pub shown: String,
}

impl MeanView {
    /// In the language of the caller.
    pub fn of(mean: Mean, lang: Lang) -> Self {
        Self { sum: mean.sum, sheets: mean.sheets, shown: mean.shown(lang) }
    }
}

/// What a council found for a dossier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
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
    /// The star of the band alone.
    pub stars_by_band: i32,
    /// The mean; nothing when rejected.
    pub mean: Option<MeanView>,
    /// Whether a knock-out rejected the dossier.
    pub rejected: bool,
    /// Whether one sheet decides.
    pub sensitive: bool,
    /// The written reasons, in both languages.
    pub reasons: Vec<Paragraph>,
    /// The whole finding.
    pub finding: Finding,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// The day it was made known.
    pub published_on: Option<NaiveDate>,
}

impl ResultView {
    /// One result.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn of(row: &ResultRow, lang: Lang) -> Result<Self> {
        Ok(Self {
            id: row.id,
            dossier_id: row.dossier_id,
            session_id: row.session_id,
            level: row.level,
            rulebook_id: row.rulebook_id,
            stars: row.stars,
            stars_by_band: row.stars_by_band,
            mean: row.mean().map(|m| MeanView::of(m, lang)),
            rejected: row.rejected,
            sensitive: row.sensitive,
            reasons: row.reasons()?,
            finding: row.finding()?,
            recorded_at: row.recorded_at,
            published_on: row.published_on,
        })
    }
}

/// The newest result of a dossier, and those before it (a dossier may have one of each level).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierResult {
    /// The newest.
    pub newest: ResultView,
    /// The others, newest first.
    pub earlier: Vec<ResultView>,
}

/// Of which level.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ResultQuery {
    /// Only what councils of this level found.
    pub level: Option<Authority>,
}
