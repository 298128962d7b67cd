//! Intake on the wire.

mod beside; // what is shown beside one dossier
mod corrections;
mod ending;
mod lists; // dossiers in lists: searched, counted, waiting
mod messages;
mod opinions;
mod receipts;
mod samples; // handed over, received, used
mod seals; // sealed manifests

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

pub use receipts::{ReceiptNumberList, ReceiptNumberQuery, ReceiptNumberView, ReserveReceipt, VoidReceipt};
pub use samples::{CountedSamplesInput, NewSamplesInput, SampleList, SampleView};
pub use seals::{ArchiveQuery, ManifestList, ManifestSummary, ManifestView};

use super::rules::{
    Action, CommuneReport, Desk, Difference, DossierForm, Due, HandoverState, Need, PaperCheck, Party, Status,
};
use crate::db::{Doc, Moment};
use crate::files::Scan;
use crate::ids::{
    CriteriaSetId, DocumentId, DossierId, EvidenceId, HandoverId, PlaceId, ProducerId, ProductId, RecognitionId,
    RulebookId, UserId,
};
use crate::rulebook::advice::Advice;
use crate::rulebook::preview::Preview;
use crate::rulebook::rules::Round;
use crate::rulebook::{DossierKind, Stage};
use crate::text::Label;
use crate::web::body::ordinary_day;

pub use corrections::{
    AnswerCorrections, CorrectionCounts, CorrectionItemView, CorrectionView, CorrectionsView, NewCorrectionItem,
    SettleCorrections, SettledItem,
};
pub use ending::{AnnulProductionEnd, BehalfView, ConfirmProductionEnd, ProductionEndView};
pub use messages::{MessageQuery, MessageView, NewMessage, ReadUpTo, UnreadView};
pub use opinions::{
    AnswerOpinion, AskOpinion, OpinionCounts, OpinionFileForm, OpinionFileView, OpinionQuery, OpinionView, OpinionsView,
};

pub use beside::{CommuneReportView, DossierExpansion, ExpandQuery, ExpandedDossier};
pub use lists::{
    Bucket, DossierPage, DossierQuery, DossierSummary, ExpandedSummary, Facet, FacetValue, Facets, ListExpansion,
    NamedView, QueueCounts, QueueItem, QueuePage, QueueQuery, StatusCount,
};

/// Opens a dossier.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenDossier {
    /// The product.
    pub product: ProductId,
    /// First, upgrade or re-evaluation.
    pub kind: DossierKind,
    /// Criteria set; the product's own when not given.
    #[validate(length(min = 1, max = 20))]
    pub set: Option<String>,
    /// What is written already.
    #[serde(default)]
    #[validate(nested)]
    pub form: DossierForm,
}

/// Changes what the producer wrote.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditDossier {
    /// Mẫu 01 and 02, whole.
    #[validate(nested)]
    pub form: DossierForm,
    /// Another criteria set; only in a draft.
    #[validate(length(min = 1, max = 20))]
    pub set: Option<String>,
}

/// What the producer says about one criterion.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelfMarkInput {
    /// Code of the option; null says "none fits".
    #[validate(length(max = 10))]
    pub option: Option<String>,
    /// The case, where the criterion has cases.
    #[serde(default)]
    pub case: Option<u8>,
    /// Remark; needed with "none".
    #[serde(default)]
    #[validate(length(max = 2000))]
    pub comment: Option<String>,
    /// Papers of this dossier that prove it.
    #[serde(default)]
    #[validate(length(max = 50))]
    pub evidence: Vec<DocumentId>,
}

/// Many marks at once.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelfMarksInput {
    /// By code of criterion; those not named stay as they are.
    #[validate(length(min = 1, max = 200), nested)]
    pub marks: BTreeMap<String, SelfMarkInput>,
}

/// A mark of the producer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelfMarkView {
    /// Code of the criterion.
    pub criterion: String,
    /// Code of the option; null for "none fits".
    pub option: Option<String>,
    /// The case.
    pub case: Option<String>,
    /// Remark.
    pub comment: Option<String>,
    /// Papers that prove it.
    #[schema(value_type = Vec<DocumentId>)]
    pub evidence: Doc,
    /// Its points.
    pub points: i64,
}

