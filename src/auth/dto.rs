//! What travels for sign-in and accounts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::model::{GrantRow, Registration, User};
use super::rules::RegistrationState;
use crate::actor::Role;
use crate::audit::{AuditRow, Block};
use crate::db::{Doc, Moment};
use crate::ids::{AuditId, GrantId, JobId, OrganisationId, PlaceId, ProducerId, RegistrationId, RowId, UserId};
use crate::jobs::{Job, JobState};
use crate::text::Label;

/// A sign-in with a password, or the renewal of one.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenRequest {
    /// `password` or `refresh_token`.
    pub grant_type: GrantType,
    /// For `password`: the e-mail.
    #[validate(length(max = 254))]
    pub email: Option<String>,
    /// For `password`.
    #[validate(length(max = 1024))]
    pub password: Option<String>,
    /// For `password`, where the account has a second factor: the six digits of now.
    #[validate(length(min = 6, max = 6))]
    pub totp: Option<String>,
    /// For `refresh_token`: the token of the last answer.
    #[validate(length(max = 200))]
    pub refresh_token: Option<String>,
}

crate::words! {
    /// How a token is asked for.
    pub enum GrantType {
        /// E-mail and password.
        Password = "password",
        /// A refresh token.
        RefreshToken = "refresh_token",
    }
}

/// Tokens of a sign-in. Never stored by us in this form, never replayed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// For `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds until the access token ends.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Works once; the next answer has the next one.
    pub refresh_token: String,
    /// Whether rights are withheld until a second factor is set up or shown.
    pub second_factor_needed: bool,
}

/// Who the caller is, and what they may do today.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MeView {
    /// Identifier.
    pub id: UserId,
    /// E-mail.
    pub email: String,
    /// Name.
    pub name: String,
    /// Rights that hold now.
    pub grants: Vec<GrantView>,
    /// Rights withheld until a second factor is shown.
    pub withheld: Vec<GrantView>,
}

/// A right.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantView {
    /// What it allows to be.
    pub role: Role,
    /// The office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// The producer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<ProducerId>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
}

/// A new password in place of the old one.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChangePassword {
    /// The password of today.
    #[validate(length(max = 1024))]
    pub old: String,
    /// At least 12 characters, not the e-mail.
    #[validate(length(min = 12, max = 200))]
    pub new: String,
}

/// The password of the signed-in person, shown again before something weighty.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SetUpSecondFactor {
    /// The password of today.
    #[validate(length(max = 1024))]
    pub password: String,
}

/// A second factor to put into an authenticator. Shown once, never replayed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorView {
    /// For typing, base32.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// For a QR code.
    #[schema(
        example = "otpauth://totp/ocop:lan%40example.vn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ocop&algorithm=SHA1&digits=6&period=30"
    )]
    pub otpauth_uri: String,
}

/// The six digits that an authenticator shows now.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ConfirmSecondFactor {
    /// Six digits.
    #[validate(length(min = 6, max = 6))]
    pub totp: String,
}

/// A new password by a one-time code.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResetPassword {
    /// As it was printed; case, spaces and dashes do not matter.
    #[validate(length(min = 20, max = 60))]
    pub code: String,
    /// At least 12 characters, not the e-mail.
    #[validate(length(min = 12, max = 200))]
    pub password: String,
}

/// Asking for a one-time code by e-mail.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AskForReset {
    /// The e-mail of the account.
    #[validate(email, length(max = 254))]
    pub email: String,
}

/// The first administrator, by the one-time code that the operator was given.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FirstAdministrator {
    /// From the file or the terminal.
    #[validate(length(min = 20, max = 60))]
    pub code: String,
    /// E-mail, the name for signing in.
    #[validate(email, length(max = 254))]
    pub email: String,
    /// Name of the person.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// At least 12 characters, not the e-mail.
    #[validate(length(min = 12, max = 200))]
    pub password: String,
}

/// A one-time code to hand over on paper.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResetCodeView {
    /// For whom.
    pub user: UserId,
    /// Shown once; a repeated call with the same Idempotency-Key answers without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "7K2QM-0XV4T-9ZRD1-WH3NB")]
    pub code: Option<String>,
    /// Until when it works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
}

