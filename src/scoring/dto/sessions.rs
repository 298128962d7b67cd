//! What travels for sessions, the dossiers on their tables, and conflicts of interest.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::{Conflict, Meeting, Tabled};
use super::super::rules::{ConflictBasis, Form, SessionMove, SessionState, SheetState, TableState};
use super::super::sessions::TeamReport;
use super::results::MeanView;
use super::{Rule, ordinary_moment};
use crate::db::Moment;
use crate::ids::{CouncilId, CriteriaSetId, DossierId, RoundId, RowId, SeatId, SessionMeetingId};
use crate::rulebook::DossierKind;
use crate::web::body::broken;

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
    /// When members may read the dossiers, on or before the day of the session; when marking is opened,
    /// where not said.
    #[validate(custom(function = "ordinary_moment"))]
    pub release_at: Option<Moment>,
    /// The dossiers, in the order of the session.
    #[validate(length(min = 1, max = 300), custom(function = "each_once"))]
    pub dossiers: Vec<DossierId>,
}

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

/// The agenda of a session.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SetAgenda {
    /// Every dossier of the session once, in order.
    #[validate(length(min = 1, max = 300), nested)]
    pub dossiers: Vec<AgendaSlot>,
}

/// One place in an agenda.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AgendaSlot {
    /// The dossier.
    pub dossier_id: DossierId,
    /// When it is taken up, in Việt Nam.
    #[validate(custom(function = "time_of_day"))]
    #[schema(example = "08:30")]
    pub starts_at: Option<String>,
}

fn time_of_day(text: &str) -> Rule {
    match text.len() == 5 && chrono::NaiveTime::parse_from_str(text, "%H:%M").is_ok() {
        true => Ok(()),
        false => Err(broken("time", "Giờ viết HH:MM, từ 00:00 đến 23:59.", "A time is written HH:MM, 00:00 to 23:59.")),
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
    /// When it is taken up, in Việt Nam: `HH:MM`.
    pub starts_at: Option<String>,
    /// The number that takes part for this dossier, without those who keep away; nothing for written opinions.
    pub quorum: Option<QuorumView>,
    /// The mean of the sheets submitted so far: only where the regulation discloses it to members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_mean: Option<MeanView>,
}

impl TabledView {
    /// One row of the table.
    pub fn of(
        row: Tabled,
        dossier: DossierHead,
        conflict: bool,
        quorum: Option<QuorumView>,
        open_mean: Option<MeanView>,
    ) -> Self {
        Self {
            dossier,
            state: row.state,
            scoring_round: row.scoring_round,
            reason: row.reason,
            conflict,
            starts_at: row.starts_at,
            quorum,
            open_mean,
        }
    }
}

/// The number that takes part, as attendance stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuorumView {
    /// Seats that vote.
    pub seats: u32,
    /// Seats that must take part.
    pub needed: u32,
    /// Seats that do.
    pub present: u32,
    /// Whether one who may preside is among them.
    pub chaired: bool,
    /// Whether marking may be opened.
    pub met: bool,
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
    /// When members may read the dossiers; when marking is opened, where not said.
    pub release_at: Option<Moment>,
    /// The number that takes part; nothing for written opinions.
    pub quorum: Option<QuorumView>,
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

/// Who keeps away from which dossier of a session.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionConflicts {
    /// Declared and detected ones.
    pub data: Vec<ConflictView>,
}

/// A conflict of interest.
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
    /// On what it rests.
    pub basis: ConflictBasis,
    /// When.
    pub declared_at: Moment,
}

impl From<Conflict> for ConflictView {
    fn from(c: Conflict) -> Self {
        Self {
            id: c.id,
            seat_id: c.seat_id,
            dossier_id: c.dossier_id,
            reason: c.reason,
            basis: c.basis,
            declared_at: c.declared_at,
        }
    }
}
