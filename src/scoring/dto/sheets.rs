//! What travels for sheets.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::super::model::{AdvisoryRemark, AdvisoryRow, EditRow, SheetRow};
use super::super::rules::edits::KNOCK_OUT;
use super::super::rules::{Choice, KnockedOut, SheetState};
use super::super::sheets::{Change, Edit, Fate};
use super::fieldwork::{SiteVisitView, TestRequestView};
use super::sessions::DossierHead;
use super::{Rule, ordinary_moment};
use crate::db::Moment;
use crate::error::Result;
use crate::ids::{DocumentId, DossierId, SeatId, SessionMeetingId, SheetId};
use crate::rulebook::{Authority, Criterion, KnockOut, Named};
use crate::text::Label;
use crate::web::body::broken;

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
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
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

/// What a device kept while it was off line: for any of one's own sheets, in any order, any number of
/// times. Of several values of a criterion the last editor's stands, by the editor's moment.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SaveMarks {
    /// A name that the device keeps for itself.
    #[validate(length(min = 1, max = 60))]
    pub device: String,
    /// Marks of criteria; of forty sheets at once.
    #[serde(default)]
    #[validate(length(max = 3000), nested)]
    pub marks: Vec<EditedMark>,
    /// Eliminating grounds.
    #[serde(default)]
    #[validate(length(max = 300), nested)]
    pub knock_outs: Vec<EditedKnockOut>,
}

/// A mark as it was edited on a device.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EditedMark {
    /// The sheet.
    pub sheet_id: SheetId,
    /// Code of the criterion.
    #[validate(length(min = 1, max = 60))]
    pub criterion: String,
    /// When it was edited, by the device's clock; counted no later than its arrival.
    #[validate(custom(function = "ordinary_moment"))]
    pub edited_at: Moment,
    /// Whether the mark was taken back; option, case and comment are then left out.
    #[serde(default)]
    pub taken_back: bool,
    /// Code of the option; nothing says "none fits", which needs a comment.
    #[validate(length(max = 20))]
    pub option: Option<String>,
    /// The case, where the criterion has cases.
    pub case: Option<u8>,
    /// Remark.
    #[validate(length(max = 2000))]
    pub comment: Option<String>,
}

/// An eliminating ground as it was edited on a device.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EditedKnockOut {
    /// The sheet.
    pub sheet_id: SheetId,
    /// When it was edited, by the device's clock; counted no later than its arrival.
    #[validate(custom(function = "ordinary_moment"))]
    pub edited_at: Moment,
    /// The ground; nothing takes it back.
    #[validate(nested)]
    pub found: Option<PutKnockOut>,
}

impl SaveMarks {
    /// As the acts read it: marks first, then grounds.
    pub fn edits(&self) -> Vec<Edit> {
        let marks = self.marks.iter().map(|m| {
            let choice = Choice { option: m.option.clone(), case: m.case, comment: m.comment.clone() };
            let change = match m.taken_back {
                true => Change::TakeBack(m.criterion.clone()),
                false => Change::Mark(m.criterion.clone(), choice),
            };
            Edit { sheet: m.sheet_id, change, edited_at: m.edited_at }
        });
        let grounds = self.knock_outs.iter().map(|k| Edit {
            sheet: k.sheet_id,
            change: Change::KnockOut(k.found.as_ref().map(PutKnockOut::found)),
            edited_at: k.edited_at,
        });
        marks.chain(grounds).collect()
    }
}

crate::words! {
    /// What became of an edit that a device brought.
    pub enum EditOutcome {
        /// It is the value of its criterion.
        Stands = "stands",
        /// A later edit stands; this one is in the history.
        Superseded = "superseded",
        /// It was not taken; the device keeps it.
        Refused = "refused",
    }
}

/// What became of one edit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SavedEdit {
    /// The sheet.
    pub sheet_id: SheetId,
    /// The criterion; nothing for an eliminating ground.
    pub criterion: Option<String>,
    /// What became of it.
    pub outcome: EditOutcome,
    /// Whether it had been brought before.
    pub repeated: bool,
    /// Why it was not taken: a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Label>,
}

impl SavedEdit {
    /// One edit and its fate.
    pub fn of(edit: &Edit, fate: Fate) -> Self {
        let criterion = match &edit.change {
            Change::Mark(criterion, _) | Change::TakeBack(criterion) => Some(criterion.clone()),
            Change::KnockOut(_) => None,
        };
        let (outcome, repeated, why) = match fate {
            Fate::Kept { stands: true, repeated } => (EditOutcome::Stands, repeated, None),
            Fate::Kept { stands: false, repeated } => (EditOutcome::Superseded, repeated, None),
            Fate::Refused(stop) => (EditOutcome::Refused, false, Some(stop)),
        };
        Self {
            sheet_id: edit.sheet,
            criterion,
            outcome,
            repeated,
            code: why.as_ref().map(|stop| stop.word().to_owned()),
            detail: why.as_ref().map(|stop| stop.say()),
        }
    }
}

/// What a device brought, and what the sheets come to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SavedMarks {
    /// Each edit, marks first, in the order in which they were given.
    pub edits: Vec<SavedEdit>,
    /// The sheets that were reached.
    pub sheets: Vec<SavedSheet>,
}

