//! Rows of decisions, recognitions, certificates and revocations.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::{
    CertificateFacts, DecisionKind, EvidenceKind, Ground, ReopenAt, Revocation as Ended, Standing, Validity, state,
};
use crate::db::schema::{certificates, decision_items, decisions, notices, recognitions, revocations};
use crate::db::{Doc, Moment};
use crate::dossiers::Status;
use crate::ids::{
    CertificateId, DecisionId, DossierId, NoticeId, PlaceId, ProducerId, ProductId, RecognitionId, ResultId,
    RevocationId, RowId, RulebookId, UserId,
};
use crate::producers::ProducerType;
use crate::rulebook::{Authority, DossierKind};
use crate::text::Label;

crate::words! {
    /// Where a decision stands.
    pub enum DecisionState {
        /// Being written.
        Draft = "draft",
        /// Given up before it was signed.
        Discarded = "discarded",
        /// Signed: numbers are given, nothing is public.
        Signed = "signed",
        /// Published: recognitions, certificates and revocations stand.
        Published = "published",
    }
}

crate::words! {
    /// How a product came to a recognition.
    pub enum RecognitionKind {
        /// First evaluation.
        First = "first",
        /// Raised to a higher star.
        Upgrade = "upgrade",
        /// Recognised again.
        ReEvaluation = "reEvaluation",
        /// From a list of before this service, which does not tell.
        Listed = "listed",
    }
}

impl From<DossierKind> for RecognitionKind {
    fn from(kind: DossierKind) -> Self {
        match kind {
            DossierKind::First => Self::First,
            DossierKind::Upgrade => Self::Upgrade,
            DossierKind::ReEvaluation => Self::ReEvaluation,
        }
    }
}

crate::words! {
    /// Why a recognition ended before its last day.
    pub enum EndedWhy {
        /// A new recognition took its place.
        Superseded = "superseded",
        /// Its certificate was revoked.
        Revoked = "revoked",
        /// It was withdrawn after the Ministry's check.
        Withdrawn = "withdrawn",
    }
}

crate::words! {
    /// Where a case for revocation stands.
    pub enum CaseState {
        /// Open.
        Open = "open",
        /// In a decision that is being prepared or signed.
        InDecision = "inDecision",
        /// The certificate is revoked.
        Revoked = "revoked",
        /// Closed without a revocation.
        Dropped = "dropped",
    }
}

crate::words! {
    /// What a notice tells of a product.
    pub enum NoticeOutcome {
        /// Recognised with its stars.
        Recognised = "recognised",
        /// A result of 90 or more, approved and sent to the centre.
        ResultApproved = "resultApproved",
        /// Not recognised: one or two stars, or none.
        NotRecognised = "notRecognised",
        /// What was recognised is withdrawn (26/2026, Điều 10.1 b).
        Withdrawn = "withdrawn",
        /// Its certificate, or a recognition without one, is revoked (26/2026, Điều 8).
        Revoked = "revoked",
        /// Its certificate goes on past its printed day (26/2026, Điều 12.3).
        Extended = "extended",
        /// The wording of its certificate is corrected.
        Corrected = "corrected",
    }
}

impl NoticeOutcome {
    /// The outcome in words.
    pub fn label(self) -> Label {
        match self {
            Self::Recognised => Label::new("được công nhận", "recognised"),
            Self::ResultApproved => {
                Label::new("kết quả từ 90 điểm, trình Trung ương", "a result of 90 or more, sent to the centre")
            }
            Self::NotRecognised => Label::new("không được công nhận", "not recognised"),
            Self::Withdrawn => Label::new("bị thu hồi kết quả công nhận", "its recognition is withdrawn"),
            Self::Revoked => Label::new("bị thu hồi giấy chứng nhận", "its certificate is revoked"),
            Self::Extended => Label::new("giấy chứng nhận được kéo dài", "its certificate is extended"),
            Self::Corrected => Label::new("giấy chứng nhận được đính chính", "its certificate is corrected"),
        }
    }
}

