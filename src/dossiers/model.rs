//! Rows of intake.

pub mod corrections;
pub mod messages;
pub mod opinions;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::{Action, Desk, HandoverState, Party, SampleCondition, SampleDeed, Status};
use crate::db::schema::{
    dossier_clocks, dossier_documents, dossier_mandates, dossier_manifests, dossier_moves, dossier_pauses,
    dossier_rounds, dossiers, handover_dossiers, handovers, production_ends, recognitions, sample_deeds, self_marks,
};
use crate::db::{Doc, Moment};
use crate::ids::{
    CriteriaSetId, DocumentId, DossierId, EvidenceVersionId, HandoverId, MandateId, PlaceId, ProducerId, ProductId,
    RecognitionId, RowId, RulebookId, UserId,
};
use crate::products::{Evidence, EvidenceVersion};
use crate::rulebook::{Authority, DossierKind};

crate::stored_words!(Action, Desk, DossierKind, HandoverState, Party, SampleCondition, SampleDeed, Status);

/// One request to have one product evaluated.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = dossiers, treat_none_as_null = true)]
pub struct Dossier {
    /// Identifier.
    pub id: DossierId,
    /// The product.
    pub product_id: ProductId,
    /// Whose it is.
    pub producer_id: ProducerId,
    /// First, upgrade or re-evaluation.
    pub kind: DossierKind,
    /// The rulebook; pinned on the day of filing.
    pub rulebook_id: RulebookId,
    /// The criteria set; pinned on the day of filing.
    pub criteria_set_id: CriteriaSetId,
    /// Where it stands.
    pub status: Status,
    /// The commune where it was filed.
    pub filed_place_id: PlaceId,
    /// The commune in whose territory it is now.
    pub place_id: PlaceId,
    /// On whose desk it lies.
    pub level: Desk,
    /// The day it was filed first.
    pub filed_on: Option<NaiveDate>,
    /// Mẫu 01 and 02.
    pub form: Doc,
    /// Mẫu 03.
    pub commune_report: Option<Doc>,
    /// Number of the commune's receipt.
    pub receipt_number: Option<String>,
    /// Given when the commune proposes.
    pub product_code: Option<String>,
    /// The recognition that it raises or renews.
    pub held_recognition_id: Option<RecognitionId>,
    /// The dossier whose content it began with: the one its recognition rests on.
    pub copied_from: Option<DossierId>,
    /// The dossier that goes on under the law in force.
    pub refiled_as: Option<DossierId>,
    /// The dossier that it goes on from.
    pub refiled_from: Option<DossierId>,
    /// The nearest legal deadline.
    pub deadline_plain: Option<NaiveDate>,
    /// The same with recorded pauses.
    pub deadline_paused: Option<NaiveDate>,
    /// Who opened it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// When it moved last.
    pub moved_at: Moment,
    /// Row version.
    pub version: i32,
}

/// One move of a dossier.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_moves)]
pub struct MoveRow {
    /// Identifier.
    pub id: RowId,
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// Where it was.
    pub from_status: Status,
    /// What was done.
    pub action: Action,
    /// Where it is then.
    pub to_status: Status,
    /// By whom.
    pub party: Party,
    /// Why; the producer reads it.
    pub reason: Option<String>,
    /// Letter, decision, session.
    pub details: Doc,
    /// The person.
    pub by_user: Option<UserId>,
    /// When.
    pub at: Moment,
    /// 1, 2, 3…
    pub ordinal: i32,
}

/// A reference of a dossier to one version of a paper.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_documents)]
pub struct Reference {
    /// Identifier.
    pub id: DocumentId,
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// To which version.
    pub version_id: EvidenceVersionId,
    /// Criteria it proves here: a list of codes.
    pub criteria: Doc,
    /// Who.
    pub added_by: Option<UserId>,
    /// When.
    pub added_at: Moment,
    /// When it was taken out.
    pub removed_at: Option<Moment>,
}

/// A paper of a dossier.
#[derive(Debug, Clone, Queryable)]
pub struct Document {
    /// What refers to it.
    pub reference: Reference,
    /// The paper, through all its versions.
    pub evidence: Evidence,
    /// The version that lies here.
    pub version: EvidenceVersion,
}

/// What the producer says about one criterion.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = self_marks, primary_key(dossier_id, criterion), treat_none_as_null = true)]
pub struct SelfMark {
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// Code of the criterion.
    pub criterion: String,
    /// Code of the option; none for "none fits".
    pub option_code: Option<String>,
    /// The case.
    pub case_code: Option<String>,
    /// Why.
    pub comment: Option<String>,
    /// Documents: a list of identifiers.
    pub evidence: Doc,
    /// Its points.
    pub points: i64,
    /// When.
    pub updated_at: Moment,
}