/// An application for an account of a producer.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Register {
    /// E-mail, the name for signing in.
    #[validate(email, length(max = 254))]
    pub email: String,
    /// Telephone number.
    #[validate(length(min = 8, max = 30))]
    pub phone: String,
    /// Name of the person.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// At least 12 characters, not the e-mail.
    #[validate(length(min = 12, max = 200))]
    pub password: String,
    /// The commune whose officer decides.
    pub place: PlaceId,
    /// A producer of the register that the person speaks for; an officer confirms it.
    pub producer: Option<ProducerId>,
    /// Name of a new producer.
    #[validate(length(min = 1, max = 300))]
    pub producer_name: Option<String>,
    /// Type of a new producer: `cooperative`, `cooperativeGroup`, `company`, `enterprise`, `farm`,
    /// `householdBusiness`, `association` or `operatingCentre`.
    #[validate(length(min = 1, max = 40))]
    pub producer_kind: Option<String>,
    /// Tax code. This or the number of the business registration must be given.
    #[validate(length(min = 1, max = 20))]
    pub tax_code: Option<String>,
    /// Number of the business registration.
    #[validate(length(min = 1, max = 50))]
    pub registration_number: Option<String>,
}

/// What an applicant is told: nothing about who has an account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationReceipt {
    /// The name of the registration, to tell the officer.
    pub id: RegistrationId,
    /// What comes next.
    pub next: Label,
}

impl RegistrationReceipt {
    /// For a registration that arrived.
    pub fn of(id: RegistrationId) -> Self {
        let next = Label::new(
            "Cán bộ xã sẽ xem xét. Khi được duyệt, đăng nhập bằng e-mail và mật khẩu đã chọn; e-mail đã có tài khoản thì dùng mật khẩu của tài khoản đó.",
            "The commune's officer decides. Once approved, sign in with the e-mail and the password you chose; where the e-mail has an account, with that account's password.",
        );
        Self { id, next }
    }
}

/// A registration, as an officer sees it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationView {
    /// Identifier.
    pub id: RegistrationId,
    /// Where it stands.
    pub state: RegistrationState,
    /// Name of the person.
    pub name: String,
    /// E-mail; in the registration itself, not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone; in the registration itself, not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whether the e-mail has an account already, which would get the right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_account: Option<bool>,
    /// The producer that is claimed, or that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<ProducerId>,
    /// Name of a new producer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer_name: Option<String>,
    /// Type of a new producer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer_kind: Option<String>,
    /// Tax code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// Number of the business registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_number: Option<String>,
    /// The commune.
    pub place: PlaceId,
    /// Why it was refused, or a note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The account that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Moment>,
    /// When it arrived.
    pub created_at: Moment,
}

impl From<&Registration> for RegistrationView {
    fn from(row: &Registration) -> Self {
        Self {
            id: row.id,
            state: row.state,
            name: row.name.clone(),
            email: None,
            phone: None,
            has_account: None,
            producer: row.producer_id,
            producer_name: Some(row.producer_name.clone()).filter(|n| !n.is_empty()),
            producer_kind: row.producer_kind.clone(),
            tax_code: row.tax_code.clone(),
            registration_number: row.registration_number.clone(),
            place: row.place_id,
            reason: row.reason.clone(),
            user: row.user_id,
            decided_at: row.decided_at,
            created_at: row.created_at,
        }
    }
}

crate::words! {
    /// What an officer decides.
    pub enum Verdict {
        /// There is an account.
        Approve = "approve",
        /// There is none; a reason is needed.
        Refuse = "refuse",
    }
}

/// An officer's decision on a registration.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DecideRegistration {
    /// Approve or refuse.
    pub decision: Verdict,
    /// Needed for a refusal.
    #[validate(length(min = 1, max = 1000))]
    pub reason: Option<String>,
    /// The producer of the register that the officer found this to be.
    pub producer: Option<ProducerId>,
}

/// A new account; its password is set by a reset code.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AddUser {
    /// E-mail, the name for signing in.
    #[validate(email, length(max = 254))]
    pub email: String,
    /// Name of the person.
    #[validate(length(min = 1, max = 200))]
    pub name: String,
    /// Telephone number.
    #[validate(length(min = 8, max = 30))]
    pub phone: Option<String>,
}

/// A dated right to give.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GiveGrant {
    /// What it allows to be.
    pub role: Role,
    /// The office; needed for communes, districts and provinces.
    pub place: Option<PlaceId>,
    /// The producer; needed for producers and consultants.
    pub producer: Option<ProducerId>,
    /// The organisation.
    pub organisation: Option<OrganisationId>,
    /// First day; today when not said.
    pub valid_from: Option<NaiveDate>,
    /// Last day; open when not said.
    pub valid_to: Option<NaiveDate>,
    /// The decision or reason it rests on.
    #[validate(length(min = 1, max = 500))]
    pub basis: String,
}