impl NoticeOutcome {
    /// Whether it tells of a council's result; else of a recognition that stood before.
    pub fn is_result(self) -> bool {
        matches!(self, Self::Recognised | Self::ResultApproved | Self::NotRecognised)
    }
}

impl From<DecisionKind> for NoticeOutcome {
    fn from(kind: DecisionKind) -> Self {
        match kind {
            DecisionKind::Recognition => Self::Recognised,
            DecisionKind::ResultApproval => Self::ResultApproved,
            DecisionKind::NotRecognition => Self::NotRecognised,
            DecisionKind::Withdrawal => Self::Withdrawn,
            DecisionKind::Revocation => Self::Revoked,
            DecisionKind::Extension => Self::Extended,
            DecisionKind::Correction => Self::Corrected,
        }
    }
}

crate::stored_words!(
    DecisionKind,
    DecisionState,
    RecognitionKind,
    EndedWhy,
    CaseState,
    Ground,
    EvidenceKind,
    NoticeOutcome,
    ReopenAt
);

/// A decision of an authority, or a notice.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = decisions, treat_none_as_null = true)]
pub struct Decision {
    /// Identifier.
    pub id: DecisionId,
    /// What it does.
    pub kind: DecisionKind,
    /// The level of the authority.
    pub level: Authority,
    /// The unit of the authority; none at the centre, and where a list does not tell.
    pub place_id: Option<PlaceId>,
    /// The authority as printed.
    pub authority_name: String,
    /// Its number, once signed; a list may not tell it.
    pub number: Option<String>,
    /// Its date, once signed.
    pub signed_on: Option<NaiveDate>,
    /// Who signed, as printed.
    pub signer_name: Option<String>,
    /// Who signed here.
    pub signed_by: Option<UserId>,
    /// Who began it.
    pub prepared_by: Option<UserId>,
    /// Everyone who wrote in it.
    pub preparers: Doc,
    /// The law of its dossiers.
    pub rulebook_id: Option<RulebookId>,
    /// What it rests on: a list of texts.
    pub legal_bases: Doc,
    /// Why, where the kind needs it.
    pub reason: Option<String>,
    /// Where it stands.
    pub state: DecisionState,
    /// When it became public.
    pub published_on: Option<NaiveDate>,
    /// Whether it comes from a list of before this service.
    pub imported: bool,
    /// When the row was made.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
    /// For a withdrawal: where the dossiers are taken up again.
    pub reopen_at: Option<ReopenAt>,
}

impl Decision {
    /// The people who wrote in it.
    pub fn written_by(&self) -> Vec<UserId> {
        self.preparers.read().unwrap_or_default()
    }

    /// What it rests on.
    pub fn bases(&self) -> Vec<String> {
        self.legal_bases.read().unwrap_or_default()
    }
}

/// One product in a decision.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = decision_items, treat_none_as_null = true)]
pub struct DecisionItem {
    /// Identifier.
    pub id: RowId,
    /// The decision.
    pub decision_id: DecisionId,
    /// Its place in the list.
    pub ordinal: i32,
    /// The product.
    pub product_id: ProductId,
    /// Its producer then.
    pub producer_id: Option<ProducerId>,
    /// The dossier that it closes.
    pub dossier_id: Option<DossierId>,
    /// The council's result that it rests on.
    pub result_id: Option<ResultId>,
    /// The certificate that it issues, revokes or withdraws.
    pub certificate_id: Option<CertificateId>,
    /// The number given to that certificate at signing.
    pub certificate_number: Option<String>,
    /// What is printed on the certificate, sealed at signing.
    pub printed: Option<Doc>,
    /// 0 where the decision carries no star.
    pub stars: i32,
    /// The mean as shown, two decimals.
    pub mean: Option<String>,
    /// Reason or remark for this product.
    pub note: String,
    /// For a published withdrawal: where the dossier stands since; none where none was taken up again.
    pub reopened: Option<Status>,
    /// For a correction: what it corrects ([`super::rules::Corrections`]).
    pub corrections: Option<Doc>,
    /// The recognition that it ends, where no certificate was issued.
    pub recognition_id: Option<RecognitionId>,
}