/// The self-assessment (Mẫu 02, III).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SelfAssessmentView {
    /// Code of the criteria set.
    pub set: String,
    /// Revision of the set.
    pub revision: i32,
    /// The marks, by code.
    pub marks: Vec<SelfMarkView>,
    /// Their sum.
    pub total: i64,
    /// What they would give, and what the next star needs; only a council gives a star. Null while
    /// two marks contradict each other.
    pub preview: Option<Preview>,
    /// The fewest criteria to change for the next star. Null at the highest star, while two marks
    /// contradict each other, and where the chosen cases do not hold enough points.
    pub advice: Option<Advice>,
    /// What contradicts, and what to do.
    pub trouble: Option<Label>,
}

/// Asks for a move.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveRequest {
    /// What to do.
    pub action: Action,
    /// Why; the producer reads it.
    #[validate(length(max = 4000))]
    pub reason: Option<String>,
    /// The written notice, for moves that end the dossier.
    #[validate(nested)]
    pub notice: Option<NoticeInput>,
    /// Criteria set under the new law, with `refile`.
    #[validate(length(min = 1, max = 20))]
    pub set: Option<String>,
    /// What to complete, item by item, with moves that ask for completion.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    pub items: Vec<NewCorrectionItem>,
    /// Last day to complete it, after today; by the rulebook when not given (`correctionDays`).
    #[validate(custom(function = ordinary_day))]
    pub due_on: Option<NaiveDate>,
    /// What the office thinks of the answers to its last request. Those not accepted are asked for
    /// again with the next request.
    #[serde(default)]
    #[validate(length(max = 100), nested)]
    pub settled: Vec<SettledItem>,
    /// With `submit`, for a dossier that came on paper: the number that the commune kept for it this year and that
    /// stands on it (`/v1/receipt-numbers`).
    #[validate(range(min = 1, max = 9_999_999))]
    pub receipt: Option<i64>,
}

/// A written notice.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoticeInput {
    /// Its number.
    #[validate(length(min = 1, max = 100))]
    pub number: String,
    /// Its date.
    pub issued_on: NaiveDate,
}

/// A status, in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatusView {
    /// Stable word.
    pub code: Status,
    /// In both languages.
    pub label: Label,
}

/// Something that the caller may do now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenAction {
    /// Stable word.
    pub action: Action,
    /// In both languages.
    pub label: Label,
    /// What it takes.
    pub needs: Vec<Need>,
    /// Where it is done.
    pub at: String,
    /// Where it is written.
    pub article: String,
}

/// A legal clock of a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    /// Its name in the rulebook.
    pub clock: String,
    /// The day of the event.
    pub started_on: NaiveDate,
    /// Last day, as the decision says it.
    pub deadline: NaiveDate,
    /// Last day with recorded pauses; a pause still open counts up to today.
    pub deadline_with_pauses: NaiveDate,
    /// When it was stopped.
    pub ended_on: Option<NaiveDate>,
}

/// A dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DossierView {
    /// Identifier.
    pub id: DossierId,
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub product_name: String,
    /// Whose.
    pub producer: ProducerId,
    /// Kind.
    pub kind: DossierKind,
    /// Where it stands.
    pub status: StatusView,
    /// On whose desk it lies.
    pub level: Desk,
    /// Whose move it is.
    pub whose_move: Vec<Party>,
    /// What the caller may do now.
    pub open_actions: Vec<OpenAction>,
    /// Code of the rulebook.
    pub rulebook: String,
    /// The rulebook.
    pub rulebook_id: RulebookId,
    /// Code of the criteria set.
    pub set: String,
    /// The criteria set.
    pub criteria_set_id: CriteriaSetId,
    /// The last day on which it can be moved under an ended rulebook.
    pub last_day_to_move: Option<NaiveDate>,
    /// The commune where it was filed.
    pub filed_place: PlaceId,
    /// The commune where it is now.
    pub place: PlaceId,
    /// The day it was filed first.
    pub filed_on: Option<NaiveDate>,
    /// Mẫu 01 and 02.
    pub form: DossierForm,
    /// Mẫu 03.
    pub commune_report: Option<CommuneReport>,
    /// Number of the commune's receipt.
    pub receipt_number: Option<String>,
    /// The product code.
    pub product_code: Option<String>,
    /// The recognition it builds on.
    pub held_recognition: Option<RecognitionId>,
    /// The dossier whose content it began with (upgrade, re-evaluation).
    pub copied_from: Option<DossierId>,
    /// The dossier that goes on under the law in force.
    pub refiled_as: Option<DossierId>,
    /// The dossier it goes on from.
    pub refiled_from: Option<DossierId>,
    /// The round that its newest letter reached.
    pub round: Option<Round>,
    /// Its clocks, those that ended too.
    pub clocks: Vec<ClockView>,
    /// The newest request for completion, in numbers.
    pub correction: Option<CorrectionCounts>,
    /// What the caller has not read about it.
    pub unread: UnreadView,
    /// Who acted for the producer, by which mandate; empty where it acted itself.
    pub on_behalf: Vec<BehalfView>,
    /// Opinions of departments, in numbers.
    pub opinions: OpinionCounts,
    /// The nearest legal deadline of the clocks that run.
    pub deadline: Option<NaiveDate>,
    /// The same with recorded pauses; a pause still open counts up to today.
    pub deadline_with_pauses: Option<NaiveDate>,
    /// How the deadline with pauses lies to today.
    pub due: Due,
    /// When it was opened.
    pub created_at: Moment,
    /// When it moved last.
    pub moved_at: Moment,
    /// Row version.
    pub version: i32,
    /// What was asked for with `expand`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded: Option<ExpandedDossier>,
}