/// Why an account is closed.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DisableUser {
    /// The reason, for the audit.
    #[validate(length(min = 1, max = 500))]
    pub reason: String,
}

/// An account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// Identifier.
    pub id: UserId,
    /// E-mail.
    pub email: String,
    /// Name.
    pub name: String,
    /// Whether a password has been set.
    pub has_password: bool,
    /// Whether a second factor has been set up.
    pub second_factor: bool,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
}

impl From<&User> for UserView {
    fn from(row: &User) -> Self {
        Self {
            id: row.id,
            email: row.email.clone(),
            name: row.name.clone(),
            has_password: row.password_hash.is_some(),
            second_factor: row.totp_confirmed,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        }
    }
}

/// An account with every right it has, had and will have.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserDetail {
    /// The account.
    #[serde(flatten)]
    pub user: UserView,
    /// Its rights, by first day.
    pub grants: Vec<DatedGrant>,
}

/// A dated right.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatedGrant {
    /// Identifier.
    pub id: GrantId,
    /// The right.
    #[serde(flatten)]
    pub right: GrantView,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// What it rests on.
    pub basis: String,
    /// When it was taken away before its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// Whether it holds today.
    pub holds: bool,
}

impl From<&GrantRow> for GrantView {
    fn from(row: &GrantRow) -> Self {
        Self { role: row.role, place: row.place_id, producer: row.producer_id, organisation: row.organisation_id }
    }
}

impl DatedGrant {
    /// A right, seen on a day.
    pub fn on(row: &GrantRow, today: NaiveDate) -> Self {
        let within = row.valid_from <= today && row.valid_to.is_none_or(|to| today <= to);
        Self {
            id: row.id,
            right: row.into(),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            basis: row.basis.clone(),
            ended_at: row.ended_at,
            holds: within && row.ended_at.is_none(),
        }
    }
}

/// A row of the audit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// Identifier.
    pub id: AuditId,
    /// Its place in the order.
    pub position: i64,
    /// The moment of the deed.
    pub at: Moment,
    /// `user`, `system:name` or `anonymous`.
    pub actor: String,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_user: Option<UserId>,
    /// `noun.past`.
    #[schema(example = "registration.approved")]
    pub deed: String,
    /// What kind of thing it was done to.
    pub subject_kind: String,
    /// Which one.
    pub subject: RowId,
    /// What changed; the word `private` in place of personal data.
    pub details: Doc,
    /// The request.
    pub trace: String,
}

impl From<AuditRow> for AuditView {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id,
            position: row.position.unwrap_or_default(),
            at: row.at,
            actor: row.actor,
            actor_user: row.actor_user,
            deed: row.deed,
            subject_kind: row.subject_kind,
            subject: row.subject_id,
            details: row.details,
            trace: row.trace,
        }
    }
}

/// The newest block of the audit: who keeps it can prove later that nothing before it was changed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditHead {
    /// Number of the block; 0 while nothing has been sealed.
    pub number: i64,
    /// Position of its last row.
    pub last_position: i64,
    /// Its hash; 64 zeros while nothing has been sealed.
    pub hash: String,
    /// Ed25519 signature of the hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The key that signed (`kid` in the key set).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<RowId>,
    /// When it was sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_at: Option<Moment>,
}

impl From<Option<Block>> for AuditHead {
    fn from(block: Option<Block>) -> Self {
        match block {
            Some(b) => Self {
                number: b.number,
                last_position: b.last_position,
                hash: b.hash,
                signature: Some(b.signature),
                key: Some(b.key_id),
                sealed_at: Some(b.sealed_at),
            },
            None => {
                Self { number: 0, last_position: 0, hash: "0".repeat(64), signature: None, key: None, sealed_at: None }
            }
        }
    }
}

/// Long work and how far it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// Identifier.
    pub id: JobId,
    /// What kind of work.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// Progress; it never falls.
    #[schema(example = 40)]
    pub percent: i32,
    /// Items there are; 0 while unknown.
    pub total: i64,
    /// Items that are done.
    pub done: i64,
    /// What came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Doc>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Moment,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Moment>,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            percent: job.percent(),
            id: job.id,
            kind: job.kind,
            state: job.state,
            total: job.total,
            done: job.done,
            result: job.result,
            error: job.error,
            created_at: job.created_at,
            finished_at: job.finished_at,
        }
    }
}