/// A sheet after a device brought what it kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SavedSheet {
    /// Its tag: what `If-Match` takes.
    #[schema(example = "\"7\"")]
    pub etag: String,
    /// What it comes to.
    #[serde(flatten)]
    pub progress: SheetProgress,
}

/// Every value that one's own sheet had.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetHistory {
    /// In the order of the editors' moments.
    pub edits: Vec<HistoryOfMark>,
}

/// One value that a criterion had.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryOfMark {
    /// The criterion; nothing for an eliminating ground.
    pub criterion: Option<String>,
    /// The choice; nothing where it was taken back.
    pub mark: Option<Choice>,
    /// The eliminating ground; nothing where it was taken back.
    pub knock_out: Option<KnockedOut>,
    /// The device; empty for what was marked on line.
    pub device: String,
    /// When it was edited, by the device's clock.
    pub edited_at: Moment,
    /// When it arrived.
    pub arrived_at: Moment,
    /// Whether it is the value that stands.
    pub stands: bool,
}

impl HistoryOfMark {
    /// One value.
    pub fn of(row: EditRow, stands: bool) -> Self {
        let ground = row.criterion == KNOCK_OUT;
        let value = row.value.as_ref();
        Self {
            mark: value.filter(|_| !ground).and_then(|v| v.read().ok()),
            knock_out: value.filter(|_| ground).and_then(|v| v.read().ok()),
            criterion: (!ground).then_some(row.criterion),
            device: row.device,
            edited_at: row.edited_at,
            arrived_at: row.arrived_at,
            stands,
        }
    }
}

/// The advisory team's review of a dossier, to write.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct WriteAdvisoryReview {
    /// The opinion on the whole.
    #[validate(length(max = 8000))]
    pub opinion: String,
    /// Remarks, one for a criterion, with a preliminary mark where the team gives one.
    #[validate(length(max = 300), custom(function = "short_remarks"))]
    pub remarks: Vec<AdvisoryRemark>,
}

fn short_remarks(remarks: &[AdvisoryRemark]) -> Rule {
    let short = |r: &AdvisoryRemark| {
        let comment = r.mark.as_ref().and_then(|m| m.comment.as_ref());
        !r.remark.trim().is_empty()
            && r.remark.chars().count() <= 2000
            && r.criterion.len() <= 60
            && comment.is_none_or(|c| c.chars().count() <= 2000)
    };
    match remarks.iter().all(short) {
        true => Ok(()),
        false => {
            Err(broken("length", "Mỗi nhận xét dài từ 1 đến 2000 ký tự.", "Each remark has 1 to 2000 characters."))
        }
    }
}

/// The advisory team's review of a dossier.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdvisoryReview {
    /// The dossier.
    pub dossier_id: DossierId,
    /// The level whose team wrote it.
    pub level: Authority,
    /// The opinion on the whole; empty until it is written.
    pub opinion: String,
    /// Remarks by criterion.
    pub remarks: Vec<AdvisoryRemark>,
    /// When it was last written.
    pub written_at: Option<Moment>,
}

impl AdvisoryReview {
    /// One review.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn of(row: &AdvisoryRow) -> Result<Self> {
        Ok(Self {
            dossier_id: row.dossier_id,
            level: row.level,
            opinion: row.opinion.clone(),
            remarks: row.remarks()?,
            written_at: (row.version > 0).then_some(row.written_at),
        })
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
    pub marked: usize,
    /// Criteria that still need a mark.
    pub unmarked: usize,
    /// Points, once submitted; nothing when it was stopped.
    pub total: Option<i64>,
    /// When it was submitted.
    pub submitted_at: Option<Moment>,
}

impl SheetBrief {
    /// One row of a list.
    pub fn of(row: SheetRow, dossier: DossierHead, mine: bool, marked: usize, unmarked: usize) -> Self {
        Self {
            id: row.id,
            session_id: row.session_id,
            dossier,
            seat_id: row.seat_id,
            mine,
            scoring_round: row.scoring_round,
            state: row.state,
            marked,
            unmarked,
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
    /// What the advisory team says about it, as far as the council's regulation shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advisory: Option<AdvisoryRemark>,
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
    /// The advisory team's opinion, as far as the council's regulation shows it.
    pub advisory_opinion: Option<String>,
    /// Its site visits, as far as the regulation shows them.
    pub site_visits: Vec<SiteVisitView>,
    /// The extra tests that it asked for, as far as the regulation shows them.
    pub test_requests: Vec<TestRequestView>,
    /// The table.
    pub parts: Vec<SheetPart>,
}

/// A dossier as it lies before the members of a council: the table of its set with the producer's marks and
/// papers, and the advisory team's review as far as the regulation shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LaidDossier {
    /// The dossier.
    pub dossier: DossierHead,
    /// Name of the set.
    pub set_name: Label,
    /// Grounds that reject the dossier before scoring.
    pub disqualifiers: Vec<Named>,
    /// The advisory team's opinion.
    pub advisory_opinion: Option<String>,
    /// Its site visits.
    pub site_visits: Vec<SiteVisitView>,
    /// The extra tests that it asked for.
    pub test_requests: Vec<TestRequestView>,
    /// The table, without any member's marks.
    pub parts: Vec<SheetPart>,
}