/// A move that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MoveView {
    /// 1, 2, 3…
    pub ordinal: i32,
    /// When.
    pub at: Moment,
    /// What was done.
    pub action: Action,
    /// In both languages.
    pub label: Label,
    /// Where it was.
    pub from: Status,
    /// Where it is then.
    pub to: Status,
    /// By whom.
    pub party: Party,
    /// The person; none for the service itself.
    pub by: Option<UserId>,
    /// Why.
    pub reason: Option<String>,
    /// Letter, decision, session.
    #[schema(value_type = Object)]
    pub details: Doc,
}

/// The life of one dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// Every move, in order.
    pub moves: Vec<MoveView>,
    /// Every time of waiting for completion.
    pub pauses: Vec<PauseView>,
}

/// A time of waiting for completion.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PauseView {
    /// The day it was asked for.
    pub from: NaiveDate,
    /// The day it came.
    pub to: Option<NaiveDate>,
    /// What was asked for.
    pub why: String,
}

/// A paper of a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    /// Identifier.
    pub id: DocumentId,
    /// Stable word of its type.
    pub paper: String,
    /// In the sender's words.
    pub title: String,
    /// The paper in the producer's library; null for what an office put in.
    pub evidence: Option<EvidenceId>,
    /// Its version, from 1.
    pub ordinal: i32,
    /// Whether the library holds a newer version.
    pub newer: bool,
    /// As uploaded.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// The number it bears.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    pub expires_on: Option<NaiveDate>,
    /// Whom it names.
    pub holder_name: Option<String>,
    /// The tax number of whom it names.
    pub holder_tax_code: Option<String>,
    /// Whether it holds today.
    pub holds: bool,
    /// Criteria it proves.
    #[schema(value_type = Vec<String>)]
    pub criteria: Doc,
    /// When.
    pub uploaded_at: Moment,
    /// What the virus scanner says of it; only what is clean, or came while no scanner was set, is served.
    pub scan: Scan,
    /// What the scanner found in it.
    pub threat: Option<String>,
    /// Where its bytes are.
    pub content: String,
    /// Where its small picture is, when it is a picture.
    pub thumbnail: Option<String>,
}

/// The papers of a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentList {
    /// In the order in which they came.
    pub data: Vec<DocumentView>,
}

/// The form with a paper.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes the multipart form in the document")]
#[schema(rename_all = "camelCase")]
pub struct DocumentForm {
    /// The bytes: PDF, PNG, JPEG, WebP or MP4.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Type of the paper, as the rulebook names it.
    paper: String,
    /// In your words.
    title: Option<String>,
    /// The number it bears.
    number: Option<String>,
    /// Who issued it.
    issuer: Option<String>,
    /// Day of issue.
    issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    expires_on: Option<NaiveDate>,
    /// Whom it names.
    holder_name: Option<String>,
    /// The tax number of whom it names.
    holder_tax_code: Option<String>,
    /// Codes of criteria that it proves, separated by commas.
    criteria: Option<String>,
}