/// A product recognised at a star by a published decision.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = recognitions)]
pub struct Recognition {
    /// Identifier.
    pub id: RecognitionId,
    /// The product.
    pub product_id: ProductId,
    /// Its producer then.
    pub producer_id: Option<ProducerId>,
    /// The decision.
    pub decision_id: DecisionId,
    /// The dossier.
    pub dossier_id: Option<DossierId>,
    /// The certificate, when one was issued here.
    pub certificate_id: Option<CertificateId>,
    /// How the product came to it.
    pub kind: RecognitionKind,
    /// 3, 4 or 5.
    pub stars: i32,
    /// Who recognised.
    pub level: Authority,
    /// The unit of then.
    pub place_id: Option<PlaceId>,
    /// The place as printed.
    pub printed_place: String,
    /// Group of Annex I then.
    pub group_code: String,
    /// Type of the producer then.
    pub producer_kind: Option<ProducerType>,
    /// First day.
    pub recognised_on: NaiveDate,
    /// Last day.
    pub valid_through: NaiveDate,
    /// From this day it is expiring.
    pub expiring_on: NaiveDate,
    /// The first day on which it did not count any more, before its time.
    pub ended_on: Option<NaiveDate>,
    /// Why; an act of the State stands before a new recognition.
    pub ended_why: Option<EndedWhy>,
    /// Whether it is the last one of its product.
    pub newest: bool,
    /// The last day by an extension (26/2026, Điều 12.3).
    pub extended_through: Option<NaiveDate>,
    /// The day of the act of the State that ended it; a new recognition may have taken its place before.
    pub acted_on: Option<NaiveDate>,
    /// The ground of its revocation.
    pub revocation_ground: Option<Ground>,
}

impl Recognition {
    /// The dates that decide its state; `ground` is that of its certificate's revocation.
    pub fn facts(&self, ground: Option<Ground>) -> CertificateFacts {
        let ended = |why| self.ended_on.filter(|_| self.ended_why == Some(why));
        let acted = |why| ended(why).map(|on| self.acted_on.unwrap_or(on));
        let ground = ground.or(self.revocation_ground).unwrap_or(Ground::OtherConclusion);
        let before = self.ended_on.filter(|on| self.acted_on.is_some_and(|act| *on < act));
        CertificateFacts {
            issued_on: self.recognised_on,
            valid_through: self.valid_through,
            extended_through: self.extended_through,
            revoked: acted(EndedWhy::Revoked).map(|on| Ended { on, ground }),
            superseded_on: ended(EndedWhy::Superseded).or(before),
            withdrawn_on: acted(EndedWhy::Withdrawn),
        }
    }

    /// Its state on a day; `ground` is that of its certificate's revocation.
    pub fn standing(&self, ground: Option<Ground>, on: NaiveDate) -> Standing {
        state(&self.facts(ground), &self.validity(), on)
    }

    /// The rulebook's figures, as its dates keep them.
    pub fn validity(&self) -> Validity {
        validity(self.valid_through, self.expiring_on)
    }
}

/// A certificate.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = certificates)]
pub struct Certificate {
    /// Identifier.
    pub id: CertificateId,
    /// Its number, with a check character.
    pub number: String,
    /// The recognition that it proves.
    pub recognition_id: RecognitionId,
    /// The product.
    pub product_id: ProductId,
    /// Its producer then.
    pub producer_id: Option<ProducerId>,
    /// 3, 4 or 5.
    pub stars: i32,
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day.
    pub valid_through: NaiveDate,
    /// From this day it is expiring.
    pub expiring_on: NaiveDate,
    /// Revoked from this day.
    pub revoked_on: Option<NaiveDate>,
    /// On this ground.
    pub revocation_ground: Option<Ground>,
    /// Replaced from this day.
    pub superseded_on: Option<NaiveDate>,
    /// Its recognition withdrawn from this day.
    pub withdrawn_on: Option<NaiveDate>,
    /// What is printed on it.
    pub printed: Doc,
    /// When it was issued here.
    pub created_at: Moment,
    /// The last day by an extension (26/2026, Điều 12.3).
    pub extended_through: Option<NaiveDate>,
    /// How many times its wording was corrected.
    pub corrections: i32,
}

