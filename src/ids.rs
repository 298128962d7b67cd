//! One newtype per identifier. They are uuid v7: unique everywhere, never an order of events,
//! never a secret. Places are uuid v5 of their legal key, so that every instance agrees on them.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
                 utoipa::ToSchema, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = crate::db::columns::Id)]
        #[serde(transparent)]
        #[schema(value_type = Uuid, format = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier.
            #[allow(clippy::new_without_default, reason = "an identifier has no default value")]
            pub fn new() -> Self { Self(Uuid::now_v7()) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.parse().map(Self) }
        }

        crate::db::columns::stored_as_id!($name);
    )+ };
}

ids! {
    /// A person who can sign in.
    UserId,
    /// One sign-in of a user: the family of its refresh tokens.
    SessionId,
    /// A dated right of a user.
    GrantId,
    /// An application for an account.
    RegistrationId,
    /// A province, district or commune during one period.
    PlaceId,
    /// An agency, department or association.
    OrganisationId,
    /// A decision that sets the rules.
    RulebookId,
    /// A published table of criteria.
    CriteriaSetId,
    /// A chủ thể OCOP.
    ProducerId,
    /// A growing area (vùng nguyên liệu).
    GrowingAreaId,
    /// A craft village (làng nghề).
    CraftVillageId,
    /// A paper by which a producer lets somebody act for it.
    MandateId,
    /// A product in the register.
    ProductId,
    /// A product code and the time it was in use.
    ProductCodeId,
    /// A paper of a producer, through all its versions.
    EvidenceId,
    /// One version of a paper.
    EvidenceVersionId,
    /// A dossier.
    DossierId,
    /// A paper of a dossier.
    DocumentId,
    /// A request for completion.
    CorrectionId,
    /// One item of a request for completion.
    CorrectionItemId,
    /// A question to a department, and its answer.
    OpinionId,
    /// A hand-over letter.
    HandoverId,
    /// A round of evaluation.
    RoundId,
    /// A council.
    CouncilId,
    /// A seat in a council.
    SeatId,
    /// A session of a council.
    SessionMeetingId,
    /// A score sheet of one member for one dossier.
    SheetId,
    /// A result of a dossier at a level.
    ResultId,
    /// A decision of an authority.
    DecisionId,
    /// A recognition of a product.
    RecognitionId,
    /// A certificate.
    CertificateId,
    /// A case for revocation.
    RevocationId,
    /// A notice of a result.
    NoticeId,
    /// A lot of a product.
    LotId,
    /// A trace event.
    TraceEventId,
    /// An inspection.
    InspectionId,
    /// A plan with its targets.
    PlanId,
    /// An address that wants to be told.
    WebhookId,
    /// One message to such an address.
    DeliveryId,
    /// A long piece of work.
    JobId,
    /// A row of the audit.
    AuditId,
    /// A message to the outside world.
    OutboxId,
    /// Any other row that needs a name of its own.
    RowId,
}

/// The name space of identifiers that are derived from a legal key.
const LEGAL_KEYS: Uuid = Uuid::from_u128(0x6f63_6f70_2d70_6c61_6365_732d_7631_0001);

impl PlaceId {
    /// The identifier of the unit with this key (`places.csv`: code, level, first day of validity).
    pub fn of_key(code: &str, level: &str, valid_from: Option<chrono::NaiveDate>, regime: &str) -> Self {
        let from = valid_from.map(|d| d.to_string()).unwrap_or_default();
        Self(Uuid::new_v5(&LEGAL_KEYS, format!("{level}/{code}/{from}/{regime}").as_bytes()))
    }
}

impl RulebookId {
    /// The identifier of the record with this code, equal on every instance.
    pub fn of_code(code: &str) -> Self {
        Self(Uuid::new_v5(&LEGAL_KEYS, format!("rulebook/{code}").as_bytes()))
    }
}

impl CriteriaSetId {
    /// The identifier of a table with this content under a rulebook, equal on every instance.
    pub fn of_content(rulebook: RulebookId, code: &str, sha256: &str) -> Self {
        Self(Uuid::new_v5(&LEGAL_KEYS, format!("criteria/{rulebook}/{code}/{sha256}").as_bytes()))
    }
}