/// Papers of the library to refer to.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferTo {
    /// Each is referred to in its newest version.
    #[validate(length(min = 1, max = 100))]
    pub evidence: Vec<EvidenceId>,
}

/// What changed since the dossier on which the present recognition rests.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DifferencesView {
    /// That dossier; null for a first evaluation, and where the recognition was imported.
    pub since: Option<DossierId>,
    /// In the order of the criteria; what touches none comes last.
    pub data: Vec<Difference>,
}

/// What the rulebook asks for at a step, and what is there.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompletenessView {
    /// The step.
    pub stage: Stage,
    /// Whether nothing that is required is missing.
    pub complete: bool,
    /// Paper by paper.
    pub papers: Vec<PaperCheck>,
    /// Criteria without a mark.
    pub unmarked: Vec<String>,
}

/// Which step to check.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompletenessQuery {
    /// The step; the next one when not given.
    pub stage: Option<Stage>,
}

/// A hand-over letter.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewHandover {
    /// Who is to receive.
    pub to_level: Desk,
    /// Number of the letter.
    #[validate(length(min = 1, max = 100))]
    pub number: String,
    /// Date of the letter: it decides the round.
    pub signed_on: NaiveDate,
    /// Who signed it.
    #[validate(length(min = 1, max = 200))]
    pub signer: String,
    /// Whether one set on paper goes with it.
    #[serde(default)]
    pub paper_set: bool,
    /// Remark.
    #[serde(default)]
    #[validate(length(max = 2000))]
    pub note: String,
    /// What it carries.
    #[validate(length(min = 1, max = 100), nested)]
    pub dossiers: Vec<EnclosedInput>,
}

/// One dossier of a letter.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnclosedInput {
    /// Which one.
    pub id: DossierId,
    /// Samples that go with it (Điều 6: five, none for tourism).
    #[serde(default)]
    #[validate(range(max = 1000))]
    pub samples: u16,
    /// The commune's own sequence number (STT) for the product code; the next one when not given.
    #[validate(range(min = 1, max = 999_999))]
    pub sequence: Option<i64>,
}

/// What the receiving office says.
#[derive(Debug, Clone, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewReceipts {
    /// Dossier by dossier.
    #[validate(length(min = 1, max = 100), nested)]
    pub receipts: Vec<ReceiptInput>,
}

/// One dossier, received or refused.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceiptInput {
    /// Which one.
    pub dossier: DossierId,
    /// Received, or refused.
    pub received: bool,
    /// Why it is refused.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
    /// The samples that came with it, when they were counted.
    #[validate(nested)]
    pub samples: Option<CountedSamplesInput>,
}

/// A hand-over letter as recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HandoverView {
    /// Identifier.
    pub id: HandoverId,
    /// Who sent.
    pub from_level: Desk,
    /// From where; null for the centre.
    pub from_place: Option<PlaceId>,
    /// Who is to receive.
    pub to_level: Desk,
    /// Where; null for the centre.
    pub to_place: Option<PlaceId>,
    /// Number of the letter.
    pub number: String,
    /// Date of the letter.
    pub signed_on: NaiveDate,
    /// Who signed it.
    pub signer: String,
    /// Whether one set on paper goes with it.
    pub paper_set: bool,
    /// Remark.
    pub note: String,
    /// What it carries.
    pub dossiers: Vec<EnclosedView>,
    /// Samples that go with it, of all its dossiers.
    pub samples: i32,
    /// When it was recorded.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// One dossier of a letter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnclosedView {
    /// Which one.
    pub dossier: DossierId,
    /// Sent, received or refused.
    pub state: HandoverState,
    /// Samples.
    pub samples: i32,
    /// Which of the dossier's sealed manifests says what was handed over.
    pub manifest_number: i32,
    /// SHA-256 of that manifest.
    pub manifest_hash: String,
    /// The product code.
    pub product_code: Option<String>,
    /// The round that the date of the letter reached; null outside rounds.
    #[schema(value_type = Option<Round>)]
    pub round: Option<Doc>,
    /// When it was received.
    pub received_on: Option<NaiveDate>,
    /// Why it was refused.
    pub refused_reason: Option<String>,
}

/// What a list of letters is narrowed by.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HandoverQuery {
    /// Only those to this level.
    pub to_level: Option<Desk>,
    /// Rows on a page: 1 to 100, 20 when not given.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