impl Certificate {
    /// The dates that decide its state.
    pub fn facts(&self) -> CertificateFacts {
        let ground = self.revocation_ground.unwrap_or(Ground::OtherConclusion);
        CertificateFacts {
            issued_on: self.issued_on,
            valid_through: self.valid_through,
            extended_through: self.extended_through,
            revoked: self.revoked_on.map(|on| Ended { on, ground }),
            superseded_on: self.superseded_on,
            withdrawn_on: self.withdrawn_on,
        }
    }

    /// Its state on a day.
    pub fn standing(&self, on: NaiveDate) -> Standing {
        state(&self.facts(), &validity(self.valid_through, self.expiring_on), on)
    }
}

/// The rulebook's figures, as the dates of a row keep them.
fn validity(valid_through: NaiveDate, expiring_on: NaiveDate) -> Validity {
    let days = (valid_through - expiring_on).num_days();
    Validity { expiring_days: u64::try_from(days).unwrap_or(0), ..Validity::default() }
}

/// A case for revocation: a ground and the paper behind it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = revocations, treat_none_as_null = true)]
pub struct RevocationCase {
    /// Identifier.
    pub id: RevocationId,
    /// The certificate.
    pub certificate_id: Option<CertificateId>,
    /// The recognition, where no certificate was issued.
    pub recognition_id: Option<RecognitionId>,
    /// The ground.
    pub ground: Ground,
    /// What paper it rests on.
    pub evidence_kind: EvidenceKind,
    /// Its number.
    pub evidence_number: String,
    /// Its date, from which the 15 days run.
    pub evidence_dated: NaiveDate,
    /// Who issued it.
    pub evidence_body: String,
    /// The inspection that it concludes.
    pub inspection_id: Option<RowId>,
    /// The last day for the decision.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: CaseState,
    /// The decision that carries it.
    pub decision_id: Option<DecisionId>,
    /// Who opened it.
    pub opened_by: Option<UserId>,
    /// When.
    pub opened_at: Moment,
    /// Remark.
    pub note: String,
    /// Row version.
    pub version: i32,
}

/// A decision about a product in writing, to its producer and its commune.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notices, treat_none_as_null = true)]
pub struct Notice {
    /// Identifier.
    pub id: NoticeId,
    /// Its number, per office and year.
    pub number: String,
    /// The decision that it tells of.
    pub decision_id: DecisionId,
    /// The dossier; none where a list told of the recognition.
    pub dossier_id: Option<DossierId>,
    /// The product.
    pub product_id: ProductId,
    /// The producer that it goes to, where the record names one.
    pub producer_id: Option<ProducerId>,
    /// The commune that it goes to, where the record names one.
    pub place_id: Option<PlaceId>,
    /// What it tells.
    pub outcome: NoticeOutcome,
    /// 0 where no star was found.
    pub stars: i32,
    /// Reason or remark.
    pub reason: String,
    /// Its day: that of the publication.
    pub issued_on: NaiveDate,
    /// When the producer confirmed it.
    pub producer_read_at: Option<Moment>,
    /// Who confirmed it for the producer.
    pub producer_read_by: Option<UserId>,
    /// When the commune confirmed it.
    pub commune_read_at: Option<Moment>,
    /// Who confirmed it for the commune.
    pub commune_read_by: Option<UserId>,
    /// What it tells of, where that is a recognition that stood before the decision.
    pub recognition_id: Option<RecognitionId>,
    /// The ground of a revocation.
    pub ground: Option<Ground>,
    /// The last day by an extension.
    pub extended_through: Option<NaiveDate>,
    /// When the row was made.
    pub created_at: Moment,
    /// Row version.
    pub version: i32,
}