/// A legal clock that runs, or ran.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_clocks)]
pub struct ClockRow {
    /// Identifier.
    pub id: RowId,
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// Its name in the rulebook.
    pub clock: String,
    /// The day of the event; not counted itself.
    pub started_on: NaiveDate,
    /// Last day, as the decision says it.
    pub deadline_plain: NaiveDate,
    /// Last day with recorded pauses.
    pub deadline_paused: NaiveDate,
    /// When it was stopped.
    pub ended_on: Option<NaiveDate>,
}

/// A time of waiting for completion.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_pauses)]
pub struct PauseRow {
    /// Identifier.
    pub id: RowId,
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// The day it was asked for.
    pub from_day: NaiveDate,
    /// The day it came.
    pub to_day: Option<NaiveDate>,
    /// What was asked for.
    pub why: String,
}

/// The commune's confirmation that a product is made no more.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = production_ends)]
pub struct ProductionEnd {
    /// Identifier.
    pub id: RowId,
    /// Of which product.
    pub product_id: ProductId,
    /// Last day of production.
    pub ended_on: NaiveDate,
    /// Number of the commune's paper.
    pub number: String,
    /// Its date.
    pub issued_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// The officer.
    pub by_user: Option<UserId>,
    /// When.
    pub at: Moment,
    /// When it was annulled as a mistake.
    pub annulled_at: Option<Moment>,
    /// By whom.
    pub annulled_by: Option<UserId>,
    /// Why.
    pub annulled_why: Option<String>,
}

/// By which mandate somebody else acted for the producer.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_mandates)]
pub struct Behalf {
    /// In which dossier.
    pub dossier_id: DossierId,
    /// The mandate.
    pub mandate_id: MandateId,
    /// Who acted.
    pub user_id: UserId,
    /// When first.
    pub at: Moment,
}

/// A hand-over letter.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = handovers)]
pub struct Handover {
    /// Identifier.
    pub id: HandoverId,
    /// Who sends.
    pub from_level: Desk,
    /// From where; none for the centre.
    pub from_place_id: Option<PlaceId>,
    /// Who is to receive.
    pub to_level: Desk,
    /// Where; none for the centre.
    pub to_place_id: Option<PlaceId>,
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
    /// Who recorded it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}

/// One dossier of a hand-over letter.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = handover_dossiers)]
pub struct HandedOver {
    /// The letter.
    pub handover_id: HandoverId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// Which of the dossier's manifests says what was handed over.
    pub manifest_number: i32,
    /// SHA-256 of that manifest.
    pub manifest_hash: String,
    /// Samples that go with it.
    pub samples: i32,
    /// Sent, received or refused.
    pub state: HandoverState,
    /// When it was received.
    pub received_on: Option<NaiveDate>,
    /// Why it was not.
    pub refused_reason: Option<String>,
}

/// What happened to samples of a dossier.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sample_deeds)]
pub struct SampleRow {
    /// Identifier.
    pub id: RowId,
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// The letter they went with.
    pub handover_id: Option<HandoverId>,
    /// Handed over, received or used.
    pub deed: SampleDeed,
    /// At whose desk.
    pub level: Desk,
    /// How many.
    pub count: i32,
    /// When.
    pub on_day: NaiveDate,
    /// Of what was received.
    pub condition: Option<SampleCondition>,
    /// With whom.
    pub person: String,
    /// Remark.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When it was recorded.
    pub recorded_at: Moment,
}

/// What a dossier held at one moment: frozen, signed, never changed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dossier_manifests)]
pub struct ManifestRow {
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// 1, 2, 3…
    pub number: i32,
    /// The move that froze it.
    pub action: Action,
    /// Who made that move.
    pub party: Party,
    /// Canonical JSON (RFC 8785): exactly the bytes that are hashed and signed.
    pub body: String,
    /// SHA-256 of the body.
    pub sha256: String,
    /// Ed25519 over the body, base64url; none for what letters carried before manifests were signed.
    pub signature: Option<String>,
    /// The key that signed.
    pub key_id: Option<RowId>,
    /// The person.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Moment,
}

/// The round that the newest letter to a level reached.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = dossier_rounds)]
pub struct RoundRow {
    /// Of which dossier.
    pub dossier_id: DossierId,
    /// The level of the letter.
    pub level: Authority,
    /// 1, 2 …
    pub number: i32,
    /// Year of the round.
    pub year: i32,
}

/// The recognition that a product holds, as far as intake needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = recognitions)]
pub struct Held {
    /// Identifier.
    pub id: RecognitionId,
    /// Its star.
    pub stars: i32,
    /// The end that its certificate bears.
    pub valid_through: NaiveDate,
    /// The dossier it rests on; none for what was imported.
    pub dossier_id: Option<DossierId>,
}
